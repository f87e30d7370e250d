"""Checks: planned within their limits, approved, told to the units in time to mend, cancelled."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from luoshi.core.calendar import default_calendar
from luoshi.core.outcome import Granted, Outcome, Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Where
from luoshi.office.actions import Call, Decision, Done, Inputs, action
from luoshi.office.duties import verbs
from luoshi.office.duties.models import Duty
from luoshi.office.notices import outbox
from luoshi.office.people.models import Post, Unit
from luoshi.supervision.actions.inputs import told
from luoshi.supervision.actions.subjects import missing
from luoshi.supervision.load import check_rules, counted, meter, papers, scheme, taking
from luoshi.supervision.load.actions.asks import resolve
from luoshi.supervision.load.actions.inputs import (
    SENDERS,
    CheckInputs,
    CheckReasonInputs,
    LongText,
    Title,
    Units,
)
from luoshi.supervision.load.models import Check, CheckedUnit
from luoshi.supervision.stages import REVIEW

Ground = Literal["", "superior", "clue", "emergency", "recheck"]
APPROVERS = {"county_head": "county"}
STATES = {
    "planned": Words("待批准", "Waits for approval"),
    "approved": Words("已批准", "Approved"),
    "concluded": Words("已作结论", "Concluded"),
    "cancelled": Words("已取消", "Cancelled"),
}


class PlanInputs(Inputs):
    """What is checked, where, when, on which order, and the ground that lifts the limit of frequency."""

    title: Title
    content: LongText
    scope: LongText
    basis: Annotated[str, told("依据", "Basis", "交办文件或条款", "the order or clause", min_length=2, max_length=300)]
    units: Units
    visit_from: Annotated[dt.date, told("检查开始日", "First day")]
    visit_to: Annotated[dt.date, told("检查结束日", "Last day")]
    ground: Annotated[
        Ground,
        told(
            "重复检查的法定情形", "Lawful ground for a second check",
            "superior 上级交办、clue 问题线索、emergency 突发事件、recheck 复核",
            "superior, clue, emergency or recheck",
        ),
    ] = ""  # fmt: skip
    ground_text: Annotated[str, told("情形说明", "About the ground", max_length=500)] = ""


@dataclass(frozen=True, slots=True)
class Planning:
    """The planner's unit and the units to be checked, locked."""

    county_id: int
    by_unit_id: int
    units: dict[int, Unit]


def _load_plan(call: Call, inputs: PlanInputs) -> Planning:
    units = taking.lock_units(resolve(call.actor.county_id, inputs.units))
    if not units:
        raise missing("units", "单位", "unit")
    return Planning(call.actor.county_id, call.actor.unit_id or 0, units)


def other_checks(
    county_id: int, unit_ids: Sequence[int], first: dt.date, besides: int = 0
) -> dict[int, list[tuple[dt.date, str]]]:
    """Return, by unit, days and titles of its checks near a day that were not cancelled."""
    gap = dt.timedelta(days=scheme.on(first).check.gap_days)
    rows = CheckedUnit.objects.filter(
        county_id=county_id, unit_id__in=unit_ids, check_of__visit_from__gt=first - gap,
        check_of__visit_from__lt=first + gap,
    )  # fmt: skip
    found: dict[int, list[tuple[dt.date, str]]] = {}
    rows = rows.exclude(check_of__state="cancelled").exclude(check_of_id=besides)
    for unit_id, day, title in rows.values_list("unit_id", "check_of__visit_from", "check_of__title"):
        found.setdefault(unit_id, []).append((day, title))
    return found


def rooms_of(
    county_id: int, unit_ids: Sequence[int], first: dt.date, last: dt.date, today: dt.date
) -> list[meter.Room]:
    """Return the room in the weeks of a visit, each visiting day counted in its week."""
    cost = scheme.on(today).kinds["check"].cost(days=1)
    days = meter.visit_days(first, last, default_calendar()) if last >= first else []
    return counted.rooms(county_id, [(unit_id, day, cost) for unit_id in unit_ids for day in days], today)


@action(
    "check.plan",
    Words("拟定督查检查", "Plan a check"),
    subject="check",
    grants=SENDERS,
    inputs=PlanInputs,
    load=_load_plan,
    where=lambda planning: Where(planning.county_id, frozenset({planning.by_unit_id})),
    clauses=(REVIEW,),
)
def plan(call: Call, planning: Planning, inputs: PlanInputs) -> Decision:
    """Write a check down for approval, where its days, its frequency and the units' weeks allow it."""
    if inputs.ground and not inputs.ground_text:
        raise Problem(
            "ground_text",
            Words("选择了法定情形，须写明具体情况。", "A lawful ground needs its facts."),
            Words("请填写交办文号、线索编号等。", "Give the number of the order or clue."),
            status=422,
        )
    limits, ids = scheme.on(call.today).check, list(planning.units)
    fits = check_rules.days_fit(inputs.visit_from, inputs.visit_to, call.today, default_calendar(), limits)
    if isinstance(fits, Refused):
        return fits
    names = {pk: unit.words for pk, unit in planning.units.items()}
    others = other_checks(planning.county_id, ids, inputs.visit_from)
    often = check_rules.not_too_often(others, names, inputs.visit_from, inputs.ground, limits)
    if isinstance(often, Refused):
        return often
    rooms = rooms_of(planning.county_id, ids, inputs.visit_from, inputs.visit_to, call.today)
    room = meter.within_cap(rooms)
    if isinstance(room, Refused) and not inputs.ground:
        return room
    check = Check.objects.create(
        county_id=planning.county_id, by_unit_id=planning.by_unit_id, by_id=call.actor.account_id, title=inputs.title,
        content=inputs.content, scope=inputs.scope, basis=inputs.basis, ground=inputs.ground,
        ground_text=inputs.ground_text, visit_from=inputs.visit_from, visit_to=inputs.visit_to, planned_on=call.today,
    )  # fmt: skip
    CheckedUnit.objects.bulk_create(CheckedUnit(county_id=check.county_id, check_of=check, unit_id=pk) for pk in ids)
    _ask_to_approve(call, check, limits.mend_working_days)
    return Done(
        Words(
            f"拟定检查“{check.title}”，{len(ids)}个单位，{check.visit_from}至{check.visit_to}。",
            f"Planned the check “{check.title}” of {len(ids)} units, {check.visit_from} to {check.visit_to}.",
        ),
        after={"units": ids, "ground": inputs.ground},
        facts={"minutes": sum(r.added for r in rooms)},
        values={"check": check.pk},
        subject_id=check.pk,
    )


def _ask_to_approve(call: Call, check: Check, mend_working_days: int) -> None:
    """Give the county head's unit the duty to decide, by the last day that leaves the units their time to mend."""
    heads = Post.objects.filter(county_id=check.county_id, role__in=APPROVERS, closed=False).order_by("unit_id")
    last = default_calendar().add_working_days(check.visit_from, -mend_working_days - 1)
    title = Words(f"批准检查：{check.title}", f"Approve the check: {check.title}")
    openings = [
        verbs.Opening(check.county_id, unit_id, title, "check", check.pk, last, clause_id=REVIEW)
        for unit_id in heads.values_list("unit_id", flat=True).distinct()
    ]
    verbs.open_duties(openings, call.today)


def _decided(call: Call, check: Check, state: str) -> None:
    """Close the duty to decide on a check."""
    duties = Duty.objects.select_for_update().filter(
        county_id=check.county_id, subject_kind="check", subject_id=str(check.pk), state="open"
    )
    for duty in duties.order_by("pk"):
        verbs.close(duty, call.today, state)


def load_check(call: Call, inputs: CheckInputs) -> Check:
    """Return the check, locked."""
    rows = Check.objects.select_for_update(of=("self",)).select_related("by_unit")
    found = rows.filter(pk=inputs.check_id, county_id=call.actor.county_id).first()
    if found is None:
        raise missing("check_id", "检查", "check")
    return found


def where_planned(check: Check) -> Where:
    """At the unit that planned it."""
    return Where(check.county_id, frozenset({check.by_unit_id}))


def in_state(check: Check, wanted: str) -> Outcome:
    """Answer whether a check is in one state."""
    if check.state == wanted:
        return Granted()
    now = STATES[check.state]
    return refuse(
        "check_state", f"检查{now.zh}，现在不能办这一步。", f"The check is “{now.en}”; this cannot be done now.",
        Words("请刷新页面查看现状。", "Reload the page to see its state."), (REVIEW,), state=check.state,
    )  # fmt: skip


def may_approve(call: Call, check: Check) -> Outcome:
    """A planned check is approved by another than its planner, while the units still have time to mend."""
    stands = in_state(check, "planned")
    if not stands:
        return stands
    if check.by_id == call.actor.account_id:
        return refuse(
            "own_check", "拟定人不能批准自己的检查。", "Nobody approves a check of their own.",
            Words("请由另一位县领导批准。", "Let another county head approve it."), (REVIEW,),
        )  # fmt: skip
    return check_rules.days_fit(
        check.visit_from, check.visit_to, call.today, default_calendar(), scheme.on(call.today).check
    )


@action(
    "check.approve",
    Words("批准检查", "Approve a check"),
    subject="check",
    grants=APPROVERS,  # type: ignore[arg-type]
    inputs=CheckInputs,
    load=load_check,
    where=where_planned,
    why_not=may_approve,
    clauses=(REVIEW,),
)
def approve(call: Call, check: Check, inputs: CheckInputs) -> Decision:
    """Let a check go ahead and tell each unit on paper, with the days it has to correct itself."""
    limits = scheme.on(call.today).check
    check.state, check.approved_on, check.approved_by_id = "approved", call.today, call.actor.account_id
    _decided(call, check, "closed")
    check.mend_by = default_calendar().add_working_days(call.today, limits.mend_working_days)
    check.save(update_fields=["state", "approved_on", "approved_by", "mend_by"])
    told = check.units.select_related("unit").order_by("unit_id")
    for row in told:
        body = papers.numbered([
            ("检查内容", [check.content]),
            ("检查范围", [check.scope]),
            ("检查依据", [check.basis, _ground_line(check)]),
            ("时间安排", [
                f"{papers.day(check.visit_from)}至{papers.day(check.visit_to)}进行检查。请于{papers.day(check.mend_by)}前"
                "自查自纠，并在本系统填写自查情况；已自行纠正的，检查时只作核实。"
            ]),
            ("答复和异议", [taking.objecting(call)]),
        ])  # fmt: skip
        papers.issue(call, "check_notice", row.unit, f"关于开展“{check.title}”的通知", body, checked=row)
    tell(call, check, [r.unit_id for r in told], "check_notice")
    return said(check, Words("批准", "approved"))


def _ground_line(check: Check) -> str:
    if not check.ground:
        return ""
    words = scheme.on(check.planned_on).check.grounds[check.ground]
    return f"再次检查的情形：{words.zh}，{check.ground_text}。"


def tell(call: Call, check: Check, unit_ids: Sequence[int], kind: str) -> None:
    """Send a message of this kind to units, once each."""
    calendar = default_calendar()
    for unit_id in unit_ids:
        outbox.enqueue(
            call, f"{kind}:{check.pk}:{unit_id}", kind, {"check": check.pk, "zh": check.title, "en": check.title},
            unit_id=unit_id, not_before=outbox.quiet_until(call.now, calendar),
        )  # fmt: skip


def may_cancel(call: Call, check: Check) -> Outcome:
    """A check can be cancelled until its visit begins."""
    if check.state == "approved" and call.today >= check.visit_from:
        return refuse(
            "visit_began", "检查已经开始，应作出结论。", "The visit has begun; it ends with a conclusion.",
            Words("请在结束后作出督查结论。", "Conclude it when it is over."), (REVIEW,),
        )  # fmt: skip
    return Granted() if check.state in ("planned", "approved") else in_state(check, "approved")


@action(
    "check.cancel",
    Words("取消检查", "Cancel a check"),
    subject="check",
    grants=SENDERS,
    inputs=CheckReasonInputs,
    load=load_check,
    where=where_planned,
    why_not=may_cancel,
    clauses=(REVIEW,),
)
def cancel(call: Call, check: Check, inputs: CheckReasonInputs) -> Decision:
    """Cancel a check, with the reason; units that were told are told again, and it no longer counts."""
    was = check.state
    _decided(call, check, "cancelled")
    check.state, check.end_note = "cancelled", inputs.reason
    check.save(update_fields=["state", "end_note"])
    if was == "approved":
        tell(call, check, list(check.units.values_list("unit_id", flat=True)), "check_cancelled")
    return said(check, Words("取消", "cancelled"), inputs.reason)


def said(check: Check, verb: Words, why: str = "") -> Done:
    """Return what the journal says of a check."""
    more = Words(f"：{why}" if why else "", f": {why}" if why else "")
    return Done(
        Words(f"{verb.zh}检查“{check.title}”{more.zh}。", f"The check “{check.title}” {verb.en}{more.en}."),
        after={"state": check.state, "reason": why},
    )
