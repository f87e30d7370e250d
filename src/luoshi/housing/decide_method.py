"""By which methods a house may be renovated: one total table.

Clauses HOUSE-2.2e, HOUSE-4.3.1a–f from the plan, HOUSE-I-1.3a–h from the interpretation. The plan prevails over the
interpretation on grade D (HOUSE-R-22); both lists of methods are offered (HOUSE-R-23).
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from luoshi.core.table import Result, Row, Table
from luoshi.core.table.inputs import Input
from luoshi.core.words import Words
from luoshi.housing.decide_eligibility import category, yes_no
from luoshi.housing.facts import METHODS
from luoshi.housing.rules import Rules

FOR_THOSE_WITHOUT_FUNDS = {"collective": "HOUSE-I-1.3f", "idle_house": "HOUSE-I-1.3g", "exchange": "HOUSE-I-1.3h"}
SEISMIC = frozenset({"rebuild", "repair"})
_OPEN = {
    "repair": "HOUSE-4.3.1a",
    "rebuild": "HOUSE-4.3.1b",
    "buy_back": "HOUSE-4.3.1c",
    "unified": "HOUSE-I-1.3c",
    **FOR_THOSE_WITHOUT_FUNDS,
}


def methods(facts: Mapping[str, Any], rules: Rules) -> tuple[str, ...]:
    """Return the methods open to a household as far as its facts are known, in the plan's order."""
    asked = table(rules)
    return tuple(method for method in METHODS if asked.explain({**facts, "method": method}))


@lru_cache(maxsize=32)
def table(rules: Rules) -> Table:
    """Return the table of methods."""
    no_value = {"route": "dangerous", "grade": "D", "method": "repair", "technical_opinion": "no_value"}
    rows = [
        Row("seismic_method", {"route": "seismic", "method": set(METHODS) - SEISMIC}, ("HOUSE-2.2e",)),
        Row("seismic_open", {"route": "seismic"}, ("HOUSE-2.2e",)),
        Row(
            "c_is_repaired",
            {"grade": "C", "method": set(METHODS) - {"repair"}, "method_reasoned": False},
            ("HOUSE-4.3.1d", "HOUSE-I-1.3b"),
        ),
        *([Row("not_worth_it", no_value, ("HOUSE-4.3.1e", "HOUSE-4.3.1f"))] if rules.d_needs_opinion.value else []),
        *(Row("can_fund", {"method": m, "cannot_fund": False}, (c,)) for m, c in FOR_THOSE_WITHOUT_FUNDS.items()),
        Row("unified_not_wished", {"method": "unified", "wishes_unified": False}, ("HOUSE-I-1.3c",)),
        Row("builder_not_qualified", {"method": "unified", "builder_qualified": False}, ("HOUSE-I-1.3e",)),
        *(Row("method_open", {"method": method}, (clause,)) for method, clause in _OPEN.items()),
    ]
    inputs: list[Input] = [
        category("route", fixed=True),
        category("grade", fixed=True),
        category("method"),
        yes_no("method_reasoned"),
        yes_no("cannot_fund"),
        yes_no("wishes_unified"),
        yes_no("builder_qualified"),
    ]
    if rules.d_needs_opinion.value:
        inputs.append(category("technical_opinion"))
    return Table(
        "housing method",
        clauses=("HOUSE-4.3.1a", "HOUSE-4.3.1b"),
        priority=True,
        inputs=inputs,
        rows=rows,
        results=_results(rules),
    )


def _results(rules: Rules) -> list[Result]:
    results = [
        Result("method_open", "granted", Words("可以采用这种方式。", "This method is open.")),
        Result("seismic_open", "granted", Words("可以采用这种方式。", "This method is open.")),
        _refused(
            "seismic_method",
            "抗震改造只能拆除重建或加固改造。",
            "A seismic case is rebuilt or reinforced.",
            "请选择拆旧建新或维修加固。",
            "Choose rebuilding or reinforcement.",
        ),
        _refused(
            "c_is_repaired",
            "C级危房应加固维修，采用其他方式须写明理由。",
            "A grade C house is repaired; another method needs a written reason.",
            "请选择维修加固，或写明采用其他方式的理由。",
            "Choose repair, or give the reason for another method.",
        ),
        _refused(
            "can_fund",
            "这种方式只用于无力自筹资金的重点对象。",
            "This is for priority households that cannot raise their share.",
            "请选择其他方式。",
            "Choose another method.",
        ),
        _refused(
            "unified_not_wished",
            "统建以自建确有困难且本人愿意为条件。",
            "Unified building asks that the household cannot build itself and wishes it.",
            "请改为自建，或由本人签字表明意愿。",
            "Build yourself, or sign that you wish it.",
        ),
        _refused(
            "builder_not_qualified",
            "施工方没有资质。",
            "The builder is not qualified.",
            "请镇政府协助选择有资质的施工方。",
            "Let the town help choose a qualified builder.",
        ),
    ]
    if rules.d_needs_opinion.value:
        results.append(
            _refused(
                "not_worth_it",
                "技术意见认为没有加固价值，应拆除重建。",
                "By the technical opinion it is not worth reinforcing: rebuild.",
                "请选择拆旧建新。",
                "Choose rebuilding.",
            )
        )
    return results


def _refused(code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Result:
    return Result(code, "refused", Words(zh, en), Words(remedy_zh, remedy_en))
