"""A document as its page shows it: which version, its index fields, its words in paragraphs with citations and hits."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from luoshi.core.words import Words
from luoshi.gazette.models import TaskWords
from luoshi.gazette.publication import folding, tree
from luoshi.gazette.publication.citations import citations, enclosure, is_complete
from luoshi.gazette.publication.masking import masked
from luoshi.gazette.publication.visibility import Reader
from luoshi.office.plans.models import Clause, Document, Task

INTERPRETATION = "解读/"
_LONG = 9_000  # characters of one page: with its markup it stays under 60 KB


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words of one paragraph: plain, a hit of the search, or a citation with its address (if here)."""

    words: str
    kind: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One clause as a page shows it: the heading on a line of its own, or before the words that run on."""

    path: str
    level: int
    heading: str
    anchor: str
    paragraphs: tuple[tuple[Piece, ...], ...]
    tasks: tuple[Task, ...] = ()
    head: tuple[Piece, ...] = ()
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """The words of a document, ready to be cut: printed text, what readers see of it, citations and hits."""

    printed: str
    shown: str
    marks: tuple[tuple[int, int, str, str], ...] = field(default=())


def find(reader: Reader, code: str, day: dt.date | None = None, version: int | None = None) -> Document | None:
    """Return the version in force on ``day`` (the newest by default), or the numbered one; None where not listed."""
    rows = reader.listed(Document.objects.filter(code=code)).order_by("-version")
    if version is not None:
        return rows.filter(version=version).first()
    if day is not None:
        standing = rows.filter(Q(in_force_from__isnull=True) | Q(in_force_from__lte=day))
        return standing.filter(Q(replaced_on__isnull=True) | Q(replaced_on__gt=day)).first()
    return rows.filter(replaced_on__isnull=True).first() or rows.first()


def versions(reader: Reader, code: str) -> list[Document]:
    """Return all listed versions of a document, newest first."""
    rows = reader.listed(Document.objects.filter(code=code)).order_by("-version")
    return list(rows.defer("text"))


def index_number(document: Document, division: str) -> str:
    """Return the 索引号: division code, year, running number. Ours, stable for all versions of a document."""
    first = Document.objects.filter(county_id=document.county_id, code=document.code).order_by("version", "pk")
    number = first.values_list("pk", flat=True).first()
    year = document.issued_on.year if document.issued_on else 0
    return f"{division or '000000'}/{year:04d}-{number:05d}"


def validity(document: Document, day: dt.date) -> Words:
    """Return the 有效性 of a version on a day."""
    if document.replaced_on is not None and document.replaced_on <= day:
        return Words("已被新版本替代", "Replaced by a newer version")
    if document.in_force_from is not None and document.in_force_from > day:
        return Words("尚未生效", "Not yet in force")
    return Words("有效", "In force")


def outline_of(document: Document) -> tree.Outline:
    """Return the document's words cut by its clauses, the interpretation left out."""
    rows = document.clauses.exclude(path__startswith=INTERPRETATION).order_by("span_from", "pk")
    return tree.outline(
        document.text, (document.span_from, document.span_to), _clauses(rows), without=interpretation_span(document)
    )


def interpretation_of(document: Document) -> tree.Outline | None:
    """Return the interpretation's words cut by its clauses, or None."""
    span = interpretation_span(document)
    if span is None:
        return None
    rows = document.clauses.filter(path__startswith=INTERPRETATION).order_by("span_from", "pk")
    return tree.outline(document.text, span, _clauses(rows))


def interpretation_span(document: Document) -> tuple[int, int] | None:
    """Return where the interpretation stands in the text, or None."""
    start, end = document.interpretation_from, document.interpretation_to
    return (start, end) if start is not None and end is not None and end > start else None


def _clauses(rows: Any) -> list[tuple[str, int, str, int, int]]:
    return list(rows.values_list("path", "level", "heading", "span_from", "span_to"))


def words_of(
    document: Document, *, reveal: bool = False, query: str = "", links: Mapping[str, str] | None = None
) -> Sheet:
    """Return the document's whole text ready to be cut, masked unless ``reveal``. ``links``: citation key → address."""
    start, end = document.span_from, document.span_to
    told = interpretation_span(document)
    reach = (min(start, told[0]), max(end, told[1])) if told else (start, end)
    own = document.text[reach[0] : reach[1]]
    shown = own if reveal else masked(own)
    marks = [(h.start, h.end, "hit", "") for h in folding.find(shown, folding.terms(query), limit=200)]
    for cited in citations(own):
        href = next((links[k] for k in (cited.number, cited.title) if links and k in links), "")
        if href:
            marks.append((cited.start, cited.end, "cited", href))
    pad = "\x00" * reach[0]
    placed = tuple((a + reach[0], b + reach[0], kind, href) for a, b, kind, href in _apart(marks))
    return Sheet(document.text, pad + shown, placed)


def _apart(marks: list[tuple[int, int, str, str]]) -> list[tuple[int, int, str, str]]:
    kept: list[tuple[int, int, str, str]] = []
    for mark in sorted(marks, key=lambda m: (m[0], -m[1])):
        if not kept or mark[0] >= kept[-1][1]:
            kept.append(mark)
    return kept


def shown_paragraphs(words: Sheet, start: int, end: int) -> tuple[tuple[Piece, ...], ...]:
    """Return the paragraphs between two places, in pieces, with the breaks of the scan closed."""
    return tuple(_pieces(words, p.start, p.end) for p in tree.paragraphs(words.printed, start, end))


def _pieces(words: Sheet, start: int, end: int) -> tuple[Piece, ...]:
    found: list[Piece] = []
    at = start
    for begin, stop, kind, href in words.marks:
        if stop <= start or begin >= end:
            continue
        begin, stop = max(begin, at), min(stop, end)
        if begin > at:
            found.append(Piece(_closed(words.shown[at:begin])))
        found.append(Piece(_closed(words.shown[begin:stop]), kind, href))
        at = stop
    if at < end:
        found.append(Piece(_closed(words.shown[at:end])))
    return tuple(found)


_SCAN_BREAK = re.compile(r"(?<=[^\x00-\x7f])[ \r]*\n[ \r]*|[ \r]*\n[ \r]*(?=[^\x00-\x7f])")
_NOT_SHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _closed(words: str) -> str:
    return _NOT_SHOWN.sub("", _SCAN_BREAK.sub("", words).replace("\n", " "))


def anchor(path: str) -> str:
    """Return the id of a clause within its page."""
    return "c-" + re.sub(r"[\s/]+", ".", path)


def shown_sections(
    words: Sheet, sections: Sequence[tree.Section], tasks: Mapping[str, list[Task]]
) -> tuple[Shown, ...]:
    """Return clauses as a page shows them."""
    return tuple(_shown(words, s, tuple(tasks.get(s.path, ()))) for s in sections)


def _shown(words: Sheet, section: tree.Section, tasks: tuple[Task, ...]) -> Shown:
    cut, alone = tree.heading_end(section)
    return Shown(
        section.path,
        min(section.level, 4),
        section.heading,
        anchor(section.path),
        shown_paragraphs(words, cut, section.end),
        tasks,
        tuple(p for pieces in shown_paragraphs(words, section.start, cut) for p in pieces),
        alone,
    )


def parts(outline: tree.Outline) -> tuple[tuple[tree.Section, ...], ...]:
    """Return the clauses in parts of at most about 9,000 characters, cut before a top-level clause where one can."""
    found: list[list[tree.Section]] = [[]]
    size = len(outline.front)
    top = min((s.level for s in outline.sections), default=1)
    for section in outline.sections:
        long = size + len(section.words) > _LONG
        if found[-1] and (long or (section.level == top and size > _LONG * 0.6)):
            found.append([])
            size = 0
        found[-1].append(section)
        size += len(section.words) + 60
    return tuple(tuple(part) for part in found)


def tasks_by_clause(document: Document, sections: Sequence[tree.Section]) -> dict[str, list[Task]]:
    """Return the tasks this version gives, by the clause they stand in."""
    rows = list(TaskWords.objects.filter(document=document).select_related("task").order_by("span_from"))
    placed = [(row.task, row.span_from) for row in rows]
    held = {task.pk for task, _ in placed}
    direct = Task.objects.filter(document=document, span_from__isnull=False).exclude(pk__in=held).order_by("span_from")
    placed += [(task, task.span_from or 0) for task in direct]
    found: dict[str, list[Task]] = {}
    for task, at in placed:
        inside = [s for s in sections if s.start <= at < s.end] or [s for s in sections if s.start <= at]
        if inside:
            found.setdefault(inside[-1].path, []).append(task)
    return found


def links_for(reader: Reader, document: Document) -> dict[str, str]:
    """Return addresses of cited documents that are here, by compared number and title."""
    rows = reader.listed(Document.objects.exclude(code=document.code)).filter(replaced_on__isnull=True)
    found: dict[str, str] = {}
    for code, title, number in rows.order_by("issued_on").values_list("code", "title_zh", "number")[:5000]:
        for key in {enclosure(title), enclosure(f"关于印发《{title}》的通知")}:
            found[key] = f"/d/{code}/"
        if number and is_complete(number):
            found[number] = f"/d/{code}/"
    return found


def clause_of(document: Document, path: str) -> Clause | None:
    """Return one clause of a document."""
    return document.clauses.filter(path=path).first()
