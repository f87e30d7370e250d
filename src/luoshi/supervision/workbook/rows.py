"""The shares an actor may read, as rows of a table: only their keys are held, the rest is read a few at a time."""

import datetime as dt
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery

from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.supervision import clocks
from luoshi.supervision.models import Assignment, Report
from luoshi.supervision.queries import ledger
from luoshi.supervision.queries.ledger import Wanted
from luoshi.supervision.readables import ASSIGNMENT
from luoshi.supervision.stages import STAGES
from luoshi.supervision.workbook.layouts import Layout

CHUNK = 1_000
ROLES = {"lead": Words("牵头", "Lead"), "support": Words("配合", "Support"), "responsible": Words("责任", "Responsible")}
STANDINGS = {
    "on_time": Words("按期", "On time"), "near": Words("临期", "Due soon"), "overdue": Words("逾期", "Overdue"),
    "suspended": Words("暂停", "Suspended"), "done": Words("办结", "Done"), "done_late": Words("逾期办结", "Done late"),
    "cancelled": Words("撤销", "Cancelled"),
}  # fmt: skip
_COLUMNS = (
    "pk", "task__number", "task__sub", "task__heading_zh", "task__plan__name_zh", "unit__short_zh", "role",
    "duty__account__display_name", "task__deadline_words", "duty__due_on", "state", "done_on", "percent",
    "last_text", "duty__account_id", "reports_made",
)  # fmt: skip


class Row(NamedTuple):
    """One share as a table shows it: ``cells`` by column code, and what of it an export has to keep."""

    share: int
    cells: Mapping[str, Any]
    account: int
    report: int
    percent: int


def keys(actor: Actor, layout: Layout, wanted: Wanted, today: dt.date) -> array[int]:
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
    """Yield the rows of some shares in this order, a chunk at a time; a share that is gone meanwhile is left out."""
    near = ledger.near_limit(today)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        found = {row[0]: row for row in _chunk(list(chunk))}
        yield from (_row(found[pk], today, near) for pk in chunk if pk in found)


def _chunk(ids: list[int]) -> Iterator[tuple[Any, ...]]:
    last = Report.objects.filter(assignment_id=OuterRef("pk"), number=OuterRef("reports_made"))
    rows = Assignment.objects.filter(pk__in=ids).annotate(last_text=Subquery(last.values("text")[:1]))
    yield from rows.order_by().values_list(*_COLUMNS).iterator(chunk_size=CHUNK)


_STATES = {code: state.words.zh for code, state in STAGES.states.items()}
_ROLES = {code: words.zh for code, words in ROLES.items()}
_STANDING = {code: words.zh for code, words in STANDINGS.items()}


def _row(row: tuple[Any, ...], today: dt.date, near: dt.date) -> Row:
    (
        pk, number, sub, heading, plan, unit, role, person, printed, due_on, state, done_on, percent, text, account,
        reports,
    ) = row  # fmt: skip
    cells = {
        "number": number + sub, "task": heading, "plan": plan, "unit": unit, "role": _ROLES[role], "person": person,
        "printed": printed, "due_on": due_on, "state": _STATES[state],
        "standing": _STANDING[clocks.standing(state, due_on, done_on, today, near)], "percent": percent, "text": text,
        "move": None, "extend_to": None, "extend_why": None, "note": None,
    }  # fmt: skip
    return Row(pk, cells, account or 0, reports, percent)
