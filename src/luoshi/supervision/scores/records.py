"""Reading the facts of a period out of the county's records: duties, shares, reports, hand-overs, targets, checks.

Set-based: a dozen statements whatever the size of the county. Nothing else of what is stored is looked at.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Q

from luoshi.core.calendar import Calendar
from luoshi.core.words import Words
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.duties.models import Duty
from luoshi.office.journal.models import Entry
from luoshi.office.people.models import Unit
from luoshi.office.plans.models import Target
from luoshi.supervision.load.models import CheckedUnit
from luoshi.supervision.models import Assignment, Consultation, Milestone, Report
from luoshi.supervision.scores.facts import CheckFact, Correction, DutyFact, Fact, Handed, Span, TargetFact
from luoshi.supervision.scores.models import Contest
from luoshi.supervision.scores.scheme import Scheme
from luoshi.supervision.scores.standing import Period
from luoshi.supervision.scores.waits import Owed, Share, give_holders, give_reports, give_waits

_OWED = (
    "id", "subject_id", "unit_id", "task_id", "opened_on", "due_on", "state", "closed_on", "title_zh", "title_en",
    "events", "task__plan__code",
)  # fmt: skip
Corrections = Mapping[tuple[int, str], tuple[Correction, ...]]


@dataclass(slots=True)
class Read:
    """A duty with what only its fact needs."""

    owed: Owed
    words: Words
    plan: str
    moves: tuple[tuple[str, str, str, str], ...] = field(default=())


def facts(
    county_id: int, plan_id: int | None, period: Period, scheme: Scheme, calendar: Calendar
) -> dict[int, list[Fact]]:
    """Return the facts of each unit that has any, in order of duty, milestone, target, check."""
    corrections = _corrections(county_id)
    found: dict[int, list[Fact]] = defaultdict(list)
    for unit, fact in _duties(county_id, plan_id, period, scheme, calendar, corrections):
        found[unit].append(fact)
    for unit, fact in _milestones(county_id, plan_id, period, corrections):
        found[unit].append(fact)
    for unit, fact in _targets(county_id, plan_id, period, corrections):
        found[unit].append(fact)
    if plan_id is None:
        for unit, fact in _checks(county_id, period, corrections):
            found[unit].append(fact)
    return dict(found)


def _duties(
    county_id: int, plan_id: int | None, period: Period, scheme: Scheme, calendar: Calendar, corrections: Corrections
) -> Iterator[tuple[int, Fact]]:
    read = _read(county_id, plan_id, period)
    owed = [r.owed for r in read.values()]
    shares, units = _shares(county_id, plan_id), _names(county_id)
    by_share: dict[int, list[Owed]] = defaultdict(list)
    for duty in owed:
        by_share[duty.share].append(duty)
    give_reports(owed, _reports(county_id, plan_id, period))
    give_waits(owed, shares, units, scheme.sign_for_days, calendar)
    for share_id, made_on, wait in _consulted(county_id, plan_id, period, units):
        for duty in by_share.get(share_id, ()):
            if duty.opened_on <= made_on and (duty.closed_on is None or duty.closed_on >= made_on):
                duty.waits.append(wait)
    for duty_id, handed in _handed_over(county_id).items():
        if duty_id in read:
            give_holders(read[duty_id].owed, handed, units)
    for one in read.values():
        duty = one.owed
        if duty.due_on is None or duty.due_on > period.to_on:
            continue
        share = shares.get(duty.share)
        yield duty.unit, DutyFact(
            duty.id, duty.task, one.words, one.plan, share.role if share else "", duty.opened_on, duty.promised_on,
            duty.due_on, duty.state, duty.closed_on, one.moves, tuple(duty.reports), tuple(duty.waits),
            corrections.get((duty.unit, f"duty-{duty.id}"), ()),
        )  # fmt: skip


def _read(county_id: int, plan_id: int | None, period: Period) -> dict[int, Read]:
    rows = Duty.objects.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gte=period.from_on) | Q(due_on__gte=period.from_on),
        county_id=county_id, subject_kind="assignment", opened_on__lte=period.to_on, task__isnull=False,
    )  # fmt: skip
    if plan_id is not None:
        rows = rows.filter(task__plan_id=plan_id)
    found: dict[int, Read] = {}
    for pk, share, unit, task, opened, due, state, closed, zh, en, events, plan in rows.order_by("pk").values_list(
        *_OWED
    ):
        moves = _moves(events)
        first = next((m[2] for m in moves if m[2]), "")
        promised = dt.date.fromisoformat(first) if first else due
        owed = Owed(pk, int(share), unit, task, opened, promised, due, state, closed)
        found[pk] = Read(owed, Words(zh, en or zh), plan, moves)
    return found


def _moves(events: list[dict[str, Any]]) -> tuple[tuple[str, str, str, str], ...]:
    return tuple((e["kind"], e["on"], e.get("from") or "", e.get("to") or "") for e in events if e["kind"] != "start")


def _shares(county_id: int, plan_id: int | None) -> dict[int, Share]:
    rows = Assignment.objects.filter(county_id=county_id)
    if plan_id is not None:
        rows = rows.filter(task__plan_id=plan_id)
    return {
        pk: Share(task, unit, role, assigned, accepted, state == "cancelled")
        for pk, task, unit, role, assigned, accepted, state in rows.values_list(
            "id", "task_id", "unit_id", "role", "assigned_on", "accepted_on", "state"
        )
    }


def _reports(county_id: int, plan_id: int | None, period: Period) -> dict[int, list[Handed]]:
    rows = Report.objects.filter(county_id=county_id, kind="done", reported_on__lte=period.to_on)
    if plan_id is not None:
        rows = rows.filter(assignment__task__plan_id=plan_id)
    found: dict[int, list[Handed]] = defaultdict(list)
    columns = ("assignment_id", "number", "reported_on", "decision", "decided_on")
    for share, number, on, decision, decided in rows.order_by("assignment_id", "number").values_list(*columns):
        found[share].append(Handed(number, on, decision, decided))
    return found


def _consulted(
    county_id: int, plan_id: int | None, period: Period, units: Mapping[int, str]
) -> Iterator[tuple[int, dt.date, Span]]:
    """Yield share, day of asking and wait for every consultation that was not answered by its day."""
    rows = Consultation.objects.filter(county_id=county_id, due_on__lt=period.to_on)
    if plan_id is not None:
        rows = rows.filter(share__task__plan_id=plan_id)
    columns = ("share_id", "unit_id", "made_on", "due_on", "answered_on", "ended_on")
    for share, unit, made, due, answered, ended in rows.order_by("pk").values_list(*columns):
        until = answered or ended
        if until is None or until > due:
            yield share, made, Span("asked", due, until, units.get(unit, ""))


def _handed_over(county_id: int) -> dict[int, list[tuple[dt.date, int]]]:
    """Return day and unit before of every hand-over, by duty; the journal alone remembers them."""
    entries = Entry.objects.filter(
        county_id=county_id, subject_kind="assignment", action="assignment.hand_over", outcome="granted"
    ).order_by("pk")
    found: dict[int, list[tuple[dt.date, int]]] = defaultdict(list)
    for at, content in entries.values_list("at", "content"):
        said = json.loads(content)
        found[said["after"]["duty"]].append((at.astimezone(COUNTY_ZONE).date(), said["before"]["unit"]))
    return found


def _milestones(
    county_id: int, plan_id: int | None, period: Period, corrections: Corrections
) -> Iterator[tuple[int, Fact]]:
    rows = Milestone.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=period.from_on) | Q(due_on__gte=period.from_on),
        county_id=county_id, due_on__lte=period.to_on, made_on__lte=period.to_on,
    )  # fmt: skip
    if plan_id is not None:
        rows = rows.filter(task__plan_id=plan_id)
    for one in rows.select_related("share__duty", "task__plan").order_by("pk"):
        share, duty = one.share, one.share.duty
        state = {"reached": "closed", "dropped": "cancelled"}.get(
            one.state, "suspended" if share.state == "suspended" else "open"
        )
        plain = DutyFact(
            one.pk, one.task_id, Words(one.words, one.words), one.task.plan.code, share.role, one.made_on, one.due_on,
            one.due_on, state, one.ended_on, kind="milestone",
            corrections=corrections.get((share.unit_id, f"milestone-{one.pk}"), ()),
        )  # fmt: skip
        stopped = replace(plain, moves=_moves(duty.events)).stops if duty is not None else []
        yield share.unit_id, replace(plain, waits=tuple(stopped))


def _targets(
    county_id: int, plan_id: int | None, period: Period, corrections: Corrections
) -> Iterator[tuple[int, Fact]]:
    rows = Target.objects.filter(
        county_id=county_id, value__isnull=False, task__every__isnull=True, task__replaced_on__isnull=True,
        task__due_on__range=(period.from_on, period.to_on), task__assignments__role__in=("lead", "responsible"),
    ).exclude(task__state="cancelled")  # fmt: skip
    if plan_id is not None:
        rows = rows.filter(task__plan_id=plan_id)
    columns = (
        "id", "task_id", "words_zh", "words_en", "op", "value", "reached", "reached_on", "task__due_on",
        "task__assignments__unit_id",
    )  # fmt: skip
    for pk, task, zh, en, op, value, reached, on, due, unit in rows.order_by("pk").values_list(*columns):
        mine = corrections.get((unit, f"target-{pk}"), ())
        text = None if reached is None else _plain(reached)
        yield unit, TargetFact(pk, task, Words(zh, en or zh), op, _plain(value), text, on, due, mine)


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _checks(county_id: int, period: Period, corrections: Corrections) -> Iterator[tuple[int, Fact]]:
    rows = CheckedUnit.objects.filter(
        county_id=county_id, check_of__state="concluded", check_of__concluded_on__range=(period.from_on, period.to_on)
    )
    for one in rows.select_related("check_of").prefetch_related("findings").order_by("pk"):
        faults = tuple((f.mend_by, f.mended_on) for f in sorted(one.findings.all(), key=lambda f: f.pk))
        concluded: Any = one.check_of.concluded_on
        mine = corrections.get((one.unit_id, f"check-{one.pk}"), ())
        yield one.unit_id, CheckFact(one.pk, one.check_of.words, concluded, faults, mine)


def _names(county_id: int) -> dict[int, str]:
    return dict(Unit.objects.filter(county_id=county_id).values_list("pk", "short_zh"))


def _corrections(county_id: int) -> Corrections:
    """Return what was granted on contests, by unit and item: it holds in every later run."""
    found: dict[tuple[int, str], tuple[Correction, ...]] = {}
    rows = Contest.objects.filter(county_id=county_id, state="upheld").order_by("pk")
    for pk, unit, item, said in rows.values_list("id", "scoresheet__unit_id", "item", "correction"):
        on = dt.date.fromisoformat(said["on"]) if said.get("on") else None
        one = Correction(pk, said["kind"], said.get("days") or 0, on, said.get("report") or 0)
        found[unit, item] = (*found.get((unit, item), ()), one)
    return found
