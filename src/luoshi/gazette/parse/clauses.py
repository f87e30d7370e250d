"""Paragraphs of a body → the clause tree: each clause with its path, level, heading and span.

Reads the body of a part; writes ``nodes`` and, paragraph by paragraph, the clause it belongs to.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from luoshi.gazette.parse.brackets import find_inline
from luoshi.gazette.parse.enumerators import Mark, read_mark
from luoshi.gazette.parse.labels import starts_label
from luoshi.gazette.parse.paragraphs import Paragraph

_STOP = re.compile("[。；]")
_HEADING = 60
_RUN_IN = 40
_RANK = {
    "annex": 0, "chapter": 1, "cn": 2, "item": 3, "cn_paren": 4, "arabic": 5, "arabic_paren": 6, "circled": 7,
    "ordinal": 8, "first": 9, "bullet": 10,
}  # fmt: skip


@dataclass
class Node:
    """One clause: its mark, its place in the tree, and the paragraphs that are its own."""

    mark: Mark | None
    path: str
    level: int
    heading: str | None
    first: Paragraph | None
    parent: "Node | None" = None
    body_from: int = 0
    paras: list[Paragraph] = field(default_factory=list)

    @property
    def style(self) -> str:
        return self.mark.style if self.mark else "root"

    def as_json(self) -> dict[str, Any]:
        span = [self.paras[0].start, self.paras[-1].end]
        return {"path": self.path, "level": self.level, "heading": self.heading, "span": span}


def heading_of(text: str, start: int) -> tuple[int, int] | None:
    """Return the place of the heading after a mark: the whole of a short line, or a short first sentence."""
    body = text[start:]
    end = _STOP.search(body, 0, _HEADING + 30)
    stop = end.start() if end is not None else -1
    colon = body.find("：", 0, 20)
    if 0 < colon < len(body) - 1 and (stop == -1 or colon < stop) and "，" not in body[:colon]:
        return (start, start + colon)
    if stop == -1:
        return (start, len(text)) if len(body) <= _HEADING + 20 else None
    if stop <= _RUN_IN and body[stop] == "。":
        return (start, start + stop)
    return None


class Tree:
    """Builds the clauses of one body in one pass."""

    def __init__(self) -> None:
        self.root = Node(None, "", 0, None, None)
        self.stack: list[Node] = [self.root]
        self.nodes: list[Node] = []

    def add(self, para: Paragraph) -> Node:
        """Give the paragraph to its clause and return that clause."""
        mark = None if starts_label(para.text) else read_mark(para.text)
        if mark is None:
            node = self.stack[-1]
            if node is self.root or (
                node.mark and node.mark.style == "annex" and node.heading == "" and len(para.text) < 60
            ):
                node = self._plain(node, para)
            node.paras.append(para)
            return node
        node = self._open(mark, para)
        node.paras.append(para)
        return node

    def _plain(self, node: Node, para: Paragraph) -> Node:
        if node is not self.root:
            node.heading = para.raw.strip()
            return node
        if self.nodes and self.nodes[-1].mark is None:
            return self.nodes[-1]
        plain = Node(None, f"前言{len(self.nodes) or ''}", 1, None, para, self.root)
        self.nodes.append(plain)
        return plain

    def _open(self, mark: Mark, para: Paragraph) -> Node:
        while len(self.stack) > 1 and not self._holds(self.stack[-1].mark, mark):
            self.stack.pop()
        parent = self.stack[-1]
        place = heading_of(para.text, mark.end)
        if place is not None and ("（" in para.text or "【" in para.text):
            inline = find_inline(para.text)
            if inline and mark.end < inline[0].start < place[1]:
                place = (place[0], inline[0].start)
        heading = para.printed(*place) if place and place[1] > place[0] else None
        if mark.style == "annex" and heading is None:
            heading = ""
        path = f"{parent.path}/{mark.label}" if parent.path else mark.label
        node = Node(mark, path, parent.level + 1, heading, para, parent, place[1] if place else mark.end)
        self.stack.append(node)
        self.nodes.append(node)
        return node

    def _holds(self, outer: Mark | None, inner: Mark) -> bool:
        """Whether a clause with the mark ``outer`` may hold one with the mark ``inner``."""
        if outer is None:
            return True
        if inner.style == "decimal":
            if outer.style == "decimal":
                return len(outer.parts) < len(inner.parts)
            return outer.style in ("annex", "chapter", "cn")
        if outer.style == "decimal":
            return inner.style not in ("annex", "chapter", "cn")
        if outer.style == inner.style:
            return False
        styles = [n.style for n in self.stack]
        if inner.style in styles:
            return styles.index(inner.style) > styles.index(outer.style)
        return _RANK[outer.style] < _RANK[inner.style] or (
            outer.style == "arabic" and inner.style == "cn_paren" and inner.number == 1 and "cn_paren" not in styles
        )
