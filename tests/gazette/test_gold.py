"""The packaged gazette against the register: its 75 responsibility blocks, its documents, grades and chronicle."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent))
import score
from case_words import names
from sheet import Sheet
from task_match import ROLES

from luoshi.gazette.parse import parse

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("LUOSHI_SHARED", ROOT.parent / "shared"))
GOLD: dict[str, Any] = score.load(ROOT / "tests" / "cases" / "gazette_gold")[0]


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    source = SHARED / "gazette" / GOLD["source"]
    if not source.exists():
        pytest.skip("the gazette is not beside this repository (../shared/gazette)")
    sheet = score.score([GOLD | {"text": source.read_text(encoding="utf-8")}], parse)
    print(f"\n{sheet.table()}")
    return sheet


@pytest.mark.parametrize("category", ["tasks", "units", "dates"])
def test_the_packaged_gazette_reaches_its_bar(category: str, sheet: Sheet) -> None:
    assert sheet.f1(category) >= 0.98, f"\n{sheet.table()}\n{sheet.misses}"


def test_every_block_of_the_register_is_a_task(sheet: Sheet) -> None:
    """60 blocks of the food plan and 15 of the park plan, none missing and none added."""
    assert (sheet.counts["tasks"].tp, sheet.counts["tasks"].fn, sheet.counts["tasks"].fp) == (75, 0, 0), sheet.misses


@pytest.mark.parametrize("category", ["structure", "thresholds", "doubts"])
def test_documents_grades_and_doubts_are_as_the_register_says(category: str, sheet: Sheet) -> None:
    count = sheet.counts[category]
    assert (count.fn, count.fp) == (0, 0), sheet.misses


def test_the_gold_holds_the_blocks_of_both_plans() -> None:
    tasks = [[t for t in d["tasks"] if not t.get("optional")] for d in GOLD["expect"]["documents"]]
    assert [len(t) for t in tasks] == [60, 15, 0, 0]


@cache
def _register() -> dict[str, dict[str, Any]]:
    folder = SHARED / "clauses"
    if not folder.exists():
        pytest.skip("the register is not beside this repository (../shared/clauses)")
    entries = [
        yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8")) for name in ("food", "park", "gazette")
    ]
    return {clause["id"]: clause for part in entries for clause in part}


def test_the_gold_has_the_days_and_the_number_of_units_of_the_register() -> None:
    """A unit that a block prints twice under two names (PARK-2.2.4) is one unit of the register."""
    register = _register()
    for task in (t for d in GOLD["expect"]["documents"][:2] for t in d["tasks"] if not t.get("optional")):
        clause = register[task["id"]]
        deadline, values = task["deadline"], clause["values"]
        assert deadline.get("until") == (str(values["until"]) if values.get("until") else None), task["id"]
        goes_on = "ongoing" in (deadline["kind"], deadline.get("then"))
        assert goes_on == (values.get("then") == "ongoing"), task["id"]
        named = {n.removeprefix("县") for role in ROLES for n in names(task.get(role))}
        of_register = (
            clause["actor"] if task["id"].startswith("FOOD") else [*clause["lead"], *clause.get("support", [])]
        )
        assert len(named) == len(set(of_register)), task["id"]


def test_the_chronicle_has_the_days_of_the_register() -> None:
    register = _register()
    for entry in GOLD["expect"]["chronicle"]:
        values = register[entry["id"]]["values"]
        assert (entry["from"], entry["to"]) == (str(values["date_start"]), str(values["date_end"]))
