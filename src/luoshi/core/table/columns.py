"""Columns bound to a table's inputs: where their bands begin in the column's own type, and which rows are unknown."""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.core.problem import Problem
from luoshi.core.table.inputs import UNKNOWN, Bands, Bool, Category, Edge, Input, as_number, is_unknown
from luoshi.core.words import Words

Array = NDArray[Any]
Rows = slice | NDArray[np.intp]
_SAFE = 1 << 53  # beyond it a 64-bit integer and a float no longer agree


@dataclass(frozen=True)
class Column:
    """One fact of all rows: ``values``, which rows are unknown, and the integers allowed (``None``: any number)."""

    place: str
    values: Array
    mask: Array | None = None
    allowed: tuple[int, int] | None = None

    def unknown(self, part: slice) -> Array | None:
        """Return which rows of the part are unknown, ``None`` when none is; raise ``Problem`` at a bad value."""
        values = self.values[part]
        mask = self.mask[part] if self.mask is not None else None
        kind = values.dtype.kind
        if len(values) and (kind == "f" or self.allowed is not None):
            found = self._bad_or_unknown(values, mask, part.start or 0)
            if found is not None:
                mask = found if mask is None else mask | found
        return mask if mask is not None and mask.any() else None

    def _bad_or_unknown(self, values: Array, mask: Array | None, start: int) -> Array | None:
        low, high = values.min(), values.max()
        if self.allowed is None:
            if math.isfinite(low) and math.isfinite(high):
                return None
            found, bad = np.isnan(values), np.isinf(values)
        elif low >= self.allowed[0] and high <= self.allowed[1]:
            return None
        else:
            found = values == UNKNOWN
            bad = ((values < self.allowed[0]) | (values > self.allowed[1])) & ~found
        if mask is not None:
            bad = bad & ~mask
        if bad.any():
            row = int(bad.argmax())
            raise bad_value(self.place, start + row, values[row])
        return np.asarray(found)


@dataclass(frozen=True)
class Bound:
    """An input bound to its columns.

    The class of a row is the sum of ``weight`` over the points whose threshold the row's value
    reaches. A threshold is one number, or an array by the position of the fact the edges depend on.
    """

    first: Column
    less: Column | None = None
    by: Column | None = None
    points: tuple[tuple[Any, int], ...] = ()
    by_base: int = 0
    table: Array | None = field(default=None)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns this input reads."""
        return tuple(column for column in (self.first, self.less, self.by) if column is not None)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type in which values and thresholds are compared."""
        return self.first.values.dtype if self.less is None else _type_of_difference(self.first, self.less)

    def _difference(self, first: Array, less: Array) -> Array:
        """Subtract exactly: in the columns' own integer type where no row of the part leaves it."""
        own = first.dtype
        if own == less.dtype and own.kind == "i" and len(first):
            limits = np.iinfo(own)
            low, high = int(first.min()) - int(less.max()), int(first.max()) - int(less.min())
            if limits.min <= low and high <= limits.max:
                return np.asarray(first - less)
        return np.asarray(np.subtract(first, less, dtype=self.dtype))

    def unknown(self, part: slice) -> Array | None:
        """Return which rows of the part lack one of the input's facts, ``None`` when none does."""
        masks = [mask for column in self.columns if (mask := column.unknown(part)) is not None]
        return np.logical_or.reduce(masks) if masks else None

    def classes(self, part: Rows) -> Array:
        """Return the class of each of these rows, uint8; any class stands for a row that is unknown."""
        values = self.first.values[part]
        if self.table is not None:
            return np.asarray(self.table.take(values, mode="clip"))
        if self.less is not None:
            values = self._difference(values, self.less.values[part])
        place = None if self.by is None else (self.by.values[part] - self.by_base).astype(np.intp)
        found: Array | None = None
        for threshold, weight in self.points:
            limit = threshold if place is None else threshold.take(place, mode="clip")
            reached = np.greater_equal(values, limit).view(np.uint8)
            if weight != 1:
                reached *= np.uint8(weight % 256)
            found = reached if found is None else np.add(found, reached, out=found)
        return np.zeros(len(values), np.uint8) if found is None else found


def bad_value(place: str, row: int, value: Any) -> Problem:
    """The problem of one cell: row numbers start at 1."""
    return Problem(
        f"{place}[{row + 1}]",
        Words(f"“{value}”不能作为这一项的值。", f"“{value}” cannot be a value of this fact."),
        Words("请改正该行，或留空表示尚不清楚。", "Mend this row, or leave it empty for not known."),
    )


def bind(source: Input, classes: NDArray[np.uint8], columns: Mapping[str, Array], n: int) -> Bound:
    """Bind an input to its columns; a column that is absent is unknown throughout."""
    if isinstance(source, Bool):
        return Bound(_bool_column(source.name, columns, n), points=_points([1], classes))
    if isinstance(source, Category):
        column, base = _category_column(source, columns, n)
        points = _points([base + i for i in range(1, len(source.keys))], classes)
        if len(points) > 4 and base == 0:  # many cuts: one look-up is cheaper
            return Bound(column, table=classes)
        return Bound(column, points=points)
    return _bind_bands(source, classes, columns, n)


def _bind_bands(source: Bands, classes: NDArray[np.uint8], columns: Mapping[str, Array], n: int) -> Bound:
    numbers = [_number_column(fact.name, columns, n) for fact in source.facts[: 2 if source.less else 1]]
    less = numbers[1] if source.less else None
    dtype = numbers[0].values.dtype if less is None else _type_of_difference(numbers[0], less)
    if source.by is None:
        assert not isinstance(source.edges, Mapping)
        thresholds: list[Any] = [_threshold(edge, dtype) for edge in source.edges]
        return Bound(numbers[0], less, points=_points(thresholds, classes))
    assert isinstance(source.edges, Mapping)
    kind = dtype if dtype.kind == "f" else np.dtype(np.int64)
    rows = [[_threshold(edge, dtype) for edge in source.edges[key]] for key in source.by.keys]
    thresholds = [np.array(column, kind) for column in zip(*rows, strict=True)]
    by, base = _category_column(source.by, columns, n)
    return Bound(numbers[0], less, by, _points(thresholds, classes), base)


def _type_of_difference(first: Column, less: Column) -> np.dtype[Any]:
    exact = first.values.dtype.kind != "f" and less.values.dtype.kind != "f"
    return np.dtype(np.int64 if exact else np.float64)


def _points(thresholds: list[Any], classes: NDArray[np.uint8]) -> tuple[tuple[Any, int], ...]:
    steps = [int(b) - int(a) for a, b in itertools.pairwise(classes)]
    return tuple((limit, step) for limit, step in zip(thresholds, steps, strict=True) if step)


def _threshold(edge: Edge, dtype: np.dtype[Any]) -> Any:
    """Return the least value of ``dtype`` in the band above the edge; a float is read as its shortest text."""
    value = edge.number()
    if dtype.kind == "f":
        limit = dtype.type(value)
        return limit if edge.included == "from" else np.nextafter(limit, dtype.type(np.inf))
    return math.ceil(value) if edge.included == "from" else math.floor(value) + 1


def _given(name: str, columns: Mapping[str, Array], n: int) -> tuple[Array, Array | None] | None:
    column = columns.get(name)
    if column is None:
        return None
    if not isinstance(column, np.ndarray) or column.shape != (n,):
        shape = getattr(column, "shape", None)
        raise Problem(
            name,
            Words(f"该列应有 {n} 行，实为 {shape}。", f"This column should have {n} rows but is {shape}."),
            Words("请提供等长的一维列。", "Give one-dimensional columns of equal length."),
        )
    if isinstance(column, np.ma.MaskedArray):
        return column.data, np.ma.getmaskarray(column)
    return column, None


def _absent(name: str, n: int) -> Column:
    return Column(name, np.broadcast_to(np.int8(0), n), np.broadcast_to(np.True_, n))


def _wrong_type(name: str, dtype: np.dtype[Any]) -> Problem:
    return Problem(
        name,
        Words(f"该列类型 {dtype} 不适用。", f"A column of type {dtype} does not fit this fact."),
        Words("是否列用布尔，类别列用代码，数量列用数字或日期。", "Use booleans, codes, or numbers and days."),
    )


def _bool_column(name: str, columns: Mapping[str, Array], n: int) -> Column:
    given = _given(name, columns, n)
    if given is None:
        return _absent(name, n)
    values, mask = given
    if values.dtype.kind == "b":
        return Column(name, values.view(np.uint8), mask)
    if values.dtype.kind in "iu":
        return Column(name, values, mask, (0, 1))
    if values.dtype.kind == "O":
        return _coded(name, values, mask, (False, True))
    raise _wrong_type(name, values.dtype)


def _category_column(source: Category, columns: Mapping[str, Array], n: int) -> tuple[Column, int]:
    """Return the column and the integer that stands for position 0 in it."""
    given = _given(source.name, columns, n)
    if given is None:
        return _absent(source.name, n), 0
    values, mask = given
    keys = source.keys
    if values.dtype.kind in "iu":
        if isinstance(keys[0], str):
            return Column(source.name, values, mask, (0, len(keys) - 1)), 0
        fits = keys[0] >= 0 and keys[-1] <= np.iinfo(values.dtype).max
        if fits and keys == tuple(range(keys[0], keys[0] + len(keys))):
            return Column(source.name, values, mask, (keys[0], keys[-1])), int(keys[0])
        return _coded(source.name, values, mask, keys), 0
    if values.dtype.kind in "OUT":
        return _coded(source.name, values, mask, keys), 0
    raise _wrong_type(source.name, values.dtype)


def _coded(name: str, values: Array, mask: Array | None, keys: tuple[Any, ...]) -> Column:
    """Turn codes into positions; ``None``, NaN, empty text and -1 are unknown."""
    places = np.full(len(values), UNKNOWN - 1, np.int16)
    for position, key in enumerate(keys):
        places[values == key] = position
    for row in np.flatnonzero(places < UNKNOWN):
        value = values[row]
        if not ((mask is not None and mask[row]) or is_unknown(value) or value in ("", UNKNOWN)):
            raise bad_value(name, int(row), value)
        places[row] = UNKNOWN
    return Column(name, places, mask, (0, len(keys) - 1))


def _number_column(name: str, columns: Mapping[str, Array], n: int) -> Column:
    given = _given(name, columns, n)
    if given is None:
        return _absent(name, n)
    values, mask = given
    if values.dtype.kind == "M":
        gone = np.isnat(values)
        days = np.where(gone, np.datetime64(0, "D"), values.astype("M8[D]")).astype(np.int64)
        return Column(name, days, gone if mask is None else gone | mask)
    if values.dtype.kind == "O":
        hidden = np.zeros(len(values), bool) if mask is None else mask
        return Column(name, np.array([_number(name, i, v, hidden[i]) for i, v in enumerate(values)], np.float64))
    if values.dtype.kind not in "iuf" or values.dtype == np.float16:
        raise _wrong_type(name, values.dtype)
    if values.dtype.itemsize == 8 and values.dtype.kind in "iu" and n:
        large = (values > _SAFE) if values.dtype.kind == "u" else (values > _SAFE) | (values < -_SAFE)
        if mask is not None:
            large &= ~mask
        if large.any():
            raise bad_value(name, int(large.argmax()), values[large.argmax()])
    if values.dtype.kind == "u":  # a difference of unsigned columns must be able to go below zero
        values = values.astype(np.int64)
    return Column(name, values, mask)


def _number(name: str, row: int, value: Any, hidden: bool) -> float:
    if hidden or is_unknown(value):
        return math.nan
    try:
        return float(as_number(value, name))
    except Problem:
        raise bad_value(name, row, value) from None
