"""What the API gives out of saved views and forecasts. Calendar feeds are opened by their address alone."""

from luoshi.office.resources import Resource
from luoshi.supervision.outlook.models import Forecast, SavedView
from luoshi.supervision.outlook.readables import FORECAST, VIEW

RESOURCES = (
    Resource(
        "views", VIEW, lambda: SavedView.objects.select_related("unit"),
        ("name", "unit.code", "filters", "columns", "made_on"), {},
    ),
    Resource(
        "forecasts", FORECAST, lambda: Forecast.objects.select_related("unit"),
        ("duty_id", "unit.code", "made_on", "due_on", "mark", "days_left", "kind", "reported", "split", "probability",
         "called_late", "unit_cases", "unit_late", "county_cases", "county_late", "base_rate", "current", "outcome",
         "settled_on"),
        {"duty": "duty_id", "unit": "unit__code", "outcome": "outcome", "current": "current", "called": "called_late",
         "due_before": "due_on__lt"},
    ),
)  # fmt: skip
