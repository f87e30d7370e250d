"""The actions on tokens for programs: made for one of the own posts, ended at any time."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from luoshi.core.outcome import Granted, Outcome, Refused, refuse
from luoshi.core.words import Words
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.people import bearer, own_account
from luoshi.office.people.models import Account, ApiToken
from luoshi.office.people.own_account import OWN
from luoshi.office.people.secret import Unjournalled
from luoshi.office.people.tokens import live

MOST_DAYS = 366
MOST_TOKENS = 10


class MakeToken(Inputs):
    """What the program is called, for which post it acts, for how many days. ``token`` is made by the page."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    appointment: int
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 90
    token: Unjournalled


class EndToken(Inputs):
    """Which of the own tokens."""

    token: int


def _may_make(call: Call, account: Account) -> Outcome:
    if live(account, call.now).count() < MOST_TOKENS:
        return Granted()
    return refuse(
        "too_many", f"已有{MOST_TOKENS}个令牌在用。", f"{MOST_TOKENS} tokens are in use.",
        Words("请先停用不再需要的。", "End those no longer needed."),
    )  # fmt: skip


@action(
    "account.make_token", Words("新建接口令牌", "Make an API token"), subject="account", grants=OWN, inputs=MakeToken,
    load=own_account.own, where=own_account.where_own, why_not=_may_make,
)  # fmt: skip
def make_token(call: Call, account: Account, inputs: MakeToken) -> Done | Refused:
    """Keep the digest of a token for one of the own posts."""
    held = account.appointments.filter(pk=inputs.appointment, from_on__lte=call.today, post__closed=False)
    appointment = held.exclude(to_on__lt=call.today).select_related("post__unit").first()
    if appointment is None:
        return refuse("not_held", "您现在不在这个岗位上。", "You do not hold this post now.",
                      Words("请选择自己现任的岗位。", "Choose a post you hold."))  # fmt: skip
    token = inputs.token.get_secret_value()
    if not bearer.looks_like_one(token):
        return refuse("not_random", "令牌不够随机。", "The token is not random enough.",
                      Words("请在“我的账号”页面新建。", "Make it on the page of your account."))  # fmt: skip
    until_on = call.today + dt.timedelta(days=inputs.days)
    row = ApiToken.objects.create(
        account=account, appointment=appointment, name=inputs.name, digest=bearer.digest_of(token), made_at=call.now,
        until_on=until_on,
    )  # fmt: skip
    post = appointment.post
    said = Words(
        f"新建接口令牌“{inputs.name}”：{post.unit.name_zh}{post.title_zh}，至{until_on}",
        f"Made the API token {inputs.name}: {post.unit.name_en}, {post.title_en}, until {until_on}",
    )
    return Done(said, values={"token_id": row.pk, "until_on": str(until_on)}, subject_id=account.pk)


@action(
    "account.end_token", Words("停用接口令牌", "End an API token"), subject="account", grants=OWN, inputs=EndToken,
    load=own_account.own, where=own_account.where_own,
)  # fmt: skip
def end_token(call: Call, account: Account, inputs: EndToken) -> Done | Refused:
    """End one of the own tokens at once. One that has ended already is no fault."""
    row = ApiToken.objects.filter(account=account, pk=inputs.token).first()
    if row is None:
        return refuse("no_such_token", "没有这个令牌。", "There is no such token.",
                      Words("请刷新页面。", "Reload the page."))  # fmt: skip
    if row.ended_at is None:
        row.ended_at = call.now
        row.save(update_fields=["ended_at"])
    return Done(Words(f"停用接口令牌“{row.name}”", f"Ended the API token {row.name}"), subject_id=account.pk)


def end_all(account: Account, now: dt.datetime) -> int:
    """End every token of an account; runs within an action."""
    return live(account, now).update(ended_at=now)
