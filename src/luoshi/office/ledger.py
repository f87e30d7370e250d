"""A ledger as a page shows it: columns, small frozen rows, the words of its filters, totals, and the keyset pager.

Subjects fill these from their queries; ``site/components/ledger.html`` draws them. Nothing here queries.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from luoshi.core.words import Words

Kind = Literal["text", "cut", "figure", "day", "state", "clause"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``kind`` decides how its cells look; ``sort_url`` makes the head a link.

    Kinds: ``text`` words or text; ``cut`` the same in one line, shortened to fit, whole on paper; ``figure`` a
    number, right-aligned; ``day`` a date; ``state`` a code of ``clock.standing`` (on_time, near, overdue, suspended,
    done, done_late); ``clause`` a clause id.
    """

    key: str
    words: Words
    kind: Kind = "text"
    sort_url: str = ""
    sorted: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """A cell that leads somewhere of its own, such as a count to its filtered ledger."""

    value: "Cell"
    href: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A state with words of its own: ``code`` decides shape and colour, ``words`` stand beside it."""

    code: str
    words: Words


Cell = str | int | float | Words | dt.date | Linked | Marked | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row; its first cell is the row's head and carries ``href``."""

    id: str
    cells: tuple[Cell, ...]
    href: str = ""
    selected: bool = False


@dataclass(frozen=True, slots=True)
class FilterWord:
    """A filter in force, as a word that a click takes away."""

    words: Words
    remove_url: str


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the neighbouring pages are; an empty address means that there is none. ``shown`` says what one sees."""

    shown: Words
    newer_url: str = ""
    older_url: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A whole ledger. ``caption`` names it for readers by ear and in print; ``totals`` has one cell per column."""

    key: str
    caption: Words
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[Cell, ...] = ()
    filters: tuple[FilterWord, ...] = ()
    pager: Pager | None = None
    empty: Words = field(default=Words("没有符合条件的记录。", "Nothing matches."))
    empty_hint: Words = field(default=Words("去掉一个筛选词再看。", "Take a filter away to see more."))

    def __post_init__(self) -> None:
        width = len(self.columns)
        assert all(len(row.cells) == width for row in self.rows), "each row has one cell per column"
        assert not self.totals or len(self.totals) == width, "the totals have one cell per column"
