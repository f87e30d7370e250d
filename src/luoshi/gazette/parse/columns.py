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
    open_sentence = document.body[-1].text[-1] not in _STOP
    begin = at
    if open_sentence:
        own = next((n for n in range(at) if other.body[n].text[-1] not in _STOP), None)
        begin = own + 1 if own is not None and own + 1 < at else at
    back = other.body[begin:]
    kept = other.body[:begin]
    if kept and kept[-1].text[-1] not in _STOP:
        tail = next((n for n in range(at - begin, len(back)) if _continues_kept(back, n)), len(back))
        rest = back[tail:]
        back = back[:tail]
        if rest:
            kept[-1] = Paragraph([*kept[-1].lines, *rest[0].lines], source)
            kept += rest[1:]
    if open_sentence and begin < at and back:
        document.body[-1] = Paragraph([*document.body[-1].lines, *back[0].lines], source)
        document.moved.append(back[0])
        back = back[1:]
    document.body += back
    other.body = kept
    first = document.moved[0] if document.moved else back[0]
    last = back[-1] if back else first
    return doubt(
        "interleaved", [first.start, last.end], "这一部分与解读交错排印（分栏或插页），已按编号接回正文，请核对。"
    )


def _continues_kept(back: list[Paragraph], n: int) -> bool:
    """A paragraph without a mark after a finished one belongs to the sentence left open in the interpretation."""
    return (
        n > 0
        and read_mark(back[n].text) is None
        and back[n - 1].text[-1] in _STOP
        and read_mark(back[n - 1].text) is not None
    )
