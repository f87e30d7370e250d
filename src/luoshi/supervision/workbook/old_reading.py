"""A ledger kept by hand, read row by row: cells merged downwards are carried on, section lines, sums and repeated heads
told from tasks. Pure; nothing of the table is thrown away without being named."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import yaml

from luoshi.core.words import Words
from luoshi.supervision.workbook.cells import printed
from luoshi.supervision.workbook.heads import Heads, column_of, find, index, plain
from luoshi.supervision.workbook.intake import Grid, shown

SOUGHT = Words(
    "任务（或工作任务、重点任务……）与牵头或责任单位、完成时限中的一项", "a task and a unit or a due day beside it"
)
CARRIED = ("plan", "area", "number", "lead", "responsible", "support", "deadline")
"""Columns in which a cell that is merged downwards speaks for the rows below it as well."""
CARRIED_BLANK = ("plan", "area")
"""Columns in which a blank cell means the one above even where nothing is merged."""
_SUM = re.compile(r"^(合计|总计|小计|共计|备注|注|说明|填表人|制表|审核|单位负责人)[:：]?")
_FINISHED = re.compile(r"^(已|全部|按期|如期)?(完成|办结|销号|落实到位)(了|并销号|任务|。)?$|^(已完成|已办结|已销号)")
_UNFINISHED = re.compile(r"未完成|未办结|完成\d+(?:\.\d+)?%(?<!100%)|正在|推进中|部分完成|基本完成")


@dataclass(frozen=True, slots=True)
class OldLine:
    """One task of an old ledger: its row, the address of its task's cell, and its cells as printed, by column.

    A date cell stands as ISO, a number as figures. ``finished``: the ledger says it is done.
    """

    row: int
    cell: str
    given: Mapping[str, str]
    finished: bool = False


@dataclass
class OldTable:
    """What was read: the tasks, the title above the heads, the year named there (None: nowhere), and what was odd."""

    lines: list[OldLine] = field(default_factory=list)
    title: str = ""
    year: int | None = None
    warnings: list[Words] = field(default_factory=list)


@cache
def old_heads() -> Mapping[str, str]:
    """Return column by head."""
    text = resources.files(__package__).joinpath("data/old_heads.yaml").read_text("utf-8")
    return index({str(code): [str(head) for head in heads] for code, heads in yaml.safe_load(text).items()})


def find_heads(first: Sequence[Sequence[Any]]) -> Heads | None:
    """Return the heads of an old ledger: a task, and a unit or a due day beside it."""
    heads = find(first, old_heads(), ("task",))
    return heads if heads and {"lead", "responsible", "deadline"} & set(heads.columns) else None


def read(grid: Grid, above: Sequence[Sequence[Any]], name: str) -> OldTable:
    """Read the rows below the heads; ``above`` are the rows over them, ``name`` the file's name."""
    table = OldTable(warnings=list(grid.warnings))
    table.title = _title(above) or re.sub(r"\.\w{2,4}$", "", name)
    years = re.findall(r"(20\d\d)", " ".join([table.title, name, *(str(c) for row in above for c in row)]))
    table.year = int(years[0]) if years else None
    reader = _Rows(grid, table)
    for number, row in grid.rows():
        reader.take(number, row)
    reader.close()
    return table


def _title(above: Sequence[Sequence[Any]]) -> str:
    texts = [printed(cell) for row in above for cell in row if printed(cell)]
    return max((text for text in texts if 4 <= len(text) <= 60), key=len, default="")


class _Rows:
    """One pass over the rows, with what is carried from above."""

    def __init__(self, grid: Grid, table: OldTable) -> None:
        self.grid, self.table = grid, table
        self.places = grid.heads.columns
        self.above: dict[str, tuple[int, str]] = {}
        self.section = ""
        self.odd: dict[str, list[int]] = {"sum": [], "head": [], "hidden": [], "formula": [], "alone": []}

    def take(self, number: int, row: list[Any]) -> None:
        texts = {code: self._text(number, row, code) for code in self.places}
        own = [printed(cell) for cell in row if printed(cell)]
        if not own:
            return
        if len([cell for cell in row if plain(cell) and column_of(cell, old_heads())]) >= 3:
            self.odd["head"].append(number)
            return
        if _SUM.match(own[0]) and not texts["task"][0]:
            self.odd["sum"].append(number)
            return
        if len(own) == 1 and not self._in_place(number, row, "task"):
            self.section = re.sub(r"^[（(]?[一二三四五六七八九十\d]+[)）]?[、.．]?\s*", "", own[0])
            return
        for code in self.places:
            text, place = texts[code]
            if text:
                self.above[code] = (place, text)
        if not texts["task"][0]:
            self.odd["alone"].append(number)
            return
        self._keep(number, {code: text for code, (text, _) in texts.items() if text})

    def _in_place(self, number: int, row: list[Any], code: str) -> bool:
        at = self.places[code]
        return at < len(row) and bool(printed(row[at])) and (number, at) not in self.grid.merged_firsts

    def _text(self, number: int, row: list[Any], code: str) -> tuple[str, int]:
        """Return a cell's text, carried down where it is merged, with the row it stands in."""
        at = self.places[code]
        text = printed(row[at]) if at < len(row) else ""
        if text:
            return text, number
        first = self.grid.merged.get((number, at))
        above = self.above.get(code)
        if above is not None and first is not None and code in CARRIED and first[1] == at and above[0] >= first[0]:
            return above[1], above[0]
        if above is not None and code in CARRIED_BLANK and any(printed(cell) for cell in row):
            return above[1], above[0]
        return "", number

    def _keep(self, number: int, given: dict[str, str]) -> None:
        if self.section and "area" not in given:
            given["area"] = self.section
        at = self.places["task"]
        address = self.grid.cell(number, at)
        if number in self.grid.hidden_rows:
            self.odd["hidden"].append(number)
        if address.rpartition("!")[2] in self.grid.formulas:
            self.odd["formula"].append(number)
        said = [given.get("state", ""), given.get("progress", "")]
        finished = any(_FINISHED.match(text) and not _UNFINISHED.search(text) for text in said)
        finished = finished or plain(given.get("state", "")) in ("是", "√", "✓", "100%", "1")
        self.table.lines.append(OldLine(number, address, given, finished))

    def close(self) -> None:
        """Name what was left out or carries a risk."""
        words = {
            "sum": ("合计、说明等行没有读取：第{}行。", "Rows with sums or remarks were not read: {}."),
            "head": ("重复的表头没有读取：第{}行。", "Repeated heads were not read: {}."),
            "alone": ("有内容但没有任务的行没有读取：第{}行。", "Rows without a task were not read: {}."),
            "hidden": ("任务在隐藏的行里：第{}行。", "Tasks stand in hidden rows: {}."),
            "formula": ("任务由公式算出，取其结果：第{}行。", "Tasks worked out by formulas: {}."),
        }
        for code, (zh, en) in words.items():
            if self.odd[code]:
                rows = shown(self.odd[code])
                self.table.warnings.append(Words(zh.format(rows), en.format(rows)))
