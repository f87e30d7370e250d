"""Full-text search over grams: nothing that contains the words is missed, on SQLite and on PostgreSQL.

Order ``newest`` is by day; ``title`` puts first what has all words in its title or number, each part newest first.
Words of a document that is not public are found by nobody without a post; its title is. Filters are marks beside
the grams.

SQLite: an FTS5 table of pairs answers phrases exactly and walks newest first. PostgreSQL: a GIN index over
integers; a frequent word would bring tens of thousands of rows to sort, so the newest 2,000 rows are asked first,
then 16,000, the rest only when they do not fill the page; what pairs leave open is settled on the folded text,
newest first.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import connection

from luoshi.gazette.publication import folding, marks
from luoshi.gazette.publication.records import SearchRow
from luoshi.gazette.publication.visibility import Reader

Order = Literal["newest", "title"]
PAGE = 20
_SETTLE = 32


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: words (all must occur) and filters. ``before`` is the place to go on from (``Page.more``)."""

    words: str
    issuer: str = ""
    year: int | None = None
    kind: str = ""
    order: Order = "newest"
    before: str = ""
    terms: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "terms", folding.terms(self.words))


@dataclass(frozen=True, slots=True)
class Found:
    """One result. ``pieces`` are (words, is a hit); none where the reader may not see the text."""

    kind: str
    code: str
    source_id: int
    title: str
    number: str
    issuer: str
    day: dt.date | None
    disclosure: str
    open: bool
    title_pieces: tuple[tuple[str, bool], ...]
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of results; ``more`` is where the next begins, empty at the end."""

    found: tuple[Found, ...]
    more: str = ""


def search(query: Query, reader: Reader) -> Page:
    """Return one page of what this reader may find."""
    if not query.terms:
        return Page(())
    ids = matching(query, reader, PAGE + 1)
    rows = {row.pk: row for row in SearchRow.objects.filter(pk__in=ids[:PAGE])}
    found = [_found(rows[i], query.terms, reader) for i in ids[:PAGE] if i in rows]
    more = _place(query, rows[ids[PAGE - 1]]) if len(ids) > PAGE else ""
    return Page(tuple(found), more)


def _place(query: Query, last: SearchRow) -> str:
    tier = "b" if query.order == "title" and not all(t in last.head for t in query.terms) else "h"
    return f"{tier}{last.pk}"


def matching(query: Query, reader: Reader, limit: int) -> list[int]:
    """Return the keys of matching rows in order, at most ``limit``."""
    tier, before = _read_place(query.before)
    engine = _Postgresql(query, reader) if connection.vendor == "postgresql" else _Sqlite(query, reader)
    if query.order == "newest":
        return engine.keys("all", before, limit)
    found = engine.keys("head", before, limit) if tier != "b" else []
    if len(found) < limit:
        found += engine.keys("rest", before if tier == "b" else None, limit - len(found))
    return found


def _read_place(before: str) -> tuple[str, int | None]:
    tier, number = before[:1], before[1:]
    return (tier, int(number)) if tier in ("h", "b") and number.isdigit() and len(number) < 19 else ("", None)


Part = Literal["all", "head", "rest"]


def _filters(query: Query, reader: Reader) -> list[int]:
    wanted = [marks.mark(marks.COUNTY, reader.county_id)]
    if query.kind in marks.KINDS:
        wanted.append(marks.mark(marks.KIND, marks.KINDS.index(query.kind)))
    if query.year is not None:
        wanted.append(marks.mark(marks.YEAR, query.year))
    if query.issuer:
        wanted.append(marks.text_mark(marks.ISSUER, query.issuer))
    return wanted


def _open(reader: Reader) -> list[int]:
    """Return the marks one of which a row must have for its words to count."""
    found = [marks.mark(marks.CLASS, marks.CLASSES.index(c)) for c in ("", "proactive")]
    if reader.all_on_request:
        found.append(_ASKED)
    return found + [marks.text_mark(marks.CODE, code) for code in sorted(reader.opened)]


_ASKED = marks.mark(marks.CLASS, marks.CLASSES.index("on_request"))
_LISTED = [marks.mark(marks.CLASS, n) for n in range(len(marks.CLASSES) - 1)]
_WITHHELD = marks.mark(marks.CLASS, marks.CLASSES.index("withheld"))


class _Sqlite:
    """The same questions to FTS5. Rows are walked newest first and settled by what the row itself says."""

    def __init__(self, query: Query, reader: Reader) -> None:
        self.query, self.reader = query, reader

    def keys(self, part: Part, before: int | None, limit: int) -> list[int]:
        expression = self._expression(part)
        # Titles have an index of their own: a column of the whole one would walk the places of every text.
        table = "gazette_searchhead" if part == "head" else "gazette_searchgram"
        at, found = before, list[int]()
        while len(found) < limit:
            step = max(limit - len(found), _SETTLE if part == "rest" else 1)
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT rowid FROM {table} WHERE {table} MATCH %s AND rowid < %s "  # noqa: S608 - one of two
                    "ORDER BY rowid DESC LIMIT %s",
                    [expression, at if at is not None else (1 << 62), step],
                )
                rows = [r[0] for r in cursor.fetchall()]
            found += _settled(rows, self.query, self.reader, part, exact=True)
            if len(rows) < step:
                break
            at = rows[-1]
        return found[:limit]

    def _expression(self, part: Part) -> str:
        wanted = [f'marks : "{marks.token(m)}"' for m in _filters(self.query, self.reader)]
        for term in self.query.terms:
            phrase = folding.phrase_of_term(term)
            if part == "head":
                wanted.append(f"head : {phrase}")
            elif self.reader.officer:
                wanted.append(f"{{head body}} : {phrase}")
            else:
                allowed = " OR ".join(f'"{marks.token(m)}"' for m in _open(self.reader))
                wanted.append(f"(head : {phrase} OR (body : {phrase} AND marks : ({allowed})))")
        expression = " AND ".join(wanted)
        return expression if self.reader.officer else f'({expression}) NOT marks : "{marks.token(_WITHHELD)}"'


class _Postgresql:
    """The same questions to the function ``gazette_search_keys`` (migration 0006): one round trip a part."""

    def __init__(self, query: Query, reader: Reader) -> None:
        self.query, self.reader = query, reader
        self.grams = sorted({g for t in query.terms for g in folding.grams_of_term(t)} | set(_filters(query, reader)))

    def keys(self, part: Part, before: int | None, limit: int) -> list[int]:
        at, found = before if before is not None else 1 << 62, list[int]()
        while len(found) < limit:
            step = limit - len(found)
            rows = self._ask(part, at, step)
            found += _settled(rows, self.query, self.reader, part, exact=True)
            if len(rows) < step:
                break
            at = rows[-1]
        return found

    def _ask(self, part: Part, before: int, most: int) -> list[int]:
        officer = self.reader.officer
        allowed = None if officer else _LISTED if part == "head" else _open(self.reader)
        asked = None if officer or part != "all" or self._all_open() else [_ASKED]
        settle = not all(folding.settles(t) for t in self.query.terms)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT gazette_search_keys(%s, %s::int[], %s::int[], %s::int[], %s::text[], "
                "%s, %s::text[], %s, %s, %s)",
                [
                    "head_grams" if part == "head" else "body_grams", self.grams, allowed, asked,
                    sorted(self.reader.closed), part, list(self.query.terms), settle, before, most,
                ],
            )  # fmt: skip
            return [row[0] for row in cursor.fetchall()]

    def _all_open(self) -> bool:
        return self.reader.all_on_request and not self.reader.closed


def _settled(ids: Sequence[int], query: Query, reader: Reader, part: Part, *, exact: bool) -> list[int]:
    """Return those keys whose rows truly match, in the same order: filters, access, and words unless ``exact``."""
    if not ids:
        return []
    fields = ["id", "county_id", "kind", "code", "issuer", "day", "disclosure", "head", *([] if exact else ["body"])]
    rows = {r[0]: dict(zip(fields, r, strict=True)) for r in _rows(fields, ids)}
    return [i for i in ids if i in rows and _matches(rows[i], query, reader, part, exact)]


def _rows(fields: Sequence[str], ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """Return columns of rows by key, past the ORM, which would cost more than the search."""
    found: list[tuple[Any, ...]] = []
    for at in range(0, len(ids), 500):
        some = list(ids[at : at + 500])
        sql = f"SELECT {', '.join(fields)} FROM gazette_searchrow WHERE id IN ({', '.join(['%s'] * len(some))})"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql, some)
            found += cursor.fetchall()
    return found


def _matches(row: dict[str, Any], query: Query, reader: Reader, part: Part, exact: bool) -> bool:
    if row["county_id"] != reader.county_id or (query.issuer and row["issuer"] != query.issuer):
        return False
    if query.kind and row["kind"] != query.kind:
        return False
    if query.year is not None and (row["day"] is None or row["day"].year != query.year):
        return False
    if row["disclosure"] == "withheld" and not reader.officer:
        return False
    readable = reader.reads_class(row["disclosure"], row["code"])
    in_head = all(term in row["head"] for term in query.terms)
    if part == "head" or not readable:
        return in_head and part != "rest"
    if part == "rest" and in_head:
        return False
    return exact or all(term in row["head"] or term in row["body"] for term in query.terms)


def _found(row: SearchRow, terms: tuple[str, ...], reader: Reader) -> Found:
    readable = reader.reads_class(row.disclosure, row.code)
    return Found(
        row.kind,
        row.code,
        row.source_id,
        row.title,
        row.number,
        row.issuer,
        row.day,
        row.disclosure,
        readable,
        marked(row.title, folding.find(row.title, terms)),
        excerpt(row.body, row.words, terms) if readable else (),
    )


def marked(text: str, hits: Sequence[folding.Hit]) -> tuple[tuple[str, bool], ...]:
    """Return a text in pieces, those that are hits marked."""
    pieces, at = list[tuple[str, bool]](), 0
    for hit in hits:
        if hit.start > at:
            pieces.append((text[at : hit.start], False))
        pieces.append((text[hit.start : hit.end], True))
        at = hit.end
    if at < len(text):
        pieces.append((text[at:], False))
    return tuple(pieces)


def excerpt(body: str, words: str, terms: tuple[str, ...], around: int = 48) -> tuple[tuple[str, bool], ...]:
    """Return the words around the first occurrence of each term, as printed, with the terms marked."""
    spots = sorted((at, at + len(t)) for t in terms if (at := body.find(t)) >= 0)
    pieces: list[tuple[str, bool]] = []
    end = -1
    for start, stop in spots[:3]:
        if start < end:
            continue
        left, right = max(0, start - around // 2, end), min(len(body), stop + around)
        pieces += [("…" if left > max(end, 0) else "", False)]
        pieces += marked(words[left:right], _again(body[left:right], terms))
        end = right
    if pieces and end < len(body):
        pieces.append(("…", False))
    return tuple((w.replace(folding.JOINER, ""), hit) for w, hit in pieces if w)


def _again(body: str, terms: tuple[str, ...]) -> list[folding.Hit]:
    hits: list[folding.Hit] = []
    at = 0
    while at < len(body):
        spot = min(((p, len(t)) for t in terms if (p := body.find(t, at)) >= 0), default=None)
        if spot is None:
            break
        hits.append(folding.Hit(spot[0], spot[0] + spot[1]))
        at = spot[0] + spot[1]
    return hits


def issuers(reader: Reader) -> tuple[str, ...]:
    """Return the issuers that occur, for the filter."""
    rows = SearchRow.objects.filter(county_id=reader.county_id).exclude(issuer="").exclude(disclosure="withheld")
    return tuple(rows.values_list("issuer", flat=True).distinct().order_by("issuer")[:60])
