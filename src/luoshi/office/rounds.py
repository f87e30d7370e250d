"""One round of what the server does on its own: tick, take down, what subjects add, deliver, seal, sweep."""

import datetime as dt
from collections.abc import Callable

from luoshi.office import present
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.duties.tick import Ticked, tick
from luoshi.office.evidence import intake
from luoshi.office.journal import seals
from luoshi.office.notices import outbox, public

UNFINISHED_UPLOADS_KEPT = 24 * 3600.0
"""Seconds after which a part of an upload that never ended is removed; file times are the machine's own."""
_PARTS: dict[str, Callable[[dt.datetime], object]] = {}


def also(name: str, part: Callable[[dt.datetime], object]) -> None:
    """Let a subject do something in every round; it must be safe to do again and cheap when nothing is to be done."""
    assert _PARTS.get(name, part) is part, f"two parts of one name: {name}"
    _PARTS[name] = part


def do_parts(now: dt.datetime) -> None:
    """Do what the subjects added."""
    for part in _PARTS.values():
        part(now)


def run(now: dt.datetime) -> Ticked:
    """Run one round; each part is safe to run again and from several processes."""
    done = tick(now)
    public.take_down_over(now, now.astimezone(COUNTY_ZONE).date())
    do_parts(now)
    outbox.deliver(now)
    seals.seal_now(now)
    intake.store().sweep(older_than=present.in_real_time(now).timestamp() - UNFINISHED_UPLOADS_KEPT)
    return done
