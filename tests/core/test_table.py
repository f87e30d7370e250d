"""One case explained: the answer, what it rests on, what is missing, what would change it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.core.outcome import Granted, Needs, Refused
from luoshi.core.problem import Problem
from luoshi.core.table import NEEDS
from tests.core.table_examples import GOOD, HOUSE, oracle, tables

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/core/table.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_case(case):
    outcome = HOUSE.explain(GOOD | case["facts"])
    assert outcome.verdict == case["verdict"]
    assert [reason.code for reason in outcome.reasons] == case["codes"]
    if "rests_on" in case:
        assert sorted(outcome.reasons[0].facts) == sorted(case["rests_on"])
    if "clauses" in case:
        assert list(outcome.reasons[0].clauses) == case["clauses"]
    if "changes" in case:
        assert [change.input for change in HOUSE.changes(GOOD | case["facts"])] == case["changes"]


def test_a_refusal_says_what_would_turn_it():
    outcome = HOUSE.explain(GOOD | {"area_m2": 29})
    assert isinstance(outcome, Refused)
    remedy = outcome.reasons[0].remedy
    assert remedy.zh == "调整设计。若“建筑面积”为不低于 30 m²且不高于 60 m²，则可享受补助。"
    assert remedy.en == "Change the design. If floor area were at least 30 m² and at most 60 m²: Eligible."


def test_a_question_names_the_fact_and_how_to_supply_it():
    outcome = HOUSE.explain(GOOD | {"has_house": None})
    assert isinstance(outcome, Needs)
    assert outcome.reasons[0].words.zh == "尚不清楚：已有安全住房。"
    assert outcome.reasons[0].remedy.en == "Supply: has another safe house."
    assert outcome.reasons[0].clauses == ("RULE-1",)


def test_no_single_change_is_claimed_where_two_are_needed():
    facts = GOOD | {"area_m2": 10, "has_house": True}
    assert HOUSE.changes(facts) == ()
    assert HOUSE.explain(facts).reasons[0].remedy.zh == "核实住房情况。"


def test_a_granted_case_needs_no_change():
    assert HOUSE.changes(GOOD) == ()
    outcome = HOUSE.explain(GOOD)
    assert isinstance(outcome, Granted)
    assert outcome.values == {"table": "house", "result": "paid"}


def test_a_number_in_decimal_or_float_means_the_same():
    for area in (Decimal("60"), 60.0, 60):
        assert HOUSE.explain(GOOD | {"area_m2": area}).verdict == "granted"
    assert HOUSE.explain(GOOD | {"area_m2": Decimal("60.01")}).verdict == "refused"


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({"has_house": "no"}, "has_house"),
        ({"has_house": 1}, "has_house"),
        ({"group": "kings"}, "group"),
        ({"group": True}, "group"),
        ({"persons": 4}, "persons"),
        ({"area_m2": "45"}, "area_m2"),
        ({"area_m2": True}, "area_m2"),
        ({"area_m2": float("inf")}, "area_m2"),
        ({"applied_on": "2023-03-01"}, "applied_on"),
    ],
)
def test_a_value_no_fact_can_have_is_a_problem_that_names_it(facts, place):
    with pytest.raises(Problem) as caught:
        HOUSE.explain(GOOD | facts)
    assert caught.value.place == place


def test_facts_the_table_does_not_read_are_left_alone():
    assert HOUSE.explain(GOOD | {"colour": "red"}) == HOUSE.explain(GOOD)


def facts_of(table, answers):
    facts = {}
    for source, answer in zip(table.inputs, answers, strict=True):
        if answer is not None:
            facts[source.name] = answer if not source.name.startswith("size") else value_in(source, answer)
    return facts


def value_in(source, band):
    """A number inside a band of whole-number edges: the band's lower edge, or just beside it."""
    digit = source.keys.index(band)
    if not digit:
        return source.edges[0].number() - 1
    edge = source.edges[digit - 1]
    return edge.number() if edge.included == "from" else edge.number() + 0.25


@st.composite
def cases(draw):
    table = draw(tables())
    return table, [draw(st.sampled_from([*source.keys, None])) for source in table.inputs]


@settings(max_examples=150, deadline=None)
@given(cases())
def test_any_table_answers_as_trying_every_completion_does(case):
    table, answers = case
    facts = facts_of(table, answers)
    expected, outcome, number = oracle(table, answers), table.explain(facts), table.number(facts)
    if expected is None:
        assert number == NEEDS
        assert {reason.code for reason in outcome.reasons} == {f"needs_{name}" for name in still_open(table, answers)}
        return
    assert outcome.reasons[0].code == expected == table.codes[number]
    rests_on = [a if s.name in outcome.reasons[0].facts else None for s, a in zip(table.inputs, answers, strict=True)]
    assert oracle(table, rests_on) == expected, "the facts named force the answer"
    for i, answer in enumerate(rests_on):
        if answer is not None:
            assert oracle(table, [*rests_on[:i], None, *rests_on[i + 1 :]]) != expected, "and none can be left out"


def still_open(table, answers):
    """Names of unknown inputs for which two answers differ under some completion of the others."""
    import itertools

    found = set()
    options = [[a] if a is not None else source.keys for a, source in zip(answers, table.inputs, strict=True)]
    for i, source in enumerate(table.inputs):
        others = itertools.product(*(keys if k != i else [None] for k, keys in enumerate(options)))
        for other in others:
            if answers[i] is None and len({oracle(table, [*other[:i], k, *other[i + 1 :]]) for k in source.keys}) > 1:
                found.add(source.name)
    return found


@settings(max_examples=100, deadline=None)
@given(cases())
def test_the_changes_are_exactly_the_single_answers_that_grant(case):
    table, answers = case
    verdicts = {result.code: result.verdict for result in table.results}
    if verdicts.get(oracle(table, answers)) != "refused":
        return
    found = {(change.input, change.answer) for change in table.changes(facts_of(table, answers))}
    expected = {
        (source.name, key)
        for i, source in enumerate(table.inputs)
        for key in source.keys
        if answers[i] is not None and all_granted(table, [*answers[:i], key, *answers[i + 1 :]], verdicts)
    }
    assert found == expected


def all_granted(table, answers, verdicts):
    import itertools

    options = [[a] if a is not None else source.keys for a, source in zip(answers, table.inputs, strict=True)]
    return all(verdicts[oracle(table, list(full))] == "granted" for full in itertools.product(*options))


def test_the_nearest_band_comes_first():
    changes = HOUSE.changes(GOOD | {"area_m2": 500})
    assert [(c.input, c.answer, c.steps) for c in changes] == [("area_m2", "fit", 1)]


def test_days_count_from_day_to_day():
    for resident_on, verdict in ((date(2022, 3, 1), "granted"), (date(2022, 3, 2), "refused")):
        assert HOUSE.explain(GOOD | {"resident_on": resident_on}).verdict == verdict
