"""One round of what the server does on its own: tick, deliver, take down, seal."""

import datetime as dt

from luoshi.office.duties.tick import Ticked, tick
from luoshi.office.journal import seals
from luoshi.office.notices import outbox


def run(now: dt.datetime) -> Ticked:
    """Run one round; each part is safe to run again and from several processes."""
    done = tick(now)
    outbox.deliver(now)
    seals.seal_now(now)
    return done
