"""Reading what a person typed into a cell. Pure; raises ``Problem`` 422 naming the place."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.supervision.reporting.forms import Question
from luoshi.supervision.reporting.sheet import plain

LONGEST_WHOLE = 10**9
LONGEST_TEXT = 2000
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．－，", "0123456789.-,")


def answer(question: Question, text: str, place: str) -> Any:
    """Return an answer as JSON keeps it: a whole number, a number as text, a text, a choice in both languages."""
    if question.kind == "choice":
        for choice in question.choices:
            if text in choice:
                return choice.as_json()
        names = "、".join(c.zh for c in question.choices)
        raise _bad(
            place, "没有这个选项。", "There is no such choice.", f"可选：{names}。", "Choose one of those shown."
        )
    if question.kind == "whole":
        return whole(text, place)
    if question.kind == "number":
        return plain(number(text, place))
    if len(text) > LONGEST_TEXT:
        raise _bad(
            place, f"超过{LONGEST_TEXT}字。", f"Longer than {LONGEST_TEXT} characters.", "请写得简短些。", "Shorten it."
        )
    return text.strip()


def correction(kind: str, text: str, place: str) -> Any:
    """Return a corrected figure as JSON keeps it, read like the kind of figure it replaces."""
    if kind == "count":
        return whole(text, place)
    if kind in ("percent", "amount"):
        return plain(number(text, place))
    if kind == "day":
        try:
            return dt.date.fromisoformat(text.strip()).isoformat()
        except ValueError:
            raise _bad(
                place, "不是日期。", "This is no day.", "请写成 2023-07-03 的形式。", "Write it like 2023-07-03."
            ) from None
    return text.strip()


def whole(text: str, place: str) -> int:
    """Read a whole number from 0; blanks and separators of thousands may stand in it."""
    read = text.translate(_FULL_WIDTH).replace(",", "").replace(" ", "").strip()
    if read.isascii() and read.isdigit() and len(read) < 11 and int(read) <= LONGEST_WHOLE:
        return int(read)
    raise _bad(
        place,
        f"“{text[:40]}”不是整数。",
        f"{text[:40]!r} is no whole number.",
        "请填 0 或正整数。",
        "Give 0 or a whole number.",
    )


def number(text: str, place: str) -> Decimal:
    """Read a number from 0, with a decimal point where it has one."""
    read = text.translate(_FULL_WIDTH).replace(",", "").replace(" ", "").rstrip("%％").strip()
    try:
        found = Decimal(read)
    except InvalidOperation:
        found = Decimal(-1)
    if read.replace(".", "", 1).isdigit() and read.isascii() and len(read) < 20 and found >= 0:
        return found
    raise _bad(place, f"“{text[:40]}”不是数字。", f"{text[:40]!r} is no number.", "请填数字。", "Give a number.")


def _bad(place: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Problem:
    return Problem(place, Words(zh, en), Words(remedy_zh, remedy_en), status=422)
