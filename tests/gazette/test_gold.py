"""The packaged gazette against the register: its 75 responsibility blocks, its documents, grades and chronicle."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
import score
from sheet import Sheet

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
