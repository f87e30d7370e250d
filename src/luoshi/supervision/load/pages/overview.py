"""What supervision asks of every unit in one week, for those who ask; and the county's cap."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.fields import Field
from luoshi.office.ledger import Column, Ledger, Row
from luoshi.office.people.models import County, Unit
from luoshi.supervision.load import actions, counted, meter, scheme
from luoshi.supervision.load.pages import acts, shown
from luoshi.supervision.load.readables import LOAD
from luoshi.supervision.pages import asking
from luoshi.supervision.readables import WATCHERS

rail.add("supervision", "load", Words("督查负担", "Load of supervision"), roles=frozenset(WATCHERS), order=60)
COUNTS = ("reminder", "remind", "chase", "order", "talk", "circular", "ask", "check", "meeting")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show one week of the county, the fullest units first."""
    if (stopped := asking.barred(request, LOAD)) is not None:
        return stopped
    actor = asking.actor_of(request)
    if LOAD.grants[actor.role] != "county":
        raise PermissionDenied
    monday, today = shown.week_of(request), asking.today_of(request)
    cap = counted.cap_of_week(actor.county_id, monday, today)
    rows = counted.asked(actor.county_id, monday, monday + shown.WEEK_LAST)
    weeks = sorted(meter.weeks(rows).values(), key=lambda w: (-w.minutes, -w.others, w.unit_id))
    shown_with = {
        "title": Words("督查负担", "Load of supervision"),
        "figures": _figures(weeks, cap.minutes),
        "ledger": _ledger(actor.county_id, weeks, cap.minutes, monday),
        "cap": cap,
        "cap_url": reverse("load-cap") if actor.role in actions.set_cap.grants else "",
        "weights": _weights(monday),
        "source": scheme.on(monday).source.words,
        "may_ask": actor.role in actions.send.grants,
        **shown.weeks_around(reverse("load"), monday),
    }
    return render(request, "load/overview.html", shown_with)


def _figures(weeks: list[meter.Week], cap: int) -> list[dict[str, Any]]:
    asked = sum(w.minutes for w in weeks)
    return [
        {"label": Words("被要求的单位", "Units asked"), "value": sum(1 for w in weeks if w.minutes)},
        {"label": Words("督查要求合计（分钟）", "Asked in all (min)"), "value": asked},
        {
            "label": Words("最满的单位（分钟）", "Fullest unit (min)"),
            "value": max((w.minutes for w in weeks), default=0),
        },
        {"label": Words("超过上限的单位", "Units above the cap"), "value": sum(1 for w in weeks if w.minutes > cap)},
    ]


def _ledger(county_id: int, weeks: list[meter.Week], cap: int, monday: dt.date) -> Ledger:
    kinds = scheme.on(monday).kinds
    used = [kind for kind in COUNTS if any(week.counts.get(kind) for week in weeks)]
    units = {u.pk: u for u in Unit.objects.filter(county_id=county_id, pk__in=[w.unit_id for w in weeks])}
    rows = tuple(
        Row(
            str(week.unit_id),
            (
                units[week.unit_id].words,
                week.minutes,
                shown.fullness(week.minutes, cap, monday),
                *(week.counts.get(kind, 0) for kind in used),
                week.others,
            ),
            href=f"{reverse('load-unit', args=[week.unit_id])}?week={monday}",
        )
        for week in weeks
    )
    columns = (
        Column("unit", Words("单位", "Unit")),
        Column("minutes", Words("督查要求（分钟）", "Asked (min)"), "figure"),
        Column("state", Words("情况", "State")),
        *(Column(kind, kinds[kind].words, "figure") for kind in used),
        Column("others", Words("方案和提醒（分钟）", "Plans, reminders (min)"), "figure"),
    )
    return Ledger(
        "load", Words("各单位这一周被要求的事", "What each unit is asked in this week"), columns, rows,
        empty=Words("这一周没有向单位提出要求。", "Nothing is asked of units in this week."),
        empty_hint=Words("提醒、催办、临时要求、检查和会议都会计入。", "Reminders, requests and checks count."),
    )  # fmt: skip


def _weights(monday: dt.date) -> list[dict[str, Words]]:
    said = []
    for kind in scheme.on(monday).kinds.values():
        parts = [
            (kind.minutes, Words("每次{}分钟", "{} min each")),
            (kind.per_cell, Words("每格{}分钟", "{} min a cell")),
            (kind.per_paper, Words("每份材料{}分钟", "{} min a paper")),
            (kind.per_day, Words("每个工作日{}分钟", "{} min a working day")),
        ]
        used = [(n, w) for n, w in parts if n] or [(0, Words("不计", "nothing"))]
        zh = "，".join(w.zh.format(n) for n, w in used) + ("" if kind.capped else "（不计入上限）")
        en = ", ".join(w.en.format(n) for n, w in used) + ("" if kind.capped else " (not under the cap)")
        said.append({"label": kind.words, "value": Words(zh, en)})
    return said


def _cap_fields() -> tuple[Field, ...]:
    return (
        Field("minutes", Words("每个单位每周上限（分钟）", "Cap of a unit a week (min)"), "number", inputmode="numeric",
              minimum="1", maximum="2400"),
        Field("from_on", Words("起用日期", "From"), "date"),
        Field("reason", Words("理由", "Reason"), "textarea"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def cap_page(request: HttpRequest) -> HttpResponse:
    """Show or do the setting of the county's cap."""
    if (stopped := asking.barred(request, LOAD)) is not None:
        return stopped
    actor, title = asking.actor_of(request), Words("督查负担", "Load of supervision")
    if actor.role not in actions.set_cap.grants:
        raise PermissionDenied
    county = County.objects.get(pk=actor.county_id)
    asked = acts.Asked(
        acts.Offer("cap", actions.set_cap, _cap_fields), county, {}, reverse("load-cap"), reverse("load"), title,
        (Words("督查督办", "Supervision"), reverse("tasks")),
    )  # fmt: skip
    return acts.answer(request, asked)
