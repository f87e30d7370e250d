"""What every page of the desk does first: who asks, may this role read here, which proposal."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette import queries
from luoshi.gazette.models import Proposal
from luoshi.office.access import Actor, Readable
from luoshi.office.actions import COUNTY_ZONE


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    page: Any = request
    actor: Actor = page.actor
    return actor


def today_of(request: HttpRequest) -> dt.date:
    """Return the county's day."""
    page: Any = request
    now: dt.datetime = page.now
    return now.astimezone(COUNTY_ZONE).date()


def barred(request: HttpRequest, readable: Readable) -> HttpResponse | None:
    """Send the public to the sign-in and answer 403 to a role that reads nothing of this kind; else None."""
    actor = actor_of(request)
    if actor.role in readable.grants:
        return None
    if actor.account_id is None:
        try:
            return redirect_to_login(request.get_full_path(), reverse("sign-in"))
        except NoReverseMatch:
            return redirect_to_login(request.get_full_path(), reverse("front"))
    raise PermissionDenied


def proposal_or_404(request: HttpRequest, pk: int) -> Proposal:
    """Return a proposal this actor may read."""
    row = queries.proposal(actor_of(request), pk)
    if row is None:
        raise Http404
    return row


def request_id_of(request: HttpRequest) -> str:
    """Return the request id a form was made with; a form without one is not ours."""
    found = request.POST.get("request_id", "").strip()
    if 8 <= len(found) <= 64 and found.isascii() and found.isprintable():
        return found
    raise Problem(
        "request_id",
        Words("这次提交没有带编号，不能防止重复办理。", "This was sent without its id, so it could act twice."),
        Words("请刷新页面后再提交。", "Reload the page and send it again."),
        status=422,
    )


def tell(request: HttpRequest, words: Words) -> None:
    """Say on the next page, in the reader's language, that something was done."""
    page: Any = request
    messages.success(request, words.pick(str(getattr(page, "LANGUAGE_CODE", "zh"))))


def number(request: HttpRequest, name: str, default: int = 0) -> int:
    """Return a whole number of the address; anything else is the default."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else default


def see_other(url: str) -> HttpResponse:
    """Return 303: what was sent is done, look there."""
    return HttpResponse(status=303, headers={"Location": url})
