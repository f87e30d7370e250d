"""Duties, shares and reports as pages need them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Substr

from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.office.duties.models import Duty
from luoshi.office.evidence import attach
from luoshi.office.evidence.models import Attachment
from luoshi.office.ledger import Marked
from luoshi.office.people.models import Account, Unit
from luoshi.office.plans.models import Document, Task
from luoshi.supervision import colour_schemes
from luoshi.supervision.colour_schemes import Day
from luoshi.supervision.models import Assignment, Report
from luoshi.supervision.queries import rounds
from luoshi.supervision.readables import ASSIGNMENT, DUTY, REPORT, TASK
from luoshi.supervision.stages import STAGES

CONTEXT = 160
SHARES = Assignment.objects.select_related("task__plan", "unit__place", "duty")
REPORTS = Report.objects.select_related("assignment__task__plan", "assignment__unit__place", "assignment__duty")
PAGE = 50
DUTY_STATES = {
    "open": Words("待办", "To do"),
    "suspended": Words("中止", "Suspended"),
    "closed": Words("办结", "Finished"),
    "cancelled": Words("撤销", "Cancelled"),
}


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty as a line of an inbox. ``progress`` is the share's state, where the duty belongs to one.

    A recurring share stands in one line, its earliest open round; ``rounds_due`` and ``rounds_to_come`` count all its
    open rounds by whether their day has come, this one among them.
    """

    duty_id: int
    title: Words
    unit: Words
    due_on: dt.date | None
    standing: str
    progress: Words
    percent: int
    clause_id: str
    level: int
    closed_on: dt.date | None
    rounds_due: int = 0
    rounds_to_come: int = 0
    reported: bool = False
    mark: Marked | None = None


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One unit's share as a line of its task's page. ``duty_id`` is None where the reader may not open the duty."""

    assignment_id: int
    unit_id: int
    unit: Words
    role: str
    state: str
    state_words: Words
    percent: int
    due_on: dt.date | None
    standing: str
    duty_id: int | None
    mark: Marked | None = None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report that waits for review, or was decided on (``decision``, ``decided_on``)."""

    report_id: int
    duty_id: int
    number: int
    kind: str
    title: Words
    unit: Words
    reported_on: dt.date
    decision: str = ""
    decided_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ReportSeen:
    """A report on the page of its share, with its files."""

    report: Report
    by: str
    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The exact words a task comes from, with a little of the text around them."""

    document: Document
    before: str
    exact: str
    after: str


def duty(actor: Actor, duty_id: int) -> Duty | None:
    """Return one duty the actor may read."""
    rows = DUTY.visible(actor, Duty.objects.select_related("unit__place", "task__plan", "account"))
    return rows.filter(pk=duty_id).first()


def share(actor: Actor, assignment_id: int) -> Assignment | None:
    """Return one share the actor may read."""
    return ASSIGNMENT.visible(actor, SHARES).filter(pk=assignment_id).first()


def share_of(duty_row: Duty) -> Assignment | None:
    """Return the share a duty belongs to; a recurring share has had several duties."""
    if duty_row.subject_kind != "assignment":
        return None
    return SHARES.filter(pk=duty_row.subject_id, county_id=duty_row.county_id).first()


def task(actor: Actor, task_id: int) -> Task | None:
    """Return one task the actor may read."""
    rows = TASK.visible(actor, Task.objects.select_related("plan", "lead_unit"))
    return rows.filter(pk=task_id).first()


def report(actor: Actor, report_id: int) -> Report | None:
    """Return one report the actor may read."""
    return REPORT.visible(actor, REPORTS).filter(pk=report_id).first()


def finished(actor: Actor, today: dt.date, after: tuple[str, int] | None = None, size: int = PAGE) -> list[DutyRow]:
    """Return the finished duties of the actor's unit, the latest first; ``after`` is (closed day as ISO, id)."""
    rows = DUTY.visible(actor, Duty.objects.select_related("unit"))
    rows = rows.filter(unit_id=actor.unit_id or 0, state__in=("closed", "cancelled"), closed_on__isnull=False)
    if after is not None and after[0]:
        day = dt.date.fromisoformat(after[0])
        rows = rows.filter(closed_on__lte=day).exclude(closed_on=day, pk__gte=after[1])
    return _duty_rows(list(rows.order_by("-closed_on", "-pk")[:size]), today)


def inbox(
    actor: Actor, today: dt.date, *, mine: bool = False, villages: bool = False,
    after: tuple[str, int] | None = None, size: int = PAGE,
) -> list[DutyRow]:  # fmt: skip
    """Return duties of the actor's unit: those with a day first, by day; then those without.

    Of a recurring share only the earliest open round is returned, with how many there are.

    ``mine`` keeps those given to the actor in person, ``villages`` adds the units below a town's place.
    ``after`` is (day as ISO or empty, id) of the last row of the page before.
    """
    rows = DUTY.visible(actor, Duty.objects.select_related("unit"))
    if not villages:
        rows = rows.filter(unit_id=actor.unit_id or 0)
    if mine:
        rows = rows.filter(account_id=actor.account_id or 0)
    rows = rounds.earliest(rows.filter(state__in=rounds.OPEN), {"account_id": actor.account_id or 0} if mine else {})
    found: list[Duty] = []
    if after is None or after[0]:
        dated = rows.filter(due_on__isnull=False)
        if after is not None:
            day = dt.date.fromisoformat(after[0])
            dated = dated.filter(due_on__gte=day).exclude(due_on=day, pk__lte=after[1])
        found = list(dated.order_by("due_on", "pk")[:size])
    if len(found) < size:
        undated = rows.filter(due_on__isnull=True)
        if after is not None and not after[0]:
            undated = undated.filter(pk__gt=after[1])
        found += list(undated.order_by("pk")[: size - len(found)])
    return _duty_rows(found, today)


def inbox_count(actor: Actor) -> int:
    """Return how many duties stand open in the actor's unit, the open rounds of one share counted once."""
    rows = DUTY.visible(actor, Duty.objects.filter(unit_id=actor.unit_id or 0, state="open"))
    return rounds.earliest(rows, {}).count()


def _duty_rows(found: Sequence[Duty], today: dt.date) -> list[DutyRow]:
    day = colour_schemes.day_of(found[0].county_id, today) if found else None
    # A recurring share may owe several duties; its state speaks for the one it is working on.
    worked = Assignment.objects.filter(duty_id__in=[d.pk for d in found]).values_list("duty_id", "state", "percent")
    states = {duty_id: (state, percent) for duty_id, state, percent in worked}
    counted = rounds.counted(found, today)
    rows = []
    for one in found:
        state, percent = states.get(one.pk, ("", 0))
        progress = STAGES.states[state].words if state else DUTY_STATES[one.state]
        assert day is not None, "there is a duty"
        standing = day.standing(one.state, one.due_on, one.closed_on)
        rows.append(
            DutyRow(
                one.pk,
                one.words,
                one.unit.words,
                one.due_on,
                standing,
                progress,
                percent,
                one.clause_id,
                one.level,
                one.closed_on,
                *(counted.get((one.unit_id, one.subject_id), (0, 0)) if one.state in rounds.OPEN else (0, 0)),
                state == "reported",
                day.mark(standing),
            )
        )
    return rows


def to_review(actor: Actor, size: int = PAGE, after: int = 0) -> list[ReportRow]:
    """Return the reports of completion that wait for this actor's review, oldest first."""
    rows = REPORT.visible(actor, _waiting(actor)).filter(pk__gt=after)
    return [_report_row(r) for r in rows.select_related("assignment__task", "assignment__unit").order_by("pk")[:size]]


def decided(actor: Actor, size: int = PAGE, after: tuple[str, int] | None = None) -> list[ReportRow]:
    """Return the reports this person has decided on, the latest first; ``after`` is (day as ISO, id)."""
    rows = REPORT.visible(actor, Report.objects.filter(decided_by_id=actor.account_id or 0, decided_on__isnull=False))
    if after is not None and after[0]:
        day = dt.date.fromisoformat(after[0])
        rows = rows.filter(decided_on__lte=day).exclude(decided_on=day, pk__gte=after[1])
    rows = rows.select_related("assignment__task", "assignment__unit")
    return [_report_row(r) for r in rows.order_by("-decided_on", "-pk")[:size]]


def _report_row(r: Report) -> ReportRow:
    return ReportRow(
        r.pk, r.assignment.duty_id or 0, r.number, r.kind, r.assignment.task.words, r.assignment.unit.words,
        r.reported_on, r.decision, r.decided_on,
    )  # fmt: skip


def to_review_count(actor: Actor, up_to: int = 1_000) -> int:
    """Return how many reports wait for this actor, counted up to a limit."""
    return len(REPORT.visible(actor, _waiting(actor)).values_list("pk")[:up_to])


def _waiting(actor: Actor) -> QuerySet[Report]:
    rows = Report.objects.filter(county_id=actor.county_id, kind="done", decision="")
    if actor.role == "leading_office":
        above = Unit.objects.filter(pk=actor.unit_id or 0).values("parent_id")
        led = "assignment__task__plan__leading_unit_id"
        rows = rows.filter(Q(**{led: actor.unit_id}) | Q(**{f"{led}__in": above}))
    return rows if actor.role in ("supervisor", "leading_office") else rows.none()


def shares_of(actor: Actor, task_row: Task, today: dt.date, then: Sequence[Assignment] | None = None) -> list[ShareRow]:
    """Return the shares of a task the actor may read, lead first; ``then`` are its shares as of a past ``today``."""
    day = colour_schemes.day_of(actor.county_id, today)
    rows = list(SHARES.filter(task=task_row).order_by("pk")) if then is None else list(then)
    readable = set(
        DUTY.visible(actor, Duty.objects.filter(pk__in=[r.duty_id for r in rows if r.duty_id])).values_list(
            "pk", flat=True
        )
    )
    order = {"lead": 0, "responsible": 1, "support": 2}
    return [_share_row(row, day, readable) for row in sorted(rows, key=lambda r: (order.get(r.role, 3), r.pk))]


def _share_row(row: Assignment, day: Day, readable: set[int]) -> ShareRow:
    due_on = row.duty.due_on if row.duty else None
    standing = day.standing(row.state, due_on, row.done_on)
    return ShareRow(
        row.pk, row.unit_id, row.unit.words, row.role, row.state, STAGES.states[row.state].words, row.percent, due_on,
        standing, row.duty_id if row.duty_id in readable else None, day.mark(standing),
    )  # fmt: skip


def reports_of(actor: Actor, share_row: Assignment, until: dt.date | None = None) -> list[ReportSeen]:
    """Return the reports of a share the actor may read, newest first, with their files.

    ``until`` a past day: what was reported by then, and what had been decided on it by then.
    """
    rows = list(REPORT.visible(actor, Report.objects.filter(assignment=share_row)).order_by("-number"))
    if until is not None:
        rows = [row for row in rows if row.reported_on <= until]
    for row in rows:
        if until is not None and row.decided_on is not None and row.decided_on > until:
            row.decision, row.decided_on, row.decided_by, row.reason = "", None, None, ""
    files = attach.of(share_row.county_id, "report", [r.pk for r in rows])
    names = dict(Account.objects.filter(pk__in={r.reported_by_id for r in rows}).values_list("pk", "display_name"))
    return [ReportSeen(r, names.get(r.reported_by_id, ""), tuple(files.get(str(r.pk), ()))) for r in rows]


def excerpt(task_row: Task) -> Excerpt | None:
    """Return the exact words a task comes from, read as a piece of the stored text, or None when it is not stored."""
    first, last = task_row.span_from, task_row.span_to
    if task_row.document_id is None or first is None or last is None:
        return None
    begin = max(0, first - CONTEXT)
    rows: QuerySet[Any] = Document.objects.filter(pk=task_row.document_id, county_id=task_row.county_id)
    found = rows.defer("text").annotate(piece=Substr("text", begin + 1, last - begin + CONTEXT)).first()
    if found is None or not found.piece:
        return None
    before, after = max(first, found.span_from) - begin, last - begin
    start = max(0, found.span_from - begin)
    end = max(after, min(len(found.piece), found.span_to - begin)) if found.span_to else len(found.piece)
    return Excerpt(found, found.piece[start:before], found.piece[before:after], found.piece[after:end])
