"""What became of one duty in a period: a total decision over its state, its day, its delivery and its excuses. Pure.

The rules of excuse, which the open script works out again in its own way:

- Days are working days of the county's calendar; a span counts the days after its first up to and with its last.
- A unit has delivered on the day it handed in the report that was approved. How long the reviewer took is not its time.
- Suspended days are in the due day already: on resumption it moves by as many working days.
- While a report that was returned lay with the reviewer, the unit could not work: those days are excused.
- The lead unit waits for a supporting unit from the day this one first promised until it delivered.
- A unit that consulted another waits for its answer from the day that was given for it until it came.
- A supporting unit waits for the lead unit from the end of the days it had for signing until it signed.
- Who took a duty over is not late for the days it was overdue when it came; reports returned before are not its own.
- Days that two excuses claim, or that a stop gave back already, count once. Nothing after the delivery excuses.
- The due day moves by the excused days: late is who delivers after it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from luoshi.core.calendar import Calendar
from luoshi.core.table import Bool, Category, Result, Row, Table
from luoshi.core.words import Words
from luoshi.supervision.scores.facts import DutyFact, Span
from luoshi.supervision.stages import REVIEW

UNCOUNTED: dict[str, Words] = {
    "left_out": Words("经申诉不计", "Left out on a contest"),
    "cancelled": Words("已撤销，不计", "Cancelled: not counted"),
    "no_day": Words("没有期限，不计", "No due day: not counted"),
    "not_due": Words("期末未到期，不计", "Not due by the end: not counted"),
    "earlier": Words("已在以前期间办结，不计", "Done in an earlier period: not counted"),
    "under_review": Words("已上报待审，暂不计", "Reported, not yet reviewed: not counted"),
    "stopped": Words("中止中，不计", "Suspended: not counted"),
    "waiting": Words("因等待而未到期，不计", "Excused so far: not counted"),
    "no_figure": Words("没有记录，不计", "No figure on record: not counted"),
}
_DAYS = {"none": Words("无", "none"), "before": Words("期前", "before"), "in": Words("期内", "within"),
         "after": Words("期后", "after")}  # fmt: skip
_STATES = {"open": Words("待办", "open"), "suspended": Words("中止", "suspended"), "closed": Words("办结", "closed"),
           "cancelled": Words("撤销", "cancelled")}  # fmt: skip
_FOUND = {
    **UNCOUNTED,
    "done_on_time": Words("按期办结", "Done on time"),
    "done_late": Words("逾期办结", "Done late"),
    "overdue_now": Words("期末仍逾期", "Overdue at the end"),
}
TABLE = Table(
    "what became of a duty",
    clauses=(REVIEW,),
    inputs=[
        Bool("left_out", Words("申诉后不计", "left out on a contest")),
        Category("state", Words("状态", "state"), _STATES),
        Category("due", Words("期限", "due day"), _DAYS),
        Category("delivered", Words("交付", "delivered"), {k: _DAYS[k] for k in ("none", "before", "in")}),
        Bool("asked", Words("待审", "under review")),
        Bool("late", Words("扣除后逾期", "late after excuses")),
    ],
    results=[Result(code, "granted", words) for code, words in _FOUND.items() if code != "no_figure"],
    rows=[
        Row("left_out", {"left_out": True}),
        Row("cancelled", {"state": "cancelled"}),
        Row("no_day", {"due": "none"}),
        Row("not_due", {"due": "after"}),
        Row("earlier", {"due": "before", "delivered": "before"}),
        Row("done_on_time", {"delivered": {"before", "in"}, "late": False}),
        Row("done_late", {"delivered": {"before", "in"}}),
        Row("under_review", {"asked": True}),
        Row("stopped", {"state": "suspended"}),
        Row("overdue_now", {"late": True}),
        Row("waiting"),
    ],
    priority=True,
)


@dataclass(frozen=True, slots=True)
class Period:
    """The days a score is about, both counted."""

    from_on: dt.date
    to_on: dt.date


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of one item, and why: working days late after excuses, and the excused days by kind."""

    result: str
    late_days: int = 0
    done_on: dt.date | None = None
    excused: tuple[tuple[str, int], ...] = ()
    returned: int = 0
    approved: int = 0


def of_duty(fact: DutyFact, period: Period, calendar: Calendar) -> Standing:
    """Decide one duty in one period."""
    done_on = delivered(fact, period.to_on)
    late, excused = 0, tuple[tuple[str, int], ...]()
    until = done_on or period.to_on
    if fact.due_on is not None and until > fact.due_on:
        excused = excuses(fact, until, calendar)
        late = max(0, calendar.working_days_between(fact.due_on, until) - sum(days for _, days in excused))
    asked = any(not r.decision and r.on <= period.to_on for r in fact.reports)
    left_out = any(c.kind == "leave_out" for c in fact.corrections)
    result = _decided()[
        left_out, fact.state, _place(fact.due_on, period), _place(done_on, period), asked, late > 0
    ]  # fmt: skip
    pardoned = {c.report for c in fact.corrections if c.kind == "pardon_return"}
    decided = [r for r in fact.reports if r.on <= period.to_on and r.number not in pardoned]
    return Standing(
        result, late, done_on, excused,
        sum(r.decision == "returned" for r in decided), sum(r.decision == "approved" for r in decided),
    )  # fmt: skip


def delivered(fact: DutyFact, by: dt.date) -> dt.date | None:
    """Return the day the unit delivered, None where it had not by that day."""
    corrected = [c.on for c in fact.corrections if c.kind == "done_on" and c.on is not None]
    approved = [r.on for r in fact.reports if r.decision == "approved"]
    closed = [fact.closed_on] if fact.state == "closed" and fact.closed_on is not None else []
    found = (corrected[-1:] or approved[:1] or closed)[:1]
    return found[0] if found and found[0] <= by else None


def excuses(fact: DutyFact, until: dt.date, calendar: Calendar) -> tuple[tuple[str, int], ...]:
    """Return the working days excused by each kind up to and with a day; no day counts twice."""
    taken = _clipped(fact.stops, until)
    found: dict[str, int] = {}
    reviews = [
        Span("review", r.on, r.decided_on) for r in fact.reports if r.decision == "returned" and r.on < until
    ]  # fmt: skip
    for span in sorted([*reviews, *fact.waits], key=lambda s: (s.from_on, s.kind)):
        for first, last in _clipped([span], until):
            for a, b in _outside(first, last, taken):
                found[span.kind] = found.get(span.kind, 0) + calendar.working_days_between(a, b)
            taken.append((first, last))
    granted = sum(c.days for c in fact.corrections if c.kind == "excuse_days")
    if granted:
        found["granted"] = granted
    return tuple((kind, days) for kind, days in found.items() if days)


def _clipped(spans: Sequence[Span], until: dt.date) -> list[tuple[dt.date, dt.date]]:
    ends = [(s.from_on, min(s.until_on or until, until)) for s in spans]
    return [(a, b) for a, b in ends if a < b]


def _outside(first: dt.date, last: dt.date, taken: Sequence[tuple[dt.date, dt.date]]) -> list[tuple[dt.date, dt.date]]:
    """Return what of a span lies in none of the spans taken."""
    left = [(first, last)]
    for a, b in taken:
        left = [
            piece for x, y in left for piece in ((x, min(y, a)), (max(x, b), y)) if piece[0] < piece[1]
        ]  # fmt: skip
    return left


def _place(day: dt.date | None, period: Period) -> str:
    if day is None:
        return "none"
    return "before" if day < period.from_on else "in" if day <= period.to_on else "after"


@cache
def _decided() -> dict[tuple[bool, str, str, str, bool, bool], str]:
    """Return the table as a dictionary over every combination, for a hundred thousand duties at a time."""
    names = ("left_out", "state", "due", "delivered", "asked", "late")
    every = product((False, True), _STATES, _DAYS, ("none", "before", "in"), (False, True), (False, True))
    return {case: TABLE.codes[TABLE.number(dict(zip(names, case, strict=True)))] for case in every}
