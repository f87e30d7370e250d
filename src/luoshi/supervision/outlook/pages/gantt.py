"""The Gantt chart of a plan, a unit, a town or the whole ledger: a table whose rows carry their bars."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luoshi.core.calendar import default_calendar
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import present, rail
from luoshi.office.ledger import Pager
from luoshi.supervision.outlook import gantt_drawn, ledger_shape
from luoshi.supervision.outlook.queries import bars
from luoshi.supervision.pages import asking, choices, ledger_shown
from luoshi.supervision.pages import ledger as ledger_page
from luoshi.supervision.queries.ledger import Page, Wanted
from luoshi.supervision.readables import LEDGER

rail.add("supervision", "gantt", Words("进度图", "Gantt chart"), reads="ledger", order=4)
LOOKS = (
    ("promised", Words("交办至期限", "given to due")), ("finished", Words("已完成", "done")),
    ("late", Words("逾期未办结", "overdue")), ("late-done", Words("逾期办结", "finished late")),
    ("stopped", Words("中止", "stopped")), ("rest", Words("休息日", "day of rest")),
)  # fmt: skip


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show one page of bars, up to sixty, by due day."""
    if (stopped := asking.barred(request, LEDGER)) is not None:
        return stopped
    actor, today = asking.actor_of(request), asking.today_of(request)
    wanted = ledger_page.wanted_of(request)
    if wanted.as_of is not None:
        raise Problem(
            "as_of", Words("进度图只画今天的情况。", "The chart shows today only."),
            Words("请去掉 as_of，或在台账上看过去的情况。", "Leave as_of out, or look at the ledger of that day."),
        )  # fmt: skip
    first, last = (_day(request, name) for name in ("from", "until"))
    found, rows = bars.page(actor, wanted, today, first, last)
    calendar = default_calendar()
    axis = gantt_drawn.axis_of([one.worked for one in rows], today)
    kept = urlencode({name: str(day) for name, day in (("from", first), ("until", last)) if day is not None})
    shown = {
        "title": Words("进度图", "Gantt chart"),
        "filters": [
            {"words": f.words, "remove_url": ledger_shape.keeping(f.remove_url, kept)}
            for f in ledger_page.filters_of(actor, wanted)
        ],
        "rows": [
            {
                "row": one.row,
                "url": reverse("task", args=[one.row.task_id]),
                "given_on": one.worked.given_on,
                "percent": 100 if one.worked.done_on else one.worked.percent,
                "spans": gantt_drawn.bar(one.worked, axis, today),
            }
            for one in rows
        ],
        "rests": axis.rests(calendar),
        "labels": axis.labels(),
        "today_at": axis.at(today),
        "today": today,
        "between": _between(first, last),
        "provisional": calendar.is_provisional_between(axis.first, axis.last),
        "looks": [{"kind": kind, "words": words} for kind, words in LOOKS],
        "pager": _pager(found, wanted, kept),
        "choices": choices.selects(actor.county_id, today, wanted, english=asking.in_english(request)),
        "kept": [(name, str(day)) for name, day in (("from", first), ("until", last)) if day is not None],
        "ledger_url": f"{reverse('tasks')}?{ledger_shown.parameters(wanted) or 'view=all'}",
    }
    return render(request, "supervision/outlook/gantt.html", shown)


def _day(request: HttpRequest, name: str) -> dt.date | None:
    text = request.GET.get(name, "")
    return present.read_day(name, text) if text else None


def _between(first: dt.date | None, last: dt.date | None) -> Words | None:
    if first is None and last is None:
        return None
    return Words(
        f"期限在{first or '最早'}至{last or '最晚'}之间", f"due from {first or 'the first'} to {last or 'the last'}"
    )


def _pager(found: Page, wanted: Wanted, kept: str) -> Pager:
    def at(**place: Any) -> str:
        return ledger_shape.keeping(f"?{ledger_shown.parameters(wanted, **place)}", kept)

    return Pager(
        Words(f"本页{len(found.rows)}项，按期限", f"{len(found.rows)} on this page, by day"),
        newer_url=at(before=found.before) if found.before else "",
        older_url=at(after=found.after) if found.after else "",
    )
