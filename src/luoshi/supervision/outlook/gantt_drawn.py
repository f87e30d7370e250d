"""Where the bars of a Gantt chart stand, in percent of its width. Pure: days in, positions out.

Every row is its own small drawing with the same axis, so that bars stay beside their row of the table, on screen and
from page to page on paper.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from luoshi.core.calendar import Calendar
from luoshi.core.words import Words

MARGIN = 5
FARTHEST = 366
SHADED_UP_TO = 430
LABELS_UP_TO = 14
WIDE_LABEL, NARROW_LABEL = 16.0, 7.0
"""Percent of the width that a label with its year, and one without, need for themselves."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a drawing: ``left`` and ``width`` in percent; ``kind`` is its look in the style sheet."""

    kind: str
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Label:
    """A word on the axis."""

    words: Words
    left: float


@dataclass(frozen=True, slots=True)
class Worked:
    """What is drawn of one task: given, promised, done, the share done (0 to 100), and its stops (first, last day)."""

    given_on: dt.date
    due_on: dt.date | None
    done_on: dt.date | None
    percent: int
    stops: tuple[tuple[dt.date, dt.date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Axis:
    """The days from ``first`` to ``last``, both shown whole."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """How many days are shown."""
        return (self.last - self.first).days + 1

    def at(self, day: dt.date) -> float:
        """Return where a day begins, in percent, held within the drawing."""
        return round(min(max((day - self.first).days / self.days * 100, 0.0), 100.0), 3)

    def span(self, kind: str, first: dt.date, last: dt.date) -> Span | None:
        """Return the piece from a day to a day, both whole; None where nothing of it is shown."""
        left, right = self.at(first), self.at(last + dt.timedelta(days=1))
        return Span(kind, left, round(right - left, 3)) if right > left else None

    def labels(self) -> list[Label]:
        """Return the months, or the quarters where there are many, with the year where it begins."""
        months = list(_months(self.first, self.last))
        if len(months) > LABELS_UP_TO:
            months = [m for m in months if m.month in (1, 4, 7, 10)]
        begins = [month for month in months if month >= self.first] or months[:1]
        found: list[Label] = []
        for month in begins:
            left, room = self.at(max(month, self.first)), WIDE_LABEL if len(found) == 1 else NARROW_LABEL
            if not found or left - found[-1].left >= room:
                found.append(Label(_named(month, with_year=not found or month.month == 1), left))
        return found

    def rests(self, calendar: Calendar) -> list[Span]:
        """Return the stretches on which nobody works; none where the chart is too long to show single days."""
        if self.days > SHADED_UP_TO:
            return []
        runs: list[list[dt.date]] = []
        for n in range(self.days):
            day = self.first + dt.timedelta(days=n)
            if calendar.is_working(day):
                continue
            if runs and (day - runs[-1][1]).days == 1:
                runs[-1][1] = day
            else:
                runs.append([day, day])
        return [span for first, last in runs if (span := self.span("rest", first, last)) is not None]


def axis_of(tasks: Iterable[Worked], today: dt.date) -> Axis:
    """Return the days a chart shows: all bars, today, a margin; a year back and ahead at the most."""
    days = [today]
    for one in tasks:
        days += [day for day in (one.given_on, one.due_on, one.done_on) if day is not None]
    far = dt.timedelta(days=FARTHEST)
    first, last = max(min(days), today - far), min(max(days), today + far)
    margin = dt.timedelta(days=MARGIN)
    return Axis(min(first, today) - margin, max(last, today) + margin)


def bar(one: Worked, axis: Axis, today: dt.date) -> list[Span]:
    """Return the pieces of one bar: promised, done of it, overdue, stops; in the order in which they are drawn."""
    end = one.due_on or axis.last
    pieces = [axis.span("open-ended" if one.due_on is None else "promised", one.given_on, max(end, one.given_on))]
    if one.done_on is not None:
        pieces.append(axis.span("finished", one.given_on, max(one.given_on, min(one.done_on, end))))
    elif one.percent and one.due_on is not None:
        length = (end - one.given_on).days * one.percent // 100
        pieces.append(axis.span("finished", one.given_on, one.given_on + dt.timedelta(days=max(length, 0))))
    until = one.done_on or today
    if one.due_on is not None and until > one.due_on:
        kind = "late-done" if one.done_on is not None else "late"
        pieces.append(axis.span(kind, one.due_on + dt.timedelta(days=1), until))
    for first, last in one.stops:
        pieces.append(axis.span("stopped", first, last or today))
    return [piece for piece in pieces if piece is not None]


def stops_of(events: Sequence[dict[str, str]]) -> list[tuple[dt.date, dt.date | None]]:
    """Return the stops among the events of a duty; one that still lasts has no last day."""
    found: list[tuple[dt.date, dt.date | None]] = []
    for event in events:
        day = dt.date.fromisoformat(event["on"])
        if event["kind"] == "suspend":
            found.append((day, None))
        elif event["kind"] == "resume" and found and found[-1][1] is None:
            found[-1] = (found[-1][0], day)
    return found


def _months(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    day = first.replace(day=1)
    while day <= last:
        yield day
        day = (day + dt.timedelta(days=31)).replace(day=1)


def _named(month: dt.date, *, with_year: bool) -> Words:
    if with_year:
        return Words(f"{month.year}年{month.month}月", f"{month:%b %Y}")
    return Words(f"{month.month}月", f"{month:%b}")
