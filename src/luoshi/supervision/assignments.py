"""From a confirmed task to the units that answer for it: one assignment per unit, each with one duty in its inbox.

A collective unit (各镇) stands for its members. Everything here is set-based, so that loading a county's plans
costs a handful of statements per thousand tasks. Called inside actions only.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast

from luoshi.office import door
from luoshi.office.duties import schedule, verbs
from luoshi.office.duties.models import Duty
from luoshi.office.people.models import Unit
from luoshi.office.plans.models import Task, TaskUnit
from luoshi.supervision.models import Assignment

CHUNK = 500
_WEIGHT = {"lead": 0, "responsible": 1, "support": 2}


def open_for(county_id: int, tasks: Sequence[Task], today: dt.date) -> int:
    """Make the missing assignments and duties of confirmed tasks and return how many assignments were made.

    Asking again for the same tasks makes nothing twice. A task that names no unit gets no assignment.
    """
    assert door.inside(), "assignments are opened by an action"
    made = 0
    for start in range(0, len(tasks), CHUNK):
        made += _open_chunk(county_id, tasks[start : start + CHUNK], today)
    return made


def _open_chunk(county_id: int, tasks: Sequence[Task], today: dt.date) -> int:
    by_id = {task.pk: task for task in tasks}
    parts = list(
        TaskUnit.objects.filter(county_id=county_id, task_id__in=by_id)
        .order_by("pk")
        .values_list("task_id", "unit_id", "role")
    )
    members = members_of({unit_id for _, unit_id, _ in parts})
    wanted = shares(parts, members)
    there = set(Assignment.objects.filter(task_id__in=by_id).values_list("task_id", "unit_id"))
    rows = [
        Assignment(county_id=county_id, task_id=task_id, unit_id=unit_id, role=role, assigned_on=today)
        for (task_id, unit_id), role in wanted.items()
        if (task_id, unit_id) not in there
    ]
    written = Assignment.objects.bulk_create(rows, batch_size=CHUNK)
    verbs.open_duties([opening_of(by_id[a.task_id], a, today) for a in written], today)
    _tie_duties(county_id, list(by_id))
    _promise_recurring([by_id[task_id] for task_id in {a.task_id for a in written}], today)
    return len(written)


def shares(parts: Iterable[tuple[int, int, str]], members: Mapping[int, frozenset[int]]) -> dict[tuple[int, int], str]:
    """Return the role of each (task, unit), collective units resolved to their members.

    ``parts`` are (task id, unit id, role); ``members`` maps each collective unit to all the units it stands for.
    A unit named itself keeps that role over one it has as a member; otherwise the weightier role wins.
    """
    named: dict[tuple[int, int], str] = {}
    meant: dict[tuple[int, int], str] = {}
    for task_id, unit_id, role in parts:
        into = meant if unit_id in members else named
        for one in members.get(unit_id, frozenset({unit_id})):
            held = into.get((task_id, one))
            if held is None or _WEIGHT[role] < _WEIGHT[held]:
                into[task_id, one] = role
    return {**meant, **named}


def members_of(unit_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return, for each collective unit among these, the units that are not collective and that it stands for.

    A collective unit may hold collective units; a circle of them ends where it began.
    """
    collective = set(Unit.objects.filter(pk__in=set(unit_ids), collective=True).values_list("pk", flat=True))
    below: dict[int, set[int]] = defaultdict(set)
    kinds: dict[int, bool] = dict.fromkeys(collective, True)
    asked, wave = set[int](), collective
    while wave:
        asked |= wave
        for outer, inner, inner_collective in Unit.objects.filter(pk__in=wave, members__isnull=False).values_list(
            "pk", "members", "members__collective"
        ):
            below[outer].add(inner)
            kinds[inner] = inner_collective
        wave = {unit for unit, is_one in kinds.items() if is_one} - asked
    return {unit: frozenset(_leaves(unit, below, kinds, set())) for unit in collective}


def _leaves(unit: int, below: Mapping[int, set[int]], kinds: Mapping[int, bool], seen: set[int]) -> set[int]:
    if not kinds.get(unit, False):
        return {unit}
    if unit in seen:
        return set()
    seen.add(unit)
    found: set[int] = set()
    for inner in below.get(unit, ()):
        found |= _leaves(inner, below, kinds, seen)
    return found


def opening_of(task: Task, assignment: Assignment, today: dt.date) -> verbs.Opening:
    """Return the duty of one assignment: the task's heading, day, recurrence and first clause."""
    return verbs.Opening(
        county_id=assignment.county_id,
        unit_id=assignment.unit_id,
        title=task.words,
        subject_kind="assignment",
        subject_id=assignment.pk,
        due_on=first_due(task, today),
        task_id=task.pk,
        clause_id=str(task.clause_ids[0]) if task.clause_ids else "",
        every=task.every or None,
    )


def first_due(task: Task, today: dt.date) -> dt.date | None:
    """Return the duty's first day: the task's own, or the first occurrence from today where it only recurs."""
    if task.due_on is not None:
        return task.due_on
    return schedule.next_occurrence(task.every, today - dt.timedelta(days=1)) if task.every else None


def _promise_recurring(tasks: Iterable[Task], today: dt.date) -> None:
    """Give tasks that only recur the day of their next occurrence, which the ledger shows; it moves on with them."""
    by_day: dict[dt.date, list[int]] = defaultdict(list)
    for task in tasks:
        day = first_due(task, today)
        if task.due_on is None and day is not None:
            task.due_on = day
            by_day[day].append(task.pk)
    for day, ids in by_day.items():
        Task.objects.filter(pk__in=ids).update(due_on=day)


def _tie_duties(county_id: int, task_ids: Sequence[int]) -> None:
    duty = Duty.objects.filter(
        county_id=county_id, subject_kind="assignment", subject_id=Cast(OuterRef("pk"), CharField())
    )
    untied = Assignment.objects.filter(county_id=county_id, task_id__in=task_ids, duty__isnull=True)
    untied.update(duty_id=Subquery(duty.order_by("pk").values("pk")[:1]))
