"""The papers of supervision in 公文 layout: what each says, its gapless number, and how a stored one is set.

A paper is stored as it was issued and never changes; a step that falls away keeps its number.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from luoshi.core.clause import SUBJECT_OF_PREFIX
from luoshi.office import door, register
from luoshi.office.actions import Call
from luoshi.office.papers import docx, pdf
from luoshi.office.papers.model import Heading, Paper, Paragraph, Signature, chinese_date
from luoshi.office.people.models import County, Unit
from luoshi.supervision.load import scheme
from luoshi.supervision.load.models import OfficePaper, PaperSeries
from luoshi.supervision.load.scheme import PaperKind

Body = list[dict[str, str]]
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def issue(
    call: Call, kind: PaperKind, unit: Unit, title: str, body: Body, **about: Any
) -> OfficePaper:  # fmt: skip
    """Take the next number of the paper's series and store the paper, within the running action."""
    assert door.inside(), "papers are issued by an action"
    county = County.objects.get(pk=call.actor.county_id)
    letters, year = scheme.on(call.today).letter(county.code, kind), call.today.year
    issuer = Unit.objects.get(pk=call.actor.unit_id or 0)
    return OfficePaper.objects.create(
        county=county, kind=kind, letters=letters, year=year, number=_next(county.pk, letters, year), unit=unit,
        issuer=issuer.name_zh, recipient=unit.name_zh, title=title[:400], body=body, issued_on=call.today, **about,
    )  # fmt: skip


def _next(county_id: int, letters: str, year: int) -> int:
    """Return the next number; the series' row stays locked until the action ends, so that no number is lost."""
    PaperSeries.objects.bulk_create(
        [PaperSeries(county_id=county_id, letters=letters, year=year)], ignore_conflicts=True
    )
    series = PaperSeries.objects.select_for_update().get(county_id=county_id, letters=letters, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last


def heading(text: str) -> dict[str, str]:
    """Return a heading of a paper's body."""
    return {"heading": text}


def text(words: str) -> dict[str, str]:
    """Return a paragraph of a paper's body."""
    return {"text": words}


def numbered(parts: Sequence[tuple[str, Sequence[str]]]) -> Body:
    """Return a body of headings, each with its paragraphs; parts without a paragraph are left out."""
    body: Body = []
    for title, paragraphs in parts:
        if any(paragraphs):
            body += [heading(title), *(text(one) for one in paragraphs if one)]
    return body


def clause_line(plan_name: str, clause_ids: Sequence[str]) -> str:
    """Return the clause a paper rests on, as a reader of the printed text finds it."""
    for clause_id in clause_ids:
        if clause_id.partition("-")[0] in SUBJECT_OF_PREFIX:
            found = register.clause(clause_id)
            return f"《{plan_name}》{found.section}（{found.zh}，条款编号{clause_id}）。"
    return f"《{plan_name}》。"


def day(value: dt.date | None) -> str:
    """Return a day as papers print it."""
    return chinese_date(value) if value else "未定"


def model_of(row: OfficePaper) -> Paper:
    """Return a stored paper as the engines set it."""
    number, blocks = 0, []
    for one in row.body:
        if "heading" in one:
            number += 1
            blocks.append(Heading(one["heading"], 1, number))
        else:
            blocks.append(Paragraph(one["text"]))  # type: ignore[arg-type]
    return Paper(
        row.title, [*blocks, Signature(row.issuer, row.issued_on)], mark=row.issuer, number=row.document_number,
        recipients=[row.recipient],
    )  # fmt: skip


def set_as(row: OfficePaper, kind: str) -> bytes:
    """Return a stored paper as ``docx`` or ``pdf``; the same paper gives the same bytes."""
    paper = model_of(row)
    return docx.render(paper) if kind == "docx" else pdf.render(paper, unknown_letters="geta")
