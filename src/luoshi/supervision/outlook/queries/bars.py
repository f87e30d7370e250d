"""The tasks of a Gantt chart: a page of the ledger with when each was given, how far it is, when it stood still."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from luoshi.office.access import Actor
from luoshi.supervision import colour_schemes
from luoshi.supervision.models import Assignment, LedgerLine
from luoshi.supervision.outlook.gantt_drawn import Worked, stops_of
from luoshi.supervision.queries import ledger
from luoshi.supervision.queries.ledger import LedgerRow, Page, Wanted

PAGE = 60


@dataclass(frozen=True, slots=True)
class Barred:
    """One line of the ledger with what its bar shows."""

    row: LedgerRow
    worked: Worked


def page(
    actor: Actor, wanted: Wanted, today: dt.date, first: dt.date | None, last: dt.date | None
) -> tuple[Page, list[Barred]]:
    """Return one page of the reader's ledger, due from ``first`` to ``last``, with its bars: three queries."""
    keys, marks = ledger.ordered(actor, wanted, today), colour_schemes.day_of(actor.county_id, today)
    if first is not None:
        keys = keys.filter(due_on__gte=first)
    if last is not None:
        keys = keys.filter(due_on__lte=last)
    found = ledger.paged(list(keys[: PAGE + 1]), wanted, PAGE, lambda some: ledger.rows_of(some, marks))
    return found, with_bars(found.rows, today)


def with_bars(rows: tuple[LedgerRow, ...], today: dt.date) -> list[Barred]:
    """Return rows with their bars. A share that is settled counts as wholly done, a cancelled one not at all."""
    shares = defaultdict(list)
    found = Assignment.objects.filter(task_id__in=[row.task_id for row in rows]).exclude(state="cancelled")
    for task_id, given_on, percent, state, events in found.values_list(
        "task_id", "assigned_on", "percent", "state", "duty__events"
    ):
        shares[task_id].append((given_on, 100 if state in ("done", "closed") else percent, events or []))
    return [Barred(row, _worked(row, shares.get(row.task_id, []), today)) for row in rows]


def _worked(row: LedgerRow, shares: list[tuple[dt.date, int, list[dict[str, str]]]], today: dt.date) -> Worked:
    due_on = None if row.due_on in (None, LedgerLine.NO_DAY) else row.due_on
    given = min((given_on for given_on, *_ in shares), default=min(due_on or today, today))
    percent = sum(percent for _, percent, _ in shares) // len(shares) if shares else 0
    stops = sorted({stop for *_, events in shares for stop in stops_of(events)}, key=lambda stop: stop[0])
    return Worked(given, due_on, row.done_on, percent, tuple(stops))
