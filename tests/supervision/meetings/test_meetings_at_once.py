"""Two people at once, for real: threads against PostgreSQL. SQLite has one writer at a time by its nature."""

import datetime as dt

import pytest
from django.db import connection

from luoshi.supervision.meetings import actions
from luoshi.supervision.meetings.models import Group, Meeting, Resolution
from tests.supervision import small_county
from tests.supervision.meetings.test_meetings import LEAD, at
from tests.supervision.test_at_once import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _needs_postgresql(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads share no in-memory SQLite; one writer at a time there")


def test_decisions_and_meetings_at_once_are_numbered_one_after_the_other() -> None:
    small = small_county.make()
    group = actions.open_group(
        small.call("office.supervisor"), unit_id=small.units["lead-group"].pk, name_zh="创建领导小组"
    ).values["group"]
    unit = small.units["market"].pk
    assert actions.add_seat(small.call(LEAD), group_id=group, role_zh="成员", post_zh="局长", unit_id=unit).outcome
    day = dt.date(2023, 7, 7)
    seats = (LEAD, "office.supervisor", "office.county_head")
    calls = [small.call(seat) for seat in seats]
    given = {"group_id": group, "held_on": day, "room": "三楼", "agenda": "议题甲"}
    answers = together(*[lambda c=c: actions.call_meeting(c, **given) for c in calls])  # type: ignore[misc]
    assert all(a.outcome for a in answers)
    assert sorted(Meeting.objects.values_list("number", flat=True)) == [1, 2, 3]
    meeting = answers[0].values["meeting"]
    assert actions.hold(small.call(LEAD, now=at(day)), meeting_id=meeting).outcome
    calls = [small.call(seat, now=at(day)) for seat in seats]
    decision = {"meeting_id": meeting, "text": "同时记录的事项", "lead_id": unit, "due_on": dt.date(2023, 8, 1)}
    answers = together(*[lambda c=c: actions.decide(c, **decision) for c in calls])  # type: ignore[misc]
    assert all(a.outcome for a in answers)
    assert sorted(Resolution.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert Group.objects.get(pk=group).work is not None
