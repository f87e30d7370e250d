"""One-click sign-in as a post of the generated demo county. It exists in demo mode on this machine, nowhere else."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from luoshi.core.outcome import Refused, refuse
from luoshi.core.words import Words
from luoshi.office import door
from luoshi.office.access import Actor, Where
from luoshi.office.actions import COUNTY_ZONE, Call, Done, Inputs, action
from luoshi.office.people import acting
from luoshi.office.people.actions import missing
from luoshi.office.people.models import Appointment, County
from luoshi.site.pages.health import is_local


def offered(request: HttpRequest) -> bool:
    """Tell whether this request may sign in without a password: demo mode, and from this machine itself."""
    return bool(settings.LUOSHI_DEMO) and is_local(request)


class DemoSignIn(Inputs):
    """In which post."""

    appointment: int


def _load(call: Call, inputs: DemoSignIn) -> Appointment:
    found = Appointment.objects.select_related("account", "post").filter(
        pk=inputs.appointment, county_id=call.actor.county_id
    )
    appointment = found.first()
    if appointment is None:
        raise missing("appointment", "演示岗位", "demo seat")
    return appointment


@action(
    "account.demo_sign_in",
    Words("演示登录", "Demo sign-in"),
    subject="account",
    grants={"system": "county"},
    inputs=DemoSignIn,
    load=_load,
    where=lambda appointment: Where(appointment.county_id),
)
def record(call: Call, appointment: Appointment, inputs: DemoSignIn) -> Done | Refused:
    """Write down that somebody entered the demo county in this post."""
    if not settings.LUOSHI_DEMO:
        return refuse("demo_only", "只有演示县可以免密登录。", "Only a demo county lets anybody in without a password.")
    day = call.now.astimezone(COUNTY_ZONE).date()
    if not any(a.pk == appointment.pk for a in acting.held(appointment.account, day)):
        return refuse("not_held_today", "这个岗位今天无人担任。", "Nobody holds this post today.")
    post = appointment.post
    return Done(
        Words(f"演示登录：{post}", f"Demo sign-in: {post.title_en}"),
        values={"account": appointment.account_id, "post": post.pk},
        subject_id=appointment.account_id,
    )


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as the holder of a post and start in that post."""
    page: Any = request
    county: County | None = page.county
    if not offered(request) or county is None:
        raise Http404
    call = Call(Actor(county.pk, "system"), page.now, uuid.uuid4().hex, "web", request.META.get("REMOTE_ADDR", ""))
    result = record(call, appointment=request.POST.get("appointment", ""))
    if not result.outcome:
        raise Http404
    appointment = Appointment.objects.select_related("account").get(pk=int(request.POST["appointment"]))
    # Django notes the time of the last sign-in on the account; the action above is what allowed it.
    with door.opened("account.demo_sign_in"):
        login(request, appointment.account, backend="django.contrib.auth.backends.ModelBackend")
    request.session[acting.POST_KEY] = result.values["post"]
    return redirect("front")
