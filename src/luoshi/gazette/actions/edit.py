"""An editor's steps on an open proposal: confirm, correct, add, remove, split, merge an element, take a step back."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field

from luoshi.core.outcome import Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette import edits, shape
from luoshi.gazette.actions import subjects
from luoshi.gazette.models import Proposal, ProposalEdit
from luoshi.office.actions import Action, Call, Done, action

At = Annotated[str, Field(max_length=80, pattern=r"^[a-z_]+(\.[a-z_0-9]+)*$")]
Text = Annotated[str, Field(max_length=4_000)]
Names = Annotated[str, Field(max_length=4_000)]
Place = Annotated[int, Field(ge=0)]


class OfElement(subjects.OfProposal):
    """Which element of which proposal."""

    at: At


class Split(OfElement):
    """Where to cut, as an offset into the text."""

    offset: Place


class Correct(OfElement):
    """New values of an element; what is left out stays. Unit names are separated by 、 or line breaks."""

    title: Text | None = None
    number: Text | None = None
    issuer: Text | None = None
    issued_on: dt.date | Literal[""] | None = None
    disclosure: Text | None = None
    recipients: Names | None = None
    path: Text | None = None
    level: Annotated[int, Field(ge=0, le=40)] | None = None
    heading: Text | None = None
    sub: Text | None = None
    lead: Names | None = None
    support: Names | None = None
    responsible: Names | None = None
    mode: Literal["single", "lead_support", "joint", "by_duty", "none"] | None = None
    open_ended: bool | None = None
    deadline_kind: Literal["until", "recurring", "ongoing", "relative", "none"] | None = None
    deadline_until: dt.date | Literal[""] | None = None
    deadline_then: Literal["ongoing", ""] | None = None
    deadline_every: Literal["week", "ten_days", "month", "quarter", "half_year", "year", ""] | None = None
    deadline_days: Annotated[str, Field(max_length=60, pattern=r"^[\d 、,，]*$")] | None = None
    words: Text | None = None
    op: Literal[">=", "<=", ">", "<", "="] | None = None
    value: float | None = None
    unit: Annotated[str, Field(max_length=30)] | None = None
    from_on: dt.date | Literal[""] | None = None
    to_on: dt.date | Literal[""] | None = None
    span_from: Place | None = None
    span_to: Place | None = None


class Add(Correct):
    """A new element at a place of a list; its words are the stretch of text given."""

    span_from: Place
    span_to: Place


OPTIONAL_TEXT = ("number", "issuer", "disclosure", "heading", "sub")
LISTED = ("recipients", "lead", "support", "responsible")
_EMPTY: dict[str, dict[str, Any]] = {
    "documents": {
        "title": "", "number": None, "issuer": None, "issued_on": None, "disclosure": None, "recipients": [],
        "interpretation": None, "clauses": [], "tasks": [], "thresholds": [],
    },
    "clauses": {"path": "", "level": 1, "heading": None},
    "tasks": {
        "path": "", "number": None, "sub": None, "heading": None, "text": "", "lead": [], "support": [],
        "responsible": [], "mode": "none", "open_ended": False, "targets": [],
        "deadline": {"kind": "none", "until": None, "then": None, "every": None, "words": ""},
    },
    "targets": {"words": "", "op": ">=", "value": None, "unit": ""},
    "chronicle": {"from": None, "to": None, "text": ""},
}  # fmt: skip


def commit(call: Call, proposal: Proposal, verb: str, at: str, change: edits.Change) -> Done:
    """Apply one change, check the whole, keep the step."""
    made = edits.apply(proposal.edited, change)
    shape.check(made, proposal.text)
    number = proposal.edits_made + 1
    ProposalEdit.objects.create(
        county_id=proposal.county_id, proposal=proposal, number=number, verb=verb, at=at[:80], change=change.as_json(),
        made_on=call.today, made_by_id=call.actor.account_id,
    )  # fmt: skip
    proposal.edited, proposal.edits_made = made, number
    proposal.save(update_fields=["edited", "edits_made"])
    return Done(
        Words(f"“{proposal.name}”第{number}步：{verb} {at}", f"{proposal.name!r} step {number}: {verb} {at}"),
        before={"at": at, "was": change.was}, after={"comes": change.comes},
        values={"proposal": proposal.pk, "edits": number}, subject_id=proposal.pk,
    )  # fmt: skip


def _step(name: str, words: Words, inputs: type[Any]) -> Any:
    return action(
        f"proposal.{name}", words, subject="proposal", grants=subjects.EDITORS, inputs=inputs, load=subjects.load,
        where=subjects.where, why_not=subjects.still_open,
    )  # fmt: skip


@_step("check", Words("确认一项", "Confirm an element"), OfElement)
def check(call: Call, proposal: Proposal, inputs: OfElement) -> Done | Refused:
    """Mark an element as looked at and right; a doubt as settled."""
    at = edits.place(inputs.at)
    mark = {"settled": True} if at[0] == "doubts" else {"checked": True}
    return subjects.stale(proposal, inputs.at_edit) or commit(
        call, proposal, "check", inputs.at, edits.set_fields(proposal.edited, at, mark)
    )


@_step("correct", Words("改正一项", "Correct an element"), Correct)
def correct(call: Call, proposal: Proposal, inputs: Correct) -> Done | Refused:
    """Set fields of an element by hand; it counts as checked."""
    refused = subjects.stale(proposal, inputs.at_edit)
    if refused is not None:
        return refused
    at = edits.place(inputs.at)
    held = edits.reach(proposal.edited, at)
    if not isinstance(held, dict) or len(at) < 2 or at[-2] not in _EMPTY:
        raise Problem(
            "at",
            Words("这一项不能改。", "This cannot be corrected."),
            Words("请从列表中选择。", "Choose one from the list."),
            status=404,
        )
    new = fields(held, str(at[-2]), inputs, proposal.text)
    if not new:
        return refuse(
            "nothing_changed",
            "没有改动。",
            "Nothing was changed.",
            Words("请改后再存。", "Change something, then save."),
        )
    return commit(call, proposal, "correct", inputs.at, edits.set_fields(proposal.edited, at, {**new, "checked": True}))


@_step("add", Words("补上一项", "Add an element"), Add)
def add(call: Call, proposal: Proposal, inputs: Add) -> Done | Refused:
    """Add an element the parser did not see; its words are a stretch of the source."""
    refused = subjects.stale(proposal, inputs.at_edit)
    if refused is not None:
        return refused
    at = edits.place(inputs.at)
    kind = str(at[-2]) if len(at) > 1 else ""
    if kind not in _EMPTY:
        raise Problem(
            "at",
            Words("这里不能补。", "Nothing can be added here."),
            Words("请从列表中选择。", "Choose a list."),
            status=404,
        )
    made = {**_EMPTY[kind], "span": [0, 0], "checked": True}
    made |= fields(made, kind, inputs, proposal.text)
    if kind == "documents":
        made.pop("span")
        made["title"] = made["title"] or " ".join(proposal.text[inputs.span_from : inputs.span_to].split())[:600]
    return commit(call, proposal, "add", inputs.at, edits.add(proposal.edited, at, made))


@_step("remove", Words("去掉一项", "Remove an element"), OfElement)
def remove(call: Call, proposal: Proposal, inputs: OfElement) -> Done | Refused:
    """Take an element out; its words stay in the source."""
    return subjects.stale(proposal, inputs.at_edit) or commit(
        call, proposal, "remove", inputs.at, edits.remove(proposal.edited, edits.place(inputs.at))
    )


@_step("split", Words("拆分一项", "Split an element"), Split)
def split(call: Call, proposal: Proposal, inputs: Split) -> Done | Refused:
    """Cut an element in two."""
    at = edits.place(inputs.at)
    if at[0] == "doubts" or len(at) < 2 or at[-2] not in ("clauses", "tasks", "chronicle"):
        return refuse(
            "not_split",
            "这一项不能拆分。",
            "This cannot be split.",
            Words("可拆分条款、任务、大事记。", "Clauses, tasks and chronicle entries can."),
        )
    return subjects.stale(proposal, inputs.at_edit) or commit(
        call, proposal, "split", inputs.at, edits.split(proposal.edited, at, inputs.offset, proposal.text)
    )


@_step("merge", Words("与下一项合并", "Merge with the next"), OfElement)
def merge(call: Call, proposal: Proposal, inputs: OfElement) -> Done | Refused:
    """Join an element with the next one."""
    at = edits.place(inputs.at)
    if len(at) < 2 or at[-2] not in ("clauses", "tasks", "chronicle"):
        return refuse(
            "not_merged",
            "这一项不能合并。",
            "This cannot be merged.",
            Words("可合并条款、任务、大事记。", "Clauses, tasks and chronicle entries can."),
        )
    return subjects.stale(proposal, inputs.at_edit) or commit(
        call, proposal, "merge", inputs.at, edits.merge(proposal.edited, at, proposal.text)
    )


@_step("undo", Words("撤销上一步", "Take the last step back"), subjects.OfProposal)
def undo(call: Call, proposal: Proposal, inputs: subjects.OfProposal) -> Done | Refused:
    """Take the last step back, exactly; possible until the proposal is confirmed."""
    refused = subjects.stale(proposal, inputs.at_edit)
    last = ProposalEdit.objects.filter(proposal=proposal).order_by("-number").first()
    if refused is not None or last is None:
        return refused or refuse(
            "nothing_to_undo", "没有可以撤销的步骤。", "There is no step to take back.", Words("", "")
        )
    proposal.edited = edits.apply(proposal.edited, edits.Change.from_json(last.change).inverse())
    proposal.edits_made = last.number - 1
    proposal.save(update_fields=["edited", "edits_made"])
    last.delete()
    return Done(
        Words(f"撤销第{last.number}步：{last.verb} {last.at}", f"Took back step {last.number}: {last.verb} {last.at}"),
        before={"step": last.change}, values={"proposal": proposal.pk, "edits": proposal.edits_made, "at": last.at},
        subject_id=proposal.pk,
    )  # fmt: skip


def fields(held: dict[str, Any], kind: str, inputs: Correct, text: str) -> dict[str, Any]:
    """Return the fields of an element that the inputs change."""
    new: dict[str, Any] = {}
    for name in ("title", "path", "level", "mode", "open_ended", "words", "op", "value", "unit"):
        if getattr(inputs, name) is not None and name in held:
            new[name] = getattr(inputs, name)
    new |= {n: getattr(inputs, n) or None for n in OPTIONAL_TEXT if getattr(inputs, n) is not None and n in held}
    new |= {n: names_in(getattr(inputs, n)) for n in LISTED if getattr(inputs, n) is not None and n in held}
    if inputs.issued_on is not None and "issued_on" in held:
        new["issued_on"] = inputs.issued_on.isoformat() if inputs.issued_on else None
    for name, key in (("from_on", "from"), ("to_on", "to")):
        day = getattr(inputs, name)
        if day is not None and key in held:
            new[key] = day.isoformat() if day else None
    if kind == "tasks":
        new |= _deadline(held["deadline"], inputs)
    new |= _span(held, inputs, text)
    return {k: v for k, v in new.items() if k not in held or held[k] != v}


def _deadline(held: dict[str, Any], inputs: Correct) -> dict[str, Any]:
    made = dict(held)
    if inputs.deadline_kind is not None:
        made["kind"] = inputs.deadline_kind
    if inputs.deadline_until is not None:
        made["until"] = inputs.deadline_until.isoformat() if inputs.deadline_until else None
    if inputs.deadline_then is not None:
        made["then"] = inputs.deadline_then or None
    if inputs.deadline_every is not None:
        days = [
            int(d) for d in (inputs.deadline_days or "").replace("、", " ").replace(",", " ").replace("，", " ").split()
        ]
        made["every"] = {"period": inputs.deadline_every, "days": days} if inputs.deadline_every else None
    if made["kind"] == "until" and not made["until"]:
        raise Problem(
            "deadline_until", Words("有截止日的任务要写明日期。", "A task due by a day needs the day."),
            Words("请填写日期，或改选其他期限类型。", "Give the day, or choose another kind."), status=422,
        )  # fmt: skip
    return {"deadline": made}


def _span(held: dict[str, Any], inputs: Correct, text: str) -> dict[str, Any]:
    if "span" not in held or (inputs.span_from is None and inputs.span_to is None):
        return {}
    start = held["span"][0] if inputs.span_from is None else inputs.span_from
    end = held["span"][1] if inputs.span_to is None else inputs.span_to
    if not 0 <= start < end <= len(text):
        raise Problem(
            "span_to", Words(f"位置 {start}–{end} 不在原文之内。", f"{start}–{end} is no stretch of the text."),
            Words(f"请给出 0 到 {len(text)} 之间、先小后大的两个位置。", f"Give two places from 0 to {len(text)}, the smaller first."),
            status=422,
        )  # fmt: skip
    made: dict[str, Any] = {"span": [start, end]}
    if "text" in held:
        made["text"] = text[start:end].strip()
    if "words" in held and inputs.words is None:
        made["words"] = text[start:end].strip()[:600]
    return made


def names_in(text: str) -> list[str]:
    """Return the names of a list a person typed, each once, in order."""
    parts = text.replace("\n", "、").replace("，", "、").replace(",", "、").split("、")
    return list(dict.fromkeys(p.strip() for p in parts if p.strip()))


STEPS: dict[str, Action[Any, Any]] = {
    "check": check, "correct": correct, "add": add, "remove": remove, "split": split, "merge": merge, "undo": undo,
}  # fmt: skip
