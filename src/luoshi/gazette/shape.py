"""The shape a proposal must have before anything is built on it. An edited proposal is checked against its text.

Every span lies inside the text, every day is a day, every list is of bounded length: what does not hold is a
``Problem`` that names the element. Unknown keys are kept out, so that nothing smuggles itself into the records.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from luoshi.core.problem import Problem
from luoshi.core.words import Words

Span = Annotated[list[int], Field(min_length=2, max_length=2)]
Line = Annotated[str, Field(max_length=600)]
Unit = Annotated[str, Field(min_length=1, max_length=120)]
Long = Annotated[str, Field(max_length=2_000_000)]
_none_as_text = BeforeValidator(lambda value: "" if value is None else value)
Origin = Literal["parser", "editor"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Element(_Part):
    checked: bool = False
    origin: Origin = "parser"


class Deadline(_Part):
    kind: Literal["until", "recurring", "ongoing", "relative", "none"]
    until: dt.date | None = None
    then: Literal["ongoing"] | None = None
    every: dict[str, Any] | str | None = None
    words: Annotated[Line, _none_as_text] = ""


class Target(_Element):
    words: Line
    op: Annotated[str, Field(max_length=4)]
    value: float | int | str | None = None
    unit: Annotated[str, Field(max_length=30), _none_as_text] = ""
    span: Span


class Task(_Element):
    path: Annotated[Line, _none_as_text] = ""
    number: Line | None = None
    sub: Annotated[str, Field(max_length=40)] | None = None
    heading: Long | None = None
    text: Long
    span: Span
    lead: Annotated[list[Unit], Field(max_length=200)] = []
    support: Annotated[list[Unit], Field(max_length=200)] = []
    responsible: Annotated[list[Unit], Field(max_length=200)] = []
    mode: Literal["single", "lead_support", "joint", "by_duty", "none"]
    open_ended: bool = False
    deadline: Deadline
    targets: Annotated[list[Target], Field(max_length=500)] = []


class Clause(_Element):
    path: Line
    level: Annotated[int, Field(ge=0, le=40)]
    heading: Long | None = None
    span: Span


class Interpretation(_Part):
    title: Line
    span: Span
    clauses: list[Clause] = []


class Threshold(_Element):
    model_config = ConfigDict(extra="allow", frozen=True)
    name: Line
    metric: Line
    span: Span


class Document(_Element):
    title: Line
    number: Line | None = None
    issuer: Line | None = None
    issued_on: dt.date | None = None
    disclosure: Line | None = None
    recipients: Annotated[list[Line], Field(max_length=500)] = []
    interpretation: Interpretation | None = None
    clauses: list[Clause] = []
    tasks: list[Task] = []
    thresholds: list[Threshold] = []


class Issue(_Part):
    title: Line
    year: Annotated[int, Field(ge=1900, le=2200)]
    number: Annotated[int, Field(ge=0, le=1000)]
    serial: Annotated[int, Field(ge=0, le=32_000)] | None = None
    printed_on: dt.date | None = None


class Chronicle(_Element):
    from_: Annotated[dt.date | None, Field(alias="from")] = None
    to: dt.date | None = None
    text: Long
    span: Span


class Doubt(_Part):
    span: Span
    kind: Annotated[str, Field(max_length=60)]
    words: Line
    settled: bool = False


class Block(_Part):
    span: Span
    kind: Annotated[str, Field(max_length=60)]
    document: int | None = None


class Proposal(_Part):
    issue: Issue | None = None
    documents: list[Document] = []
    chronicle: list[Chronicle] = []
    doubts: list[Doubt] = []
    blocks: list[Block] = []
    unit_names: dict[Unit, Unit] = {}
    source: dict[str, Any] = {}


def check(proposal: Any, text: str) -> Proposal:
    """Return the proposal as typed parts; raise ``Problem`` (422) naming the first element that does not hold."""
    try:
        made = Proposal.model_validate(proposal)
    except ValidationError as fault:
        first = fault.errors()[0]
        raise _bad(".".join(str(p) for p in first["loc"]), first["msg"], first["msg"]) from fault
    size = len(text)
    for place, (start, end) in _spans(made):
        if not 0 <= start <= end <= size:
            raise _bad(place, f"位置 {start}–{end} 不在原文之内。", f"the span {start}–{end} lies outside the text")
    return made


def _spans(proposal: Proposal) -> Iterator[tuple[str, list[int]]]:
    for name in ("chronicle", "doubts", "blocks"):
        yield from ((f"{name}.{i}", part.span) for i, part in enumerate(getattr(proposal, name)))
    for d, document in enumerate(proposal.documents):
        at = f"documents.{d}"
        if document.interpretation is not None:
            yield f"{at}.interpretation", document.interpretation.span
            inner = document.interpretation.clauses
            yield from ((f"{at}.interpretation.clauses.{i}", c.span) for i, c in enumerate(inner))
        for name in ("clauses", "tasks", "thresholds"):
            yield from ((f"{at}.{name}.{i}", part.span) for i, part in enumerate(getattr(document, name)))
        for t, task in enumerate(document.tasks):
            yield from ((f"{at}.tasks.{t}.targets.{i}", part.span) for i, part in enumerate(task.targets))


def _bad(place: str, zh: str, en: str) -> Problem:
    return Problem(
        place or "proposal",
        Words(f"建议的结构不合要求：{zh}", f"The proposal does not hold: {en}."),
        Words("请改正这一项，或重新解析原文。", "Correct this element, or parse the text again."),
        status=422,
    )
