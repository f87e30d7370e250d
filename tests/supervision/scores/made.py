"""Facts at random for property tests, and single facts for cases."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from luoshi.core.calendar import default_calendar
from luoshi.core.words import Words
from luoshi.supervision.scores.facts import CheckFact, Correction, DutyFact, Handed, Span, TargetFact
from luoshi.supervision.scores.scheme import packaged
from luoshi.supervision.scores.standing import Period

CALENDAR = default_calendar()
SCHEME = packaged()[0]
PERIOD = Period(dt.date(2023, 4, 1), dt.date(2023, 6, 30))
DUE = dt.date(2023, 6, 1)


def duty(**changed: Any) -> DutyFact:
    """A duty due on Thursday 2023-06-01 and still open."""
    row: dict[str, Any] = {
        "id": 1, "task": 1, "words": Words("任务", "Task"), "plan": "p", "role": "responsible",
        "opened_on": dt.date(2023, 4, 3), "promised_on": DUE, "due_on": DUE, "state": "open", "closed_on": None,
    }  # fmt: skip
    return DutyFact(**{**row, **changed})


def done(on: dt.date, **changed: Any) -> DutyFact:
    """A duty whose report of that day was approved a week later."""
    decided = on + dt.timedelta(days=7)
    earlier = changed.pop("reports", ())
    reports = (*earlier, Handed(len(earlier) + 1, on, "approved", decided))
    return duty(state="closed", closed_on=decided, reports=reports, **changed)


days = st.integers(0, 200).map(lambda n: dt.date(2023, 2, 1) + dt.timedelta(days=n))


@st.composite
def duties(draw: st.DrawFn) -> DutyFact:
    """A duty as records can hold it: stops given back, reports in order, waits of every kind, corrections."""
    opened = draw(days)
    promised = opened + dt.timedelta(days=draw(st.integers(1, 90)))
    due, moves = promised, []
    at = opened
    for _ in range(draw(st.integers(0, 2))):
        at += dt.timedelta(days=draw(st.integers(1, 20)))
        if draw(st.booleans()):
            until = at + dt.timedelta(days=draw(st.integers(0, 20)))
            moves.append(("suspend", str(at), "", ""))
            new = CALENDAR.add_working_days(due, CALENDAR.working_days_between(at, until))
            moves.append(("resume", str(until), str(due), str(new)))
            due, at = new, until
        else:
            new = due + dt.timedelta(days=draw(st.integers(1, 15)))
            moves.append(("extend", str(at), str(due), str(new)))
            due = new
    reports: list[Handed] = []
    for n in range(draw(st.integers(0, 2))):
        at += dt.timedelta(days=draw(st.integers(0, 15)))
        decided = at + dt.timedelta(days=draw(st.integers(0, 15)))
        reports.append(Handed(n + 1, at, "returned", decided))
        at = decided
    end = draw(st.sampled_from(["open", "closed", "closed", "asked", "suspended", "cancelled"]))
    state, closed = ("open" if end == "asked" else end), None
    if end in ("closed", "asked"):
        at += dt.timedelta(days=draw(st.integers(0, 40)))
        closed = at + dt.timedelta(days=draw(st.integers(0, 10))) if end == "closed" else None
        reports.append(Handed(len(reports) + 1, at, "approved" if closed else "", closed))
    if end == "suspended":
        moves.append(("suspend", str(at), "", ""))
    if end == "cancelled":
        closed = at
    waits = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["support", "lead", "holder"]), st.integers(-30, 60), st.integers(0, 60) | st.none()
            ),
            max_size=2,
        )
    )
    spans = []
    for kind, shift, length in waits:
        a = due + dt.timedelta(days=shift)
        spans.append(Span(kind, a, None if length is None else a + dt.timedelta(days=length), "某局"))
    corrections = draw(st.lists(st.sampled_from([
        Correction(1, "leave_out"), Correction(2, "excuse_days", 3), Correction(3, "pardon_return", report=1),
        Correction(4, "done_on", on=opened + dt.timedelta(days=30)),
    ]), max_size=1)) if draw(st.integers(0, 5)) == 0 else []  # fmt: skip
    return DutyFact(
        draw(st.integers(1, 10**6)), 1, Words("任务", "Task"), "p", draw(st.sampled_from(["lead", "support"])), opened,
        promised, due, state, closed, tuple(moves), tuple(reports), tuple(spans), tuple(corrections),
        draw(st.sampled_from(["duty", "duty", "milestone"])),
    )  # fmt: skip


targets = st.builds(
    TargetFact, st.integers(1, 10**6), st.just(1), st.just(Words("指标", "Target")),
    st.sampled_from([">=", "<=", ">", "==", "reach", "increase"]), st.sampled_from(["0.5", "10", "100"]),
    st.sampled_from([None, "0.5", "9.9", "10", "100.0"]), days | st.none(), days,
)  # fmt: skip
checks = st.builds(
    CheckFact, st.integers(1, 10**6), st.just(Words("核查", "Check")), days,
    st.lists(st.tuples(days, days | st.none()), max_size=2).map(tuple),
)  # fmt: skip


def sheets(least: int = 0, most: int = 12) -> st.SearchStrategy[list[Any]]:
    """Facts of one unit, each item once."""
    return st.lists(duties() | targets | checks, min_size=least, max_size=most, unique_by=lambda f: f.item)
