"""The ledger as it stood at the end of a past day, paged by key like today's.

Tasks to which nothing happened since are read from today's lines, with that day as today. Those that changed since
are rebuilt from the journal, all of them for each page: its cost follows what changed since the day, in the worst case
every task of the county. Rights are today's; a filter by unit or town asks for the units of then.
"""

import datetime as dt
import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.db.models import Q

from luoshi.office.access import Actor
from luoshi.office.journal.models import Entry
from luoshi.office.people.models import Place
from luoshi.office.plans.models import Task
from luoshi.supervision import colour_schemes
from luoshi.supervision.colour_schemes import Day
from luoshi.supervision.models import Assignment, LedgerLine
from luoshi.supervision.queries import as_of, ledger
from luoshi.supervision.queries.ledger import COUNT_UP_TO, PAGE, STANDINGS, LedgerRow, Page, Totals, Wanted

CHUNK = 500
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Then:
    """The ledger of one reader on one day: ``changed`` holds rebuilt tasks, ``apart`` all ids not read from lines.

    ``missed`` is, of the rebuilt tasks, the earliest milestone each had still open.
    """

    actor: Actor
    marks: Day
    changed: dict[int, Task]
    apart: frozenset[int]
    missed: dict[int, dt.date]

    def keys(self, wanted: Wanted) -> Iterator[Key]:
        """Yield the keys of what matches from the cursor on, in order."""
        return heapq.merge(self._kept(wanted), self._rebuilt(wanted), reverse=wanted.turned)

    def rows(self, keys: list[Key]) -> list[LedgerRow]:
        """Return the rows of some keys."""
        return list(ledger.rows_of(keys, self.marks, self.changed, self.missed))

    def _kept(self, wanted: Wanted) -> Iterator[Key]:
        while True:
            some = list(ledger.ordered(self.actor, wanted, self.marks.today)[:CHUNK])
            yield from (key for key in some if key[-1] not in self.apart)
            if len(some) < CHUNK:
                return
            wanted = replace(wanted, cursor="_".join(str(part) for part in some[-1]))

    def _rebuilt(self, wanted: Wanted) -> list[Key]:
        keys = [_key_of(task, wanted) for task in self.changed.values() if self._matches(task, wanted)]
        if wanted.cursor:
            place = ledger.read_cursor(wanted)
            keys = [key for key in keys if (key < place if wanted.turned else key > place)]
        return sorted(keys, reverse=wanted.turned)

    def _matches(self, task: Task, wanted: Wanted) -> bool:
        if wanted.state and task.state != wanted.state:
            return False
        if not wanted.standing:
            return True
        missed_on = self.missed.get(task.pk)
        return task.state == "open" and self.marks.standing("open", task.due_on, None, missed_on) == wanted.standing


def look(actor: Actor, wanted: Wanted, day: dt.date) -> Then:
    """Rebuild what changed since a day of what this reader may see and the filters by plan, unit, town, text allow."""
    since = _changed_since(actor.county_id, day)
    gone = set(Task.objects.filter(county_id=actor.county_id, replaced_on__lte=day).values_list("pk", flat=True))
    visible: set[int] = set()
    asked = Wanted(plan_id=wanted.plan_id, text=wanted.text)
    for some in as_of.pieces(since - gone):
        found = ledger.lines(actor, asked, day).filter(task_id__in=some)
        visible.update(found.values_list("task_id", flat=True))
    rows = [task for some in as_of.pieces(visible) for task in Task.objects.filter(pk__in=some)]
    then = as_of.tasks(actor.county_id, rows, day)
    town = _town_path(actor, wanted)
    changed = {pk: task for pk, (task, shares) in then.items() if _carried(shares, wanted, town)}
    marks = colour_schemes.day_of(actor.county_id, day)
    return Then(actor, marks, changed, frozenset(since | gone), as_of.milestones(then, day))


def page(then: Then, wanted: Wanted, size: int = PAGE) -> Page:
    """Return one page of the ledger as of the day."""
    keys = list(islice(then.keys(wanted), size + 1))
    return ledger.paged(keys, wanted, size, then.rows)


def every(then: Then, wanted: Wanted, size: int = 2_000) -> Iterator[LedgerRow]:
    """Yield all matching rows in order, a few at a time."""
    keys = then.keys(wanted.plain)
    while some := list(islice(keys, size)):
        yield from then.rows(some)


def totals(then: Then, wanted: Wanted) -> Totals:
    """Count by standing and state up to ``COUNT_UP_TO`` tasks; beyond it only how many match, as "at least"."""
    keys = list(islice(then.keys(replace(wanted.plain, state="", standing="")), COUNT_UP_TO + 1))
    if len(keys) > COUNT_UP_TO:
        count = sum(1 for _ in islice(then.keys(wanted.plain), COUNT_UP_TO + 1))
        return Totals(min(count, COUNT_UP_TO), filtered=True, capped=count > COUNT_UP_TO)
    counts: dict[str, Any] = {}
    for row in then.rows(keys):
        name = row.standing if row.standing in STANDINGS else row.state
        counts[name] = counts.get(name, 0) + 1
    return Totals(len(keys), **counts)


def _changed_since(county_id: int, day: dt.date) -> set[int]:
    """Return the tasks that are no longer what they were: acted on, given out, made or replaced after the day."""
    entries = Entry.objects.filter(
        county_id=county_id, subject_kind="assignment", outcome="granted", at__gte=as_of.end_of(day)
    )
    shares = {int(pk) for pk in entries.values_list("subject_id", flat=True).distinct() if pk.isdigit()}
    found: set[int] = set()
    for some in as_of.pieces(shares):
        found.update(Assignment.objects.filter(pk__in=some).values_list("task_id", flat=True))
    given = Assignment.objects.filter(county_id=county_id, assigned_on__gt=day)
    found.update(given.values_list("task_id", flat=True))
    to_come = Q(plan_id__in=as_of.plans_to_come(county_id, day))
    moved = Task.objects.filter(Q(in_force_from__gt=day) | Q(replaced_on__gt=day) | to_come, county_id=county_id)
    found.update(moved.values_list("pk", flat=True))
    return found


def _key_of(task: Task, wanted: Wanted) -> Key:
    values = {
        "due_on": task.due_on or LedgerLine.NO_DAY, "number": task.order, "plan_id": task.plan_id, "task_id": task.pk
    }  # fmt: skip
    return tuple(values[name] for name in ledger.columns_of(wanted))


def _town_path(actor: Actor, wanted: Wanted) -> str:
    towns = Place.objects.filter(county_id=actor.county_id, pk=wanted.town_id or 0)
    return towns.values_list("path", flat=True).first() or ""


def _carried(shares: list[Assignment], wanted: Wanted, town: str) -> bool:
    """Tell whether a unit, and a town, had a share of the task then."""
    if wanted.unit_id is not None and wanted.unit_id not in {s.unit_id for s in shares}:
        return False
    if wanted.town_id is None:
        return True
    paths = [f"{s.unit.place.path}/" for s in shares if s.unit.place is not None]
    return bool(town) and any(path.startswith(f"{town}/") for path in paths)
