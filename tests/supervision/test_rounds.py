"""Recurring work whose rounds pile up: what is pressed, cancelled, handed over or stopped takes all of them along."""

import datetime as dt

from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.duties.models import Duty
from luoshi.office.duties.tick import tick
from luoshi.supervision import actions
from luoshi.supervision.models import Assignment
from luoshi.supervision.queries import as_of
from tests.supervision.small_county import Small

MONTHLY = {"day_of_month": [28]}
AUGUST = dt.datetime(2023, 8, 2, 9, 0, tzinfo=COUNTY_ZONE)
SEPTEMBER = dt.datetime(2023, 9, 5, 9, 0, tzinfo=COUNTY_ZONE)


def recurring(small: Small) -> Assignment:
    """A monthly share of which July has been missed, so that August is open too."""
    share = small.share(small.task(due_on=None, every=MONTHLY), "market")
    tick(AUGUST)
    assert days(share) == [("open", "2023-07-28"), ("open", "2023-08-28")]
    return small.share(share.task, "market")


def days(share: Assignment) -> list[tuple[str, str]]:
    rows = Duty.objects.filter(subject_kind="assignment", subject_id=str(share.pk)).order_by("due_on")
    return [(d.state, str(d.due_on)) for d in rows]


def test_a_round_chased_before_the_tick_saw_it_late_still_opens_the_next(small: Small) -> None:
    share = small.share(small.task(due_on=None, every=MONTHLY), "market")
    assert len(days(share)) == 1
    chasing = dt.datetime(2023, 8, 8, 9, 0, tzinfo=COUNTY_ZONE)
    before = dt.datetime(2023, 7, 31, 9, 0, tzinfo=COUNTY_ZONE)
    assert actions.escalate(
        small.call("office.supervisor", now=before), assignment_id=share.pk, step="remind", reason="请按时报"
    ).outcome
    chased = actions.escalate(
        small.call("office.supervisor", now=chasing), assignment_id=share.pk, step="chase", reason="七月未报"
    )
    assert chased.outcome
    tick(chasing)
    assert days(share) == [("open", "2023-07-28"), ("open", "2023-08-28")]
    tick(SEPTEMBER)
    assert [day for _, day in days(share)] == ["2023-07-28", "2023-08-28", "2023-09-28"]


def test_a_chased_round_that_is_done_leads_to_the_next_and_opens_none_twice(small: Small) -> None:
    share = recurring(small)
    assert actions.escalate(
        small.call("office.supervisor", now=AUGUST), assignment_id=share.pk, step="chase", reason="七月未报"
    ).outcome
    tick(AUGUST)
    assert len(days(share)) == 2


def test_cancelling_takes_every_round_back(small: Small) -> None:
    share = recurring(small)
    office = small.call("lead-office.leading_office", now=AUGUST)
    assert actions.cancel(office, assignment_id=share.pk, reason="职能已划转").outcome
    assert {state for state, _ in days(share)} == {"cancelled"}
    tick(SEPTEMBER)
    assert len(days(share)) == 2


def test_handing_over_moves_every_round_and_a_past_day_still_shows_the_old_unit(small: Small) -> None:
    share = recurring(small)
    office = small.call("lead-office.leading_office", now=AUGUST + dt.timedelta(days=1))
    health = small.units["health"]
    assert actions.hand_over(office, assignment_id=share.pk, unit_id=health.pk, reason="职能已划转").outcome
    rows = Duty.objects.filter(subject_kind="assignment", subject_id=str(share.pk))
    assert {d.unit_id for d in rows} == {health.pk}
    tick(SEPTEMBER)
    later = rows.order_by("-due_on").first()
    assert later is not None and (str(later.due_on), later.unit_id) == ("2023-09-28", health.pk)
    august = rows.get(due_on=dt.date(2023, 8, 28))
    as_of.duty(august, small.share(share.task, "health"), AUGUST.date())
    assert august.unit_id == small.units["market"].pk


def test_suspending_stops_every_round_and_resuming_gives_the_days_back_to_each(small: Small) -> None:
    share = recurring(small)
    assert actions.accept(small.call("market.officer", now=AUGUST), assignment_id=share.pk).outcome
    office = "lead-office.leading_office"
    assert actions.suspend(small.call(office, now=AUGUST), assignment_id=share.pk, reason="系统改造").outcome
    assert {state for state, _ in days(share)} == {"suspended"}
    tick(SEPTEMBER)
    assert len(days(share)) == 2
    week_later = AUGUST + dt.timedelta(days=7)
    assert actions.resume(small.call(office, now=week_later), assignment_id=share.pk).outcome
    assert days(share) == [("open", "2023-08-04"), ("open", "2023-09-04")]
