"""Rows of task tables and scoring tables → tasks, and the sum of the scores.

Reads the body's paragraphs; writes the tables' tasks, doubts and the paragraphs that belong to no table.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from luoshi.gazette.parse.cells import Cell, column_kind, head_row, is_serial, split_row
from luoshi.gazette.parse.deadlines import none, read_deadline
from luoshi.gazette.parse.labels import ROLES
from luoshi.gazette.parse.paragraphs import Paragraph
from luoshi.gazette.parse.roles import Roles, read_roles
from luoshi.gazette.parse.rules import Rules
from luoshi.gazette.parse.spans import doubt
from luoshi.gazette.parse.targets import find_targets

# 满分100分   总分120分   共计100分   （100分）
_TOTAL = re.compile(
    r"(?:满分|总分|总计|共计?|合计|总分值|实行|采用)(?:值|为|设|：|，|制)*\s?(\d{2,4})\s?分(?:制)?|(百分制)|（(\d{2,4})\s?分）"
)
_TOTAL_ROW = re.compile(r"合\s?计|总\s?计|总\s?分")
_SUM = re.compile("合计|总计|小计")
_WORDS = re.compile(r"[^-:\s]")
_SCORE = re.compile(r"\d{1,3}(?:\.\d)?")


@dataclass
class Tables:
    """What the tables of one body gave."""

    tasks: list[dict[str, Any]] = field(default_factory=list)
    doubts: list[dict[str, Any]] = field(default_factory=list)


def read_tables(body: list[Paragraph], title: str, year: int | None, rules: Rules) -> tuple[Tables, set[int]]:
    """Return the tables' tasks and the ids of the paragraphs that belong to no table."""
    tables, taken = Tables(), set()
    n = 0
    while n < len(body):
        head = _head(body, n)
        if head is None:
            n += 1
            continue
        kinds, at = head
        if not set(kinds) & ROLES:
            kinds = ["responsible" if k == "scorer" else k for k in kinds]
        rows, end = _rows(body, at, kinds)
        if not rows:
            n += 1
            continue
        taken |= {id(p) for p in body[n:end]}
        _read_rows(rows, kinds, year, rules, tables)
        _check_scores(
            rows,
            kinds,
            [title, *(p.text for p in body[max(0, n - 6) : n]), *(p.text for p in body[end : end + 3])],
            tables,
        )
        n = end
    return tables, {id(p) for p in body} - taken


def _head(body: list[Paragraph], n: int) -> tuple[list[str], int] | None:
    if body[n].kind == "cell":
        kinds: list[str] = []
        while n < len(body) and body[n].kind == "cell" and (kind := column_kind(body[n].text)) is not None:
            if kind == "serial" and kinds:
                break
            kinds.append(kind)
            n += 1
        return (kinds, n) if len(kinds) >= 3 else None
    found = head_row(body[n])
    return (found[1], n + 1) if found else None


def _rows(body: list[Paragraph], at: int, kinds: list[str]) -> tuple[list[list[Cell]], int]:
    rows: list[list[Cell]] = []
    n = at
    if at < len(body) and body[at].kind == "cell":
        return _cell_rows(body, at, len(kinds))
    while n < len(body):
        if head_row(body[n]) is not None:
            n += 1
            continue
        cells = split_row(body[n], len(kinds))
        if len(cells) < 2 or len(cells) > len(kinds) + 1 or (len(cells) < len(kinds) - 1 and "\t" not in body[n].text):
            break
        rows.append(cells)
        n += 1
    return rows, n


def _cell_rows(body: list[Paragraph], at: int, width: int) -> tuple[list[list[Cell]], int]:
    rows: list[list[Cell]] = []
    n = at
    while n < len(body) and body[n].kind == "cell":
        cell = Cell(body[n], 0, len(body[n].text))
        if cell.text.strip(" .、") == str(len(rows) + 1):
            rows.append([cell])
        elif rows:
            rows[-1].append(cell)
        n += 1
    return [_fit(row, width) for row in rows], n


def _fit(row: list[Cell], width: int) -> list[Cell]:
    """A row with too many cells has text broken over lines: the surplus belongs to its second cell."""
    return row if len(row) <= width else [row[0], row[1], *row[2 + len(row) - width :]]


def _read_rows(rows: list[list[Cell]], kinds: list[str], year: int | None, rules: Rules, tables: Tables) -> None:
    if not set(kinds) & ROLES:
        return
    for row in rows:
        pairs = list(zip(kinds, row, strict=False))
        serial = next((c.text.rstrip(".、") for k, c in pairs if k == "serial" and c.text), None)
        words = [c for k, c in pairs if k == "text" and c.text]
        if not _WORDS.search("".join(c.text for c in row)):
            continue
        if not words or (len(row) == 1 and not is_serial(row[0].text)):
            continue
        if serial in ("合计", "总计", "小计"):
            continue
        tables.tasks.append(_task(pairs, serial, words, year, rules, tables.doubts))


def _task(
    pairs: list[tuple[str, Cell]],
    serial: str | None,
    words: list[Cell],
    year: int | None,
    rules: Rules,
    doubts: list[Any],
) -> dict[str, Any]:
    first, last = pairs[0][1], pairs[-1][1]
    at = first.para.start
    roles = _roles(pairs, rules.first_leads(at))
    if not roles.names:
        stop = last.end if last.para is first.para else len(first.para.text)
        doubts.append(doubt("no_unit", first.para.span(first.start, stop), "表中这一行没有单位。"))
    deadline = _deadline(pairs, year, doubts)
    if deadline["kind"] == "none":
        deadline = rules.deadline_at(at) or deadline
    return {
        "path": f"表/{serial}" if serial else "表",
        "number": serial,
        "sub": None,
        "heading": words[0].para.printed(words[0].start, words[0].end) if len(words) > 1 else None,
        "text": "；".join(c.para.printed(c.start, c.end) for c in words),
        "span": [first.para.place(first.start), last.para.place(max(last.end - 1, 0)) + 1],
        "lead": roles.lead,
        "support": roles.support,
        "responsible": roles.responsible,
        "mode": roles.mode,
        "open_ended": roles.open_ended,
        "deadline": deadline,
        "targets": [t for c in words for t in find_targets(c.para, c.start, c.end)],
    }


def _roles(pairs: list[tuple[str, Cell]], first_leads: bool) -> Roles:
    roles = Roles()
    for kind, cell in pairs:
        if kind in ROLES and cell.text not in ("", "/", "-", "--", "无"):
            roles.raw = cell.para.raw
            role = "responsible" if kind == "guide" else kind
            read_roles(cell.para.text, cell.start, cell.end, role, roles)
    roles.settle(first_leads)
    return roles


def _deadline(pairs: list[tuple[str, Cell]], year: int | None, doubts: list[Any]) -> dict[str, Any]:
    for kind, cell in pairs:
        if kind == "deadline" and cell.text:
            words, printed = cell.para.text[cell.start : cell.end], cell.para.raw[cell.start : cell.end]
            deadline, more = read_deadline(words, printed, year)
            doubts += [doubt(k, cell.para.span(cell.start, cell.end), "表中这一格的时限请核对。") for k in more]
            return deadline
    return none()


def _check_scores(rows: list[list[Cell]], kinds: list[str], around: list[str], tables: Tables) -> None:
    """Compare the sum of the score column with the total that the words around the table declare."""
    if "score" not in kinds:
        return
    at = kinds.index("score")
    total = next((t for words in around if (t := declared_total(words)) is not None), _total_row(rows, at, around))
    scores = [
        row[at] for row in rows if len(row) > at and not _SUM.search(row[0].text + row[min(1, len(row) - 1)].text)
    ]
    if any(_arabic(row) for row in rows):
        scores = [row[at] for row in rows if len(row) > at and _arabic(row)]
    figures = [float(f.group()) for c in scores if (f := _SCORE.match(c.text))]
    if total is not None and figures and abs(sum(figures) - total) > 1e-6:
        cell = scores[0]
        words = f"各项分值合计 {sum(figures):g} 分，与满分 {total:g} 分不符，请核对。"
        tables.doubts.append(doubt("score_sum", cell.para.span(cell.start, cell.end), words))


def _total_row(rows: list[list[Cell]], at: int, around: list[str]) -> float | None:
    """The figure of the row 合计: in the score column, or, one cell a line, in the line after that word."""
    for row in rows:
        if _TOTAL_ROW.fullmatch(row[0].text or (row[1].text if len(row) > 1 else "")):
            found = next((f for c in row[at : at + 1] if (f := _SCORE.fullmatch(c.text))), None)
            return float(found.group()) if found else None
    for word, figure in pairwise(around):
        if _TOTAL_ROW.fullmatch(word) and _SCORE.fullmatch(figure):
            return float(figure)
    return None


def _arabic(row: list[Cell]) -> bool:
    """一 基本医疗 40 is the sum of its group; 1 门急诊服务 25 is an item."""
    return row[0].text.rstrip(".、").isdecimal()


def declared_total(words: str) -> int | None:
    """Return 100 of 满分100分 or 百分制."""
    found = _TOTAL.search(words) if "分" in words else None
    if found is None:
        return None
    return 100 if found.group(2) else int(found.group(1) or found.group(3))
