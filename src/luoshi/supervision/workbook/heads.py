"""Which column is which: by the words of the heads, wherever they stand and in whatever order. Pure.

Heads may begin below a title, stand in two or three rows, share a merged cell above them, and bear other words.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LOOK_AT = 40  # rows in which heads are looked for
_BRACKETS = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Heads:
    """Where the heads stand. ``columns`` maps a column of the house to its place (from 0), ``printed`` to its words;
    ``below`` is the first row under the heads (from 1); ``doubled`` are (column, places); ``unknown`` (place, words).
    """

    columns: Mapping[str, int]
    printed: Mapping[str, str]
    below: int
    doubled: tuple[tuple[str, tuple[int, ...]], ...] = ()
    unknown: tuple[tuple[int, str], ...] = ()


def plain(text: Any) -> str:
    """Return a head as heads are compared: one width, no blanks or line breaks, no colon at its end."""
    return "".join(unicodedata.normalize("NFKC", str(text)).split()).strip(":*")


def index(names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return column by head, ready to be asked: each head also without what it says in brackets."""
    known: dict[str, str] = {}
    for code, heads in names.items():
        for head in heads:
            known.setdefault(plain(head), code)
            known.setdefault(_BRACKETS.sub("", plain(head)), code)
    return known


def column_of(text: Any, known: Mapping[str, str]) -> str | None:
    """Return which column a cell is the head of, or None."""
    words = plain(text)
    return known.get(words) or (known.get(_BRACKETS.sub("", words)) if words else None)


def find(
    rows: Sequence[Sequence[Any]], known: Mapping[str, str], needed: Sequence[str], least: int = 2
) -> Heads | None:
    """Return the heads among the first rows: the row with most heads and those of its kind around it.

    None where no row has ``least`` of them, or one that is ``needed`` is missing.
    """
    found = [_codes(row, known) for row in rows[:LOOK_AT]]
    if not found:
        return None
    main = max(range(len(found)), key=lambda at: (len(set(found[at].values())), -at))
    if len(set(found[main].values())) < least and len(found[main]) < least:
        return None
    first = last = main
    while (
        first > 0 and main - first < 2 and found[first - 1] and _is_head(rows[first - 1], found[first - 1], above=True)
    ):
        first -= 1
    while (
        last + 1 < len(found)
        and last - main < 2
        and found[last + 1]
        and _is_head(rows[last + 1], found[last + 1], above=False)
    ):
        last += 1
    places: dict[str, list[int]] = {}
    printed: dict[str, str] = {}
    width = max(len(row) for row in rows[first : last + 1])
    unknown = []
    for at in range(width):
        # The lowest head that is known names the column: above it stands the group's.
        lines = [line for line in range(last, first - 1, -1) if at in found[line]]
        if lines:
            code = found[lines[0]][at]
            places.setdefault(code, []).append(at)
            printed.setdefault(code, str(rows[lines[0]][at]).strip())
        elif words := _words(rows, first, last, at):
            unknown.append((at, words))
    if any(code not in places for code in needed):
        return None
    doubled = tuple((code, tuple(at)) for code, at in places.items() if len(at) > 1)
    below = last + 2
    while below <= len(rows) and _only_merged_or_numbers(rows[below - 1]):
        below += 1
    return Heads({code: at[0] for code, at in places.items()}, printed, below, doubled, tuple(unknown))


def _codes(row: Sequence[Any], known: Mapping[str, str]) -> dict[int, str]:
    return {at: code for at, cell in enumerate(row) if cell != "" and (code := column_of(cell, known)) is not None}


def _is_head(row: Sequence[Any], codes: Mapping[int, str], *, above: bool) -> bool:
    """A row beside the heads that holds a head is one of them, unless it holds figures; below them, where the rows of
    the table begin, only when at least half of what it says are heads."""
    filled = [at for at, cell in enumerate(row) if plain(cell)]
    others = [at for at in filled if at not in codes]
    return not any(_is_figure(row[at]) for at in others) and (above or len(others) <= len(codes))


def _is_figure(cell: Any) -> bool:
    return not isinstance(cell, str) or re.fullmatch(r"[\d.,:%/-]+", plain(cell)) is not None


def _words(rows: Sequence[Sequence[Any]], first: int, last: int, at: int) -> str:
    said = [str(rows[line][at]).strip() for line in range(first, last + 1) if at < len(rows[line])]
    return next((words for words in reversed(said) if words), "")


def _only_merged_or_numbers(row: Sequence[Any]) -> bool:
    """A row under the heads that is blank, or holds only the numbers of the columns."""
    filled = [plain(cell) for cell in row if plain(cell)]
    if not filled:
        return True
    numbers = [re.sub(r"\.0$", "", cell) for cell in filled]
    return len(filled) > 2 and all(number.isdigit() for number in numbers) and numbers == sorted(numbers, key=int)
