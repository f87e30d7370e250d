"""What the pages of accounts and administration share: who may open a page, and a form that runs one action."""

import functools
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from luoshi.core.outcome import Granted
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import READABLES
from luoshi.office.actions import Action, Result
from luoshi.office.fields import Form
from luoshi.office.people import acting
from luoshi.office.people.models import Account
from luoshi.site.templatetags.luoshi import words

View = Callable[..., HttpResponseBase]


def signed_in(view: View) -> View:
    """Open a page to anybody with an account; others are sent to sign in."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, Account):
            return view(request, *args, **kwargs)
        back = {"next": request.get_full_path()} if request.method == "GET" else {}
        return redirect(f"{reverse('sign-in')}?{urlencode(back)}")

    return guarded


def for_roles(*roles: str) -> Callable[[View], View]:
    """Open a page to those who act in one of these roles."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            page: Any = request
            if page.actor.role not in roles:
                raise closed()
            return view(request, *args, **kwargs)

        return signed_in(guarded)

    return guard


def for_readers(kind: str) -> Callable[[View], View]:
    """Open a page to those who may read this kind of record at all; the rows are still filtered by their scope."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            page: Any = request
            if page.actor.role not in READABLES[kind].grants:
                raise closed()
            return view(request, *args, **kwargs)

        return signed_in(guarded)

    return guard


def closed() -> Problem:
    """Return the problem of a page that is not for this post."""
    return Problem(
        "page",
        Words("您现在的岗位不能打开这一页。", "Your post may not open this page."),
        Words("请换一个岗位，或由有权限的人办理。", "Act in another post, or ask somebody who may."),
        status=403,
    )


def ask(request: HttpRequest, act: Action[Any, Any], given: dict[str, Any]) -> Result:
    """Send one request through the one door under the form's request id."""
    return act(acting.call_of(request, request.POST.get("request_id") or uuid.uuid4().hex), **given)


def given_of(request: HttpRequest, form: Form) -> dict[str, str]:
    """Return what was typed into the form's fields; what was left empty is left out."""
    return {f.name: request.POST[f.name] for f in form.fields if request.POST.get(f.name, "").strip()}


def send(request: HttpRequest, act: Action[Any, Any], form: Form, **more: Any) -> tuple[Result | None, Form]:
    """Run the action with what the form holds. Returns the result, or None and the form with what stands against it."""
    try:
        result = ask(request, act, given_of(request, form) | more)
    except Problem as fault:
        if fault.status in (409, 503, 507):
            raise
        return None, form.filled(request.POST.dict()).with_problem(fault)
    if isinstance(result.outcome, Granted):
        return result, form
    fresh = {**request.POST.dict(), "request_id": uuid.uuid4().hex}  # a refused request is answered; the next is new
    return None, form.filled(fresh).with_problem(problem_of(result))


def problem_of(result: Result) -> Problem:
    """Return a refusal as the head of a form shows it."""
    reason = result.outcome.reasons[0]
    return Problem("", reason.words, reason.remedy or Words("", ""), status=409)


def tell(request: HttpRequest, result: Result, done: Words) -> None:
    """Put what became of a button's request at the head of the next page."""
    if isinstance(result.outcome, Granted):
        messages.success(request, words(done))
        return
    reason = result.outcome.reasons[0]
    messages.error(request, words(reason.words) + (words(reason.remedy) if reason.remedy else ""))
