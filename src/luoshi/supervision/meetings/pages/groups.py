"""All groups with their open decisions and next meetings; one group with its roster on a day."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.ledger import Pager
from luoshi.office.people.acting import call_of
from luoshi.supervision.meetings import actions, queries
from luoshi.supervision.meetings.models import Meeting, Resolution
from luoshi.supervision.meetings.pages.meeting import STATE_WORDS, acts_of
from luoshi.supervision.meetings.pages.offers import GROUP_OFFERS, SEAT_OFFERS
from luoshi.supervision.meetings.readables import GROUP, MEETING
from luoshi.supervision.pages import asking

rail.add("supervision", "meetings", Words("领导小组与会议", "Groups and meetings"), reads="group", order=40)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the groups and the meetings the reader may see, the latest first."""
    if (stopped := asking.barred(request, GROUP)) is not None:
        return stopped
    actor, today = asking.actor_of(request), asking.today_of(request)
    rows = list(queries.groups(actor).order_by("pk"))
    counts = queries.open_counts(queries.groups(actor).order_by())
    meetings, pager = _page(request)
    next_on = {
        m.group_id: m.held_on
        for m in queries.meetings(actor).filter(state="called", held_on__gte=today).order_by("-held_on")
    }
    shown = {
        "title": Words("领导小组与会议", "Leading groups and meetings"),
        "groups": [{"group": g, "open": counts.get(g.pk, 0), "next_on": next_on.get(g.pk)} for g in rows],
        "meetings": [{"meeting": m, "said": STATE_WORDS[m.state]} for m in meetings],
        "pager": pager,
        "may_open": actor.role in actions.open_group.grants,
    }
    return render(request, "meetings/index.html", shown)


def _page(request: HttpRequest) -> tuple[list[Meeting], Pager]:
    rows = MEETING.visible(asking.actor_of(request), Meeting.objects.select_related("group"))
    before = asking.whole("before", request.GET.get("before"))
    if before is not None:
        key = Meeting.objects.filter(pk=before, county_id=asking.actor_of(request).county_id).first()
        if key is not None:
            rows = rows.filter(Q(held_on__lt=key.held_on) | Q(held_on=key.held_on, pk__lt=key.pk))
    found = list(rows.order_by("-held_on", "-pk")[: queries.PAGE + 1])
    shown = found[: queries.PAGE]
    said = Words(f"本页{len(shown)}次", f"{len(shown)} on this page")
    older = f"?before={shown[-1].pk}" if len(found) > queries.PAGE else ""
    return shown, Pager(said, newer_url="?" if before is not None else "", older_url=older)


@require_safe
def one(request: HttpRequest, group_id: int) -> HttpResponse:
    """Show one group: its roster today or on a past day, its meetings, what became of its decisions."""
    if (stopped := asking.barred(request, GROUP)) is not None:
        return stopped
    actor, today = asking.actor_of(request), asking.today_of(request)
    group = queries.groups(actor).filter(pk=group_id).first()
    if group is None:
        raise Http404
    past = asking.past_day(request)
    rows = queries.roster(group, past or today)
    call = call_of(request, "look")
    resolutions = Resolution.objects.filter(meeting__group=group).order_by("-meeting__number")
    resolutions = resolutions.filter(meeting__in=queries.meetings(actor).order_by().values("pk"))
    shown: dict[str, Any] = {
        "title": group.words, "group": group, "today": today,
        "roster": [{"row": r, "acts": _seat_acts(call, r) if past is None else []} for r in rows],
        "vacant": sum(1 for r in rows if r.tied and not r.holder),
        "untied": sum(1 for r in rows if not r.tied),
        "meetings": [
            {"meeting": m, "said": STATE_WORDS[m.state]}
            for m in queries.meetings(actor).filter(group=group).order_by("-number")[:20]
        ],
        "outcomes": queries.outcomes(resolutions, today)[:100],
        "acts": acts_of(call, group, GROUP_OFFERS, "group-act", group.pk) if past is None else [],
        "tasks_url": f"{reverse('tasks')}?plan={group.work_id}" if group.work_id else "",
        **asking.banner(request, past),
    }  # fmt: skip
    return render(request, "meetings/group.html", shown)


def _seat_acts(call: Any, row: queries.SeatRow) -> list[dict[str, Any]]:
    shown = acts_of(call, row.seat, SEAT_OFFERS, "seat-act", row.seat.pk)
    return [a for a in shown if a["outcome"].verdict == "granted"]
