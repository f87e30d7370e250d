"""Nothing is lost and every span is the words: on soups of keywords, on cut and swapped cases, on the real gazette."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from luoshi.gazette.parse import parse

CASES = sorted((Path(__file__).parents[2] / "cases" / "gazette").glob("*.yaml"))
TEXTS = [case["text"] for path in CASES for case in yaml.safe_load(path.read_text("utf-8"))]
GAZETTE = Path(__file__).parents[3].parent / "shared" / "gazette" / "guyang-2023-issue-2.txt"
WORDS = [
    "责任单位：",
    "牵头单位：",
    "配合单位：",
    "完成时限：",
    "县财政局",
    "、",
    "，",
    "（",
    "）",
    "(",
    ")",
    "[",
    "】",
    "。",
    "\n",
    "\t",
    "2023年",
    "11月",
    "底前",
    "一、",
    "（一）",
    "1.",
    "4.2.1",
    "①",
    "一是",
    "《",
    "》",
    "关于",
    "的通知",
    "由",
    "负责",
    "牵头",
    "配合",
    "按职责分工",
    "等部门",
    "附件1",
    "见附件2",
    "大事记",
    "政策解读",
    "60%以上",
    "40%以下",
    "不低于",
    "序号",
    "任务",
    "各镇",
    "会同",
    "“",
    "”",
    "重大",
    "满分100分",
    "第2期",
    "公报",
    "目录",
    "**",
    "●",
    "△",
    "-",
    "3",
    "县人民政府",
    "固政发〔2023〕号",
    "（此件公开发布）",
    "4月5日，",
    "以下均",
    "下同",
    "第一个单位",
    "\r\n",
    "\ufeff",
    "\u3000",
]


def spans(proposal: dict[str, Any]) -> list[list[int]]:
    """Every span of a proposal."""
    found: list[list[int]] = []
    waiting: list[Any] = [proposal]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "span" in value:
                found.append(value["span"])
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return found


def check(text: str) -> dict[str, Any]:
    """Spans lie inside the text and together cover all of it but blanks; the parse is the same the second time."""
    proposal = parse(text)
    covered = bytearray(len(text))
    for start, end in spans(proposal):
        assert 0 <= start <= end <= len(text)
        covered[start:end] = b"\x01" * (end - start)
    lost = [
        c
        for n, c in enumerate(text)
        if not covered[n] and c.strip(" \t\n\r*\x0b\x0c\x1c\x1d\x1e\x1f\u200b\ufeff\u2002\u2003\u2009")
    ]
    assert not [c for c in lost if not c.isspace()], "".join(lost)[:80]
    assert proposal["source"]["characters"] == len(text)
    return proposal


@given(st.lists(st.sampled_from(WORDS), max_size=120).map("".join))
@example("责任单位：")
@example("（县财政局牵头")
@example("序号\n任务\n责任单位\n1\n2\n3")
@example("|")
@settings(max_examples=150, deadline=None)
def test_a_soup_of_keywords_neither_crashes_nor_loses_a_character(text: str) -> None:
    check(text)


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_text_is_parsed(text: str) -> None:
    check(text)


@given(st.sampled_from(TEXTS), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_cut_and_swapped_lines_lose_nothing(text: str, rnd: random.Random) -> None:
    lines = text.split("\n")
    for _ in range(rnd.randint(1, 6)):
        a, b = rnd.randrange(len(lines)), rnd.randrange(len(lines))
        lines[a], lines[b] = lines[b], lines[a][: rnd.randint(0, len(lines[a]))]
    check("\n".join(lines))


@pytest.mark.parametrize("text", TEXTS)
def test_every_case_is_covered(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", TEXTS)
def test_a_target_span_is_its_words(text: str) -> None:
    for document in check(text)["documents"]:
        for task in document["tasks"]:
            start, end = task["span"]
            for unit in (*task["lead"], *task["support"], *task["responsible"]):
                assert re.sub(r"\s", "", unit) in re.sub(r"\s", "", text)
            for target in task["targets"]:
                a, b = target["span"]
                assert re.sub(r"\s", "", text[a:b]) == re.sub(r"\s", "", target["words"])
                assert start <= a and b <= end


def test_no_text_gives_an_empty_proposal() -> None:
    assert check("")["documents"] == []
    assert check(" \n\t\n")["documents"] == []


@pytest.mark.skipif(not GAZETTE.exists(), reason="the packaged gazette lies in ../shared, which is absent here")
def test_the_packaged_gazette_is_covered_also_when_its_lines_are_shuffled() -> None:
    text = GAZETTE.read_text("utf-8")
    assert len(check(text)["documents"]) == 4
    rnd = random.Random(7)
    lines = text.split("\n")
    for _ in range(3):
        rnd.shuffle(lines)
        check("\n".join(lines))
        check(text[rnd.randrange(len(text)) :])
