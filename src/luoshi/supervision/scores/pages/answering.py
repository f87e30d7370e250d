"""The form of one act of scoring, and what happens when it is sent. Sending twice acts once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from luoshi.core.outcome import Granted, Outcome
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import Action
from luoshi.office.fields import Field, Form
from luoshi.office.people.acting import call_of
from luoshi.supervision.pages import asking
from luoshi.supervision.pages.answers import not_yours, say, status_of, typed


@dataclass(frozen=True, slots=True)
class Asked:
    """One act: on which subject, at which address, with which fixed inputs and fields; where one looks afterwards.

    ``after`` may hold ``{name}`` of a value the action gives.
    """

    action: Action[Any, Any]
    subject: Any
    url: str
    given: Mapping[str, Any]
    fields: tuple[Field, ...]
    kind: Words
    trail: list[dict[str, Any]]
    back_url: str
    after: str = ""


def answer(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Show the form, or do the act and go on."""
    form = Form.fresh(asked.url, asked.action.words, *asked.fields)
    if request.method == "GET":
        outcome = Granted() if asked.subject is None else asked.action.check(call_of(request, "look"), asked.subject)
        return _page(request, asked, form, outcome, 403 if not_yours(outcome) else 200)
    form = form.filled(request.POST.dict())
    try:
        call = call_of(request, asking.request_id_of(request))
        result = asked.action(call, **asked.given, **typed(request, call, form))
    except Problem as problem:
        return _page(request, asked, form.with_problem(problem), Granted(), problem.status)
    if not isinstance(result.outcome, Granted):
        return _page(request, asked, form, result.outcome, status_of(result.outcome))
    say(request, asked.action.words, replayed=result.replayed)
    return asking.see_other((asked.after or asked.back_url).format(**result.values))


def _page(request: HttpRequest, asked: Asked, form: Form, outcome: Outcome, status: int = 200) -> HttpResponse:
    granted = isinstance(outcome, Granted)
    mend = not granted and not not_yours(outcome) and request.method == "POST" and bool(asked.fields)
    shown = {
        "title": asked.action.words,
        "kind": asked.kind,
        "form": form,
        "outcome": outcome,
        "granted": granted,
        "mend": mend,
        "back_url": asked.back_url,
        "trail": asked.trail,
    }
    return render(request, "scores/act.html", shown, status=status)
