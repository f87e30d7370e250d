"""Keeping the search index and the register of cited documents beside the documents. Called inside actions.

Signals of Document and Proposal call ``refresh_document`` and ``refresh_issue`` in the transaction that wrote them, so
that no action can forget; ``write`` is the bulk path. Only the newest standing version of a document is in the index.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from luoshi.gazette.publication import folding, marks
from luoshi.gazette.publication.citations import citations
from luoshi.gazette.publication.masking import masked
from luoshi.gazette.publication.records import CitedDocument, SearchRow
from luoshi.gazette.publication.tree import is_furniture
from luoshi.office import door
from luoshi.office.plans.models import Document

_COLUMNS = (
    "id",
    "county_id",
    "kind",
    "source_id",
    "code",
    "title",
    "number",
    "issuer",
    "day",
    "disclosure",
    "head",
    "body",
    "words",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to be found. ``text`` is as printed; it is masked here and never leaves unmasked."""

    county_id: int
    kind: str
    source_id: int
    code: str
    title: str
    number: str
    issuer: str
    day: dt.date | None
    disclosure: str
    text: str


def refresh_document(county_id: int, code: str) -> None:
    """Index the newest standing version of a document and drop the rows of its other versions."""
    versions = list(Document.objects.filter(county_id=county_id, code=code).order_by("version"))
    standing = [d for d in versions if d.replaced_on is None] or versions
    drop(county_id, ("document", "interpretation"), [d.pk for d in versions])
    if standing:
        write(entries_of(standing[-1]))
        refresh_citations(standing[-1])


def refresh_issue(issue: Any) -> None:
    """Index the chronicle of an issue anew."""
    rows = list(issue.chronicle.all())
    drop(issue.county_id, ("chronicle",), [r.pk for r in rows])
    write(
        Entry(
            issue.county_id,
            "chronicle",
            r.pk,
            f"{issue.year}/{issue.number}",
            f"{issue.title} {issue.year}年第{issue.number}期",
            "",
            "",
            r.from_on,
            "proactive",
            r.text,
        )
        for r in rows
    )


def entries_of(document: Document) -> list[Entry]:
    """Return what of a document is to be found: its text and its interpretation, each apart."""
    start, end = document.span_from, document.span_to
    told = (document.interpretation_from, document.interpretation_to)
    words = document.text[start:end]
    if told[0] is not None and told[1] is not None and start <= told[0] < end:
        words = document.text[start : told[0]] + "\n\n" + document.text[told[1] : end]
    base: dict[str, Any] = {
        "county_id": document.county_id,
        "source_id": document.pk,
        "code": document.code,
        "issuer": document.issuer_zh,
        "day": document.issued_on,
        "disclosure": document.disclosure,
    }
    words = "\n".join(line for line in words.split("\n") if not is_furniture(line))
    number = document.number or document.number_printed
    found = [Entry(kind="document", title=document.title_zh, number=number, text=words, **base)]
    if told[0] is not None and told[1] is not None:
        title = document.interpretation_title or f"《{document.title_zh}》政策解读"
        found.append(
            Entry(kind="interpretation", title=title, number="", text=document.text[told[0] : told[1]], **base)
        )
    return found


def refresh_citations(document: Document) -> None:
    """Keep what a document cites, with its places."""
    CitedDocument.objects.filter(citing__county_id=document.county_id, citing__code=document.code).delete()
    own = document.number or document.number_printed
    CitedDocument.objects.bulk_create(
        [
            CitedDocument(
                county_id=document.county_id,
                citing=document,
                title=c.title[:300],
                number=c.number[:80],
                printed=c.printed[:400],
                span_from=document.span_from + c.start,
                span_to=document.span_from + c.end,
            )
            for c in citations(document.text[document.span_from : document.span_to])
            if not (c.number and not c.title and c.printed == own)
        ],
        batch_size=500,
    )


def write(entries: Iterable[Entry]) -> int:
    """Add rows to the index; return how many. A row of the same source must have been dropped before."""
    assert door.inside(), "the index is written by the action that writes the document"
    rows, grams = [], []
    for entry in entries:
        row = _row(entry)
        rows.append(row)
        grams.append(
            (
                row,
                marks.marks_of(
                    entry.county_id, entry.kind, entry.disclosure, entry.day, entry.issuer, entry.code, row.pk
                ),
            )
        )
    if connection.vendor == "postgresql":
        _write_postgresql(grams)
    else:
        SearchRow.objects.bulk_create(rows, batch_size=50)
        _write_sqlite(grams)
    return len(rows)


def _row(entry: Entry) -> SearchRow:
    beside = folding.fold_beside(masked(entry.text))
    return SearchRow(
        id=marks.row_key(entry.kind, entry.source_id, entry.day),
        county_id=entry.county_id,
        kind=entry.kind,
        source_id=entry.source_id,
        code=entry.code,
        title=entry.title[:400],
        number=entry.number,
        issuer=entry.issuer,
        day=entry.day,
        disclosure=entry.disclosure,
        head=folding.fold(f"{entry.title} \u241e {entry.number}"),
        body=beside.folded,
        words=beside.words,
    )


def index_again() -> None:
    """Make the grams of all stored rows anew; run after a restore, which brings rows and no index."""
    rows = [
        (row, marks.marks_of(row.county_id, row.kind, row.disclosure, row.day, row.issuer, row.code, row.pk))
        for row in SearchRow.objects.iterator(200)
    ]
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO gazette_searchgram (gazette_searchgram) VALUES ('delete-all')")
        _write_sqlite(rows)
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE gazette_searchrow SET head_grams = %s, body_grams = %s WHERE id = %s",
            [(*_gram_lists(row, own), row.pk) for row, own in rows],
        )


def _gram_lists(row: SearchRow, own: list[int]) -> tuple[list[int], list[int]]:
    head = folding.grams_of_text(row.head)
    return sorted({*head, *own}), sorted({*head, *folding.grams_of_text(row.body), *own})


def _write_postgresql(rows: Sequence[tuple[SearchRow, list[int]]]) -> None:
    names = ", ".join((*_COLUMNS, "head_grams", "body_grams"))
    holes = ", ".join(["%s"] * (len(_COLUMNS) + 2))
    values = []
    for row, own in rows:
        values.append((*(getattr(row, name) for name in _COLUMNS), *_gram_lists(row, own)))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO gazette_searchrow ({names}) VALUES ({holes})", values)  # noqa: S608 - names of ours


def _write_sqlite(rows: Sequence[tuple[SearchRow, list[int]]]) -> None:
    tokens = [(row.pk, *_tokens(row, own)) for row, own in rows]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO gazette_searchgram (rowid, head, body, marks) VALUES (%s, %s, %s, %s)", tokens)
        cursor.executemany(
            "INSERT INTO gazette_searchhead (rowid, head, marks) VALUES (%s, %s, %s)",
            [(pk, head, own) for pk, head, _, own in tokens],
        )


def _tokens(row: SearchRow, own: list[int]) -> tuple[str, str, str]:
    return (
        folding.tokens_of_text(row.head),
        folding.tokens_of_text(row.body),
        " ".join(marks.token(m) for m in own),
    )


def drop(county_id: int, kinds: Sequence[str], source_ids: Sequence[int]) -> None:
    """Take rows out of the index."""
    assert door.inside(), "the index is written by the action that writes the document"
    rows = SearchRow.objects.filter(county_id=county_id, kind__in=kinds, source_id__in=list(source_ids))
    if connection.vendor != "postgresql":
        # A contentless table forgets a row only when told its tokens again.
        gone = [
            (
                row.pk,
                *_tokens(
                    row, marks.marks_of(row.county_id, row.kind, row.disclosure, row.day, row.issuer, row.code, row.pk)
                ),
            )
            for row in rows
        ]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO gazette_searchgram (gazette_searchgram, rowid, head, body, marks) "
                "VALUES ('delete', %s, %s, %s, %s)",
                gone,
            )
            cursor.executemany(
                "INSERT INTO gazette_searchhead (gazette_searchhead, rowid, head, marks) VALUES ('delete', %s, %s, %s)",
                [(pk, head, own) for pk, head, _, own in gone],
            )
    rows.delete()


def rebuild(county_id: int) -> int:
    """Make the whole index of a county anew; return the number of documents."""
    from luoshi.gazette.models import Issue

    held = SearchRow.objects.filter(county_id=county_id)
    for kind in marks.KINDS:
        drop(county_id, (kind,), list(held.filter(kind=kind).values_list("source_id", flat=True)))
    codes = list(Document.objects.filter(county_id=county_id).values_list("code", flat=True).distinct())
    for code in codes:
        refresh_document(county_id, code)
    for issue in Issue.objects.filter(county_id=county_id):
        refresh_issue(issue)
    return len(codes)
