"""Responsibility blocks → tasks.

Walks the paragraphs of one body with their clauses. A block is a run of label lines, a bracket of units in the text,
or, where a clause has neither, 由…牵头，…配合; the task is the text since the block before, within the same clause.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any

from luoshi.gazette.parse.blocks import Block, Stretch, make_task
from luoshi.gazette.parse.brackets import Inline, find_inline, is_time, split_pieces
from luoshi.gazette.parse.clauses import Node
from luoshi.gazette.parse.deadlines import find_deadline_in_text, read_deadline
from luoshi.gazette.parse.enumerators import read_mark
from luoshi.gazette.parse.heads import is_date
from luoshi.gazette.parse.labels import ROLES, Field, read_fields, starts_label
from luoshi.gazette.parse.owners import Owned
from luoshi.gazette.parse.paragraphs import Paragraph
from luoshi.gazette.parse.roles import looks_like_roles, read_roles
from luoshi.gazette.parse.rules import Rules, without_rules
from luoshi.gazette.parse.spans import doubt
from luoshi.gazette.parse.statements import find_statements

_LABELLED = re.compile(r"(?:单位|部门|科室|部室|时限|时间|期限|节点|分工|牵头|配合)\s{0,2}[）】]?\s{0,2}：")
_LABEL_IN_PROSE = re.compile(
    r"[。；\s，）]\s{0,3}[（【]?(?=(?:牵头|责任|配合|主办|协办|会办|承办|负责|主要责任|落实|完成|时限|参与|分管|包联)[^，。；：]{0,8}：)"
)
_BRACKETS = re.compile(r"[（【〔][^（）【】〔〕]*[）】〕]")
_STOPS = frozenset("。；！？…：”’》）】")
_PERSONAL = ROLES | {"deadline", "person"}
_WORDS = {
    "damaged_date": "日期的字符有损坏或历法上不存在，已按最可能的读法处理，请核对原文。",
    "several_dates": "一项任务写有几个时间节点，时限取最后一个，请核对。",
    "policy_period": "这是政策的实施期，不作为任务时限，请核对。",
    "missing_year": "时限没有写年份，文件也没有日期，请填写年份。",
    "deadline": "时限的写法没有读懂，请填写。",
}


class TaskReader:
    """Collects the tasks of one body."""

    def __init__(self, year: int | None, rules: Rules) -> None:
        self.year = year
        self.rules = rules
        self.owned: list[Owned] = []
        self.doubts: list[dict[str, Any]] = []
        self.node: Node | None = None
        self.sub: Node | None = None
        self.text: list[Stretch] = []
        self.block: Block | None = None
        self.taken = False
        self.due: dict[str, Any] | None = None

    def add(self, para: Paragraph, node: Node) -> None:
        """Read the next paragraph, which belongs to ``node``."""
        if para.kind in ("responsible", "deadline"):
            self._fields(para, [Field(para.kind, 0, 0, len(para.text))], 0)
            if self.block is not None:
                self.block.own_line = True
            return
        if starts_label(para.text):
            fields = read_fields(para.text)
            if any(f.kind in _PERSONAL for f in fields):
                self._fields(para, fields, 0)
                if self.block is not None:
                    self.block.own_line = True
                return
        if para is node.first or (node is not self.node and node is not self.sub):
            self._enter(node)
        else:
            self.flush()
        self._prose(para, node)

    def close(self) -> None:
        """Close the clause: the open block makes its task; a clause without any may state its units in the text."""
        self.flush()
        if not self.taken:
            self._statements()
        self.text, self.taken = [], False

    def _enter(self, node: Node) -> None:
        self.close()
        self.due = None
        if node.style in ("first", "ordinal"):
            self.sub, self.node = node, node.parent
        else:
            self.node, self.sub = node, None

    def _prose(self, para: Paragraph, node: Node) -> None:
        start = _own_text(para, node)
        for at, stop, reader in self._events(para, start):
            self.text.append(Stretch(para, start, at))
            reader()
            start = stop
        if start < len(para.text):
            self.text.append(Stretch(para, start, len(para.text)))

    def _events(self, para: Paragraph, start: int) -> Iterator[tuple[int, int, Callable[[], None]]]:
        """Yield place, end and reader of each block inside a paragraph."""
        text = para.text
        found = [i for i in find_inline(text) if i.start >= start]
        if not found and _LABELLED.search(text, start):
            first = _LABEL_IN_PROSE.search(text, start)
            fields = read_fields(text, first.end()) if first else []
            if any(f.kind in ROLES for f in fields):
                yield fields[0].label, len(text), partial(self._fields, para, fields, fields[0].label)
        for inline in found:
            yield inline.start, inline.end, partial(self._inline, para, inline)

    def _inline(self, para: Paragraph, inline: Inline) -> None:
        if inline.fields:
            self._fields(para, inline.fields, inline.start)
        else:
            block = self._open(para, inline.start)
            for a, b, kind in split_pieces(para.text, *inline.inner):
                if kind == "units":
                    read_roles(para.text, a, b, "responsible", block.roles)
                elif kind == "deadline":
                    self._deadline(block, para, a, b)
        if self.block is not None:
            self.block.end = para.place(inline.end - 1) + 1
        self.flush(keep=True)

    def _statements(self) -> None:
        """由…牵头，…配合 in the text of a clause that has no other block."""
        text, self.text = self.text, []
        for stretch in text:
            at = stretch.start
            statements = list(find_statements(stretch.para.text, stretch.start, stretch.end))
            for n, found in enumerate(statements):
                until = min([found.until, *(s.start for s in statements[n + 1 : n + 2])])
                self.text.append(Stretch(stretch.para, at, found.until))
                block = self._open(stretch.para, found.start)
                read_roles(stretch.para.text, found.start, found.end, "responsible", block.roles)
                for a, b, kind in split_pieces(stretch.para.text, found.end, until):
                    if kind == "deadline" and b - a <= 40:
                        self._deadline(block, stretch.para, a, b)
                block.end = stretch.para.place(found.until - 1) + 1
                self.flush()
                at = found.until
            self.text.append(Stretch(stretch.para, at, stretch.end))

    def _open(self, para: Paragraph, at: int) -> Block:
        if self.block is None:
            self.block = Block(para.place(min(at, len(para.text) - 1)))
        self.block.roles.raw = para.raw
        return self.block

    def _fields(self, para: Paragraph, fields: list[Field], at: int) -> None:
        for item in fields:
            if self.block is not None and item.kind in self.block.kinds and item.kind in ("lead", "deadline"):
                self.flush()
            block = self._open(para, at)
            block.kinds.add(item.kind)
            start, end = _value(para, item)
            if item.kind in ROLES and para.text[start:end].strip(" /-无") not in ("", "待定"):
                role = {"guide": "support" if "lead" in block.kinds else "responsible"}.get(item.kind, item.kind)
                self._units(block, para, start, end, role)
            elif item.kind == "deadline":
                self._deadline(block, para, start, end)
            block.end = para.place(max(end - 1, 0)) + 1
            for a, b in block.roles.unclear:
                self.doubts.append(
                    doubt("unknown_unit", para.span(a, b), f"“{para.printed(a, b)}”是不是一个单位，请核对。")
                )
            block.roles.unclear.clear()

    def _units(self, block: Block, para: Paragraph, start: int, end: int, role: str) -> None:
        """The units of a labelled value; 责任科室：危化科；6月15日前完成 holds the time limit as well."""
        text = without_rules(para.text)
        pieces = split_pieces(text, start, end)
        if not any(kind == "deadline" for _, _, kind in pieces):
            pieces = [(start, end, "units")]
        for a, b, kind in pieces:
            if kind == "units":
                read_roles(text, a, b, role, block.roles)
            elif kind == "deadline":
                self._deadline(block, para, a, b)

    def _deadline(self, block: Block, para: Paragraph, start: int, end: int) -> None:
        block.deadline, kinds = read_deadline(para.text[start:end], para.raw[start:end], self.year)
        self.doubts += [doubt(kind, para.span(start, end), _WORDS[kind]) for kind in kinds]

    def flush(self, keep: bool = False) -> None:
        """Close the open block and make its task; persons or a time limit alone make none without a rule."""
        block, self.block = self.block, None
        if block is None:
            return
        if not block.roles.names and not (block.kinds & ROLES) and not (self.text and self.rules.units_at(block.start)):
            self.due = block.deadline or self.due
            self.text = self.text if keep or block.deadline is not None else []
            return
        if block.deadline is None:
            block.deadline, self.due = self.due, None
        self._check_end(block)
        task = make_task(block, self.text, self.node, self.sub, self.rules, self.year)
        if self.year is None and task["deadline"]["kind"] == "none" and block.deadline is None:
            self._check_year()
        self.owned.append(Owned(task, self.sub or self.node, block.own_line))
        self.text, self.taken = [], True

    def _check_year(self) -> None:
        """7月底前 in the text of a document without any date: said, not guessed."""
        for stretch in self.text:
            place = find_deadline_in_text(stretch.plain, 2000)
            if place is not None:
                span = stretch.para.span(stretch.start + place[0], stretch.start + place[1])
                self.doubts.append(doubt("missing_year", span, _WORDS["missing_year"]))

    def _check_end(self, block: Block) -> None:
        """Running text that stops without a full stop before its label lines has lost words in print."""
        last = next((s for s in reversed(self.text) if s.plain.strip()), None)
        if block.own_line and last is not None and "。" in last.plain and last.plain.rstrip()[-1] not in _STOPS:
            span = last.para.span(max(last.start, last.end - 12), last.end)
            self.doubts.append(doubt("unfinished_text", span, "这段话没有写完就接责任单位，可能漏印，请核对原件。"))


def mark_bare_blocks(body: list[Paragraph], year: int | None) -> None:
    """Set ``kind`` of a line of units with a line of time below it: a block whose labels stand nowhere."""
    for n, (units, time) in enumerate(pairwise(body)):
        if n and len(time.text) <= 30 and 2 < len(units.text) <= 120 and units.kind == time.kind == "text":
            if not is_time(time.text) or is_date(time.text):
                continue
            if any(read_mark(p.text) or starts_label(p.text) for p in (units, time)):
                continue
            deadline, doubts = read_deadline(time.text, time.raw, year)
            if deadline["kind"] != "none" and not doubts and looks_like_roles(units.text, 0, len(units.text)):
                units.kind, time.kind = "responsible", "deadline"


def _own_text(para: Paragraph, node: Node) -> int:
    """Where a clause's own text begins: after its mark and heading, or at the heading when nothing else follows."""
    if para is not node.first or node.mark is None or node.style in ("first", "ordinal"):
        return 0
    if node.heading:
        rest = para.text[node.body_from :].lstrip("。：: ")
        if _BRACKETS.sub("", rest).strip(" 。，；") and not starts_label(rest):
            return len(para.text) - len(rest)
    return node.mark.end


def _value(para: Paragraph, item: Field) -> tuple[int, int]:
    """The place of a labelled value without the marks that close it."""
    end = item.end
    while end > item.start and para.text[end - 1] in " ；。，、（【）】\t":
        inside = para.text.count("（", item.start, end) >= para.text.count("）", item.start, end)
        if para.text[end - 1] in "）】" and inside:
            break
        end -= 1
    return item.start, end
