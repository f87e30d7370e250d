"""The selects of the ledger's filter form. Their options are drawn once per county, language and state of the lists."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache

from django.db import connection
from django.utils.html import format_html
from django.utils.safestring import SafeString

from luoshi.core.words import Words
from luoshi.office.people.models import Place, Unit
from luoshi.office.plans.models import Plan
from luoshi.supervision.queries.ledger import Wanted

STANDING_WORDS = {
    "overdue": Words("逾期", "Overdue"),
    "near": Words("临期", "Due soon"),
    "behind": Words("节点逾期", "Milestone missed"),
    "on_time": Words("按期", "On time"),
}
STATE_WORDS = {
    "open": Words("办理中", "Open"), "suspended": Words("已中止", "Suspended"), "done": Words("已办结", "Done"),
    "closed": Words("已销号", "Closed"), "cancelled": Words("已撤销", "Cancelled"),
}  # fmt: skip
_VERSION = (
    "SELECT (SELECT COUNT(*) FROM people_unit WHERE county_id = %s), "
    "(SELECT MAX(id) FROM plans_plan WHERE county_id = %s)"
)


def selects(county_id: int, today: dt.date, wanted: Wanted, *, english: bool) -> list[dict[str, object]]:
    """Return name, label and drawn options of each select, the chosen ones marked."""
    lists = _lists(county_id, today, _version(county_id), english)
    chosen = {
        "plan": wanted.plan_id, "unit": wanted.unit_id, "town": wanted.town_id, "state": wanted.state,
        "standing": wanted.standing,
    }  # fmt: skip
    return [
        {"name": name, "label": label, "options": _marked(drawn, str(chosen[name] or ""))}
        for name, label, drawn in lists
    ]


def _version(county_id: int) -> tuple[object, ...]:
    """Return what changes when a plan or unit is added, so that a new one is offered at once; renames wait a day."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, (county_id, county_id))
        return tuple(cursor.fetchone())


@lru_cache(maxsize=64)
def _lists(
    county_id: int, today: dt.date, version: tuple[object, ...], english: bool
) -> tuple[tuple[str, Words, SafeString], ...]:
    plans = Plan.objects.filter(county_id=county_id).order_by("pk")
    units = Unit.objects.filter(county_id=county_id, collective=False).order_by("short_zh")
    towns = Place.objects.filter(county_id=county_id, kind="town").order_by("pk")
    found: tuple[tuple[str, Words, Iterable[tuple[object, Words]]], ...] = (
        ("plan", Words("方案", "Plan"), ((p.pk, p.words) for p in plans)),
        ("unit", Words("单位", "Unit"), ((u.pk, u.words) for u in units)),
        ("town", Words("镇", "Town"), ((t.pk, Words(t.name_zh, t.name_en)) for t in towns)),
        ("state", Words("办理状态", "State"), STATE_WORDS.items()),
        ("standing", Words("期限状态", "Day"), STANDING_WORDS.items()),
    )
    return tuple((name, label, _drawn(options, english)) for name, label, options in found)


def _drawn(options: Iterable[tuple[object, Words]], english: bool) -> SafeString:
    every = Words("全部", "All")
    lines = [("", every), *options]
    return SafeString(
        "".join(format_html('<option value="{}">{}</option>', v, w.en if english else w.zh) for v, w in lines)
    )


def _marked(drawn: SafeString, chosen: str) -> SafeString:
    if not chosen:
        return drawn
    value = format_html('value="{}"', chosen)
    return SafeString(drawn.replace(f"<option {value}>", f"<option {value} selected>", 1))
