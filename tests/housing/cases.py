"""Households drawn at random, and a second reading of the plan written without tables, to compare with."""

import datetime as dt
import random
from typing import Any

from luoshi.housing.facts import ASKED

DAY = dt.date(2023, 5, 10)


def drawn(chance: random.Random, unknown: float = 0.1) -> dict[str, Any]:
    """Draw one household; each fact is left unknown with the given probability."""
    found: dict[str, Any] = {}
    for asked in ASKED:
        if chance.random() < unknown:
            continue
        match asked.kind:
            case "yes_no":
                found[asked.name] = chance.random() < 0.5
            case "code":
                found[asked.name] = chance.choice(asked.codes)
            case "day":
                found[asked.name] = dt.date(2023, 1, 1) + dt.timedelta(days=chance.randrange(300))
            case _:
                found[asked.name] = {"persons": chance.randint(1, 8), "dwellings": chance.randint(0, 3),
                                     "intensity": chance.choice([6, 7, 8]), "area_m2": chance.randint(10, 150)}[asked.name]  # fmt: skip
    return found


def failing(f: dict[str, Any]) -> set[str]:
    """Return the codes that the plan's words refuse a household for, where every fact is known."""
    seismic = f["route"] == "seismic"
    return _group(f) | _house(f, seismic) | _help(f) | _papers(f) | _branch(f, seismic) | _works(f, seismic)


def _group(f: dict[str, Any]) -> set[str]:
    rural, civil = "rural_revitalisation", "civil_affairs"
    certifier = {"prone_to_poverty": rural, "hardship": rural, "lifted": rural, "subsistence": civil,
                 "destitute": civil, "margin": civil}.get(f["group"])  # fmt: skip
    lifted = f["group"] == "lifted"
    return _first(
        ("not_a_group", f["group"] == "none"), ("ordinary_household", f["group"] == "ordinary"),
        ("wrong_certifier", f["certified_by"] != certifier),
        ("certificate_expired", f["certificate_until"] < f["applied_on"]),
        ("supported_before", lifted and not f["no_support_before"]),
        ("can_help_itself", lifted and not f["cannot_help_itself"]),
    )  # fmt: skip


def _house(f: dict[str, Any], seismic: bool) -> set[str]:
    return _first(
        ("not_dangerous", not seismic and f["grade"] in "AB"),
        ("grade_not_by_housing", not seismic and not f["grade_by_housing"]),
    )


def _help(f: dict[str, Any]) -> set[str]:
    again = f["minor_disaster"]
    helped = f["listed"] or f["funded_2022"] or f["state_subsidy"]
    return _first(
        ("disaster_subsidy_had", f["disaster_rebuild"]), ("listed_already", f["listed"] and not again),
        ("funded_in_2022", f["funded_2022"] and not again), ("state_subsidy_had", f["state_subsidy"] and not again),
        ("reentry_not_shown", helped and not f["reentry_shown"]),
    )  # fmt: skip


def _papers(f: dict[str, Any]) -> set[str]:
    return _first(
        ("wing_room", f["building"] == "east_or_west_wing"), ("south_room", f["building"] == "south_room"),
        ("no_certificate", not f["no_house_certificate"]), ("not_voluntary", not f["voluntary"]),
    )  # fmt: skip


def _branch(f: dict[str, Any], seismic: bool) -> set[str]:
    return _first(
        ("intensity_low", seismic and f["intensity"] < 7), ("not_one_dwelling", seismic and f["dwellings"] != 1),
        ("meets_the_target", seismic and not f["below_seismic_target"]),
        ("not_willing_or_able", seismic and not f["willing_and_able"]),
    )  # fmt: skip


def _first(*conditions: tuple[str, bool]) -> set[str]:
    return {code for code, bad in conditions if bad and not any(b for c, b in conditions[: _at(conditions, code)])}


def _at(conditions: tuple[tuple[str, bool], ...], code: str) -> int:
    return [c for c, _ in conditions].index(code)


def _works(f: dict[str, Any], seismic: bool) -> set[str]:
    found = set()
    method = f["method"]
    if seismic:
        if method not in ("rebuild", "repair"):
            found.add("seismic_method")
    elif f["grade"] == "C" and method != "repair" and not f["method_reasoned"]:
        found.add("c_is_repaired")
    elif f["grade"] == "D" and method == "repair" and f["technical_opinion"] == "no_value":
        found.add("not_worth_it")
    elif method in ("collective", "idle_house", "exchange") and not f["cannot_fund"]:
        found.add("can_fund")
    elif method == "unified" and not f["wishes_unified"]:
        found.add("unified_not_wished")
    elif method == "unified" and not f["builder_qualified"]:
        found.add("builder_not_qualified")
    low = {1: 20, 2: 30, 3: 40}.get(f["persons"], 13 * f["persons"])
    high = 60 if f["persons"] <= 3 else 18 * f["persons"]
    if method != "repair" and f["area_m2"] < low:
        found.add("too_small")
    if method != "repair" and f["area_m2"] > high:
        found.add("too_large")
    return found
