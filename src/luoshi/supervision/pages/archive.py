"""The archive of closed tasks, and a task's file on paper."""

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.ledger import Column, Ledger, Linked, Pager, Row
from luoshi.office.papers import docx, pdf
from luoshi.office.people.models import Unit
from luoshi.office.plans.models import Plan
from luoshi.supervision import task_file
from luoshi.supervision.pages import asking
from luoshi.supervision.queries import archive, shares
from luoshi.supervision.queries.archive import Filed
from luoshi.supervision.queries.ledger import Wanted
from luoshi.supervision.readables import LEDGER, TASK

rail.add("supervision", "tasks-archive", Words("归档", "Archive"), reads="ledger", order=90)
TITLE = Words("归档", "Archive")
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show one page of the archive."""
    if (stopped := asking.barred(request, LEDGER)) is not None:
        return stopped
    actor, today = asking.actor_of(request), asking.today_of(request)
    plan, unit = (asking.whole(name, request.GET.get(name)) for name in ("plan", "unit"))
    year = _year(request)
    wanted = Wanted(plan, unit, state="closed", sort="due", cursor=request.GET.get("after", ""))
    rows = archive.page(actor, wanted, year, today, archive.PAGE + 1)
    more, rows = len(rows) > archive.PAGE, rows[: archive.PAGE]
    kept = "".join(f"&{name}={value}" for name, value in (("plan", plan), ("unit", unit), ("year", year)) if value)
    shown = {
        "title": TITLE,
        "ledger": _ledger(rows, f"?after={rows[-1].key}{kept}" if more else ""),
        "plans": [(p.pk, p.words) for p in Plan.objects.filter(county_id=actor.county_id).order_by("pk")],
        "units": [
            (u.pk, u.words)
            for u in Unit.objects.filter(county_id=actor.county_id, collective=False).order_by("short_zh")
        ],
        "years": archive.years(actor, today),
        "chosen": {"plan": plan, "unit": unit, "year": year},
        "trail": [{"words": Words("台账", "Ledger"), "url": reverse("tasks")}],
    }
    return render(request, "supervision/archive.html", shown)


def _year(request: HttpRequest) -> int | None:
    year = asking.whole("year", request.GET.get("year"))
    if year is not None and not 1949 <= year <= 9999:
        raise Problem(
            "year",
            Words(f"没有{year}年。", f"There is no year {year}."),
            Words("请从列表选择。", "Choose it from the list."),
        )
    return year


def _ledger(rows: list[Filed], older: str) -> Ledger:
    columns = (
        Column("heading", Words("任务", "Task")),
        Column("standing", Words("结果", "Outcome"), "state"),
        Column("done", Words("办结日期", "Done on"), "day"),
        Column("due", Words("期限", "Due"), "day"),
        Column("units", Words("责任单位", "Units")),
        Column("plan", Words("方案", "Plan"), "cut"),
        Column("number", Words("序号", "No.")),
        Column("file", Words("卷宗", "File")),
    )
    return Ledger(
        "archive",
        TITLE,
        columns,
        tuple(_row(row) for row in rows),
        pager=Pager(Words(f"本页{len(rows)}项", f"{len(rows)} on this page"), older_url=older),
        empty=Words("没有归档的任务。", "No task is filed here."),
        empty_hint=Words("任务的各项分工销号后自动归档。", "A task is filed by itself once its shares are closed."),
    )


def _row(row: Filed) -> Row:
    file = Linked("PDF", reverse("task-file", args=[row.task_id, "pdf"]))
    cells = (row.heading, row.standing, row.done_on, row.due_on, row.units, row.plan, row.number, file)
    return Row(str(row.task_id), cells, href=reverse("task", args=[row.task_id]))


@require_safe
def file(request: HttpRequest, task_id: int, kind: str) -> HttpResponse:
    """Return a task's file as pdf or docx, with what this reader may see."""
    if (stopped := asking.barred(request, TASK)) is not None:
        return stopped
    actor = asking.actor_of(request)
    task = shares.task(actor, task_id)
    if task is None or kind not in MEDIA:
        raise Http404
    paper = task_file.paper(actor, task, asking.today_of(request))
    body = pdf.render(paper, unknown_letters="geta") if kind == "pdf" else docx.render(paper)
    answer = HttpResponse(body, content_type=MEDIA[kind])
    name = quote(f"{task.number}{task.sub}办理卷宗.{kind}")
    answer["Content-Disposition"] = f"attachment; filename=\"task-{task.pk}.{kind}\"; filename*=UTF-8''{name}"
    answer["Cache-Control"] = "private, no-store"
    return answer
