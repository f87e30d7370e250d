"""The shapes every route of the API answers with."""

from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field


class Bilingual(Schema):
    """A text in Chinese and in English."""

    zh: str
    en: str


class ReasonOut(Schema):
    """Why an answer is what it is, under which clauses, and what would change it."""

    code: str
    words: Bilingual
    remedy: Bilingual | None
    clauses: list[str]
    facts: dict[str, Any]


class ActionOut(Schema):
    """The outcome of one action. ``replayed``: this Idempotency-Key had been answered before."""

    outcome: str = Field(pattern="^(granted|refused|needs)$")
    reasons: list[ReasonOut]
    values: dict[str, Any]
    entry: int
    replayed: bool


class ProblemBody(Schema):
    """Bad input: the place, what is wrong there, and the remedy."""

    place: str
    words: Bilingual
    remedy: Bilingual


class ProblemOut(Schema):
    """The answer to bad input."""

    problem: ProblemBody


class PageOut(Schema):
    """One keyset page of a list: pass ``next`` as ``after`` for the following one."""

    items: list[dict[str, Any]]
    next: int | None


class RowOut(Schema):
    """One record: its id and the columns of its list."""

    model_config = ConfigDict(extra="allow")
    id: int
