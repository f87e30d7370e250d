"""Tokens for programs: a person makes one for a post of the own, for so many days, and ends it at any time.

A program sends it as ``Authorization: Bearer …`` and then acts as that account in that post, no more: what the post
loses the token loses, and it ends with the appointment, the account or its day.
"""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.people import attempts, bearer, passwords
from luoshi.office.people.models import Account, ApiToken


def live(account: Account, now: dt.datetime) -> QuerySet[ApiToken]:
    """Return the tokens of an account that are still taken."""
    day = now.astimezone(COUNTY_ZONE).date()
    return ApiToken.objects.filter(account=account, ended_at__isnull=True, until_on__gte=day)


def shown(request: HttpRequest) -> str | None:
    """Return the token a request shows, None where it shows none."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _owes_a_password(account: Account, now: dt.datetime) -> bool:
    has_one = bool(account.password) and account.has_usable_password()
    return has_one and passwords.change_is_due(account, now)


def settle(request: HttpRequest, token: str, actor_of: Any) -> None:
    """Let the request act as the token's account in its post; raise ``Problem`` 401 for a token that is not taken."""
    page: Any = request
    day = page.now.astimezone(COUNTY_ZONE).date()
    rows = ApiToken.objects.select_related(
        "account__county", "appointment__post__unit__place", "appointment__post__place"
    ).filter(digest=bearer.digest_of(token), ended_at__isnull=True, until_on__gte=day)
    row = rows.first()
    held = row and row.appointment.from_on <= day and not row.appointment.post.closed and (
        row.appointment.to_on is None or row.appointment.to_on >= day
    )  # fmt: skip
    if row is None or not held or not row.account.is_active or _owes_a_password(row.account, page.now):
        page.county, page.acting, page.actor = None, None, Actor(0, "public")
        attempts.limit(request, page.now)
        raise Problem(
            "Authorization",
            Words("接口令牌无效、已到期或已停用。", "The API token is not valid, has run out or was ended."),
            Words("请在“我的账号”页面新建令牌。", "Make a new one on the page of your account."),
            status=401,
        )
    page.user, page.bearer, page.county = row.account, True, row.account.county
    page.posts, page.acting = [row.appointment], row.appointment
    page.actor = actor_of(row.appointment)
