"""Report forms and questions as the package holds them: read once, checked on load. Pure: no Django, no clock."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from luoshi.core.words import Words
from luoshi.office import register
from luoshi.office.register.files import Entry, read

HERE = Path(__file__).parent
FORMS, QUESTIONS = HERE / "forms.yaml", HERE / "questions.yaml"
Rows = Literal["", "shares", "targets"]
Kind = Literal["text", "whole", "number", "choice"]
NOTHING = Words("", "")


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked because no record knows it, and for how many days the answer stands."""

    code: str
    words: Words
    why: Words
    kind: Kind
    measure: Words
    scope: Literal["unit", "plan", "row"]
    valid_days: int
    choices: tuple[Words, ...] = ()
    most: str = ""
    final_at: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, or one column of a table of rows: where its value comes from, in order."""

    code: str
    words: Words | None = None
    provider: str = ""
    question: str = ""
    ratio: tuple[str, ...] = ()
    total: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a form: single cells, or a table with a row for each share or target of the unit."""

    code: str
    heading: Words
    of: Rows
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One form as it is in force from a day on."""

    code: str
    from_on: dt.date
    subject: str
    title: Words
    clauses: tuple[str, ...]
    report: str
    senders: tuple[str, ...]
    recipient: str
    copies: tuple[str, ...]
    days: tuple[int, ...]
    stages: tuple[str, ...]
    opens_days_before: int
    blocks: tuple[Block, ...]

    @property
    def on_request(self) -> bool:
        """Tell whether the sender opens it when there is something to report."""
        return not self.days and not self.stages


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Reports the plans name that are no form here, and why."""

    reports: tuple[str, ...]
    why: Words


def questions() -> Mapping[str, Question]:
    """Return every question by its code."""
    return _questions(QUESTIONS)


def forms() -> tuple[Form, ...]:
    """Return every form in every version, in the order of the file."""
    return _forms(FORMS, QUESTIONS)[0]


def elsewhere() -> tuple[Elsewhere, ...]:
    """Return the named reports that are no form, with why."""
    return _forms(FORMS, QUESTIONS)[1]


def return_working_days() -> int:
    """Return how many working days a unit has to mend a form that was sent back after its day."""
    return _forms(FORMS, QUESTIONS)[2]


def in_force(day: dt.date, subject: str | None = None) -> list[Form]:
    """Return the version in force on a day of each form, of one subject where one is given."""
    found: dict[str, Form] = {}
    for form in forms():
        held = found.get(form.code)
        if form.from_on <= day and subject in (None, form.subject) and (held is None or form.from_on > held.from_on):
            found[form.code] = form
    return list(found.values())


def form(code: str, from_on: dt.date) -> Form:
    """Return one version of a form; ``KeyError`` where the package no longer holds it."""
    return next(iter(f for f in forms() if (f.code, f.from_on) == (code, from_on)), None) or _gone(code, from_on)


def _gone(code: str, from_on: dt.date) -> Form:
    raise KeyError(f"{code} of {from_on}")


@lru_cache(maxsize=8)
def _questions(path: Path) -> Mapping[str, Question]:
    found: dict[str, Question] = {}
    for index, item in enumerate(read(path)):
        entry = Entry(path, (index,), item)
        made = _question(entry)
        if made.code in found:
            raise entry.problem(f"问题 {made.code} 重复。", f"Question {made.code} stands twice.", "code")
        for name in (made.most, made.final_at):
            if name and name not in found:
                raise entry.problem(f"前面没有问题 {name}。", f"There is no question {name} before this one.")
        found[made.code] = made
    return MappingProxyType(found)


def _question(entry: Entry) -> Question:
    entry.only("code words why kind measure scope valid_days choices most final_at")
    days = entry.maybe_int("valid_days")
    if days is None or days < 0:
        raise entry.problem(
            "valid_days 应为不小于 0 的整数。", "valid_days must be a whole number from 0.", "valid_days"
        )
    kind: Kind = entry.one_of("kind", "text", "whole", "number", "choice")  # type: ignore[assignment]
    choices = tuple(Words(c.text("zh"), c.text("en")) for c in entry.entries("choices"))
    if (kind == "choice") != bool(choices):
        raise entry.problem("choice 与 choices 应同时出现。", "choice and choices go together.", "kind")
    return Question(
        entry.text("code"), entry.words("words"), entry.words("why"), kind, entry.maybe_words("measure") or NOTHING,
        entry.one_of("scope", "unit", "plan", "row"), days, choices,  # type: ignore[arg-type]
        entry.maybe_text("most") or "", entry.maybe_text("final_at") or "",
    )  # fmt: skip


@lru_cache(maxsize=8)
def _forms(path: Path, asked: Path) -> tuple[tuple[Form, ...], tuple[Elsewhere, ...], int]:
    whole = Entry(path, (), read(path))
    whole.only("forms elsewhere return_working_days")
    days = whole.maybe_int("return_working_days")
    if days is None or days < 1:
        raise whole.problem("return_working_days 应为正整数。", "return_working_days must be positive.")
    found: dict[tuple[str, dt.date], Form] = {}
    for entry in whole.entries("forms"):
        made = _form(entry, _questions(asked))
        if (made.code, made.from_on) in found:
            raise entry.problem(f"表 {made.code} 重复。", f"Form {made.code} stands twice.", "code")
        found[made.code, made.from_on] = made
    others = tuple(Elsewhere(e.texts("reports"), e.words("why")) for e in whole.entries("elsewhere"))
    return tuple(found.values()), others, days


def _form(entry: Entry, asked: Mapping[str, Question]) -> Form:
    entry.only("code from subject report title clauses senders recipient copies when opens_days_before blocks")
    when = entry.below("when")
    when.only("day_of_month stages request")
    days, stages = tuple(when.data.get("day_of_month", ())), when.texts("stages")
    if sum(map(bool, (days, stages, when.flag("request")))) != 1 or not all(
        isinstance(d, int) and 1 <= d <= 31 for d in days
    ):
        raise entry.problem("when 应恰好写一种。", "when holds exactly one of its kinds.", "when")
    clauses = entry.texts("clauses")
    for clause_id in clauses or ("",):
        try:
            register.clause(clause_id)
        except KeyError:
            raise entry.problem(f"没有条款 {clause_id}。", f"There is no clause {clause_id}.", "clauses") from None
    return Form(
        entry.text("code"), entry.day("from"), entry.text("subject"), entry.words("title"), clauses,
        entry.maybe_text("report") or "", entry.texts("senders"), entry.text("recipient"), entry.texts("copies"),
        days, stages, entry.maybe_int("opens_days_before") or 0,
        tuple(_block(b, asked) for b in entry.entries("blocks")),
    )  # fmt: skip


def _block(entry: Entry, asked: Mapping[str, Question]) -> Block:
    entry.only("code heading of cells")
    of: Rows = entry.one_of("of", "shares", "targets") if "of" in entry.data else ""  # type: ignore[assignment]
    cells: dict[str, Cell] = {}
    for item in entry.entries("cells"):
        made = _cell(item, asked, of)
        if made.code in cells or any(code not in cells for code in made.ratio):
            raise item.problem(
                f"格 {made.code} 重复，或引用了后面的格。", f"Cell {made.code} stands twice or looks ahead."
            )
        cells[made.code] = made
    return Block(entry.text("code"), entry.words("heading"), of, tuple(cells.values()))


def _cell(entry: Entry, asked: Mapping[str, Question], of: Rows) -> Cell:
    entry.only("code words provider question ratio total")
    made = Cell(
        entry.text("code"), entry.maybe_words("words"), entry.maybe_text("provider") or "",
        entry.maybe_text("question") or "", entry.texts("ratio"), entry.texts("total"),
    )  # fmt: skip
    filled = bool(made.provider or made.question) + bool(made.ratio) + bool(made.total)
    if filled != 1 or len(made.ratio) not in (0, 2) or len(made.total) not in (0, 2):
        raise entry.problem("每格写一种来源。", "A cell has one kind of source.")
    if (made.ratio or made.total) and made.words is None:
        raise entry.problem("这样的格要有名称。", "Such a cell needs a name.", "words")
    if made.question and made.question not in asked:
        raise entry.problem(f"没有问题 {made.question}。", f"There is no question {made.question}.", "question")
    if made.question and (asked[made.question].scope == "row") != bool(of):
        raise entry.problem("按行的问题只能在表格里。", "A question of rows stands in a table of rows, and only there.")
    return made
