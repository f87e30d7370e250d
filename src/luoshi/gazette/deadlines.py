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
    return dict(_EVERY.get(period, {"words": period}))
