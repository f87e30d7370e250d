"""What a new version of a document does to the tasks of the one before. Pure: both sides come in as plain values."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from luoshi.gazette.matching import bigrams

ALIKE = 0.5
"""Two tasks are the same one in two versions when they are at least this alike, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Side:
    """A task in one version. ``units``: (role, unit code); ``due``: kind, day, what follows, recurrence; ``text``: its
    words without blanks; ``due_words``: how the deadline is printed, because a day extended since is no change of the
    text; ``key``: its id, or its place among the parsed tasks."""

    key: int
    number: tuple[str, ...]
    units: frozenset[tuple[str, str]]
    due: tuple[Any, ...]
    text: str
    due_words: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """One task in both versions; ``what`` names what changed: ``units``, ``deadline``, ``text``."""

    old: Side
    new: Side
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every old and every new task, each in exactly one place."""

    same: tuple[Pair, ...]
    changed: tuple[Pair, ...]
    added: tuple[Side, ...]
    removed: tuple[Side, ...]


def compare(old: Sequence[Side], new: Sequence[Side]) -> Comparison:
    """Pair the tasks of two versions: equal words first, then the most alike; what is left came or went."""
    pairs, left, rest = _equal(old, new)
    pairs += _alike(left, rest)
    took_old, took_new = {p.old.key for p in pairs}, {p.new.key for p in pairs}
    order = sorted(pairs, key=lambda p: p.new.key)
    return Comparison(
        tuple(p for p in order if not p.what),
        tuple(p for p in order if p.what),
        tuple(n for n in new if n.key not in took_new),
        tuple(o for o in old if o.key not in took_old),
    )


def _equal(old: Sequence[Side], new: Sequence[Side]) -> tuple[list[Pair], list[Side], list[Side]]:
    by_text: dict[tuple[str, tuple[str, ...]], list[Side]] = {}
    for side in old:
        by_text.setdefault((side.text, side.number), []).append(side)
    pairs, rest = [], []
    for side in new:
        held = by_text.get((side.text, side.number))
        if held:
            pairs.append(_pair(held.pop(0), side))
        else:
            rest.append(side)
    taken = {p.old.key for p in pairs}
    return pairs, [o for o in old if o.key not in taken], rest


def _alike(old: Sequence[Side], new: Sequence[Side]) -> list[Pair]:
    grams = {id(side): bigrams(side.text) for side in (*old, *new)}
    ranked = sorted(
        (
            (likeness, -abs(i - j), i, j)
            for i, o in enumerate(old)
            for j, n in enumerate(new)
            if (likeness := _likeness(o, n, grams[id(o)], grams[id(n)])) >= ALIKE
        ),
        reverse=True,
    )
    used_old: set[int] = set()
    used_new: set[int] = set()
    pairs = []
    for _, _, i, j in ranked:
        if i not in used_old and j not in used_new:
            used_old.add(i)
            used_new.add(j)
            pairs.append(_pair(old[i], new[j]))
    return pairs


def _likeness(old: Side, new: Side, one: set[str], two: set[str]) -> float:
    words = 2 * len(one & two) / (len(one) + len(two)) if one or two else float(old.text == new.text)
    together = len(old.units | new.units)
    units = len(old.units & new.units) / together if together else 1.0
    return 0.7 * words + 0.15 * (old.number == new.number) + 0.15 * units


def _pair(old: Side, new: Side) -> Pair:
    marks = (("units", old.units == new.units), ("deadline", _same_due(old, new)), ("text", old.text == new.text))
    return Pair(old, new, tuple(name for name, equal in marks if not equal))


def _same_due(old: Side, new: Side) -> bool:
    return old.due == new.due or (old.due_words != "" and old.due_words == new.due_words)


def renews(pair: Pair) -> bool:
    """Tell whether a changed task is a new mandate: other units or another deadline. Other words alone are none."""
    return "units" in pair.what or "deadline" in pair.what


def squeezed(text: str) -> str:
    """Return words as two versions are compared: one width, no blanks, no line breaks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def due_of(kind: str, due_on: Any, then: str, every: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """Return a deadline as two versions are compared; the day counts only where the text sets one."""
    return (kind, due_on if kind == "until" else None, then, repr(sorted((every or {}).items())))
