"""How many tasks stand in which state and colour, by unit, plan, town or stage: read from the maintained tallies."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Case, Count, Q, SmallIntegerField, Sum, When

from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.office.people.models import Place, Unit
from luoshi.office.plans.models import Plan, Stage
from luoshi.supervision import colour_schemes
from luoshi.supervision.models import LedgerLine, Tally
from luoshi.supervision.queries import ledger
from luoshi.supervision.queries.ledger import Wanted
from luoshi.supervision.readables import LEDGER


@dataclass(frozen=True, slots=True)
class Counts:
    """Tasks by colour while open, and by state."""

    overdue: int = 0
    near: int = 0
    behind: int = 0
    on_time: int = 0
    suspended: int = 0
    done: int = 0
    closed: int = 0
    cancelled: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def total(self) -> int:
        """All of them."""
        return sum(getattr(self, f.name) for f in fields(self))


@dataclass(frozen=True, slots=True)
class Line:
    """One unit, plan or town with its counts."""

    id: int
    words: Words
    counts: Counts


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage of a plan with the tasks due within its days; ``standing`` is passed, current or coming."""

    stage: Stage
    first: dt.date | None
    last: dt.date | None
    standing: str
    counts: Counts


def by_plan(actor: Actor, today: dt.date) -> list[Line]:
    """Count the reader's ledger by plan, in the order of the plans."""
    scope = ledger.driver(actor, Wanted())
    if scope is None:
        return []
    counted = _counted(actor.county_id, {"scope": scope[0], "scope_id": scope[1]}, "plan_id", today)
    plans = Plan.objects.filter(county_id=actor.county_id, pk__in=counted).order_by("pk")
    return [Line(plan.pk, plan.words, counted[plan.pk]) for plan in plans]


def by_unit(actor: Actor, today: dt.date) -> list[Line]:
    """Count the ledgers of the units the reader may read, those with most overdue tasks first."""
    units = Unit.objects.filter(county_id=actor.county_id)
    grant = LEDGER.grants.get(actor.role)
    if grant is None:
        return []
    if grant != "county":
        mine = Q(pk=actor.unit_id or 0)
        if grant == "place" and actor.place_path:
            mine |= Q(place__path=actor.place_path) | Q(place__path__startswith=f"{actor.place_path}/")
        units = units.filter(mine)
    return _of_scope(actor, today, LedgerLine.UNIT, {unit.pk: unit.words for unit in units})


def by_town(actor: Actor, today: dt.date) -> list[Line]:
    """Count the ledgers of the towns the reader may read; a reader of one unit reads no town."""
    towns = Place.objects.filter(county_id=actor.county_id, kind="town")
    grant = LEDGER.grants.get(actor.role)
    if grant != "county":
        towns = towns.filter(path=actor.place_path or "-") if grant == "place" else towns.none()
    return _of_scope(actor, today, LedgerLine.TOWN, {t.pk: Words(t.name_zh, t.name_en) for t in towns})


def staged_plans(county_id: int) -> list[Plan]:
    """Return the plans that have stages."""
    return list(Plan.objects.filter(county_id=county_id, stages__isnull=False).distinct().order_by("pk"))


def by_stage(actor: Actor, plan: Plan, today: dt.date) -> list[StageLine]:
    """Count the tasks of a plan that are due within each of its stages, in the reader's ledger."""
    scope = ledger.driver(actor, Wanted())
    if scope is None:
        return []
    rows = LedgerLine.objects.filter(
        county_id=actor.county_id, scope=scope[0], scope_id=scope[1], plan=plan, due_on__lt=LedgerLine.NO_DAY
    )
    missed = Case(When(missed_on__lt=today, then=1), default=0, output_field=SmallIntegerField())
    marks = colour_schemes.day_of(actor.county_id, today)
    days: dict[dt.date, Counts] = defaultdict(Counts)
    found: Any = LEDGER.visible(actor, rows).order_by().annotate(missed=missed)
    for due_on, state, late, n in found.values_list("due_on", "state", "missed").annotate(n=Count("pk")):
        name = marks.standing("open", due_on, None, due_on.min if late else None) if state == "open" else state
        days[due_on] += Counts(**{name: n})
    return [_staged(stage, before, days, today) for stage, before in _with_before(plan)]


def _with_before(plan: Plan) -> list[tuple[Stage, Stage | None]]:
    stages = list(plan.stages.order_by("order", "pk"))
    return list(zip(stages, [None, *stages[:-1]], strict=True))


def _staged(stage: Stage, before: Stage | None, days: dict[dt.date, Counts], today: dt.date) -> StageLine:
    """A stage without a printed first day begins when the one before it ends, or with the plan."""
    first = stage.from_on
    if first is None and before is not None and before.until_on is not None and before.until_on != stage.until_on:
        first = before.until_on + dt.timedelta(days=1)
    last = stage.until_on
    if last is not None and last < today:
        standing = "passed"
    elif first is not None and first > today:
        standing = "coming"
    else:
        standing = "current"
    inside = [n for day, n in days.items() if (first is None or first <= day) and (last is None or day <= last)]
    dated = first is not None or last is not None
    return StageLine(stage, first, last, standing, sum(inside, Counts()) if dated else Counts())


def _of_scope(actor: Actor, today: dt.date, scope: int, names: dict[int, Words]) -> list[Line]:
    which: dict[str, Any] = {"scope": scope}
    if LEDGER.grants.get(actor.role) != "county":
        which["scope_id__in"] = list(names)
    counted = _counted(actor.county_id, which, "scope_id", today)
    lines = [Line(pk, names[pk], counts) for pk, counts in counted.items() if pk in names]
    return sorted(lines, key=lambda line: (-line.counts.overdue, -line.counts.near, -line.counts.total, line.id))


def _counted(county_id: int, which: dict[str, Any], key: str, today: dt.date) -> dict[int, Counts]:
    """Sum the tallies; what missed a milestone is counted among the few lines that have one, and taken out of them."""
    marks = colour_schemes.day_of(county_id, today)
    conditions = {
        "overdue": Q(state="open", due_on__lt=today),
        "near": Q(state="open", due_on__gte=today, due_on__lte=marks.near),
        "on_time": Q(state="open", due_on__gt=max(marks.near, today - dt.timedelta(days=1))),
        **{state: Q(state=state) for state in ("suspended", "done", "closed", "cancelled")},
    }
    sums: Any = {name: Sum("lines", filter=condition) for name, condition in conditions.items()}
    tallies: Any = Tally.objects.filter(county_id=county_id, **which).order_by().values(key).annotate(**sums)
    counted = {row[key]: {name: int(row[name] or 0) for name in conditions} for row in tallies}
    if marks.scheme.rule("milestone_missed") is not None:
        lines: Any = LedgerLine.objects.filter(
            county_id=county_id, state="open", due_on__gte=today, missed_on__isnull=False, missed_on__lt=today, **which
        )
        near = Count("pk", filter=Q(due_on__lte=marks.near))
        for pk, whole, soon in lines.order_by().values_list(key).annotate(whole=Count("pk"), soon=near):
            first, row = (soon if marks.scheme.milestone_first else 0), counted[pk]
            row["near"], row["on_time"] = row["near"] - first, row["on_time"] - (whole - soon)
            row["behind"] = first + whole - soon
    found = {pk: Counts(**row) for pk, row in counted.items()}
    return {pk: counts for pk, counts in found.items() if counts.total}
