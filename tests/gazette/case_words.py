"""How words of a case and words of a proposal are compared: widths, blanks and quotes do not count, figures do."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

_DROPPED = re.compile(r"[\s《》〈〉“”‘’\"'「」]+")
_DASHES = str.maketrans({c: "-" for c in "—–―‐−"})
_FIGURES = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_CIRCLED = {chr(0x2460 + i): str(i + 1) for i in range(20)}
_PERIODS = {
    "日": "day", "天": "day", "daily": "day",
    "周": "week", "weekly": "week", "旬": "ten_days",
    "月": "month", "monthly": "month",
    "季": "quarter", "季度": "quarter", "quarterly": "quarter",
    "半年": "half_year", "half-year": "half_year", "halfyear": "half_year",
    "年": "year", "yearly": "year", "annual": "year",
}  # fmt: skip


def plain(words: Any) -> str:
    """Words without blanks, title marks and quotation marks, in half-width forms, with one kind of dash."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", "" if words is None else str(words))).translate(_DASHES)


def number_form(number: Any) -> str:
    """A document number with one kind of bracket round its year: `X政发[2024] 6 号` is `X政发〔2024〕6号`."""
    return re.sub(r"[\[(【〔](\d{4})[\])】〕]", r"〔\1〕", plain(number))


def names(value: Any) -> list[str]:
    """A list of unit names; a case may write the list as one string with blanks between the names."""
    if value is None:
        return []
    parts = value.split() if isinstance(value, str) else list(value)
    return [plain(p["name"] if isinstance(p, dict) else p) for p in parts]


def figure(number: Any) -> str:
    """An item number as figures: `（十二）`, `12.`, `12` and `⑫` are all `12`; `4.2.1` stays."""
    text = "".join(_CIRCLED.get(c, c) for c in str(number or ""))
    text = re.sub(r"[()（）、,.．\s]+$|^[()（）\s第]+|是$|条$|项$|章$", "", plain(text))
    text = re.sub(r"^\(|\)$", "", text)
    if re.fullmatch("[一二三四五六七八九十〇零]+", text):
        return _chinese(text)
    return text


def _chinese(text: str) -> str:
    if "十" not in text:
        return "".join(_FIGURES[c] for c in text)
    tens, ones = text.split("十", 1)
    return str(int(_FIGURES.get(tens, "1")) * 10 + int(_FIGURES.get(ones, "0")))


def recurrence(value: Any) -> tuple[str, tuple[str, ...]] | None:
    """`every` as (period, days). A case writes `month 1 11 21`; a proposal may use a mapping or a string."""
    if value in (None, "", {}, []):
        return None
    if isinstance(value, dict):
        period = next((str(value[k]) for k in ("every", "period", "per", "unit", "freq") if value.get(k)), "")
        days = next((value[k] for k in ("days", "day", "on") if value.get(k)), [])
        days = days if isinstance(days, list | tuple) else [days]
    else:
        period, *days = str(value).replace(":", " ").replace(",", " ").split() or [""]
    period = period.lower().lstrip("每")
    return _PERIODS.get(period, period), tuple(sorted((str(d) for d in days), key=lambda d: (len(d), d)))


def within(expected: Any, found: Any) -> bool:
    """Either of the two holds the other, so that a title matches with or without the notice around it."""
    a, b = plain(expected), plain(found)
    return bool(a) and bool(b) and (a in b or b in a)


def same_number(a: Any, b: Any) -> bool:
    """The two figures are equal as numbers; None equals only None."""
    if a is None or b is None:
        return a is None and b is None
    try:
        return abs(float(a) - float(b)) < 1e-9
    except (TypeError, ValueError):
        return str(a) == str(b)
