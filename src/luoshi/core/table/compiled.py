"""The same look-up as one compiled loop, with numba (extra ``fast``): one pass over the columns, no intermediate.

Compiling takes seconds, the NumPy path some milliseconds a million rows; so "auto" compiles only for numbers of
rows that pay for it, and afterwards uses what is compiled. ``bench/table.py`` measures both.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from luoshi.core.problem import Problem
from luoshi.core.table.columns import Array, Bound
from luoshi.core.table.grid import Grid
from luoshi.core.words import Words

COMPILE_FROM = 200_000_000  # rows in one call from which compiling pays for itself
_BLOCK = 1024  # rows whose keys stay in the first cache
_MOST_COLUMNS = 4
Kernel = Callable[[slice, Array], None]
_loops: dict[tuple[str, tuple[Any, ...]], Any] = {}


@lru_cache(maxsize=1)
def available() -> bool:
    """Whether numba is installed."""
    return find_spec("numba") is not None


def kernel_for(grid: Grid, bounds: Sequence[Bound], n: int, engine: str) -> Kernel | None:
    """Return a compiled loop over a part of the rows, or ``None`` to use NumPy."""
    if engine == "numba" and not available():
        raise Problem(
            "engine",
            Words("本机未安装 numba。", "numba is not installed here."),
            Words("请安装 luoshi[fast]，或使用 numpy。", "Install luoshi[fast], or use numpy."),
        )
    if engine == "numpy" or not available():
        return None
    source, constants, arrays = _source(grid, bounds)
    key = (source, tuple((name, _frozen(value)) for name, value in constants.items()))
    if key not in _loops:
        if engine == "auto" and n < COMPILE_FROM:
            return None
        _loops[key] = _compile(source, constants)
    loop, cells = _loops[key], grid.cells.reshape(-1)

    def kernel(part: slice, out: Array) -> None:
        loop(cells, out[part], *(array[part] for array in arrays))

    return kernel


def _frozen(value: Any) -> Any:
    return (str(value.dtype), value.tobytes())


def _compile(source: str, constants: dict[str, Any]) -> Any:
    import numba

    space: dict[str, Any] = {"empty": np.empty, "int32": np.int32, "unsigned": np.uint32, **constants}
    exec(compile(source, "<decision table>", "exec"), space)  # noqa: S102  (text of our own making: see _source)
    return numba.njit(space["loop"], nogil=True, boundscheck=False)


def _source(grid: Grid, bounds: Sequence[Bound]) -> tuple[str, dict[str, Any], list[Array]]:
    """Write the loop: for each row the sum of comparisons, each worth its step in the grid, then one look-up.

    Blocks of rows, and few columns at a time, let the compiler do many rows in one instruction: with all columns in
    one loop it cannot tell that they do not overlap, and the look-up among them would stop it too (measured: four
    times as slow). Names are numbered and constants handed over as values, so that no text of a table reaches the code.
    """
    arrays: list[Array] = []
    constants: dict[str, Any] = {"zero": np.int32(0)}
    sums: list[tuple[int, list[str]]] = []
    for axis, bound in enumerate(bounds):
        first, step = len(arrays), math.prod(grid.cells.shape[axis + 1 :])
        terms = _terms(bound, step, arrays, constants)
        sums.append((len(arrays) - first, terms))
    names = [f"c{i}" for i in range(len(arrays))]
    lines = [f"def loop({', '.join(['cells', 'out', *names])}):", f"    key = empty({_BLOCK}, int32)"]
    lines += [f"    for start in range(0, out.size, {_BLOCK}):", f"        stop = min(start + {_BLOCK}, out.size)"]
    lines += [f"        {name.replace('c', 'b')} = {name}[start:stop]" for name in names]
    lines += ["        found = out[start:stop]", "        key[:] = 0"]
    for group in _groups(sums):
        lines += ["        for i in range(stop - start):", f"            key[i] += {' + '.join(group)}"]
    lines += ["        for i in range(stop - start):", "            found[i] = cells[unsigned(key[i])]"]
    return "\n".join(lines) + "\n", constants, arrays


def _groups(sums: Sequence[tuple[int, list[str]]]) -> list[list[str]]:
    """Gather the terms of a few columns at a time."""
    groups: list[list[str]] = []
    wide = _MOST_COLUMNS
    for columns, terms in sums:
        if not terms:
            continue
        if wide + columns > _MOST_COLUMNS:
            groups.append([])
            wide = 0
        groups[-1] += terms
        wide += columns
    return groups


def _terms(bound: Bound, step: int, arrays: list[Array], constants: dict[str, Any]) -> list[str]:
    """Return the terms of one input; add its columns to ``arrays`` and its constants to ``constants``."""

    def take(array: Array) -> str:
        arrays.append(array)
        return f"b{len(arrays) - 1}[i]"

    def keep(value: Any) -> str:
        constants[f"k{len(constants)}"] = value
        return f"k{len(constants) - 1}"

    if bound.table is not None:
        return [f"{keep(bound.table.astype(np.int32) * np.int32(step))}[{take(bound.first.values)}]"]
    if not bound.points:
        return []
    value, dtype = take(bound.first.values), bound.dtype
    if bound.less is not None:
        value = f"({keep(dtype.type(0))} + {value} - {take(bound.less.values)})"
    if bound.by is not None:
        place = f"{take(bound.by.values)} - {bound.by_base}"
        limits = [f"{keep(limit)}[{place}]" for limit, _ in bound.points]
    else:
        limits = [keep(_as(limit, dtype)) for limit, _ in bound.points]
    weights = [keep(np.int32(weight * step)) for _, weight in bound.points]
    return [f"({weight} if {value} >= {limit} else zero)" for limit, weight in zip(limits, weights, strict=True)]


def _as(limit: Any, dtype: np.dtype[Any]) -> Any:
    if dtype.kind == "f":
        return dtype.type(limit)
    low, high = (np.iinfo(dtype).min, np.iinfo(dtype).max) if dtype.kind in "iu" else (0, 1)
    return dtype.type(limit) if low <= limit <= high else np.int64(limit)
