"""The stages of a plan with their gates: what stands, what is missing, and passing a stage."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.core.outcome import Granted, Outcome, Refused
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.actions import Action, Call
from luoshi.office.fields import Field, Form, Option
from luoshi.office.people.acting import call_of
from luoshi.office.plans.models import Plan, Stage
from luoshi.supervision import actions
from luoshi.supervision.pages import acts, asking, parts
from luoshi.supervision.pages.answers import not_yours
from luoshi.supervision.pages.offers import FILES
from luoshi.supervision.queries import stages, timeline
from luoshi.supervision.readables import STAGE

rail.add("supervision", "plans-stages", Words("方案阶段", "Stages of plans"), reads="stage", order=2)
VERBS: dict[str, Action[Any, Any]] = {
    "pass": actions.pass_stage,
    "state": actions.state_fact,
    "take_back": actions.take_back_fact,
    "reopen": actions.reopen_stage,
}
LIST = Words("方案阶段", "Stages of plans")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the plans that have stages."""
    if (stopped := asking.barred(request, STAGE)) is not None:
        return stopped
    actor, today = asking.actor_of(request), asking.today_of(request)
    plans = []
    for plan in stages.plans_with_stages(actor.county_id):
        rows = list(STAGE.visible(actor, Stage.objects.filter(plan=plan)))
        passed = sum(stages.passed_on(row) is not None for row in rows)
        late = sum(row.until_on is not None and row.until_on < today and stages.passed_on(row) is None for row in rows)
        url = reverse("plan-stages", args=[plan.code])
        plans.append({"words": plan.words, "url": url, "count": len(rows), "passed": passed, "late": late})
    return render(request, "supervision/stages_index.html", {"title": LIST, "plans": plans})


@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    """Show every stage of one plan."""
    if (stopped := asking.barred(request, STAGE)) is not None:
        return stopped
    actor = asking.actor_of(request)
    plan = Plan.objects.filter(county_id=actor.county_id, code=code).first()
    rows = list(STAGE.visible(actor, Stage.objects.filter(plan=plan).select_related("plan"))) if plan else []
    if plan is None or not rows:
        raise Http404
    call, today = call_of(request, "look"), asking.today_of(request)
    shown = {
        "title": plan.words,
        "stages": [_stage(call, row, today) for row in sorted(rows, key=lambda r: (r.gate.get("line", ""), r.order))],
        "entries": timeline.told(actor.county_id, [("stage", row.pk) for row in rows], limit=20),
        "trail": [{"words": LIST, "url": reverse("plans-stages")}],
    }
    return render(request, "supervision/stages.html", shown)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, stage_id: int, verb: str) -> HttpResponse:
    """Show or do one act on a stage."""
    if (stopped := asking.barred(request, STAGE)) is not None:
        return stopped
    actor = asking.actor_of(request)
    rows = STAGE.visible(actor, Stage.objects.select_related("plan").filter(pk=stage_id))
    stage = rows.first()
    if stage is None or verb not in VERBS:
        raise Http404
    doing = VERBS[verb]
    form = _form(request, stage, verb, doing)
    if request.method == "GET":
        return _page(request, stage, form, doing, doing.check(call_of(request, "look"), stage))
    form = form.filled(request.POST.dict())
    try:
        call = call_of(request, asking.request_id_of(request))
        result = doing(call, stage_id=stage.pk, **acts.typed(request, call, form))
    except Problem as problem:
        return _page(request, stage, form.with_problem(problem), doing, Granted(), problem.status)
    if not isinstance(result.outcome, Granted):
        return _page(request, stage, form, doing, result.outcome, 409 if isinstance(result.outcome, Refused) else 422)
    said = Words(f"已办理：{doing.words.zh}。", f"Done: {doing.words.en}.")
    messages.success(request, said.en if asking.in_english(request) else said.zh)
    return asking.see_other(reverse("plan-stages", args=[stage.plan.code]))


def _stage(call: Call, row: Stage, today: Any) -> dict[str, Any]:
    facts, passed = stages.facts_of(row), stages.passed_on(row)
    stood = stages.stood(row, facts)
    before = [fact.code in stood for fact in facts if fact.source == "stage"]
    begun = row.from_on <= today if row.from_on is not None else all(before)
    late = passed is None and row.until_on is not None and row.until_on < today
    state = "done" if passed else "overdue" if late else "on_time" if begun else "uncoloured"
    said = (
        Words("已通过", "Passed")
        if passed
        else Words("超过期限，还没有通过", "Past its day, not passed")
        if late
        else None
    )
    said = said or (Words("进行中", "Under way") if begun else Words("还没有开始", "Not begun"))
    return {
        "row": row,
        "words": Words(row.name_zh, row.name_en),
        "state": state,
        "state_text": said,
        "passed_on": passed,
        "printed": [Words(**one) for one in row.gate.get("conditions", [])],
        "facts": [_fact(fact, stood.get(fact.code)) for fact in facts],
        "acts": _acts(call, row),
        "clause_ids": row.clause_ids,
    }


def _fact(fact: Any, one: stages.Stood | None) -> dict[str, Any]:
    return {
        "words": fact.words,
        "clause": fact.clause,
        "on": one.on if one else None,
        "said": one.words if one else None,
        "files": [parts.file_seen(a) for a in one.files] if one else [],
    }


def _acts(call: Call, row: Stage) -> list[dict[str, Any]]:
    """Return what may be done with a stage; passing is shown to its office also while the gate is shut."""
    shown = []
    for verb, doing in VERBS.items():
        if call.actor.role not in doing.grants:
            continue
        outcome = doing.check(call, row)
        code = "" if outcome else outcome.reasons[0].code
        if code == "outside_scope" or (not outcome and (verb != "pass" or code == "already_passed")):
            continue
        url = reverse("stage-act", args=[row.pk, verb])
        shown.append({"words": doing.words, "outcome": outcome, "url": url, "post": False, "primary": verb == "pass"})
    return shown


def _form(request: HttpRequest, stage: Stage, verb: str, doing: Action[Any, Any]) -> Form:
    url, today = reverse("stage-act", args=[stage.pk, verb]), asking.today_of(request)
    why = Field("reason", Words("理由", "Reason"), "textarea", hint=Words("会留痕。", "It is kept."), rows=3)
    if verb == "reopen":
        return Form.fresh(url, doing.words, why)
    if verb == "pass":
        return Form.fresh(url, doing.words, Field("text", Words("说明", "Remark"), "textarea", required=False, rows=3))
    stood = stages.stood(stage)
    stated = verb == "take_back"
    options = tuple(
        Option(fact.code, fact.words)
        for fact in stages.facts_of(stage)
        if fact.can_be_stated and (fact.code in stood and stood[fact.code].stated if stated else fact.code not in stood)
    )
    which = Field("fact", Words("事实", "Fact"), "select", options=options)
    if stated:
        return Form.fresh(url, doing.words, which, why)
    day = Field("stood_on", Words("发生日期", "Day"), "date", today.isoformat(), maximum=today.isoformat())
    text = Field("text", Words("情况说明", "What happened"), "textarea", rows=3)
    return Form.fresh(url, doing.words, which, day, text, FILES, draft=f"stage-{stage.pk}")


def _page(
    request: HttpRequest, stage: Stage, form: Form, doing: Action[Any, Any], outcome: Outcome, status: int = 200
) -> HttpResponse:  # fmt: skip
    if not_yours(outcome):
        status = 403
    back = reverse("plan-stages", args=[stage.plan.code])
    shown = {
        "title": doing.words,
        "kind": Words(stage.name_zh, stage.name_en),
        "form": form,
        "outcome": outcome,
        "granted": isinstance(outcome, Granted),
        "back_url": back,
        "trail": [{"words": LIST, "url": reverse("plans-stages")}, {"words": stage.plan.words, "url": back}],
    }
    return render(request, "supervision/act.html", shown, status=status)
