"""Signing in and failing to.

The password is checked before the transaction, because a hash takes a tenth of a second and the embedded database has
one writer; everything that is counted or spent is decided inside it, under the row's lock.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Annotated

from django.conf import settings
from pydantic import Field

from luoshi.core.outcome import Refused, refuse
from luoshi.core.words import Words
from luoshi.office.access import Actor, Where
from luoshi.office.actions import COUNTY_ZONE, Call, Done, Inputs, action
from luoshi.office.people import passwords, second_factor
from luoshi.office.people.models import Account, County
from luoshi.office.people.secret import Secret, Unjournalled, empty

NOT_SIGNED_IN = Words(
    "没有登录：用户名、密码或验证码不对，或者账号已停用、暂时锁定。",
    "Not signed in: the user name, password or code is wrong, or the account is disabled or locked for a while.",
)


class SignIn(Inputs):
    """Whose account, the stored hash that the password was checked against, and the one-time code where one is due."""

    account: int
    seen: Unjournalled
    code: Secret = empty()


class FailSignIn(Inputs):
    """Which account, if the name was one; ``why``: password, code, locked, disabled."""

    account: int | None
    why: Annotated[str, Field(max_length=20)]


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a name and a password. ``account`` is set only when both are right and it may sign in now."""

    account: Account | None
    why: str = ""
    named: int | None = None


def try_password(username: str, password: str, now: dt.datetime) -> Tried:
    """Check a name and a password; the cost and the answer are the same for a name that is nobody's."""
    account = Account.objects.select_related("county").filter(username=username).first()
    right = passwords.matches(password, account)
    if account is None:
        return Tried(None, "password")
    if not account.is_active:
        return Tried(None, "disabled", account.pk)
    if is_locked(account, now):
        return Tried(None, "locked", account.pk)
    return Tried(account, "", account.pk) if right else Tried(None, "password", account.pk)


def is_locked(account: Account, now: dt.datetime) -> bool:
    """Tell whether the account is locked after too many failures."""
    return account.locked_until is not None and now < account.locked_until


def call_for(county: County, account_id: int | None, now: dt.datetime, address: str) -> Call:
    """Return the call of one attempt. Each attempt is a request of its own: an old answer must let nobody in."""
    return Call(Actor(county.pk, "system", account_id), now, uuid.uuid4().hex, "web", address)


@dataclass(frozen=True, slots=True)
class _Attempted:
    county_id: int
    account: Account | None

    @property
    def pk(self) -> int | str:
        return self.account.pk if self.account else ""


def _attempted(call: Call, inputs: SignIn | FailSignIn) -> _Attempted:
    rows = Account.objects.select_for_update().filter(county_id=call.actor.county_id, pk=inputs.account or 0)
    return _Attempted(call.actor.county_id, rows.first())


@action(
    "account.sign_in",
    Words("登录", "Sign in"),
    subject="account",
    grants={"system": "county"},
    inputs=SignIn,
    load=_attempted,
    where=lambda tried: Where(tried.county_id),
)
def sign_in(call: Call, tried: _Attempted, inputs: SignIn) -> Done | Refused:
    """Let an account in whose password was right: once more looked at under its lock, with its one-time code."""
    account = tried.account
    if account is None or not account.is_active:
        return refuse("disabled", "账号已停用。", "The account is disabled.")
    if is_locked(account, call.now):
        return refuse("locked", "账号暂时锁定。", "The account is locked for a while.")
    if account.password != inputs.seen.get_secret_value():
        return refuse("password", "密码刚刚被修改。", "The password has just been changed.")
    if account.second_factor_confirmed_at is not None:
        step = second_factor.matching_step(
            account.second_factor, inputs.code.get_secret_value(), call.now, account.second_factor_last_step
        )
        if step is None:
            return refuse("code", "验证码不对或已用过。", "The code is wrong or was used before.")
        account.second_factor_last_step = step
    before = {"last": _iso(account.last_login), "failures": account.failed_sign_ins}
    account.failed_sign_ins, account.locked_until, account.last_login = 0, None, call.now
    account.save(update_fields=["failed_sign_ins", "locked_until", "last_login", "second_factor_last_step"])
    return Done(Words(f"登录：{account.username}", f"Signed in: {account.username}"), before=before, values=before)


@action(
    "account.fail_sign_in",
    Words("登录失败", "Failed sign-in"),
    subject="account",
    grants={"system": "county"},
    inputs=FailSignIn,
    load=_attempted,
    where=lambda tried: Where(tried.county_id),
)
def fail_sign_in(call: Call, tried: _Attempted, inputs: FailSignIn) -> Done:
    """Count a failure and lock the account after too many. A name that is nobody's is recorded without the name."""
    account = tried.account
    if account is None:
        return Done(Words("登录失败：没有这个用户名", "Failed sign-in: no such user name"), facts={"why": inputs.why})
    facts = {"why": inputs.why}
    if inputs.why in ("locked", "disabled") or is_locked(account, call.now):
        return Done(_failed(account, "账号已锁定或停用", "locked or disabled"), facts=facts, values={"locked": True})
    account.failed_sign_ins += 1
    lock = account.failed_sign_ins >= settings.LUOSHI_LOCK_AFTER_FAILURES
    after: dict[str, object] = {"failures": account.failed_sign_ins}
    if lock:
        account.failed_sign_ins, account.locked_until = 0, call.now + settings.LUOSHI_LOCK_FOR
        after["locked_until"] = _iso(account.locked_until)
    account.save(update_fields=["failed_sign_ins", "locked_until"])
    summary = _failed(account, "账号锁定", "now locked") if lock else _failed(account, inputs.why, inputs.why)
    return Done(summary, after=after, facts=facts, values={"locked": lock})


def _failed(account: Account, zh: str, en: str) -> Words:
    zh = {"password": "密码不对", "code": "验证码不对"}.get(zh, zh)
    return Words(f"登录失败（{zh}）：{account.username}", f"Failed sign-in ({en}): {account.username}")


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(COUNTY_ZONE).isoformat(timespec="seconds") if moment else None
