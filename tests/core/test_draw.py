"""Draws: the same list and seed give the same picks, and no altered record passes."""

import dataclasses
import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.core.draw import Exclusion, Member, Record, frame_hash, order, run, verify
from luoshi.core.problem import Problem

FRAME = [Member(f"E{i:03}", "north" if i % 3 else "south") for i in range(30)]
frames = st.lists(
    st.builds(Member, st.text("abcdef0123", min_size=1, max_size=6), st.sampled_from(["A", "B", None])),
    min_size=1,
    max_size=25,
    unique_by=lambda member: member.id,
)
seeds = st.text("seed 0123期开奖", min_size=1, max_size=12).filter(str.strip)


def test_a_known_draw_stays_the_same_for_ever():
    """Worked out apart from this program, from the description of method version 1, with Python's hmac alone."""
    record = run([Member("a"), Member("b"), Member("c"), Member("d")], 2, "2023-07-03 05 11 17")
    assert record.frame_hash == "sha256:e52411126878be6a15f3a6e7ab7ca0903831f5603946023f13e8b2fc23b544fe"
    assert record.picks == ("a", "d")


def test_the_order_of_the_list_does_not_matter():
    assert run(FRAME, 5, "seed") == run(FRAME[::-1], 5, "seed")


def test_another_seed_or_another_list_is_another_draw():
    picks = run(FRAME, 10, "seed").picks
    assert run(FRAME, 10, "seed ").picks != picks
    assert run([*FRAME, Member("E999")], 10, "seed").picks != picks
    assert frame_hash([*FRAME[1:], Member("E000", "north")]) != frame_hash(FRAME)


def test_strata_get_what_they_were_promised():
    record = run(FRAME, 7, "seed", {"north": 4, "south": 3})
    strata = {member.id: member.stratum for member in FRAME}
    assert Counter(strata[pick] for pick in record.picks) == {"north": 4, "south": 3}
    assert verify(record, FRAME)


def test_who_steps_out_is_replaced_by_the_next_in_order():
    ranked = [member.id for member in order(FRAME, "seed")]
    record = run(FRAME, 3, "seed", excluded=[Exclusion(ranked[1], "亲属")])
    assert record.picks == (ranked[0], ranked[2], ranked[3])
    assert record.excluded == (Exclusion(ranked[1], "亲属", ranked[3]),)
    assert verify(record, FRAME)


def test_two_who_step_out_get_one_replacement_each():
    ranked = [member.id for member in order(FRAME, "seed")]
    record = run(FRAME, 3, "seed", excluded=[Exclusion(ranked[0], "亲属"), Exclusion(ranked[1], "任职")])
    assert record.picks == (ranked[2], ranked[3], ranked[4])
    assert {e.id: e.replaced_by for e in record.excluded} == {ranked[0]: ranked[3], ranked[1]: ranked[4]}


def test_a_replacement_that_steps_out_too_passes_its_place_on():
    ranked = [member.id for member in order(FRAME, "seed")]
    record = run(FRAME, 3, "seed", excluded=[Exclusion(ranked[0], "亲属"), Exclusion(ranked[3], "任职")])
    assert record.picks == (ranked[1], ranked[2], ranked[4])
    assert {e.id: e.replaced_by for e in record.excluded} == {ranked[0]: ranked[4], ranked[3]: ranked[4]}


def test_an_exclusion_never_reached_is_recorded_without_replacement():
    ranked = [member.id for member in order(FRAME, "seed")]
    record = run(FRAME, 3, "seed", excluded=[Exclusion(ranked[-1], "亲属")])
    assert record.picks == tuple(ranked[:3])
    assert record.excluded == (Exclusion(ranked[-1], "亲属", None),)


def test_within_a_stratum_the_replacement_is_of_that_stratum():
    south = [member.id for member in order(FRAME, "seed") if member.stratum == "south"]
    record = run(FRAME, 4, "seed", {"north": 2, "south": 2}, [Exclusion(south[0], "亲属")])
    assert record.excluded[0].replaced_by == south[2]
    assert set(south[1:3]) < set(record.picks)


@pytest.mark.parametrize(
    "arguments",
    [
        dict(frame=[], count=1),
        dict(frame=[Member("a"), Member("a")], count=1),
        dict(frame=[Member("")], count=1),
        dict(frame=[Member(" a")], count=1),
        dict(frame=[Member("\ud800")], count=1),
        dict(count=0),
        dict(count=31),
        dict(seed=""),
        dict(seed="  "),
        dict(seed="\ud800"),
        dict(count=3, per_stratum={"north": 1, "south": 1}),
        dict(count=3, per_stratum={"west": 3}),
        dict(count=3, per_stratum={"north": 4, "south": -1}),
        dict(count=11, per_stratum={"south": 11}),
        dict(excluded=[Exclusion("nobody", "亲属")]),
        dict(excluded=[Exclusion("E001", " ")]),
        dict(excluded=[Exclusion("E001", "亲属"), Exclusion("E001", "任职")]),
        dict(count=30, excluded=[Exclusion("E001", "亲属")]),
    ],
    ids=[
        *("empty list", "id twice", "empty id", "blank in id", "broken id", "none wanted", "too many wanted"),
        *("empty seed", "blank seed", "broken seed", "strata do not add up", "unknown stratum", "negative stratum"),
        *("stratum too small", "unknown exclusion", "exclusion without reason", "excluded twice", "none left"),
    ],
)
def test_what_cannot_be_drawn_is_a_problem(arguments):
    with pytest.raises(Problem):
        run(**{"frame": FRAME, "count": 3, "seed": "seed", **arguments})


RECORD = run(FRAME, 4, "seed", excluded=[Exclusion(order(FRAME, "seed")[0].id, "亲属")])


@pytest.mark.parametrize(
    "code,changes",
    [
        ("picks_differ", {"picks": RECORD.picks[::-1]}),
        ("picks_differ", {"picks": RECORD.picks[:-1]}),
        ("picks_differ", {"seed": "another"}),
        ("picks_differ", {"count": 3}),
        ("picks_differ", {"excluded": ()}),
        ("exclusions_differ", {"excluded": (Exclusion(RECORD.excluded[0].id, "亲属", "E029x"),)}),
        ("frame_changed", {"frame_hash": "sha256:" + "0" * 64}),
        ("frame_changed", {"frame": tuple(FRAME[1:])}),
        ("method_unknown", {"version": 2}),
        ("method_unknown", {"method": "dice"}),
        ("cannot_replay", {"seed": ""}),
        ("cannot_replay", {"count": 40}),
        ("cannot_replay", {"frame": (Member("a"), Member("a"))}),
    ],
)
def test_an_altered_record_is_refused(code, changes):
    answer = verify(dataclasses.replace(RECORD, **changes), FRAME)
    assert not answer
    assert answer.reasons[0].code == code
    assert answer.reasons[0].remedy


def test_a_record_on_another_list_is_refused():
    assert verify(RECORD, FRAME[1:]).reasons[0].code == "frame_changed"


@pytest.mark.parametrize(
    "value", [None, [], 7, {}, {**RECORD.as_json(), "picks": [1]}, {**RECORD.as_json(), "count": "3"}]
)
def test_what_is_no_record_is_a_problem(value):
    with pytest.raises(Problem):
        Record.from_json(value)


@settings(max_examples=80, deadline=None)
@given(frames, seeds, st.data())
def test_every_draw_can_be_replayed_from_its_json(frame, seed, data):
    count = data.draw(st.integers(1, len(frame)))
    out = data.draw(st.lists(st.sampled_from(frame), unique=True, max_size=len(frame) - count))
    record = run(frame, count, seed, excluded=[Exclusion(member.id, "任职") for member in out])
    assert verify(Record.from_json(json.loads(json.dumps(record.as_json()))), frame)
    assert len(set(record.picks)) == count
    assert set(record.picks) <= {member.id for member in frame} - {member.id for member in out}


@settings(max_examples=60, deadline=None)
@given(frames, seeds, st.data())
def test_drawing_more_keeps_those_already_drawn(frame, seed, data):
    count = data.draw(st.integers(1, len(frame)))
    assert run(frame, len(frame), seed).picks[:count] == run(frame, count, seed).picks


def test_every_member_has_about_the_same_chance():
    """2,000 seeds, 3 of 30: each is expected 200 times; 6 standard deviations are about 80."""
    counts = Counter(pick for i in range(2000) for pick in run(FRAME, 3, f"seed {i}").picks)
    assert len(counts) == 30
    assert all(120 < count < 280 for count in counts.values())
