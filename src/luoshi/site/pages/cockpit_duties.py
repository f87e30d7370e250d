"""The duties behind a figure of the cockpit: filtered by state, plan, unit and town, down to the clause."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.duties.models import Duty
from luoshi.office.ledger import Column, FilterWord, Ledger, Pager, Row
from luoshi.office.people.models import Place, Unit
from luoshi.office.plans.models import Plan
from luoshi.site.pages import cockpit_figures as figures
from luoshi.site.pages.cockpit import STATE_WORDS, WAITS_FOR, closed_to
from luoshi.site.pages.cockpit_figures import Days
from luoshi.site.templatetags.components import address, standing

PAGE = 50
NO_DAY = dt.date.max
NAMES = {
    "state": Words("状态", "State"),
    "plan": Words("方案", "Plan"),
    "unit": Words("单位", "Unit"),
    "town": Words("镇", "Town"),
    "waits": Words("卡在", "Waits for"),
}


def page(request: HttpRequest) -> HttpResponse:
    """List the duties under the filter words of the address."""
    stopped = closed_to(request)
    if stopped is not None:
        return stopped
    asked: Any = request
    words = {k: request.GET[k] for k in NAMES if request.GET.get(k)}
    days = Days.of(asked.now.astimezone(COUNTY_ZONE).date())
    rows, said = _filtered(figures.duties(asked.actor), asked.county.pk, words, days)
    total = rows.count()
    shown, older = _one_page(rows, request.GET.get("after", ""))
    return render(request, "site/cockpit_duties.html", {
        "ledger": _ledger(shown, total, words, said, older, paged=bool(request.GET.get("after"))),
        "trail": [{"words": Words("一屏总览", "Cockpit"), "url": reverse("cockpit")}],
        "days": days,
    })  # fmt: skip


def _filtered(
    rows: QuerySet[Duty], county_id: int, words: dict[str, str], days: Days
) -> tuple[QuerySet[Duty], dict[str, Words]]:
    """Narrow the rows by each word and return the words as the page says them."""
    said: dict[str, Words] = {}
    if state := words.get("state"):
        said["state"] = STATE_WORDS.get(state) or _unknown("state", state)
        rows = rows.filter(days.condition(state))
    if waits := words.get("waits"):
        said["waits"] = WAITS_FOR.get(waits) or _unknown("waits", waits)
        rows = rows.filter(assignment__state=waits)
    if code := words.get("plan"):
        plan = Plan.objects.filter(county_id=county_id, code=code).first()
        said["plan"] = plan.words if plan else _unknown("plan", code)
        rows = rows.filter(task__plan=plan)
    if code := words.get("unit"):
        unit = Unit.objects.filter(county_id=county_id, code=code).first()
        said["unit"] = unit.words if unit else _unknown("unit", code)
        rows = rows.filter(unit=unit)
    if code := words.get("town"):
        town = Place.objects.filter(county_id=county_id, code=code, kind="town").first()
        if town is None:
            _unknown("town", code)
        else:
            said["town"] = Words(town.name_zh, town.name_en)
            rows = rows.filter(Q(unit__place__path=town.path) | Q(unit__place__path__startswith=f"{town.path}/"))
    return rows, said


def _unknown(name: str, given: str) -> Words:
    raise Problem(
        name,
        Words(f"没有“{given}”这个筛选词。", f"There is no {given!r} to filter by."),
        Words("请从一屏总览点数字进来。", "Start from a figure of the cockpit."),
        status=404,
    )


def _one_page(rows: QuerySet[Duty], after: str) -> tuple[list[Duty], str]:
    """Return one page and the key of the next: the day and id of its last row. Duties without a day come last."""
    if after:
        day, pk = _read_key(after)
        later = Q(due_on=day, pk__gt=pk) | Q(due_on__gt=day) | Q(due_on__isnull=True)
        rows = rows.filter(Q(due_on__isnull=True, pk__gt=pk) if day == NO_DAY else later)
    ordered = rows.select_related("unit", "task__plan").order_by(F("due_on").asc(nulls_last=True), "pk")
    found = list(ordered[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    return found[:PAGE], f"{last.due_on or NO_DAY}.{last.pk}"


def _read_key(text: str) -> tuple[dt.date, int]:
    day, _, pk = text.partition(".")
    try:
        return dt.date.fromisoformat(day), int(pk)
    except ValueError:
        _unknown("after", text)
        raise


def _ledger(
    rows: list[Duty], total: int, words: dict[str, str], said: dict[str, Words], older: str, *, paged: bool
) -> Ledger:
    columns = (
        Column("duty", Words("待办", "Duty")),
        Column("unit", Words("单位", "Unit")),
        Column("state", Words("状态", "State"), "state"),
        Column("due", Words("期限", "Due"), "day"),
        Column("plan", Words("方案", "Plan")),
        Column("clause", Words("依据", "Clause"), "clause"),
    )
    made = tuple(
        Row(
            str(d.pk),
            (d.words, d.unit.words, standing(d), d.due_on, d.task.plan.words if d.task else "", d.clause_id),
            _duty_url(d),
        )
        for d in rows
    )
    filters = tuple(FilterWord(_said(k, w), _without(words, k)) for k, w in said.items())
    here = reverse("cockpit-duties")
    return Ledger(
        "duties", Words("待办", "Duties"), columns, made, filters=filters,
        pager=Pager(
            Words(f"共 {total} 项，本页 {len(rows)} 项", f"{len(rows)} of {total}"),
            f"{here}?{urlencode(words)}" if paged else "",
            f"{here}?{urlencode({**words, 'after': older})}" if older else "",
        ),
    )  # fmt: skip


def _said(name: str, words: Words) -> Words:
    return Words(f"{NAMES[name].zh}：{words.zh}", f"{NAMES[name].en}: {words.en}")


def _without(words: dict[str, str], name: str) -> str:
    return f"{reverse('cockpit-duties')}?{urlencode({k: v for k, v in words.items() if k != name})}"


def _duty_url(duty: Duty) -> str:
    return reverse("duty", args=[duty.pk]) if address("inbox") else ""
