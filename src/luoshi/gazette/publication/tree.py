"""A document as a text with its clauses: what the reader's page, the XML and the feed are made from. Pure.

``Section`` holds the exact words of one clause (the parser's spans follow one another and do not nest); the tree is
given by the levels. Words between clauses that are page furniture (running heads, page numbers) are left out.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_COLUMNS = frozenset({"县政府文件", "县政府办公室文件", "政府大事记", "市政府文件", "区政府文件", "旗政府文件", "目录"})
_PAGE = re.compile(r"[-—–]?\s*\d{1,4}\s*[-—–]?")


@dataclass(frozen=True, slots=True)
class Section:
    """One clause: its path (``三/（一）/1``), level from 1, heading, and the words from ``start`` to ``end``."""

    path: str
    level: int
    heading: str
    start: int
    end: int
    words: str

    @property
    def number(self) -> str:
        """The printed number: the last step of the path."""
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Node:
    """A section with the sections below it."""

    section: Section
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A document's words in order: what stands before the first clause, the clauses, what stands after the last."""

    front: str
    sections: tuple[Section, ...]
    tail: str
    front_at: int = 0
    tail_at: int = 0


def outline(
    text: str,
    span: tuple[int, int],
    clauses: Sequence[tuple[str, int, str, int, int]],
    without: tuple[int, int] | None = None,
) -> Outline:
    """Cut a document out of the text it stands in.

    ``clauses`` are (path, level, heading, from, to). ``without`` is an interpretation printed inside the document.
    """
    inside = sorted((c for c in clauses if span[0] <= c[3] and c[4] <= max(span[1], c[4])), key=lambda c: c[3])
    sections = tuple(
        Section(path, level, heading, start, end, text[start:end]) for path, level, heading, start, end in inside
    )
    first = sections[0].start if sections else span[1]
    last = max((s.end for s in sections), default=span[1])
    tail_to = span[1] if without is None or not last <= without[0] < span[1] else without[0]
    return Outline(text[span[0] : first], sections, text[last:tail_to], span[0], last)


def nested(sections: Sequence[Section]) -> tuple[Node, ...]:
    """Return the tree the levels give; a section that skips levels hangs on the nearest one above it."""
    roots: list[tuple[Section, list]] = []
    stack: list[tuple[Section, list]] = []
    for section in sections:
        while stack and stack[-1][0].level >= section.level:
            stack.pop()
        made: tuple[Section, list] = (section, [])
        (stack[-1][1] if stack else roots).append(made)
        stack.append(made)
    return tuple(_node(pair) for pair in roots)


def _node(pair: tuple[Section, list]) -> Node:
    return Node(pair[0], tuple(_node(child) for child in pair[1]))


def flat(nodes: Sequence[Node]) -> tuple[Section, ...]:
    """Return the sections of a tree in order."""
    found: list[Section] = []
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        found.append(node.section)
        waiting += reversed(node.children)
    return tuple(found)


def is_furniture(line: str, title: str = "") -> bool:
    """Tell whether a printed line is a running head or page number, and no part of a document (GAZ-H-1, GAZ-H-2)."""
    bare = "".join(unicodedata.normalize("NFKC", line).split())
    return bare in _COLUMNS or (bool(title) and bare == title) or _PAGE.fullmatch(bare) is not None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph for display: its words from ``start`` to ``end`` of the text, scan breaks still inside."""

    start: int
    end: int


# Where a line ends a paragraph: a blank line, the end of a sentence, before an enumerator, a label or a day alone.
_BREAK = re.compile(
    r"[ \t\r]*\n[ \t\r]*\n\s*|(?<=[。；：:])[ \t\r]*\n"
    r"|\n(?=[ \t　]*(?:[（(]?[一二三四五六七八九十]+[、）)]|\d+[.、．]|[（(]\d+[）)]|[①-⑳]|●|△|附件|[-—–•·][ 　]"
    r"|责任单位|牵头单位|配合单位|责任部门|完成时限|\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日\s*(?:\n|$)))"
)


def paragraphs(text: str, start: int, end: int, title: str = "") -> tuple[Paragraph, ...]:
    """Return the paragraphs of a stretch of text; a table of tabs keeps its lines. Furniture is left out."""
    found: list[Paragraph] = []
    at = start
    for cut in [*_BREAK.finditer(text, start, end), None]:
        stop = cut.start() if cut else end
        found += _lines(text, at, stop, title)
        at = cut.end() if cut else end
    return tuple(found)


def _lines(text: str, start: int, stop: int, title: str) -> list[Paragraph]:
    words = text[start:stop]
    if not words.strip():
        return []
    if "\t" in words:
        found, at = [], start
        for line in words.split("\n"):
            if line.strip() and not is_furniture(line, title):
                found.append(Paragraph(at + len(line) - len(line.lstrip()), at + len(line.rstrip())))
            at += len(line) + 1
        return found
    found, at = [], 0
    for cut in [*(m.start() for m in re.finditer(r"\n", words) if _stands_alone(words, m.start())), len(words)]:
        line = words[at:cut]
        if line.strip() and not is_furniture(line, title):
            begin = start + at + len(line) - len(line.lstrip())
            found.append(Paragraph(begin, start + at + len(line.rstrip())))
        at = cut
    return found


_SHORT_LINE = 24
"""Fewer characters than a printed line of running text has: such a line was ended on purpose, not by the margin."""
_GOES_ON = re.compile(r"(?:[的和与及、，,《“（(]|——)$")
_TITLE_ENDS = re.compile(r"(?:通知|公告|通告|决定|意见|办法|方案|预案|批复|的函|解读)$")
_NUMBER_ALONE = re.compile(r"\s*\S{1,12}[〔\[【]\d{4}[〕\]】]\s*\d*\s*号\s*(?:\n|$)")
_CLOSES = re.compile(r"\s*[，。、；：！？）)》”】〉(（]")


def _stands_alone(words: str, cut: int) -> bool:
    """Tell whether the line break at ``cut`` ends a line on purpose, and not for want of room."""
    line, after = words[words.rfind("\n", 0, cut) + 1 : cut].strip(), words[cut + 1 :]
    if not line or _GOES_ON.search(line) or _CLOSES.match(after) or line.count("《") > line.count("》"):
        return False
    room = max(len(one) for one in words.split("\n"))
    return (
        len(line) < min(_SHORT_LINE, 0.7 * room) or bool(_TITLE_ENDS.search(line)) or bool(_NUMBER_ALONE.match(after))
    )


def heading_end(section: Section) -> tuple[int, bool]:
    """Return where the heading of a clause ends in the text, and whether it stands alone on its line.

    A heading may be broken by the scan; the stop after a heading that runs on in the same line belongs to it. Where
    the clause has no heading, or it is not found at its beginning, the place is the beginning.
    """
    signs = [re.escape(sign) for sign in "".join(section.heading.split())]
    if not signs:
        return section.start, False
    match = re.compile(r"\s*".join(signs) + r"[。；;：:.，,]?").search(section.words)
    if match is None or match.start() > len(section.number) + 8:
        return section.start, False
    rest = section.words[match.end() :]
    alone = not rest.split("\n", 1)[0].strip()
    return section.start + match.end(), alone
