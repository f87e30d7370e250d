"""Doing: the form of each act, and what happens when it is sent. Sending twice acts once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from luoshi.core.outcome import Granted, Outcome
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import Action, Call
from luoshi.office.fields import Form
from luoshi.office.people.acting import call_of
from luoshi.supervision.actions.review import UnderReview
from luoshi.supervision.models import Assignment
from luoshi.supervision.pages import asking
from luoshi.supervision.pages.answers import not_yours, say, status_of, typed
from luoshi.supervision.pages.offers import INSIDE_OFFERS, REPORT_OFFERS, SHARE_OFFERS, Offer
from luoshi.supervision.queries import inside, shares
from luoshi.supervision.readables import ASSIGNMENT, DUTY, REPORT


@dataclass(frozen=True, slots=True)
class Asked:
    """One act asked for: on which subject, whose share, at which address, with which fixed input."""

    offer: Offer
    subject: Any
    share: Assignment
    url: str
    given: Mapping[str, Any]

    @property
    def action(self) -> Action[Any, Any]:
        """The action behind the offer."""
        return self.offer.action


@require_http_methods(["GET", "POST"])
def on_share(request: HttpRequest, assignment_id: int, verb: str) -> HttpResponse:
    """Show or do one act on a share."""
    if (stopped := asking.barred(request, ASSIGNMENT)) is not None:
        return stopped
    share = shares.share(asking.actor_of(request), assignment_id)
    if share is None or verb not in SHARE_OFFERS:
        raise Http404
    url = reverse("share-act", args=[assignment_id, verb])
    return _answer(request, Asked(SHARE_OFFERS[verb], share, share, url, {"assignment_id": assignment_id}))


@require_http_methods(["GET", "POST"])
def on_report(request: HttpRequest, report_id: int, verb: str) -> HttpResponse:
    """Show or do one act of review."""
    if (stopped := asking.barred(request, REPORT)) is not None:
        return stopped
    report = shares.report(asking.actor_of(request), report_id)
    if report is None or verb not in REPORT_OFFERS:
        raise Http404
    case = UnderReview(report, report.assignment)
    url = reverse("report-act", args=[report_id, verb])
    return _answer(request, Asked(REPORT_OFFERS[verb], case, report.assignment, url, {"report_id": report_id}))


@require_http_methods(["GET", "POST"])
def on_milestone(request: HttpRequest, milestone_id: int, verb: str) -> HttpResponse:
    """Show or do one act on a milestone."""
    return _inside(request, "milestone", milestone_id, verb)


@require_http_methods(["GET", "POST"])
def on_piece(request: HttpRequest, piece_id: int, verb: str) -> HttpResponse:
    """Show or do one act on a piece of a share."""
    return _inside(request, "piece", piece_id, verb)


@require_http_methods(["GET", "POST"])
def on_consultation(request: HttpRequest, consultation_id: int, verb: str) -> HttpResponse:
    """Show or do one act on a question to another unit."""
    return _inside(request, "consultation", consultation_id, verb)


def _inside(request: HttpRequest, kind: str, pk: int, verb: str) -> HttpResponse:
    if (stopped := asking.barred(request, DUTY)) is not None:
        return stopped
    case = inside.case(asking.actor_of(request), kind, pk)
    if case is None or verb not in INSIDE_OFFERS[kind]:
        raise Http404
    url = reverse(f"{kind}-act", args=[pk, verb])
    return _answer(request, Asked(INSIDE_OFFERS[kind][verb], case, case.share, url, {f"{kind}_id": pk}))


def _answer(request: HttpRequest, asked: Asked) -> HttpResponse:
    call = call_of(request, "look")
    form = Form.fresh(
        asked.url, asked.action.words, *_fields(asked, call), draft=f"{asked.offer.verb}-{asked.share.pk}"
    )
    if request.method == "GET":
        outcome = asked.action.check(call, asked.subject)
        return _page(request, asked, form, outcome, 403 if not_yours(outcome) else 200)
    form = form.filled(_sent(request, form))
    try:
        call = call_of(request, asking.request_id_of(request))
        result = asked.action(call, **asked.given, **typed(request, call, form))
    except Problem as problem:
        return _page(request, asked, form.with_problem(problem), Granted(), problem.status)
    if not isinstance(result.outcome, Granted):
        return _page(request, asked, form, result.outcome, status_of(result.outcome))
    say(request, asked.action.words, replayed=result.replayed)
    return asking.see_other(_after(request, asked.share))


def _fields(asked: Asked, call: Call) -> tuple[Any, ...]:
    return asked.offer.fields(call, asked.share) if asked.offer.fields else ()


def _sent(request: HttpRequest, form: Form) -> dict[str, str]:
    sent = request.POST.dict()
    for field in form.fields:
        if field.kind == "choices":
            sent[field.name] = "".join(f",{value}" for value in request.POST.getlist(field.name)) + ","
    return sent


def _page(request: HttpRequest, asked: Asked, form: Form, outcome: Outcome, status: int = 200) -> HttpResponse:
    title = asked.share.task.words
    shown = {
        "title": asked.action.words,
        "kind": title,
        "form": form,
        "outcome": outcome,
        "granted": isinstance(outcome, Granted),
        "back_url": _after(request, asked.share),
        "trail": _trail(asked.share, request),
    }
    return render(request, "supervision/act.html", shown, status=status)


def _trail(share: Assignment, request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {"words": Words("台账", "Ledger"), "url": reverse("tasks")},
        {"words": share.task.words, "url": _after(request, share)},
    ]


def _after(request: HttpRequest, share: Assignment) -> str:
    """Return where one looks afterwards: the duty where the reader may open it, else the task, else the inbox."""
    actor = asking.actor_of(request)
    if share.duty_id is not None and shares.duty(actor, share.duty_id) is not None:
        return reverse("duty", args=[share.duty_id])
    if shares.task(actor, share.task_id) is not None:
        return reverse("task", args=[share.task_id])
    return reverse("inbox")
