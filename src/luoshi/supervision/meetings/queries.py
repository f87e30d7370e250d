"""Groups, rosters and meetings as the pages need them; what became of what was decided."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.office.people.models import Appointment
from luoshi.supervision import clocks
from luoshi.supervision.meetings.actions.inputs import in_force
from luoshi.supervision.meetings.models import Group, Invitation, Meeting, Resolution, Seat
from luoshi.supervision.meetings.readables import GROUP, MEETING
from luoshi.supervision.queries.ledger import near_limit

PAGE = 30
OPEN = Q(resolutions__task__state__in=("open", "suspended"))


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A seat of a roster on a day. ``holder`` is empty where the post is vacant or tied to none."""

    seat: Seat
    holder: str
    since: dt.date | None
    tied: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision and what became of it."""

    resolution: Resolution
    units: tuple[Words, ...]
    due_on: dt.date | None
    standing: str


def groups(actor: Actor) -> QuerySet[Group]:
    """Return the groups the actor may read."""
    return GROUP.visible(actor, Group.objects.select_related("unit", "plan", "work"))


def meetings(actor: Actor) -> QuerySet[Meeting]:
    """Return the meetings the actor may read."""
    return MEETING.visible(actor, Meeting.objects.select_related("group__unit", "group__work", "duty"))


def roster(group: Group, day: dt.date) -> list[SeatRow]:
    """Return the seats of a group that stand on a day, each with who holds its post that day."""
    seats = [s for s in group.seats.select_related("unit", "post__unit") if in_force(s, day)]
    held = holders({s.post_id for s in seats if s.post_id}, day)
    return [
        SeatRow(s, *held.get(s.post_id or 0, ("", None)), tied=s.post_id is not None)
        for s in seats
    ]  # fmt: skip


def holders(post_ids: set[int], day: dt.date) -> dict[int, tuple[str, dt.date | None]]:
    """Return the name of who holds each post on a day and since when."""
    rows = Appointment.objects.filter(post_id__in=post_ids, post__closed=False, from_on__lte=day)
    rows = rows.exclude(to_on__lt=day).order_by("-from_on", "-pk")
    return {post_id: (name, since) for post_id, name, since in rows.values_list(
        "post_id", "account__display_name", "from_on"
    )}  # fmt: skip


def outcomes(rows: QuerySet[Resolution], today: dt.date) -> list[Outcome]:
    """Return decisions with the units that answer for them, their day in force, and how they stand today."""
    near = near_limit(today)
    found = rows.select_related("task", "meeting__group").prefetch_related("task__parts__unit")
    return [
        Outcome(
            r,
            tuple(p.unit.words for p in r.task.parts.all()),
            r.task.due_on,
            clocks.standing(r.task.state, r.task.due_on, r.task.done_on, today, near),
        )
        for r in found.order_by("meeting__number", "number")
    ]


def earlier(meeting: Meeting, today: dt.date) -> list[Outcome]:
    """Return what became of what the group decided before: all that is open, and all of the meeting just before."""
    before = Resolution.objects.filter(meeting__group_id=meeting.group_id, meeting__number__lt=meeting.number)
    last = before.order_by("-meeting__number").values_list("meeting__number", flat=True).first()
    if last is None:
        return []
    return outcomes(before.filter(Q(task__state__in=("open", "suspended")) | Q(meeting__number=last)), today)


def open_counts(rows: QuerySet[Group]) -> dict[int, int]:
    """Return how many decisions of each group are open."""
    open_ones = Resolution.objects.filter(meeting__group__in=rows, task__state__in=("open", "suspended"))
    return dict(open_ones.values_list("meeting__group").annotate(n=Count("pk")))


def invited(meeting: Meeting) -> list[Invitation]:
    """Return the invitations of a meeting in the order of the seats."""
    rows = meeting.invitations.select_related("seat__unit", "unit").order_by("seat__order", "pk")
    return list(rows)


def cost(rows: list[Invitation]) -> tuple[int, int]:
    """Return how many units and how many seats a meeting asks."""
    return len({i.unit_id for i in rows}), len(rows)


def asked_on(county_id: int, day: dt.date, unit_ids: set[int]) -> dict[int, int]:
    """Return how many meetings ask each of these units on a day already."""
    rows = Invitation.objects.filter(county_id=county_id, day=day, counts=True, unit_id__in=unit_ids)
    return dict(rows.values_list("unit_id").annotate(n=Count("meeting", distinct=True)))
