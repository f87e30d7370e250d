"""The checks that make a table total, and the grid of answers they leave behind."""

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.core.problem import Problem
from luoshi.core.table.inputs import UNKNOWN, Bands, Bool, Category, Edge, Input
from luoshi.core.table.rows import ANY, Result, Row

MOST_CELLS = 1 << 22  # a larger table is several decisions in one: split it
MOST_RESULTS = 255  # numbers 0…254; 255 means "needs"
_SHOWN = 5


class TableError(ValueError):
    """A table that is not total or contradicts itself: a fault in the rule file, found when it is built."""

    def __init__(self, table: str, faults: Sequence[str]) -> None:
        super().__init__(f"table {table!r}: " + "; ".join(faults))
        self.table = table
        self.faults = tuple(faults)


def digits_of(source: Input, condition: Any) -> tuple[int, ...]:
    """Return the digits a condition admits; raise ``KeyError`` with the first answer the input does not know."""
    if condition is ANY:
        return tuple(range(len(source.keys)))
    wanted = condition if isinstance(condition, set | frozenset | list | tuple) else (condition,)
    for answer in wanted:
        if not any(type(key) is type(answer) and key == answer for key in source.keys):
            raise KeyError(answer)
    return tuple(i for i, key in enumerate(source.keys) if key in wanted)


def build_grid(
    name: str, inputs: Sequence[Input], results: Sequence[Result], rows: Sequence[Row], *, priority: bool
) -> NDArray[np.uint8]:
    """Return the result number of every combination, one axis an input; raise ``TableError`` naming each fault."""
    faults = [*_faults_of_inputs(inputs), *_faults_of_results(results, rows), *_faults_of_rows(inputs, rows)]
    if faults:
        raise TableError(name, faults)
    shape = tuple(len(source.keys) for source in inputs)
    if math.prod(shape) > MOST_CELLS:
        raise TableError(name, [f"{math.prod(shape)} combinations are more than {MOST_CELLS}: split the table"])
    winner = np.full(shape, -1, np.int32)
    overlaps: list[str] = []
    for number, row in enumerate(rows):
        area = np.ix_(*(digits_of(source, row.when.get(source.name, ANY)) for source in inputs))
        before = winner[area]
        if not priority and (before >= 0).any():
            overlaps.append(_overlap(inputs, rows, winner, area, number))
        winner[area] = np.where(before < 0, number, before)
    faults = [*overlaps, *_missing(inputs, winner), *_unreachable(rows, winner)]
    if faults:
        raise TableError(name, faults)
    codes = [result.code for result in results]
    return np.array([codes.index(row.result) for row in rows], np.uint8)[winner]


def _faults_of_inputs(inputs: Sequence[Input]) -> Iterator[str]:
    names = [source.name for source in inputs]
    yield from (f"input {name!r} is declared twice" for name in _twice(names))
    for source in inputs:
        if len(source.keys) < 2 or len(source.keys) > 200:
            yield f"input {source.name!r} has {len(source.keys)} answers; 2 to 200 are possible"
        yield from (f"input {source.name!r} names {key!r} twice" for key in _twice(source.keys))
        if isinstance(source, Bands):
            yield from _faults_of_bands(source)
        elif isinstance(source, Category):
            yield from _faults_of_category(source)


def _faults_of_category(source: Category) -> Iterator[str]:
    if not (all(type(key) is int for key in source.keys) or all(type(key) is str for key in source.keys)):
        yield f"input {source.name!r}: codes are all text or all integers"
    if UNKNOWN in source.keys or "" in source.keys:
        yield f"input {source.name!r}: -1 and empty text mean 'not known' and cannot be codes"


def _faults_of_bands(source: Bands) -> Iterator[str]:
    if source.by is None:
        if isinstance(source.edges, Mapping):
            yield f"input {source.name!r}: edges by code need 'by'"
            return
        sets: Collection[Sequence[Edge]] = [source.edges]
    elif not isinstance(source.edges, Mapping) or set(source.edges) != set(source.by.keys):
        yield f"input {source.name!r}: edges are needed for each code of {source.by.name!r}"
        return
    else:
        yield from _faults_of_category(source.by)
        sets = source.edges.values()
    for edges in sets:
        if len(edges) + 1 != len(source.names):
            yield f"input {source.name!r}: {len(edges)} edges make {len(edges) + 1} bands, not {len(source.names)}"
        yield from _faults_of_edges(source.name, edges)
    if len({edge.unit for edges in sets for edge in edges}) > 1:
        yield f"input {source.name!r}: edges in different units"


def _faults_of_edges(name: str, edges: Sequence[Edge]) -> Iterator[str]:
    places = []
    for edge in edges:
        try:
            places.append((edge.number(), edge.included == "to"))
        except Problem:
            yield f"input {name!r}: edge {edge.value!r} is no number or day"
        if not edge.clause or not edge.unit:
            yield f"input {name!r}: edge {edge.value!r} needs a unit and a clause"
    if any(a >= b for a, b in itertools.pairwise(places)):
        yield f"input {name!r}: edges do not rise"


def _faults_of_results(results: Sequence[Result], rows: Sequence[Row]) -> Iterator[str]:
    codes = [result.code for result in results]
    yield from (f"result {code!r} is declared twice" for code in _twice(codes))
    if len(codes) > MOST_RESULTS:
        yield f"{len(codes)} results are more than {MOST_RESULTS}"
    for result in results:
        if result.verdict not in ("granted", "refused"):
            yield f"result {result.code!r}: verdict {result.verdict!r} is neither granted nor refused"
        if result.verdict == "refused" and result.remedy is None:
            yield f"result {result.code!r} refuses without a remedy"
        if result.code not in {row.result for row in rows}:
            yield f"result {result.code!r} is given by no row"
    for number, row in enumerate(rows, 1):
        if row.result not in codes:
            yield f"row {number}: unknown result {row.result!r}"


def _faults_of_rows(inputs: Sequence[Input], rows: Sequence[Row]) -> Iterator[str]:
    known = {source.name: source for source in inputs}
    for number, row in enumerate(rows, 1):
        for name, condition in row.when.items():
            if name not in known:
                yield f"row {number}: unknown input {name!r}"
                continue
            try:
                if not digits_of(known[name], condition):
                    yield f"row {number}: no answer of {name!r} is admitted"
            except KeyError as fault:
                yield f"row {number}: {name!r} has no answer {fault.args[0]!r}"


def _missing(inputs: Sequence[Input], winner: NDArray[np.int32]) -> Iterator[str]:
    holes = np.argwhere(winner < 0)
    for hole in holes[:_SHOWN]:
        yield f"no row for {combination(inputs, hole.tolist())}"
    if len(holes) > _SHOWN:
        yield f"and {len(holes) - _SHOWN} more combinations without a row"


def _unreachable(rows: Sequence[Row], winner: NDArray[np.int32]) -> Iterator[str]:
    reached = set(np.unique(winner).tolist())
    for number, row in enumerate(rows):
        if number not in reached:
            yield f"row {number + 1} ({row.result}) can never be reached"


def _overlap(
    inputs: Sequence[Input],
    rows: Sequence[Row],
    winner: NDArray[np.int32],
    area: tuple[NDArray[Any], ...],
    number: int,
) -> str:
    place = np.argwhere(winner[area] >= 0)[0]
    digits = [int(axis.ravel()[p]) for axis, p in zip(area, place, strict=True)]
    first = int(winner[tuple(digits)])
    return (
        f"rows {first + 1} ({rows[first].result}) and {number + 1} ({rows[number].result}) "
        f"both cover {combination(inputs, digits)}"
    )


def combination(inputs: Sequence[Input], digits: Sequence[int]) -> str:
    """Name one combination: ``has_house=True, persons=four_plus``."""
    return ", ".join(f"{source.name}={source.keys[digit]}" for source, digit in zip(inputs, digits, strict=True))


def _twice(names: Sequence[Any]) -> list[Any]:
    return [name for i, name in enumerate(names) if name in names[:i]]


__all__ = ["Bool", "TableError", "build_grid", "combination", "digits_of"]
