"""Whose block is it? A block after the last of several parts, none of which has one, belongs to the whole.

（一）建设工作站 1.… 2.… 责任单位：… : the block is that of （一）. When 1. has a block as well, each has its own.
一、清洁行动（牵头单位：A）1.… 责任单位：B : A leads the items below the heading.
"""

from dataclasses import dataclass
from typing import Any

from luoshi.gazette.parse.clauses import Node
from luoshi.gazette.parse.labels import starts_label
from luoshi.gazette.parse.marks import bare

_WHOLES = frozenset({"cn_paren", "arabic", "arabic_paren", "decimal"})


@dataclass
class Owned:
    """A task, the clause whose text stands before its block, and whether the block has lines of its own."""

    task: dict[str, Any]
    node: Node | None
    own_line: bool


def heading_above(node: Node | None) -> str | None:
    """Return the heading of the clause, else of the nearest clause around it."""
    while node is not None:
        if node.heading:
            return node.heading
        node = node.parent
    return None


def give_to_wholes(owned: list[Owned], nodes: list[Node]) -> None:
    """Move each block that closes a whole to that whole, with the text of all its parts."""
    parts: dict[int, list[Node]] = {}
    for node in nodes:
        if node.parent is not None:
            parts.setdefault(id(node.parent), []).append(node)
    tasks: dict[int, int] = {}
    for item in owned:
        above: Node | None = item.node
        while above is not None:
            tasks[id(above)] = tasks.get(id(above), 0) + 1
            above = above.parent
    for item in owned:
        whole: Node | None = item.node
        while item.own_line and whole is not None and _closes(whole, parts, tasks):
            whole = whole.parent
        if whole is not None and whole is not item.node:
            _move(item.task, whole, parts)


def share_leads(owned: list[Owned]) -> list[Owned]:
    """Give the lead named at a heading to the items below that name none; the heading itself is then no task."""
    heads = {id(o.node): o for o in owned if o.node is not None and _only_a_lead(o.task)}
    if not heads:
        return owned
    used: set[int] = set()
    for item in owned:
        above = item.node.parent if item.node is not None and not item.task["lead"] else None
        while above is not None and id(above) not in heads:
            above = above.parent
        if above is not None:
            _lead_by(item.task, heads[id(above)].task["lead"])
            used.add(id(above))
    return [o for o in owned if id(o.node) not in used or heads.get(id(o.node)) is not o]


def _only_a_lead(task: dict[str, Any]) -> bool:
    named = task["lead"] and not task["support"] and not task["open_ended"] and task["deadline"]["kind"] == "none"
    return bool(named) and bare(task["text"]) in ("", bare(task["heading"] or ""))


def _lead_by(task: dict[str, Any], lead: list[str]) -> None:
    task["lead"] = list(lead)
    task["support"] = [n for n in task["responsible"] if n not in lead]
    task["responsible"] = []
    task["mode"] = "lead_support" if task["support"] or len(lead) > 1 or task["open_ended"] else "single"


def _closes(node: Node, parts: dict[int, list[Node]], tasks: dict[int, int]) -> bool:
    whole = node.parent
    if whole is None or whole.style not in _WHOLES or node.style == "bullet":
        return False
    siblings = parts[id(whole)]
    several = len(siblings) >= 2 or (node.style == "circled" and "②" in siblings[0].paras[0].text)
    return several and siblings[-1] is node and tasks.get(id(whole), 0) == 1


def _move(task: dict[str, Any], whole: Node, parts: dict[int, list[Node]]) -> None:
    is_sub = whole.style in ("first", "ordinal")
    own = [whole, *_below(whole, parts)]
    words = [p.raw.strip() for n in own for p in n.paras if not starts_label(p.text)]
    task["path"] = whole.path
    task["number"] = None if whole.mark is None or is_sub else whole.mark.label
    task["sub"] = None
    task["heading"] = heading_above(whole)
    task["text"] = "\n".join(words)
    task["span"][0] = own[0].paras[0].start


def _below(node: Node, parts: dict[int, list[Node]]) -> list[Node]:
    """The parts of a clause and theirs, in the order of the text."""
    found: list[Node] = []
    waiting = list(reversed(parts.get(id(node), [])))
    while waiting:
        part = waiting.pop()
        found.append(part)
        waiting += reversed(parts.get(id(part), []))
    return found
