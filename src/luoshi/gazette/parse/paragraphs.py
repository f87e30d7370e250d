"""A paragraph: one or more pieces of lines read as one text, each character still knowing its place in the input."""

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(slots=True)
class Line:
    """A line without its outer blanks: ``start``/``end`` are offsets in the input, ``text`` the uniform text."""

    start: int
    end: int
    text: str
    kind: str = "text"


@dataclass(slots=True)
class Paragraph:
    """Joined lines. ``text`` is uniform; ``raw`` is as printed and of the same length."""

    lines: list[Line]
    source: str
    kind: str = "text"
    text: str = field(init=False)
    raw: str = field(init=False)
    _starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._starts = []
        at = 0
        for line in self.lines:
            self._starts.append(at)
            at += line.end - line.start
        if len(self.lines) == 1:
            self.text = self.lines[0].text
            self.raw = self.source[self.lines[0].start : self.lines[0].end]
        else:
            self.text = "".join(line.text for line in self.lines)
            self.raw = "".join(self.source[line.start : line.end] for line in self.lines)

    @property
    def start(self) -> int:
        return self.lines[0].start

    @property
    def end(self) -> int:
        return self.lines[-1].end

    def place(self, at: int) -> int:
        """Return the offset in the input of the character at ``at``."""
        if len(self.lines) == 1:
            return self.lines[0].start + at
        n = bisect_right(self._starts, at) - 1
        return self.lines[n].start + at - self._starts[n]

    def span(self, start: int, end: int) -> list[int]:
        """Return the span in the input of ``text[start:end]``, without blanks at its ends."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if start >= end:
            return [self.place(start), self.place(start)] if self.text else [self.start, self.start]
        return [self.place(start), self.place(end - 1) + 1]

    def printed(self, start: int, end: int) -> str:
        """Return the words as printed, joined over page ends."""
        return self.raw[start:end].strip()
