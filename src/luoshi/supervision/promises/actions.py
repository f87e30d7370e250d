"""What the county decides about what the public sees: show or hide the tasks of a plan or one task; a public note."""

from typing import Annotated, Any

from pydantic import Field

from luoshi.core.outcome import Granted, Outcome, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Where
from luoshi.office.actions import Call, Decision, Done, Inputs, action
from luoshi.office.people.models import Account, County
from luoshi.office.plans.models import Plan, Task
from luoshi.supervision.actions.inputs import Reason, TaskId
from luoshi.supervision.actions.subjects import load_task, where_led
from luoshi.supervision.promises import masking, publicity
from luoshi.supervision.promises.models import Publicity, PublicNote
from luoshi.supervision.promises.readables import DECIDERS, NOTERS


class PlanDecision(Inputs):
    """A plan and why its tasks are shown or hidden."""

    plan_id: Annotated[int, Field(title="方案编号 Plan", ge=1)]
    reason: Reason


class TaskDecision(Inputs):
    """A task and why it is shown or hidden, whatever holds for its plan."""

    task_id: TaskId
    reason: Reason


class NoteInputs(Inputs):
    """A task and what the public is told of it."""

    task_id: TaskId
    text: Annotated[str, Field(title="公开说明 Public note", min_length=4, max_length=600)]


def _plan(call: Call, inputs: PlanDecision) -> Plan:
    row = Plan.objects.select_for_update().filter(pk=inputs.plan_id, county_id=call.actor.county_id).first()
    if row is None:
        raise Problem(
            "plan_id",
            Words("没有这个方案。", "There is no such plan."),
            Words("请从列表中打开。", "Open it from the list."),
            status=404,
        )
    return row


def _task(call: Call, inputs: TaskDecision | NoteInputs) -> Task:
    return load_task(call, inputs)


def names_of(county_id: int) -> list[str]:
    """Return the names of the people who work in this house."""
    return list(Account.objects.filter(county_id=county_id).values_list("display_name", flat=True))


def require_clean(place: str, text: str, county_id: int) -> None:
    """Raise ``Problem`` for a text that holds personal data; it names the kinds and repeats nothing."""
    kinds = {hit.kind for hit in masking.found(text, names_of(county_id))}
    if kinds:
        said = [masking.KINDS[k] for k in masking.KINDS if k in kinds]
        zh, en = "、".join(w.zh for w in said), ", ".join(w.en for w in said)
        raise Problem(
            place,
            Words(f"对外公开的文字里有{zh}。", f"This text goes public and holds {en}."),
            Words("请删去后再提交；只写单位和事情。", "Take it out; write of units and facts only."),
            status=422,
        )


def _decided(call: Call, subject: Plan | Task, plan: Plan, task: Task | None, shown: bool, reason: str) -> Decision:
    rows = Publicity.objects.filter(plan=plan, task=task)
    before = rows.values_list("shown", flat=True).first()
    if before is shown:
        said = Words("已经公开", "shown already") if shown else Words("已经不公开", "hidden already")
        return refuse("decided_so", f"这一项{said.zh}。", f"It is {said.en}.")
    fields = {"shown": shown, "reason": reason, "decided_on": call.today, "decided_by_id": call.actor.account_id}
    Publicity.objects.update_or_create(county_id=plan.county_id, plan=plan, task=task, defaults=fields)
    verb = Words("公开承诺", "show to the public") if shown else Words("不公开承诺", "hide from the public")
    words = subject.words
    return Done(
        Words(f"{verb.zh}：“{words.zh}”（{reason}）。", f"{verb.en}: “{words.en}” ({reason})."),
        before={"shown": before},
        after={"shown": shown, "reason": reason},
    )


def _shown_now(plan_id: int, county_id: int, call: Call) -> bool:
    return plan_id in publicity.shown_plans(County.objects.get(pk=county_id), call.today)


@action(
    "promise.publish_plan",
    Words("公开方案任务", "Show a plan's tasks"),
    subject="plan",
    grants=DECIDERS,
    inputs=PlanDecision,
    load=_plan,
    where=lambda plan: Where(plan.county_id),
)
def publish_plan(call: Call, plan: Plan, inputs: PlanDecision) -> Decision:
    """Show the tasks of a plan to the public, above the class printed on its document."""
    return _decided(call, plan, plan, None, True, inputs.reason)


@action(
    "promise.withhold_plan",
    Words("不公开方案任务", "Hide a plan's tasks"),
    subject="plan",
    grants=DECIDERS,
    inputs=PlanDecision,
    load=_plan,
    where=lambda plan: Where(plan.county_id),
)
def withhold_plan(call: Call, plan: Plan, inputs: PlanDecision) -> Decision:
    """Hide the tasks of a plan from the public at once, above the class printed on its document."""
    return _decided(call, plan, plan, None, False, inputs.reason)


@action(
    "promise.publish",
    Words("公开此项任务", "Show this task"),
    subject="task",
    grants=DECIDERS,
    inputs=TaskDecision,
    load=_task,
    where=where_led,
)
def publish(call: Call, task: Task, inputs: TaskDecision) -> Decision:
    """Show one task to the public, whatever holds for its plan."""
    return _decided(call, task, task.plan, task, True, inputs.reason)


@action(
    "promise.withhold",
    Words("不公开此项任务", "Hide this task"),
    subject="task",
    grants=DECIDERS,
    inputs=TaskDecision,
    load=_task,
    where=where_led,
)
def withhold(call: Call, task: Task, inputs: TaskDecision) -> Decision:
    """Hide one task from the public at once, whatever holds for its plan."""
    return _decided(call, task, task.plan, task, False, inputs.reason)


def may_note(call: Call, task: Task) -> Outcome:
    """A note is written for a task the public sees."""
    own = Publicity.objects.filter(task=task).values_list("shown", flat=True).first()
    if own if own is not None else _shown_now(task.plan_id, task.county_id, call):
        return Granted()
    return refuse(
        "not_public",
        "这项任务没有对外公开，不写公开说明。",
        "This task is not shown to the public.",
        Words("先决定公开这项任务。", "Decide to show it first."),
    )


@action(
    "promise.note",
    Words("写公开说明", "Write a public note"),
    subject="task",
    grants=NOTERS,
    inputs=NoteInputs,
    load=_task,
    where=where_led,
    why_not=may_note,
)
def note(call: Call, task: Task, inputs: NoteInputs) -> Decision:
    """Tell the public how far a task has come. A text with personal data is refused; earlier notes stay."""
    require_clean("text", inputs.text, task.county_id)
    made = PublicNote.objects.create(
        county_id=task.county_id, task=task, text=inputs.text, noted_on=call.today, noted_by_id=call.actor.account_id
    )
    words = task.words
    more: dict[str, Any] = {"note": made.pk, "text": inputs.text}
    return Done(
        Words(f"对“{words.zh}”写公开说明：{inputs.text}", f"Public note on “{words.en}”: {inputs.text}"), after=more
    )
