"""Sending the form of one action: done, or the form again with what stands against it and everything that was typed."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest

from luoshi.core.outcome import Granted, Needs
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import Action, Result
from luoshi.office.fields import Form
from luoshi.office.people.acting import call_of
from luoshi.supervision.pages import asking

_NOT_YOURS = ("role_may_not", "outside_scope")


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a form: ``result`` when it was granted, else the form to show again and its status."""

    form: Form
    status: int = 200
    result: Result | None = None


def send(request: HttpRequest, act: Action[Any, Any], form: Form, given: Mapping[str, Any]) -> Sent:
    """Ask an action with what a form gave; a refusal is told like a problem, at the head of the form."""
    several = {f.name: ",".join(request.POST.getlist(f.name)) for f in form.fields if f.multiple}
    form = form.filled(request.POST.dict() | several)
    try:
        result = act(call_of(request, asking.request_id_of(request)), **given)
    except Problem as fault:
        return Sent(form.with_problem(fault), fault.status)
    if isinstance(result.outcome, Granted):
        return Sent(form, 303, result)
    reason = result.outcome.reasons[0]
    status = 403 if reason.code in _NOT_YOURS else 422 if isinstance(result.outcome, Needs) else 409
    remedy = reason.remedy or Words("请核对后再提交。", "Check it and send again.")
    form = replace(form, request_id=uuid.uuid4().hex)  # the refusal is the answer to the old one
    return Sent(form.with_problem(Problem(reason.code, reason.words, remedy, status=status)), status)
