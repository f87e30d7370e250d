"""A file that was handed in becomes rows of cells, whatever program saved it; what a person would not see is named."""

import csv
import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.evidence.checks.kinds import encoding_of
from luoshi.office.papers import xlsx
from luoshi.supervision.workbook import heads as headings
from luoshi.supervision.workbook.heads import Heads

HELP_SHEET = "说明"
"""The sheet that goes out with every export; it holds nothing that could come back."""
LIMITS = xlsx.Limits(rows=300_000, columns=120)
LARGEST = LIMITS.packed
_SAVE = Words(
    "请用 Excel 或 WPS 另存为 .xlsx（或 CSV）再上传。", "Save it as .xlsx or CSV from Excel or WPS and upload that."
)
Find = Callable[[Sequence[Sequence[Any]]], Heads | None]


@dataclass(frozen=True)
class Grid:
    """One sheet with its heads: ``rows`` yields (row number from 1, cells from column A) below the heads.

    ``hidden_rows`` are numbers from 1, ``hidden_columns`` from 0; ``merged`` maps each cell of a merged range but its
    first to that first one; ``formulas`` are addresses. ``warnings`` speak of the file as a whole.
    """

    sheet: str
    heads: Heads
    rows: Callable[[], Iterator[tuple[int, list[Any]]]]
    warnings: tuple[Words, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    formulas: frozenset[str] = frozenset()

    @cached_property
    def merged_firsts(self) -> frozenset[tuple[int, int]]:
        """The first cells of merged ranges."""
        return frozenset(self.merged.values())

    def cell(self, row: int, column: int) -> str:
        """Return a cell's address for messages: ``督查台账!B7``, or ``B7`` in a file without sheets."""
        place = xlsx.address(row, column)
        return f"{self.sheet}!{place}" if self.sheet else place


def open_file(name: str, data: bytes, find: Find, sought: Words) -> Grid:
    """Measure and read a file and find the sheet with the heads; ``Problem`` says in one line why not.

    ``sought`` names what the heads must hold, for the message.
    """
    if not data:
        raise _problem(name, "文件是空的。", "The file is empty.")
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return _workbook(name, data, find, sought)
    return _csv(name, data, find, sought)


def _workbook(name: str, data: bytes, find: Find, sought: Words) -> Grid:
    book = xlsx.read(data, name=name, limits=LIMITS)
    seen = [sheet for sheet in book.sheets if sheet.state == "visible"]
    for sheet in seen:
        first = [row for _, row in itertools.islice(sheet.rows(), headings.LOOK_AT)]
        heads = find(first)
        if heads is not None:
            return _grid(book, sheet, heads)
    raise _no_heads(name, sought, "、".join(sheet.name for sheet in seen))


def _grid(book: xlsx.Workbook, sheet: xlsx.Sheet, heads: Heads) -> Grid:
    said: list[Words] = []
    if book.hidden:
        names = "、".join(book.hidden[:10])
        said.append(Words(f"有隐藏的工作表，没有读取：{names}。", f"Hidden sheets were not read: {names}."))
    others = [s.name for s in book.sheets if s.state == "visible" and s is not sheet and s.name != HELP_SHEET]
    if others:
        names = "、".join(others[:10])
        said.append(Words(f"只读工作表“{sheet.name}”，另有：{names}。", f"Only {sheet.name} is read, not {names}."))
    if sheet.hidden_rows:
        numbers = shown(sorted(sheet.hidden_rows))
        said.append(
            Words(
                f"有隐藏的行（第{numbers}行），其中的改动须逐项确认。",
                f"Rows {numbers} are hidden; confirm each change.",
            )
        )
    if sheet.hidden_columns:
        names = "、".join(xlsx.address(1, at)[:-1] for at in sorted(sheet.hidden_columns)[:20])
        said.append(
            Words(f"有隐藏的列（{names}），其中的改动须逐项确认。", f"Columns {names} are hidden; confirm each change.")
        )
    if book.links:
        said.append(Words("工作簿引用了其他文件，引用的内容不读取。", "It points to other files, which are not read."))
    merged = {
        (row, column): (top, left)
        for top, left, bottom, right in sheet.merged
        if bottom >= heads.below and (bottom - top + 1) * (right - left + 1) <= 100_000
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }

    def rows() -> Iterator[tuple[int, list[Any]]]:
        return itertools.dropwhile(lambda one: one[0] < heads.below, sheet.rows())

    return Grid(
        sheet.name, heads, rows, (*said, *_about_heads(heads)), sheet.hidden_rows, sheet.hidden_columns, merged,
        sheet.worked_out,
    )  # fmt: skip


def _csv(name: str, data: bytes, find: Find, sought: Words) -> Grid:
    if len(data) > LARGEST:
        most = LARGEST >> 20
        raise _problem(name, f"文件超过 {most} MB。", f"The file is larger than {most} MB.", status=413)
    encoding = encoding_of(data) if b"\0" not in data[:4096] or data[:2] in (b"\xff\xfe", b"\xfe\xff") else None
    if encoding is None:
        raise _problem(name, "这不是 .xlsx 或 CSV 文件。", "This is neither an .xlsx nor a CSV file.")
    text = data.decode(encoding).lstrip("\ufeff")
    rows = _csv_rows(name, text)
    heads = find(rows[: headings.LOOK_AT])
    if heads is None:
        raise _no_heads(name, sought, name)
    said: list[Words] = []
    if encoding == "gb18030":
        said.append(Words("按国标编码（GB18030）读取。", "Read as GB 18030."))

    def below() -> Iterator[tuple[int, list[Any]]]:
        yield from ((number, list(row)) for number, row in enumerate(rows, 1) if number >= heads.below)

    return Grid("", heads, below, (*said, *_about_heads(heads)))


def _csv_rows(name: str, text: str) -> list[list[str]]:
    head = text[:20_000]
    mark = max(",\t;", key=head.count)
    try:
        rows = []
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            rows.append(row)
            if len(rows) > LIMITS.rows or len(row) > LIMITS.columns:
                zh = f"超过 {LIMITS.rows} 行或 {LIMITS.columns} 列。"
                raise _problem(name, zh, f"More than {LIMITS.rows} rows or {LIMITS.columns} columns.", status=413)
    except csv.Error as error:
        raise _problem(name, f"第{len(rows) + 1}行不是 CSV。", f"Row {len(rows) + 1} is no CSV.") from error
    return rows


def _about_heads(heads: Heads) -> list[Words]:
    said = []
    for code, places in heads.doubled:
        letters = "、".join(xlsx.address(1, at)[:-1] for at in places)
        said.append(
            Words(
                f"“{heads.printed[code]}”有几列（{letters}），只读第一列。",
                f"{heads.printed[code]!r} stands in columns {letters}; the first is read.",
            )
        )
    if heads.unknown:
        names = "、".join(f"{xlsx.address(1, at)[:-1]}列“{words[:20]}”" for at, words in heads.unknown[:20])
        said.append(Words(f"不认识的列，没有读取：{names}。", f"Columns that are not known were not read: {names}."))
    return said


def shown(numbers: Sequence[int], most: int = 12) -> str:
    """Return row numbers for a message: runs together, at most ``most`` of them."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    said = [str(a) if a == b else f"{a}–{b}" for a, b in runs[:most]]
    return "、".join(said) + ("…" if len(runs) > most else "")


def _no_heads(name: str, sought: Words, where: str) -> Problem:
    return Problem(
        name,
        Words(f"没有找到表头（{sought.zh}）。看过：{where}。", f"No heads were found ({sought.en}) in {where}."),
        Words("请保留表头一行，再上传。", "Keep the row of heads and upload it again."),
        status=422,
    )


def _problem(place: str, zh: str, en: str, *, status: int = 422) -> Problem:
    return Problem(place, Words(zh, en), _SAVE, status=status)
