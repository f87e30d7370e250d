"""What a table asks: yes/no facts, categories, and numbers or days cut into bands.

Each input turns the facts of one case into a digit: the position of its answer, or ``UNKNOWN``. A band edge is a
value with its unit and clause, handed in; no bare number enters a table.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from luoshi.core.problem import Problem
from luoshi.core.words import Words

UNKNOWN = -1
"""The digit of a fact nobody has stated, and its sentinel in integer columns."""

Code = str | int
Number = int | float
_EPOCH = date(1970, 1, 1).toordinal()


class Fact(NamedTuple):
    """One named fact: its name in the facts, its label for people, and how to supply it."""

    name: str
    words: Words
    ask: Words | None = None


class Edge(NamedTuple):
    """A limit between two bands, with its unit and clause.

    ``included="from"`` puts the limit itself into the upper band (以上含本数), ``"to"`` into the lower one.
    ``value`` is a number, or a ``date`` when the fact is a day.
    """

    value: int | float | Decimal | date
    unit: str
    clause: str
    included: Literal["from", "to"] = "from"

    def number(self) -> Number:
        """Return the limit as a number; a day counts from 1970-01-01."""
        return as_number(self.value, self.unit)

    def reached_by(self, number: Number) -> bool:
        """Whether ``number`` lies in the band above this edge."""
        return number >= self.number() if self.included == "from" else number > self.number()


def as_number(value: Any, place: str) -> Number:
    """Return a number or a day as a plain number; raise ``Problem`` naming ``place`` for anything else."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.toordinal() - _EPOCH
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float | Decimal) and math.isfinite(value):
        return float(value)
    raise Problem(
        place,
        Words(f"“{value!r}”不是数，也不是日期。", f"“{value!r}” is neither a number nor a day."),
        Words("请填写数字或日期。", "Give a number or a day."),
    )


def is_unknown(value: Any) -> bool:
    """Whether a value stands for "not known": ``None`` or NaN."""
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or (isinstance(value, Decimal) and value.is_nan())


@dataclass(frozen=True)
class Bool:
    """A yes/no fact. ``can_change=False`` keeps it out of "what would change it"."""

    name: str
    words: Words
    ask: Words | None = None
    can_change: bool = True

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts this input reads."""
        return (Fact(self.name, self.words, self.ask),)

    @property
    def keys(self) -> tuple[Any, ...]:
        """What a row may write as a condition, by digit."""
        return (False, True)

    def digit(self, facts: Mapping[str, Any]) -> int:
        """Return 0 or 1, or ``UNKNOWN``; raise ``Problem`` for anything but true, false or unknown."""
        value = facts.get(self.name)
        if is_unknown(value):
            return UNKNOWN
        if not isinstance(value, bool):
            raise Problem(
                self.name,
                Words(f"“{value!r}”不是“是”或“否”。", f"“{value!r}” is neither true nor false."),
                Words("请填写是或否。", "Give true or false."),
            )
        return int(value)

    def describe(self, digit: int) -> Words:
        """Say what a digit means."""
        return Words("是", "yes") if digit else Words("否", "no")

    def clauses(self, facts: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the clauses of the limits this input applied: none."""
        return ()


@dataclass(frozen=True)
class Category:
    """A fact with one of a fixed list of codes, each with words.

    In columns: text columns hold the codes themselves; integer columns hold the codes where the codes are
    integers, else their positions; ``-1`` is "not known".
    """

    name: str
    words: Words
    codes: Mapping[Any, Words] | Sequence[Any]
    ask: Words | None = None
    can_change: bool = True
    keys: tuple[Any, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", tuple(self.codes))

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts this input reads."""
        return (Fact(self.name, self.words, self.ask),)

    def digit(self, facts: Mapping[str, Any]) -> int:
        """Return the position of the code, or ``UNKNOWN``; raise ``Problem`` for a code not in the list."""
        value = facts.get(self.name)
        if is_unknown(value):
            return UNKNOWN
        if isinstance(value, bool) or value not in self.keys:
            listed = "、".join(str(key) for key in self.keys)
            raise Problem(
                self.name,
                Words(f"“{value}”不在所列类别中。", f"“{value}” is not one of the listed codes."),
                Words(f"可填：{listed}。", f"One of: {listed}."),
            )
        return self.keys.index(value)

    def describe(self, digit: int) -> Words:
        """Say what a digit means."""
        key = self.keys[digit]
        return self.codes[key] if isinstance(self.codes, Mapping) else Words(str(key), str(key))

    def clauses(self, facts: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the clauses of the limits this input applied: none."""
        return ()


@dataclass(frozen=True)
class Bands:
    """A number or a day cut into named bands by edges, lowest first: one name more than edges.

    Rows refer to bands by name, so that a new value in law moves an edge and leaves the rows alone.
    ``of``/``less``: the number is fact ``of`` (default: the fact called ``name``) minus fact ``less``; two days
    give days. ``by``: the edges depend on another fact; ``edges`` is then a mapping from each of its codes.
    """

    name: str
    words: Words
    names: Sequence[str]
    edges: Sequence[Edge] | Mapping[Any, Sequence[Edge]]
    of: Fact | None = None
    less: Fact | None = None
    by: Category | None = None
    ask: Words | None = None
    can_change: bool = True

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts this input reads: the number, what is taken off it, and what its edges depend on."""
        first = self.of or Fact(self.name, self.words, self.ask)
        return (first, *((self.less,) if self.less else ()), *(self.by.facts if self.by else ()))

    @property
    def keys(self) -> tuple[Any, ...]:
        """The band names, by digit."""
        return tuple(self.names)

    def number(self, facts: Mapping[str, Any]) -> Number | None:
        """Return the number this input cuts, or ``None`` while one of its facts is unknown."""
        values = [facts.get(fact.name) for fact in self.facts[: 2 if self.less else 1]]
        numbers = [None if is_unknown(v) else as_number(v, f.name) for v, f in zip(values, self.facts, strict=False)]
        if any(number is None for number in numbers):
            return None
        first, *rest = [number for number in numbers if number is not None]
        return first - rest[0] if rest else first

    def edges_for(self, facts: Mapping[str, Any]) -> Sequence[Edge] | None:
        """Return the edges that hold for these facts, or ``None`` while the fact they depend on is unknown."""
        if self.by is None:
            assert not isinstance(self.edges, Mapping)
            return self.edges
        assert isinstance(self.edges, Mapping)
        position = self.by.digit(facts)
        return None if position == UNKNOWN else self.edges[self.by.keys[position]]

    def digit(self, facts: Mapping[str, Any]) -> int:
        """Return the band's position, or ``UNKNOWN``; raise ``Problem`` for what is no number or day."""
        number, edges = self.number(facts), self.edges_for(facts)
        if number is None or edges is None:
            return UNKNOWN
        return sum(edge.reached_by(number) for edge in edges)

    def describe(self, digit: int, edges: Sequence[Edge] | None = None) -> Words:
        """Say what a digit means; without ``edges`` that depend on a fact, by its name alone."""
        edges = edges if edges is not None else (self.edges if not isinstance(self.edges, Mapping) else None)
        if edges is None:
            return Words(self.names[digit], self.names[digit])
        parts = [_upper(edges[digit - 1])] if digit else []
        parts += [_lower(edges[digit])] if digit < len(edges) else []
        return Words("且".join(p.zh for p in parts), " and ".join(p.en for p in parts))

    def clauses(self, facts: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the clauses of the edges next to the band these facts fall in."""
        number, edges = self.number(facts), self.edges_for(facts)
        if number is None or edges is None:
            return ()
        digit = sum(edge.reached_by(number) for edge in edges)
        return tuple(edge.clause for edge in edges[max(0, digit - 1) : digit + 1])


def _limit(edge: Edge) -> str:
    return str(edge.value) if isinstance(edge.value, date) else f"{edge.value} {edge.unit}"


def _upper(edge: Edge) -> Words:
    limit = _limit(edge)
    if edge.included == "from":
        return Words(f"不低于 {limit}", f"at least {limit}")
    return Words(f"高于 {limit}", f"more than {limit}")


def _lower(edge: Edge) -> Words:
    limit = _limit(edge)
    if edge.included == "from":
        return Words(f"低于 {limit}", f"less than {limit}")
    return Words(f"不高于 {limit}", f"at most {limit}")


Input = Bool | Category | Bands
