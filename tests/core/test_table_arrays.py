"""Many rows decided as arrays give, row by row, what one case explained gives: NumPy, numba and ``number`` agree."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.core.problem import Problem
from luoshi.core.table import NEEDS, Bands, Bool, Category, Edge, Result, Row, Table, arrays, compiled
from luoshi.core.words import Words
from tests.core.table_examples import HOUSE, tables

needs_numba = pytest.mark.skipif(not compiled.available(), reason="numba is not installed")
W = Words("词", "words")


@st.composite
def columns_for(draw, table):
    n = draw(st.integers(1, 30))
    columns, facts = {}, [{} for _ in range(n)]
    for source in table.inputs:
        if isinstance(source, Bands):
            values = draw(st.lists(st.sampled_from([None, *(x / 2 for x in range(-9, 10))]), min_size=n, max_size=n))
            columns[source.name] = draw(st.sampled_from([_float64, _float32, _masked, _object]))(values)
        else:
            values = draw(st.lists(st.sampled_from([None, *source.keys]), min_size=n, max_size=n))
            columns[source.name] = draw(st.sampled_from([_object, _positions]))(values, source)
        for row, value in zip(facts, values, strict=True):
            row[source.name] = value
    return n, columns, facts


def _float64(values):
    return np.array([np.nan if v is None else v for v in values])


def _float32(values):
    return _float64(values).astype(np.float32)


def _object(values, source=None):
    column = np.empty(len(values), object)
    column[:] = values
    return column


def _masked(values):
    return np.ma.MaskedArray([0.0 if v is None else v for v in values], [v is None for v in values])


def _positions(values, source):
    keys = source.keys
    if isinstance(keys[0], int) and not isinstance(keys[0], bool):
        return np.array([-1 if v is None else v for v in values], np.int8)
    return np.array([-1 if v is None else keys.index(v) for v in values], np.int8)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_arrays_agree_with_single_cases_on_any_table(data):
    table = data.draw(tables())
    n, columns, facts = data.draw(columns_for(table))
    decided = table.decide(columns, n, engine="numpy")
    assert decided.dtype == np.uint8
    assert decided.tolist() == [table.number(row) for row in facts]


DAY = np.datetime64("2023-04-30")
rows_of_house = st.fixed_dictionaries(
    {
        "group": st.sampled_from(["key", "other", "town", None]),
        "has_house": st.sampled_from([True, False, False, False, None]),
        "persons": st.sampled_from([1, 2, 3, None]),
        "area_m2": st.sampled_from([19.5, 20.0, 29.5, 30.0, 39.5, 40.0, 60.0, 60.5, None]),
        "applied_on": st.sampled_from([date(2023, 4, 29), date(2023, 4, 30), date(2023, 5, 1), None]),
        "resident_on": st.sampled_from([date(2022, 4, 29), date(2022, 4, 30), date(2022, 5, 1), None]),
    }
)


def house_columns(rows):
    def column(name, code):
        return np.array([code(row[name]) for row in rows])

    return {
        "group": column("group", lambda v: v or ""),
        "has_house": column("has_house", lambda v: -1 if v is None else int(v)),
        "persons": column("persons", lambda v: -1 if v is None else v).astype(np.int8),
        "area_m2": column("area_m2", lambda v: np.nan if v is None else v).astype(np.float32),
        "applied_on": column("applied_on", lambda v: np.datetime64(v or "NaT", "D")),
        "resident_on": column("resident_on", lambda v: np.datetime64(v or "NaT", "D")),
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(rows_of_house, min_size=1, max_size=40))
def test_days_and_limits_that_depend_on_a_fact_agree(rows):
    decided = HOUSE.decide(house_columns(rows), len(rows), engine="numpy")
    assert decided.tolist() == [HOUSE.number(row) for row in rows]


@needs_numba
@settings(max_examples=60, deadline=None)
@given(st.lists(rows_of_house, min_size=1, max_size=40))
def test_the_compiled_loop_agrees(rows):
    known = [row for row in rows if None not in row.values()]
    for some in (rows, known):
        decided = HOUSE.decide(house_columns(some), len(some), engine="numba") if some else np.array([])
        assert decided.tolist() == [HOUSE.number(row) for row in some]


def wide_table():
    """A table whose look-up outgrows one byte: 40 × 30 combinations, each answered by its own of 200 results."""
    inputs = [Category("a", W, tuple(range(40))), Category("b", W, tuple(range(5, 35))), Bool("c", W)]
    results = [Result(f"r{i}", "granted", W) for i in range(200)]
    rows = [Row(f"r{(i * 30 + j) * 7 % 200}", {"a": i, "b": j + 5}) for i in range(40) for j in range(30)]
    return Table("wide", clauses=["RULE-1"], inputs=inputs, results=results, rows=rows)


def test_states_beyond_one_byte_agree():
    table = wide_table()
    assert any(layer.dtype is not np.uint8 for layer in table.grid.layers)
    rng = np.random.default_rng(1)
    columns = {"a": rng.integers(0, 40, 3000, np.int16), "b": rng.integers(5, 35, 3000)}
    expected = [table.number({"a": int(a), "b": int(b)}) for a, b in zip(columns["a"], columns["b"], strict=True)]
    assert table.decide(columns, 3000, engine="numpy").tolist() == expected
    if compiled.available():
        columns["c"] = np.zeros(3000, bool)
        assert table.decide(columns, 3000, engine="numba").tolist() == expected


def test_many_chunks_and_a_gap_in_one_of_them():
    n = 2 * arrays.CHUNK + 17
    columns = house_columns(
        [
            {
                "group": "key",
                "has_house": False,
                "persons": 2,
                "area_m2": 45.0,
                "applied_on": date(2023, 4, 1),
                "resident_on": date(2000, 1, 1),
            }
        ]
    )
    columns = {name: np.repeat(column, n) for name, column in columns.items()}
    columns["has_house"][arrays.CHUNK + 5] = -1
    decided = HOUSE.decide(columns, n)
    assert decided[arrays.CHUNK + 5] == NEEDS
    assert (np.delete(decided, arrays.CHUNK + 5) == HOUSE.codes.index("paid")).all()


def test_a_fact_without_a_column_is_unknown_throughout():
    columns = {"group": np.array(["town", "key"])}
    assert HOUSE.decide(columns, 2).tolist() == [HOUSE.codes.index("town"), NEEDS]


def test_no_rows_give_no_answers():
    assert HOUSE.decide({}, 0).shape == (0,)


LEVEL = Bands("load", W, ("low", "high"), [Edge(250, "MW", "RULE-1")])
LOAD = Table("load", clauses=["RULE-1"], inputs=[LEVEL], results=[Result("lo", "granted", W), Result("hi", "granted", W)],
             rows=[Row("lo", {"load": "low"}), Row("hi", {"load": "high"})])  # fmt: skip


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.uint32, np.int64, np.uint64, np.float32, np.float64])
@pytest.mark.parametrize("engine", ["numpy", pytest.param("numba", marks=needs_numba)])
def test_an_edge_outside_the_column_type_still_holds(dtype, engine):
    most = 127 if dtype == np.int8 else 255
    column = np.array([0, 100, most], dtype)
    assert LOAD.decide({"load": column}, 3, engine=engine).tolist() == [0, 0, int(most >= 250)]


@pytest.mark.parametrize("engine", ["numpy", pytest.param("numba", marks=needs_numba)])
def test_codes_that_the_column_type_cannot_hold(engine):
    years = Category("year", W, (2022, 2023))
    edges = {2022: [Edge(10, "m", "RULE-1")], 2023: [Edge(20, "m", "RULE-1")]}
    source = Bands("load", W, ("low", "high"), edges, by=years)
    rows = [Row("lo", {"load": "low"}), Row("hi", {"load": "high"})]
    table = Table("years", clauses=["RULE-1"], inputs=[source], results=LOAD.results, rows=rows)
    load = np.array([15, 15])
    assert table.decide({"load": load, "year": np.array([-1, -1], np.int8)}, 2, engine=engine).tolist() == [
        NEEDS,
        NEEDS,
    ]
    assert table.decide({"load": load, "year": np.array([2022, 2023], np.int16)}, 2, engine=engine).tolist() == [1, 0]
    with pytest.raises(Problem):
        table.decide({"load": load, "year": np.array([22, 23], np.int8)}, 2, engine=engine)


@pytest.mark.parametrize("share_open", [0.0, 0.1, 0.9])
def test_rows_settled_early_get_their_answers_back_in_place(share_open):
    """Where few rows are open after a layer, only these are looked at further: with none, some and most of them."""
    inputs = [Bool("open", W), Category("b", W, tuple(range(60))), Category("c", W, tuple(range(6)))]
    results = [Result(f"r{i}", "granted", W) for i in range(50)]
    rows = [Row("r0", {"open": False})]
    rows += [
        Row(f"r{(b * 7 + c * 11 + b * c) % 50}", {"open": True, "b": b, "c": c}) for b in range(60) for c in range(6)
    ]
    table = Table("early", clauses=["RULE-1"], inputs=inputs, results=results, rows=rows)
    assert len(table.grid.layers) > 1
    rng = np.random.default_rng(7)
    n = arrays.CHUNK + 1000
    columns = {"open": rng.random(n) < share_open, "b": rng.integers(0, 60, n), "c": rng.integers(0, 6, n, np.int8)}
    columns["c"][n // 2 :: 7] = -1
    decided = table.decide(columns, n, engine="numpy")
    for row in rng.choice(n, 2000, replace=False):
        assert decided[row] == table.number(
            {
                "open": bool(columns["open"][row]),
                **{k: None if columns[k][row] < 0 else int(columns[k][row]) for k in "bc"},
            }
        )


def test_a_difference_of_unsigned_columns_goes_below_zero():
    from luoshi.core.table import Fact

    source = Bands("gap", W, ("no", "yes"), [Edge(0, "days", "RULE-1")], of=Fact("a", W), less=Fact("b", W))
    table = Table(
        "gap",
        clauses=["RULE-1"],
        inputs=[source],
        results=LOAD.results,
        rows=[Row("lo", {"gap": "no"}), Row("hi", {"gap": "yes"})],
    )
    columns = {"a": np.array([1, 5], np.uint8), "b": np.array([2, 5], np.uint8)}
    for engine in ["numpy", "numba"] if compiled.available() else ["numpy"]:
        assert table.decide(columns, 2, engine=engine).tolist() == [0, 1]


def test_float32_columns_meet_a_decimal_limit_as_it_is_written():
    source = Bands("share", W, ("low", "high"), [Edge(0.7, "share", "RULE-1")])
    table = Table(
        "share",
        clauses=["RULE-1"],
        inputs=[source],
        results=LOAD.results,
        rows=[Row("lo", {"share": "low"}), Row("hi", {"share": "high"})],
    )
    assert table.decide({"share": np.array([0.7, 0.6999], np.float32)}, 2).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("columns", "place"),
    [
        ({"group": np.array(["key", "kings"])}, "group[2]"),
        ({"group": np.array([0, 3])}, "group[2]"),
        ({"group": np.array([0.0, 1.0])}, "group"),
        ({"has_house": np.array([0, 2])}, "has_house[2]"),
        ({"has_house": np.array([-2, 1])}, "has_house[1]"),
        ({"has_house": np.array(["yes", "no"])}, "has_house"),
        ({"has_house": np.array([True])}, "has_house"),
        ({"has_house": [True, False]}, "has_house"),
        ({"has_house": np.array(["yes", None], object)}, "has_house[1]"),
        ({"persons": np.array([1, 4])}, "persons[2]"),
        ({"area_m2": np.array([1.0, np.inf])}, "area_m2[2]"),
        ({"area_m2": np.array([1.0, "x"], object)}, "area_m2[2]"),
        ({"area_m2": np.array([1, 2**60])}, "area_m2[2]"),
        ({"area_m2": np.array([1j, 2j])}, "area_m2"),
        ({"area_m2": np.ones((2, 1))}, "area_m2"),
    ],
)
def test_a_column_no_fact_can_have_is_a_problem_that_names_the_row(columns, place):
    with pytest.raises(Problem) as caught:
        HOUSE.decide(columns, 2)
    assert caught.value.place == place


def test_a_bad_value_under_a_mask_is_not_read():
    columns = {"has_house": np.ma.MaskedArray([7, 0], [True, False]), "group": np.array(["town", "town"])}
    assert HOUSE.decide(columns, 2).tolist() == [HOUSE.codes.index("town")] * 2


def test_the_engine_and_the_number_of_rows_are_checked():
    for arguments in ({"n": -1}, {"n": 0, "engine": "abacus"}):
        with pytest.raises(Problem):
            HOUSE.decide({}, **arguments)


def test_numba_asked_for_but_absent_is_a_problem(monkeypatch):
    monkeypatch.setattr(compiled, "available", lambda: False)
    with pytest.raises(Problem, match="numba"):
        LOAD.decide({"load": np.array([1])}, 1, engine="numba")
    assert LOAD.decide({"load": np.array([1])}, 1).tolist() == [0]
