"""Due days from what happened: starts, stops, extensions, and the sentence that explains them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from luoshi.core.calendar import default_calendar
from luoshi.core.clock import Allowance, Event, StageClock, case_due, due, standing
from luoshi.core.problem import Problem
from luoshi.core.words import Words

CALENDAR = default_calendar()
PAPERS = Words("补正材料", "papers to be completed")
moments = st.datetimes(datetime(2019, 1, 1), datetime(2026, 6, 30))


def start(text: str) -> Event:
    return Event("start", datetime.fromisoformat(text))


def stop(begin: str, finish: str | None = None, reason: Words | None = PAPERS) -> tuple[Event, ...]:
    resumed = (Event("resume", datetime.fromisoformat(finish)),) if finish else ()
    return (Event("suspend", datetime.fromisoformat(begin), reason), *resumed)


def extend(text: str, amount: int, unit="working_days", reason: Words | None = None) -> Event:
    return Event("extend", datetime.fromisoformat(text), reason, Allowance(amount, unit))


def working(days: int, *events: Event):
    return due(events, Allowance(days, "working_days"), CALENDAR)


# --- due days -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "begin,days,on",
    [
        ("2023-04-28T09:00", 5, "2023-05-09"),
        ("2023-09-28T10:00", 9, "2023-10-17"),
        ("2026-02-13T17:59", 5, "2026-02-27"),
        ("2023-07-03T00:00", 1, "2023-07-04"),
        ("2023-07-03T23:59", 1, "2023-07-04"),
        ("2023-07-03T10:00", 0, "2023-07-03"),
    ],
)
def test_working_days_from_a_start(begin, days, on):
    answer = working(days, start(begin))
    assert (answer.on, answer.at, answer.provisional) == (date.fromisoformat(on), None, False)


def test_calendar_days_count_every_day():
    answer = due([start("2023-09-28T10:00")], Allowance(7, "calendar_days"), CALENDAR)
    assert answer.on == date(2023, 10, 5)


@pytest.mark.parametrize("amount,unit,at", [(24, "hours", "2023-09-29T10:00"), (30, "minutes", "2023-09-28T10:30")])
def test_hours_and_minutes_run_through_nights_and_holidays(amount, unit, at):
    answer = due([start("2023-09-28T10:00")], Allowance(amount, unit), CALENDAR)
    assert answer.at == datetime.fromisoformat(at)
    assert answer.on == answer.at.date()


def test_moments_with_a_zone_are_read_as_county_time():
    late_evening_utc = Event("start", datetime(2023, 7, 2, 23, 30, tzinfo=UTC))  # Monday 07:30 in the county
    assert working(1, late_evening_utc).on == date(2023, 7, 4)


def test_moments_come_back_with_a_zone_when_the_start_had_one():
    events = [start("2023-07-03T02:00+00:00"), *stop("2023-07-03T11:00", "2023-07-03T12:00")]
    answer = due(events, Allowance(2, "hours"), CALENDAR)
    assert answer.at == datetime(2023, 7, 3, 5, tzinfo=UTC)
    assert answer.at.hour == 13
    assert answer.stopped[0].suspended_at == datetime(2023, 7, 3, 3, tzinfo=UTC)
    assert due(events[:2], Allowance(2, "hours"), CALENDAR).suspended_since == datetime(2023, 7, 3, 3, tzinfo=UTC)
    assert due([start("2023-07-03T10:00")], Allowance(2, "hours"), CALENDAR).at.tzinfo is None


def test_the_sentence_names_an_extension_by_the_countys_day():
    events = [start("2023-07-03T10:00"), extend("2023-07-04T20:00+00:00", 1)]
    assert "2023年7月5日（周三）延长" in working(5, *events).sentence.zh


def test_an_aware_hour_stage_and_a_plain_whole_can_be_compared():
    stage = StageClock(Words("复核", "retest"), (start("2023-07-04T09:00+08:00"),), Allowance(4, "hours"))
    assert case_due([stage], clock("whole", "2023-07-03T09:00", 1), CALENDAR).binds == "stage"


def test_a_year_without_notice_makes_the_day_provisional():
    inside = working(3, start("2026-12-28T09:00"))
    across = working(4, start("2026-12-28T09:00"))
    assert (inside.on, inside.provisional) == (date(2026, 12, 31), False)
    assert (across.on, across.provisional) == (date(2027, 1, 1), True)
    assert "暂定" in across.sentence.zh
    assert "2027年" in across.sentence.zh
    assert "Provisional" in across.sentence.en
    assert "暂定" not in inside.sentence.zh


def test_calendar_days_and_hours_are_never_provisional():
    for allowance in (Allowance(30, "calendar_days"), Allowance(800, "hours")):
        assert not due([start("2026-12-28T09:00")], allowance, CALENDAR).provisional


# --- stops --------------------------------------------------------------------------------------------------------


def test_a_stop_gives_its_working_days_back():
    answer = working(5, start("2023-07-03T10:00"), *stop("2023-07-05T09:00", "2023-07-07T09:00"))
    assert answer.on == date(2023, 7, 12)
    assert [span.given_back for span in answer.stopped] == [2]


def test_a_stop_within_one_day_gives_nothing_back():
    answer = working(5, start("2023-07-03T10:00"), *stop("2023-07-05T09:00", "2023-07-05T15:00"))
    assert answer.on == date(2023, 7, 10)


def test_a_stop_over_a_weekend_gives_no_working_day_back():
    answer = working(5, start("2023-07-03T10:00"), *stop("2023-07-07T09:00", "2023-07-09T09:00"))
    assert answer.on == date(2023, 7, 10)


def test_a_stop_on_the_due_day_counts_and_the_day_after_does_not():
    on_the_day = working(5, start("2023-07-03T10:00"), *stop("2023-07-10T09:00", "2023-07-12T09:00"))
    the_day_after = working(5, start("2023-07-03T10:00"), *stop("2023-07-11T09:00", "2023-07-12T09:00"))
    assert on_the_day.on == date(2023, 7, 12)
    assert the_day_after.on == date(2023, 7, 10)
    assert the_day_after.stopped[0].given_back == 0


def test_an_overdue_clock_cannot_be_saved_by_a_stop_that_still_lasts():
    answer = working(5, start("2023-07-03T10:00"), *stop("2023-07-11T09:00"))
    assert (answer.on, answer.suspended_since) == (date(2023, 7, 10), None)


def test_a_clock_never_ends_before_it_runs_again():
    stopped_on_last_day = stop("2023-07-07T09:00", "2023-07-08T09:00")  # Friday, due; resumed on Saturday
    answer = working(4, start("2023-07-03T10:00"), *stopped_on_last_day)
    assert answer.on == date(2023, 7, 10)
    assert "顺延至其后首个工作日" in answer.sentence.zh
    assert "moved to the next working day" in answer.sentence.en
    one_day_left = working(5, start("2023-07-03T10:00"), *stopped_on_last_day)
    assert one_day_left.on == date(2023, 7, 10)
    assert "顺延" not in one_day_left.sentence.zh


def test_a_clock_that_stands_has_no_due_day_and_says_what_is_left():
    answer = working(5, start("2023-07-03T10:00"), *stop("2023-07-05T09:00"))
    assert (answer.on, answer.at, answer.remaining) == (None, None, 3)
    assert answer.suspended_since == datetime(2023, 7, 5, 9)
    assert "剩余3个工作日" in answer.sentence.zh
    assert "3 working days left" in answer.sentence.en


def test_hours_stand_still_to_the_minute():
    events = [start("2023-07-03T10:00"), *stop("2023-07-03T11:00", "2023-07-03T13:30")]
    answer = due(events, Allowance(2, "hours"), CALENDAR)
    assert answer.at == datetime(2023, 7, 3, 14, 30)
    assert answer.stopped[0].given_back == 9000
    standing_still = due(events[:2], Allowance(2, "hours"), CALENDAR)
    assert standing_still.remaining == 3600
    assert "剩余1小时" in standing_still.sentence.zh


def test_an_hour_clock_stopped_after_its_end_stays_as_it_was():
    events = [start("2023-07-03T10:00"), *stop("2023-07-03T12:01", "2023-07-03T13:00")]
    assert due(events, Allowance(2, "hours"), CALENDAR).at == datetime(2023, 7, 3, 12)


def test_an_extension_adds_to_the_allowance_and_is_told():
    reason = Words("负责人批准", "approved by the head")
    answer = working(20, start("2023-07-03T10:00"), extend("2023-07-20T10:00", 10, reason=reason))
    assert answer.on == CALENDAR.add_working_days(date(2023, 7, 3), 30)
    assert "延长10个工作日（负责人批准）" in answer.sentence.zh
    assert "Extended by 10 working days" in answer.sentence.en


def test_minutes_may_extend_hours():
    events = [start("2023-07-03T10:00"), extend("2023-07-03T10:30", 15, "minutes")]
    assert due(events, Allowance(1, "hours"), CALENDAR).at == datetime(2023, 7, 3, 11, 15)


def test_events_may_come_in_any_order():
    events = [start("2023-07-03T10:00"), *stop("2023-07-05T09:00", "2023-07-07T09:00"), extend("2023-07-08T09:00", 1)]
    assert working(5, *events) == working(5, *reversed(events))


@pytest.mark.parametrize(
    "events",
    [
        [],
        [*stop("2023-07-05T09:00")],
        [start("2023-07-03T10:00"), start("2023-07-04T10:00")],
        [start("2023-07-03T10:00"), Event("resume", datetime(2023, 7, 5))],
        [start("2023-07-03T10:00"), *stop("2023-07-05T09:00"), *stop("2023-07-06T09:00")],
        [start("2023-07-03T10:00"), *stop("2023-07-02T09:00", "2023-07-04T09:00")],
        [start("2023-07-03T10:00"), Event("extend", datetime(2023, 7, 5))],
        [start("2023-07-03T10:00"), extend("2023-07-05T09:00", 2, "hours")],
        [start("0001-01-01T00:00")],
        [start("9999-12-31T00:00")],
    ],
    ids=[
        *("nothing", "no start", "two starts", "resume without stop", "stop within a stop", "stop before the start"),
        *("extension without length", "extension in another unit", "the year 1", "the year 9999"),
    ],
)
def test_events_that_tell_no_story_are_a_problem(events):
    with pytest.raises(Problem):
        working(5, *events)


@pytest.mark.parametrize("unit", ["working_days", "calendar_days", "hours", "minutes"])
def test_an_allowance_beyond_all_calendars_is_a_problem(unit):
    with pytest.raises(Problem):
        due([start("2023-07-03T10:00")], Allowance(10**13, unit), CALENDAR)


def test_a_negative_allowance_is_a_problem():
    with pytest.raises(Problem):
        Allowance(-1, "working_days")


@settings(max_examples=120, deadline=None)
@given(moments, st.integers(1, 60), st.integers(0, 59), st.integers(0, 30))
def test_n_stopped_working_days_move_the_due_day_by_n(begin, days, used, stopped):
    """Stop after some working days, for a number of working days: the due day moves by exactly that number."""
    assume(used < days)
    begin_stop = CALENDAR.add_working_days(begin.date(), used) if used else begin.date()
    finish = CALENDAR.add_working_days(begin_stop, stopped)
    events = [
        Event("start", begin),
        Event("suspend", max(begin, datetime.combine(begin_stop, begin.time()))),
        Event("resume", max(begin, datetime.combine(finish, begin.time()))),
    ]
    without = working(days, events[0])
    assert working(days, *events).on == CALENDAR.add_working_days(without.on, stopped)


@settings(max_examples=120, deadline=None)
@given(moments, st.integers(1, 40), st.lists(st.integers(1, 12), min_size=2, max_size=8))
def test_many_stops_give_back_their_sum_and_never_end_while_stopped(begin, days, gaps):
    moment, events = begin, [Event("start", begin)]
    for index, gap in enumerate(gaps[: len(gaps) // 2 * 2]):
        moment += timedelta(days=gap)
        events.append(Event("suspend" if index % 2 == 0 else "resume", moment))
    answer = working(days, *events)
    back = sum(span.given_back for span in answer.stopped)
    earliest = CALENDAR.add_working_days(begin.date(), days + back)
    assert answer.on == earliest or (answer.on == CALENDAR.next_working(answer.on) and answer.on > earliest)
    assert not any(s.given_back and s.suspended_at.date() < answer.on < s.resumed_at.date() for s in answer.stopped)


@settings(max_examples=100, deadline=None)
@given(moments, st.integers(1, 200), st.integers(0, 3000), st.integers(0, 5000))
def test_hours_give_back_exactly_the_time_they_stood(begin, hours, before, length):
    assume(before <= hours * 60)
    suspended_at = begin + timedelta(minutes=before)
    events = [
        Event("start", begin),
        Event("suspend", suspended_at),
        Event("resume", suspended_at + timedelta(minutes=length)),
    ]
    assert due(events, Allowance(hours, "hours"), CALENDAR).at == begin + timedelta(hours=hours, minutes=length)


@settings(max_examples=100, deadline=None)
@given(moments, st.integers(0, 60), st.integers(0, 60))
def test_a_longer_allowance_is_never_due_earlier(begin, days, more):
    first = working(days, Event("start", begin))
    assert working(days + more, Event("start", begin)).on >= first.on


def counted_day_by_day(begin: date, days: int, stops: list[tuple[date, date]]) -> date:
    """The same answer the slow way: walk the days and count those on which the clock runs."""
    day = begin
    while days:
        day += timedelta(1)
        if CALENDAR.is_working(day) and not any(first < day <= last for first, last in stops):
            days -= 1
    return day


@settings(max_examples=120, deadline=None)
@given(moments, st.integers(1, 40), st.lists(st.integers(0, 12), max_size=8))
def test_counting_day_by_day_gives_the_same_day(begin, days, gaps):
    moment, stops = begin, []
    for before, length in zip(gaps[::2], gaps[1::2], strict=False):
        stops.append((moment + timedelta(before), moment + timedelta(before + length)))
        moment += timedelta(before + length)
    events = [Event("start", begin)]
    for first, last in stops:
        events += [Event("suspend", first), Event("resume", last)]
    expected = counted_day_by_day(begin.date(), days, [(first.date(), last.date()) for first, last in stops])
    assume(all(first.date() != expected for first, _ in stops))  # stopped on its last day: a rule of its own, above
    assert working(days, *events).on == expected


any_events = st.builds(
    Event,
    st.sampled_from(["start", "suspend", "resume", "extend"]),
    st.datetimes(datetime(2023, 1, 1), datetime(2023, 3, 1)),
    st.none() | st.just(PAPERS),
    st.none() | st.builds(Allowance, st.integers(0, 9), st.sampled_from(["working_days", "hours", "minutes"])),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(any_events, max_size=5), st.sampled_from(["working_days", "calendar_days", "hours", "minutes"]))
def test_whatever_is_told_there_is_an_answer_or_a_problem(events, unit):
    try:
        answer = due(
            [Event("start", datetime(2023, 1, 1)), *(e for e in events if e.kind != "start")],
            Allowance(3, unit),
            CALENDAR,
        )
    except Problem:
        return
    assert (answer.on is None) == (answer.suspended_since is not None)
    assert answer.sentence.zh.endswith("。")
    assert answer.sentence.en.endswith(".")


# --- the sentence -------------------------------------------------------------------------------------------------


def test_the_sentence_tells_start_allowance_what_was_not_counted_and_the_day():
    answer = due([start("2023-09-28T10:00")], Allowance(9, "working_days", "PARK-4.2"), CALENDAR)
    assert answer.sentence.zh == (
        "自2023年9月28日（周四）起算，当日不计，期限9个工作日（依据PARK-4.2）。"
        "不计：9月29日中秋节、9月30日至10月6日国庆节、10月14日至10月15日周末。"
        "调休上班照常计入：10月7日至10月8日国庆节。到期日：2023年10月17日（周二）。"
    )
    assert answer.sentence.en == (
        "Counted from Thursday 28 September 2023, that day not included: 9 working days (PARK-4.2). "
        "Not counted: 29 September (Mid-Autumn Festival), 30 September to 6 October (National Day), "
        "14 October to 15 October (weekend). Make-up working days, counted: 7 October to 8 October (National Day). "
        "Due on Tuesday 17 October 2023."
    )


def test_the_sentence_tells_each_stop_and_why():
    sentence = working(5, start("2023-07-03T10:00"), *stop("2023-07-05T09:00", "2023-07-07T09:00")).sentence
    assert "2023年7月5日（周三）至2023年7月7日（周五）暂停（补正材料），2个工作日不计入。" in sentence.zh
    assert "(papers to be completed): 2 working days not counted" in sentence.en


def test_a_weekend_inside_a_stop_is_told_once():
    sentence = working(5, start("2023-07-03T10:00"), *stop("2023-07-06T09:00", "2023-07-10T09:00")).sentence
    assert "周末" not in sentence.zh


def test_a_stop_without_effect_says_so():
    sentence = working(5, start("2023-07-03T10:00"), *stop("2023-07-11T09:00", "2023-07-12T09:00")).sentence
    assert "不改变到期日" in sentence.zh


def test_another_year_is_named_in_the_list():
    assert "2023年12月30日至2024年1月1日" not in working(1, start("2023-12-29T09:00")).sentence.zh
    assert "12月30日至2024年1月1日元旦" in working(1, start("2023-12-29T09:00")).sentence.zh


def test_many_weekends_are_told_as_a_number_and_festivals_by_name():
    sentence = working(60, start("2023-03-01T09:00")).sentence
    assert "周末20天" in sentence.zh
    assert "清明节" in sentence.zh
    assert "20 days of weekends" in sentence.en


# --- a case and its stages ----------------------------------------------------------------------------------------


def clock(name: str, begin: str, days: int, *more: Event, done_on: date | None = None) -> StageClock:
    return StageClock(Words(name, name), (start(begin), *more), Allowance(days, "working_days"), done_on)


def test_the_open_stage_binds_when_it_is_due_first():
    answer = case_due([clock("review", "2023-07-03T09:00", 5)], clock("whole", "2023-07-03T09:00", 20), CALENDAR)
    assert (answer.binds, answer.stage, answer.on) == ("stage", 0, date(2023, 7, 10))


def test_the_whole_binds_when_stages_ran_late():
    stages = [clock("review", "2023-07-03T09:00", 5, done_on=date(2023, 7, 27)), clock("decide", "2023-07-27T09:00", 5)]
    answer = case_due(stages, clock("whole", "2023-07-03T09:00", 20), CALENDAR)
    assert (answer.binds, answer.stage, answer.on) == ("whole", 1, date(2023, 7, 31))


def test_due_on_the_same_day_the_stage_binds():
    answer = case_due([clock("review", "2023-07-03T09:00", 5)], clock("whole", "2023-07-03T09:00", 5), CALENDAR)
    assert (answer.binds, answer.on) == ("stage", date(2023, 7, 10))


def test_of_parallel_stages_the_earliest_binds_and_a_finished_one_never():
    stages = [
        clock("fire", "2023-07-03T09:00", 2, done_on=date(2023, 7, 4)),
        clock("archive", "2023-07-03T09:00", 9),
        clock("planning", "2023-07-03T09:00", 4),
    ]
    answer = case_due(stages, clock("whole", "2023-07-03T09:00", 20), CALENDAR)
    assert (answer.binds, answer.stage, answer.on) == ("stage", 2, date(2023, 7, 7))


def test_a_stage_that_stands_leaves_the_whole_to_bind():
    stages = [clock("review", "2023-07-03T09:00", 5, *stop("2023-07-04T09:00"))]
    answer = case_due(stages, clock("whole", "2023-07-03T09:00", 20), CALENDAR)
    assert (answer.binds, answer.stage, answer.on) == ("whole", None, date(2023, 7, 31))


def test_when_all_stand_nothing_binds():
    stopped = stop("2023-07-04T09:00")
    answer = case_due(
        [clock("review", "2023-07-03T09:00", 5, *stopped)], clock("whole", "2023-07-03T09:00", 20, *stopped), CALENDAR
    )
    assert (answer.binds, answer.stage, answer.on) == (None, None, None)


def test_an_hour_stage_on_the_due_day_of_the_whole_binds():
    stage = StageClock(Words("复核", "retest"), (start("2023-07-04T09:00"),), Allowance(4, "hours"))
    answer = case_due([stage], clock("whole", "2023-07-03T09:00", 1), CALENDAR)
    assert (answer.binds, answer.on) == ("stage", date(2023, 7, 4))


# --- colours ------------------------------------------------------------------------------------------------------

DUE = date(2023, 7, 14)


@pytest.mark.parametrize(
    "today,expected",
    [
        ("2023-07-04", "on_time"),  # 8 working days left
        ("2023-07-05", "near"),  # 7 left
        ("2023-07-14", "near"),  # the due day itself
        ("2023-07-15", "overdue"),  # the day after, though a Saturday
    ],
)
def test_standing_before_on_and_after_the_due_day(today, expected):
    assert standing(DUE, date.fromisoformat(today), CALENDAR) == expected


@pytest.mark.parametrize("done_on,expected", [("2023-07-14", "done"), ("2023-07-15", "done_late")])
def test_done_is_judged_by_the_day_it_was_done(done_on, expected):
    assert standing(DUE, date(2023, 8, 1), CALENDAR, done_on=date.fromisoformat(done_on)) == expected


def test_suspended_is_neither_near_nor_overdue():
    assert standing(DUE, date(2023, 8, 1), CALENDAR, suspended=True) == "suspended"


def test_without_a_due_day_nothing_is_late():
    assert standing(None, date(2023, 8, 1), CALENDAR) == "on_time"
    assert standing(None, date(2023, 8, 1), CALENDAR, done_on=date(2023, 8, 1)) == "done"


def test_the_near_window_is_a_setting():
    assert standing(DUE, date(2023, 7, 11), CALENDAR, near_working_days=2) == "on_time"
    assert standing(DUE, date(2023, 7, 12), CALENDAR, near_working_days=2) == "near"
