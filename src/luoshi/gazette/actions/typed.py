"""What an editor types about an element, and the fields of the proposal it sets."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette.actions import subjects

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
EMPTY: dict[str, dict[str, Any]] = {
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
            Words(f"请给出 0 到 {len(text)} 之间、先小后大的两个位置。", f"Give two rising places up to {len(text)}."),
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
