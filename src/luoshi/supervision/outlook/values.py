"""The values of this part: dated, read from ``outlook.yaml`` once and checked while they are read. Pure."""

import datetime as dt
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any, TypeVar

import yaml


@dataclass(frozen=True, slots=True)
class ForecastValues:
    """See ``outlook.yaml``; ``marks`` descend, ``call_from`` is a share."""

    from_on: dt.date
    marks: tuple[int, ...]
    prior_weight: float
    least_cases: int
    call_from: float
    past_days: int

    def __post_init__(self) -> None:
        assert self.marks and list(self.marks) == sorted(set(self.marks), reverse=True), "marks descend"
        assert self.marks[-1] >= 0, "marks are working days left"
        assert self.prior_weight > 0 and self.least_cases > 0 and 0 < self.call_from < 1 and self.past_days > 0


@dataclass(frozen=True, slots=True)
class ViewValues:
    """How many views one person may keep."""

    from_on: dt.date
    most: int


@dataclass(frozen=True, slots=True)
class FeedValues:
    """How far back and ahead a calendar feed goes, in days, and how much it holds."""

    from_on: dt.date
    past_days: int
    ahead_days: int
    most_events: int


@dataclass(frozen=True, slots=True)
class WeekValues:
    """How much the week's sheet holds, and after how many working days something is put before the county head."""

    from_on: dt.date
    lines: int
    most: int
    order_after: int
    review_after: int


V = TypeVar("V", ForecastValues, ViewValues, FeedValues, WeekValues)
_KEYS: dict[str, type[Any]] = {
    "forecast": ForecastValues,
    "views": ViewValues,
    "feeds": FeedValues,
    "week": WeekValues,
}


def forecast_on(day: dt.date) -> ForecastValues:
    """Return the values of forecasts in force on a day."""
    return _on(ForecastValues, "forecast", day)


def views_on(day: dt.date) -> ViewValues:
    """Return the values of saved views in force on a day."""
    return _on(ViewValues, "views", day)


def feeds_on(day: dt.date) -> FeedValues:
    """Return the values of calendar feeds in force on a day."""
    return _on(FeedValues, "feeds", day)


def week_on(day: dt.date) -> WeekValues:
    """Return the values of the week's sheet in force on a day."""
    return _on(WeekValues, "week", day)


def _on(kind: type[V], key: str, day: dt.date) -> V:
    in_force = [value for value in _all()[key] if value.from_on <= day]
    return in_force[-1] if in_force else _all()[key][0]


@cache
def _all() -> dict[str, list[Any]]:
    text = resources.files(__package__).joinpath("outlook.yaml").read_text("utf-8")
    return parse(text)


def parse(text: str) -> dict[str, list[Any]]:
    """Return the entries of each key, oldest first; a missing or unknown name is an assertion."""
    data = yaml.safe_load(text)
    assert set(data) == set(_KEYS), f"keys are {sorted(_KEYS)}"
    found: dict[str, list[Any]] = {}
    for key, entries in data.items():
        kind = _KEYS[key]
        names = {f.name for f in fields(kind)}
        assert entries and all(set(entry) == names for entry in entries), f"{key}: each entry has {sorted(names)}"
        rows = [kind(**{n: tuple(v) if isinstance(v, list) else v for n, v in e.items()}) for e in entries]
        assert [r.from_on for r in rows] == sorted({r.from_on for r in rows}), f"{key}: days ascend"
        found[key] = rows
    return found
