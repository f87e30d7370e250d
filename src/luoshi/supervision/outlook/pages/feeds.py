"""Calendar feeds: opening and revoking one, and the feed itself, which asks for nothing but its address."""

import hashlib
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import parse_etags
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luoshi.core.outcome import Granted
from luoshi.core.words import Words
from luoshi.office.actions import Result
from luoshi.office.people import bearer
from luoshi.office.people.acting import call_of
from luoshi.supervision.outlook import actions, ical, values
from luoshi.supervision.outlook.models import CalendarFeed
from luoshi.supervision.outlook.queries import feed as feeds
from luoshi.supervision.outlook.readables import FEED
from luoshi.supervision.pages import asking


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Show the reader's feeds; POST opens one and shows its address, this once."""
    if (stopped := asking.barred(request, FEED)) is not None:
        return stopped
    opened = ""
    if request.method == "POST":
        token = bearer.made()
        result = actions.open_feed(
            call_of(request, asking.request_id_of(request)), whose=request.POST.get("whose", ""), token=token
        )
        if isinstance(result.outcome, Granted) and not result.replayed:
            opened = request.build_absolute_uri(reverse("feed", args=[token]))
        else:
            _tell(request, result)
            return asking.see_other(reverse("feeds"))
    actor = asking.actor_of(request)
    rows = FEED.visible(actor, CalendarFeed.objects.filter(revoked_on__isnull=True).select_related("unit", "made_by"))
    shown = {
        "title": Words("日历订阅", "Calendar feeds"),
        "rows": list(rows.order_by("-pk")[:200]),
        "opened": opened,
        "trail": [{"words": Words("到期日历", "Calendar"), "url": reverse("month")}],
    }
    return render(request, "supervision/outlook/feeds.html", shown)


@require_POST
def revoke(request: HttpRequest, feed_id: int) -> HttpResponse:
    """Shut one feed."""
    if (stopped := asking.barred(request, FEED)) is not None:
        return stopped
    _tell(request, actions.revoke_feed(call_of(request, asking.request_id_of(request)), feed_id=feed_id))
    return asking.see_other(reverse("feeds"))


def _tell(request: HttpRequest, result: Result) -> None:
    pick = "en" if asking.in_english(request) else "zh"
    if not isinstance(result.outcome, Granted):
        reason = result.outcome.reasons[0]
        messages.error(request, reason.words.pick(pick))
    elif result.replayed:
        said = Words(
            "这个订阅已经开通，地址只显示一次。没有记下的，请撤销后重新开通。",
            "This feed is open; its address is shown once only. If you did not keep it, revoke it and open another.",
        )
        messages.info(request, said.pick(pick))
    else:
        messages.success(
            request, Words("已撤销，原地址不再有内容。", "Revoked; its address gives nothing now.").pick(pick)
        )


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give the calendar of a token; whatever is wrong with a token is answered alike."""
    request.logged_path = reverse("feed", args=["-"])  # type: ignore[attr-defined]
    today = asking.today_of(request)
    scheme = values.feeds_on(today)
    row = feeds.found(token) if bearer.looks_like_one(token) else None
    rows = feeds.duties(row, today, scheme) if row is not None else None
    if row is None or rows is None:
        raise Http404
    language = "en" if asking.in_english(request) else "zh"

    def address(duty_id: int) -> str:
        return request.build_absolute_uri(reverse("duty", args=[duty_id]))

    name, todo = _name(row).pick(language), request.GET.get("as") == "todo"
    entries = feeds.entries(rows, row.county.code, today, language, address)
    said = repr((ical.LINES, name, language, todo, entries))  # what the text is made of, so that 304 need not make it
    tag = f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'
    answer: Any
    if _same(request.headers.get("If-None-Match", ""), tag):
        answer = HttpResponseNotModified()
    else:
        body = ical.feed(name, entries, language, todo=todo)
        answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'inline; filename="luoshi.ics"'
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _same(given: str, tag: str) -> bool:
    """Compare as RFC 9110 has it for reading: a weak mark before a tag does not matter."""
    return any(one.removeprefix("W/") in (tag, "*") for one in parse_etags(given))


def _name(row: CalendarFeed) -> Words:
    if row.unit is not None:
        return Words(f"{row.unit.words.zh}期限", f"Due from {row.unit.words.en}")
    return Words("我的期限", "Due from me")
