"""What a calendar feed holds at this moment: the duties that its unit, or its person in a post, may read now."""

import datetime as dt
from collections.abc import Callable

from django.db.models import Q, QuerySet

from luoshi.core.calendar import default_calendar
from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.duties.models import Duty
from luoshi.office.duties.schedule import Scheme, midnight, warn_on
from luoshi.office.people import acting
from luoshi.office.people.bearer import digest_of
from luoshi.office.people.models import Account, Unit
from luoshi.supervision import clocks
from luoshi.supervision.outlook.ical import Entry
from luoshi.supervision.outlook.models import CalendarFeed
from luoshi.supervision.outlook.values import FeedValues
from luoshi.supervision.queries.ledger import near_limit
from luoshi.supervision.readables import DUTY

WORDS = {
    "on_time": Words("按期", "On time"), "near": Words("临期", "Due soon"), "overdue": Words("逾期", "Overdue"),
    "suspended": Words("中止", "Suspended"), "done": Words("办结", "Done"), "done_late": Words("逾期办结", "Done late"),
    "cancelled": Words("撤销", "Cancelled"),
}  # fmt: skip


def found(token: str) -> CalendarFeed | None:
    """Return the feed of a token, unless it was revoked."""
    rows = CalendarFeed.objects.select_related("county", "unit__place", "post__unit__place", "post__place", "account")
    return rows.filter(digest=digest_of(token), revoked_on__isnull=True).first()


def duties(feed: CalendarFeed, today: dt.date, values: FeedValues) -> QuerySet[Duty] | None:
    """Return the duties of a feed; None where its unit is no more, or its person no longer holds the post."""
    if feed.unit is not None:
        if not _there(feed.unit, today):
            return None
        rows = Duty.objects.filter(county_id=feed.county_id, unit=feed.unit)
    else:
        actor = _reader(feed, today)
        if actor is None:
            return None
        mine = Q(account_id=actor.account_id) | Q(account_id__isnull=True, unit_id=actor.unit_id)
        rows = DUTY.visible(actor, Duty.objects.filter(mine))
    since, until = today - dt.timedelta(days=values.past_days), today + dt.timedelta(days=values.ahead_days)
    over = Q(state__in=("closed", "cancelled"), closed_on__gte=since)
    rows = rows.filter(Q(state__in=("open", "suspended")) | over, due_on__isnull=False, due_on__lte=until)
    return rows.order_by("due_on", "pk")[: values.most_events]


def _there(unit: Unit, today: dt.date) -> bool:
    return (unit.valid_from is None or unit.valid_from <= today) and (unit.valid_to is None or today <= unit.valid_to)


def _reader(feed: CalendarFeed, today: dt.date) -> Actor | None:
    account: Account | None = feed.account
    if account is None or not account.is_active:
        return None
    held = next((one for one in acting.held(account, today) if one.post_id == feed.post_id), None)
    return acting.actor_of(held) if held is not None else None


def entries(
    rows: QuerySet[Duty], county: str, today: dt.date, language: str, address: Callable[[int], str]
) -> list[Entry]:
    """Return duties as entries; ``county`` is its code, ``address`` gives a duty's page. Nobody is named in any."""
    near = near_limit(today)
    return [_entry(duty, county, today, near, language, address) for duty in rows]


def _entry(
    duty: Duty, county: str, today: dt.date, near: dt.date, language: str, address: Callable[[int], str]
) -> Entry:
    assert duty.due_on is not None, "only what has a day is in a calendar"
    over = duty.state in ("closed", "cancelled")
    last = max([event["on"] for event in duty.events] or [duty.opened_on.isoformat()])
    changed = dt.date.fromisoformat(last)
    if over and duty.closed_on is not None:
        changed = max(changed, duty.closed_on)
    standing = clocks.standing(duty.state, duty.due_on, duty.closed_on, today, near)
    if not over and standing != "on_time":  # the word of the colour changes by time alone
        changed = max(changed, _turned(standing, duty.due_on))
    return Entry(
        f"luoshi-{county}-duty-{duty.pk}",
        len(duty.events) - 1 + over,
        duty.words.pick(language),
        duty.due_on,
        duty.state,
        WORDS[standing],
        duty.clause_id,
        address(duty.pk),
        midnight(changed, COUNTY_ZONE),
    )


def _turned(standing: str, due_on: dt.date) -> dt.date:
    """Return the day on which an open duty took its colour; a stop is among its events already."""
    if standing == "overdue":
        return due_on + dt.timedelta(days=1)
    return warn_on(due_on, Scheme(), default_calendar()) if standing == "near" else dt.date.min
