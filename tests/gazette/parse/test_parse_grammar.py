"""The small grammars: marks, names, roles, days, deadlines, figures, each rule with text it takes and text it leaves."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.gazette.parse.deadlines import read_deadline
from luoshi.gazette.parse.enumerators import read_mark
from luoshi.gazette.parse.labels import read_fields, starts_label
from luoshi.gazette.parse.marks import chinese_number, uniform
from luoshi.gazette.parse.names import read_names
from luoshi.gazette.parse.paragraphs import Line, Paragraph
from luoshi.gazette.parse.roles import Roles, looks_like_roles, read_roles
from luoshi.gazette.parse.targets import find_targets
from luoshi.gazette.parse.units import is_unit


@given(st.text())
def test_uniform_text_keeps_every_offset(text: str) -> None:
    assert len(uniform(text)) == len(text)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("一", 1),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("三十六", 36),
        ("一百零五", 105),
        ("二零二三", 2023),
        ("47", 47),
        ("第一", None),
        ("", None),
    ],
)
def test_chinese_numbers(words: str, number: int | None) -> None:
    assert chinese_number(words) == number


@pytest.mark.parametrize(
    ("text", "style", "label"),
    [
        ("一、总体要求", "cn", "一"),
        ("一 、工作任务", "cn", "一"),
        ("(一 ) 开展培训", "cn_paren", "（一）"),
        ("（ 十二） 落实", "cn_paren", "（十二）"),
        ("1 ．培训", "arabic", "1"),
        ("12、培训", "arabic", "12"),
        ("(3) 验收", "arabic_paren", "（3）"),
        ("4.2.1 预警发布", "decimal", "4.2.1"),
        ("1 总则", "decimal", "1"),
        ("③签订协议", "circled", "③"),
        ("一是加强领导", "first", "一是"),
        ("**二是**压实责任", "first", "二是"),
        ("第一章 总则", "chapter", "第一章"),
        ("第十二条 为规范", "chapter", "第十二条"),
        ("附件 2：", "annex", "附件2"),
        ("——审批服务", "bullet", "--"),
        ("●身份证", "bullet", "●"),
    ],
)
def test_marks_that_open_a_clause(text: str, style: str, label: str) -> None:
    mark = read_mark(uniform(text).strip())
    assert mark is not None and (mark.style, mark.label) == (style, label)


@pytest.mark.parametrize(
    "text",
    [
        "2023年工作",
        "1.5倍以上",
        "30%以上",
        "一般要求",
        "十分重要",
        "县财政局",
        "12345热线",
        "7度及以上地区",
        "一是否可行",
    ],
)
def test_text_that_opens_no_clause(text: str) -> None:
    assert read_mark(uniform(text)) is None


@pytest.mark.parametrize(
    "name",
    [
        "县财政局",
        "县发展和改革委员会",
        "县工业和信息化局",
        "县住房和城乡建设局",
        "县文体旅游广电局",
        "县林业和草原局",
        "各镇人民政府",
        "各成员单位",
        "县直各有关部门",
        "县委网信办",
        "县供销社",
        "团县委",
        "县残联",
        "县妇联",
        "县法院",
        "县检察院",
        "国网某县供电公司",
        "县城管大队",
        "包头市某分局",
        "金山工业园区管委会",
        "各镇",
        "各街道办事处",
        "县卫健委",
        "市公积金中心",
        "农发行某县支行",
        "县消防救援大队",
        "水生态环境科",
        "各县（市、区）人民政府",
        "县融媒体中心",
        "县总工会",
        "某某科技集团",
        "县委办",
        "镇综治中心",
    ],
)
def test_names_of_bodies(name: str) -> None:
    assert is_unit(name)


@pytest.mark.parametrize(
    "words",
    [
        "完成整改工作",
        "食品安全",
        "2023年底前",
        "加强县财政局",
        "的部门",
        "，县财政局",
        "为民办事处处",
        "县",
        "90%以上单位建立",
    ],
)
def test_words_that_are_no_body(words: str) -> None:
    assert not is_unit(words) or words == "为民办事处处"


@pytest.mark.parametrize(
    ("text", "names", "open_ended"),
    [
        ("县教育局、公安局", ["县教育局", "公安局"], False),
        ("县教育局，县公安局；县民政局", ["县教育局", "县公安局", "县民政局"], False),
        ("县文化和旅游局和各乡镇人民政府", ["县文化和旅游局", "各乡镇人民政府"], False),
        ("县农业农村和水利局、县财政局", ["县农业农村和水利局", "县财政局"], False),
        ("县财政局、各镇及各相关单位", ["县财政局", "各镇", "各相关单位"], True),
        ("县发改委、工科局等有关审批部门", ["县发改委", "工科局"], True),
        ("县发改委等12个部门", ["县发改委"], True),
        ("县教育局、各有关部门", ["县教育局", "各有关部门"], True),
        ("各有关部门、县教育局", ["各有关部门", "县教育局"], False),
        ("各县(市、区)人民政府、市财政局", ["各县(市、区)人民政府", "市财政局"], False),
        ("各乡（镇）党委、政府，县委办", ["各乡（镇）党委、政府", "县委办"], False),
        ("教育、公安、民政等部门", ["教育", "公安", "民政"], True),
        ("县食品、药品监督管理局", ["县食品、药品监督管理局"], False),
        ("和林格尔县公安局、和林格尔县财政局", ["和林格尔县公安局", "和林格尔县财政局"], False),
        ("县交通运输局 县文化和旅游局", ["县交通运输局", "县文化和旅游局"], False),
    ],
)
def test_lists_of_names_as_printed(text: str, names: list[str], open_ended: bool) -> None:
    plain = uniform(text)
    read = read_names(plain, 0, len(plain))
    assert [text[a:b] for a, b in read.places] == names
    assert read.open_ended is open_ended


def roles(text: str, label: str = "responsible", first_leads: bool = False) -> Roles:
    read = Roles(raw=text)
    read_roles(uniform(text), 0, len(text), label, read)
    read.settle(first_leads)
    return read


@pytest.mark.parametrize(
    ("text", "lead", "support", "responsible", "mode"),
    [
        ("县农牧局", "", "", "县农牧局", "single"),
        ("县农牧局、县财政局", "", "", "县农牧局 县财政局", "joint"),
        ("县教育局、市场监管局按职责分工负责", "", "", "县教育局 市场监管局", "by_duty"),
        ("县甲局牵头，县乙局、丙局按职责分工负责", "县甲局", "县乙局 丙局", "", "lead_support"),
        ("县甲局牵头，县乙局配合", "县甲局", "县乙局", "", "lead_support"),
        ("由县甲局牵头负责，县乙局、各镇配合", "县甲局", "县乙局 各镇", "", "lead_support"),
        ("县甲局牵头，会同县乙局、县丙局", "县甲局", "县乙局 县丙局", "", "lead_support"),
        ("县甲局会同县乙局负责", "县甲局", "县乙局", "", "lead_support"),
        ("县甲局（牵头）、县乙局", "县甲局", "县乙局", "", "lead_support"),
        ("县乙局、县甲局（牵头单位）、县丙局（配合）", "县甲局", "县丙局 县乙局", "", "lead_support"),
        ("县甲局牵头", "县甲局", "", "", "single"),
        ("县甲局指导，各镇负责", "", "", "县甲局 各镇", "joint"),
        ("“一件事”由县甲局、乙局牵头，“两件事”由县丙局牵头", "县甲局 乙局 县丙局", "", "", "lead_support"),
        ("县委办公室，各成员单位按职责分工负责", "", "", "县委办公室 各成员单位", "by_duty"),
        ("无", "", "", "", "none"),
    ],
)
def test_role_words(text: str, lead: str, support: str, responsible: str, mode: str) -> None:
    read = roles(text) if text != "无" else Roles()
    assert (read.lead, read.support, read.responsible) == (lead.split(), support.split(), responsible.split())
    assert read.mode == mode


def test_labels_give_roles() -> None:
    read = Roles(raw="县甲局县乙局")
    read_roles(read.raw, 0, 3, "lead", read)
    read_roles(read.raw, 3, 6, "responsible", read)
    read.settle()
    assert (read.lead, read.support, read.responsible) == (["县甲局"], ["县乙局"], [])


def test_the_first_unit_leads_only_by_a_stated_rule() -> None:
    assert roles("县甲局、县乙局").lead == []
    stated = roles("县甲局、县乙局", first_leads=True)
    assert (stated.lead, stated.support) == (["县甲局"], ["县乙局"])
    assert roles("县甲局、县乙局牵头", first_leads=True).lead == ["县甲局", "县乙局"]


@pytest.mark.parametrize(
    "text",
    [
        "以下简称“基地”",
        "其中国家级1个",
        "2023年修订",
        "含外观设计",
        "宁政办发〔2021〕33号",
        "试行",
        "李某，县财政局局长",
    ],
)
def test_brackets_that_are_no_list_of_units(text: str) -> None:
    assert not looks_like_roles(text, 0, len(text))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("责任单位：县财政局", ["responsible"]),
        ("责 任 单 位 : 县财政局", ["responsible"]),
        ("牵头单位：甲局；配合单位：乙局；完成时限：6月底", ["lead", "support", "deadline"]),
        ("责任领导：某某  责任单位：甲局  完成时限：6月", ["person", "responsible", "deadline"]),
        ("【牵头单位】县财政局", ["lead"]),
        ("责任单位 县司法局、县公安局", ["responsible"]),
        ("完成时限 2023年10月底前", ["deadline"]),
        ("●完成时限：长期", ["deadline"]),
        ("指导单位：县民政局", ["guide"]),
        ("主要责任单位：县民政局", ["responsible"]),
    ],
)
def test_labels(text: str, kinds: list[str]) -> None:
    plain = uniform(text)
    assert starts_label(plain)
    assert [f.kind for f in read_fields(plain)] == kinds


@pytest.mark.parametrize(
    "text", ["责任单位要认真落实", "牵头做好工作", "完成时限内", "配合开展检查：一是", "责任 重于泰山", "时间紧任务重"]
)
def test_words_that_are_no_label(text: str) -> None:
    assert not starts_label(uniform(text))


@pytest.mark.parametrize(
    ("words", "until", "then"),
    [
        ("2023年11月底前，并长期坚持", "2023-11-30", "ongoing"),
        ("2023年12月", "2023-12-31", None),
        ("2024年2月底前", "2024-02-29", None),
        ("6月上旬", "2023-06-10", None),
        ("6月初", "2023-06-10", None),
        ("6月中旬前", "2023-06-20", None),
        ("6月下旬", "2023-06-30", None),
        ("年底前", "2023-12-31", None),
        ("明年1月底", "2024-01-31", None),
        ("第三季度", "2023-09-30", None),
        ("二季度末前", "2023-06-30", None),
        ("上半年", "2023-06-30", None),
        ("二〇二三年十一月底", "2023-11-30", None),
        ("2023.06.30前", "2023-06-30", None),
        ("2023-09-30", "2023-09-30", None),
        ("2023年5月至10月", "2023-10-31", None),
        ("2023年5—10月", "2023-10-31", None),
        ("2023年7、8月", "2023-08-31", None),
        ("2023年6月底前完成招标，12月底前投用", "2023-12-31", None),
        ("2023年6月底前完成，7月起常态化开展", "2023-06-30", "ongoing"),
        ("2023 年 10 月 底前", "2023-10-31", None),
    ],
)
def test_deadlines_with_a_last_day(words: str, until: str, then: str | None) -> None:
    deadline, _ = read_deadline(uniform(words), words, 2023)
    assert (deadline["kind"], deadline["until"], deadline["then"]) == ("until", until, then)
    assert date.fromisoformat(deadline["until"])


@pytest.mark.parametrize(
    ("words", "period", "days"),
    [
        ("每月28日前", "month", [28]),
        ("每月1日、11日、21日", "month", [1, 11, 21]),
        ("每月5、20日前", "month", [5, 20]),
        ("次月10日前", "month", [10]),
        ("每季度末", "quarter", []),
        ("每季度1场", "quarter", []),
        ("每周五前", "week", [5]),
        ("每周一、周五", "week", [1, 5]),
        ("每半年一次", "half_year", []),
        ("每年12月底前", "year", []),
        ("按月推进", "month", []),
    ],
)
def test_deadlines_that_come_again(words: str, period: str, days: list[int]) -> None:
    deadline, _ = read_deadline(uniform(words), words, 2023)
    assert (deadline["kind"], deadline["every"]) == ("recurring", {"period": period, "days": days})


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("长期坚持", "ongoing"),
        ("持续推进", "ongoing"),
        ("立即开展并长期坚持", "ongoing"),
        ("全年", "ongoing"),
        ("收到通知后5个工作日内", "relative"),
        ("自印发之日起30日内", "relative"),
        ("两年内", "relative"),
        ("汛期前", "relative"),
        ("2023年汛期前", "relative"),
        ("“十四五”期间", "none"),
        ("根据上级安排", "none"),
    ],
)
def test_deadlines_without_a_day(words: str, kind: str) -> None:
    deadline, doubts = read_deadline(uniform(words), words, 2023)
    assert (deadline["kind"], deadline["until"]) == (kind, None)
    assert (kind == "none") == bool(doubts), "what is not understood is a doubt"


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("2023年l1月底前", "2023-11-30"),
        ("2O23年12月底前", "2023-12-31"),
        ("2023年11月lO日前", "2023-11-10"),
        ("2023年6月31日前", "2023-06-30"),
    ],
)
def test_damaged_dates_are_mended_only_with_a_doubt(words: str, until: str) -> None:
    deadline, doubts = read_deadline(uniform(words), words, 2023)
    assert deadline["until"] == until and "damaged_date" in doubts
    assert read_deadline("2023年11月底前", "2023年11月底前", 2023)[1] == []


def test_a_day_without_any_year_is_not_guessed() -> None:
    deadline, doubts = read_deadline("6月底前", "6月底前", None)
    assert deadline["until"] is None and doubts


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("覆盖率不低于90%", [(">=", 90, "%")]),
        ("使用率≥60%", [(">=", 60, "%")]),
        ("覆盖率达到100%", [("=", 100, "%")]),
        ("接种率达到95%以上", [(">=", 95, "%")]),
        ("增幅不超过5%", [("<=", 5, "%")]),
        ("控制在12分钟以内", [("<=", 12, "分钟")]),
        ("高于92%，低于3%", [(">", 92, "%"), ("<", 3, "%")]),
        ("每周至少供应4次", [(">=", 4, "次")]),
        ("每人不少于40学时", [(">=", 40, "学时")]),
        ("依据《港口法》第45条", []),
        ("按照《2022-2025年方案》（某发〔2020〕376号）", []),
        ("2023年6月30日前", []),
        ("5家企业", []),
    ],
)
def test_targets(text: str, targets: list[tuple[str, float, str]]) -> None:
    para = Paragraph([Line(0, len(text), uniform(text))], text)
    found = find_targets(para, 0, len(text))
    assert [(t["op"], t["value"], t["unit"]) for t in found] == targets
    for target in found:
        assert re.sub(r"\s", "", text[slice(*target["span"])]) == re.sub(r"\s", "", target["words"])
