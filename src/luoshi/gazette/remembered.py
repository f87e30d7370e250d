"""Corrected parses as cases, in the format of ``tests/cases/gazette``, read back and run against the parser. Pure.

A case holds the text and what a person found right in it: documents with their tasks, chronicle. ``run`` parses the
text again and names everything that does not come out as corrected.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Tree = Mapping[str, Any]
FIELDS = ("number", "issuer", "issued_on", "disclosure")
ROLES = ("lead", "support", "responsible")


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing that did not come out: where, what was corrected, what the parser says now."""

    where: str
    want: str
    found: str


def case_of(name: str, text: str, edited: Tree) -> dict[str, Any]:
    """Return the case of a corrected proposal."""
    expect: dict[str, Any] = {"documents": [_document(d, text) for d in edited["documents"]]}
    if edited["chronicle"]:
        expect["chronicle"] = [{"from": e["from"], "to": e["to"], "has": _has(e["text"])} for e in edited["chronicle"]]
    return {"name": name, "form": "corrected on the desk", "text": text, "expect": expect}


def _document(document: Tree, text: str) -> dict[str, Any]:
    made: dict[str, Any] = {"title": document["title"]}
    made |= {key: document[key] for key in FIELDS if document.get(key) is not None}
    told = document.get("interpretation")
    if told:
        made["interpretation"] = told["title"]
    made["tasks"] = [_task(t, text) for t in document["tasks"]]
    return made


def _task(task: Tree, text: str) -> dict[str, Any]:
    made: dict[str, Any] = {key: task[key] for key in ("number", "sub", "heading") if task.get(key)}
    made |= anchor(text, task["span"])
    made |= {role: list(task[role]) for role in ROLES if task[role]}
    due = task["deadline"]
    made |= {"mode": task["mode"], "open_ended": task["open_ended"]}
    made["deadline"] = {"kind": due["kind"], **{k: due[k] for k in ("until", "then") if due.get(k)}}
    if due.get("every"):
        every = due["every"]
        words = [every["period"], *map(str, every.get("days") or ())] if isinstance(every, Mapping) else [str(every)]
        made["deadline"]["every"] = " ".join(words)
    if task["targets"]:
        made["targets"] = [f"{t['op']} {_figure(t['value'])} {t.get('unit') or ''}".strip() for t in task["targets"]]
    return made


def _figure(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def anchor(text: str, span: list[int]) -> dict[str, Any]:
    """Return words that occur once and lie inside the span; where there are none, the line (from 1) of its middle."""
    start, end = span
    for size in (8, 12, 20, 30):
        for place in range(start, max(end - size, start) + 1, max(1, size // 2)):
            words = text[place : min(place + size, end)]
            if "\n" not in words and words == words.strip() and len(words) >= 4 and text.count(words) == 1:
                return {"at": words}
    middle = (start + end) // 2
    return {"at_line": text.count("\n", 0, middle) + 1}


def _has(text: str) -> str:
    return "".join(text.split())[12:32]


def run(case: Tree, parse: Callable[[str], Tree]) -> list[Miss]:
    """Parse a case's text and return what does not come out as corrected."""
    text, expect = case["text"], case["expect"]
    found = parse(text)
    misses: list[Miss] = []
    for i, want in enumerate(expect.get("documents", ())):
        got = next((d for d in found["documents"] if _same(want["title"], d["title"])), None)
        if got is None:
            misses.append(Miss(f"documents.{i}", want["title"], "–"))
            continue
        misses += [
            Miss(f"documents.{i}.{key}", str(want[key]), str(got.get(key)))
            for key in FIELDS
            if key in want and not _same(want[key], got.get(key))
        ]
        misses += _tasks(i, want.get("tasks", ()), got["tasks"], text)
    misses += _chronicle(expect.get("chronicle", ()), found["chronicle"])
    return misses


def _tasks(at: int, wanted: Any, found: Any, text: str) -> list[Miss]:
    misses: list[Miss] = []
    if len(wanted) != len(found):
        misses.append(Miss(f"documents.{at}.tasks", str(len(wanted)), str(len(found))))
    for i, want in enumerate(wanted):
        where = f"documents.{at}.tasks.{i}"
        place = _place(want, text)
        covering = [t for t in found if t["span"][0] <= place < t["span"][1]]
        got = min(covering, key=lambda t: t["span"][1] - t["span"][0], default=None)
        if got is None:
            misses.append(Miss(where, str(want.get("heading") or want.get("at")), "–"))
            continue
        misses += [
            Miss(f"{where}.{role}", "、".join(want.get(role, ())), "、".join(got[role]))
            for role in ROLES
            if [_plain(n) for n in want.get(role, ())] != [_plain(n) for n in got[role]]
        ]
        due, had = want["deadline"], got["deadline"]
        misses += [
            Miss(f"{where}.deadline.{key}", str(due.get(key)), str(had.get(key)))
            for key in ("kind", "until", "then")
            if (due.get(key) or None) != (had.get(key) or None)
        ]
        if want.get("mode") != got["mode"]:
            misses.append(Miss(f"{where}.mode", str(want.get("mode")), got["mode"]))
    return misses


def _place(want: Tree, text: str) -> int:
    if "at" in want:
        return max(text.find(want["at"]), 0)
    lines = text.split("\n")
    before = sum(len(line) + 1 for line in lines[: want["at_line"] - 1])
    return before + len(lines[want["at_line"] - 1]) // 2


def _chronicle(wanted: Any, found: Any) -> list[Miss]:
    misses = [] if len(wanted) == len(found) or not wanted else [Miss("chronicle", str(len(wanted)), str(len(found)))]
    days = {(e["from"], e["to"]) for e in found}
    return misses + [
        Miss(f"chronicle.{i}", f"{e['from']}–{e['to']}", "–")
        for i, e in enumerate(wanted)
        if (e["from"], e["to"]) not in days
    ]


def _same(one: Any, two: Any) -> bool:
    return _plain(one) == _plain(two)


def _plain(value: Any) -> str:
    return "".join(str(value or "").split())
