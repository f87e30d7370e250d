"""The promises as the public reads them: pages by key, totals, one by one for the open data, and one whole promise.

Pages run along the ledger lines that the database keeps (``supervision.models.LedgerLine``), totals are sums of its
tallies, so that neither grows with the county. No free text of an officer is read here but public notes.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from luoshi.core.words import Words
from luoshi.office.evidence.models import Attachment
from luoshi.office.people.models import Account, County
from luoshi.office.plans.models import Task, TaskUnit
from luoshi.supervision import clocks
from luoshi.supervision.models import Assignment, LedgerLine, Report, Tally
from luoshi.supervision.promises import publicity
from luoshi.supervision.promises.masking import masked
from luoshi.supervision.promises.models import Publicity, PublicNote
from luoshi.supervision.queries.ledger import near_limit
from luoshi.supervision.queries.row_values import RowCompared

PAGE = 25
CHUNK = 500
SHOWN: tuple[str, ...] = ("open", "overdue", "near", "on_time", "done", "suspended", "cancelled", "all")
_WEIGHT = {"lead": 0, "responsible": 1, "support": 2}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. ``show`` is one of ``SHOWN``; ``after`` the key of the last row of the page before."""

    plan_id: int | None = None
    unit_id: int | None = None
    town_id: int | None = None
    show: str = "open"
    after: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """One reader's county on one day: what is shown there, and the names that must not be."""

    county: County
    today: dt.date
    plans: frozenset[int]
    near: dt.date
    names: frozenset[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class UnitPart:
    """A unit's part in a promise: lead, responsible or support."""

    unit_id: int
    unit: Words
    role: str


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise as the public reads it; every text is masked. ``first_due_on`` is the day before it was moved."""

    task_id: int
    plan_code: str
    code: str
    plan: Words
    number: str
    heading: Words
    printed: str
    due_on: dt.date | None
    first_due_on: dt.date | None
    standing: str
    days_overdue: int
    done_on: dt.date | None
    units: tuple[UnitPart, ...]
    clause_ids: tuple[str, ...]
    reported_on: dt.date | None
    files: int
    note: str
    noted_on: dt.date | None
    key: str

    @property
    def address(self) -> str:
        """The stable address of its page."""
        return f"/promises/{self.plan_code}/{self.code}"

    @property
    def leaders(self) -> tuple[UnitPart, ...]:
        """The units that answer for it."""
        return tuple(u for u in self.units if u.role != "support")


def view(county: County, today: dt.date) -> View:
    """Return what of a county the public is shown on a day."""
    names = Account.objects.filter(county=county).values_list("display_name", flat=True)
    return View(county, today, publicity.shown_plans(county, today), near_limit(today), frozenset(names))


def page(seen: View, wanted: Wanted, size: int = PAGE) -> tuple[list[Promise], str]:
    """Return one page and the key after which the next begins; an empty key where there is none."""
    keys = _keys(seen, wanted, size + 1)
    rows = _rows(seen, keys[:size])
    return rows, rows[-1].key if len(keys) > size else ""


def every(seen: View, wanted: Wanted) -> Iterator[Promise]:
    """Yield all matching promises in order, a few at a time."""
    at = replace(wanted, after="")
    while True:
        keys = _keys(seen, at, CHUNK)
        yield from (rows := _rows(seen, keys))
        if len(keys) < CHUNK:
            return
        at = replace(at, after=rows[-1].key)


def totals(seen: View, wanted: Wanted) -> dict[str, int]:
    """Return how many promises there are by what ``show`` asks for, under the filters by plan, unit and town."""
    scope, scope_id = _scope(wanted)
    if wanted.unit_id is not None and wanted.town_id is not None:
        return _summed([_counted(_lines(seen, wanted), Count("pk", distinct=True), seen, one="pk")])
    plans = seen.plans if wanted.plan_id is None else seen.plans & {wanted.plan_id}
    tallies = Tally.objects.filter(county=seen.county, scope=scope, scope_id=scope_id, plan_id__in=plans)
    whole = _counted(tallies, Sum("lines"), seen, one="lines")
    apart = Publicity.objects.filter(task_id=OuterRef("task_id"))
    lines = LedgerLine.objects.filter(county=seen.county, scope=scope, scope_id=scope_id)
    if wanted.plan_id is not None:
        lines = lines.filter(plan_id=wanted.plan_id)
    hidden = _counted(lines.filter(Exists(apart.filter(shown=False)), plan_id__in=plans), Count("pk"), seen, one="pk")
    added = _counted(
        lines.filter(Exists(apart.filter(shown=True))).exclude(plan_id__in=plans), Count("pk"), seen, one="pk"
    )
    return _summed([whole, added, {k: -v for k, v in hidden.items()}])


def _counted(rows: QuerySet[Any], how: Any, seen: View, one: str) -> dict[str, int]:
    kind = type(how)

    def of(**more: Any) -> Any:
        return kind(one, filter=Q(**more))

    found = rows.aggregate(
        overdue=of(state="open", due_on__lt=seen.today),
        near=of(state="open", due_on__gte=seen.today, due_on__lte=seen.near),
        on_time=of(state="open", due_on__gt=seen.near),
        done=of(state__in=("done", "closed")),
        suspended=of(state="suspended"),
        cancelled=of(state="cancelled"),
    )
    return {name: int(value or 0) for name, value in found.items()}


def _summed(parts: Iterable[dict[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in parts:
        for name, value in part.items():
            found[name] = found.get(name, 0) + value
    found["open"] = found["overdue"] + found["near"] + found["on_time"]
    found["all"] = found["open"] + found["done"] + found["suspended"] + found["cancelled"]
    return found


def _scope(wanted: Wanted) -> tuple[int, int]:
    if wanted.unit_id is not None:
        return LedgerLine.UNIT, wanted.unit_id
    return (LedgerLine.TOWN, wanted.town_id) if wanted.town_id is not None else (LedgerLine.COUNTY, 0)


def _lines(seen: View, wanted: Wanted) -> QuerySet[LedgerLine]:
    scope, scope_id = _scope(wanted)
    rows = LedgerLine.objects.filter(county=seen.county, scope=scope, scope_id=scope_id)
    if wanted.unit_id is not None and wanted.town_id is not None:
        shared = LedgerLine.objects.filter(task_id=OuterRef("task_id"), scope=LedgerLine.TOWN, scope_id=wanted.town_id)
        rows = rows.filter(Exists(shared))
    if wanted.plan_id is not None:
        rows = rows.filter(plan_id=wanted.plan_id)
    return rows.filter(publicity.condition(seen.plans))


def _keys(seen: View, wanted: Wanted, size: int) -> list[tuple[dt.date, int]]:
    rows = _lines(seen, wanted)
    if wanted.show in ("overdue", "near", "on_time", "open"):
        rows = rows.filter(state="open")
    if wanted.show == "overdue":
        rows = rows.filter(due_on__lt=seen.today)
    elif wanted.show == "near":
        rows = rows.filter(due_on__gte=seen.today, due_on__lte=seen.near)
    elif wanted.show == "on_time":
        rows = rows.filter(due_on__gt=seen.near)
    elif wanted.show == "done":
        rows = rows.filter(state__in=("done", "closed"))
    elif wanted.show in ("suspended", "cancelled"):
        rows = rows.filter(state=wanted.show)
    if wanted.after:
        day, _, task = wanted.after.rpartition("-")
        rows = rows.filter(RowCompared(("due_on", "task_id"), ">", (dt.date.fromisoformat(day), int(task))))
    return list(rows.order_by("due_on", "task_id").values_list("due_on", "task_id")[:size])


def one(seen: View, plan_code: str, code: str) -> Promise | None:
    """Return one promise by its address, None where it is not shown."""
    rows = publicity.tasks(seen.county, seen.plans).filter(plan__code=plan_code, code=code)
    return _first(seen, rows)


def by_id(seen: View, task_id: int) -> Promise | None:
    """Return one promise by its task, None where it is not shown."""
    return _first(seen, publicity.tasks(seen.county, seen.plans).filter(pk=task_id))


def of(seen: View, tasks: Iterable[Task]) -> list[Promise]:
    """Return the promises of tasks of which the caller knows that they are shown, in their order."""
    return _rows(seen, [(task.due_on or LedgerLine.NO_DAY, task.pk) for task in tasks])


def _first(seen: View, rows: QuerySet[Task]) -> Promise | None:
    found = rows.values_list("due_on", "pk").first()
    return _rows(seen, [(found[0] or LedgerLine.NO_DAY, found[1])])[0] if found else None


def _rows(seen: View, keys: list[tuple[dt.date, int]]) -> list[Promise]:
    ids = [task_id for _, task_id in keys]
    tasks = Task.objects.select_related("plan").in_bulk(ids)
    units, moved, told, notes = _units(ids), _moved(tasks), _told(seen.county, ids), _notes(ids)
    made = []
    for day, task_id in keys:
        task = tasks[task_id]
        mark = clocks.standing(task.state, task.due_on, task.done_on, seen.today, seen.near)
        late = mark == "overdue" and task.due_on is not None
        reported_on, files = told.get(task_id, (None, 0))
        note = notes.get(task_id)
        made.append(
            Promise(
                task_id, task.plan.code, task.code, task.plan.words, task.number + task.sub,
                Words(masked(task.heading_zh, seen.names), masked(task.words.en, seen.names)),
                masked(task.deadline_words, seen.names), task.due_on, moved.get(task_id), mark,
                (seen.today - task.due_on).days if late and task.due_on else 0, task.done_on, units.get(task_id, ()),
                tuple(map(str, task.clause_ids)), reported_on, files,
                masked(note.text, seen.names) if note else "", note.noted_on if note else None,
                f"{day.isoformat()}-{task_id}",
            )
        )  # fmt: skip
    return made


def _units(ids: list[int]) -> dict[int, tuple[UnitPart, ...]]:
    found: dict[int, list[UnitPart]] = {}
    parts = TaskUnit.objects.filter(task_id__in=ids).select_related("unit").order_by("pk")
    for part in parts:
        found.setdefault(part.task_id, []).append(UnitPart(part.unit_id, part.unit.words, part.role))
    return {task_id: tuple(sorted(of, key=lambda u: _WEIGHT[u.role])) for task_id, of in found.items()}


def _moved(tasks: dict[int, Task]) -> dict[int, dt.date]:
    """Return the first promised day of tasks whose day was moved: by an extension, or by a stop that was given back."""
    found: dict[int, dt.date] = {}
    shares = Assignment.objects.filter(task_id__in=tasks, duty__isnull=False)
    for task_id, due_on, events in shares.values_list("task_id", "duty__due_on", "duty__events"):
        if due_on != tasks[task_id].due_on:
            continue
        first = next((e["from"] for e in events if e["kind"] in ("extend", "resume") and e.get("from")), None)
        if first and first != str(due_on):
            day = dt.date.fromisoformat(first)
            found[task_id] = min(day, found.get(task_id, day))
    return found


def _told(county: County, ids: list[int]) -> dict[int, tuple[dt.date, int]]:
    """Return when each task was last reported on, returned reports apart, and how many files were handed in."""
    reports = list(
        Report.objects.filter(assignment__task_id__in=ids)
        .exclude(decision="returned")
        .values_list("pk", "assignment__task_id", "reported_on")
    )
    attached: dict[str, int] = dict(
        Attachment.objects.filter(
            county=county, subject_kind="report", subject_id__in=[str(pk) for pk, _, _ in reports]
        )
        .values_list("subject_id")
        .annotate(n=Count("pk"))
    )
    found: dict[int, tuple[dt.date, int]] = {}
    for pk, task_id, day in reports:
        latest, files = found.get(task_id, (day, 0))
        found[task_id] = (max(latest, day), files + attached.get(str(pk), 0))
    return found


def _notes(ids: list[int]) -> dict[int, PublicNote]:
    return {note.task_id: note for note in PublicNote.objects.filter(task_id__in=ids).order_by("pk")}
