"""When time itself next changes a duty. Pure: days and a calendar in, moments out.

A duty is warned ``near_working_days`` before its day, is overdue from the day after it, and is escalated once
``escalate_working_days`` more have passed (DOMAIN 8: our default, a dated value the county may set).
"""

import calendar as months
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from luoshi.core.calendar import Calendar

ON_TIME, NEAR, OVERDUE, CHASED, ORDERED = range(5)


@dataclass(frozen=True, slots=True)
class Scheme:
    """How many working days before and after the due day something happens."""

    near_working_days: int = 7
    escalate_working_days: int = 5


def warn_on(due_on: dt.date, scheme: Scheme, calendar: Calendar) -> dt.date:
    """Return the first day on which at most ``near_working_days`` working days are left."""
    day, left = due_on, scheme.near_working_days
    while left:
        if calendar.is_working(day):
            left -= 1
        day -= dt.timedelta(days=1)
    while not calendar.is_working(day):
        day -= dt.timedelta(days=1)
    return day


def escalate_on(due_on: dt.date, scheme: Scheme, calendar: Calendar) -> dt.date:
    """Return the day on which an overdue duty goes to the supervisor."""
    return calendar.add_working_days(due_on, scheme.escalate_working_days)


def level_on(day: dt.date, due_on: dt.date | None, scheme: Scheme, calendar: Calendar) -> int:
    """Return the level a duty has reached on a day by time alone."""
    if due_on is None or day < warn_on(due_on, scheme, calendar):
        return ON_TIME
    if day <= due_on:
        return NEAR
    return CHASED if day >= escalate_on(due_on, scheme, calendar) else OVERDUE


def next_day(level: int, due_on: dt.date | None, scheme: Scheme, calendar: Calendar) -> dt.date | None:
    """Return the day on which the duty leaves its level, or None where time changes nothing more."""
    if due_on is None or level >= CHASED:
        return None
    if level == ON_TIME:
        return warn_on(due_on, scheme, calendar)
    if level == NEAR:
        return due_on + dt.timedelta(days=1)
    return escalate_on(due_on, scheme, calendar)


def midnight(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """Return the moment at which a county day begins."""
    return dt.datetime.combine(day, dt.time(), zone)


def next_occurrence(every: Mapping[str, Any], after: dt.date) -> dt.date | None:
    """Return the first day of a recurrence after a day.

    Forms: ``{"day_of_month": [1, 11, 21]}`` (a day a month lacks falls on its last day),
    ``{"month_end": true}``, ``{"quarter_end": true}``, ``{"year_end": true}``, ``{"days": 10}``,
    ``{"month_day": ["06-30", "12-31"]}`` (likewise), ``{"weekday": [1, 5]}`` (Monday is 1), ``{"years": 2}``.
    An unknown form, such as one the plan leaves open, recurs never.
    """
    if days := every.get("day_of_month"):
        return _day_of_month(sorted(int(d) for d in days), after)
    if every.get("month_end"):
        return _day_of_month([31], after)
    if every.get("quarter_end"):
        return _first_of([(3, 31), (6, 30), (9, 30), (12, 31)], after)
    if every.get("year_end"):
        return _first_of([(12, 31)], after)
    if step := every.get("days"):
        return after + dt.timedelta(days=int(step))
    if pairs := every.get("month_day"):
        return _first_of([(int(p[:2]), int(p[3:])) for p in pairs], after)
    if weekdays := every.get("weekday"):
        return after + dt.timedelta(days=min((int(d) - after.isoweekday() - 1) % 7 + 1 for d in weekdays))
    if years := every.get("years"):
        year = after.year + int(years)
        return dt.date(year, after.month, min(after.day, months.monthrange(year, after.month)[1]))
    return None


def _day_of_month(days: list[int], after: dt.date) -> dt.date:
    year, month = after.year, after.month
    while True:
        last = months.monthrange(year, month)[1]
        for day in days:
            found = dt.date(year, month, min(day, last))
            if found > after:
                return found
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _first_of(pairs: list[tuple[int, int]], after: dt.date) -> dt.date:
    days = [dt.date(y, m, min(d, months.monthrange(y, m)[1])) for y in (after.year, after.year + 1) for m, d in pairs]
    return min(day for day in days if day > after)
