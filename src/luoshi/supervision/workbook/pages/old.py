"""An old ledger on its way in: the list, the doubts first, one row to mend, and the confirmation."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luoshi.core.outcome import Granted, Outcome
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.fields import Field, Form, Option
from luoshi.office.ledger import Column, Ledger, Pager, Row
from luoshi.office.people.acting import call_of
from luoshi.office.people.models import Unit
from luoshi.supervision.pages import asking
from luoshi.supervision.workbook import actions, old_proposal, old_queries
from luoshi.supervision.workbook.models import OldLedger, OldRow
from luoshi.supervision.workbook.old_proposal import COLUMNS
from luoshi.supervision.workbook.old_queries import Line
from luoshi.supervision.workbook.pages.hub import uploaded
from luoshi.supervision.workbook.readables import OLD_LEDGER
from luoshi.supervision.workbook.rows import ROLES

PAGE = 100
STATES = {code: Words(zh, en) for (code, zh), en in zip(
    OldLedger.STATES, ("To look through", "Brought in", "Discarded"), strict=True
)}  # fmt: skip
TABS = {
    "doubts": Words("有疑点", "Doubtful"), "ready": Words("可迁入", "Ready"), "left": Words("不迁入", "Left out"),
    "all": Words("全部", "All"),
}  # fmt: skip
TITLE = Words("旧台账迁入", "Old ledgers")
NOT_A_UNIT = Words("不是单位，忽略", "No unit; ignore it")
LATER = Words("（未定）", "(not yet)")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the old ledgers of the county and the form that brings one in."""
    return _list(request)


def _list(request: HttpRequest, status: int = 200, form: Form | None = None) -> HttpResponse:
    if (stopped := asking.barred(request, OLD_LEDGER)) is not None:
        return stopped
    may = asking.actor_of(request).role in actions.receive_old.grants
    found = OLD_LEDGER.visible(asking.actor_of(request), OldLedger.objects.all()).order_by("-pk")[:PAGE]
    rows = tuple(
        Row(
            str(one.pk),
            (one.title, one.name, STATES[one.state], one.received_at.astimezone(COUNTY_ZONE).date()),
            reverse("old-ledger", args=[one.pk]),
        )
        for one in found
    )
    listed = Ledger(
        "old-ledgers", Words("旧台账", "Old ledgers"),
        (
            Column("title", Words("名称", "Title")), Column("name", Words("文件", "File"), "cut"),
            Column("state", Words("现状", "State")), Column("received", Words("导入日期", "Received"), "day"),
        ),
        rows, empty=Words("还没有导入旧台账。", "No old ledger was read yet."),
        empty_hint=Words("上传 Excel 或 CSV，先核对再迁入。", "Upload an Excel file or CSV; look first, then confirm."),
    )  # fmt: skip
    shown = {
        "title": TITLE, "form": (form or _upload_form()) if may else None, "ledger": listed,
        "trail": [{"words": Words("台账导出与回传", "Ledger as a workbook"), "url": reverse("workbook")}],
    }  # fmt: skip
    return render(request, "supervision/workbook_old_list.html", shown, status=status)


def _upload_form() -> Form:
    hint = Words(
        "表头可以不在第一行，可以有合并单元格，列的顺序不限；单位简称、各种写法的日期都会逐项核对。",
        "Heads may stand lower, cells may be merged, columns in any order; names and days are looked at one by one.",
    )
    file = Field("file", Words("旧台账", "Old ledger"), "file", hint=hint, accept=".xlsx,.csv,.txt")
    return Form.fresh(reverse("old-ledger-receive"), actions.receive_old.words, file)


@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take an old ledger in as a proposal."""
    if (stopped := asking.barred(request, OLD_LEDGER)) is not None:
        return stopped
    form = _upload_form().filled(request.POST.dict())
    try:
        file_id, call = uploaded(request)
        result = actions.receive_old(call, file_id=file_id)
    except Problem as problem:
        told = Problem("file", problem.words, problem.remedy, status=problem.status)
        return _list(request, problem.status, form.with_problem(told))
    if not isinstance(result.outcome, Granted):
        reason = result.outcome.reasons[0]
        told = Problem("file", reason.words, reason.remedy or reason.words, status=403)
        return _list(request, 403, form.with_problem(told))
    return asking.see_other(reverse("old-ledger", args=[result.values["ledger"]]))


@require_safe
def one(request: HttpRequest, ledger_id: int) -> HttpResponse:
    """Show one old ledger: names that are not known, then the rows, the doubtful first."""
    ledger = _mine(request, ledger_id)
    if isinstance(ledger, HttpResponse):
        return ledger
    return _shown(request, ledger)


def _shown(request: HttpRequest, ledger: OldLedger, form: Form | None = None, status: int = 200) -> HttpResponse:
    found = old_queries.lines(ledger)
    sorted_out: dict[str, list[Line]] = {
        "doubts": [line for line in found if line.doubts and not line.row.left_out],
        "ready": [line for line in found if not line.doubts and not line.row.left_out],
        "left": [line for line in found if line.row.left_out],
        "all": found,
    }
    tab = request.GET.get("show", "")
    if tab not in sorted_out:
        tab = "doubts" if sorted_out["doubts"] and ledger.state == "open" else "all"
    rows = (
        sorted(sorted_out[tab], key=lambda line: (not line.stopped, line.row.row))
        if tab == "doubts"
        else sorted_out[tab]
    )
    start = asking.whole("from", request.GET.get("from")) or 0
    url = reverse("old-ledger", args=[ledger.pk])
    call = call_of(request, "look")
    may = actions.correct.check(call, ledger)
    shown = {
        "title": Words(ledger.title, ledger.title),
        "kind": TITLE,
        "ledger": ledger,
        "state_words": STATES[ledger.state],
        "received_on": ledger.received_at.astimezone(COUNTY_ZONE).date(),
        "heads": [
            {"label": COLUMNS[code], "value": printed} for code, printed in ledger.heads.items() if code in COLUMNS
        ],
        "warnings": [Words(**words) for words in ledger.warnings],
        "names": _names(ledger, found) if may else [],
        "tabs": [
            {"words": words, "url": f"{url}?show={code}", "here": code == tab, "count": len(sorted_out[code])}
            for code, words in TABS.items()
        ],
        "tabs_label": Words("行", "Rows"),
        "rows": [_row_shown(ledger, line) for line in rows[start : start + PAGE]],
        "pager": Pager(
            Words(f"共{len(rows)}行", f"{len(rows)} rows"),
            f"{url}?show={tab}&from={max(0, start - PAGE)}" if start else "",
            f"{url}?show={tab}&from={start + PAGE}" if len(rows) > start + PAGE else "",
        ),
        "stopped": sum(line.stopped for line in found),
        "wanted": sum(not line.row.left_out for line in found),
        "may_edit": isinstance(may, Granted),
        "form": (form or _confirm_form(request, ledger)) if isinstance(may, Granted) else None,
        "file_url": reverse("file", args=[ledger.file_id]),
        "trail": [{"words": TITLE, "url": reverse("old-ledgers")}],
    }
    return render(request, "supervision/workbook_old.html", shown, status=status)


def _row_shown(ledger: OldLedger, line: Line) -> dict[str, Any]:
    due = line.judged.due
    return {
        "row": line.row,
        "cells": line.judged.cells,
        "task": line.judged.cells.get("task", ""),
        "area": line.judged.cells.get("area", ""),
        "deadline": line.judged.cells.get("deadline", ""),
        "due_on": due.day,
        "due_words": _due_words(due),
        "parts": [
            {"role": ROLES[part.role], "printed": part.printed, "known": part.unit is not None, "unit": part.unit}
            for part in line.judged.parts
        ],
        "doubts": [{"words": d.words, "mark": "overdue" if d.stops else "near",
                    "column": COLUMNS.get(d.column, COLUMNS["task"])} for d in line.doubts],
        "stops": Words("须处理", "Must be settled"),
        "asks": Words("请看一眼", "Have a look"),
        "url": reverse("old-ledger-row", args=[ledger.pk, line.row.pk]),
        "task_url": reverse("task", args=[line.row.task_id]) if line.row.task_id else "",
        "left_out": line.row.left_out,
    }  # fmt: skip


def _due_words(due: old_proposal.Read) -> Words | None:
    said = {"ongoing": Words("长期", "Ongoing"), "recurring": Words("定期重复", "Recurring")}
    return said.get(due.kind)


def _names(ledger: OldLedger, found: list[Line]) -> list[dict[str, Any]]:
    unknown = old_proposal.unknown(line.judged for line in found if not line.row.left_out)
    units = list(Unit.objects.filter(county_id=ledger.county_id).order_by("short_zh"))
    by_id = {unit.pk: unit for unit in units}
    return [
        {
            "printed": printed, "count": count, "field": f"n{number}",
            "near": [by_id[pk] for pk in near if pk in by_id],
            "rest": [unit for unit in units if unit.pk not in near],
            "later": LATER, "none": NOT_A_UNIT,
        }
        for number, (printed, (count, near)) in enumerate(list(unknown.items())[:50])
    ]  # fmt: skip


def _confirm_form(request: HttpRequest, ledger: OldLedger) -> Form:
    units = (
        Unit.objects.filter(county_id=ledger.county_id, collective=False).select_related("parent").order_by("short_zh")
    )
    own = next((unit for unit in units if unit.pk == asking.actor_of(request).unit_id), None)
    leading = own.parent if own and own.parent and asking.actor_of(request).role == "leading_office" else own
    return Form.fresh(
        reverse("old-ledger-step", args=[ledger.pk]), actions.confirm.words,
        Field("title", Words("方案名称", "Name of the plan"), value=ledger.title,
              hint=Words("没有写明方案的任务都归入它。", "Tasks that name no plan belong to it.")),
        Field("leading_unit_id", Words("牵头单位", "Leading unit"), "select", str(leading.pk) if leading else "",
              hint=Words("审核报告、批准延期。", "Reviews reports and grants extensions."),
              options=tuple(Option(str(unit.pk), unit.words) for unit in units)),
        Field("verb", Words("", ""), "hidden", "confirm"),
        Field("at_edit", Words("", ""), "hidden", str(ledger.edits)),
    )  # fmt: skip


@require_POST
def names(request: HttpRequest, ledger_id: int) -> HttpResponse:
    """Keep which units the unknown names mean, all that were chosen at once."""
    ledger = _mine(request, ledger_id)
    if isinstance(ledger, HttpResponse):
        return ledger
    chosen = {}
    for field in request.POST:
        value, printed = request.POST.get(field, ""), request.POST.get(f"{field}-printed", "")
        if field[:1] == "n" and printed and (unit := asking.whole("units", value)) is not None:
            chosen[printed[:120]] = unit
    if chosen:
        call = call_of(request, asking.request_id_of(request))
        outcome = actions.name(call, ledger_id=ledger.pk, units=chosen).outcome
        _tell(request, outcome, Words(f"已指明{len(chosen)}个单位。", f"{len(chosen)} names are known now."))
    return asking.see_other(reverse("old-ledger", args=[ledger.pk]))


@require_http_methods(["GET", "POST"])
def row(request: HttpRequest, ledger_id: int, row_id: int) -> HttpResponse:
    """Show one row as printed with what it would become, and mend it."""
    ledger = _mine(request, ledger_id)
    if isinstance(ledger, HttpResponse):
        return ledger
    found = OldRow.objects.filter(ledger=ledger, pk=row_id).first()
    if found is None:
        raise Http404
    back = reverse("old-ledger", args=[ledger.pk])
    cells = old_queries.cells_of(found)
    fields = [
        Field(code, words, "textarea" if code in ("task", "progress", "remark") else "text", cells.get(code, ""),
              required=False, rows=3, hint=_printed(found, code))
        for code, words in COLUMNS.items() if code in ledger.heads or code in cells
        or code in ("lead", "responsible", "deadline")
    ]  # fmt: skip
    left = Field("left_out", Words("这一行不迁入", "Leave this row out"), "checkbox", "true" if found.left_out else "")
    edit = Field("at_edit", Words("", ""), "hidden", str(ledger.edits))
    form = Form.fresh(request.path, actions.correct.words, *fields, left, edit)
    outcome: Outcome = actions.correct.check(call_of(request, "look"), ledger)
    status = 200
    if request.method == "POST":
        form = form.filled({"left_out": "", **request.POST.dict()})
        try:
            outcome = _correct(request, ledger, found, fields)
            if isinstance(outcome, Granted):
                return asking.see_other(back)
            status = 409
        except Problem as problem:
            form, status = form.with_problem(problem), problem.status
    judged = old_queries.judge(ledger, found, old_queries.names_of(ledger.county_id))
    shown = {
        "title": Words(f"第{found.row}行", f"Row {found.row}"), "kind": Words(ledger.title, ledger.title),
        "form": form, "outcome": outcome, "granted": isinstance(outcome, Granted), "back_url": back, "cell": found.cell,
        "doubts": judged.doubts, "trail": [{"words": Words(ledger.title, ledger.title), "url": back}],
    }  # fmt: skip
    return render(request, "supervision/workbook_old_row.html", shown, status=status)


def _printed(found: OldRow, code: str) -> Words | None:
    if code not in found.mended:
        return None
    was = found.given.get(code, "")
    return Words(f"原文：{was or '（空）'}", f"Printed: {was or '(empty)'}")


def _correct(request: HttpRequest, ledger: OldLedger, found: OldRow, fields: list[Field]) -> Outcome:
    call = call_of(request, asking.request_id_of(request))
    cells = {field.name: request.POST.get(field.name, "").replace("\r\n", "\n").strip() for field in fields}
    return actions.correct(
        call, ledger_id=ledger.pk, row_id=found.pk, cells=cells, left_out=request.POST.get("left_out") == "true",
        at_edit=asking.whole("at_edit", request.POST.get("at_edit")),
    ).outcome  # fmt: skip


@require_POST
def step(request: HttpRequest, ledger_id: int) -> HttpResponse:
    """Confirm or discard an old ledger."""
    ledger = _mine(request, ledger_id)
    if isinstance(ledger, HttpResponse):
        return ledger
    call = call_of(request, asking.request_id_of(request))
    if request.POST.get("verb") == "discard":
        _tell(request, actions.discard_old(call, ledger_id=ledger.pk).outcome, Words("已作废。", "Discarded."))
        return asking.see_other(reverse("old-ledgers"))
    form = _confirm_form(request, ledger).filled(request.POST.dict())
    try:
        result = actions.confirm(
            call, ledger_id=ledger.pk, title=request.POST.get("title", ""),
            leading_unit_id=asking.whole("leading_unit_id", request.POST.get("leading_unit_id")) or 0,
            at_edit=asking.whole("at_edit", request.POST.get("at_edit")),
        )  # fmt: skip
    except Problem as problem:
        return _shown(request, ledger, form.with_problem(problem), problem.status)
    done = result.values
    words = Words("没有迁入。", "Not brought in.")
    if done:
        words = Words(
            f"已迁入任务{done['tasks']}项，交办{done['assigned']}份。",
            f"{done['tasks']} tasks brought in, {done['assigned']} shares given out.",
        )
    _tell(request, result.outcome, words)
    return asking.see_other(reverse("old-ledger", args=[ledger.pk]))


def _tell(request: HttpRequest, outcome: Outcome, done: Words) -> None:
    english = asking.in_english(request)
    if isinstance(outcome, Granted):
        messages.success(request, done.en if english else done.zh)
        return
    reason = outcome.reasons[0]
    remedy = reason.remedy or Words("", "")
    messages.warning(request, f"{reason.words.en} {remedy.en}" if english else f"{reason.words.zh}{remedy.zh}")


def _mine(request: HttpRequest, ledger_id: int) -> OldLedger | HttpResponse:
    if (stopped := asking.barred(request, OLD_LEDGER)) is not None:
        return stopped
    rows = OLD_LEDGER.visible(asking.actor_of(request), OldLedger.objects.select_related("file"))
    found = rows.filter(pk=ledger_id).first()
    if found is None:
        raise Http404
    return found
