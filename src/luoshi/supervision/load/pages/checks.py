"""Checks: the list, one check with its units and findings, and a new one with its cost."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.core.calendar import default_calendar
from luoshi.core.clock_words import full_day
from luoshi.core.outcome import Granted, Outcome, Refused
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.actions import Call, read_inputs
from luoshi.office.evidence import attach
from luoshi.office.fields import Field, Form, Option
from luoshi.office.ledger import Column, Ledger, Row
from luoshi.office.people.acting import call_of
from luoshi.office.people.models import Unit
from luoshi.supervision.load import actions, check_rules, scheme
from luoshi.supervision.load.actions.asks import resolve
from luoshi.supervision.load.actions.checks import STATES, PlanInputs, other_checks, rooms_of
from luoshi.supervision.load.models import Check, CheckedUnit, Finding
from luoshi.supervision.load.pages import acts, shown
from luoshi.supervision.load.pages.asks import unit_groups
from luoshi.supervision.load.readables import CHECK, CHECKED_UNIT, FINDING
from luoshi.supervision.pages import asking, parts
from luoshi.supervision.pages.answers import say, status_of

rail.add("supervision", "checks", Words("督查检查", "Checks"), reads="check", order=63)
SHOWN = 200
STATE_MARKS = {"planned": "suspended", "approved": "near", "concluded": "done", "cancelled": "cancelled"}
PLANNING = Words("拟定督查检查", "Plan a check")


def _visible(call: Call) -> Any:
    """A unit is not shown a check before it was approved and told."""
    rows = CHECK.visible(call.actor, Check.objects.select_related("by_unit"))
    if CHECK.grants.get(call.actor.role) == "county":
        return rows
    return rows.filter(approved_on__isnull=False)


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show the checks the reader may see, the latest first."""
    if (stopped := asking.barred(request, CHECK)) is not None:
        return stopped
    call = call_of(request, "look")
    mine = CHECKED_UNIT.visible(call.actor, CheckedUnit.objects.all()).values("pk")
    rows = (
        _visible(call)
        .annotate(n=Count("units", filter=Q(units__in=mine), distinct=True))
        .order_by("-visit_from", "-pk")
    )
    ledger = Ledger(
        "checks", Words("督查检查", "Checks"),
        (
            Column("title", Words("检查", "Check")),
            Column("by", Words("组织单位", "By")),
            Column("from", Words("开始", "From"), "day"),
            Column("to", Words("结束", "To"), "day"),
            Column("units", Words("单位", "Units"), "figure"),
            Column("state", Words("现状", "State")),
        ),
        tuple(
            Row(str(c.pk), (c.words, c.by_unit.words, c.visit_from, c.visit_to, c.n, STATES[c.state]),
                reverse("check", args=[c.pk]))
            for c in rows[:SHOWN]
        ),
        empty=Words("还没有检查。", "There is no check yet."),
        empty_hint=Words("经批准的检查会列在这里。", "Approved checks stand here."),
    )  # fmt: skip
    may = call.actor.role in actions.plan.grants
    return render(
        request, "load/checks.html", {"title": Words("督查检查", "Checks"), "ledger": ledger, "may_plan": may}
    )


@require_safe
def one(request: HttpRequest, check_id: int) -> HttpResponse:
    """Show one check: what, when, on which order; each unit with its self-correction, findings, papers."""
    if (stopped := asking.barred(request, CHECK)) is not None:
        return stopped
    call = call_of(request, "look")
    check = _visible(call).filter(pk=check_id).first()
    if check is None:
        raise Http404
    rows = CHECKED_UNIT.visible(call.actor, CheckedUnit.objects.select_related("unit__place", "check_of__by_unit"))
    units = list(rows.filter(check_of=check).order_by("unit__short_zh"))
    findings = list(Finding.objects.filter(checked__in=units).select_related("unit__place", "checked").order_by("pk"))
    files = attach.of(check.county_id, "finding", [f.pk for f in findings])
    following, by, until = _next(check, call)
    shown_with = {
        "title": check.words,
        "kind": Words("督查检查", "Check"),
        "state": STATE_MARKS[check.state],
        "state_text": STATES[check.state],
        "since": check.concluded_on or check.approved_on or check.planned_on,
        "next": following,
        "next_by": by,
        "next_on": until,
        "today": call.today,
        "more": [{"label": Words("组织单位", "By"), "value": check.by_unit.words}],
        "pairs": _pairs(check),
        "conclusion": check.conclusion,
        "acts": acts.offered(
            call, acts.CHECK_OFFERS, check, lambda verb: reverse("check-act", args=[check.pk, verb]),
            "approve" if check.state == "planned" else "conclude",
        )
        if check.state in ("planned", "approved")
        else [],
        "units": [_unit(call, check, row, [f for f in findings if f.checked_id == row.pk], files) for row in units],
        "trail": [{"words": Words("督查检查", "Checks"), "url": reverse("checks")}],
    }  # fmt: skip
    return render(request, "load/check.html", shown_with)


def _next(check: Check, call: Call) -> tuple[Words | None, Words | None, Any]:
    if check.state == "planned":
        return Words("县领导批准", "Approval"), Words("县领导", "County head"), None
    if check.state != "approved":
        return None, None, None
    if check.mend_by and call.today <= check.mend_by:
        return Words("单位自查自纠", "Units correct themselves"), Words("受检单位", "Units"), check.mend_by
    if call.today < check.visit_from:
        return Words("开始检查", "The visit"), check.by_unit.words, check.visit_from
    return Words("作出督查结论", "Conclusion"), check.by_unit.words, check.visit_to


def _pairs(check: Check) -> list[dict[str, Any]]:
    pairs: list[dict[str, Any]] = [
        {"label": Words("内容", "Content"), "value": check.content},
        {"label": Words("范围", "Scope"), "value": check.scope},
        {"label": Words("依据", "Basis"), "value": check.basis},
        {"label": Words("时间", "Days"), "value": _days(check.visit_from, check.visit_to)},
    ]  # fmt: skip
    if check.mend_by:
        pairs.append({"label": Words("自查自纠期限", "Correct oneself by"), "value": full_day(check.mend_by)})
    if check.ground:
        ground = scheme.on(check.planned_on).check.grounds[check.ground].words
        said = Words(f"{ground.zh}：{check.ground_text}", f"{ground.en}: {check.ground_text}")
        pairs.append({"label": Words("再次检查的法定情形", "Lawful ground"), "value": said})
    if check.end_note:
        pairs.append({"label": Words("取消理由", "Why cancelled"), "value": check.end_note})
    return pairs


def _days(first: dt.date, last: dt.date) -> Words:
    begin, end = full_day(first), full_day(last)
    return begin if first == last else Words(f"{begin.zh}至{end.zh}", f"{begin.en} to {end.en}")


def _unit(call: Call, check: Check, row: CheckedUnit, findings: list[Finding], files: Any) -> dict[str, Any]:
    row.check_of = check
    offers = acts.CHECKED_OFFERS if check.state in ("approved", "concluded") else {}
    hidden = {"find"} if check.state == "concluded" or call.today < check.visit_from else {"self_correct"}
    hidden |= {"self_correct"} if check.state == "concluded" else set()
    hidden |= {"reply"} if row.objected_on is None or row.replied_on is not None else {"object"}
    return {
        "unit": row.unit.words,
        "row": row,
        "papers": [shown.paper_seen(p) for p in row.papers.order_by("pk")],
        "acts": acts.offered(
            call, {verb: offer for verb, offer in offers.items() if verb not in hidden}, row,
            lambda verb: reverse("checked-act", args=[row.pk, verb]),
        ),
        "findings": [
            {
                "finding": f,
                "state": _mark(f, call),
                "files": [parts.file_seen(a) for a in files.get(str(f.pk), ())],
                "acts": acts.offered(
                    call, acts.FINDING_OFFERS, f, lambda verb, pk=f.pk: reverse("finding-act", args=[pk, verb])  # type: ignore[misc]
                )
                if f.mended_on is None
                else [],
            }
            for f in findings
        ],
    }  # fmt: skip


def _mark(finding: Finding, call: Call) -> str:
    if finding.mended_on is not None:
        return "done_late" if finding.mended_on > finding.mend_by else "done"
    return "overdue" if finding.mend_by < call.today else "near"


@require_safe
def finding(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Lead from a duty to the check in which its finding stands."""
    if (stopped := asking.barred(request, FINDING)) is not None:
        return stopped
    row = (
        FINDING.visible(asking.actor_of(request), Finding.objects.select_related("checked"))
        .filter(pk=finding_id)
        .first()
    )
    if row is None:
        raise Http404
    return redirect(f"{reverse('check', args=[row.checked.check_of_id])}#finding-{row.pk}")


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, check_id: int, verb: str) -> HttpResponse:
    """Show or do one act on a check."""
    if (stopped := asking.barred(request, CHECK)) is not None:
        return stopped
    check = _visible(call_of(request, "look")).filter(pk=check_id).first()
    if check is None or verb not in acts.CHECK_OFFERS:
        raise Http404
    url = reverse("check-act", args=[check.pk, verb])
    return acts.answer(request, _asked(acts.CHECK_OFFERS[verb], check, {"check_id": check.pk}, url, check))


@require_http_methods(["GET", "POST"])
def checked_act(request: HttpRequest, checked_id: int, verb: str) -> HttpResponse:
    """Show or do one act on a unit of a check."""
    if (stopped := asking.barred(request, CHECKED_UNIT)) is not None:
        return stopped
    call = call_of(request, "look")
    rows = CHECKED_UNIT.visible(call.actor, CheckedUnit.objects.select_related("check_of__by_unit", "unit__place"))
    row = rows.filter(pk=checked_id, check_of__in=_visible(call).values("pk")).first()
    if row is None or verb not in acts.CHECKED_OFFERS:
        raise Http404
    url = reverse("checked-act", args=[row.pk, verb])
    return acts.answer(request, _asked(acts.CHECKED_OFFERS[verb], row, {"checked_id": row.pk}, url, row.check_of))


@require_http_methods(["GET", "POST"])
def finding_act(request: HttpRequest, finding_id: int, verb: str) -> HttpResponse:
    """Show or do one act on a finding."""
    if (stopped := asking.barred(request, FINDING)) is not None:
        return stopped
    rows = FINDING.visible(asking.actor_of(request), Finding.objects.select_related("checked__check_of", "unit__place"))
    row = rows.filter(pk=finding_id).first()
    if row is None or verb not in acts.FINDING_OFFERS:
        raise Http404
    url = reverse("finding-act", args=[row.pk, verb])
    return acts.answer(
        request, _asked(acts.FINDING_OFFERS[verb], row, {"finding_id": row.pk}, url, row.checked.check_of)
    )


def _asked(offer: acts.Offer, subject: Any, given: dict[str, Any], url: str, check: Check) -> acts.Asked:
    after = reverse("check", args=[check.pk])
    return acts.Asked(offer, subject, given, url, after, check.words, (Words("督查检查", "Checks"), reverse("checks")))


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask what is to be checked, show what it costs the units, and send it for approval."""
    if (stopped := asking.barred(request, CHECK)) is not None:
        return stopped
    if asking.actor_of(request).role not in actions.plan.grants:
        raise PermissionDenied
    form = Form.fresh(reverse("check-new"), PLANNING, *_fields(request), draft="check-new")
    if request.method == "GET":
        return _new_page(request, form, set())
    form = form.filled(request.POST.dict())
    chosen = {v for v in request.POST.getlist("units") if v.isascii() and v.isdigit()}
    given: dict[str, Any] = {f.name: f.value for f in form.fields if f.value}
    given["units"] = sorted(int(v) for v in chosen if len(v) < 19)
    try:
        inputs: PlanInputs = read_inputs(actions.plan, given)
        if request.POST.get("sending") != "yes":
            return _new_page(request, form, chosen, cost=_cost(request, inputs))
        result = actions.plan(call_of(request, asking.request_id_of(request)), **given)
    except Problem as problem:
        return _new_page(request, form.with_problem(problem), chosen, status=problem.status)
    if not isinstance(result.outcome, Granted):
        cost = _cost(request, inputs)
        return _new_page(request, form, chosen, cost, result.outcome, status_of(result.outcome))
    say(request, PLANNING, replayed=result.replayed)
    return asking.see_other(reverse("check", args=[result.values["check"]]))


def _fields(request: HttpRequest) -> tuple[Field, ...]:
    grounds = scheme.on(asking.today_of(request)).check.grounds
    options = (Option("", Words("没有", "None")), *(Option(code, said.words) for code, said in grounds.items()))
    return (
        Field("title", Words("检查名称", "Title")),
        Field("content", Words("检查内容", "Content"), "textarea", rows=3),
        Field("scope", Words("检查范围", "Scope"), "textarea", rows=2),
        Field("basis", Words("依据", "Basis"), hint=Words("交办文件、会议或条款。", "Order, meeting or clause.")),
        Field("visit_from", Words("检查开始日", "First day"), "date"),
        Field("visit_to", Words("检查结束日", "Last day"), "date"),
        Field("ground", Words("短期内再次检查的法定情形", "Lawful ground for checking again soon"), "select",
              required=False, options=options),
        Field("ground_text", Words("情形说明", "About the ground"), required=False,
              hint=Words("交办文号、线索编号等。", "Number of the order or clue.")),
    )  # fmt: skip


def _cost(request: HttpRequest, inputs: PlanInputs) -> dict[str, Any]:
    """Return what the visit would cost each unit, and what stands against its days and frequency."""
    actor, today = asking.actor_of(request), asking.today_of(request)
    ids = resolve(actor.county_id, inputs.units)
    rooms = rooms_of(actor.county_id, ids, inputs.visit_from, inputs.visit_to, today)
    limits = scheme.on(today).check
    names = {u.pk: u.words for u in Unit.objects.filter(pk__in=ids)}
    calendar = default_calendar()
    stands = [
        check_rules.days_fit(inputs.visit_from, inputs.visit_to, today, calendar, limits),
        check_rules.not_too_often(
            other_checks(actor.county_id, ids, inputs.visit_from), names, inputs.visit_from, inputs.ground, limits
        ),
    ]
    reasons = [reason for one in stands if isinstance(one, Refused) for reason in one.reasons]
    full = any(room.passes for room in rooms) and not inputs.ground
    return {
        "units": len(ids),
        "all_minutes": sum(room.added for room in rooms),
        "rooms": shown.rooms_ledger(rooms, today),
        "reasons": reasons,
        "may_send": not reasons and not full,
    }


def _new_page(
    request: HttpRequest, form: Form, chosen: set[str], cost: dict[str, Any] | None = None,
    outcome: Outcome | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    shown_with = {
        "title": PLANNING,
        "form": form,
        "groups": unit_groups(asking.actor_of(request).county_id, chosen),
        "units_error": form.problem.words if form.problem and form.problem.place.startswith("units") else None,
        "cost": cost,
        "outcome": outcome,
        "kept": [(f.name, f.value) for f in form.fields] if cost else [],
        "chosen": sorted(chosen),
        "trail": [{"words": Words("督查检查", "Checks"), "url": reverse("checks")}],
    }
    return render(request, "load/check_new.html", shown_with, status=status)
