"""How likely a duty is to be late, from what came of past duties that stood as it stands now. Pure.

Among past duties of the same kind that were not finished either when as many working days were left, and on which as
much (or as little) had been reported, the share that was late in the end is the county's mean; one case of each kind is
added, so that no past makes anything certain. The unit's own share is drawn towards it as if the mean were
``prior_weight`` more cases (the mean of a Beta distribution). Nothing else counts: anybody can check a forecast with
pencil and paper from the four figures it keeps.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from luoshi.supervision.outlook.values import ForecastValues

Key = tuple[str, int, bool | None]


@dataclass(frozen=True, slots=True)
class PastCase:
    """One duty whose outcome is known. Days are working days left before its due day; below 0 is after it.

    ``finished_left`` is None for one still open after its day; ``reported_left`` for one on which nothing was reported.
    """

    id: int
    unit_id: int
    kind: str
    opened_left: int
    finished_left: int | None
    reported_left: int | None

    @property
    def late(self) -> bool:
        """Whether its day passed before it was finished."""
        return self.finished_left is None or self.finished_left < 0

    def stood(self, left: int) -> bool:
        """Tell whether it was given and unfinished when so many working days were left."""
        return self.opened_left >= left and (self.finished_left is None or self.finished_left < left)

    def reported(self, left: int) -> bool:
        """Tell whether anything had been reported by then."""
        return self.reported_left is not None and self.reported_left >= left


@dataclass(slots=True)
class Count:
    """How many past cases, and how many of them late."""

    cases: int = 0
    late: int = 0

    def add(self, late: bool) -> None:
        """Count one case."""
        self.cases += 1
        self.late += late

    @property
    def mean(self) -> float:
        """The share late, with one more case of each kind."""
        return (self.late + 1) / (self.cases + 2)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A forecast with all it rests on. ``probability`` is None where the county's past does not suffice.

    ``split`` tells whether the cases are only those with the same standing in reports, or all of the kind.
    """

    probability: float | None
    called_late: bool
    split: bool
    unit: Count
    county: Count


@dataclass(slots=True)
class Past:
    """The past counted for some numbers of days left, once for all duties of a night."""

    values: ForecastValues
    county: dict[Key, Count] = field(default_factory=dict)
    units: dict[tuple[int, Key], Count] = field(default_factory=dict)
    whole: Count = field(default_factory=Count)

    @property
    def base_rate(self) -> float | None:
        """The share late among all past cases, whatever they are."""
        return self.whole.late / self.whole.cases if self.whole.cases else None

    def estimate(self, unit_id: int, kind: str, left: int, reported: bool) -> Estimate:
        """Return the forecast for an unfinished duty of a unit with so many working days left."""
        split = True
        key: Key = (kind, left, reported)
        county = self.county.get(key, Count())
        if county.cases < self.values.least_cases:
            split, key = False, (kind, left, None)
            county = self.county.get(key, Count())
        unit = self.units.get((unit_id, key), Count())
        if county.cases < self.values.least_cases:
            return Estimate(None, False, split, unit, county)
        weight, mean = self.values.prior_weight, county.mean
        probability = (unit.late + weight * mean) / (unit.cases + weight)
        return Estimate(probability, probability >= self.values.call_from, split, unit, county)


def count(cases: Iterable[PastCase], lefts: Iterable[int], values: ForecastValues) -> Past:
    """Count past cases for each of some numbers of working days left."""
    past, wanted = Past(values), sorted(set(lefts))
    for case in cases:
        late = case.late
        past.whole.add(late)
        for left in wanted:
            if case.stood(left):
                for key in ((case.kind, left, case.reported(left)), (case.kind, left, None)):
                    past.county.setdefault(key, Count()).add(late)
                    past.units.setdefault((case.unit_id, key), Count()).add(late)
    return past


def counted(case: PastCase, kind: str, left: int, reported: bool | None) -> bool:
    """Tell whether a past case is one of those a forecast rests on."""
    return case.kind == kind and case.stood(left) and reported in (None, case.reported(left))


def mark_of(left: int, marks: tuple[int, ...]) -> int | None:
    """Return the lowest mark that so many working days left have reached; None while even the first is ahead."""
    return min((mark for mark in marks if left <= mark), default=None)
