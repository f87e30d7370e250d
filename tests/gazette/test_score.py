"""The scorer finds what is wrong: a perfect proposal scores 1, and each single fault costs its own category."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
import score
from case_words import figure, names, number_form, plain, recurrence
from sheet import CATEGORIES, Count

TEXT = (
    "甲县方案\n1. 修路十条。\n责任单位：县甲局、县乙局\n完成时限：2023年5月底前\n2. 报表。（县丙局牵头，每月28日前）\n"
)
CASE: dict[str, Any] = {
    "name": "made for the scorer",
    "text": TEXT,
    "expect": {
        "documents": [
            {
                "title": "甲县方案",
                "issued_on": "2023-01-05",
                "tasks": [
                    {
                        "number": 1, "sub": None, "at": "修路十条", "responsible": "县甲局 县乙局",
                        "deadline": {"kind": "until", "until": "2023-05-31"}, "targets": ["=|>= 10 条"],
                    },
                    {"number": 2, "at": "报表", "lead": ["县丙局"], "deadline": {"kind": "recurring", "every": "month 28"}},
                ],
                "thresholds": [{"name": "重大", "metric": "停电", "from": 60, "to": None, "from_included": True}],
            }
        ],
        "chronicle": [{"from": "2023-04-03", "to": "2023-04-05", "has": "开会"}],
        "doubts_include": ["missing_table"],
    },
}  # fmt: skip
RIGHT: dict[str, Any] = {
    "documents": [
        {
            "title": "甲县方案",
            "issued_on": "2023-01-05",
            "tasks": [
                {
                    "number": "1", "sub": None, "span": [5, 14], "text": "修路十条。", "responsible": ["县甲局", "县乙局"],
                    "deadline": {"kind": "until", "until": "2023-05-31"},
                    "targets": [{"op": ">=", "value": 10, "unit": "条", "words": "十条"}],
                },
                {
                    "number": "2", "span": [46, 60], "lead": ["县丙局"],
                    "deadline": {"kind": "recurring", "every": {"period": "month", "days": [28]}},
                },
            ],
            "thresholds": [{"name": "重大事件", "metric": "停电用户", "from": 60.0, "to": None, "from_included": True}],
        }
    ],
    "chronicle": [{"from": "2023-04-03", "to": "2023-04-05", "text": "县里开会"}],
    "doubts": [{"kind": "missing_table"}],
}  # fmt: skip


def _task(proposal: dict[str, Any], i: int) -> dict[str, Any]:
    return proposal["documents"][0]["tasks"][i]


FAULTS: list[tuple[str, str, Callable[[dict[str, Any]], Any]]] = [
    ("a task is missing", "tasks", lambda p: p["documents"][0]["tasks"].pop(0)),
    ("a task is invented", "tasks", lambda p: p["documents"][0]["tasks"].append({"span": [0, 1], "number": "9"})),
    ("a unit is missing", "units", lambda p: _task(p, 0)["responsible"].pop()),
    ("a unit is invented", "units", lambda p: _task(p, 0).update(support=["县丁局"])),
    ("a role is wrong", "units", lambda p: _task(p, 1).update(lead=[], responsible=["县丙局"])),
    ("a day is off by one", "dates", lambda p: _task(p, 0)["deadline"].update(until="2023-05-30")),
    ("a deadline is missing", "dates", lambda p: _task(p, 0).pop("deadline")),
    ("the day of the month is wrong", "dates", lambda p: _task(p, 1)["deadline"].update(every="month 27")),
    ("a comparator is wrong", "targets", lambda p: _task(p, 0)["targets"][0].update(op="<=")),
    ("a bound is not included", "thresholds", lambda p: p["documents"][0]["thresholds"][0].update(from_included=False)),
    ("the date of issue is wrong", "structure", lambda p: p["documents"][0].update(issued_on="2023-01-06")),
    ("a span of the chronicle is cut", "structure", lambda p: p["chronicle"][0].update(to="2023-04-04")),
    ("a second document appears", "structure", lambda p: p["documents"].append({"title": "乙县方案"})),
    ("a doubt is not said", "doubts", lambda p: p["doubts"].clear()),
]


def test_a_right_proposal_scores_one_everywhere() -> None:
    sheet = score.score([CASE], lambda text: RIGHT)
    assert {c: sheet.f1(c) for c in CATEGORIES} == dict.fromkeys(CATEGORIES, 1.0), sheet.misses
    assert sheet.counts["units"].tp == 3


@pytest.mark.parametrize(("what", "category", "harm"), FAULTS, ids=[f[0] for f in FAULTS])
def test_a_single_fault_costs_its_category(what: str, category: str, harm: Callable[[dict[str, Any]], Any]) -> None:
    proposal = copy.deepcopy(RIGHT)
    harm(proposal)
    sheet = score.score([CASE], lambda text: proposal)
    assert sheet.f1(category) < 1.0, what
    assert sheet.misses[CASE["name"]]


def test_an_empty_proposal_scores_nothing() -> None:
    sheet = score.score([CASE], lambda text: {"documents": []})
    assert all(sheet.f1(c) == 0.0 for c in CATEGORIES)


def test_f1_is_the_harmonic_mean() -> None:
    assert Count(tp=8, fp=2, fn=2).f1 == pytest.approx(0.8)
    assert Count().f1 == 1.0


def test_words_are_compared_without_width_blanks_and_quotes() -> None:
    assert plain("《甲 县“方案”》（2023—2025年）") == plain("甲县方案(2023-2025年)")
    assert figure("（十二）") == figure("12.") == figure("⑫") == "12"
    assert figure("4.2.1") == "4.2.1"
    assert figure("一是") == "1"
    assert names("县甲局 县乙局") == names(["县甲局", {"name": "县乙局"}])
    assert number_form("甲政发[2024] 6 号") == number_form("甲政发〔2024〕6号")
    assert recurrence("month 1 11 21") == recurrence({"every": "month", "days": [21, 1, 11]})
    assert recurrence("quarter") == recurrence({"period": "季度"})
    assert recurrence(None) is None
