"""Tasks of a proposal against the tasks a case expects: which is which, then their units, days and targets."""

from __future__ import annotations

from typing import Any

from case_words import figure, names, plain, recurrence, same_number, within
from sheet import Sheet

ROLES = ("lead", "support", "responsible")
Proposal = dict[str, Any]


def compare_tasks(wanted: list[Proposal], found: list[Proposal], text: str, sheet: Sheet, extra: str | None) -> None:
    pairs = _pair_tasks(wanted, found, text)
    taken = set(pairs.values())
    for i, task in enumerate(wanted):
        hit = found[pairs[i]] if i in pairs else None
        if task.get("optional"):
            continue
        sheet.tick("tasks", hit is not None, _label(task))
        _compare_units(task, hit or {}, sheet)
        _compare_deadline(task, hit or {}, sheet)
        for key in ("sub", "mode", "open_ended", "number", "heading"):
            if key in task and hit is not None:
                _task_field(key, task, hit, sheet)
        if "targets" in task:
            _compare_targets(task, (hit or {}).get("targets") or [], sheet)
    if extra == "ignored":
        return
    for j, task in enumerate(found):
        if j not in taken:
            sheet.invented("tasks", f"{task.get('number')} {task.get('sub') or ''} {str(task.get('text'))[:40]!r}")
            for role, name in sorted(_triples(task)):
                sheet.invented("units", f"{role} {name} of an invented task")


def _task_field(key: str, task: Proposal, hit: Proposal, sheet: Sheet) -> None:
    want, got = task[key], hit.get(key)
    if key == "number":
        ok = figure(want) == figure(got)
    elif key == "heading":
        ok = within(want, got)
    elif key == "mode" and isinstance(want, list):
        ok = got in want
    else:
        ok = want == got or (key == "sub" and figure(want) == figure(got))
    sheet.tick("structure", ok, f"{_label(task)}: {key} want {want!r}, found {got!r}")


def _pair_tasks(wanted: list[Proposal], found: list[Proposal], text: str) -> dict[int, int]:
    ranked = sorted(
        ((_likeness(w, f, text), -abs(i - j), i, j) for i, w in enumerate(wanted) for j, f in enumerate(found)),
        reverse=True,
    )
    pairs: dict[int, int] = {}
    for likeness, _, i, j in ranked:
        if likeness >= 1 and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def _likeness(wanted: Proposal, found: Proposal, text: str) -> float:
    """3 for the anchor inside the span, 1.5 for the number with its sub-mark, up to 1.5 for the same units."""
    total = 0.0
    anchor, span = anchor_of(wanted, text), found.get("span") or [0, 0]
    if anchor is not None:
        total += 3 if span[0] <= anchor < span[1] else 0
    if "number" in wanted and figure(wanted["number"]) == figure(found.get("number")):
        total += 1.5 if figure(wanted.get("sub")) == figure(found.get("sub")) else 0.3
    mine, theirs = {n for _, n in _triples(wanted)}, {n for _, n in _triples(found)}
    return total + (1.5 * len(mine & theirs) / len(mine | theirs) if mine | theirs else 0)


def anchor_of(wanted: Proposal, text: str) -> int | None:
    """The place of a task in the text: the words `at`, or the middle of the printed line `at_line` (from 1)."""
    if "at" in wanted:
        place = text.find(wanted["at"])
        assert place >= 0, f"the anchor {wanted['at']!r} is not in the text"
        return place
    if "at_line" in wanted:
        lines = text.split("\n")
        before = lines[: wanted["at_line"] - 1]
        return sum(len(line) + 1 for line in before) + len(lines[wanted["at_line"] - 1]) // 2
    return None


def _triples(task: Proposal) -> set[tuple[str, str]]:
    roles = [(role, n) for role in ROLES for n in names(task.get(role))]
    return set(roles) | {("any", n) for n in names(task.get("any_role"))}


def _label(task: Proposal) -> str:
    return f"[{task.get('number', '')}{task.get('sub') or ''} {str(task.get('at') or task.get('id', ''))[:16]}]"


def _compare_units(task: Proposal, hit: Proposal, sheet: Sheet) -> None:
    """Where a case says `any_role` (the contract leaves the role open) only the names are compared."""
    if not any(k in task for k in (*ROLES, "any_role")):
        return
    mine, theirs = _triples(task), _triples(hit)
    if "any_role" in task:
        theirs = {("any", n) for _, n in theirs}
    sheet.right("units", len(mine & theirs))
    for role, name in sorted(mine - theirs):
        sheet.missed("units", f"{_label(task)} {role} {name}")
    for role, name in sorted(theirs - mine):
        sheet.invented("units", f"{_label(task)} {role} {name}")


def _compare_deadline(task: Proposal, hit: Proposal, sheet: Sheet) -> None:
    if "deadline" not in task:
        return
    want, got = task["deadline"] or {"kind": "none"}, hit.get("deadline") or {"kind": "none"}
    if _same_deadline(want, got):
        if want["kind"] != "none":
            sheet.right("dates")
        return
    short = {k: got.get(k) for k in ("kind", "until", "then", "every")}
    if want["kind"] != "none":
        sheet.missed("dates", f"{_label(task)} want {want}, found {short}")
    if got.get("kind") not in (None, "none"):
        sheet.invented("dates", f"{_label(task)} {short}")


def _same_deadline(want: Proposal, got: Proposal) -> bool:
    kinds = want["kind"] if isinstance(want["kind"], list) else [want["kind"]]
    days = want.get("until")
    days = [str(d) for d in days] if isinstance(days, list) else [plain(days)]
    return (
        got.get("kind") in kinds
        and ("until" not in want or plain(got.get("until")) in days)
        and ("then" not in want or plain(want["then"]) == plain(got.get("then")))
        and ("every" not in want or recurrence(want["every"]) == recurrence(got.get("every")))
    )


def _compare_targets(task: Proposal, found: list[Proposal], sheet: Sheet) -> None:
    """A target is `op value unit`; several comparators may be allowed: `=|>= 100 %`."""
    rest = list(found)
    for line in task["targets"]:
        ops, value, unit = [*line.split(), ""][:3]
        hit = next((t for t in rest if _same_target(ops.split("|"), value, unit, t)), None)
        sheet.tick("targets", hit is not None, f"{_label(task)} {line}")
        if hit is not None:
            rest.remove(hit)
    for t in rest:
        sheet.invented("targets", f"{_label(task)} {t.get('words')!r} {t.get('op')} {t.get('value')} {t.get('unit')}")


def _same_target(ops: list[str], value: str, unit: str, found: Proposal) -> bool:
    op = {"≥": ">=", "≤": "<=", "==": "=", "eq": "=", "gte": ">=", "lte": "<=", "gt": ">", "lt": "<"}
    got = str(found.get("op"))
    return (
        op.get(got, got) in ops and same_number(value, found.get("value")) and plain(unit) in plain(found.get("unit"))
    )
