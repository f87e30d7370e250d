"""What the public is shown, as officers decide it: plan by plan, task by task, and the notes for the public."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.actions import Action
from luoshi.office.fields import Field, Form, Option
from luoshi.office.people.acting import call_of
from luoshi.office.plans.models import Task
from luoshi.supervision.pages import asking
from luoshi.supervision.pages.sending import send
from luoshi.supervision.promises import actions, publicity
from luoshi.supervision.promises.models import Publicity, PublicNote
from luoshi.supervision.promises.pages.public import county_of
from luoshi.supervision.promises.readables import PUBLICITY

rail.add("supervision", "promises-desk", Words("承诺公开", "Public promises"), reads="publicity", order=60)
TASKS = 200
SHOWN, HIDDEN = Words("公开", "Shown"), Words("不公开", "Hidden")
_SHOW = (Option("show", Words("公开", "Show")), Option("hide", Words("不公开", "Hide")))
_ACTS: dict[str, tuple[Action[Any, Any], Action[Any, Any]]] = {
    "plan": (actions.publish_plan, actions.withhold_plan),
    "task": (actions.publish, actions.withhold),
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show every plan with its printed class, the decision on it, and how many tasks were decided one by one."""
    if (stopped := asking.barred(request, PUBLICITY)) is not None:
        return stopped
    county = county_of(request)
    rows = []
    for standing in publicity.standings(county, asking.today_of(request)):
        apart = Publicity.objects.filter(plan=standing.plan, task__isnull=False)
        rows.append(
            {
                "standing": standing,
                "printed": publicity.CLASSES[standing.printed],
                "shown": SHOWN if standing.shown else HIDDEN,
                "mark": "done" if standing.shown else "other",
                "tasks": Task.objects.filter(plan=standing.plan).count(),
                "apart": apart.count(),
                "url": reverse("promises-desk-plan", args=[standing.plan.pk]),
            }
        )
    return render(request, "promises/desk.html", {"title": Words("承诺公开情况", "What is shown"), "rows": rows})


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one plan with its tasks; take the decision on it."""
    if (stopped := asking.barred(request, PUBLICITY)) is not None:
        return stopped
    county = county_of(request)
    found = next((s for s in publicity.standings(county, asking.today_of(request)) if s.plan.pk == pk), None)
    if found is None:
        raise Http404
    url = reverse("promises-desk-plan", args=[pk])
    form, status = _decision(url, found.shown), 200
    if request.method == "POST":
        given = {"plan_id": pk, "reason": request.POST.get("reason", "")}
        sent = send(request, _chosen(request, "plan"), form, given)
        if sent.result is not None:
            return asking.see_other(url)
        form, status = sent.form, sent.status
    shown_ids = set(
        publicity.tasks(county, publicity.shown_plans(county, asking.today_of(request)))
        .filter(plan=found.plan)
        .values_list("pk", flat=True)
    )
    after = asking.whole("after", request.GET.get("after")) or 0
    tasks = list(Task.objects.filter(plan=found.plan, order__gt=after).order_by("order", "pk")[: TASKS + 1])
    return render(
        request,
        "promises/desk_plan.html",
        {
            "title": found.plan.words,
            "standing": found,
            "printed": publicity.CLASSES[found.printed],
            "shown": SHOWN if found.shown else HIDDEN,
            "mark": "done" if found.shown else "other",
            "form": form,
            "may": actions.publish_plan.check(call_of(request, "look"), found.plan),
            "rows": [
                {
                    "task": t,
                    "shown": SHOWN if t.pk in shown_ids else HIDDEN,
                    "url": reverse("promise-desk", args=[t.pk]),
                }
                for t in tasks[:TASKS]
            ],
            "more": f"?after={tasks[TASKS - 1].order}" if len(tasks) > TASKS else "",
        },
        status=status,
    )


def _decision(url: str, shown: bool) -> Form:
    return Form.fresh(
        url,
        Words("提交决定", "Decide"),
        Field("show", Words("决定", "Decision"), "radio", "hide" if shown else "show", options=_SHOW),
        Field(
            "reason",
            Words("理由", "Reason"),
            "textarea",
            rows=3,
            hint=Words("写明依据，例如哪次会议、哪份文件；会留痕。", "Name the ground; it is kept in the journal."),
        ),
        Field("verb", Words("", ""), "hidden", "decide"),
    )


def _chosen(request: HttpRequest, kind: str) -> Action[Any, Any]:
    return _ACTS[kind][0] if request.POST.get("show") == "show" else _ACTS[kind][1]


@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show whether one task is shown, and its notes; take a decision or a note."""
    if (stopped := asking.barred(request, PUBLICITY)) is not None:
        return stopped
    county = county_of(request)
    row = PUBLICITY.visible(asking.actor_of(request), Task.objects.select_related("plan")).filter(pk=pk).first()
    if row is None:
        raise Http404
    plans = publicity.shown_plans(county, asking.today_of(request))
    is_shown = publicity.tasks(county, plans).filter(pk=pk).exists()
    url = reverse("promise-desk", args=[pk])
    forms, status = {"decide": _decision(url, is_shown), "note": _note(url)}, 200
    verb = request.POST.get("verb", "")
    if request.method == "POST" and verb in forms:
        act = actions.note if verb == "note" else _chosen(request, "task")
        name = "text" if verb == "note" else "reason"
        sent = send(request, act, forms[verb], {"task_id": pk, name: request.POST.get(name, "")})
        if sent.result is not None:
            return asking.see_other(url)
        forms[verb], status = sent.form, sent.status
    call = call_of(request, "look")
    return render(
        request,
        "promises/desk_task.html",
        {
            "title": row.words,
            "task": row,
            "plan_url": reverse("promises-desk-plan", args=[row.plan_id]),
            "shown": SHOWN if is_shown else HIDDEN,
            "mark": "done" if is_shown else "other",
            "public_url": f"/promises/{row.plan.code}/{row.code}" if is_shown else "",
            "decision": Publicity.objects.filter(task=row).first(),
            "forms": forms,
            "may": {"decide": actions.publish.check(call, row), "note": actions.note.check(call, row)},
            "notes": PublicNote.objects.filter(task=row).order_by("-pk")[:20],
        },
        status=status,
    )


def _note(url: str) -> Form:
    return Form.fresh(
        url,
        Words("写给公众", "Publish the note"),
        Field(
            "text",
            Words("公开说明", "Public note"),
            "textarea",
            rows=4,
            hint=Words(
                "用大白话写办到哪一步、为什么晚、下一步。不写任何人的姓名、号码。",
                "In plain words: how far, why late, what next. No names, no numbers of persons.",
            ),
        ),
        Field("verb", Words("", ""), "hidden", "note"),
    )
