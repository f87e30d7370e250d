"""Stages of a plan: state a fact of the gate with evidence, take it back, pass the stage, open it again."""

import datetime as dt
from typing import Annotated, Any

from luoshi.core.outcome import Granted, Needs, Outcome, Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Where
from luoshi.office.actions import Call, Decision, Done, Inputs, action
from luoshi.office.evidence import attach
from luoshi.office.plans.models import Stage
from luoshi.supervision import gates
from luoshi.supervision.actions.inputs import Reason, Text, told
from luoshi.supervision.actions.oversight import OVERSEERS
from luoshi.supervision.actions.subjects import missing, where_plan
from luoshi.supervision.models import StageFact, StagePass
from luoshi.supervision.queries import stages

StageId = Annotated[int, told("阶段编号", "Stage", ge=1)]
FactCode = Annotated[
    str, told("事实", "Fact", "关口要求的事实", "a fact the gate asks for", min_length=1, max_length=60)
]


class StageInputs(Inputs):
    """Which stage."""

    stage_id: StageId
    text: Annotated[str, told("说明", "Remark", max_length=1000)] = ""


class StateInputs(Inputs):
    """Which fact came true on which day, and what shows it."""

    stage_id: StageId
    fact: FactCode
    stood_on: Annotated[dt.date, told("发生日期", "Day", "不晚于今天", "not after today")]
    text: Text
    files: Annotated[
        tuple[int, ...], told("证明材料", "Evidence", "至少一件", "at least one", min_length=1, max_length=30)
    ]


class TakeBackInputs(Inputs):
    """Which stated fact is taken back, and why."""

    stage_id: StageId
    fact: FactCode
    reason: Reason


class ReopenInputs(Inputs):
    """Which stage is opened again, and why."""

    stage_id: StageId
    reason: Reason


def load(call: Call, inputs: Any) -> Stage:
    """Return the stage, locked with its plan's others: what passes one is what the next one rests on."""
    mine = Stage.objects.filter(pk=inputs.stage_id, county_id=call.actor.county_id)
    plan_id = mine.values_list("plan_id", flat=True).first()
    if plan_id is None:
        raise missing("stage_id", "阶段", "stage")
    rows = Stage.objects.select_related("plan").select_for_update(of=("self",)).filter(plan_id=plan_id).order_by("pk")
    return next(row for row in list(rows) if row.pk == inputs.stage_id)


def where(stage: Stage) -> Where:
    """The unit that leads the plan."""
    return where_plan(stage.plan)


def may_state(call: Call, stage: Stage) -> Outcome:
    """Facts are stated while the stage is not passed and its gate asks for some that people state."""
    day = stages.passed_on(stage)
    if day is not None:
        return refuse(
            "already_passed",
            f"这一阶段已于{day}通过。",
            f"This stage was passed on {day}.",
            Words("如要更正，请先重新打开。", "To correct it, open the stage again first."),
            _clauses(stage),
        )
    if any(fact.can_be_stated for fact in stages.facts_of(stage)):
        return Granted()
    return refuse(
        "nothing_to_state",
        "这一阶段没有需要登记的事实。",
        "This stage asks for no fact that people state.",
        Words("可直接办理通过。", "It can be passed as it is."),
        _clauses(stage),
    )


def may_pass(call: Call, stage: Stage) -> Outcome:
    """A stage is passed once every fact of its gate stands."""
    facts = stages.facts_of(stage)
    found = stages.days(stages.stood(stage, facts))
    return gates.may_pass(facts, found, stage.from_on, stages.passed_on(stage), call.today)


def may_reopen(call: Call, stage: Stage) -> Outcome:
    """Only a passed stage is opened again, and only while no later one rests on it."""
    if stages.passed_on(stage) is None:
        return refuse(
            "not_passed",
            "这一阶段还没有通过。",
            "This stage was not passed.",
            Words("无需重新打开。", "There is nothing to open again."),
            _clauses(stage),
        )
    codes = [code for code, facts in stages.packaged().items() if any(f.of == stage.code for f in facts)]
    resting = StagePass.objects.filter(stage__plan_id=stage.plan_id, stage__code__in=codes).select_related("stage")
    later = resting.first()
    if later is None:
        return Granted()
    return refuse(
        "later_stage_passed",
        f"“{later.stage.name_zh}”已以它为依据通过。",
        f"“{later.stage.name_en}” was passed on it.",
        Words("请先重新打开后一阶段。", "Open the later stage again first."),
        _clauses(stage),
    )


def _clauses(stage: Stage) -> tuple[str, ...]:
    return tuple(stage.clause_ids[:1])


def _fact(stage: Stage, code: str) -> gates.Fact:
    fact = next((one for one in stages.facts_of(stage) if one.code == code), None)
    if fact is None:
        raise Problem(
            "fact",
            Words("这一阶段没有这项要求。", "The stage's gate asks for no such fact."),
            Words("请从列表选择。", "Choose one of the list."),
            status=422,
        )
    return fact


@action(
    "stage.state_fact",
    Words("登记事实", "State a fact"),
    subject="stage",
    grants=OVERSEERS,
    inputs=StateInputs,
    load=load,
    where=where,
    why_not=may_state,
)
def state_fact(call: Call, stage: Stage, inputs: StateInputs) -> Decision:
    """State that a fact of the gate came true on a day, with evidence. What the house knows itself is not stated."""
    fact = _fact(stage, inputs.fact)
    if not fact.can_be_stated:
        return refuse(
            "known_by_the_house",
            f"“{fact.words.zh}”由系统记录得出，不能登记。",
            f"“{fact.words.en}” follows from records; it cannot be stated.",
            Words("请办理对应的任务或阶段。", "Finish the task or stage it comes from."),
            (fact.clause,),
        )
    if inputs.stood_on > call.today:
        return refuse(
            "day_to_come",
            f"{inputs.stood_on}还没有到。",
            f"{inputs.stood_on} has not come yet.",
            Words("请填写实际发生的日期。", "Give the day on which it happened."),
            (fact.clause,),
        )
    if StageFact.objects.filter(stage=stage, code=fact.code).exists():
        return refuse(
            "stated_already",
            f"“{fact.words.zh}”已经登记。",
            f"“{fact.words.en}” was stated already.",
            Words("如有误，请先撤回登记。", "Take it back first where it was wrong."),
            (fact.clause,),
        )
    row = StageFact.objects.create(
        county_id=stage.county_id,
        stage=stage,
        code=fact.code,
        stood_on=inputs.stood_on,
        said=inputs.text,
        stated_on=call.today,
        stated_by_id=call.actor.account_id,
    )
    attached = attach.to(call, inputs.files, "stagefact", row.pk)
    return Done(
        Words(
            f"登记“{fact.words.zh}”（{inputs.stood_on}）：{inputs.text}。",
            f"Stated: {fact.words.en} ({inputs.stood_on}): {inputs.text}.",
        ),
        after={"fact": fact.code, "stood_on": str(inputs.stood_on), "text": inputs.text, "files": attached},
        values={"stage_fact": row.pk},
        clauses=(fact.clause,),
    )


@action(
    "stage.take_back_fact",
    Words("撤回登记", "Take a statement back"),
    subject="stage",
    grants=OVERSEERS,
    inputs=TakeBackInputs,
    load=load,
    where=where,
    why_not=may_state,
)
def take_back_fact(call: Call, stage: Stage, inputs: TakeBackInputs) -> Decision:
    """Take a stated fact back with the reason; the journal keeps what was stated and its files."""
    fact = _fact(stage, inputs.fact)
    row = StageFact.objects.filter(stage=stage, code=fact.code).first()
    if row is None:
        return refuse(
            "not_stated",
            f"“{fact.words.zh}”没有登记。",
            f"“{fact.words.en}” was not stated.",
            Words("请刷新页面。", "Reload the page."),
            (fact.clause,),
        )
    before = {"fact": fact.code, "stood_on": str(row.stood_on), "text": row.said, "stage_fact": row.pk}
    row.delete()
    return Done(
        Words(f"撤回登记“{fact.words.zh}”：{inputs.reason}。", f"Taken back: {fact.words.en}: {inputs.reason}."),
        before=before,
        after={"reason": inputs.reason},
        clauses=(fact.clause,),
    )


@action(
    "stage.pass",
    Words("通过这一阶段", "Pass the stage"),
    subject="stage",
    grants=OVERSEERS,
    inputs=StageInputs,
    load=load,
    where=where,
    why_not=may_pass,
)
def pass_stage(call: Call, stage: Stage, inputs: StageInputs) -> Decision:
    """Pass a stage; refused with each missing fact until its gate stands."""
    facts = stages.facts_of(stage)
    found = stages.stood(stage, facts)
    answer = gates.may_pass(facts, stages.days(found), stage.from_on, None, call.today)
    if isinstance(answer, Refused | Needs):
        return answer
    kept = [{"fact": f.code, "on": str(found[f.code].on), "words": found[f.code].words.as_json()} for f in facts]
    row = StagePass.objects.create(
        county_id=stage.county_id, stage=stage, passed_on=call.today, facts=kept, said=inputs.text
    )
    return Done(
        Words(f"“{stage.name_zh}”通过。", f"“{stage.name_en}” passed."),
        before={"passed_on": None},
        after={"passed_on": str(call.today), "text": inputs.text},
        facts={fact.code: str(found[fact.code].on) for fact in facts},
        values={"stage_pass": row.pk},
        clauses=(*_clauses(stage), *(f.clause for f in facts)),
    )


@action(
    "stage.reopen",
    Words("重新打开", "Open the stage again"),
    subject="stage",
    grants=OVERSEERS,
    inputs=ReopenInputs,
    load=load,
    where=where,
    why_not=may_reopen,
)
def reopen_stage(call: Call, stage: Stage, inputs: ReopenInputs) -> Decision:
    """Open a passed stage again, with the reason; the journal keeps that and on what it had been passed."""
    row = StagePass.objects.get(stage=stage)
    before = {"passed_on": str(row.passed_on), "facts": row.facts}
    row.delete()
    return Done(
        Words(f"“{stage.name_zh}”重新打开：{inputs.reason}。", f"“{stage.name_en}” opened again: {inputs.reason}."),
        before=before,
        after={"passed_on": None, "reason": inputs.reason},
        clauses=_clauses(stage),
    )
