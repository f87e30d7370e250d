"""“谁要求了我什么”: everything supervision asked of one unit, open to the unit itself."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.ledger import Column, Ledger, Row
from luoshi.office.people.models import Unit
from luoshi.supervision.load import counted, meter
from luoshi.supervision.load.pages import shown
from luoshi.supervision.load.readables import LOAD
from luoshi.supervision.pages import asking
from luoshi.supervision.pages.unit import may_see
from luoshi.supervision.readables import WORKERS

rail.add("desk", "load-mine", Words("谁要求了我什么", "What is asked of us"), roles=frozenset(WORKERS), order=20)
BEFORE, AFTER = 3, 4


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Lead to the page of the reader's own unit."""
    if (stopped := asking.barred(request, LOAD)) is not None:
        return stopped
    unit_id = asking.actor_of(request).unit_id
    if unit_id is None:
        raise Http404
    query = request.GET.urlencode()
    return redirect(reverse("load-unit", args=[unit_id]) + (f"?{query}" if query else ""))


@require_safe
def page(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show one week of one unit, and its weeks before and after as sums."""
    if (stopped := asking.barred(request, LOAD)) is not None:
        return stopped
    actor, today = asking.actor_of(request), asking.today_of(request)
    unit = Unit.objects.select_related("place").filter(pk=unit_id, county_id=actor.county_id).first()
    if unit is None or not may_see(actor, unit):
        raise Http404
    monday = shown.week_of(request)
    step = dt.timedelta(days=7)
    rows = counted.asked(actor.county_id, monday - BEFORE * step, monday + AFTER * step + shown.WEEK_LAST, [unit.pk])
    weeks = meter.weeks(rows)
    now = weeks.get((unit.pk, monday), meter.Week(unit.pk))
    cap = counted.cap_of_week(actor.county_id, monday, today)
    this_week = [row for row in rows if meter.monday(row.on) == monday]
    askers = {row.by_id for row in this_week if row.by_id}
    names = {u.pk: u.words for u in Unit.objects.filter(pk__in=askers)}
    url = reverse("load-unit", args=[unit.pk])
    shown_with = {
        "title": unit.words,
        "kind": Words("谁要求了我什么", "What supervision asks of this unit"),
        "figures": [
            {"label": Words("督查要求（分钟）", "Asked (min)"), "value": now.minutes,
             "of": Words(f"上限{cap.minutes}，{shown.fullness(now.minutes, cap.minutes, monday).zh}",
                         f"cap {cap.minutes}, {shown.fullness(now.minutes, cap.minutes, monday).en}")},
            {"label": Words("方案和提醒（分钟）", "Plans, reminders (min)"), "value": now.others,
             "of": Words("不计入上限", "not under the cap")},
            {"label": Words("件数", "Things asked"), "value": len(this_week), "of": ""},
            {"label": Words("提出要求的单位", "Units that ask"), "value": len(askers), "of": ""},
        ],
        "ledger": shown.items_ledger(
            this_week, names, caption=Words("这一周被要求的事", "What is asked in this week")
        ),
        "weeks": _weeks(unit.pk, weeks, monday, actor.county_id, today),
        "cap": cap,
        "unit_url": reverse("unit", args=[unit.pk]),
        **shown.weeks_around(url, monday),
    }  # fmt: skip
    return render(request, "load/unit.html", shown_with)


def _weeks(
    unit_id: int, weeks: dict[tuple[int, dt.date], meter.Week], monday: dt.date, county_id: int, today: dt.date
) -> Ledger:  # fmt: skip
    rows = []
    for n in range(-BEFORE, AFTER + 1):
        week = monday + dt.timedelta(days=7 * n)
        held = weeks.get((unit_id, week), meter.Week(unit_id))
        cap = counted.cap_of_week(county_id, week, today).minutes
        cells = (shown.week_words(week), held.minutes, cap, shown.fullness(held.minutes, cap, week), held.others)
        href = f"{reverse('load-unit', args=[unit_id])}?week={week}"
        rows.append(Row(str(week), cells, href, selected=n == 0))
    columns = (
        Column("week", Words("周", "Week")),
        Column("minutes", Words("督查要求（分钟）", "Asked (min)"), "figure"),
        Column("cap", Words("上限", "Cap"), "figure"),
        Column("state", Words("情况", "State")),
        Column("others", Words("方案和提醒（分钟）", "Plans, reminders (min)"), "figure"),
    )
    return Ledger("weeks", Words("前后各周", "Weeks before and after"), columns, tuple(rows))
