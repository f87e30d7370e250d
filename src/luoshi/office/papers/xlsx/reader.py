"""Tables in: only stored values are read, nothing is computed, and nothing is opened before it was measured."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Literal

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum, load_workbook

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.evidence.checks import archive
from luoshi.office.evidence.checks.archive import Unreadable
from luoshi.office.papers.xlsx.scan import Scan, SheetScan, column_letters, scan

Cell = int | float | str | bool | date | datetime | time | timedelta
State = Literal["visible", "hidden", "very_hidden"]

_ADVICE = Words(
    "请用 Excel 或 WPS 打开后另存为普通的 .xlsx 再上传。",
    "Open it in Excel or WPS, save it as a plain .xlsx and upload that.",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a workbook may be. ``cells`` counts the full grid from A1 to the last cell of each sheet."""

    rows: int = 200_000
    columns: int = 256
    cells: int = 6_000_000
    packed: int = 64 * 1024 * 1024
    uncompressed: int = 400 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``errors`` are cells that hold #REF! and the like, ``uncomputed`` formulas saved without a value: both
    read as empty text, so an import must name them instead of taking them for blanks (addresses, at most 100).

    ``worked_out`` are the addresses of formulas; ``hidden_rows`` are numbers from 1, ``hidden_columns`` from 0;
    ``merged`` ranges are (first row from 1, first column from 0, last row, last column)."""

    name: str
    state: State
    errors: tuple[str, ...]
    formulas: int
    uncomputed: tuple[str, ...]
    place: str
    _book: CalamineWorkbook
    worked_out: frozenset[str] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield (row number from 1, values from column A) for every row down to the last one that holds a cell.

        Numbers are floats as Excel stores them, an empty cell is ``""``.
        """
        try:
            grid = self._book.get_sheet_by_name(self.name)
        except CalamineError as error:
            raise _problem(f"{self.place}!{self.name}", "工作表内容损坏。", "The sheet is damaged.") from error
        yield from enumerate(grid.iter_rows(), 1)

    def address(self, row: int, column: int) -> str:
        """Return a cell's address for messages, ``名单.xlsx!台账!B7``; ``column`` counts from 0 as in a row."""
        return f"{self.place}!{self.name}!{address(row, column)}"


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that was measured and can be read; ``links`` are other files or addresses it points to."""

    sheets: tuple[Sheet, ...]
    links: tuple[str, ...]

    @property
    def hidden(self) -> tuple[str, ...]:
        """Names of sheets a person does not see in Excel."""
        return tuple(sheet.name for sheet in self.sheets if sheet.state != "visible")

    def sheet(self, name: str | None = None) -> Sheet:
        """Return the sheet by name, or the first visible one; raise ``Problem`` when there is none."""
        wanted = [s for s in self.sheets if (s.name == name if name else s.state == "visible")]
        if not wanted:
            have = "、".join(sheet.name for sheet in self.sheets)
            zh, en = (
                f"没有工作表“{name or '（可见的）'}”，有：{have}。",
                f"No sheet {name or '(visible)'}; there are: {have}.",
            )
            raise _problem(name or "xlsx", zh, en)
        return wanted[0]


def address(row: int, column: int) -> str:
    """Return the address of a cell: row from 1, column from 0 (``address(7, 1)`` → ``B7``)."""
    return f"{column_letters(column + 1)}{row}"


def text_of(value: Cell) -> str:
    """Return a cell as the text a person reads: whole numbers without ``.0``, days as ISO, blanks trimmed."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()


def read(source: Path | bytes | BinaryIO, *, name: str = "", limits: Limits | None = None) -> Workbook:
    """Measure and open a workbook.

    Raises ``Problem`` that names the file, part or sheet: not an xlsx, broken, encrypted, with macros, too large, too
    many rows or columns. ``name`` is the file's name for messages.
    """
    limits = limits or Limits()
    place = name or (source.name if isinstance(source, Path) else "xlsx")
    data = _bytes(source, place, limits)
    try:
        found = scan(io.BytesIO(data), archive.Limits(uncompressed=limits.uncompressed))
    except Unreadable as reason:
        raise _unreadable(place, reason) from reason
    if found.macros:
        zh, en = (
            f"文件带有宏（{found.macros[0]}），不予读取。",
            f"The file carries macros ({found.macros[0]}); it is not read.",
        )
        raise _problem(place, zh, en)
    for sheet, counted in found.sheets.items():
        _within(f"{place}!{sheet}", counted, limits)
    return _opened(place, data, found)


def _bytes(source: Path | bytes | BinaryIO, place: str, limits: Limits) -> bytes:
    if isinstance(source, bytes):
        data = source
    elif isinstance(source, Path):
        with source.open("rb") as stream:
            data = stream.read(limits.packed + 1)
    else:
        data = source.read(limits.packed + 1)
    if len(data) > limits.packed:
        most = limits.packed >> 20
        raise _problem(place, f"文件超过 {most} MB。", f"The file is larger than {most} MB.", status=413)
    if not data.startswith(b"PK\x03\x04"):
        raise _problem(place, _not_xlsx(data).zh, _not_xlsx(data).en)
    return data


def _not_xlsx(data: bytes) -> Words:
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Words("这是旧格式 .xls 或加了密码的文件。", "This is an old .xls or a file with a password.")
    if not data:
        return Words("文件是空的。", "The file is empty.")
    return Words("这不是 .xlsx 文件。", "This is not an .xlsx file.")


def _within(place: str, counted: SheetScan, limits: Limits) -> None:
    corner = f"{column_letters(counted.columns)}{counted.rows}"
    if counted.rows > limits.rows or counted.columns > limits.columns:
        zh = f"最远的单元格在 {corner}，最多 {limits.rows} 行 {limits.columns} 列。"
        en = f"The farthest cell is {corner}; at most {limits.rows} rows and {limits.columns} columns."
        raise _problem(place, zh, en, status=413)
    if max(counted.rows * counted.columns, counted.cells) > limits.cells:
        zh, en = f"到 {corner} 的单元格超过 {limits.cells} 个。", f"More than {limits.cells} cells down to {corner}."
        raise _problem(place, zh, en, status=413)


def _opened(place: str, data: bytes, found: Scan) -> Workbook:
    try:
        book = load_workbook(io.BytesIO(data))
    except PasswordError as error:
        raise _problem(place, "文件有密码。", "The file has a password.") from error
    except CalamineError as error:
        raise _problem(place, "工作簿损坏，打不开。", "The workbook is damaged and cannot be opened.") from error
    sheets = []
    for about in book.sheets_metadata:
        counted = found.sheets.get(about.name)
        if counted is None:
            zh, en = "工作簿的目录与内容不一致。", "The workbook's directory does not match its parts."
            raise _problem(f"{place}!{about.name}", zh, en)
        sheets.append(
            Sheet(
                name=about.name,
                state=_state(about.visible),
                errors=tuple(counted.errors),
                formulas=counted.formulas,
                uncomputed=tuple(counted.uncomputed),
                place=place,
                _book=book,
                worked_out=frozenset(counted.worked_out),
                hidden_rows=frozenset(counted.hidden_rows),
                hidden_columns=frozenset(number - 1 for number in counted.hidden_columns),
                merged=tuple((top, left - 1, bottom, right - 1) for top, left, bottom, right in counted.merged),
            )
        )
    return Workbook(tuple(sheets), tuple(found.links))


def _state(visible: Any) -> State:
    if visible == SheetVisibleEnum.VeryHidden:
        return "very_hidden"
    return "hidden" if visible == SheetVisibleEnum.Hidden else "visible"


def _problem(place: str, zh: str, en: str, *, status: int = 422) -> Problem:
    return Problem(place, Words(zh, en), _ADVICE, status=status)


_REASONS = {
    "broken": Words("文件损坏，读不到结尾。", "The file is damaged; it cannot be read to its end."),
    "too_many": Words("压缩包里的部件过多。", "The archive has too many parts."),
    "too_large": Words("解压后过大，疑似压缩炸弹。", "It grows too large when unpacked, as a zip bomb does."),
    "ratio": Words("压缩比过高，疑似压缩炸弹。", "Its compression ratio is that of a zip bomb."),
    "encrypted": Words("文件有密码。", "The file has a password."),
    "method": Words("使用了 Office 不用的压缩方法。", "It uses a compression method that Office does not use."),
    "markup": Words("XML 中含有实体声明或不可见编码。", "Its XML declares entities or hides its encoding."),
}


def _unreadable(place: str, reason: Unreadable) -> Problem:
    words = _REASONS[reason.code]
    status = 413 if reason.code in ("too_many", "too_large", "ratio") else 422
    return _problem(f"{place}!{reason.entry}" if reason.entry else place, words.zh, words.en, status=status)
