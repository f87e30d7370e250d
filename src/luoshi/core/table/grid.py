"""The grid of answers made small: alike answers merged, and the look-up cut into layers of at most 256 states."""

import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

NEEDS = 255
"""The result number that says: a fact is unknown and could still change the answer."""

_MOST_REDUCED = 256  # patterns of unknown facts whose grids are kept
_BYTE = 256


class Layer(NamedTuple):
    """Several inputs taken together: state, then their classes in mixed radix, looked up in ``table``.

    ``settled``: the answer of each next state that needs no further input, else ``NEEDS``; ``None`` after the last
    layer, whose next state is the answer.
    """

    inputs: tuple[int, ...]
    table: NDArray[Any]
    dtype: type[np.unsignedinteger[Any]]
    settled: NDArray[np.uint8] | None


def look_up(table: NDArray[Any], state: NDArray[Any]) -> NDArray[Any]:
    """Return ``table[state]``. For tables of 256 bytes ``bytes.translate`` is four times as fast as indexing."""
    if state.dtype == np.uint8 and table.dtype == np.uint8 and len(table) == _BYTE:
        return np.frombuffer(state.tobytes().translate(table.tobytes()), np.uint8)
    return np.asarray(table[state])


@dataclass(frozen=True)
class Grid:
    """The answers of a table. ``cells``: one axis an input, merged; ``classes``: from an input's digit to its class."""

    cells: NDArray[np.uint8]
    classes: tuple[NDArray[np.uint8], ...]
    layers: tuple[Layer, ...]
    _reduced: dict[int, NDArray[np.uint8]] = field(default_factory=dict)

    def reduced(self, unknown: int) -> NDArray[np.uint8]:
        """Return the grid when the inputs of the bit mask ``unknown`` are not known.

        Their axes have length 1; a cell is ``NEEDS`` unless every completion gives the same answer.
        """
        if not unknown:
            return self.cells
        kept = self._reduced.get(unknown)
        if kept is None:
            axis = unknown.bit_length() - 1
            rest = self.reduced(unknown & ~(1 << axis))
            high, low = rest.max(axis=axis, keepdims=True), rest.min(axis=axis, keepdims=True)
            kept = np.where(high == low, high, NEEDS).astype(np.uint8)
            if len(self._reduced) >= _MOST_REDUCED:
                self._reduced.clear()
            self._reduced[unknown] = kept
        return kept


def make_grid(full: NDArray[np.uint8]) -> Grid:
    """Merge, on every axis, the answers that never make a difference, and build the layers."""
    cells: NDArray[np.uint8] = full
    classes: list[NDArray[np.uint8]] = []
    for axis in range(full.ndim):
        firsts, of_digit = _distinct(np.moveaxis(cells, axis, 0).reshape(cells.shape[axis], -1))
        cells = np.take(cells, firsts, axis=axis)
        classes.append(of_digit.astype(np.uint8))
    cells = np.ascontiguousarray(cells)
    return Grid(cells, tuple(classes), _make_layers(cells))


def _distinct(rows: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where each distinct row first stands, and the number of the distinct row of each row."""
    seen: dict[bytes, int] = {}
    firsts: list[int] = []
    numbers = np.empty(len(rows), np.intp)
    for i, row in enumerate(rows):
        numbers[i] = seen.setdefault(row.tobytes(), len(firsts))
        if numbers[i] == len(firsts):
            firsts.append(i)
    return np.array(firsts, np.intp), numbers


def _make_layers(cells: NDArray[np.uint8]) -> tuple[Layer, ...]:
    """Cut the look-up into layers: a state stands for everything the inputs so far can still lead to.

    That is a decision diagram over the inputs in their order. Where a prefix of the inputs has at most 256
    distinct continuations, a row's state fits one byte and its look-up one cache line or four.
    """
    layers: list[Layer] = []
    functions, pending = cells.reshape(1, -1), list[int]()
    for axis in range(cells.ndim):
        pending.append(axis)
        rest = math.prod(cells.shape[axis + 1 :])
        functions = functions.reshape(-1, rest)
        last = axis == cells.ndim - 1
        if not last and len(functions) * cells.shape[axis + 1] <= _BYTE:
            continue
        table: NDArray[Any]
        if last:
            table = functions.reshape(-1)
        else:
            firsts, table = _distinct(functions)
            functions = functions[firsts]
        layers.append(_layer(tuple(pending), table, None if last else functions))
        pending = []
    return tuple(layers)


def _layer(inputs: tuple[int, ...], table: NDArray[Any], functions: NDArray[np.uint8] | None) -> Layer:
    settled = None
    if functions is not None:
        alike = (functions == functions[:, :1]).all(axis=1)
        settled = _filled(np.where(alike, functions[:, 0], NEEDS).astype(np.uint8))
    kept = table.astype(np.uint8 if functions is None else _least_type(len(functions)))
    return Layer(inputs, _filled(kept), _least_type(len(table)), settled)


def _least_type(count: int) -> type[np.unsignedinteger[Any]]:
    return np.uint8 if count <= _BYTE else np.uint16 if count <= _BYTE**2 else np.uint32


def _filled(table: NDArray[Any]) -> NDArray[Any]:
    """Fill a short table of bytes up to 256, the size ``bytes.translate`` asks for."""
    missing = max(0, _BYTE - len(table)) if table.dtype == np.uint8 else 0
    return np.concatenate([table, np.zeros(missing, np.uint8)]) if missing else table
