"""Bands of figures: 40%以上60%以下, 大于150且小于200, 50≤x<100, 20万人（含）以上, AQI>300, 不足10万户.

Reads a stretch of text and what the document says of 以上 and 以下; gives each band with its place.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from luoshi.gazette.parse.targets import UNITS

_N = r"\d{1,9}(?:\.\d{1,3})?"
_UNITS = f"{UNITS}|千伏安|千伏|毫克/升|毫克|微克|兆帕|级|起|例|重|伏|安"
_IN = r"（\s?(?P<{g}>不?含)[^（）]{{0,6}}）"


def _unit(group: str) -> str:
    return rf"\s?(?:(?P<{group}>{_UNITS})\s?)?"


def _in(group: str) -> str:
    return rf"(?:{_IN.format(g=group)}\s?)?"


_LOW = "≥|>=|>|不低于|不少于|不小于|大于等于|大于|超过|高于|多于|达到|达"
_HIGH = "≤|<=|<|不高于|不超过|不大于|小于等于|小于|低于|不足|不满|少于|未达到|未达"
_END = r"(?=$|[，。；、）（且或的时])"
_BAND = re.compile(
    # 3人以上10人以下   20%以上、40%以下   10万人（含）以上、不足20万人   80-89分
    rf"(?P<a>{_N}){_unit('au')}{_in('ai')}(?P<aw>及?以上|-|至|到)(?:、|，)?\s?(?:且|并且)?\s?(?:{_HIGH}|至)?\s?"
    rf"(?P<b>{_N}){_unit('bu')}{_in('bi')}(?P<bw>及?以下|以内)?{_in('bj')}"
    # 50≤AQI<100
    rf"|(?P<c>{_N}){_unit('cu')}(?P<cw>≤|<=|<)\s?(?P<cm>[A-Za-z\u4e00-\u9fff][A-Za-z0-9.\u4e00-\u9fff]{{0,11}})\s?"
    rf"(?P<dw>≤|<=|<)\s?(?P<d>{_N}){_unit('du')}"
    # 大于150毫米且小于200毫米   超过10%、不足20%
    rf"|(?P<ew>{_LOW})\s?(?P<e>{_N}){_unit('eu')}(?:、|，)?\s?(?:且|但|并且)?\s?(?P<fw>{_HIGH})\s?(?P<f>{_N}){_unit('fu')}"
    # 90分以上   60分（不含）以下   6.0以上
    rf"|(?P<g>{_N}){_unit('gu')}{_in('gi')}(?P<gw>及?以上|及?以下){_in('gj')}"
    # 不足10万户   超过30%   >200
    rf"|(?P<hw>{_LOW}|{_HIGH})\s?(?P<h>{_N})(?:\s?(?P<hu>{_UNITS})|{_END})"
)
_HIGHS = frozenset(_HIGH.split("|"))
_STRICT = frozenset((">", "大于", "超过", "高于", "多于"))
_REACHES = frozenset(("≤", "<=", "不高于", "不超过", "不大于", "小于等于"))


class Band(NamedTuple):
    """Place, ends (None: open), whether each end belongs to it, unit ("": none), a metric named between the ends."""

    start: int
    end: int
    low: float | None
    high: float | None
    low_in: bool
    high_in: bool
    unit: str
    metric: str


def find_bands(text: str, start: int, end: int, up: bool, down: bool) -> Iterator[Band]:
    """Yield the bands of ``text[start:end]``. ``up``: 以上 holds its figure; ``down``: 以下 does."""
    for found in _BAND.finditer(text, start, end):
        g = found.groupdict()
        ends = next(read(g, up, down) for group, read in _READERS if g[group] is not None)
        if ends is not None:
            yield Band(found.start(), found.end(), *ends, g["cm"] or "")


_Ends = tuple[float | None, float | None, bool, bool, str]
_Groups = dict[str, str | None]


def _between(g: _Groups, up: bool, down: bool) -> _Ends | None:
    words, tail = g["aw"] or "", g["bw"] or ""
    dash = words in ("-", "至", "到")
    if not g["bu"] and (not tail or (dash and not g["au"])):
        return None  # 90-100 may be anything
    low, high, unit = float(str(g["a"])), float(str(g["b"])), g["bu"] or g["au"] or ""
    if g["au"] and g["au"] in _SCALE and unit in _SCALE:
        high, unit = high * _SCALE[unit] / _SCALE[g["au"]], g["au"]
    high_in = (dash and not tail) or "及" in tail or tail == "以内" or (down and bool(tail))
    return low, high, _said(g["ai"], up or dash or "及" in words), _said(g["bi"] or g["bj"], high_in), unit


def _signs(g: _Groups, up: bool, down: bool) -> _Ends | None:
    unit = g["du"] or g["cu"] or ""
    return float(str(g["c"])), float(str(g["d"])), g["cw"] != "<", g["dw"] != "<", unit


def _compared(g: _Groups, up: bool, down: bool) -> _Ends | None:
    unit = g["fu"] or g["eu"] or ""
    return float(str(g["e"])), float(str(g["f"])), g["ew"] not in _STRICT, g["fw"] in _REACHES, unit


def _one(g: _Groups, up: bool, down: bool) -> _Ends | None:
    value, words, unit = float(str(g["g"])), g["gw"] or "", g["gu"] or ""
    said = g["gi"] or g["gj"]
    if words.endswith("以上"):
        return value, None, _said(said, up or "及" in words), False, unit
    return None, value, False, _said(said, down or "及" in words), unit


def _sided(g: _Groups, up: bool, down: bool) -> _Ends | None:
    value, word, unit = float(str(g["h"])), g["hw"] or "", g["hu"] or ""
    if word in _HIGHS:
        return None, value, False, word in _REACHES, unit
    return value, None, word not in _STRICT, False, unit


_READERS = (("a", _between), ("c", _signs), ("e", _compared), ("g", _one), ("h", _sided))


def _said(mark: str | None, otherwise: bool) -> bool:
    """（含） and （不含） speak before the rule of the document."""
    return otherwise if mark is None else not mark.startswith("不")


# 5000万元以上1亿元以下: both ends in the unit of the first
_SCALE = {
    "元": 1, "万元": 10**4, "亿元": 10**8, "人": 1, "万人": 10**4, "户": 1, "万户": 10**4,
    "千瓦": 1, "兆瓦": 10**3, "万千瓦": 10**4,
}  # fmt: skip
