from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.core.problem import Problem
from luoshi.office.papers.model import (
    AttachmentList,
    Heading,
    Paper,
    Paragraph,
    Signature,
    Table,
    chinese_date,
    document_number,
    flow,
    texts,
)
from luoshi.office.papers.text import clean, one_line, title_lines, width
from tests.office.papers.sample import notice


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("固政发[2023]8号", "固政发〔2023〕8号"),
        ("固政办发（2023） 第08号", "固政办发〔2023〕8号"),
        ("固政发【2023】 12 号", "固政发〔2023〕12 号".replace(" ", "")),
        ("固政发〔2023〕号", "固政发〔2023〕号"),
        ("无编号", "无编号"),
    ],
)
def test_the_year_of_a_number_stands_in_hexagonal_brackets(raw: str, normal: str) -> None:
    assert document_number(raw) == normal


def test_a_date_is_printed_in_arabic_figures_without_leading_zeros() -> None:
    assert chinese_date(date(2023, 4, 3)) == "2023年4月3日"


@pytest.mark.parametrize(
    ("level", "number", "printed"),
    [
        (1, 1, "一、目标"),
        (1, 11, "十一、目标"),
        (1, 20, "二十、目标"),
        (2, 3, "（三）目标"),
        (3, 4, "4.目标"),
        (4, 5, "（5）目标"),
    ],
)
def test_each_level_has_its_enumerator(level: int, number: int, printed: str) -> None:
    assert Heading("目标", level, number).printed == printed


def test_a_fifth_level_is_refused_by_name() -> None:
    with pytest.raises(Problem, match="四层"):
        Heading("目标", 5)


def test_a_row_of_another_length_is_refused_and_named() -> None:
    with pytest.raises(Problem) as caught:
        Table(("甲", "乙"), [("1", "2"), ("1", "2", "3")])
    assert caught.value.place == "table.rows[2]"


def test_a_paper_without_title_is_refused() -> None:
    with pytest.raises(Problem, match="没有标题"):
        Paper(title=" \n\u200b", blocks=[])


def test_one_attachment_has_no_number_several_have() -> None:
    assert AttachmentList(["甲"]).printed() == [("附件：", "甲")]
    assert AttachmentList(["甲", "乙"]).printed() == [("附件：", "1. 甲"), ("", "2. 乙")]


def test_a_sealed_issuer_is_centred_on_the_date_which_leaves_four_letters() -> None:
    issuer, day = Signature("某县人民政府", date(2023, 4, 3)).right_indents()  # 6 letters over 6 half and 3 full ones
    assert day == 4
    assert issuer + width("某县人民政府") / 2 == day + width("2023年4月3日") / 2


def test_without_a_seal_the_date_starts_two_letters_behind_the_issuer() -> None:
    long, short = (
        Signature("某县农村房屋安全工作领导小组办公室", date(2023, 4, 3), sealed=False),
        Signature("某局", date(2023, 4, 3), sealed=False),
    )
    for signature in (long, short):
        issuer, day = signature.right_indents()
        starts = issuer + width(signature.issuer), day + width(chinese_date(signature.day))
        assert starts[0] - starts[1] == 2
    assert long.right_indents()[0] == 2 and short.right_indents()[1] == 2


def test_the_disclosure_follows_the_signature_else_the_end() -> None:
    signed = [block for block in flow(notice()) if isinstance(block, Signature)]
    assert [block.note for block in signed] == ["（此件公开发布）"]
    unsigned = list(flow(Paper(title="甲", blocks=[Paragraph("乙")], disclosure="此件公开发布")))
    assert unsigned[-1] == "（此件公开发布）"
    before_annex = list(flow(replace(notice(), blocks=notice().blocks[-1:])))
    assert before_annex[0] == "（此件公开发布）"


def test_short_columns_get_their_line_and_sentences_divide_the_rest() -> None:
    shares = notice().blocks[-4].shares()  # type: ignore[union-attr]
    assert sum(shares) == pytest.approx(1)
    assert shares[3] > shares[2] > shares[0]
    many = Table([f"列{n}" for n in range(30)], [["很长的一句话" * 9] * 30]).shares()
    assert sum(many) == pytest.approx(1) and min(many) > 0


def test_a_long_title_breaks_into_even_lines_at_good_places() -> None:
    lines = title_lines("某县人民政府关于印发《某县2023年农村房屋安全提升工作安排》的通知")
    assert "".join(lines) == "某县人民政府关于印发《某县2023年农村房屋安全提升工作安排》的通知"
    assert len(lines) == 2 and all(width(line) <= 20 for line in lines)
    assert not any(line.startswith(("年", "》", "的")) for line in lines)
    assert title_lines("某县人民政府\n关于甲的通知") == ["某县人民政府", "关于甲的通知"]


@given(st.text(max_size=60))
def test_titles_lose_no_letter(title: str) -> None:
    joined = "".join("".join(title_lines(title)).split())
    assert joined == "".join(clean(title).split())


@given(st.text(max_size=80))
def test_cleaned_text_is_xml_and_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert all(c == "\n" or ord(c) >= 32 for c in once)
    assert not set(once) & set("\u202e\u200b\ufeff\ufffe\x7f")


def test_controls_that_reverse_the_reading_are_dropped_and_broken_units_marked() -> None:
    assert one_line("金额\u202e0001\u202c元\x00") == "金额0001元"
    assert clean("甲\ud800乙\r\n丙") == "甲\ufffd乙\n丙"


def test_every_text_of_a_paper_is_listed() -> None:
    listed = "".join(texts(notice()))
    for part in (
        "某政发〔2023〕8号",
        "由第三方机构",
        "附件1",
        "抄送：",
        "2023年4月4日印发",
        "（此件公开发布）",
        "任务分解表",
    ):
        assert part in listed
