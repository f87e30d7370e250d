"""The open export of a scoring: scheme, calendar, facts, results, and the script that recomputes them, in one zip."""

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

from luoshi.core.calendar import default_calendar
from luoshi.supervision.scores.models import Scoresheet, Scoring

FORMAT = "luoshi-scores-1"
SCRIPT = Path(__file__).with_name("recompute.py")
_MOMENT = (1980, 1, 1, 0, 0, 0)
README = """落实 评分公开数据 / Luoshi: open data of a scoring

python recompute.py THIS.zip [单位代码 unit code]
0 一致 equal · 1 不一致，指出哪一行 differs, the line is named · 2 不是评分数据 not such an export

scheme.json   评分办法：权重、折算、最低项数 the scheme: weights, credits, minimum
calendar.csv  工作日 working days
facts.json    每个单位的事实 the facts of each unit
facts.csv     同上，表格 the same as a table
results.json  公布的结果，逐项 what was published, line by line
results.csv   各单位得分与名次 score and place of each unit
"""
_FACT_HEADS = (
    "unit", "item", "title", "task", "role", "opened_on", "promised_on", "due_on", "state", "closed_on", "op", "value",
    "reached", "reached_on", "concluded_on", "result", "late_days", "done_on", "excused_days", "moves", "reports",
    "waits", "faults", "corrections",
)  # fmt: skip


def write(out: IO[bytes], scoring: Scoring, sheets: Sequence[Scoresheet], whole: bool) -> None:
    """Write the zip for these sheets; ``whole`` says that they are all, so that places can be checked too.

    The same scoring gives the same bytes.
    """
    facts: dict[str, list[dict[str, Any]]] = {s.unit.code: json.loads(s.facts) for s in sheets}
    lines: dict[str, list[dict[str, Any]]] = {s.unit.code: json.loads(s.lines) for s in sheets}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in (
            ("README.txt", README),
            ("recompute.py", SCRIPT.read_text("utf-8")),
            ("scheme.json", _json(scoring.scheme)),
            ("calendar.csv", _calendar(scoring, facts.values())),
            ("facts.json", _json(facts)),
            ("facts.csv", _facts_csv(facts, lines)),
            ("results.json", _json(_results(scoring, sheets, lines, whole))),
            ("results.csv", results_csv(sheets)),
        ):
            made = zipfile.ZipInfo(name, _MOMENT)
            made.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(made, text)


def _results(
    scoring: Scoring, sheets: Iterable[Scoresheet], lines: dict[str, list[dict[str, Any]]], whole: bool
) -> dict[str, Any]:
    units = {
        s.unit.code: {
            "name": s.unit.short_zh, "group": s.group, "score": s.result["score"], "due": s.due, "place": s.place,
            "counts": s.result["counts"], "parts": s.result["parts"], "digest": s.digest,
            "lines": lines[s.unit.code],
        }
        for s in sheets
    }  # fmt: skip
    return {
        "format": FORMAT, "from_on": str(scoring.from_on), "to_on": str(scoring.to_on), "scope": scoring.scope,
        "version": scoring.version, "run_on": str(scoring.run_on), "digest": scoring.digest, "whole": whole,
        "units": units,
    }  # fmt: skip


def _calendar(scoring: Scoring, facts: Iterable[Iterable[dict[str, Any]]]) -> str:
    """Return the days from the earliest that any fact names to well past the period's end."""
    days = {scoring.from_on, scoring.to_on, *(d for rows in facts for row in rows for d in _named(row))}
    first, last = min(days), max(days)
    calendar, out = default_calendar(), io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("day", "working", "provisional"))
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = dt.date.fromordinal(ordinal)
        writer.writerow((day, int(calendar.is_working(day)), int(calendar.is_provisional(day))))
    return out.getvalue()


def _named(row: dict[str, Any]) -> Iterable[dt.date]:
    """Return the days one fact names."""
    plain = [row.get(k) for k in ("opened_on", "promised_on", "due_on", "closed_on", "reached_on", "concluded_on")]
    plain += [t for move in row.get("moves", ()) for t in move[1:]]
    plain += [t for _, on, _, decided in row.get("reports", ()) for t in (on, decided)]
    plain += [t for _, a, b, _ in row.get("waits", ()) for t in (a, b)]
    plain += [t for fault in row.get("faults", ()) for t in fault]
    plain += [c["on"] for c in row["corrections"]]
    return (dt.date.fromisoformat(text) for text in plain if text)


def _facts_csv(facts: dict[str, list[dict[str, Any]]], lines: dict[str, list[dict[str, Any]]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_FACT_HEADS)
    for unit, rows in facts.items():
        for row, line in zip(rows, lines[unit], strict=True):
            merged = {
                **row,
                **line,
                "unit": unit,
                "title": row["zh"],
                "excused_days": sum(n for _, n in line["excused"]),
            }
            writer.writerow([_cell(merged.get(head)) for head in _FACT_HEADS])
    return "\ufeff" + out.getvalue()


def results_csv(sheets: Iterable[Scoresheet]) -> str:
    """Return score and place of each unit as a table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heads = ("unit", "name", "group", "score", "place", "due")
    counts = ("done_on_time", "done_late", "overdue_now", "report_approved", "report_returned", "target_reached",
              "target_missed", "check_sound", "check_faulty")  # fmt: skip
    writer.writerow((*heads, *counts))
    for s in sheets:
        figures = [s.result["counts"].get(name, 0) for name in counts]
        score = "" if s.score is None else s.score
        place = "" if s.place is None else s.place
        writer.writerow([_cell(s.unit.code), _cell(s.unit.short_zh), s.group, score, place, s.due, *figures])
    return "\ufeff" + out.getvalue()


def _cell(value: Any) -> Any:
    """Return a cell; what a spreadsheet program would run as a formula is kept from it."""
    if isinstance(value, list):
        value = _json(value) if value else ""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=None, separators=(",", ":"), sort_keys=True)
