import io
import zipfile
from dataclasses import replace
from pathlib import Path

import docx as python_docx
import lxml.etree
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.office.papers import docx
from luoshi.office.papers.model import Annex, Paper, Paragraph, Table, texts
from tests.office.papers import look
from tests.office.papers.sample import grid, notice


def opened(paper: Paper) -> python_docx.document.Document:
    return python_docx.Document(io.BytesIO(docx.render(paper)))


def all_text(document: python_docx.document.Document) -> str:
    return "".join("".join(node.text or "" for node in document.element.body.iter(qn("w:t"))).split())


def test_every_text_comes_out_as_it_went_in() -> None:
    printed = all_text(opened(notice()))
    for part in texts(notice()):
        for line in part.split("\n"):
            assert "".join(line.split()) in printed, line


def test_page_and_fonts_are_those_of_the_standard() -> None:
    document = opened(notice())
    section = document.sections[0]
    measures = [round(side.mm) for side in (section.page_width, section.page_height, section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)]  # fmt: skip
    assert measures == [210, 297, 37, 35, 28, 26]
    styles = {name: document.styles[name] for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "PaperTitle")}
    faces = {name: style.element.rPr.rFonts.get(qn("w:eastAsia")) for name, style in styles.items()}
    assert faces == {
        "Normal": "仿宋_GB2312",
        "Heading 1": "黑体",
        "Heading 2": "楷体_GB2312",
        "Heading 3": "仿宋_GB2312",
        "PaperTitle": "方正小标宋简体",
    }
    assert styles["Normal"].font.size.pt == 16 and styles["PaperTitle"].font.size.pt == 22
    assert styles["Normal"].paragraph_format.line_spacing.pt == 28.95


def test_each_named_font_has_a_stand_in() -> None:
    with zipfile.ZipFile(io.BytesIO(docx.render(notice()))) as archive:
        table = archive.read("word/fontTable.xml").decode()
        used = set()
        for part in ("word/styles.xml", "word/document.xml", "word/footer1.xml"):
            used |= {chunk.split('"')[1] for chunk in archive.read(part).decode().split("w:eastAsia=")[1:]}
    used -= {"zh-CN", "en-US"}
    for face in used:
        assert f'w:name="{face}"><w:altName' in table, face


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert docx.render(notice()) == docx.render(notice())


ORDER = {
    "rPr": [
        "rStyle",
        "rFonts",
        "b",
        "bCs",
        "i",
        "iCs",
        "strike",
        "color",
        "spacing",
        "w",
        "kern",
        "position",
        "sz",
        "szCs",
        "lang",
    ],
    "pPr": [
        "pStyle",
        "keepNext",
        "keepLines",
        "pageBreakBefore",
        "framePr",
        "widowControl",
        "pBdr",
        "tabs",
        "spacing",
        "ind",
        "jc",
        "rPr",
        "sectPr",
    ],
    "tblPr": ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"],
    "tcPr": ["tcW", "tcBorders", "vAlign"],
}


def test_properties_stand_in_the_order_of_the_schema() -> None:
    with zipfile.ZipFile(io.BytesIO(docx.render(notice()))) as archive:
        assert "docProps/thumbnail.jpeg" not in archive.namelist()
        parts = [lxml.etree.fromstring(archive.read(name)) for name in ("word/document.xml", "word/footer1.xml")]
        styles = lxml.etree.fromstring(archive.read("word/styles.xml"))
    parts += [
        style for style in styles if style.get(qn("w:styleId")) in ("Normal", "PaperTitle", "PaperCell", "PaperSmall")
    ]
    seen = 0
    for part in parts:
        for kind, order in ORDER.items():
            for properties in part.iter(qn(f"w:{kind}")):
                names = [lxml.etree.QName(child).localname for child in properties]
                assert names == sorted(names, key=order.index), (kind, names)
                seen += 1
    assert seen > 50


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60))
def test_any_text_gives_a_document_that_opens_and_carries_it(text: str) -> None:
    paper = Paper(
        title="题", blocks=[Paragraph(text), Table((text,), [(text,)]), Annex("附" + text)], recipients=[text]
    )
    printed = all_text(opened(paper))
    assert "".join("".join(part.split()) for part in list(texts(paper))[4:5]) in printed


def test_a_long_table_is_set_in_time_that_grows_with_its_rows() -> None:
    rows = [(str(n), "甲镇", "2023-06-30") for n in range(3_000)]
    document = opened(Paper(title="表", blocks=[Table(("序号", "镇", "时限"), rows)]))
    assert len(document.element.body.findall(f".//{qn('w:tr')}")) == 3_001
    heads = document.element.body.findall(f".//{qn('w:tblHeader')}")
    assert len(heads) == 1


@look.needs_office
@pytest.mark.slow
def test_libreoffice_prints_22_lines_of_28_letters_and_the_parts_in_place(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    sheets = look.pages(look.office_pdf(docx.render(grid(60)), tmp_path / "a"), tmp_path / "a")
    assert look.rows_of_ink(sheets[1], 28, 184, 37, 262) == 22
    left, _, right, _ = look.ink(sheets[1], 36, 263)  # type: ignore[misc]
    assert 27.5 <= left <= 29.5 and 182.5 <= right <= 184.5
    odd, even = look.ink(sheets[0], 266, 285), look.ink(sheets[1], 266, 285)
    assert odd and odd[2] == pytest.approx(184 - 4.9, abs=1.5)
    assert even and even[0] == pytest.approx(28 + 4.9, abs=1.5)


@look.needs_office
@pytest.mark.slow
@pytest.mark.parametrize("with_annex", [True, False])
def test_libreoffice_puts_the_imprint_at_the_foot_of_the_last_page(tmp_path: Path, with_annex: bool) -> None:
    paper = notice() if with_annex else replace(notice(), blocks=notice().blocks[:-1])
    printed = look.office_pdf(docx.render(paper), tmp_path)
    last = look.pages(printed, tmp_path)[-1]
    box = look.ink(last, 225, 263.5)
    assert box is not None
    assert box[0] == pytest.approx(28, abs=1) and box[2] == pytest.approx(184, abs=1)
    assert box[3] == pytest.approx(262, abs=1.5) and box[1] > 235
    assert "2023年4月4日印发" in look.text(printed)
