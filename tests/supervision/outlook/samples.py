"""Saved views, feeds and forecasts for the walk through every address."""

import datetime as dt

from luoshi.office import door
from luoshi.office.people import bearer
from luoshi.supervision.outlook import actions
from luoshi.supervision.outlook.models import CalendarFeed, Forecast
from luoshi.supervision.outlook.queries.week import LISTS
from tests.supervision.small_county import TODAY, Small

FIXED: dict[str, tuple[object, ...]] = {
    "view-act.verb": ("share", "unshare", "first", "none-first", "remove", "nothing"),
    "overview-by.by": ("unit", "plan", "town", "stage", "nothing"),
    "week-list.what": (*LISTS, "nothing"),
    # A token is the secret itself: whoever is given one may read. Nobody here is given one.
    "feed.token": ("Zm9yLW5vYm9keS1hbmQtbGVhZHMtbm93aGVyZS1hdC1", "short"),
}
PUBLIC: set[str] = set()


def populate(small: Small, unit: str, mark: str) -> dict[str, object]:
    """Give one unit a shared view, a feed and a forecast."""
    call = small.call(f"{unit}.officer")
    view = actions.save_view(call, name=f"{mark}视图", filters={"q": mark}).values["view"]
    assert actions.share_view(small.call(f"{unit}.officer"), view_id=view, shared=True).outcome
    feed = actions.open_feed(small.call(f"{unit}.officer"), whose="unit", token=bearer.made()).values["feed"]
    row = forecast(small, unit, mark).pk
    return {
        "view_id": view, "feed_id": feed, "forecast_id": row, "api/v1/views.record_id": view,
        "api/v1/forecasts.record_id": row,
    }  # fmt: skip


def forecast(small: Small, unit: str, said: str, **more: object) -> Forecast:
    """Write one forecast for a new duty of a unit."""
    task = small.task(units=((unit, "responsible"),), heading_zh=f"{said}待预测", heading_en=f"{said} to forecast")
    share = small.share(task, unit)
    given: dict[str, object] = {
        "county": small.county, "duty": share.duty, "unit": share.unit, "made_on": TODAY, "due_on": share.duty.due_on,
        "mark": 10, "days_left": 9, "kind": "once", "reported": False, "split": True, "probability": 0.7,
        "called_late": True, "unit_cases": 3, "unit_late": 2, "county_cases": 40, "county_late": 20, "base_rate": 0.5,
    }  # fmt: skip
    with door.opened("fixture"):
        return Forecast.objects.create(**given | more)


def open_feed(small: Small, seat: str, whose: str, now: dt.datetime | None = None) -> tuple[str, CalendarFeed]:
    """Open a feed and return its token with its row."""
    token = bearer.made()
    call = small.call(seat) if now is None else small.call(seat, now=now)
    made = actions.open_feed(call, whose=whose, token=token)
    assert made.outcome, made.outcome
    return token, CalendarFeed.objects.get(pk=made.values["feed"])
