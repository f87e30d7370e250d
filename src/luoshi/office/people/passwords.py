"""Password rules beyond Django's own (DOMAIN 13: complexity and regular change are level-2 controls)."""

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError


class ThreeOfFourClasses:
    """At least three of: lower case, upper case, digit, other sign."""

    words = "请至少使用小写、大写、数字、符号中的三类。 Use three of: lower case, upper case, digits, signs."

    def validate(self, password: str, user: Any = None) -> None:
        classes = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
        if sum(any(test(c) for c in password) for test in classes) < 3:
            raise ValidationError(self.words, code="password_classes")

    def get_help_text(self) -> str:
        return self.words


class NotUsedRecently:
    """Not one of the account's last passwords."""

    words = "不能使用最近用过的密码。 Do not reuse a recent password."

    def validate(self, password: str, user: Any = None) -> None:
        history = [
            *getattr(user, "password_history", [])[-settings.LUOSHI_PASSWORD_HISTORY :],
            getattr(user, "password", ""),
        ]
        if any(h and check_password(password, h) for h in history):
            raise ValidationError(self.words, code="password_reused")

    def get_help_text(self) -> str:
        return self.words
