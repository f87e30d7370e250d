"""Checks through the one door: limits, approval, self-correction, findings, conclusion, objections."""

import datetime as dt
from typing import Any

import pytest

from luoshi.core.calendar import default_calendar
from luoshi.office.duties.models import Duty
from luoshi.office.notices.models import OutboxMessage
from luoshi.office.papers.model import texts
from luoshi.supervision.load import actions, counted, papers
from luoshi.supervision.load.models import Check, CheckedUnit, Finding, OfficePaper
from tests.supervision.small_county import NOW, TODAY, Small, make
from tests.supervision.test_actions import code

CALENDAR = default_calendar()
OFFICE, HEAD, UNIT = "office.supervisor", "office.county_head", "market.officer"
FIRST, LAST = dt.date(2023, 7, 12), dt.date(2023, 7, 13)


def day(n: int) -> dt.datetime:
    return dt.datetime.combine(dt.date(2023, 7, n), dt.time(10), NOW.tzinfo)


def plan(small: Small, units: Any = ("market",), first: dt.date = FIRST, last: dt.date = LAST, **more: Any) -> Any:
    seat, now = more.pop("seat", OFFICE), more.pop("now", NOW)
    given = {
        "title": "农村食品安全专项督查",
        "content": "台账和留样",
        "scope": "本单位及所属站所",
        "basis": "县政府督查计划第3项",
    }
    return actions.plan(
        small.call(seat, now=now), units=[small.units[u].pk for u in units], visit_from=first, visit_to=last,
        **{**given, **more},
    )  # fmt: skip


def approved(small: Small, **more: Any) -> int:
    check = plan(small, **more).values["check"]
    assert actions.approve(small.call(HEAD, now=more.get("now", NOW)), check_id=check).outcome
    return int(check)


def test_a_check_counts_on_each_day_of_its_visit(small: Small) -> None:
    check = approved(small)
    rows = [a for a in counted.asked(small.county.pk, TODAY, LAST) if a.kind == "check"]
    assert [(a.on, a.minutes, a.ref) for a in rows] == [(FIRST, 180, ("check", check)), (LAST, 180, ("check", check))]


def test_a_check_is_approved_by_another_and_told_on_paper(small: Small) -> None:
    mine = plan(small, seat=HEAD).values["check"]
    assert code(actions.approve(small.call(HEAD), check_id=mine)) == "own_check"
    check = plan(small, units=("health",)).values["check"]
    assert code(actions.approve(small.call(OFFICE), check_id=check)) == "role_may_not"
    duty = Duty.objects.get(subject_kind="check", subject_id=str(check))
    assert (duty.unit.code, duty.due_on, duty.state) == ("office", dt.date(2023, 7, 4), "open")
    assert actions.approve(small.call(HEAD), check_id=check).outcome
    duty.refresh_from_db()
    assert duty.state == "closed"
    row = Check.objects.get(pk=check)
    assert row.mend_by == CALENDAR.add_working_days(TODAY, 5)
    paper = OfficePaper.objects.get(kind="check_notice")
    said = "".join(texts(papers.model_of(paper)))
    for part in (
        "health单位",
        "台账和留样",
        "县政府督查计划第3项",
        "7月12日至2023年7月13日",
        "2023年7月10日前自查自纠",
    ):
        assert part in said, part
    assert OutboxMessage.objects.filter(kind="check_notice", unit=small.units["health"]).count() == 1


def test_a_second_check_within_the_limit_needs_a_lawful_ground(small: Small) -> None:
    approved(small)
    later = {"first": dt.date(2023, 8, 16), "last": dt.date(2023, 8, 16)}
    assert code(plan(small, **later)) == "checked_recently"
    with pytest.raises(Exception, match="须写明具体情况"):
        plan(small, **later, ground="clue")
    assert plan(small, **later, ground="clue", ground_text="12345第7号线索").outcome
    assert plan(small, units=("health",), **later).outcome
    assert plan(small, first=dt.date(2023, 11, 15), last=dt.date(2023, 11, 15)).outcome


def test_a_cancelled_check_stands_in_nobodys_way(small: Small) -> None:
    check = approved(small)
    assert actions.cancel(small.call(OFFICE), check_id=check, reason="与上级检查重复").outcome
    assert plan(small, first=dt.date(2023, 7, 19), last=dt.date(2023, 7, 19)).outcome
    assert OutboxMessage.objects.filter(kind="check_cancelled").count() == 1
    assert code(actions.approve(small.call(HEAD), check_id=check)) == "check_state"


def test_a_visit_that_passes_the_cap_is_refused(small: Small) -> None:
    assert code(plan(small, first=dt.date(2023, 7, 12), last=dt.date(2023, 7, 14))) == "load_cap"
    ground = {"ground": "emergency", "ground_text": "县应急指挥部1号令"}
    assert plan(small, first=dt.date(2023, 7, 12), last=dt.date(2023, 7, 14), **ground).outcome


def test_approved_too_late_it_leaves_no_time_to_mend(small: Small) -> None:
    check = plan(small).values["check"]
    assert code(actions.approve(small.call(HEAD, now=day(5)), check_id=check)) == "no_time_to_mend"


def test_a_unit_corrects_itself_before_the_visit_and_not_after_it_began(small: Small) -> None:
    checked = CheckedUnit.objects.get(check_of_id=approved(small))
    assert actions.self_correct(small.call(UNIT, now=day(10)), checked_id=checked.pk, text="已补齐台账").outcome
    assert (
        code(actions.self_correct(small.call("health.officer"), checked_id=checked.pk, text="试试")) == "outside_scope"
    )
    late = actions.self_correct(small.call(UNIT, now=day(12)), checked_id=checked.pk, text="再补")
    assert code(late) == "visit_began"


def find(small: Small, checked: CheckedUnit, n: int = 12, **more: Any) -> Any:
    given = {
        "text": "留样记录不全",
        "clause_id": "FOOD-2d",
        "evidence": "6月留样台账第4页",
        "mend_by": dt.date(2023, 7, 28),
    }
    return actions.find(small.call(OFFICE, now=day(n)), checked_id=checked.pk, **{**given, **more})


def test_a_finding_has_clause_evidence_and_a_day_and_becomes_a_duty(small: Small) -> None:
    checked = CheckedUnit.objects.get(check_of_id=approved(small))
    assert code(find(small, checked, 11)) == "visit_not_begun"
    with pytest.raises(Exception, match="整改期限应晚于今天"):
        find(small, checked, mend_by=dt.date(2023, 7, 12))
    made = find(small, checked)
    assert made.outcome
    duty = Duty.objects.get(subject_kind="finding")
    assert (duty.unit_id, duty.due_on, duty.state) == (checked.unit_id, dt.date(2023, 7, 28), "open")
    mended = actions.mend(small.call(UNIT, now=day(20)), finding_id=made.values["finding"], text="已补录")
    assert mended.outcome and Finding.objects.get().mended_on == dt.date(2023, 7, 20)
    assert Duty.objects.get(subject_kind="finding").state == "closed"
    assert (
        code(actions.mend(small.call(UNIT, now=day(20)), finding_id=made.values["finding"], text="又补录")) == "mended"
    )


def test_the_conclusion_tells_each_unit_its_own_findings_only(small: Small) -> None:
    check = approved(small, units=("market", "health"))
    rows = {c.unit.code: c for c in CheckedUnit.objects.filter(check_of_id=check).select_related("unit")}
    find(small, rows["market"])
    assert code(actions.conclude(small.call(OFFICE, now=day(12)), check_id=check, text="总体良好")) == "visit_not_over"
    assert actions.conclude(small.call(OFFICE, now=day(13)), check_id=check, text="总体良好").outcome
    said = {
        p.unit.code: "".join(texts(papers.model_of(p)))
        for p in OfficePaper.objects.filter(kind="check_conclusion").select_related("unit")
    }
    assert "留样记录不全" in said["market"] and "FOOD-2d" in said["market"] and "6月留样台账第4页" in said["market"]
    assert "留样记录不全" not in said["health"] and "未发现问题" in said["health"] and "总体良好" in said["health"]
    assert code(find(small, rows["health"], 14)) == "check_state"


def test_a_visit_that_began_ends_with_a_conclusion(small: Small) -> None:
    check = approved(small)
    assert code(actions.cancel(small.call(OFFICE, now=day(12)), check_id=check, reason="不查了")) == "visit_began"


def test_a_unit_objects_and_is_replied_to(small: Small) -> None:
    checked = CheckedUnit.objects.get(check_of_id=approved(small))
    assert code(actions.reply(small.call(OFFICE), checked_id=checked.pk, text="没有可答的")) == "no_objection"
    assert actions.object_to(small.call(UNIT), checked_id=checked.pk, text="上月刚查过").outcome
    assert code(actions.object_to(small.call(UNIT), checked_id=checked.pk, text="再说")) == "objection_waits"
    assert actions.reply(small.call(OFFICE), checked_id=checked.pk, text="上月为外单位检查").outcome
    assert actions.object_to(small.call(UNIT), checked_id=checked.pk, text="对结论有异议").outcome


def test_another_county_checks_nobody_here(small: Small) -> None:
    other = make("other")
    check = approved(small)
    with pytest.raises(Exception, match="没有这个检查"):
        actions.approve(other.call(HEAD), check_id=check)
