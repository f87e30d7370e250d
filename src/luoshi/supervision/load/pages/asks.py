"""Requests to units: the list, one request with its answers, and a new one, whose cost is shown before it is sent."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.core.outcome import Granted, Outcome
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.actions import read_inputs
from luoshi.office.evidence import attach
from luoshi.office.fields import Field, Form, Option
from luoshi.office.ledger import Column, Ledger, Row
from luoshi.office.people.acting import call_of
from luoshi.office.people.models import Post, Unit
from luoshi.supervision.load import actions, known
from luoshi.supervision.load.actions.asks import SendInputs, cost_of, day_fits, resolve
from luoshi.supervision.load.actions.inputs import ANSWERING
from luoshi.supervision.load.models import Ask, AskedUnit
from luoshi.supervision.load.pages import acts, shown
from luoshi.supervision.load.readables import ASK, ASKED_UNIT
from luoshi.supervision.pages import asking, parts
from luoshi.supervision.pages.answers import say, status_of
from luoshi.supervision.queries import shares

rail.add("supervision", "asks", Words("临时要求", "Requests to units"), reads="ask", order=62)
SHOWN = 200
SENDING = Words("向单位提出要求", "Send a request to units")
SAME = (
    Option("join", Words("并入已有要求，共用答复", "Join the earlier request and share its answer")),
    Option("again", Words("再次要求（须写明理由）", "Ask again (with a reason)")),
)


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show the requests the reader may see, the latest first."""
    if (stopped := asking.barred(request, ASK)) is not None:
        return stopped
    actor = asking.actor_of(request)
    visible = ASKED_UNIT.visible(actor, AskedUnit.objects.filter(joined__isnull=True)).values("pk")
    rows = ASK.visible(actor, Ask.objects.select_related("by_unit")).annotate(
        asked=Count("units", filter=Q(units__in=visible), distinct=True),
        answered=Count("units", filter=Q(units__in=visible, units__answered_on__isnull=False), distinct=True),
    )
    ledger = Ledger(
        "asks", Words("临时要求", "Requests"),
        (
            Column("title", Words("事项", "What")),
            Column("by", Words("谁要求的", "By")),
            Column("due", Words("期限", "Due"), "day"),
            Column("asked", Words("单位", "Units"), "figure"),
            Column("answered", Words("已答复", "Answered"), "figure"),
            Column("state", Words("情况", "State")),
        ),
        tuple(
            Row(
                str(a.pk), (a.words, a.by_unit.words, a.due_on, a.asked, a.answered, _state(a)),
                reverse("ask", args=[a.pk]),
            )
            for a in rows.order_by("-pk")[:SHOWN]
        ),
        empty=Words("还没有临时要求。", "There is no request yet."),
        empty_hint=Words("督查部门在方案之外提出的要求会列在这里。", "What is asked beyond the plans stands here."),
    )  # fmt: skip
    may = actor.role in actions.send.grants
    return render(
        request, "load/asks.html", {"title": Words("临时要求", "Requests to units"), "ledger": ledger, "may_ask": may}
    )


def _state(ask: Any) -> Words:
    if ask.called_off_on is not None:
        return Words("已撤回", "Called off")
    if not ask.asked:
        return Words("并入先前的要求", "Joined an earlier one")
    return (
        Words("√ 全部答复", "√ all answered") if ask.answered >= ask.asked else Words("等待答复", "Waits for answers")
    )


@require_safe
def one(request: HttpRequest, ask_id: int) -> HttpResponse:
    """Show one request: what is asked, and the answers the reader may see."""
    if (stopped := asking.barred(request, ASK)) is not None:
        return stopped
    actor, call = asking.actor_of(request), call_of(request, "look")
    ask = ASK.visible(actor, Ask.objects.select_related("by_unit", "task")).filter(pk=ask_id).first()
    if ask is None:
        raise Http404
    rows = list(
        ASKED_UNIT.visible(actor, AskedUnit.objects.select_related("unit__place", "joined__ask", "ask"))
        .filter(ask=ask)
        .order_by("unit__short_zh")
    )
    files = attach.of(ask.county_id, "asked_unit", [r.joined_id or r.pk for r in rows])
    shown_with = {
        "title": ask.words,
        "kind": Words("临时要求", "Request"),
        "ask": ask,
        "called_off": ask.called_off_on,
        "waits": any(r.joined is None and r.answered_on is None for r in rows),
        "pairs": _pairs(ask, shares.task(actor, ask.task_id) if ask.task_id else None),
        "units": [_unit(actor, call, row, files) for row in rows],
        "acts": acts.offered(call, acts.ASK_OFFERS, ask, lambda verb: reverse("ask-act", args=[ask.pk, verb])),
        "trail": [{"words": Words("临时要求", "Requests"), "url": reverse("asks")}],
        "today": asking.today_of(request),
    }
    return render(request, "load/ask.html", shown_with)


def _pairs(ask: Ask, task: Any) -> list[dict[str, Any]]:
    size = Words(f"{ask.cells}格，{ask.papers}份材料", f"{ask.cells} cells, {ask.papers} papers")
    pairs: list[dict[str, Any]] = [
        {"label": Words("谁要求的", "By"), "value": ask.by_unit.words},
        {"label": Words("要求内容", "What is asked"), "value": ask.wanted},
        {"label": Words("填报量", "Size"), "value": size},
    ]
    if task is not None:
        pairs.append({"label": Words("相关任务", "Task"), "value": task.words, "url": reverse("task", args=[task.pk])})
    if ask.reason:
        pairs.append({"label": Words("理由", "Reason"), "value": ask.reason})
    return pairs


def _unit(actor: Any, call: Any, row: AskedUnit, files: Mapping[str, Any]) -> dict[str, Any]:
    held = row.joined or row
    joined_url = ""
    if row.joined is not None and ASK.visible(actor, Ask.objects.filter(pk=row.joined.ask_id)).exists():
        joined_url = reverse("ask", args=[row.joined.ask_id])
    return {
        "unit": row.unit.words,
        "joined_url": joined_url,
        "joined": row.joined is not None,
        "answer": held.answer,
        "on": held.answered_on,
        "files": [parts.file_seen(a) for a in files.get(str(held.pk), ())],
        "acts": acts.offered(
            call, acts.ASKED_OFFERS, row, lambda verb: reverse("asked-act", args=[row.pk, verb]), "respond"
        )
        if row.joined is None and held.answered_on is None
        else [],
    }


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, ask_id: int, verb: str) -> HttpResponse:
    """Show or do one act on a request."""
    if (stopped := asking.barred(request, ASK)) is not None:
        return stopped
    ask = ASK.visible(asking.actor_of(request), Ask.objects.select_related("by_unit")).filter(pk=ask_id).first()
    if ask is None or verb not in acts.ASK_OFFERS:
        raise Http404
    return acts.answer(
        request,
        acts.Asked(
            acts.ASK_OFFERS[verb], ask, {"ask_id": ask.pk}, reverse("ask-act", args=[ask.pk, verb]),
            reverse("ask", args=[ask.pk]), ask.words, (Words("临时要求", "Requests"), reverse("asks")),
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def asked_act(request: HttpRequest, asked_id: int, verb: str) -> HttpResponse:
    """Show or do one act on a unit's part of a request."""
    if (stopped := asking.barred(request, ASKED_UNIT)) is not None:
        return stopped
    rows = ASKED_UNIT.visible(asking.actor_of(request), AskedUnit.objects.select_related("ask", "unit__place"))
    row = rows.filter(pk=asked_id).first()
    if row is None or verb not in acts.ASKED_OFFERS:
        raise Http404
    return acts.answer(
        request,
        acts.Asked(
            acts.ASKED_OFFERS[verb], row, {"asked_id": row.pk}, reverse("asked-act", args=[row.pk, verb]),
            reverse("ask", args=[row.ask_id]), row.ask.words, (Words("临时要求", "Requests"), reverse("asks")),
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for what is wanted, show what it costs, and send it when the sender says so."""
    if (stopped := asking.barred(request, ASK)) is not None:
        return stopped
    actor = asking.actor_of(request)
    if actor.role not in actions.send.grants:
        raise PermissionDenied
    form = Form.fresh(reverse("ask-new"), SENDING, *_fields(), draft="ask-new")
    if request.method == "GET":
        return _page(request, form.filled({"task_id": request.GET.get("task", "")}), set())
    form, chosen = form.filled(request.POST.dict()), _chosen(request.POST)
    try:
        given = _given(request.POST, chosen)
        inputs: SendInputs = read_inputs(actions.send, given)
        if request.POST.get("sending") != "yes":
            return _page(request, form, chosen, cost=_cost(request, inputs))
        result = actions.send(call_of(request, asking.request_id_of(request)), **given)
    except Problem as problem:
        return _page(request, form.with_problem(problem), chosen, status=problem.status)
    if not isinstance(result.outcome, Granted):
        told = _cost(request, inputs)
        return _page(request, form, chosen, told, result.outcome, status_of(result.outcome))
    say(request, SENDING, replayed=result.replayed)
    return asking.see_other(reverse("ask", args=[result.values["ask"]]))


def _fields() -> tuple[Field, ...]:
    return (
        Field("title", Words("事项", "What"), hint=Words("一句话说清要什么。", "In one line.")),
        Field("wanted", Words("具体要求", "In detail"), "textarea", rows=3),
        Field("due_on", Words("期限（工作日）", "Due day (a working day)"), "date"),
        Field("cells", Words("需填写多少格", "Cells to fill"), "number", "0", required=False, inputmode="numeric"),
        Field("papers", Words("需提交多少份材料", "Papers to hand in"), "number", "0", required=False,
              inputmode="numeric"),
        Field("task_id", Words("相关任务编号", "Number of the task"), "number", required=False, inputmode="numeric",
              hint=Words("填写后会先查系统里已有的报告。", "The house then looks for reports it has.")),
    )  # fmt: skip


def _chosen(sent: QueryDict) -> set[str]:
    return {value for value in sent.getlist("units") if value.isascii() and value.isdigit()}


def _given(sent: QueryDict, chosen: set[str]) -> dict[str, Any]:
    names = ("title", "wanted", "due_on", "cells", "papers", "task_id", "same", "reason")
    given: dict[str, Any] = {name: sent[name] for name in names if sent.get(name, "").strip()}
    return {**given, "units": sorted(int(value) for value in chosen if len(value) < 19)}


def _cost(request: HttpRequest, inputs: SendInputs) -> dict[str, Any]:
    """Return what the request would cost, what could be joined, and what the house holds already."""
    actor, today = asking.actor_of(request), asking.today_of(request)
    ids = resolve(actor.county_id, inputs.units)
    cost = cost_of(actor.county_id, ids, inputs.title, inputs.due_on, inputs.cells, inputs.papers, today)
    task_id = inputs.task_id if inputs.task_id and shares.task(actor, inputs.task_id) else None
    fits = day_fits(inputs.due_on, today)
    return {
        "minutes": cost.minutes,
        "units": len(ids),
        "all_minutes": cost.minutes * (len(ids) - len(cost.same)),
        "rooms": shown.rooms_ledger(cost.rooms, today),
        "passes": [room for room in cost.rooms if room.passes],
        "same": bool(cost.same),
        "waiting": [
            {"unit": row.unit.words, "title": row.ask.words, "due_on": row.ask.due_on,
             "url": reverse("ask", args=[row.ask_id])}
            for row in cost.same.values()
            if row.answered_on is None
        ],
        "held": [
            {"unit": h.unit, "what": h.what, "on": h.on, "url": _held_url(h)}
            for h in (
                *known.computed(actor.county_id, ids, inputs.title, call_of(request, "look").now),
                *known.held(actor.county_id, ids, task_id, inputs.title, today),
            )
        ],
        "fits": fits,
        "may_send": isinstance(fits, Granted) and not any(room.passes for room in cost.rooms),
    }  # fmt: skip


def _held_url(held: known.Held) -> str:
    if held.ask_id is not None:
        return reverse("ask", args=[held.ask_id])
    return reverse("duty", args=[held.duty_id]) if held.duty_id is not None else held.href


def _page(
    request: HttpRequest, form: Form, chosen: set[str], cost: dict[str, Any] | None = None,
    outcome: Outcome | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    same = request.POST.get("same", "join")
    shown_with = {
        "title": SENDING,
        "form": form,
        "groups": unit_groups(asking.actor_of(request).county_id, chosen),
        "units_error": form.problem.words if form.problem and form.problem.place.startswith("units") else None,
        "cost": cost,
        "outcome": outcome,
        "same": Field("same", Words("已经要求过的", "Asked already"), "radio", same, options=SAME),
        "reason": Field(
            "reason", Words("再次要求的理由", "Why ask again"), value=request.POST.get("reason", ""), required=False
        ),
        "kept": [(name, request.POST.get(name, "")) for name in [f.name for f in form.fields]] if cost else [],
        "chosen": sorted(chosen),
        "trail": [{"words": Words("临时要求", "Requests"), "url": reverse("asks")}],
    }
    return render(request, "load/ask_new.html", shown_with, status=status)


def unit_groups(county_id: int, chosen: set[str]) -> list[dict[str, Any]]:
    """Return the units that can be asked, in groups: collective ones, towns and villages, all others."""
    answering = Post.objects.filter(county_id=county_id, role__in=ANSWERING, closed=False).values("unit_id")
    rows = Unit.objects.filter(county_id=county_id, valid_to__isnull=True).select_related("place").order_by("short_zh")
    working = list(rows.filter(pk__in=answering, collective=False))
    in_county = [u for u in working if u.place is None or u.place.kind == "county"]
    groups = (
        (Words("统称（代表其全部成员）", "Collective (all their members)"), [u for u in rows if u.collective]),
        (Words("镇、村", "Towns and villages"), [u for u in working if u.place and u.place.kind != "county"]),
        (Words("部门和其他单位", "Departments and others"), in_county),
    )  # fmt: skip
    return [
        {"words": words, "units": [{"id": u.pk, "words": u.words, "on": str(u.pk) in chosen} for u in units]}
        for words, units in groups
        if units
    ]
