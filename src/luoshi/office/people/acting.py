"""Who acts in a request: the signed-in account in the post it has chosen, or the public."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE, Call
from luoshi.office.people.models import Account, Appointment, County

POST_KEY = "acting_post"
_ALWAYS_OPEN = ("/static/", "/account/", "/healthz", "/language")


def settle(request: HttpRequest) -> HttpResponse | None:
    """Put ``actor``, ``county`` and ``acting`` (the appointment) on the request.

    Returns an answer instead where the account must first change its password or set up its second factor.
    """
    page: Any = request
    page.acting = None
    account = request.user
    if isinstance(account, Account):
        page.county = account.county
        page.acting = choose(account, request.session.get(POST_KEY), page.now.astimezone(COUNTY_ZONE).date())
        page.actor = actor_of(page.acting) if page.acting else Actor(account.county_id, "public", account.pk)
        return _first_things_first(request, account)
    page.county = default_county()
    page.actor = Actor(page.county.pk if page.county else 0, "public")
    return None


def default_county() -> County | None:
    """Return the county the public pages show when the address names none."""
    return County.objects.order_by("pk").first()


def held(account: Account, day: dt.date) -> list[Appointment]:
    """Return the posts an account holds on a day, oldest first."""
    rows = account.appointments.filter(from_on__lte=day, post__closed=False).exclude(to_on__lt=day)
    return list(rows.select_related("post__unit", "post__place", "post__unit__place").order_by("from_on", "pk"))


def choose(account: Account, wanted: object, day: dt.date) -> Appointment | None:
    """Return the wanted post if the account holds it today, else the first it holds."""
    posts = held(account, day)
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
    return Call(page.actor, page.now, request_id, channel, request.META.get("REMOTE_ADDR", ""))


def _first_things_first(request: HttpRequest, account: Account) -> HttpResponse | None:
    if request.path.startswith(_ALWAYS_OPEN):
        return None
    if account.must_change_password:
        return redirect(reverse("password-change"))
    return None
