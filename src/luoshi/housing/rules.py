"""The values that housing decisions use, as in force on one day, each with its ground. Pure."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import register

SUBJECT = "housing"


@dataclass(frozen=True, slots=True)
class Value:
    """A value and the clause or recorded reading it rests on."""

    value: Any
    ground: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds on a day. Areas in m² of building area, money in yuan."""

    groups_count: Value
    ordinary_eligible: Value
    grades: tuple[str, ...]
    grades_ground: str
    intensity_min: Value
    dwellings: Value
    area_min: tuple[Value, Value, Value]
    area_advised: Value
    area_max_small: Value
    per_head_from: Value
    per_head_min: Value
    per_head_max: Value
    bounds_bind_repair: Value
    d_needs_opinion: Value
    subsidy_yuan: Value


def packaged(day: dt.date) -> Rules:
    """Return the packaged rules in force on a day; a day before the plan is a ``Problem``."""
    return rules(day, lambda key: register.value_on(SUBJECT, key, day))


def rules(day: dt.date, found: Callable[[str], Any]) -> Rules:
    """Put the rules together from a look-up of values by key; it raises ``KeyError`` where none is in force."""

    def one(key: str) -> Value:
        value = found(key)
        return Value(value.value, value.clause or value.reading or value.law)

    try:
        grades = one("grades")
        return Rules(
            groups_count=one("groups_count"),
            ordinary_eligible=one("ordinary_households_eligible"),
            grades=tuple(grades.value),
            grades_ground=grades.ground,
            intensity_min=one("seismic_intensity_min"),
            dwellings=one("seismic_dwellings"),
            area_min=(one("area_min.persons_1"), one("area_min.persons_2"), one("area_min.persons_3")),
            area_advised=one("area_advised_min.persons_1_to_3"),
            area_max_small=one("area_max.persons_1_to_3"),
            per_head_from=one("per_head_rule_from_persons"),
            per_head_min=one("area_per_head_min"),
            per_head_max=one("area_per_head_max"),
            bounds_bind_repair=one("area_bounds_bind_repair"),
            d_needs_opinion=one("d_grade_reinforcement_needs_opinion"),
            subsidy_yuan=one("subsidy_yuan"),
        )
    except KeyError as fault:
        raise Problem(
            "--as-of",
            Words(f"{day} 还没有生效的危房改造规定。", f"No housing rules are in force on {day}."),
            Words(
                "请给出方案施行以后的日期，例如 2023-04-25。",
                "Give a day after the plan came into force, e.g. 2023-04-25.",
            ),
        ) from fault
