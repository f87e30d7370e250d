"""Where a ledger is taken out and brought back: the two forms, and what was taken and brought before."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from luoshi.core.outcome import Granted
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.actions import COUNTY_ZONE, Call
from luoshi.office.evidence import actions as evidence
from luoshi.office.fields import Field, Form, Option
from luoshi.office.ledger import Column, Ledger, Row
from luoshi.office.people.acting import call_of
from luoshi.office.people.models import Unit
from luoshi.supervision.pages import asking
from luoshi.supervision.pages.ledger import filters_of
from luoshi.supervision.readables import ASSIGNMENT
from luoshi.supervision.workbook import actions, making
from luoshi.supervision.workbook.layouts import Layout, layouts
from luoshi.supervision.workbook.models import Export, Import
from luoshi.supervision.workbook.readables import EXPORT, IMPORT, OLD_LEDGER

rail.add("supervision", "workbook", Words("台账导出与回传", "Ledger as a workbook"), reads="workbook_export", order=30)
SHOWN = 20
FILTERS = ("plan", "unit", "town", "state", "standing", "q")
IMPORT_STATES = {code: Words(zh, en) for (code, zh), en in zip(
    Import.STATES, ("To look through", "Done", "Discarded"), strict=True
)}  # fmt: skip


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show both forms and the latest exports and imports."""
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **forms: Form) -> HttpResponse:
    if (stopped := asking.barred(request, EXPORT)) is not None:
        return stopped
    actor = asking.actor_of(request)
    asked = {name: value for name in FILTERS if (value := request.GET.get(name, "").strip())}
    may_bring = actor.role in actions.receive.grants
    shown = {
        "title": Words("台账导出与回传", "Ledger as a workbook"),
        "export_form": forms.get("export_form") or export_form(_layouts(request), asked),
        "filters": filters_of(actor, making.wanted_of(asked)),
        "import_form": (forms.get("import_form") or import_form()) if may_bring else None,
        "exports": _exports(request),
        "imports": _imports(request) if may_bring else None,
        "old_url": reverse("old-ledgers") if actor.role in OLD_LEDGER.grants else "",
    }
    return render(request, "supervision/workbook_hub.html", shown, status=status)


def _layouts(request: HttpRequest) -> list[Layout]:
    """Offer first the table that fits the post: who answers for the whole sees the whole."""
    whole = ASSIGNMENT.grants.get(asking.actor_of(request).role) == "county"
    return sorted(layouts().values(), key=lambda layout: layout.own == whole)


def export_form(listed: list[Layout], asked: dict[str, str]) -> Form:
    """Return the form that takes a ledger out, with the filters it was opened with."""
    options = tuple(Option(layout.code, layout.words) for layout in listed)
    hidden = tuple(Field(name, Words("", ""), "hidden", value, required=False) for name, value in asked.items())
    choice = Field("layout", Words("表样", "Layout"), "radio", listed[0].code, options=options)
    return Form.fresh(reverse("workbook-export"), actions.export.words, choice, *hidden)


def import_form() -> Form:
    """Return the form that brings a ledger back."""
    hint = Words(
        "填好的 .xlsx，或另存的 CSV（UTF-8、国标编码都可以）。上传后先列出改动，核对以后才办理。",
        "The filled .xlsx, or a CSV of it. Its changes are listed first and done only when you say so.",
    )
    file = Field("file", Words("填好的台账", "Filled ledger"), "file", hint=hint, accept=".xlsx,.csv,.txt")
    return Form.fresh(reverse("workbook-receive"), actions.receive.words, file)


def _exports(request: HttpRequest) -> Ledger:
    rows = EXPORT.visible(asking.actor_of(request), Export.objects.all()).defer("known").order_by("-pk")[:SHOWN]
    return Ledger(
        "exports", Words("最近的导出", "Latest exports"),
        (
            Column("number", Words("编号", "Number")), Column("layout", Words("表样", "Layout")),
            Column("rows", Words("行数", "Rows"), "figure"), Column("made", Words("导出日期", "Exported"), "day"),
        ),
        tuple(
            Row(
                str(one.pk),
                (f"E{one.pk}", layouts()[one.layout].words, one.rows, one.made_at.astimezone(COUNTY_ZONE).date()),
                reverse("workbook-exported", args=[one.pk]),
            )
            for one in rows
        ),
        empty=Words("还没有导出过。", "Nothing was exported yet."),
        empty_hint=Words("选一种表样，点“导出台账”。", "Choose a layout and export."),
    )  # fmt: skip


def _imports(request: HttpRequest) -> Ledger:
    rows = IMPORT.visible(asking.actor_of(request), Import.objects.all()).order_by("-pk")[:SHOWN]
    return Ledger(
        "imports", Words("最近的回传", "Latest returns"),
        (
            Column("name", Words("文件", "File"), "cut"), Column("state", Words("现状", "State")),
            Column("rows", Words("行数", "Rows"), "figure"), Column("received", Words("回传日期", "Received"), "day"),
        ),
        tuple(
            Row(
                str(one.pk),
                (one.name, IMPORT_STATES[one.state], one.rows_read, one.received_at.astimezone(COUNTY_ZONE).date()),
                reverse("workbook-import", args=[one.pk]),
            )
            for one in rows
        ),
        empty=Words("还没有回传过。", "Nothing came back yet."),
        empty_hint=Words("上传填好的台账，先看改动再办理。", "Upload a filled ledger."),
    )  # fmt: skip


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Give an export its number and have its workbook written."""
    if (stopped := asking.barred(request, EXPORT)) is not None:
        return stopped
    asked = {name: value for name in FILTERS if (value := request.POST.get(name, "").strip())}
    form = export_form(_layouts(request), asked).filled(request.POST.dict())
    try:
        call = call_of(request, asking.request_id_of(request))
        result = actions.export(call, layout=request.POST.get("layout", ""), asked=asked)
    except Problem as problem:
        return _page(request, problem.status, export_form=form.with_problem(problem))
    if not isinstance(result.outcome, Granted):
        raise Http404
    row = Export.objects.get(pk=result.values["export"])
    if not result.replayed:
        actor = asking.actor_of(request)
        unit = Unit.objects.filter(pk=actor.unit_id or 0).first()
        said = [one.words.zh for one in filters_of(actor, making.wanted_of(asked))]
        about = [unit.words.zh, *said] if unit is not None else said
        finish = Call(call.actor, call.now, f"wb:finish:{row.pk}", call.channel, call.address)
        making.make(call, row, about, lambda: actions.finish_export(finish, export_id=row.pk))
    return asking.see_other(reverse("workbook-exported", args=[row.pk]))


@require_safe
def exported(request: HttpRequest, export_id: int) -> HttpResponse:
    """Show how far an export is; while it is being written the page asks again by itself and can be left."""
    row = _mine(request, export_id)
    if isinstance(row, HttpResponse):
        return row
    standing = making.standing(row)
    shown = {
        "title": Words(f"导出 E{row.pk}", f"Export E{row.pk}"),
        "kind": layouts()[row.layout].words,
        "standing": standing,
        "percent": standing.percent,
        "file_url": reverse("workbook-file", args=[row.pk]),
        "trail": [{"words": Words("台账导出与回传", "Ledger as a workbook"), "url": reverse("workbook")}],
    }
    answer = render(request, "supervision/workbook_exported.html", shown)
    if standing.state == "writing":
        answer["Refresh"] = "2"
    return answer


@require_safe
def file(request: HttpRequest, export_id: int) -> HttpResponseBase:
    """Hand the workbook out."""
    row = _mine(request, export_id)
    if isinstance(row, HttpResponse):
        return row
    if making.standing(row).state != "ready":
        raise Http404
    name = f"{layouts()[row.layout].words.zh}-E{row.pk}.xlsx"
    answer = FileResponse(making.file_of(row).open("rb"), as_attachment=True, filename=name)
    answer["Content-Type"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _mine(request: HttpRequest, export_id: int) -> Export | HttpResponse:
    if (stopped := asking.barred(request, EXPORT)) is not None:
        return stopped
    rows = EXPORT.visible(asking.actor_of(request), Export.objects.all()).defer("known")
    row = rows.filter(pk=export_id).first()
    if row is None:
        raise Http404
    return row


@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take a filled ledger in: the file is kept, its changes are listed."""
    if (stopped := asking.barred(request, IMPORT)) is not None:
        return stopped
    form = import_form().filled(request.POST.dict())
    try:
        file_id, call = uploaded(request)
        result = actions.receive(call, file_id=file_id)
    except Problem as problem:
        told = Problem("file", problem.words, problem.remedy, status=problem.status)
        return _page(request, problem.status, import_form=form.with_problem(told))
    if not isinstance(result.outcome, Granted):
        reason = result.outcome.reasons[0]
        told = Problem("file", reason.words, reason.remedy or reason.words, status=403)
        return _page(request, 403, import_form=form.with_problem(told))
    return asking.see_other(reverse("workbook-import", args=[result.values["import"]]))


def uploaded(request: HttpRequest) -> tuple[int, Call]:
    """Keep the uploaded file as evidence; return its id and the call of the action that reads it."""
    sent = request.FILES.get("file")
    if sent is None:
        raise Problem(
            "file", Words("没有选择文件。", "No file was chosen."), Words("请选择文件。", "Choose one."), status=422
        )
    call = call_of(request, asking.request_id_of(request))
    kept = evidence.receive(
        Call(call.actor, call.now, f"{call.request_id}:file", call.channel, call.address),
        sent.name or "",
        sent.chunks(),
    )
    if not isinstance(kept.outcome, Granted):
        reason = kept.outcome.reasons[0]
        raise Problem("file", reason.words, reason.remedy or reason.words, status=403)
    return int(kept.values["file"]), call
