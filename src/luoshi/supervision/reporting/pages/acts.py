"""Doing something with a form: saving answers, correcting a figure, confirming, sending, taking in, sending back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from luoshi.core.outcome import Granted, Outcome
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import Call
from luoshi.office.fields import Field, Form, Option
from luoshi.office.people.acting import call_of
from luoshi.supervision.pages import asking
from luoshi.supervision.pages.answers import status_of
from luoshi.supervision.reporting import actions, filling, queries
from luoshi.supervision.reporting.models import Filing
from luoshi.supervision.reporting.pages import shown
from luoshi.supervision.reporting.pages.filing import VERBS, shown_page
from luoshi.supervision.reporting.readables import FILING

REASON = Field(
    "reason", Words("理由", "Reason"), "textarea", rows=3,
    hint=Words("写明原因，会留痕，对方看得到。", "Say why. It is kept, and the other side sees it."),
)  # fmt: skip


def found(request: HttpRequest, filing_id: int) -> Filing:
    """Return the form, or 404 where the actor may not read it."""
    filing = queries.one(asking.actor_of(request), filing_id)
    if filing is None:
        raise Http404
    return filing


@require_POST
def answers(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Save the answers; with ``then=confirm`` confirm the form as well."""
    if (stopped := asking.barred(request, FILING)) is not None:
        return stopped
    filing = found(request, filing_id)
    typed = {name[2:]: str(text) for name, text in request.POST.items() if name.startswith("a.")}
    call = call_of(request, asking.request_id_of(request))
    given = {key: text for key, text in typed.items() if text.strip()}
    try:
        result = actions.answer(call, filing_id=filing.pk, answers=given)
        outcome: Outcome = result.outcome
        if isinstance(outcome, Granted) and request.POST.get("then") == "confirm":
            second = Call(call.actor, call.now, f"{call.request_id}:confirm"[:64], call.channel, call.address)
            outcome = actions.confirm(second, filing_id=filing.pk).outcome
            filing = found(request, filing_id)
    except Problem as problem:
        return shown_page(request, filing, typed=typed, problem=problem, status=problem.status)
    if not isinstance(outcome, Granted):
        return shown_page(request, filing, typed=typed, outcome=outcome, status=status_of(outcome))
    confirmed = filing.state == "confirmed"
    _say(request, Words("已确认，数字已冻结，可以报送。", "Confirmed and frozen; it can be sent.")
         if confirmed else Words("已保存。", "Saved."))  # fmt: skip
    return asking.see_other(reverse("filing", args=[filing.pk]))


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Show or do the correction of a computed figure; ``?cell=`` names one, ``?row=`` offers those of a row."""
    if (stopped := asking.barred(request, FILING)) is not None:
        return stopped
    filing = found(request, filing_id)
    moment: Any = request
    call = call_of(request, "look")
    outcome = actions.correct.check(call, filing)
    cells = _offered(filing, moment.now, request.GET)
    form = Form.fresh(reverse("filing-correct", args=[filing.pk]), actions.correct.words, *_fields(cells))
    if request.method == "GET":
        return _page(request, filing, actions.correct.words, form, outcome, 200 if outcome else status_of(outcome))
    form = form.filled(request.POST.dict())
    try:
        call = call_of(request, asking.request_id_of(request))
        given = {name: request.POST.get(name, "") for name in ("cell", "value", "reason")}
        result = actions.correct(call, filing_id=filing.pk, **given)
    except Problem as problem:
        return _page(request, filing, actions.correct.words, form.with_problem(problem), Granted(), problem.status)
    if not isinstance(result.outcome, Granted):
        return _page(request, filing, actions.correct.words, form, result.outcome, status_of(result.outcome))
    _say(request, Words("已更正，理由会随报表送出。", "Corrected; the reason goes out with the form."))
    return asking.see_other(reverse("filing", args=[filing.pk]))


def _offered(filing: Filing, now: Any, given: Any) -> list[tuple[str, Words]]:
    if filing.state not in filling.DRAFTS:
        return []
    sheet = filling.draft(filing, now)
    cell, row = given.get("cell", ""), given.get("row", "")
    offered = []
    for block in sheet.blocks:
        for line in block.rows:
            for one in line.cells:
                if not one.can_be_corrected or (cell and one.key != cell) or (row and one.key.split(".")[-1] != row):
                    continue
                name = Words(f"{line.label.zh}·", f"{line.label.en}, ") if block.of else Words("", "")
                now_is = one.computed_shown if one.origin in ("corrected", "stale") else one.shown
                offered.append((one.key, Words(
                    f"{name.zh}{one.words.zh}（系统：{now_is.zh[:40] or '不知道'}）",
                    f"{name.en}{one.words.en} (system: {now_is.en[:40] or 'not known'})",
                )))  # fmt: skip
    return offered


def _fields(cells: list[tuple[str, Words]]) -> tuple[Field, ...]:
    return (
        Field("cell", Words("哪一格", "Which cell"), "select", options=tuple(Option(k, w) for k, w in cells)),
        Field("value", Words("应为", "Should be"), "textarea", rows=2),
        REASON,
    )


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, filing_id: int, verb: str) -> HttpResponse:
    """Show or do one act on a form."""
    if (stopped := asking.barred(request, FILING)) is not None:
        return stopped
    filing = found(request, filing_id)
    if verb not in VERBS:
        raise Http404
    action = VERBS[verb]
    fields = (REASON,) if verb == "send-back" else ()
    form = Form.fresh(reverse("filing-act", args=[filing.pk, verb]), action.words, *fields)
    if request.method == "GET":
        outcome = action.check(call_of(request, "look"), filing)
        return _page(request, filing, action.words, form, outcome, 200 if outcome else status_of(outcome))
    form = form.filled(request.POST.dict())
    given = {"reason": request.POST.get("reason", "")} if verb == "send-back" else {}
    if verb == "uncorrect":
        given = {"cell": request.POST.get("cell", "")}
    try:
        result = action(call_of(request, asking.request_id_of(request)), filing_id=filing.pk, **given)
    except Problem as problem:
        return _page(request, filing, action.words, form.with_problem(problem), Granted(), problem.status)
    if not isinstance(result.outcome, Granted):
        if verb == "confirm":
            return shown_page(request, filing, outcome=result.outcome, status=status_of(result.outcome))
        return _page(request, filing, action.words, form, result.outcome, status_of(result.outcome))
    _say(request, Words(f"已办理：{action.words.zh}。", f"Done: {action.words.en}."))
    return asking.see_other(reverse("filing", args=[filing.pk]))


def _page(
    request: HttpRequest, filing: Filing, words: Words, form: Form, outcome: Outcome, status: int
) -> HttpResponse:
    back = reverse("filing", args=[filing.pk])
    context = {
        "title": words, "kind": shown.title(filing), "form": form, "outcome": outcome,
        "granted": isinstance(outcome, Granted), "back_url": back,
        "trail": [{"words": Words("我的报表", "My forms"), "url": reverse("filings")},
                  {"words": shown.title(filing), "url": back}],
    }  # fmt: skip
    return render(request, "supervision/act.html", context, status=status)


def _say(request: HttpRequest, words: Words) -> None:
    messages.success(request, words.en if asking.in_english(request) else words.zh)
