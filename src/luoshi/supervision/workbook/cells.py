"""One cell of a workbook against one field of the house: the text it is compared by, and what it wants. Pure."""

import datetime as dt
import unicodedata
from dataclasses import dataclass
from typing import Any

from luoshi.core.words import Words
from luoshi.office.papers.text import clean
from luoshi.supervision.workbook import dates
from luoshi.supervision.workbook.layouts import MOVES, Column

LONGEST = {"text": 5_000, "note": 2_000, "extend_why": 900, "person": 60}
"""Characters that the action behind each of these takes; a reason leaves room for the words put before it."""


def printed(value: Any) -> str:
    """Return a value of the house, or a cell that was read, as the text by which cells are compared."""
    if type(value) is str:
        return value.strip() if value.isprintable() else clean(value).strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time(0) else value.isoformat(" ", "minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


@dataclass(frozen=True, slots=True)
class Wish:
    """What a filled cell wants, as text in the house's form; ``fault``: why it cannot be read, ``doubt``: a guess."""

    text: str
    fault: Words | None = None
    doubt: Words | None = None


def wish(column: Column, value: Any, today: dt.date) -> Wish:
    """Read a cell that may be filled in."""
    if column.fills == "percent":
        return _percent(value)
    if column.fills == "extend_to":
        return _day(value, today)
    text = printed(value)
    if column.fills == "move":
        return _move(text)
    if len(text) > LONGEST[column.fills]:
        most = LONGEST[column.fills]
        return Wish(text[:most], Words(f"超过 {most} 字。", f"Longer than {most} characters."))
    if text and len(text) < 2 and column.fills != "person":
        return Wish(text, Words("至少写两个字。", "Write at least two characters."))
    return Wish(text)


def _move(text: str) -> Wish:
    plain = "".join(text.split())
    if not plain or plain in {words.zh for words in MOVES.values()}:
        return Wish(plain)
    choices = "、".join(words.zh for words in MOVES.values())
    return Wish(
        text[:40], Words(f"“{text[:20]}”不在可选之列：{choices}。", f"{text[:20]!r} is none of the choices: {choices}.")
    )


def _percent(value: Any) -> Wish:
    doubt = None
    if isinstance(value, str):
        text = "".join(unicodedata.normalize("NFKC", value).split()).rstrip("%")
        if not text:
            return Wish("")
        try:
            number = float(text)
        except ValueError:
            return Wish(value.strip()[:40], Words("应为 0 至 100 的整数。", "It must be a whole number from 0 to 100."))
    elif isinstance(value, bool) or not isinstance(value, int | float):
        return Wish(printed(value), Words("应为 0 至 100 的整数。", "It must be a whole number from 0 to 100."))
    else:
        number = float(value)
        if 0 < number < 1:
            number, doubt = round(number * 100, 6), Words("按百分比读取。", "Read as a percentage.")
    if not number.is_integer() or not 0 <= number <= 100:
        return Wish(printed(value)[:40], Words("应为 0 至 100 的整数。", "It must be a whole number from 0 to 100."))
    return Wish(str(int(number)), None, doubt)


def _day(value: Any, today: dt.date) -> Wish:
    found = dates.read(value, today.year)
    if found.fault is not None:
        return Wish(printed(value)[:40], found.fault)
    if found.kind == "none" and found.doubt is None:
        return Wish("")
    if found.day is None:
        return Wish(printed(value)[:40], Words("请写具体日期，如 2023-9-30。", "Give a day such as 2023-9-30."))
    return Wish(found.day.isoformat(), None, found.doubt)
