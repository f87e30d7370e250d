"""Pressing a unit: remind, chase, order, announce a talk or a circular; and the note that is only kept."""

import datetime as dt
from typing import Annotated

from luoshi.core.calendar import default_calendar
from luoshi.core.outcome import Granted, Outcome, Refused
from luoshi.core.words import Words
from luoshi.office.access import Grants
from luoshi.office.actions import Call, Decision, Done, action
from luoshi.office.duties import verbs
from luoshi.office.duties.schedule import Scheme
from luoshi.supervision import rules
from luoshi.supervision.actions import moves
from luoshi.supervision.actions.inputs import ReasonedInputs, ShareInputs, told
from luoshi.supervision.actions.subjects import load_share, where_known, where_overseen
from luoshi.supervision.load import taking
from luoshi.supervision.models import Assignment
from luoshi.supervision.rules import Step
from luoshi.supervision.stages import REMIND

PRESS: Grants = {"supervisor": "county", "leading_office": "unit", "county_head": "county"}
NOTE: Grants = {**PRESS, "officer": "unit", "unit_head": "unit", "town_clerk": "place", "village_clerk": "unit"}


class EscalateInputs(ReasonedInputs):
    """Which step, and why; for the steps that leave on paper also the day to mend by and what is asked."""

    step: Annotated[
        Step,
        told(
            "方式", "Step", "remind 提醒、chase 催办、order 督办、talk 约谈、circular 通报批评",
            "remind, chase, order, talk or circular",
        ),
    ] = "chase"  # fmt: skip
    due_on: Annotated[
        dt.date | None,
        told("整改期限", "Day to mend by", "留空按规定的工作日数", "empty: the working days of the scheme"),
    ] = None
    wanted: Annotated[str, told("具体要求", "What is asked", "留空用通用要求", "empty: the usual", max_length=2000)] = (
        ""
    )


class NoteInputs(ShareInputs):
    """A note for whoever reads the journal."""

    text: Annotated[
        str,
        told(
            "备注", "Note", "只留痕，不改变状态", "kept in the journal; changes no state", min_length=2, max_length=2000
        ),
    ]


def may_press(call: Call, share: Assignment, step: Step) -> Outcome:
    """Answer whether the unit may be pressed by this step now."""
    by_table = moves.allowed(call.actor, share, "escalate")
    if not isinstance(by_table, Granted) or share.duty is None:
        return by_table
    return taking.may_take(call, share, step)


def why_not_escalate(call: Call, share: Assignment) -> Outcome:
    """Answer for the mildest step; a stronger one may still be refused."""
    return may_press(call, share, "remind")


@action(
    "assignment.escalate",
    Words("提醒、催办、督办、约谈、通报", "Remind, chase, order, talk or circular"),
    subject="assignment",
    grants=PRESS,
    inputs=EscalateInputs,
    load=load_share,
    where=where_overseen,
    why_not=why_not_escalate,
    clauses=(REMIND,),
)
def escalate(call: Call, share: Assignment, inputs: EscalateInputs) -> Decision:
    """Press a unit over its share with a reason; the message leaves by the outbox in working hours."""
    assert share.duty is not None, "every share has its duty"
    made = taking.take(call, share, taking.Wanted(inputs.step, inputs.reason, inputs.due_on, inputs.wanted))
    if isinstance(made, Refused):
        return made
    duty, before = share.duty, share.duty.level
    level = rules.LEVEL_AFTER.get(inputs.step)
    if level is not None and level > duty.level:
        duty.level = level
        verbs.set_next(duty, Scheme(), default_calendar())
        duty.save(update_fields=["level", "next_at"])
        if duty.every and duty.due_on is not None and duty.due_on < call.today:
            # Pressed before the tick saw the day pass, its clock stands still now: the next round opens here.
            verbs.open_next(duty, call.today)
    words, why = rules.STEPS[inputs.step], inputs.reason.rstrip("。.")
    unit, task = share.unit.words, share.task.words
    number = made.paper.document_number if made.paper is not None else ""
    return Done(
        Words(f"{words.zh}{unit.zh}“{task.zh}”：{why}。", f"{words.en} to {unit.en}, “{task.en}”: {why}."),
        before={"level": before},
        after={"level": duty.level, "step": inputs.step, "reason": inputs.reason},
        facts={"due_on": str(duty.due_on)},
        values={"press": made.press.pk, "number": number, "mend_by": str(made.press.mend_by or "")},
    )


@action(
    "assignment.note",
    Words("备注", "Note"),
    subject="assignment",
    grants=NOTE,
    inputs=NoteInputs,
    load=load_share,
    where=where_known,
)
def note(call: Call, share: Assignment, inputs: NoteInputs) -> Decision:
    """Keep a note beside a share."""
    return Done(Words(f"备注：{inputs.text}", f"Note: {inputs.text}"), after={"text": inputs.text})
