"""Bands of figures, and time limits of running text that name no day: what the two grammars take and leave."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.gazette.parse import parse
from luoshi.gazette.parse.bands import find_bands
from luoshi.gazette.parse.deadlines import find_deadline_in_text, find_standing_in_text, read_deadline
from luoshi.gazette.parse.marks import uniform


def bands(words: str, up: bool = True, down: bool = False) -> list[tuple[object, ...]]:
    text = uniform(words)
    return [(b.low, b.high, b.low_in, b.high_in, b.unit) for b in find_bands(text, 0, len(text), up, down)]


@pytest.mark.parametrize(
    ("words", "band"),
    [
        ("死亡3人以上10人以下", (3, 10, True, False, "人")),
        ("影响10万人（含）以上、不足20万人", (10, 20, True, False, "万人")),
        ("得分60分（不含）以上", (60, None, False, False, "分")),
        ("得分60分以下（含）", (None, 60, False, True, "分")),
        ("5个（含5个）以上乡镇", (5, None, True, False, "个")),
        ("AQI>200", (200, None, False, False, "")),
        ("AQI≥200", (200, None, True, False, "")),
        ("50≤AQI＜100", (50, 100, True, False, "")),
        ("大于150毫米且小于200毫米", (150, 200, False, False, "毫米")),
        ("不低于150毫米、不超过200毫米", (150, 200, True, True, "毫米")),
        ("6.0级以上、7.0级以下", (6, 7, True, False, "级")),
        ("连续无雨20至30天", (20, 30, True, True, "天")),
        ("5000万元以上1亿元以下", (5000, 10000, True, False, "万元")),
        ("不足10万户", (None, 10, False, False, "万户")),
        ("200以上300以下", (200, 300, True, False, "")),
    ],
)
def test_a_band_of_figures(words: str, band: tuple[object, ...]) -> None:
    assert bands(words) == [band]


@pytest.mark.parametrize("words", ["见90-100", "电话0472-8112345", "超过5", "2023年", "第3至第5条"])
def test_figures_that_are_no_band(words: str) -> None:
    assert bands(words + "号楼") == []


def test_the_document_says_whether_the_figure_belongs_to_it() -> None:
    assert bands("10人以上30人以下", up=False, down=True) == [(10, 30, False, True, "人")]


def test_a_rate_is_no_grade() -> None:
    """合格 inside 合格率 names no grade; 合格 before the colon does."""
    text = "某县抽检办法\n\n一、要求\n产品合格率：达到95%以上。\n合格：得分60分以上。\n"
    assert [t["name"] for t in parse(text)["documents"][0]["thresholds"]] == ["合格"]


def test_two_clauses_are_one_band_only_when_the_second_names_nothing() -> None:
    text = "某县防汛预案\n\n一、分级\n黄色预警：雨量大于50毫米，小于100毫米。\n红色预警：雨量大于50毫米，水位低于100毫米。\n"
    rows = [(t["name"], t["from"], t["to"]) for t in parse(text)["documents"][0]["thresholds"]]
    assert rows == [("黄色预警", 50, 100), ("红色预警", 50, None), ("红色预警", None, 100)]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("一般事项自受理之日起3个工作日内办结。", "relative"),
        ("清理楼道杂物，一周内完成首轮清理。", "relative"),
        ("每日巡查。", "recurring"),
        ("企业应于每月5日前报送报表。", "recurring"),
        ("每年4月底前完成上年度考核。", "recurring"),
        ("实行月调度、季通报。", "recurring"),
        ("动态清零，持续推进。", "ongoing"),
        ("落实优惠政策，长期坚持。", "ongoing"),
    ],
)
def test_a_time_limit_without_a_day_in_running_text(words: str, kind: str) -> None:
    text = uniform(words)
    place = find_standing_in_text(text)
    assert place is not None and find_deadline_in_text(text, 2024) is None
    assert read_deadline(text[slice(*place)], words[slice(*place)], 2024)[0]["kind"] == kind


@pytest.mark.parametrize(
    "words", ["持续办好各项工作。", "每个网格不少于1名。", "每人每月补助50元。", "在三公里内设点。", "长期以来"]
)
def test_words_that_are_no_time_limit(words: str) -> None:
    assert find_standing_in_text(uniform(words)) is None


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("听取环境报告，4月下旬。", "2024-04-30"),
        ("开展专项行动，7月1日至8月31日。", "2024-08-31"),
        ("年内实现结果互认。", "2024-12-31"),
        ("2021年至2023年完成的工程要复查。", None),
        ("每年11月至次年3月供暖。", None),
    ],
)
def test_a_day_in_running_text_without_before(words: str, until: str | None) -> None:
    text = uniform(words)
    place = find_deadline_in_text(text, 2024)
    found = None if place is None else read_deadline(text[slice(*place)], words[slice(*place)], 2024)[0]["until"]
    assert found == until


def test_a_stage_gives_its_last_day_to_the_tasks_below_it() -> None:
    text = (
        "某县整治方案\n\n一、排查阶段（2023年4月1日至6月20日）\n1.逐户排查。\n责任单位：县住建局\n"
        "二、规划（2023—2025年）\n2.建档。\n责任单位：县住建局\n"
    )
    tasks = parse(text)["documents"][0]["tasks"]
    assert [t["deadline"]["until"] for t in tasks] == ["2023-06-20", None]


def test_a_day_without_any_year_is_a_doubt() -> None:
    proposal = parse("某县工作清单\n\n一、摸底。7月底前完成评估。（责任单位：县住建局）\n")
    assert proposal["documents"][0]["tasks"][0]["deadline"]["kind"] == "none"
    assert "missing_year" in {d["kind"] for d in proposal["doubts"]}


_PIECES = st.sampled_from(
    ["10人以上", "30人以下", "（含）", "且", "或", "，", "≥", "<", "AQI", "5", "至", "重大：", "每月", "5日前", "\0", "\u202e",
     "县 水 利 局", "〔县公安局〕", "（4月1日至5月2日）", "合计", "\t", "\n", "之日起3日内", "一、", "责任单位："]
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(_PIECES, max_size=40).map("".join))
def test_pieces_in_any_order_are_read_without_a_fault(text: str) -> None:
    proposal = parse(text)
    rows = [t for d in proposal["documents"] for t in d["thresholds"]]
    assert all(0 <= r["span"][0] <= r["span"][1] <= len(text) for r in rows)
    assert all(r["from"] is not None or r["to"] is not None for r in rows)
