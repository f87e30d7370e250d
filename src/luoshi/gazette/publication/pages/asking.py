"""What every public page starts from: the county, who reads, the day."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest

from luoshi.gazette.publication.visibility import Reader, reader
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.people.models import County
from luoshi.office.present import read_day


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a page."""

    county: County
    reader: Reader
    today: dt.date
    now: dt.datetime
    actor: Any


def asking(request: HttpRequest) -> Asking:
    """Return who asks; 404 in an installation without a county."""
    page: Any = request
    if page.county is None:
        raise Http404
    today = page.now.astimezone(COUNTY_ZONE).date()
    return Asking(page.county, reader(page.actor, page.county, today), today, page.now, page.actor)


def day_asked(request: HttpRequest) -> dt.date | None:
    """Return the day of ``?as_of=``, or None."""
    text = request.GET.get("as_of", "").strip()
    return read_day("as_of", text) if text else None


def number_asked(request: HttpRequest, name: str, most: int = 9999) -> int | None:
    """Return a whole number of the address' query, or None where there is none or none that makes sense."""
    text = request.GET.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:6]) <= most else None


def absolute(request: HttpRequest, path: str) -> str:
    """Return the full address of a path."""
    return str(request.build_absolute_uri(path))
