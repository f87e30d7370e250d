"""Counts by unit, plan, town and stage; every figure leads to the tasks it counts."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.access import Actor
from luoshi.office.ledger import Cell, Column, Ledger, Linked, Row
from luoshi.office.plans.models import Plan
from luoshi.supervision.outlook.queries import counts
from luoshi.supervision.outlook.queries.counts import Counts, StageLine
from luoshi.supervision.pages import asking
from luoshi.supervision.pages.choices import STANDING_WORDS, STATE_WORDS
from luoshi.supervision.readables import LEDGER

rail.add("supervision", "overview", Words("分类总览", "Overview"), reads="ledger", order=3)
KINDS = {
    "unit": (Words("按单位", "By unit"), Words("单位", "Unit")),
    "plan": (Words("按方案", "By plan"), Words("方案", "Plan")),
    "town": (Words("按镇", "By town"), Words("镇", "Town")),
    "stage": (Words("按阶段", "By stage"), Words("阶段", "Stage")),
}
SHAPES = {"overdue": "■ ", "near": "▲ ", "behind": "▲ ", "on_time": "● ", "suspended": "◆ "}
HEADS = {**STANDING_WORDS, **{code: words for code, words in STATE_WORDS.items() if code != "open"}}
STANDING = {
    "passed": Words("已过", "passed"),
    "current": Words("进行中", "now"),
    "coming": Words("未到", "to come"),
}


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Lead to the overview that suits the reader: by unit for the county, by plan for one unit."""
    if (stopped := asking.barred(request, LEDGER)) is not None:
        return stopped
    whole = LEDGER.grants.get(asking.actor_of(request).role) != "unit"
    return asking.see_other(reverse("overview-by", args=["unit" if whole else "plan"]))


@require_safe
def page(request: HttpRequest, by: str) -> HttpResponse:
    """Show the counts by one kind of thing."""
    if (stopped := asking.barred(request, LEDGER)) is not None:
        return stopped
    if by not in KINDS:
        raise Http404
    actor, today = asking.actor_of(request), asking.today_of(request)
    plans, plan = (_plans(request, actor)) if by == "stage" else ([], None)
    shown = {
        "title": Words("分类总览", "Overview"),
        "tabs": [
            {"words": words, "url": reverse("overview-by", args=[code]), "here": code == by, "count": ""}
            for code, (words, _) in KINDS.items()
            if code != "town" or LEDGER.grants.get(actor.role) != "unit"
        ],
        "plans": plans,
        "plan": plan,
        "ledger": _stages(actor, plan, request) if by == "stage" else _lines(by, actor, request),
        "today": today,
    }
    return render(request, "supervision/outlook/overview.html", shown)


def _plans(request: HttpRequest, actor: Actor) -> tuple[list[Plan], Plan | None]:
    plans = counts.staged_plans(actor.county_id)
    wanted = asking.whole("plan", request.GET.get("plan"))
    if wanted is not None and wanted not in {plan.pk for plan in plans}:
        raise Http404
    return plans, next((p for p in plans if wanted in (None, p.pk)), None)


def _columns(head: Words, *more: Column) -> tuple[Column, ...]:
    heads = [
        Column(code, Words(SHAPES.get(code, "") + words.zh, SHAPES.get(code, "") + words.en), "figure")
        for code, words in HEADS.items()
    ]
    return (Column("subject", head), *more, Column("total", Words("合计", "Total"), "figure"), *heads)


def _lines(by: str, actor: Actor, request: HttpRequest) -> Ledger:
    today = asking.today_of(request)
    found = {"unit": counts.by_unit, "plan": counts.by_plan, "town": counts.by_town}[by](actor, today)
    caption, head = KINDS[by]
    rows = tuple(
        Row(str(line.id), (line.words, *_cells(line.counts, {by: line.id})), href=_ledger({by: line.id}))
        for line in found
    )
    whole = sum((line.counts for line in found), Counts())
    # A task of several units or towns stands in the ledger of each, so only plans add up to the county.
    totals: tuple[Cell, ...] = (Words("合计", "Total"), *_cells(whole, {})) if by == "plan" else ()
    return Ledger(
        f"by-{by}", caption, _columns(head), rows, totals,
        empty=Words("没有任务。", "No tasks."), empty_hint=Words("方案确认后出现在这里。", "They come with a plan."),
    )  # fmt: skip


def _cells(found: Counts, given: dict[str, object]) -> tuple[Cell, ...]:
    cells: list[Cell] = [_linked(found.total, _ledger(given))]
    for code in HEADS:
        name = "standing" if code in STANDING_WORDS else "state"
        cells.append(_linked(getattr(found, code), _ledger({**given, name: code})))
    return tuple(cells)


def _ledger(given: dict[str, object]) -> str:
    return f"{reverse('tasks')}?{urlencode(given or {'view': 'all'})}"


def _linked(count: int, url: str) -> Cell:
    return Linked(count, url) if count else 0


def _stages(actor: Actor, plan: Plan | None, request: HttpRequest) -> Ledger:
    found = counts.by_stage(actor, plan, asking.today_of(request)) if plan is not None else []
    columns = _columns(
        Words("阶段", "Stage"), Column("standing", Words("进度", "Now")), Column("from", Words("起", "From"), "day"),
        Column("until", Words("止", "Until"), "day"),
    )  # fmt: skip
    return Ledger(
        "by-stage", Words("按阶段：期限落在阶段内的任务", "By stage: tasks due within it"), columns,
        _stage_rows(found, plan),
        empty=Words("没有分阶段的方案。", "No plan has stages."),
        empty_hint=Words("方案写明阶段的，会列在这里。", "Plans that name their stages are shown here."),
    )  # fmt: skip


def _stage_rows(found: Sequence[StageLine], plan: Plan | None) -> tuple[Row, ...]:
    rows = []
    for line in found:
        given: dict[str, Any] = {"plan": plan.pk if plan else "", "from": line.first or "", "until": line.last or ""}
        url = f"{reverse('gantt')}?{urlencode({k: v for k, v in given.items() if v})}"
        cells: list[Cell] = [_linked(line.counts.total, url)]
        for code in HEADS:
            name = "standing" if code in STANDING_WORDS else "state"
            cells.append(_linked(getattr(line.counts, code), f"{url}&{name}={code}"))
        words = Words(line.stage.name_zh, line.stage.name_en)
        rows.append(Row(line.stage.code, (words, STANDING[line.standing], line.first, line.last, *cells), href=url))
    return tuple(rows)
