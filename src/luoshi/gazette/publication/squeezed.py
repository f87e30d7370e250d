"""A text without its blanks and line ends, with the way back to its own characters. Pure.

Print and scan break words anywhere, so grammar is read on the squeezed text and answers are spans of the stored one.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stated:
    """Words a text states: characters ``start`` to ``end`` of that text, ``words`` without blanks."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Squeezed:
    """``bare`` is the text without blanks; ``places`` the place of each of its characters in the text."""

    bare: str
    places: tuple[int, ...]

    def stated(self, start: int, end: int) -> Stated:
        """Return what stands between two places of ``bare``, as a span of the text."""
        assert start < end <= len(self.bare), "words that are stated are never empty"
        return Stated(self.places[start], self.places[end - 1] + 1, self.bare[start:end])

    def group(self, match: re.Match[str], name: str | int = 0) -> Stated:
        """Return a group of a match in ``bare``, as a span of the text."""
        return self.stated(match.start(name), match.end(name))


def squeezed(text: str, start: int = 0, end: int | None = None) -> Squeezed:
    """Return the stretch of a text from ``start`` to ``end`` without blanks."""
    stop = len(text) if end is None else end
    places = tuple(at for at in range(start, stop) if not text[at].isspace())
    return Squeezed("".join(text[at] for at in places), places)
