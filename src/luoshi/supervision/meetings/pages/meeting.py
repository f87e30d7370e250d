"""One meeting: its agenda, who is asked and who came, what was decided and what became of it, its minutes."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luoshi.core.calendar import default_calendar
from luoshi.core.words import Words
from luoshi.office.actions import Call
from luoshi.office.papers import docx, pdf
from luoshi.office.people.acting import call_of
from luoshi.supervision import clocks
from luoshi.supervision.meetings import minutes, queries
from luoshi.supervision.meetings.models import Meeting, Resolution
from luoshi.supervision.meetings.pages.offers import MEETING_OFFERS, Offer, noticed
from luoshi.supervision.meetings.readables import MEETING
from luoshi.supervision.pages import asking
from luoshi.supervision.queries import timeline
from luoshi.supervision.queries.ledger import near_limit

STATE_WORDS = {
    "called": Words("已通知", "Called"),
    "held": Words("已召开，待印发纪要", "Held, minutes to come"),
    "closed": Words("纪要已印发", "Minutes confirmed"),
    "cancelled": Words("已取消", "Cancelled"),
}
MARKS = {"called": "on_time", "held": "near", "closed": "done", "cancelled": "cancelled"}
PRESENCE = {
    "": Words("未登记", "not recorded"),
    "present": Words("出席", "present"),
    "deputy": Words("代会", "by a deputy"),
    "absent": Words("缺席", "absent"),
}
KINDS = {
    "docx": (docx.render, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf.render, "application/pdf"),
}
NEXT = {"called": ("hold", "cancel"), "held": ("decide", "minutes", "hold")}
"""What may come next in each state, the likeliest first; other acts say nothing, not even greyed."""


def acts_of(call: Call, subject: Any, offers: Mapping[str, Offer], route: str, pk: int) -> list[dict[str, Any]]:
    """Return the acts a role may do at all, each with its answer; the first that may be done is the filled button."""
    found: list[dict[str, Any]] = []
    for verb, offer in offers.items():
        if call.actor.role not in offer.action.grants:
            continue
        outcome = offer.action.check(call, subject)
        if outcome.verdict != "granted" and outcome.reasons[0].code == "outside_scope":
            continue
        primary = outcome.verdict == "granted" and not any(a["primary"] for a in found)
        found.append(
            {
                "words": offer.action.words,
                "outcome": outcome,
                "url": reverse(route, args=[pk, verb]),
                "post": False,
                "primary": primary,
            }
        )
    return found


def found_or_404(request: HttpRequest, meeting_id: int) -> Meeting:
    """Return a meeting the reader may see."""
    found = queries.meetings(asking.actor_of(request)).filter(pk=meeting_id).first()
    if found is None:
        raise Http404
    return found


@require_safe
def one(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Show one meeting."""
    if (stopped := asking.barred(request, MEETING)) is not None:
        return stopped
    meeting, today = found_or_404(request, meeting_id), asking.today_of(request)
    rows = queries.invited(meeting)
    units = {i.unit_id: i.unit.words for i in rows}
    asked = queries.asked_on(meeting.county_id, meeting.held_on, set(units)) if meeting.state == "called" else {}
    call = call_of(request, "look")
    offers = {verb: MEETING_OFFERS[verb] for verb in NEXT.get(meeting.state, ())}
    duty = meeting.duty
    shown: dict[str, Any] = {
        "title": Words(meeting.title_zh, meeting.title_zh), "meeting": meeting, "group": meeting.group, "today": today,
        "said": STATE_WORDS[meeting.state], "mark": MARKS[meeting.state], "cost": queries.cost(rows),
        "invited": [{"invitation": i, "presence": PRESENCE[i.presence]} for i in rows],
        "also": noticed(meeting.held_on, {pk: n for pk, n in asked.items() if n > 1}, units),
        "earlier": queries.earlier(meeting, today),
        "decided": queries.outcomes(Resolution.objects.filter(meeting=meeting), today),
        "acts": acts_of(call, meeting, offers, "meeting-act", meeting.pk),
        "minutes_due": duty.due_on if duty and duty.state == "open" else None,
        "standing": clocks.standing(duty.state, duty.due_on, duty.closed_on, today, near_limit(today)) if duty else "",
        "rest": not default_calendar().is_working(meeting.held_on),
        "entries": timeline.told(meeting.county_id, [("meeting", meeting.pk)]),
    }  # fmt: skip
    return render(request, "meetings/meeting.html", shown)


@require_safe
def paper(request: HttpRequest, meeting_id: int, kind: str) -> HttpResponse:
    """Return the confirmed minutes as docx or pdf."""
    if (stopped := asking.barred(request, MEETING)) is not None:
        return stopped
    meeting = found_or_404(request, meeting_id)
    if kind not in KINDS:
        raise Http404
    render_paper, media = KINDS[kind]
    units = list(dict.fromkeys(i.unit.short_zh for i in queries.invited(meeting)))
    answer = HttpResponse(render_paper(minutes.paper(meeting, units)), content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="minutes-{meeting.pk}.{kind}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
