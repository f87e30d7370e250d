"""Entries of a chronicle of events: ●2023年4月20日，…   5月4日 …   △（the same day）…"""

import re
from datetime import date
from typing import Any

from luoshi.gazette.parse.days import find_days
from luoshi.gazette.parse.paragraphs import Paragraph
from luoshi.gazette.parse.spans import doubt

_OPEN = re.compile(r"\s*[●■◆•·○□★※▲]?\s*(?=(?:(?:19|20)\d\d\s?年)?\s?\d{1,2}\s?月\s?\d{1,2}\s?日|\d{1,2}\s?日)")
_SAME = re.compile(r"\s*(?:[△▲☆]\s*(?:同日|是日|当日)?|(?:同日|是日|当日))\s?[，、：]?\s*")
_TO = re.compile(r"\s?(?:至|-|到|、)+\s?(?:(?P<m>\d{1,2})\s?月\s?)?(?P<d>\d{1,2})\s?日")
_DAY_ONLY = re.compile(r"(?P<d>\d{1,2})\s?日")
# 4月   四月: a month heading
_MONTH = re.compile(r"(?:(?:19|20)\d\d年)?\s?(\d{1,2}|[一二三四五六七八九十]{1,2})\s?月(?:份)?")


def read_chronicle(
    paras: list[Paragraph], title: str, year: int | None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the entries and the doubts; a paragraph that opens no entry continues the one before."""
    moments = find_days(title, year)
    year = moments[0].first.year if moments else year
    month: int | None = moments[0].first.month if moments else None
    entries: list[dict[str, Any]] = []
    doubts: list[dict[str, Any]] = []
    for para in paras:
        text = para.text
        if not entries and (period := _period(text, year)) is not None:
            year, month = period
            continue
        heading = _MONTH.fullmatch(text) if len(text) < 16 else None
        if heading is not None:
            found = find_days(text + "1日", year)
            month = found[0].first.month if found else month
            continue
        same, opened = _SAME.match(text), _OPEN.match(text)
        if opened is not None and (day := _read_day(text, opened.end(), year, month)) is not None:
            first, last = day
            entries.append(_entry(para, opened.end(), first, last))
            year, month = first.year, first.month
        elif same is not None and entries:
            first = date.fromisoformat(entries[-1]["to"])
            entries.append(_entry(para, same.end(), first, first))
        elif entries:
            entries[-1]["span"][1] = para.end
            entries[-1]["text"] += para.raw.strip()
        else:
            doubts.append(doubt("chronicle", [para.start, para.end], "大事记中这一段没有读出日期，请核对。"))
    return entries, doubts


def _period(text: str, year: int | None) -> tuple[int, int] | None:
    if len(text) > 45 or not text.startswith("（"):
        return None
    found = find_days(text, year)
    return (found[0].first.year, found[0].first.month) if found else None


def _entry(para: Paragraph, start: int, first: date, last: date) -> dict[str, Any]:
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "text": para.printed(start, len(para.text)),
        "span": para.span(0, len(para.text)),
    }


def _read_day(text: str, at: int, year: int | None, month: int | None) -> tuple[date, date] | None:
    found = find_days(text[: at + 24], year, at)
    if found and found[0].start == at and found[0].grain == "day":
        first, end = found[0].last, found[0].end
    else:
        alone = _DAY_ONLY.match(text, at)
        if alone is None or year is None or month is None:
            return None
        try:
            first, end = date(year, month, int(alone.group("d"))), alone.end()
        except ValueError:
            return None
    until = _TO.match(text, end)
    if until is not None and text[end : end + 1] != "、":
        try:
            last = date(first.year, int(until.group("m") or first.month), int(until.group("d")))
            return first, max(first, last)
        except ValueError:
            return first, first
    return first, first
