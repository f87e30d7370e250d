"""The page of one task over all its units, and its whole journal."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luoshi.core.words import Words
from luoshi.office.ledger import Column, Ledger, Linked, Row
from luoshi.office.people.acting import call_of
from luoshi.office.plans.models import Target, Task
from luoshi.supervision import colour_schemes
from luoshi.supervision.actions import lists
from luoshi.supervision.models import Assignment, ListResolution
from luoshi.supervision.pages import asking, inside, parts
from luoshi.supervision.queries import as_of, milestones, shares, timeline
from luoshi.supervision.queries.shares import ShareRow
from luoshi.supervision.readables import TASK

ROLES = {
    "lead": Words("牵头", "Lead"),
    "support": Words("配合", "Support"),
    "responsible": Words("责任", "Responsible"),
}
MODES = {
    "single": Words("一个单位承办", "One unit"),
    "lead_support": Words("牵头与配合，以牵头单位为准", "Lead and support; the lead's share decides"),
    "joint": Words("共同承办，全部办结才算办结", "Joint; done when all shares are done"),
    "by_duty": Words("按职责分工，全部办结才算办结", "By duty; done when all shares are done"),
    "none": Words("方案没有写明单位", "The plan names no unit"),
}
JOURNAL_PAGE = 60


@require_safe
def page(request: HttpRequest, task_id: int) -> HttpResponse:
    """Show one task."""
    task, stopped = _task(request, task_id)
    if task is None:
        assert stopped is not None, "no task means an answer"
        return stopped
    past = asking.past_day(request)
    rows = _rows(request, task, past)
    until = as_of.end_of(past) if past else None
    shown = _head(task, rows, past or asking.today_of(request)) | {
        "ledger": _shares(rows, past),
        "targets": _targets(task, past),
        "inside": _inside(request, rows, past),
        "open_list": _open_list(request, task) if past is None else None,
        "by_duty": task.mode == "by_duty",
        "entries": timeline.told(task.county_id, _subjects(task, rows), limit=12, until=until),
        "journal_url": asking.at(reverse("task-journal", args=[task.pk]), past),
        "trail": [_ledger(past)],
        **asking.banner(request, past),
        **parts.grounds(task, ""),
    }
    return render(request, "supervision/task.html", shown)


@require_safe
def journal(request: HttpRequest, task_id: int) -> HttpResponse:
    """Show everything that happened to one task, newest first."""
    task, stopped = _task(request, task_id)
    if task is None:
        assert stopped is not None, "no task means an answer"
        return stopped
    past = asking.past_day(request)
    rows = _rows(request, task, past)
    before = asking.whole("before", request.GET.get("before"))
    duties: list[timeline.Subject] = [("duty", pk) for pk in task.duties.values_list("pk", flat=True)]
    until = as_of.end_of(past) if past else None
    entries = timeline.told(task.county_id, [*_subjects(task, rows), *duties], before, JOURNAL_PAGE + 1, until)
    more, entries = len(entries) > JOURNAL_PAGE, entries[:JOURNAL_PAGE]
    shown = {
        "title": Words("留痕", "Journal"),
        "kind": task.words,
        "task": task,
        "entries": entries,
        "older_url": f"?before={entries[-1].id}{f'&as_of={past}' if past else ''}" if more else "",
        "trail": [_ledger(past), {"words": task.words, "url": asking.at(reverse("task", args=[task.pk]), past)}],
        **asking.banner(request, past),
    }
    return render(request, "supervision/journal.html", shown)


def _task(request: HttpRequest, task_id: int) -> tuple[Task | None, HttpResponse | None]:
    if (stopped := asking.barred(request, TASK)) is not None:
        return None, stopped
    task = shares.task(asking.actor_of(request), task_id)
    if task is None:
        raise Http404
    return task, None


def _rows(request: HttpRequest, task: Task, past: dt.date | None) -> list[ShareRow]:
    """Return the shares as of today or a past day; for a past day the task is set back to it too."""
    then = as_of.task(task, past) if past is not None else None
    return shares.shares_of(asking.actor_of(request), task, past or asking.today_of(request), then)


def _inside(request: HttpRequest, rows: list[ShareRow], past: dt.date | None) -> list[dict[str, Any]]:
    """Return milestones, pieces and questions of every share; what may be done with them stands on the duties."""
    call, today = call_of(request, "look"), past or asking.today_of(request)
    found = []
    for share in (
        Assignment.objects.filter(pk__in=[r.assignment_id for r in rows]).select_related("unit").order_by("pk")
    ):
        for section in inside.sections(call, share, today, past=True):
            section["title"] = Words(
                f"{share.unit.words.zh}：{section['title'].zh}", f"{share.unit.words.en}: {section['title'].en}"
            )
            found.append(section)
    return found


def _open_list(request: HttpRequest, task: Task) -> dict[str, Any] | None:
    """Return what the page says of a list the plan left open, with the act that resolves it; None without one."""
    named = lists.open_list(task)
    if not named:
        return None
    done = ListResolution.objects.filter(task_id=task.pk).first()
    outcome = lists.resolve_units.check(call_of(request, "look"), task)
    mine = asking.actor_of(request).role in lists.RESOLVERS and done is None
    act = {
        "words": lists.resolve_units.words, "outcome": outcome, "url": reverse("task-resolve", args=[task.pk]),
        "post": False, "primary": True,
    }  # fmt: skip
    words = Words("、".join(w.zh for w in named), ", ".join(w.en for w in named))
    return {"named": words, "done": done, "acts": [act] if mine else []}


def _targets(task: Task, past: dt.date | None) -> list[Target]:
    """Return the targets; what was reached after a past day is not said, what was before it is no longer known."""
    rows = list(Target.objects.filter(task=task).order_by("pk"))
    for row in rows:
        if past is not None and row.reached_on is not None and row.reached_on > past:
            row.reached = row.reached_on = None
    return rows


def _ledger(past: dt.date | None) -> dict[str, Any]:
    return {"words": Words("台账", "Ledger"), "url": asking.at(reverse("tasks"), past)}


def _head(task: Task, rows: list[ShareRow], today: dt.date) -> dict[str, Any]:
    waiting = [r for r in rows if r.state not in ("done", "closed", "cancelled")]
    who = Words("、".join(r.unit.zh for r in waiting[:2]), ", ".join(r.unit.en for r in waiting[:2]))
    if len(waiting) > 2:
        who = Words(f"{who.zh}等{len(waiting)}个单位", f"{who.en} and {len(waiting) - 2} more")
    day = colour_schemes.day_of(task.county_id, today)
    standing = day.standing(task.state, task.due_on, task.done_on, milestones.open_since(task, today))
    return {
        "task": task,
        "title": task.words,
        "kind": task.plan.words,
        **parts.marked(day.mark(standing), standing),
        "since": task.done_on,
        "next": waiting[0].state_words if waiting else None,
        "next_by": who if waiting else None,
        "next_on": task.due_on if task.state == "open" else None,
        "today": today,
        "more": [
            {"label": Words("办理方式", "Mode"), "value": MODES[task.mode]},
            {"label": Words("期限原文", "Deadline as printed"), "value": task.deadline_words or "—"},
        ],
    }


def _subjects(task: Task, rows: list[ShareRow]) -> list[timeline.Subject]:
    return [("task", task.pk), *(("assignment", r.assignment_id) for r in rows)]


def _shares(rows: list[ShareRow], past: dt.date | None) -> Ledger:
    columns = (
        Column("unit", Words("单位", "Unit")),
        Column("role", Words("职责", "Part")),
        Column("standing", Words("状态", "State"), "state"),
        Column("stage", Words("办理", "Stage")),
        Column("percent", Words("完成（%）", "Done (%)"), "figure"),
        Column("due", Words("期限", "Due"), "day"),
        Column("page", Words("单位台账", "Unit's page")),
    )
    look = Words("查看", "Open")
    lines = tuple(
        Row(
            str(r.assignment_id),
            (
                r.unit, ROLES.get(r.role, Words(r.role, r.role)), r.mark or r.standing, r.state_words, r.percent,
                r.due_on, Linked(look, asking.at(reverse("unit", args=[r.unit_id]), past)),
            ),
            href=asking.at(reverse("duty", args=[r.duty_id]), past) if r.duty_id else "",
        )
        for r in rows
    )  # fmt: skip
    return Ledger(
        "shares",
        Words("各单位分工", "Shares of the units"),
        columns,
        lines,
        empty=Words("这项任务没有单位分工。", "No unit has a share in this task."),
        empty_hint=Words("方案没有写明责任单位。", "The plan names no unit."),
    )
