"""Documents find their plan, blocks their task, sections their clause; what is unsure stays open."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.gazette.matching import BlockKey, PlanKey, clause_of_section, match_plan, match_tasks, tokens

DAY = dt.date(2023, 4, 13)
PLANS = [
    PlanKey("food", "创建自治区食品安全示范县工作方案", frozenset({"某县人民政府"}), DAY),
    PlanKey("park", "提升工业园区政务服务能力实施方案", frozenset({"某县人民政府"}), dt.date(2023, 5, 22)),
]


def test_a_document_finds_its_plan_by_title_issuer_and_day() -> None:
    title = "关于印发《某县创建“某自治区食品安全示范县”工作方案》的通知"
    assert match_plan(title, "某县人民政府", DAY, PLANS) is PLANS[0]


@pytest.mark.parametrize(
    ("title", "issuer", "day"),
    [
        ("关于印发《创建自治区食品安全示范县工作方案》的通知", "某县人民政府", DAY + dt.timedelta(days=1)),
        ("关于印发《创建自治区食品安全示范县工作方案》的通知", "邻县人民政府", DAY),
        ("关于印发《春季造林方案》的通知", "某县人民政府", DAY),
        ("关于印发《创建自治区食品安全示范县工作方案》的通知", "某县人民政府", None),
    ],
)
def test_another_day_issuer_or_title_is_another_document(title: str, issuer: str, day: dt.date | None) -> None:
    assert match_plan(title, issuer, day, PLANS) is None


def test_two_plans_that_fit_equally_are_left_to_a_person() -> None:
    twins = [PlanKey("a", "造林方案", frozenset(), DAY), PlanKey("b", "造林方案", frozenset(), DAY)]
    assert match_plan("造林方案", "", DAY, twins) is None


def block(key: int, number: str, units: str, sub: str = "", due: dt.date | None = DAY) -> BlockKey:
    return BlockKey(key, tokens(number), sub, frozenset(units.split()), due)


def test_blocks_link_in_order_and_each_once() -> None:
    parsed = [
        block(0, "二/（一）", "a b"),
        block(1, "二/（二）/5", "c"),
        block(2, "二/（二）/5", "c"),
        block(3, "三/1", "d"),
    ]
    packaged = [block(10, "二(一)", "a b"), block(11, "二(二)5", "c"), block(12, "二(二)5", "c"), block(13, "三1", "d")]
    links = match_tasks(parsed, packaged)
    assert [(link.parsed, link.key) for link in links] == [(0, 10), (1, 11), (2, 12), (3, 13)]
    assert all(link.differs == () for link in links)


def test_a_block_with_other_units_does_not_link() -> None:
    assert match_tasks([block(0, "1", "a b")], [block(1, "1", "a c")]) == []


def test_a_block_with_another_deadline_links_and_says_so() -> None:
    links = match_tasks([block(0, "1", "a", due=None)], [block(1, "1", "a")])
    assert links[0].differs == ("deadline",)


def test_a_gap_on_either_side_does_not_shift_the_rest() -> None:
    parsed = [block(0, "1", "a"), block(1, "2", "b"), block(2, "4", "d")]
    packaged = [block(11, "2", "b"), block(12, "3", "c"), block(13, "4", "d")]
    assert [(link.parsed, link.key) for link in match_tasks(parsed, packaged)] == [(1, 11), (2, 13)]


UNITS = st.sets(st.sampled_from("abcdef"), min_size=1, max_size=3).map(frozenset)
BLOCKS = st.lists(st.tuples(st.integers(1, 9), UNITS), max_size=12)


@settings(max_examples=60, deadline=None)
@given(BLOCKS, st.sets(st.integers(0, 11)))
def test_a_list_links_to_itself_wholly_and_to_a_part_in_order(
    rows: list[tuple[int, frozenset[str]]], left_out: set[int]
) -> None:
    keys = [BlockKey(i, (str(n),), "", units, None) for i, (n, units) in enumerate(rows)]
    assert [(link.parsed, link.key) for link in match_tasks(keys, keys)] == [(i, i) for i in range(len(keys))]
    part = [k for i, k in enumerate(keys) if i not in left_out]
    links = match_tasks(part, keys)
    assert len(links) == len(part)
    found = [int(str(link.key)) for link in links]
    assert found == sorted(set(found))


PATHS = {
    tokens(p): p
    for p in (
        "前言",
        "二",
        "三/（一）/2/二是",
        "四/4.2",
        "四/4.2/4.2.1",
        "七/7.7/（1）",
        "五/3",
        "附件2/三",
        "解读/前言",
        "解读/一/2/（3）/①",
    )
}


@pytest.mark.parametrize(
    ("section", "path"),
    [
        ("通知 第1句", "前言"),
        ("二 领导小组办公室 第2句", "二"),
        ("三(一)2 二是 第2句", "三/（一）/2/二是"),
        ("四 4.2.1", "四/4.2/4.2.1"),
        ("四 4.2", "四/4.2"),
        ("七 7.7(1)", "七/7.7/（1）"),
        ("五3·地梁", "五/3"),
        ("附件2 三 某局", "附件2/三"),
        ("解读·引言", "解读/前言"),
        ("解读·一2(3)①", "解读/一/2/（3）/①"),
        ("四 4.9", None),
        ("刊首", None),
        ("", None),
    ],
)
def test_a_section_names_its_clause(section: str, path: str | None) -> None:
    assert clause_of_section(section, PATHS) == path
