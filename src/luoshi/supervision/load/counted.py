"""Counting what was asked of units, from the records themselves: messages, duties, requests, steps, checks.

Nothing is kept beside the records, so a figure can be recomputed by anybody who reads them. No count of signing in,
clicking or uploading is made anywhere.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from luoshi.core.calendar import default_calendar
from luoshi.core.words import Words
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.duties.models import Duty
from luoshi.office.notices.models import OutboxMessage
from luoshi.office.people.models import Unit
from luoshi.supervision.load import meter, scheme
from luoshi.supervision.load.meter import Asked, Room
from luoshi.supervision.load.models import AskedUnit, CheckedUnit, LoadCap, Press
from luoshi.supervision.meetings.models import Invitation


@dataclass(frozen=True, slots=True)
class CapInForce:
    """The cap on a day: minutes, the reason, since when; ``own``: the county set it."""

    minutes: int
    reason: Words
    from_on: dt.date
    own: bool


def cap_on(county_id: int, day: dt.date) -> CapInForce:
    """Return the cap in force in a county on a day: its own, else the scheme's."""
    row = LoadCap.objects.filter(county_id=county_id, from_on__lte=day).order_by("-from_on").first()
    if row is not None:
        return CapInForce(row.minutes, Words(row.reason, row.reason), row.from_on, True)
    found = scheme.on(day)
    return CapInForce(found.cap.minutes, found.cap.reason.words, found.from_on, False)


def cap_of_week(county_id: int, monday: dt.date, today: dt.date) -> CapInForce:
    """Return the cap of a week: today's for the week that runs, the first for one to come, the last for one past."""
    return cap_on(county_id, min(max(monday, today), monday + dt.timedelta(days=6)))


def asked(county_id: int, first: dt.date, last: dt.date, unit_ids: Collection[int] | None = None) -> list[Asked]:
    """Return everything asked of units from first to last, both included, by day; of all units where none are named.

    A message and a step count on the working day they reach the unit, a request and a duty on the day they are due, a
    check on each working day of its visit, a meeting once for each unit that is called to it.
    """
    rows = [
        *_messages(county_id, first, last, unit_ids),
        *_duties(county_id, first, last, unit_ids),
        *_asks(county_id, first, last, unit_ids),
        *_presses(county_id, first, last, unit_ids),
        *_checks(county_id, first, last, unit_ids),
        *_meetings(county_id, first, last, unit_ids),
    ]
    return sorted(rows, key=lambda a: (a.on, a.unit_id, a.kind, a.ref))


def _of(unit_ids: Collection[int] | None) -> dict[str, Collection[int]]:
    return {} if unit_ids is None else {"unit_id__in": unit_ids}


def _messages(
    county_id: int, first: dt.date, last: dt.date, unit_ids: Collection[int] | None
) -> Iterator[Asked]:  # fmt: skip
    begin = dt.datetime.combine(first, dt.time(), COUNTY_ZONE)
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), COUNTY_ZONE)
    kinds = {kind for s in scheme.schemes() for kind in s.messages}
    rows = OutboxMessage.objects.filter(
        county_id=county_id, kind__in=kinds, not_before__gte=begin, not_before__lt=end, unit_id__isnull=False,
        **_of(unit_ids),
    )  # fmt: skip
    for pk, unit_id, name, at, payload in rows.values_list("pk", "unit_id", "kind", "not_before", "payload"):
        day = at.astimezone(COUNTY_ZONE).date()
        kind = scheme.on(day).messages.get(name)
        if kind is None:
            continue
        weight = scheme.on(day).kinds[kind]
        assert unit_id is not None, "only messages to units were asked for"
        yield Asked(unit_id, day, kind, weight.cost(), weight.capped, _told(payload, weight.words), ("message", pk))


def _told(payload: dict[str, object], kind: Words) -> Words:
    listed = payload.get("duties")
    n = len(listed) if isinstance(listed, list) else 0
    if not n:
        return kind
    return Words(f"{kind.zh}：一条，列明{n}项", f"{kind.en}: one message that lists {n}")


def _duties(
    county_id: int, first: dt.date, last: dt.date, unit_ids: Collection[int] | None
) -> Iterator[Asked]:  # fmt: skip
    kinds = {kind for s in scheme.schemes() for kind in s.duties}
    rows = Duty.objects.filter(
        county_id=county_id, subject_kind__in=kinds, due_on__gte=first, due_on__lte=last, **_of(unit_ids)
    ).exclude(state="cancelled")
    for pk, unit_id, subject, due_on, zh, en in rows.values_list(
        "pk", "unit_id", "subject_kind", "due_on", "title_zh", "title_en"
    ):
        assert due_on is not None, "only duties with a day were asked for"
        kind = scheme.on(due_on).duties.get(subject)
        if kind is not None:
            weight = scheme.on(due_on).kinds[kind]
            yield Asked(unit_id, due_on, kind, weight.cost(), weight.capped, Words(zh, en or zh), ("duty", pk))


def _asks(county_id: int, first: dt.date, last: dt.date, unit_ids: Collection[int] | None) -> Iterator[Asked]:
    rows = AskedUnit.objects.select_related("ask").filter(
        county_id=county_id, ask__due_on__gte=first, ask__due_on__lte=last, joined__isnull=True,
        ask__called_off_on__isnull=True, **_of(unit_ids),
    )  # fmt: skip
    for row in rows:
        ask = row.ask
        weight = scheme.on(ask.sent_on).kinds["ask"]
        cost = weight.cost(cells=ask.cells, papers=ask.papers)
        yield Asked(
            row.unit_id, ask.due_on, "ask", cost, weight.capped, ask.words, ("ask", ask.pk), ask.by_unit_id
        )  # fmt: skip


def _presses(county_id: int, first: dt.date, last: dt.date, unit_ids: Collection[int] | None) -> Iterator[Asked]:
    rows = Press.objects.select_related("assignment__task").filter(
        county_id=county_id, sent_on__gte=first, sent_on__lte=last, **_of(unit_ids)
    )
    for row in rows.exclude(state="withdrawn"):
        weight = scheme.on(row.taken_on).kinds[row.step]
        yield Asked(
            row.unit_id, row.sent_on, row.step, weight.cost(), weight.capped, row.assignment.task.words,
            ("press", row.pk), row.by_unit_id,
        )  # fmt: skip


def _checks(county_id: int, first: dt.date, last: dt.date, unit_ids: Collection[int] | None) -> Iterator[Asked]:
    calendar = default_calendar()
    rows = CheckedUnit.objects.select_related("check_of").filter(
        county_id=county_id, check_of__visit_from__lte=last, check_of__visit_to__gte=first, **_of(unit_ids)
    )
    for row in rows.exclude(check_of__state="cancelled"):
        check = row.check_of
        weight = scheme.on(check.planned_on).kinds["check"]
        for day in meter.visit_days(max(first, check.visit_from), min(last, check.visit_to), calendar):
            yield Asked(
                row.unit_id, day, "check", weight.cost(days=1), weight.capped, check.words, ("check", check.pk),
                check.by_unit_id,
            )  # fmt: skip


def _meetings(county_id: int, first: dt.date, last: dt.date, unit_ids: Collection[int] | None) -> Iterator[Asked]:
    rows = Invitation.objects.select_related("meeting__group").filter(
        county_id=county_id, counts=True, day__gte=first, day__lte=last, **_of(unit_ids)
    )
    seen: set[tuple[int, int]] = set()
    for row in rows.order_by("pk"):
        if (row.unit_id, row.meeting_id) in seen:
            continue  # several seats of one unit are one meeting
        seen.add((row.unit_id, row.meeting_id))
        weight, meeting = scheme.on(row.day).kinds["meeting"], row.meeting
        title = Words(meeting.title_zh, meeting.title_zh)
        ref = ("meeting", row.meeting_id)
        yield Asked(row.unit_id, row.day, "meeting", weight.cost(), weight.capped, title, ref, meeting.group.unit_id)


def rooms(county_id: int, added: Iterable[tuple[int, dt.date, int]], today: dt.date) -> list[Room]:
    """Return each unit's room in the weeks that something would be added to, by week and unit.

    ``added`` are (unit id, day, minutes).
    """
    wanted: dict[tuple[int, dt.date], int] = {}
    for unit_id, day, minutes in added:
        key = unit_id, meter.monday(day)
        wanted[key] = wanted.get(key, 0) + minutes
    if not wanted:
        return []
    units = {unit_id for unit_id, _ in wanted}
    first, last = (pick(week for _, week in wanted) for pick in (min, max))
    held = _held(county_id, units, first, last + dt.timedelta(days=6))
    later: dict[int, dict[dt.date, int]] = {}
    names = {u.pk: u.words for u in Unit.objects.filter(pk__in=units)}
    caps = _Caps(county_id, today)
    found = []
    for (unit_id, week), minutes in sorted(wanted.items(), key=lambda w: (w[0][1], w[0][0])):
        cap = caps.of(week)
        room = Room(unit_id, names[unit_id], week, held[unit_id].get(week, 0), minutes, cap.minutes, cap.reason)
        if room.passes:
            later = later or _held(county_id, units, first, last + dt.timedelta(days=7 * (meter.WEEKS_AHEAD + 1)))
            free = meter.first_free(later[unit_id], minutes, lambda day: caps.of(day).minutes, week)
            room = replace(room, free=free)
        found.append(room)
    return found


def _held(county_id: int, units: Collection[int], first: dt.date, last: dt.date) -> dict[int, dict[dt.date, int]]:
    held: dict[int, dict[dt.date, int]] = {unit_id: {} for unit_id in units}
    for (unit_id, week), sums in meter.weeks(asked(county_id, first, last, units)).items():
        held[unit_id][week] = sums.minutes
    return held


class _Caps:
    """The caps of weeks, each looked up once."""

    def __init__(self, county_id: int, today: dt.date) -> None:
        self.county_id, self.today = county_id, today
        self.known: dict[dt.date, CapInForce] = {}

    def of(self, week: dt.date) -> CapInForce:
        """Return the cap of the week that begins on a Monday."""
        if week not in self.known:
            self.known[week] = cap_of_week(self.county_id, week, self.today)
        return self.known[week]
