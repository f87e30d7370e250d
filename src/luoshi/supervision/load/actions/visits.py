"""The visit of a check: self-correction before it, findings during it, mending, and the written conclusion."""

import datetime as dt
from typing import Annotated

from luoshi.core.outcome import Granted, Outcome, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Where
from luoshi.office.actions import Call, Decision, Done, Inputs, action
from luoshi.office.duties import verbs
from luoshi.office.duties.models import Duty
from luoshi.office.evidence import attach
from luoshi.supervision.actions.inputs import Files, Text, told
from luoshi.supervision.actions.subjects import missing
from luoshi.supervision.load import papers, taking
from luoshi.supervision.load.actions.checks import in_state, load_check, said, tell, where_planned
from luoshi.supervision.load.actions.inputs import ANSWERING, SENDERS, CheckInputs, LongText
from luoshi.supervision.load.models import Check, CheckedUnit, Finding
from luoshi.supervision.stages import REVIEW


class CorrectInputs(Inputs):
    """What a unit corrected by itself."""

    checked_id: Annotated[int, told("受检单位编号", "Unit of a check", ge=1)]
    text: Text


class FindInputs(Inputs):
    """One finding at one unit."""

    checked_id: Annotated[int, told("受检单位编号", "Unit of a check", ge=1)]
    text: LongText
    clause_id: Annotated[str, told("违反的条款", "Clause", "条款编号", "id of the clause", min_length=2, max_length=60)]
    evidence: Annotated[
        str, told("证据", "Evidence", "在何处、何记录上发现", "where it was seen, on which record", min_length=2,
                  max_length=2000)
    ]  # fmt: skip
    mend_by: Annotated[dt.date, told("整改期限", "Day to mend by")]
    files: Files = ()


class MendInputs(Inputs):
    """How a finding was mended."""

    finding_id: Annotated[int, told("问题编号", "Finding", ge=1)]
    text: Text


class ConcludeInputs(CheckInputs):
    """The written conclusion."""

    text: LongText


def _load_checked(call: Call, inputs: CorrectInputs | FindInputs) -> CheckedUnit:
    # With its check: what is found while somebody concludes it is in the conclusion, or is refused.
    rows = CheckedUnit.objects.select_for_update(of=("self", "check_of")).select_related("check_of", "unit__place")
    found = rows.filter(pk=inputs.checked_id, county_id=call.actor.county_id).first()
    if found is None:
        raise missing("checked_id", "受检单位", "unit of a check")
    return found


def where_checked(row: CheckedUnit) -> Where:
    """At the unit that is checked, and its place."""
    place = row.unit.place
    return Where(row.county_id, frozenset({row.unit_id}), place.path if place else None)


def may_correct(call: Call, row: CheckedUnit) -> Outcome:
    """A unit tells what it corrected before the visit begins."""
    stands = in_state(row.check_of, "approved")
    if not stands:
        return stands
    if call.today >= row.check_of.visit_from:
        return refuse(
            "visit_began", "检查已经开始，自查时间已过。", "The visit has begun; the time to correct oneself is over.",
            Words("可在问题整改中说明。", "Say it when a finding is mended."), (REVIEW,),
        )  # fmt: skip
    return Granted()


@action(
    "check.self_correct",
    Words("报告自查自纠情况", "Report self-correction"),
    subject="checked_unit",
    grants=ANSWERING,
    inputs=CorrectInputs,
    load=_load_checked,
    where=where_checked,
    why_not=may_correct,
    clauses=(REVIEW,),
)
def self_correct(call: Call, row: CheckedUnit, inputs: CorrectInputs) -> Decision:
    """Keep what a unit corrected by itself before the visit; the latest words stand."""
    before = row.self_corrected
    row.self_corrected, row.self_corrected_on = inputs.text, call.today
    row.save(update_fields=["self_corrected", "self_corrected_on"])
    unit = row.unit.words
    return Done(
        Words(f"{unit.zh}报告自查自纠情况。", f"{unit.en} reported what it corrected."),
        before={"text": before}, after={"text": inputs.text},
    )  # fmt: skip


def may_find(call: Call, row: CheckedUnit) -> Outcome:
    """Findings are written from the first day of the visit until the conclusion."""
    stands = in_state(row.check_of, "approved")
    if not stands:
        return stands
    if call.today < row.check_of.visit_from:
        return refuse(
            "visit_not_begun", f"检查自{row.check_of.visit_from}开始。",
            f"The visit begins on {row.check_of.visit_from}.",
            Words("开始后再记录问题。", "Record findings from then on."), (REVIEW,),
        )  # fmt: skip
    return Granted()


@action(
    "check.find",
    Words("记录发现的问题", "Record a finding"),
    subject="checked_unit",
    grants=SENDERS,
    inputs=FindInputs,
    load=_load_checked,
    where=lambda row: where_planned(row.check_of),
    why_not=may_find,
    clauses=(REVIEW,),
)
def find(call: Call, row: CheckedUnit, inputs: FindInputs) -> Decision:
    """Record a finding with its clause, evidence and mending day; the unit gets a duty by that day."""
    if inputs.mend_by <= call.today:
        raise Problem(
            "mend_by",
            Words("整改期限应晚于今天。", "The day to mend by comes after today."),
            Words("请选择以后的日期。", "Choose a later day."),
            status=422,
        )
    finding = Finding.objects.create(
        county_id=row.county_id, checked=row, unit_id=row.unit_id, text=inputs.text, clause_id=inputs.clause_id,
        evidence=inputs.evidence, mend_by=inputs.mend_by, found_on=call.today,
    )  # fmt: skip
    files = attach.to(call, inputs.files, "finding", finding.pk)
    title = Words(f"整改：{inputs.text[:80]}", f"Mend: {inputs.text[:80]}")
    verbs.open_duties(
        [verbs.Opening(row.county_id, row.unit_id, title, "finding", finding.pk, inputs.mend_by)], call.today
    )
    unit = row.unit.words
    return Done(
        Words(f"检查发现{unit.zh}的问题：{inputs.text[:80]}。", f"Found at {unit.en}: {inputs.text[:80]}."),
        after={"text": inputs.text, "evidence": inputs.evidence, "files": files, "mend_by": str(inputs.mend_by)},
        values={"finding": finding.pk},
        clauses=(inputs.clause_id,),
    )


def _load_finding(call: Call, inputs: MendInputs) -> Finding:
    rows = Finding.objects.select_for_update(of=("self",)).select_related("checked__check_of", "unit__place")
    found = rows.filter(pk=inputs.finding_id, county_id=call.actor.county_id).first()
    if found is None:
        raise missing("finding_id", "问题", "finding")
    return found


def may_mend(call: Call, finding: Finding) -> Outcome:
    """A finding is mended once, also after the conclusion."""
    if finding.mended_on is None:
        return Granted()
    return refuse("mended", f"已于{finding.mended_on}整改。", f"It was mended on {finding.mended_on}.")


@action(
    "check.mend",
    Words("报告整改情况", "Report that a finding is mended"),
    subject="finding",
    grants=ANSWERING,
    inputs=MendInputs,
    load=_load_finding,
    where=lambda finding: Where(
        finding.county_id, frozenset({finding.unit_id}), finding.unit.place.path if finding.unit.place else None
    ),
    why_not=may_mend,
    clauses=(REVIEW,),
)
def mend(call: Call, finding: Finding, inputs: MendInputs) -> Decision:
    """Keep how a finding was mended; its duty is closed."""
    finding.mended, finding.mended_on = inputs.text, call.today
    finding.save(update_fields=["mended", "mended_on"])
    duties = Duty.objects.select_for_update().filter(
        county_id=finding.county_id, subject_kind="finding", subject_id=str(finding.pk), state="open"
    )
    for duty in duties:
        verbs.close(duty, call.today)
    unit = finding.unit.words
    return Done(
        Words(f"{unit.zh}报告整改：{inputs.text[:80]}。", f"{unit.en} mended: {inputs.text[:80]}."),
        after={"text": inputs.text}, facts={"mend_by": str(finding.mend_by)}, clauses=(finding.clause_id,),
    )  # fmt: skip


def may_conclude(call: Call, check: Check) -> Outcome:
    """A check is concluded once its visit is over."""
    stands = in_state(check, "approved")
    if not stands:
        return stands
    if call.today < check.visit_to:
        return refuse(
            "visit_not_over", f"检查到{check.visit_to}结束。", f"The visit ends on {check.visit_to}.",
            Words("结束后再作结论。", "Conclude it then."), (REVIEW,),
        )  # fmt: skip
    return Granted()


@action(
    "check.conclude",
    Words("作出督查结论", "Conclude a check"),
    subject="check",
    grants=SENDERS,
    inputs=ConcludeInputs,
    load=load_check,
    where=where_planned,
    why_not=may_conclude,
    clauses=(REVIEW,),
)
def conclude(call: Call, check: Check, inputs: ConcludeInputs) -> Decision:
    """Write the conclusion and tell each unit on paper what was found there and by when it is mended."""
    check.state, check.conclusion, check.concluded_on = "concluded", inputs.text, call.today
    check.save(update_fields=["state", "conclusion", "concluded_on"])
    rows = list(check.units.select_related("unit").order_by("unit_id"))
    for row in rows:
        _conclusion(call, check, row)
    tell(call, check, [r.unit_id for r in rows], "check_conclusion")
    return said(check, Words("作出结论", "concluded"))


def _conclusion(call: Call, check: Check, row: CheckedUnit) -> None:
    findings = [
        f"{n}. {f.text}（依据{f.clause_id}；证据：{f.evidence}；"
        + (f"已于{papers.day(f.mended_on)}整改）" if f.mended_on else f"整改期限{papers.day(f.mend_by)}）")
        for n, f in enumerate(row.findings.order_by("pk"), 1)
    ]
    body = papers.numbered([
        ("督查情况", [
            f"{papers.day(check.visit_from)}至{papers.day(check.visit_to)}，依据{check.basis}开展了“{check.title}”。",
            f"自查自纠：{row.self_corrected}" if row.self_corrected else "",
        ]),
        ("发现的问题", findings or ["未发现问题。"]),
        ("督查结论", [check.conclusion]),
        ("答复和异议", [taking.objecting(call)]),
    ])  # fmt: skip
    papers.issue(call, "check_conclusion", row.unit, f"关于“{check.title}”的督查结论", body, checked=row)


class ReplyInputs(CorrectInputs):
    """The office's reply to an objection."""


def may_object(call: Call, row: CheckedUnit) -> Outcome:
    """A unit that was told of a check may object once until it is replied to."""
    if row.check_of.state not in ("approved", "concluded"):
        return in_state(row.check_of, "approved")
    if row.objected_on is not None and row.replied_on is None:
        return refuse("objection_waits", "已有一项异议等待答复。", "An objection waits for its answer already.")
    return Granted()


@action(
    "check.object",
    Words("对检查提出异议", "Object to a check"),
    subject="checked_unit",
    grants=ANSWERING,
    inputs=CorrectInputs,
    load=_load_checked,
    where=where_checked,
    why_not=may_object,
    clauses=(REVIEW,),
)
def object_to(call: Call, row: CheckedUnit, inputs: CorrectInputs) -> Decision:
    """Keep a unit's objection to the notice or the conclusion; an earlier one stays in the journal."""
    before = {"objection": row.objection, "reply": row.reply}
    row.objection, row.objected_on, row.reply, row.replied_on = inputs.text, call.today, "", None
    row.save(update_fields=["objection", "objected_on", "reply", "replied_on"])
    unit = row.unit.words
    return Done(
        Words(f"{unit.zh}对检查提出异议。", f"{unit.en} objects to the check."),
        before=before, after={"objection": inputs.text},
    )  # fmt: skip


def may_reply(call: Call, row: CheckedUnit) -> Outcome:
    """Only an objection that waits is replied to."""
    if row.objected_on is not None and row.replied_on is None:
        return Granted()
    return refuse("no_objection", "没有等待答复的异议。", "No objection waits.")


@action(
    "check.reply",
    Words("答复异议", "Reply to an objection"),
    subject="checked_unit",
    grants=SENDERS,
    inputs=ReplyInputs,
    load=_load_checked,
    where=lambda row: where_planned(row.check_of),
    why_not=may_reply,
    clauses=(REVIEW,),
)
def reply(call: Call, row: CheckedUnit, inputs: ReplyInputs) -> Decision:
    """Keep the office's reply beside the objection."""
    row.reply, row.replied_on = inputs.text, call.today
    row.save(update_fields=["reply", "replied_on"])
    unit = row.unit.words
    return Done(
        Words(f"答复{unit.zh}对检查的异议。", f"Replied to the objection of {unit.en}."), after={"reply": inputs.text}
    )
