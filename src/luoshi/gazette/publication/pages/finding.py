"""The search page and the Atom feed, and what robots may read."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from luoshi.core.words import Words
from luoshi.gazette.models import IssueItem
from luoshi.gazette.publication import search
from luoshi.gazette.publication.feed import FeedEntry, feed
from luoshi.gazette.publication.pages.asking import Asking, absolute, asking, number_asked
from luoshi.gazette.publication.visibility import public_reader
from luoshi.office import rail
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.ledger import FilterWord, Pager
from luoshi.office.plans.models import Document

rail.add("public", "search", Words("检索", "Search"), public=True, order=11)

KINDS = (
    ("", Words("全部", "everything")),
    ("document", Words("文件", "documents")),
    ("interpretation", Words("政策解读", "interpretations")),
    ("chronicle", Words("大事记", "chronicle")),
)
ORDERS = (("newest", Words("最新在前", "newest first")), ("title", Words("题名命中在前", "titles first")))


def page(request: HttpRequest) -> HttpResponse:
    """Show the search form and one page of results."""
    ask = asking(request)
    asked = search.Query(
        request.GET.get("q", "")[:100],
        issuer=request.GET.get("issuer", "")[:120],
        year=number_asked(request, "year"),
        kind=next((k for k, _ in KINDS if k == request.GET.get("kind", "")), ""),
        order="title" if request.GET.get("order") == "title" else "newest",
        before=request.GET.get("before", "")[:24],
    )
    found = search.search(asked, ask.reader)
    more = _url(request, before=found.more) if found.more else ""
    shown: dict[str, Any] = {
        "asked": asked,
        "found": [{"row": f, "href": _href(f, asked.words)} for f in found.found],
        "kinds": KINDS,
        "orders": ORDERS,
        "issuers": search.issuers(ask.reader),
        "filters": _filters(request, asked),
        "pager": Pager(_shown(found, asked), _url(request, before="") if asked.before else "", more),
        "title": Words("检索公报与文件", "Search gazettes and documents"),
    }
    return render(request, "gazette/public/search.html", shown)


def _shown(found: search.Page, asked: search.Query) -> Words:
    number = len(found.found)
    more = "，还有更多" if found.more else ""
    return Words(f"这一页{number}条{more}", f"{number} on this page" + (", more follow" if found.more else ""))


def _href(found: search.Found, words: str) -> str:
    if found.kind == "chronicle":
        return f"/g/chronicle?{urlencode({'q': words})}#e{found.source_id}"
    query = {"q": words} if found.open else {}
    if found.kind == "interpretation":
        query["show"] = "interpretation"
    return f"/d/{found.code}/" + (f"?{urlencode(query)}" if query else "")


def _url(request: HttpRequest, **changed: str) -> str:
    kept = {k: v for k, v in request.GET.items() if k in ("q", "issuer", "year", "kind", "order", "before") and v}
    return "/search?" + urlencode({k: v for k, v in {**kept, **changed}.items() if v})


def _filters(request: HttpRequest, asked: search.Query) -> list[FilterWord]:
    found = []
    if asked.issuer:
        found.append(FilterWord(Words(asked.issuer, asked.issuer), _url(request, issuer="", before="")))
    if asked.year:
        found.append(FilterWord(Words(f"{asked.year}年", str(asked.year)), _url(request, year="", before="")))
    if asked.kind:
        found.append(FilterWord(dict(KINDS)[asked.kind], _url(request, kind="", before="")))
    return found


def atom(request: HttpRequest) -> HttpResponse:
    """Give the newest published documents. The feed is the same for everybody: what the public may read."""
    ask = asking(request)
    reader = public_reader(ask.county.pk, ask.today)
    rows = reader.listed(Document.objects.filter(replaced_on__isnull=True)).order_by("-issued_on", "-pk").defer("text")
    printed = dict(
        IssueItem.objects.filter(document__county=ask.county).values_list("document_id", "issue__printed_on")
    )
    entries = [_entry(request, ask, row, printed.get(row.pk), reader.reads_text(row)) for row in rows[:50]]
    body = feed(
        absolute(request, "/g/feed.xml"),
        f"{ask.county.name_zh}政府公报",
        absolute(request, "/g/feed.xml"),
        absolute(request, "/g/"),
        f"{ask.county.name_zh}人民政府",
        entries,
        dt.datetime.combine(ask.today, dt.time(), COUNTY_ZONE),
    )
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8")


def _entry(request: HttpRequest, ask: Asking, row: Document, printed_on: dt.date | None, readable: bool) -> FeedEntry:
    day = printed_on or row.issued_on or ask.today
    updated = max(d for d in (day, row.in_force_from if row.version > 1 else None) if d)
    href = absolute(request, f"/d/{row.code}/")
    said = [row.number or row.number_printed, row.issuer_zh, row.get_disclosure_display()]
    return FeedEntry(
        href,
        row.title_zh,
        href,
        dt.datetime.combine(updated, dt.time(), COUNTY_ZONE),
        dt.datetime.combine(day, dt.time(), COUNTY_ZONE),
        row.issuer_zh or ask.county.name_zh,
        " · ".join(s for s in said if s),
        absolute(request, f"/d/{row.code}.xml") if readable else "",
    )


def robots(request: HttpRequest) -> HttpResponse:
    """Let robots read what is public, and keep them out of forms, searches and officers' pages."""
    closed = ("/search", "/ask", "/requests", "/tasks", "/inbox", "/api/", "/account/", "/gallery", "/files/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "Allow: /"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
