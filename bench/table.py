"""A decision table over a million households: our NumPy and numba paths beside a C loop, OpenFisca and plain Python.

The rule and the data are those of the peer measurement (15 columns, first match wins, then an amount), so that the
figures compare. Every engine is timed once a round, in turn; the median of the rounds counts. All must agree on the
count of each verdict and the sum of the amounts.

Run: ``python bench/table.py [N]``. OpenFisca runs in its own interpreter, named by ``LUOSHI_PEERS_PYTHON`` (an
environment made from ``requirements/peers.txt``); without it, or without a C compiler, that peer says so.
"""

import ctypes
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from luoshi.core.table import Bands, Bool, Category, Edge, Result, Row, Table, compiled
from luoshi.core.table.inputs import Fact
from luoshi.core.words import Words

CLOSE, RESIDENCE, PRIOR, KEY, SEISMIC = 19477, 365, 2023, 2261600, 1000000
SIZES = range(1, 9)
LOW = {1: 20, 2: 30, 3: 40} | {size: 13 * size for size in range(4, 9)}
HIGH = {1: 60, 2: 60, 3: 60} | {size: 18 * size for size in range(4, 9)}
ROUNDS, PYTHON_ROWS = 9, 50_000
COLUMNS = [
    "category",
    "danger",
    "size",
    "mode",
    "area",
    "prior_year",
    "redamaged",
    "disaster_rebuild",
    "has_other_house",
    "no_house_cert",
    "certified",
    "intensity",
    "willing",
    "apply_day",
    "resident_day",
]
# result code → verdict of the peers' rule (20 stands for four amounts) and amount in fen
AMOUNTS = {
    "town": (1, 0), "not_dangerous": (2, 0), "no_certificate": (3, 0), "other_house": (4, 0), "rebuilt": (5, 0),
    "paid_before": (6, 0), "not_certified": (7, 0), "resident_short": (8, 0), "late": (9, 0), "area": (10, 0),
    "no_programme": (11, 0), "key_d": (20, KEY), "key_d_buy": (20, KEY * 8 // 10), "key_c": (20, KEY * 6 // 10),
    "key_c_buy": (20, KEY * 6 // 10 * 8 // 10), "seismic": (21, SEISMIC),
}  # fmt: skip


def _edge(value: float, unit: str, included: Any = "from") -> Edge:
    return Edge(value, unit, "BENCH-1", included)


def _w(name: str) -> Words:
    return Words(name, name)


def _inputs() -> list[Any]:
    size = Category("size", _w("size"), tuple(SIZES))
    area = {s: (_edge(LOW[s], "m2"), _edge(HIGH[s], "m2", "to")) for s in SIZES}
    bands = [
        Bands("prior_year", _w("prior"), ("none", "before", "since"), [_edge(1, "year"), _edge(PRIOR, "year")]),
        Bands("residence", _w("residence"), ("short", "long"), [_edge(RESIDENCE, "days")],
              of=Fact("apply_day", _w("apply")), less=Fact("resident_day", _w("resident"))),
        Bands("apply_day", _w("apply"), ("in_time", "late"), [_edge(CLOSE, "day", "to")]),
        Bands("area", _w("area"), ("small", "fit", "large"), area, by=size),
        Bands("intensity", _w("intensity"), ("low", "high"), [_edge(7, "degree")]),
    ]  # fmt: skip
    yes_no = ["no_house_cert", "has_other_house", "disaster_rebuild", "redamaged", "certified", "willing"]
    return [
        Category("category", _w("category"), tuple(range(8))),
        Category("danger", _w("danger"), ("A", "B", "C", "D")),
        *(Bool(name, _w(name)) for name in yes_no[:3]),
        bands[0],
        *(Bool(name, _w(name)) for name in yes_no[3:5]),
        *bands[1:3],
        Category("mode", _w("mode"), ("repair", "rebuild", "buy")),
        *bands[3:],
        Bool("willing", _w("willing")),
    ]


def household_table() -> Table:
    """Return the rule as one of our tables."""
    key = {"category": set(range(6))}
    rows = [
        Row("town", {"category": 7}),
        Row("not_dangerous", {"danger": {"A", "B"}}),
        Row("no_certificate", {"no_house_cert": False}),
        Row("other_house", {"has_other_house": True}),
        Row("rebuilt", {"disaster_rebuild": True}),
        Row("paid_before", {"prior_year": {"before", "since"}, "redamaged": False}),
        Row("not_certified", {"certified": False}),
        Row("resident_short", {"residence": "short"}),
        Row("late", {"apply_day": "late"}),
        Row("area", {"mode": "rebuild", "area": {"small", "large"}}),
        Row("key_d_buy", key | {"danger": "D", "mode": "buy"}),
        Row("key_c_buy", key | {"mode": "buy"}),
        Row("key_d", key | {"danger": "D"}),
        Row("key_c", key),
        Row("seismic", {"intensity": "high", "willing": True, "prior_year": {"none", "before"}}),
        Row("no_programme"),
    ]
    results = [
        Result(code, "granted" if verdict >= 20 else "refused", _w(code), _w("remedy"))
        for code, (verdict, _) in AMOUNTS.items()
    ]
    return Table(
        "household", clauses=["BENCH-1"], inputs=_inputs(), results=results, rows=rows, priority=True
    )  # fmt: skip


def make_columns(n: int) -> dict[str, np.ndarray]:
    """Return ``n`` households, the same for the same ``n``: columns as compact as a store would keep them."""
    rng = np.random.default_rng(42)

    def chance(share: float) -> np.ndarray:
        return rng.random(n) < share

    return {
        "category": rng.choice(8, n, p=[0.03, 0.12, 0.02, 0.05, 0.06, 0.04, 0.55, 0.13]).astype(np.int8),
        "danger": rng.choice(4, n, p=[0.5, 0.25, 0.15, 0.10]).astype(np.int8),
        "size": rng.choice(np.arange(1, 9), n, p=[0.22, 0.34, 0.2, 0.12, 0.07, 0.03, 0.01, 0.01]).astype(np.int8),
        "mode": rng.integers(0, 3, n).astype(np.int8),
        "area": np.round(15 + rng.random(n) * 110, 1).astype(np.float32),
        "prior_year": np.where(chance(0.08), rng.integers(2009, 2024, n), 0).astype(np.int16),
        "redamaged": chance(0.2),
        "disaster_rebuild": chance(0.02),
        "has_other_house": chance(0.3),
        "no_house_cert": chance(0.8),
        "certified": chance(0.9),
        "intensity": rng.choice([6, 7, 8], n, p=[0.4, 0.5, 0.1]).astype(np.int8),
        "willing": chance(0.7),
        "apply_day": (19440 + rng.integers(0, 130, n)).astype(np.int32),
        "resident_day": (10000 + rng.integers(0, 9400, n)).astype(np.int32),
    }


def python_rule(h: dict[str, Any]) -> tuple[int, int]:
    """The rule as one would write it by hand over a row as a dict."""
    prior, size = h["prior_year"], h["size"]
    excluded = (
        (1, h["category"] == 7), (2, h["danger"] < 2), (3, not h["no_house_cert"]), (4, h["has_other_house"]),
    )  # fmt: skip
    for code, holds in excluded:
        if holds:
            return code, 0
    if h["disaster_rebuild"]:
        return 5, 0
    if prior > 0 and not h["redamaged"]:
        return 6, 0
    if not h["certified"]:
        return 7, 0
    if h["apply_day"] - h["resident_day"] < RESIDENCE:
        return 8, 0
    if h["apply_day"] > CLOSE:
        return 9, 0
    if h["mode"] == 1 and not LOW[size] <= h["area"] <= HIGH[size]:
        return 10, 0
    if h["category"] < 6:
        amount = KEY if h["danger"] == 3 else KEY * 6 // 10
        return 20, amount * 8 // 10 if h["mode"] == 2 else amount
    seismic = h["intensity"] >= 7 and h["willing"] and prior < PRIOR
    return (21, SEISMIC) if seismic else (11, 0)


Timed = Callable[[], tuple[float, dict[int, int], int]]


def _sum_up(verdicts: np.ndarray, amounts: np.ndarray) -> tuple[dict[int, int], int]:
    counts = np.bincount(verdicts, minlength=22)
    return {int(code): int(counts[code]) for code in np.flatnonzero(counts)}, int(amounts.sum(dtype=np.int64))


def ours(columns: dict[str, np.ndarray], n: int, engine: Any) -> Timed:
    """One of our paths; the clock covers checking the columns, the codes and the amounts."""
    table = household_table()
    verdict_of = np.array([AMOUNTS[code][0] for code in table.codes], np.uint8)
    amount_of = np.array([AMOUNTS[code][1] for code in table.codes], np.int32)
    amounts = np.empty(n, np.int32)  # as for the C loop, the place for the amounts is there already

    def timed() -> tuple[float, dict[int, int], int]:
        start = time.perf_counter()
        codes = table.decide(columns, n, engine=engine)
        amount_of.take(codes, mode="clip", out=amounts)
        seconds = time.perf_counter() - start
        return seconds, *_sum_up(verdict_of[codes], amounts)

    return timed


def python_dicts(columns: dict[str, np.ndarray], n: int) -> Timed:
    """Plain Python over rows as dicts: the first 50,000 rows, the time scaled to all; counts of those rows only."""
    few = min(n, PYTHON_ROWS)
    rows = [
        dict(zip(COLUMNS, row, strict=True)) for row in zip(*(columns[k][:few].tolist() for k in COLUMNS), strict=True)
    ]

    def timed() -> tuple[float, dict[int, int], int]:
        start = time.perf_counter()
        answers = [python_rule(row) for row in rows]
        seconds = (time.perf_counter() - start) * n / few
        return seconds, *_sum_up(np.array([a[0] for a in answers]), np.array([a[1] for a in answers]))

    return timed


def c_loop(columns: dict[str, np.ndarray], n: int, folder: Path, function: str) -> Timed | str:
    """The rule in C, one pass, ``-O3 -march=native``; a sentence when there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return "no C compiler here"
    library = folder / "rule.so"
    if not library.exists():
        source = Path(__file__).with_name("table_rule.c")
        subprocess.run(
            [compiler, "-O3", "-march=native", "-shared", "-fPIC", "-o", str(library), str(source)], check=True
        )
    call = getattr(ctypes.CDLL(str(library)), function)
    codes, amounts = np.empty(n, np.int8), np.empty(n, np.int32)
    pointers = [ctypes.c_void_p(a.ctypes.data) for a in (*(columns[k] for k in COLUMNS), codes, amounts)]

    def timed() -> tuple[float, dict[int, int], int]:
        start = time.perf_counter()
        call(*pointers, ctypes.c_long(n))
        return time.perf_counter() - start, *_sum_up(codes, amounts)

    return timed


class OpenFisca:
    """OpenFisca in its own interpreter: one line in, one run, one line of JSON out."""

    def __init__(self, columns: dict[str, np.ndarray], folder: Path) -> None:
        self.process: subprocess.Popen[str] | None = None
        self.missing = "LUOSHI_PEERS_PYTHON is not set"
        interpreter = os.environ.get("LUOSHI_PEERS_PYTHON")
        if not interpreter:
            return
        np.savez(folder / "rows.npz", **columns)
        script = Path(__file__).with_name("table_openfisca.py")
        self.process = subprocess.Popen(
            [interpreter, str(script), str(folder / "rows.npz")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        if not self._line():
            self.missing = (
                "OpenFisca did not start: " + (self.process.communicate()[1].strip().splitlines() or ["?"])[-1]
            )
            self.process = None

    def _line(self) -> str:
        assert self.process is not None and self.process.stdout is not None
        return self.process.stdout.readline()

    def timed(self) -> tuple[float, dict[int, int], int]:
        """Run once."""
        assert self.process is not None and self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        said = json.loads(self._line())
        return said["seconds"], {int(k): v for k, v in said["counts"].items()}, said["amount"]

    def close(self) -> None:
        """End the interpreter."""
        if self.process is not None:
            self.process.communicate()


def _engines(columns: dict[str, np.ndarray], n: int, folder: Path, fisca: OpenFisca) -> dict[str, Timed | str]:
    return {
        "luoshi numpy": ours(columns, n, "numpy"),
        "luoshi numba": ours(columns, n, "numba") if compiled.available() else "numba is not installed",
        "c loop": c_loop(columns, n, folder, "branching"),
        "c loop, branch-free": c_loop(columns, n, folder, "branch_free"),
        f"python on dicts ({min(n, PYTHON_ROWS)} rows, scaled)": python_dicts(columns, n),
        "openfisca": fisca.timed if fisca.process else fisca.missing,
    }


def _rounds(engines: dict[str, Timed | str]) -> dict[str, float]:
    """Time every engine once a round; return each one's median seconds."""
    seconds: dict[str, list[float]] = {name: [] for name, engine in engines.items() if not isinstance(engine, str)}
    expected = None
    for turn in range(ROUNDS + 1):  # the first is not counted: compiling, first touch of memory
        for name, engine in engines.items():
            if isinstance(engine, str):
                continue
            took, counts, amount = engine()
            if not name.startswith("python"):
                expected = expected or (counts, amount)
                assert (counts, amount) == expected, f"{name} disagrees: {counts} {amount}, not {expected}"
            if turn:
                seconds[name].append(took)
    return {name: statistics.median(times) for name, times in seconds.items()}


def _python_agrees(columns: dict[str, np.ndarray], n: int) -> None:
    few = min(n, PYTHON_ROWS)
    part = {name: column[:few] for name, column in columns.items()}
    assert python_dicts(part, few)()[1:] == ours(part, few, "numpy")()[1:], "plain Python disagrees"


def _peak_mib(columns: dict[str, np.ndarray], n: int) -> float:
    table = household_table()
    tracemalloc.start()
    table.decide(columns, n, engine="numpy")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def _machine() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    except OSError:
        model = ""
    return f"{model or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def run(n: int | None = None) -> dict[str, Any]:
    """Measure and return ``{"name","n","median_s","rate_per_s","peak_mib","machine","peers"}``.

    ``n`` rows, 1,000,000 by default. The main figures are those of our faster path; ``peers`` holds every engine
    with rows per second and ``ratio`` = our rate divided by its rate, or ``"missing"`` with the reason.
    ``peak_mib``: memory allocated by one NumPy ``decide`` at its highest, the answers (n bytes) included.
    """
    n = n or 1_000_000
    columns = make_columns(n)
    _python_agrees(columns, n)
    with tempfile.TemporaryDirectory() as place:
        fisca = OpenFisca(columns, Path(place))
        try:
            engines = _engines(columns, n, Path(place), fisca)
            medians = _rounds(engines)
        finally:
            fisca.close()
    best = min(medians[name] for name in medians if name.startswith("luoshi"))
    peers = [
        {"name": name, "missing": engine}
        if isinstance(engine, str)
        else {"name": name, "rate_per_s": round(n / medians[name]), "ratio": round(medians[name] / best, 2)}
        for name, engine in engines.items()
    ]
    return {
        "name": "table",
        "n": n,
        "median_s": round(best, 6),
        "rate_per_s": round(n / best),
        "peak_mib": round(_peak_mib(columns, n), 2),
        "machine": _machine(),
        "peers": peers,
    }


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else None), ensure_ascii=False, indent=1))
