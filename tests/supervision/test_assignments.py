"""From tasks to assignments and duties."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.office import door
from luoshi.office.duties.models import Duty
from luoshi.supervision import assignments
from luoshi.supervision.models import Assignment
from tests.supervision.small_county import TODAY, Small


def test_each_named_unit_gets_one_assignment_with_one_duty_in_its_inbox(small: Small) -> None:
    task = small.task(
        "lead_support", [("market", "lead"), ("health", "support")], clause_ids=["FOOD-3.1.1", "FOOD-3.1.2"]
    )
    shares = {a.unit.code: a for a in Assignment.objects.filter(task=task).select_related("unit", "duty")}
    assert {code: a.role for code, a in shares.items()} == {"market": "lead", "health": "support"}
    for share in shares.values():
        assert share.duty is not None
        assert (share.duty.unit_id, share.duty.subject_kind, share.duty.subject_id) == (
            share.unit_id, "assignment", str(share.pk),
        )  # fmt: skip
        assert share.duty.clause_id == "FOOD-3.1.1"
        assert share.duty.due_on == task.due_on
        assert share.duty.title_zh == task.heading_zh


def test_a_collective_unit_stands_for_its_members_and_a_unit_named_itself_keeps_its_role(small: Small) -> None:
    task = small.task("lead_support", [("town-a", "lead"), ("towns", "support")])
    roles = {a.unit.code: a.role for a in Assignment.objects.filter(task=task).select_related("unit")}
    assert roles == {"town-a": "lead", "town-b": "support"}


def test_a_collective_inside_a_collective_and_a_circle_of_them_come_to_an_end(small: Small) -> None:
    with door.opened("fixture"):
        outer = small.units["towns"]
        inner = type(outer).objects.create(
            county=small.county, code="all", name_zh="all", name_en="all", short_zh="all", kind="x", collective=True
        )
        inner.members.set([outer, small.units["market"]])
        outer.members.add(inner)
    small.units["all"] = inner
    found = assignments.members_of({inner.pk})
    assert found[inner.pk] == {small.units[u].pk for u in ("town-a", "town-b", "market")}


def test_asking_twice_makes_nothing_twice(small: Small) -> None:
    task = small.task("joint", [("towns", "responsible"), ("market", "responsible")])
    with door.opened("fixture"):
        assert assignments.open_for(small.county.pk, [task], TODAY) == 0
    assert Assignment.objects.filter(task=task).count() == Duty.objects.filter(task=task).count() == 3


def test_a_task_without_units_gets_none(small: Small) -> None:
    task = small.task("none", [])
    assert not Assignment.objects.filter(task=task).exists()


def test_a_task_that_only_recurs_is_due_on_its_first_occurrence_counted_from_today(small: Small) -> None:
    task = small.task(due_on=None, every={"day_of_month": [28]}, deadline_kind="recurring")
    duty = small.share(task, "market").duty
    assert duty is not None
    assert (duty.due_on, duty.every) == (dt.date(2023, 7, 28), {"day_of_month": [28]})
    on_the_day = small.task(due_on=None, every={"day_of_month": [3]}, today=TODAY)
    assert small.share(on_the_day, "market").duty.due_on == TODAY  # type: ignore[union-attr]


def test_an_ongoing_task_has_no_due_day(small: Small) -> None:
    task = small.task(due_on=None, deadline_kind="ongoing")
    assert small.share(task, "market").duty.due_on is None  # type: ignore[union-attr]


def test_opening_a_thousand_tasks_takes_a_bounded_number_of_statements(
    small: Small, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    from luoshi.office.plans.models import Task, TaskUnit

    with door.opened("fixture"):
        tasks = Task.objects.bulk_create(
            Task(county=small.county, plan=small.plan, code=f"B{n}", heading_zh="x", mode="single") for n in range(1000)
        )
        TaskUnit.objects.bulk_create(
            TaskUnit(county=small.county, task=t, unit=small.units["market"], role="lead") for t in tasks
        )
        with django_assert_max_num_queries(60):
            assert assignments.open_for(small.county.pk, tasks, TODAY) == 1000
    assert Assignment.objects.filter(duty__isnull=True).count() == 0


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.integers(1, 6), st.sampled_from(["lead", "support", "responsible"])),
        max_size=12,
    )
)
def test_every_unit_named_or_meant_has_exactly_one_role(parts: list[tuple[int, int, str]]) -> None:
    members = {6: frozenset({1, 2, 3})}
    found = assignments.shares(parts, members)
    expected = {(t, one) for t, u, _ in parts for one in members.get(u, {u})}
    assert set(found) == expected
    for (task, unit), role in found.items():
        own = {r for t, u, r in parts if (t, u) == (task, unit)}
        assert role in (own or {r for t, u, r in parts if t == task and u == 6})
