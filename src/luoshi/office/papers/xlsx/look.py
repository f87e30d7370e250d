"""How a table looks: its columns and heads, what may be chosen in a cell, and how it prints."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rustpy_xlsxwriter import Format

from luoshi.office.papers.text import clean, width

Kind = Literal["text", "integer", "number", "amount", "percent", "date", "moment"]
HEAD_LINES = 3  # rows of a grouped head: the groups in one, the columns merged over two, which the writer requires
MAX_LIST = 255  # characters of a drop-down, commas included
_TO_FILL, _HEAD_FILL = "#FFF8E1", "#E7ECEF"
_FORMATS: dict[Kind, str] = {
    # The text format keeps a cell that starts with = + - @ text even after somebody edits it in place.
    "text": "@",
    "integer": "0",
    "number": "0.00",
    "amount": "#,##0.00",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}
_WIDTHS: dict[Kind, float] = {
    "integer": 8,
    "number": 10,
    "amount": 14,
    "percent": 8,
    "date": 12,
    "moment": 17,
    "text": 14,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, what its cells are, and its width in characters (by kind and head unless given).

    Numbers that are names (ID, phone, codes) are ``text``: Excel keeps 15 digits of a number. Neighbours of one
    ``group`` share a head above theirs. ``choices`` are offered in each cell, and nothing else is taken where they are
    ``strict``; ``hint`` is shown while a cell is being filled; ``to_fill`` shades the cells that wait for somebody.
    """

    head: str
    kind: Kind = "text"
    wide: float | None = None
    group: str = ""
    choices: tuple[str, ...] = ()
    strict: bool = True
    hint: str = ""
    to_fill: bool = False

    @property
    def shown_width(self) -> float:
        """Width in Latin characters."""
        return self.wide if self.wide is not None else max(_WIDTHS[self.kind], 2 * width(self.head) + 2)


@dataclass(frozen=True, slots=True)
class SheetOut:
    """A sheet to write: each row has one value a column. ``title`` stands merged above the head, ``lead`` lines under
    it. Where a column has a group, heads stand in three rows, merged, above a row of column numbers. The first
    ``frozen`` columns stay in sight. ``landscape`` None: by the width of the table.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    title: str = ""
    lead: Sequence[str] = ()
    frozen: int = 0
    landscape: bool | None = None

    @property
    def grouped(self) -> bool:
        """Tell whether the heads stand in merged rows."""
        return any(column.group for column in self.columns)

    @property
    def above(self) -> int:
        """Rows above the head's own row (the row of numbers where heads are grouped)."""
        return bool(self.title) + len(self.lead) + (HEAD_LINES if self.grouped else 0)

    @property
    def keys(self) -> list[str]:
        """What stands in the head's own row, each once."""
        if self.grouped:
            return [str(number) for number in range(1, len(self.columns) + 1)]
        return [clean(column.head) for column in self.columns]


def options(sheets: Sequence[SheetOut]) -> dict[str, Any]:
    """Return the look of every sheet as the writer takes it: by sheet name."""
    found: dict[str, dict[str, Any]] = {
        "column_widths": {s.name: [column.shown_width for column in s.columns] for s in sheets},
        "column_formats": {s.name: [_cell_format(column, s.grouped) for column in s.columns] for s in sheets},
        "header_format": {s.name: _head_format() for s in sheets},
        "freeze_panes": {s.name: {"row": s.above + 1, "col": s.frozen} for s in sheets},
        "page_setup": {s.name: _page(s) for s in sheets},
        "data_validations": {s.name: rules for s in sheets if (rules := _rules(s))},
        "row_heights": {s.name: heights for s in sheets if (heights := _heights(s))},
        # Row by row from the top: what is written as it comes never goes back to a row above.
        "merge_ranges": {s.name: merged for s in sheets if (merged := sorted(_merged(s), key=lambda m: m[:2]))},
        "header_row": {s.name: s.above for s in sheets if s.above},
    }
    return {name: by_sheet for name, by_sheet in found.items() if by_sheet}


def _cell_format(column: Column, wrapped: bool) -> Format:
    look = Format().set_num_format(_FORMATS[column.kind]).set_border("thin").set_font_name("宋体").set_font_size(11)
    look = look.set_align("vertical_center") if wrapped else look
    look = look.set_text_wrap() if wrapped and column.kind == "text" else look
    return look.set_background_color(_TO_FILL) if column.to_fill else look


def _head_format() -> Format:
    look = Format().set_bold().set_align("center").set_align("vertical_center").set_text_wrap().set_border("thin")
    return look.set_font_name("宋体").set_background_color(_HEAD_FILL).set_num_format("@")


def _heights(sheet: SheetOut) -> dict[int, float]:
    heights = {0: 30.0} if sheet.title else {}
    return heights | {bool(sheet.title) + n: 18.0 for n in range(len(sheet.lead))}


def _merged(sheet: SheetOut) -> Iterable[tuple[int, int, int, int, str, Format]]:
    last = len(sheet.columns) - 1
    if sheet.title and last:
        look = Format().set_bold().set_align("center").set_font_name("宋体").set_font_size(16)
        yield (0, 0, 0, last, clean(sheet.title), look)
    for row, text in enumerate(sheet.lead, bool(sheet.title)):
        yield (row, 0, row, last, clean(text), Format().set_font_name("宋体").set_font_size(10).set_text_wrap())
    if not sheet.grouped:
        return
    top, at = sheet.above - HEAD_LINES, 0
    while at <= last:
        group = sheet.columns[at].group
        end = at
        while group and end < last and sheet.columns[end + 1].group == group:
            end += 1
        if end > at:
            yield (top, at, top, end, clean(group), _head_format())
        for one in range(at, end + 1):
            yield (top + (end > at), one, top + HEAD_LINES - 1, one, clean(sheet.columns[one].head), _head_format())
        at = end + 1


def _rules(sheet: SheetOut) -> dict[str, dict[str, Any]]:
    rules: dict[str, dict[str, Any]] = {}
    for key, column in zip(sheet.keys, sheet.columns, strict=True):
        rule: dict[str, Any] = {"type": "list", "values": list(column.choices)} if column.choices else {"type": "any"}
        if column.choices:
            assert len(",".join(column.choices)) <= MAX_LIST, f"too long a drop-down: {column.head}"
            rule |= {"error_style": "stop" if column.strict else "warning", "ignore_blank": True}
        if column.hint:
            rule |= {"input_title": column.head[:32], "input_message": column.hint[:MAX_LIST]}
        if column.choices or column.hint:
            rules[key] = rule
    return rules


def _page(sheet: SheetOut) -> dict[str, Any]:
    wide = sum(column.shown_width for column in sheet.columns) > 90
    first = sheet.above - HEAD_LINES if sheet.grouped else sheet.above
    return {
        "paper_size": 9,  # A4
        "landscape": wide if sheet.landscape is None else sheet.landscape,
        "fit_to_pages": (1, 0),
        "repeat_rows": (first, sheet.above),
        "footer": "&C第 &P 页 共 &N 页",
    }
