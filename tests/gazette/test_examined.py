"""The documents of both examiners reach the bar of unseen documents; what each saw first is in the cases' README."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
import score
from case_words import names, plain
from sheet import Sheet
from task_match import ROLES

from luoshi.gazette.parse import parse

CASES = Path(__file__).resolve().parent.parent / "cases"
EXAMINED = [*score.load(CASES / "gazette_examined"), *score.load(CASES / "gazette_second")]


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return score.score(EXAMINED, parse)


@pytest.mark.parametrize("category", ["tasks", "units", "dates", "targets", "thresholds", "structure", "doubts"])
def test_documents_of_the_examiner_reach_their_bar(category: str, sheet: Sheet) -> None:
    assert sheet.f1(category) >= 0.98, f"\n{sheet.table()}\n{sheet.misses}"


@pytest.mark.parametrize("case", EXAMINED, ids=lambda c: c["name"])
def test_an_examined_case_says_only_what_its_text_holds(case: dict[str, Any]) -> None:
    """Anchors occur once and units are printed: else the expectation is wrong, not the parser."""
    text = plain(case["text"])
    for task in (t for d in case["expect"].get("documents", []) for t in d.get("tasks", [])):
        assert case["text"].count(task["at"]) == 1, f"{task['at']} is not unique"
        for name in (n for role in (*ROLES, "any_role") for n in names(task.get(role))):
            assert name in text, f"{name} is not printed"


@pytest.mark.parametrize("case", EXAMINED, ids=lambda c: c["name"])
def test_every_span_of_an_examined_case_lies_in_the_text(case: dict[str, Any]) -> None:
    proposal, size = parse(case["text"]), len(case["text"])
    spans = [e["span"] for d in proposal["documents"] for kind in ("clauses", "tasks", "thresholds") for e in d[kind]]
    spans += [t["span"] for d in proposal["documents"] for task in d["tasks"] for t in task["targets"]]
    spans += [d["span"] for d in proposal["doubts"]] + [e["span"] for e in proposal["chronicle"]]
    assert all(0 <= a <= b <= size for a, b in spans)
