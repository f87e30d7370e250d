"""A responsibility block and the text before it → one task of the proposal."""

import re
from dataclasses import dataclass, field
from typing import Any

from luoshi.gazette.parse.clauses import Node
from luoshi.gazette.parse.days import find_days
from luoshi.gazette.parse.deadlines import find_deadline_in_text, find_standing_in_text, none, read_deadline
from luoshi.gazette.parse.enumerators import read_mark
from luoshi.gazette.parse.owners import heading_above
from luoshi.gazette.parse.paragraphs import Paragraph
from luoshi.gazette.parse.roles import Roles, read_roles
from luoshi.gazette.parse.rules import Rules
from luoshi.gazette.parse.targets import find_targets

# 排查整治阶段（2023年4月21日至9月30日）: a run of days and nothing else
_RUN = re.compile(r"（([^（）]{3,40})）")
_ONLY_AROUND = re.compile(r"(?:[\s\-至到起前底完成止，、：于自从]|时间|即日|现在|印发之日)*")
_SECOND = re.compile(r"[。；，：]\s?二(?:是|要)")
_CIRCLED = re.compile("[①-⑳]")


@dataclass
class Stretch:
    """A piece of a paragraph that is a task's own text."""

    para: Paragraph
    start: int
    end: int

    @property
    def plain(self) -> str:
        return self.para.text[self.start : self.end]


@dataclass
class Block:
    """A responsibility block while its lines are read; ``start`` and ``end`` are offsets in the input."""

    start: int
    end: int = 0
    roles: Roles = field(default_factory=Roles)
    deadline: dict[str, Any] | None = None
    kinds: set[str] = field(default_factory=set)
    own_line: bool = False


def make_task(
    block: Block, text: list[Stretch], node: Node | None, sub: Node | None, rules: Rules, year: int | None
) -> dict[str, Any]:
    """Return the task of a block: ``node`` is the item, ``sub`` its 一是 when that is a clause of its own."""
    default = rules.units_at(block.start)
    if default and (not block.roles.names or _gives_lead(default, block.roles)):
        block.roles.raw = default[0]
        read_roles(*default, block.roles)
    block.roles.settle(rules.first_leads(block.start))
    deadline = block.deadline or _deadline_of_words(text, sub or node, year)
    deadline = deadline or rules.deadline_at(block.start) or none()
    owner = sub or node
    start = next((a for a, b in (s.para.span(s.start, s.end) for s in text) if b > a), block.start)
    return {
        "path": owner.path if owner else "",
        "number": node.mark.label if node and node.mark else None,
        "sub": sub.mark.label if sub and sub.mark else _sub_of(text),
        "heading": heading_above(node),
        "text": _words(text, node),
        "span": [start, max(block.end, start)],
        "lead": block.roles.lead,
        "support": block.roles.support,
        "responsible": block.roles.responsible,
        "mode": block.roles.mode,
        "open_ended": block.roles.open_ended,
        "deadline": deadline,
        "targets": _targets(text, node, sub),
    }


def _gives_lead(default: tuple[str, int, int, str], roles: Roles) -> bool:
    return not roles.lead and (default[3] == "lead" or "牵头" in default[0][default[1] : default[2]])


def _sub_of(text: list[Stretch]) -> str | None:
    """一是 or ① inside a running paragraph, right where the task's text begins; not when 二是 or ② is there too."""
    for stretch in text:
        words = stretch.plain.lstrip("。；， ")
        if words:
            mark = read_mark(words)
            again = {"first": _SECOND, "circled": _CIRCLED}.get(mark.style) if mark is not None else None
            alone = mark is not None and again is not None and again.search(words, mark.end) is None
            return mark.label if mark is not None and alone else None
    return None


def deadline_of(text: list[Stretch], year: int | None) -> dict[str, Any] | None:
    """Return the last 2023年6月底前-like time limit of the text, else the last one without a day: 长期坚持。"""
    for s in reversed(text):
        place = find_deadline_in_text(s.plain, year)
        if place is not None:
            deadline = _deadline_at(s, place, year)
            return deadline if deadline["kind"] == "until" else None
    for s in reversed(text):
        place = find_standing_in_text(s.plain)
        if place is not None:
            deadline = _deadline_at(s, place, year)
            return deadline if deadline["kind"] in ("relative", "recurring", "ongoing") else None
    return None


def _deadline_of_stage(node: Node | None, year: int | None) -> dict[str, Any] | None:
    """The days in brackets behind the heading of the clause, else of the nearest clause around it."""
    while node is not None:
        if node.first is not None and node.mark is not None:
            begin = node.mark.end
            for run in _RUN.finditer(node.first.text, begin, min(begin + 90, len(node.first.text))):
                if _only_days(run.group(1), year):
                    a, b = run.span(1)
                    deadline, _ = read_deadline(node.first.text[a:b], node.first.raw[a:b], year)
                    return deadline if deadline["kind"] == "until" else None
        node = node.parent
    return None


def _deadline_of_words(text: list[Stretch], node: Node | None, year: int | None) -> dict[str, Any] | None:
    """The limit of the text, else of the stage; the stage's day goes before a window of the text: 验收后五日内."""
    own = deadline_of(text, year)
    if own is not None and own["kind"] != "relative":
        return own
    return _deadline_of_stage(node, year) or own


def _only_days(words: str, year: int | None) -> bool:
    """Whether the words are days or months with 至, 前 … around them; years alone are the run of a policy."""
    moments = find_days(words, year)
    if not moments or all(m.grain in ("year", "year_end") for m in moments):
        return False
    rest = list(words)
    for moment in moments:
        rest[moment.start : moment.end] = " " * (moment.end - moment.start)
    return _ONLY_AROUND.fullmatch("".join(rest)) is not None


def _deadline_at(s: Stretch, place: tuple[int, int], year: int | None) -> dict[str, Any]:
    a, b = s.start + place[0], s.start + place[1]
    return read_deadline(s.para.text[a:b], s.para.raw[a:b], year)[0]


def _targets(text: list[Stretch], node: Node | None, sub: Node | None) -> list[dict[str, Any]]:
    """The figures of the text, and those of the heading that the text does not repeat."""
    targets = [t for s in text for t in find_targets(s.para, s.start, s.end)]
    if sub is None and node is not None and node.first is not None and node.mark is not None and node.heading:
        begin = min((s.start for s in text if s.para is node.first), default=len(node.first.text))
        known = {(t["value"], t["unit"]) for t in targets}
        more = find_targets(node.first, node.mark.end, node.body_from) if begin >= node.body_from else []
        targets = [t for t in more if (t["value"], t["unit"]) not in known] + targets
    return targets


def _words(text: list[Stretch], node: Node | None) -> str:
    """The item's own words, a paragraph a line; a heading with text below it is not repeated there."""
    own = [s for s in text if s.plain.strip(" 。；，")]
    if len(own) > 1 and node is not None and own[0].para is node.first and node.heading:
        rest = own[0].para.text[node.body_from :]
        own = own[1:] if not rest.strip(" 。：；") else own
    return _clean("\n".join(s.para.printed(s.start, s.end) for s in own))


def _clean(words: str) -> str:
    return words.strip(" \t。；，（【") and words.strip().lstrip("；，、 ")
