"""A unit's own page: its score, how it came about, each counted item with its days and excuses, and contesting one."""

import datetime as dt
import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.core.words import Words
from luoshi.office.fields import Field
from luoshi.office.ledger import Column, Ledger, Linked, Pager, Row
from luoshi.office.people.acting import call_of
from luoshi.supervision.pages import asking
from luoshi.supervision.scores import actions, calculator
from luoshi.supervision.scores import scheme as schemes
from luoshi.supervision.scores.models import Contest, Scoresheet, Scoring
from luoshi.supervision.scores.pages import shown
from luoshi.supervision.scores.pages.answering import Asked, answer
from luoshi.supervision.scores.pages.scorings import CONTEST_STATES
from luoshi.supervision.scores.readables import SCORESHEET, sheets
from luoshi.supervision.scores.standing import UNCOUNTED, Standing

PAGE, MOST = 50, 5
TABS = {
    "lost": Words("失分项", "Points lost"),
    "counted": Words("计入", "Counted"),
    "silent": Words("不计", "Not counted"),
    "all": Words("全部", "All"),
}
LOST = ("done_late", "overdue_now", "target_missed", "check_faulty")


def found(request: HttpRequest, scoresheet_id: int) -> Scoresheet:
    """Return a sheet this actor may read, or 404."""
    rows = sheets(asking.actor_of(request)).select_related("scoring__plan", "unit__place")
    one = rows.filter(pk=scoresheet_id).first()
    if one is None:
        raise Http404
    return one


@require_safe
def page(request: HttpRequest, scoresheet_id: int) -> HttpResponse:
    """Show a sheet: score and place, components, what would change it, the items, contests, and how to recompute it."""
    if (stopped := asking.barred(request, SCORESHEET)) is not None:
        return stopped
    sheet = found(request, scoresheet_id)
    scoring, scheme = sheet.scoring, schemes.of(sheet.scoring.scheme)
    facts, lines = json.loads(sheet.facts), json.loads(sheet.lines)
    both = list(zip(facts, lines, strict=True))
    ranked = Scoresheet.objects.filter(scoring=scoring, group=sheet.group, place__isnull=False).count()
    may = actions.contest.check(call_of(request, "look"), sheet)
    return render(
        request,
        "scores/sheet.html",
        {
            "title": sheet.unit.words,
            "kind": shown.name(scoring),
            "sheet": sheet,
            "scoring": scoring,
            "state": shown.STATES[scoring.state],
            "figures": _figures(sheet, ranked, scheme.minimum_due),
            "parts": shown.components(scheme, sheet.result),
            "gains": _gains(sheet, both, scheme),
            "ledger": _ledger(request, sheet, both, bool(may)),
            "tabs": _tabs(request, both),
            "rules": shown.rules(scheme),
            "scheme": scheme,
            "until": shown.until(scoring.contest_until, asking.today_of(request)),
            "may": may,
            "own": asking.actor_of(request).role in actions.contest.grants,
            "contests": _contests(sheet),
            "earlier": _earlier(sheet),
            "trail": shown.trail(scoring),
            "guessed": shown.guessed(scoring),
        },
    )


def _figures(sheet: Scoresheet, ranked: int, least: int) -> list[dict[str, Any]]:
    counts = sheet.result["counts"]
    figures: list[dict[str, Any]] = [
        {
            "label": Words("得分", "Score"),
            "value": "—" if sheet.score is None else str(sheet.score),
            "state": "",
            "of": shown.place_of(sheet, ranked, least),
        },
        {"label": Words("应办", "Due"), "value": sheet.due, "state": "", "of": ""},
    ]
    for code, words, state in (
        ("done_on_time", Words("按期办结", "On time"), "done"),
        ("done_late", Words("逾期办结", "Done late"), "done_late"),
        ("overdue_now", Words("期末仍逾期", "Overdue"), "overdue"),
    ):
        figures.append({"label": words, "value": counts.get(code, 0), "state": state, "of": ""})
    returned = counts.get("report_returned", 0)
    return [*figures, {"label": Words("退回报告", "Returned"), "value": returned, "state": "", "of": ""}]


def _gains(sheet: Scoresheet, both: list[Any], scheme: schemes.Scheme) -> list[dict[str, Any]]:
    """Return the items that would raise the score most, had they been done on time."""
    standings = tuple(
        Standing(x["result"], x["late_days"], returned=x["returned"], approved=x["approved"]) for _, x in both
    )
    tally: Any = calculator.Counter()
    for one in standings:
        tally.update(calculator.results_of(one))
    base = calculator.of_tally(tally, scheme, standings)
    gains = []
    for (fact, line), one in zip(both, standings, strict=True):
        would = calculator.would_be(base, one, scheme)
        if would is not None and base.total is not None:
            gains.append(
                {
                    "words": Words(fact["zh"], fact["en"]),
                    "would": would,
                    "more": would - base.total,
                    "result": shown.result(line),
                    "item": line["item"],
                }
            )
    return sorted(gains, key=lambda g: (-g["more"], g["item"]))[:MOST]


def _group(line: dict[str, Any]) -> tuple[str, ...]:
    if line["result"] in UNCOUNTED:
        return ("silent", "all")
    lost = line["result"] in LOST or line["returned"]
    return ("lost", "counted", "all") if lost else ("counted", "all")


def _chosen(request: HttpRequest) -> str:
    chosen = request.GET.get("show", "counted")
    return chosen if chosen in TABS else "counted"


def _tabs(request: HttpRequest, both: list[Any]) -> list[dict[str, Any]]:
    counts = dict.fromkeys(TABS, 0)
    for _, line in both:
        for code in _group(line):
            counts[code] += 1
    here = _chosen(request)
    return [{"words": w, "url": f"?show={c}", "here": c == here, "count": counts[c]} for c, w in TABS.items()]


def _ledger(request: HttpRequest, sheet: Scoresheet, both: list[Any], may: bool) -> Ledger:
    tab, start = _chosen(request), asking.whole("from", request.GET.get("from")) or 0
    mine = [(f, x) for f, x in both if tab in _group(x)]
    held = dict(Contest.objects.filter(scoresheet=sheet).values_list("item", "pk"))
    columns = (
        Column("item", Words("事项", "Item")),
        Column("result", Words("结果", "Result"), "state"),
        Column("due", Words("期限", "Due"), "day"),
        Column("done", Words("办结日", "Done on"), "day"),
        Column("excused", Words("核减", "Excused")),
        Column("returned", Words("退回", "Returned"), "figure"),
        Column("contest", Words("申诉", "Contest")),
    )
    rows = tuple(_row(sheet, f, x, held.get(x["item"]), may) for f, x in mine[start : start + PAGE])
    last = min(start + PAGE, len(mine))
    said = Words(f"第{start + 1}至{last}项，共{len(mine)}项", f"{start + 1} to {last} of {len(mine)}")
    pager = Pager(
        said,
        newer_url=f"?show={tab}&from={max(0, start - PAGE)}" if start else "",
        older_url=f"?show={tab}&from={last}" if last < len(mine) else "",
    )
    return Ledger(
        "items",
        Words("逐项明细", "Item by item"),
        columns,
        rows,
        pager=pager if rows else None,
        empty=Words("这里没有事项。", "There is nothing here."),
        empty_hint=Words("请看其他分类。", "Look under the other headings."),
    )


def _row(sheet: Scoresheet, fact: dict[str, Any], line: dict[str, Any], contest: int | None, may: bool) -> Row:
    link: Any = ""
    if contest is not None:
        link = Linked(Words("查看申诉", "See contest"), reverse("contest", args=[contest]))
    elif may:
        link = Linked(Words("申诉", "Contest"), reverse("scoresheet-contest", args=[sheet.pk, line["item"]]))
    cells = (
        Words(fact["zh"], fact["en"]),
        shown.result(line),
        _day(fact.get("due_on")),
        _day(line["done_on"]),
        shown.excused(line),
        line["returned"] or "",
        link,
    )
    kind, _, number = line["item"].partition("-")
    url = (
        reverse("duty", args=[number])
        if kind == "duty"
        else reverse("task", args=[fact["task"]])
        if "task" in fact
        else ""
    )
    return Row(line["item"], cells, href=url)


def _day(text: str | None) -> Any:
    return dt.date.fromisoformat(text) if text else None


def _contests(sheet: Scoresheet) -> list[dict[str, Any]]:
    return [
        {"contest": c, "unit": c.words, "state": CONTEST_STATES[c.state], "url": reverse("contest", args=[c.pk])}
        for c in Contest.objects.filter(scoresheet=sheet).order_by("pk")
    ]


def _earlier(sheet: Scoresheet) -> Scoresheet | None:
    """Return the unit's sheet in the version before, None in the first."""
    before: Scoring | None = sheet.scoring.replaces
    return Scoresheet.objects.filter(scoring=before, unit_id=sheet.unit_id).first() if before is not None else None


@require_http_methods(["GET", "POST"])
def contest(request: HttpRequest, scoresheet_id: int, item: str) -> HttpResponse:
    """Contest one item with reason and evidence."""
    if (stopped := asking.barred(request, SCORESHEET)) is not None:
        return stopped
    sheet = found(request, scoresheet_id)
    fact = actions.contests.fact_of(sheet, item)
    if fact is None:
        raise Http404
    fields = (
        Field(
            "reason",
            Words("理由", "Reason"),
            "textarea",
            hint=Words("说明哪里有误、依据是什么。", "Say what is wrong, and on what ground."),
        ),
        Field(
            "files",
            Words("证据", "Evidence"),
            "file",
            required=False,
            multiple=True,
            hint=Words("照片、PDF、Word 或 Excel；可选多个。", "Photos, PDF, Word or Excel; several at once."),
        ),
    )
    back = reverse("scoresheet", args=[sheet.pk])
    trail = [*shown.trail(sheet.scoring), {"words": sheet.unit.words, "url": back}]
    return answer(
        request,
        Asked(
            actions.contest,
            sheet,
            reverse("scoresheet-contest", args=[sheet.pk, item]),
            {"scoresheet_id": sheet.pk, "item": item},
            fields,
            fact.words,
            trail,
            back,
            "/scores/contests/{contest}",
        ),
    )
