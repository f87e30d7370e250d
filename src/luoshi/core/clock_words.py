"""The sentence that explains a due day: start, allowance, what was not counted and why, the day, what is provisional.

Kept apart from the clock so that the arithmetic reads without its prose.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from luoshi.core.calendar import WEEKEND, Calendar, Day
from luoshi.core.words import Words

if TYPE_CHECKING:
    from luoshi.core.clock import Allowance, Event, Span

_UNITS = {
    "working_days": Words("个工作日", "working day"),
    "calendar_days": Words("个自然日", "calendar day"),
    "hours": Words("小时", "hour"),
    "minutes": Words("分钟", "minute"),
}
_DAY_UNITS = ("working_days", "calendar_days")
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_WEEKENDS_LISTED = 6  # more stretches than this are told as a number, or the sentence could not be read


def suspended(
    allowance: Allowance, start: datetime, extensions: Sequence[Event], spans: Sequence[Span], left: int
) -> Words:
    """Return the sentence of a clock that stands still, with what is left of it."""
    rest = _amount(left, allowance.unit)
    parts = opening(allowance, start, extensions, spans)
    zh = f"目前仍在暂停，剩余{rest.zh}，恢复后再定到期日。"
    parts.append(Words(zh, f"It still stands; {rest.en} left, and the due day is set when it resumes."))
    return joined(parts)


def ending(end: datetime, unit: str, moved: bool) -> list[Words]:
    """Say when it is due; ``moved``: past the end of a stop, to the first working day on which the clock runs."""
    if unit not in _DAY_UNITS:
        moment = _full_moment(end)
        return [Words(f"到期时刻：{moment.zh}。", f"Due at {moment.en}.")]
    day = full_day(end.date())
    due = Words(f"到期日：{day.zh}。", f"Due on {day.en}.")
    if not moved:
        return [due]
    return [
        Words("恢复当日休息，顺延至其后首个工作日。", "It resumed on a day of rest: moved to the next working day."),
        due,
    ]


def full_day(day: date) -> Words:
    """Return a day with its year and weekday: 2023年10月17日（周二）, Tuesday 17 October 2023."""
    zh = f"{day.year}年{day.month}月{day.day}日（周{_WEEKDAYS_ZH[day.weekday()]}）"
    return Words(zh, f"{_WEEKDAYS_EN[day.weekday()]} {day.day} {_MONTHS_EN[day.month - 1]} {day.year}")


def _full_moment(moment: datetime) -> Words:
    day, time = full_day(moment.date()), f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    return Words(f"{day.zh}{time}", f"{time} on {day.en}")


def opening(allowance: Allowance, start: datetime, extensions: Sequence[Event], spans: Sequence[Span]) -> list[Words]:
    """Say from when, how long, by which clause, how extended and how stopped."""
    length = _counted(allowance.amount, allowance.unit)
    clause = Words(f"（依据{allowance.clause}）", f" ({allowance.clause})") if allowance.clause else Words("", "")
    if allowance.unit in _DAY_UNITS:
        day = full_day(start.date())
        zh = f"自{day.zh}起算，当日不计，期限{length.zh}{clause.zh}。"
        parts = [Words(zh, f"Counted from {day.en}, that day not included: {length.en}{clause.en}.")]
    else:
        at = _full_moment(start)
        zh = f"自{at.zh}起算，期限{length.zh}{clause.zh}。"
        parts = [Words(zh, f"Counted from {at.en}: {length.en}{clause.en}.")]
    return parts + [_extension(event) for event in extensions] + [_stop(span, allowance.unit) for span in spans]


def _extension(event: Event) -> Words:
    assert event.allowance is not None, "extensions are checked when read"
    more = _counted(event.allowance.amount, event.allowance.unit)
    why, day = _because(event.reason), full_day(event.at.date())
    return Words(f"{day.zh}延长{more.zh}{why.zh}。", f"Extended by {more.en} on {day.en}{why.en}.")


def _stop(span: Span, unit: str) -> Words:
    why = _because(span.reason)
    shown = (lambda at: full_day(at.date())) if unit in _DAY_UNITS else _full_moment
    begin = shown(span.suspended_at)
    if span.resumed_at is None:
        late = (
            Words("，当时已过期，不改变到期日", ": already overdue then, so nothing changes")
            if span.late
            else Words("", "")
        )
        return Words(f"自{begin.zh}起暂停{why.zh}{late.zh}。", f"Stopped since {begin.en}{why.en}{late.en}.")
    finish = shown(span.resumed_at)
    if span.late:
        zh = f"{begin.zh}至{finish.zh}暂停{why.zh}，当时已过期，不改变到期日。"
        return Words(zh, f"Stopped from {begin.en} to {finish.en}{why.en}: already overdue then, so nothing changes.")
    if span.given_back == 0:
        zh = f"{begin.zh}至{finish.zh}暂停{why.zh}，没有需要扣除的期限。"
        return Words(zh, f"Stopped from {begin.en} to {finish.en}{why.en}: no time to take out.")
    back = _amount(span.given_back, unit)
    zh = f"{begin.zh}至{finish.zh}暂停{why.zh}，{back.zh}不计入。"
    return Words(zh, f"Stopped from {begin.en} to {finish.en}{why.en}: {back.en} not counted.")


def uncounted(start: date, end: date, spans: Sequence[Span], calendar: Calendar) -> list[Words]:
    """Say the days of rest and the make-up days of the stretch; those inside a stop are told with the stop."""

    def runs(day: Day) -> bool:
        return not any(s.resumed_at and s.suspended_at.date() < day.on <= s.resumed_at.date() for s in spans)

    skipped = _stretches([day for day in calendar.skipped(start, end) if runs(day)])
    made_up = _stretches([day for day in calendar.made_up(start, end) if runs(day)])
    weekends = [stretch for stretch in skipped if stretch[0].words == WEEKEND]
    if len(weekends) > _WEEKENDS_LISTED:
        told = [_stretch(stretch, start.year) for stretch in skipped if stretch[0].words != WEEKEND]
        count = sum(len(stretch) for stretch in weekends)
        told.append(Words(f"周末{count}天", f"{count} days of weekends"))
    else:
        told = [_stretch(stretch, start.year) for stretch in skipped]
    parts = []
    if told:
        listed = _listed(told)
        parts.append(Words(f"不计：{listed.zh}。", f"Not counted: {listed.en}."))
    if made_up:
        listed = _listed([_stretch(stretch, start.year) for stretch in made_up])
        parts.append(Words(f"调休上班照常计入：{listed.zh}。", f"Make-up working days, counted: {listed.en}."))
    return parts


def provisional(start: date, end: date, calendar: Calendar) -> Words:
    """Say which years have no notice yet."""
    years = [
        year
        for year in range(start.year, end.year + 1)
        if calendar.is_provisional_between(max(start, date(year, 1, 1) - timedelta(1)), min(end, date(year, 12, 31)))
    ]
    zh, en = "、".join(f"{year}年" for year in years), " and ".join(map(str, years))
    zh = f"暂定：{zh}的放假安排尚无官方通知，暂按周一至周五推算，通知公布后重算。"
    return Words(zh, f"Provisional: no official holiday notice for {en}; counted Monday to Friday until it is known.")


def _stretches(days: Sequence[Day]) -> list[list[Day]]:
    """Put neighbouring days with the same word together."""
    stretches: list[list[Day]] = [[days[0]]] if days else []
    for before, day in pairwise(days):
        if day.words == before.words and day.on - before.on == timedelta(1):
            stretches[-1].append(day)
        else:
            stretches.append([day])
    return stretches


def _stretch(days: Sequence[Day], usual_year: int) -> Words:
    first, last, words = _short_day(days[0].on, usual_year), _short_day(days[-1].on, usual_year), days[0].words
    if len(days) == 1:
        return Words(f"{first.zh}{words.zh}", f"{first.en} ({words.en})")
    return Words(f"{first.zh}至{last.zh}{words.zh}", f"{first.en} to {last.en} ({words.en})")


def _short_day(day: date, usual_year: int) -> Words:
    zh, en = f"{day.month}月{day.day}日", f"{day.day} {_MONTHS_EN[day.month - 1]}"
    return Words(zh, en) if day.year == usual_year else Words(f"{day.year}年{zh}", f"{en} {day.year}")


def _counted(amount: int, unit: str) -> Words:
    words = _UNITS[unit]
    return Words(f"{amount}{words.zh}", f"{amount} {words.en}{'' if amount == 1 else 's'}")


def _amount(measured: int, unit: str) -> Words:
    """An amount in the clock's own measure: days as such, seconds told as hours and minutes, a started minute whole."""
    if unit in _DAY_UNITS:
        return _counted(measured, unit)
    hours, minutes = divmod(-(-measured // 60), 60)
    told = [_counted(count, name) for count, name in ((hours, "hours"), (minutes, "minutes")) if count]
    return Words("".join(w.zh for w in told) or "0分钟", " ".join(w.en for w in told) or "0 minutes")


def _because(reason: Words | None) -> Words:
    return Words(f"（{reason.zh}）", f" ({reason.en})") if reason else Words("", "")


def _listed(items: Sequence[Words]) -> Words:
    return Words("、".join(item.zh for item in items), ", ".join(item.en for item in items))


def joined(parts: Sequence[Words]) -> Words:
    """Put sentences together."""
    return Words("".join(part.zh for part in parts), " ".join(part.en for part in parts))
