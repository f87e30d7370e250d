"""Which roles may read saved views, calendar addresses and forecasts."""

from luoshi.core.words import Words
from luoshi.office.access import Grants, Readable
from luoshi.supervision.readables import DUTY, LEDGER, WATCHERS, WORKERS

OWNERS: Grants = dict.fromkeys(LEDGER.grants, "own")
IN_UNIT: Grants = dict.fromkeys(LEDGER.grants, "unit")
SUBSCRIBERS: Grants = dict.fromkeys(DUTY.grants, "unit")
"""Whoever reads duties may have them in a calendar: the unit's, or the own ones."""

VIEW = Readable(
    "saved_view", Words("保存的视图", "Saved view"), IN_UNIT, lookups={"own": "account_id", "unit": "unit_id"}
)
FEED = Readable(
    "calendar_feed", Words("日历订阅", "Calendar feed"), SUBSCRIBERS,
    lookups={"own": "account_id", "unit": "unit_id"},
)  # fmt: skip
FORECAST = Readable(
    "forecast", Words("预测", "Forecast"), {**WORKERS, **WATCHERS},
    lookups={"unit": "unit_id", "place": "unit__place__path"},
)  # fmt: skip
