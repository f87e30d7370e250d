"""The page of one contest, and deciding it."""

import datetime as dt
import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.core.words import Words
from luoshi.office.actions import Action
from luoshi.office.evidence.models import Attachment
from luoshi.office.fields import Field, Option
from luoshi.office.people.acting import call_of
from luoshi.supervision.pages import asking, parts
from luoshi.supervision.queries import timeline
from luoshi.supervision.scores import actions
from luoshi.supervision.scores.difference import granted
from luoshi.supervision.scores.facts import CORRECTIONS, DutyFact
from luoshi.supervision.scores.models import Contest
from luoshi.supervision.scores.pages import shown
from luoshi.supervision.scores.pages.answering import Asked, answer
from luoshi.supervision.scores.pages.scorings import CONTEST_STATES
from luoshi.supervision.scores.readables import CONTEST

VERBS: dict[str, Action[Any, Any]] = {"uphold": actions.uphold, "reject": actions.reject}


def _found(request: HttpRequest, contest_id: int) -> Contest:
    rows = CONTEST.visible(asking.actor_of(request), Contest.objects.all())
    one = rows.select_related("scoresheet__scoring__plan", "scoresheet__unit", "filed_by", "decided_by")
    row = one.filter(pk=contest_id).first()
    if row is None:
        raise Http404
    return row


@require_safe
def page(request: HttpRequest, contest_id: int) -> HttpResponse:
    """Show one contest: the item as it was counted, the reason and evidence, the decision, what happened."""
    if (stopped := asking.barred(request, CONTEST)) is not None:
        return stopped
    row = _found(request, contest_id)
    files = Attachment.objects.filter(county_id=row.county_id, subject_kind="contest", subject_id=str(row.pk))
    line = next(x for x in json.loads(row.scoresheet.lines) if x["item"] == row.item)
    fact = next(f for f in json.loads(row.scoresheet.facts) if f["item"] == row.item)
    return render(
        request,
        "scores/contest.html",
        {
            "title": row.words,
            "contest": row,
            "state": CONTEST_STATES[row.state],
            "unit": row.scoresheet.unit.words,
            "result": shown.result(line),
            "excused": shown.excused(line),
            "files": [parts.file_seen(a) for a in files.select_related("file").order_by("pk")],
            "correction": granted(row.correction) if row.correction else None,
            "days": [_day(fact.get("due_on")), _day(line["done_on"])],
            "acts": _acts(request, row),
            "entries": timeline.told(row.county_id, [("contest", row.pk)]),
            "trail": _trail(row),
        },
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _trail(row: Contest) -> list[dict[str, Any]]:
    back = reverse("scoresheet", args=[row.scoresheet_id])
    return [*shown.trail(row.scoresheet.scoring), {"words": row.scoresheet.unit.words, "url": back}]


def _acts(request: HttpRequest, row: Contest) -> list[dict[str, Any]]:
    call = call_of(request, "look")
    return [
        {
            "words": act.words,
            "outcome": act.check(call, row),
            "url": reverse("contest-act", args=[row.pk, verb]),
            "post": False,
            "primary": verb == "uphold",
        }
        for verb, act in VERBS.items()
        if asking.actor_of(request).role in act.grants and row.state == "filed"
    ]


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, contest_id: int, verb: str) -> HttpResponse:
    """Uphold with a correction, or reject."""
    if (stopped := asking.barred(request, CONTEST)) is not None:
        return stopped
    row = _found(request, contest_id)
    if verb not in VERBS:
        raise Http404
    said = Field(
        "answer",
        Words("答复", "Answer"),
        "textarea",
        rows=3,
        hint=Words("写明认定的事实和理由，申诉单位会看到。", "What was found and why; the unit reads it."),
    )
    fields = (*_correction(row), said) if verb == "uphold" else (said,)
    return answer(
        request,
        Asked(
            VERBS[verb],
            row,
            reverse("contest-act", args=[row.pk, verb]),
            {"contest_id": row.pk},
            fields,
            row.words,
            [*_trail(row), {"words": row.words, "url": reverse("contest", args=[row.pk])}],
            reverse("contest", args=[row.pk]),
        ),
    )


def _correction(row: Contest) -> tuple[Field, ...]:
    """Return the fields of a correction; targets and checks can only be left out."""
    fact = actions.contests.fact_of(row.scoresheet, row.item)
    whole = isinstance(fact, DutyFact)
    kinds = tuple(Option(k, w) for k, w in CORRECTIONS.items() if whole or k == "leave_out")
    kind = Field("kind", Words("怎样更正", "Correction"), "radio", "" if whole else "leave_out", options=kinds)
    if not isinstance(fact, DutyFact):
        return (kind,)
    returned = [r.number for r in fact.reports if r.decision == "returned"]
    days = Field(
        "days",
        Words("核减几个工作日", "Working days excused"),
        "number",
        required=False,
        inputmode="numeric",
        minimum="1",
        maximum="366",
        hint=Words("只在核减工作日时填写", "only where days are excused"),
    )
    on = Field(
        "on",
        Words("更正后的办结日", "Day it was done"),
        "date",
        required=False,
        hint=Words("只在更正办结日时填写", "only where the day is corrected"),
    )
    none = Option("", Words("（无）", "(none)"))
    report = Field(
        "report",
        Words("哪一次退回不计", "Which return"),
        "select",
        required=False,
        options=(none, *(Option(str(n), Words(f"第{n}次报告", f"Report {n}")) for n in returned)),
    )
    return (kind, days, on, *((report,) if returned else ()))
