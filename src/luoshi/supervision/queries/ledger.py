"""The ledger of tasks: the lines an actor sees, filtered, paged by key, with totals that cost the same at any size."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.office.ledger import Marked
from luoshi.office.people.models import Place
from luoshi.office.plans import task_words
from luoshi.office.plans.models import Task
from luoshi.supervision import colour_schemes, colours
from luoshi.supervision.colour_schemes import Day
from luoshi.supervision.models import LedgerLine
from luoshi.supervision.queries.row_values import RowCompared
from luoshi.supervision.readables import LEDGER

PAGE = 50
COUNT_UP_TO = 1_000
COUNT_MANY = 100
LONGEST_PART = 18  # digits that every database holds in a whole number
_LAST_ID = 2**62
STATES = tuple(code for code, _ in Task.STATES)
STANDINGS = tuple(colours.STANDING.values())
SORTS = ("due", "-due", "number", "-number")
_MISSED = (
    "(SELECT COUNT(*) FROM supervision_ledgerline m WHERE m.county_id = t.county_id AND m.scope = t.scope "
    "AND m.scope_id = t.scope_id AND m.state = 'open' AND m.missed_on IS NOT NULL AND m.missed_on < %s "
    "AND m.due_on >= %s AND m.due_on <= %s{of_plan})"
)
_TOTALS = (
    "SELECT SUM(lines), SUM(CASE WHEN state = 'open' AND due_on < %s THEN lines END), "
    "SUM(CASE WHEN state = 'open' AND due_on >= %s AND due_on <= %s THEN lines END), "
    "SUM(CASE WHEN state = 'open' AND due_on > %s THEN lines END), SUM(CASE WHEN state = 'suspended' THEN lines END), "
    "SUM(CASE WHEN state = 'done' THEN lines END), SUM(CASE WHEN state = 'closed' THEN lines END), "
    "SUM(CASE WHEN state = 'cancelled' THEN lines END), {missed}, {missed} "
    "FROM supervision_tally t WHERE county_id = %s AND scope = %s AND scope_id = %s{of_plan} "
    "GROUP BY county_id, scope, scope_id"
)
"""Written out, because building it anew costs more than running it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the ledger is asked for. ``cursor`` is the key after which (or before which) the page begins.

    ``as_of`` is a past day; then ``queries.ledger_as_of`` answers, and the links of the page keep it.
    """

    plan_id: int | None = None
    unit_id: int | None = None
    town_id: int | None = None
    state: str = ""
    standing: str = ""
    text: str = ""
    sort: str = "due"
    cursor: str = ""
    back: bool = False
    as_of: dt.date | None = None

    @property
    def order(self) -> str:
        """What the ledger is sorted by, whichever way."""
        return self.sort.removeprefix("-")

    @property
    def turned(self) -> bool:
        """Whether the index is walked from its end: the last first, or a page back, but not both."""
        return self.sort.startswith("-") != self.back

    @property
    def plain(self) -> "Wanted":
        """The same without its place in the pages."""
        return replace(self, cursor="", back=False)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One task as a line of the ledger; ``mark`` shows its standing in the county's colours while it is open."""

    task_id: int
    number: str
    heading: Words
    plan: Words
    units: str
    due_on: dt.date | None
    state: str
    standing: str
    done_on: dt.date | None
    deadline_words: str
    key: str
    mark: Marked | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of rows with the keys of its neighbours (empty where there is none)."""

    rows: tuple[LedgerRow, ...]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """How many tasks: by standing while open, and by state.

    ``filtered``: only ``total`` is known, and the filter by state and standing is in it; ``capped``: at least so many.
    """

    total: int
    overdue: int = 0
    near: int = 0
    behind: int = 0
    on_time: int = 0
    suspended: int = 0
    done: int = 0
    closed: int = 0
    cancelled: int = 0
    filtered: bool = False
    capped: bool = False

    def matching(self, wanted: Wanted) -> int:
        """Return how many of these the filter by state and standing lets through."""
        if self.filtered:
            return self.total
        if wanted.standing:
            return int(getattr(self, wanted.standing)) if wanted.state in ("", "open") else 0
        if wanted.state == "open":
            return self.overdue + self.near + self.behind + self.on_time
        return int(getattr(self, wanted.state)) if wanted.state else self.total


def near_limit(today: dt.date) -> dt.date:
    """Return the last due day that counts as near under the packaged default; ``colour_schemes.day_of`` knows a
    county's own scheme."""
    return colour_schemes.default_near(today)


def driver(actor: Actor, wanted: Wanted) -> tuple[int, int] | None:
    """Return the ledger to read, as (scope, scope id): the narrowest that the actor may see and the filter allows."""
    grant = LEDGER.grants.get(actor.role)
    if grant is None:
        return None
    if grant == "county":
        if wanted.unit_id is not None:
            return LedgerLine.UNIT, wanted.unit_id
        return (LedgerLine.TOWN, wanted.town_id) if wanted.town_id is not None else (LedgerLine.COUNTY, 0)
    if grant == "place" and actor.place_path:
        towns = Place.objects.filter(county_id=actor.county_id, path=actor.place_path, kind="town")
        town = towns.values_list("pk", flat=True).first()
        if town is not None:
            return LedgerLine.TOWN, town
    return (LedgerLine.UNIT, actor.unit_id) if actor.unit_id is not None else None


def lines(actor: Actor, wanted: Wanted, today: dt.date) -> QuerySet[LedgerLine]:
    """Return the visible lines that match, unordered."""
    scope = driver(actor, wanted)
    rows = LEDGER.visible(actor, LedgerLine.objects.all())
    if scope is None:
        return rows.none()
    rows = rows.filter(county_id=actor.county_id, scope=scope[0], scope_id=scope[1])
    for kind, other in ((LedgerLine.UNIT, wanted.unit_id), (LedgerLine.TOWN, wanted.town_id)):
        if other is not None and scope != (kind, other):
            shared = LedgerLine.objects.filter(task_id=OuterRef("task_id"), scope=kind, scope_id=other)
            rows = rows.filter(Exists(shared))
    if wanted.plan_id is not None:
        rows = rows.filter(plan_id=wanted.plan_id)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.standing:
        rows = _within(rows.filter(state="open"), wanted, colour_schemes.day_of(actor.county_id, today))
    if wanted.text:
        rows = task_words.containing(rows, wanted.text, task_words.few(actor.county_id, wanted.text))
    return rows


def page(actor: Actor, wanted: Wanted, today: dt.date, size: int = PAGE) -> Page:
    """Return one page. Its cost follows ``size``, not the length of the ledger."""
    day = colour_schemes.day_of(actor.county_id, today)
    return paged(_keys(actor, wanted, today, size + 1), wanted, size, lambda keys: rows_of(keys, day))


def paged(
    keys: list[tuple[Any, ...]],
    wanted: Wanted,
    size: int,
    rows_of: Callable[[list[tuple[Any, ...]]], Iterable[LedgerRow]],
) -> Page:
    """Return the page of some keys in the order they were found; one more than ``size`` says that others follow."""
    more, keys = len(keys) > size, keys[:size]
    if wanted.back:
        keys.reverse()
    rows = tuple(rows_of(keys))
    if not rows:
        return Page(())
    has_before = more if wanted.back else bool(wanted.cursor)
    has_after = True if wanted.back else more
    return Page(rows, rows[0].key if has_before else "", rows[-1].key if has_after else "")


def every(actor: Actor, wanted: Wanted, today: dt.date, size: int = 2_000) -> Iterator[LedgerRow]:
    """Yield all matching rows in order, a few at a time, so that memory stays flat."""
    wanted, day = wanted.plain, colour_schemes.day_of(actor.county_id, today)
    while True:
        keys = _keys(actor, wanted, today, size)
        yield from (rows := list(rows_of(keys, day)))
        if len(rows) < size:
            return
        wanted = replace(wanted, cursor=rows[-1].key)


def totals(actor: Actor, wanted: Wanted, today: dt.date) -> Totals:
    """Return the totals of what is filtered, the filter by state and standing left out, from the maintained tallies.

    With a search text or two filters of place at once there is no tally; then matches are counted up to
    ``COUNT_UP_TO``, or up to ``COUNT_MANY`` of a text that many tasks contain: those are found by walking.
    """
    scope = driver(actor, wanted)
    if scope is None:
        return Totals(0)
    crossed = any(
        other is not None and scope != (kind, other)
        for kind, other in ((LedgerLine.UNIT, wanted.unit_id), (LedgerLine.TOWN, wanted.town_id))
    )
    if wanted.text or crossed:
        many = wanted.text and task_words.few(actor.county_id, wanted.text) is None
        most = COUNT_MANY if many else COUNT_UP_TO
        count = len(lines(actor, wanted, today).values_list("task_id")[: most + 1])
        return Totals(min(count, most), filtered=True, capped=count > most)
    day = colour_schemes.day_of(actor.county_id, today)
    near, after = day.near, day.near + dt.timedelta(days=1)
    plan, of_plan = ([wanted.plan_id], " AND plan_id = %s") if wanted.plan_id is not None else ([], "")
    soon = [today, today, near, *plan]
    later = [today, max(after, today), LedgerLine.NO_DAY, *plan]
    given: list[Any] = [today, today, near, near, *soon, *later, actor.county_id, *scope, *plan]
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS.format(missed=_MISSED.format(of_plan=of_plan), of_plan=of_plan), given)
        row = cursor.fetchone() or (0,) * 10
    names = ("total", "overdue", "near", "on_time", "suspended", "done", "closed", "cancelled")
    counted: dict[str, Any] = {name: int(value or 0) for name, value in zip(names, row[:8], strict=True)}
    missed_near, missed_later = row[8:]
    if day.scheme.rule("milestone_missed") is not None:
        first = missed_near if day.scheme.milestone_first else 0
        counted |= {
            "near": counted["near"] - first, "on_time": counted["on_time"] - missed_later,
            "behind": first + missed_later,
        }  # fmt: skip
    return Totals(**counted)


def band_of(standing: str, day: Day) -> colours.Band | None:
    """Return the due days of a standing, and whether a milestone was missed; None where no task can have it."""
    return colours.band(day.scheme, standing, day.today, day.near, LedgerLine.NO_DAY)


def _within(rows: QuerySet[LedgerLine], wanted: Wanted, day: Day) -> QuerySet[LedgerLine]:
    """Keep the days of a standing. Where a key bounds one side already, a second bound there would keep SQLite from
    entering the index at the key; the key itself is held within the days by ``_key``."""
    held = band_of(wanted.standing, day)
    if held is None:
        return rows.none()
    bounded = bool(wanted.cursor) and wanted.order == "due"
    if not (bounded and not wanted.turned):
        rows = rows.filter(due_on__gte=held.first)
    if not (bounded and wanted.turned):
        rows = rows.filter(due_on__lte=held.last)
    if held.missed is None:
        return rows
    missed = Q(missed_on__isnull=False, missed_on__lt=day.today)
    return rows.filter(missed) if held.missed else rows.exclude(missed)


def _key(wanted: Wanted, day: Day) -> tuple[Any, ...]:
    key = read_cursor(wanted)
    held = band_of(wanted.standing, day) if wanted.standing and wanted.order == "due" else None
    if held is None:
        return key
    if wanted.turned:
        return key if key[0] <= held.last else (held.last, _LAST_ID)
    return key if key[0] >= held.first else (held.first, 0)


def columns_of(wanted: Wanted) -> tuple[str, ...]:
    """Return the columns of the order, which are those of the key. Within one plan its number is enough."""
    if wanted.order == "due":
        return "due_on", "task_id"
    return ("number", "task_id") if wanted.plan_id is not None else ("plan_id", "number", "task_id")


def ordered(actor: Actor, wanted: Wanted, today: dt.date) -> QuerySet[LedgerLine, tuple[Any, ...]]:
    """Return the keys of the matching lines from the cursor on, in order."""
    rows, columns = lines(actor, wanted, today), columns_of(wanted)
    if wanted.cursor:
        # Compared as one row value, so that both databases enter the index exactly at the key, however many rows
        # share its first column (all tasks without a day share one).
        day = colour_schemes.day_of(actor.county_id, today)
        rows = rows.filter(RowCompared(columns, "<" if wanted.turned else ">", _key(wanted, day)))
    return rows.order_by(*(f"-{c}" if wanted.turned else c for c in columns)).values_list(*columns)


def _keys(actor: Actor, wanted: Wanted, today: dt.date, size: int) -> list[tuple[Any, ...]]:
    return list(ordered(actor, wanted, today)[:size])


def read_cursor(wanted: Wanted) -> tuple[Any, ...]:
    """Return the key that the cursor names; a cursor that names none is a ``Problem``."""
    parts = wanted.cursor.split("_")
    try:
        if max(map(len, parts)) > LONGEST_PART:
            raise ValueError(wanted.cursor)
        first = dt.date.fromisoformat(parts[0]) if wanted.order == "due" else int(parts[0])
        key = (first, *map(int, parts[1:]))
        if len(key) != len(columns_of(wanted)):
            raise ValueError(wanted.cursor)
        return key
    except ValueError as fault:
        raise Problem(
            "after",
            Words("翻页位置不对。", "This is no place in the ledger."),
            Words("请从第一页看起。", "Start from the first page."),
        ) from fault


def rows_of(
    keys: list[tuple[Any, ...]], day: Day, then: Mapping[int, Task] | None = None,
    missed: Mapping[int, dt.date] | None = None,
) -> Iterator[LedgerRow]:  # fmt: skip
    """Yield the rows of some keys as the county's day marks them.

    ``then`` holds tasks rebuilt as of a past day, ``missed`` the milestones they had still open on it.
    """
    ids = [key[-1] for key in keys]
    columns = (
        "pk", "number", "sub", "heading_zh", "heading_en", "plan__name_zh", "plan__name_en", "units_text", "due_on",
        "state", "done_on", "deadline_words", "lines__missed_on",
    )  # fmt: skip
    tasks = Task.objects.filter(pk__in=ids, lines__scope=LedgerLine.COUNTY, lines__scope_id=0)
    found = {row[0]: row for row in tasks.values_list(*columns)}
    for key in keys:
        pk, number, sub, zh, en, plan_zh, plan_en, units, due_on, state, done_on, words, missed_on = found[key[-1]]
        if then is not None and pk in then:
            due_on, state, done_on = then[pk].due_on, then[pk].state, then[pk].done_on
            missed_on = (missed or {}).get(pk)
        standing = day.standing(state, due_on, done_on, missed_on)
        yield LedgerRow(
            pk,
            number + sub,
            Words(zh, en or zh),
            Words(plan_zh, plan_en),
            units,
            due_on,
            state,
            standing,
            done_on,
            words,
            "_".join(str(part) for part in key),
            day.mark(standing),
        )
