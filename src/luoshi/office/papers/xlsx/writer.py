"""Large tables out: rows are taken from an iterator and written as they come, so memory does not grow with them."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, BinaryIO, Literal

from rustpy_xlsxwriter import Format, validate_sheet_name, write_worksheets

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.papers.text import clean, width

Kind = Literal["text", "integer", "number", "amount", "percent", "date", "moment"]
Progress = Callable[[int], None]

MAX_ROWS = 1_048_576  # of the format, head included
MAX_TEXT = 32_767  # characters a cell may hold
CHINA = timezone(timedelta(hours=8))
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

    Numbers that are names (ID, phone, codes) are ``text``: Excel keeps 15 digits of a number.
    """

    head: str
    kind: Kind = "text"
    wide: float | None = None

    @property
    def shown_width(self) -> float:
        """Width in Latin characters."""
        return self.wide if self.wide is not None else max(_WIDTHS[self.kind], 2 * width(self.head) + 2)


@dataclass(frozen=True, slots=True)
class SheetOut:
    """A sheet to write: each row has one value a column. ``title`` stands merged above the head."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    title: str = ""


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
        write_worksheets(entries, target, **_options(sheets))
        return counter.rows
    path = Path(target)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".xlsx")
    os.close(handle)
    try:
        write_worksheets(entries, name, **_options(sheets))
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
    heads = [clean(column.head) for column in sheet.columns]
    cast = _RowCast([column.kind for column in sheet.columns])
    first = 2 + (1 if sheet.title else 0)
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


def _options(sheets: Sequence[SheetOut]) -> dict[str, Any]:
    """Return the look of every sheet as the writer takes it: by sheet name."""
    options: dict[str, dict[str, Any]] = {
        "column_widths": {s.name: [column.shown_width for column in s.columns] for s in sheets},
        "column_formats": {s.name: [_cell_format(column.kind) for column in s.columns] for s in sheets},
        "header_format": {s.name: _head_format() for s in sheets},
        "freeze_panes": {s.name: {"row": 2 if s.title else 1, "col": 0} for s in sheets},
        "page_setup": {s.name: _page(s) for s in sheets},
    }
    titled = [s for s in sheets if s.title]
    if titled:
        options["header_row"] = {s.name: 1 for s in titled}
        options["row_heights"] = {s.name: {0: 30.0} for s in titled}
        options["merge_ranges"] = {s.name: [_title(s)] for s in titled if len(s.columns) > 1}
    return options


def _cell_format(kind: Kind) -> Format:
    return Format().set_num_format(_FORMATS[kind]).set_border("thin").set_font_name("宋体").set_font_size(11)


def _head_format() -> Format:
    look = Format().set_bold().set_align("center").set_text_wrap().set_border("thin").set_font_name("宋体")
    return look.set_background_color("#E7ECEF").set_num_format("@")


def _title(sheet: SheetOut) -> tuple[int, int, int, int, str, Format]:
    look = Format().set_bold().set_align("center").set_font_name("宋体").set_font_size(16)
    return (0, 0, 0, len(sheet.columns) - 1, clean(sheet.title), look)


def _page(sheet: SheetOut) -> dict[str, Any]:
    wide = sum(column.shown_width for column in sheet.columns) > 90
    head = 1 if sheet.title else 0
    return {
        "paper_size": 9,  # A4
        "landscape": wide,
        "fit_to_pages": (1, 0),
        "repeat_rows": (head, head),
        "footer": "&C第 &P 页 共 &N 页",
    }
