"""Filling what no record knows, and correcting what a record says, with a reason."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from luoshi.core.outcome import Outcome, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import Call, Decision, Done, action
from luoshi.office.prepared import insert
from luoshi.supervision.actions.inputs import Reason, told
from luoshi.supervision.reporting import filling, forms, reading
from luoshi.supervision.reporting.actions.subjects import SENDERS, CellKey, FilingInputs, load, said, stands, where_sent
from luoshi.supervision.reporting.filling import DRAFTS
from luoshi.supervision.reporting.forms import Question
from luoshi.supervision.reporting.models import Answer, Correction, Filing
from luoshi.supervision.reporting.sheet import Filled, Sheet

Typed = Annotated[str, told("内容", "Text", max_length=5000)]


class AnswerInputs(FilingInputs):
    """What is answered, by cell; a cell that is left out or empty stays as it is."""

    answers: Annotated[dict[str, Typed], told("答复", "Answers", "格 → 内容", "cell → text", max_length=500)]


class CorrectInputs(FilingInputs):
    """Which figure is corrected to what, and why."""

    cell: CellKey
    value: Annotated[str, told("应为", "Should be", "更正后的内容", "what it should be", min_length=1, max_length=5000)]
    reason: Reason


class UncorrectInputs(FilingInputs):
    """Which correction is taken back."""

    cell: CellKey


def open_to_change(call: Call, filing: Filing) -> Outcome:
    """Answer whether the form can still be changed."""
    return stands(filing, *DRAFTS)


@action(
    "filing.answer",
    Words("保存答复", "Save answers"),
    subject="filing",
    grants=SENDERS,
    inputs=AnswerInputs,
    load=load,
    where=where_sent,
    why_not=open_to_change,
)
def answer(call: Call, filing: Filing, inputs: AnswerInputs) -> Decision:
    """Keep answers to what was asked. An answer that stands already is not written a second time."""
    sheet = filling.draft(filing, call.now)
    values = _read(sheet, inputs.answers)
    _within_limits(sheet, values)
    kept = 0
    assert call.actor.account_id is not None, "answers are given by people"
    for cell, value in values:
        if cell.origin in ("kept", "asked") and cell.value == value:
            continue
        question = forms.questions()[cell.question]
        insert(Answer(
            county_id=filing.county_id, unit_id=filing.unit_id, question=cell.question, about=cell.about, value=value,
            answered_on=call.today, valid_until=_stands_until(call, filing, question, value, sheet, values),
            answered_by_id=call.actor.account_id, filing=filing,
        ))  # fmt: skip
        kept += 1
    more = Words(f"，新答复{kept}格", f", {kept} new answers")
    return Done(
        said(filing, Words("填写", "filled in"), more), values={"answers": kept},
        after={"answers": {cell.key: value for cell, value in values}},
        clauses=filling.form_of(filing).clauses[:1],
    )  # fmt: skip


def _read(sheet: Sheet, answers: Mapping[str, str]) -> list[tuple[Filled, Any]]:
    values = []
    for key, text in answers.items():
        cell = sheet.cell(key)
        if cell is None or not cell.question:
            raise Problem(
                f"answers.{key}"[:140],
                Words("这一格不需要填写。", "This cell is not asked for."),
                Words("请刷新页面后再填。", "Reload the page and fill it in again."),
                status=422,
            )
        if text.strip():
            values.append((cell, reading.answer(forms.questions()[cell.question], text, f"answers.{key}")))
    return values


def _within_limits(sheet: Sheet, values: list[tuple[Filled, Any]]) -> None:
    """A part cannot be more than its whole: started houses than planned ones."""
    now = {c.question: c.value for c in sheet.cells() if c.question and c.value is not None}
    now |= {cell.question: value for cell, value in values}
    for cell in sheet.cells():
        limit = forms.questions()[cell.question].most if cell.question else ""
        if not limit or cell.question not in now or limit not in now:
            continue
        if Decimal(str(now[cell.question])) > Decimal(str(now[limit])):
            whole = forms.questions()[limit].words
            raise Problem(
                f"answers.{cell.key}",
                Words(
                    f"“{cell.words.zh}”是{now[cell.question]}，超过了“{whole.zh}”{now[limit]}。",
                    f"“{cell.words.en}” is {now[cell.question]}, more than “{whole.en}”, {now[limit]}.",
                ),
                Words("请核对这两个数。", "Check both numbers."),
                status=422,
            )


def _stands_until(
    call: Call, filing: Filing, question: Question, value: Any, sheet: Sheet, values: list[tuple[Filled, Any]]
) -> dt.date:
    """Return the last day of an answer; a count that has reached its whole can change no more in this plan."""
    until = call.today + dt.timedelta(days=question.valid_days)
    if not question.final_at:
        return until
    given = {cell.question: v for cell, v in values}
    known = {c.question: c.value for c in sheet.cells() if c.question}
    whole = given.get(question.final_at, known.get(question.final_at))
    if whole is None or str(whole) != str(value):
        return until
    plan_end = filing.round.plan.until_on or dt.date(call.today.year, 12, 31)
    return max(until, plan_end)


@action(
    "filing.correct",
    Words("更正系统数字", "Correct a figure"),
    subject="filing",
    grants=SENDERS,
    inputs=CorrectInputs,
    load=load,
    where=where_sent,
    why_not=open_to_change,
)
def correct(call: Call, filing: Filing, inputs: CorrectInputs) -> Decision:
    """Put another value over a computed one, with the reason; both stay to be seen, also by the recipient."""
    cell = filling.draft(filing, call.now).cell(inputs.cell)
    if cell is None or not cell.can_be_corrected:
        return refuse(
            "not_computed", "这一格不是系统算出的数字，直接填写即可。", "This cell is not computed; just fill it in.",
            Words("请在表中填写。", "Fill it in on the form."),
        )  # fmt: skip
    value = reading.correction(cell.kind, inputs.value, "value")
    stood = cell.computed if cell.origin in ("corrected", "stale") else cell.value
    if value == stood:
        return refuse(
            "same_value", "更正后的内容与系统算出的相同。", "The correction equals what was computed.",
            Words("不需要更正。", "No correction is needed."),
        )  # fmt: skip
    assert call.actor.account_id is not None, "corrections are made by people"
    given = {
        "county_id": filing.county_id, "computed": stood, "value": value, "reason": inputs.reason,
        "corrected_on": call.today, "corrected_by_id": call.actor.account_id,
    }  # fmt: skip
    Correction.objects.update_or_create(filing=filing, cell=cell.key, defaults=given)
    why = inputs.reason.rstrip("。.")
    more = Words(f"中的“{cell.words.zh}”：{why}", f", “{cell.words.en}”: {why}")
    return Done(
        said(filing, Words("更正", "corrected"), more), before={cell.key: stood}, after={cell.key: value},
        facts={"reason": inputs.reason}, clauses=filling.form_of(filing).clauses[:1],
    )  # fmt: skip


@action(
    "filing.uncorrect",
    Words("撤销更正", "Take back a correction"),
    subject="filing",
    grants=SENDERS,
    inputs=UncorrectInputs,
    load=load,
    where=where_sent,
    why_not=open_to_change,
)
def uncorrect(call: Call, filing: Filing, inputs: UncorrectInputs) -> Decision:
    """Take a correction back; the figure is the system's again."""
    found = Correction.objects.filter(filing=filing, cell=inputs.cell).first()
    if found is None:
        return refuse(
            "no_correction", "这一格没有更正。", "This cell has no correction.",
            Words("请刷新页面查看现状。", "Reload the page to see the present state."),
        )  # fmt: skip
    was = found.value
    found.delete()
    return Done(
        said(filing, Words("撤销更正", "took back a correction in")), before={inputs.cell: was},
        clauses=filling.form_of(filing).clauses[:1],
    )  # fmt: skip
