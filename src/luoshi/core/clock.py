"""When something is due: start + allowance + stopped time, on a calendar, with the sentence that explains it.

Everything is worked out from what happened; nothing here reads a clock. Moments without a time zone are county
time; those with one are read as China Standard Time (UTC+8). Rules: the day of the start is not counted; of a stop,
the day it begins counts as used and the day it ends is given back, so N stopped working days move the due day by N
working days. A stop that begins after the due day changes nothing: overdue stays overdue. Calendar days that end on
a day of rest are not moved; the sentence names the weekday.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Literal

from luoshi.core import clock_words
from luoshi.core.calendar import Calendar
from luoshi.core.problem import Problem
from luoshi.core.words import Words

Unit = Literal["working_days", "calendar_days", "hours", "minutes"]
EventKind = Literal["start", "suspend", "resume", "extend"]
Standing = Literal["on_time", "near", "overdue", "suspended", "done", "done_late"]

_CHINA = timezone(timedelta(hours=8))
_FIRST_YEAR, _LAST_YEAR = 1900, 9000  # leaves room on both sides for counting
_SECOND = timedelta(seconds=1)
_SECONDS = {"hours": 3600, "minutes": 60}


@dataclass(frozen=True, slots=True)
class Allowance:
    """How long something may take: a whole ``amount`` of ``unit`` (0: on the spot), and the clause that says so."""

    amount: int
    unit: Unit
    clause: str | None = None

    def __post_init__(self) -> None:
        if self.amount < 0:
            words = Words("期限不能为负数。", "An allowance cannot be negative.")
            raise Problem("allowance", words, Words("请填写零或正整数。", "Give zero or a positive whole number."))


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a clock. ``allowance`` belongs to ``extend`` alone: the time granted on top."""

    kind: EventKind
    at: datetime
    reason: Words | None = None
    allowance: Allowance | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch in which the clock stood still.

    ``given_back`` is in the unit of a day clock, in seconds for a clock of hours or minutes. A stop that began after
    the due day is ``late`` and gives nothing back. ``resumed_at`` is None while the clock still stands.
    """

    suspended_at: datetime
    resumed_at: datetime | None
    given_back: int
    reason: Words | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """When it is due and why.

    ``at`` is set for clocks of hours and minutes only; a day clock lasts until the end of ``on``. While the clock
    stands still ``on`` and ``at`` are None, ``suspended_since`` says since when and ``remaining`` what is left, in
    the unit of ``Span.given_back``. Moments carry a zone (UTC+8) when the start did, and none when it did not.
    """

    on: date | None
    at: datetime | None
    provisional: bool
    stopped: tuple[Span, ...]
    sentence: Words
    suspended_since: datetime | None = None
    remaining: int | None = None


@dataclass(frozen=True, slots=True)
class StageClock:
    """The clock of one stage of a case, or of the whole case."""

    name: Words
    events: tuple[Event, ...]
    allowance: Allowance
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class CaseDue:
    """The due days of a case: each stage in its order, the whole, and which of them comes first.

    ``stage`` is the index of the open stage that is due first, None when none is open or all stand still. ``binds``
    is None when nothing runs.
    """

    stages: tuple[Due, ...]
    whole: Due
    stage: int | None
    binds: Literal["stage", "whole"] | None
    on: date | None


def county_time(at: datetime) -> datetime:
    """Return the moment as county wall time without a zone; raise ``Problem`` for a year nobody can mean."""
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise _untold(f"年份 {at.year} 不合理。", f"The year {at.year} makes no sense here.")
    return at if at.tzinfo is None else at.astimezone(_CHINA).replace(tzinfo=None)


def due(events: Sequence[Event], allowance: Allowance, calendar: Calendar) -> Due:
    """Work out the due day from what happened.

    Events may come in any order. Raises ``Problem`` when they tell no story: no start or two, a resume without a
    suspend, a stop within a stop, an extension without its allowance or in another kind of unit.
    """
    story = _Story.read(events, allowance)
    measure = _Measure(allowance.unit, calendar)
    total = sum(measure.size(part) for part in (allowance, *(event.allowance for event in story.extensions)))
    end, spans, back, moved = measure.after(story.start, total), list[Span](), 0, False
    for begin, finish, reason in story.stops:
        if measure.past(begin, end):
            spans.append(Span(begin, finish, 0, reason, late=True))
            continue
        if finish is None:
            spans.append(Span(begin, None, 0, reason))
            return _standing_still(allowance, story, spans, total + back - measure.between(story.start, begin))
        spans.append(Span(begin, finish, measure.between(begin, finish), reason))
        back += spans[-1].given_back
        reckoned = measure.after(story.start, total + back)
        end = measure.not_before(finish, reckoned)
        moved = end != reckoned
    return _settled(allowance, story, spans, end, calendar, moved)


def _standing_still(allowance: Allowance, story: "_Story", spans: list[Span], left: int) -> Due:
    sentence = clock_words.suspended(allowance, story.start, story.extensions, spans, left)
    since = story.zoned(spans[-1].suspended_at)
    return Due(None, None, False, story.zoned_spans(spans), sentence, since, left)


def _settled(
    allowance: Allowance, story: "_Story", spans: list[Span], end: datetime, calendar: Calendar, moved: bool
) -> Due:
    start_on, on = story.start.date(), end.date()
    in_days = allowance.unit == "working_days"
    provisional = in_days and calendar.is_provisional_between(min(start_on, on - timedelta(1)), on)
    parts = clock_words.opening(allowance, story.start, story.extensions, spans)
    if in_days:
        parts += clock_words.uncounted(start_on, on, spans, calendar)
    parts += clock_words.ending(end, allowance.unit, moved)
    if provisional:
        parts.append(clock_words.provisional(start_on, on, calendar))
    at = story.zoned(end) if allowance.unit in _SECONDS else None
    return Due(on, at, provisional, story.zoned_spans(spans), clock_words.joined(parts))


@dataclass(frozen=True, slots=True)
class _Story:
    """The events put in order: one start, stops that do not overlap, extensions."""

    start: datetime
    stops: tuple[tuple[datetime, datetime | None, Words | None], ...]
    extensions: tuple[Event, ...]
    has_zone: bool

    @classmethod
    def read(cls, events: Sequence[Event], allowance: Allowance) -> "_Story":
        ordered = sorted(events, key=lambda event: county_time(event.at))
        if not ordered or ordered[0].kind != "start" or sum(event.kind == "start" for event in ordered) > 1:
            raise _untold("应当有且只有一次起算，并且在最前。", "There must be exactly one start, before all else.")
        stops: list[tuple[datetime, datetime | None, Words | None]] = []
        standing = False
        for event in ordered[1:]:
            if event.kind in ("suspend", "resume") and standing is (event.kind == "suspend"):
                raise _untold("暂停与恢复没有成对出现。", "Stops and resumptions do not come in pairs.")
            if event.kind == "suspend":
                stops.append((county_time(event.at), None, event.reason))
                standing = True
            elif event.kind == "resume":
                stops[-1] = (stops[-1][0], county_time(event.at), stops[-1][2])
                standing = False
            else:
                _check_extension(event, allowance)
        extensions = tuple(replace(event, at=county_time(event.at)) for event in ordered if event.kind == "extend")
        return cls(county_time(ordered[0].at), tuple(stops), extensions, ordered[0].at.tzinfo is not None)

    def zoned(self, at: datetime) -> datetime:
        return at.replace(tzinfo=_CHINA) if self.has_zone else at

    def zoned_spans(self, spans: Sequence[Span]) -> tuple[Span, ...]:
        return tuple(
            replace(s, suspended_at=self.zoned(s.suspended_at), resumed_at=s.resumed_at and self.zoned(s.resumed_at))
            for s in spans
        )


def _check_extension(event: Event, allowance: Allowance) -> None:
    if event.allowance is None:
        raise _untold("延长没有写明时长。", "An extension does not say by how much.")
    unit = event.allowance.unit
    if unit != allowance.unit and not (unit in _SECONDS and allowance.unit in _SECONDS):
        raise _untold("延长的单位与原期限不同。", "An extension is in another unit than the allowance.")


class _Measure:
    """How one unit counts: day units by days, hours and minutes by seconds."""

    __slots__ = ("_calendar", "_unit")

    def __init__(self, unit: Unit, calendar: Calendar) -> None:
        self._unit, self._calendar = unit, calendar

    def size(self, allowance: Allowance | None) -> int:
        assert allowance is not None, "extensions are checked when read"
        return allowance.amount * _SECONDS.get(allowance.unit, 1)

    def after(self, moment: datetime, amount: int) -> datetime:
        try:
            if self._unit in _SECONDS:
                return moment + amount * _SECOND
            if self._unit == "calendar_days":
                return _midnight(moment.date() + timedelta(days=amount))
        except OverflowError as error:
            raise _untold("期限超出了可计算的范围。", "The allowance reaches beyond the calendar.") from error
        return _midnight(self._calendar.add_working_days(moment.date(), amount))

    def between(self, begin: datetime, finish: datetime) -> int:
        if self._unit in _SECONDS:
            return -((begin - finish) // _SECOND)  # a started second is given back whole
        if self._unit == "calendar_days":
            return (finish.date() - begin.date()).days
        return self._calendar.working_days_between(begin.date(), finish.date())

    def past(self, moment: datetime, end: datetime) -> bool:
        return moment > end if self._unit in _SECONDS else moment.date() > end.date()

    def not_before(self, resumed: datetime, end: datetime) -> datetime:
        """Stopped on its very last day and resumed on a day of rest, a clock would end before it runs again."""
        if self._unit != "working_days" or end.date() >= resumed.date():
            return end
        return _midnight(self._calendar.next_working(resumed.date()))


def case_due(stages: Sequence[StageClock], whole: StageClock, calendar: Calendar) -> CaseDue:
    """Work out every stage and the whole case; the earlier of the first open stage due and the whole binds."""
    answers = tuple(due(stage.events, stage.allowance, calendar) for stage in stages)
    total = due(whole.events, whole.allowance, calendar)
    moments = [
        (*moment, index)
        for index, (stage, answer) in enumerate(zip(stages, answers, strict=True))
        if stage.done_on is None and (moment := _moment(answer)) is not None
    ]
    first = min(moments, default=None)
    last = _moment(total) if whole.done_on is None else None
    if first is None:
        return CaseDue(answers, total, None, "whole" if last else None, last and last[0])
    if last is not None and last < first[:2]:
        return CaseDue(answers, total, first[2], "whole", last[0])
    return CaseDue(answers, total, first[2], "stage", first[0])


def _moment(answer: Due) -> tuple[date, datetime] | None:
    """What dues are compared by: the day, then the moment; a day clock lasts until the end of its day."""
    if answer.on is None:
        return None
    return answer.on, county_time(answer.at or datetime.combine(answer.on, datetime.max.time()))


def standing(
    due_on: date | None,
    today: date,
    calendar: Calendar,
    near_working_days: int = 7,
    done_on: date | None = None,
    suspended: bool = False,
) -> Standing:
    """Return how something stands on ``today``.

    ``near`` begins when ``near_working_days`` working days or fewer are left, the due day included. Without a due day
    nothing can be near or late.
    """
    if done_on is not None:
        return "done_late" if due_on is not None and done_on > due_on else "done"
    if suspended:
        return "suspended"
    if due_on is None:
        return "on_time"
    if today > due_on:
        return "overdue"
    return "near" if calendar.working_days_between(today, due_on) <= near_working_days else "on_time"


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - county wall time


def _untold(zh: str, en: str) -> Problem:
    return Problem("events", Words(zh, en), Words("请核对办理记录。", "Check the record of what happened."))
