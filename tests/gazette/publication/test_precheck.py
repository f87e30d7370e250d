"""The completeness check of an issue: each rule with an issue that keeps it and one that breaks it."""

import datetime as dt
from dataclasses import replace

import pytest
from tests.gazette.publication.conftest import Published, give_post

from luoshi.gazette.publication import precheck
from luoshi.gazette.publication.chronicle import agenda, figures, meeting, missing_meetings, topic_of
from luoshi.gazette.publication.citations import citations, enclosure
from luoshi.gazette.publication.contents import contents, mongolian_title
from luoshi.gazette.publication.precheck import Item, Whole
from luoshi.gazette.publication.tree import is_furniture

COVER = (
    "测试县人民政府公报\n2023年\n第2期（总第15期）\n测试县人民政府公报\n2023年第2期\n（总第15期·季刊）\n目 录\n县政府文件\n"
    "- 1 关于印发《巡查方案》的通知\n- 5 《巡查方案》政策解读\n县政府办公室文件\n- 9 关于印发《台账办法》的通知\n"
    "- 12 《台账办法》政策解读\n政府大事记\n- 20 政府大事记（2023年4月1日至6月30日）\n正文开始。\n"
)
BODY = "正文：补助不超过3万元。\n\n测试县人民政府\n\n2023年4月13日"
ONE = Item(
    "关于印发《巡查方案》的通知", "测试县人民政府", "测府发〔2023〕4号", dt.date(2023, 4, 13), "proactive", BODY, "《巡查方案》政策解读",
    "每户补助不超过3万元。",
)  # fmt: skip
TWO = Item(
    "关于印发《台账办法》的通知", "测试县人民政府办公室", "测府办发〔2023〕9号", dt.date(2023, 5, 9), "proactive",
    BODY.replace("人民政府\n", "人民政府办公室\n"), "《台账办法》政策解读", "办法解读。",
)  # fmt: skip
GOOD = Whole(
    2023, 2, 15, dt.date(2023, 7, 3), COVER, contents(COVER), (ONE, TWO),
    (
        (dt.date(2023, 4, 20), dt.date(2023, 4, 20), "春耕。"),
        (dt.date(2023, 5, 4), dt.date(2023, 5, 4), "召开县政府2023年第6次常务会议"),
        (dt.date(2023, 5, 12), dt.date(2023, 5, 12), "召开县政府2023年第7次常务会议"),
    ),
    14,
)  # fmt: skip


def one(**more: object) -> Whole:
    return replace(GOOD, items=(replace(ONE, **more), TWO))  # type: ignore[arg-type]


@pytest.mark.clause("GAZ-L-3")
def test_an_issue_that_is_complete_passes_every_check() -> None:
    assert [f for f in precheck.check(GOOD) if f.grade != "pass"] == []
    assert len(precheck.check(GOOD)) == 20


def lines(text: str) -> Whole:
    return replace(GOOD, lines=contents(text))


BROKEN = {
    "GAZ-C-5": replace(GOOD, before=12),
    "GAZ-C-8": replace(GOOD, serial=16),
    "GAZ-C-9": replace(GOOD, printed_on=dt.date(2023, 6, 1)),
    "GAZ-P-5": one(text=f"{BODY}\n本方案自印发之日起施行。", told="2. 实施时间\n自2023年4月12日起施行。"),
    "GAZ-T-3": one(issuer="测试县人民政府办公室"),
    "GAZ-T-5": lines(COVER.replace("- 5 ", "- 1 ")),
    "GAZ-T-6": lines(COVER.replace("- 5 《巡查方案》政策解读\n", "")),
    "GAZ-T-7": replace(GOOD, items=(ONE, replace(ONE, issued_on=dt.date(2023, 4, 1)), TWO)),
    "GAZ-T-8": lines(COVER.replace("（2023年4月1日至6月30日）", "")),
    "GAZ-T-9": one(title="关于印发《别的方案》的通知"),
    "GAZ-N-3": one(number="测府发〔2023〕号"),
    "GAZ-N-8": one(issuer="测试县农牧局"),
    "GAZ-N-9": one(issued_on=dt.date(2023, 7, 4)),
    "GAZ-P-0": one(told=""),
    "GAZ-P-3": one(told_title="《保障房方案》政策解读"),
    "GAZ-P-6": one(told="每户补助不超过4万元。"),
    "GAZ-X-3": one(disclosure=""),
    "CHRON-0-5": replace(GOOD, chronicle=GOOD.chronicle[::-1]),
    "CHRON-0-6": replace(GOOD, chronicle=((dt.date(2023, 7, 1), None, "七月的事"),)),
    "CHRON-0-11": replace(GOOD, chronicle=(GOOD.chronicle[1], (dt.date(2023, 6, 1), None, "2023年第9次常务会议"))),
}


@pytest.mark.clause("GAZ-C-5")
@pytest.mark.clause("GAZ-C-8")
@pytest.mark.clause("GAZ-C-9")
@pytest.mark.clause("GAZ-T-3")
@pytest.mark.clause("GAZ-T-5")
@pytest.mark.clause("GAZ-T-6")
@pytest.mark.clause("GAZ-T-7")
@pytest.mark.clause("GAZ-T-8")
@pytest.mark.clause("GAZ-T-9")
@pytest.mark.clause("GAZ-N-3")
@pytest.mark.clause("GAZ-N-8")
@pytest.mark.clause("GAZ-N-9")
@pytest.mark.clause("GAZ-P-0")
@pytest.mark.clause("GAZ-P-6")
@pytest.mark.clause("GAZ-X-3")
@pytest.mark.clause("CHRON-0-5")
@pytest.mark.clause("CHRON-0-6")
@pytest.mark.clause("CHRON-0-11")
@pytest.mark.parametrize("clause", sorted(BROKEN))
def test_what_breaks_a_rule_is_found_under_its_clause(clause: str) -> None:
    found = {f.clause for f in precheck.check(BROKEN[clause]) if f.grade != "pass"}
    assert clause in found


def test_the_check_is_for_officers(published: Published) -> None:
    give_post(published.small, "editor", "office", "editor")
    assert published.get("/g/2023/2/check").status_code == 404
    page = published.get("/g/2023/2/check", as_="editor").content.decode()
    assert "未标注公开属性" in page and "测府发" not in page.split("<main")[0]


@pytest.mark.clause("GAZ-N-2")
def test_the_enclosure_is_taken_out_of_the_notices_title() -> None:
    assert enclosure("关于印发《巡查方案》(2023年版)的通知") == "巡查方案"
    assert enclosure("测试县关于转发《巡查方案》的通知") == "巡查方案"
    assert enclosure("巡查方案（试行）") == "巡查方案"


@pytest.mark.clause("GAZ-N-16")
def test_citations_by_title_and_number_in_every_bracket() -> None:
    text = "按照《示范办法》(测府发[2022]7号)和国发〔2022〕第5号文件，依据《甲关于印发〈乙〉的通知》。"
    found = citations(text)
    assert [(c.title, c.number) for c in found] == [
        ("示范办法", "测府发〔2022〕7号"), ("", "国发〔2022〕5号"), ("甲关于印发〈乙〉的通知", ""),
    ]  # fmt: skip
    assert all(text[c.start : c.end].startswith(("《", "国发")) for c in found)


@pytest.mark.clause("GAZ-H-1")
@pytest.mark.clause("GAZ-H-2")
def test_running_heads_and_page_numbers_are_furniture() -> None:
    assert is_furniture("县 政 府 文 件") and is_furniture(" — 12 — ")
    assert is_furniture("测试县人民政府公报", "测试县人民政府公报")
    assert not is_furniture("县政府文件管理办法") and not is_furniture("一、工作目标")


@pytest.mark.clause("GAZ-T-4")
def test_contents_give_column_page_and_title() -> None:
    found = contents(COVER)
    assert [(line.column, line.page) for line in found] == [
        ("县政府文件", 1), ("县政府文件", 5), ("县政府办公室文件", 9), ("县政府办公室文件", 12), ("政府大事记", 20),
    ]  # fmt: skip
    assert contents("没有的") == ()


@pytest.mark.clause("GAZ-C-2")
def test_the_mongolian_title_is_kept() -> None:
    assert mongolian_title("公报\n\nᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ\n2023年") == "ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ"
    assert mongolian_title("公报") == ""


@pytest.mark.clause("CHRON-0-10")
def test_an_executive_meeting_is_a_record() -> None:
    text = "2023年5月4日,××县长主持召开县政府2023年第6次常务会议,会议审议了《甲方案》《乙目录》,研究了拟实施项目、投资协议等内容。"
    found = agenda(text)
    assert found is not None
    assert (found.year, found.number, found.chair_post) == (2023, 6, "县长")
    assert found.reviewed == ("《甲方案》", "《乙目录》")
    assert found.studied == ("拟实施项目", "投资协议")
    assert agenda("召开座谈会") is None
    assert meeting(text) == "2023年第6次"
    assert missing_meetings(["2023年第6次常务会议", "2023年第8次常务会议", "2023年第8次常务会议"]) == {2023: [7, 8]}


@pytest.mark.clause("CHRON-0-12")
def test_figures_keep_unit_and_bound() -> None:
    assert figures("500余名干部、50多个单位参加，投资3.5亿元，共3名。") == ("500余名", "50多个", "3.5亿元", "3名")


def test_topics_follow_the_register() -> None:
    from luoshi.office import register

    known = register.value_on("gazette", "chronicle.types", dt.date(2023, 7, 3)).value
    samples = [
        "第6次常务会议",
        "召开工作会议",
        "赴县调研项目",
        "获得荣誉称号",
        "共建启动仪式",
        "非遗活动",
        "防汛演练",
        "无偿献血",
    ]
    assert [topic_of(s) for s in samples] == list(known)
    assert topic_of("天气晴") == ""
