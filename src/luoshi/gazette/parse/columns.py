"""A page with two columns read across: an interpretation that begins while a sentence of the document is still open.

Reads ``parts``; writes ``parts`` with the paragraphs given back to where they belong, and ``doubts``.
"""

from itertools import pairwise
from typing import Any

from luoshi.gazette.parse.documents import Part
from luoshi.gazette.parse.enumerators import Mark, read_mark
from luoshi.gazette.parse.paragraphs import Paragraph
from luoshi.gazette.parse.spans import doubt

_STOP = frozenset("。；：！？…）》”")


def give_back(parts: list[Part], source: str) -> list[dict[str, Any]]:
    """Move the paragraphs of a document that were printed after the interpretation's title. Returns the doubts."""
    doubts = []
    for document, other in pairwise(parts):
        if document.kind != "document" or other.kind != "interpretation" or not other.body:
            continue
        last = _last_mark(document.body)
        if last is None:
            continue
        at = _resumes(document.body, other.body, last)
        if at is None:
            continue
        doubts.append(_restore(document, other, at, source))
    return doubts


def _last_mark(body: list[Paragraph]) -> dict[str, Mark]:
    """The last mark of each style that is still open at the end of the body."""
    marks: dict[str, Mark] = {}
    for para in body:
        mark = read_mark(para.text)
        if mark is not None and mark.number:
            if mark.style == "cn":
                marks = {}
            marks[mark.style] = mark
    return marks or None  # type: ignore[return-value]


def _resumes(body: list[Paragraph], other: list[Paragraph], last: dict[str, Mark]) -> int | None:
    """Return where in ``other`` the numbering of ``body`` goes on with a number that is not due in ``other``."""
    seen: dict[str, int] = {}
    for n, para in enumerate(other):
        mark = read_mark(para.text)
        if mark is None or not mark.number:
            continue
        own = seen.get(mark.style, 0)
        if (
            mark.style in last
            and mark.number == last[mark.style].number + 1
            and own + 1 != mark.number
            and mark.number > 1
        ):
            return n
        if mark.number == 1 or own:
            seen[mark.style] = mark.number
    return None


def _restore(document: Part, other: Part, at: int, source: str) -> dict[str, Any]:
    """Give ``other.body[at:]`` back to the document, with the end of its open sentence that stands before it."""
    kept, back = other.body[:at], other.body[at:]
    if document.body[-1].text[-1] not in _STOP:
        kept, ending = _part_ending(kept, source)
        if ending is not None:
            document.body[-1] = Paragraph([*document.body[-1].lines, *ending.lines], source)
            document.moved.append(ending)
    if kept and kept[-1].text[-1] not in _STOP:
        tail = next((n for n in range(len(back)) if _continues_kept(back, n)), len(back))
        back, rest = back[:tail], back[tail:]
        if rest:
            kept[-1] = Paragraph([*kept[-1].lines, *rest[0].lines], source)
            kept += rest[1:]
    document.body += back
    other.body = kept
    first, last = (document.moved or back)[0], (back or document.moved)[-1]
    return doubt(
        "interleaved", [first.start, last.end], "这一部分与解读交错排印（分栏或插页），已按编号接回正文，请核对。"
    )


def _part_ending(kept: list[Paragraph], source: str) -> tuple[list[Paragraph], Paragraph | None]:
    """Part the end of the document's sentence from the interpretation's own open one that stands before it."""
    for n, para in enumerate(kept):
        if para.text[-1] not in _STOP and n + 1 < len(kept):
            ending = Paragraph([line for p in kept[n + 1 :] for line in p.lines], source)
            return kept[: n + 1], ending
    last = kept[-1] if kept else None
    if last is None or len(last.lines) < 2:
        return kept, None
    own = next((k for k, line in enumerate(last.lines[:-1]) if line.text[-1] not in _STOP), 0)
    first, ending = Paragraph(last.lines[: own + 1], source), Paragraph(last.lines[own + 1 :], source)
    return [*kept[:-1], first], ending


def _continues_kept(back: list[Paragraph], n: int) -> bool:
    """A paragraph without a mark after a finished one belongs to the sentence left open in the interpretation."""
    return (
        n > 0
        and read_mark(back[n].text) is None
        and back[n - 1].text[-1] in _STOP
        and read_mark(back[n - 1].text) is not None
    )
