"""Pressing a unit: remind, chase (催办), order (督办); and the note that changes nothing but is kept."""

import datetime as dt
from typing import Annotated

from luoshi.core.calendar import default_calendar
from luoshi.core.outcome import Granted, Outcome
from luoshi.core.words import Words
from luoshi.office.access import Grants
from luoshi.office.actions import COUNTY_ZONE, Call, Decision, Done, action
from luoshi.office.duties import verbs
from luoshi.office.duties.schedule import Scheme
from luoshi.office.journal.models import Entry
from luoshi.office.notices import outbox
from luoshi.supervision import rules
from luoshi.supervision.actions import moves
from luoshi.supervision.actions.inputs import ReasonedInputs, ShareInputs, told
from luoshi.supervision.actions.subjects import load_share, where_known, where_overseen
from luoshi.supervision.models import Assignment
from luoshi.supervision.rules import Step
from luoshi.supervision.stages import REMIND

PRESS: Grants = {"supervisor": "county", "leading_office": "unit", "county_head": "county"}
NOTE: Grants = {**PRESS, "officer": "unit", "unit_head": "unit", "town_clerk": "place", "village_clerk": "unit"}


class EscalateInputs(ReasonedInputs):
    """Which step, and why."""

    step: Annotated[Step, told("方式", "Step", "remind 提醒、chase 催办、order 督办", "remind, chase or order")] = (
        "chase"
    )


class NoteInputs(ShareInputs):
    """A note for whoever reads the journal."""

    text: Annotated[
        str,
        told(
            "备注", "Note", "只留痕，不改变状态", "kept in the journal; changes no state", min_length=2, max_length=2000
        ),
    ]


def last_pressed_on(share: Assignment) -> dt.date | None:
    """Return the day on which the unit was last pressed over this share."""
    entries = Entry.objects.filter(
        county_id=share.county_id,
        subject_kind="assignment",
        subject_id=str(share.pk),
        action="assignment.escalate",
        outcome="granted",
    )
    at = entries.order_by("-id").values_list("at", flat=True).first()
    return at.astimezone(COUNTY_ZONE).date() if at else None


def may_press(call: Call, share: Assignment, step: Step) -> Outcome:
    """Answer whether the unit may be pressed by this step now."""
    by_table = moves.allowed(call.actor, share, "escalate")
    if not isinstance(by_table, Granted) or share.duty is None:
        return by_table
    duty = share.duty
    return rules.may_press(step, duty.level, duty.due_on, last_pressed_on(share), call.today, default_calendar())


def why_not_escalate(call: Call, share: Assignment) -> Outcome:
    """Answer for the mildest step; a stronger one may still be refused."""
    return may_press(call, share, "remind")


@action(
    "assignment.escalate",
    Words("提醒、催办、督办", "Remind, chase or order"),
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
    answer = may_press(call, share, inputs.step)
    if not isinstance(answer, Granted):
        return answer
    duty, before = share.duty, share.duty.level
    level = rules.LEVEL_AFTER.get(inputs.step)
    if level is not None and level > duty.level:
        duty.level = level
        verbs.set_next(duty, Scheme(), default_calendar())
        duty.save(update_fields=["level", "next_at"])
        if duty.every and duty.due_on is not None and duty.due_on < call.today:
            # Pressed before the tick saw the day pass, its clock stands still now: the next round opens here.
            verbs.open_next(duty, call.today)
    words, why = rules.STEPS[inputs.step], inputs.reason
    unit, task = share.unit.words, share.task.words
    outbox.enqueue(
        call,
        f"press:{share.pk}:{call.request_id}",
        inputs.step,
        {"duty": duty.pk, "zh": duty.title_zh, "en": duty.words.en, "reason": why, "due_on": str(duty.due_on)},
        unit_id=share.unit_id,
        not_before=outbox.quiet_until(call.now, default_calendar()),
    )
    return Done(
        Words(f"{words.zh}{unit.zh}“{task.zh}”：{why}。", f"{words.en} to {unit.en}, “{task.en}”: {why}."),
        before={"level": before},
        after={"level": duty.level, "step": inputs.step, "reason": why},
        facts={"due_on": str(duty.due_on)},
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
