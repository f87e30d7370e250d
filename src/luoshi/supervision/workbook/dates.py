"""Days as people type them into a cell: 2023.6.30, 6月底前, 45107, 每月28日前, 长期. Pure; a guess is named as a doubt.

Only a whole cell is read here, so what is not understood stays not understood; running text is the gazette's matter.
"""

import datetime as dt
import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from luoshi.core.words import Words

FIRST, LAST = dt.date(1990, 1, 1), dt.date(2099, 12, 31)
_EPOCH = dt.date(1899, 12, 30)  # day 0 of the serial numbers of spreadsheets, from March 1900 on
_SERIAL = range((FIRST - _EPOCH).days, (LAST - _EPOCH).days + 1)
_FIGURES = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
_UNTIL = r"(?:之前|以前|前|止|内|完成|前完成|底前|截止)*"
_YEAR = r"(?P<y>\d{4}|\d{2})"
_CLOCK = r"(?:\d{1,2}:\d\d(?::\d\d)?)?"
_Y = r"(?P<y>\d{4}|\d{2}|今|本|当|明)年(?:度)?"


@dataclass(frozen=True, slots=True)
class Read:
    """What a cell says of a day. ``kind`` as a task has it: until, recurring, ongoing or none; ``doubt`` names a guess,
    ``fault`` what cannot be read."""

    kind: str = "none"
    day: dt.date | None = None
    every: dict[str, Any] | None = None
    doubt: Words | None = None
    fault: Words | None = None


def read(value: Any, year: int) -> Read:
    """Read one cell; ``year`` stands in where none is printed, and is then a doubt unless the cell is empty."""
    if isinstance(value, dt.datetime):
        return _until(value.date())
    if isinstance(value, dt.date):
        return _until(value)
    if isinstance(value, bool | dt.time | dt.timedelta):
        return _not_read(str(value))
    if isinstance(value, int | float):
        return _number(float(value), year)
    text = plain(str(value or ""))
    if not text:
        return Read()
    if len(text) == 5 and text.isdecimal():
        return _number(float(text), year)
    for pattern, make in _FORMS:
        found = pattern.fullmatch(text)
        if found is not None:
            try:
                return make(found, year)
            except ValueError:
                return Read(fault=Words(f"没有“{text[:30]}”这一天。", f"There is no such day: {text[:30]!r}."))
    return _not_read(text)


def plain(text: str) -> str:
    """Return a text as days are compared: one width, no blanks, one kind of dash, Chinese figures as digits."""
    text = "".join(unicodedata.normalize("NFKC", text).split()).replace("号", "日").replace("份", "").strip("。;；,，")
    text = re.sub(r"[—–－~～]+", "-", text)
    text = re.sub(r"[〇零○一二三四五六七八九]{4}(?=年)", lambda m: "".join(str(_FIGURES[c]) for c in m.group()), text)
    return re.sub(r"[一二三四五六七八九十两]{1,3}(?=[月日季个])", lambda m: str(_small(m.group())), text)


def _small(text: str) -> int:
    tens, ten, ones = text.partition("十")
    if not ten:
        return int("".join(str(_FIGURES[c]) for c in text))
    return (_FIGURES[tens] if tens else 1) * 10 + (_FIGURES[ones] if ones else 0)


def _until(day: dt.date, doubt: Words | None = None) -> Read:
    if not FIRST <= day <= LAST:
        return Read(fault=Words(f"{day}不像是期限。", f"{day} does not look like a due day."))
    return Read("until", day, None, doubt)


def _not_read(text: str) -> Read:
    return Read(fault=Words(f"读不出“{text[:30]}”是哪一天。", f"Cannot tell which day {text[:30]!r} is."))


def _number(value: float, year: int) -> Read:
    if value.is_integer() and int(value) in _SERIAL:
        day = _EPOCH + dt.timedelta(days=int(value))
        return _until(day, Words(f"日期序号{int(value)}，读作{day}。", f"Serial number {int(value)}, read as {day}."))
    if value.is_integer() and 19900101 <= value <= 20991231:
        return read(str(int(value)), year)
    return _not_read(f"{value:g}")


def _end(year: int, month: int) -> dt.date:
    return dt.date(year, month, monthrange(year, month)[1])


def _year(text: str | None, year: int) -> tuple[int, Words | None]:
    if text is None:
        return year, Words(f"没有写年份，按{year}年。", f"No year is printed; taken as {year}.")
    if text in ("今", "本", "当", "明"):
        found = year + (text == "明")
        return found, Words(f"“{text}年”按{found}年。", f"“{text}年” taken as {found}.")
    if len(text) == 2:
        return 2000 + int(text), Words(
            f"两位年份“{text}”，按20{text}年。", f"Two-digit year {text}, taken as 20{text}."
        )
    return int(text), None


def _on_day(found: re.Match[str], year: int) -> Read:
    number, doubt = _year(found["y"], year)
    return _until(dt.date(number, int(found["m"]), int(found["d"])), doubt)


def _in_month(found: re.Match[str], year: int) -> Read:
    number, doubt = _year(found["y"], year)
    month, part = int(found["m"]), found["p"] or ""
    if part in ("上旬", "初"):
        return _until(dt.date(number, month, 10), doubt)
    if part == "中旬":
        return _until(dt.date(number, month, 20), doubt)
    return _until(_end(number, month), doubt)


def _in_year(found: re.Match[str], year: int) -> Read:
    number, doubt = _year(found["y"], year)
    part = found["p"] or ""
    return _until(_end(number, 6) if part.startswith(("上半年", "年中", "中")) else _end(number, 12), doubt)


def _quarter(found: re.Match[str], year: int) -> Read:
    number, doubt = _year(found["y"], year)
    return _until(_end(number, int(found["q"]) * 3), doubt)


def _american(found: re.Match[str], year: int) -> Read:
    first, second = int(found["a"]), int(found["b"])
    month, day = (second, first) if first > 12 else (first, second)
    when = dt.date(int(found["y"]), month, day)
    if first <= 12 and second <= 12 and first != second:
        return Read(fault=Words("分不清哪个是月、哪个是日。", "Month and day cannot be told apart."))
    return _until(when, Words(f"读作{when}。", f"Read as {when}."))


def _monthly(found: re.Match[str], year: int) -> Read:
    days = sorted({int(d) for d in re.findall(r"\d{1,2}", found["d"] or "")})
    if not days:
        return Read("recurring", every={"month_end": True})
    if not all(1 <= day <= 31 for day in days):
        raise ValueError(days)
    return Read("recurring", every={"day_of_month": days})


def _standing(every: dict[str, Any] | None) -> Callable[[re.Match[str], int], Read]:
    return lambda found, year: Read("recurring" if every else "ongoing", every=every)


def _relative(found: re.Match[str], year: int) -> Read:
    return Read(doubt=Words("期限从某件事起算，没有具体日期。", "It runs from an event; there is no day."))


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int], Read]], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (rf"{_YEAR}[-./年](?P<m>\d{{1,2}})[-./月](?P<d>\d{{1,2}})日?{_CLOCK}{_UNTIL}", _on_day),
        (rf"(?P<y>\d{{4}})(?P<m>\d\d)(?P<d>\d\d){_UNTIL}", _on_day),
        (rf"(?:(?P<y>今|本|当|明)年)?(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})日?{_UNTIL}", _on_day),
        (rf"(?:{_Y})?(?P<m>\d{{1,2}})月(?P<p>月?底|末|初|上旬|中旬|下旬)?{_UNTIL}", _in_month),
        (rf"(?P<y>\d{{4}})[-./](?P<m>\d{{1,2}})(?P<p>月?底|末)?{_UNTIL}", _in_month),
        (rf"(?:{_Y})?第?(?P<q>[1-4])季度?(?:末|底)?{_UNTIL}", _quarter),
        (rf"(?:{_Y})?(?P<p>上半年|下半年|年?底|年末|年内|年中){_UNTIL}", _in_year),
        (rf"(?P<y>\d{{4}}|今|本|当|明)年度?(?P<p>底|末|内|终|中)?{_UNTIL}", _in_year),
        (r"(?P<a>\d{1,2})[-./](?P<b>\d{1,2})[-./](?P<y>\d{4})", _american),
        (rf"每(?:个)?月(?:的)?(?P<d>\d{{1,2}}日?(?:[、,，和]\d{{1,2}}日?)*|底|末)?{_UNTIL}(?:报送|报)?", _monthly),
        (rf"每(?:个)?季度?(?:末|底)?{_UNTIL}", _standing({"quarter_end": True})),
        (rf"每年(?:度)?(?:底|末|年底)?{_UNTIL}", _standing({"year_end": True})),
        (r"每旬|每10天", _standing({"day_of_month": [10, 20, 31]})),
        (r"(?:长期|持续|常态化?|全年|常年|经常性)(?:坚持|推进|开展|实施|执行|有效|任务)*", _standing(None)),
        (r".*(?:后|之日起|起)\d+个?(?:工作日|日|天|月)[内前]?|立即|即时|按(?:要求|上级).*", _relative),
    )
)  # fmt: skip
