"""The days of a month page, and what each is to an office. Pure."""

import calendar as months
import datetime as dt
import re
from dataclasses import dataclass

from luoshi.core.calendar import Calendar, DayKind
from luoshi.core.problem import Problem
from luoshi.core.words import Words

_MONTH = re.compile(r"(\d{4})-(\d{2})")
FIRST_YEAR, LAST_YEAR = 1990, 2199
REST = Words("休", "rest")
WORK = Words("班", "work")


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the page; ``mark`` is 休 or 班 with ``why``, empty on ordinary days. ``inside``: of this month."""

    on: dt.date
    inside: bool
    rests: bool
    makeup: bool
    provisional: bool
    mark: Words | None
    why: Words | None


def read(text: str, today: dt.date) -> dt.date:
    """Return the first day of the month asked for (``2023-07``), of this month where none is; else a ``Problem``."""
    if not text:
        return today.replace(day=1)
    found = _MONTH.fullmatch(text)
    if found and 1 <= int(found[2]) <= 12 and FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return dt.date(int(found[1]), int(found[2]), 1)
    raise Problem(
        "month", Words(f"“{text[:20]}”不是月份。", f"{text[:20]!r} is no month."),
        Words(
            f"请写成 2023-07 的形式，{FIRST_YEAR} 至 {LAST_YEAR} 年。",
            f"Write it like 2023-07, {FIRST_YEAR} to {LAST_YEAR}.",
        ),
    )  # fmt: skip


def last_of(first: dt.date) -> dt.date:
    """Return the last day of a month."""
    return first.replace(day=months.monthrange(first.year, first.month)[1])


def days(first: dt.date, calendar: Calendar) -> list[Day]:
    """Return the days of the page, whole weeks from Monday."""
    begin = first - dt.timedelta(days=first.weekday())
    last = last_of(first)
    end = last + dt.timedelta(days=6 - last.weekday())
    return [_day(begin + dt.timedelta(days=n), first, calendar) for n in range((end - begin).days + 1)]


def _day(day: dt.date, first: dt.date, calendar: Calendar) -> Day:
    kind = calendar.kind(day)
    makeup = kind is DayKind.makeup_working
    marked = makeup or kind is DayKind.holiday
    return Day(
        day,
        (day.year, day.month) == (first.year, first.month),
        not calendar.is_working(day),
        makeup,
        calendar.is_provisional(day),
        (WORK if makeup else REST) if marked else None,
        calendar.name(day) if marked else None,
    )
