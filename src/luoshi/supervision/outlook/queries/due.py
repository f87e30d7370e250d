"""What falls due in a stretch of days: counts of every day, and the first few tasks of each."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import connection
from django.db.models import Count

from luoshi.office.access import Actor
from luoshi.supervision import colour_schemes
from luoshi.supervision.queries import ledger
from luoshi.supervision.queries.ledger import LedgerRow, Wanted

SHOWN = 3
OVER = ("done", "closed")


def counted(
    actor: Actor, wanted: Wanted, today: dt.date, first: dt.date, last: dt.date
) -> dict[dt.date, dict[str, int]]:
    """Return how many tasks of the reader's ledger are due on each day, by state; cancelled ones left out."""
    rows: Any = ledger.lines(actor, wanted, today).filter(due_on__gte=first, due_on__lte=last)
    found: dict[dt.date, dict[str, int]] = defaultdict(dict)
    for day, state, n in (
        rows.exclude(state="cancelled").order_by().values_list("due_on", "state").annotate(n=Count("pk"))
    ):
        found[day][state] = n
    return found


def firsts(
    actor: Actor, wanted: Wanted, today: dt.date, days: list[dt.date], size: int = SHOWN
) -> dict[dt.date, list[LedgerRow]]:
    """Return the first tasks of each of these days, open ones before finished ones: one statement for all days."""
    if not days:
        return {}
    parts, given = list[str](), list[Any]()
    for day in days:
        keys = ledger.lines(actor, wanted, today).filter(due_on=day).exclude(state="cancelled")
        sql, some = keys.order_by("-state", "task_id").values_list("due_on", "task_id")[:size].query.sql_with_params()
        parts.append(f"SELECT * FROM ({sql}) AS d{len(parts)}")  # noqa: S608 - the ORM's own, parameters apart
        given += some
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), given)
        found = [(_day(row[0]), row[1]) for row in cursor.fetchall()]
    shown: dict[dt.date, list[LedgerRow]] = defaultdict(list)
    for row in ledger.rows_of(found, colour_schemes.day_of(actor.county_id, today)):
        if row.due_on is not None:
            shown[row.due_on].append(row)
    return shown


def _day(value: Any) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)[:10])
