"""Accounts with passwords, and the codes their authenticators would show."""

import datetime as dt
from dataclasses import dataclass

import pyotp
import pytest

from luoshi.office import door
from luoshi.office.people import passwords, sign_in
from luoshi.office.people.models import Account
from tests.office.conftest import NOW, SmallCounty

PASSWORD = "Ledger-7-mountain"  # pragma: allowlist secret


@dataclass
class Door:
    """The front door: tries a password as the sign-in page does, and says what became of it."""

    small: SmallCounty

    def account(self, name: str) -> Account:
        return Account.objects.get(pk=self.small.accounts[name].pk)

    def knock(self, name: str, password: str = PASSWORD, code: str = "", now: dt.datetime = NOW) -> str:
        """Return ``in`` or why not; count failures."""
        county = self.small.county
        tried = sign_in.try_password(f"small-{name}", password, now)
        if tried.account is None:
            call = sign_in.call_for(county, tried.named, now, "192.0.2.1")
            sign_in.fail_sign_in(call, account=tried.named, why=tried.why)
            return tried.why
        call = sign_in.call_for(county, tried.account.pk, now, "192.0.2.1")
        result = sign_in.sign_in(call, account=tried.account.pk, seen=tried.account.password, code=code)
        return "in" if result.outcome else result.outcome.reasons[0].code


def give_password(account: Account, password: str = PASSWORD, now: dt.datetime = NOW) -> None:
    with door.opened("fixture"):
        account.refresh_from_db()
        passwords.put(account, password, now, made=False)
        account.save()


def code_at(secret: str, now: dt.datetime) -> str:
    return pyotp.TOTP(secret).at(now)


@pytest.fixture
def at_the_door(small: SmallCounty) -> Door:
    for account in small.accounts.values():
        give_password(account)
    return Door(small)
