"""The week's sheet as a paper of one page: shorter lists until it fits. Pure but for the setting of the pdf."""

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader

from luoshi.core.words import Words
from luoshi.office.papers import pdf
from luoshi.office.papers.model import Block, Paper, Table
from luoshi.supervision.outlook.queries.week import Week

LINES = (6, 5, 4, 3, 2, 1)
COLUMNS = ("类别", "事项", "期限", "情况")


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
    """Return the figures and one table of everything, with at most ``lines`` lines a list."""
    counts = Table([f["label"].zh for f in figures], [[str(f["value"]) for f in figures]])
    return [counts, Table(COLUMNS, list(_rows(found, waits, lines)))]


def _rows(found: Week, waits: list[dict[str, Any]], lines: int) -> Iterator[list[str]]:
    for n, one in enumerate(found.decisions, 1):
        yield [f"请定{n}", one.question.zh, "", one.ground.zh]
    if not found.decisions:
        yield ["请定", "没有需要县领导定的事", "", ""]
    unkept = found.promised["open"] + found.promised["stopped"]
    for name, count, items in (("逾期", found.late_total, found.late), ("本周未兑现", unkept, found.unkept)):
        for item in items[:lines]:
            yield [f"{name}（共{count}）", item.row.heading.zh, _day(item.row), item.why.zh]
    for row in found.coming[:lines]:
        yield [f"下周（共{found.coming_total}）", row.heading.zh, _day(row), row.units]
    for wait in waits:
        since = f"自{wait['since'].month}月{wait['since'].day}日"
        yield ["等待", wait["words"].zh, since, f"{wait['count']}项：{'、'.join(one.zh for one in wait['most'])}"]


def _day(row: Any) -> str:
    return f"{row.due_on.month}月{row.due_on.day}日" if row.due_on else ""
