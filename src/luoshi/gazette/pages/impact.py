"""What a new version touches, before it takes effect; the changes of version so far; conflicts of the plans."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from luoshi.core.outcome import Granted
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette import conflicts, queries, versions
from luoshi.gazette.actions import versions as acts
from luoshi.gazette.pages import asking, elements, forms
from luoshi.gazette.readables import PROPOSAL, VERSION_CHANGE
from luoshi.office import rail
from luoshi.office.fields import Field
from luoshi.office.ledger import Column, Ledger, Pager, Row
from luoshi.office.people.acting import call_of

rail.add("gazette", "gazette-conflicts", Words("方案冲突", "Conflicts"), reads="version_change", order=30)
rail.add("gazette", "gazette-changes", Words("换版记录", "Changes of version"), reads="version_change", order=35)
WHAT = {"units": Words("单位", "units"), "deadline": Words("期限", "deadline"), "text": Words("文字", "text")}
TOUCHED = {
    "assignments": Words("任务分工", "Assignments"),
    "duties": Words("未了待办", "Open duties"),
    "reports": Words("报告", "Reports"),
}
SHOWN = 200


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the impact of one proposal that replaces a document; nothing is written."""
    if (stopped := asking.barred(request, PROPOSAL)) is not None:
        return stopped
    row = asking.proposal_or_404(request, pk)
    if row.replaces is None:
        raise Http404
    outcome = acts.apply_version.check(call_of(request, "look"), row)
    try:
        told: dict[str, Any] = versions.listed(versions.work_out(row)) if row.state == "open" else {}
        problem = None
    except Problem as found:
        told, problem = {}, found
    form = forms.build(
        row,
        "apply",
        acts.apply_version.words,
        Field(
            "from_on", Words("生效日", "In force from"), "date", asking.today_of(request).isoformat(), required=False
        ),
    )
    shown = {
        "title": Words(f"影响清单：{row.replaces.title_zh}", f"Impact: {row.replaces.title_zh}"),
        "told": told,
        "outcome": outcome,
        "form": form,
        "problem": problem,
        "granted": bool(outcome) and problem is None,
        "touched": [{"label": TOUCHED[k], "value": str(n)} for k, n in told.get("touched", {}).items()],
        "ledgers": _ledgers(told) if told else [],
        "names_url": reverse("gazette-names", args=[pk]),
        "trail": [
            {"words": Words("编辑台", "Desk"), "url": reverse("gazette-desk")},
            {"words": elements.title_of(row), "url": reverse("gazette-proposal", args=[pk])},
        ],
    }
    return render(request, "gazette/desk_impact.html", shown)


def _ledgers(told: dict[str, Any]) -> list[Ledger]:
    return [
        _ledger("changed", Words("改变的任务", "Changed tasks"), told["changed"]),
        _ledger("added", Words("新增的任务", "Added tasks"), told["added"]),
        _ledger("removed", Words("删去的任务", "Removed tasks"), told["removed"]),
    ]


def _ledger(key: str, words: Words, lines: list[dict[str, Any]]) -> Ledger:
    columns = [
        Column("heading", Words("任务", "Task")),
        Column("units", Words("单位", "Units")),
        Column("due", Words("期限", "Deadline")),
    ]
    if key == "changed":
        columns += [
            Column("what", Words("变了什么", "What changed")),
            Column("new_units", Words("新的单位", "New units")),
            Column("new_due", Words("新的期限", "New deadline")),
            Column("renews", Words("结果", "Result")),
        ]
    rows = tuple(Row(str(i), _cells(key, line)) for i, line in enumerate(lines[:SHOWN]))
    more = len(lines) - len(rows)
    pager = Pager(Words(f"另有{more}项未列出", f"{more} more are not listed")) if more > 0 else None
    return Ledger(
        key,
        Words(f"{words.zh} {len(lines)}", f"{words.en} {len(lines)}"),
        tuple(columns),
        rows,
        pager=pager,
        empty=Words("没有。", "None."),
        empty_hint=Words("新版本在这一项上没有变化。", "The new version changes nothing here."),
    )


def _cells(key: str, line: dict[str, Any]) -> tuple[Any, ...]:
    base = (
        f"{line['number']} {line['heading']}",
        line["units"],
        elements.printed_day(line["due_on"]) or line["deadline_words"] or "",
    )
    if key != "changed":
        return base
    after = line["after"]
    what = Words("、".join(WHAT[w].zh for w in line["what"]), ", ".join(WHAT[w].en for w in line["what"]))
    result = (
        Words("旧任务终止，新任务交办", "ends; a new task begins")
        if line["renews"]
        else Words("任务照旧，文字更新", "goes on with new words")
    )
    return (*base, what, after["units"], elements.printed_day(after["due_on"]) or after["deadline_words"] or "", result)


@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """Show the changes of version of the county, newest first, with what may be taken back."""
    if (stopped := asking.barred(request, VERSION_CHANGE)) is not None:
        return stopped
    call = call_of(request, "look")
    rows = []
    for change in queries.changes(asking.actor_of(request))[:50]:
        counts = {k: len(change.impact[k]) for k in ("added", "changed", "removed")}
        rows.append(
            {
                "change": change,
                "counts": counts,
                "outcome": acts.undo_version.check(call, change),
                "url": reverse("gazette-undo-version", args=[change.pk]),
            }
        )
    shown = {
        "title": Words("换版记录", "Changes of version"),
        "rows": rows,
        "undo": acts.undo_version.words,
        "none_words": Words("还没有换过版本。", "No version has been changed."),
        "none_how": Words("导入更正或新版本后会列在这里。", "Corrections and new versions are listed here."),
    }
    return render(request, "gazette/desk_changes.html", shown)


@require_http_methods(["POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one change back."""
    if (stopped := asking.barred(request, VERSION_CHANGE)) is not None:
        return stopped
    result = acts.undo_version(call_of(request, asking.request_id_of(request)), change=pk)
    if isinstance(result.outcome, Granted):
        asking.tell(request, Words("换版已撤回。", "The version was taken back."))
        return asking.see_other(reverse("gazette-changes"))
    reason = result.outcome.reasons[0]
    status = 403 if reason.code == "role_may_not" else 409
    raise Problem("change", reason.words, reason.remedy or reason.words, status=status)


@require_GET
def plan_conflicts(request: HttpRequest) -> HttpResponse:
    """Show the conflicts of the county's plans."""
    if (stopped := asking.barred(request, VERSION_CHANGE)) is not None:
        return stopped
    county_id = asking.actor_of(request).county_id
    found, rows, limit = queries.plan_conflicts(county_id, asking.today_of(request))
    kind = request.GET.get("kind", "")
    chosen = [c for c in found if not kind or c.kind == kind]
    tabs = [{"words": Words("全部", "All"), "url": "?", "here": not kind, "count": len(found)}]
    tabs += [
        {"words": words, "url": f"?kind={code}", "here": kind == code, "count": sum(c.kind == code for c in found)}
        for code, words in conflicts.KINDS.items()
    ]
    shown = {
        "title": Words("方案冲突", "Conflicts of plans"),
        "tabs": tabs,
        "tabs_label": Words("种类", "Kinds"),
        "limit": limit,
        "ledger": _conflict_ledger(chosen, rows),
    }
    return render(request, "gazette/desk_conflicts.html", shown)


def _conflict_ledger(found: list[conflicts.Conflict], rows: dict[str, conflicts.Row]) -> Ledger:
    listed = []
    for i, conflict in enumerate(found[:SHOWN]):
        first = rows[conflict.rows[0]]
        named = "；".join(rows[key].heading for key in conflict.rows[:3]) + (
            f"等{len(conflict.rows)}项" if len(conflict.rows) > 3 else ""
        )
        href = (
            f"/tasks/{first.key.removeprefix('task:')}"
            if first.key.startswith("task:") and len(conflict.rows) == 1
            else ""
        )
        listed.append(
            Row(
                str(i),
                (
                    conflicts.KINDS[conflict.kind],
                    named,
                    conflict.unit or "、".join(first.units[:4]),
                    _when(conflict, first),
                    first.plan,
                    conflict.words,
                ),
                href,
            )
        )
    more = len(found) - len(listed)
    return Ledger(
        "conflicts",
        Words("冲突", "Conflicts"),
        (
            Column("kind", Words("冲突", "Conflict")),
            Column("what", Words("任务", "Tasks")),
            Column("unit", Words("单位", "Units")),
            Column("when", Words("时间", "When")),
            Column("plan", Words("方案", "Plan")),
            Column("words", Words("指标", "Figure")),
        ),
        tuple(listed),
        pager=Pager(Words(f"另有{more}项，请按种类查看", f"{more} more; choose a kind")) if more > 0 else None,
        empty=Words("没有发现冲突。", "No conflict was found."),
        empty_hint=Words("方案有变时会重新检查。", "Checked anew whenever a plan changes."),
    )


def _when(conflict: conflicts.Conflict, first: conflicts.Row) -> Any:
    if conflict.week is not None:
        last = conflict.week + dt.timedelta(days=6)
        return Words(f"{conflict.week}至{last}", f"{conflict.week} to {last}")
    return first.due_on
