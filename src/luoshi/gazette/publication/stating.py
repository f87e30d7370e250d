"""What the page of a document says the text states: approval, basis, formula, request, enclosure, scope and start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from luoshi.core.words import Words
from luoshi.gazette.publication import enclosures, execution, forwarding
from luoshi.gazette.publication.citations import Citation
from luoshi.gazette.publication.documents import interpretation_span
from luoshi.gazette.publication.masking import masked
from luoshi.gazette.publication.tree import Section
from luoshi.office.plans.models import Document

_MOST_ANNEXES = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is, the words printed (with an address where they lead somewhere), the clause it rests on."""

    label: Words
    values: tuple[tuple[str, str], ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a document and, for what does not agree, a sentence each."""

    rows: tuple[Row, ...]
    differing: tuple[Words, ...]


def stated(
    document: Document, links: Mapping[str, str], sections: Sequence[Section], *, officer: bool = False
) -> Sheet:
    """Return what a document states, always masked. ``links``: cited number or title → address.

    Officers also see the formula a notice without one would get from the template.
    """
    start, end = own_span(document)
    told_at = interpretation_span(document)
    reach = told_at or (start, end)
    text = shown_text(document, min(start, reach[0]), max(end, reach[1]))
    own = execution.execution(text, document.issued_on, start, end)
    told = execution.execution(text, document.issued_on, *told_at) if told_at else execution.Execution(None, None)
    rows = (
        *_notice(document, text, (start, end), links, officer),
        *_enclosure(document, text, (start, end), sections),
        *_execution(own, Words("", "")),
        *_execution(told, Words("（解读）", " (interpretation)")),
    )
    return Sheet(tuple(row for row in rows if row.values), execution.compare(own, told))


def shown_text(document: Document, start: int, end: int) -> str:
    """Return the text from its beginning to ``end`` with names and contacts masked, blank before ``start``."""
    return " " * start + masked(document.text[start:end])


def own_span(document: Document) -> tuple[int, int]:
    """Return where the document's own words stand, cut before an interpretation that is printed inside them."""
    told = interpretation_span(document)
    inside = told is not None and document.span_from <= told[0] < document.span_to
    return document.span_from, told[0] if told and inside else document.span_to


def _notice(
    document: Document, text: str, span: tuple[int, int], links: Mapping[str, str], officer: bool
) -> tuple[Row, ...]:
    start, end = span[0], enclosures.notice_end(text, document.title_zh, *span)
    approved = forwarding.approval(text, start, end)
    printed = forwarding.forwards(text, start, end)
    asked = forwarding.execution_request(text, start, end)
    rows = [
        Row(Words("审批机关", "Approved by"), _one(approved.body), "GAZ-N-5"),
        Row(
            Words("贯彻或依据的文件", "Carries out or rests on"),
            tuple((c.printed, _address(c, links)) for c in approved.superior),
            "GAZ-N-5",
        ),
        Row(Words("印发用语", "Forwarding formula"), _one(printed), "GAZ-N-6"),
        Row(Words("贯彻执行要求", "Request to carry out"), _one(asked), "GAZ-N-7"),
    ]
    found = enclosures.enclosed(text, document.title_zh, *span)
    if officer and printed is None and found is not None:
        edition = found.edition.words if found.edition else ""
        by = approved.body.words if approved.body else ""
        words = forwarding.formula(found.title.words, edition, approved_by=by)
        rows.append(Row(Words("印发用语（按模板拟）", "Formula from the template"), ((words, ""),), "GAZ-N-6"))
    return tuple(rows)


def _enclosure(document: Document, text: str, span: tuple[int, int], sections: Sequence[Section]) -> tuple[Row, ...]:
    found = enclosures.enclosed(text, document.title_zh, *span)
    if found is None:
        return ()
    whole = found.title.words + (found.edition.words if found.edition else "")
    first = next((s for s in sections if s.start >= found.body[0]), None)
    annexes = tuple((f"附件{a.number} {a.title}", "") for a in found.annexes[:_MOST_ANNEXES])
    return (
        Row(Words("附发文件", "Enclosure"), ((whole, _clause(document, first)),), "GAZ-N-11"),
        Row(Words("附件", "Annexes"), annexes, "GAZ-N-11"),
    )


def _execution(found: execution.Execution, whose: Words) -> tuple[Row, ...]:
    begun = found.start
    day = f"（{begun.on.isoformat()}）" if begun and begun.on else ""
    return (
        Row(Words(f"执行范围{whose.zh}", f"Scope{whose.en}"), _one(found.scope), "GAZ-P-5"),
        Row(
            Words(f"实施时间{whose.zh}", f"In force from{whose.en}"),
            ((begun.stated.words + day, ""),) if begun else (),
            "GAZ-P-5",
        ),
    )


def _one(found: forwarding.Stated | None) -> tuple[tuple[str, str], ...]:
    return ((found.words, ""),) if found else ()


def _address(cited: Citation, links: Mapping[str, str]) -> str:
    return links.get(cited.number) or links.get(cited.title, "")


def _clause(document: Document, section: Section | None) -> str:
    return f"/d/{document.code}/c/{section.path}" if section else ""
