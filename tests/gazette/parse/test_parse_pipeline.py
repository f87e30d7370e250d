"""Stages do what they declare, the proposal has the shape of the contract, and work grows with the text, not faster."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from luoshi.gazette.parse import parse
from luoshi.gazette.parse.pipeline import Stage, run
from luoshi.gazette.parse.proposal import STAGES

ROOT = Path(__file__).parents[3]
CASES = sorted((ROOT / "tests" / "cases" / "gazette").glob("*.yaml"))


def test_each_stage_reads_what_an_earlier_one_wrote() -> None:
    known = {"text"}
    for stage in STAGES:
        assert set(stage.reads) <= known, stage.name
        assert not set(stage.writes) & known, f"{stage.name} writes again what another stage wrote"
        known |= set(stage.writes)
    assert {"issue", "documents", "chronicle", "doubts", "blocks"} <= known


def test_a_stage_that_writes_something_else_is_stopped() -> None:
    with pytest.raises(AssertionError):
        run((Stage("sly", ("text",), ("lines",), lambda text: {"lines": [], "more": 1}),), {"text": ""})
    with pytest.raises(AssertionError):
        run((Stage("idle", ("text",), ("lines",), lambda text: {}),), {"text": ""})


def test_a_stage_gets_only_what_it_declares() -> None:
    with pytest.raises(TypeError):
        run((Stage("greedy", ("text",), ("lines",), lambda text, plain: {"lines": []}),), {"text": "", "plain": ""})


DOCUMENT = {
    "title",
    "number",
    "issuer",
    "issued_on",
    "disclosure",
    "recipients",
    "interpretation",
    "clauses",
    "tasks",
    "thresholds",
}
TASK = {
    "path",
    "number",
    "sub",
    "heading",
    "text",
    "span",
    "lead",
    "support",
    "responsible",
    "mode",
    "open_ended",
    "deadline",
    "targets",
}
DEADLINES = {"until", "recurring", "ongoing", "relative", "none"}
MODES = {"single", "lead_support", "joint", "by_duty", "none"}


def test_the_shape_of_the_contract() -> None:
    for case in (c for path in CASES for c in yaml.safe_load(path.read_text("utf-8"))):
        proposal = parse(case["text"])
        assert {"issue", "documents", "chronicle", "doubts", "source"} <= set(proposal)
        for document in proposal["documents"]:
            assert set(document) >= DOCUMENT, case["name"]
            assert all({"path", "level", "heading", "span"} == set(c) for c in document["clauses"])
            for task in document["tasks"]:
                _check_task(task)
        assert all({"span", "kind", "words"} <= set(d) for d in proposal["doubts"])


def _check_task(task: dict[str, Any]) -> None:
    assert set(task) >= TASK
    assert task["mode"] in MODES and task["deadline"]["kind"] in DEADLINES
    assert {"kind", "until", "then", "every", "words"} <= set(task["deadline"])
    assert not (task["lead"] and task["responsible"]), "with a lead every other unit supports"
    assert not (task["support"] and not task["lead"]), "support needs a lead"
    assert (task["deadline"]["kind"] == "until") == (task["deadline"]["until"] is not None)
    assert (task["deadline"]["kind"] == "recurring") <= (task["deadline"]["every"] is not None)
    units = [*task["lead"], *task["support"], *task["responsible"]]
    assert all(unit and unit == unit.strip() for unit in units)
    assert (task["mode"] == "none") == (not units)
    assert task["lead"] == [] or re.match("single|lead_support", task["mode"])


def steps(work: Callable[[], object]) -> int:
    """Count the calls, Python's and the interpreter's own, that some work makes."""
    count = 0

    def tick(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(tick)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


PIECES = {
    "label lines": "1. 修路。\n责任单位：县交通局、县财政局\n完成时限：2023年6月底前\n",
    "brackets in one paragraph": "修路。（县交通局牵头，县财政局配合，6月底前）",
    "unit list": "县交通局、",
    "statements": "由县交通局牵头，县财政局配合。",
    "rules": "以下任务均需于2023年6月底前完成。\n1.甲。（县财政局）\n",
    "titles": "关于印发《甲方案》的通知\n各镇人民政府：\n甲方案\n一、甲\n",
    "interpretations": "《甲方案》政策解读\n一、背景\n",
    "missing tables": "见附件。《甲任务分工表》\n",
    "table rows": "1\t修路\t县交通局\t2023年6月底\n",
    "cells": "1\n修路\n县交通局\n2023年6月底\n",
    "half sentences": "严格落实各项要求，进一步加强\n",
    "marked leads": "县交通局（牵头）、",
    "chronicle": "●2023年5月1日，县里开会。\n",
    "thresholds": "60%以上80%以下，",
    "open brackets": "（县交通局",
    "annexes": "附件\n",
}
HEADS = {
    "plain": "某县方案\n一、任务\n",
    "label": "某县方案\n1.甲\n责任单位：",
    "table": "序号\t任务\t责任单位\t完成时限\n",
    "cells": "序号\n任务\n责任单位\n完成时限\n",
    "chronicle": "大事记\n●2023年1月1日，",
}


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("piece", PIECES)
def test_twice_the_text_is_twice_the_work(piece: str, head: str) -> None:
    one, two = (steps(lambda n=n: parse(HEADS[head] + PIECES[piece] * n)) for n in (150, 300))
    assert two <= 2.2 * one, (one, two)
