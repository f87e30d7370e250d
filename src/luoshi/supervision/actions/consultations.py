"""主办 asks 协办: a question to another unit of the task, its answer, a disagreement and who decides it."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from luoshi.core.outcome import Granted, Outcome, Refused, refuse
from luoshi.core.words import Words
from luoshi.office.access import Where
from luoshi.office.actions import Call, Decision, Inputs, action
from luoshi.office.duties import verbs
from luoshi.office.evidence import attach
from luoshi.office.people.models import Unit
from luoshi.supervision import rules, work_rules
from luoshi.supervision.actions import inside, moves
from luoshi.supervision.actions.inputs import Files, Reason, ShareInputs, Text, told
from luoshi.supervision.actions.oversight import OVERSEERS
from luoshi.supervision.actions.subjects import (
    load_share,
    lock_share,
    missing,
    offices_of,
    where_led,
    where_worked,
)
from luoshi.supervision.models import Assignment, Consultation
from luoshi.supervision.readables import WORKERS
from luoshi.supervision.stages import LIST

ConsultationId = Annotated[int, told("征询编号", "Question", ge=1)]
Ruling = Literal["answer", "stands", "withdraw"]
RULINGS: dict[Ruling, Words] = {
    "answer": Words("被征询单位应当重新回复", "the unit asked answers again"),
    "stands": Words("以现有回复为准", "the answer stands as it is"),
    "withdraw": Words("不需要再回复", "no answer is needed"),
}


class ConsultInputs(ShareInputs):
    """Which unit is asked for what by when."""

    unit_id: Annotated[int, told("被征询单位", "Unit asked", "本任务的其他承办单位", "another unit of the task", ge=1)]
    words: Annotated[str, told("征询内容", "What is asked", min_length=2, max_length=1000)]
    due_on: Annotated[dt.date, told("回复期限", "By", "不晚于本分工的期限", "not after the share's day")]


class AnswerInputs(Inputs):
    """The answer to a question."""

    consultation_id: ConsultationId
    text: Text
    files: Files = ()


class ObjectInputs(Inputs):
    """Why one of the two units disagrees."""

    consultation_id: ConsultationId
    reason: Reason


class DecideInputs(ObjectInputs):
    """What the leading office decides, and why."""

    ruling: Annotated[Ruling, told("裁定", "Ruling", "answer 重新回复、stands 以现有回复为准、withdraw 不需回复")]
    due_on: Annotated[
        dt.date | None, told("新的回复期限", "New day", "裁定重新回复时填写", "where it answers again")
    ] = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the locked share of the unit that asked; the journal keeps it under that share."""

    question: Consultation
    share: Assignment

    @property
    def pk(self) -> int:
        """The share's id."""
        return self.share.pk


def load(call: Call, inputs: Any) -> Asked:
    """Return the question with its share, both locked."""
    mine = Consultation.objects.filter(pk=inputs.consultation_id, county_id=call.actor.county_id)
    share_id = mine.values_list("share_id", flat=True).first()
    if share_id is None:
        raise missing("consultation_id", "征询", "question")
    share = lock_share(call, share_id)
    rows = Consultation.objects.select_related("duty", "unit__place").select_for_update(of=("self",))
    question = rows.get(pk=inputs.consultation_id)
    question.share = share
    return Asked(question, share)


def where_asked(case: Asked) -> Where:
    """The unit that is asked."""
    place = case.question.unit.place
    return Where(case.share.county_id, frozenset({case.question.unit_id}), place.path if place else None)


def where_asking(case: Asked) -> Where:
    """The unit that asks."""
    return where_worked(case.share)


def where_either(case: Asked) -> Where:
    """Both units."""
    one, other = where_asking(case), where_asked(case)
    return Where(one.county_id, one.unit_ids | other.unit_ids)


def where_decided(case: Asked) -> Where:
    """The unit that leads the plan."""
    return where_led(case.share.task)


def others(share: Assignment) -> list[Unit]:
    """Return the units that can be asked: those with another share in the task that was not taken back."""
    rows = Assignment.objects.filter(task_id=share.task_id).exclude(pk=share.pk).exclude(state="cancelled")
    return [row.unit for row in rows.select_related("unit").order_by("unit__short_zh", "pk")]


def may_consult(call: Call, share: Assignment) -> Outcome:
    """A share at work asks where it leads and there is somebody to ask."""
    for answer in (work_rules.at_work(share.state), work_rules.may_ask(share.role, share.task.mode)):
        if not answer:
            return answer
    if others(share):
        return Granted()
    return refuse(
        "nobody_to_ask",
        "这项任务没有其他承办单位。",
        "No other unit has a share in this task.",
        Words("可请牵头办公室增加单位。", "Ask the leading office to add units."),
        (LIST,),
    )


def _in(*states: str) -> Any:
    def why_not(call: Call, case: Asked) -> Outcome:
        if case.share.state in rules.SETTLED:
            return work_rules.at_work(case.share.state)
        if case.question.state in states:
            return Granted()
        now = dict(Consultation.STATES)[case.question.state]
        return refuse(
            "question_moved",
            f"这次征询现在是“{now}”。",
            f"This question is {case.question.state} now.",
            Words("请刷新页面查看现状。", "Reload the page to see the present state."),
            (LIST,),
            state=case.question.state,
        )

    return why_not


@action(
    "assignment.consult",
    Words("征询协办单位", "Ask another unit"),
    subject="assignment",
    grants=WORKERS,
    inputs=ConsultInputs,
    load=load_share,
    where=where_worked,
    why_not=may_consult,
    clauses=(LIST,),
)
def consult(call: Call, share: Assignment, inputs: ConsultInputs) -> Decision:
    """Ask another unit of the task for something by a day; it becomes a duty in that unit's inbox."""
    fits = work_rules.day_within(inputs.due_on, call.today, share.duty.due_on if share.duty else None)
    if isinstance(fits, Refused):
        return fits
    unit = next((unit for unit in others(share) if unit.pk == inputs.unit_id), None)
    if unit is None:
        return refuse(
            "not_in_task",
            "所选单位不承办这项任务。",
            "The chosen unit has no share in this task.",
            Words("请从本任务的其他单位中选择。", "Choose among the other units of the task."),
            (LIST,),
            unit=inputs.unit_id,
        )
    row = Consultation.objects.create(
        county_id=share.county_id,
        share=share,
        unit=unit,
        number=inside.next_number(share, Consultation),
        words=inputs.words,
        due_on=inputs.due_on,
        made_on=call.today,
    )
    title = Words(f"协办征询：{inputs.words[:120]}", f"Asked by {share.unit.words.en}: {inputs.words[:120]}")
    inside.open_duty(row, "consultation", unit.pk, title, call.today)
    return moves.told(
        share,
        share.state,
        Words(f"征询{unit.words.zh}：", f"asked {unit.words.en} about"),
        Words(f"，{inputs.words}（{inputs.due_on}前）", f": {inputs.words} (by {inputs.due_on})"),
        after={"question": row.number, "unit_asked": unit.pk, "due_on": str(inputs.due_on), "words": inputs.words},
        values={"consultation": row.pk, "number": row.number},
    )


@action(
    "assignment.answer",
    Words("回复征询", "Answer"),
    subject="assignment",
    grants=WORKERS,
    inputs=AnswerInputs,
    load=load,
    where=where_asked,
    why_not=_in("open"),
    clauses=(LIST,),
)
def answer(call: Call, case: Asked, inputs: AnswerInputs) -> Decision:
    """Answer a question with text and files."""
    row = case.question
    files = attach.to(call, inputs.files, "consultation", row.pk)
    row.answer, row.answered_on, row.state = inputs.text, call.today, "answered"
    row.save()
    if row.duty is not None and row.duty.state == "open":
        verbs.close(row.duty, call.today)
    said = Words(f"：{inputs.text}，材料{len(files)}件", f": {inputs.text}, {len(files)} files")
    return _told(case, Words("答复", "answered"), said, {"text": inputs.text, "files": files})


@action(
    "assignment.object",
    Words("提出分歧", "Disagree"),
    subject="assignment",
    grants=WORKERS,
    inputs=ObjectInputs,
    load=load,
    where=where_either,
    why_not=_in("open", "answered"),
    clauses=(LIST,),
)
def disagree(call: Call, case: Asked, inputs: ObjectInputs) -> Decision:
    """Disagree, as the unit asked or the unit that asks; it goes up to the office that leads the plan."""
    row, share = case.question, case.share
    row.objection, row.state = inputs.reason, "disputed"
    row.objector_id = call.actor.unit_id
    if row.duty is not None and row.duty.state == "open":
        verbs.close(row.duty, call.today)
    row.duty = None
    row.save()
    leading = share.task.plan.leading_unit_id
    office = next(iter(offices_of(leading)), leading) if leading is not None else None
    if office is not None:
        title = Words(f"协办分歧待裁定：{row.words[:120]}", f"Disagreement to decide: {row.words[:120]}")
        inside.open_duty(row, "consultation", office, title, call.today)
    said = Words(f"：{inputs.reason}", f": {inputs.reason}")
    return _told(case, Words("提出分歧", "disagreed"), said, {"reason": inputs.reason, "office": office})


@action(
    "assignment.decide_question",
    Words("裁定分歧", "Decide the disagreement"),
    subject="assignment",
    grants=OVERSEERS,
    inputs=DecideInputs,
    load=load,
    where=where_decided,
    why_not=_in("disputed"),
    clauses=(LIST,),
)
def decide_question(call: Call, case: Asked, inputs: DecideInputs) -> Decision:
    """Decide a disagreement with a reason: the unit asked answers again, the answer stands, or none is needed."""
    row, share = case.question, case.share
    if inputs.ruling == "stands" and not row.answer:
        return refuse(
            "no_answer",
            "还没有回复，不能以回复为准。",
            "There is no answer that could stand.",
            Words("请裁定重新回复或不需回复。", "Decide that it answers, or that none is needed."),
            (LIST,),
        )
    day = inputs.due_on or row.due_on
    if inputs.ruling == "answer":
        fits = work_rules.day_within(day, call.today, share.duty.due_on if share.duty else None)
        if isinstance(fits, Refused):
            return fits
    row.decision = inputs.reason
    if row.duty is not None and row.duty.state == "open":
        verbs.close(row.duty, call.today)
    if inputs.ruling == "answer":
        row.duty, row.state, row.due_on = None, "open", day
        row.save()
        title = Words(f"协办征询：{row.words[:120]}", f"Asked by {share.unit.words.en}: {row.words[:120]}")
        inside.open_duty(row, "consultation", row.unit_id, title, call.today)
    else:
        row.state, row.ended_on = ("decided" if inputs.ruling == "stands" else "withdrawn"), call.today
        row.save()
    ruling = RULINGS[inputs.ruling]
    said = Words(f"，{ruling.zh}：{inputs.reason}", f", {ruling.en}: {inputs.reason}")
    return _told(
        case, Words("分歧裁定", "disagreement decided"), said, {"ruling": inputs.ruling, "reason": inputs.reason}
    )


@action(
    "assignment.withdraw_question",
    Words("撤回征询", "Take the question back"),
    subject="assignment",
    grants=WORKERS,
    inputs=ObjectInputs,
    load=load,
    where=where_asking,
    why_not=_in("open"),
    clauses=(LIST,),
)
def withdraw_question(call: Call, case: Asked, inputs: ObjectInputs) -> Decision:
    """Take a question back that was not answered, with the reason."""
    case.question.decision = inputs.reason
    inside.end(case.question, "withdrawn", call.today, done=False)
    said = Words(f"：{inputs.reason}", f": {inputs.reason}")
    return _told(case, Words("撤回征询", "question taken back"), said, {"reason": inputs.reason})


def _told(case: Asked, verb: Words, more: Words, after: dict[str, Any]) -> Decision:
    row, share = case.question, case.share
    who = row.unit.words
    return moves.told(
        share,
        share.state,
        Words(f"征询{who.zh}第{row.number}问{verb.zh}，", f"question {row.number} to {who.en} {verb.en},"),
        more,
        after={"question": row.number, **after},
        values={"consultation": row.pk, "state": row.state},
    )
