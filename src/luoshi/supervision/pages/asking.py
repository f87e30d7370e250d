"""What every page of supervision does first: who asks, on which day, may this role read here at all."""

import datetime as dt
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Actor, Readable
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.plans import as_of

REQUEST_ID_LENGTH = 64


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    page: Any = request
    actor: Actor = page.actor
    return actor


def today_of(request: HttpRequest) -> dt.date:
    """Return the county's day."""
    page: Any = request
    now: dt.datetime = page.now
    return now.astimezone(COUNTY_ZONE).date()


def past_day(request: HttpRequest) -> dt.date | None:
    """Return the day of ``?as_of=``, None when the present is asked for; a day to come is a ``Problem``."""
    day = as_of.read(request.GET.get("as_of"))
    if day is not None and day > today_of(request):
        raise Problem(
            "as_of",
            Words(f"{day}还没有到。", f"{day} has not come yet."),
            Words("请选择今天或更早的日期。", "Choose today or an earlier day."),
        )
    return day


def banner(request: HttpRequest, day: dt.date | None) -> dict[str, Any]:
    """Return what the head of a page says of a past day (``past``, None in the present) with the way to today.

    ``last_day`` is the latest day that can be asked for.
    """
    last_day = today_of(request).isoformat()
    if day is None:
        return {"past": None, "last_day": last_day}
    kept = request.GET.copy()
    for name in ("as_of", "before", "after"):
        kept.pop(name, None)
    said = Words(f"截至 {day.year}年{day.month}月{day.day}日", f"As of {day.day} {day:%B} {day.year}")
    url = f"{request.path}?{kept.urlencode()}" if kept else request.path
    return {"past": {"words": said, "day": day.isoformat(), "url": url}, "last_day": last_day}


def at(url: str, day: dt.date | None) -> str:
    """Return an address that keeps to the past day, where there is one."""
    return f"{url}?as_of={day}" if url and day is not None else url


def barred(request: HttpRequest, readable: Readable) -> HttpResponse | None:
    """Send the public to the sign-in and answer 403 to a role that reads nothing of this kind; else None."""
    actor = actor_of(request)
    if actor.role in readable.grants:
        return None
    if actor.account_id is None:
        return redirect_to_login(request.get_full_path(), address("sign-in") or address("front"))
    raise PermissionDenied


def request_id_of(request: HttpRequest) -> str:
    """Return the request id a form was made with; a form without one is not ours."""
    found = request.POST.get("request_id", "").strip()
    if 8 <= len(found) <= REQUEST_ID_LENGTH and found.isascii() and found.isprintable():
        return found
    raise Problem(
        "request_id",
        Words("这次提交没有带编号，不能防止重复办理。", "This was sent without its id, so it could act twice."),
        Words("请刷新页面后再提交。", "Reload the page and send it again."),
        status=422,
    )


def address(route: str, *given: object) -> str:
    """Return a route's address, or an empty text where this installation has no such page."""
    try:
        return reverse(route, args=given)
    except NoReverseMatch:
        return ""


def see_other(url: str) -> HttpResponse:
    """Return 303: what was sent is done, look there."""
    return HttpResponse(status=303, headers={"Location": url})


def whole(place: str, text: str | None) -> int | None:
    """Read an id from an address; anything else than digits is a ``Problem``."""
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    raise Problem(
        place,
        Words(f"“{text[:40]}”不是编号。", f"{text[:40]!r} is no number."),
        Words("请从页面上选择。", "Choose it on the page."),
    )


def in_english(request: HttpRequest) -> bool:
    """Tell whether the page is read in English."""
    page: Any = request
    return str(getattr(page, "LANGUAGE_CODE", "zh")).startswith("en")
