"""Whole lists of households decided as columns: the same tables, one verdict and one reason code a row. Pure.

The first condition that fails gives the code, in the order of the tables; then what is unknown; then granted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.core.table import NEEDS, Table
from luoshi.core.table.arrays import Engine
from luoshi.housing import decide_area, decide_eligibility, decide_method
from luoshi.housing.rules import Rules

VERDICTS = ("granted", "refused", "needs")


@dataclass(frozen=True, slots=True)
class Screened:
    """``verdict`` is a position in ``VERDICTS``, ``code`` one in ``codes``; both of shape (n,), uint8."""

    verdict: NDArray[np.uint8]
    code: NDArray[np.uint8]
    codes: tuple[str, ...]


@lru_cache(maxsize=32)
def codes(rules: Rules) -> tuple[str, ...]:
    """Return every code a row can have: granted, needs, then the refusals."""
    refusals = [r.code for table in _tables(rules) for r in table.results if r.verdict == "refused"]
    return ("granted", "needs", *dict.fromkeys(refusals), "too_small", "too_large")


def _tables(rules: Rules) -> tuple[Table, ...]:
    return (*decide_eligibility.tables(rules), decide_method.table(rules))


def screen(columns: Mapping[str, NDArray[Any]], n: int, rules: Rules, *, engine: Engine = "auto") -> Screened:
    """Decide ``n`` households given as columns by the names of ``facts.ASKED``; see ``Table.decide`` for their types.

    ``persons`` and ``area_m2`` are numbers with NaN where not known. A method that is not chosen yet is not judged.
    """
    known = codes(rules)
    code = np.zeros(n, np.uint8)
    needs = np.zeros(n, bool)
    chosen = _chosen(columns, n)
    for table in _tables(rules):
        answers = table.decide(columns, n, engine=engine)
        if table is decide_method.table(rules):
            answers = np.where(chosen, answers, table.codes.index("method_open")).astype(np.uint8)
        needs |= answers == NEEDS
        turned = np.zeros(256, np.uint8)
        for number, result in enumerate(table.results):
            turned[number] = known.index(result.code) if result.verdict == "refused" else 0
        code = np.where(code == 0, turned[answers], code)
    area = decide_area.outside(
        _numbers(columns, "persons", n), _numbers(columns, "area_m2", n), _is(columns, "repair", n), rules
    )
    side = np.array([known.index("too_small"), 0, known.index("too_large")], np.uint8)[area + 1]
    code = np.where(code == 0, side, code)
    code = np.where((code == 0) & needs, np.uint8(known.index("needs")), code).astype(np.uint8)
    verdict = np.where(code == 0, 0, np.where(code == known.index("needs"), 2, 1)).astype(np.uint8)
    return Screened(verdict, code, known)


def _chosen(columns: Mapping[str, NDArray[Any]], n: int) -> NDArray[np.bool_]:
    if "method" not in columns:
        return np.zeros(n, bool)
    method = columns["method"]
    return method != -1 if method.dtype.kind in "iu" else np.array([m is not None for m in method], bool)


def _is(columns: Mapping[str, NDArray[Any]], code: str, n: int) -> NDArray[np.bool_]:
    if "method" not in columns:
        return np.zeros(n, bool)
    method = columns["method"]
    return method == list(decide_method.METHODS).index(code) if method.dtype.kind in "iu" else method == code


def _numbers(columns: Mapping[str, NDArray[Any]], name: str, n: int) -> NDArray[np.float64]:
    return np.asarray(columns[name], np.float64) if name in columns else np.full(n, np.nan)
