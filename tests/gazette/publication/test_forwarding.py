"""What a notice says before its enclosure, and the enclosure itself: approval, basis, formula, request, title, annexes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.gazette.publication import enclosures, forwarding
from luoshi.gazette.publication.squeezed import squeezed

NOTICE = (
    "前一份的话。\n测试县人民政府\n关于印发《河渠清淤方案》（试行）的通知\n\n各镇人民政府：\n\n"
    "为贯彻落实《上游市人民政府关于河渠清淤的意见》（上府发〔2022〕8号）和《上游市河渠管理办法》精神，"
    "经县防汛指挥部研究\n同意，现将《河渠清淤方案》（试行）印发给你们，请结合实际，认真贯\n彻执行。\n\n"
    "测试县人民政府\n\n2023年3月1日\n\n（此件公开发布）\n\n附件1：河渠名单\n附件2：进度表\n\n"
)
BODY = "为清淤河渠，依据《河道规程》，制定本方案。\n一、总体要求\n附件1所列河渠全部清淤。\n"
ENCLOSED = f"河渠清\n淤方案\n（试行）\n\n{BODY}\n附件1\n\n河渠名单\n东渠、西渠。\n\n附件 2：进度表\n三月完成。\n"
TEXT = NOTICE + ENCLOSED
TITLE = "关于印发《河渠清淤方案》（试行）的通知"
START = TEXT.index("测试县")


def notice() -> tuple[str, int, int]:
    return TEXT, START, enclosures.notice_end(TEXT, TITLE, START)


@pytest.mark.clause("GAZ-N-5")
def test_approving_body_and_superior_documents_are_read_with_their_places() -> None:
    found = forwarding.approval(*notice())
    assert found.body is not None
    assert TEXT[found.body.start : found.body.end] == found.body.words == "县防汛指挥部"
    assert [(c.title, c.number) for c in found.superior] == [
        ("上游市人民政府关于河渠清淤的意见", "上府发〔2022〕8号"),
        ("上游市河渠管理办法", ""),
    ]
    assert TEXT[found.superior[0].start : found.superior[0].end].startswith("《上游市人民政府")


@pytest.mark.clause("GAZ-N-5")
@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("经县政府同意，现将《甲》印发给你们。", "县政府"),
        ("《甲》（2023年版）已经县政府研究同意，现印发给你们。", "县政府"),
        ("《甲》业经县食安委审议通过，现予印发。", "县食安委"),
        ("现将《甲》印发给你们。", None),
        ("群众经济收入提高，同意的占九成。现将《甲》印发给你们。", None),
        ("曾经县里的同志都不同意，后来改了。", None),
    ],
)
def test_a_body_is_named_only_where_it_approves(words: str, body: str | None) -> None:
    found = forwarding.approval(words).body
    assert (found.words if found else None) == body


@pytest.mark.clause("GAZ-N-5")
def test_what_the_enclosure_rests_on_or_forwards_is_no_superior_document() -> None:
    words = "经县政府同意，现将《贯彻〈上位意见〉方案》印发给你们。根据《下文办法》办理。"
    assert forwarding.approval(words).superior == ()
    assert "河道规程" not in [c.title for c in forwarding.approval(*notice()).superior]


@pytest.mark.clause("GAZ-N-6")
def test_a_printed_formula_is_kept_as_it_stands() -> None:
    found = forwarding.forwards(*notice())
    assert found is not None
    assert found.words == "现将《河渠清淤方案》（试行）印发给你们"
    assert "".join(TEXT[found.start : found.end].split()) == found.words
    assert forwarding.forwards("现将有关事项通知如下。") is None


@pytest.mark.clause("GAZ-N-6")
@pytest.mark.parametrize(
    ("made", "words"),
    [
        (forwarding.formula("甲方案"), "现将《甲方案》印发给你们"),
        (forwarding.formula("《甲方案》", "（试行）"), "现将《甲方案》（试行）印发给你们"),
        (forwarding.formula("落实《乙》方案", verb="转发"), "现将《落实〈乙〉方案》转发给你们"),
        (forwarding.formula("甲", approved_by="县政府"), "经县政府同意，现将《甲》印发给你们"),
    ],
)
def test_a_formula_is_made_from_the_template(made: str, words: str) -> None:
    assert made == words


@pytest.mark.clause("GAZ-N-6")
@given(st.text("河渠清淤方案办法", min_size=2, max_size=20), st.sampled_from(["印发", "转发", "批转"]))
def test_a_made_formula_is_read_back(title: str, verb: str) -> None:
    words = forwarding.formula(title, approved_by="县政府", verb=verb) + "，请遵照执行。"
    found, body = forwarding.forwards(words), forwarding.approval(words).body
    assert found is not None and found.words == f"现将《{title}》{verb}给你们"
    assert body is not None and body.words == "县政府"


@pytest.mark.clause("GAZ-N-7")
@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("现将《甲》印发给你们，请结合我县实际，认真贯彻执行。", "请结合我县实际，认真贯彻执行"),
        ("现印发给你们，请遵照执行。", "请遵照执行"),
        ("现印发给你们，请各镇认真组织实施。", "请各镇认真组织实施"),
        ("现印发给你们。", None),
        ("现印发给你们，请于5日前报送名单。", None),
        ("申请执行的材料应齐全。", None),
    ],
)
def test_the_request_to_carry_out_follows_the_formula(words: str, asked: str | None) -> None:
    found = forwarding.execution_request(words)
    assert (found.words if found else None) == asked


@pytest.mark.clause("GAZ-N-11")
def test_notice_and_enclosure_are_two_texts() -> None:
    found = enclosures.enclosed(TEXT, TITLE, START)
    assert found is not None
    assert found.notice == (START, TEXT.index("河渠清\n淤"))
    assert found.title.words == "河渠清淤方案"
    assert found.edition is not None and found.edition.words == "（试行）"
    assert TEXT[slice(*found.body)].strip() == BODY.strip()
    assert [(a.number, a.title) for a in found.annexes] == [("1", "河渠名单"), ("2", "进度表")]
    assert "东渠、西渠" in TEXT[found.annexes[0].start : found.annexes[0].end]
    assert TEXT[found.annexes[1].start : found.annexes[1].end].endswith("三月完成。\n")


@pytest.mark.clause("GAZ-N-11")
def test_nothing_is_enclosed_where_the_title_does_not_stand_again() -> None:
    assert enclosures.enclosed(NOTICE + BODY, TITLE, START) is None
    assert enclosures.enclosed(TEXT, "关于召开清淤会议的通知", START) is None
    assert enclosures.enclosed(TEXT.replace("2023年3月1日", ""), TITLE, START) is None
    assert enclosures.notice_end(NOTICE + BODY, TITLE, START) == TEXT.index("2023年3月1日") + len("2023年3月1日")


@given(st.text(" \n　河渠甲乙", max_size=40))
def test_a_squeezed_text_leads_back_to_its_own(text: str) -> None:
    found = squeezed(text)
    assert found.bare == "".join(text.split())
    assert all(text[at] == sign for at, sign in zip(found.places, found.bare, strict=True))
