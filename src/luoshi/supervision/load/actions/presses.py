"""What follows a step of pressing: the unit answers or objects, the office keeps, withdraws or puts it into effect."""

from typing import Annotated, Literal

from luoshi.core.outcome import Granted, Outcome, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Where
from luoshi.office.actions import Call, Decision, Done, action
from luoshi.supervision.actions import moves
from luoshi.supervision.actions.inputs import ShareInputs, Text, told
from luoshi.supervision.actions.subjects import load_share, lock_share, missing, where_overseen
from luoshi.supervision.load import ladder, naming, papers, taking
from luoshi.supervision.load.actions.inputs import (
    ANSWERING,
    SENDERS,
    LongText,
    PressInputs,
    PressReasonInputs,
    Public,
)
from luoshi.supervision.load.models import Press, PressAnswer
from luoshi.supervision.models import Assignment
from luoshi.supervision.stages import REMIND

NAMES = dict(Press.STEPS)
ENGLISH = {
    "remind": "reminder", "chase": "chasing", "order": "supervision order", "talk": "talk", "circular": "circular",
    "praise": "circular of praise",
}  # fmt: skip


class AnswerInputs(PressInputs):
    """What the unit says: an answer, or an objection that must be decided first."""

    kind: Annotated[
        Literal["answer", "object"], told("方式", "Kind", "answer 答复、object 提出异议", "answer or object")
    ] = "answer"
    text: Text


class EffectInputs(PressInputs):
    """What was said in the talk, or what the circular says; whether the public may read it."""

    text: LongText
    public: Public = False


class PraiseInputs(ShareInputs):
    """Praise for a share that was done; whether the public may read it."""

    text: LongText
    public: Public = False


def _load(call: Call, inputs: PressInputs) -> Press:
    """Return the step, locked after its share, in the order in which pressing locks them."""
    rows = Press.objects.filter(pk=inputs.press_id, county_id=call.actor.county_id)
    assignment_id = rows.values_list("assignment_id", flat=True).first()
    if assignment_id is None:
        raise missing("press_id", "催督步骤", "step")
    share = lock_share(call, assignment_id)
    found = rows.select_for_update(of=("self",)).select_related("unit__place").get()
    found.assignment = share
    return found


def where_pressed(press: Press) -> Where:
    """At the unit that was pressed, and its place."""
    place = press.unit.place
    return Where(press.county_id, frozenset({press.unit_id}), place.path if place else None)


def where_sent(press: Press) -> Where:
    """At the unit that pressed, and at the one that leads the plan."""
    led = where_overseen(press.assignment)
    return Where(press.county_id, led.unit_ids | ({press.by_unit_id} if press.by_unit_id else set()))


def open_objection(press: Press) -> PressAnswer | None:
    """Return the unit's objection that waits for a decision."""
    return press.answers.filter(kind="object", decision="").order_by("pk").first()


def standing_of(call: Call, press: Press) -> str:
    """Return what has become of a step by today."""
    mended = taking.mended_on(press.assignment, press.taken_on)
    return ladder.standing(press.step, press.state, press.mend_by, mended, call.today)


def may_answer(call: Call, press: Press) -> Outcome:
    """A unit answers what left on paper and was not withdrawn; one objection waits at a time."""
    if press.step not in ladder.FORMAL:
        return refuse("no_answer_needed", "这一步不需要答复。", "This step needs no answer.")
    if press.state == "withdrawn":
        return refuse("withdrawn", "这一步已经撤回，不必答复。", "It was withdrawn; no answer is needed.")
    return Granted()


@action(
    "press.answer",
    Words("答复或提出异议", "Answer or object"),
    subject="press",
    grants=ANSWERING,
    inputs=AnswerInputs,
    load=_load,
    where=where_pressed,
    why_not=may_answer,
    clauses=(REMIND,),
)
def answer(call: Call, press: Press, inputs: AnswerInputs) -> Decision:
    """Keep the unit's words beside the step; an objection stops what would follow until it is decided."""
    if inputs.kind == "object" and open_objection(press) is not None:
        return refuse(
            "objection_waits", "已有一项异议等待答复。", "An objection waits for its answer already.",
            Words("请等待答复，补充内容可用“答复”。", "Wait for it; add to it by an answer."),
        )  # fmt: skip
    row = PressAnswer.objects.create(
        county_id=press.county_id, press=press, kind=inputs.kind, text=inputs.text, said_on=call.today,
        said_by_id=call.actor.account_id,
    )  # fmt: skip
    unit, step = press.unit.words, NAMES[press.step]
    verb = Words("提出异议", "objects to") if inputs.kind == "object" else Words("答复", "answers")
    return Done(
        Words(f"{unit.zh}就{step}{verb.zh}。", f"{unit.en} {verb.en} the {ENGLISH[press.step]}."),
        after={"kind": inputs.kind, "text": inputs.text},
        values={"answer": row.pk},
    )


def may_keep(call: Call, press: Press) -> Outcome:
    """Only an objection that waits can be turned down."""
    if open_objection(press) is not None:
        return Granted()
    return refuse("no_objection", "没有等待答复的异议。", "No objection waits.")


@action(
    "press.keep",
    Words("维持并答复异议", "Keep it and answer the objection"),
    subject="press",
    grants=SENDERS,
    inputs=PressReasonInputs,
    load=_load,
    where=where_sent,
    why_not=may_keep,
    clauses=(REMIND,),
)
def keep(call: Call, press: Press, inputs: PressReasonInputs) -> Decision:
    """Turn an objection down with the reason; the step goes on."""
    _decide(call, press, "kept", inputs.reason)
    return _told(press, Words("维持", "kept"), inputs.reason)


def may_withdraw(call: Call, press: Press) -> Outcome:
    """What has taken effect or was withdrawn is not withdrawn again."""
    if press.state == "open":
        return Granted()
    now = dict(Press.STATES)[press.state]
    return refuse("press_ended", f"这一步{now}，不能撤回。", f"It is {press.state}; it cannot be withdrawn.")


@action(
    "press.withdraw",
    Words("撤回这一步", "Withdraw the step"),
    subject="press",
    grants=SENDERS,
    inputs=PressReasonInputs,
    load=_load,
    where=where_sent,
    why_not=may_withdraw,
    clauses=(REMIND,),
)
def withdraw(call: Call, press: Press, inputs: PressReasonInputs) -> Decision:
    """Take a step back, with the reason; its paper keeps its number."""
    _decide(call, press, "withdrawn", inputs.reason)
    press.state, press.ended_on, press.end_note = "withdrawn", call.today, inputs.reason
    press.save(update_fields=["state", "ended_on", "end_note"])
    return _told(press, Words("撤回", "withdrawn"), inputs.reason)


def _decide(call: Call, press: Press, decision: str, reason: str) -> None:
    row = open_objection(press)
    if row is not None:
        row.decision, row.decided_on, row.decision_text = decision, call.today, reason
        row.save(update_fields=["decision", "decided_on", "decision_text"])


def may_effect(call: Call, press: Press) -> Outcome:
    """A talk is held and a circular goes out only where the unit had its time, did not mend, and no objection waits."""
    if press.step not in ladder.ANNOUNCED:
        return refuse("not_announced", "只有约谈和通报批评需要实施。", "Only talks and circulars take effect.")
    now = standing_of(call, press)
    if now == "mended":
        return refuse(
            "mended", "单位已报办结，这一步自行撤销。", "The unit reported the work done: the step falls away.",
            Words("如报告被退回，可再办理。", "If the report is sent back, it can be done."), (REMIND,),
        )  # fmt: skip
    if now == "mending":
        return refuse(
            "time_to_mend", f"整改期到{press.mend_by}，尚未届满。", f"The unit has until {press.mend_by} to mend.",
            Words("请等整改期满。", "Wait until that day is past."), (REMIND,), mend_by=str(press.mend_by),
        )  # fmt: skip
    if now != "ripe":
        words = ladder.STANDINGS[now]
        return refuse("press_ended", f"这一步{words.zh}。", f"It is {words.en.lower()}.")
    if open_objection(press) is not None:
        return refuse(
            "objection_waits", "单位提出的异议还没有答复。", "The unit's objection waits for its answer.",
            Words("请先答复异议。", "Decide it first."), (REMIND,),
        )  # fmt: skip
    return moves.allowed(call.actor, press.assignment, "escalate")


@action(
    "press.effect",
    Words("实施约谈或印发通报", "Hold the talk or issue the circular"),
    subject="press",
    grants=SENDERS,
    inputs=EffectInputs,
    load=_load,
    where=where_sent,
    why_not=may_effect,
    clauses=(REMIND,),
)
def effect(call: Call, press: Press, inputs: EffectInputs) -> Decision:
    """Put an announced step into effect: the record of the talk, or the circular with its number."""
    if inputs.public and press.step != "circular":
        raise Problem(
            "public",
            Words("约谈记录不对外公开。", "The record of a talk is not public."),
            Words("请取消“对外公开”。", "Take “public” away."),
            status=422,
        )
    task = press.assignment.task
    heading = f"关于“{task.heading_zh[:60]}”" + ("的约谈记录" if press.step == "talk" else "办理不力的通报")
    facts = taking.facts(call, press.assignment).replace("你单位", press.unit.name_zh)
    if inputs.public and (named := naming.public_refused(press.county_id, inputs.text, facts, heading)) is not None:
        return named
    kind: Literal["talk", "circular"] = "talk" if press.step == "talk" else "circular"
    body = papers.numbered([
        ("基本事实", [facts]),
        ("依据", [papers.clause_line(task.plan.name_zh, [str(c) for c in task.clause_ids])]),
        ("约谈情况" if kind == "talk" else "通报意见", [inputs.text]),
        ("答复和异议", [taking.objecting(call)]),
    ])  # fmt: skip
    paper = papers.issue(call, kind, press.unit, heading, body, press=press)
    press.state, press.ended_on, press.end_note, press.public = "effective", call.today, inputs.text, inputs.public
    press.save(update_fields=["state", "ended_on", "end_note", "public"])
    return _told(press, Words("实施", "in effect"), paper.document_number, number=paper.document_number)


def _may_praise(call: Call, share: Assignment) -> Outcome:
    due_on = share.duty.due_on if share.duty is not None else None
    if share.state in ("done", "closed") and share.done_on is not None:
        if due_on is None or share.done_on <= due_on:
            return Granted()
        return refuse(
            "done_late", f"该事项于{share.done_on}办结，已过期限{due_on}，不作表扬。",
            f"It was done on {share.done_on}, after its day {due_on}.", done_on=str(share.done_on), due_on=str(due_on),
        )  # fmt: skip
    return refuse(
        "not_done", "事项还没有办结，不能通报表扬。", "It is not done; there is nothing to praise yet.",
        Words("请等审核通过。", "Wait until it is approved."), state=share.state,
    )  # fmt: skip


@action(
    "press.praise",
    Words("通报表扬", "Issue a circular of praise"),
    subject="assignment",
    grants=SENDERS,
    inputs=PraiseInputs,
    load=load_share,
    where=where_overseen,
    why_not=_may_praise,
    clauses=(REMIND,),
)
def praise(call: Call, share: Assignment, inputs: PraiseInputs) -> Decision:
    """Praise a unit on paper for a share that was done, once."""
    if share.presses.filter(step="praise").exclude(state="withdrawn").exists():
        return refuse("praised", "这一事项已经通报表扬过。", "It was praised already.")
    task, unit = share.task, share.unit
    due_on = share.duty.due_on if share.duty is not None else None
    heading = f"关于“{task.heading_zh[:60]}”办理情况的通报表扬"
    facts = (
        f"{task.plan.name_zh}中“{task.heading_zh}”由{unit.name_zh}承办，期限为{papers.day(due_on)}，"
        f"已于{papers.day(share.done_on)}办结。"
    )
    if inputs.public and (named := naming.public_refused(share.county_id, inputs.text, facts, heading)) is not None:
        return named
    press = Press.objects.create(
        county_id=share.county_id, assignment=share, duty_id=share.duty_id, unit=unit, by_unit_id=call.actor.unit_id,
        by_id=call.actor.account_id, step="praise", state="effective", taken_on=call.today,
        sent_on=taking.sent_on(call), due_on=task.due_on,
        reason=inputs.text, ended_on=call.today, end_note=inputs.text, public=inputs.public,
    )  # fmt: skip
    body = papers.numbered([
        ("基本事实", [facts]),
        ("依据", [papers.clause_line(task.plan.name_zh, [str(c) for c in task.clause_ids])]),
        ("通报意见", [inputs.text]),
    ])  # fmt: skip
    paper = papers.issue(call, "praise", unit, heading, body, press=press)
    return Done(
        Words(f"通报表扬{unit.short_zh}“{task.heading_zh}”。", f"Praised {unit.name_en}, “{task.words.en}”."),
        after={"text": inputs.text, "public": inputs.public},
        values={"press": press.pk, "number": paper.document_number},
    )


def _told(press: Press, verb: Words, more: str, **values: str) -> Done:
    unit, step = press.unit.words, NAMES[press.step]
    return Done(
        Words(f"{verb.zh}对{unit.zh}的{step}：{more}。", f"{ENGLISH[press.step]} to {unit.en} {verb.en}: {more}."),
        after={"state": press.state, "public": press.public},
        values=values,
    )
