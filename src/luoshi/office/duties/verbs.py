"""What actions do with duties. Called inside an action only; each returns what the journal should say of it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from luoshi.core.calendar import Calendar, default_calendar
from luoshi.core.words import Words
from luoshi.office import door
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.duties import schedule
from luoshi.office.duties.models import Duty
from luoshi.office.duties.schedule import Scheme


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new duty is: who must do what by when, under which clause, and what it leads to."""

    county_id: int
    unit_id: int
    title: Words
    subject_kind: str
    subject_id: object
    due_on: dt.date | None
    task_id: int | None = None
    account_id: int | None = None
    clause_id: str = ""
    every: dict[str, Any] | None = None


def row_of(opening: Opening, today: dt.date, scheme: Scheme, calendar: Calendar) -> Duty:
    """Return the duty as a row not yet written, with the level that today already gives it."""
    level = schedule.level_on(today, opening.due_on, scheme, calendar)
    duty = Duty(
        county_id=opening.county_id,
        unit_id=opening.unit_id,
        account_id=opening.account_id,
        task_id=opening.task_id,
        subject_kind=opening.subject_kind,
        subject_id=str(opening.subject_id),
        title_zh=opening.title.zh[:300],
        title_en=opening.title.en[:400],
        clause_id=opening.clause_id,
        opened_on=today,
        due_on=opening.due_on,
        every=opening.every,
        level=level,
        events=[{"kind": "start", "on": today.isoformat()}],
    )
    set_next(duty, scheme, calendar)
    return duty


def open_duties(openings: list[Opening], today: dt.date, scheme: Scheme | None = None) -> list[Duty]:
    """Write new duties and return them in order."""
    assert door.inside(), "duties are opened by an action"
    calendar = default_calendar()
    return Duty.objects.bulk_create([row_of(o, today, scheme or Scheme(), calendar) for o in openings], batch_size=500)


def set_next(duty: Duty, scheme: Scheme, calendar: Calendar) -> None:
    """Work out ``next_at`` anew from level and due day."""
    day = schedule.next_day(duty.level, duty.due_on, scheme, calendar) if duty.state == "open" else None
    duty.next_at = schedule.midnight(day, COUNTY_ZONE) if day else None


def close(duty: Duty, today: dt.date, state: str = "closed") -> Duty | None:
    """Close (or cancel) a duty; a recurring one opens its next occurrence, which is returned."""
    assert door.inside(), "duties are closed by an action"
    duty.state, duty.closed_on, duty.next_at = state, today, None
    duty.save(update_fields=["state", "closed_on", "next_at"])
    return open_next(duty, today) if state == "closed" else None


def open_next(duty: Duty, today: dt.date) -> Duty | None:
    """Open the next occurrence of a recurring duty; the recurrence moves on to it, so that it opens once."""
    if not duty.every or duty.due_on is None:
        return None
    due_on = schedule.next_occurrence(duty.every, max(duty.due_on, today) if duty.state != "open" else duty.due_on)
    if due_on is None:
        return None
    opening = Opening(
        duty.county_id, duty.unit_id, duty.words, duty.subject_kind, duty.subject_id, due_on,
        duty.task_id, duty.account_id, duty.clause_id, duty.every,
    )  # fmt: skip
    duty.every = None
    duty.save(update_fields=["every"])
    return open_duties([opening], today)[0]


def suspend(duty: Duty, today: dt.date, reason: Words) -> None:
    """Stop the clock; the days until ``resume`` are given back."""
    duty.state, duty.next_at = "suspended", None
    duty.events = [*duty.events, {"kind": "suspend", "on": today.isoformat(), "reason": reason.as_json()}]
    duty.save(update_fields=["state", "next_at", "events"])


def resume(duty: Duty, today: dt.date, scheme: Scheme | None = None) -> dt.date | None:
    """Start the clock again and return the new due day: the stopped working days are added to the old one."""
    calendar = default_calendar()
    stopped = dt.date.fromisoformat(next(e["on"] for e in reversed(duty.events) if e["kind"] == "suspend"))
    event = {"kind": "resume", "on": today.isoformat()}
    if duty.due_on is not None:
        was, given_back = duty.due_on, calendar.working_days_between(stopped, today)
        duty.due_on = calendar.add_working_days(was, given_back)
        event |= {"from": str(was), "to": str(duty.due_on)}
    duty.state = "open"
    duty.events = [*duty.events, event]
    duty.level = schedule.level_on(today, duty.due_on, scheme or Scheme(), calendar)
    set_next(duty, scheme or Scheme(), calendar)
    duty.save(update_fields=["state", "due_on", "events", "level", "next_at"])
    return duty.due_on


def extend(duty: Duty, due_on: dt.date, today: dt.date, reason: Words, scheme: Scheme | None = None) -> None:
    """Give the duty a later day, with the reason kept among its events."""
    calendar = default_calendar()
    duty.events = [
        *duty.events,
        {
            "kind": "extend",
            "on": today.isoformat(),
            "from": str(duty.due_on),
            "to": str(due_on),
            "reason": reason.as_json(),
        },
    ]
    duty.due_on = due_on
    duty.level = schedule.level_on(today, due_on, scheme or Scheme(), calendar)
    set_next(duty, scheme or Scheme(), calendar)
    duty.save(update_fields=["due_on", "events", "level", "next_at"])


def move(duty: Duty, unit_id: int, account_id: int | None = None) -> None:
    """Hand a duty to another unit or to a person in it."""
    duty.unit_id, duty.account_id = unit_id, account_id
    duty.save(update_fields=["unit", "account"])
