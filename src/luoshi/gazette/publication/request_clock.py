"""The clock of a request for information. Pure: events as stored in, due day and its sentence out.

20 working days from receipt, 20 more with a reason, standing while the applicant corrects the request
(政府信息公开条例 第33条; DOMAIN 9.3).
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from luoshi.core import clock
from luoshi.core.calendar import Calendar
from luoshi.core.words import Words

ALLOWANCE_KEY = "disclosure_request_working_days"
EXTENSION_KEY = "disclosure_request_extension_working_days"
LAW = "政府信息公开条例（国务院令第711号） 第33条"


def event(kind: str, at: dt.datetime, reason: str = "", working_days: int = 0) -> dict[str, Any]:
    """Return one event as it is stored."""
    made: dict[str, Any] = {"kind": kind, "at": at.isoformat()}
    if reason:
        made["reason"] = reason
    if working_days:
        made["working_days"] = working_days
    return made


def read(events: Sequence[dict[str, Any]]) -> list[clock.Event]:
    """Return stored events as the clock reads them."""
    return [
        clock.Event(
            e["kind"],
            dt.datetime.fromisoformat(e["at"]),
            Words(e["reason"], e["reason"]) if e.get("reason") else None,
            clock.Allowance(e["working_days"], "working_days", LAW) if e.get("working_days") else None,
        )
        for e in events
    ]


def due(events: Sequence[dict[str, Any]], working_days: int, calendar: Calendar) -> clock.Due:
    """Return when the answer is due, with the sentence that says why."""
    return clock.due(read(events), clock.Allowance(working_days, "working_days", LAW), calendar)


def was_extended(events: Sequence[dict[str, Any]]) -> bool:
    """Tell whether the one extension the law allows is used."""
    return any(e["kind"] == "extend" for e in events)
