"""From facts to a score: every count, excuse and source kept. Pure; what is not a result cannot enter.

A component earns (sum of credits ÷ items) of its weight. Weights of components without items are shared among the
others in proportion. The points of the components stay unrounded; their sum is rounded once, half up, to two places.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from luoshi.core.calendar import Calendar
from luoshi.supervision.scores import standing
from luoshi.supervision.scores.facts import CheckFact, DutyFact, Fact, TargetFact
from luoshi.supervision.scores.scheme import DUE_RESULTS, Component, Scheme
from luoshi.supervision.scores.standing import Period, Standing

_CENT = 100
OF_MILESTONE = {"done_on_time": "target_reached", "done_late": "target_missed", "overdue_now": "target_missed"}
"""A milestone is reached by its day (after excuses) or missed; it is no further thing that was due."""


@dataclass(frozen=True, slots=True)
class Earned:
    """What one component came to: ``earned`` credits of ``items``; points of 100, None where it fell out."""

    component: Component
    items: int
    earned: Fraction
    points: Fraction | None

    def as_json(self) -> dict[str, Any]:
        """Return the figures as they are frozen and exported."""
        return {
            "code": self.component.code, "items": self.items, "earned": str(self.earned),
            "points": None if self.points is None else str(half_up(self.points)),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """A unit's score; None where nothing was counted. ``due`` items decide whether there is enough for a rank."""

    total: Decimal | None
    due: int
    enough: bool
    parts: tuple[Earned, ...]
    lines: tuple[Standing, ...]
    tally: "Counter[tuple[str, int]]"

    def as_json(self) -> dict[str, Any]:
        """Return the figures as they are frozen and exported."""
        counts: Counter[str] = Counter()
        for (result, _), n in self.tally.items():
            counts[result] += n
        return {
            "score": None if self.total is None else str(self.total), "due": self.due, "enough": self.enough,
            "counts": dict(sorted(counts.items())), "parts": [p.as_json() for p in self.parts],
        }  # fmt: skip


def half_up(value: Fraction) -> Decimal:
    """Return a number that is not negative, rounded to two places; half a cent goes up."""
    assert value >= 0, "scores are not negative"
    cents = (value * _CENT + Fraction(1, 2)).__floor__()
    return (Decimal(cents) / _CENT).quantize(Decimal("0.01"))


def score(facts: Sequence[Fact], period: Period, scheme: Scheme, calendar: Calendar) -> Score:
    """Work out one unit's score; ``lines`` stand in the order of the facts."""
    lines = tuple(line(fact, period, calendar) for fact in facts)
    tally: Counter[tuple[str, int]] = Counter()
    for one in lines:
        tally.update(results_of(one))
    return of_tally(tally, scheme, lines)


def of_tally(tally: "Counter[tuple[str, int]]", scheme: Scheme, lines: tuple[Standing, ...] = ()) -> Score:
    """Work out a score from how often each (result, working days late) occurs."""
    sums = [_sum(component, tally) for component in scheme.components]
    present = sum((c.weight for c, (items, _) in zip(scheme.components, sums, strict=True) if items), Fraction(0))
    parts = tuple(
        Earned(c, items, earned, earned / items * c.weight * 100 / present if items else None)
        for c, (items, earned) in zip(scheme.components, sums, strict=True)
    )
    total = half_up(sum((p.points for p in parts if p.points is not None), Fraction(0))) if present else None
    due = sum(n for (result, _), n in tally.items() if result in DUE_RESULTS)
    return Score(total, due, due >= scheme.minimum_due, parts, lines, tally)


def _sum(component: Component, tally: "Counter[tuple[str, int]]") -> tuple[int, Fraction]:
    items, earned = 0, Fraction(0)
    for (result, late), n in tally.items():
        if component.counts(result):
            items += n
            earned += component.credit(result, late) * n
    return items, earned


def line(fact: Fact, period: Period, calendar: Calendar) -> Standing:
    """Decide one fact."""
    if isinstance(fact, DutyFact):
        found = standing.of_duty(fact, period, calendar)
        return (
            replace(found, result=OF_MILESTONE.get(found.result, found.result)) if fact.kind == "milestone" else found
        )
    if any(c.kind == "leave_out" for c in fact.corrections):
        return Standing("left_out")
    if isinstance(fact, CheckFact):
        return _check(fact, period)
    return _target(fact, period)


def _check(fact: CheckFact, period: Period) -> Standing:
    """A unit is found sound where nothing was found, or all that was found was mended in the days given for it."""
    late = any((on or period.to_on) > by for by, on in fact.faults)
    waits = any(on is None or on > period.to_on for _, on in fact.faults)
    result = "check_faulty" if late else "not_due" if waits else "check_sound"
    return Standing(result, done_on=fact.concluded_on)


def _target(fact: TargetFact, period: Period) -> Standing:
    if fact.reached is None or fact.reached_on is None or fact.reached_on > period.to_on:
        return Standing("no_figure")
    met = reaches(fact.reached, fact.op, fact.value)
    return Standing("target_reached" if met else "target_missed", done_on=fact.reached_on)


def reaches(reached: str, op: str, value: str) -> bool:
    """Tell whether a figure satisfies ``op value``; both are decimal text. ``reach`` and ``increase`` mean at least."""
    try:
        a, b = Decimal(reached), Decimal(value)
    except InvalidOperation:
        return False
    met = {"<=": a <= b, ">": a > b, "<": a < b, "=": a == b, "==": a == b}
    return met.get(op, a >= b)


def results_of(one: Standing) -> Iterable[tuple[str, int]]:
    """Return what one line adds to the tally: nothing where it is not counted, its reports where it is."""
    if one.result in standing.UNCOUNTED:
        return
    yield one.result, one.late_days if one.result == "done_late" else 0
    for _ in range(one.returned):
        yield "report_returned", 0
    for _ in range(one.approved):
        yield "report_approved", 0


def would_be(base: Score, one: Standing, scheme: Scheme) -> Decimal | None:
    """Return the score if this item had been done on time, None where that would change nothing."""
    if one.result not in ("done_late", "overdue_now"):
        return None
    tally = base.tally.copy()
    tally[one.result, one.late_days if one.result == "done_late" else 0] -= 1
    tally["done_on_time", 0] += 1
    changed = of_tally(+tally, scheme).total
    return changed if changed != base.total else None
