import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageFont
from pylopdf_fonts_zh_cn import sans_path, serif_path
from pypdf import PdfReader

from luoshi.core.problem import Problem
from luoshi.office.papers import glyphs, pdf
from luoshi.office.papers.glyphs import missing, printable
from luoshi.office.papers.model import Heading, Imprint, Paper, Paragraph, Signature, Table, texts
from tests.office.papers import look
from tests.office.papers.sample import grid, notice

HOSTILE = r'#panic("x") $x^2$ @ref *粗* _斜_ `码` \u{41} <label> // 注 /* */ -- --- "引" ~ [a] {b} = 题 + 项 #read("/etc/passwd") \ end'


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_every_text_comes_out_as_it_went_in() -> None:
    printed = look.text(pdf.render(notice()))
    for part in texts(notice()):
        for line in part.split("\n"):
            assert squeezed(line) in printed, line


def test_fonts_are_embedded_and_named() -> None:
    reader = PdfReader(io.BytesIO(pdf.render(notice())))
    fonts = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index,union-attr]
            descendant = font["/DescendantFonts"][0].get_object()
            fonts[descendant["/BaseFont"].split("+")[1]] = descendant["/FontDescriptor"]
    assert {name.split("-")[0] for name in fonts} == {"NotoSerifSC", "NotoSansSC"}
    assert all("/FontFile3" in descriptor for descriptor in fonts.values())


def test_the_same_paper_gives_the_same_bytes_and_its_own_date() -> None:
    first, second = pdf.render(notice()), pdf.render(notice())
    assert first == second
    reader = PdfReader(io.BytesIO(first))
    assert reader.metadata and str(reader.metadata.creation_date).startswith("2023-04-03")
    assert reader.metadata.title == notice().title
    assert b"pdfaid:part" in first or b"<pdfaid:part>2" in first


def test_papers_set_in_several_threads_are_those_set_in_one() -> None:
    papers = [replace(notice(), title=f"通知{n}") for n in range(8)]
    alone = [pdf.render(paper) for paper in papers]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(pdf.render, papers)) == alone


def test_an_undated_paper_is_printed_too() -> None:
    assert "无日期" in look.text(pdf.render(Paper(title="无日期", blocks=[Paragraph("正文")])))


@pytest.mark.parametrize("text", [HOSTILE, *HOSTILE.split()])
def test_markup_in_text_is_printed_not_obeyed(text: str) -> None:
    blocks = [Paragraph(text), Heading(text), Table((text,), [(text,)]), Signature(text, date(2023, 1, 1))]
    paper = Paper(
        title=text, blocks=blocks, recipients=[text], copies_to=[text], imprint=Imprint(text, date(2023, 1, 1))
    )
    printed = look.text(pdf.render(paper))
    assert printed.count(squeezed(text)) >= 3  # narrow places may break a line in the middle of a word


@settings(max_examples=25, deadline=None)
@given(st.text(st.sampled_from("国#$@\\*_`<>[]{}()\"'~=+-/|^&%!;:,. \n"), min_size=1, max_size=40))
def test_no_text_of_symbols_breaks_the_setting(text: str) -> None:
    printed = look.text(pdf.render(Paper(title="题", blocks=[Paragraph("始" + text + "终")])))
    assert squeezed("始" + text + "终") in printed


def test_a_letter_the_fonts_lack_is_refused_by_name_or_marked() -> None:
    paper = Paper(title="名单", blocks=[Paragraph("王\U0002b73f")])
    assert missing("王\U0002b73f") == ["\U0002b73f"]
    with pytest.raises(Problem, match=r"U\+2B73F"):
        pdf.render(paper)
    assert "王〓" in look.text(pdf.render(paper, unknown_letters="geta"))


@pytest.mark.parametrize("path", [serif_path(), sans_path()])
def test_the_list_of_letters_agrees_with_what_the_font_draws(path: Path) -> None:
    font = ImageFont.truetype(str(path), 40)

    def drawn(letter: str) -> bytes:
        return bytes(font.getmask(letter))

    have = glyphs._code_points(path.read_bytes())
    empty = drawn("\U000fffff")
    letters = [
        chr(point)
        for point in (
            *range(0x4E00, 0x9FFF, 97),
            *range(0x1820, 0x1840, 5),
            *range(0x20000, 0x2A000, 997),
            0xAC00,
            0x1F600,
        )
    ]
    assert {c for c in letters if ord(c) in have} == {c for c in letters if drawn(c) != empty}
    assert 0 < sum(ord(c) in have for c in letters) < len(letters)


def test_the_fonts_cover_what_papers_print() -> None:
    common = "固阳县〔2023〕—《》“”…、。①②③％℃㎡×≥≤"
    assert missing(common) == []
    assert len(printable()) > 20_000


@look.needs_pictures
def test_a_page_holds_22_lines_of_28_letters(tmp_path: Path) -> None:
    sheets = look.pages(pdf.render(grid(60)), tmp_path)
    assert look.rows_of_ink(sheets[1], 28, 184, 37, 262) == 22
    lines = PdfReader(io.BytesIO(pdf.render(grid(60)))).pages[1].extract_text().split("\n")
    assert {len(line) for line in lines if line.startswith("国")} == {28}
    left, top, right, bottom = look.ink(sheets[1], 30, 265)  # type: ignore[misc]
    assert 27.5 <= left <= 29.5 and 182.5 <= right <= 184.5
    assert 36.5 <= top <= 39 and 255 <= bottom <= 262.5


@look.needs_pictures
def test_parts_stand_where_the_standard_puts_them(tmp_path: Path) -> None:
    sheets = look.pages(pdf.render(notice()), tmp_path)
    first, last = sheets[0], sheets[-1]
    red = [(x, y) for x in range(0, first.width, 2) for y in range(first.height) if _is_red(first.getpixel((x, y)))]
    top = min(y for _, y in red) * 25.4 / 72
    assert 70 <= top <= 76  # 37 mm margin and 35 mm within the text area
    rule = max(y for _, y in red)
    width_mm = len([1 for x, y in red if y == rule]) * 2 * 25.4 / 72
    assert width_mm == pytest.approx(156, abs=3)
    below = rule * 25.4 / 72 + 8
    left, _, right, _ = look.ink(first, below, below + 35)  # type: ignore[misc]
    assert (left + right) / 2 == pytest.approx(28 + 78, abs=2)  # the title is centred in the text area
    left, top, right, bottom = look.ink(last, 225, 263)  # type: ignore[misc]
    assert left == pytest.approx(28, abs=1) and right == pytest.approx(184, abs=1)
    assert bottom == pytest.approx(262, abs=1)  # the last rule on the lower edge of the text area
    assert top > 230  # two lines of 抄送 and one of 印发


@look.needs_pictures
def test_page_numbers_stand_right_on_odd_pages_and_left_on_even(tmp_path: Path) -> None:
    sheets = look.pages(pdf.render(grid(60)), tmp_path)
    odd, even = look.ink(sheets[0], 266, 285), look.ink(sheets[1], 266, 285)
    assert odd and odd[2] == pytest.approx(184 - 4.9, abs=1) and odd[1] == pytest.approx(269, abs=2)
    assert even and even[0] == pytest.approx(28 + 4.9, abs=1)
    bare = look.pages(pdf.render(replace(grid(10), page_numbers=False)), tmp_path)
    assert look.ink(bare[0], 266, 290) is None


def test_the_imprint_moves_to_a_page_of_its_own_when_the_last_is_full() -> None:
    full = replace(grid(20), imprint=Imprint("某办", date(2023, 4, 4)), copies_to=["甲"])
    reader = PdfReader(io.BytesIO(pdf.render(full)))
    assert "国" in reader.pages[0].extract_text()
    assert "印发" in reader.pages[-1].extract_text()
    assert len(reader.pages) == 2


def test_a_head_row_repeats_on_each_page() -> None:
    long = Paper(title="表", blocks=[Table(("序号", "户主编号"), [(str(n), f"A{n:03}") for n in range(120)])])
    reader = PdfReader(io.BytesIO(pdf.render(long)))
    assert len(reader.pages) > 2
    assert all("户主编号" in page.extract_text() for page in reader.pages)


def test_no_page_holds_a_signature_alone() -> None:
    for lines in range(12, 22):
        paper = replace(
            grid(lines), blocks=[*grid(lines).blocks, Paragraph("特此通知。"), Signature("某县", date(2023, 4, 3))]
        )
        for page in PdfReader(io.BytesIO(pdf.render(paper))).pages:
            text = page.extract_text()
            assert "2023年" not in text or "特此通知" in text


def _is_red(pixel: tuple[int, int, int]) -> bool:
    return pixel[0] > 180 and pixel[1] < 90 and pixel[2] < 90
