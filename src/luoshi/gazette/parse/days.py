"""Days as governments write them: 2023年11月底前, 6月中旬, 第三季度末, 二〇二三年五月, 年底, 6.30前, “十四五”末."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from luoshi.gazette.parse.marks import DIGITS, bare, chinese_number

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_YEAR = r"(?P<year>(?:19|20)\s?\d\s?\d|[一二][零○ＯO一二三四五六七八九]{3}|今|本|当|明|次|翌|同)\s?年度?"
_QUARTER = r"(?:第?\s?(?:[一二三1-3]\s?[、和至到-]\s?第?){0,3}(?P<quarter>[一二三四1-4])|(?P<thisq>[本下])个?)\s?季度"
_PART = r"(?P<part>月?底|末|初|上、?中旬|中、?下旬|上旬|中旬|下旬|中|内)"
# 2023年11月底   2023年 6 月 15 日   11月中旬   二〇二三年五月   今年6月
_MONTH = (
    rf"(?:{_YEAR}\s?)?(?:(?P<from>\d{{1,2}})\s?(?:-|至|到|、|和)\s?)?"
    rf"(?P<month>{_N}|本|下个?)\s?月(?:份)?\s?(?:(?P<day>{_N})\s?[日号]|{_PART})?"
)
# 2024年底   年底   2024年上半年   明年三季度末   2025年
_WHOLE = (
    rf"(?:{_YEAR}\s?)?(?:(?:{_QUARTER}|(?P<half>上半年|下半年))(?P<qpart>末|底|初|内)?)"
    rf"|(?:(?P<year2>(?:19|20)\s?\d\s?\d|[一二][零○一二三四五六七八九]{{3}}|今|本|当|明|次|翌|同)\s?|(?<![一两三四五六七八九十半几\d末]))年(?:度)?\s?年?\s?(?P<ypart>底|末|内|终|中|初)"
    r"|(?P<year3>(?:19|20)\s?\d\s?\d|[一二][零○一二三四五六七八九]{3}|今|本|当|明)\s?年度?(?!来)"
)
# 2023-11-30   2023.11.30   2023/6/30   20231130   6.30前   2024-2026   “十四五”末
_ISO = (
    r"(?P<iy>(?:19|20)\d\d)\s?[-./]\s?(?P<im>\d{1,2})(?:\s?[-./]\s?(?P<id>\d{1,2}))?(?![\d])"
    r"|(?<!\d)(?P<cy>20\d\d)(?P<cm>0[1-9]|1[0-2])(?P<cd>0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<![\d.])(?P<sm>1[0-2]|0?[1-9])\.(?P<sd>[12]\d|3[01]|0?[1-9])(?=\s?(?:日?(?:之|以)?前|日?止))"
    r"|(?<!\d)(?:19|20)\d\d\s?[-至到]\s?(?P<yto>(?:19|20)\d\d)(?![\d年])"
    r"|十(?P<plan>[一二三四五六])五”?(?:规划)?期?末"
)
_W = _WHOLE.replace("(?P<year>", "(?P<year1>")
# 月底前: of the month the document was written in
_MONTH_END = r"(?<![\d一二三四五六七八九十本下次当上每各逐按个月])(?P<mend>月[底末])(?=\s?(?:之|以)?前)"
# The first character first: nearly every place of a text fails there
DAY = re.compile(rf"(?=[\d一二三四五六七八九十今本当明次翌同第上下年月])(?:{_MONTH}|{_ISO}|{_W}|{_MONTH_END})")
# 9月1日-15日   3月10日、20日前: the month of a later day is that of the day before it
_LATER = re.compile(rf"\s?[-至到、和]\s?(?P<day>{_N})\s?[日号](?!内)")
_BYGONE = re.compile(r"\s?(?:以来|以前|之前|以后|间)")
_RANGE = re.compile(r"\s?[-至到]")
_MAYBE = re.compile(r"[年月季]|\d[-./]\d|20\d{6}|20\d\d[至到]|五”?(?:规划)?期?末")


class Year(int):
    """The year of a document that also knows the month it was written in, for 本月底前."""

    month: int | None = None


def year_of(day: str) -> Year:
    """Return the year of a day written 2024-07-10, with its month."""
    year = Year(day[:4])
    year.month = int(day[5:7])
    return year


@dataclass(frozen=True, slots=True)
class Moment:
    """A day (``grain`` day), or a stretch named by its month, quarter or year: ``first`` to ``last``."""

    first: date
    last: date
    grain: str
    start: int
    end: int
    assumed_year: bool = False
    damaged: bool = False


def find_days(text: str, year: int | None, start: int = 0, end: int | None = None) -> list[Moment]:
    """Return the moments in the text in order; a missing year is that of the one before, else ``year``."""
    moments: list[Moment] = []
    stop = len(text) if end is None else end
    if _MAYBE.search(text) is None:
        return moments
    carried = year
    for found in DAY.finditer(text, start, stop):
        moment = _moment(found, carried, year)
        if moment is not None:
            moments.append(moment)
            if _carries(text, moment, year):
                carried = moment.last.year
            elif not moment.assumed_year:  # 2020年至2023年…，10月底前: behind what was, the document's year again
                carried = year
            while moment is not None and moment.grain == "day":
                later = _LATER.match(text, moment.end, stop)
                moment = _later_day(later, moment) if later is not None else None
                moments += [moment] if moment is not None else []
    return moments


def _carries(text: str, moment: Moment, base: int | None) -> bool:
    """Whether the next day without a year is of this one's: not after 2020年以来; after 2022年11月至 it is."""
    if moment.assumed_year or _BYGONE.match(text, moment.end):
        return False
    return base is None or moment.last.year >= base or _RANGE.match(text, moment.end) is not None


def _later_day(found: re.Match[str], before: Moment) -> Moment | None:
    day, place = chinese_number(found.group("day")), (found.start("day"), found.end())
    return _in_month(before.last.year, before.last.month, day, None, place, before.assumed_year)


def read_year(words: str, base: int | None) -> int | None:
    """Return the year of 2023, 二〇二三, 今, 明 …; relative words count from ``base``."""
    words = bare(words)
    if words in ("今", "本", "当", "同"):
        return base
    if words in ("明", "次", "翌"):
        return base + 1 if base else None
    if words.isdecimal():
        return int(words)
    return int("".join(str(DIGITS[c]) for c in words)) if all(c in DIGITS for c in words) else None


def _moment(found: re.Match[str], carried: int | None, base: int | None) -> Moment | None:
    g = found.groupdict()
    words = g["year"] or g["year1"] or g["year2"] or g["year3"] or g["iy"] or g["cy"] or g["yto"]
    if g["plan"]:
        words = str(2005 + 5 * (chinese_number(g["plan"]) or 1))
    year = carried if words == "同" else read_year(words, base) if words else carried
    if year is None or not 1900 <= year <= 2199:
        return None
    place = (found.start(), found.end())
    assumed = words is None or words == "同"
    if g["mend"]:
        year, month = _counted_month(base, 0)
        return _in_month(year, month, None, None, place, False)
    if g["month"] or g["im"] or g["cm"] or g["sm"]:
        month = chinese_number(g["month"] or g["im"] or g["cm"] or g["sm"])
        if g["month"] and g["month"][0] in "本下":
            year, month = _counted_month(base, 0 if g["month"] == "本" else 1)
        words = g["day"] or g["id"] or g["cd"] or g["sd"]
        day = chinese_number(words) if words else None
        return _in_month(year, month, day, g["part"], place, assumed)
    if g["quarter"] or g["thisq"]:
        n = chinese_number(g["quarter"]) or 1 if g["quarter"] else None
        if n is None:  # 本季度, 下季度: of the quarter the document was written in
            year, month = _counted_month(base, 0 if g["thisq"] == "本" else 3)
            if month is None:
                return None
            n = (month + 2) // 3
        return Moment(date(year, n * 3 - 2, 1), _end(year, n * 3), "quarter", *place, assumed)
    if g["half"]:
        upper = g["half"] == "上半年"
        return Moment(date(year, 1 if upper else 7, 1), _end(year, 6 if upper else 12), "half", *place, assumed)
    if g["ypart"] == "中":
        return Moment(date(year, 6, 1), _end(year, 6), "month", *place, assumed)
    if g["ypart"] == "初":
        return Moment(date(year, 1, 1), date(year, 1, 31), "month", *place, assumed)
    grain = "year_end" if g["ypart"] or g["plan"] else "year"
    return Moment(date(year, 1, 1), date(year, 12, 31), grain, *place, assumed)


def _counted_month(base: int | None, later: int) -> tuple[int, int | None]:
    """The year and month ``later`` months after the month the document was written in; no month when unknown."""
    if not isinstance(base, Year) or base.month is None:
        return base or 1900, None
    months = base.month - 1 + later
    return base + months // 12, months % 12 + 1


def _in_month(
    year: int, month: int | None, day: int | None, part: str | None, place: tuple[int, int], assumed: bool
) -> Moment | None:
    if month is None or not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    if day is not None:
        if not 1 <= day <= 31:
            return None
        damaged = day > last
        when = date(year, month, min(day, last))
        return Moment(when, when, "day", *place, assumed, damaged)
    if part in ("上旬", "初"):
        return Moment(date(year, month, 1), date(year, month, 10), "ten_days", *place, assumed)
    if part in ("中旬", "上中旬", "上、中旬"):
        return Moment(date(year, month, 11), date(year, month, 20), "ten_days", *place, assumed)
    if part == "中":
        return Moment(date(year, month, 1), _end(year, month), "month", place[0], place[1] - 1, assumed)
    return Moment(date(year, month, 1), _end(year, month), "month", *place, assumed)


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
