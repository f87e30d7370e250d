"""Doing: the form of each act, and what happens when it is sent. Sending twice acts once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from luoshi.core.outcome import Granted, Outcome, Refused
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import Action, Call
from luoshi.office.evidence import actions as evidence
from luoshi.office.fields import Form
from luoshi.office.people.acting import call_of
from luoshi.supervision.actions.review import UnderReview
from luoshi.supervision.models import Assignment
from luoshi.supervision.pages import asking
from luoshi.supervision.pages.offers import INSIDE_OFFERS, REPORT_OFFERS, SHARE_OFFERS, Offer
from luoshi.supervision.queries import inside, shares
from luoshi.supervision.readables import ASSIGNMENT, DUTY, REPORT

MAX_FILES = 30


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
        return _page(request, asked, form, outcome, 403 if _not_yours(outcome) else 200)
    form = form.filled(_sent(request, form))
    try:
        call = call_of(request, asking.request_id_of(request))
        result = asked.action(call, **asked.given, **typed(request, call, form))
    except Problem as problem:
        return _page(request, asked, form.with_problem(problem), Granted(), problem.status)
    if not isinstance(result.outcome, Granted):
        return _page(request, asked, form, result.outcome, _status(result.outcome))
    _say(request, asked.action.words, replayed=result.replayed)
    return asking.see_other(_after(request, asked.share))


def _not_yours(outcome: Outcome) -> bool:
    return not outcome and outcome.reasons[0].code in ("role_may_not", "outside_scope")


def _status(outcome: Outcome) -> int:
    if _not_yours(outcome):
        return 403
    return 409 if isinstance(outcome, Refused) else 422


def _fields(asked: Asked, call: Call) -> tuple[Any, ...]:
    return asked.offer.fields(call, asked.share) if asked.offer.fields else ()


def _sent(request: HttpRequest, form: Form) -> dict[str, str]:
    sent = request.POST.dict()
    for field in form.fields:
        if field.kind == "choices":
            sent[field.name] = "".join(f",{value}" for value in request.POST.getlist(field.name)) + ","
    return sent


def typed(request: HttpRequest, call: Call, form: Form) -> dict[str, Any]:
    """Return the inputs of an action as a form gives them; files are kept first, and their ids given."""
    given: dict[str, Any] = {}
    for field in form.fields:
        if field.kind == "file":
            given[field.name] = _received(request, call, field.name)
        elif field.kind == "choices":
            given[field.name] = request.POST.getlist(field.name)
        elif field.value or field.required:
            given[field.name] = field.value
    return given


def _received(request: HttpRequest, call: Call, name: str) -> list[int]:
    """Keep the uploaded files, each under a request id of its own made from the form's."""
    sent = request.FILES.getlist(name)
    if len(sent) > MAX_FILES:
        raise Problem(
            name,
            Words(f"一次最多上传 {MAX_FILES} 个文件。", f"At most {MAX_FILES} files at once."),
            Words("请分次上报。", "Send them in several reports."),
            status=422,
        )
    ids = []
    for n, file in enumerate(sent):
        one = Call(call.actor, call.now, f"{call.request_id}:{n}", call.channel, call.address)
        try:
            result = evidence.receive(one, file.name or "", file.chunks())
        except Problem as problem:
            said = Words(f"“{problem.place}”：{problem.words.zh}", f"“{problem.place}”: {problem.words.en}")
            raise Problem(name, said, problem.remedy, status=problem.status) from problem
        if not isinstance(result.outcome, Granted):
            reason = result.outcome.reasons[0]
            raise Problem(name, reason.words, reason.remedy or reason.words, status=403)
        ids.append(int(result.values["file"]))
    return ids


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


def _say(request: HttpRequest, words: Words, *, replayed: bool) -> None:
    english = asking.in_english(request)
    if replayed:
        text = Words(f"“{words.zh}”此前已经办理，没有重复办理。", f"{words.en}: already done, not done again.")
        messages.info(request, text.en if english else text.zh)
        return
    text = Words(f"已办理：{words.zh}。", f"Done: {words.en}.")
    messages.success(request, text.en if english else text.zh)
