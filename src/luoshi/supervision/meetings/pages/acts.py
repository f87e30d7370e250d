"""Doing: the form of each act of this part, and what happens when it is sent. Sending twice acts once."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from luoshi.core.outcome import Granted
from luoshi.core.words import Words
from luoshi.office.fields import Field, Form, Option
from luoshi.office.people.acting import call_of
from luoshi.office.people.models import Unit
from luoshi.supervision.meetings import actions, queries
from luoshi.supervision.meetings.models import Seat
from luoshi.supervision.meetings.pages.meeting import found_or_404
from luoshi.supervision.meetings.pages.offers import GROUP_OFFERS, MEETING_OFFERS, SEAT_OFFERS, Offer, given
from luoshi.supervision.meetings.readables import GROUP, MEETING
from luoshi.supervision.pages import asking
from luoshi.supervision.pages.answers import not_yours
from luoshi.supervision.pages.sending import send


@require_http_methods(["GET", "POST"])
def on_group(request: HttpRequest, group_id: int, verb: str) -> HttpResponse:
    """Show or do one act on a group."""
    if (stopped := asking.barred(request, GROUP)) is not None:
        return stopped
    group = queries.groups(asking.actor_of(request)).filter(pk=group_id).first()
    if group is None or verb not in GROUP_OFFERS:
        raise Http404
    back = reverse("group", args=[group_id])
    return _answer(request, GROUP_OFFERS, verb, group, {"group_id": group_id}, group.words, back)


@require_http_methods(["GET", "POST"])
def on_seat(request: HttpRequest, seat_id: int, verb: str) -> HttpResponse:
    """Show or do one act on a seat."""
    if (stopped := asking.barred(request, GROUP)) is not None:
        return stopped
    mine = queries.groups(asking.actor_of(request)).order_by().values("pk")
    seat = Seat.objects.filter(pk=seat_id, group__in=mine).select_related("group__unit", "unit").first()
    if seat is None or verb not in SEAT_OFFERS:
        raise Http404
    back = reverse("group", args=[seat.group_id])
    return _answer(request, SEAT_OFFERS, verb, seat, {"seat_id": seat_id}, seat.words, back)


@require_http_methods(["GET", "POST"])
def on_meeting(request: HttpRequest, meeting_id: int, verb: str) -> HttpResponse:
    """Show or do one act on a meeting."""
    if (stopped := asking.barred(request, MEETING)) is not None:
        return stopped
    meeting = found_or_404(request, meeting_id)
    if verb not in MEETING_OFFERS:
        raise Http404
    words, back = Words(meeting.title_zh, meeting.title_zh), reverse("meeting", args=[meeting_id])
    return _answer(request, MEETING_OFFERS, verb, meeting, {"meeting_id": meeting_id}, words, back)


@require_http_methods(["GET", "POST"])
def open_group(request: HttpRequest) -> HttpResponse:
    """Show or do the opening of a group that no packaged plan names."""
    if (stopped := asking.barred(request, GROUP)) is not None:
        return stopped
    county_id = asking.actor_of(request).county_id
    units = Unit.objects.filter(county_id=county_id, collective=False).order_by("short_zh")
    fields = (
        Field("unit_id", Words("作为哪个单位的领导小组", "Of which unit"), "select",
              options=tuple(Option(str(u.pk), u.words) for u in units)),
        Field("name_zh", Words("名称", "Name")),
    )  # fmt: skip
    form = Form.fresh(reverse("group-open"), actions.open_group.words, *fields)
    shown = {"title": actions.open_group.words, "kind": Words("领导小组", "Leading group"), "back": reverse("meetings")}
    may = call_of(request, "look").actor.role in actions.open_group.grants
    if request.method == "GET":
        return render(request, "meetings/act.html", {**shown, "form": form, "granted": may, "reasons": ()},
                      status=200 if may else 403)  # fmt: skip
    sent = send(request, actions.open_group, form, given("open", fields, request.POST))
    if sent.result is not None:
        return asking.see_other(reverse("group", args=[sent.result.values["group"]]))
    return render(request, "meetings/act.html", {**shown, "form": sent.form, "granted": True, "reasons": ()},
                  status=sent.status)  # fmt: skip


def _answer(
    request: HttpRequest, offers: Mapping[str, Offer], verb: str, subject: Any, fixed: dict[str, Any], kind: Words,
    back: str,
) -> HttpResponse:  # fmt: skip
    offer, call = offers[verb], call_of(request, "look")
    fields = offer.fields(call, subject)
    form = Form.fresh(request.path, offer.action.words, *fields, draft=f"meeting-{verb}-{subject.pk}")
    shown = {"title": offer.action.words, "kind": kind, "back": back}
    if request.method == "GET":
        outcome = offer.action.check(call, subject)
        granted = isinstance(outcome, Granted)
        barred = not_yours(outcome)
        context = {**shown, "form": form, "granted": granted, "reasons": outcome.reasons}
        return render(request, "meetings/act.html", context, status=403 if barred else 200)
    sent = send(request, offer.action, form, {**fixed, **given(verb, fields, request.POST)})
    if sent.result is None:
        context = {**shown, "form": sent.form, "granted": True, "reasons": ()}
        return render(request, "meetings/act.html", context, status=sent.status)
    made = sent.result.values.get("meeting")
    return asking.see_other(reverse("meeting", args=[made]) if made else back)
