"""What has been asked of units, as figures: weeks, sums, the cap, whether two requests ask for the same thing. Pure."""

import datetime as dt
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from luoshi.core.calendar import Calendar
from luoshi.core.outcome import Granted, Outcome, Reason, Refused
from luoshi.core.words import Words

WEEKS_AHEAD = 26
NO_REASON = Words("", "")


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked of a unit on a day, with its cost in minutes.

    ``capped``: it counts against the week's cap. ``by_id`` is the unit that asked, None for what a plan or the
    calendar asks. ``ref`` names the record it was counted from: (kind of record, id).
    """

    unit_id: int
    on: dt.date
    kind: str
    minutes: int
    capped: bool
    words: Words
    ref: tuple[str, int]
    by_id: int | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """What one unit was asked in one week. ``minutes`` counts against the cap, ``others`` does not."""

    unit_id: int
    minutes: int = 0
    others: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


def monday(day: dt.date) -> dt.date:
    """Return the Monday of the week a day lies in."""
    return day - dt.timedelta(days=day.weekday())


def weeks(rows: Iterable[Asked]) -> dict[tuple[int, dt.date], Week]:
    """Return what each unit was asked in each week, by (unit id, Monday)."""
    capped: dict[tuple[int, dt.date], int] = defaultdict(int)
    others: dict[tuple[int, dt.date], int] = defaultdict(int)
    counts: dict[tuple[int, dt.date], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        key = row.unit_id, monday(row.on)
        (capped if row.capped else others)[key] += row.minutes
        counts[key][row.kind] += 1
    return {key: Week(key[0], capped[key], others[key], dict(counts[key])) for key in counts}


@dataclass(frozen=True, slots=True)
class Room:
    """What one unit's week holds already, what would be added, and how much the cap allows, in minutes.

    ``free`` is the first later week that has room, where this one has not; ``reason`` why there is this cap.
    """

    unit_id: int
    name: Words
    week: dt.date
    held: int
    added: int
    cap: int
    reason: Words = NO_REASON
    free: dt.date | None = None

    @property
    def passes(self) -> bool:
        """Tell whether the week would pass the cap. What adds nothing passes nothing."""
        return self.added > 0 and self.held + self.added > self.cap


def within_cap(rooms: Sequence[Room]) -> Outcome:
    """Answer whether every unit's week has room."""
    full = [room for room in rooms if room.passes]
    if not full:
        return Granted()
    reasons = []
    for room in full:
        week = f"{room.week.month}月{room.week.day}日"
        later = room.free
        reasons.append(
            Reason(
                "load_cap",
                Words(
                    f"{room.name.zh}{week}这一周已被要求{room.held}分钟，再加{room.added}分钟将超过上限{room.cap}分钟。",
                    f"{room.name.en}: the week of {room.week} holds {room.held} minutes; {room.added} more would pass "
                    f"the cap of {room.cap}.",
                ),
                Words(
                    f"上限的理由：{room.reason.zh}。"
                    + (f"可改在{later}起的一周；" if later else "")
                    + "也可减少填报内容、并入已有要求，或由县领导调整上限。",
                    f"Why there is a cap: {room.reason.en}. "
                    + (f"The week of {later} has room. " if later else "")
                    + "Ask for less, join a request that is out already, or let the county head set the cap.",
                ),
                (),
                {"unit": room.unit_id, "week": str(room.week), "held": room.held, "added": room.added, "cap": room.cap},
            )
        )
    return Refused(tuple(reasons))


def first_free(
    held: Mapping[dt.date, int], added: int, cap_of: Callable[[dt.date], int], after: dt.date
) -> dt.date | None:
    """Return the Monday of the first week after a day that has room for ``added`` minutes; None within half a year.

    ``cap_of`` gives the cap of the week that begins on a Monday.
    """
    week = monday(after)
    for _ in range(WEEKS_AHEAD):
        week += dt.timedelta(days=7)
        if held.get(week, 0) + added <= cap_of(week):
            return week
    return None


def visit_days(first: dt.date, last: dt.date, calendar: Calendar) -> list[dt.date]:
    """Return the working days from first to last, both included."""
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if calendar.is_working(day)]


def same_thing(one: str, other: str, share: int) -> bool:
    """Tell whether two requests ask for the same thing: ``share`` percent of their letter pairs agree."""
    mine, theirs = _pairs(one), _pairs(other)
    if not mine or not theirs:
        return _letters(one) == _letters(other)
    return 100 * len(mine & theirs) >= share * len(mine | theirs)


def mentions(text: str, name: str, share: int) -> bool:
    """Tell whether a text speaks of a name: ``share`` percent of the name's letter pairs stand in it."""
    wanted = _pairs(name)
    return bool(wanted) and 100 * len(wanted & _pairs(text)) >= share * len(wanted)


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum())


def _pairs(text: str) -> set[str]:
    letters = _letters(text)
    return {letters[n : n + 2] for n in range(len(letters) - 1)}
