"""Counts by unit, plan, town and stage against a plain count of the tasks, and who sees which."""

import datetime as dt
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luoshi.office import door
from luoshi.office.plans.models import Plan, Stage, Task
from luoshi.supervision import colour_schemes
from luoshi.supervision.models import Assignment
from luoshi.supervision.outlook.queries import counts
from tests.supervision.small_county import TODAY, Small
from tests.supervision.test_pages import browser, html_of

DAYS = (-30, -1, 0, 3, 9, 40, None)


@pytest.fixture
def many(small: Small) -> Small:
    """Tasks of every colour and state over two plans, several units and both towns."""
    with door.opened("fixture"):
        other = Plan.objects.create(
            county=small.county, code="park", subject="park", name_zh="园区方案", name_en="Park"
        )
    units = ("market", "health", "town-a", "town-b", "village-a1")
    states = ("open", "open", "open", "suspended", "done", "closed", "cancelled")
    for n in range(35):
        days = DAYS[n % len(DAYS)]
        task = small.task(
            plan=other if n % 3 == 0 else small.plan,
            units=tuple((units[(n + k) % 5], "responsible") for k in range(1 + n % 2)),
            mode="joint",
            due_on=None if days is None else TODAY + dt.timedelta(days=days),
        )
        state = states[n // 5]
        with door.opened("fixture"):
            done_on = TODAY if state in ("done", "closed") else None
            Task.objects.filter(pk=task.pk).update(state=state, done_on=done_on)
    return small


def plainly(tasks: list[Task], small: Small) -> Counter[str]:
    day = colour_schemes.day_of(small.county.pk, TODAY)
    return Counter(day.standing(t.state, t.due_on, None) if t.state == "open" else t.state for t in tasks)


def as_counter(found: counts.Counts) -> Counter[str]:
    return Counter({name: n for name in found.__slots__ if (n := getattr(found, name))})


def test_by_plan_equals_a_plain_count(many: Small) -> None:
    lines = counts.by_plan(many.actor("office.supervisor"), TODAY)
    assert len(lines) == 2
    for line in lines:
        assert as_counter(line.counts) == plainly(list(Task.objects.filter(plan_id=line.id)), many)


def test_by_unit_and_town_equal_a_plain_count(many: Small) -> None:
    actor = many.actor("office.county_head")
    for line in counts.by_unit(actor, TODAY):
        ids = Assignment.objects.filter(unit_id=line.id).values("task_id")
        assert as_counter(line.counts) == plainly(list(Task.objects.filter(pk__in=ids)), many)
    towns = counts.by_town(actor, TODAY)
    assert {line.id for line in towns} == {many.places["town-a"].pk, many.places["town-b"].pk}
    for line in towns:
        path = next(p.path for p in many.places.values() if p.pk == line.id)
        ids = Assignment.objects.filter(unit__place__path__startswith=path).values("task_id")
        assert as_counter(line.counts) == plainly(list(Task.objects.filter(pk__in=ids)), many)


def test_a_missed_milestone_counts_as_behind_and_as_nothing_else(many: Small) -> None:
    from luoshi.supervision.models import Milestone

    share = Assignment.objects.filter(task__state="open", task__due_on__gt=TODAY + dt.timedelta(days=20)).first()
    assert share is not None
    before = counts.by_plan(many.actor("office.supervisor"), TODAY)
    with door.opened("fixture"):
        Milestone.objects.create(
            county=many.county, share=share, task=share.task, number=1, words="节点", due_on=TODAY - dt.timedelta(days=2),
            made_on=TODAY,
        )  # fmt: skip
    after = counts.by_plan(many.actor("office.supervisor"), TODAY)
    assert sum(line.counts.behind for line in before) == 0 and sum(line.counts.behind for line in after) == 1
    assert sum(line.counts.total for line in before) == sum(line.counts.total for line in after)


@pytest.mark.parametrize(
    "seat,units",
    [
        ("market.officer", {"market"}), ("town-a.town_clerk", {"town-a", "village-a1"}),
        ("village-a1.village_clerk", {"village-a1"}), ("office.system_admin", set()),
    ],
)  # fmt: skip
def test_each_reader_sees_the_units_that_are_theirs(many: Small, seat: str, units: set[str]) -> None:
    found = counts.by_unit(many.actor(seat), TODAY)
    assert {line.id for line in found} == {many.units[code].pk for code in units}


def test_a_reader_of_one_unit_reads_no_town_and_a_town_only_itself(many: Small) -> None:
    assert counts.by_town(many.actor("market.officer"), TODAY) == []
    assert [line.id for line in counts.by_town(many.actor("town-a.town_clerk"), TODAY)] == [many.places["town-a"].pk]


def test_a_stage_counts_what_is_due_within_it(many: Small) -> None:
    with door.opened("fixture"):
        for n, (first, last) in enumerate(((None, -10), (None, 5), (6, 60))):
            Stage.objects.create(
                county=many.county, plan=many.plan, code=f"s{n}", order=n, name_zh=f"阶段{n}", name_en=f"Stage {n}",
                from_on=None if first is None else TODAY + dt.timedelta(days=first),
                until_on=TODAY + dt.timedelta(days=last),
            )  # fmt: skip
    actor = many.actor("office.supervisor")
    lines = counts.by_stage(actor, many.plan, TODAY)
    assert [line.standing for line in lines] == ["passed", "current", "coming"]
    for line in lines:
        rows = Task.objects.filter(plan=many.plan, due_on__lte=line.last)
        rows = rows.filter(due_on__gte=line.first) if line.first else rows
        assert as_counter(line.counts) == plainly(list(rows), many)
    assert lines[1].first == TODAY - dt.timedelta(days=9)
    html = html_of(browser(many, "office.supervisor"), f"/overview/stage?plan={many.plan.pk}")
    assert "阶段1" in html and f"/gantt?plan={many.plan.pk}&amp;from=" in html


@pytest.mark.parametrize("by", ["unit", "plan", "town", "stage"])
def test_a_page_asks_a_handful_of_questions_and_its_figures_lead_to_the_ledger(many: Small, by: str) -> None:
    client = browser(many, "office.supervisor")
    html_of(client, f"/overview/{by}")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        html = html_of(client, f"/overview/{by}")
    assert len(asked) <= 14, [q["sql"][:90] for q in asked]
    if by != "stage":
        assert "/tasks?" in html and "standing=overdue" in html


def test_a_figure_and_its_ledger_say_the_same(many: Small) -> None:
    line = counts.by_unit(many.actor("office.supervisor"), TODAY)[0]
    html = html_of(browser(many, "office.supervisor"), f"/tasks?unit={line.id}&standing=overdue")
    assert f"共{line.counts.overdue}项" in html


def test_what_is_no_kind_is_not_found(small: Small) -> None:
    client = browser(small, "office.supervisor")
    assert client.get("/overview/colour").status_code == 404
    assert client.get("/overview/stage?plan=999999").status_code == 404
    assert client.get("/overview")["Location"] == "/overview/unit"
    assert browser(small, "market.officer").get("/overview")["Location"] == "/overview/plan"
