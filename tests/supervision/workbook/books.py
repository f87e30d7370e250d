"""Workbooks for tests: exported by the house and edited as people edit them, or made messy from nothing."""

import io
import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from luoshi.office.actions import Result
from luoshi.office.evidence import actions as evidence
from luoshi.supervision.workbook import actions, applying, making
from luoshi.supervision.workbook.layouts import columns
from luoshi.supervision.workbook.models import Change, Export, Import
from tests.supervision.small_county import Small

_numbers = itertools.count(1)


def exported(small: Small, seat: str, layout: str = "unit", **asked: str) -> Path:
    """Export through the action and return where the workbook stands."""
    call = small.call(seat)
    made = actions.export(call, layout=layout, asked=asked)
    assert made.outcome, made.outcome
    row = Export.objects.get(pk=made.values["export"])
    done = making.make(call, row, [], lambda: actions.finish_export(small.call(seat), export_id=row.pk))
    assert done, "small ones are written at once"
    return making.file_of(row)


def number_of(path: Path) -> int:
    """Return the number of the export that a written workbook is of."""
    return int(path.stem[1:].split("-")[0])


def edited(path: Path, *cells: tuple[int, str, Any], more: Callable[[Any], None] | None = None) -> bytes:
    """Return a workbook with some cells changed: (row of the ledger from 1, column of the house, value)."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for number, code, value in cells:
        sheet.cell(first_row(sheet) + number - 1, place(sheet, code)).value = value
    if more is not None:
        more(sheet)
    return saved(book)


def saved(book: Any) -> bytes:
    """Return a workbook as bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def first_row(sheet: Any) -> int:
    """Return the first row that has a ledger code."""
    at = place(sheet, "code")
    return next(n for n in range(1, sheet.max_row + 1) if str(sheet.cell(n, at).value or "").startswith("E"))


def place(sheet: Any, code: str) -> int:
    """Return the number of a column of an exported sheet by its head."""
    head = columns()[code].head
    heads = ((line, cell) for line in (5, 4) for cell in sheet[line])
    return next(int(cell.column) for _, cell in heads if cell.value == head)


def returned(small: Small, seat: str, data: bytes, name: str = "清单.xlsx") -> Import:
    """Upload a workbook through the actions and return the import."""
    result = sent(small, seat, data, name)
    assert result.outcome, result.outcome
    return Import.objects.get(pk=result.values["import"])


def sent(small: Small, seat: str, data: bytes, name: str = "清单.xlsx") -> Result:
    """Upload a workbook through the actions and return the answer."""
    file = evidence.receive(small.call(seat), name, [data])
    assert file.outcome, file.outcome
    return actions.receive(small.call(seat), file_id=file.values["file"])


def changes(row: Import) -> dict[tuple[int, str], Change]:
    """Return the changes of an import by (row of the sheet, column)."""
    return {(c.row, c.column): c for c in Change.objects.filter(imported=row)}


def by_column(row: Import) -> dict[str, Change]:
    """Return the changes of an import by column, where each stands once."""
    found = list(Change.objects.filter(imported=row))
    assert len({c.column for c in found}) == len(found), [(c.cell, c.column) for c in found]
    return {c.column: c for c in found}


def applied(small: Small, seat: str, row: Import) -> dict[str, int]:
    """Apply what is accepted."""
    row.refresh_from_db()
    return applying.apply(small.call(seat), row)


def sheet_of(rows: Sequence[Sequence[Any]], *, merged: Sequence[str] = (), title: str = "Sheet1") -> bytes:
    """Return a workbook of one sheet with these rows and merged ranges."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    return saved(book)
