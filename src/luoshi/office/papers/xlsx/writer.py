"""Large tables out: rows are taken from an iterator and written as they come, so memory does not grow with them."""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, BinaryIO

from rustpy_xlsxwriter import validate_sheet_name, write_worksheets

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.papers.text import clean
from luoshi.office.papers.xlsx.look import Kind, SheetOut, options

Progress = Callable[[int], None]

MAX_ROWS = 1_048_576  # of the format, head included
MAX_TEXT = 32_767  # characters a cell may hold
CHINA = timezone(timedelta(hours=8))


def write(
    target: str | os.PathLike[str] | BinaryIO,
    sheets: Sequence[SheetOut],
    *,
    progress: Progress | None = None,
    every: int = 5_000,
) -> int:
    """Write the sheets and return the number of rows written.

    A path appears only when everything is written; on any error the old file stays. ``progress`` is called with the
    rows written so far after each ``every`` rows. Raises ``Problem`` naming sheet and cell for bad names and values.
    """
    _check(sheets)
    counter = _Counter(progress, every)
    entries: list[tuple[str, Any]] = [(sheet.name, _records(sheet, counter)) for sheet in sheets]
    if not isinstance(target, str | os.PathLike):
        write_worksheets(entries, target, **options(sheets))
        return counter.rows
    path = Path(target)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".xlsx")
    os.close(handle)
    try:
        write_worksheets(entries, name, **options(sheets))
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
    return counter.rows


class _Counter:
    def __init__(self, progress: Progress | None, every: int) -> None:
        self.rows, self._progress, self._every = 0, progress, every

    def add(self) -> None:
        self.rows += 1
        if self._progress and self.rows % self._every == 0:
            self._progress(self.rows)


def _check(sheets: Sequence[SheetOut]) -> None:
    seen: set[str] = set()
    for sheet in sheets:
        if not validate_sheet_name(sheet.name) or sheet.name.lower() in seen:
            raise _bad(sheet.name, "工作表名无效或重复。", "The sheet name is invalid or used twice.")
        seen.add(sheet.name.lower())
        heads = [column.head for column in sheet.columns]
        if not heads:
            raise _bad(sheet.name, "工作表没有列。", "The sheet has no columns.")
        double = next((head for head in heads if heads.count(head) > 1), None)
        if double is not None:
            raise _bad(f"{sheet.name}!{double}", "列名重复。", "The column name is used twice.")


def _bad(place: str, zh: str, en: str) -> Problem:
    return Problem(place, Words(zh, en), Words("请改正后重新导出。", "Correct it and export again."))


def _records(sheet: SheetOut, counter: _Counter) -> Iterator[dict[str, Any]]:
    heads = sheet.keys
    cast = _RowCast([column.kind for column in sheet.columns])
    first = sheet.above + 2
    empty = True
    for number, row in enumerate(sheet.rows, first):
        if number > MAX_ROWS:
            raise _bad(sheet.name, f"超过 {MAX_ROWS} 行。", f"More than {MAX_ROWS} rows.")
        if len(row) != len(heads):
            zh, en = f"本行 {len(row)} 格，应为 {len(heads)} 格。", f"This row has {len(row)} cells, not {len(heads)}."
            raise _bad(f"{sheet.name}!{number}", zh, en)
        try:
            record = dict(zip(heads, cast(row), strict=True))
        except (TypeError, ValueError) as error:
            raise _bad_cell(sheet, number, row, error) from error
        empty = False
        counter.add()
        yield record
    if empty:
        # The writer learns the head from the first row; a blank one keeps the head of an empty table.
        yield dict.fromkeys(heads)


class _RowCast:
    """Bring a row's values to what the writer takes. Rows of the usual types pass with one check of their types and
    one of their joined text; the others go value by value."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self._casts = [_CASTS[kind] for kind in kinds]
        self._usual = [_USUAL[kind] for kind in kinds]
        self._texts = [at for at, kind in enumerate(kinds) if kind == "text"]
        self._moments = [at for at, kind in enumerate(kinds) if kind == "moment"]
        self._known: dict[tuple[type, ...], bool] = {}

    def __call__(self, row: Sequence[Any]) -> Sequence[Any]:
        types = tuple(map(type, row))
        usual = self._known.get(types)
        if usual is None:
            usual = all(t in fits for t, fits in zip(types, self._usual, strict=True))
            if len(self._known) < 1_000:
                self._known[types] = usual
        if usual:
            text = "".join([row[at] or "" for at in self._texts])
            if len(text) <= MAX_TEXT and text.isprintable() and not self._has_offset(row):
                return row
        return [cast(value) for cast, value in zip(self._casts, row, strict=True)]

    def _has_offset(self, row: Sequence[Any]) -> bool:
        return any(row[at] is not None and row[at].tzinfo is not None for at in self._moments)


def _bad_cell(sheet: SheetOut, number: int, row: Sequence[Any], error: Exception) -> Problem:
    for column, value in zip(sheet.columns, row, strict=True):
        try:
            _CASTS[column.kind](value)
        except (TypeError, ValueError):
            return _bad(
                f"{sheet.name}!{number}/{column.head}",
                f"无法写入：{str(error)[:80]}",
                f"Cannot be written: {str(error)[:80]}",
            )
    raise AssertionError("some cell of the row failed") from error


def _as_text(value: Any) -> str | None:
    if value is None:
        return None
    text = value if type(value) is str else str(value)
    if not text.isprintable():
        text = clean(text)
    if len(text) > MAX_TEXT:
        raise ValueError(f"{len(text)} > {MAX_TEXT}")
    return text


def _as_number(value: Any) -> float | None:
    if value is None or type(value) is float or type(value) is int:
        return value
    if isinstance(value, bool | str | bytes):
        raise TypeError(f"not a number: {value!r}")
    return float(value)


def _as_date(value: Any) -> date | None:
    if value is None or type(value) is date:
        return value
    if isinstance(value, datetime):
        return _as_moment(value).date()  # type: ignore[union-attr]
    raise TypeError(f"not a date: {value!r}")


def _as_moment(value: Any) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise TypeError(f"not a moment: {value!r}")
    return value.astimezone(CHINA).replace(tzinfo=None) if value.tzinfo else value


_NONE = type(None)
_NUMBERS: frozenset[type] = frozenset({int, float, _NONE})
_USUAL: dict[Kind, frozenset[type]] = {
    "text": frozenset({str, _NONE}),
    "integer": _NUMBERS,
    "number": _NUMBERS,
    "amount": _NUMBERS,
    "percent": _NUMBERS,
    "date": frozenset({date, _NONE}),
    "moment": frozenset({datetime, _NONE}),
}
_CASTS: dict[Kind, Callable[[Any], Any]] = {
    "text": _as_text,
    "integer": _as_number,
    "number": _as_number,
    "amount": _as_number,
    "percent": _as_number,
    "date": _as_date,
    "moment": _as_moment,
}
