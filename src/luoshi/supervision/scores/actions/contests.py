"""Contesting an item of a sheet, and deciding it: by somebody else, with the correction as part of the decision."""

import datetime as dt
import json
from typing import Annotated, Any

from luoshi.core.calendar import default_calendar
from luoshi.core.outcome import Granted, Needs, Outcome, Refused, refuse
from luoshi.core.words import Words
from luoshi.office.access import Grants, Where
from luoshi.office.actions import Call, Decision, Done, Inputs, action
from luoshi.office.duties import verbs
from luoshi.office.duties.models import Duty
from luoshi.office.evidence import attach
from luoshi.office.notices import outbox
from luoshi.office.prepared import insert
from luoshi.supervision.actions.inputs import Files, Reason, told
from luoshi.supervision.actions.subjects import missing
from luoshi.supervision.readables import WORKERS
from luoshi.supervision.scores import corrections, facts, limits
from luoshi.supervision.scores import scheme as schemes
from luoshi.supervision.scores.actions.runs import where_plan
from luoshi.supervision.scores.facts import Correction, CorrectionKind, Fact
from luoshi.supervision.scores.models import Contest, Scoresheet
from luoshi.supervision.stages import REVIEW

CONTESTERS: Grants = WORKERS
DECIDERS: Grants = {"supervisor": "county", "leading_office": "unit", "county_head": "county"}
_SHEETS = Scoresheet.objects.select_related("scoring__plan", "unit__place")
_CONTESTS = Contest.objects.select_related("scoresheet__scoring__plan", "scoresheet__unit")


class ContestInputs(Inputs):
    """Which item of which sheet is contested, why, with which evidence."""

    scoresheet_id: Annotated[int, told("成绩单编号", "Score sheet", ge=1)]
    item: Annotated[
        str, told("项目", "Item", "如 duty-12", "e.g. duty-12", pattern=r"^(duty|milestone|target|check)-\d{1,18}$")
    ]
    reason: Reason
    files: Files = ()


class RejectInputs(Inputs):
    """Which contest is decided, and what the unit is told."""

    contest_id: Annotated[int, told("申诉编号", "Contest", ge=1)]
    answer: Reason


class UpholdInputs(RejectInputs):
    """What is corrected, and what the unit is told."""

    kind: Annotated[
        CorrectionKind,
        told(
            "更正方式", "Correction",
            "leave_out 不计、excuse_days 核减工作日、done_on 更正办结日、pardon_return 退回不计",
            "leave_out, excuse_days, done_on or pardon_return",
        ),
    ]  # fmt: skip
    days: Annotated[int, told("核减工作日", "Working days excused", ge=0, le=366)] = 0
    on: Annotated[dt.date | None, told("更正后的办结日", "Day it was done")] = None
    report: Annotated[int, told("退回的报告编号", "Number of the returned report", ge=0, le=32767)] = 0


def load_sheet(call: Call, inputs: Any) -> Scoresheet:
    """Return the sheet, locked: two people of one unit contest one after the other."""
    locked = _SHEETS.select_for_update(of=("self",))
    found = locked.filter(pk=inputs.scoresheet_id, county_id=call.actor.county_id).first()
    if found is None:
        raise missing("scoresheet_id", "成绩单", "score sheet")
    return found


def where_sheet(sheet: Scoresheet) -> Where:
    """A sheet stands at its unit and place."""
    place = sheet.unit.place
    return Where(sheet.county_id, frozenset({sheet.unit_id}), place.path if place else None)


def why_not_contest(call: Call, sheet: Scoresheet) -> Outcome:
    """Answer whether items of this sheet can be contested today."""
    return limits.contest_stands(sheet.scoring.state, sheet.scoring.contest_until, call.today)


def load_contest(call: Call, inputs: Any) -> Contest:
    """Return the contest, locked."""
    locked = _CONTESTS.select_for_update(of=("self",))
    found = locked.filter(pk=inputs.contest_id, county_id=call.actor.county_id).first()
    if found is None:
        raise missing("contest_id", "申诉", "contest")
    return found


def where_contest(row: Contest) -> Where:
    """A contest is decided where the scoring belongs."""
    return where_plan(row.county_id, row.scoresheet.scoring.plan)


def why_not_decide(call: Call, row: Contest) -> Outcome:
    """Answer whether this person decides this contest."""
    return limits.decision_stands(row.state, call.actor.account_id, row.scoresheet.scoring.run_by_id, row.filed_by_id)


def fact_of(sheet: Scoresheet, item: str) -> Fact | None:
    """Return one frozen fact of a sheet."""
    found = next((row for row in json.loads(sheet.facts) if row["item"] == item), None)
    return None if found is None else facts.from_json(found)


@action(
    "scores.contest",
    Words("申诉", "Contest"),
    subject="contest",
    grants=CONTESTERS,
    inputs=ContestInputs,
    load=load_sheet,
    where=where_sheet,
    why_not=why_not_contest,
    clauses=(REVIEW,),
)
def contest(call: Call, sheet: Scoresheet, inputs: ContestInputs) -> Decision:
    """Contest one item of the own sheet; the office has so many working days to decide."""
    fact = fact_of(sheet, inputs.item)
    if fact is None:
        raise missing("item", "项目", "item on this sheet")
    if Contest.objects.filter(scoresheet=sheet, item=inputs.item).exists():
        return refuse(
            "already_contested", "这一项已经申诉过。", "This item has been contested already.",
            Words("请查看该项申诉的处理情况。", "See how that contest stands."), (REVIEW,), item=inputs.item,
        )  # fmt: skip
    assert call.actor.account_id is not None, "people contest"
    days = schemes.of(sheet.scoring.scheme).decide_days
    due_on = default_calendar().add_working_days(call.today, days)
    made = insert(Contest(
        county_id=sheet.county_id, scoresheet=sheet, item=inputs.item, item_zh=fact.words.zh, item_en=fact.words.en,
        reason=inputs.reason, filed_on=call.today, filed_by_id=call.actor.account_id, due_on=due_on,
    ))  # fmt: skip
    files = attach.to(call, inputs.files, "contest", made.pk)
    # Everybody in the office sees its duties: the unit is named, its item is not.
    unit = sheet.unit.words
    title = Words(f"复核{unit.zh}的评分申诉", f"Decide a contest of the score of {unit.en}")
    verbs.open_duties(
        [verbs.Opening(sheet.county_id, sheet.scoring.office_id, title, "contest", made.pk, due_on, clause_id=REVIEW)],
        call.today,
    )
    return Done(
        Words(
            f"{sheet.unit.words.zh}对“{made.item_zh}”提出申诉，{due_on}前答复。",
            f"{sheet.unit.words.en} contests “{made.words.en}”; to be decided by {due_on}.",
        ),
        after={"item": inputs.item, "reason": inputs.reason, "files": files},
        facts={"scoring": sheet.scoring_id, "sheet": sheet.pk},
        values={"contest": made.pk, "due_on": str(due_on)},
        subject_id=made.pk,
    )


@action(
    "scores.reject",
    Words("申诉不成立", "Reject the contest"),
    subject="contest",
    grants=DECIDERS,
    inputs=RejectInputs,
    load=load_contest,
    where=where_contest,
    why_not=why_not_decide,
    clauses=(REVIEW,),
)
def reject(call: Call, row: Contest, inputs: RejectInputs) -> Decision:
    """Leave the item as it is, and tell the unit why."""
    return _decide(call, row, "rejected", inputs.answer, {}, Words("不成立", "rejected"))


@action(
    "scores.uphold",
    Words("申诉成立并更正", "Uphold and correct"),
    subject="contest",
    grants=DECIDERS,
    inputs=UpholdInputs,
    load=load_contest,
    where=where_contest,
    why_not=why_not_decide,
    clauses=(REVIEW,),
)
def uphold(call: Call, row: Contest, inputs: UpholdInputs) -> Decision:
    """Grant a correction; it enters with the next run of the scores, and into every later one."""
    fact = fact_of(row.scoresheet, row.item)
    assert fact is not None, "a contest is of an item on its sheet"
    granted = Correction(row.pk, inputs.kind, inputs.days, inputs.on, inputs.report)
    answer = corrections.fits(fact, granted, call.today)
    if not isinstance(answer, Granted):
        assert isinstance(answer, Refused | Needs), "a granted answer goes on"
        return answer
    said = {
        "kind": inputs.kind, "days": inputs.days if inputs.kind == "excuse_days" else 0,
        "on": str(inputs.on) if inputs.kind == "done_on" else None,
        "report": inputs.report if inputs.kind == "pardon_return" else 0,
    }  # fmt: skip
    return _decide(call, row, "upheld", inputs.answer, said, Words("成立", "upheld"))


def _decide(
    call: Call, row: Contest, state: str, answer: str, correction: dict[str, Any], words: Words
) -> Decision:  # fmt: skip
    row.state, row.answer, row.correction = state, answer, correction
    row.decided_on, row.decided_by_id = call.today, call.actor.account_id
    row.save(update_fields=["state", "answer", "correction", "decided_on", "decided_by"])
    waiting = Duty.objects.filter(
        county_id=row.county_id, subject_kind="contest", subject_id=str(row.pk), state="open"
    )  # fmt: skip
    for duty in waiting.select_for_update():
        verbs.close(duty, call.today)
    unit = row.scoresheet.unit.words
    said = {
        "zh": f"对“{row.item_zh}”的申诉{words.zh}：{_ended(answer)}。",
        "en": f"The contest of “{row.words.en}” was {words.en}: {_ended(answer)}.",
        "contest": row.pk,
    }
    when = outbox.quiet_until(call.now, default_calendar())
    outbox.enqueue(call, f"contest:{row.pk}", "scores", said, row.scoresheet.unit_id, not_before=when)
    return Done(
        Words(
            f"{unit.zh}对“{row.item_zh}”的申诉{words.zh}：{_ended(answer)}。",
            f"Contest of {unit.en} over “{row.words.en}” {words.en}: {_ended(answer)}.",
        ),
        before={"state": "filed"},
        after={"state": state, "answer": answer, "correction": correction},
        facts={"item": row.item, "scoring": row.scoresheet.scoring_id},
    )


def _ended(text: str) -> str:
    return text.rstrip("。. ")
