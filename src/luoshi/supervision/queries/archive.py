"""The archive: closed tasks by plan, unit and the year in which they were done, newest promised day first."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.office.plans.models import Task
from luoshi.supervision.models import LedgerLine
from luoshi.supervision.queries import ledger
from luoshi.supervision.queries.ledger import Wanted
from luoshi.supervision.queries.row_values import RowCompared

PAGE = 50
_KEY = ("due_on", "task_id")


@dataclass(frozen=True, slots=True)
class Filed:
    """A closed task as a line of the archive; ``key`` is its place in the pages."""

    task_id: int
    number: str
    heading: Words
    plan: Words
    units: str
    due_on: dt.date | None
    done_on: dt.date | None
    standing: str
    key: str


def page(actor: Actor, wanted: Wanted, year: int | None, today: dt.date, size: int = PAGE) -> list[Filed]:
    """Return up to ``size`` closed tasks the actor may see after ``wanted.cursor``."""
    rows = _lines(actor, wanted, year, today)
    if wanted.cursor:
        rows = rows.filter(RowCompared(_KEY, "<", ledger.read_cursor(wanted)))
    keys = list(rows.order_by("-due_on", "-task_id").values_list(*_KEY)[:size])
    return list(_filed(keys))


def years(actor: Actor, today: dt.date) -> list[int]:
    """Return the years in which closed tasks that the actor may see were done, the latest first."""
    rows = _lines(actor, Wanted(), None, today).filter(task__done_on__isnull=False)
    return sorted(set(rows.values_list("task__done_on__year", flat=True).distinct()), reverse=True)


def _lines(actor: Actor, wanted: Wanted, year: int | None, today: dt.date) -> QuerySet[LedgerLine]:
    asked = Wanted(wanted.plan_id, wanted.unit_id, state="closed")
    rows = ledger.lines(actor, asked, today)
    if year is None:
        return rows
    return rows.filter(task__done_on__gte=dt.date(year, 1, 1), task__done_on__lte=dt.date(year, 12, 31))


def _filed(keys: list[tuple[dt.date, int]]) -> Iterator[Filed]:
    tasks = Task.objects.select_related("plan").in_bulk([task_id for _, task_id in keys])
    for day, task_id in keys:
        task = tasks[task_id]
        late = task.due_on is not None and task.done_on is not None and task.done_on > task.due_on
        yield Filed(
            task.pk, task.number + task.sub, task.words, task.plan.words, task.units_text, task.due_on, task.done_on,
            "done_late" if late else "done", f"{day}_{task_id}",
        )  # fmt: skip
