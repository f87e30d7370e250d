"""The shares an actor may read, as rows of a table: only their keys are held, the rest is read a few at a time."""

import datetime as dt
from array import array
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection

from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.supervision import clocks
from luoshi.supervision.models import Assignment
from luoshi.supervision.queries import ledger
from luoshi.supervision.queries.ledger import Wanted
from luoshi.supervision.readables import ASSIGNMENT
from luoshi.supervision.stages import STAGES
from luoshi.supervision.workbook.layouts import Layout

CHUNK = 1_000
ROLES = {
    "lead": Words("牵头", "Lead"),
    "support": Words("配合", "Support"),
    "responsible": Words("责任", "Responsible"),
}
STANDINGS = {
    "on_time": Words("按期", "On time"), "near": Words("临期", "Due soon"), "overdue": Words("逾期", "Overdue"),
    "suspended": Words("暂停", "Suspended"), "done": Words("办结", "Done"), "done_late": Words("逾期办结", "Done late"),
    "cancelled": Words("撤销", "Cancelled"),
}  # fmt: skip
FIELDS = (
    "number", "task", "plan", "unit", "role", "person", "printed", "due_on", "state", "standing", "percent", "text",
    "move", "extend_to", "extend_why", "note",
)  # fmt: skip
"""What a row says, in this order. The last four are wishes: the house has nothing to show for them."""
_SQL = (
    "SELECT a.id, t.number, t.sub, t.heading_zh, p.name_zh, u.short_zh, a.role, c.display_name, t.deadline_words, "
    "d.due_on, a.state, a.done_on, a.percent, r.text, d.account_id, a.reports_made FROM supervision_assignment a "
    "JOIN plans_task t ON t.id = a.task_id JOIN plans_plan p ON p.id = t.plan_id "
    "JOIN people_unit u ON u.id = a.unit_id LEFT JOIN duties_duty d ON d.id = a.duty_id "
    "LEFT JOIN people_account c ON c.id = d.account_id "
    "LEFT JOIN supervision_report r ON r.assignment_id = a.id AND r.number = a.reports_made "
    "WHERE a.id IN "
)
"""Written out, because field converters cost more on a hundred thousand rows than writing the workbook does."""


class Row(NamedTuple):
    """One share as a table shows it: ``values`` in the order of ``FIELDS``, and what of it an export has to keep."""

    share: int
    values: tuple[Any, ...]
    account: int
    report: int
    percent: int

    @property
    def cells(self) -> dict[str, Any]:
        """The values by column."""
        return dict(zip(FIELDS, self.values, strict=True))


def keys(actor: Actor, layout: Layout, wanted: Wanted, today: dt.date) -> "array[int]":
    """Return the ids of the shares of the filtered tasks that the actor may read, in the order of the plans."""
    tasks = ledger.lines(actor, wanted.plain, today).values("task_id")
    rows = Assignment.objects.filter(county_id=actor.county_id, task_id__in=tasks)
    if layout.own:
        rows = rows.filter(unit_id=actor.unit_id or 0)
    elif wanted.unit_id is not None:
        rows = rows.filter(unit_id=wanted.unit_id)
    seen = ASSIGNMENT.visible(actor, Assignment.objects.all())
    if ASSIGNMENT.grants.get(actor.role) != "county":
        rows = rows.filter(pk__in=seen.values("pk"))
    ordered = rows.order_by("task__plan_id", "task__order", "task_id", "role", "pk")
    return array("q", ordered.values_list("pk", flat=True).iterator(chunk_size=10_000))


def read(ids: Sequence[int], today: dt.date) -> Iterator[Row]:
    """Yield the rows of some shares in this order, a chunk at a time; a share that is gone meanwhile is left out.

    Whose rows they are was decided with ``keys``; here is only read.
    """
    drawn = _Drawn(today, ledger.near_limit(today))
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        found = {row[0]: row for row in _chunk(chunk)}
        yield from (drawn.row(found[pk]) for pk in chunk if pk in found)


def _chunk(ids: Sequence[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_SQL}({','.join(map(str, map(int, ids)))})")
        return list(cursor.fetchall())


_STATES = {code: state.words.zh for code, state in STAGES.states.items()}
_ROLES = {code: words.zh for code, words in ROLES.items()}


class _Drawn:
    """Puts database rows into words; days and standings, which repeat, are worked out once."""

    def __init__(self, today: dt.date, near: dt.date) -> None:
        self._today, self._near = today, near
        self._days: dict[Any, dt.date | None] = {None: None}
        self._standings: dict[tuple[Any, Any, Any], str] = {}

    def row(self, row: tuple[Any, ...]) -> Row:
        (
            pk, number, sub, heading, plan, unit, role, person, printed, due, state, done, percent, text, account,
            reports,
        ) = row  # fmt: skip
        key = (state, due, done)
        standing = self._standings.get(key)
        if standing is None:
            mark = clocks.standing(state, self._day(due), self._day(done), self._today, self._near)
            standing = self._standings[key] = STANDINGS[mark].zh
        values = (
            number + sub if sub else number, heading, plan, unit, _ROLES[role], person, printed, self._days[due],
            _STATES[state], standing, percent, text, None, None, None, None,
        )  # fmt: skip
        return Row(pk, values, account or 0, reports, percent)

    def _day(self, value: Any) -> dt.date | None:
        if value not in self._days:
            self._days[value] = dt.date.fromisoformat(value) if isinstance(value, str) else value
        return self._days[value]
