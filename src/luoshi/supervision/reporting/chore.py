"""What the server does on its own for forms: open the rounds that are due, in every county."""

import datetime as dt
import uuid

from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE, Call
from luoshi.office.people.models import County
from luoshi.supervision.reporting import opening
from luoshi.supervision.reporting.actions import open_rounds


def open_due(now: dt.datetime) -> int:
    """Open what is due by ``now`` and return the number of rounds; a county with nothing due gets no entry."""
    opened = 0
    for county in County.objects.order_by("pk"):
        if opening.pending(county, now.astimezone(COUNTY_ZONE).date()):
            call = Call(Actor(county.pk, "system"), now, f"filing:open:{uuid.uuid4().hex}", "tick")
            opened += int(open_rounds(call).values["rounds"])
    return opened
