"""Saying which units an open list means."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from luoshi.core.outcome import Granted, Outcome
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.fields import Field, Form, Option
from luoshi.office.people.acting import call_of
from luoshi.office.plans.models import Task
from luoshi.supervision.actions.lists import candidates, resolve_units
from luoshi.supervision.pages import asking
from luoshi.supervision.pages.answers import not_yours
from luoshi.supervision.queries import shares
from luoshi.supervision.readables import TASK


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, task_id: int) -> HttpResponse:
    """Show the form and resolve the list."""
    if (stopped := asking.barred(request, TASK)) is not None:
        return stopped
    task = shares.task(asking.actor_of(request), task_id)
    if task is None:
        raise Http404
    form = _form(task)
    if request.method == "GET":
        return _shown(request, task, form, resolve_units.check(call_of(request, "look"), task))
    ticked, reason = request.POST.getlist("unit_ids"), request.POST.get("reason", "")
    kept = {"unit_ids": "".join(f",{one}" for one in ticked) + ",", "reason": reason}
    form = form.filled({**request.POST.dict(), **kept})
    try:
        call = call_of(request, asking.request_id_of(request))
        result = resolve_units(call, task_id=task.pk, unit_ids=ticked, reason=reason)
    except Problem as problem:
        return _shown(request, task, form.with_problem(problem), Granted(), problem.status)
    if not isinstance(result.outcome, Granted):
        return _shown(request, task, form, result.outcome)
    said = Words("已明确责任单位。", "The units are settled.")
    messages.success(request, said.en if asking.in_english(request) else said.zh)
    return asking.see_other(reverse("task", args=[task.pk]))


def _form(task: Task) -> Form:
    units = tuple(Option(str(unit.pk), unit.words) for unit in candidates(task))
    hint = Words("不选表示方案写明的就是全部。", "Ticking none says that the named units are all.")
    why = Words("写明依据，会留痕。", "On what ground; it is kept.")
    return Form.fresh(
        reverse("task-resolve", args=[task.pk]),
        resolve_units.words,
        Field("unit_ids", Words("列入的单位", "Units meant"), "choices", required=False, options=units, hint=hint),
        Field("reason", Words("理由", "Reason"), "textarea", hint=why, rows=3),
        draft=f"resolve-{task.pk}",
    )


def _shown(request: HttpRequest, task: Task, form: Form, outcome: Outcome, status: int = 0) -> HttpResponse:
    barred = not_yours(outcome)
    shown = {
        "title": resolve_units.words,
        "kind": task.words,
        "form": form,
        "outcome": outcome,
        "granted": isinstance(outcome, Granted),
        "back_url": reverse("task", args=[task.pk]),
        "trail": [
            {"words": Words("台账", "Ledger"), "url": reverse("tasks")},
            {"words": task.words, "url": reverse("task", args=[task.pk])},
        ],
    }
    usual = 403 if barred else 200 if outcome or request.method == "GET" else 409
    return render(request, "supervision/act.html", shown, status=status or usual)
