"""Text on its way to a paper: what may be printed, and how wide it stands."""

import re
import unicodedata

# Characters XML forbids, and bidirectional controls that could make a paper read differently than it was written.
_DROPPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_UNPRINTABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|\u2028|\u2029|\x85")
_WIDE = frozenset("WFA")


def clean(text: str) -> str:
    """Return ``text`` with line ends as ``\\n``, invisible controls dropped and unprintable units as U+FFFD."""
    text = _BREAKS.sub("\n", text).replace("\t", " ")
    return _UNPRINTABLE.sub("\ufffd", _DROPPED.sub("", text))


def one_line(text: str) -> str:
    """Return ``text`` cleaned, on one line, without blanks at its ends."""
    return " ".join(clean(text).split())


def width(text: str) -> float:
    """Return the printed width of the longest line of ``text`` in full-width characters (Latin counts a half)."""
    return max(sum(1.0 if unicodedata.east_asian_width(c) in _WIDE else 0.5 for c in line) for line in text.split("\n"))


_NO_LINE_START = frozenset("，。、；：？！）》〉」』】〕”’,.;:?!)]}%—…的")
_NO_LINE_END = frozenset("（《〈「『【〔“‘([{")
_GOOD_ENDS = ("》", "、", "的", "，")
TITLE_CHARACTERS = 20  # 2号 letters that fit into 156 mm


def title_lines(title: str, per_line: int = TITLE_CHARACTERS) -> list[str]:
    """Break a title into lines of nearly equal length; line ends the writer set are kept.

    Breaks prefer the places before 关于 and after 》 、 的, never split a Latin word or number, and keep punctuation
    off the wrong line end. A run that cannot be broken may exceed ``per_line``.
    """
    lines = [" ".join(line.split()) for line in clean(title).split("\n")]
    return [part for line in lines if line for part in _balanced(line, per_line)]


def _balanced(line: str, per_line: int) -> list[str]:
    count = -(-width(line) // per_line)
    if count <= 1:
        return [line]
    target = width(line) / count
    # best[i] = (cost, start of the last line) for the first i characters
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * len(line)
    for end in range(1, len(line) + 1):
        ending = _break_cost(line, end)
        for start in range(max(0, end - 2 * per_line), end):
            long = width(line[start:end])
            over = 1e4 * (long - per_line) if long > per_line else 0.0
            cost = best[start][0] + (long - target) ** 2 + over + ending
            if cost < best[end][0]:
                best[end] = (cost, start)
    parts: list[str] = []
    end = len(line)
    while end > 0:
        start = best[end][1]
        parts.insert(0, line[start:end].strip())
        end = start
    return parts


def _break_cost(line: str, at: int) -> float:
    """Return how bad a line break before ``line[at]`` is; 0 is a good place."""
    if at == len(line):
        return 0.0
    before, after = line[at - 1], line[at]
    if before in _NO_LINE_END or after in _NO_LINE_START:
        return 1e6
    if before.isascii() and after.isascii() and before.isalnum() and after.isalnum():
        return 1e6
    if before.isdigit():
        return 200.0  # 2023 / 年 reads badly
    if line.startswith("关于", at) or before in _GOOD_ENDS:
        return 0.0
    return 12.0
