"""Which report belongs to which duty, and what kept a unit waiting, worked out from records. Pure.

A report of completion belongs to the duty that was closed on the day it was approved; reports returned before it are of
the same duty. What is not approved yet belongs to the first duty still open. A recurring task is matched between lead
and support by the day first promised.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from luoshi.core.calendar import Calendar
from luoshi.supervision.scores.facts import Handed, Span

_LAST = dt.date.max


@dataclass(slots=True)
class Owed:
    """One duty while its facts are put together."""

    id: int
    share: int
    unit: int
    task: int
    opened_on: dt.date
    promised_on: dt.date | None
    due_on: dt.date | None
    state: str
    closed_on: dt.date | None
    reports: list[Handed] = field(default_factory=list)
    waits: list[Span] = field(default_factory=list)

    def delivered_on(self) -> dt.date | None:
        """Return the day it was delivered, as far as the reports go; a duty closed without one: the day it closed."""
        approved = next((r.on for r in self.reports if r.decision == "approved"), None)
        return approved or (self.closed_on if self.state == "closed" else None)


@dataclass(frozen=True, slots=True)
class Share:
    """A unit's share of a task: its role, when it was given and signed for, and whether it still counts."""

    task: int
    unit: int
    role: str
    assigned_on: dt.date
    accepted_on: dt.date | None
    cancelled: bool


def give_reports(duties: Sequence[Owed], reports: Mapping[int, Sequence[Handed]]) -> None:
    """Put each report of completion to its duty; ``reports`` are by share, in order of their numbers."""
    by_share: dict[int, list[Owed]] = defaultdict(list)
    for duty in duties:
        if duty.share in reports:
            by_share[duty.share].append(duty)
    for share, mine in by_share.items():
        mine.sort(key=lambda d: (d.closed_on or _LAST, d.due_on or _LAST, d.id))
        closed = [d for d in mine if d.state == "closed"]
        opened = [d for d in mine if d.state in ("open", "suspended")]
        run: list[Handed] = []
        for report in reports[share]:
            run.append(report)
            if report.decision == "approved":
                found = next((d for d in closed if d.closed_on == report.decided_on), None)
                if found is not None:
                    found.reports = run
                    closed.remove(found)
                run = []
        if run and opened:
            min(opened, key=lambda d: (d.due_on or _LAST, d.id)).reports = run


def give_waits(
    duties: Sequence[Owed], shares: Mapping[int, Share], units: Mapping[int, str], sign_for_days: int,
    calendar: Calendar,
) -> None:  # fmt: skip
    """Add what lead and supporting units waited for from each other; a share without the other waits for nobody."""
    supports: dict[tuple[int, dt.date], list[Owed]] = defaultdict(list)
    leads: dict[int, Share] = {}
    for share in shares.values():
        if share.role == "lead" and not share.cancelled:
            leads[share.task] = share
    for duty in duties:
        if duty.promised_on is not None and _role(duty, shares) == "support":
            supports[duty.task, duty.promised_on].append(duty)
    for duty in duties:
        role = _role(duty, shares)
        if role == "lead" and duty.promised_on is not None:
            duty.waits += _for_support(duty.promised_on, supports.get((duty.task, duty.promised_on), ()), units)
        elif role == "support" and duty.task in leads and duty.opened_on == shares[duty.share].assigned_on:
            duty.waits += _for_lead(leads[duty.task], units, sign_for_days, calendar)


def _role(duty: Owed, shares: Mapping[int, Share]) -> str:
    share = shares.get(duty.share)
    return share.role if share is not None else ""


def _for_support(promised_on: dt.date, supports: Iterable[Owed], units: Mapping[int, str]) -> Iterable[Span]:
    for support in supports:
        until = support.delivered_on() or (support.closed_on if support.state == "cancelled" else None)
        if until is None or until > promised_on:
            yield Span("support", promised_on, until, units[support.unit])


def _for_lead(lead: Share, units: Mapping[int, str], days: int, calendar: Calendar) -> Iterable[Span]:
    limit = calendar.add_working_days(lead.assigned_on, days)
    if lead.accepted_on is None or lead.accepted_on > limit:
        yield Span("lead", limit, lead.accepted_on, units[lead.unit])


def give_holders(duty: Owed, handed: Sequence[tuple[dt.date, int]], units: Mapping[int, str]) -> None:
    """Keep from who holds a duty what happened in other hands: days overdue, and reports that were returned.

    ``handed`` are (day, unit before) in order; what was reported on the day of a hand-over counts as before it.
    """
    since, held_from = duty.due_on, dt.date.min
    for on, before in handed:
        others = before != duty.unit
        if since is not None and since < on:
            if others:
                duty.waits.append(Span("holder", since, on, units.get(before, "")))
            since = on
        if others:
            duty.reports = [r for r in duty.reports if r.decision != "returned" or not held_from < r.on <= on]
        held_from = on
