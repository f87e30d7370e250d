"""The elements of a proposal as pages show them: what each is, where it stands, what can be done with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from luoshi.core.words import Words
from luoshi.gazette.source import Mark

KINDS: dict[str, Words] = {
    "documents": Words("文件", "Document"),
    "clauses": Words("条款", "Clause"),
    "tasks": Words("任务", "Task"),
    "targets": Words("目标", "Target"),
    "thresholds": Words("分级", "Grade"),
    "chronicle": Words("大事记", "Chronicle"),
    "doubts": Words("疑点", "Doubt"),
}
CUT = frozenset({"clauses", "tasks", "chronicle"})
ROLES = (("lead", "牵头"), ("support", "配合"), ("responsible", "责任"))


@dataclass(frozen=True, slots=True)
class Element:
    """One line of the list beside the text."""

    at: str
    kind: str
    words: Words
    title: str
    more: str
    start: int
    end: int
    checked: bool
    by_editor: bool

    @property
    def anchor(self) -> str:
        """The id of the line on the page; the text's mark leads to it."""
        return "e-" + self.at.replace(".", "-")

    @property
    def word(self) -> Words:
        """What kind of element it is."""
        return KINDS[self.kind]


def of_document(document: dict[str, Any], at: int) -> Iterator[Element]:
    """Yield the elements of one document: clauses, tasks with their targets, grades, in the order of the text."""
    base = f"documents.{at}"
    found: list[Element] = []
    for kind in ("clauses", "tasks", "thresholds"):
        for i, item in enumerate(document[kind]):
            found.append(element(item, kind, f"{base}.{kind}.{i}"))
            for t, target in enumerate(item.get("targets", ())):
                found.append(element(target, "targets", f"{base}.{kind}.{i}.targets.{t}"))
    return iter(sorted(found, key=lambda e: (e.start, -e.end, e.at)))


def of_list(items: list[dict[str, Any]], kind: str) -> Iterator[Element]:
    """Yield the elements of the chronicle or of the doubts."""
    return (element(item, kind, f"{kind}.{i}") for i, item in enumerate(items))


def element(item: dict[str, Any], kind: str, at: str) -> Element:
    """Return one element as a line."""
    start, end = item.get("span", (0, 0))
    title, more = _line(item, kind)
    checked = bool(item.get("checked") or item.get("settled"))
    return Element(at, kind, KINDS[kind], title, more, start, end, checked, item.get("origin") == "editor")


def _line(item: dict[str, Any], kind: str) -> tuple[str, str]:
    if kind == "tasks":
        named = [f"{word}：{'、'.join(item[role])}" for role, word in ROLES if item[role]]
        title = f"{item['number'] or ''}{item['sub'] or ''} {item['heading'] or item['text']}"
        return short(title), "；".join([*named, due_words(item["deadline"])])
    if kind == "clauses":
        return short(f"{item['path']} {item['heading'] or ''}"), ""
    if kind == "targets":
        return short(f"{item['words']}"), f"{item['op']} {item['value']} {item.get('unit') or ''}"
    if kind == "thresholds":
        return short(
            f"{item['name']} {item['metric']}"
        ), f"{item.get('from')}–{item.get('to')} {item.get('unit') or ''}"
    if kind == "doubts":
        return item["words"], item["kind"]
    if kind == "chronicle":
        return short(item["text"]), f"{item['from'] or '?'}" + (f"–{item['to']}" if item["to"] != item["from"] else "")
    return short(item["title"]), "，".join(str(item[k]) for k in ("number", "issuer", "issued_on") if item.get(k))


def due_words(deadline: dict[str, Any]) -> str:
    """Return a deadline as the list shows it."""
    day = deadline.get("until")
    return f"期限：{day or deadline.get('words') or '未写明'}"


def short(text: str, size: int = 70) -> str:
    """Return a text on one line, cut where it would run long."""
    line = " ".join(text.split())
    return line if len(line) <= size else line[: size - 1] + "…"


def marks_of(elements: list[Element]) -> list[Mark]:
    """Return the elements as marks on the text."""
    return [Mark(e.start, e.end, e.kind, e.at) for e in elements if e.end > e.start]
