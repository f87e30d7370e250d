"""How large the house may be. Clauses HOUSE-4.3.2a–f, HOUSE-I-2.1a–f; readings HOUSE-R-25 to R-31.

The floor for one, two and three persons and the common ceiling bind; below the plan's 40 m² a reason is asked for. From
four persons on the bounds go by head. They bind where a house is built or bought; a repair is only warned.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.core.outcome import Granted, Outcome, Reason, refuse
from luoshi.core.words import Words
from luoshi.housing.rules import Rules, Value


@dataclass(frozen=True, slots=True)
class Bounds:
    """Least and most building area in m² for a household, what the plan advises at least, and the clauses."""

    least: float
    most: float
    advised: float
    clauses: tuple[str, ...]


def bounds(persons: int, rules: Rules) -> Bounds:
    """Return the bounds for a household of so many persons (one or more)."""
    if persons >= rules.per_head_from.value:
        low, high = rules.per_head_min, rules.per_head_max
        return Bounds(persons * low.value, persons * high.value, persons * low.value, (low.ground, high.ground))
    low = rules.area_min[min(persons, len(rules.area_min)) - 1]
    return Bounds(
        low.value,
        rules.area_max_small.value,
        max(low.value, rules.area_advised.value),
        _once(low, rules.area_max_small),
    )


def _once(*values: Value) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.ground for value in values))


def decide_area(facts: Mapping[str, Any], rules: Rules) -> Outcome:
    """Answer whether the area in the facts is within the bounds; without an area there is nothing to answer yet."""
    persons, area = facts.get("persons"), facts.get("area_m2")
    if persons is None or area is None:
        return Granted()
    allowed = bounds(persons, rules)
    used = {"persons": persons, "area_m2": area, "least": allowed.least, "most": allowed.most}
    inside = allowed.least <= area <= allowed.most
    if inside and area >= allowed.advised:
        return Granted()
    if inside:
        words = Words(
            f"面积{area:g}平方米低于方案原则上的{allowed.advised:g}平方米，请写明理由。",
            f"{area:g} m² is below the plan's {allowed.advised:g} m² in principle; give a reason.",
        )
        return Granted((Reason("below_advised", words, None, (rules.area_advised.ground,), used),))
    size = Words(
        f"{persons}人户建筑面积应在{allowed.least:g}至{allowed.most:g}平方米之间，现为{area:g}平方米。",
        f"A household of {persons} may have {allowed.least:g} to {allowed.most:g} m²; this is {area:g} m².",
    )
    if facts.get("method") == "repair" and not rules.bounds_bind_repair.value:
        return Granted(
            (Reason("repair_outside_bounds", size, None, (*allowed.clauses, rules.bounds_bind_repair.ground), used),)
        )
    code = "too_small" if area < allowed.least else "too_large"
    return refuse(code, size.zh, size.en, Words("请调整设计面积。", "Change the design."), allowed.clauses, **used)


def outside(persons: NDArray[Any], area: NDArray[Any], repair: NDArray[Any], rules: Rules) -> NDArray[np.int8]:
    """Return -1 where an area is too small, 1 where it is too large, else 0; for whole columns.

    ``persons`` and ``area`` are floats of shape (n,), NaN where not known; ``repair`` says where the method is repair.
    """
    known = ~(np.isnan(persons) | np.isnan(area))
    if not rules.bounds_bind_repair.value:
        known &= ~repair
    people = np.where(known, persons, 1).astype(np.int64)
    by_head = people >= rules.per_head_from.value
    small = np.array([0, *(low.value for low in rules.area_min)])
    least = np.where(by_head, people * rules.per_head_min.value, small[np.minimum(people, len(small) - 1)])
    most = np.where(by_head, people * rules.per_head_max.value, rules.area_max_small.value)
    return np.where(known, (area > most).astype(np.int8) - (area < least), 0).astype(np.int8)
