"""The list of proposals, and how a file comes to the desk."""

import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from luoshi.core.outcome import Granted, Outcome
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette import queries
from luoshi.gazette.actions import receive
from luoshi.gazette.models import Issue, Proposal
from luoshi.gazette.pages import asking, elements
from luoshi.gazette.parse.files import LARGEST_BYTES, read_format
from luoshi.gazette.readables import PROPOSAL
from luoshi.office import access, rail
from luoshi.office.fields import Field, Form, Option
from luoshi.office.ledger import Column, Ledger, Pager, Row
from luoshi.office.people.acting import call_of
from luoshi.office.plans.models import Document

rail.add("gazette", "gazette-desk", Words("编辑台", "Editor's desk"), reads="proposal", order=20)
STATES = {
    "open": Words("待确认", "To confirm"),
    "partly": Words("部分确认", "Partly confirmed"),
    "confirmed": Words("已确认", "Confirmed"),
    "discarded": Words("已作废", "Discarded"),
}
PAGE = 50


@require_http_methods(["GET"])
def page(request: HttpRequest) -> HttpResponse:
    """Show the proposals of the county, newest first, and the form to import one."""
    if (stopped := asking.barred(request, PROPOSAL)) is not None:
        return stopped
    shown = {
        "title": Words("公报编辑台", "Gazette desk"),
        "ledger": _ledger(request),
        "may_import": _may(request),
        "import_words": receive.receive.words,
    }
    return render(request, "gazette/desk.html", shown)


def _ledger(request: HttpRequest) -> Ledger:
    before = asking.number(request, "before")
    rows = queries.proposals(asking.actor_of(request))
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    older = f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    issues = {i.proposal_id: i for i in Issue.objects.filter(proposal__in=[p.pk for p in found])}
    return Ledger(
        "proposals",
        Words("导入的公报", "Imported gazettes"),
        (
            Column("title", Words("公报或文件", "Gazette or document")),
            Column("name", Words("文件名", "File"), "cut"),
            Column("state", Words("现状", "State"), "state"),
            Column("documents", Words("文件", "Documents"), "figure"),
            Column("tasks", Words("任务", "Tasks"), "figure"),
            Column("doubts", Words("未了疑点", "Open doubts"), "figure"),
            Column("received", Words("导入日", "Received"), "day"),
            Column("replaces", Words("更替", "Replaces")),
        ),
        tuple(_row(p, issues.get(p.pk)) for p in found[:PAGE]),
        pager=Pager(
            Words(f"本页{len(found[:PAGE])}份", f"{len(found[:PAGE])} on this page"),
            reverse("gazette-desk") if before else "",
            older,
        ),
        empty=Words("还没有导入公报。", "No gazette has been imported."),
        empty_hint=Words(
            "选一份文件导入，系统读出结构后逐条核对。", "Import a file; it is read and then checked element by element."
        ),
    )


def _row(row: Proposal, issue: Issue | None) -> Row:
    cells = (
        elements.issue_words(issue.title, issue.year, issue.number) if issue else row.name,
        row.name,
        STATES[row.state],
        row.counts.get("documents", 0),
        row.counts.get("tasks", 0),
        row.counts.get("doubts", 0),
        row.received_on,
        row.replaces.title_zh if row.replaces else "",
    )
    return Row(str(row.pk), cells, reverse("gazette-proposal", args=[row.pk]))


def _may(request: HttpRequest) -> Outcome:
    actor = asking.actor_of(request)
    return access.may(actor, receive.receive.grants, access.Where(actor.county_id))


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Import a file: read, parse, keep as a proposal."""
    if (stopped := asking.barred(request, PROPOSAL)) is not None:
        return stopped
    form = _form(request)
    outcome = _may(request)
    if request.method == "GET" or not outcome:
        return _upload_page(request, form, outcome, 200 if request.method == "GET" else 403)
    form = form.filled(request.POST.dict())
    try:
        result = _receive(request)
    except Problem as problem:
        return _upload_page(request, form.with_problem(problem), outcome, problem.status)
    if not isinstance(result.outcome, Granted):
        return _upload_page(request, form, result.outcome, 409)
    if result.values["known"]:
        asking.tell(request, Words("这份文本导入过，打开的是原来那份。", "This text was imported before; here it is."))
    return asking.see_other(reverse("gazette-proposal", args=[result.values["proposal"]]))


def _receive(request: HttpRequest) -> Any:
    sent = request.FILES.get("file")
    if sent is None or sent.size is None:
        raise Problem(
            "file",
            Words("没有选择文件。", "No file was chosen."),
            Words("请选择一份文件。", "Choose a file."),
            status=422,
        )
    name = receive.base_name(sent.name or "")
    if sent.size > LARGEST_BYTES:
        raise Problem(
            "file", Words("文件太大。", "The file is too large."), Words("请拆开后导入。", "Split it."), status=413
        )
    with tempfile.TemporaryDirectory(prefix="luoshi-import-") as folder:
        # The reader goes by content; only the suffix of the sender's name reaches the disk.
        path = Path(folder) / ("file" + Path(name).suffix[:8])
        with path.open("wb") as out:
            for chunk in sent.chunks():
                out.write(chunk)
        try:
            text, _ = read_format(path)
        except Problem as problem:
            raise Problem("file", problem.words, problem.remedy, status=problem.status) from problem
    given: dict[str, Any] = {"name": name, "text": receive.storable(text)}
    if replaces := request.POST.get("replaces", ""):
        given["replaces"] = replaces
    return receive.receive(call_of(request, asking.request_id_of(request)), **given)


def _form(request: HttpRequest) -> Form:
    held = Document.objects.filter(county_id=asking.actor_of(request).county_id, replaced_on__isnull=True)
    options = [Option("", Words("新文件，不更替", "A new document"))]
    options += [
        Option(str(pk), Words(title, title))
        for pk, title in held.order_by("-issued_on", "pk").values_list("pk", "title_zh")[:300]
    ]
    return Form.fresh(
        reverse("gazette-upload"),
        receive.receive.words,
        Field(
            "file",
            Words("公报或文件", "Gazette or document"),
            "file",
            accept=".txt,.docx,.pdf,.html,.htm",
            hint=Words("txt、docx、有文字的 pdf、html，最大 64 MB。", "txt, docx, pdf with text, html; 64 MB at most."),
        ),
        Field(
            "replaces",
            Words("更替哪份文件", "Which document it replaces"),
            "select",
            required=False,
            options=tuple(options),
        ),
    )


def _upload_page(request: HttpRequest, form: Form, outcome: Outcome, status: int) -> HttpResponse:
    shown = {
        "title": receive.receive.words,
        "form": form,
        "outcome": outcome,
        "granted": isinstance(outcome, Granted),
        "trail": [{"words": Words("编辑台", "Desk"), "url": reverse("gazette-desk")}],
        "back_url": reverse("gazette-desk"),
    }
    return render(request, "gazette/desk_form.html", shown, status=status)
