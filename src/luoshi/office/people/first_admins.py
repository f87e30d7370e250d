"""The first three administrators of an empty installation: no default account, made passwords, shown once."""

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass

from django.db import transaction

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE, Call
from luoshi.office.people import actions
from luoshi.office.people.models import Account, County, Unit
from luoshi.office.people.roles import ADMINISTRATIVE, ROLES


@dataclass(frozen=True, slots=True)
class Made:
    """One account that was made. The password is in no record; whoever holds this shows it once."""

    role: str
    username: str
    password: str


def make(county: County, unit_code: str, names: dict[str, str], now: dt.datetime) -> list[Made]:
    """Make the three posts and accounts, all or none. ``names`` gives a user name per role; others are made up.

    Raises ``Problem`` 409 where the county has an account already, 404 for an unknown unit.
    """
    with transaction.atomic():
        County.objects.select_for_update().get(pk=county.pk)
        if Account.objects.filter(county=county).exists():
            raise Problem(
                "account",
                Words("这里已经有账号，不再另设首批管理员。", "There are accounts already; this is done once."),
                Words("请由现有管理员办理。", "Ask the administrators there are."),
                status=409,
            )  # fmt: skip
        if not Unit.objects.filter(county=county, code=unit_code).exists():
            raise actions.missing("unit", f"单位“{unit_code}”", f"unit {unit_code!r}")
        return [_one(county, unit_code, role, names.get(role, ""), now) for role in ROLES if role in ADMINISTRATIVE]


def _one(county: County, unit_code: str, role: str, username: str, now: dt.datetime) -> Made:
    def call() -> Call:
        return Call(Actor(county.pk, "system"), now, uuid.uuid4().hex, "command")

    title = ROLES[role].words
    # A made-up part, because a name that is the same everywhere is half of a default account.
    username = username or f"{role.removesuffix('_admin')}-{secrets.token_hex(3)}"
    password = actions.made_password()
    post = actions.open_post(call(), unit=unit_code, role=role, title_zh=title.zh, title_en=title.en)
    account = actions.open_account(call(), username=username, display_name=title.zh, password=password)
    for result in (post, account):
        if not result.outcome:
            raise _refused(result.outcome.reasons[0])
    done = actions.appoint(
        call(), account=account.values["account"], post=post.values["post"], from_on=now.astimezone(COUNTY_ZONE).date()
    )
    if not done.outcome:
        raise _refused(done.outcome.reasons[0])
    return Made(role, username, password)


def _refused(reason: object) -> Problem:
    words: Words = reason.words  # type: ignore[attr-defined]
    return Problem("account", words, Words("请换一个名字。", "Choose another name."), status=409)
