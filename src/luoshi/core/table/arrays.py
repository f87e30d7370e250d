"""Deciding many rows at once: chunk by chunk, so that what lies between columns and answers stays in the cache."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from luoshi.core.table import compiled
from luoshi.core.table.columns import Array, Bound, Rows, bind
from luoshi.core.table.grid import NEEDS, Grid, Layer, look_up
from luoshi.core.table.inputs import Input

Engine = Literal["auto", "numpy", "numba"]
CHUNK = 1 << 16  # rows: 64 KiB for each byte column
_WORTH_NARROWING = 0.5  # picking rows costs about what half of a later layer costs


def decide(
    inputs: Sequence[Input], grid: Grid, columns: Mapping[str, Array], n: int, engine: Engine
) -> NDArray[np.uint8]:
    """Return the result number of each row. See ``Table.decide``."""
    bounds = [bind(source, classes, columns, n) for source, classes in zip(inputs, grid.classes, strict=True)]
    kernel = compiled.kernel_for(grid, bounds, n, engine) if n else None
    out = np.empty(n, np.uint8)
    for start in range(0, n, CHUNK):
        part = slice(start, min(start + CHUNK, n))
        unknown = [
            mask if size > 1 else None for mask, size in zip(_masks(bounds, part), grid.cells.shape, strict=True)
        ]
        if any(mask is not None for mask in unknown):
            out[part] = _with_unknowns(grid, bounds, unknown, part)
        elif kernel is not None:
            kernel(part, out)
        else:
            out[part] = _known(grid, bounds, part)
    return out


def _masks(bounds: Sequence[Bound], part: slice) -> list[Array | None]:
    return [bound.unknown(part) for bound in bounds]


def _known(grid: Grid, bounds: Sequence[Bound], part: slice) -> Array:
    """Answer a chunk layer by layer; rows that are settled are left out of later layers once that pays."""
    found: Array | None = None
    where: Array | None = None  # rows of the part still open; None: all
    state: Array | None = None
    for layer in grid.layers:
        rows = part if where is None else where + part.start
        state = look_up(layer.table, _next(grid, layer, bounds, rows, state))
        if layer.settled is None:
            break
        answers = look_up(layer.settled, state)
        is_open = answers == NEEDS
        if np.count_nonzero(is_open) > _WORTH_NARROWING * len(answers):
            continue
        found = _put(found, where, answers)
        still = np.flatnonzero(is_open)
        where = still if where is None else where[still]
        state = state[still]
    assert state is not None
    return _put(found, where, state)


def _next(grid: Grid, layer: Layer, bounds: Sequence[Bound], rows: Rows, state: Array | None) -> Array:
    """Return state and the classes of the layer's inputs as one number in mixed radix."""
    for number in layer.inputs:
        classes = bounds[number].classes(rows)
        if state is None:
            state = classes.astype(layer.dtype)
        else:
            state = np.multiply(state, grid.cells.shape[number], dtype=layer.dtype)
            state += classes
    assert state is not None
    return state


def _put(found: Array | None, where: Array | None, answers: Array) -> Array:
    if found is None or where is None:
        return np.array(answers)
    found[where] = answers
    return found


def _with_unknowns(grid: Grid, bounds: Sequence[Bound], unknown: Sequence[Array | None], part: slice) -> Array:
    """Answer a chunk in which facts are missing: rows with the same missing facts share one reduced grid."""
    found = np.array(_known(grid, bounds, part))  # wrong for rows that lack a fact; these are put right below
    pattern: NDArray[np.uint64] = np.zeros(part.stop - part.start, np.uint64)
    for number, mask in enumerate(unknown):
        if mask is not None:
            pattern |= mask.astype(np.uint64) << np.uint64(number)
    lacking = np.flatnonzero(pattern)
    pattern = pattern[lacking]
    classes = [bound.classes(lacking + part.start) for bound in bounds]
    for bits in np.unique(pattern).tolist():
        rows = np.flatnonzero(pattern == np.uint64(bits))
        places = tuple(0 if bits >> axis & 1 else column[rows] for axis, column in enumerate(classes))
        found[lacking[rows]] = grid.reduced(bits)[places]
    return found
