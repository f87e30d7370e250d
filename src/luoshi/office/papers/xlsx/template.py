"""Staff templates with merged heads: values go into named cells, everything else stays as the staff made it."""

import io
import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.papers.text import clean
from luoshi.office.papers.xlsx.reader import Limits, address, read

Value = str | int | float | bool | date | datetime | None
_ADDRESS = re.compile(r"^(?:(?P<sheet>[^!]+)!)?(?P<cell>[A-Z]{1,3}[1-9]\d{0,6})$")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows to write from a cell downwards; each takes the look of the first one (``start``)."""

    start: str
    rows: Sequence[Sequence[Value]]


def fill(
    template: Path | bytes, cells: Mapping[str, Value], *, rows: Sequence[Rows] = (), limits: Limits | None = None
) -> bytes:
    """Return the template with ``cells`` (address such as ``C4`` or ``汇总!C4`` → value) and ``rows`` filled in.

    A cell inside a merged range is written to the range's first cell. Text is never taken for a formula. Raises
    ``Problem`` naming the cell for a bad address, an unknown sheet or a value Excel cannot hold, and for a template
    that ``read`` refuses.
    """
    data = template if isinstance(template, bytes) else template.read_bytes()
    read(data, name=template.name if isinstance(template, Path) else "template.xlsx", limits=limits)
    from openpyxl import load_workbook  # 0.2 s and 30 MiB that only a template needs

    book = load_workbook(io.BytesIO(data))
    for place, value in cells.items():
        sheet, cell = _find(book, place)
        _set(sheet, cell, value, place)
    for block in rows:
        _fill_rows(book, block)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _find(book: Any, place: str) -> tuple[Any, str]:
    match = _ADDRESS.match(place)
    if match is None:
        raise _problem(place, "不是单元格地址。", "This is not a cell address.")
    if match["sheet"] and match["sheet"] not in book.sheetnames:
        raise _problem(place, "模板里没有这个工作表。", "The template has no such sheet.")
    return (book[match["sheet"]] if match["sheet"] else book.worksheets[0]), match["cell"]


def _set(sheet: Any, cell: str, value: Value, place: str) -> None:
    from openpyxl.cell.cell import MergedCell
    from openpyxl.utils.exceptions import IllegalCharacterError

    target = sheet[cell]
    if isinstance(target, MergedCell):
        ranges = [merged for merged in sheet.merged_cells.ranges if cell in merged]
        target = sheet.cell(ranges[0].min_row, ranges[0].min_col)
    try:
        target.value = clean(value) if isinstance(value, str) else value
    except (ValueError, IllegalCharacterError) as error:
        raise _problem(place, f"无法写入：{error}", f"Cannot be written: {error}") from error
    if isinstance(value, str) and target.data_type in ("f", "e"):
        target.data_type = "s"
        target.quotePrefix = True


def _fill_rows(book: Any, block: Rows) -> None:
    sheet, first = _find(book, block.start)
    start = sheet[first]
    for down, row in enumerate(block.rows):
        for right, value in enumerate(row):
            place = address(start.row + down, start.column - 1 + right)
            if down:
                _dress(sheet.cell(start.row, start.column + right), sheet[place])
            _set(sheet, place, value, f"{sheet.title}!{place}")


def _dress(model: Any, target: Any) -> None:
    if model.has_style and type(target) is type(model):  # the rest of a merged range has no look of its own
        target._style = copy(model._style)


def _problem(place: str, zh: str, en: str) -> Problem:
    return Problem(place, Words(zh, en), Words("请检查模板与填写的数据。", "Check the template and the data."))
