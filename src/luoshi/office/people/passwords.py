"""Password rules beyond Django's own (DOMAIN 13: complexity and regular change are level-2 controls)."""

import datetime as dt
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.functional import lazy

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.people.models import Account


class ThreeOfFourClasses:
    """At least three of: lower case, upper case, digit, other sign."""

    words = Words("请至少使用小写、大写、数字、符号中的三类。", "Use three of: lower case, upper case, digits, signs.")

    def validate(self, password: str, user: Any = None) -> None:
        classes = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
        if sum(any(test(c) for c in password) for test in classes) < 3:
            raise ValidationError(_said(self.words), code="password_classes")

    def get_help_text(self) -> str:
        return self.words.pick(_language())


class NotUsedRecently:
    """Not one of the account's last passwords."""

    words = Words("不能使用最近用过的密码。", "Do not reuse a recent password.")

    def validate(self, password: str, user: Any = None) -> None:
        history = [
            *getattr(user, "password_history", [])[-settings.LUOSHI_PASSWORD_HISTORY :],
            getattr(user, "password", ""),
        ]
        if any(h and check_password(password, h) for h in history):
            raise ValidationError(_said(self.words), code="password_reused")

    def get_help_text(self) -> str:
        return self.words.pick(_language())


def _said(words: Words) -> Any:
    """Return a text that is put in the language of whoever prints it, as Django's own messages are."""
    return lazy(lambda: words.pick(_language()), str)()


def _language() -> str:
    return "en" if (translation.get_language() or "").startswith("en") else "zh"


def matches(password: str, account: Account | None) -> bool:
    """Tell whether the password is this account's. Costs one hash whether or not there is such an account."""
    return check_password(password, account.password if account else _nobodys())


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return make_password("nobody's password")


def require_good(password: str, account: Account, place: str = "password") -> None:
    """Raise ``Problem`` 422 with every rule a new password breaks, in both languages."""
    try:
        validate_password(password, account)
    except ValidationError as fault:
        with translation.override("zh-hans"):
            zh = "".join(fault.messages)
        with translation.override("en"):
            en = " ".join(fault.messages)
        raise Problem(
            place,
            Words("密码不合要求。" + zh, "Not good enough. " + en),
            Words("请换一个密码。", "Choose another one."),
            status=422,
        ) from fault


def put(account: Account, password: str, now: dt.datetime, *, made: bool) -> None:
    """Set a checked password and remember the old one's hash; ``made`` ones must be changed at first sign-in."""
    if account.password and account.has_usable_password():
        account.password_history = [*account.password_history, account.password][-settings.LUOSHI_PASSWORD_HISTORY :]
    account.set_password(password)
    account.must_change_password = made
    account.password_changed_at = now


def change_is_due(account: Account, now: dt.datetime) -> bool:
    """Tell whether the password must be changed before anything else: a made one, or one older than the rule allows."""
    changed = account.password_changed_at
    too_old = changed is not None and now - changed > settings.LUOSHI_PASSWORD_MAX_AGE
    return account.must_change_password or too_old
