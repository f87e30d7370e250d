"""What the public sees of notices, and the round that takes down what is over."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.office.actions import Call
from luoshi.office.notices import actions, letting
from luoshi.office.notices.models import PublicNotice


@dataclass(frozen=True, slots=True)
class Shown:
    """One notice as it hangs: the heads and cells that were let through, until which day."""

    id: int
    title: Words
    unit: Words
    body: str
    heads: tuple[Words, ...]
    rows: tuple[tuple[str, ...], ...]
    from_on: dt.date
    until_on: dt.date
    clause_id: str


def hanging(county_id: int, today: dt.date, limit: int = 100) -> list[Shown]:
    """Return the notices that hang today, newest first. One whose time is over is not shown, tick or no tick."""
    rows = PublicNotice.objects.select_related("unit").filter(
        county_id=county_id, state="posted", from_on__lte=today, until_on__gte=today
    )
    return [_shown(n) for n in rows.order_by("-from_on", "-pk")[:limit]]


def one(county_id: int, notice_id: int, today: dt.date) -> Shown | None:
    """Return one notice if it hangs today."""
    rows = PublicNotice.objects.select_related("unit").filter(
        pk=notice_id, county_id=county_id, state="posted", from_on__lte=today, until_on__gte=today
    )
    notice = rows.first()
    return _shown(notice) if notice else None


def take_down_over(now: dt.datetime, today: dt.date) -> int:
    """Take down, county by county, what is over by ``now``; return how many. Nothing over costs one probe."""
    taken = 0
    over = PublicNotice.objects.filter(state="posted", until_on__lt=today).values_list("county_id", flat=True)
    for county_id in sorted(set(over.distinct())):
        while True:
            call = Call(Actor(county_id, "system"), now, f"takedown:{uuid.uuid4().hex}", "tick")
            went = int(actions.take_down_due(call, at=now).values["taken_down"])
            taken += went
            if went < actions.BATCH:
                break
    return taken


def _shown(notice: PublicNotice) -> Shown:
    assert notice.from_on is not None, "a posted notice has its days"
    assert notice.until_on is not None, "a posted notice has its days"
    columns: Sequence[str] = notice.columns
    return Shown(
        notice.pk,
        Words(notice.title_zh, notice.title_en or notice.title_zh),
        notice.unit.words,
        notice.body,
        tuple(letting.COLUMNS[c].words for c in columns),
        tuple(tuple(row[c] for c in columns) for row in notice.rows),
        notice.from_on,
        notice.until_on,
        notice.clause_id,
    )
