"""Milestones of a share: set one, say it is reached, drop it."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any

from luoshi.core.outcome import Outcome, Refused, refuse
from luoshi.core.words import Words
from luoshi.office.access import Grants, Where
from luoshi.office.actions import Call, Decision, Inputs, action
from luoshi.office.evidence import attach
from luoshi.supervision import work_rules
from luoshi.supervision.actions import inside, moves
from luoshi.supervision.actions.inputs import Files, Reason, ShareInputs, Text, told
from luoshi.supervision.actions.oversight import OVERSEERS
from luoshi.supervision.actions.subjects import load_share, lock_share, missing, where_known, where_worked
from luoshi.supervision.models import Assignment, Milestone
from luoshi.supervision.readables import WORKERS
from luoshi.supervision.stages import LIST

SETTERS: Grants = {**WORKERS, **OVERSEERS}


class MilestoneInputs(ShareInputs):
    """What is reached by which day."""

    words: Annotated[
        str, told("节点", "Milestone", "到这一天应做到什么", "what stands by that day", min_length=2, max_length=200)
    ]
    due_on: Annotated[dt.date, told("节点日期", "By", "不晚于本分工的期限", "not after the share's day")]


class ReachInputs(Inputs):
    """Which milestone was reached, and what shows it."""

    milestone_id: Annotated[int, told("节点编号", "Milestone", ge=1)]
    text: Text
    files: Files = ()


class DropInputs(Inputs):
    """Which milestone falls away, and why."""

    milestone_id: Annotated[int, told("节点编号", "Milestone", ge=1)]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Marked:
    """A milestone with its locked share; the journal keeps it under the share."""

    milestone: Milestone
    share: Assignment

    @property
    def pk(self) -> int:
        """The share's id."""
        return self.share.pk


def load(call: Call, inputs: Any) -> Marked:
    """Return the milestone with its share, both locked."""
    mine = Milestone.objects.filter(pk=inputs.milestone_id, county_id=call.actor.county_id)
    share_id = mine.values_list("share_id", flat=True).first()
    if share_id is None:
        raise missing("milestone_id", "节点", "milestone")
    share = lock_share(call, share_id)
    milestone = Milestone.objects.select_related("duty").select_for_update(of=("self",)).get(pk=inputs.milestone_id)
    milestone.share = share
    return Marked(milestone, share)


def worked(case: Marked) -> Where:
    """Where the work stands."""
    return where_worked(case.share)


def known(case: Marked) -> Where:
    """Both sides of the share."""
    return where_known(case.share)


def may_set(call: Call, share: Assignment) -> Outcome:
    """A share at work takes milestones."""
    return work_rules.at_work(share.state)


def still_open(call: Call, case: Marked) -> Outcome:
    """A milestone ends once."""
    if case.milestone.state == "open":
        return work_rules.at_work(case.share.state)
    return refuse(
        "milestone_ended", f"这个节点已于{case.milestone.ended_on}了结。",
        f"This milestone ended on {case.milestone.ended_on}.",
        Words("请刷新页面查看现状。", "Reload the page to see the present state."), (LIST,), state=case.milestone.state,
    )  # fmt: skip


@action(
    "assignment.set_milestone",
    Words("设节点", "Set a milestone"),
    subject="assignment",
    grants=SETTERS,
    inputs=MilestoneInputs,
    load=load_share,
    where=where_known,
    why_not=may_set,
    clauses=(LIST,),
)
def set_milestone(call: Call, share: Assignment, inputs: MilestoneInputs) -> Decision:
    """Set what must stand by a day on the way; it warns like any other day and turns the task's colour when missed."""
    fits = work_rules.day_within(inputs.due_on, call.today, share.duty.due_on if share.duty else None)
    if isinstance(fits, Refused):
        return fits
    row = Milestone.objects.create(
        county_id=share.county_id, share=share, task_id=share.task_id, number=inside.next_number(share, Milestone),
        words=inputs.words, due_on=inputs.due_on, made_on=call.today,
    )  # fmt: skip
    title = Words(
        f"节点：{inputs.words}（{share.task.words.zh}）", f"Milestone: {inputs.words} ({share.task.words.en})"
    )
    inside.open_duty(row, "milestone", share.unit_id, title, call.today)
    return moves.told(
        share, share.state, Words("设节点：", "milestone set for"),
        Words(f"，{inputs.due_on}前{inputs.words}", f": {inputs.words} by {inputs.due_on}"),
        after={"milestone": row.number, "words": inputs.words, "due_on": str(inputs.due_on)},
        values={"milestone": row.pk, "number": row.number},
    )  # fmt: skip


@action(
    "assignment.reach_milestone",
    Words("节点已达到", "Milestone reached"),
    subject="assignment",
    grants=WORKERS,
    inputs=ReachInputs,
    load=load,
    where=worked,
    why_not=still_open,
    clauses=(LIST,),
)
def reach_milestone(call: Call, case: Marked, inputs: ReachInputs) -> Decision:
    """Say that a milestone was reached, with what shows it."""
    row, share = case.milestone, case.share
    files = attach.to(call, inputs.files, "milestone", row.pk)
    row.said = inputs.text
    inside.end(row, "reached", call.today, done=True)
    return moves.told(
        share, share.state, Words("达到节点：", "milestone reached:"),
        Words(f"，{row.words}，材料{len(files)}件", f": {row.words}, {len(files)} files"),
        after={"milestone": row.number, "text": inputs.text, "files": files}, facts={"due_on": str(row.due_on)},
        values={"milestone": row.pk, "files": len(files)},
    )  # fmt: skip


@action(
    "assignment.drop_milestone",
    Words("取消节点", "Drop the milestone"),
    subject="assignment",
    grants=OVERSEERS,
    inputs=DropInputs,
    load=load,
    where=known,
    why_not=still_open,
    clauses=(LIST,),
)
def drop_milestone(call: Call, case: Marked, inputs: DropInputs) -> Decision:
    """Take a milestone away, with the reason; the unit that owes it cannot."""
    row, share = case.milestone, case.share
    row.said = inputs.reason
    inside.end(row, "dropped", call.today, done=False)
    return moves.told(
        share, share.state, Words("的节点取消：", "milestone dropped:"),
        Words(f"，{row.words}：{inputs.reason}", f": {row.words}: {inputs.reason}"),
        after={"milestone": row.number, "reason": inputs.reason}, values={"milestone": row.pk},
    )  # fmt: skip
