"""Forecasts in force, the cases one of them rests on, and how right the settled ones were."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, FloatField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Floor

from luoshi.core.calendar import default_calendar
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.office.people.models import Unit
from luoshi.supervision.outlook import forecast, values
from luoshi.supervision.outlook.models import Forecast
from luoshi.supervision.outlook.queries import cases
from luoshi.supervision.outlook.readables import FORECAST
from luoshi.supervision.queries.row_values import RowCompared

PAGE = 50
BANDS = 10


def current(actor: Actor, unit_id: int | None = None) -> QuerySet[Forecast]:
    """Return the newest forecasts of duties not yet due that the actor may read."""
    rows = FORECAST.visible(actor, Forecast.objects.filter(current=True, duty__state="open"))
    return rows.filter(unit_id=unit_id) if unit_id is not None else rows


def page(actor: Actor, unit_id: int | None, after: str) -> tuple[list[Forecast], str]:
    """Return one page, the likeliest to be late first, and the key of the next page (empty at the end)."""
    rows = current(actor, unit_id).filter(probability__isnull=False)
    if after:
        likelihood, pk = _place(after)
        rows = rows.filter(RowCompared(("probability", "pk"), "<", (likelihood, pk)))
    found = list(rows.select_related("duty", "unit").order_by("-probability", "-pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    return found, f"{found[-1].probability!r}_{found[-1].pk}" if more else ""


def _place(after: str) -> tuple[float, int]:
    likelihood, _, pk = after.partition("_")
    try:
        found = float(likelihood), int(pk)
        if not 0 <= found[0] <= 1 or len(pk) > 18:
            raise ValueError(after)
        return found
    except ValueError as fault:
        raise Problem(
            "after",
            Words("翻页位置不对。", "This is no place in the list."),
            Words("请从第一页看起。", "Start from the first page."),
        ) from fault


def cases_of(row: Forecast, limit: int) -> tuple[list[forecast.PastCase], int]:
    """Return the unit's past cases a forecast rests on, newest first, and how many there are, by today's records."""
    scheme = values.forecast_on(row.made_on)
    reported = row.reported if row.split else None
    found = [
        case
        for case in cases.past(row.county_id, row.made_on, scheme, default_calendar(), row.unit_id)
        if forecast.counted(case, row.kind, row.days_left, reported)
    ]
    return list(reversed(found[-limit:])), len(found)


@dataclass(slots=True)
class Score:
    """How right some forecasts were. Sums; a Brier score is the mean squared distance from what came (0 is best)."""

    n: int = 0
    late: int = 0
    called: int = 0
    called_and_late: int = 0
    likelihood: float = 0.0
    squares: float = 0.0
    base_squares: float = 0.0

    def add(self, row: dict[str, Any]) -> None:
        """Add one group of forecasts."""
        self.n += row["n"]
        self.late += row["late"]
        self.called += row["called"]
        self.called_and_late += row["hit"]
        self.likelihood += row["likelihood"]
        self.squares += row["squares"]
        self.base_squares += row["base"]

    @property
    def brier(self) -> float | None:
        """The Brier score."""
        return self.squares / self.n if self.n else None

    @property
    def base_brier(self) -> float | None:
        """The Brier score of always saying the share late known on the day."""
        return self.base_squares / self.n if self.n else None

    @property
    def hits(self) -> float | None:
        """Of those called likely late, the share that were."""
        return self.called_and_late / self.called if self.called else None

    @property
    def found(self) -> float | None:
        """Of those that were late, the share that had been called."""
        return self.called_and_late / self.late if self.late else None


@dataclass(slots=True)
class Accuracy:
    """The scores of settled forecasts: all, by likelihood in tenths, by days ahead, by unit; others only counted."""

    whole: Score
    bands: dict[int, Score]
    marks: dict[int, Score]
    units: dict[int, Score]
    names: dict[int, Words]
    open: int = 0
    void: int = 0
    unknown: int = 0


def accuracy(actor: Actor, since: dt.date) -> Accuracy:
    """Score the forecasts of duties due from a day on, in two passes over their records."""
    rows = FORECAST.visible(actor, Forecast.objects.filter(due_on__gte=since)).order_by()
    late = Case(When(outcome="late", then=Value(1.0)), default=Value(0.0), output_field=FloatField())
    settled: Any = rows.filter(outcome__in=("late", "in_time"), probability__isnull=False)
    missed = F("probability") - F("was")
    base_missed = F("base_rate") - F("was")
    groups: Any = (
        settled.annotate(band=Floor(F("probability") * BANDS), was=late)
        .values("unit_id", "mark", "band")
        .annotate(
            n=Count("pk"),
            late=Count("pk", filter=Q(outcome="late")),
            called=Count("pk", filter=Q(called_late=True)),
            hit=Count("pk", filter=Q(called_late=True, outcome="late")),
            likelihood=Sum("probability"),
            squares=Sum(missed * missed),
            base=Sum(base_missed * base_missed),
        )
    )
    found = Accuracy(Score(), defaultdict(Score), defaultdict(Score), defaultdict(Score), {})
    for row in groups:
        found.whole.add(row)
        found.bands[min(int(row["band"]), BANDS - 1)].add(row)
        found.marks[row["mark"]].add(row)
        found.units[row["unit_id"]].add(row)
    found.names = {unit.pk: unit.words for unit in Unit.objects.filter(pk__in=found.units)}
    others: Any = rows.aggregate(
        waiting=Count("pk", filter=Q(outcome="", probability__isnull=False)),
        void=Count("pk", filter=Q(outcome="void")),
        unknown=Count("pk", filter=Q(probability__isnull=True)),
    )
    found.open, found.void, found.unknown = others["waiting"], others["void"], others["unknown"]
    return found
