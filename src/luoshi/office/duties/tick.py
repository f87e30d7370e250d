"""The tick: what time itself changes. Its cost follows what became due, not what exists.

One indexed probe tells whether anything is due. What is due is moved in batches, set-based, each batch one action of
the system with one journal entry per duty in the same transaction, and reminders go to the outbox.
"""

import datetime as dt
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections

from luoshi.core.calendar import Calendar, default_calendar
from luoshi.core.words import Words
from luoshi.office.access import Actor, Where
from luoshi.office.actions import COUNTY_ZONE, Call, Done, Inputs, action
from luoshi.office.duties import schedule, verbs
from luoshi.office.duties.models import Duty
from luoshi.office.duties.schedule import CHASED, NEAR, OVERDUE, Scheme
from luoshi.office.journal import append as journal
from luoshi.office.notices import outbox
from luoshi.office.people.models import County

BATCH = 2_000
_PROBE = "SELECT county_id FROM duties_duty WHERE next_at IS NOT NULL AND next_at <= %s ORDER BY next_at LIMIT 1"
_PROBE_SQLITE = _PROBE.replace("%s", "?")
_DUE = (
    "SELECT id, unit_id, level, due_on, title_zh, title_en, every IS NOT NULL AND every <> 'null' FROM duties_duty "
    "WHERE next_at IS NOT NULL AND next_at <= %s AND county_id = %s ORDER BY next_at LIMIT %s"
)
_MOVE = "UPDATE duties_duty SET level = %s, next_at = %s WHERE id = %s"
WORDS = {
    NEAR: Words("临期提醒", "Near its day"),
    OVERDUE: Words("已逾期", "Overdue"),
    CHASED: Words("逾期转督查催办", "Overdue, passed to supervision"),
}


@dataclass
class Ticked:
    """What one run of the tick changed; ``took_ms`` is wall time."""

    at: dt.datetime
    became_due: int = 0
    warned: int = 0
    escalated: int = 0
    reminders: int = 0
    took_ms: float = 0.0
    recurred: int = field(default=0)

    def as_json(self) -> dict[str, Any]:
        """Return the figures as ``luoshi tick --json`` prints them."""
        return {
            "at": self.at.isoformat(),
            "became_due": self.became_due,
            "warned": self.warned,
            "escalated": self.escalated,
            "reminders": self.reminders,
            "took_ms": round(self.took_ms, 3),
        }


class TickInputs(Inputs):
    """Up to which moment; the batch takes the earliest first."""

    at: dt.datetime


def tick(now: dt.datetime) -> Ticked:
    """Move everything whose time has come by ``now``; safe to run twice and from several processes."""
    started = time.perf_counter()
    total = Ticked(now)
    while (county_id := _first_due(now)) is not None:
        actor = Actor(county_id, "system")
        result = move_due(Call(actor, now, f"tick:{uuid.uuid4().hex}", "tick"), at=now)
        for name in ("became_due", "warned", "escalated", "reminders", "recurred"):
            setattr(total, name, getattr(total, name) + int(result.values[name]))
        if not result.values["moved"]:
            break
    total.took_ms = (time.perf_counter() - started) * 1e3
    return total


def _first_due(now: dt.datetime) -> int | None:
    """Ask the driver itself: an idle tick is this one probe, and Django's cursor would be most of its cost."""
    wrapper = connections[DEFAULT_DB_ALIAS]
    if wrapper.connection is None:
        wrapper.ensure_connection()
    if wrapper.vendor == "postgresql":
        row = wrapper.connection.execute(_PROBE, (now,)).fetchone()
    else:
        moment = now.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ")
        row = wrapper.connection.execute(_PROBE_SQLITE, (moment,)).fetchone()
    return None if row is None else int(row[0])


def _load(call: Call, inputs: TickInputs) -> County:
    return County.objects.get(pk=call.actor.county_id)


@action(
    "duty.tick",
    Words("到期处理", "Move what is due"),
    subject="county",
    grants={"system": "county"},
    inputs=TickInputs,
    load=_load,
    where=lambda county: Where(county.pk),
)
def move_due(call: Call, county: County, inputs: TickInputs) -> Done:
    """Warn, mark overdue, escalate and let recur one batch of duties."""
    calendar, scheme = default_calendar(), Scheme()
    rows = _due_rows(inputs.at, county.pk)
    today = inputs.at.astimezone(COUNTY_ZONE).date()
    moves: list[tuple[Any, ...]] = []
    lines: list[journal.Line] = []
    counts = {NEAR: 0, OVERDUE: 0, CHASED: 0}
    worked_out: dict[dt.date | None, tuple[int, Any]] = {}
    actor = call.actor.as_json()
    for duty_id, unit_id, level, due_on, *_ in rows:
        if due_on not in worked_out:  # many duties share a day
            new = schedule.level_on(today, due_on, scheme, calendar)
            worked_out[due_on] = new, _stored(schedule.next_day(new, due_on, scheme, calendar))
        new, next_at = worked_out[due_on]
        moves.append((new, next_at, duty_id))
        counts[new] = counts.get(new, 0) + 1
        lines.append(_line(call, actor, duty_id, unit_id, level, new, due_on))
    with connection.cursor() as cursor:
        cursor.executemany(_MOVE, moves)
    journal.append_many(lines)
    recurred = _let_recur([r[0] for r in rows if r[6]], today, calendar)
    reminders = outbox.remind_units(call, [(r[1], r[0], r[4], r[5], r[3]) for r in rows], calendar)
    values = {
        "became_due": counts[OVERDUE], "warned": counts[NEAR], "escalated": counts[CHASED],
        "reminders": reminders, "recurred": recurred, "moved": len(rows),
    }  # fmt: skip
    return Done(Words(f"到期处理{len(rows)}项。", f"Moved {len(rows)} duties."), values=values, subject_id=county.pk)


def _due_rows(at: dt.datetime, county_id: int) -> list[tuple[Any, ...]]:
    lock = " FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    sql = _DUE.replace("every <> 'null'", "every::text <> 'null'") if connection.vendor == "postgresql" else _DUE
    with connection.cursor() as cursor:
        cursor.execute(sql + lock, (connection.ops.adapt_datetimefield_value(at), county_id, BATCH))
        rows = cursor.fetchall()
    return [(*r[:3], _day(r[3]), *r[4:]) for r in rows]


def _day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def _stored(day: dt.date | None) -> Any:
    return connection.ops.adapt_datetimefield_value(schedule.midnight(day, COUNTY_ZONE)) if day else None


def _line(
    call: Call, actor: dict[str, Any], duty_id: int, unit_id: int, level: int, new: int, due_on: dt.date | None
) -> journal.Line:
    detail = {
        "summary": WORDS.get(new, WORDS[NEAR]).as_json(),
        "before": {"level": level},
        "after": {"level": new},
        "facts": {"due_on": str(due_on)},
    }
    return journal.Line(
        call.actor.county_id, call.now, "duty.time", None, unit_id, actor,
        "duty", str(duty_id), "granted", f"{call.request_id}:{duty_id}", "", detail,
    )  # fmt: skip


def _let_recur(ids: list[int], today: dt.date, calendar: Calendar) -> int:
    """Open the next occurrence of recurring duties that are past their day, so that one missed hides no other."""
    opened = 0
    for duty in Duty.objects.filter(pk__in=ids, level__gte=OVERDUE).select_for_update():
        opened += verbs.open_next(duty, today) is not None
    return opened


def read_moment(text: str) -> dt.datetime:
    """Read an ISO moment for ``luoshi tick --at``; without a zone it is the county's."""
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=COUNTY_ZONE)
