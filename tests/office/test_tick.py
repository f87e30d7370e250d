"""The tick moves exactly what is due, once, whoever runs it; reminders are merged and keep quiet on rest days."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.cli import main
from luoshi.core.calendar import default_calendar
from luoshi.core.clock import standing
from luoshi.core.words import Words
from luoshi.office import door
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.duties import schedule, verbs
from luoshi.office.duties.models import Duty
from luoshi.office.duties.schedule import CHASED, NEAR, ON_TIME, OVERDUE, Scheme
from luoshi.office.duties.tick import tick
from luoshi.office.journal.models import Entry
from luoshi.office.notices import outbox
from luoshi.office.notices.models import OutboxMessage
from tests.office.conftest import SmallCounty

CALENDAR = default_calendar()
DAYS = st.dates(dt.date(2019, 6, 1), dt.date(2026, 6, 1))


def at(day: str, clock: str = "10:00") -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=COUNTY_ZONE)


def opened(small: SmallCounty, due_on: str | None, today: str, unit: str = "market", **more: object) -> Duty:
    day = dt.date.fromisoformat(due_on) if due_on else None
    opening = verbs.Opening(small.county.pk, small.units[unit].pk, Words("报进展", "Report"), "task", 1, day, **more)  # type: ignore[arg-type]
    with door.opened("fixture"):
        return verbs.open_duties([opening], dt.date.fromisoformat(today))[0]


@given(DAYS, st.integers(-40, 40))
@settings(max_examples=150, deadline=None)
def test_levels_agree_with_the_standing_a_page_shows(due_on: dt.date, offset: int) -> None:
    today = due_on + dt.timedelta(days=offset)
    level = schedule.level_on(today, due_on, Scheme(), CALENDAR)
    shown = standing(due_on, today, CALENDAR)
    assert {ON_TIME: "on_time", NEAR: "near", OVERDUE: "overdue", CHASED: "overdue"}[level] == shown


@given(DAYS, st.integers(-60, 60))
@settings(max_examples=150, deadline=None)
def test_the_next_day_is_the_first_on_which_the_level_changes(due_on: dt.date, offset: int) -> None:
    today = due_on + dt.timedelta(days=offset)
    level = schedule.level_on(today, due_on, Scheme(), CALENDAR)
    day = schedule.next_day(level, due_on, Scheme(), CALENDAR)
    if day is None:
        assert level == CHASED
        return
    assert day > today
    assert schedule.level_on(day, due_on, Scheme(), CALENDAR) != level
    assert schedule.level_on(day - dt.timedelta(days=1), due_on, Scheme(), CALENDAR) == level


def test_a_duty_passes_through_near_overdue_and_chased(small: SmallCounty) -> None:
    duty = opened(small, "2023-07-14", "2023-06-01")
    story = []
    for day in ("2023-07-04", "2023-07-05", "2023-07-14", "2023-07-15", "2023-07-20", "2023-07-21", "2023-12-01"):
        tick(at(day))
        duty.refresh_from_db()
        story.append((day, duty.level))
    assert story == [
        ("2023-07-04", ON_TIME), ("2023-07-05", NEAR), ("2023-07-14", NEAR), ("2023-07-15", OVERDUE),
        ("2023-07-20", OVERDUE), ("2023-07-21", CHASED), ("2023-12-01", CHASED),
    ]  # fmt: skip
    assert duty.next_at is None
    lines = Entry.objects.filter(subject_kind="duty", subject_id=str(duty.pk))
    assert [json.loads(e.content)["after"]["level"] for e in lines.order_by("pk")] == [NEAR, OVERDUE, CHASED]


def test_a_tick_that_missed_months_catches_up_at_once(small: SmallCounty) -> None:
    duty = opened(small, "2023-03-31", "2023-01-05")
    done = tick(at("2023-07-03"))
    duty.refresh_from_db()
    assert duty.level == CHASED and (done.warned, done.became_due, done.escalated) == (0, 0, 1)


def test_ticking_twice_changes_nothing_more(small: SmallCounty) -> None:
    opened(small, "2023-07-07", "2023-06-01")
    first, second = tick(at("2023-07-03")), tick(at("2023-07-03"))
    assert first.warned == 1 and second.warned == second.reminders == 0
    assert OutboxMessage.objects.count() == 1


def test_an_idle_tick_is_the_drivers_one_probe_and_nothing_else(small: SmallCounty) -> None:
    for n in range(20):
        opened(small, f"2024-01-{n + 1:02d}", "2023-06-01")
    with CaptureQueriesContext(connection) as queries:
        tick(at("2023-07-03"))
    assert len(queries) == 0


def test_a_closed_or_suspended_duty_is_left_alone(small: SmallCounty) -> None:
    closed, stopped = opened(small, "2023-07-01", "2023-06-01"), opened(small, "2023-07-01", "2023-06-01")
    with door.opened("fixture"):
        verbs.close(closed, dt.date(2023, 6, 2))
        verbs.suspend(stopped, dt.date(2023, 6, 2), Words("等", "waiting"))
    assert tick(at("2023-07-10")).became_due == 0


def test_stopped_working_days_are_given_back(small: SmallCounty) -> None:
    duty = opened(small, "2023-07-14", "2023-07-03")
    with door.opened("fixture"):
        verbs.suspend(duty, dt.date(2023, 7, 5), Words("等材料", "waiting for papers"))
        due = verbs.resume(duty, dt.date(2023, 7, 12))
    assert due == dt.date(2023, 7, 21)  # five working days later


def test_a_monthly_report_recurs_once_whether_made_or_missed(small: SmallCounty) -> None:
    every = {"day_of_month": [28]}
    made = opened(small, "2023-06-28", "2023-06-01", every=every)
    missed = opened(small, "2023-06-28", "2023-06-01", unit="farming", every=every)
    with door.opened("fixture"):
        verbs.close(made, dt.date(2023, 6, 27))
    tick(at("2023-06-29"))
    tick(at("2023-06-30"))
    missed.refresh_from_db()
    days = {u: sorted(str(d.due_on) for d in Duty.objects.filter(unit=small.units[u])) for u in ("market", "farming")}
    assert days == {"market": ["2023-06-28", "2023-07-28"], "farming": ["2023-06-28", "2023-07-28"]}
    assert missed.state == "open" and missed.level == OVERDUE


@pytest.mark.parametrize(
    ("every", "after", "expected"),
    [
        ({"day_of_month": [1, 11, 21]}, "2023-07-01", "2023-07-11"),
        ({"day_of_month": [1, 11, 21]}, "2023-07-21", "2023-08-01"),
        ({"day_of_month": [31]}, "2023-02-01", "2023-02-28"),
        ({"month_end": True}, "2024-02-01", "2024-02-29"),
        ({"quarter_end": True}, "2023-09-30", "2023-12-31"),
        ({"year_end": True}, "2023-12-31", "2024-12-31"),
        ({"month_day": ["06-30", "12-31"]}, "2023-07-03", "2023-12-31"),
        ({"days": 7}, "2023-12-28", "2024-01-04"),
        ({"words": "及时"}, "2023-07-03", None),
    ],
)
def test_recurrences(every: dict[str, object], after: str, expected: str | None) -> None:
    found = schedule.next_occurrence(every, dt.date.fromisoformat(after))
    assert found == (dt.date.fromisoformat(expected) if expected else None)


def test_one_reminder_a_unit_and_none_on_rest_days(small: SmallCounty) -> None:
    for _ in range(3):
        opened(small, "2023-07-11", "2023-06-01")
    opened(small, "2023-07-11", "2023-06-01", unit="farming")
    saturday = at("2023-07-01")
    done = tick(saturday)
    assert done.warned == 4 and done.reminders == 2
    assert outbox.deliver(saturday) == 0
    assert outbox.deliver(at("2023-07-03", "08:59")) == 0
    assert outbox.deliver(at("2023-07-03", "09:00")) == 2
    assert outbox.deliver(at("2023-07-03", "09:01")) == 0
    assert sorted(len(m.payload["duties"]) for m in OutboxMessage.objects.all()) == [1, 3]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (("2023-07-03", "10:00"), ("2023-07-03", "10:00")),
        (("2023-07-03", "07:00"), ("2023-07-03", "09:00")),
        (("2023-07-03", "20:00"), ("2023-07-04", "09:00")),
        (("2023-09-29", "10:00"), ("2023-10-07", "09:00")),  # Mid-autumn to National Day; the 7th is worked
        (("2023-06-25", "10:00"), ("2023-06-25", "10:00")),  # a Sunday that is worked
    ],
)
def test_quiet_hours(now: tuple[str, str], expected: tuple[str, str]) -> None:
    assert outbox.quiet_until(at(*now), CALENDAR) == at(*expected)


def test_a_failing_channel_is_tried_again_later_and_given_up_in_the_end(small: SmallCounty) -> None:
    with door.opened("fixture"):
        OutboxMessage.objects.create(
            county=small.county,
            key="x",
            kind="test",
            channel="webhook",
            target="http://example.invalid/",
            not_before=at("2023-07-03"),
        )
    now = at("2023-07-03")
    for _ in range(outbox.GIVE_UP_AFTER + 3):
        assert outbox.deliver(now) == 0
        now += dt.timedelta(days=1)
    message = OutboxMessage.objects.get()
    assert message.attempts == outbox.GIVE_UP_AFTER and message.last_error and message.sent_at is None


def test_the_command_prints_the_contract(small: SmallCounty, capsys: pytest.CaptureFixture[str]) -> None:
    opened(small, "2023-07-07", "2023-06-01")
    assert main(["tick", "--at", "2023-07-03T10:00", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {"at", "became_due", "warned", "escalated", "reminders", "took_ms"} and said["warned"] == 1
    assert main(["tick", "--at", "yesterday"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
