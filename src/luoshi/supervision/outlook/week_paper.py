"""The week's sheet as a paper of one page: shorter lists until it fits. Pure but for the setting of the pdf."""

import io
from typing import Any

from pypdf import PdfReader

from luoshi.core.words import Words
from luoshi.office.papers import pdf
from luoshi.office.papers.model import Block, Heading, Paper, Paragraph, Table
from luoshi.supervision.outlook.queries.week import Item, Week

LINES = (6, 5, 4, 3, 2, 1)


def one_page(
    found: Week, title: Words, county: Words, figures: list[dict[str, Any]], waits: list[dict[str, Any]]
) -> bytes:
    """Return the pdf with as many lines a list as fit on one page; the counts stand whatever is left out."""
    body = b""
    for lines in LINES:
        paper = Paper(f"{county.zh}{title.zh}", blocks(found, figures, waits, lines), page_numbers=False)
        body = pdf.render(paper, unknown_letters="geta")
        if len(PdfReader(io.BytesIO(body)).pages) == 1:
            break
    return body


def blocks(found: Week, figures: list[dict[str, Any]], waits: list[dict[str, Any]], lines: int) -> list[Block]:
    """Return the sheet's blocks with at most ``lines`` lines a list."""
    made: list[Block] = [
        Table([f["label"].zh for f in figures], [[str(f["value"]) for f in figures]]),
        *_listed("逾期未办结", found.late_total, found.late, lines),
        *_listed("本周未兑现", found.promised["open"] + found.promised["stopped"], found.unkept, lines),
    ]
    if found.coming:
        made.append(Heading(f"下周到期（共{found.coming_total}项）", 2))
        rows = [[row.heading.zh, row.units, _day(row)] for row in found.coming[:lines]]
        made.append(Table(["事项", "责任单位", "期限"], rows))
    if waits:
        made.append(Heading("谁在等谁", 2))
        rows = [
            [w["words"].zh, str(w["count"]), f"{w['since'].month}月{w['since'].day}日", _names(w["most"])]
            for w in waits
        ]
        made.append(Table(["等待", "项数", "最早自", "主要单位"], rows))
    made.append(Heading("请定事项", 2))
    for n, one in enumerate(found.decisions, 1):
        made.append(Paragraph(f"{n}. {one.question.zh}{one.ground.zh}"))
    if not found.decisions:
        made.append(Paragraph("本周没有需要县领导定的事项。"))
    return made


def _listed(name: str, count: int, items: list[Item], lines: int) -> list[Block]:
    if not items:
        return []
    rows = [[one.row.heading.zh, _day(one.row), one.why.zh] for one in items[:lines]]
    return [Heading(f"{name}（共{count}项）", 2), Table(["事项", "期限", "为什么"], rows)]


def _day(row: Any) -> str:
    return f"{row.due_on.month}月{row.due_on.day}日" if row.due_on else ""


def _names(most: list[Words]) -> str:
    return "、".join(one.zh for one in most)
