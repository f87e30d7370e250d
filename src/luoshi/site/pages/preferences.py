"""The reader's own choices: language, type size, theme, and in which post one acts."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.people import acting
from luoshi.office.people.models import Account

_YEAR = 365 * 24 * 3600
_THEMES = ("auto", "light", "dark")


def back_to(request: HttpRequest) -> str:
    """Return the page to come back to: one of ours, else the front page."""
    wanted = request.POST.get("next", "/")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours and wanted.startswith("/") else "/"


# The two preferences carry no token: they touch no record, and without it public pages need no cookie at all.
@csrf_exempt
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the pages; kept in a cookie."""
    chosen = request.POST.get("to", "")
    if chosen not in dict(settings.LANGUAGES):
        raise _unknown_choice("to", chosen)
    response = redirect(back_to(request))
    _keep(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


@csrf_exempt
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Choose large type and theme; kept in cookies."""
    response = redirect(back_to(request))
    if "large" in request.POST:
        _keep(response, "luoshi_large", "1" if request.POST["large"] == "1" else "0")
    if "theme" in request.POST:
        if request.POST["theme"] not in _THEMES:
            raise _unknown_choice("theme", request.POST["theme"])
        _keep(response, "luoshi_theme", request.POST["theme"])
    return response


@require_POST
def act_as(request: HttpRequest) -> HttpResponse:
    """Choose one of the posts the signed-in account holds today."""
    page: Any = request
    if not isinstance(request.user, Account):
        return redirect("front")
    held = acting.held(request.user, page.now.astimezone(COUNTY_ZONE).date())
    wanted = request.POST.get("post", "")
    chosen = next((a for a in held if str(a.post_id) == wanted), None)
    if chosen is None:
        raise Problem(
            "post",
            Words("您今天不在这个岗位上。", "You do not hold this post today."),
            Words("请从您的岗位中选择一个。", "Choose one of your own posts."),
            status=403,
        )
    request.session[acting.POST_KEY] = chosen.post_id
    return redirect("front")


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=_YEAR, secure=bool(settings.SESSION_COOKIE_SECURE), httponly=True, samesite="Lax"
    )


def _unknown_choice(place: str, given: str) -> Problem:
    return Problem(
        place,
        Words(f"没有“{given}”这个选项。", f"There is no choice {given!r}."),
        Words("请用页面顶部的按钮选择。", "Use the buttons at the top of the page."),
    )
