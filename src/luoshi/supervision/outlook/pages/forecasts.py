"""What will probably be late, on which past cases each forecast rests, and how right earlier ones were."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.duties.models import Duty
from luoshi.office.ledger import Cell, Column, Ledger, Pager, Row
from luoshi.supervision.outlook import values
from luoshi.supervision.outlook.forecast import Count
from luoshi.supervision.outlook.models import Forecast, ForecastRun
from luoshi.supervision.outlook.queries import forecasts
from luoshi.supervision.outlook.queries.forecasts import BANDS, Accuracy, Score
from luoshi.supervision.outlook.readables import FORECAST
from luoshi.supervision.pages import asking
from luoshi.supervision.readables import DUTY

rail.add("supervision", "forecasts", Words("逾期预测", "Forecast"), reads="forecast", order=7)
SHOWN_CASES = 60
SINCE = dt.timedelta(days=365)
KINDS = {"once": Words("一次性", "done once"), "recurring": Words("定期", "recurring")}
OUTCOMES = {
    "": Words("尚未到期", "not due yet"), "late": Words("后来逾期了", "it was late"),
    "in_time": Words("后来按期办结", "it was in time"),
    "void": Words("不计（中止、撤销或改期）", "void: stopped, withdrawn or moved"),
}  # fmt: skip


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """List the duties with a forecast, the likeliest to be late first."""
    if (stopped := asking.barred(request, FORECAST)) is not None:
        return stopped
    actor, today = asking.actor_of(request), asking.today_of(request)
    unit_id = asking.whole("unit", request.GET.get("unit"))
    rows, after = forecasts.page(actor, unit_id, request.GET.get("after", ""))
    whole = forecasts.current(actor, unit_id)
    called, unknown = whole.filter(called_late=True).count(), whole.filter(probability__isnull=True).count()
    run = ForecastRun.objects.filter(county_id=actor.county_id).order_by("-made_on").first()
    kept = f"&unit={unit_id}" if unit_id is not None else ""
    shown = {
        "title": Words("逾期预测", "What will probably be late"),
        "ledger": _ledger(rows, f"?after={after}{kept}" if after else ""),
        "called": called,
        "unknown": unknown,
        "run": run,
        "scheme": values.forecast_on(today),
        "percent": round(values.forecast_on(today).call_from * 100),
        "accuracy_url": reverse("forecast-accuracy"),
    }
    return render(request, "supervision/outlook/forecasts.html", shown)


def _ledger(rows: list[Forecast], older: str) -> Ledger:
    columns = (
        Column("title", Words("事项", "What is due")), Column("unit", Words("单位", "Unit")),
        Column("due", Words("期限", "Due"), "day"), Column("likely", Words("可能逾期", "Likely late")),
        Column("left", Words("预测时剩工作日", "Days left then"), "figure"),
        Column("unit_past", Words("本单位过去", "The unit's past")),
        Column("county_past", Words("全县过去", "The county's past")),
        Column("made", Words("预测日", "Made on"), "day"),
    )  # fmt: skip
    return Ledger(
        "forecasts", Words("按可能性从高到低", "Likeliest first"), columns, tuple(_row(row) for row in rows),
        pager=Pager(Words(f"本页{len(rows)}项", f"{len(rows)} on this page"), older_url=older),
        empty=Words("没有预测。", "There is no forecast."),
        empty_hint=Words("每天夜里为临近期限的事项预测一次；过去的事例不够时不预测。",
                         "Forecasts are made each night for what is due soon, where the past suffices."),
    )  # fmt: skip


def _row(row: Forecast) -> Row:
    cells: tuple[Cell, ...] = (
        row.duty.words, row.unit.words, row.due_on, _likely(row), row.days_left,
        _of(row.unit_late, row.unit_cases), _of(row.county_late, row.county_cases), row.made_on,
    )  # fmt: skip
    return Row(str(row.pk), cells, href=reverse("forecast", args=[row.pk]))


def _likely(row: Forecast) -> Words:
    assert row.probability is not None, "the list leaves out what is unknown"
    share = percent(row.probability)
    return Words(f"▲ {share} 很可能", f"▲ {share} likely") if row.called_late else Words(share, share)


def _of(late: int, cases: int) -> Words:
    return Words(f"{cases}件中{late}件逾期", f"{late} of {cases} late") if cases else Words("没有同类", "none alike")


def percent(share: float | None) -> str:
    """Return a share as whole percent."""
    return "" if share is None else f"{share * 100:.0f}%"


@require_safe
def one(request: HttpRequest, forecast_id: int) -> HttpResponse:
    """Show one forecast with its arithmetic, and the unit's past cases it rests on."""
    if (stopped := asking.barred(request, FORECAST)) is not None:
        return stopped
    actor = asking.actor_of(request)
    rows = FORECAST.visible(actor, Forecast.objects.select_related("duty", "unit").filter(pk=forecast_id))
    row = rows.first()
    if row is None:
        raise Http404
    found, count = forecasts.cases_of(row, SHOWN_CASES)
    duties = DUTY.visible(actor, Duty.objects.filter(pk__in=[case.id for case in found])).in_bulk()
    shown = {
        "title": row.duty.words,
        "row": row,
        "kind": KINDS[row.kind],
        "outcome": OUTCOMES[row.outcome],
        "probability": percent(row.probability),
        "scheme": values.forecast_on(row.made_on),
        "mean": percent(Count(row.county_cases, row.county_late).mean),
        "sum": _sum(row),
        "duty_url": reverse("duty", args=[row.duty_id]),
        "cases": [_case(duties[case.id], case.late) for case in found if case.id in duties],
        "count": count,
        "earlier": list(Forecast.objects.filter(duty_id=row.duty_id).exclude(pk=row.pk).order_by("-made_on")[:20]),
        "trail": [{"words": Words("逾期预测", "Forecast"), "url": reverse("forecasts")}],
    }
    return render(request, "supervision/outlook/forecast.html", shown)


def _sum(row: Forecast) -> str:
    """Return the arithmetic, so that anybody can do it again."""
    if row.probability is None or not row.county_cases:
        return ""
    weight, mean = values.forecast_on(row.made_on).prior_weight, Count(row.county_cases, row.county_late).mean
    return (
        f"({row.unit_late} + {weight:g} × {mean:.3f}) ÷ ({row.unit_cases} + {weight:g}) = {row.probability:.3f}"
    )  # fmt: skip


def _case(duty: Duty, late: bool) -> dict[str, Any]:
    return {"duty": duty, "url": reverse("duty", args=[duty.pk]), "standing": "overdue" if late else "done"}


@require_safe
def accuracy(request: HttpRequest) -> HttpResponse:
    """Show how right the forecasts of the past year were, worked out from their records."""
    if (stopped := asking.barred(request, FORECAST)) is not None:
        return stopped
    today = asking.today_of(request)
    found = forecasts.accuracy(asking.actor_of(request), today - SINCE)
    better = None
    if found.whole.brier is not None and found.whole.base_brier:
        better = 1 - found.whole.brier / found.whole.base_brier
    shown = {
        "title": Words("预测准不准", "How right the forecasts were"),
        "whole": found.whole,
        "hits": percent(found.whole.hits),
        "found": percent(found.whole.found),
        "brier": _figure(found.whole.brier),
        "base": _figure(found.whole.base_brier),
        "better": percent(better) if better is not None else "",
        "worse": better is not None and better < 0,
        "bands": _bands(found),
        "marks": _scores("marks", Words("提前多久", "How far ahead"), [
            (Words(f"剩{mark}个工作日", f"{mark} working days"), found.marks[mark])
            for mark in sorted(found.marks, reverse=True)
        ]),
        "units": _scores("units", Words("单位", "Unit"), sorted(
            ((found.names[pk], score) for pk, score in found.units.items()), key=lambda pair: -pair[1].n
        )),
        "open": found.open, "void": found.void, "unknown": found.unknown, "since": today - SINCE,
        "trail": [{"words": Words("逾期预测", "Forecast"), "url": reverse("forecasts")}],
    }  # fmt: skip
    return render(request, "supervision/outlook/accuracy.html", shown)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _bands(found: Accuracy) -> Ledger:
    columns = (
        Column("band", Words("预测的可能性", "Forecast")), Column("n", Words("预测数", "Forecasts"), "figure"),
        Column("said", Words("平均预测", "Mean forecast")), Column("came", Words("实际逾期", "Late in fact")),
        Column("late", Words("逾期数", "Late"), "figure"),
    )  # fmt: skip
    rows = []
    for band in sorted(found.bands):
        score = found.bands[band]
        low, high = band * 100 // BANDS, (band + 1) * 100 // BANDS
        cells: tuple[Cell, ...] = (
            Words(f"{low}%至{high}%", f"{low} to {high}%"), score.n, percent(score.likelihood / score.n),
            percent(score.late / score.n), score.late,
        )  # fmt: skip
        rows.append(Row(str(band), cells))
    return Ledger(
        "bands", Words("说的和来的：每一档应当接近", "Said and came: each band should be close"), columns, tuple(rows),
        empty=Words("还没有见结果的预测。", "No forecast has its outcome yet."),
        empty_hint=Words("预测的期限过后，这里会自动出现结果。", "Outcomes appear here once the days have passed."),
    )  # fmt: skip


def _scores(key: str, head: Words, scores: list[tuple[Words, Score]]) -> Ledger:
    columns = (
        Column("head", head), Column("n", Words("预测数", "Forecasts"), "figure"),
        Column("late", Words("实际逾期", "Late in fact"), "figure"),
        Column("called", Words("称很可能逾期", "Called likely late"), "figure"),
        Column("hits", Words("其中真逾期", "Of these late")),
        Column("found", Words("逾期中事先称过", "Of the late, called")),
        Column("brier", Words("布赖尔分", "Brier score")), Column("base", Words("只报基准率", "Base rate alone")),
    )  # fmt: skip
    rows = tuple(Row(str(n), (words, *_cells(score))) for n, (words, score) in enumerate(scores))
    return Ledger(key, head, columns, rows, empty=Words("还没有结果。", "No outcome yet."), empty_hint=Words("", ""))


def _cells(score: Score) -> tuple[Cell, ...]:
    return (
        score.n, score.late, score.called, percent(score.hits), percent(score.found), _figure(score.brier),
        _figure(score.base_brier),
    )  # fmt: skip
