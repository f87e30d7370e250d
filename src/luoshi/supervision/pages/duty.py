"""The page of one duty: what it is, its state, what comes next, what may be done, what happened, what it rests on."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luoshi.core.calendar import default_calendar
from luoshi.core.outcome import Granted, Outcome
from luoshi.core.stages import Move
from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE, Call
from luoshi.office.duties.models import Duty
from luoshi.office.people.acting import call_of
from luoshi.supervision import clocks, colour_schemes
from luoshi.supervision.actions.review import UnderReview
from luoshi.supervision.models import Assignment
from luoshi.supervision.pages import asking, inside, parts
from luoshi.supervision.pages.offers import REPORT_OFFERS, SHARE_OFFERS
from luoshi.supervision.queries import as_of, rounds, shares, timeline
from luoshi.supervision.queries.timeline import Told
from luoshi.supervision.readables import DUTY
from luoshi.supervision.stages import STAGES

CHAIN = ("assigned", "accepted", "in_progress", "reported", "done", "closed")
MAIN = ("accept", "start", "report_done", "close", "resume")
ANY = frozenset(STAGES.states)
ONLY = {
    "accept": frozenset({"assigned"}),
    "start": frozenset({"assigned", "accepted"}),
    "resume": frozenset({"suspended"}),
}
"""Acts that say nothing outside these states, not even greyed: what has been passed, or cannot have begun."""
IDLE = frozenset({"no_units_inside", "not_split", "nobody_to_ask", "support_does_not_ask"})
OFF_CHAIN = {"returned": "in_progress", "suspended": "in_progress", "cancelled": "in_progress"}


@require_safe
def page(request: HttpRequest, duty_id: int) -> HttpResponse:
    """Show one duty."""
    if (stopped := asking.barred(request, DUTY)) is not None:
        return stopped
    duty = shares.duty(asking.actor_of(request), duty_id)
    if duty is None:
        raise Http404
    share, past = shares.share_of(duty), asking.past_day(request)
    if past is not None:
        share = as_of.duty(duty, share, past)
    subjects: list[timeline.Subject] = [("duty", duty.pk), (duty.subject_kind, duty.subject_id)]
    entries = timeline.told(duty.county_id, subjects, until=as_of.end_of(past) if past else None)
    shown = _head(duty, share, entries, past or asking.today_of(request)) | _body(request, duty, share, past)
    shown |= {"entries": entries, **asking.banner(request, past)}
    return render(request, "supervision/duty.html", shown)


def _head(duty: Duty, share: Assignment | None, entries: list[Told], today: dt.date) -> dict[str, Any]:
    day = colour_schemes.day_of(duty.county_id, today)
    standing = day.standing(duty.state, duty.due_on, duty.closed_on)
    moved = [e for e in entries if e.outcome == "granted"]
    since = moved[0].at.astimezone(COUNTY_ZONE).date() if moved else duty.opened_on
    current = share is not None and share.duty_id == duty.pk
    words, by = _next(share) if share is not None and current else (None, None)
    person = [{"label": Words("承办人", "Person"), "value": duty.account.display_name}] if duty.account else []
    return {
        "title": duty.words,
        "kind": duty.task.plan.words if duty.task else Words("待办", "Duty"),
        **parts.marked(day.mark(standing), standing),
        "stage": STAGES.states[share.state].words if share is not None and current else None,
        "since": since,
        "next": words,
        "next_by": by,
        "next_on": duty.due_on if duty.state == "open" else None,
        "today": today,
        "more": [{"label": Words("承办单位", "Unit"), "value": duty.unit.words}, *person],
        "trail": [{"words": Words("待办", "Inbox"), "url": reverse("inbox")}],
        "standing": standing,
        "sentence": clocks.sentence(
            duty.opened_on, duty.due_on, duty.events, duty.task.deadline_words if duty.task else "", default_calendar()
        ),
    }


def _next(share: Assignment) -> tuple[Words | None, Words | None]:
    """Return the next move of the ordinary way and who makes it: the unit, or the role that owns the state."""
    moves = STAGES.moves_from(share.state)
    if not moves:
        return None, None
    owner = STAGES.owner(share.state)
    ahead = sorted((m for m in moves if m.to is not None and owner in m.roles), key=lambda m: m.verb not in MAIN)
    by = share.unit.words if owner in ("officer", "unit_head") else STAGES.roles[owner or ""]
    return (_button(ahead[0]) if ahead else None), by


def _button(move: Move) -> Words:
    """Return what the button of a move says, so that the head and the filled button name the same act."""
    offer = SHARE_OFFERS.get(move.verb) or REPORT_OFFERS.get(f"review_{move.verb}")
    return offer.action.words if offer is not None else move.words


def _body(request: HttpRequest, duty: Duty, share: Assignment | None, past: dt.date | None) -> dict[str, Any]:
    """Return what stands below the head. In a past view nothing can be done, so no act is offered."""
    actor, call = asking.actor_of(request), call_of(request, "look")
    task = duty.task
    current = share is not None and share.duty_id == duty.pk
    today = past or asking.today_of(request)
    within, above = inside.of_duty(call, duty, today, past=past is not None)
    if share is not None and current:
        within = inside.sections(call, share, today, past=past is not None)
    reports = shares.reports_of(actor, share, past) if share is not None else []
    seen = [parts.report_seen(r, _review_acts(call, share, r) if past is None else []) for r in reports]
    return {
        "duty": duty,
        "task_url": asking.at(reverse("task", args=[task.pk]), past) if task and shares.task(actor, task.pk) else "",
        "earlier_url": asking.at(_earlier(share, duty), past),
        "subject_url": "" if share is not None else asking.address(duty.subject_kind, duty.subject_id),
        "share_url": inside.share_url(call, above, past),
        "inside": within,
        "acts": acts(actor, call, share) if share is not None and current and past is None else [],
        "waiting": [w for w in seen if w["acts"] and w["report"].kind == "done"],
        "reports": [w for w in seen if not w["acts"] or w["report"].kind != "done"],
        "rounds": _rounds(request, duty),
        "steps": steps(share.state) if share is not None and current else [],
        "percent": share.percent if share is not None else None,
        **parts.grounds(task, duty.clause_id),
    }


def _rounds(request: HttpRequest, duty: Duty) -> list[dict[str, Any]]:
    """Return the other open rounds of recurring work, each with its day, its state and its page."""
    today = asking.today_of(request)
    day = colour_schemes.day_of(duty.county_id, today)
    return [
        {
            "url": reverse("duty", args=[one.pk]),
            "due_on": one.due_on,
            **parts.marked(day.mark(standing), standing),
        }
        for one in rounds.others(asking.actor_of(request), duty)
        for standing in (day.standing(one.state, one.due_on, one.closed_on),)
    ]


def _earlier(share: Assignment | None, duty: Duty) -> str:
    """Return the duty that a recurring share is working on, when this one waits behind it."""
    if share is None or share.duty_id is None or share.duty_id == duty.pk or duty.state != "open":
        return ""
    return reverse("duty", args=[share.duty_id])


def acts(actor: Actor, call: Call, share: Assignment) -> list[dict[str, Any]]:
    """Return the acts this role has on a share: first those that may be done now, the others with their reasons."""
    mine = [o for o in SHARE_OFFERS.values() if actor.role in o.action.grants and share.state in ONLY.get(o.verb, ANY)]
    found = [(offer, offer.action.check(call, share)) for offer in mine]
    found = [(offer, outcome) for offer, outcome in found if not _out_of_reach(outcome) and not _idle(outcome)]
    open_now = [f for f in found if isinstance(f[1], Granted)]
    shut = [f for f in found if not isinstance(f[1], Granted)]
    main = next((offer.verb for offer, _ in open_now if offer.verb in MAIN), "")
    return [
        {
            "words": offer.action.words,
            "outcome": outcome,
            "url": _form_of(share, offer.verb),
            "post": offer.at_once,
            "primary": offer.verb == main,
        }
        for offer, outcome in (*open_now, *shut)
    ]


def _form_of(share: Assignment, verb: str) -> str:
    """Return the address of an act's form; pressing shows what it costs the unit before it is sent."""
    if verb == "escalate":
        return reverse("share-press", args=[share.pk])
    return reverse("share-act", args=[share.pk, verb])


def _out_of_reach(outcome: Outcome) -> bool:
    """What lies outside a post's unit or plan is not offered at all; what could be done later is shown with why not."""
    return not outcome and outcome.reasons[0].code == "outside_scope"


def _idle(outcome: Outcome) -> bool:
    """What has no object here, such as units inside a unit that has none, is not offered at all."""
    return not outcome and outcome.reasons[0].code in IDLE


def _review_acts(call: Call, share: Assignment | None, seen: shares.ReportSeen) -> list[dict[str, Any]]:
    if share is None or seen.report.decision:
        return []
    seen.report.assignment = share
    case = UnderReview(seen.report, share)
    return [
        {
            "words": offer.action.words,
            "outcome": offer.action.check(call, case),
            "url": reverse("report-act", args=[seen.report.pk, offer.verb]),
            "post": offer.at_once,
            "primary": offer.verb == "review_approve" and seen.report.kind == "done",
        }
        for offer in REPORT_OFFERS.values()
        if call.actor.role in offer.action.grants and not _out_of_reach(offer.action.check(call, case))
    ]


def steps(state: str) -> list[dict[str, Any]]:
    """Return the ordinary way of a share with the present state on it; a detour is named at the step it left from."""
    here = CHAIN.index(OFF_CHAIN.get(state, state))
    shown = []
    for n, code in enumerate(CHAIN):
        standing = "passed" if n < here else "current" if n == here else "coming"
        note = STAGES.states[state].words if n == here and state != code else ""
        shown.append({"words": STAGES.states[code].words, "standing": standing, "note": note})
    return shown
