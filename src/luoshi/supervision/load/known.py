"""What the house knows already, so that it need not be asked: requests for the same thing, answers, fresh reports."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from luoshi.core.words import Words
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.indicators.registry import INDICATORS, Asked, Figure
from luoshi.office.people.models import Unit
from luoshi.supervision.load import meter, scheme
from luoshi.supervision.load.models import AskedUnit
from luoshi.supervision.models import Report

FIGURES = ("count", "percent", "amount")
SHOWN_UNITS = 8


@dataclass(frozen=True, slots=True)
class Held:
    """Something the house holds of a unit: what, as of when, and the share, request or page it stands with."""

    unit: Words
    what: Words
    on: dt.date
    ask_id: int | None = None
    duty_id: int | None = None
    href: str = ""


def asked_already(county_id: int, unit_ids: Collection[int], title: str, today: dt.date) -> dict[int, AskedUnit]:
    """Return, by unit, the latest request for the same thing that still waits or was answered within the fresh days."""
    found = scheme.on(today)
    since = today - dt.timedelta(days=found.fresh_days)
    rows = AskedUnit.objects.select_related("ask", "unit").filter(
        Q(answered_on__isnull=True) | Q(answered_on__gte=since), county_id=county_id, unit_id__in=unit_ids,
        joined__isnull=True, ask__called_off_on__isnull=True, ask__due_on__gte=since,
    )  # fmt: skip
    same: dict[int, AskedUnit] = {}
    for row in rows.order_by("pk"):
        if meter.same_thing(row.ask.title, title, found.same_share):
            same[row.unit_id] = row
    return same


def held(county_id: int, unit_ids: Collection[int], task_id: int | None, title: str, today: dt.date) -> list[Held]:
    """Return what the house holds that is fresh: answers to the same question, and reports on the named task."""
    found: list[Held] = []
    for row in asked_already(county_id, unit_ids, title, today).values():
        if row.answered_on is not None:
            what = Words(f"对“{row.ask.title}”的答复", f"answer to “{row.ask.title}”")
            found.append(Held(row.unit.words, what, row.answered_on, ask_id=row.ask_id))
    if task_id is None:
        return found
    since = today - dt.timedelta(days=scheme.on(today).fresh_days)
    reports = Report.objects.select_related("assignment__unit").filter(
        county_id=county_id, assignment__task_id=task_id, assignment__unit_id__in=unit_ids, reported_on__gte=since
    )
    latest = {report.assignment.unit_id: report for report in reports.order_by("pk")}
    for report in latest.values():
        what = Words(
            f"第{report.number}次报告，完成{report.percent}%", f"report {report.number}, {report.percent}% done"
        )
        found.append(Held(report.assignment.unit.words, what, report.reported_on, duty_id=report.assignment.duty_id))
    return found


def computed(county_id: int, unit_ids: Collection[int], title: str, now: dt.datetime) -> list[Held]:
    """Return figures that the house works out by itself and that a request's title speaks of, for the first units."""
    today = now.astimezone(COUNTY_ZONE).date()
    meant = [
        i for i in INDICATORS.values()
        if i.kind in FIGURES and meter.mentions(title, i.words.zh, scheme.on(today).mention_share)
    ]  # fmt: skip
    found = []
    for unit in Unit.objects.filter(pk__in=unit_ids).order_by("pk")[:SHOWN_UNITS] if meant else ():
        asked = Asked(county_id, unit.pk, today.replace(month=1, day=1), today, now)
        for indicator in meant:
            figure = indicator.compute(asked)
            if isinstance(figure, Figure):
                what = Words(
                    f"{indicator.words.zh}：{figure.value}{indicator.measure.zh}（系统计算，今年以来）",
                    f"{indicator.words.en}: {figure.value} {indicator.measure.en} (worked out, this year)",
                )
                found.append(Held(unit.words, what, today, href=figure.sources[0].href if figure.sources else ""))
    return found
