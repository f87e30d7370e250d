"""Past duties as cases a forecast rests on, and the open ones that await a forecast."""

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from luoshi.core.calendar import Calendar
from luoshi.office.duties.models import Duty
from luoshi.office.duties.schedule import next_occurrence
from luoshi.supervision.models import Report
from luoshi.supervision.outlook.forecast import PastCase
from luoshi.supervision.outlook.values import ForecastValues

Reports = dict[int, list[dt.date]]


@dataclass(frozen=True, slots=True)
class Standing:
    """An open duty as it stands this night."""

    duty_id: int
    unit_id: int
    kind: str
    due_on: dt.date
    left: int
    reported: bool


def past(
    county_id: int, day: dt.date, values: ForecastValues, calendar: Calendar, unit_id: int | None = None
) -> Iterator[PastCase]:
    """Yield the duties of shares whose day had passed before a day, as cases known then.

    What was finished early but is due later is left out, because its like that is not finished is not known yet. An
    extended duty counts by its last day; what was cancelled or stands still is no case.
    """
    since = day - dt.timedelta(days=values.past_days)
    rows = Duty.objects.filter(
        county_id=county_id, subject_kind="assignment", state__in=("open", "closed"), due_on__gte=since, due_on__lt=day
    )
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    found = list(
        rows.order_by("pk").values_list(
            "pk", "unit_id", "subject_id", "opened_on", "due_on", "closed_on", "task__every"
        )
    )
    reports = reports_of(county_id, since, unit_id)
    for pk, unit, subject, opened_on, due_on, closed_on, every in found:
        assert due_on is not None, "only what has a day is asked for"
        ended = closed_on if closed_on is not None and closed_on < day else None
        reported = _first(reports.get(int(subject), []), opened_on, ended or day)
        yield PastCase(
            pk, unit, kind_of(every),
            calendar.working_days_between(opened_on, due_on),
            None if ended is None else _left(ended, due_on, calendar),
            None if reported is None else _left(reported, due_on, calendar),
        )  # fmt: skip


def standing(county_id: int, day: dt.date, values: ForecastValues, calendar: Calendar) -> Iterator[Standing]:
    """Yield the open duties of shares that are due within the first mark, from today on."""
    last = calendar.add_working_days(day, values.marks[0])
    rows = Duty.objects.filter(
        county_id=county_id, subject_kind="assignment", state="open", due_on__gte=day, due_on__lte=last
    )
    found = list(rows.order_by("pk").values_list("pk", "unit_id", "subject_id", "opened_on", "due_on", "task__every"))
    if not found:
        return
    reports = reports_of(county_id, min(row[3] for row in found))
    for pk, unit, subject, opened_on, due_on, every in found:
        assert due_on is not None, "only what has a day is asked for"
        reported = _first(reports.get(int(subject), []), opened_on, day) is not None
        yield Standing(pk, unit, kind_of(every), due_on, calendar.working_days_between(day, due_on), reported)


def kind_of(every: object) -> str:
    """Return ``recurring`` for work that comes round, else ``once``."""
    return "recurring" if isinstance(every, dict) and next_occurrence(every, dt.date(2000, 1, 1)) else "once"


def reports_of(county_id: int, since: dt.date, unit_id: int | None = None) -> Reports:
    """Return the days on which shares (one unit's, or all) were reported on, in order."""
    rows = Report.objects.filter(county_id=county_id, reported_on__gte=since)
    if unit_id is not None:
        rows = rows.filter(assignment__unit_id=unit_id)
    found: Reports = defaultdict(list)
    for share, day in rows.order_by("reported_on").values_list("assignment_id", "reported_on"):
        found[share].append(day)
    return found


def _first(days: list[dt.date], since: dt.date, until: dt.date) -> dt.date | None:
    place = bisect_left(days, since)
    return days[place] if place < len(days) and days[place] <= until else None


def _left(day: dt.date, due_on: dt.date, calendar: Calendar) -> int:
    """Return the working days left; a day after the due day is below 0 even if no office worked in between."""
    if day <= due_on:
        return calendar.working_days_between(day, due_on)
    return min(-1, calendar.working_days_between(day, due_on))
