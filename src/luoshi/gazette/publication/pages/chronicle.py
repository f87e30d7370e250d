"""The chronicle of events, by day, place and topic."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from luoshi.core.words import Words
from luoshi.gazette.models import ChronicleEntry
from luoshi.gazette.publication import documents, folding
from luoshi.gazette.publication.chronicle import figures, meeting, topic_of
from luoshi.gazette.publication.citations import citations
from luoshi.gazette.publication.masking import masked
from luoshi.gazette.publication.pages.asking import Asking, asking, number_asked
from luoshi.gazette.publication.participants import Group, participants
from luoshi.gazette.publication.search import marked
from luoshi.office import rail
from luoshi.office.ledger import FilterWord
from luoshi.office.people.models import Place

rail.add("public", "gazette-chronicle", Words("政府大事记", "Chronicle"), public=True, order=12)
_PAGE = 60


@dataclass(frozen=True, slots=True)
class Event:
    """One entry as the page shows it."""

    row: ChronicleEntry
    topic: str
    pieces: tuple[tuple[str, bool], ...]
    cited: tuple[tuple[str, str], ...]
    meeting: str
    figures: tuple[str, ...]
    outside: bool
    people: tuple[Group, ...] = ()


def page(request: HttpRequest) -> HttpResponse:
    """Show entries, newest first, narrowed by year, month, place, topic or words."""
    ask = asking(request)
    rows = (
        ChronicleEntry.objects.filter(county=ask.county).select_related("issue", "place").defer("issue__proposal__text")
    )
    year, month = number_asked(request, "year"), number_asked(request, "month", 12)
    place = Place.objects.filter(county=ask.county, code=request.GET.get("place", "")[:40]).first()
    topic, terms = request.GET.get("topic", "")[:20], folding.terms(request.GET.get("q", "")[:60])
    if year:
        rows = rows.filter(from_on__year=year)
    if month:
        rows = rows.filter(from_on__month=month)
    if place:
        rows = rows.filter(place__path__startswith=place.path)
    links = documents.links_for(ask.reader, documents.Document(county=ask.county, code=""))
    events = [_event(ask, row, links, terms) for row in rows.order_by("-from_on", "-issue_id", "order")[:2000]]
    events = [e for e in events if (not topic or e.topic == topic) and _has(e, terms)]
    topics = sorted({e.topic for e in events if e.topic})
    shown: dict[str, Any] = {
        "events": [replace(e, people=participants(e.row.text, ask.county.name_zh)) for e in events[:_PAGE]],
        "more": len(events) > _PAGE,
        "topics": [(t, _url(request, topic=t)) for t in topics],
        "places": [(p, _url(request, place=p.code)) for p in _places(ask)],
        "filters": _filters(request, year, month, place, topic),
        "q": request.GET.get("q", "")[:60],
        "title": Words("政府大事记", "Chronicle of events"),
    }
    return render(request, "gazette/public/chronicle.html", shown)


def _event(ask: Asking, row: ChronicleEntry, links: dict[str, str], terms: tuple[str, ...]) -> Event:
    words = masked(row.text).lstrip("●△ ")
    cited = tuple(
        (c.printed, links.get(c.number) or links.get(c.title, "")) for c in citations(words) if c.title or c.number
    )
    period = quarter_days(row.issue.year, row.issue.number)
    outside = bool(row.from_on and period and not period[0] <= row.from_on <= period[1])
    return Event(
        row,
        row.topic or topic_of(row.text),
        marked(words, folding.find(words, terms)),
        cited,
        meeting(words),
        figures(words),
        outside,
    )


def quarter_days(year: int, number: int) -> tuple[dt.date, dt.date] | None:
    """Return the days an issue of a quarterly covers."""
    if not 1 <= number <= 4:
        return None
    end = dt.date(year + (number == 4), number * 3 % 12 + 1, 1) - dt.timedelta(days=1)
    return dt.date(year, number * 3 - 2, 1), end


def _has(event: Event, terms: tuple[str, ...]) -> bool:
    folded = folding.fold("".join(w for w, _ in event.pieces)) if terms else ""
    return all(t in folded for t in terms)


def _places(ask: Asking) -> list[Place]:
    used = (
        ChronicleEntry.objects.filter(county=ask.county, place__isnull=False)
        .values_list("place_id", flat=True)
        .distinct()
    )
    return list(Place.objects.filter(pk__in=used).order_by("path"))


def _url(request: HttpRequest, **changed: str) -> str:
    kept = {k: v for k, v in request.GET.items() if k in ("year", "month", "place", "topic", "q") and v}
    query = {k: v for k, v in {**kept, **changed}.items() if v}
    return "/g/chronicle" + (f"?{urlencode(query)}" if query else "")


def _filters(
    request: HttpRequest, year: int | None, month: int | None, place: Place | None, topic: str
) -> list[FilterWord]:
    found = []
    if year:
        found.append(FilterWord(Words(f"{year}年", str(year)), _url(request, year="")))
    if month:
        found.append(FilterWord(Words(f"{month}月", f"month {month}"), _url(request, month="")))
    if place:
        found.append(FilterWord(Words(place.name_zh, place.name_en), _url(request, place="")))
    if topic:
        found.append(FilterWord(Words(topic, topic), _url(request, topic="")))
    return found
