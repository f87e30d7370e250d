"""What comes again and again: 每月28日前, 每季度末, 每周一、周五, 每月1日、11日、21日, 次月10日前, 旬报, 每两周."""

import re
from typing import Any

from luoshi.gazette.parse.marks import chinese_number

_PERIODS = {
    "学期": "term", "学年": "school_year", "半年": "half_year", "季度": "quarter", "季": "quarter", "年度": "year",
    "年": "year", "月": "month", "个月": "month", "旬": "ten_days",
    "周": "week", "星期": "week", "日": "day", "天": "day",
}  # fmt: skip
_DAYS = (
    r"\s?\d{1,2}\s?(?:日|号|(?=\s?[、，和及]\s?\d{1,2}\s?[日号、]))"
    r"(?:\s?[、，和及]\s?\d{1,2}\s?(?:日|号)?(?=[^\d]|$))*"
)
# 每月28日前   每季度首月10日前   每周五   每年12月底前   按季度推进   逐月   每两周   每半个月   每3个月
_EVERY = re.compile(
    r"(?:每隔?(?:(?P<n>\d{1,2}|[两二三四五六七八九十]{1,2}|半(?!年))\s?个?)?|逐|按)(?:个)?(?P<p>学期|学年|半年|季度|季|年度|年|个?月|旬|周|星期|日|天)(?:的)?"
    r"(?P<m>第一个?月|首月|最后一个?月|末月|下个?月|次月|末|前)?(?:的)?"
    rf"(?P<d>[一二三四五六日天](?![二三四五六七八九十]?[次个项场期])|{_DAYS})?"
)
# 次月10日前
_NEXT_MONTH = re.compile(rf"次月(?P<d>{_DAYS})")
# 月报告制度   季调度   旬报   一月一通报   上半年和下半年各一次   于每的1日、11日、21日 (月 lost in print)
_REPORT = re.compile(
    r"(?<![\d一二三四五六七八九十第上下当次即节工假今明同本])(?P<q>月|季度?|周|旬|日|年|半年)(?:报告|调度|通报|研判|会商|报)(?:制度)?"
    r"|一(?P<q2>季度?|月|周|旬|日|天|年)一(?=[\u4e00-\u9fff])|上(?:半年)?[和、及](?P<q3>下半年)各"
    rf"|于每的(?P<d2>{_DAYS})"
)
# 每3个月 is a quarter, 每六个月 half a year
_SAME = {("month", 3): "quarter", ("month", 6): "half_year", ("month", 12): "year", ("quarter", 2): "half_year"}
# 每季度首月10日前, 每季度末月25日前: the month of the quarter the days are of
_MONTHS = {"第一个月": 1, "第一月": 1, "首月": 1, "最后一个月": 3, "最后一月": 3, "末月": 3}
_MORE = re.compile(r"(?:[、和及](?:周|星期)?[一二三四五六日天])*")
_FIGURES = re.compile(r"\d{1,2}")
_WEEKDAY = re.compile(r"(?:周|星期)?([一二三四五六日天])")


def read_every(text: str) -> dict[str, Any] | None:
    """Return {"period", "days"}: days of the month, or of the week (Monday is 1); None when nothing recurs.

    Days of a quarter come with ``month``, 1 to 3 within the quarter, where it is printed.
    """
    found = _EVERY.search(text) if "每" in text or "按" in text or "逐" in text else None
    if found is not None:
        period = _PERIODS[found.group("p")]
        if found.group("n"):
            return _every_so_many(found.group("n"), period)
        if period == "year" and "下半年各" in text:
            period = "half_year"
        days = _days(period, found.group("d") or "", text[found.end() :])
        month = _MONTHS.get(found.group("m") or "") if period == "quarter" and days else None
        return {"period": period, "days": days} | ({"month": month} if month else {})
    later = _NEXT_MONTH.search(text)
    if later is not None:
        return {"period": "month", "days": _days("month", later.group("d"), "")}
    report = _REPORT.search(text)
    if report is None:
        return None
    words = report.group("q") or report.group("q2") or ("半年" if report.group("q3") else "月")
    period = _PERIODS[words]
    return {"period": period, "days": _days(period, report.group("d2") or "", "")}


def _every_so_many(words: str, period: str) -> dict[str, Any]:
    """每半月 is the 15th and the last day; what no calendar word names is written 2-week, 3-year."""
    if words == "半":
        return {"period": "month", "days": [15, 31]} if period == "month" else {"period": f"half-{period}", "days": []}
    number = chinese_number(words) or 1
    return {"period": _SAME.get((period, number), f"{number}-{period}" if number > 1 else period), "days": []}


def _days(period: str, words: str, after: str) -> list[int]:
    if period == "week":
        if words[:1] not in tuple("一二三四五六日天"):
            return []
        more = _MORE.match(after)
        names = words[0] + (more.group() if more else "")
        return sorted("一二三四五六日".index(n.replace("天", "日")) + 1 for n in _WEEKDAY.findall(names))
    return [d for d in (int(n) for n in _FIGURES.findall(words)) if 1 <= d <= 31]
