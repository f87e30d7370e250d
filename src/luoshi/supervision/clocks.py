"""How near a promised day is, and the sentence that explains the day of a duty. Pure: days and a calendar in."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from luoshi.core import clock_words
from luoshi.core.calendar import Calendar
from luoshi.core.words import Words


def standing(
    state: str, due_on: dt.date | None, done_on: dt.date | None, today: dt.date, near: dt.date
) -> str:  # fmt: skip
    """Return the state mark of a task or duty: on_time, near, overdue, suspended, done, done_late or cancelled.

    ``near`` is the last due day that counts as near. States may be those of a task or of a duty.
    """
    if state in ("suspended", "cancelled"):
        return state
    if state in ("done", "closed"):
        return "done_late" if due_on and done_on and done_on > due_on else "done"
    if due_on is None or due_on > near:
        return "on_time"
    return "overdue" if due_on < today else "near"


def sentence(
    opened_on: dt.date, due_on: dt.date | None, events: Sequence[Mapping[str, Any]], promised: str, calendar: Calendar
) -> Words:
    """Return why the day is what it is: when it was given, what the plan printed, stops, extensions, the day now.

    ``events`` are those a duty keeps (start, suspend, resume, extend); ``promised`` the plan's own words, may be empty.
    """
    start = clock_words.full_day(opened_on)
    parts = [Words(f"{start.zh}交办。", f"Given on {start.en}.")]
    if promised:
        parts.append(Words(f"方案写明：“{promised}”。", f"The plan says “{promised}”."))
    parts += _happened(events, calendar)
    if any(e["kind"] == "suspend" for e in events) and events[-1]["kind"] == "suspend":
        parts.append(Words("现在中止，恢复后再定到期日。", "It stands still; the day is set when it resumes."))
    elif due_on is None:
        parts.append(Words("没有固定期限，长期坚持。", "No fixed day; it goes on."))
    else:
        day = clock_words.full_day(due_on)
        parts.append(Words(f"{day.zh}前完成。", f"Due by {day.en}."))
        if not calendar.is_working(due_on):
            parts.append(Words("当天不是工作日，请提前办结。", "That is a day of rest; finish before it."))
        if calendar.is_provisional(due_on):
            parts.append(
                Words(
                    "该年放假安排尚未公布，工作日为暂定。",
                    "That year's holidays are not announced; days are provisional.",
                )
            )
    return Words("".join(p.zh for p in parts), " ".join(p.en for p in parts))


def _happened(events: Sequence[Mapping[str, Any]], calendar: Calendar) -> list[Words]:
    parts: list[Words] = []
    stopped: Mapping[str, Any] | None = None
    for event in events:
        if event["kind"] == "suspend":
            stopped = event
        elif event["kind"] == "resume" and stopped is not None:
            parts.append(_stop(stopped, event, calendar))
            stopped = None
        elif event["kind"] == "extend":
            parts.append(_extension(event))
    if stopped is not None:
        since, why = clock_words.full_day(_day(stopped["on"])), stopped["reason"]
        parts.append(Words(f"{since.zh}起中止：{why['zh']}。", f"Suspended since {since.en}: {why['en']}."))
    return parts


def _stop(begin: Mapping[str, Any], end: Mapping[str, Any], calendar: Calendar) -> Words:
    first, last, why = _day(begin["on"]), _day(end["on"]), begin["reason"]
    days = calendar.working_days_between(first, last)
    zh, en = clock_words.full_day(first), clock_words.full_day(last)
    return Words(
        f"{zh.zh}至{en.zh}中止（{why['zh']}），顺延{days}个工作日。",
        f"Suspended from {zh.en} to {en.en} ({why['en']}): {days} working days given back.",
    )


def _extension(event: Mapping[str, Any]) -> Words:
    was, now, why = clock_words.full_day(_day(event["from"])), clock_words.full_day(_day(event["to"])), event["reason"]
    return Words(f"由{was.zh}延期至{now.zh}（{why['zh']}）。", f"Extended from {was.en} to {now.en} ({why['en']}).")


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
