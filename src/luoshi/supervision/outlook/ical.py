"""Due days as an iCalendar text (RFC 5545). Pure: rows in, bytes out; the same rows give the same bytes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import icalendar

from luoshi.core.words import Words

LINES = "-//Luoshi//due days//ZH"
STATUS_TODO = {"open": "NEEDS-ACTION", "suspended": "NEEDS-ACTION", "closed": "COMPLETED", "cancelled": "CANCELLED"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One duty as a calendar shows it; ``changed_at`` is its last change, ``sequence`` grows with every one.

    ``state`` is open, suspended, closed or cancelled; ``standing`` the word for its colour; ``clause`` a clause id.
    """

    uid: str
    sequence: int
    title: str
    due_on: dt.date
    state: str
    standing: Words
    clause: str
    url: str
    changed_at: dt.datetime


def feed(name: str, entries: Iterable[Entry], language: str, *, todo: bool = False) -> bytes:
    """Return a calendar of whole-day events, or of to-dos for the programs that keep such lists."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", LINES)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        calendar.add_component(_todo(entry, language) if todo else _event(entry, language))
    return bytes(calendar.to_ical())


def _event(entry: Entry, language: str) -> icalendar.Event:
    event = icalendar.Event()
    _common(event, entry, language)
    event.add("dtstart", entry.due_on)
    event.add("dtend", entry.due_on + dt.timedelta(days=1))
    event.add("status", "CANCELLED" if entry.state == "cancelled" else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _todo(entry: Entry, language: str) -> icalendar.Todo:
    todo = icalendar.Todo()
    _common(todo, entry, language)
    todo.add("due", entry.due_on)
    todo.add("status", STATUS_TODO[entry.state])
    if entry.state == "closed":
        todo.add("completed", entry.changed_at.astimezone(dt.UTC))
    return todo


def _common(item: icalendar.Component, entry: Entry, language: str) -> None:
    standing = entry.standing.pick(language)
    item.add("uid", entry.uid)
    item.add("dtstamp", entry.changed_at.astimezone(dt.UTC))
    item.add("last-modified", entry.changed_at.astimezone(dt.UTC))
    item.add("sequence", entry.sequence)
    item.add("summary", f"[{standing}] {entry.title}")
    lines = [f"{Words('状态', 'State').pick(language)}: {standing}"]
    if entry.clause:
        lines.append(f"{Words('依据', 'Clause').pick(language)}: {entry.clause}")
    item.add("description", "\n".join([*lines, entry.url]))
    item.add("url", entry.url)
    item.add("categories", [standing])
