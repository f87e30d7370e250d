"""A new version: its impact before it takes effect, one batch, history kept, taken back to the last column."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from tests.gazette.desk.conftest import MARKET, NOW, TEXT, Desk

from luoshi.core.problem import Problem
from luoshi.gazette import impact, versions
from luoshi.gazette.actions import versions as acts
from luoshi.gazette.models import Proposal, VersionChange
from luoshi.office.duties.models import Duty
from luoshi.office.plans import as_of
from luoshi.office.plans.models import Document, Task
from luoshi.supervision.models import Assignment

LATER = NOW + dt.timedelta(days=30)
ADDED = "（四）设置公平秤。在集市入口设置公平秤2台。\n责任单位：县商务局\n完成时限：2023年7月底前\n"
NEW = (
    TEXT[
        TEXT.index("柳汀县人民政府办公室\n关于印发《柳汀县农产品集市") : TEXT.index(
            "《柳汀县农产品集市提升方案》政策解读"
        )
    ]
    .replace("责任单位：各镇\n", "责任单位：各镇、县商务局\n")  # units
    .replace("2023年8月31日前", "2023年9月15日前")  # deadline
    .replace("硬化地面全部完成", "硬化地面全部完成，增设照明")  # text only
    .replace(
        "二、保障措施\n（一）每月报送进展。\n责任单位：县商务局\n完成时限：每月28日前\n", ADDED
    )  # removed and added
)
TABLES = (
    "plans.Document", "plans.Clause", "plans.Plan", "plans.Task", "plans.TaskUnit", "plans.Target", "duties.Duty",
    "supervision.Assignment", "supervision.Report", "supervision.LedgerLine", "gazette.TaskWords", "gazette.IssueItem",
)  # fmt: skip


def every_row() -> dict[str, list[dict[str, Any]]]:
    rows = {name: list(apps.get_model(name).objects.order_by("pk").values()) for name in TABLES}
    tally = (
        apps.get_model("supervision.Tally")
        .objects.filter(lines__gt=0)
        .values("scope", "scope_id", "plan_id", "state", "due_on", "lines")
    )
    return {**rows, "tally": sorted(tally, key=str)}


@pytest.fixture
def proposal(desk: Desk) -> Proposal:
    desk.confirmed()
    return desk.receive(NEW, replaces=desk.document().pk)


def apply(desk: Desk, proposal: Proposal, **more: Any) -> Any:
    return acts.apply_version(desk.call(now=LATER), proposal=proposal.pk, **more)


def test_the_impact_is_told_before_and_writes_nothing(desk: Desk, proposal: Proposal) -> None:
    before = every_row()
    told = versions.listed(versions.work_out(proposal))
    assert every_row() == before
    assert {c["heading"]: (c["what"], c["renews"]) for c in told["changed"]} == {
        "改造集市设施": (["text"], False),
        "规范摊位管理": (["units", "text"], True),
        "保障用水": (["deadline", "text"], True),
    }
    assert [r["heading"] for r in told["removed"]] == ["每月报送进展"]
    assert [a["heading"] for a in told["added"]] == ["设置公平秤"]
    assert told["touched"] == {"assignments": 5, "duties": 5, "reports": 0}


def test_applied_the_old_tasks_end_and_the_new_ones_begin(desk: Desk, proposal: Proposal) -> None:
    kept = desk.tasks()[0]
    result = apply(desk, proposal)
    assert result.outcome, result.outcome
    old, new = Document.objects.filter(county=desk.county, title_zh__contains=MARKET).order_by("version")
    assert (old.replaced_on, new.version, new.replaces_id, new.in_force_from) == (LATER.date(), 2, old.pk, LATER.date())
    now = {t.heading_zh: t for t in desk.tasks()}
    assert sorted(now) == ["保障用水", "改造集市设施", "规范摊位管理", "设置公平秤"]
    assert now["改造集市设施"].pk == kept.pk, "work on a task whose words alone changed goes on"
    assert "增设照明" in new.text[now["改造集市设施"].span_from : now["改造集市设施"].span_to]
    assert str(now["保障用水"].due_on) == "2023-09-15"
    ended = Task.objects.filter(county=desk.county, replaced_on=LATER.date())
    assert {t.state for t in ended} == {"cancelled"} and ended.count() == 3
    assert set(Duty.objects.filter(task__in=ended).values_list("state", flat=True)) == {"cancelled"}
    units = set(Assignment.objects.filter(task=now["规范摊位管理"]).values_list("unit__code", flat=True))
    assert units == {"town-qinghe", "town-shiqiao", "commerce"}


def test_taken_back_every_row_is_as_it_was(desk: Desk, proposal: Proposal) -> None:
    before = every_row()
    result = apply(desk, proposal)
    assert every_row() != before
    assert acts.undo_version(desk.call(now=LATER), change=result.values["change"]).outcome
    assert every_row() == before
    proposal.refresh_from_db()
    assert (proposal.state, proposal.confirmed_on) == ("open", None)
    assert VersionChange.objects.get().undone_on == LATER.date(), "that it happened stays on record"


def test_a_version_can_take_effect_be_taken_back_and_take_effect_again(desk: Desk, proposal: Proposal) -> None:
    acts.undo_version(desk.call(now=LATER), change=apply(desk, proposal).values["change"])
    assert apply(desk, proposal).outcome
    assert desk.document().version == 2


def test_a_version_that_units_work_on_is_not_taken_back(desk: Desk, proposal: Proposal) -> None:
    from luoshi.office import door

    change = apply(desk, proposal).values["change"]
    with door.opened("fixture"):
        share = Assignment.objects.filter(task__in=desk.tasks(), task__in_force_from=LATER.date()).first()
        Assignment.objects.filter(pk=share.pk).update(state="accepted")
    held = every_row()
    result = acts.undo_version(desk.call(now=LATER), change=change)
    assert result.outcome.reasons[0].code == "worked_on"
    assert every_row() == held


def test_pages_read_the_plan_as_of_a_day(desk: Desk, proposal: Proposal) -> None:
    apply(desk, proposal)
    mine = Task.objects.filter(county=desk.county, plan__name_zh__contains=MARKET)
    eve, day = LATER.date() - dt.timedelta(days=1), LATER.date()
    assert sorted(as_of.tasks(mine, eve).values_list("heading_zh", flat=True)) == [
        "保障用水",
        "改造集市设施",
        "每月报送进展",
        "规范摊位管理",
    ]
    assert sorted(as_of.tasks(mine, day).values_list("heading_zh", flat=True)) == [
        "保障用水",
        "改造集市设施",
        "规范摊位管理",
        "设置公平秤",
    ]
    papers = Document.objects.filter(county=desk.county, title_zh__contains=MARKET)
    assert [d.version for d in as_of.documents(papers, eve)] == [1]
    assert [d.version for d in as_of.documents(papers, day)] == [2]
    assert not as_of.documents(papers, dt.date(2023, 3, 1)).exists()


def test_only_the_version_in_force_is_replaced(desk: Desk, proposal: Proposal) -> None:
    old = desk.document()
    apply(desk, proposal)
    stale = desk.receive(NEW.replace("95%", "97%"), replaces=old.pk)
    assert apply(desk, stale).outcome.reasons[0].code == "not_the_newest"
    plain = desk.receive(NEW.replace("95%", "98%"))
    assert apply(desk, plain).outcome.reasons[0].code == "replaces_nothing"


def test_an_earlier_change_waits_for_the_later_one(desk: Desk, proposal: Proposal) -> None:
    first = apply(desk, proposal).values["change"]
    second = desk.receive(NEW.replace("95%", "97%"), replaces=desk.document().pk)
    assert apply(desk, second).outcome
    assert acts.undo_version(desk.call(now=LATER), change=first).outcome.reasons[0].code == "a_newer_version_stands"


def test_a_document_with_another_title_replaces_nothing(desk: Desk) -> None:
    desk.confirmed()
    other = desk.receive(
        "关于印发《柳汀县防汛预案》的通知\n\n一、准备\n（一）备沙袋。\n责任单位：县水利局\n",
        replaces=desk.document().pk,
    )
    with pytest.raises(Problem) as told:
        apply(desk, other)
    assert told.value.place == "replaces"


def test_unresolved_names_hold_the_whole_version_back(desk: Desk) -> None:
    desk.confirmed()
    before = every_row()
    odd = desk.receive(NEW.replace("各镇、县商务局", "县市容站"), replaces=desk.document().pk)
    assert apply(desk, odd).outcome.reasons[0].code == "names_unresolved"
    assert every_row() == before


@pytest.mark.parametrize("who", ["officer", "supervisor", "auditor"])
def test_only_editors_change_versions(desk: Desk, proposal: Proposal, who: str) -> None:
    refused = acts.apply_version(desk.call(who, LATER), proposal=proposal.pk)
    assert refused.outcome.reasons[0].code == "role_may_not"
    change = apply(desk, proposal).values["change"]
    assert acts.undo_version(desk.call(who, LATER), change=change).outcome.reasons[0].code == "role_may_not"


def side(key: int, text: str, units: str = "a", due: str = "x", number: str = "1") -> impact.Side:
    return impact.Side(key, (number,), frozenset(("lead", u) for u in units.split()), (due,), text)


def test_each_task_is_in_exactly_one_place_of_the_comparison() -> None:
    old = [side(1, "甲乙丙丁戊己"), side(2, "子丑寅卯辰巳", "b"), side(3, "天地玄黄宇宙")]
    new = [side(10, "甲乙丙丁戊己", "c"), side(11, "子丑寅卯辰午", "b"), side(12, "赤橙黄绿青蓝")]
    told = impact.compare(old, new)
    assert [(p.old.key, p.new.key, p.what) for p in told.changed] == [(1, 10, ("units",)), (2, 11, ("text",))]
    assert ([s.key for s in told.added], [s.key for s in told.removed]) == ([12], [3])


def test_a_day_extended_since_is_no_change_of_the_text(desk: Desk) -> None:
    from luoshi.office import door

    desk.confirmed()
    water = desk.tasks()[2]
    with door.opened("fixture"):
        Task.objects.filter(pk=water.pk).update(due_on=dt.date(2023, 10, 8))
    proposal = desk.receive(NEW.replace("2023年9月15日前", "2023年8月31日前"), replaces=desk.document().pk)
    told = versions.listed(versions.work_out(proposal))
    assert "保障用水" not in {c["heading"] for c in told["changed"]}
