"""The development cases hold, the unseen ones reach their bar, and no case is ill made."""

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
DEVELOPMENT = score.load(CASES / "gazette")
UNSEEN = score.load(CASES / "gazette_unseen")


@pytest.mark.parametrize("case", DEVELOPMENT + UNSEEN, ids=lambda c: c["name"])
def test_a_case_says_only_what_its_text_holds(case: dict[str, Any]) -> None:
    """Anchors occur once, units are printed in the text, keys are known: else the expectation is wrong."""
    text = plain(case["text"])
    known = {"number", "sub", "heading", "at", "mode", "open_ended", "deadline", "targets", "optional", "any_role"}
    for document in case["expect"].get("documents", []):
        for task in document.get("tasks", []):
            assert set(task) <= known | set(ROLES), task
            assert case["text"].count(task["at"]) == 1, f"{task['at']} is not unique"
            for name in (n for role in (*ROLES, "any_role") for n in names(task.get(role))):
                assert name in text, f"{name} is not printed"


def test_case_names_are_unique() -> None:
    named = [c["name"] for c in DEVELOPMENT + UNSEEN]
    assert sorted(named) == sorted(set(named))


BARS = ("tasks", "units", "dates")


@pytest.mark.parametrize("category", BARS)
def test_development_cases_reach_their_bar(category: str, development: Sheet) -> None:
    assert development.f1(category) >= 0.98, f"\n{development.table()}\n{development.misses}"


@pytest.mark.parametrize("category", BARS)
def test_unseen_cases_reach_their_bar(category: str, unseen: Sheet) -> None:
    """The bar of documents the grammar was not made from: they show whether it is general, so never tune to them."""
    assert unseen.f1(category) >= 0.95, f"\n{unseen.table()}"


@pytest.fixture(scope="module")
def development() -> Sheet:
    return score.score(DEVELOPMENT, parse)


@pytest.fixture(scope="module")
def unseen() -> Sheet:
    return score.score(UNSEEN, parse)


@pytest.mark.parametrize("case", DEVELOPMENT + UNSEEN, ids=lambda c: c["name"])
def test_a_document_alone_has_no_issue_and_no_chronicle(case: dict[str, Any]) -> None:
    proposal, expect = parse(case["text"]), case["expect"]
    assert (proposal["issue"] is None) == ("issue" not in expect)
    assert bool(proposal["chronicle"]) == ("chronicle" in expect)
    if "documents" in expect:
        assert len(proposal["documents"]) == len(expect["documents"])
