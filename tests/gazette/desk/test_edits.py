"""Steps on a proposal: what each does, and that taking it back leaves nothing behind."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.core.problem import Problem
from luoshi.gazette import edits

TEXT = "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸"


def task(start: int, end: int, *lead: str) -> dict[str, Any]:
    return {
        "span": [start, end], "text": TEXT[start:end], "lead": list(lead), "support": [], "responsible": [],
        "targets": [{"span": [start, start + 1], "words": "x"}, {"span": [end - 1, end], "words": "y"}],
        "deadline": {"kind": "none"},
    }  # fmt: skip


def tree() -> dict[str, Any]:
    return {
        "documents": [{"title": "甲", "clauses": [], "tasks": [task(0, 6, "a"), task(6, 12, "b"), task(12, 20, "c")]}],
        "chronicle": [{"span": [0, 4], "text": "一二三四"}],
        "doubts": [{"span": [0, 1], "kind": "x", "words": "?"}],
    }


AT = st.sampled_from(["documents.0", "documents.0.tasks.0", "documents.0.tasks.2", "chronicle.0", "doubts.0"])
VERBS = st.sampled_from(["set", "add", "remove", "split", "merge"])


def step(of: dict[str, Any], verb: str, at: str, number: int) -> edits.Change:
    where = edits.place(at)
    if verb == "set":
        return edits.set_fields(of, where, {"title": f"乙{number}", "new": number})
    if verb == "add":
        return edits.add(of, where, {"span": [0, 2], "text": "一二"})
    if verb == "remove":
        return edits.remove(of, where)
    return edits.split(of, where, 3 + number, TEXT) if verb == "split" else edits.merge(of, where, TEXT)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(VERBS, AT, st.integers(0, 12)), max_size=8))
def test_any_steps_taken_back_leave_the_proposal_as_it_was(steps: list[tuple[str, str, int]]) -> None:
    start = tree()
    now, done = start, []
    for verb, at, number in steps:
        try:
            change = step(now, verb, at, number)
        except Problem:
            continue
        except KeyError:
            continue
        before = copy.deepcopy(now)
        after = edits.apply(now, change)
        assert now == before, "the tree given was changed"
        now = after
        done.append(change)
    for change in reversed(done):
        now = edits.apply(now, edits.Change.from_json(change.inverse().as_json()))
    assert now == tree() == start


def test_a_split_gives_each_part_its_own_words_and_targets() -> None:
    after = edits.apply(tree(), edits.split(tree(), edits.place("documents.0.tasks.0"), 2, TEXT))
    first, second, *_ = after["documents"][0]["tasks"]
    assert (first["text"], second["text"]) == ("一二", "三四五六")
    assert [t["words"] for t in first["targets"]] == ["x"]
    assert [t["words"] for t in second["targets"]] == ["y"]


@pytest.mark.parametrize("offset", [0, 6, 7, 99])
def test_a_cut_outside_the_element_is_refused(offset: int) -> None:
    with pytest.raises(Problem):
        edits.split(tree(), edits.place("documents.0.tasks.0"), offset, TEXT)


def test_a_merge_joins_words_units_and_targets() -> None:
    after = edits.apply(tree(), edits.merge(tree(), edits.place("documents.0.tasks.0"), TEXT))
    made = after["documents"][0]["tasks"][0]
    assert (made["text"], made["lead"], len(made["targets"])) == (TEXT[0:12], ["a", "b"], 4)
    assert len(after["documents"][0]["tasks"]) == 2


@pytest.mark.parametrize(
    "at",
    [
        "documents.9",
        "documents.0.tasks.9",
        "documents.-1",
        "source.0",
        "documents.0.title",
        "__class__",
        "doubts.0.span.0",
    ],
)
def test_an_address_that_leads_nowhere_is_a_problem(at: str) -> None:
    with pytest.raises(Problem) as told:
        edits.remove(tree(), edits.place(at))
    assert told.value.status == 404


def test_marks_of_editing_are_left_out_of_a_case() -> None:
    held = {"tasks": [{"checked": True, "origin": "editor", "text": "x"}], "doubts": [{"settled": True, "kind": "k"}]}
    assert edits.without_marks(held) == {"tasks": [{"text": "x"}], "doubts": [{"kind": "k"}]}
