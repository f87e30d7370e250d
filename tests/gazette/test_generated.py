"""Documents drawn at random from the forms governments use are read exactly: every mix, not only the written cases."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

sys.path.insert(0, str(Path(__file__).resolve().parent))
import score

from luoshi.gazette.parse import parse

UNIT_NAMES = (
    "县住房和城乡建设局 县教育局 县文化和旅游局 县应急管理局 县委宣传部 县委政法委 县人民检察院 县消防救援大队 县融媒体中心 各乡镇人民政府 "
    "城关镇人民政府 县发展和改革局 县税务局 县残联 团县委 县公共资源交易中心 县供销社 县生态环境分局 县城市管理综合行政执法局 各成员单位 "
    "中国移动云台分公司 云台供电公司 县人力资源和社会保障局 高新区管委会 县气象局 县公安局 县政府办公室 各街道办事处 县农业农村局 县大数据局"
)
WORK = "完善管理制度 排查安全隐患 开展集中宣传 建立工作台账 优化办事流程 组织业务培训 改造老旧设施 清理历史积案 推广典型经验 规范服务标准"
UNITS, ITEMS = UNIT_NAMES.split(), WORK.split()
FIGURES = "一二三四五六七八九"
MONTH_ENDS = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}


def _deadline(year: int, month: int, day: int, form: str) -> tuple[str, dict[str, Any]]:
    """The printed words and the day the contract asks for."""
    end, at = MONTH_ENDS[month] + (month == 2 and year % 4 == 0), f"{year}-{month:02d}"
    until = {"kind": "until", "then": None}
    forms: dict[str, tuple[str, dict[str, Any]]] = {
        "month": (f"{year}年{month}月底前", until | {"until": f"{at}-{end:02d}"}),
        "day": (f"{year}年{month}月{day}日前", until | {"until": f"{at}-{day:02d}"}),
        "blanks": (f"{year} 年 {month} 月底前", until | {"until": f"{at}-{end:02d}"}),
        "first": (f"{year}年{month}月上旬", until | {"until": f"{at}-10"}),
        "middle": (f"{year}年{month}月中旬前", until | {"until": f"{at}-20"}),
        "last": (f"{year}年{month}月下旬", until | {"until": f"{at}-{end:02d}"}),
        "year": (f"{year}年底前", until | {"until": f"{year}-12-31"}),
        "then": (
            f"{year}年{month}月底前，并长期坚持",
            {"kind": "until", "then": "ongoing", "until": f"{at}-{end:02d}"},
        ),
        "ongoing": ("持续推进", {"kind": "ongoing"}),
        "monthly": (f"每月{day}日前", {"kind": "recurring", "every": f"month {day}"}),
        "relative": (f"收到通知后{day}个工作日内", {"kind": "relative", "until": None}),
    }
    return forms[form]


FORMS = ("month", "day", "blanks", "first", "middle", "last", "year", "then", "ongoing", "monthly", "relative")
DEADLINES = st.builds(
    _deadline, st.integers(2021, 2026), st.integers(1, 12), st.integers(1, 28), st.sampled_from(FORMS)
)


@st.composite
def blocks(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """One responsibility block in a random form, with its result."""
    chosen = draw(st.lists(st.sampled_from(UNITS), min_size=2, max_size=6, unique=True))
    words, deadline = draw(DEADLINES)
    cut = draw(st.integers(1, len(chosen) - 1))
    lead, support = "、".join(chosen[:cut]), "、".join(chosen[cut:])
    everyone, colon = "、".join(chosen), draw(st.sampled_from("：:"))
    led = {"lead": chosen[:cut], "support": chosen[cut:], "deadline": deadline}
    joint = {"responsible": chosen, "deadline": deadline}
    helpers = draw(st.sampled_from(["责任单位", "配合单位", "责任部门"]))
    left, right = draw(st.sampled_from(["（）", "()", "［］", "[]", "【】"]))
    forms: list[tuple[str, dict[str, Any]]] = [
        (f"\n责任单位{colon}{everyone}\n完成时限{colon}{words}", joint),
        (f"\n\n责任部门{colon}{everyone}\n\n完成时间{colon}{words}", joint),
        (f"\n责任单位{colon}{everyone}按职责分工负责\n完成时限{colon}{words}", joint | {"mode": "by_duty"}),
        (f"\n责任单位{colon}{lead}牵头，{support}配合\n完成时限{colon}{words}", led),
        (f"\n牵头单位{colon}{lead}\n{helpers}{colon}{support}\n完成时限{colon}{words}", led),
        (f"\n牵头单位{colon}{lead}；{helpers}{colon}{support}；完成时限{colon}{words}", led),
        (f"{left}{lead}牵头，{support}配合，{words}{right}", led),
        (f"{left}{everyone}负责，{words}{right}", joint),
        (f"{left}责任单位{colon}{everyone}；完成时限{colon}{words}{right}", joint),
        (f"{left}牵头单位{colon}{lead}；{helpers}{colon}{support}；完成时限{colon}{words}{right}", led),
    ]
    return draw(st.sampled_from(forms))


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A plan of one to six items with one way of counting."""
    style = draw(st.sampled_from(["{n}. ", "{n}．", "{n}、", "（{z}）", "({z})", "（{n}）", "{z}、"]))
    names = draw(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=6, unique=True))
    lines, tasks = ["云台县基层治理提升工作方案", ""], []
    for i, name in enumerate(names):
        block, result = draw(blocks())
        count = style.format(n=i + 1, z=FIGURES[i])
        lines.append(f"{count}{name}。{block}")
        tasks.append(result | {"number": i + 1, "at": name})
    return {"name": "generated", "text": "\n".join(lines) + "\n", "expect": {"documents": [{"tasks": tasks}]}}


NOISE = {
    "none": lambda text, at: text,
    "indent": lambda text, at: text.replace("\n", "\n\u3000\u3000"),
    "blank colon": lambda text, at: text.replace("：", " ：").replace(":", " : "),
    "blank list": lambda text, at: text.replace("、", "、 "),
    "half width": lambda text, at: text.translate(str.maketrans("，；：（）", ",;:()")),
    "carriage returns": lambda text, at: text.replace("\n", "\r\n"),
    "page break": lambda text, at: _page_break(text, at, "\n\n— 7 —\n\n"),
    "line break": lambda text, at: _page_break(text, at, "\n"),
    "running head": lambda text, at: _page_break(text, at, "\n\n县 政 府 文 件\n\n"),
}


def _page_break(text: str, at: int, printed: str) -> str:
    """The break behind one of the list marks, as a scan puts it into a list of units."""
    marks = [i for i, c in enumerate(text) if c == "、" and text[i - 1] not in FIGURES + "123456"]
    if not marks:
        return text
    place = marks[at % len(marks)] + 1
    return text[:place] + printed + text[place:]


@settings(max_examples=80, deadline=None)
@given(documents(), st.sampled_from(sorted(NOISE)), st.integers(0, 50))
def test_scan_noise_does_not_change_the_reading(case: dict[str, Any], noise: str, at: int) -> None:
    noisy = case | {"text": NOISE[noise](case["text"], at)}
    sheet = score.score([noisy], parse)
    assert not sheet.misses, f"{noise}\n{sheet.misses}\n{noisy['text']}"


@settings(max_examples=60, deadline=None)
@given(documents())
def test_generated_documents_are_read_exactly(case: dict[str, Any]) -> None:
    sheet = score.score([case], parse)
    assert not sheet.misses, f"{sheet.misses}\n{case['text']}"


@pytest.mark.slow
@settings(max_examples=2000, deadline=None)
@given(documents(), st.sampled_from(sorted(NOISE)), st.integers(0, 50))
def test_many_generated_documents_are_read_exactly(case: dict[str, Any], noise: str, at: int) -> None:
    noisy = case | {"text": NOISE[noise](case["text"], at)}
    sheet = score.score([noisy], parse)
    assert not sheet.misses, f"{noise}\n{sheet.misses}\n{noisy['text']}"


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    """A division table flattened into lines: tabs, pipes, or one cell a line; with or without a lead column."""
    names = draw(st.lists(st.sampled_from(ITEMS), min_size=2, max_size=6, unique=True))
    with_lead = draw(st.booleans())
    columns = ["牵头单位", "配合单位"] if with_lead else [draw(st.sampled_from(["责任单位", "责任部门"]))]
    rows, tasks = [["序号", draw(st.sampled_from(["重点任务", "工作内容", "任务"])), *columns, "完成时限"]], []
    for i, name in enumerate(names):
        chosen = draw(st.lists(st.sampled_from(UNITS), min_size=2, max_size=4, unique=True))
        words, deadline = draw(DEADLINES)
        cells = [chosen[0], "、".join(chosen[1:])] if with_lead else ["、".join(chosen)]
        rows.append([str(i + 1), name, *cells, words])
        roles = {"lead": chosen[:1], "support": chosen[1:]} if with_lead else {"responsible": chosen}
        tasks.append({"number": i + 1, "at": name, "deadline": deadline, **roles})
    join = draw(st.sampled_from(["\t", "\n", "\n\n", " | "]))
    lines = [f"| {join.join(r)} |" if "|" in join else join.join(r) for r in rows]
    body = ("\n\n" if join == "\n\n" else "\n").join(lines)
    text = f"云台县基层治理提升重点任务分工表\n\n{body}\n"
    return {"name": "generated table", "text": text, "expect": {"documents": [{"tasks": tasks}]}}


@settings(max_examples=60, deadline=None)
@given(tables())
def test_flattened_tables_are_read_exactly(case: dict[str, Any]) -> None:
    sheet = score.score([case], parse)
    assert not sheet.misses, f"{sheet.misses}\n{case['text']}"


@st.composite
def parted_items(draw: st.DrawFn) -> dict[str, Any]:
    """Items with 一是, 二是 …, each part with its own block; the parts share the heading of the item."""
    names = draw(st.lists(st.sampled_from(ITEMS), min_size=3, max_size=8, unique=True))
    lines, tasks, number = ["云台县基层治理提升工作方案", ""], [], 0
    while names:
        heading, number = names.pop(), number + 1
        parts = [names.pop() for _ in range(min(len(names), draw(st.integers(1, 3))))]
        lines.append(f"{number}. {heading}\n")
        for i, part in enumerate(parts):
            block, result = draw(blocks())
            lines.append(f"{FIGURES[i]}是{part}。{block}\n")
            tasks.append(result | {"number": number, "sub": f"{FIGURES[i]}是", "at": part, "heading": heading})
    return {"name": "generated parts", "text": "\n".join(lines), "expect": {"documents": [{"tasks": tasks}]}}


@settings(max_examples=60, deadline=None)
@given(parted_items())
def test_items_in_parts_are_read_exactly(case: dict[str, Any]) -> None:
    sheet = score.score([case], parse)
    assert not sheet.misses, f"{sheet.misses}\n{case['text']}"


RULES = (
    "责任单位中列第一位的为牵头单位。",
    "各项任务责任单位中，第一个单位为牵头单位，其余为配合单位。",
    "说明：责任单位排在首位的为牵头单位。",
    "注：排在第一位的单位为牵头单位。",
)


@st.composite
def ruled(draw: st.DrawFn) -> dict[str, Any]:
    """Lists without a lead word, and the rule that makes the first unit the lead: above, below, or in the first list."""
    names = draw(st.lists(st.sampled_from(ITEMS), min_size=2, max_size=5, unique=True))
    place, rule = draw(st.sampled_from(["above", "below", "inside"])), draw(st.sampled_from(RULES))
    lines, tasks = ["云台县基层治理提升工作清单", ""], []
    for i, name in enumerate(names):
        chosen = draw(st.lists(st.sampled_from(UNITS), min_size=2, max_size=5, unique=True))
        words, deadline = draw(DEADLINES)
        note = "（列第一位的为牵头单位，下同）" if place == "inside" and i == 0 else ""
        lines.append(f"{i + 1}. {name}。\n责任单位：{'、'.join(chosen)}{note}\n完成时限：{words}")
        tasks.append({"number": i + 1, "at": name, "lead": chosen[:1], "support": chosen[1:], "deadline": deadline})
    lines = [*lines[:2], rule, *lines[2:]] if place == "above" else [*lines, rule] if place == "below" else lines
    return {"name": "generated rule", "text": "\n".join(lines) + "\n", "expect": {"documents": [{"tasks": tasks}]}}


@st.composite
def paragraphs(draw: st.DrawFn) -> dict[str, Any]:
    """One paragraph with several bracketed unit clauses: each is a task with the heading of the item."""
    names = draw(st.lists(st.sampled_from(ITEMS), min_size=3, max_size=5, unique=True))
    text, tasks = f"云台县基层治理提升若干措施\n\n（一）{names[0]}。", []
    for name in names[1:]:
        chosen = draw(st.lists(st.sampled_from(UNITS), min_size=2, max_size=5, unique=True))
        words, deadline = draw(DEADLINES)
        text += f"{name}。（{chosen[0]}牵头，{'、'.join(chosen[1:])}配合，{words}）"
        tasks.append(
            {
                "number": 1,
                "at": name,
                "heading": names[0],
                "lead": chosen[:1],
                "support": chosen[1:],
                "deadline": deadline,
            }
        )
    return {"name": "generated paragraph", "text": text + "\n", "expect": {"documents": [{"tasks": tasks}]}}


@settings(max_examples=60, deadline=None)
@given(st.one_of(ruled(), paragraphs()))
def test_rules_and_paragraphs_are_read_exactly(case: dict[str, Any]) -> None:
    sheet = score.score([case], parse)
    assert not sheet.misses, f"{sheet.misses}\n{case['text']}"
