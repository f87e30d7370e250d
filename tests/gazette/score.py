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
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent))
from case_words import names, number_form, plain, same_number, within
from sheet import Sheet
from task_match import Proposal, compare_tasks


def score(cases: Iterable[dict[str, Any]], parse: Callable[[str], Proposal]) -> Sheet:
    """Parse the text of every case and compare. What the parser raises is not caught: a crash is no low score."""
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
            compare_tasks(wanted["tasks"], found.get("tasks") or [], text, sheet, wanted.get("extra_tasks"))
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
        sheet.tick("doubts", bool(kinds & set(choices)), f"{wanted} (found {sorted(map(str, kinds))})")
    for kind in expect.get("doubts_exclude", []):
        if kind in kinds:
            sheet.invented("doubts", kind)


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
        for task in doc.get("tasks") or []:
            sheet.invented("tasks", f"in an unwanted document: {str(task.get('text'))[:40]}")
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
    sheet.tick("structure", ok, f"{key}: want {wanted!r}, found {found!r}")


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
        sheet.tick("structure", ok, f"depth of {line} (level {level} after {last_level})")
        at, last, last_level = hit + 1, int(depth), level


def _sign(n: int) -> int:
    return (n > 0) - (n < 0)


def _compare_thresholds(wanted: list[Proposal], found: list[Proposal], sheet: Sheet) -> None:
    rest = list(found)
    for w in wanted:
        hit = next((f for f in rest if _same_threshold(w, f)), None)
        sheet.tick("thresholds", hit is not None, str(w))
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
        hit = next((f for f in rest if _same_entry(w, f)), None)
        if hit is not None:
            rest.remove(hit)
        days = (plain((hit or {}).get("from")), plain((hit or {}).get("to") or (hit or {}).get("from")))
        starts = [plain(d) for d in (w["from"] if isinstance(w["from"], list) else [w["from"]])]
        ok = days[0] in starts and days[1] == plain(w.get("to") or starts[0])
        sheet.tick("structure", ok, f"chronicle {w.get('has') or w['from']}: found {days}")
    for f in rest:
        sheet.invented("structure", f"chronicle {f.get('from')} {str(f.get('text'))[:20]}")


def _same_entry(wanted: Proposal, found: Proposal) -> bool:
    """By words of the entry, or by its first day where a case carries no words."""
    if "has" in wanted:
        return plain(wanted["has"]) in plain(found.get("text"))
    return plain(wanted["from"]) == plain(found.get("from"))


def load(folder: Path) -> list[dict[str, Any]]:
    """Every case of a folder; a file holds one case or a list of cases."""
    cases: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        cases += data if isinstance(data, list) else [data]
    return cases


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
    print(f"\n{len(cases)} cases, {len(cases) - len(sheet.misses)} without a miss\n{sheet.table()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
