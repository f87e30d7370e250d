"""What the leading office does with a share: suspend, resume, extend, close, cancel."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

from luoshi.core.outcome import Granted, Outcome
from luoshi.core.words import Words
from luoshi.office.access import Grants
from luoshi.office.actions import Call, Decision, action
from luoshi.office.duties import verbs
from luoshi.supervision.actions import inside, moves
from luoshi.supervision.actions.inputs import ReasonedInputs, ShareInputs, told
from luoshi.supervision.actions.subjects import load_share, where_overseen
from luoshi.supervision.models import Assignment
from luoshi.supervision.stages import CLOSE, LIST

OVERSEERS: Grants = {"leading_office": "unit", "county_head": "county"}


class ExtendInputs(ReasonedInputs):
    """A later day, and why."""

    due_on: Annotated[dt.date, told("新的期限", "New due day", "应晚于原期限", "later than the present one")]


def _could(verb: str, **assumed: Any) -> Callable[[Call, Assignment], Outcome]:
    def why_not(call: Call, share: Assignment) -> Outcome:
        facts = {"reason": "…", **assumed}
        if verb == "close":
            facts["evidence_count"] = moves.evidence_count(share)
        if verb == "extend":
            facts["due_on"] = share.duty.due_on if share.duty else None
        return moves.allowed(call.actor, share, verb, **facts)

    return why_not


@action(
    "assignment.suspend",
    Words("中止", "Suspend"),
    subject="assignment",
    grants=OVERSEERS,
    inputs=ReasonedInputs,
    load=load_share,
    where=where_overseen,
    why_not=_could("suspend"),
    clauses=(LIST,),
)
def suspend(call: Call, share: Assignment, inputs: ReasonedInputs) -> Decision:
    """Stop the clock of a share; the working days until it is resumed are given back."""
    before = share.state
    answer = moves.step(call, share, "suspend", reason=inputs.reason)
    if not isinstance(answer, Granted):
        return answer
    for duty in moves.rounds_of(share):
        if duty.state == "open":
            verbs.suspend(duty, call.today, Words(inputs.reason, inputs.reason))
    inside.suspend_all(share, call.today, Words(inputs.reason, inputs.reason))
    share.save(update_fields=["state"])
    settled = moves.settle_task(share.task, call.today)
    return _told(share, before, Words("中止", "suspended"), inputs.reason, settled)


@action(
    "assignment.resume",
    Words("恢复", "Resume"),
    subject="assignment",
    grants=OVERSEERS,
    inputs=ShareInputs,
    load=load_share,
    where=where_overseen,
    why_not=_could("resume"),
    clauses=(LIST,),
)
def resume(call: Call, share: Assignment, inputs: ShareInputs) -> Decision:
    """Start the clock of a share again; its new due day is worked out."""
    before = share.state
    answer = moves.step(call, share, "resume")
    if not isinstance(answer, Granted):
        return answer
    promised = share.task.due_on
    for duty in moves.rounds_of(share):
        if duty.state == "suspended":
            verbs.resume(duty, call.today)
    inside.resume_all(share, call.today)
    due_on = share.duty.due_on if share.duty else None
    share.save(update_fields=["state"])
    _follow(share, due_on)
    settled = moves.settle_task(share.task, call.today)
    values = {"due_on": str(due_on) if due_on else None}
    return _told(share, before, Words("恢复办理", "resumed"), f"{due_on or ''}", settled, values, promised)


@action(
    "assignment.extend",
    Words("延期", "Extend"),
    subject="assignment",
    grants=OVERSEERS,
    inputs=ExtendInputs,
    load=load_share,
    where=where_overseen,
    why_not=_could("extend", new_due_on=dt.date.max),
    clauses=(LIST,),
)
def extend(call: Call, share: Assignment, inputs: ExtendInputs) -> Decision:
    """Give a share a later day for a reason that is kept."""
    assert share.duty is not None, "every share has its duty"
    before, was, promised = share.state, share.duty.due_on, share.task.due_on
    answer = moves.step(call, share, "extend", reason=inputs.reason, due_on=was, new_due_on=inputs.due_on)
    if not isinstance(answer, Granted):
        return answer
    verbs.extend(share.duty, inputs.due_on, call.today, Words(inputs.reason, inputs.reason))
    _follow(share, inputs.due_on)
    moved = moves.day_moved(share.task, promised)
    return moves.told(
        share, before, Words("延期", "extended"),
        Words(f"，由{was}延至{inputs.due_on}：{inputs.reason}", f", from {was} to {inputs.due_on}: {inputs.reason}"),
        before={"due_on": str(was), **moved["before"]},
        after={"due_on": str(inputs.due_on), "reason": inputs.reason, **moved["after"]},
        values={"due_on": str(inputs.due_on)},
    )  # fmt: skip


@action(
    "assignment.close",
    Words("销号", "Close"),
    subject="assignment",
    grants=OVERSEERS,
    inputs=ShareInputs,
    load=load_share,
    where=where_overseen,
    why_not=_could("close"),
    clauses=(CLOSE,),
)
def close(call: Call, share: Assignment, inputs: ShareInputs) -> Decision:
    """Strike a finished share off the list; it needs evidence."""
    before, count = share.state, moves.evidence_count(share)
    answer = moves.step(call, share, "close", evidence_count=count)
    if not isinstance(answer, Granted):
        return answer
    share.save(update_fields=["state"])
    settled = moves.settle_task(share.task, call.today)
    return moves.told(
        share, before, Words("销号", "closed"), after=settled.told(), facts={"evidence_count": count},
        values={"task_state": settled.state},
    )  # fmt: skip


@action(
    "assignment.cancel",
    Words("撤销", "Cancel"),
    subject="assignment",
    grants=OVERSEERS,
    inputs=ReasonedInputs,
    load=load_share,
    where=where_overseen,
    why_not=_could("cancel"),
    clauses=(LIST,),
)
def cancel(call: Call, share: Assignment, inputs: ReasonedInputs) -> Decision:
    """Take a share back, with the reason; its duty is cancelled."""
    before = share.state
    answer = moves.step(call, share, "cancel", reason=inputs.reason)
    if not isinstance(answer, Granted):
        return answer
    moves.end(share, call.today)
    share.save(update_fields=["state"])
    settled = moves.settle_task(share.task, call.today)
    return _told(share, before, Words("撤销", "cancelled"), inputs.reason, settled)


def _told(
    share: Assignment, before: str, words: Words, why: str, settled: moves.Settled,
    values: dict[str, Any] | None = None, promised: dt.date | None = None,
) -> Decision:  # fmt: skip
    more = Words(f"：{why}" if why else "", f": {why}" if why else "")
    moved = moves.day_moved(share.task, promised or share.task.due_on)
    return moves.told(
        share, before, words, more, before=moved["before"],
        after={"reason": why, **settled.told(), **moved["after"]},
        values={"task_state": settled.state, **(values or {})},
    )  # fmt: skip


def _follow(share: Assignment, due_on: dt.date | None) -> None:
    """Let the promised day of the task follow the share that decides it: the lead's, or the latest of all."""
    task = share.task
    if due_on is None or task.due_on is None or (task.mode == "lead_support" and share.role == "support"):
        return
    if task.mode == "lead_support" or due_on > task.due_on:
        task.due_on = due_on
        task.save(update_fields=["due_on"])
