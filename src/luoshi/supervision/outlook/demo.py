"""The demo county's nights and views, through the same actions that the server and officers use."""

import datetime as dt
from collections.abc import Mapping

from luoshi.office.access import Actor
from luoshi.office.actions import Call
from luoshi.supervision.outlook import actions, night
from luoshi.supervision.outlook.models import SavedView

VIEWS = (
    ("supervisor", "逾期先看", {"standing": "overdue"}, ("standing", "due", "units"), True),
    ("supervisor", "已中止的", {"state": "suspended"}, (), True),
    ("county_head", "临期", {"standing": "near"}, ("standing", "due", "units"), False),
)


def live_morning(county_id: int, people: Mapping[tuple[int, str], Actor], morning: dt.datetime) -> None:
    """Record the night's forecasts; on the first morning the desk saves its views."""
    night.record(county_id, morning)
    if not SavedView.objects.filter(county_id=county_id).exists():
        _save_views(people, morning)


def _save_views(people: Mapping[tuple[int, str], Actor], morning: dt.datetime) -> None:
    for n, (role, name, filters, columns, shared) in enumerate(VIEWS):
        actor = next((a for (_, held), a in people.items() if held == role), None)
        if actor is None:
            continue
        made = actions.save_view(
            Call(actor, morning, f"demo:view:{n}"), name=name, filters=filters, columns=columns
        )  # fmt: skip
        if shared:
            actions.share_view(Call(actor, morning, f"demo:view:{n}:shared"), view_id=made.values["view"], shared=True)
