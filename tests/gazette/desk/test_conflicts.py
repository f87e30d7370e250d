"""Conflicts of plans: both sides of each, and the page that shows them."""

import datetime as dt

import pytest
from django.core.cache import cache
from tests.gazette.desk.conftest import MARKET, NOW, Desk

from luoshi.gazette import queries
from luoshi.gazette.conflicts import Row, find
from luoshi.office import door
from luoshi.office.plans.models import DatedValue, Plan, Stage, Target, Task

MONDAY = dt.date(2023, 9, 25)


def row(key: str, units: str = "a", due: dt.date | None = MONDAY, kind: str = "until", **more: object) -> Row:
    return Row(key, "plan", key, tuple(units.split()), kind, due, **more)  # type: ignore[arg-type]


def kinds(*rows: Row, most: int = 2) -> list[tuple[str, tuple[str, ...]]]:
    return [(c.kind, c.rows) for c in find(rows, most)]


@pytest.mark.parametrize(("count", "told"), [(2, False), (3, True)])
def test_a_week_is_overloaded_above_the_limit_and_not_at_it(count: int, told: bool) -> None:
    assert bool(kinds(*(row(str(i)) for i in range(count)))) == told


def test_sunday_and_the_monday_after_are_two_weeks() -> None:
    sunday = MONDAY - dt.timedelta(days=1)
    assert kinds(row("1", due=sunday), row("2", due=sunday), row("3", due=MONDAY)) == []
    saturday = MONDAY + dt.timedelta(days=5)
    found = find([row("1"), row("2"), row("3", due=saturday)], 2)
    assert [(c.kind, c.unit, c.week) for c in found] == [("overloaded", "a", MONDAY)]


def test_other_units_do_not_add_up() -> None:
    assert kinds(row("1"), row("2", "b"), row("3", "c"), row("4")) == []


@pytest.mark.parametrize(("days", "told"), [(-1, True), (0, False), (1, False)])
def test_a_task_due_before_the_one_it_follows_is_told(days: int, told: bool) -> None:
    later = row("2", due=MONDAY + dt.timedelta(days=days), after=("1",))
    assert (("before_predecessor", ("2", "1")) in kinds(row("1"), later)) == told


def test_no_unit_no_date_no_measure() -> None:
    assert kinds(row("1", units="")) == [("no_unit", ("1",))]
    assert kinds(row("1", due=None, kind="none")) == [("no_date", ("1",))]
    assert kinds(row("1", due=None, kind="ongoing"), row("2", due=None, kind="relative")) == []
    assert (
        kinds(
            row("1", figures=(("4座", True, "座"), ("达标", False, ""))),
        )
        == []
    )
    assert kinds(row("1", figures=(("不少于4", True, ""),))) == [("no_measure", ("1",))]


def test_a_stage_needs_neither_unit_nor_date_but_keeps_its_order() -> None:
    assert kinds(row("1", units="", due=None, kind="stage")) == []
    first = row("1", units="", kind="stage")
    assert kinds(first, row("2", units="", due=MONDAY - dt.timedelta(days=1), kind="stage", after=("1",))) == [
        ("before_predecessor", ("2", "1"))
    ]


def test_the_countys_plans_are_checked_and_its_own_limit_is_honoured(desk: Desk, neighbour: Desk) -> None:
    cache.clear()
    desk.confirmed()
    plan = Plan.objects.get(name_zh__contains=MARKET)
    with door.opened("fixture"):
        task = Task.objects.create(
            county=desk.county, plan=plan, code="X1", heading_zh="无主", mode="none", deadline_kind="none"
        )
        Target.objects.create(county=desk.county, task=task, words_zh="不少于4", op=">=", value=4, unit="")
        for order, day in ((1, dt.date(2023, 6, 30)), (2, dt.date(2023, 5, 31))):
            Stage.objects.create(
                county=desk.county,
                plan=plan,
                code=f"s{order}",
                order=order,
                name_zh=f"阶段{order}",
                name_en="s",
                until_on=day,
            )
    found, rows, limit = queries.plan_conflicts(desk.county.pk, NOW.date())
    assert limit == 10
    assert sorted((c.kind, rows[c.rows[0]].heading) for c in found) == [
        ("before_predecessor", "阶段2"), ("no_date", "无主"), ("no_measure", "无主"), ("no_unit", "无主"),
    ]  # fmt: skip
    assert queries.plan_conflicts(neighbour.county.pk, NOW.date())[0] == []
    with door.opened("fixture"):
        DatedValue.objects.create(
            county=desk.county,
            subject="gazette",
            key=queries.MOST_A_WEEK,
            value=1,
            from_on=NOW.date(),
            reason="x",
            decided_by="x",
        )
    assert queries.plan_conflicts(desk.county.pk, NOW.date() - dt.timedelta(days=1))[2] == 10
    found, _, limit = queries.plan_conflicts(desk.county.pk, NOW.date())
    assert limit == 1
    assert {c.unit for c in found if c.kind == "overloaded"} == {"县水利局"}


def test_an_action_of_the_county_makes_the_check_fresh(desk: Desk) -> None:
    cache.clear()
    proposal = desk.receive()
    assert queries.plan_conflicts(desk.county.pk, NOW.date())[0] == []
    desk.confirm(proposal)
    with door.opened("fixture"):
        Task.objects.filter(county=desk.county).update(deadline_kind="none", due_on=None)
    desk.receive("别的文件\n\n一、甲。")
    assert queries.plan_conflicts(desk.county.pk, NOW.date())[0]
