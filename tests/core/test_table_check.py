"""A table that is not total does not come into being: each fault is found when it is built, and named."""

from datetime import datetime

import pytest

from luoshi.core.table import ANY, Bands, Bool, Category, Edge, Result, Row, Table, TableError
from luoshi.core.words import Words

W = Words("词", "words")
A, B = Bool("a", W), Bool("b", W)
YES, NO = Result("yes", "granted", W), Result("no", "refused", W, W)


def build(rows, inputs=(A, B), results=(YES, NO), clauses=("RULE-1",), priority=False):
    return Table("t", clauses=clauses, inputs=inputs, results=results, rows=rows, priority=priority)


def test_each_combination_covered_once_is_accepted():
    table = build([Row("yes", {"a": True, "b": ANY}), Row("no", {"a": False})])
    assert table.codes == ("yes", "no")


def test_a_missing_combination_is_named():
    with pytest.raises(TableError, match=r"no row for a=False, b=True$"):
        build([Row("yes", {"a": True}), Row("no", {"a": False, "b": False})])


def test_many_missing_combinations_are_counted():
    inputs = [Bool(name, W) for name in "abcd"]
    with pytest.raises(TableError, match=r"and 9 more combinations without a row"):
        build(
            [
                Row("yes", {"a": True, "b": True, "c": True, "d": True}),
                Row("no", {"a": True, "b": True, "c": True, "d": False}),
            ],
            inputs,
        )


def test_two_rows_over_one_combination_are_named_unless_priority_is_declared():
    rows = [Row("yes", {"a": True}), Row("no", {"b": {True, False}})]
    with pytest.raises(TableError, match=r"rows 1 \(yes\) and 2 \(no\) both cover a=True, b=False"):
        build(rows)
    assert build(rows, priority=True).number({"a": True, "b": False}) == 0


def test_a_row_that_can_never_win_is_named():
    with pytest.raises(TableError, match=r"row 2 \(no\) can never be reached"):
        build([Row("yes", {"a": True}), Row("no", {"a": True, "b": True}), Row("no")], priority=True)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([Row("yes", {"c": True}), Row("no")], "unknown input 'c'"),
        ([Row("yes", {"a": "perhaps"}), Row("no")], "'a' has no answer 'perhaps'"),
        ([Row("yes", {"a": 1}), Row("no")], "'a' has no answer 1"),
        ([Row("yes", {"a": set()}), Row("no")], "no answer of 'a' is admitted"),
        ([Row("maybe"), Row("no")], "unknown result 'maybe'"),
        ([Row("yes")], "result 'no' is given by no row"),
    ],
)
def test_a_row_that_names_what_is_not_there(rows, said):
    with pytest.raises(TableError, match=said):
        build(rows, priority=True)


@pytest.mark.parametrize(
    ("results", "said"),
    [
        ((YES, YES, NO), "result 'yes' is declared twice"),
        ((YES, Result("no", "refused", W)), "refuses without a remedy"),
        ((YES, Result("no", "perhaps", W, W)), "neither granted nor refused"),
    ],
)
def test_a_result_that_is_unfinished(results, said):
    with pytest.raises(TableError, match=said):
        build([Row("yes", {"a": True}), Row("no", {"a": False})], results=results)


def bands(edges, names=("low", "high"), by=None):
    return Bands("n", W, names, edges, by=by)


KIND = Category("kind", W, ("x", "y"))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (bands([Edge(1, "m", "")]), "needs a unit and a clause"),
        (bands([Edge(1, "", "RULE-1")]), "needs a unit and a clause"),
        (bands([Edge(1, "m", "RULE-1")], ("low", "middle", "high")), "1 edges make 2 bands, not 3"),
        (bands([Edge(2, "m", "RULE-1"), Edge(1, "m", "RULE-1")], ("a", "b", "c")), "edges do not rise"),
        (bands([Edge(1, "m", "RULE-1"), Edge(1, "m", "RULE-1")], ("a", "b", "c")), "edges do not rise"),
        (bands([Edge(1, "m", "RULE-1"), Edge(2, "km", "RULE-1")], ("a", "b", "c")), "different units"),
        (bands([Edge(float("nan"), "m", "RULE-1")]), "no number or day"),
        (bands([Edge(datetime(2023, 1, 1), "day", "RULE-1")]), "no number or day"),
        (bands([Edge(1, "m", "RULE-1")], ("same", "same")), "names 'same' twice"),
        (bands({"x": [Edge(1, "m", "RULE-1")]}), "edges by code need 'by'"),
        (bands({"x": [Edge(1, "m", "RULE-1")]}, by=KIND), "edges are needed for each code of 'kind'"),
        (Category("n", W, ("x",)), "1 answers"),
        (Category("n", W, ("x", 1)), "all text or all integers"),
        (Category("n", W, (-1, 0)), "cannot be codes"),
        (Category("n", W, ("", "x")), "cannot be codes"),
        (Bool("a", W), "declared twice"),
    ],
)
def test_an_input_that_is_unsound(source, said):
    with pytest.raises(TableError, match=said):
        build([Row("yes", {"a": True}), Row("no", {"a": False})], inputs=(A, source))


def test_a_point_may_be_a_band_of_its_own():
    exactly = bands([Edge(1, "m", "R-1"), Edge(1, "m", "R-1", "to")], ("below", "equal", "above"))
    table = build([Row("yes", {"n": "equal"}), Row("no", {"n": {"below", "above"}})], inputs=(exactly,))
    assert [table.number({"n": n}) for n in (0.999, 1, 1.001)] == [1, 0, 1]


def test_a_table_too_large_to_read_is_refused():
    inputs = [Category(f"k{i}", W, tuple(range(100))) for i in range(4)]
    with pytest.raises(TableError, match="split the table"):
        build([Row("yes", {"k0": 1}), Row("no")], inputs, priority=True)


def test_a_table_without_clause_or_inputs_is_refused():
    for arguments in ({"clauses": ()}, {"inputs": ()}):
        with pytest.raises(TableError, match="states its clauses"):
            build([Row("yes", {"a": True}), Row("no")], priority=True, **arguments)


def test_all_faults_are_told_at_once():
    with pytest.raises(TableError) as caught:
        build([Row("yes", {"c": True}), Row("maybe", {"a": 3})])
    assert len(caught.value.faults) == 4  # unknown input, unknown answer, unknown result, result without a row
