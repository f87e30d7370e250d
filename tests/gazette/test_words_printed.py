"""Every element of a proposal points into the input, and no word of a proposal was made up."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
import score
from case_words import plain
from task_match import ROLES

from luoshi.gazette.parse import parse

CASES = Path(__file__).resolve().parent.parent / "cases"
ALL = score.load(CASES / "gazette") + score.load(CASES / "gazette_unseen")


def is_drawn_from(words: Any, source: str) -> bool:
    """The characters of the words stand in the source in this order: page breaks may lie between, nothing is added."""
    rest = iter(plain(source))
    return all(character in rest for character in plain(words))


def spans(proposal: dict[str, Any]) -> Iterator[list[int]]:
    for document in proposal["documents"]:
        parts = [document["interpretation"]] if document["interpretation"] else []
        tasks = document["tasks"]
        for element in (*parts, *document["clauses"], *tasks, *document["thresholds"]):
            yield element["span"]
        for task in tasks:
            yield from (target["span"] for target in task["targets"])
    for element in (*proposal["chronicle"], *proposal["doubts"]):
        yield element["span"]


@pytest.mark.parametrize("case", ALL, ids=lambda c: c["name"])
def test_spans_lie_in_the_text(case: dict[str, Any]) -> None:
    size = len(case["text"])
    for start, end in spans(parse(case["text"])):
        assert 0 <= start <= end <= size


@pytest.mark.parametrize("case", ALL, ids=lambda c: c["name"])
def test_words_of_tasks_are_printed(case: dict[str, Any]) -> None:
    text = case["text"]
    for task in (t for d in parse(text)["documents"] for t in d["tasks"]):
        own = text[slice(*task["span"])]
        assert is_drawn_from(task["text"], own), task
        assert is_drawn_from(task["deadline"].get("words") or "", text), task
        for unit in (u for role in ROLES for u in task[role]):
            assert is_drawn_from(unit, text), unit
        for target in task["targets"]:
            assert plain(target["words"]) == plain(text[slice(*target["span"])]), target


@pytest.mark.parametrize("case", ALL, ids=lambda c: c["name"])
def test_headings_and_entries_are_printed(case: dict[str, Any]) -> None:
    text, proposal = case["text"], parse(case["text"])
    for clause in (c for d in proposal["documents"] for c in d["clauses"]):
        assert is_drawn_from(clause["heading"], text[slice(*clause["span"])]), clause
    for entry in proposal["chronicle"]:
        assert is_drawn_from(entry["text"], text[slice(*entry["span"])]), entry


def test_a_made_up_word_is_found() -> None:
    assert is_drawn_from("县甲局", "县\n\n— 3 —\n甲局")
    assert not is_drawn_from("县甲局牵头", "县甲局")
    assert not is_drawn_from("甲县局", "县甲局")
