"""The cockpit's figures: what is late, next, and waiting, by plan, unit and town, in a handful of set-based queries.

What is counted are duties, because every clock in the county ends in one: a task that three units share, or a monthly
report, is as many duties as there are days to keep. Only duties the actor may read are counted.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from luoshi.core.calendar import default_calendar
from luoshi.office.access import Actor
from luoshi.office.duties.models import Duty
from luoshi.office.duties.schedule import Scheme
from luoshi.office.people.models import Place, Unit
from luoshi.office.plans.models import Plan
from luoshi.supervision.readables import DUTY

WEEK_DAYS = 7
WAITING = ("assigned", "reported", "returned", "suspended")
STATES = ("overdue", "near", "week", "suspended", "open")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many duties are open, of them late, near, due within the week (today included); how many are suspended."""

    open: int = 0
    overdue: int = 0
    near: int = 0
    week: int = 0
    suspended: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, f) + getattr(other, f) for f in self.__slots__))


@dataclass(frozen=True, slots=True)
class Cell:
    """The counts of one plan in one unit; ``plan_id`` is None for duties outside any plan."""

    plan_id: int | None
    unit_id: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class Line:
    """The counts of one plan, unit or town."""

    subject: Plan | Unit | Place
    counts: Counts


@dataclass(frozen=True, slots=True)
class Waiting:
    """Shares that wait in one state in one unit, since when at the earliest."""

    state: str
    unit: Unit
    shares: int
    since: dt.date


@dataclass(frozen=True, slots=True)
class Days:
    """The days the cockpit asks about: ``near_until`` is the last day that counts as near."""

    today: dt.date
    near_until: dt.date
    week_until: dt.date

    @classmethod
    def of(cls, today: dt.date) -> "Days":
        """Work the days out from today; near ends before one working day more than the scheme allows is left."""
        beyond = default_calendar().add_working_days(today, Scheme().near_working_days + 1)
        return cls(today, beyond - dt.timedelta(days=1), today + dt.timedelta(days=WEEK_DAYS - 1))

    def condition(self, state: str) -> Q:
        """Return what makes a duty count under one of ``STATES``."""
        is_open = Q(state="open")
        return {
            "overdue": is_open & Q(due_on__lt=self.today),
            "near": is_open & Q(due_on__gte=self.today, due_on__lte=self.near_until),
            "week": is_open & Q(due_on__gte=self.today, due_on__lte=self.week_until),
            "suspended": Q(state="suspended"),
            "open": is_open,
        }[state]


def duties(actor: Actor) -> QuerySet[Duty]:
    """Return the running duties the actor may read."""
    return DUTY.visible(actor, Duty.objects.filter(state__in=("open", "suspended")))


def cells(actor: Actor, days: Days) -> list[Cell]:
    """Return the counts of every plan × unit that has running duties, from one query."""
    wanted = {state: Count("pk", filter=days.condition(state)) for state in STATES}
    # "open" would hide nothing, but an annotation may not carry the name of a field it also filters by.
    rows: Any = (
        duties(actor).order_by().values("task__plan_id", "unit_id").annotate(**{f"n_{k}": v for k, v in wanted.items()})
    )
    return [Cell(r["task__plan_id"], r["unit_id"], Counts(**{s: r[f"n_{s}"] for s in STATES})) for r in rows]


def by_plan(found: list[Cell]) -> list[Line]:
    """Fold the cells by plan, in the order in which the plans came."""
    plans = Plan.objects.in_bulk({c.plan_id for c in found if c.plan_id})
    return [Line(plans[k], n) for k, n in sorted(_folded({c: c.plan_id for c in found}).items())]


def by_unit(found: list[Cell]) -> list[Line]:
    """Fold the cells by unit, those with most late duties first."""
    units = Unit.objects.in_bulk({c.unit_id for c in found})
    return _worst_first(Line(units[k], n) for k, n in _folded({c: c.unit_id for c in found}).items())


def by_town(found: list[Cell]) -> list[Line]:
    """Fold the cells by the town in which the unit stands; units of the county itself stand in none."""
    units = Unit.objects.select_related("place__parent").in_bulk({c.unit_id for c in found})
    towns = {pk: _town(unit) for pk, unit in units.items()}
    by_id = {t.pk: t for t in towns.values() if t}
    folded = _folded({c: t.pk if (t := towns[c.unit_id]) else None for c in found})
    return _worst_first(Line(by_id[k], n) for k, n in folded.items())


def listed(actor: Actor, days: Days, state: str, limit: int) -> list[Duty]:
    """Return the first duties of a state, the earliest day first."""
    return list(ordered(duties(actor).filter(days.condition(state)))[:limit])


def ordered(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """Return the duties by day, with what a line shows."""
    return rows.select_related("unit", "task__plan", "assignment").order_by("due_on", "pk")


def waiting(actor: Actor) -> list[Waiting]:
    """Return what waits and at whom: not accepted, under review, returned, suspended."""
    shares = duties(actor).order_by().filter(assignment__state__in=WAITING).values("assignment__state", "unit_id")
    rows = list(shares.annotate(n=Count("pk"), since=Min("assignment__assigned_on")))
    units = Unit.objects.in_bulk({r["unit_id"] for r in rows})
    made = [Waiting(r["assignment__state"], units[r["unit_id"]], r["n"], r["since"]) for r in rows]
    return sorted(made, key=lambda w: (WAITING.index(w.state), -w.shares, w.since, w.unit.code))


def _folded(keyed: Mapping[Cell, int | None]) -> dict[int, Counts]:
    folded: dict[int, Counts] = {}
    for cell, key in keyed.items():
        if key is not None:
            folded[key] = folded.get(key, Counts()) + cell.counts
    return folded


def _town(unit: Unit) -> Place | None:
    place = unit.place
    while place is not None and place.kind == "village":
        place = place.parent
    return place if place is not None and place.kind == "town" else None


def _worst_first(lines: Any) -> list[Line]:
    return sorted(
        lines, key=lambda line: (-line.counts.overdue, -line.counts.near, -line.counts.open, line.subject.code)
    )
