"""What the week's sheet holds: this week from today's rows, a past week from rows as they stood at its end."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import Any, Protocol

from django.db.models import Count, F, Min, Q, QuerySet

from luoshi.core.calendar import default_calendar
from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.office.duties.models import Duty
from luoshi.office.people.models import Unit
from luoshi.office.plans.models import Task
from luoshi.supervision import colour_schemes
from luoshi.supervision.models import Assignment, LedgerLine, Report
from luoshi.supervision.outlook.gantt_drawn import stops_of
from luoshi.supervision.outlook.models import Forecast
from luoshi.supervision.outlook.queries import counts
from luoshi.supervision.outlook.values import WeekValues
from luoshi.supervision.outlook.week_rules import Days, Decision, Grounds, Late, Said, ShareNow, decisions, why
from luoshi.supervision.queries import as_of, ledger, ledger_as_of
from luoshi.supervision.queries.ledger import LedgerRow, Wanted
from luoshi.supervision.readables import ASSIGNMENT, REPORT

WAITING = ("assigned", "reported", "returned", "suspended")
LISTS = ("promised", "kept", "kept_late", "open", "late", "coming", "stopped")
OVER = ("done", "closed")
_END = "9" * 17
Key = tuple[Any, ...]


class Source(Protocol):
    """Where a week's rows come from."""

    def keys(self, wanted: Wanted) -> Iterator[Key]: ...
    def rows(self, keys: list[Key]) -> list[LedgerRow]: ...
    def outcomes(self, first: dt.date, last: dt.date) -> Counter[str]: ...
    def unfinished(self, first: dt.date, last: dt.date, size: int) -> tuple[list[LedgerRow], int]: ...


@dataclass(frozen=True, slots=True)
class Present:
    """Today's ledger."""

    actor: Actor
    marks: colour_schemes.Day
    most: int

    def keys(self, wanted: Wanted) -> Iterator[Key]:
        """Yield the keys of what matches, in order."""
        yield from ledger.ordered(self.actor, wanted, self.marks.today)[: self.most + 1]

    def rows(self, keys: list[Key]) -> list[LedgerRow]:
        """Return the rows of some keys."""
        return list(ledger.rows_of(keys, self.marks))

    def outcomes(self, first: dt.date, last: dt.date) -> Counter[str]:
        """Count what came of all that is due within some days, in one query."""
        late = Count("pk", filter=Q(task__done_on__gt=F("due_on")))
        found: Counter[str] = Counter()
        rows: Any = self._due(first, last).order_by().values_list("state").annotate(n=Count("pk"), late=late)
        for state, n, too_late in rows:
            if state in OVER:
                found["kept"] += n - too_late
                found["kept_late"] += too_late
            else:
                found["stopped" if state == "suspended" else "open"] += n
        return Counter({name: n for name, n in found.items() if n})

    def unfinished(self, first: dt.date, last: dt.date, size: int) -> tuple[list[LedgerRow], int]:
        """Return the first unfinished tasks due within some days, and how many there are."""
        lines = self._due(first, last).exclude(state__in=OVER)
        keys = lines.order_by("due_on", "task_id").values_list("due_on", "task_id")
        return self.rows(list(keys[:size])), lines.count()

    def _due(self, first: dt.date, last: dt.date) -> QuerySet[LedgerLine]:
        lines = ledger.lines(self.actor, Wanted(), self.marks.today).exclude(state="cancelled")
        return lines.filter(due_on__gte=first, due_on__lte=last)


@dataclass(frozen=True, slots=True)
class Past:
    """The ledger of a past day, rebuilt."""

    then: ledger_as_of.Then
    most: int

    def keys(self, wanted: Wanted) -> Iterator[Key]:
        """Yield the keys of what matched, in order."""
        return self.then.keys(wanted)

    def rows(self, keys: list[Key]) -> list[LedgerRow]:
        """Return the rows of some keys."""
        return self.then.rows(keys)

    def outcomes(self, first: dt.date, last: dt.date) -> Counter[str]:
        """Count what had come of what was due within some days, up to ``most``."""
        return Counter(outcome(row) for row in between(self, first, last, self.most)[: self.most])

    def unfinished(self, first: dt.date, last: dt.date, size: int) -> tuple[list[LedgerRow], int]:
        """Return the first tasks that were unfinished and due within some days, and how many there were."""
        rows = [row for row in between(self, first, last, self.most) if row.state not in OVER]
        return rows[:size], len(rows)


@dataclass(frozen=True, slots=True)
class Item:
    """One task on the sheet, with why it stands as it stands."""

    row: LedgerRow
    why: Words


@dataclass(frozen=True, slots=True)
class Wait:
    """How many shares wait in one state at one unit, since when."""

    state: str
    unit: Unit
    shares: int
    since: dt.date


@dataclass(slots=True)
class Week:
    """The whole sheet. ``capped`` names the lists that hold more than was counted."""

    days: Days
    promised: Counter[str] = field(default_factory=Counter)
    unkept: list[Item] = field(default_factory=list)
    late: list[Item] = field(default_factory=list)
    late_total: int = 0
    coming: list[LedgerRow] = field(default_factory=list)
    coming_total: int = 0
    waits: list[Wait] | None = None
    decisions: list[Decision] = field(default_factory=list)
    capped: frozenset[str] = frozenset()


def source(actor: Actor, days: Days, today: dt.date, values: WeekValues) -> Source:
    """Return today's ledger for the running week, the rebuilt one for a past week."""
    if days.shown_on >= today:
        return Present(actor, colour_schemes.day_of(actor.county_id, today), values.most)
    return Past(ledger_as_of.look(actor, Wanted(), days.shown_on), values.most)


def between(found: Source, first: dt.date, last: dt.date, most: int) -> list[LedgerRow]:
    """Return what is due within some days, one more than ``most`` at the most; cancelled tasks left out."""
    wanted = Wanted(cursor=f"{first - dt.timedelta(days=1)}_{_END}")
    keys = islice(takewhile(lambda key: key[0] <= last, found.keys(wanted)), most + 1)
    return [row for row in found.rows(list(keys)) if row.state != "cancelled"]


def listed(found: Source, days: Days, what: str, most: int) -> list[LedgerRow]:
    """Return all tasks behind one figure of the sheet."""
    if what == "late":
        return found.rows(list(islice(found.keys(Wanted(standing="overdue")), most)))
    if what == "stopped":
        return found.rows(list(islice(found.keys(Wanted(state="suspended")), most)))
    if what == "coming":
        return [row for row in between(found, days.next_first, days.next_last, most) if row.state not in OVER]
    rows = between(found, days.first, days.last, most)
    if what == "promised":
        return rows
    return [row for row in rows if outcome(row) == what]


def outcome(row: LedgerRow) -> str:
    """Return what came of a promise: kept, kept_late, stopped or open."""
    return {"done": "kept", "done_late": "kept_late", "suspended": "stopped"}.get(row.standing, "open")


def sheet(actor: Actor, days: Days, today: dt.date, values: WeekValues) -> Week:
    """Put the sheet together: its cost follows what is due within two weeks and what is listed."""
    found, most = source(actor, days, today, values), values.most
    week = Week(days)
    week.promised = found.outcomes(days.first, days.last)
    late_keys = list(islice(found.keys(Wanted(standing="overdue")), most + 1))
    late = found.rows(late_keys[: values.lines])
    coming, coming_total = found.unfinished(days.next_first, days.next_last, values.lines)
    unkept, _ = found.unfinished(days.first, days.last, values.lines)
    shares = shares_on(actor.county_id, [row.task_id for row in (*late, *unkept)], days.shown_on, today)
    week.late, week.unkept = ([Item(r, why(shares.get(r.task_id, []))) for r in rows] for rows in (late, unkept))
    week.late_total, week.coming, week.coming_total = min(len(late_keys), most), coming, coming_total
    past = isinstance(found, Past)
    sizes = {
        "promised": week.promised.total() + 1 if past else 0,
        "late": len(late_keys),
        "coming": coming_total * past,
    }
    week.capped = frozenset(name for name, size in sizes.items() if size > most)
    week.waits = _waits_now(actor) if days.shown_on >= today else _waits_then(actor, found, days.shown_on, most)
    week.decisions = decisions(_grounds(actor, found, week, today, values), days.shown_on, values)
    return week


def shares_on(county_id: int, task_ids: list[int], day: dt.date, today: dt.date) -> dict[int, list[ShareNow]]:
    """Return the shares of tasks as they stood at the end of a day, with the last report of each."""
    if day >= today:
        rows = list(Assignment.objects.filter(task_id__in=task_ids).select_related("unit", "duty").order_by("pk"))
    else:
        tasks = Task.objects.filter(county_id=county_id, pk__in=task_ids)
        rows = [share for _, given in as_of.tasks(county_id, tasks, day).values() for share in given]
    said = _last_said([share.pk for share in rows], day)
    stops = _stops(rows, day)
    found: dict[int, list[ShareNow]] = {}
    for share in rows:
        stopped_on, reason = stops.get(share.pk, (None, ""))
        one = ShareNow(share.unit.words, share.state, share.assigned_on, said.get(share.pk), stopped_on, reason)
        found.setdefault(share.task_id, []).append(one)
    return found


def _last_said(share_ids: list[int], day: dt.date) -> dict[int, Said]:
    found: dict[int, Said] = {}
    rows = Report.objects.filter(assignment_id__in=share_ids, reported_on__lte=day).order_by("number")
    for row in rows:
        decided = row.decided_on is not None and row.decided_on <= day
        found[row.assignment_id] = Said(
            row.reported_on,
            row.text,
            row.percent,
            row.decision if decided else "",
            row.reason if decided else "",
            row.kind == "done" and decided and row.decision == "approved",
        )
    return found


def _stops(shares: list[Assignment], day: dt.date) -> dict[int, tuple[dt.date, str]]:
    ids = [str(share.pk) for share in shares if share.state == "suspended"]
    if not ids:
        return {}
    found: dict[int, tuple[dt.date, str]] = {}
    rows = Duty.objects.filter(county_id=shares[0].county_id, subject_kind="assignment", subject_id__in=ids)
    for subject, events in rows.values_list("subject_id", "events"):
        for event in events:
            if event["kind"] == "suspend" and event["on"] <= day.isoformat():
                found[int(subject)] = dt.date.fromisoformat(event["on"]), event["reason"]["zh"]
    return found


def _waits_now(actor: Actor) -> list[Wait]:
    rows: Any = ASSIGNMENT.visible(actor, Assignment.objects.filter(state__in=WAITING)).order_by()
    found = {
        (r["state"], r["unit_id"]): (r["n"], r["since"])
        for r in rows.values("state", "unit_id").annotate(n=Count("pk"), since=Min("assigned_on"))
    }
    reports: Any = REPORT.visible(actor, Report.objects.filter(kind="done", decision="")).order_by()
    for unit_id, since in reports.values_list("assignment__unit_id").annotate(since=Min("reported_on")):
        if ("reported", unit_id) in found:
            found["reported", unit_id] = found["reported", unit_id][0], since
    units = Unit.objects.in_bulk({unit_id for _, unit_id in found})
    return _sorted(Wait(state, units[unit_id], n, since) for (state, unit_id), (n, since) in found.items())


def _waits_then(actor: Actor, found: Source, day: dt.date, most: int) -> list[Wait] | None:
    """Rebuild who waited for whom; None where there are too many tasks to rebuild them one by one."""
    keys = list(islice(found.keys(Wanted(state="open")), most + 1))
    keys += list(islice(found.keys(Wanted(state="suspended")), most + 1))
    if len(keys) > most:
        return None
    tasks = [task for some in as_of.pieces(key[-1] for key in keys) for task in Task.objects.filter(pk__in=some)]
    shares = [s for _, given in as_of.tasks(actor.county_id, tasks, day).values() for s in given if s.state in WAITING]
    said = _last_said([s.pk for s in shares if s.state == "reported"], day)
    numbers: Counter[tuple[str, int]] = Counter()
    since: dict[tuple[str, int], dt.date] = {}
    for share in shares:
        key = share.state, share.unit_id
        numbers[key] += 1
        begun = said[share.pk].on if share.pk in said else share.assigned_on
        since[key] = min(since.get(key, begun), begun)
    units = Unit.objects.in_bulk({unit_id for _, unit_id in numbers})
    return _sorted(Wait(state, units[unit], n, since[state, unit]) for (state, unit), n in numbers.items())


def _sorted(waits: Iterator[Wait]) -> list[Wait]:
    return sorted(waits, key=lambda w: (WAITING.index(w.state), -w.shares, w.since, w.unit.pk))


def _grounds(actor: Actor, found: Source, week: Week, today: dt.date, values: WeekValues) -> Grounds:
    late = [Late(i.row.task_id, i.row.heading, i.row.due_on, i.why) for i in week.late if i.row.due_on is not None]
    reviews = [w for w in week.waits or [] if w.state == "reported"]
    day = week.days.shown_on
    worst = next(iter(counts.by_unit(actor, today)), None) if day >= today else None
    return Grounds(
        late=late,
        stopped=_longest_stop(actor, found, values, day, today),
        waiting=(sum(w.shares for w in reviews), min(w.since for w in reviews)) if reviews else None,
        worst=(worst.id, worst.words, worst.counts.overdue) if worst else None,
        likely=_likely(actor, week.days),
        calendar=default_calendar(),
    )


def _longest_stop(
    actor: Actor, found: Source, values: WeekValues, day: dt.date, today: dt.date
) -> tuple[int, int, Words, dt.date] | None:
    rows = listed(found, Days(day, day, day), "stopped", values.most)
    if not rows:
        return None
    since: dict[int, dt.date] = {}
    duties = Duty.objects.filter(county_id=actor.county_id, task_id__in=[row.task_id for row in rows])
    for task_id, events in duties.values_list("task_id", "events"):
        begun = [first for first, last in stops_of(events) if first <= day and (last is None or last > day)]
        if begun and task_id is not None:
            since[task_id] = min([*begun, since.get(task_id, begun[0])])
    stopped = [(since[row.task_id], row) for row in rows if row.task_id in since]
    if not stopped:
        return None
    first, row = min(stopped, key=lambda pair: (pair[0], pair[1].task_id))
    return len(rows), row.task_id, row.heading, first


def _likely(actor: Actor, days: Days) -> tuple[int, Words, int] | None:
    """Return how many duties of the coming week were called likely late by the newest forecast of then."""
    rows = Forecast.objects.filter(
        county_id=actor.county_id, due_on__gte=days.next_first, due_on__lte=days.next_last,
        made_on__lte=days.shown_on, probability__isnull=False,
    )  # fmt: skip
    newest: dict[int, tuple[bool, int]] = {}
    for duty_id, called, unit_id in rows.order_by("made_on", "pk").values_list("duty_id", "called_late", "unit_id"):
        newest[duty_id] = called, unit_id
    units = Counter(unit_id for called, unit_id in newest.values() if called)
    if not units:
        return None
    unit_id = min(units, key=lambda pk: (-units[pk], pk))
    return unit_id, Unit.objects.get(pk=unit_id).words, sum(units.values())
