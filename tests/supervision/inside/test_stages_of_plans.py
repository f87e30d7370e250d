"""Stages of plans: a gate opens fact by fact, in order, and stays shut with its reasons until then."""

import datetime as dt
from typing import Any

import pytest

from luoshi.core.problem import Problem
from luoshi.office import door, register
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.journal.models import Entry
from luoshi.office.notices.models import PublicNotice
from luoshi.office.plans.models import Stage, Task
from luoshi.supervision import actions, gates
from luoshi.supervision.models import StageFact, StagePass
from luoshi.supervision.queries import stages
from tests.supervision import small_county
from tests.supervision.inside.test_pages_inside import sent
from tests.supervision.small_county import Small
from tests.supervision.test_actions import code, upload
from tests.supervision.test_pages import as_of, browser, html_of, request_id  # noqa: F401 - a fixture among them

OFFICE = "lead-office.leading_office"
DECEMBER = dt.datetime(2023, 12, 15, 9, 0, tzinfo=COUNTY_ZONE)
LAST = DECEMBER.date()


def made(small: Small) -> dict[str, Stage]:
    data = register.plan("foodsafety")
    with door.opened("fixture"):
        for item in data.stages:
            Stage.objects.create(
                county=small.county, plan=small.plan, code=item.code, order=item.order, name_zh=item.heading.zh,
                name_en=item.heading.en, from_on=item.from_on, until_on=item.until_on, clause_ids=list(item.clauses),
                gate={"conditions": [g.as_json() for g in item.gates], "line": item.line},
            )  # fmt: skip
    return {s.code: s for s in Stage.objects.filter(plan=small.plan)}


def state(small: Small, stage: Stage, fact: str, day: dt.date, seat: str = OFFICE, **more: Any) -> Any:
    call = small.call(seat, now=DECEMBER)
    given = {"files": [upload(small, seat)], "text": "见附件材料", **more}
    return actions.state_fact(call, stage_id=stage.pk, fact=fact, stood_on=day, **given)


def passed(small: Small, stage: Stage) -> Any:
    return actions.pass_stage(small.call(OFFICE, now=DECEMBER), stage_id=stage.pk)


def through(small: Small, rows: dict[str, Stage], *codes: str) -> None:
    """Mark stages as passed on a day of November."""
    with door.opened("fixture"):
        for one in codes:
            StagePass.objects.create(county=small.county, stage=rows[one], passed_on=dt.date(2023, 11, 30))


def codes_of(answer: Any) -> list[str]:
    return [reason.clauses[0] for reason in answer.outcome.reasons]


def test_submission_waits_for_publication_and_the_stage_for_both(small: Small) -> None:
    rows = made(small)
    third = rows["food-stage-3"]
    shut = passed(small, third)
    assert shut.outcome.verdict == "needs"
    assert codes_of(shut) == ["FOOD-4.2", "FOOD-4.3a", "FOOD-4.3e", "FOOD-4.3b", "FOOD-4.3c"]
    through(small, rows, "food-stage-1", "food-stage-2")
    for fact, day in (("self-checked", 4), ("rectified", 8), ("submitted", 9)):
        assert state(small, third, fact, dt.date(2023, 12, day)).outcome
    assert codes_of(passed(small, third)) == ["FOOD-4.3b"]
    with door.opened("fixture"):
        notice = PublicNotice.objects.create(
            county=small.county, unit=small.units["office"], subject_kind="stage", subject_id="3", title_zh="自查公示",
            clause_id="FOOD-4.3b",
        )  # fmt: skip
    assert codes_of(passed(small, third)) == ["FOOD-4.3b"]  # a draft is no publication
    with door.opened("fixture"):
        PublicNotice.objects.filter(pk=notice.pk).update(
            state="posted", from_on=dt.date(2023, 12, 11), until_on=dt.date(2023, 12, 18)
        )
    early = passed(small, third)
    assert early.outcome.reasons[0].code == "fact_out_of_order" and codes_of(early) == ["FOOD-4.3c"]
    back = small.call(OFFICE, now=DECEMBER)
    assert actions.take_back_fact(back, stage_id=third.pk, fact="submitted", reason="日期登记有误").outcome
    assert state(small, third, "submitted", dt.date(2023, 12, 12)).outcome
    assert passed(small, third).outcome
    kept = StagePass.objects.get(stage=third)
    assert [f["fact"] for f in kept.facts] == ["stage-2", "self-checked", "rectified", "published", "submitted"]
    entry = Entry.objects.filter(action="stage.pass", outcome="granted").get()
    assert "FOOD-4.3b" in entry.content and "2023-12-12" in entry.content


def test_tasks_of_the_plan_stand_for_a_fact_once_they_are_done(small: Small) -> None:
    rows = made(small)
    task = small.task(clause_ids=["FOOD-3.1.2-1", "FOOD-3.1.2-1a"])
    first = rows["food-stage-1"]
    assert "plan-made" not in stages.stood(first)
    known = state(small, first, "plan-made", LAST)
    assert code(known) == "known_by_the_house"
    with door.opened("fixture"):
        Task.objects.filter(pk=task.pk).update(state="done", done_on=dt.date(2023, 4, 28))
    assert stages.stood(first)["plan-made"].on == dt.date(2023, 4, 28)


def test_who_states_and_passes_and_what_is_no_statement(small: Small) -> None:
    rows = made(small)
    first = rows["food-stage-1"]
    for seat, expected in (
        ("market.officer", "role_may_not"), ("office.supervisor", "role_may_not"),
        ("other-lead.leading_office", "outside_scope"),
    ):  # fmt: skip
        assert code(state(small, first, "mobilised", LAST, seat)) == expected
        call = small.call(seat, now=DECEMBER)
        assert code(actions.pass_stage(call, stage_id=first.pk)) == expected
    assert code(state(small, first, "mobilised", LAST + dt.timedelta(days=1))) == "day_to_come"
    with pytest.raises(Problem):
        state(small, first, "mobilised", LAST, files=[])
    with pytest.raises(Problem):
        state(small, first, "invented", LAST)
    assert state(small, first, "mobilised", LAST).outcome
    assert code(state(small, first, "mobilised", LAST)) == "stated_already"
    other = small_county.make("elsewhere")
    with pytest.raises(Problem):
        actions.pass_stage(other.call(OFFICE, now=DECEMBER), stage_id=first.pk)
    early = actions.pass_stage(small.call(OFFICE), stage_id=rows["food-stage-3"].pk)
    assert code(early) == "not_begun"


def test_a_passed_stage_is_opened_again_only_while_no_later_one_rests_on_it(small: Small) -> None:
    rows = made(small)
    through(small, rows, "food-stage-1", "food-stage-2")
    call = small.call(OFFICE, now=DECEMBER)
    assert code(actions.reopen_stage(call, stage_id=rows["food-stage-1"].pk, reason="补充材料")) == "later_stage_passed"
    for one in ("food-stage-2", "food-stage-1"):
        call = small.call(OFFICE, now=DECEMBER)
        assert actions.reopen_stage(call, stage_id=rows[one].pk, reason="补充材料").outcome
    assert not StagePass.objects.exists()
    call = small.call(OFFICE, now=DECEMBER)
    assert code(actions.reopen_stage(call, stage_id=rows["food-stage-1"].pk, reason="补充材料")) == "not_passed"


def test_every_packaged_gate_is_of_a_packaged_stage_and_rests_on_clauses_of_the_registers() -> None:
    known = {s.code for subject in register.SUBJECTS for s in register.plan(subject).stages}
    for stage, facts in stages.packaged().items():
        assert stage in known
        for fact in facts:
            assert register.clause(fact.clause)
            if fact.source == "stage":
                assert fact.of in known
            if fact.source in ("tasks", "notice"):
                assert register.clause(fact.of)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            [{"code": "a", "stated": True, "tasks": "FOOD-1", "clause": "FOOD-1", "words": {"zh": "甲", "en": "a"}}],
            "来源",
        ),
        ([{"code": "a", "stated": True, "after": "b", "clause": "FOOD-1", "words": {"zh": "甲", "en": "a"}}], "没有b"),
        ([{"code": "a", "stated": True, "clause": "FOOD-1", "words": {"zh": "甲", "en": "a"}}] * 2, "重复"),
    ],
)
def test_a_gate_that_makes_no_sense_is_refused_when_read(facts: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(Problem, match=said):
        gates.read([{"stage": "x", "facts": facts}])


def test_the_page_shows_each_stage_and_states_a_fact_with_its_evidence(small: Small) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.supervision.test_actions import picture

    rows = made(small)
    office, officer = browser(small, OFFICE), browser(small, "market.officer")
    assert "/plans/food/stages" in html_of(officer, "/plans/stages")
    page = html_of(officer, "/plans/food/stages")
    for words in ("动员部署阶段", "自治区验收阶段", "尚缺", "方案写明的条件", "自查整改完成并提交初评申请"):
        assert words in page
    assert "登记事实" not in page
    url = f"/stages/{rows['food-stage-1'].pk}/state"
    assert officer.get(url).status_code == 403
    given = {"fact": "mobilised", "stood_on": "2023-04-20", "text": "召开动员大会"}
    bare = office.post(url, {"request_id": request_id(html_of(office, url)), **given})
    assert bare.status_code == 422 and "召开动员大会" in bare.content.decode()
    file = SimpleUploadedFile("会议.jpg", picture(), "image/jpeg")
    assert sent(office, url, files=file, **given) == 303
    page = html_of(officer, "/plans/food/stages")
    assert "召开动员大会" in page and "会议.jpg" in page
    shut = office.get(f"/stages/{rows['food-stage-1'].pk}/pass").content.decode()
    assert "尚缺：创建方案已制定并组织实施" in shut and "创建任务已细化分解" in shut
    assert sent(office, f"/stages/{rows['food-stage-1'].pk}/take_back", fact="mobilised", reason="传错了文件") == 303
    assert not StageFact.objects.exists()
    assert html_of(office, "/plans/stages", 200) and office.get("/plans/none/stages").status_code == 404
