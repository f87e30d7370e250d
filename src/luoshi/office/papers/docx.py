"""A paper as docx for Word, WPS and LibreOffice, in GB/T 9704-2012 layout.

The fonts are named, not embedded: 方正小标宋简体, 仿宋_GB2312, 楷体_GB2312 and 黑体 are on the machines of offices, and
each carries the name of a stand-in for machines without it.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from luoshi.office.papers import layout as m
from luoshi.office.papers.docx_box import box_at_foot
from luoshi.office.papers.docx_xml import (
    TWIPS_PER_MM,
    element,
    exact_line,
    field,
    fonts,
    paragraph,
    ruled_rows,
    run,
    table,
)
from luoshi.office.papers.model import (
    Annex,
    AttachmentList,
    Block,
    Heading,
    Paper,
    Paragraph,
    Signature,
    Table,
    chinese_date,
    document_number,
    flow,
    keeps_with_next,
)
from luoshi.office.papers.text import clean, one_line, title_lines, width

SONG, FANG, KAI, HEI, PLAIN = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"
STAND_INS = {SONG: "宋体", FANG: "仿宋", KAI: "楷体", HEI: "SimHei", PLAIN: "SimSun"}
_CHARACTER_TWIPS = m.CHARACTER_PT * 20
_CLOSER_TWIPS = round((m.CHARACTER_PT - m.BODY_PT) * 20 - 0.5)  # 28 letters must fit, so round towards closer
_TITLE, _CELL, _SMALL = "PaperTitle", "PaperCell", "PaperSmall"
_SMALL_LINE_PT = 20.0


def render(paper: Paper) -> bytes:
    """Return the paper as docx; the same paper gives the same bytes."""
    document = docx.Document()
    _properties(document, paper)
    _styles(document)
    _page(document, paper)
    body = document.element.body
    end = body.sectPr
    for made in (*_head(paper), *_blocks(list(flow(paper))), *_imprint(paper)):
        end.addprevious(made)
    return _packed(document)


def _properties(document: Document, paper: Paper) -> None:
    about = document.core_properties
    about.title, about.language, about.comments = "".join(paper.printed_title), "zh-CN", ""
    about.author = about.last_modified_by = one_line(paper.imprint.office) if paper.imprint else ""
    # A paper is dated by its own day; the moment of writing would make equal papers differ.
    day = paper.day
    about.created = about.modified = datetime(day.year, day.month, day.day) if day else datetime(2000, 1, 1)  # noqa: DTZ001


def _styles(document: Document) -> None:
    styles = document.styles
    normal = styles["Normal"]
    _dress(normal, FANG, m.BODY_PT)
    _space_letters(normal, _CLOSER_TWIPS)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = Pt(m.LINE_PT)
    normal.paragraph_format.widow_control = False
    for level, face in enumerate((HEI, KAI, FANG, FANG), 1):
        _dress(styles[f"Heading {level}"], face, m.BODY_PT)
        form = styles[f"Heading {level}"].paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.keep_with_next = True
    for name, face, size, line in (
        (_TITLE, SONG, m.TITLE_PT, 33.0),
        (_CELL, FANG, m.TABLE_PT, 18.0),
        (_SMALL, FANG, m.SMALL_PT, _SMALL_LINE_PT),
    ):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _dress(style, face, size)
        _space_letters(style, 0)
        style.paragraph_format.line_spacing = Pt(line)


def _dress(style: Any, face: str, size: float) -> None:
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    properties.insert(0, fonts(face))
    style.font.size, style.font.bold, style.font.italic = Pt(size), False, False
    style.font.color.rgb = RGBColor(0, 0, 0)


def _space_letters(style: Any, twips: int) -> None:
    """Set the space between letters; the schema wants it before the size."""
    style.element.rPr.find(qn("w:sz")).addprevious(element("spacing", val=twips))


def _page(document: Document, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(m.PAGE_WIDTH_MM), Mm(m.PAGE_HEIGHT_MM)
    section.top_margin, section.bottom_margin = Mm(m.TOP_MM), Mm(m.BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(m.LEFT_MM), Mm(m.RIGHT_MM)
    section.header_distance = Mm(15)
    section.footer_distance = Mm(m.BOTTOM_MM - m.PAGE_NUMBER_GAP_MM - m.SMALL_PT / m.PT_PER_MM)
    if not paper.page_numbers:
        return
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        old = footer.paragraphs[0]._p
        number = [_number_text("— "), *field("PAGE", round(m.SMALL_PT * 2), PLAIN), _number_text(" —")]
        properties = [exact_line(m.SMALL_PT), _end_indent(side), element("jc", val=side)]
        old.addprevious(paragraph(*number, properties=properties))
        old.getparent().remove(old)


def _end_indent(side: str) -> Any:
    space = round(m.SMALL_PT * 20)
    return element("ind", right=space) if side == "right" else element("ind", left=space)


def _number_text(text: str) -> Any:
    return run(text, PLAIN, round(m.SMALL_PT * 2))


def _head(paper: Paper) -> Iterator[Any]:
    mark, number = one_line(paper.mark), document_number(paper.number)
    centre = element("jc", val="center")
    red = element("bottom", val="single", sz=10, space=round(m.RED_LINE_GAP_MM * m.PT_PER_MM), color=m.RED)
    if mark:
        size = max(min(48.0, m.TEXT_WIDTH_MM * m.PT_PER_MM * 0.98 / width(mark)), m.TITLE_PT)
        space = exact_line(size * 1.15, before=m.MARK_TOP_MM * m.PT_PER_MM)
        rule = [] if number else [element("pBdr", red)]
        yield paragraph(run(mark, SONG, round(size * 2), m.RED), properties=[*rule, space, centre])
    if number:
        yield from _blank(2)
        rule = [element("pBdr", red)] if mark else []
        yield paragraph(run(number), properties=[*rule, element("jc", val="center")])
    if mark:
        yield from _blank(2)
    yield _title(paper.printed_title)
    yield from _blank(1)
    if paper.recipients:
        yield paragraph(run(paper.printed_recipients))


def _blank(lines: int, keep: bool = False) -> list[Any]:
    return [paragraph(properties=[element("keepNext")] if keep else []) for _ in range(lines)]


def _title(lines: Sequence[str]) -> Any:
    runs = [run(lines[0])]
    for line in lines[1:]:
        runs += [element("r", element("br")), run(line)]
    return paragraph(*runs, style=_TITLE, properties=[element("jc", val="center")])


def _blocks(blocks: list[Block | str]) -> Iterator[Any]:
    for at, block in enumerate(blocks):
        yield from _block(block, keeps_with_next(blocks, at))


def _block(block: Block | str, keep: bool) -> Iterator[Any]:
    match block:
        case str():
            yield paragraph(run(block), properties=[_indent(2)])
        case Heading():
            yield paragraph(run(block.printed), style=f"Heading{block.level}", properties=[_indent(2)])
        case Paragraph():
            yield from _paragraphs(block, keep)
        case Table():
            yield from _table(block)
        case AttachmentList():
            yield from _attachments(block)
        case Signature():
            yield from _signature(block)
        case Annex():
            yield from _annex(block)


def _indent(first: float) -> Any:
    return element("ind", firstLine=round(first * _CHARACTER_TWIPS))


def _paragraphs(block: Paragraph, keep: bool) -> Iterator[Any]:
    stay = [element("keepNext"), element("keepLines")] if keep else []
    for line in clean(block.text).split("\n"):
        sides = [_indent(2)] if block.indent else []
        yield paragraph(run(line), properties=[*stay, *sides, element("jc", val="both")])


def _table(block: Table) -> Iterator[Any]:
    if block.caption:
        yield paragraph(
            run(one_line(block.caption), HEI, round(m.SMALL_PT * 2)),
            properties=[element("keepNext"), element("jc", val="center")],
        )
    rows = [[clean(cell) for cell in row] for row in (block.columns, *block.rows)]
    yield table(rows, block.shares(), block.long_columns(), _CELL, HEI)
    # Two tables in a row would grow together without a paragraph between them.
    yield paragraph(properties=[exact_line(8)])


def _attachments(block: AttachmentList) -> Iterator[Any]:
    yield from _blank(1, keep=True)
    figure = 1.25 if len(block.titles) > 1 else 0.0
    left = round((2 + 3 + figure) * _CHARACTER_TWIPS)
    for label, title in block.printed():
        number, _, name = title.partition(" ") if figure else ("", "", title)
        hanging = round(((3 if label else 0) + figure) * _CHARACTER_TWIPS)
        lead = [run(label + number), element("r", element("tab"))] if figure else [run(label)]
        sides = element("ind", left=left, hanging=hanging)
        yield paragraph(*lead, run(name), properties=[element("keepNext"), sides])


def _signature(block: Signature) -> Iterator[Any]:
    yield from _blank(2 if block.sealed else 1, keep=True)
    issuer, day = block.right_indents()
    for text, free, last in ((one_line(block.issuer), issuer, False), (chinese_date(block.day), day, not block.note)):
        stay = [] if last else [element("keepNext")]
        sides = element("ind", right=round(free * _CHARACTER_TWIPS))
        yield paragraph(run(text), properties=[*stay, sides, element("jc", val="right")])
    if block.note:
        yield paragraph(run(block.note), properties=[_indent(2)])


def _annex(block: Annex) -> Iterator[Any]:
    label = one_line(block.label)
    yield paragraph(run(label, HEI) if label else None, properties=[element("pageBreakBefore")])
    if label:
        yield from _blank(1)
    yield _title(title_lines(block.title))
    yield from _blank(1)
    yield from _blocks(list(block.blocks))


def _imprint(paper: Paper) -> Iterator[Any]:
    """Yield the 版记 as a box at the foot of the last page's text area, in the line it is anchored to."""
    if not paper.copies_to and not paper.imprint:
        return
    side = round(m.SMALL_PT * 20)
    parts, lines = [], 0
    if paper.copies_to:
        copies = "抄送：" + paper.printed_copies
        parts.append(([run(copies)], [element("ind", left=4 * side, right=side, hanging=3 * side)]))
        lines += _copies_lines(copies)
    if paper.imprint:
        edge = round(m.TEXT_WIDTH_MM * TWIPS_PER_MM) - side
        day = run(chinese_date(paper.imprint.day) + "印发")
        runs = [run(one_line(paper.imprint.office)), element("r", element("tab")), day]
        tabs = element("tabs", element("tab", val="right", pos=edge))
        parts.append((runs, [tabs, element("ind", left=side, right=side)]))
        lines += 1
    wide = round(m.TEXT_WIDTH_MM * TWIPS_PER_MM)
    rows = []
    for at, (runs, form) in enumerate(parts):
        top = _rule("top", m.THICK_RULE_MM if at == 0 else m.THIN_RULE_MM)
        bottom = _rule("bottom", m.THICK_RULE_MM if at == len(parts) - 1 else m.THIN_RULE_MM)
        rows.append(([top, bottom], paragraph(*runs, style=_SMALL, properties=form)))
    height = lines * _SMALL_LINE_PT + 2 * len(parts) + 4
    inside = [ruled_rows(rows, wide), paragraph(properties=[exact_line(1)])]
    yield paragraph(box_at_foot(inside, height), properties=[exact_line(1)])


def _copies_lines(copies: str) -> int:
    """Estimate how many lines 抄送 takes: the first starts one letter in, the others four, all end one letter early."""
    per_line = m.TEXT_WIDTH_MM * m.PT_PER_MM / m.SMALL_PT - 5.5
    return -(-(max(width(copies) - 3, 1)) // per_line).__trunc__()


def _rule(side: str, thick_mm: float) -> Any:
    return element(side, val="single", sz=round(thick_mm * m.PT_PER_MM * 8), space=0, color="auto")


def _packed(document: Document) -> bytes:
    """Save with the font table of ours, without the template's thumbnail and moments of writing in the archive."""
    relations = document.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype.endswith("/thumbnail")]:
        del relations[key]
    raw = io.BytesIO()
    document.save(raw)
    packed = io.BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = _font_table() if entry.filename == "word/fontTable.xml" else old.read(entry)
            new.writestr(zipfile.ZipInfo(entry.filename, (2000, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _font_table() -> bytes:
    name_space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in STAND_INS.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}<w:fonts xmlns:w="{name_space}">{rows}</w:fonts>'.encode()
