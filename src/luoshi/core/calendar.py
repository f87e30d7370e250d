"""Working days, with the make-up days (调休) of the State Council's yearly notices.

The notices come from the package ``chinesecalendar``; a county's own table stands before it. A year whose notice is not
known falls back to Monday to Friday and every day of it is *provisional*: said so, never silent. Days are
plain dates of the county; there is no time zone here.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import NamedTuple

import chinese_calendar

from luoshi.core.problem import Problem
from luoshi.core.words import Words

WEEKEND = Words("周末", "weekend")
_COUNTY = Words("本县安排", "the county's own arrangement")
_FESTIVALS = {
    "New Year's Day": Words("元旦", "New Year's Day"),
    "Spring Festival": Words("春节", "Spring Festival"),
    "Tomb-sweeping Day": Words("清明节", "Tomb-Sweeping Day"),
    "Labour Day": Words("劳动节", "Labour Day"),
    "Dragon Boat Festival": Words("端午节", "Dragon Boat Festival"),
    "Mid-autumn Festival": Words("中秋节", "Mid-Autumn Festival"),
    "National Day": Words("国庆节", "National Day"),
    "Anti-Fascist 70th Day": Words("抗战胜利纪念日", "Victory Day"),
}
_SATURDAY = 5
_FARTHEST = 100_000  # working days, some 400 years: beyond it a number is a slip of the hand


class DayKind(Enum):
    """What a day is to an office. ``provisional_*``: guessed, because the year's notice is not known."""

    working = "working"
    weekend = "weekend"
    holiday = "holiday"
    makeup_working = "makeup_working"
    provisional_working = "provisional_working"
    provisional_rest = "provisional_rest"


class Day(NamedTuple):
    """One day with its kind and, for days that are not ordinary, the word for why."""

    on: date
    kind: DayKind
    words: Words


class _Year(NamedTuple):
    """A year worked out once: its working days as ordinals, and per day of the year how many lie before it."""

    first: int
    working: tuple[int, ...]
    before: tuple[int, ...]


class Calendar:
    """The working days of one county.

    ``overrides`` says of single days whether the county works, before any notice. ``announced`` names years beyond
    the packaged notices whose whole notice has been entered as overrides: their other days are no longer provisional.
    Years are worked out on first use and kept, so that adding working days costs microseconds.
    """

    __slots__ = ("_announced", "_overrides", "_years")

    def __init__(self, overrides: Mapping[date, bool] | None = None, announced: Collection[int] = ()) -> None:
        self._overrides = {day.toordinal(): works for day, works in (overrides or {}).items()}
        self._announced = frozenset(announced)
        self._years: dict[int, _Year] = {}

    def is_working(self, day: date) -> bool:
        """Tell whether offices work on that day."""
        year = self._year(day.year)
        place = day.toordinal() - year.first
        return year.before[place + 1] > year.before[place]

    def is_provisional(self, day: date) -> bool:
        """Tell whether the answer for that day is a guess: no notice for its year and no word of the county."""
        return day.toordinal() not in self._overrides and not self._is_official(day.year)

    def kind(self, day: date) -> DayKind:
        """Return what the day is."""
        works = self.is_working(day)
        if self.is_provisional(day):
            return DayKind.provisional_working if works else DayKind.provisional_rest
        ordinary = day.weekday() < _SATURDAY and not self._notice_rests(day)
        if works:
            return DayKind.working if ordinary else DayKind.makeup_working
        plain_weekend = day.weekday() >= _SATURDAY and _festival(day) is None
        return DayKind.weekend if plain_weekend else DayKind.holiday

    def name(self, day: date) -> Words | None:
        """Return the festival a holiday or make-up day belongs to; None for ordinary days and weekends.

        A day that is unusual only by the county's table bears the name of that table.
        """
        if self.kind(day) not in (DayKind.holiday, DayKind.makeup_working):
            return None
        agrees = self.is_working(day) != self._notice_rests(day)
        festival = _festival(day)
        return festival if festival is not None and agrees else _COUNTY

    def add_working_days(self, day: date, n: int) -> date:
        """Return the ``n``-th working day after ``day``, which itself is not counted.

        0 gives ``day`` itself; a negative ``n`` counts back. Raises ``Problem`` for more than 100,000 and beyond
        the years 1 to 9999.
        """
        if abs(n) > _FARTHEST:
            raise _out_of_range()
        if n == 0:
            return date.fromordinal(day.toordinal())
        number = day.year
        year = self._year(number)
        place = day.toordinal() - year.first
        index = year.before[place + 1] + n - 1 if n > 0 else year.before[place] + n
        while index >= len(year.working):
            index -= len(year.working)
            number += 1
            year = self._year(number)
        while index < 0:
            number -= 1
            year = self._year(number)
            index += len(year.working)
        return date.fromordinal(year.working[index])

    def working_days_between(self, after: date, until: date) -> int:
        """Return how many working days lie after ``after`` up to and with ``until``; negative when that is earlier."""
        if until < after:
            return -self.working_days_between(until, after)
        first, last = self._year(after.year), self._year(until.year)
        count = last.before[until.toordinal() - last.first + 1] - first.before[after.toordinal() - first.first + 1]
        return count + sum(len(self._year(number).working) for number in range(after.year, until.year))

    def next_working(self, day: date) -> date:
        """Return the day itself when offices work on it, else the first working day after it."""
        return date.fromordinal(day.toordinal()) if self.is_working(day) else self.add_working_days(day, 1)

    def skipped(self, after: date, until: date) -> list[Day]:
        """Return the days after ``after`` up to and with ``until`` on which nobody works, each with the reason."""
        return [
            Day(day, self.kind(day), self.name(day) or WEEKEND)
            for day in _days(after, until)
            if not self.is_working(day)
        ]

    def made_up(self, after: date, until: date) -> list[Day]:
        """Return the make-up working days in the same stretch: weekends and the like that do count."""
        return [
            Day(day, DayKind.makeup_working, self.name(day) or _COUNTY)
            for day in _days(after, until)
            if self.kind(day) is DayKind.makeup_working
        ]

    def is_provisional_between(self, after: date, until: date) -> bool:
        """Tell whether any day after ``after`` up to and with ``until`` is provisional."""
        if all(self._is_official(number) for number in range(after.year, until.year + 1)):
            return False
        return any(self.is_provisional(day) for day in _days(after, until))

    def _is_official(self, number: int) -> bool:
        return number in self._announced or _notice(number) is not None

    def _notice_rests(self, day: date) -> bool:
        """What the notice alone, or Monday to Friday without one, says of the day."""
        notice = _notice(day.year)
        return day.weekday() >= _SATURDAY if notice is None else notice[day.timetuple().tm_yday - 1][0]

    def _year(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = self._worked_out(number)
        return year

    def _worked_out(self, number: int) -> _Year:
        if not date.min.year <= number <= date.max.year:
            raise _out_of_range()
        first = date(number, 1, 1).toordinal()
        working: list[int] = []
        before: list[int] = [0]
        for day in _days_of(number):
            ordinal = day.toordinal()
            if self._overrides.get(ordinal, not self._notice_rests(day)):
                working.append(ordinal)
            before.append(len(working))
        return _Year(first, tuple(working), tuple(before))


def _out_of_range() -> Problem:
    words = Words("日期超出了可计算的范围。", "The day lies beyond what can be worked out.")
    return Problem("day", words, Words("请核对天数。", "Check the number of days."))


@cache
def default_calendar() -> Calendar:
    """Return the calendar of the packaged notices alone; always the same object, so its years are worked out once."""
    return Calendar()


@cache
def _notice(number: int) -> tuple[tuple[bool, str | None], ...] | None:
    """The packaged notice of a year, per day (rests, festival key); None for a year the package does not know."""
    try:
        details = [chinese_calendar.get_holiday_detail(day) for day in _days_of(number)]
    except NotImplementedError:
        return None
    return tuple((bool(rests), festival and str(festival)) for rests, festival in details)


def _festival(day: date) -> Words | None:
    """The festival whose notice names this day, as rest or as make-up working day."""
    notice = _notice(day.year)
    key = notice[day.timetuple().tm_yday - 1][1] if notice else None
    return _FESTIVALS.get(key, Words(key, key)) if key else None


def _days_of(number: int) -> Iterator[date]:
    first = date(number, 1, 1).toordinal()
    last = date(number, 12, 31).toordinal()
    return (date.fromordinal(ordinal) for ordinal in range(first, last + 1))


def _days(after: date, until: date) -> Iterator[date]:
    return (date.fromordinal(ordinal) for ordinal in range(after.toordinal() + 1, until.toordinal() + 1))
