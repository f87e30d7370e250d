"""What can be done with saved views, calendar addresses and forecasts, one verb a function."""

from luoshi.supervision.outlook.actions.feeds import open_feed, revoke_feed
from luoshi.supervision.outlook.actions.forecasts import record_forecasts
from luoshi.supervision.outlook.actions.views import remove_view, save_view, set_default_view, share_view

__all__ = [
    "open_feed",
    "record_forecasts",
    "remove_view",
    "revoke_feed",
    "save_view",
    "set_default_view",
    "share_view",
]
