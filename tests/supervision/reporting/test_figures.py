"""The figures of the providers equal what one counts by hand from the records; sentences follow from facts alone."""

import datetime as dt
import random
from decimal import Decimal

import pytest
from django.urls import resolve

from luoshi.core.outcome import Granted
from luoshi.core.words import Words
from luoshi.office import door
from luoshi.office.actions import COUNTY_ZONE, Call
from luoshi.office.duties.models import Duty
from luoshi.office.indicators import registry
from luoshi.office.indicators.registry import Asked, Figure, Unknown
from luoshi.office.plans.models import Target
from luoshi.supervision.actions import accept, report_done, report_progress, review_approve, review_return, start
from luoshi.supervision.models import Assignment, Report
from luoshi.supervision.reporting import sentences
from luoshi.supervision.reporting.facts import Share, meets
from tests.supervision.reporting.conftest import Desk

FROM, TO = dt.date(2023, 5, 20), dt.date(2023, 6, 20)


def live(desk: Desk, seed: int) -> None:
    """Let the towns work on their tasks for six weeks, by real actions, as a seed decides."""
    chance, small = random.Random(seed), desk.small
    for n in range(6):
        due = dt.date(2023, 5, 25) + dt.timedelta(days=5 * n)
        small.task("joint", (("towns", "responsible"),), plan=desk.plan, due_on=due, today=dt.date(2023, 5, 1))
    for n in range(0, 45, 2):
        day = dt.datetime(2023, 5, 5, 10, tzinfo=COUNTY_ZONE) + dt.timedelta(days=n)
        for share in Assignment.objects.filter(task__plan=desk.plan).order_by("pk"):
            town = "town-a" if share.unit == small.units["town-a"] else "town-b"
            call = small.call(f"{town}.town_clerk", now=day)
            acts = {"assigned": accept, "accepted": start, "in_progress": report_progress, "returned": report_done}
            if share.state == "reported":
                review(desk, share, day, chance)
            elif share.state in acts and chance.random() < 0.5:
                act, given = acts[share.state], {}
                if act is report_progress and chance.random() < 0.5:
                    act = report_done
                if act in (report_progress, report_done):
                    given["text"] = f"进展{n}"
                if act is report_progress:
                    given["percent"] = chance.randrange(100)
                assert isinstance(act(call, assignment_id=share.pk, **given).outcome, Granted)


def review(desk: Desk, share: Assignment, day: dt.datetime, chance: random.Random) -> None:
    report = Report.objects.get(assignment=share, kind="done", decision="")
    call: Call = desk.small.call("office.supervisor", now=day)
    if chance.random() < 0.7:
        assert review_approve(call, report_id=report.pk).outcome
    else:
        assert review_return(call, report_id=report.pk, reason="请补充").outcome


def asked_of(desk: Desk, unit: str, now: dt.datetime) -> Asked:
    return Asked(desk.small.county.pk, desk.small.units[unit].pk, FROM, TO, now, desk.plan.pk)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_counts_equal_a_count_by_hand(desk: Desk, seed: int):
    live(desk, seed)
    now = dt.datetime(2023, 6, 21, 9, tzinfo=COUNTY_ZONE)
    for unit in ("town-a", "town-b"):
        mine = [a for a in Assignment.objects.all() if a.unit == desk.small.units[unit] and a.task.plan == desk.plan]
        made = [r for a in mine for r in a.reports.all()]
        duties = [
            d for d in Duty.objects.filter(subject_kind="assignment")
            if d.unit == desk.small.units[unit] and d.due_on and FROM <= d.due_on <= TO and d.state != "cancelled"
        ]  # fmt: skip
        done = [a for a in mine if a.state in ("done", "closed")]
        by_hand = {
            "unit.tasks": len(mine),
            "unit.tasks_done": len(done),
            "unit.tasks_overdue": len([a for a in mine if a not in done and a.duty.due_on < now.date()]),
            "unit.duties_due": len(duties),
            "unit.duties_on_time": len([d for d in duties if d.closed_on and d.closed_on <= d.due_on]),
            "unit.reports": len([r for r in made if FROM <= r.reported_on <= TO]),
            "unit.reports_returned": len([r for r in made if r.reported_on >= FROM and r.decision == "returned"]),
            "unit.evidence": 0,
        }  # fmt: skip
        asked = asked_of(desk, unit, now)
        assert {code: registry.compute(code, asked).value for code in by_hand} == by_hand
        assert by_hand["unit.tasks_done"] and by_hand["unit.reports"], "the seed made something to count"


def test_every_figure_leads_to_a_page_that_is_there(desk: Desk):
    live(desk, 1)
    asked = asked_of(desk, "town-a", dt.datetime(2023, 6, 21, 9, tzinfo=COUNTY_ZONE))
    share = Assignment.objects.filter(unit=desk.small.units["town-a"]).first()
    checked = 0
    for code in registry.INDICATORS:
        found = registry.compute(code, asked.of_row(share.pk if code.startswith("share.") else 0))
        if isinstance(found, Figure):
            for source in found.sources:
                resolve(source.href.partition("?")[0])
                checked += 1
    assert checked > 15


def test_a_target_is_asked_until_its_value_is_recorded_then_compared(desk: Desk):
    task = desk.plan.tasks.order_by("pk").first()
    with door.opened("fixture"):
        target = Target.objects.create(
            county=desk.small.county, task=task, words_zh="开工率", op=">=", value=Decimal("80"), unit="%"
        )
    now = dt.datetime(2023, 6, 21, 9, tzinfo=COUNTY_ZONE)
    reached = registry.compute("target.reached", asked_of(desk, "town-a", now).of_row(target.pk))
    assert isinstance(reached, Unknown)
    assert registry.compute("target.gap", asked_of(desk, "town-a", now).of_row(target.pk)).value.zh == "目标 >= 80%"
    with door.opened("fixture"):
        target.reached, target.reached_on = Decimal("62.5"), dt.date(2023, 6, 20)
        target.save()
    asked = asked_of(desk, "town-a", now).of_row(target.pk)
    assert registry.compute("target.reached", asked).value == Decimal("62.5")
    assert registry.compute("target.gap", asked).value.zh == "目标 >= 80%，还差 17.5%"
    assert isinstance(registry.compute("target.reached", asked.of_row(target.pk + 1)), Unknown)


@pytest.mark.parametrize(
    ("op", "reached", "value", "met"),
    [
        (">=", "80", "80", True), (">=", "79.99", "80", False), ("<=", "5", "5", True), ("<=", "5.1", "5", False),
        (">", "80", "80", False), ("<", "4", "5", True), ("==", "4", "4", True), ("==", "5", "4", False),
        ("==", "100", "100", True),
    ],
)  # fmt: skip
def test_both_sides_of_a_target(op: str, reached: str, value: str, met: bool):
    assert meets(op, Decimal(reached), Decimal(value)) is met


def share(state: str, due: str, percent: int = 0, number: int = 1) -> Share:
    day = dt.date.fromisoformat(due) if due else None
    done = dt.date(2023, 6, 1) if state in ("done", "closed") else None
    return Share(number, 1, 1, Words(f"任务{number}", f"Task {number}"), "lead", state, percent, done, day, False, "")


def test_a_day_that_is_today_is_not_late_and_yesterday_is():
    today = dt.date(2023, 7, 3)
    assert not share("in_progress", "2023-07-03").late(today)
    assert share("in_progress", "2023-07-02").late(today)
    assert not share("done", "2023-07-02").late(today)
    assert not share("suspended", "2023-07-02").late(today)
    assert not share("in_progress", "").late(today)


def test_what_comes_next_is_said_with_its_day():
    today = dt.date(2023, 7, 3)
    assert sentences.following(share("assigned", "2023-07-10"), today).zh == "7月10日前签收"
    assert sentences.following(share("in_progress", "2023-07-02"), today).zh == "报办结（已过7月2日的期限）"
    assert sentences.following(share("closed", "2023-07-02"), today) == Words("无", "Nothing")
    assert "没有固定期限" in sentences.following(share("in_progress", ""), today).zh


def test_many_late_tasks_are_named_up_to_six_and_then_counted():
    shares = [share("in_progress", "2023-06-01", number=n) for n in range(1, 9)]
    said = sentences.named([s.label for s in shares])
    assert said.zh == "任务1；任务2；任务3；任务4；任务5；任务6；另有2项"
    assert said.en.endswith("and 2 more")
