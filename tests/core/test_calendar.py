"""Working days: the notices, the make-up days, the county's own table, and the years nobody knows yet."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.core.calendar import Calendar, DayKind, default_calendar
from luoshi.core.problem import Problem

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "core" / "working_days.yaml").read_text(encoding="utf-8"))
UNKNOWN_MONDAY = date(2040, 3, 5)
days = st.dates(date(2003, 6, 1), date(2030, 12, 31))


@pytest.fixture
def calendar() -> Calendar:
    return default_calendar()


@pytest.mark.parametrize("case", CASES["due"], ids=lambda case: case["case"])
def test_due_days_of_known_years(calendar, case):
    assert calendar.add_working_days(case["start"], case["add"]) == case["due"]


@pytest.mark.parametrize("year,count", CASES["working_days_in_year"].items())
def test_working_days_of_a_year(calendar, year, count):
    assert calendar.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == count


@pytest.mark.parametrize("year,expected", CASES["makeup_working_days"].items())
def test_makeup_days_of_a_year(calendar, year, expected):
    assert [day.on for day in calendar.made_up(date(year - 1, 12, 31), date(year, 12, 31))] == expected
    assert all(calendar.kind(day) is DayKind.makeup_working for day in expected)


@pytest.mark.parametrize("year", range(2019, 2027))
def test_the_packaged_notices_are_official(calendar, year):
    assert not calendar.is_provisional(date(year, 1, 1))
    assert not calendar.is_provisional(date(year, 12, 31))


def test_the_kinds_of_days_and_their_names(calendar):
    assert calendar.kind(date(2023, 7, 3)) is DayKind.working
    assert calendar.kind(date(2023, 7, 2)) is DayKind.weekend
    assert calendar.kind(date(2023, 1, 24)) is DayKind.holiday
    assert calendar.name(date(2023, 1, 24)) == ("春节", "Spring Festival")
    assert calendar.name(date(2023, 1, 28)) == ("春节", "Spring Festival")
    assert calendar.name(date(2023, 7, 2)) is None
    assert calendar.name(date(2023, 7, 3)) is None


def test_a_weekend_day_inside_a_festival_is_named_after_it(calendar):
    assert calendar.kind(date(2023, 4, 29)) is DayKind.holiday
    assert calendar.name(date(2023, 4, 29)) == ("劳动节", "Labour Day")


def test_skipped_says_why_for_each_day(calendar):
    skipped = calendar.skipped(date(2023, 9, 28), date(2023, 10, 17))
    assert [(day.on.isoformat(), day.words.zh) for day in skipped] == [
        ("2023-09-29", "中秋节"),
        *[(f"2023-{part}", "国庆节") for part in ("09-30", "10-01", "10-02", "10-03", "10-04", "10-05", "10-06")],
        ("2023-10-14", "周末"),
        ("2023-10-15", "周末"),
    ]


def test_a_year_without_notice_is_monday_to_friday_and_says_so(calendar):
    assert calendar.kind(UNKNOWN_MONDAY) is DayKind.provisional_working
    assert calendar.kind(UNKNOWN_MONDAY - timedelta(1)) is DayKind.provisional_rest
    assert calendar.name(UNKNOWN_MONDAY - timedelta(1)) is None
    assert calendar.add_working_days(UNKNOWN_MONDAY, 5) == UNKNOWN_MONDAY + timedelta(7)
    assert calendar.is_provisional_between(UNKNOWN_MONDAY, UNKNOWN_MONDAY + timedelta(1))


def test_years_before_the_first_notice_are_provisional_too(calendar):
    assert calendar.is_provisional(date(2003, 12, 31))
    assert calendar.kind(date(2003, 12, 31)) is DayKind.provisional_working


def test_a_stretch_within_known_years_is_not_provisional(calendar):
    assert not calendar.is_provisional_between(date(2025, 12, 1), date(2026, 12, 31))
    assert calendar.is_provisional_between(date(2026, 12, 1), date(2040, 1, 4))


def test_the_county_may_rest_or_work_on_single_days():
    rest, work, weekend_work = date(2023, 7, 5), date(2023, 10, 5), date(2023, 7, 8)
    calendar = Calendar({rest: False, work: True, weekend_work: True})
    assert calendar.kind(rest) is DayKind.holiday
    assert calendar.kind(work) is DayKind.makeup_working
    assert calendar.kind(weekend_work) is DayKind.makeup_working
    assert {calendar.name(day).zh for day in (rest, work, weekend_work)} == {"本县安排"}
    assert calendar.add_working_days(date(2023, 7, 4), 1) == date(2023, 7, 6)
    assert calendar.add_working_days(date(2023, 7, 7), 1) == weekend_work
    assert default_calendar().is_working(rest)


def test_an_override_that_says_what_the_notice_says_keeps_the_festivals_name():
    calendar = Calendar({date(2023, 1, 24): False, date(2023, 1, 28): True})
    assert calendar.name(date(2023, 1, 24)).zh == calendar.name(date(2023, 1, 28)).zh == "春节"


def test_a_county_that_rests_on_a_makeup_day_names_itself():
    calendar = Calendar({date(2023, 1, 28): False})
    assert calendar.kind(date(2023, 1, 28)) is DayKind.holiday
    assert calendar.name(date(2023, 1, 28)).zh == "本县安排"


def test_an_override_in_an_unknown_year_makes_that_day_certain_and_no_other():
    calendar = Calendar({UNKNOWN_MONDAY: False})
    assert not calendar.is_provisional(UNKNOWN_MONDAY)
    assert calendar.kind(UNKNOWN_MONDAY) is DayKind.holiday
    assert calendar.is_provisional(UNKNOWN_MONDAY + timedelta(1))
    assert not calendar.is_provisional_between(UNKNOWN_MONDAY - timedelta(1), UNKNOWN_MONDAY)


def test_an_announced_year_is_no_longer_provisional():
    calendar = Calendar({UNKNOWN_MONDAY: False}, announced=[UNKNOWN_MONDAY.year])
    assert calendar.kind(UNKNOWN_MONDAY) is DayKind.holiday
    assert calendar.kind(UNKNOWN_MONDAY + timedelta(1)) is DayKind.working
    assert calendar.kind(UNKNOWN_MONDAY - timedelta(1)) is DayKind.weekend


@pytest.mark.parametrize(
    "start,n",
    [(date(9999, 12, 1), 60), (date(1, 1, 10), -60), (date(2023, 7, 3), 100_001), (date(2023, 7, 3), -100_001)],
)
def test_beyond_the_calendars_ends_is_a_problem(calendar, start, n):
    with pytest.raises(Problem):
        calendar.add_working_days(start, n)


@settings(max_examples=150, deadline=None)
@given(days, st.integers(1, 400))
def test_adding_and_counting_are_each_others_inverse(day, n):
    calendar = default_calendar()
    due = calendar.add_working_days(day, n)
    assert calendar.is_working(due)
    assert calendar.working_days_between(day, due) == n
    assert calendar.working_days_between(day, due - timedelta(1)) == n - 1
    assert calendar.working_days_between(due, day) == -n


@settings(max_examples=150, deadline=None)
@given(days, st.integers(0, 200), st.integers(0, 200))
def test_adding_in_two_steps_is_adding_at_once(day, m, n):
    calendar = default_calendar()
    there = calendar.add_working_days(day, m + n)
    assert calendar.add_working_days(calendar.add_working_days(day, m), n) == there


@settings(max_examples=100, deadline=None)
@given(days, st.integers(1, 60))
def test_back_and_forth_lands_on_the_same_working_day(day, n):
    calendar = default_calendar()
    working = calendar.next_working(day)
    assert calendar.add_working_days(calendar.add_working_days(working, n), -n) == working


@settings(max_examples=100, deadline=None)
@given(days, st.integers(0, 40))
def test_each_day_is_either_skipped_or_counted(day, length):
    calendar = default_calendar()
    until = day + timedelta(length)
    assert len(calendar.skipped(day, until)) + calendar.working_days_between(day, until) == length


@settings(max_examples=100, deadline=None)
@given(days)
def test_next_working_is_the_first_from_the_day_on(day):
    calendar = default_calendar()
    found = calendar.next_working(day)
    assert calendar.is_working(found)
    assert found >= day
    assert not any(calendar.is_working(day + timedelta(i)) for i in range((found - day).days))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.dates(date(2023, 1, 1), date(2023, 3, 31)), st.booleans(), max_size=20))
def test_the_countys_table_always_wins(overrides):
    calendar = Calendar(overrides)
    assert all(calendar.is_working(day) is works for day, works in overrides.items())
