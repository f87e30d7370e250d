"""A notice and the text it encloses, as two linked texts: title, edition, body, annexes. Pure. GAZ-N-11."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from luoshi.gazette.publication.citations import enclosure as enclosed_title
from luoshi.gazette.publication.citations import normal_title
from luoshi.gazette.publication.squeezed import Stated, squeezed
from luoshi.gazette.publication.tree import is_furniture

_DAY = re.compile(r"[ \t　]*\d{4}[ ]?年[ ]?\d{1,2}[ ]?月[ ]?\d{1,2}[ ]?日[ \t　]*")
_EDITION = re.compile(r"[（(](?:试行|暂行|修订|修订稿|\d{4}年?(?:版|修订))[）)]")
_ANNEX = re.compile(r"附件[ ]?(?P<number>[0-9０-９一二三四五六七八九十]{0,3})[ ]?[:：]?(?P<title>.*)")
_RUNS_ON = re.compile("[、，,的和及至中所规]")
_TITLE_ENDS = re.compile(r"(?<=.)[*]*[一1][、.．]")
_TITLE_LINES = 4


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex: its printed number (empty for the only one), its title and its whole words."""

    number: str
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Enclosure:
    """Where the notice and its enclosure stand in the text; ``notice`` and ``body`` are spans."""

    notice: tuple[int, int]
    title: Stated
    edition: Stated | None
    body: tuple[int, int]
    annexes: tuple[Annex, ...]


def enclosed(text: str, title: str, start: int = 0, end: int | None = None) -> Enclosure | None:
    """Return what a notice with this title encloses, between two places of a text.

    The enclosure begins where its own title stands again in lines of its own, below the day of the notice; where
    it does not, nothing is said to be enclosed.
    """
    stop = len(text) if end is None else end
    wanted = enclosed_title(title)
    if wanted == normal_title(title):
        return None
    lines = list(_lines(text, start, stop))
    dated = next((n for n, (a, b) in enumerate(lines) if _DAY.fullmatch(text[a:b])), None)
    for at in range(dated + 1, len(lines)) if dated is not None else ():
        last = _title_end(text, lines, at, wanted)
        if last is not None:
            return _made(text, lines, (start, stop), at, last)
    return None


def notice_end(text: str, title: str, start: int = 0, end: int | None = None) -> int:
    """Return where the notice's own words end: at its enclosure, else at its day, else where they began."""
    found = enclosed(text, title, start, end)
    if found is not None:
        return found.notice[1]
    stop = len(text) if end is None else end
    return next((b for a, b in _lines(text, start, stop) if _DAY.fullmatch(text[a:b])), start)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        line = text[at:stop]
        if line.strip() and not is_furniture(line):
            yield at, stop
        at = stop + 1


def _title_end(text: str, lines: list[tuple[int, int]], at: int, wanted: str) -> int | None:
    """Return the last line of the title that begins at a line, with its edition, or None."""
    joined = ""
    for n in range(at, min(at + _TITLE_LINES, len(lines))):
        joined += text[lines[n][0] : lines[n][1]]
        if normal_title(joined) == wanted:
            after = text[slice(*lines[n + 1])] if n + 1 < len(lines) else ""
            return n + 1 if _EDITION.fullmatch("".join(after.split())) else n
        if not wanted.startswith("".join(unicodedata.normalize("NFKC", joined).split()).strip("《》")[:200]):
            return None
    return None


def _made(text: str, lines: list[tuple[int, int]], reach: tuple[int, int], at: int, last: int) -> Enclosure:
    head = squeezed(text, lines[at][0], lines[last][1])
    edition = next(iter([m for m in _EDITION.finditer(head.bare) if m.end() == len(head.bare)]), None)
    title = head.stated(0, edition.start() if edition else len(head.bare))
    annexes = _annexes(text, lines[last + 1 :], reach[1])
    body = (lines[last][1], annexes[0].start if annexes else reach[1])
    return Enclosure((reach[0], lines[at][0]), title, head.group(edition) if edition else None, body, annexes)


def _annexes(text: str, lines: list[tuple[int, int]], end: int) -> tuple[Annex, ...]:
    """Annexes by their heads (附件1 on a line); a list of them before has the same numbers, and the last one counts."""
    heads: dict[str, tuple[int, str]] = {}
    for n, (a, b) in enumerate(lines):
        match = _ANNEX.fullmatch(text[a:b].strip())
        rest = match["title"].strip() if match else ""
        if match is None or (rest and not match["number"]) or _RUNS_ON.match(rest):
            continue
        following = text[slice(*lines[n + 1])].strip() if n + 1 < len(lines) else ""
        number = unicodedata.normalize("NFKC", match["number"])
        heads.pop(number, None)
        heads[number] = (a, _TITLE_ENDS.split(rest or following)[0].replace("*", "").strip())
    placed = [(a, number, title) for number, (a, title) in heads.items()]
    ends = [*(a for a, _, _ in placed), end][1:]
    return tuple(Annex(number, title, a, stop) for (a, number, title), stop in zip(placed, ends, strict=True))
