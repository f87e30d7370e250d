"""One form: its cells with their sources, what is asked and why, what may be done, its versions and its history."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luoshi.core.outcome import Granted, Outcome
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import Action, Call
from luoshi.office.people.acting import call_of
from luoshi.supervision.pages import asking
from luoshi.supervision.pages.answers import not_yours
from luoshi.supervision.queries import timeline
from luoshi.supervision.queries.ledger import near_limit
from luoshi.supervision.reporting import actions, filling, forms, queries
from luoshi.supervision.reporting.models import Filing, FilingVersion
from luoshi.supervision.reporting.pages import shown
from luoshi.supervision.reporting.readables import FILING
from luoshi.supervision.reporting.sheet import Filled, Sheet, thaw

VERBS: dict[str, Action[Any, Any]] = {
    "confirm": actions.confirm,
    "submit": actions.submit,
    "reopen": actions.reopen,
    "receive": actions.receive,
    "send-back": actions.send_back,
    "uncorrect": actions.uncorrect,
}
OFFERED = ("confirm", "submit", "reopen", "receive", "send-back")
MAIN = ("submit", "receive")
STATES = {
    "confirm": ("drafting", "sent_back"), "submit": ("confirmed",), "reopen": ("confirmed",),
    "receive": ("submitted",), "send-back": ("submitted",),
}  # fmt: skip
NEXT = {
    "drafting": Words("填好要填的格，确认", "Fill in what is asked, confirm"),
    "sent_back": Words("按退回理由修改，再确认", "Mend it as asked, confirm again"),
    "confirmed": Words("报送", "Send"),
    "submitted": Words("接收或退回", "Take in or send back"),
}
FATES = {
    "confirmed": Words("已确认", "confirmed"), "withdrawn": Words("已撤回", "taken back"),
    "submitted": Words("已报送", "sent"), "received": Words("已接收", "taken in"),
    "sent_back": Words("已退回", "sent back"),
}  # fmt: skip


@require_safe
def page(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Show one form, or an earlier version of it (``?version=``)."""
    if (stopped := asking.barred(request, FILING)) is not None:
        return stopped
    filing = queries.one(asking.actor_of(request), filing_id)
    if filing is None:
        raise Http404
    return shown_page(request, filing)


def shown_page(
    request: HttpRequest, filing: Filing, *, typed: dict[str, str] | None = None, problem: Problem | None = None,
    outcome: Outcome | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """Return the page of a form; after a fault with what was typed, the problem or the reasons."""
    moment: Any = request
    version = _version(request, filing)
    sheet = thaw(version.sheet) if version is not None else filling.sheet_of(filing, moment.now)
    call = call_of(request, "look")
    editable = version is None and filing.state in filling.DRAFTS and bool(actions.answer.check(call, filing))
    blocks = [_block(b, typed or {}, problem) for b in sheet.blocks]
    context = _head(request, filing, sheet) | {
        "filing": filing, "version": version, "editable": editable, "problem": problem,
        "reasons": outcome.reasons if outcome is not None else (),
        "blocks": blocks, "to_fill": _to_fill(blocks),
        "clauses": sheet.clauses,
        "acts": _acts(call, filing) if version is None else [],
        "corrected": [c for c in sheet.cells() if c.origin == "corrected"],
        "versions": _versions(filing),
        "entries": timeline.told(filing.county_id, [("filing", filing.pk)]),
        "papers": [] if filing.state in filling.DRAFTS and version is None else _papers(filing, version),
        "filled_words": shown.filled_words(shown.of_sheet(sheet)),
    }  # fmt: skip
    return render(request, "reporting/filing.html", context, status=status)


def _version(request: HttpRequest, filing: Filing) -> FilingVersion | None:
    number = asking.whole("version", request.GET.get("version"))
    if number is None:
        return None
    found = FilingVersion.objects.filter(filing=filing, number=number).first()
    if found is None:
        raise Http404
    return found


def _head(request: HttpRequest, filing: Filing, sheet: Sheet) -> dict[str, Any]:
    today = asking.today_of(request)
    by = filing.recipient.words if filing.state == "submitted" else filing.unit.words
    state = shown.standing(filing, today, near_limit(today))
    return {
        "title": shown.title(filing),
        "kind": filing.round.plan.words,
        "state": state,
        "state_text": shown.state_of(filing) if filing.state != "drafting" else None,
        "since": filing.submitted_on or filing.round.opened_on,
        "next": NEXT.get(filing.state),
        "next_by": by if filing.state in NEXT else None,
        "next_on": shown.due_of(filing) if filing.state in queries.TO_DO else None,
        "today": today,
        "more": shown.pairs(
            (Words("报送单位", "Sender"), filing.unit.words), (Words("报给", "Sent to"), filing.recipient.words),
            (Words("统计期间", "Period"), shown.period(filing.round)),
        ),
        "trail": [{"words": Words("我的报表", "My forms"), "url": reverse("filings")}],
    }  # fmt: skip


def _block(block: Any, typed: dict[str, str], problem: Problem | None) -> dict[str, Any]:
    rows = [{"id": r.id, "label": r.label, "cells": [_cell(c, typed, problem) for c in r.cells]} for r in block.rows]
    asked = any(c["asked"] for r in rows for c in r["cells"])
    return {
        "code": block.code, "heading": block.heading, "of": block.of, "columns": block.columns, "rows": rows,
        "asked": asked,
    }  # fmt: skip


def _cell(cell: Filled, typed: dict[str, str], problem: Problem | None) -> dict[str, Any]:
    question = forms.questions().get(cell.question)
    value = cell.value["zh"] if isinstance(cell.value, dict) else "" if cell.value is None else str(cell.value)
    fault = problem if problem is not None and problem.place == f"answers.{cell.key}" else None
    return {
        "cell": cell,
        "asked": question is not None,
        "open": question is not None and cell.origin in ("missing", "asked"),
        "name": f"a.{cell.key}",
        "value": typed.get(cell.key, value if question is not None else ""),
        "kind": question.kind if question is not None else "",
        "choices": question.choices if question is not None else (),
        "measure": cell.measure,
        "valid_days": question.valid_days if question is not None else 0,
        "fault": fault,
        "sources": [{"words": Words(**s["words"]), "records": s["records"], "href": s["href"]} for s in cell.sources],
        "answered_on": _day(cell.answered_on), "until": _day(cell.until),
        "may_be_given": cell.can_be_corrected and not cell.waits,
        "href": cell.sources[0]["href"] if cell.sources else "",
    }  # fmt: skip


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _to_fill(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return where what is asked stands, so that a long form is filled without looking for it."""
    found = []
    for block in blocks:
        for row in block["rows"]:
            for one in row["cells"]:
                if one["asked"] and one["cell"].origin == "missing":
                    words, label = one["cell"].words, row["label"]
                    named = Words(f"{label.zh}·{words.zh}", f"{label.en}, {words.en}") if block["of"] else words
                    found.append({"name": one["name"], "words": named})
    return found


def _acts(call: Call, filing: Filing) -> list[dict[str, Any]]:
    """Return the acts of this moment, those within the actor's reach only; an act outside its state is not shown."""
    found = []
    for verb in OFFERED:
        action = VERBS[verb]
        if filing.state not in STATES[verb]:
            continue
        outcome = action.check(call, filing)
        if not_yours(outcome):
            continue
        if verb == "confirm":
            outcome = actions.sending.can_confirm(call, filing)
        found.append({
            "words": action.words, "outcome": outcome, "url": reverse("filing-act", args=[filing.pk, verb]),
            "post": verb != "send-back",
            "primary": isinstance(outcome, Granted) and (verb in MAIN or verb == "confirm"),
        })  # fmt: skip
    return found


def _versions(filing: Filing) -> list[dict[str, Any]]:
    rows = FilingVersion.objects.filter(filing=filing).select_related("confirmed_by").order_by("-number")
    return [
        {
            "number": v.number, "as_of": v.as_of, "fate": FATES[v.fate], "reason": v.reason,
            "by": v.confirmed_by.display_name, "url": f"{reverse('filing', args=[filing.pk])}?version={v.number}",
        }
        for v in rows
    ]  # fmt: skip


def _papers(filing: Filing, version: FilingVersion | None) -> list[dict[str, str]]:
    more = f"?version={version.number}" if version is not None else ""
    return [
        {"kind": kind, "url": reverse("filing-paper", args=[filing.pk, kind]) + more}
        for kind in ("docx", "pdf", "xlsx")
    ]
