"""Opening and revoking the address under which a calendar program reads due days."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr

from luoshi.core.outcome import Granted, Outcome, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Where
from luoshi.office.actions import Call, Decision, Done, Inputs, action
from luoshi.office.people import bearer
from luoshi.supervision.actions.inputs import told
from luoshi.supervision.outlook.models import CalendarFeed
from luoshi.supervision.outlook.readables import SUBSCRIBERS


class OpenInputs(Inputs):
    """Whose due days, and the token; the page makes the token, and neither journal nor digest of inputs sees it."""

    whose: Annotated[
        Literal["unit", "person"], told("订阅谁的期限", "Whose due days", "本单位或本人", "the unit's or your own")
    ]
    token: Annotated[
        SecretStr, Field(exclude=True, title="随机串 Token", description="43 位随机字符 / 43 random letters")
    ]


class FeedInputs(Inputs):
    """Which feed."""

    feed_id: Annotated[int, told("订阅编号", "Feed", ge=1)]


def _self(call: Call, inputs: OpenInputs) -> Where:
    units = frozenset({call.actor.unit_id}) if call.actor.unit_id is not None else frozenset[int]()
    return Where(call.actor.county_id, units, account_id=call.actor.account_id)


def _load(call: Call, inputs: FeedInputs) -> CalendarFeed:
    rows = CalendarFeed.objects.select_for_update().filter(county_id=call.actor.county_id, pk=inputs.feed_id)
    found = rows.first()
    if found is None:
        raise Problem(
            "feed_id", Words("没有这个订阅。", "There is no such feed."),
            Words("请从日历订阅页选择。", "Choose one on the page of feeds."), status=404,
        )  # fmt: skip
    return found


def where(feed: CalendarFeed) -> Where:
    """A unit's feed stands in the unit, a person's with the person."""
    return Where(feed.county_id, frozenset({feed.unit_id} if feed.unit_id else ()), account_id=feed.account_id)


def _in_force(call: Call, feed: CalendarFeed) -> Outcome:
    if feed.revoked_on is None:
        return Granted()
    return refuse(
        "feed_revoked", f"这个订阅已于{feed.revoked_on}撤销。", f"This feed was revoked on {feed.revoked_on}."
    )


@action(
    "feed.open", Words("开通日历订阅", "Open a calendar feed"), subject="calendar_feed", grants=SUBSCRIBERS,
    inputs=OpenInputs, load=_self, where=lambda place: place,
)  # fmt: skip
def open_feed(call: Call, place: Where, inputs: OpenInputs) -> Decision:
    """Open a feed; the address is shown once, to whoever opened it."""
    token, actor = inputs.token.get_secret_value(), call.actor
    if not bearer.looks_like_one(token):
        raise Problem(
            "token", Words("随机串不合要求。", "This is no random token."),
            Words("请在网页上开通，由系统生成。", "Open it on the page, which makes one."), status=422,
        )  # fmt: skip
    assert actor.account_id is not None and actor.unit_id is not None and actor.post_id is not None, "a post acts"
    feed = CalendarFeed(
        county_id=actor.county_id, digest=bearer.digest_of(token), made_by_id=actor.account_id, made_on=call.today
    )
    if inputs.whose == "unit":
        feed.unit_id = actor.unit_id
    else:
        feed.account_id, feed.post_id = actor.account_id, actor.post_id
    feed.save()
    what = Words("本单位", "the unit") if feed.unit_id else Words("本人", "oneself")
    return Done(
        Words(f"开通{what.zh}期限的日历订阅。", f"Opened a calendar feed of what is due from {what.en}."),
        after={"whose": inputs.whose}, values={"feed": feed.pk}, subject_id=feed.pk,
    )  # fmt: skip


@action(
    "feed.revoke", Words("撤销日历订阅", "Revoke a calendar feed"), subject="calendar_feed", grants=SUBSCRIBERS,
    inputs=FeedInputs, load=_load, where=where, why_not=_in_force,
)  # fmt: skip
def revoke_feed(call: Call, feed: CalendarFeed, inputs: FeedInputs) -> Decision:
    """Shut an address at once and for good; another can be opened."""
    feed.revoked_on = call.today
    feed.save(update_fields=["revoked_on"])
    return Done(
        Words("撤销日历订阅，原地址即刻失效。", "Revoked a calendar feed; its address is shut at once."),
        before={"revoked_on": None}, after={"revoked_on": str(call.today)},
    )  # fmt: skip
