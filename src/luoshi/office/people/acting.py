"""Who acts in a request: the signed-in account in the post it has chosen, or the public."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE, Call
from luoshi.office.people import addresses, attempts, own_account, passwords, sessions, tokens
from luoshi.office.people.models import Account, Appointment, County

POST_KEY = "acting_post"
_NEEDS_NO_SESSION = ("/static/", "/healthz", "/metrics", "/account/sign-in")
_FIRST_THINGS = (
    "/static/",
    "/healthz",
    "/metrics",
    "/language",
    "/appearance",
    "/account/sign-in",
    "/account/sign-out",
)
_UNCOUNTED = ("/language", "/appearance")  # preferences touch no record


def settle(request: HttpRequest) -> HttpResponse | None:
    """Put ``actor``, ``county`` and ``acting`` (the appointment) on the request.

    Returns an answer instead where the session has ended, or the account must first change its password or set up its
    second factor. Raises ``Problem`` 429 for an address that sends too much without an account, 401 and 403 on the API.
    """
    page: Any = request
    page.acting = None
    if request.path.startswith("/api/") and (token := tokens.shown(request)) is not None:
        tokens.settle(request, token, actor_of)
        return None
    account = request.user
    if isinstance(account, Account) and (why := sessions.why_ended(request, account, page.now)):
        return _sign_in_again(request, why)
    if isinstance(account, Account):
        page.county = account.county
        page.posts = held(account, page.now.astimezone(COUNTY_ZONE).date())
        page.acting = chosen(page.posts, request.session.get(POST_KEY))
        page.actor = actor_of(page.acting) if page.acting else Actor(account.county_id, "public", account.pk)
        return _first_things_first(request, account)
    page.county = default_county()
    page.actor = Actor(page.county.pk if page.county else 0, "public")
    if request.method == "POST" and not request.path.startswith(_UNCOUNTED):
        attempts.limit(request, page.now)
    if not request.path.startswith(_NEEDS_NO_SESSION) and (why := sessions.told(request)):
        return _sign_in_again(request, why)
    return None


def default_county() -> County | None:
    """Return the county the public pages show when the address names none."""
    return County.objects.order_by("pk").first()


def held(account: Account, day: dt.date) -> list[Appointment]:
    """Return the posts an account holds on a day, oldest first."""
    rows = account.appointments.filter(from_on__lte=day, post__closed=False).exclude(to_on__lt=day)
    return list(rows.select_related("post__unit", "post__place", "post__unit__place").order_by("from_on", "pk"))


def chosen(posts: list[Appointment], wanted: object) -> Appointment | None:
    """Return the wanted post among those held, else the first."""
    return next((a for a in posts if a.post_id == wanted), posts[0] if posts else None)


def actor_of(appointment: Appointment) -> Actor:
    """Return the actor that an appointment makes."""
    post = appointment.post
    place = post.place or post.unit.place
    return Actor(
        appointment.county_id, post.role, appointment.account_id, post.pk, post.unit_id, place.path if place else None
    )


def call_of(request: HttpRequest, request_id: str, channel: str = "web") -> Call:
    """Return the call that a page or API route makes through the one door."""
    page: Any = request
    return Call(page.actor, page.now, request_id, channel, addresses.of(request))


def _first_things_first(request: HttpRequest, account: Account) -> HttpResponse | None:
    """Send an account with a password to what it must do first; the demo's people have none and owe nothing."""
    if request.path.startswith(_FIRST_THINGS) or not account.password or not account.has_usable_password():
        return None
    page: Any = request
    day = page.now.astimezone(COUNTY_ZONE).date()
    if passwords.change_is_due(account, page.now):
        return _go_first(
            request, "password-change", Words("请先修改密码。", "Change the password first."),
        )  # fmt: skip
    if own_account.needs_second_factor(account, {a.post.role for a in held(account, day)}):
        return _go_first(
            request, "second-factor", Words("这个岗位要先设置动态验证码。", "This post needs one-time codes first."),
        )  # fmt: skip
    return None


def _go_first(request: HttpRequest, route: str, words: Words) -> HttpResponse | None:
    address = reverse(route)
    if request.path.startswith(address):
        return None
    if request.path.startswith("/api/"):
        raise Problem("account", words, Words("请在网页上办理。", "Do it on the web page."), status=403)
    return redirect(address)


def _sign_in_again(request: HttpRequest, why: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        raise Problem("session", sessions.WHY[why], Words("请重新登录。", "Sign in again."), status=401)
    back = {"next": request.get_full_path()} if request.method == "GET" else {}
    response = redirect(f"{reverse('sign-in')}?{urlencode({'why': why} | back)}")
    response.delete_cookie(settings.SESSION_COOKIE_NAME)
    return response
