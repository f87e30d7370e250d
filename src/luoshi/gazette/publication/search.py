"""Full-text search over grams: nothing that contains the words is missed, on SQLite and on PostgreSQL.

Order ``newest`` is by day; ``title`` puts first what has all words in its title or number, each part newest first. Words
of a document that is not public are found by nobody without a post; its title is. Filters are marks in the same index.

SQLite: an FTS5 table of pairs answers phrases exactly and walks newest first. PostgreSQL: a GIN index over integers; a
frequent word would bring tens of thousands of rows to sort, so the newest blocks of days are asked first and the rest
only when they do not fill the page; whatever pairs leave open is settled on the folded text, newest first.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.db import connection, transaction

from luoshi.gazette.publication import folding, marks
from luoshi.gazette.publication.records import SearchRow
from luoshi.gazette.publication.visibility import Reader

Order = Literal["newest", "title"]
PAGE = 20
_WINDOWS = (2_000, 16_000)
_SETTLE = 32
_MOST_BLOCKS = 400  # more marks than this cost more than they save; undated rows stand at block nought


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
_WITHHELD = marks.mark(marks.CLASS, marks.CLASSES.index("withheld"))


class _Sqlite:
    """The same questions to FTS5. Rows are walked newest first and settled by what the row itself says."""

    def __init__(self, query: Query, reader: Reader) -> None:
        self.query, self.reader = query, reader

    def keys(self, part: Part, before: int | None, limit: int) -> list[int]:
        expression = self._expression(part)
        at, found = before, list[int]()
        while len(found) < limit:
            step = max(limit - len(found), _SETTLE if part == "rest" else 1)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT rowid FROM gazette_searchgram WHERE gazette_searchgram MATCH %s AND rowid < %s "
                    "ORDER BY rowid DESC LIMIT %s",
                    [expression, at if at is not None else (1 << 62), step],
                )
                rows = [r[0] for r in cursor.fetchall()]
            found += _settled(rows, self.query, self.reader, part)
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
    """The same questions to GIN indexes of integers."""

    def __init__(self, query: Query, reader: Reader) -> None:
        self.query, self.reader = query, reader
        self.grams = sorted({g for t in query.terms for g in folding.grams_of_term(t)} | set(_filters(query, reader)))
        self._edges: dict[tuple[int | None, int], tuple[int, int | None]] = {}

    def keys(self, part: Part, before: int | None, limit: int) -> list[int]:
        found: list[int] = []
        with transaction.atomic(), connection.cursor() as cursor:
            # The planner does not know that reading grams back from the row is dear: the index must answer.
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
            for top, edge in self._windows(before):
                ids = self._candidates(part, top, edge)
                for at in range(0, len(ids), _SETTLE):
                    found += _settled(ids[at : at + _SETTLE], self.query, self.reader, part)
                    if len(found) >= limit:
                        return found[:limit]
        return found[:limit]

    def _windows(self, before: int | None) -> Iterator[tuple[int | None, int | None]]:
        """Yield stretches of keys from the newest on: (below this key, from this key on); the last is open."""
        top = before
        for size in _WINDOWS:
            edge = self._edge(before, size)[1]
            if edge is None:
                break
            yield top, edge
            top = edge
        yield top, None

    def _edge(self, before: int | None, size: int) -> tuple[int, int | None]:
        """Return the newest key below ``before``, and the first key of the block of the ``size``-th row below it."""
        if (before, size) not in self._edges:
            below = before if before is not None else 1 << 62
            one = "SELECT id FROM gazette_searchrow WHERE id < %s ORDER BY id DESC"
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT ({one} LIMIT 1), ({one} OFFSET %s LIMIT 1)", [below, below, size])
                newest, row = cursor.fetchone()
            edge = (marks.block_of(row) * marks.BLOCK_DAYS) << 24 if row is not None else None
            self._edges[before, size] = (newest or 0, edge)
        return self._edges[before, size]

    def _candidates(self, part: Part, top: int | None, edge: int | None) -> list[int]:
        found: set[int] = set()
        for column, allowed in self._ways(part):
            found |= self._ask(column, allowed, top, edge)
        return sorted(found, reverse=True)

    def _ways(self, part: Part) -> list[tuple[str, list[int]]]:
        """Return (column, marks one of which must stand): heads for everybody, words where they are open."""
        listed = [marks.mark(marks.CLASS, n) for n in range(len(marks.CLASSES) - 1)]
        if part == "head":
            return [("head_grams", [] if self.reader.officer else listed)]
        if self.reader.officer:
            return [("body_grams", [])]
        ways = [("body_grams", _open(self.reader))]
        if part == "rest" or (self.reader.all_on_request and not self.reader.closed):
            return ways
        return [*ways, ("head_grams", [_ASKED])]

    def _ask(self, column: str, allowed: list[int], top: int | None, edge: int | None) -> set[int]:
        sql = f"SELECT id FROM gazette_searchrow WHERE {column} @> %s::int[]"  # noqa: S608 - one of two column names
        given: list[object] = [self.grams]
        if allowed:
            sql, given = f"{sql} AND {column} && %s::int[]", [*given, allowed]
        # ``id + 0``: through the primary key every row's grams would be read back to be compared.
        if edge is not None:
            newest = top if top is not None else self._edge(None, _WINDOWS[0])[0]
            blocks = [marks.mark(marks.BLOCK, b) for b in range(marks.block_of(edge), marks.block_of(newest) + 1)]
            if len(blocks) <= _MOST_BLOCKS:
                sql, given = f"{sql} AND {column} && %s::int[]", [*given, blocks]
            sql, given = f"{sql} AND id + 0 >= %s", [*given, edge]
        if top is not None:
            sql, given = f"{sql} AND id + 0 < %s", [*given, top]
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            return {row[0] for row in cursor.fetchall()}


def _settled(ids: Sequence[int], query: Query, reader: Reader, part: Part) -> list[int]:
    """Return those keys whose rows truly match, in the same order: words in the folded text, filters, access."""
    if not ids:
        return []
    exact = connection.vendor == "sqlite" or all(folding.settles(t) for t in query.terms)
    fields = ["id", "county_id", "kind", "code", "issuer", "day", "disclosure", "head", *([] if exact else ["body"])]
    rows = {r["id"]: r for r in SearchRow.objects.filter(pk__in=ids).values(*fields)}
    return [i for i in ids if i in rows and _matches(rows[i], query, reader, part, exact)]


def _matches(row: dict, query: Query, reader: Reader, part: Part, exact: bool) -> bool:  # type: ignore[type-arg]
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
