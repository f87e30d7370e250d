"""In whose hands a share is: assigned to a person of the unit, or handed over to another unit."""

from typing import Annotated, NamedTuple

from django.db.models import Q

from luoshi.core.outcome import Granted, Outcome, refuse
from luoshi.core.words import Words
from luoshi.office.access import Grants
from luoshi.office.actions import Call, Decision, Done, action
from luoshi.office.duties import verbs
from luoshi.office.people.models import Account, Appointment, Unit
from luoshi.supervision import rules
from luoshi.supervision.actions import inside, moves
from luoshi.supervision.actions.inputs import ReasonedInputs, ShareInputs, told
from luoshi.supervision.actions.subjects import load_share, missing, where_overseen, where_worked
from luoshi.supervision.models import Assignment
from luoshi.supervision.stages import LIST

UNIT_HEADS: Grants = {"unit_head": "unit", "town_clerk": "place"}
HAND_OVER: Grants = {"leading_office": "unit", "county_head": "county", "supervisor": "county"}


class AssignInputs(ShareInputs):
    """Who in the unit takes the share; nobody puts it back to the whole unit."""

    account_id: Annotated[
        int | None,
        told(
            "承办人",
            "Person",
            "本单位在职人员；留空表示不指定",
            "someone who holds a post in the unit; empty for nobody",
        ),
    ] = None


class HandOverInputs(ReasonedInputs):
    """Which unit takes the share, and why."""

    unit_id: Annotated[int, told("接办单位", "Unit that takes over", ge=1)]


class Holder(NamedTuple):
    """A person who can take a share."""

    account_id: int
    name: str
    title: Words


def holders(unit_id: int, call: Call) -> list[Holder]:
    """Return who holds a post in a unit today."""
    rows = (
        Appointment.objects.filter(
            Q(to_on__isnull=True) | Q(to_on__gte=call.today),
            post__unit_id=unit_id,
            post__closed=False,
            from_on__lte=call.today,
            county_id=call.actor.county_id,
            account__is_active=True,
        )
        .select_related("account", "post")
        .order_by("post_id", "pk")
    )
    return [Holder(a.account_id, a.account.display_name, Words(a.post.title_zh, a.post.title_en)) for a in rows]


def still_open(call: Call, share: Assignment) -> Outcome:
    """A share that has ended stays in the hands it ended in."""
    if share.state not in rules.SETTLED and share.duty is not None and share.duty.state in ("open", "suspended"):
        return Granted()
    return refuse(
        "share_ended",
        "该分工已经结束。",
        "This share has ended.",
        Words("已结束的事项不再变动。", "What has ended changes no more."),
        (LIST,),
        state=share.state,
    )


@action(
    "assignment.assign",
    Words("指定承办人", "Assign to a person"),
    subject="assignment",
    grants=UNIT_HEADS,
    inputs=AssignInputs,
    load=load_share,
    where=where_worked,
    why_not=still_open,
    clauses=(LIST,),
)
def assign(call: Call, share: Assignment, inputs: AssignInputs) -> Decision:
    """Give a share to a person who holds a post in the unit."""
    assert share.duty is not None, "every share has its duty"
    before = share.duty.account_id
    if inputs.account_id is not None and inputs.account_id not in {h.account_id for h in holders(share.unit_id, call)}:
        return refuse(
            "not_in_unit",
            "此人今日在本单位没有岗位。",
            "This person holds no post in the unit today.",
            Words("请从本单位在职人员中选择。", "Choose someone who holds a post in the unit."),
            (LIST,),
            account=inputs.account_id,
        )
    verbs.move(share.duty, share.unit_id, inputs.account_id)
    name = Account.objects.filter(pk=inputs.account_id or 0).values_list("display_name", flat=True).first()
    who = Words(name or "全单位", name or "the whole unit")
    unit, task = share.unit.words, share.task.words
    return Done(
        Words(f"{unit.zh}指定{who.zh}承办“{task.zh}”。", f"{unit.en}: “{task.en}” goes to {who.en}."),
        before={"account": before},
        after={"account": inputs.account_id, "duty": share.duty.pk},
    )


@action(
    "assignment.hand_over",
    Words("移交", "Hand over"),
    subject="assignment",
    grants=HAND_OVER,
    inputs=HandOverInputs,
    load=load_share,
    where=where_overseen,
    why_not=still_open,
    clauses=(LIST,),
)
def hand_over(call: Call, share: Assignment, inputs: HandOverInputs) -> Decision:
    """Hand a share to another unit, which has to accept it anew; what was reported stays with the share."""
    assert share.duty is not None, "every share has its duty"
    unit = Unit.objects.select_related("place").filter(pk=inputs.unit_id, county_id=share.county_id).first()
    if unit is None:
        raise missing("unit_id", "单位", "unit")
    if unit.collective or Assignment.objects.filter(task_id=share.task_id, unit=unit).exists():
        return refuse(
            "cannot_take",
            f"{unit.words.zh}是集合单位，或已承担这项任务。",
            f"{unit.words.en} is a collective unit or has a share already.",
            Words("请选择另一个具体单位。", "Choose another single unit."),
            (LIST,),
            unit=unit.pk,
        )
    if share.state == "reported":
        return refuse(
            "under_review",
            "报告正在审核，不能移交。",
            "A report is under review; it cannot be handed over.",
            Words("请先审核或退回报告。", "Approve or return the report first."),
            (LIST,),
        )
    before, state, old, person = share.unit_id, share.state, share.unit.words, share.duty.account_id
    accepted = str(share.accepted_on) if share.accepted_on else None
    rounds = moves.rounds_of(share)
    for duty in rounds:
        verbs.move(duty, unit.pk)
    inside.hand_over(share, unit.pk, call.today)
    share.unit, share.accepted_on = unit, None
    share.state = "assigned" if state != "suspended" else state
    share.save(update_fields=["unit", "state", "accepted_on"])
    task, why = share.task.words, inputs.reason
    return Done(
        Words(
            f"“{task.zh}”由{old.zh}移交{unit.words.zh}：{why}。",
            f"“{task.en}” handed over from {old.en} to {unit.words.en}: {why}.",
        ),
        before={"unit": before, "state": state, "account": person, "accepted_on": accepted},
        after={
            "unit": unit.pk,
            "state": share.state,
            "account": None,
            "accepted_on": None,
            "duty": share.duty.pk,
            "duties": [duty.pk for duty in rounds],
            "reason": inputs.reason,
        },
    )
