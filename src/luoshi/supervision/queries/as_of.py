"""Tasks, shares, duties and reports as they stood at the end of a past day.

The rows returned are the models themselves with the values of that day set in memory, so that pages read them like
today's; they are never saved. Who may read them is decided beforehand, by today's rights.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.duties.models import Duty
from luoshi.office.duties.schedule import midnight
from luoshi.office.journal.models import Entry
from luoshi.office.people.models import Account, Unit
from luoshi.office.plans.models import Plan, Task
from luoshi.supervision import rules
from luoshi.supervision.models import Assignment, Milestone
from luoshi.supervision.queries import rebuilt
from luoshi.supervision.queries.rebuilt import UNTOUCHED, Happened, Round

CHUNK = 500
Journal = dict[int, list[Happened]]


def end_of(day: dt.date) -> dt.datetime:
    """Return the moment at which a county day is over."""
    return midnight(day + dt.timedelta(days=1), COUNTY_ZONE)


def not_yet(day: dt.date) -> Problem:
    """Return the problem of a day on which what is asked for was not there."""
    return Problem(
        "as_of",
        Words(
            f"截至{day}，这一项还没有交办，或不在当时有效的方案中。",
            f"As of {day} this was not given out yet, or was in no plan in force.",
        ),
        Words("请选择交办之后的日期，或看今天的情况。", "Choose a day after it was given, or look at today."),
        status=404,
    )  # fmt: skip


def pieces(ids: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield ids a few hundred at a time, as many as every database takes in one question."""
    whole = list(ids)
    for start in range(0, len(whole), CHUNK):
        yield whole[start : start + CHUNK]


def journal_of(county_id: int, share_ids: Iterable[int]) -> Journal:
    """Return what the journal says of shares, each in the order it happened."""
    found: Journal = defaultdict(list)
    for some in pieces(share_ids):
        rows = Entry.objects.filter(
            county_id=county_id, subject_kind="assignment", subject_id__in=[str(pk) for pk in some], outcome="granted"
        )
        for pk, at, subject_id, content in rows.order_by("pk").values_list("pk", "at", "subject_id", "content"):
            for one in rebuilt.read(pk, at.astimezone(COUNTY_ZONE).date(), int(subject_id), content):
                found[one.share_id].append(one)
    for entries in found.values():
        entries.sort(key=lambda one: one.entry_id)
    return found


def plans_to_come(county_id: int, day: dt.date) -> set[int]:
    """Return the plans of which nothing had been given out by a day; a plan that names no unit counts from its day."""
    given = Assignment.objects.filter(county_id=county_id, task__plan_id=OuterRef("pk"))
    plans = Plan.objects.filter(~Exists(given.filter(assigned_on__lte=day)), county_id=county_id)
    return set(plans.filter(Exists(given) | Q(from_on__gt=day)).values_list("pk", flat=True))


def tasks(county_id: int, rows: Iterable[Task], day: dt.date) -> dict[int, tuple[Task, list[Assignment]]]:
    """Return, by id, the tasks that stood on a day with the shares given by then; the others are left out."""
    to_come = plans_to_come(county_id, day)
    by_id = {task.pk: task for task in rows if _in_force(task, day) and task.plan_id not in to_come}
    shares: dict[int, list[Assignment]] = defaultdict(list)
    for some in pieces(by_id):
        for share in Assignment.objects.filter(task_id__in=some).select_related("unit__place").order_by("pk"):
            shares[share.task_id].append(share)
    journal = journal_of(county_id, [s.pk for some in shares.values() for s in some])
    units = _units(county_id, journal)
    found = {}
    for pk, task in by_id.items():
        given = [s for s in shares[pk] if s.assigned_on <= day]
        if given or not shares[pk]:
            for share in given:
                share.task = task
                _set_share(share, journal.get(share.pk, []), day, units)
            _set_task(task, given, sorted((e for s in given for e in journal.get(s.pk, [])), key=_order), day)
            found[pk] = task, given
    return found


def milestones(then: Mapping[int, tuple[Task, Sequence[Assignment]]], day: dt.date) -> dict[int, dt.date]:
    """Return, of tasks set back to a day, the day of the earliest milestone that was open then in a share at work."""
    stopped = (*rules.SETTLED, "suspended")
    working = {share.pk for _, shares in then.values() for share in shares if share.state not in stopped}
    found: dict[int, dt.date] = {}
    for some in pieces(then):
        rows = Milestone.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), task_id__in=some)
        for task_id, share_id, due_on in rows.filter(made_on__lte=day).values_list("task_id", "share_id", "due_on"):
            if share_id in working:
                found[task_id] = min(due_on, found.get(task_id, due_on))
    return found


def task(row: Task, day: dt.date) -> list[Assignment]:
    """Set one task back to a day and return its shares of then, each with the duty it was working on."""
    found = tasks(row.county_id, [row], day)
    if row.pk not in found:
        raise not_yet(day)
    shares = found[row.pk][1]
    _set_duties(shares, day)
    return shares


def duty(row: Duty, share: Assignment | None, day: dt.date) -> Assignment | None:
    """Set one duty back to a day and return its share of then, if it belongs to one."""
    if row.opened_on > day:
        raise not_yet(day)
    if share is None:
        _set_duty(row, [], day)
        return None
    standing = share.task
    then = next((s for s in task(standing, day) if s.pk == share.pk), None)
    if then is None:
        raise not_yet(day)
    journal = journal_of(row.county_id, [share.pk])
    _set_duty(row, journal.get(share.pk, []), day, _units(row.county_id, journal))
    row.task = standing
    return then


def _order(one: Happened) -> int:
    return one.entry_id


def _in_force(task: Task, day: dt.date) -> bool:
    made = task.in_force_from is None or task.in_force_from <= day
    return made and (task.replaced_on is None or task.replaced_on > day)


def _replaced_later(task: Task, day: dt.date) -> bool:
    return task.replaced_on is not None and task.replaced_on > day


def _units(county_id: int, journal: Journal) -> dict[int, Unit]:
    """Return the units that shares were handed over from or to."""
    ids = {v["unit"] for entries in journal.values() for e in entries for v in (e.before, e.after) if "unit" in v}
    rows = Unit.objects.filter(county_id=county_id, pk__in=ids).select_related("place") if ids else ()
    return {unit.pk: unit for unit in rows}


def _set_share(share: Assignment, happened: Sequence[Happened], day: dt.date, units: dict[int, Unit]) -> None:
    state = rebuilt.field(happened, "state", day)
    if state is not UNTOUCHED:
        share.state = state
    elif share.state == "cancelled" and _replaced_later(share.task, day):
        share.state = "assigned"  # taken back by a later version, which writes no entry for each share
    percent, unit = rebuilt.field(happened, "percent", day), rebuilt.field(happened, "unit", day)
    if percent is not UNTOUCHED:
        share.percent = percent
    if unit is not UNTOUCHED and unit in units:
        share.unit = units[unit]
    accepted = rebuilt.field(happened, "accepted_on", day)
    share.accepted_on = rebuilt.by_then(share.accepted_on if accepted is UNTOUCHED else rebuilt.day_of(accepted), day)
    share.done_on = rebuilt.by_then(share.done_on, day)


def _set_task(row: Task, shares: Sequence[Assignment], happened: Sequence[Happened], day: dt.date) -> None:
    if shares:
        row.state = rules.task_state(row.mode, [(s.role, s.state) for s in shares])
    elif row.state == "cancelled" and _replaced_later(row, day):
        row.state = "open"
    row.done_on = rebuilt.by_then(row.done_on, day) if row.state in ("done", "closed") else None
    promised = rebuilt.field(happened, "task_due_on", day)
    if promised is not UNTOUCHED:
        row.due_on = rebuilt.day_of(promised)


def _set_duties(shares: Sequence[Assignment], day: dt.date) -> None:
    ids = [str(share.pk) for share in shares]
    rounds: dict[str, list[Duty]] = defaultdict(list)
    for some in pieces(ids):
        county_id = shares[0].county_id
        rows = Duty.objects.filter(county_id=county_id, subject_kind="assignment", subject_id__in=some)
        for row in rows.filter(opened_on__lte=day).order_by("pk"):
            _set_duty(row, [], day)
            rounds[row.subject_id].append(row)
    for share in shares:
        mine = {row.pk: row for row in rounds[str(share.pk)]}
        worked = rebuilt.current([Round(row.pk, row.state, row.due_on) for row in mine.values()])
        share.duty = mine[worked.duty_id] if worked is not None else None


def _set_duty(row: Duty, happened: Sequence[Happened], day: dt.date, units: dict[int, Unit] | None = None) -> None:
    row.state = rebuilt.duty_state(row.state, row.closed_on, row.events, day)
    row.due_on = rebuilt.due_on(row.events, day, row.due_on)
    row.closed_on = rebuilt.by_then(row.closed_on, day)
    row.events = [e for e in row.events if e["on"] <= day.isoformat()]
    unit = rebuilt.field(happened, "unit", day, row.pk)
    if units and unit in units:
        row.unit = units[unit]
    person = rebuilt.field(happened, "account", day, row.pk)
    if person is not UNTOUCHED and person != row.account_id:
        row.account = Account.objects.filter(pk=person or 0).first()
