"""What the actions of this part are given, how they load and lock, and where groups and meetings stand."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated

from pydantic import Field

from luoshi.core.outcome import Granted, Outcome, refuse
from luoshi.core.words import Words
from luoshi.office.access import Grants, Where
from luoshi.office.actions import Call, Inputs
from luoshi.office.people.actions import missing
from luoshi.office.people.models import County, Post, Unit
from luoshi.supervision.actions.inputs import Reason, told
from luoshi.supervision.actions.subjects import offices_of
from luoshi.supervision.meetings.models import Group, Meeting, Seat

LEADERS: Grants = {"leading_office": "unit", "supervisor": "county", "county_head": "county"}
"""Who calls meetings and keeps rosters: the group's own office, and those who answer for the whole county."""
Short = Annotated[str, Field(min_length=1, max_length=120)]


class GroupInputs(Inputs):
    """One group."""

    group_id: Annotated[int, told("领导小组编号", "Group", ge=1)]


class SeatInputs(Inputs):
    """One seat."""

    seat_id: Annotated[int, told("席位编号", "Seat", ge=1)]


class MeetingInputs(Inputs):
    """One meeting."""

    meeting_id: Annotated[int, told("会议编号", "Meeting", ge=1)]


class ReasonedMeeting(MeetingInputs):
    """One meeting, and why."""

    reason: Reason


def load_group(call: Call, inputs: GroupInputs) -> Group:
    """Return the group, locked, so that its meetings are numbered in order."""
    rows = Group.objects.select_for_update(of=("self",)).select_related("unit", "work", "plan")
    found = rows.filter(pk=inputs.group_id, county_id=call.actor.county_id).first()
    if found is None:
        raise missing("group_id", "这个领导小组", "leading group")
    return found


def load_seat(call: Call, inputs: SeatInputs) -> Seat:
    """Return the seat, locked."""
    rows = Seat.objects.select_for_update(of=("self",)).select_related("group__unit", "unit")
    found = rows.filter(pk=inputs.seat_id, county_id=call.actor.county_id).first()
    if found is None:
        raise missing("seat_id", "这个席位", "seat")
    return found


def load_meeting(call: Call, inputs: MeetingInputs) -> Meeting:
    """Return the meeting, locked, so that its decisions are numbered in order."""
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("group__unit", "group__work", "duty")
    found = rows.filter(pk=inputs.meeting_id, county_id=call.actor.county_id).first()
    if found is None:
        raise missing("meeting_id", "这次会议", "meeting")
    return found


def load_county(call: Call, inputs: Inputs) -> County:
    """Return the county, locked."""
    return County.objects.select_for_update().get(pk=call.actor.county_id)


def unit_of(county_id: int, pk: int, place: str = "unit_id") -> Unit:
    """Return a unit of the county; ``Problem`` 404 where there is none."""
    found = Unit.objects.filter(county_id=county_id, pk=pk).first()
    if found is None:
        raise missing(place, "这个单位", "unit")
    return found


def post_of(county_id: int, pk: int) -> Post:
    """Return an open post of the county; ``Problem`` 404 where there is none."""
    found = Post.objects.filter(county_id=county_id, pk=pk, closed=False).first()
    if found is None:
        raise missing("post_id", "这个岗位", "post")
    return found


def where_group(group: Group) -> Where:
    """The unit of the group and the office that works for it."""
    return Where(group.county_id, frozenset({group.unit_id, *offices_of(group.unit_id)}))


def where_seat(seat: Seat) -> Where:
    """Where its group stands."""
    return where_group(seat.group)


def where_meeting(meeting: Meeting) -> Where:
    """Where its group stands."""
    return where_group(meeting.group)


def in_force(seat: Seat | Group, day: dt.date) -> bool:
    """Tell whether a seat or group stands on a day."""
    return seat.from_on <= day and (seat.until_on is None or seat.until_on >= day)


def seat_in_force(call: Call, seat: Seat) -> Outcome:
    """A seat that has ended changes no more."""
    if in_force(seat, call.today):
        return Granted()
    return refuse(
        "seat_ended", "这个席位已经撤销。", "This seat has ended.", Words("请看现行名单。", "See the roster in force.")
    )


def state_is(*states: str) -> Callable[[Call, Meeting], Outcome]:
    """Return the check that a meeting is in one of these states."""

    def why_not(call: Call, meeting: Meeting) -> Outcome:
        if meeting.state in states:
            return Granted()
        now = meeting.get_state_display()
        return refuse(
            "not_in_this_state", f"会议现在是“{now}”，不能这样办。", f"The meeting is {meeting.state}.",
            Words("请看会议页上的下一步。", "See the next step on its page."), state=meeting.state,
        )  # fmt: skip

    return why_not
