"""What a share, a duty and a task were at the end of a past day. Pure: entries and dated columns in, values out.

Entries say what they changed as ``before`` and ``after``. A field stood as the last entry up to the day left it; if
none had touched it yet, as the first later entry found it; if none ever touched it, as it stands today.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

UNTOUCHED: Final = object()
"""No entry ever changed the field."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One change of one share: the entry's id, the county's day, the share, the fields before and after."""

    entry_id: int
    day: dt.date
    share_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Round:
    """One duty of a share as it stood on a day; a recurring share has several, in the order of their ids."""

    duty_id: int
    state: str
    due_on: dt.date | None


def read(entry_id: int, day: dt.date, share_id: int, content: str) -> Iterator[Happened]:
    """Yield what one entry's content changed: its own share, and the shares that fell away with it (``dropped``)."""
    said = json.loads(content)
    before, after = said.get("before") or {}, said.get("after") or {}
    yield Happened(entry_id, day, share_id, before, after)
    for other, state in (after.get("dropped") or {}).items():
        yield Happened(entry_id, day, int(other), {"state": state}, {"state": "cancelled"})


def field(happened: Iterable[Happened], name: str, day: dt.date, duty_id: int | None = None) -> Any:
    """Return a field as it stood at the end of a day, or ``UNTOUCHED``; entries come in the order of their ids.

    With ``duty_id`` only changes that touched that duty count (``after`` may name one as ``duty`` or all as
    ``duties``).
    """
    found: Any = UNTOUCHED
    for one in happened:
        if duty_id is not None and duty_id not in one.after.get("duties", [one.after.get("duty", duty_id)]):
            continue
        if one.day <= day:
            found = one.after.get(name, found)
        elif name in one.before and found is UNTOUCHED:
            return one.before[name]
    return found


def due_on(events: Sequence[Mapping[str, Any]], day: dt.date, present: dt.date | None) -> dt.date | None:
    """Return a duty's due day at the end of a day, from the events that moved it (``from``, ``to``)."""
    moved = [e for e in events if "from" in e and "to" in e]
    past = [e["to"] for e in moved if e["on"] <= day.isoformat()]
    later = [e["from"] for e in moved if e["on"] > day.isoformat()]
    if not past and not later:
        return present
    return day_of(past[-1] if past else later[0])


def duty_state(state: str, closed_on: dt.date | None, events: Sequence[Mapping[str, Any]], day: dt.date) -> str:
    """Return a duty's state at the end of a day: ended by then, or stopped or running by its events."""
    if state in ("closed", "cancelled") and (closed_on is None or closed_on <= day):
        return state
    stops = [e["kind"] for e in events if e["kind"] in ("suspend", "resume") and e["on"] <= day.isoformat()]
    return "suspended" if stops and stops[-1] == "suspend" else "open"


def current(rounds: Sequence[Round]) -> Round | None:
    """Return the round a share was working on: the first that was not finished, else the last.

    Rounds are finished in order; a cancelled one ends the share, whatever waits behind it.
    """
    return next((one for one in rounds if one.state != "closed"), rounds[-1] if rounds else None)


def day_of(text: str | None) -> dt.date | None:
    """Read a day as entries and events carry it; an event of a duty without a day says "None"."""
    return dt.date.fromisoformat(text) if text and text != "None" else None


def by_then(value: dt.date | None, day: dt.date) -> dt.date | None:
    """Return a dated column as that day knew it."""
    return value if value is not None and value <= day else None
