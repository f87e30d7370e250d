"""What became of a duty, case by case: each excuse alone, both sides of each edge, and what is not counted."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.supervision.scores import standing
from luoshi.supervision.scores.facts import Correction, DutyFact, Handed, Span, as_json, from_json
from tests.supervision.scores import made
from tests.supervision.scores.made import CALENDAR, DUE, PERIOD, done, duty

D = dt.date


def became(fact: DutyFact) -> tuple[str, int]:
    one = standing.of_duty(fact, PERIOD, CALENDAR)
    return one.result, one.late_days


def excused(fact: DutyFact) -> dict[str, int]:
    return dict(standing.of_duty(fact, PERIOD, CALENDAR).excused)


def test_delivered_on_the_day_is_on_time_and_the_day_after_is_late() -> None:
    assert became(done(DUE)) == ("done_on_time", 0)
    assert became(done(D(2023, 6, 2))) == ("done_late", 1)
    assert became(done(D(2023, 6, 3))) == ("done_late", 1), "Saturday is no working day"


def test_the_reviewer_s_days_are_not_the_unit_s() -> None:
    late_decision = done(DUE)
    assert late_decision.closed_on == D(2023, 6, 8)
    assert became(late_decision) == ("done_on_time", 0)


def test_not_done_is_overdue_at_the_end_of_the_period() -> None:
    # 2 June to 30 June 2023: 21 weekdays, less the festival of 22 and 23 June, and the make-up Sunday 25 June.
    assert became(duty()) == ("overdue_now", 20)
    assert became(duty(due_on=PERIOD.to_on, promised_on=PERIOD.to_on)) == ("waiting", 0), "the last day is not over"
    assert became(done(D(2023, 7, 3))) == ("overdue_now", 20), "done after the period: overdue at its end"


def test_a_stop_was_given_back_in_the_day_itself() -> None:
    # Stopped for 3 working days: the record moved the day from Thursday to Tuesday.
    moves = (("suspend", "2023-05-08", "", ""), ("resume", "2023-05-11", "2023-06-01", "2023-06-06"))
    assert became(done(D(2023, 6, 6), moves=moves, due_on=D(2023, 6, 6))) == ("done_on_time", 0)
    assert became(done(D(2023, 6, 7), moves=moves, due_on=D(2023, 6, 6))) == ("done_late", 1)


def test_what_stands_still_at_the_end_is_not_counted() -> None:
    assert became(duty(state="suspended", moves=(("suspend", "2023-06-05", "", ""),)))[0] == "stopped"


def test_days_a_returned_report_lay_with_the_reviewer_are_excused() -> None:
    returned = (Handed(1, D(2023, 5, 30), "returned", D(2023, 6, 5)),)  # 31 May, 1, 2, 5 June
    assert became(done(D(2023, 6, 7), reports=returned)) == ("done_on_time", 0)
    assert excused(done(D(2023, 6, 7), reports=returned)) == {"review": 4}
    assert became(done(D(2023, 6, 8), reports=returned)) == ("done_late", 1)


def test_the_lead_waits_for_its_support() -> None:
    wait = (Span("support", DUE, D(2023, 6, 8), "卫健委"),)  # five working days late
    assert became(done(D(2023, 6, 8), role="lead", waits=wait)) == ("done_on_time", 0)
    assert became(done(D(2023, 6, 9), role="lead", waits=wait)) == ("done_late", 1)
    assert excused(done(D(2023, 6, 9), role="lead", waits=wait)) == {"support": 5}


def test_who_still_waits_is_not_overdue() -> None:
    assert became(duty(role="lead", waits=(Span("support", DUE, None, "卫健委"),))) == ("waiting", 0)


def test_the_support_waits_for_the_lead_s_signature() -> None:
    wait = (Span("lead", D(2023, 4, 7), D(2023, 4, 12), "市场局"),)  # three working days, long before the day
    assert became(done(D(2023, 6, 6), role="support", waits=wait)) == ("done_on_time", 0)
    assert became(done(D(2023, 6, 7), role="support", waits=wait)) == ("done_late", 1)


def test_who_took_it_over_is_not_late_for_the_days_before() -> None:
    wait = (Span("holder", DUE, D(2023, 6, 9), "原单位"),)
    assert became(done(D(2023, 6, 9), waits=wait)) == ("done_on_time", 0)
    assert became(done(D(2023, 6, 12), waits=wait)) == ("done_late", 1)


def test_days_claimed_twice_count_once() -> None:
    waits = (Span("support", DUE, D(2023, 6, 8), "甲"), Span("support", D(2023, 6, 5), D(2023, 6, 12), "乙"))
    fact = done(D(2023, 6, 13), role="lead", waits=waits)
    assert excused(fact) == {"support": 7} and became(fact) == ("done_late", 1)


def test_days_a_stop_gave_back_are_not_excused_again() -> None:
    moves = (("suspend", "2023-06-01", "", ""), ("resume", "2023-06-08", "2023-06-01", "2023-06-08"))
    wait = (Span("support", DUE, D(2023, 6, 9), "甲"),)
    fact = done(D(2023, 6, 12), role="lead", waits=wait, moves=moves, due_on=D(2023, 6, 8))
    assert excused(fact) == {"support": 1} and became(fact) == ("done_late", 1)


def test_a_wait_after_the_delivery_excuses_nothing() -> None:
    fact = done(D(2023, 6, 5), waits=(Span("support", D(2023, 6, 5), D(2023, 6, 20), "甲"),))
    assert excused(fact) == {} and became(fact) == ("done_late", 2)


@pytest.mark.parametrize(
    "correction,expected",
    [
        (Correction(1, "leave_out"), ("left_out", 3)),
        (Correction(1, "excuse_days", 2), ("done_late", 1)),
        (Correction(1, "excuse_days", 3), ("done_on_time", 0)),
        (Correction(1, "done_on", on=DUE), ("done_on_time", 0)),
        (Correction(1, "pardon_return", report=1), ("done_late", 3)),
    ],
)
def test_a_correction_does_what_it_says(correction: Correction, expected: tuple[str, int]) -> None:
    assert became(done(D(2023, 6, 6), corrections=(correction,))) == expected


def test_a_pardoned_return_is_not_counted_but_its_days_stay_excused() -> None:
    returned = (Handed(1, D(2023, 5, 30), "returned", D(2023, 6, 5)),)
    plain = standing.of_duty(done(D(2023, 6, 7), reports=returned), PERIOD, CALENDAR)
    pardoned = standing.of_duty(
        done(D(2023, 6, 7), reports=returned, corrections=(Correction(1, "pardon_return", report=1),)), PERIOD, CALENDAR
    )
    assert (plain.returned, pardoned.returned) == (1, 0) and plain.late_days == pardoned.late_days == 0


@pytest.mark.parametrize(
    "changed,expected",
    [
        ({"state": "cancelled", "closed_on": D(2023, 5, 1)}, "cancelled"),
        ({"due_on": None, "promised_on": None}, "no_day"),
        ({"due_on": D(2023, 7, 1)}, "not_due"),
        ({"reports": (Handed(1, D(2023, 6, 20), "", None),)}, "under_review"),
        ({"reports": (Handed(1, D(2023, 7, 1), "", None),)}, "overdue_now"),
    ],
)
def test_what_is_not_counted(changed: dict[str, object], expected: str) -> None:
    assert became(duty(**changed))[0] == expected


def test_a_day_before_the_period_counts_while_it_is_open() -> None:
    before = {"due_on": D(2023, 3, 1), "promised_on": D(2023, 3, 1), "opened_on": D(2023, 1, 3)}
    assert became(duty(**before))[0] == "overdue_now"
    assert became(done(D(2023, 4, 3), **before))[0] == "done_late"
    assert became(done(D(2023, 3, 31), **before))[0] == "earlier"


@given(made.duties())
@settings(max_examples=300)
def test_a_fact_comes_back_from_its_frozen_form(fact: DutyFact) -> None:
    assert from_json(as_json(fact)) == fact


def test_every_combination_has_an_answer_and_every_answer_occurs() -> None:
    found = standing._decided()
    assert len(found) == 2 * 4 * 4 * 3 * 2 * 2
    assert set(found.values()) == set(standing.TABLE.codes)


@given(made.duties(), st.integers(1, 30))
@settings(max_examples=500)
def test_delivering_earlier_never_makes_it_later(fact: DutyFact, by: int) -> None:
    """The approved report alone moves, within what is possible: after the last return and after every stop."""
    if not fact.reports or fact.reports[-1].decision != "approved":
        return
    last, floor = fact.reports[-1], max([fact.opened_on, *(r.decided_on for r in fact.reports[:-1] if r.decided_on)])
    stops = [s.until_on or last.on for s in fact.stops]
    on = max([last.on - dt.timedelta(days=by), floor, *stops])
    if on > last.on or fact.due_on is None or fact.due_on < PERIOD.from_on:
        return
    moved = DutyFact(**{**{f: getattr(fact, f) for f in fact.__slots__},
                        "reports": (*fact.reports[:-1], Handed(last.number, on, "approved", last.decided_on))})  # fmt: skip
    order = ("done_on_time", "done_late", "overdue_now")
    was, now = standing.of_duty(fact, PERIOD, CALENDAR), standing.of_duty(moved, PERIOD, CALENDAR)
    if was.result in order:
        assert now.result in order and order.index(now.result) <= order.index(was.result)
        assert now.late_days <= was.late_days or now.result != was.result
