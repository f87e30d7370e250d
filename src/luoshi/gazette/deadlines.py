"""A parsed deadline → the columns of a task. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_EVERY: dict[str, dict[str, Any]] = {
    "month": {"month_end": True},
    "quarter": {"quarter_end": True},
    "half_year": {"month_day": ["06-30", "12-31"]},
    "year": {"year_end": True},
    "ten_days": {"day_of_month": [10, 20, 31]},
    "week": {"days": 7},
}
_DAYS_OF = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class Columns:
    """``due_on`` is the last day the words allow; ``every`` in the form of ``duties.schedule.next_occurrence``."""

    kind: str
    due_on: dt.date | None
    then: str
    every: dict[str, Any] | None
    words: str


def columns(deadline: Mapping[str, Any]) -> Columns:
    """Return the columns of a deadline of the proposal. A recurrence the schedule cannot count keeps its words only."""
    until = deadline.get("until")
    return Columns(
        kind=str(deadline["kind"]),
        due_on=dt.date.fromisoformat(until) if until else None,
        then=str(deadline.get("then") or ""),
        every=_every(deadline.get("every")),
        words=str(deadline.get("words") or "")[:200],
    )


def _every(every: Any) -> dict[str, Any] | None:
    if not every:
        return None
    if not isinstance(every, Mapping):
        return dict(_EVERY.get(str(every), {"words": str(every)}))
    period, days = str(every.get("period") or ""), [int(d) for d in every.get("days") or ()]
    if period == "month" and days:
        return {"day_of_month": days}
    if period == "week" and days:
        return {"weekday": days}
    if period == "quarter" and days and every.get("month"):
        return {"month_day": [f"{m:02d}-{d:02d}" for m in range(int(every["month"]), 13, 3) for d in days]}
    number, _, unit = period.partition("-")
    if number.isdecimal() and unit:
        return _every_so_many(int(number), unit) or {"words": period}
    return dict(_EVERY.get(period, {"words": period}))


def _every_so_many(number: int, unit: str) -> dict[str, Any] | None:
    """2-week is every 14 days; 2-month the end of every second month; 3-year a day three years on."""
    if unit in _DAYS_OF:
        return {"days": number * _DAYS_OF[unit]}
    if unit == "month" and 12 % number == 0:
        return {"month_day": [f"{month:02d}-31" for month in range(number, 13, number)]}
    return {"years": number} if unit == "year" else None
