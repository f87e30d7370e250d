"""The week's sheet for the county head: on screen, on one printed page, as a pdf; every figure leads to its tasks."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luoshi.core.calendar import default_calendar
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import present, rail
from luoshi.supervision.outlook import month, values, week_paper, week_rules
from luoshi.supervision.outlook.queries import week as weeks
from luoshi.supervision.outlook.queries.week import Week
from luoshi.supervision.outlook.week_rules import Days, Decision
from luoshi.supervision.pages import asking, ledger_shown
from luoshi.supervision.queries.ledger import Page
from luoshi.supervision.readables import LEDGER, WATCHERS

rail.add("supervision", "week", Words("每周一页", "The week"), roles=frozenset(WATCHERS), order=6)
OUTCOMES = (
    ("promised", Words("本周到期", "Due this week"), ""), ("kept", Words("按期办结", "Kept"), "done"),
    ("kept_late", Words("逾期办结", "Kept late"), "done_late"), ("open", Words("未办结", "Not finished"), "overdue"),
    ("stopped", Words("中止", "Stopped"), "suspended"),
)  # fmt: skip
TITLES = {
    **{code: words for code, words, _ in OUTCOMES},
    "late": Words("截至当日逾期", "Overdue"), "coming": Words("下周到期", "Due next week"),
    "stopped": Words("中止", "Standing still"),
}  # fmt: skip
WAITS = {
    "assigned": Words("县里等单位签收", "The county waits for units to accept"),
    "reported": Words("单位等督查室审核", "Units wait for the supervision desk to review"),
    "returned": Words("督查室等单位改正", "The desk waits for units to mend"),
    "suspended": Words("单位等牵头办公室恢复", "Units wait for the leading office to resume"),
}


def _barred(request: HttpRequest) -> HttpResponse | None:
    if (stopped := asking.barred(request, LEDGER)) is not None:
        return stopped
    if asking.actor_of(request).role not in WATCHERS:
        raise PermissionDenied
    return None


def asked_days(request: HttpRequest) -> Days:
    """Read the week asked for by any of its days; a week to come is a ``Problem``."""
    today, text = asking.today_of(request), request.GET.get("of", "")
    asked = present.read_day("of", text) if text else today
    if asked.year < month.FIRST_YEAR:
        raise Problem(
            "of", Words(f"{month.FIRST_YEAR}年以前没有记录。", f"There are no records before {month.FIRST_YEAR}."),
            Words("请选择以后的一周。", "Choose a later week."),
        )  # fmt: skip
    if asked - dt.timedelta(days=asked.weekday()) > today:
        raise Problem(
            "of", Words(f"{asked}那一周还没有到。", f"The week of {asked} has not come yet."),
            Words("请选择本周或更早的一周。", "Choose this week or an earlier one."),
        )  # fmt: skip
    return week_rules.days_of(asked, today)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the sheet of a week."""
    if (stopped := _barred(request)) is not None:
        return stopped
    days, today = asked_days(request), asking.today_of(request)
    found = weeks.sheet(asking.actor_of(request), days, today, values.week_on(today))
    before, after = days.first - dt.timedelta(days=7), days.next_first
    shown = {
        "title": title_of(days),
        "days": days,
        "past": days.shown_on < today,
        "today": today,
        "figures": figures(found),
        "unkept": [_item(one.row, one.why, days, today) for one in found.unkept],
        "late": [_item(one.row, one.why, days, today) for one in found.late],
        "late_total": found.late_total,
        "late_url": _list(days, "late"),
        "coming": [_item(row, None, days, today) for row in found.coming],
        "coming_total": found.coming_total,
        "coming_url": _list(days, "coming"),
        "capped": found.capped,
        "waits": waits(found),
        "unread": found.waits is None,
        "decisions": [{"one": one, "url": _decision_url(one, days, today)} for one in found.decisions],
        "before_url": f"{reverse('week')}?of={before}",
        "after_url": f"{reverse('week')}?of={after}" if after <= today else "",
        "pdf_url": f"{reverse('week-pdf')}?of={days.first}",
        "last_day": today.isoformat(),
    }
    return render(request, "supervision/outlook/week.html", shown)


@require_safe
def listed(request: HttpRequest, what: str) -> HttpResponse:
    """Show all tasks behind one figure of the sheet."""
    if (stopped := _barred(request)) is not None:
        return stopped
    if what not in weeks.LISTS:
        raise Http404
    days, today = asked_days(request), asking.today_of(request)
    scheme = values.week_on(today)
    rows = weeks.listed(weeks.source(asking.actor_of(request), days, today, scheme), days, what, scheme.most)
    past = days.shown_on if days.shown_on < today else None
    shown = {
        "title": TITLES[what],
        "kind": title_of(days),
        "ledger": ledger_shown.drawn(Page(tuple(rows[: scheme.most])), TITLES[what], past=past),
        "count": min(len(rows), scheme.most),
        "capped": len(rows) > scheme.most,
        "trail": [{"words": title_of(days), "url": f"{reverse('week')}?of={days.first}"}],
    }
    return render(request, "supervision/outlook/week_list.html", shown)


@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """Give the sheet as a pdf of one page."""
    if (stopped := _barred(request)) is not None:
        return stopped
    days, today = asked_days(request), asking.today_of(request)
    actor = asking.actor_of(request)
    found = weeks.sheet(actor, days, today, values.week_on(today))
    county: Any = request.county  # type: ignore[attr-defined]
    body = week_paper.one_page(found, title_of(days), county.words, figures(found), waits(found))
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="week-{days.first}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def title_of(days: Days) -> Words:
    """Return what the sheet is called."""
    first, last = days.first, days.last
    return Words(
        f"{first.year}年{first.month}月{first.day}日至{last.month}月{last.day}日督查周报",
        f"Supervision, week of {first:%d %b} to {last:%d %b %Y}",
    )


def figures(found: Week) -> list[dict[str, Any]]:
    """Return what was promised for the week and what came of it, each figure with its list."""
    rows = [
        {
            "label": words,
            "value": found.promised.total() if code == "promised" else found.promised[code],
            "url": _list(found.days, code),
            "state": state,
            "of": Words("至少", "at least") if code == "promised" and "promised" in found.capped else "",
        }
        for code, words, state in OUTCOMES
    ]
    rows.append({
        "label": TITLES["late"], "value": found.late_total, "url": _list(found.days, "late"), "state": "overdue",
        "of": Words("至少", "at least") if "late" in found.capped else "",
    })  # fmt: skip
    rows.append({
        "label": TITLES["coming"], "value": found.coming_total, "url": _list(found.days, "coming"), "state": "near",
        "of": Words("至少", "at least") if "coming" in found.capped else "",
    })  # fmt: skip
    return rows


def waits(found: Week) -> list[dict[str, Any]]:
    """Return who waits for whom, one line a kind, with the units that have most."""
    lines = []
    for state, said in WAITS.items():
        mine = [w for w in found.waits or [] if w.state == state]
        if not mine:
            continue
        most = [Words(f"{w.unit.words.zh}{w.shares}", f"{w.unit.words.en} {w.shares}") for w in mine[:3]]
        url = f"{reverse('cockpit-duties')}?{urlencode({'waits': state})}" if asking.address("cockpit-duties") else ""
        lines.append({
            "words": said, "count": sum(w.shares for w in mine), "since": min(w.since for w in mine), "most": most,
            "others": len(mine) - len(most), "url": url,
        })  # fmt: skip
    return lines


def _list(days: Days, what: str) -> str:
    return f"{reverse('week-list', args=[what])}?of={days.first}"


def _item(row: Any, why: Words | None, days: Days, today: dt.date) -> dict[str, Any]:
    past = days.shown_on if days.shown_on < today else None
    return {
        "row": row,
        "why": why,
        "since": _since(row, days),
        "url": asking.at(reverse("task", args=[row.task_id]), past),
    }


def _since(row: Any, days: Days) -> Words:
    """Return for how long a task was overdue on the day shown; empty where it was not."""
    if row.due_on is None or row.due_on >= days.shown_on:
        return Words("", "")
    due = f"{row.due_on.year}年{row.due_on.month}月{row.due_on.day}日"
    late = default_calendar().working_days_between(row.due_on, days.shown_on)
    if not late:
        return Words(f"{due}到期，此后还没有工作日", f"was due {row.due_on}, no working day since")
    return Words(f"{due}到期，已逾期{late}个工作日", f"was due {row.due_on}, {late} working days ago")


def _decision_url(one: Decision, days: Days, today: dt.date) -> str:
    past = days.shown_on if days.shown_on < today else None
    if one.kind == "task":
        return asking.at(reverse("task", args=[one.subject]), past)
    if one.kind == "unit":
        return f"{reverse('tasks')}?unit={one.subject}&standing=overdue"
    if one.kind == "forecast":
        return reverse("forecasts")
    return f"{reverse('inbox')}?tab=review"
