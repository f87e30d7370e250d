"""Paragraphs → cover, contents, documents, interpretations, chronicle.

Reads ``paragraphs``, ``plain``; writes ``documents``, ``issue_parts``, ``blocks``, ``doubts``.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from luoshi.gazette.parse.enumerators import read_mark
from luoshi.gazette.parse.heads import is_date, is_number, is_recipients
from luoshi.gazette.parse.labels import starts_label
from luoshi.gazette.parse.marks import bare
from luoshi.gazette.parse.paragraphs import Paragraph
from luoshi.gazette.parse.titles import CHRONICLE, is_about, is_interpretation, is_issuer, is_title

_STOPS = frozenset("。；？\t")
_ISSUED = re.compile(r"^.{0,20}?关于印发")
_PAPER = re.compile(r"\s*文\s?件$")
_EDITION = re.compile(r"（[^（）]{0,14}(?:版|行|稿|年|期)）")
_MARKS = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]+|的")
_VERSION_LINE = re.compile(r"（[^（）]{1,16}(?:版|行|稿|年|期)）(?:的通知)?")
_NAME = re.compile(r"《(.{2,120}?)》(?:\s?（[^（）]{1,14}版）)?\s?的?通知|印发\s?(.{2,120}?)的通知|《(.{2,120})》")


@dataclass
class Title:
    """Paragraphs ``first`` to ``after`` (exclusive); ``kind`` is notice, plan, interpretation or chronicle."""

    kind: str
    first: int
    after: int
    words: str
    issuer: str | None = None
    number: int | None = None
    own: int = 0
    printed: str = ""


@dataclass
class Part:
    """One document, interpretation or chronicle while it is being built."""

    kind: str
    title: str
    name: str
    head: list[Paragraph] = field(default_factory=list)
    body: list[Paragraph] = field(default_factory=list)
    titles: list[list[Paragraph]] = field(default_factory=list)
    enclosure: str | None = None
    issuer: str | None = None
    clauses_seen: bool = False
    annex_seen: bool = False
    moved: list[Paragraph] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)


def core(words: str) -> str:
    """Return the words of a title that identify it, without marks, editions, 的 and blanks."""
    return _MARKS.sub("", _EDITION.sub("", words) if "（" in words else words)


def name_of(title: str) -> str:
    """Return the name of the plan that a notice or an interpretation is about."""
    found = _NAME.search(title)
    name = next((g for g in found.groups() if g), title) if found else title
    return _ISSUED.sub("", name)


def read_title(paras: list[Paragraph], at: int) -> Title | None:
    """Return the title block that begins at paragraph ``at``, or None. Looks at seven paragraphs at most."""
    n, issuer, number = at, None, None
    while n < len(paras) and n < at + 3 and (is_issuer(paras[n].text) or is_number(paras[n].text)):
        if is_number(paras[n].text):
            number = n
        else:
            issuer = _PAPER.sub("", paras[n].raw.strip())
        n += 1
    words = ""
    best: Title | None = None
    for m in range(n, min(n + 4, len(paras))):
        text = paras[m].text
        if not _may_be_title(text, m > n):
            break
        words += bare(text) if len(text) < 6 else text
        kind = _kind(words)
        if kind is not None:
            printed = "".join(p.raw.strip(" *\t") for p in paras[n : m + 1])
            best = Title(kind, at, m + 1, words, issuer, number, n, printed)
            if not (m + 1 < len(paras) and _VERSION_LINE.fullmatch(paras[m + 1].text)):
                break
    return best


def _kind(words: str) -> str | None:
    if "大" in words and CHRONICLE.fullmatch(words):
        return "chronicle"
    if is_interpretation(words):
        return "interpretation"
    if not is_title(words):
        return None
    return "notice" if is_about(words) and not words.endswith("方案") else "plan"


def _may_be_title(text: str, later: bool) -> bool:
    if len(text) > 90 or not _STOPS.isdisjoint(text) or is_date(text) or is_recipients(text):
        return False
    if later and _VERSION_LINE.fullmatch(text):
        return True
    mark = read_mark(text)
    return (mark is None or mark.style in ("first",)) and not starts_label(text) and text[0] not in "（"


class Divider:
    """Walks the paragraphs once and gives each to a part."""

    def __init__(self, paras: list[Paragraph], listed: set[str]) -> None:
        self.paras = paras
        self.listed = listed
        self.parts: list[Part] = []
        self.duplicates: list[list[Paragraph]] = []
        self.lead: list[Paragraph] = []
        self.untitled: int | None = None
        self.titles: dict[int, Title | None] = {}

    def run(self, start: int) -> list[Part]:
        self._open_untitled(start)
        n = start if self.untitled is None else self.untitled + 1
        while n < len(self.paras):
            para = self.paras[n]
            title = self._title(n) if len(para.text) <= 100 else None
            if title is not None and self._accept(title, n):
                n = title.after
                continue
            self._add(para)
            n += 1
        return self.parts

    def _title(self, n: int) -> Title | None:
        """The first paragraphs are looked at twice."""
        if n not in self.titles:
            self.titles[n] = read_title(self.paras, n)
        return self.titles[n]

    def _open_untitled(self, n: int) -> None:
        """A text whose first line is short and no title of a known kind is still headed by that line."""
        if n >= len(self.paras) - 1 or any(self._title(m) for m in range(n, min(n + 4, len(self.paras)))):
            return
        first = self.paras[n]
        if (
            len(first.text) <= 60
            and _may_be_title(first.text, False)
            and first.text[-1] not in "，、：！"
            and first.kind == "text"
        ):
            words = first.raw.strip(" *\t")
            self._open("document", Title("plan", n, n + 1, words, None, None, n, words), [first])
            self.parts[-1].body = []
            self.untitled = n

    def _add(self, para: Paragraph) -> None:
        if not self.parts:
            self.lead.append(para)
            return
        part = self.parts[-1]
        mark = read_mark(para.text)
        if mark is not None and mark.style == "annex":
            part.annex_seen = part.clauses_seen = True
        elif mark is not None and mark.style != "bullet":
            part.clauses_seen = True
        part.body.append(para)

    def _accept(self, title: Title, n: int) -> bool:
        block = self.paras[title.first : title.after]
        part = self.parts[-1] if self.parts else None
        if title.kind == "plan" and part is not None:
            return self._plan(title, block, part)
        if part is not None and not part.clauses_seen and part.kind == "document" and self._same(part, title):
            self.duplicates.append(block)
            part.titles.append(block)
            return True
        if title.kind == "notice" and part is not None and not self._ended(part, title, n):
            return False
        kind = "document" if title.kind in ("notice", "plan") else title.kind
        self._open(kind, title, block)
        return True

    def _same(self, part: Part, title: Title) -> bool:
        return title.kind in ("notice", "plan") and core(title.words) == core(part.title) and len(part.body) <= 6

    def _ended(self, part: Part, title: Title, n: int) -> bool:
        """A 关于… line inside a body is a title only after a finished sentence and before the parts of a head."""
        if title.issuer or title.number is not None or core(title.words) in self.listed:
            return True
        before = part.body[-1].text if part.body else "。"
        return before[-1] in "。）！日" and self._head_follows(title.after)

    def _head_follows(self, n: int) -> bool:
        for para in self.paras[n : n + 4]:
            if is_number(para.text) or is_recipients(para.text) or para.text.startswith(("为", "根据", "按照", "经")):
                return True
            mark = read_mark(para.text)
            if mark is not None and mark.style in ("cn", "chapter", "decimal") and mark.number == 1:
                return True
        return False

    def _plan(self, title: Title, block: list[Paragraph], part: Part) -> bool:
        same_name = _alike(core(title.words), core(part.name))
        if part.kind == "document" and not part.clauses_seen and not part.annex_seen:
            if part.enclosure is None and (same_name or self._head_follows(title.after)):
                part.enclosure = title.words
                part.titles.append(block)
                return True
            if part.enclosure is not None and core(title.words) == core(part.enclosure):
                self.duplicates.append(block)
                part.titles.append(block)
                return True
            return False
        after_annex = part.body and (read_mark(part.body[-1].text) or ("",))[0] == "annex"
        if after_annex:
            return False
        known = core(title.words) in self.listed
        fresh = title.number is not None or (title.issuer is not None and self._head_follows(title.after))
        if known or fresh or (not part.annex_seen and self._closed(part) and self._head_follows(title.after)):
            self._open("document", title, block)
            return True
        return False

    def _closed(self, part: Part) -> bool:
        last = part.body[-1].text if part.body else ""
        return bool(last) and (last[-1] in "。）" or is_date(last)) and part.kind != "interpretation"

    def _open(self, kind: str, title: Title, block: list[Paragraph]) -> None:
        part = Part(kind, title.printed, name_of(title.words), titles=[block], issuer=title.issuer)
        if title.kind == "plan":
            part.enclosure = title.words
        self.parts.append(part)


def _alike(a: str, b: str) -> bool:
    return bool(a) and bool(b) and (a in b or b in a)
