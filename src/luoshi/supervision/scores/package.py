"""The open export of a scoring: scheme, calendar, facts, results, and the script that recomputes them, in one zip."""

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
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

    The same scoring gives the same bytes. Large files are written sheet by sheet.
    """
    days = {scoring.from_on, scoring.to_on}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        _put(packed, "README.txt", [README])
        _put(packed, "recompute.py", [SCRIPT.read_text("utf-8")])
        _put(packed, "scheme.json", [_json(scoring.scheme)])
        _put(packed, "facts.json", _object((s.unit.code, s.facts) for s in sheets))
        _put(packed, "facts.csv", _facts_csv(sheets, days))
        _put(packed, "results.json", _results(scoring, sheets, whole))
        _put(packed, "results.csv", [results_csv(sheets)])
        _put(packed, "calendar.csv", [_calendar(min(days), max(days))])


def _put(packed: zipfile.ZipFile, name: str, pieces: Iterable[str]) -> None:
    made = zipfile.ZipInfo(name, _MOMENT)
    made.compress_type = zipfile.ZIP_DEFLATED
    with packed.open(made, "w") as file:
        for piece in pieces:
            file.write(piece.encode())


def _object(members: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield a JSON object whose values are JSON texts already."""
    between = "{"
    for key, text in members:
        yield f"{between}{_json(key)}:{text}"
        between = ","
    yield "}" if between == "," else "{}"


def _results(scoring: Scoring, sheets: Iterable[Scoresheet], whole: bool) -> Iterator[str]:
    head = _json({
        "format": FORMAT, "from_on": str(scoring.from_on), "to_on": str(scoring.to_on), "scope": scoring.scope,
        "version": scoring.version, "run_on": str(scoring.run_on), "digest": scoring.digest, "whole": whole,
    })  # fmt: skip
    yield f'{head[:-1]},"units":'
    yield from _object((s.unit.code, _unit(s)) for s in sheets)
    yield "}"


def _unit(s: Scoresheet) -> str:
    said = _json({
        "name": s.unit.short_zh, "group": s.group, "score": s.result["score"], "due": s.due, "place": s.place,
        "counts": s.result["counts"], "parts": s.result["parts"], "digest": s.digest,
    })  # fmt: skip
    return f'{said[:-1]},"lines":{s.lines}}}'


def _calendar(first: dt.date, last: dt.date) -> str:
    """Return the days from the earliest to the latest that the period or any fact names."""
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


def _facts_csv(sheets: Iterable[Scoresheet], days: set[dt.date]) -> Iterator[str]:
    """Yield the facts as a table, a sheet at a time; the days they name go into ``days``."""
    yield "\ufeff" + ",".join(_FACT_HEADS) + "\n"
    for sheet in sheets:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        for row, line in zip(json.loads(sheet.facts), json.loads(sheet.lines), strict=True):
            days.update(_named(row))
            excused = sum(n for _, n in line["excused"])
            merged = {**row, **line, "unit": sheet.unit.code, "title": row["zh"], "excused_days": excused}
            writer.writerow([_cell(merged.get(head)) for head in _FACT_HEADS])
        yield out.getvalue()


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
