"""The table itself: one case explained, or many rows decided, from the same grid of answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.core.outcome import Granted, Needs, Outcome, Reason, Refused
from luoshi.core.problem import Problem
from luoshi.core.table import arrays, explanation
from luoshi.core.table.check import TableError, build_grid, digits_of
from luoshi.core.table.explanation import Change
from luoshi.core.table.grid import NEEDS, make_grid
from luoshi.core.table.inputs import UNKNOWN, Input
from luoshi.core.table.rows import ANY, Result, Row
from luoshi.core.words import Words

__all__ = ["NEEDS", "Change", "Table"]


@dataclass(frozen=True)
class _Case:
    """One case placed in the grid: digits (``UNKNOWN`` where a fact is missing) and classes."""

    digits: tuple[int, ...]
    places: tuple[Any, ...]


class Table:
    """A total decision table.

    Each combination of answers has exactly one row; with ``priority=True`` rows are read from the top and the
    first that holds wins. Building raises ``TableError`` naming every hole, overlap, unreachable row and unknown
    name. The order of ``results`` numbers them; ``NEEDS`` (255) is the number for "a fact is missing".

    An unknown fact leads to ``Needs`` only where it could still change the result. Inputs are taken as
    independent: where two inputs read the same missing fact, a question may be asked that a cleverer reader
    could have answered, but never the other way round.
    """

    def __init__(
        self,
        name: str,
        *,
        clauses: Sequence[str],
        inputs: Sequence[Input],
        results: Sequence[Result],
        rows: Sequence[Row],
        priority: bool = False,
    ) -> None:
        if not clauses or not inputs or len(inputs) > 64:
            raise TableError(name, ["a table states its clauses and has 1 to 64 inputs"])
        self.name = name
        self.clauses = tuple(clauses)
        self.inputs = tuple(inputs)
        self.results = tuple(results)
        self.rows = tuple(rows)
        self.priority = priority
        self.grid = make_grid(build_grid(name, self.inputs, self.results, self.rows, priority=priority))
        self._admitted = [
            [frozenset(digits_of(source, row.when.get(source.name, ANY))) for source in self.inputs]
            for row in self.rows
        ]
        self._granted = np.array([result.verdict == "granted" for result in self.results] + [False])

    @property
    def codes(self) -> tuple[str, ...]:
        """The result codes by number."""
        return tuple(result.code for result in self.results)

    def number(self, facts: Mapping[str, Any]) -> int:
        """Return the result number of one case, ``NEEDS`` while an unknown fact could change it.

        ``facts`` may hold more than the table reads. Raise ``Problem`` for a value no fact can have.
        """
        found = self.grid.cells[self._place(facts).places]
        return int(found.flat[0]) if (found == found.flat[0]).all() else NEEDS

    def explain(self, facts: Mapping[str, Any]) -> Outcome:
        """Decide one case and say why.

        ``Granted``/``Refused``: the reason names the facts the answer rests on (enough of them to force it), the
        clauses, and for a refusal the remedy with the nearest single change that would turn it. ``Needs``: one
        reason for each missing fact that could still change the answer.
        """
        case = self._place(facts)
        found = self.grid.cells[case.places]
        if (found != found.flat[0]).any():
            return self._ask(case, found, facts)
        result = self.results[int(found.flat[0])]
        rests_on = self._rests_on(case)
        clauses = [*self._row_clauses(case, result), *result.clauses]
        clauses += [clause for i in rests_on for clause in self.inputs[i].clauses(facts)]
        used = {fact.name: facts[fact.name] for i in rests_on for fact in self.inputs[i].facts}
        changes = self._changes(case, facts) if result.verdict == "refused" else ()
        remedy = explanation.with_change(result.remedy, changes)
        reason = Reason(result.code, result.words, remedy, tuple(dict.fromkeys(clauses)) or self.clauses, used)
        values = {"table": self.name, "result": result.code}
        return Granted((reason,), values) if result.verdict == "granted" else Refused((reason,))

    def changes(self, facts: Mapping[str, Any]) -> tuple[Change, ...]:
        """Return every change of a single input that alone would make the case granted, nearest first.

        Inputs declared ``can_change=False`` and inputs whose facts are unknown are left out; facts that are
        unknown stay unknown. Empty when the case is granted already or no single change suffices.
        """
        case = self._place(facts)
        return () if self._granted[self.grid.cells[case.places]].all() else self._changes(case, facts)

    def decide(
        self, columns: Mapping[str, NDArray[Any]], n: int, *, engine: arrays.Engine = "auto"
    ) -> NDArray[np.uint8]:
        """Return the result number of each of ``n`` rows, ``NEEDS`` where ``explain`` would ask.

        ``columns``: fact name → array of shape (n,). Yes/no: bool, or integers 0/1. Category: codes as text, or
        integers (see ``Category``). Numbers: integers or floats in the input's unit; days: ``datetime64`` or
        whole days since 1970-01-01. Unknown: masked arrays anywhere; -1 in yes/no and category columns; NaN; NaT;
        ``None`` in object columns; a fact without a column. A ``float32`` column is compared with the edge
        rounded to ``float32``. Raise ``Problem`` naming column and row for a value no fact can have.
        ``engine``: "numpy", "numba" (compiles on first use), or "auto".
        """
        if n < 0 or engine not in ("auto", "numpy", "numba"):
            raise Problem(
                "n" if n < 0 else "engine",
                Words("行数或引擎名不对。", "The number of rows or the engine's name is wrong."),
                Words("行数不小于 0，引擎为 auto、numpy 或 numba。", "Rows ≥ 0; engine auto, numpy or numba."),
            )
        return arrays.decide(self.inputs, self.grid, columns, n, engine)

    def _place(self, facts: Mapping[str, Any]) -> _Case:
        digits = tuple(source.digit(facts) for source in self.inputs)
        return _Case(digits, tuple(self._class(axis, digit) for axis, digit in enumerate(digits)))

    def _class(self, axis: int, digit: int) -> Any:
        return slice(None) if digit == UNKNOWN else int(self.grid.classes[axis][digit])

    def _ask(self, case: _Case, found: NDArray[np.uint8], facts: Mapping[str, Any]) -> Needs:
        open_axes = [axis for axis, digit in enumerate(case.digits) if digit == UNKNOWN]
        asked: dict[str, Reason] = {}
        for place, axis in enumerate(open_axes):
            if (found.max(axis=place) != found.min(axis=place)).any():
                for reason in explanation.questions(self.inputs[axis], facts, self.clauses):
                    asked.setdefault(reason.code, reason)
        return Needs(tuple(asked.values()))

    def _rests_on(self, case: _Case) -> list[int]:
        """Return the known inputs that together force the answer: none of them can be left out.

        Inputs the deciding row does not name are let go first, so that the reason reads like the row.
        """
        row = self._row_of(case)
        known = [axis for axis, digit in enumerate(case.digits) if digit != UNKNOWN]
        named = {axis for axis in known if len(self._admitted[row][axis]) < len(self.inputs[axis].keys)}
        places = list(case.places)
        for axis in sorted(known, key=lambda axis: (axis in named, -axis)):
            kept, places[axis] = places[axis], slice(None)
            found = self.grid.cells[tuple(places)]
            if (found != found.flat[0]).any():
                places[axis] = kept
        return [axis for axis in known if not isinstance(places[axis], slice)]

    def _row_of(self, case: _Case) -> int:
        """Return the first row the known facts admit that gives the answer."""
        code = self.codes[int(self.grid.cells[case.places].flat[0])]
        for number, (row, admitted) in enumerate(zip(self.rows, self._admitted, strict=True)):
            fits = all(d == UNKNOWN or d in allowed for d, allowed in zip(case.digits, admitted, strict=True))
            if fits and row.result == code:
                return number
        raise AssertionError("a total table has a row for each case")

    def _row_clauses(self, case: _Case, result: Result) -> tuple[str, ...]:
        return self.rows[self._row_of(case)].clauses

    def _changes(self, case: _Case, facts: Mapping[str, Any]) -> tuple[Change, ...]:
        found: list[Change] = []
        for axis, (source, digit) in enumerate(zip(self.inputs, case.digits, strict=True)):
            if digit == UNKNOWN or not source.can_change:
                continue
            for other in range(len(source.keys)):
                places = list(case.places)
                places[axis] = self._class(axis, other)
                answers = self.grid.cells[tuple(places)]
                if other != digit and self._granted[answers].all():
                    result = self.results[int(answers.flat[0])]
                    found.append(explanation.change(source, facts, digit, other, result))
        return tuple(sorted(found, key=lambda change: change.steps))
