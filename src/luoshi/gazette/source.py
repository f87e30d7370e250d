"""A stretch of source text with the elements that stand on it, cut for a page. Pure.

Windows end at line ends, so that a page shows whole lines; marks may overlap in the text, and each piece of the page
belongs to the innermost mark that covers it, so that no character is shown twice or lost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

WINDOW = 2_500
"""Characters a page shows at most, unless one line is longer."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An element on the text: where it stands, its kind (for its colour and word), its address."""

    start: int
    end: int
    kind: str
    at: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the page: its words, the mark it belongs to, and whether that mark begins here."""

    text: str
    mark: Mark | None
    first: bool


def windows(text: str, start: int, end: int, size: int = WINDOW) -> list[tuple[int, int]]:
    """Cut a stretch into windows of at most ``size`` characters, at line ends where there is one in reach."""
    found: list[tuple[int, int]] = []
    while start < end:
        stop = min(start + size, end)
        if stop < end:
            line = text.rfind("\n", start + size // 2, stop)
            stop = line + 1 if line >= 0 else stop
        found.append((start, stop))
        start = stop
    return found or [(start, end)]


def window_at(cut: Sequence[tuple[int, int]], offset: int) -> int:
    """Return which window an offset lies in; one outside all lies in the nearest."""
    for i, (_, stop) in enumerate(cut):
        if offset < stop:
            return i
    return len(cut) - 1


def pieces(text: str, start: int, end: int, marks: Sequence[Mark]) -> Iterator[Piece]:
    """Yield the stretch in pieces, in order, together exactly its text."""
    inside = [m for m in marks if m.start < end and m.end > start and m.end > m.start]
    edges = sorted({start, end, *(e for m in inside for e in (m.start, m.end) if start < e < end)})
    starting = sorted(inside, key=lambda m: m.start)
    active: list[Mark] = []
    told: set[int] = set()
    upcoming = 0
    for here, there in pairwise(edges):
        while upcoming < len(starting) and starting[upcoming].start <= here:
            active.append(starting[upcoming])
            upcoming += 1
        active = [m for m in active if m.end > here]
        mark = min(active, key=lambda m: (m.end - m.start, -m.start), default=None)
        yield Piece(text[here:there], mark, mark is not None and id(mark) not in told)
        if mark is not None:
            told.add(id(mark))
