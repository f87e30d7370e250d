"""Deciding many rows at once: chunk by chunk, so that what lies between columns and answers stays in the cache."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from luoshi.core.table import compiled
from luoshi.core.table.columns import Array, Bound, bind
from luoshi.core.table.grid import Grid
from luoshi.core.table.inputs import Input

Engine = Literal["auto", "numpy", "numba"]
CHUNK = 1 << 16  # rows: 64 KiB for each byte column


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
            out[part] = _known(grid, [bound.classes(part) for bound in bounds])
    return out


def _masks(bounds: Sequence[Bound], part: slice) -> list[Array | None]:
    return [bound.unknown(part) for bound in bounds]


def _known(grid: Grid, classes: Sequence[Array]) -> Array:
    state: Array | None = None
    for layer in grid.layers:
        for number in layer.inputs:
            if state is None:
                state = classes[number].astype(layer.dtype)
                continue
            state = np.multiply(state, grid.cells.shape[number], dtype=layer.dtype)
            state += classes[number]
        assert state is not None
        state = layer.look_up(state)
    assert state is not None
    return state


def _with_unknowns(grid: Grid, bounds: Sequence[Bound], unknown: Sequence[Array | None], part: slice) -> Array:
    """Answer a chunk in which facts are missing: rows with the same missing facts share one reduced grid."""
    classes: list[Array] = [bound.classes(part) for bound in bounds]
    pattern: NDArray[np.uint64] = np.zeros(part.stop - part.start, np.uint64)
    for number, mask in enumerate(unknown):
        if mask is not None:
            pattern |= mask.astype(np.uint64) << np.uint64(number)
            classes[number] = np.where(mask, np.uint8(0), classes[number])
    found = np.array(_known(grid, classes))
    for bits in np.unique(pattern).tolist():
        if bits:
            rows = np.flatnonzero(pattern == np.uint64(bits))
            places: tuple[Any, ...] = tuple(column[rows] for column in classes)
            found[rows] = grid.reduced(bits)[places]
    return found
