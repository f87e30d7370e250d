"""Filters and tags every template has: words in the page's language, county dates, clause citations."""

import datetime as dt
from typing import Any

from django import template
from django.utils.translation import get_language

from luoshi.core.words import Words

register = template.Library()
_WEEKDAYS = Words("一二三四五六日", "Mon Tue Wed Thu Fri Sat Sun")


def language() -> str:
    """Return ``zh`` or ``en`` for the running request."""
    return "en" if (get_language() or "zh").startswith("en") else "zh"


@register.simple_tag(name="say")
def say(zh: str, en: str) -> str:
    """Return the text in the page's language: ``{% say "待办" "To do" %}``."""
    return en if language() == "en" else zh


@register.filter
def words(value: Any) -> str:
    """Return ``Words`` (or anything with ``.words``) in the page's language."""
    value = getattr(value, "words", value)
    return value.pick(language()) if isinstance(value, Words) else str(value)


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """Return a day as 2023年7月3日（周一） or 3 Jul 2023 (Mon)."""
    if value is None:
        return ""
    if language() == "en":
        return f"{value.day} {value:%b %Y} ({_WEEKDAYS.en.split()[value.weekday()]})"
    return f"{value.year}年{value.month}月{value.day}日（周{_WEEKDAYS.zh[value.weekday()]}）"
