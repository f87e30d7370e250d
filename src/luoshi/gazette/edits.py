"""Steps of an editor on a proposal, as values that can be applied and taken back. Pure.

An element is addressed by its place: ``documents.0``, ``documents.0.tasks.3``, ``documents.0.tasks.3.targets.1``,
``chronicle.4``, ``doubts.2``. A change either swaps a stretch of one list or sets fields of one mapping; both carry
what was there before.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words

Tree = dict[str, Any]
Step = str | int
LISTS = frozenset({"documents", "clauses", "tasks", "targets", "thresholds", "chronicle", "doubts"})
MARKS = frozenset({"checked", "origin", "settled"})
"""Keys that editing adds to a parse; a remembered case carries none of them."""


@dataclass(frozen=True, slots=True)
class Change:
    """At a list (``key`` an index): ``was`` leaves, ``comes`` enters. At a mapping (``key`` None): fields set.

    In fields, an absent key is told by ``{}`` missing it on that side.
    """

    at: tuple[Step, ...]
    index: int | None
    was: Any = field(default=None)
    comes: Any = field(default=None)

    def as_json(self) -> Tree:
        """Return the change as the records keep it."""
        return {"at": list(self.at), "index": self.index, "was": self.was, "comes": self.comes}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Change":
        """Read a kept change."""
        return cls(tuple(data["at"]), data["index"], data["was"], data["comes"])

    def inverse(self) -> "Change":
        """Return the change that takes this one back."""
        return Change(self.at, self.index, self.comes, self.was)


def place(at: str) -> tuple[Step, ...]:
    """Read the address of an element."""
    return tuple(int(part) if part.isdecimal() and len(part) < 8 else part for part in at.split("."))


def reach(tree: Tree, at: Sequence[Step]) -> Any:
    """Return what stands at an address; ``Problem`` 404 when nothing does."""
    node: Any = tree
    for step in at:
        known = (
            step in node
            if isinstance(node, dict)
            else isinstance(node, list) and isinstance(step, int) and step < len(node)
        )
        if not known:
            raise _nowhere(at)
        node = node[step]
    return node


def apply(tree: Tree, change: Change) -> Tree:
    """Return the tree with the change made; the tree given stays as it was."""
    made = copy.copy(tree)
    node: Any = made
    for step in change.at:
        node[step] = copy.copy(node[step])
        node = node[step]
    if change.index is not None:
        assert node[change.index : change.index + len(change.was)] == change.was, "the list is not what the change saw"
        node[change.index : change.index + len(change.was)] = change.comes
        return made
    for key in set(change.was) - set(change.comes):
        del node[key]
    node.update(change.comes)
    return made


def set_fields(tree: Tree, at: Sequence[Step], new: Mapping[str, Any]) -> Change:
    """Change fields of one element."""
    node = reach(tree, at)
    if not isinstance(node, dict):
        raise _nowhere(at)
    return Change(tuple(at), None, {k: node[k] for k in new if k in node}, dict(new))


def add(tree: Tree, at: Sequence[Step], element: Mapping[str, Any]) -> Change:
    """Put a new element at a place of a list; a place past the end is its end."""
    holder, index = _list_of(tree, at, may_end=True)
    return Change(tuple(at[:-1]), min(index, len(holder)), [], [{**element, "origin": "editor"}])


def remove(tree: Tree, at: Sequence[Step]) -> Change:
    """Take an element out of its list. The text it stood on stays in the source, unmarked."""
    holder, index = _list_of(tree, at)
    return Change(tuple(at[:-1]), index, [holder[index]], [])


def split(tree: Tree, at: Sequence[Step], offset: int, text: str) -> Change:
    """Cut an element in two at an offset of the text; the second has the first one's fields and its own words."""
    holder, index = _list_of(tree, at)
    whole = holder[index]
    start, end = whole["span"]
    if not start < offset < end:
        raise Problem(
            "offset", Words("分开的位置不在这一项之内。", "The cut lies outside this element."),
            Words(f"请给出 {start + 1} 到 {end - 1} 之间的位置。", f"Give a place from {start + 1} to {end - 1}."),
            status=422,
        )  # fmt: skip
    first, second = copy.deepcopy(whole), copy.deepcopy(whole)
    first["span"], second["span"] = [start, offset], [offset, end]
    for part in (first, second):
        part |= {"origin": "editor", "checked": False}
        if "text" in part:
            part["text"] = text[part["span"][0] : part["span"][1]].strip()
        if "targets" in part:
            part["targets"] = [t for t in part["targets"] if part["span"][0] <= t["span"][0] < part["span"][1]]
    if "path" in second and "heading" in second and "text" not in second:
        second["path"] = f"{second['path']}~2"
    return Change(tuple(at[:-1]), index, [whole], [first, second])


def merge(tree: Tree, at: Sequence[Step], text: str) -> Change:
    """Join an element with the next of its list: words together, units and targets of both, the first one's fields."""
    holder, index = _list_of(tree, at)
    if index + 1 >= len(holder):
        raise Problem(
            "at", Words("后面没有可以合并的一项。", "There is no next element to merge with."),
            Words("请在前一项上合并。", "Merge from the element before."), status=422,
        )  # fmt: skip
    one, two = holder[index], holder[index + 1]
    made = copy.deepcopy(one)
    made["span"] = [min(one["span"][0], two["span"][0]), max(one["span"][1], two["span"][1])]
    made |= {"origin": "editor", "checked": False}
    if "text" in made:
        made["text"] = text[made["span"][0] : made["span"][1]].strip()
    for key in ("lead", "support", "responsible"):
        if key in made:
            made[key] = list(dict.fromkeys([*one[key], *two[key]]))
    if "targets" in made:
        made["targets"] = [*one["targets"], *two["targets"]]
    if made.get("deadline", {}).get("kind") == "none":
        made["deadline"] = copy.deepcopy(two["deadline"])
    return Change(tuple(at[:-1]), index, [one, two], [made])


def _list_of(tree: Tree, at: Sequence[Step], *, may_end: bool = False) -> tuple[list[Any], int]:
    if len(at) < 2 or at[-2] not in LISTS or not isinstance(at[-1], int):
        raise _nowhere(at)
    holder = reach(tree, at[:-1])
    if not isinstance(holder, list) or (at[-1] >= len(holder) and not may_end):
        raise _nowhere(at)
    return holder, at[-1]


def _nowhere(at: Sequence[Step]) -> Problem:
    return Problem(
        "at", Words(f"没有“{'.'.join(map(str, at))}”这一项。", f"There is no element {'.'.join(map(str, at))}."),
        Words("请刷新后从列表中选择。", "Reload and choose it from the list."), status=404,
    )  # fmt: skip


def without_marks(value: Any) -> Any:
    """Return a proposal without what editing added to it."""
    if isinstance(value, dict):
        return {k: without_marks(v) for k, v in value.items() if k not in MARKS}
    if isinstance(value, list):
        return [without_marks(v) for v in value]
    return value


def counts(tree: Mapping[str, Any]) -> dict[str, int]:
    """Return how many documents, tasks and open doubts a proposal holds."""
    return {
        "documents": len(tree["documents"]),
        "tasks": sum(len(d["tasks"]) for d in tree["documents"]),
        "doubts": sum(not d.get("settled") for d in tree["doubts"]),
    }
