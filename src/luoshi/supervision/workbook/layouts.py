"""The office's tables as data: columns, heads and what may be filled in, read once from ``data/layouts.yaml``."""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from luoshi.core.words import Words

Fills = Literal["", "person", "percent", "text", "move", "extend_to", "extend_why", "note"]
MOVES: dict[str, Words] = {
    "accept": Words("签收", "Accept"),
    "start": Words("开始办理", "Start"),
    "report_done": Words("报办结", "Report done"),
}
"""What the column of acts offers: verb of the share's action → the word in the drop-down."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Column(_Strict):
    head: str
    en: str
    width: Annotated[float, Field(gt=0, le=80)]
    kind: Literal["text", "integer", "date"] = "text"
    also: tuple[str, ...] = ()
    fills: Fills = ""
    steps: Annotated[int, Field(ge=0, le=50)] = 0
    moves: bool = False
    hint: str = ""


class _Words(_Strict):
    head: str
    en: str


class _Part(_Strict):
    one: str = ""
    group: str = ""
    of: tuple[str, ...] = ()


class _Layout(_Strict):
    title: str
    en: str
    sheet: Annotated[str, Field(max_length=31)]
    frozen: Annotated[int, Field(ge=0)]
    own: bool = False
    columns: tuple[_Part, ...]


class _File(_Strict):
    columns: dict[str, _Column]
    groups: dict[str, _Words]
    layouts: dict[str, _Layout]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its code, head, the words that may stand in its place, and what a filled cell wants to change."""

    code: str
    words: Words
    group: str
    kind: str
    width: float
    also: tuple[str, ...]
    fills: Fills
    choices: tuple[str, ...]
    strict: bool
    hint: str

    @property
    def head(self) -> str:
        """The head as it is printed."""
        return self.words.zh


@dataclass(frozen=True, slots=True)
class Layout:
    """One table. ``own``: only what the reader's own unit carries."""

    code: str
    words: Words
    sheet: str
    frozen: int
    own: bool
    columns: tuple[Column, ...]

    def at(self, code: str) -> int:
        """Return the place of a column."""
        return [column.code for column in self.columns].index(code)


@cache
def layouts() -> dict[str, Layout]:
    """Return the tables by code; a fault in the file is an assertion, because it is ours."""
    text = resources.files(__package__).joinpath("data/layouts.yaml").read_text("utf-8")
    return read(yaml.safe_load(text))


def read(data: Any) -> dict[str, Layout]:
    """Check the content of a layouts file and return its tables by code."""
    file = _File.model_validate(data)
    heads = [head for column in file.columns.values() for head in (column.head, *column.also)]
    assert len(set(heads)) == len(heads), "a head names one column"
    return {code: _layout(code, one, file) for code, one in file.layouts.items()}


@cache
def columns() -> dict[str, Column]:
    """Return every column by code, however many tables it stands in."""
    return {column.code: column for layout in layouts().values() for column in layout.columns}


def _layout(code: str, one: _Layout, file: _File) -> Layout:
    listed: list[Column] = []
    for part in one.columns:
        assert bool(part.one) != bool(part.group and part.of), "either one column or a group of several"
        listed += [_column(name, file, part.group) for name in ((part.one,) if part.one else part.of)]
    codes = [column.code for column in listed]
    assert codes[0] == "code", "the first column tells the rows from each other"
    assert len(set(codes)) == len(codes), "a column stands once in a table"
    assert one.frozen <= len(codes), "no more is frozen than there is"
    return Layout(code, Words(one.title, one.en), one.sheet, one.frozen, one.own, tuple(listed))


def _column(code: str, file: _File, group: str) -> Column:
    one = file.columns[code]
    choices: tuple[str, ...] = ()
    if one.steps:
        choices = tuple(str(step) for step in range(0, 100, one.steps))
    elif one.moves:
        choices = tuple(words.zh for words in MOVES.values())
    return Column(
        code, Words(one.head, one.en), file.groups[group].head if group else "", one.kind, one.width, one.also,
        one.fills, choices, one.moves, one.hint,
    )  # fmt: skip
