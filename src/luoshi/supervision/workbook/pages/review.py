"""A workbook that came back, cell by cell: what stood there, what stands there now, what is wanted; then it is done."""

import csv
import tempfile
import threading
from collections.abc import Iterator
from typing import Any

import structlog
from django.contrib import messages
from django.db import connections
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from luoshi.core.outcome import Granted
from luoshi.core.words import Words
from luoshi.office.actions import Call
from luoshi.office.ledger import Pager
from luoshi.office.papers import xlsx
from luoshi.office.people.acting import call_of
from luoshi.supervision.pages import asking
from luoshi.supervision.workbook import actions, applying
from luoshi.supervision.workbook.layouts import columns
from luoshi.supervision.workbook.models import Change, Import
from luoshi.supervision.workbook.readables import IMPORT

PAGE = 100
AT_ONCE = 500
"""Cells up to which a request waits until they are done (a few seconds)."""
VERDICTS = {
    "ready": Words("可办理", "Ready"), "ask": Words("需确认", "To confirm"), "conflict": Words("有冲突", "Conflict"),
    "refused": Words("不能改", "Not taken"), "error": Words("有错误", "Wrong"),
}  # fmt: skip
MARKS = {"ready": "on_time", "ask": "near", "conflict": "suspended", "refused": "cancelled", "error": "overdue"}
RESULTS = {"done": Words("已办", "Done"), "refused": Words("未准", "Refused")}
TAKE, KEEP = Words("用表中的", "Take the table's"), Words("不改", "Keep the house's")
HEADS = ("单元格", "任务", "单位", "栏目", "导出时", "系统现在", "表中", "核对", "说明", "结果")
log = structlog.get_logger("luoshi.workbook")


@require_safe
def page(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show one page of the changes, the conflicts and doubts first."""
    row = _mine(request, import_id)
    if isinstance(row, HttpResponse):
        return row
    chosen = request.GET.get("show", "")
    if chosen not in ("", *VERDICTS):
        raise Http404
    counts = {code: Change.objects.filter(imported=row, verdict=code).count() for code in VERDICTS}
    verdict = chosen or next(
        (code for code in ("conflict", "ask", "error", "ready", "refused") if counts[code]), "ready"
    )
    after = asking.whole("after", request.GET.get("after")) or 0
    found = list(_changes(row).filter(verdict=verdict, pk__gt=after).order_by("pk")[: PAGE + 1])
    url = reverse("workbook-import", args=[row.pk])
    running = row.pk in _RUNNING
    waiting = applying.waiting(row)
    shown = {
        "title": Words(row.name, row.name),
        "kind": Words("台账回传", "Returned ledger"),
        "row": row,
        "sheet": (Change.objects.filter(imported=row).values_list("cell", flat=True).first() or "").rpartition("!")[0],
        "warnings": [Words(**words) for words in row.warnings],
        "tabs": [
            {"words": words, "url": f"{url}?show={code}", "here": code == verdict, "count": counts[code]}
            for code, words in VERDICTS.items()
        ],
        "tabs_label": Words("改动", "Changes"),
        "total": sum(counts.values()),
        "mark": MARKS[verdict],
        "verdict": verdict,
        "verdict_words": VERDICTS[verdict],
        "changes": [_shown(one) for one in found[:PAGE]],
        "decides": verdict in ("ready", "ask", "conflict") and row.state != "discarded" and not running,
        "pager": Pager(
            Words(f"本页{len(found[:PAGE])}格，共{counts[verdict]}格", f"{len(found[:PAGE])} of {counts[verdict]}"),
            f"{url}?show={verdict}" if after else "",
            f"{url}?show={verdict}&after={found[PAGE - 1].pk}" if len(found) > PAGE else "",
        ),
        "waiting": waiting,
        "undecided": Change.objects.filter(
            imported=row, decision="", result="", verdict__in=("ask", "conflict")
        ).count(),
        "done": Change.objects.filter(imported=row, result="done").count(),
        "running": running,
        "may_discard": row.state == "open" and not running,
        "trail": [{"words": Words("台账导出与回传", "Ledger as a workbook"), "url": reverse("workbook")}],
        "here": request.get_full_path(),
    }
    answer = render(request, "supervision/workbook_import.html", shown)
    if running:
        answer["Refresh"] = "2"
    return answer


_RUNNING: set[int] = set()
"""Imports that a thread of this process is doing; another process simply shows what is recorded."""


def _changes(row: Import) -> Any:
    return Change.objects.filter(imported=row).select_related("share__task", "share__unit")


def _shown(one: Change) -> dict[str, Any]:
    column = columns().get(one.column)
    return {
        "id": one.pk,
        "cell": one.cell.rpartition("!")[2],
        "task": one.share.task.words if one.share else None,
        "unit": one.share.unit.words if one.share else None,
        "url": reverse("task", args=[one.share.task_id]) if one.share else "",
        "column": column.words if column else Words(one.column, one.column),
        "was": one.was, "now": one.now, "wanted": one.wanted,
        "moved": one.was != one.now,
        "words": Words(one.words_zh, one.words_en),
        "decision": one.decision,
        "result": RESULTS.get(one.result),
        "result_words": Words(one.result_zh, one.result_en),
        "take_words": TAKE, "keep_words": KEEP,
    }  # fmt: skip


@require_POST
def decide(request: HttpRequest, import_id: int) -> HttpResponse:
    """Keep what was decided on this page; ``then=apply`` goes on to do it, ``rest`` decides the undecided as well."""
    row = _mine(request, import_id)
    if isinstance(row, HttpResponse):
        return row
    if row.pk in _RUNNING:
        return asking.see_other(reverse("workbook-import", args=[row.pk]))
    given = {
        int(name[1:]): value
        for name, value in request.POST.items()
        if name[:1] == "c" and name[1:].isascii() and name[1:].isdigit() and value in ("take", "keep", "")
    }
    call = call_of(request, asking.request_id_of(request))
    rest = request.POST.get("rest", "")
    result = actions.decide(call, import_id=row.pk, decisions=given, rest=rest if rest in ("take", "keep") else "")
    if not isinstance(result.outcome, Granted):
        messages.warning(request, result.outcome.reasons[0].words.zh)
    elif request.POST.get("then") == "apply":
        _apply(request, call, row)
    back = request.POST.get("back", "")
    url = reverse("workbook-import", args=[row.pk])
    return asking.see_other(back if back.startswith(url) else url)


def _apply(request: HttpRequest, call: Call, row: Import) -> None:
    waiting = applying.waiting(row)
    if waiting > AT_ONCE:
        _RUNNING.add(row.pk)
        threading.Thread(target=_alone, args=(call, row), daemon=True, name=f"import-{row.pk}").start()
        said = Words(
            f"正在办理{waiting}格，可以离开本页。", f"{waiting} cells are being done; you may leave this page."
        )
        messages.info(request, said.en if asking.in_english(request) else said.zh)
        return
    counts = applying.apply(call, row)
    said = Words(
        f"办成{counts['done']}格，未准{counts['refused']}格，核对后又有变动{counts['moved']}格。",
        f"{counts['done']} cells done, {counts['refused']} refused, {counts['moved']} moved meanwhile.",
    )
    tell = messages.success if not counts["refused"] and not counts["moved"] else messages.warning
    tell(request, said.en if asking.in_english(request) else said.zh)


def _alone(call: Call, row: Import) -> None:
    try:
        applying.apply(call, row)
    except Exception:
        log.exception("import stopped", workbook_import=row.pk)
    finally:
        _RUNNING.discard(row.pk)
        connections.close_all()


@require_POST
def discard(request: HttpRequest, import_id: int) -> HttpResponse:
    """Put an import aside."""
    row = _mine(request, import_id)
    if isinstance(row, HttpResponse):
        return row
    actions.discard(call_of(request, asking.request_id_of(request)), import_id=row.pk)
    return asking.see_other(reverse("workbook-import", args=[row.pk]))


@require_safe
def listed(request: HttpRequest, import_id: int, kind: str) -> HttpResponseBase:
    """Return every change of an import with its cell as a file, for going through it beside the workbook."""
    row = _mine(request, import_id)
    if isinstance(row, HttpResponse):
        return row
    chosen = request.GET.get("show", "")
    found = _changes(row).order_by("row", "pk")
    lines = _lines(found.filter(verdict=chosen) if chosen in VERDICTS else found)
    answer: Any
    if kind == "csv":
        answer = StreamingHttpResponse(_csv(lines), content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        out = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it when it is sent
        wide = (16, 40, 16, 14, 30, 30, 30, 10, 40, 30)
        shown = [xlsx.Column(head, "text", width) for head, width in zip(HEADS, wide, strict=True)]
        xlsx.write(out, [xlsx.SheetOut("改动", shown, lines)])
        out.seek(0)
        answer = FileResponse(out, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="changes-{row.pk}.{kind}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _lines(found: Any) -> Iterator[list[str]]:
    for one in found.iterator(chunk_size=2_000):
        column = columns().get(one.column)
        result = RESULTS[one.result].zh if one.result in RESULTS else ""
        yield [
            one.cell, one.share.task.heading_zh if one.share else "", one.share.unit.short_zh if one.share else "",
            column.head if column else one.column, one.was, one.now, one.wanted, VERDICTS[one.verdict].zh, one.words_zh,
            f"{result}{'：' if result else ''}{one.result_zh}",
        ]  # fmt: skip


class _Line:
    """A file that hands back what was written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(lines: Iterator[list[str]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff"
    yield writer.writerow(HEADS)
    for line in lines:
        yield writer.writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in line])


def _mine(request: HttpRequest, import_id: int) -> Import | HttpResponse:
    if (stopped := asking.barred(request, IMPORT)) is not None:
        return stopped
    row = IMPORT.visible(asking.actor_of(request), Import.objects.all()).filter(pk=import_id).first()
    if row is None:
        raise Http404
    return row
