"""WordprocessingML elements that python-docx has no call for, built directly so that long tables stay fast."""

from collections.abc import Sequence
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from luoshi.office.papers.layout import LINE_PT, TEXT_WIDTH_MM

TWIPS_PER_MM = 1440 / 25.4


def element(tag: str, *children: Any, text: str | None = None, **attributes: Any) -> Any:
    """Return ``<w:tag w:attribute=…>`` with its children; an underscore in front of a name is dropped."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name.lstrip('_')}"), str(value))
    if text is not None:
        made.text = text
        made.set(qn("xml:space"), "preserve")
    for child in children:
        if child is not None:
            made.append(child)
    return made


def fonts(name: str) -> Any:
    """Return the element that sets one font for Chinese, Latin and all other letters."""
    return element("rFonts", ascii=name, hAnsi=name, eastAsia=name, cs=name, hint="eastAsia")


def run(text: str, font: str | None = None, half_points: int | None = None, color: str | None = None) -> Any:
    """Return a run of literal text; size in half points."""
    properties = element("rPr")
    if font:
        properties.append(fonts(font))
    if color:
        properties.append(element("color", val=color))
    if half_points:
        # Letters of the body stand closer by its style; other sizes do not.
        properties.append(element("spacing", val=0))
        properties.append(element("sz", val=half_points))
        properties.append(element("szCs", val=half_points))
    return element("r", properties if len(properties) else None, element("t", text=text))


def paragraph(*runs: Any, style: str | None = None, properties: Sequence[Any] = ()) -> Any:
    """Return a paragraph; ``properties`` are children of ``w:pPr`` in the schema's order."""
    head = [element("pStyle", val=style)] if style else []
    return element("p", element("pPr", *head, *properties) if head or properties else None, *runs)


def field(code: str, half_points: int, font: str) -> list[Any]:
    """Return the runs of a computed field such as ``PAGE``."""

    def part(child: Any) -> Any:
        size = (element("sz", val=half_points), element("szCs", val=half_points))
        return element("r", element("rPr", fonts(font), element("spacing", val=0), *size), child)

    return [
        part(element("fldChar", fldCharType="begin")),
        part(element("instrText", text=f" {code} ")),
        part(element("fldChar", fldCharType="separate")),
        part(element("t", text="1")),
        part(element("fldChar", fldCharType="end")),
    ]


def exact_line(points: float = LINE_PT, before: float = 0, after: float = 0) -> Any:
    """Return the spacing element of a line of exactly ``points``."""
    return element(
        "spacing", before=round(before * 20), after=round(after * 20), line=round(points * 20), lineRule="exact"
    )


def table(rows: Sequence[Sequence[str]], shares: Sequence[float], left: Sequence[bool], style: str, head: str) -> Any:
    """Return a table over the text's width; the first row is the head and repeats on each page."""
    widths = [round(share * TEXT_WIDTH_MM * TWIPS_PER_MM) for share in shares]
    rule: dict[str, Any] = {"val": "single", "sz": 4, "space": 0, "color": "auto"}
    borders = [element(side, **rule) for side in ("top", "left", "bottom", "right", "insideH", "insideV")]
    margins = [element(side, w=60, type="dxa") for side in ("left", "right")]
    properties = element(
        "tblPr",
        element("tblW", w=sum(widths), type="dxa"),
        element("jc", val="center"),
        element("tblBorders", *borders),
        element("tblLayout", type="fixed"),
        element("tblCellMar", *margins),
    )
    grid = element("tblGrid", *(element("gridCol", w=w) for w in widths))
    return element(
        "tbl", properties, grid, *(_row(row, at == 0, widths, left, style, head) for at, row in enumerate(rows))
    )


def _row(row: Sequence[str], is_head: bool, widths: Sequence[int], left: Sequence[bool], style: str, head: str) -> Any:
    cells = []
    for text, wide, flush in zip(row, widths, left, strict=True):
        align = element("jc", val="left" if flush and not is_head else "center")
        lines = [
            paragraph(run(line, head if is_head else None), style=style, properties=[align])
            for line in text.split("\n")
        ]
        cells.append(
            element("tc", element("tcPr", element("tcW", w=wide, type="dxa"), element("vAlign", val="center")), *lines)
        )
    return element("tr", element("trPr", element("cantSplit"), element("tblHeader") if is_head else None), *cells)


def ruled_rows(rows: Sequence[tuple[Sequence[Any], Any]], wide: int) -> Any:
    """Return a one-column table of (rules above and below, paragraph) rows, ``wide`` twips, without distance inside.

    Paragraph borders would end at the paragraph's indents; a row's rules run over the full width.
    """
    made = [
        element(
            "tr", element("tc", element("tcPr", element("tcW", w=wide, type="dxa"), element("tcBorders", *rules)), text)
        )
        for rules, text in rows
    ]
    none = [element(side, w=0, type="dxa") for side in ("left", "right")]
    width = element("tblW", w=wide, type="dxa")
    properties = element("tblPr", width, element("tblLayout", type="fixed"), element("tblCellMar", *none))
    return element("tbl", properties, element("tblGrid", element("gridCol", w=wide)), *made)
