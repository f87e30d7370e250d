"""Responsibility blocks → tasks.

Walks the paragraphs of one body with their clauses. A block is a run of label lines, or a bracket of units in the
text, or 由…牵头，…配合; the task is the text since the block before, within the same clause.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from luoshi.gazette.parse.brackets import Inline, find_inline, find_statements, split_pieces
from luoshi.gazette.parse.clauses import Node
from luoshi.gazette.parse.deadlines import find_deadline_in_text, none, read_deadline
from luoshi.gazette.parse.enumerators import read_mark
from luoshi.gazette.parse.labels import ROLES, Field, read_fields, starts_label
from luoshi.gazette.parse.owners import Owned, heading_above
from luoshi.gazette.parse.paragraphs import Paragraph
from luoshi.gazette.parse.roles import Roles, read_roles
from luoshi.gazette.parse.rules import Rules
from luoshi.gazette.parse.spans import doubt
from luoshi.gazette.parse.targets import find_targets

_LABELLED = re.compile(r"(?:单位|部门|时限|时间|期限|分工|牵头|配合)\s{0,2}[）】]?\s{0,2}：")
_LABEL_IN_PROSE = re.compile(r"[。；\s，）]\s{0,3}[（【]?(?=(?:牵头|责任|配合|主办|协办|负责|主要责任|落实|完成|时限|参与)[^，。；：]{0,8}：)")
_SECOND = re.compile(r"[。；，：]\s?二(?:是|要)")
_RULE_WORDS = re.compile(r"[，；。]?\s?(?:以上)?[^，。；（）、]{0,16}(?:第一个|首个|第一位|排名第一|首位|排在前|第一责任)[^，。；（）]{0,14}牵头[^，。；（）]{0,12}|[，；]\s?(?:以)?下同")
_RULE_BRACKET = re.compile(r"（[^（）]{0,20}(?:下同|第一个|首个|排名第一|第一位|首位)[^（）]{0,24}）")


@dataclass
class Stretch:
    """A piece of a paragraph that is a task's own text."""

    para: Paragraph
    start: int
    end: int


@dataclass
class Block:
    """A responsibility block while its lines are read."""

    roles: Roles = field(default_factory=Roles)
    deadline: dict[str, Any] | None = None
    kinds: set[str] = field(default_factory=set)
    end: int = 0
    start: int = 0
    own_line: bool = False


class TaskReader:
    """Collects the tasks of one body."""

    def __init__(self, year: int | None, rules: Rules) -> None:
        self.year = year
        self.rules = rules
        self.tasks: list[dict[str, Any]] = []
        self.owners: list[Owned] = []
        self.doubts: list[dict[str, Any]] = []
        self.node: Node | None = None
        self.sub: Node | None = None
        self.text: list[Stretch] = []
        self.block: Block | None = None

    def add(self, para: Paragraph, node: Node) -> None:
        """Read the next paragraph, which belongs to ``node``."""
        if starts_label(para.text):
            fields = read_fields(para.text)
            if any(f.kind in ROLES or f.kind in ("deadline", "person") for f in fields):
                self._fields(para, fields, 0)
                if self.block is not None:
                    self.block.own_line = True
                return
        if para is node.first or node is not self.node and node is not self.sub:
            self._enter(node)
        else:
            self.flush()
        self._prose(para, node)

    def _enter(self, node: Node) -> None:
        self.flush()
        self.text = []
        if node.style in ("first", "ordinal"):
            self.sub = node
            self.node = node.parent
        else:
            self.node, self.sub = node, None

    def _prose(self, para: Paragraph, node: Node) -> None:
        start = node.mark.end if para is node.first and node.mark else 0
        if node.style == "first":
            start = 0
        if para is node.first and node.heading and node.style not in ("first", "ordinal"):
            after = node.body_from
            rest = para.text[after:].lstrip("。：: ")
            if rest and not (rest[0] in "（【" and find_inline(rest)[:1] and find_inline(rest)[0].start == 0) and not starts_label(rest):
                start = len(para.text) - len(rest)
        for at, stop, reader in self._events(para, start):
            self.text.append(Stretch(para, start, at))
            reader()
            start = stop
        if start < len(para.text):
            self.text.append(Stretch(para, start, len(para.text)))

    def _events(self, para: Paragraph, start: int) -> Any:
        """Yield place, end and reader of each responsibility statement inside a paragraph."""
        text = para.text
        found = [(i.start, i.end, i) for i in find_inline(text) if i.start >= start]
        if not found and _LABELLED.search(text, start):
            fields = [f for f in _fields_in_prose(text, start) if f.label > start]
            keep = [n for n, f in enumerate(fields) if f.kind in ROLES]
            if keep:
                chosen = fields[keep[0] :]
                yield chosen[0].label, len(text), lambda: self._fields(para, chosen, chosen[0].label)
                return
        if not found:
            for statement in find_statements(text):
                if statement.start() >= start:
                    yield statement.end(), statement.end(), lambda s=statement: self._statement(para, s)
            return
        for a, b, inline in found:
            yield a, b, lambda i=inline: self._inline(para, i)

    def _inline(self, para: Paragraph, inline: Inline) -> None:
        if inline.fields:
            self._fields(para, inline.fields, inline.start)
        else:
            block = self._open(para, inline.start)
            for a, b, kind in split_pieces(para.text, *inline.inner):
                if kind == "units":
                    read_roles(_without_rules(para.text), a, b, "responsible", block.roles)
                elif kind == "deadline":
                    self._deadline(block, para, a, b)
        if self.block is not None:
            self.block.end = para.place(inline.end - 1) + 1
        self.flush(keep=True)

    def _statement(self, para: Paragraph, found: re.Match[str]) -> None:
        block = self._open(para, found.start())
        read_roles(para.text, found.start("who"), found.end("rest"), "responsible", block.roles)
        block.end = para.place(found.end() - 1) + 1
        self.flush(keep=True)

    def _open(self, para: Paragraph, at: int) -> Block:
        if self.block is None:
            self.block = Block(start=para.place(min(at, len(para.text) - 1)))
        self.block.roles.raw = para.raw
        return self.block

    def _fields(self, para: Paragraph, fields: list[Field], at: int) -> None:
        for item in fields:
            if self.block is not None and item.kind in self.block.kinds and item.kind in ("lead", "deadline"):
                self.flush()
            block = self._open(para, at)
            block.kinds.add(item.kind)
            start, end = self._value(para, item)
            if item.kind in ROLES:
                role = {"guide": "support" if "lead" in block.kinds else "responsible"}.get(item.kind, item.kind)
                if not self._is_nothing(para.text[start:end]):
                    read_roles(_without_rules(para.text), start, end, role, block.roles)
            elif item.kind == "deadline":
                self._deadline(block, para, start, end)
            block.end = para.place(max(end - 1, 0)) + 1
        for a, b in self.block.roles.unclear if self.block else ():
            self.doubts.append(
                doubt("unknown_unit", para.span(a, b), f"“{para.printed(a, b)}”是不是一个单位，请核对。")
            )
        if self.block:
            self.block.roles.unclear.clear()

    def _value(self, para: Paragraph, item: Field) -> tuple[int, int]:
        end = item.end
        while end > item.start and para.text[end - 1] in " ；。，、（【）】\t":
            if para.text[end - 1] in "）】" and para.text.count("（", item.start, end) >= para.text.count(
                "）", item.start, end
            ):
                break
            end -= 1
        return item.start, end

    @staticmethod
    def _is_nothing(words: str) -> bool:
        return words.strip() in ("", "/", "-", "--", "无", "待定")

    def _deadline(self, block: Block, para: Paragraph, start: int, end: int) -> None:
        deadline, kinds = read_deadline(para.text[start:end], para.raw[start:end], self.year)
        block.deadline = deadline
        for kind in kinds:
            self.doubts.append(doubt(kind, para.span(start, end), _WORDS.get(kind, "请核对时限。")))

    def flush(self, keep: bool = False) -> None:
        """Close the open block and make its task."""
        block, self.block = self.block, None
        if block is None:
            return
        if (
            not block.roles.names
            and "lead" not in block.kinds
            and not (block.kinds & ROLES)
            and not self._has_default(block)
        ):
            self.text = self.text if keep else []
            return
        task = self._task(block)
        self.tasks.append(task)
        self.owners.append(Owned(task, self.sub or self.node, block.own_line))
        self.text = []

    def _has_default(self, block: Block) -> bool:
        return bool(self.rules.units_at(block.start)) and bool(self.text)

    def _task(self, block: Block) -> dict[str, Any]:
        node = self.node
        start = self._begin(block)
        default = self.rules.units_at(block.start)
        if default and (not block.roles.names or (not block.roles.lead and "牵头" in default[0][default[1] : default[2]])):
            block.roles.raw = default[0]
            read_roles(default[0], default[1], default[2], "responsible", block.roles)
        block.roles.settle(self.rules.first_leads(block.start))
        deadline = block.deadline or self._deadline_of_text() or self.rules.deadline_at(block.start) or none()
        return {
            "path": (self.sub or node).path if (self.sub or node) else "",
            "number": node.mark.label if node and node.mark else None,
            "sub": self.sub.mark.label if self.sub and self.sub.mark else self._sub_of_text(),
            "heading": heading_above(node),
            "text": _clean("".join(s.para.printed(s.start, s.end) for s in self.text)),
            "span": [start, max(block.end, start)],
            "lead": block.roles.lead,
            "support": block.roles.support,
            "responsible": block.roles.responsible,
            "mode": block.roles.mode,
            "open_ended": block.roles.open_ended,
            "deadline": deadline,
            "targets": self._targets(node),
        }

    def _targets(self, node: Node | None) -> list[dict[str, Any]]:
        """The figures of the text, and those of the heading that the text does not repeat."""
        targets = [t for s in self.text for t in find_targets(s.para, s.start, s.end)]
        if self.sub is None and node is not None and node.first is not None and node.mark is not None and node.heading:
            place = node.body_from
            begin = min((s.start for s in self.text if s.para is node.first), default=len(node.first.text))
            known = {(t["value"], t["unit"]) for t in targets}
            more = find_targets(node.first, node.mark.end, min(place, begin)) if begin >= place else []
            targets = [t for t in more if (t["value"], t["unit"]) not in known] + targets
        return targets

    def _sub_of_text(self) -> str | None:
        """一是 inside a running paragraph, right where the task's text begins."""
        for stretch in self.text:
            words = stretch.para.text[stretch.start : stretch.end].lstrip("。；， ")
            if words:
                mark = read_mark(words)
                if mark is None or mark.style != "first" or _SECOND.search(words) is not None:
                    return None
                return mark.label
        return None

    def _begin(self, block: Block) -> int:
        for s in self.text:
            a, b = s.para.span(s.start, s.end)
            if b > a:
                return a
        return block.start

    def _deadline_of_text(self) -> dict[str, Any] | None:
        for s in reversed(self.text):
            place = find_deadline_in_text(s.para.text[s.start : s.end], self.year)
            if place is not None:
                a, b = s.start + place[0], s.start + place[1]
                deadline, _ = read_deadline(s.para.text[a:b], s.para.raw[a:b], self.year)
                return deadline if deadline["kind"] == "until" else None
        return None


_WORDS = {
    "damaged_date": "这个日期在历法上不存在，暂按当月最后一天，请核对原文。",
    "several_dates": "一项任务写有几个时间节点，时限取最后一个，请核对。",
    "deadline": "时限的写法没有读懂，请填写。",
    "missing_year": "时限没有写年份，按文件日期推定。",
}


def _fields_in_prose(text: str, start: int) -> list[Field]:
    """Labelled values that stand inside running text: 1.施划标线。责任单位：… 完成时限：…"""
    first = _LABEL_IN_PROSE.search(text, start)
    return read_fields(text, first.end()) if first else []


def _clean(words: str) -> str:
    return words.strip(" \t。；，（【") and words.strip()


def _without_rules(text: str) -> str:
    if not ("下同" in text or "第一" in text or "首" in text):
        return text
    for rule in (_RULE_BRACKET, _RULE_WORDS):
        text = rule.sub(lambda m: "，" * len(m.group()), text)
    return text
