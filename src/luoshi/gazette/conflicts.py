"""Conflicts of a county's plans, found before they hurt. Pure: tasks come in as plain rows.

Five kinds: more of one unit's tasks end in one week than a dated value allows; a task ends before the one it follows;
a task names no unit; a task has no date and is not ongoing; a target has a figure and no unit of measure.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from luoshi.core.words import Words

KINDS: dict[str, Words] = {
    "overloaded": Words("同一单位同一周到期过多", "Too much of one unit ends in one week"),
    "before_predecessor": Words("期限早于前置任务", "Due before the task it follows"),
    "no_unit": Words("没有责任单位", "Names no unit"),
    "no_date": Words("没有期限", "Has no date"),
    "no_measure": Words("指标没有计量单位", "A figure without unit of measure"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One open task, or one stage of a plan (``kind`` ``stage``). ``units`` are names of the units that answer for it;
    ``after`` keys of what it follows; ``figures`` are (words, has a figure, unit of measure) of its targets."""

    key: str
    plan: str
    heading: str
    units: tuple[str, ...]
    kind: str
    due_on: dt.date | None
    after: tuple[str, ...] = ()
    figures: tuple[tuple[str, bool, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """One conflict. ``rows`` are the keys concerned, ``unit`` and ``week`` (its Monday) where it is about a week."""

    kind: str
    rows: tuple[str, ...]
    unit: str = ""
    week: dt.date | None = None
    words: str = ""


def monday(day: dt.date) -> dt.date:
    """Return the Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())


def find(rows: Sequence[Row], most_a_week: int) -> list[Conflict]:
    """Return every conflict: weeks in order first, then by task. ``most_a_week``: tasks a unit may end in one week."""
    assert most_a_week >= 1, "a unit may end at least one task a week"
    return [*_overloaded(rows, most_a_week), *_single(rows)]


def _overloaded(rows: Iterable[Row], most: int) -> list[Conflict]:
    weeks: dict[tuple[dt.date, str], list[str]] = defaultdict(list)
    for row in rows:
        if row.due_on is not None:
            for unit in row.units:
                weeks[monday(row.due_on), unit].append(row.key)
    return [
        Conflict("overloaded", tuple(keys), unit, week)
        for (week, unit), keys in sorted(weeks.items())
        if len(keys) > most
    ]


def _single(rows: Sequence[Row]) -> Iterable[Conflict]:
    due = {row.key: row.due_on for row in rows}
    for row in rows:
        earlier = [key for key in row.after if row.due_on and (before := due.get(key)) and row.due_on < before]
        if earlier:
            yield Conflict("before_predecessor", (row.key, *earlier))
        if row.kind == "stage":
            continue
        if not row.units:
            yield Conflict("no_unit", (row.key,))
        if row.due_on is None and row.kind in ("none", "until"):
            yield Conflict("no_date", (row.key,))
        for words, has_figure, unit in row.figures:
            if has_figure and unit == "":
                yield Conflict("no_measure", (row.key,), words=words)
