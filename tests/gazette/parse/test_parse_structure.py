"""How paragraphs become documents, clauses and tasks: page ends, columns, wholes and parts, tables, pairs, what is missing."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest

from luoshi.gazette.parse import parse


def read(text: str) -> dict[str, Any]:
    return parse(textwrap.dedent(text))


def tasks(text: str) -> list[dict[str, Any]]:
    return [t for d in read(text)["documents"] for t in d["tasks"]]


def kinds(text: str) -> set[str]:
    return {d["kind"] for d in read(text)["doubts"]}


def test_a_block_belongs_to_the_whole_only_when_no_part_has_its_own() -> None:
    whole = "（一）建设工作站\n1.完善设施。\n2.接入平台。\n责任单位：县政务服务局\n（二）其他\n"
    (task,) = tasks("某县方案\n一、任务\n" + whole)
    assert (task["number"], task["heading"]) == ("（一）", "建设工作站")
    assert "完善设施" in task["text"] and "接入平台" in task["text"] and "责任单位" not in task["text"]
    each = whole.replace("1.完善设施。\n", "1.完善设施。\n责任单位：县财政局\n")
    assert [(t["number"], t["responsible"]) for t in tasks("某县方案\n一、任务\n" + each)] == [
        ("1", ["县财政局"]),
        ("2", ["县政务服务局"]),
    ]


def test_subs_keep_the_number_and_heading_of_their_item() -> None:
    found = tasks(
        "某县方案\n1. 做好治理\n一是管理耕地。\n责任单位：县农牧局\n二是禁止灌溉。\n责任单位：县水务局\n2. 监测\n责任单位：县卫健委\n"
    )
    assert [(t["number"], t["sub"], t["heading"]) for t in found] == [
        ("1", "一是", "做好治理"),
        ("1", "二是", "做好治理"),
        ("2", None, "监测"),
    ]


def test_a_sentence_broken_by_a_page_is_one_text_and_one_span() -> None:
    text = "某县方案\n1. 保护耕地。严格验收，补充耕地质量不低\n\n— 3 —\n\n于原有质量。\n责任单位：县自然资源局\n"
    (task,) = tasks(text)
    assert task["text"] == "严格验收，补充耕地质量不低于原有质量。"
    assert text[slice(*task["span"])].startswith("严格验收") and text[slice(*task["span"])].endswith("县自然资源局")
    assert [b["kind"] for b in parse(text)["blocks"]] == ["title", "page_number"]


def test_a_unit_name_broken_by_a_line_end_is_one_name() -> None:
    (task,) = tasks(
        "某县方案\n1. 开放场馆。\n责任单位：县教育体\n育局、县财政局\n完成时限：6月底前，并长\n期坚持\n2023年1月1日\n"
    )
    assert task["responsible"] == ["县教育体育局", "县财政局"]
    assert task["deadline"]["then"] == "ongoing"


def test_a_signature_below_a_unit_list_is_no_part_of_it() -> None:
    proposal = read("关于做好工作的通知\n各镇：\n一、上报情况。\n责任单位：各镇\n某县民政局\n2023年5月16日\n")
    (document,) = proposal["documents"]
    assert (document["issuer"], document["issued_on"]) == ("某县民政局", "2023-05-16")
    assert document["tasks"][0]["responsible"] == ["各镇"]


@pytest.mark.parametrize(
    "head", ["序号\t任务\t责任单位\t完成时限", "序号 任务 责任单位 完成时限", "| 序号 | 任务 | 责任单位 | 完成时限 |"]
)
def test_a_row_is_a_task_in_every_print_of_a_table(head: str) -> None:
    cells = ["1", "修路10公里", "县交通局、县财政局", "2023年6月底"]
    row = "| " + " | ".join(cells) + " |" if head[0] == "|" else ("\t" if "\t" in head else " ").join(cells)
    (task,) = tasks(f"某县任务分工表\n{head}\n{row}\n")
    assert (task["number"], task["responsible"], task["deadline"]["until"]) == (
        "1",
        ["县交通局", "县财政局"],
        "2023-06-30",
    )


def test_a_table_without_units_makes_no_task() -> None:
    assert tasks("某县评分表（满分100分）\n序号\t内容\t分值\t标准\n1\t甲\t60\t扣分\n2\t乙\t40\t扣分\n") == []


@pytest.mark.parametrize(("last", "wrong"), [(40, False), (39, True), (41, True)])
def test_scores_must_add_up_to_the_declared_total(last: int, wrong: bool) -> None:
    found = kinds(f"某县评分表（满分100分）\n序号\t内容\t分值\t标准\n1\t甲\t60\t扣分\n2\t乙\t{last}\t扣分\n")
    assert ("score_sum" in found) is wrong


def test_a_row_without_a_unit_is_a_doubt_and_not_filled_from_above() -> None:
    text = "某县分工表\n序号\t任务\t责任单位\t完成时限\n1\t甲\t县财政局\t6月底\n2\t乙\t\t7月底\n"
    second = tasks(text)[1]
    assert (second["responsible"], second["mode"]) == ([], "none") and "no_unit" in kinds(text)


def test_an_announced_table_is_missing_until_it_is_printed() -> None:
    text = "某县方案\n一、要求\n对照《某县任务分工表》抓好落实（见附件1）。\n"
    assert "missing_table" in kinds(text)
    assert "missing_table" in kinds(text + "附件1：某县任务分工表\n")
    assert "missing_table" not in kinds(
        text + "附件1\n某县任务分工表\n序号\t任务\t责任单位\t完成时限\n1\t甲\t县财政局\t6月底\n"
    )


PLAN = "关于印发《某县养老方案》的通知\n各镇人民政府：\n现将《某县养老方案》印发给你们。\n某县人民政府\n2023年5月1日\n某县养老方案\n一、任务\n甲。\n"


def test_interpretations_are_paired_by_name_or_by_place() -> None:
    (document,) = read(PLAN + "《某县养老方案》政策解读\n一、背景\n乙。\n")["documents"]
    assert document["interpretation"]["title"] == "《某县养老方案》政策解读"
    (document,) = read(PLAN + "《某县养老服务方案》政策解读\n一、背景\n乙。\n")["documents"]
    assert document["interpretation"] is not None
    assert "title_mismatch" in kinds(PLAN + "《某县养老服务方案》政策解读\n一、背景\n乙。\n")


def test_an_interpretation_of_another_plan_stands_alone() -> None:
    documents = read(PLAN + "《某县防汛抗旱应急预案》政策解读\n一、背景\n乙。\n")["documents"]
    assert [d["interpretation"] is not None for d in documents] == [False, True]
    assert "unpaired_interpretation" in kinds(PLAN + "《某县防汛抗旱应急预案》政策解读\n一、背景\n乙。\n")


def test_an_interpretation_makes_no_tasks() -> None:
    assert tasks(PLAN + "《某县养老方案》政策解读\n一、背景\n1. 乙。\n责任单位：县民政局\n") == []


def test_columns_read_across_are_put_back_with_a_doubt() -> None:
    text = PLAN.replace(
        "甲。\n",
        "（一）重视。各镇要用\n《某县养老方案》政策解读\n背景：为提升群众\n心组织实施。\n（二）联动。形成合力。\n满意度，制定本方案。\n",
    )
    (document,) = read(text)["documents"]
    assert [c["heading"] for c in document["clauses"]][-2:] == ["重视", "联动"]
    assert "interleaved" in kinds(text)


def test_an_interpretation_in_the_middle_does_not_end_the_document() -> None:
    text = PLAN + "二、保障\n乙。\n《某县养老方案》政策解读\n为方便群众，制定本方案。\n三、附则\n丙。\n"
    (document,) = read(text)["documents"]
    assert [c["path"] for c in document["clauses"]][-3:] == ["一", "二", "三"]


def test_a_title_printed_twice_is_one_document_with_a_doubt() -> None:
    text = "某县养老方案\n某县养老方案\n一、任务\n甲。\n"
    assert len(read(text)["documents"]) == 1 and "title_twice" in kinds(text)


def test_what_is_not_understood_is_a_doubt_with_its_place() -> None:
    text = "某县方案\n1. 甲。\n责任单位：县财政局、有关专家若干人\n完成时限：视情况而定\n"
    found = {d["kind"]: text[slice(*d["span"])] for d in parse(text)["doubts"]}
    assert found == {"unknown_unit": "有关专家若干人", "deadline": "视情况而定"}


def test_persons_are_no_units() -> None:
    (task,) = tasks("某县方案\n1. 甲。\n责任领导：某某\n责任单位：县财政局\n联系人：某某\n")
    assert task["responsible"] == ["县财政局"]


def test_statements_count_only_without_another_block_and_never_for_explanations() -> None:
    assert tasks("某县方案\n一、附则\n本方案由县财政局负责解释。\n") == []
    assert tasks("某县方案\n一、附则\n由县人民政府负责指挥应对处置工作。\n") == []
    (task,) = tasks("某县方案\n（一）供水。由县水利局牵头，县住建局配合，2023年6月底前完成。\n")
    assert (task["lead"], task["support"], task["deadline"]["until"]) == (["县水利局"], ["县住建局"], "2023-06-30")
    (task,) = tasks("某县方案\n（一）供水。由县水利局负责。\n责任单位：县住建局\n")
    assert task["responsible"] == ["县住建局"]


def test_a_rule_for_a_section_ends_with_it() -> None:
    text = (
        "某县方案\n一、甲\n以下任务均需于2023年11月底前完成。\n1. 修路。（县交通局）\n二、乙\n2. 架桥。（县水利局）\n"
    )
    assert [t["deadline"]["until"] for t in tasks(text)] == ["2023-11-30", None]


def test_the_same_day_mark_takes_the_day_of_the_entry_before() -> None:
    entries = read("大事记\n（2023年4月1日至6月30日）\n4月7日　植树。\n△　开会。\n30日至5月1日　演出。\n")["chronicle"]
    assert [(e["from"], e["to"]) for e in entries] == [("2023-04-07", "2023-04-07")] * 2 + [
        ("2023-04-30", "2023-05-01")
    ]


def test_a_single_document_has_no_issue() -> None:
    assert read(PLAN)["issue"] is None
    issue = read(
        "某县人民政府公报\n2023年第2期（总第15期）\n2023年7月3日刊印\n目录\n1 关于印发《某县养老方案》的通知\n" + PLAN
    )["issue"]
    assert issue == {"title": "某县人民政府公报", "year": 2023, "number": 2, "serial": 15, "printed_on": "2023-07-03"}


@pytest.mark.parametrize(("second", "wrong"), [(20, False), (15, True)])
def test_scores_in_headings_must_add_up(second: int, wrong: bool) -> None:
    text = f"某县考核细则\n一、设施（30分）\n1.道路硬化（10分）。\n2.集中供水（{second}分）。\n二、服务\n"
    assert ("score_sum" in kinds(text)) is wrong


@pytest.mark.parametrize(
    ("marks", "wrong"),
    [
        (["（一）", "（二）", "（三）"], []),
        (["（一）", "（三）"], ["（三）"]),
        (["（-）", "（二）"], []),
        (["（一）", "1.", "2.", "（二）", "3."], []),
        (["（一）", "1.", "2.", "（二）", "1."], []),
        (["（一）", "1.", "2.", "（二）", "5."], ["5."]),
    ],
)
def test_numbers_that_do_not_follow_are_a_doubt(marks: list[str], wrong: list[str]) -> None:
    text = "某县方案\n一、任务\n" + "".join(f"{mark}做好工作\n" for mark in marks)
    assert [text[slice(*d["span"])] for d in parse(text)["doubts"] if d["kind"] == "numbering"] == wrong


@pytest.mark.parametrize(
    ("end", "wrong"), [("进一步提升经营者", True), ("进一步提升水平。", False), ("（试行）", False)]
)
def test_a_text_cut_off_before_its_units_is_a_doubt(end: str, wrong: bool) -> None:
    assert ("unfinished_text" in kinds(f"某县方案\n1. 甲。开展检查。{end}\n责任单位：县财政局\n")) is wrong
