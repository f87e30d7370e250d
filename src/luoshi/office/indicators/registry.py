"""Figures that subjects work out from their own records, so that reports and scores are computed and not typed.

A subject registers a provider under a name; whoever needs the figure asks by that name and never learns where it came
from beyond its sources. A name nobody has registered is not an error: the answer is "not known", and a form then asks
a person. No framework and no clock here: ``now`` is handed in.
"""

import datetime as dt
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal, TypeVar

from luoshi.core.words import Words

Value = int | Decimal | dt.date | str | Words
Kind = Literal["count", "percent", "amount", "day", "text"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """For which unit, plan, row and period a figure is wanted, and as of which moment.

    ``plan_id`` None means all plans; ``row_id`` is the record a row of a table stands for (a unit's share of a task,
    a target). ``known`` keeps what was read once while one form is filled, so that its cells agree with each other.
    """

    county_id: int
    unit_id: int
    from_on: dt.date
    to_on: dt.date
    now: dt.datetime
    plan_id: int | None = None
    row_id: int | None = None
    known: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, key: Hashable, read: Callable[[], T]) -> T:
        """Return what ``read`` gives, read at most once for this form."""
        if key not in self.known:
            self.known[key] = read()
        found: T = self.known[key]
        return found

    def of_row(self, row_id: int) -> "Asked":
        """Return the same question for one row; what is known is shared."""
        return replace(self, row_id=row_id)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from: what was counted, how many records, the page that shows them (may be empty)."""

    words: Words
    records: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A known figure with its sources, as of the moment it was asked for."""

    value: Value
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Not known, and why: this leads to a question to a person, never to a nought."""

    why: Words


@dataclass(frozen=True, slots=True)
class Indicator:
    """One provider: its name, who registered it, what it is called, in which unit of measure, under which clauses."""

    code: str
    subject: str
    words: Words
    kind: Kind
    measure: Words
    clauses: tuple[str, ...]
    compute: Callable[[Asked], Figure | Unknown]


INDICATORS: dict[str, Indicator] = {}


def register(
    code: str, subject: str, words: Words, kind: Kind, measure: Words, clauses: tuple[str, ...] = ()
) -> Callable[[Callable[[Asked], Figure | Unknown]], Indicator]:
    """Register the decorated function as the provider of ``code``; a code is registered once."""

    def declare(compute: Callable[[Asked], Figure | Unknown]) -> Indicator:
        assert code not in INDICATORS, f"indicator registered twice: {code}"
        made = Indicator(code, subject, words, kind, measure, clauses, compute)
        INDICATORS[code] = made
        return made

    return declare


def compute(code: str, asked: Asked) -> Figure | Unknown:
    """Return the figure of a name, or why it is not known."""
    found = INDICATORS.get(code)
    if found is None:
        return Unknown(Words("系统里还没有这项数据的记录。", "The system keeps no records of this yet."))
    return found.compute(asked)
