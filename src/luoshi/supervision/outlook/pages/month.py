"""The month: what falls due on which day, days of rest and make-up days marked; a list on phones."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luoshi.core.calendar import default_calendar
from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.supervision.outlook import month
from luoshi.supervision.outlook.queries import due
from luoshi.supervision.pages import asking, choices
from luoshi.supervision.pages import ledger as ledger_page
from luoshi.supervision.pages.ledger_shown import parameters
from luoshi.supervision.queries.ledger import Wanted
from luoshi.supervision.readables import LEDGER

rail.add("supervision", "month", Words("到期日历", "Calendar"), reads="ledger", order=5)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show one month of the reader's ledger."""
    if (stopped := asking.barred(request, LEDGER)) is not None:
        return stopped
    actor, today = asking.actor_of(request), asking.today_of(request)
    first = month.read(request.GET.get("month", ""), today)
    last = month.last_of(first)
    wanted = ledger_page.wanted_of(request)
    counted = due.counted(actor, wanted, today, first, last)
    rows = due.firsts(actor, wanted, today, sorted(counted))
    days = month.days(first, default_calendar())
    kept = parameters(wanted)
    shown = {
        "title": Words(f"{first.year}年{first.month}月到期", f"Due in {first:%B %Y}"),
        "days": [_day(day, counted.get(day.on, {}), rows.get(day.on, []), wanted) for day in days],
        "total": sum(sum(states.values()) for states in counted.values()),
        "today": today,
        "provisional": any(day.provisional and day.inside for day in days),
        "weekdays": [Words(zh, en) for zh, en in zip("一二三四五六日", _WEEK, strict=True)],
        "month": f"{first:%Y-%m}",
        "before_url": _at(first - dt.timedelta(days=1), kept),
        "after_url": _at(last + dt.timedelta(days=1), kept),
        "now_url": f"{reverse('month')}?{kept}",
        "choices": [c for c in choices.selects(actor.county_id, today, wanted, english=asking.in_english(request))
                    if c["name"] in ("plan", "unit", "town")],
        "feeds_url": reverse("feeds"),
    }  # fmt: skip
    return render(request, "supervision/outlook/month.html", shown)


_WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _at(day: dt.date, kept: str) -> str:
    return f"{reverse('month')}?{'&'.join(filter(None, (f'month={day:%Y-%m}', kept)))}"


def _day(day: month.Day, states: dict[str, int], rows: list[Any], wanted: Wanted) -> dict[str, Any]:
    count = sum(states.values())
    given = {"plan": wanted.plan_id, "unit": wanted.unit_id, "town": wanted.town_id, "from": day.on, "until": day.on}
    url = f"{reverse('gantt')}?{urlencode({k: v for k, v in given.items() if v})}"
    over = sum(states.get(code, 0) for code in due.OVER)
    return {
        "day": day,
        "count": count,
        "over": over,
        "url": url,
        "rows": [{"row": row, "url": reverse("task", args=[row.task_id])} for row in rows],
        "more": count - len(rows),
    }
