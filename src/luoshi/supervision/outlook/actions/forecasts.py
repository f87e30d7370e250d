"""The night's forecasts: what became of earlier ones is written down, then what the past says of what is due soon."""

import datetime as dt
from typing import Annotated

from django.db.models import F, Q

from luoshi.core.calendar import default_calendar
from luoshi.core.outcome import refuse
from luoshi.core.words import Words
from luoshi.office.access import Where
from luoshi.office.actions import Call, Decision, Done, Inputs, action
from luoshi.office.people.models import County
from luoshi.supervision.actions.inputs import told
from luoshi.supervision.outlook import forecast, values
from luoshi.supervision.outlook.models import Forecast, ForecastRun
from luoshi.supervision.outlook.queries import cases

BATCH = 1_000


class RecordInputs(Inputs):
    """For which day; a day is forecast once."""

    on: Annotated[dt.date, told("日期", "Day")]


def _load(call: Call, inputs: RecordInputs) -> County:
    return County.objects.select_for_update().get(pk=call.actor.county_id)


@action(
    "forecast.record", Words("记录预测", "Record the forecasts"), subject="county", grants={"system": "county"},
    inputs=RecordInputs, load=_load, where=lambda county: Where(county.pk),
)  # fmt: skip
def record_forecasts(call: Call, county: County, inputs: RecordInputs) -> Decision:
    """Settle earlier forecasts and write this night's, each duty once for every mark of days left that it reaches."""
    day = inputs.on
    if ForecastRun.objects.filter(county=county, made_on=day).exists():
        return refuse("forecast_made", f"{day}的预测已经记录。", f"The forecasts of {day} are recorded already.")
    settled = _settle(county.pk, day)
    made, unknown = _forecast(county.pk, day)
    ForecastRun.objects.create(county=county, made_on=day, made=made, unknown=unknown, settled=settled)
    return Done(
        Words(
            f"记录{day}的预测{made}条，{unknown}条过去的事例不够；{settled}条见了结果。",
            f"Recorded {made} forecasts of {day}, {unknown} without enough past; {settled} earlier ones were settled.",
        ),
        values={"made": made, "unknown": unknown, "settled": settled},
        subject_id=county.pk,
    )


def _settle(county_id: int, day: dt.date) -> int:
    """Write the outcome of what is over; a day that moved, a stop or a withdrawal makes a forecast void."""
    waiting = Forecast.objects.filter(county_id=county_id, outcome="")
    moved = ~Q(duty__due_on=F("due_on")) | Q(duty__state__in=("cancelled", "suspended"))
    over = Q(duty__state="closed") | Q(duty__state="open", due_on__lt=day)
    rows = waiting.filter(moved | over).values_list("pk", "due_on", "duty__due_on", "duty__state", "duty__closed_on")
    ids: dict[str, list[int]] = {"void": [], "late": [], "in_time": []}
    for pk, due_on, now_due_on, state, closed_on in rows:
        if state in ("cancelled", "suspended") or now_due_on != due_on:
            ids["void"].append(pk)
        else:
            ids["late" if closed_on is None or closed_on > due_on else "in_time"].append(pk)
    for outcome, some in ids.items():
        for start in range(0, len(some), BATCH):
            found = Forecast.objects.filter(pk__in=some[start : start + BATCH])
            found.update(outcome=outcome, settled_on=day, current=False)
    return sum(map(len, ids.values()))


def _forecast(county_id: int, day: dt.date) -> tuple[int, int]:
    calendar, scheme = default_calendar(), values.forecast_on(day)
    standing = list(cases.standing(county_id, day, scheme, calendar))
    since = min((s.due_on for s in standing), default=day)
    had = set(Forecast.objects.filter(county_id=county_id, due_on__gte=since).values_list("duty_id", "due_on", "mark"))
    wanted = [
        (s, mark) for s in standing
        if (mark := forecast.mark_of(s.left, scheme.marks)) is not None and (s.duty_id, s.due_on, mark) not in had
    ]  # fmt: skip
    if not wanted:
        return 0, 0
    past = forecast.count(cases.past(county_id, day, scheme, calendar), {s.left for s, _ in wanted}, scheme)
    rows = [_row(county_id, day, s, mark, past) for s, mark in wanted]
    ids = [s.duty_id for s, _ in wanted]
    for start in range(0, len(ids), BATCH):
        Forecast.objects.filter(duty_id__in=ids[start : start + BATCH], current=True).update(current=False)
    Forecast.objects.bulk_create(rows, batch_size=500)
    unknown = sum(row.probability is None for row in rows)
    return len(rows) - unknown, unknown


def _row(county_id: int, day: dt.date, one: cases.Standing, mark: int, past: forecast.Past) -> Forecast:
    found = past.estimate(one.unit_id, one.kind, one.left, one.reported)
    return Forecast(
        county_id=county_id, duty_id=one.duty_id, unit_id=one.unit_id, made_on=day, due_on=one.due_on, mark=mark,
        days_left=one.left, kind=one.kind, reported=one.reported, split=found.split, probability=found.probability,
        called_late=found.called_late, unit_cases=found.unit.cases, unit_late=found.unit.late,
        county_cases=found.county.cases, county_late=found.county.late, base_rate=past.base_rate,
    )  # fmt: skip
