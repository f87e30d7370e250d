"""A form with its cells filled: from providers, from answers that still stand, and the rest to be asked. Pure.

Every cell says where it comes from (``origin``): ``computed`` by a provider, ``kept`` from an answer given in an
earlier form, ``asked`` and answered for this one, ``corrected`` by the unit with a reason, ``missing``, or ``stale``:
corrected, but the figure has changed since.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from luoshi.core.words import Words
from luoshi.office.indicators import registry
from luoshi.office.indicators.registry import Asked, Figure, Unknown, Value
from luoshi.supervision.reporting.forms import Block, Cell, Form, Question

SYSTEM = ("computed", "kept")
FILLED = ("computed", "kept", "asked", "corrected")
NOTHING = Words("", "")
PER_CENT = Words("%", "%")


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: its value, when it was given and until when it stands, and whether in this very form."""

    value: Any
    answered_on: dt.date
    valid_until: dt.date
    here: bool
    form: Words = NOTHING


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction: what was computed then, what the unit says it is, why, when."""

    computed: Any
    value: Any
    reason: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class RowOf:
    """A record a row stands for."""

    id: int
    label: Words


@dataclass(slots=True)
class Filled:
    """One cell as a page and a paper show it. ``value`` is plain JSON, ``shown`` the same in words."""

    key: str
    words: Words
    kind: str
    measure: Words = NOTHING
    origin: str = "missing"
    value: Any = None
    shown: Words = NOTHING
    sources: list[dict[str, Any]] = field(default_factory=list)
    question: str = ""
    about: str = ""
    why: Words = NOTHING
    answered_on: str = ""
    until: str = ""
    answered_in: Words = NOTHING
    computed: Any = None
    computed_shown: Words = NOTHING
    reason: str = ""

    @property
    def by_system(self) -> bool:
        """Tell whether nobody had to type it for this form."""
        return self.origin in SYSTEM

    @property
    def waits(self) -> bool:
        """Tell whether it is a share that follows from cells which are still empty."""
        return self.origin == "missing" and not self.question and self.measure == PER_CENT

    @property
    def can_be_corrected(self) -> bool:
        """Tell whether it is a figure of the system that the unit may correct, or one nobody knows yet."""
        return self.origin in ("computed", "corrected", "stale") or (self.origin == "missing" and not self.question)


@dataclass(slots=True)
class FilledRow:
    """A row: single cells have one each and no record behind them."""

    id: int
    label: Words
    cells: list[Filled]


@dataclass(slots=True)
class FilledBlock:
    """A block with its rows; ``columns`` are the heads of a table of rows, empty for single cells."""

    code: str
    heading: Words
    of: str
    columns: list[Words]
    rows: list[FilledRow]


@dataclass(slots=True)
class Sheet:
    """A whole form, filled as far as it goes."""

    form: str
    title: Words
    clauses: list[str]
    blocks: list[FilledBlock]

    def cells(self) -> Iterator[Filled]:
        """Yield every cell the form requires. Labels that are printed anyway (task, target) are no cells."""
        for block in self.blocks:
            for row in block.rows:
                yield from row.cells

    def cell(self, key: str) -> Filled | None:
        """Return a cell by its key."""
        return next((c for c in self.cells() if c.key == key), None)

    def counts(self) -> dict[str, int]:
        """Return how many cells are of each origin, and how many there are."""
        found = dict.fromkeys((*FILLED, "missing", "stale"), 0)
        for cell in self.cells():
            found[cell.origin] += 1
        return {"required": sum(found.values()), **found}

    def single(self) -> tuple[int, int]:
        """Return how many cells stand outside tables of rows, and how many of those the system filled."""
        cells = [c for b in self.blocks if not b.of for row in b.rows for c in row.cells]
        return len(cells), sum(c.by_system for c in cells)

    def as_json(self) -> dict[str, Any]:
        """Return the sheet as a version keeps it."""
        return {
            "form": self.form, "title": self.title.as_json(), "clauses": self.clauses,
            "blocks": [
                {
                    "code": b.code, "heading": b.heading.as_json(), "of": b.of,
                    "columns": [c.as_json() for c in b.columns],
                    "rows": [
                        {"id": r.id, "label": r.label.as_json(), "cells": [_cell_json(c) for c in r.cells]}
                        for r in b.rows
                    ],
                }
                for b in self.blocks
            ],
        }  # fmt: skip


_WORDS = ("words", "measure", "shown", "why", "answered_in", "computed_shown")


def _cell_json(cell: Filled) -> dict[str, Any]:
    said = {name: getattr(cell, name) for name in Filled.__slots__}
    return {k: v.as_json() if isinstance(v, Words) else v for k, v in said.items()}


def thaw(data: Mapping[str, Any]) -> Sheet:
    """Return the sheet a version keeps."""
    return Sheet(
        data["form"], Words(**data["title"]), list(data["clauses"]),
        [
            FilledBlock(
                b["code"], Words(**b["heading"]), b["of"], [Words(**c) for c in b["columns"]],
                [FilledRow(r["id"], Words(**r["label"]), [_thawed(c) for c in r["cells"]]) for r in b["rows"]],
            )
            for b in data["blocks"]
        ],
    )  # fmt: skip


def _thawed(data: Mapping[str, Any]) -> Filled:
    said: dict[str, Any] = {k: Words(**v) if k in _WORDS else v for k, v in data.items()}
    return Filled(**said)


def plain(value: Value) -> Any:
    """Return a value as JSON keeps it: whole numbers as they are, others and days as text, words in both languages."""
    if isinstance(value, Words):
        return value.as_json()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, dt.date) else value


def in_words(value: Any, kind: str, measure: Words = NOTHING) -> Words:
    """Return a JSON value as people read it."""
    if isinstance(value, dict):
        return Words(value["zh"], value["en"])
    if kind == "day":
        on = dt.date.fromisoformat(str(value))
        return Words(f"{on.year}年{on.month}月{on.day}日", f"{on.day} {on:%b} {on.year}")
    if measure == PER_CENT:
        return Words(f"{value}%", f"{value}%")
    return Words(f"{value}{measure.zh}", f"{value} {measure.en}".strip())


@dataclass(frozen=True, slots=True)
class Known:
    """What a form is filled from, beside the providers."""

    asked: Asked
    today: dt.date
    questions: Mapping[str, Question]
    rows: Callable[[str], Sequence[RowOf]]
    answers: Mapping[tuple[str, str], Given]
    corrections: Mapping[str, Corrected]
    total: Callable[[str, str], Figure | Unknown]


def fill(form: Form, known: Known) -> Sheet:
    """Return the form with every cell filled that can be."""
    blocks = [_table(b, known) if b.of else _single(b, known) for b in form.blocks]
    return Sheet(form.code, form.title, list(form.clauses), blocks)


def about(question: Question, asked: Asked, of: str = "", row_id: int | None = None) -> str:
    """Return what an answer to this question would be about: nothing more, a plan, a row."""
    if question.scope == "unit":
        return ""
    return f"plan:{asked.plan_id}" if question.scope == "plan" else f"{of}:{row_id}"


def _single(block: Block, known: Known) -> FilledBlock:
    made: dict[str, Filled] = {}
    for cell in block.cells:
        made[cell.code] = _cell(f"{block.code}.{cell.code}", cell, known, made)
    rows = [FilledRow(0, cell.words, [cell]) for cell in made.values()]
    return FilledBlock(block.code, block.heading, "", [], rows)


def _table(block: Block, known: Known) -> FilledBlock:
    rows = []
    for one in known.rows(block.of):
        made: dict[str, Filled] = {}
        for cell in block.cells:
            made[cell.code] = _cell(f"{block.code}.{cell.code}.{one.id}", cell, known, made, block.of, one.id)
        rows.append(FilledRow(one.id, one.label, list(made.values())))
    return FilledBlock(block.code, block.heading, block.of, [_named(c, known)[0] for c in block.cells], rows)


def _named(cell: Cell, known: Known) -> tuple[Words, str, Words]:
    """Return what a cell is called, its kind and its unit of measure."""
    indicator = registry.INDICATORS.get(cell.provider)
    question = known.questions.get(cell.question)
    if cell.ratio:
        return cell.words or NOTHING, "percent", PER_CENT
    if indicator is not None:
        return cell.words or indicator.words, indicator.kind, indicator.measure
    if question is not None:
        kind = {"whole": "count", "number": "amount"}.get(question.kind, "text")
        return cell.words or question.words, kind, question.measure
    return cell.words or NOTHING, "count", NOTHING


def _cell(
    key: str, cell: Cell, known: Known, others: Mapping[str, Filled], of: str = "", row_id: int | None = None
) -> Filled:
    words, kind, measure = _named(cell, known)
    made = Filled(key, words, kind, measure)
    figure = _figure(cell, known, others, row_id)
    if isinstance(figure, Figure):
        made.origin, made.value = "computed", plain(figure.value)
        made.sources = [{"words": s.words.as_json(), "records": s.records, "href": s.href} for s in figure.sources]
    else:
        made.why = figure.why
    if cell.question and made.origin == "missing":
        _answered(made, known.questions[cell.question], known, of, row_id)
    _correct(made, known.corrections.get(key))
    made.shown = in_words(made.value, made.kind, made.measure) if made.value is not None else NOTHING
    return made


def _figure(cell: Cell, known: Known, others: Mapping[str, Filled], row_id: int | None) -> Figure | Unknown:
    if cell.ratio:
        return _ratio(others[cell.ratio[0]], others[cell.ratio[1]])
    if cell.total:
        return known.total(*cell.total)
    if not cell.provider:
        return Unknown(NOTHING)
    asked = known.asked if row_id is None else known.asked.of_row(row_id)
    return registry.compute(cell.provider, asked)


def _ratio(part: Filled, whole: Filled) -> Figure | Unknown:
    if part.value is None or whole.value is None:
        names = Words(f"“{part.words.zh}”和“{whole.words.zh}”", f"“{part.words.en}” and “{whole.words.en}”")
        return Unknown(Words(f"填好{names.zh}后自动算出。", f"Worked out once {names.en} are there."))
    n, d = Decimal(str(part.value)), Decimal(str(whole.value))
    told = Words(f"{part.words.zh} ÷ {whole.words.zh}", f"{part.words.en} ÷ {whole.words.en}")
    source = (registry.Source(told, 2),)
    if not d:
        return Figure(Words("总数为 0，不计算", "Total is 0, not worked out"), source)
    return Figure((n * 100 / d).quantize(Decimal("0.1")), source)


def _answered(made: Filled, question: Question, known: Known, of: str, row_id: int | None) -> None:
    made.question, made.why = question.code, question.why
    made.about = about(question, known.asked, of, row_id)
    given = known.answers.get((question.code, made.about))
    if given is None or not (given.here or given.valid_until >= known.today):
        return
    made.origin, made.value = ("asked" if given.here else "kept"), given.value
    made.answered_on, made.until = given.answered_on.isoformat(), given.valid_until.isoformat()
    made.answered_in = given.form


def _correct(made: Filled, correction: Corrected | None) -> None:
    """Put a correction over a computed figure; it holds only for the figure it was made for."""
    if correction is None or made.question:
        return
    if made.origin not in ("computed", "missing"):
        return
    made.computed, made.reason = made.value, correction.reason
    if made.value is not None:
        made.computed_shown = in_words(made.value, made.kind, made.measure)
    if correction.computed != made.value:
        made.origin = "stale"
        return
    made.origin, made.value, made.answered_on = "corrected", correction.value, correction.on.isoformat()
