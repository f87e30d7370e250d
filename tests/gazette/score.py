"""Score proposals of `gazette parse` against cases with expected results.

Categories: tasks, units (task, role, name), dates (task, kind, day or recurrence), targets, thresholds, structure
(document fields, headings, chronicle) and doubts. Only the keys a case writes are checked; where a document lists
`tasks`, the list is complete and an extra task is a false positive, unless an `optional` task explains it.
A task is matched by its anchor (`at`: words of the case inside the predicted span), its number and sub-mark, and the
overlap of its units, the best pairs first. Run: `python tests/gazette/score.py [folder] [--totals-only]`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent))
from case_words import figure, names, number_form, plain, recurrence, same_number, within

CATEGORIES = ("tasks", "units", "dates", "targets", "thresholds", "structure", "doubts")
ROLES = ("lead", "support", "responsible")
Proposal = dict[str, Any]


@dataclass
class Count:
    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1.0 where nothing was expected and nothing found."""
        whole = 2 * self.tp + self.fp + self.fn
        return 1.0 if whole == 0 else 2 * self.tp / whole


@dataclass
class Sheet:
    """The counts of one run and, for each case, what was missed or invented."""

    counts: dict[str, Count] = field(default_factory=lambda: {c: Count() for c in CATEGORIES})
    misses: dict[str, list[str]] = field(default_factory=dict)
    case: str = ""

    def right(self, category: str, n: int = 1) -> None:
        self.counts[category].tp += n

    def missed(self, category: str, words: str) -> None:
        self.counts[category].fn += 1
        self._note(f"- {category}: {words}")

    def invented(self, category: str, words: str) -> None:
        self.counts[category].fp += 1
        self._note(f"+ {category}: {words}")

    def _note(self, words: str) -> None:
        self.misses.setdefault(self.case, []).append(words)

    def f1(self, category: str) -> float:
        return self.counts[category].f1


def score(cases: Iterable[dict[str, Any]], parse: Callable[[str], Proposal]) -> Sheet:
    """Parse the text of every case and compare. A parser that raises is scored as an empty proposal."""
    sheet = Sheet()
    for case in cases:
        sheet.case = case["name"]
        compare(case, parse(case["text"]), sheet)
    return sheet


def compare(case: dict[str, Any], proposal: Proposal, sheet: Sheet) -> None:
    """Enter one case into the sheet."""
    expect, text = case["expect"], case["text"]
    found_docs = proposal.get("documents") or []
    wanted_docs = expect.get("documents") or []
    for wanted, found in _pair_documents(wanted_docs, found_docs, sheet):
        _compare_fields(wanted, found, sheet)
        if "tasks" in wanted:
            _compare_tasks(wanted["tasks"], found.get("tasks") or [], text, sheet, wanted.get("extra_tasks"))
        if "thresholds" in wanted:
            _compare_thresholds(wanted["thresholds"], found.get("thresholds") or [], sheet)
    if "chronicle" in expect:
        _compare_chronicle(expect["chronicle"], proposal.get("chronicle") or [], sheet)
    for key in expect.get("issue") or {}:
        _field(f"issue {key}", expect["issue"][key], (proposal.get("issue") or {}).get(key), sheet)
    if expect.get("no_tasks"):
        for task in (t for d in found_docs for t in d.get("tasks") or []):
            sheet.invented("tasks", str(task.get("text"))[:40])
    kinds = {d.get("kind") for d in proposal.get("doubts") or []}
    for wanted in expect.get("doubts_include", []):
        choices = wanted if isinstance(wanted, list) else [wanted]
        _tick("doubts", bool(kinds & set(choices)), f"{wanted} (found {sorted(map(str, kinds))})", sheet)
    for kind in expect.get("doubts_exclude", []):
        if kind in kinds:
            sheet.invented("doubts", kind)


def _tick(category: str, ok: bool, words: str, sheet: Sheet) -> None:
    if ok:
        sheet.right(category)
    else:
        sheet.missed(category, words)


def _pair_documents(wanted: list[Proposal], found: list[Proposal], sheet: Sheet) -> Iterable[tuple[Proposal, Proposal]]:
    """By title, then by order; a document that is not wanted is a fault of structure."""
    rest = list(found)
    pairs: list[tuple[Proposal, Proposal]] = []
    for doc in wanted:
        same = [f for f in rest if "title" in doc and within(doc["title"], f.get("title"))]
        hit = same[0] if same else (rest[0] if len(rest) > 0 and len(wanted) == len(found) else None)
        if hit is not None:
            rest.remove(hit)
        elif not doc.get("tasks"):
            sheet.missed("structure", f"document {doc.get('title', '?')}")
        pairs.append((doc, hit or {}))
    for doc in rest if wanted else []:
        sheet.invented("structure", f"document {doc.get('title')}")
    return pairs


def _compare_fields(wanted: Proposal, found: Proposal, sheet: Sheet) -> None:
    for key in ("title", "number", "issuer", "issued_on", "disclosure", "recipients", "interpretation"):
        if key in wanted:
            _field(key, wanted[key], found.get(key), sheet)
    if "clauses" in wanted:
        _compare_clauses(wanted["clauses"], found.get("clauses") or [], sheet)


def _field(key: str, wanted: Any, found: Any, sheet: Sheet) -> None:
    if key == "interpretation" and isinstance(found, dict):
        found = found.get("title") or "?"
    if key == "number":
        choices = wanted if isinstance(wanted, list) else [wanted]
        ok = any(number_form(w) == number_form(found) for w in choices)
    elif wanted is None:
        ok = not found
    elif key == "recipients":
        ok = names(wanted) == names(found)
    elif key in {"title", "interpretation", "disclosure", "issue title"}:
        ok = within(wanted, found)
    else:
        ok = plain(wanted) == plain(found)
    _tick("structure", ok, f"{key}: want {wanted!r}, found {found!r}", sheet)


def _compare_clauses(wanted: list[str], found: list[Proposal], sheet: Sheet) -> None:
    """`depth heading` lines: each heading is found after the one before it, and steps up or down like its depth."""
    at, last, last_level = 0, 0, None
    for line in wanted:
        depth, heading = line.split(" ", 1)
        hit = next((i for i in range(at, len(found)) if within(heading, found[i].get("heading"))), None)
        if hit is None:
            sheet.missed("structure", f"heading {line}")
            continue
        level = int(found[hit].get("level") or 0)
        ok = last_level is None or _sign(level - last_level) == _sign(int(depth) - last)
        _tick("structure", ok, f"depth of {line} (level {level} after {last_level})", sheet)
        at, last, last_level = hit + 1, int(depth), level


def _sign(n: int) -> int:
    return (n > 0) - (n < 0)


def _compare_tasks(wanted: list[Proposal], found: list[Proposal], text: str, sheet: Sheet, extra: str | None) -> None:
    pairs = _pair_tasks(wanted, found, text)
    taken = set(pairs.values())
    for i, task in enumerate(wanted):
        hit = found[pairs[i]] if i in pairs else None
        if task.get("optional"):
            continue
        _tick("tasks", hit is not None, _label(task), sheet)
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
    _tick("structure", ok, f"{_label(task)}: {key} want {want!r}, found {got!r}", sheet)


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
    if "at" in wanted:
        start, span = text.find(wanted["at"]), found.get("span") or [0, 0]
        assert start >= 0, f"the anchor {wanted['at']!r} is not in the text"
        total += 3 if span[0] <= start < span[1] else 0
    if "number" in wanted and figure(wanted["number"]) == figure(found.get("number")):
        total += 1.5 if figure(wanted.get("sub")) == figure(found.get("sub")) else 0.3
    mine, theirs = {n for _, n in _triples(wanted)}, {n for _, n in _triples(found)}
    return total + (1.5 * len(mine & theirs) / len(mine | theirs) if mine | theirs else 0)


def _triples(task: Proposal) -> set[tuple[str, str]]:
    roles = [(role, n) for role in ROLES for n in names(task.get(role))]
    return set(roles) | {("any", n) for n in names(task.get("any_role"))}


def _label(task: Proposal) -> str:
    return f"[{task.get('number', '')}{task.get('sub') or ''} {task.get('at', '')[:16]}]"


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
        _tick("targets", hit is not None, f"{_label(task)} {line}", sheet)
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


def _compare_thresholds(wanted: list[Proposal], found: list[Proposal], sheet: Sheet) -> None:
    rest = list(found)
    for w in wanted:
        hit = next((f for f in rest if _same_threshold(w, f)), None)
        _tick("thresholds", hit is not None, str(w), sheet)
        if hit is not None:
            rest.remove(hit)
    for f in rest:
        sheet.invented("thresholds", str({k: v for k, v in f.items() if k != "span"}))


def _same_threshold(want: Proposal, got: Proposal) -> bool:
    ends = all(same_number(want.get(k), got.get(k)) for k in ("from", "to"))
    marks = all(want.get(k) is None or bool(got.get(f"{k}_included")) == want[f"{k}_included"] for k in ("from", "to"))
    return ends and marks and within(want["name"], got.get("name")) and within(want["metric"], got.get("metric"))


def _compare_chronicle(wanted: list[Proposal], found: list[Proposal], sheet: Sheet) -> None:
    rest = list(found)
    for w in wanted:
        hit = next((f for f in rest if plain(w["has"]) in plain(f.get("text"))), None)
        if hit is not None:
            rest.remove(hit)
        days = (plain((hit or {}).get("from")), plain((hit or {}).get("to") or (hit or {}).get("from")))
        starts = [plain(d) for d in (w["from"] if isinstance(w["from"], list) else [w["from"]])]
        ok = days[0] in starts and days[1] == plain(w.get("to") or starts[0])
        _tick("structure", ok, f"chronicle {w['has']}: found {days}", sheet)
    for f in rest:
        sheet.invented("structure", f"chronicle {f.get('from')} {str(f.get('text'))[:20]}")


def load(folder: Path) -> list[dict[str, Any]]:
    """Every case of a folder; a file holds one case or a list of cases."""
    cases: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        cases += data if isinstance(data, list) else [data]
    return cases


def table(sheet: Sheet) -> str:
    """The totals as text, one category a line."""
    rows = [f"{'':<11}{'tp':>6}{'fp':>6}{'fn':>6}{'F1':>8}"]
    rows += [f"{c:<11}{n.tp:>6}{n.fp:>6}{n.fn:>6}{n.f1:>8.4f}" for c, n in sheet.counts.items()]
    return "\n".join(rows)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    from luoshi.gazette.parse import parse

    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent.parent / "cases" / "gazette")
    reader.add_argument("--totals-only", action="store_true")
    options = reader.parse_args(arguments)
    cases = load(options.folder)
    sheet = score(cases, parse)
    if not options.totals_only:
        for name, lines in sheet.misses.items():
            print(f"\n{name}\n  " + "\n  ".join(lines))
    print(f"\n{len(cases)} cases, {len(cases) - len(sheet.misses)} without a miss\n{table(sheet)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
