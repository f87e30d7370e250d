"""What the server does for this part on its own: one round of forecasts a night in every county."""

import datetime as dt
import uuid

from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE, Call, Result
from luoshi.office.people.models import County
from luoshi.supervision.outlook import actions


def forecasts(now: dt.datetime) -> int:
    """Record the forecasts of the day where they are not recorded yet; return in how many counties."""
    day = now.astimezone(COUNTY_ZONE).date()
    waiting = County.objects.exclude(forecastrun__made_on=day).order_by("pk").values_list("pk", flat=True)
    return sum(bool(record(county_id, now).outcome) for county_id in list(waiting))


def record(county_id: int, now: dt.datetime) -> Result:
    """Record the forecasts of one county; a second asking of the same day is refused and changes nothing."""
    day = now.astimezone(COUNTY_ZONE).date()
    call = Call(Actor(county_id, "system"), now, f"forecast:{county_id}:{day}:{uuid.uuid4().hex}", "tick")
    return actions.record_forecasts(call, on=day)
