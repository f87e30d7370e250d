"""Open lists of units (等部门, 各成员单位): the leading office says who is meant."""

from typing import Annotated

from luoshi.core.outcome import Granted, Outcome, refuse
from luoshi.core.words import Words
from luoshi.office.access import Grants
from luoshi.office.actions import Call, Decision, Done, Inputs, action
from luoshi.office.duties import verbs
from luoshi.office.people.models import Unit
from luoshi.office.plans.models import Task, TaskUnit
from luoshi.supervision import assignments, rules
from luoshi.supervision.actions.inputs import Reason, TaskId, told
from luoshi.supervision.actions.oversight import OVERSEERS
from luoshi.supervision.actions.subjects import load_task, where_led
from luoshi.supervision.models import Assignment, ListResolution
from luoshi.supervision.stages import LIST

RESOLVERS: Grants = OVERSEERS


class ResolveInputs(Inputs):
    """Which units are meant beside those that are named, and why; none says that the named ones are all."""

    task_id: TaskId
    unit_ids: Annotated[
        tuple[int, ...],
        told("列入的单位", "Units meant", "不选表示没有其他单位", "none: nobody else is meant", max_length=200),
    ] = ()
    reason: Reason


def open_list(task: Task) -> list[Words]:
    """Return the open lists a task names: a collective without members, or the closing word 等; empty where none."""
    parts = TaskUnit.objects.filter(task_id=task.pk, unit__collective=True, unit__members__isnull=True)
    found = [part.unit.words for part in parts.select_related("unit").order_by("pk")]
    if task.open_ended and not found:
        found.append(Words("“等”字之后的单位", "the units behind “etc.”"))
    return found


def left_open(task: Task) -> bool:
    """Tell whether a task names an open list that nobody has resolved."""
    return bool(open_list(task)) and not ListResolution.objects.filter(task_id=task.pk).exists()


def may_resolve(call: Call, task: Task) -> Outcome:
    """A task at work with an open list is resolved once."""
    if task.state in rules.SETTLED:
        return refuse(
            "task_ended",
            "这项任务已经结束。",
            "This task has ended.",
            Words("已结束的任务不再增加单位。", "What has ended takes no more units."),
            (LIST,),
            state=task.state,
        )
    if not open_list(task):
        return refuse(
            "list_closed",
            "这项任务的单位已经逐一写明。",
            "This task names each of its units.",
            Words("如要换单位，请用移交。", "To change a unit, hand its share over."),
            (LIST,),
        )
    done = ListResolution.objects.filter(task_id=task.pk).first()
    if done is None:
        return Granted()
    return refuse(
        "already_resolved",
        f"已于{done.resolved_on}明确。",
        f"It was resolved on {done.resolved_on}.",
        Words("请刷新页面查看现状。", "Reload the page to see the present state."),
        (LIST,),
    )


def candidates(task: Task) -> list[Unit]:
    """Return the units that can be added: single ones without a share in the task."""
    held = Assignment.objects.filter(task_id=task.pk).values("unit_id")
    rows = Unit.objects.filter(county_id=task.county_id, collective=False).exclude(pk__in=held)
    return list(rows.order_by("short_zh", "pk"))


@action(
    "task.resolve_units",
    Words("明确责任单位", "Say which units are meant"),
    subject="task",
    grants=RESOLVERS,
    inputs=ResolveInputs,
    load=load_task,
    where=where_led,
    why_not=may_resolve,
    clauses=(LIST,),
)
def resolve_units(call: Call, task: Task, inputs: ResolveInputs) -> Decision:
    """Resolve an open list: each unit gets a share with its duty. Saying that nobody else is meant resolves it too."""
    free = {unit.pk: unit for unit in candidates(task)}
    wrong = [unit_id for unit_id in inputs.unit_ids if unit_id not in free]
    if wrong:
        return refuse(
            "cannot_take",
            "所选单位已承担这项任务，或不是具体单位。",
            "A chosen unit has a share already or is no single unit.",
            Words("请重新选择。", "Choose again."),
            (LIST,),
            units=wrong,
        )
    role = "support" if task.mode == "lead_support" else "responsible"
    units = [free[unit_id] for unit_id in dict.fromkeys(inputs.unit_ids)]
    made = Assignment.objects.bulk_create(
        Assignment(county_id=task.county_id, task=task, unit=unit, role=role, assigned_on=call.today) for unit in units
    )
    duties = verbs.open_duties([assignments.opening_of(task, share, call.today) for share in made], call.today)
    for share, duty in zip(made, duties, strict=True):
        share.duty = duty
        share.save(update_fields=["duty"])
    if units and task.due_on is None and duties[0].due_on is not None:
        task.due_on = duties[0].due_on
        task.save(update_fields=["due_on"])
    ids = [unit.pk for unit in units]
    ListResolution.objects.create(
        county_id=task.county_id, task=task, resolved_on=call.today, units=ids, reason=inputs.reason
    )
    names = Words("、".join(u.words.zh for u in units), ", ".join(u.words.en for u in units))
    zh = f"明确为{names.zh}" if units else "没有其他单位"
    en = f"{names.en} meant" if units else "nobody else meant"
    return Done(
        Words(f"“{task.words.zh}”的责任单位{zh}：{inputs.reason}。", f"“{task.words.en}”: {en}: {inputs.reason}."),
        before={"units": []},
        after={"units": ids, "role": role, "reason": inputs.reason},
        facts={"open_list": [w.as_json() for w in open_list(task)]},
        values={"assigned": len(made), "shares": [share.pk for share in made]},
        clauses=tuple(task.clause_ids[:1]),
    )
