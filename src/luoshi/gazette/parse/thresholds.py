"""Grades with figures: 减供负荷40%以上60%以下，或50%以上70%以下用户停电; and whether 以上 holds its figure."""

import re
from typing import Any

from luoshi.gazette.parse.clauses import Node
from luoshi.gazette.parse.paragraphs import Paragraph
from luoshi.gazette.parse.targets import UNITS

_GRADE = re.compile(
    r"特别重大|特大|重大|较大|一般|轻微|[ⅠⅡⅢⅣIV]{1,3}级|[一二三四1-4]级|红色|橙色|黄色|蓝色|优秀|良好|合格|不合格|基本合格|优|良|中|差"
)
_NOTE = re.compile(
    r"以上[”」]?\s*(?P<up>(?:均|都)?不?(?:均)?(?:包?含|包括)本(?:数|级)?)[^。]{0,12}?以下[”」]?\s*(?P<down>(?:均|都)?不?(?:均)?(?:包?含|包括)本(?:数|级)?)|以上[”」]?[、，和与]\s*[“「]?以下[”」]?\s*(?P<both>(?:均|都)?不?(?:均|都)?(?:包?含|包括)本(?:数|级)?)"
)
_N = r"\d{1,9}(?:\.\d{1,3})?"
_U = r"\s?(?P<{u}>" + UNITS + "|千伏安|千伏|毫克/升|毫克|微克|兆帕|级|起|例|重|伏|安)"
# 40%以上60%以下   3人以上10人以下   20%以上、40%以下   90分以上   60分以下   80-89分
_RANGE = re.compile(
    rf"(?P<a>{_N}){_U.format(u='u1')}?\s?(?:（含）)?(?P<aw>及?以上|及以上|-|至|到)(?:、|，)?\s?(?:且|，)?\s?(?:低于|不足|不满|至)?\s?(?P<b>{_N}){_U.format(u='u2')}\s?(?P<bw>及?以下|（不含）|（含）)?"
    rf"|(?P<one>{_N}){_U.format(u='u3')}\s?(?:（含）)?(?P<ow>及?以上|及?以下)"
    rf"|(?P<cmp>不足|低于|不满|少于|超过|大于|高于|达到|不低于|不少于)\s?(?P<c>{_N}){_U.format(u='u4')}"
)


def find_thresholds(nodes: list[Node]) -> list[dict[str, Any]]:
    """Return the grading thresholds of one document."""
    rows: list[dict[str, Any]] = []
    up, down = _inclusion(nodes)
    for node in nodes:
        grade = _grade(node)
        for para in node.paras:
            if grade is not None:
                begin = (
                    node.mark.end + len(node.heading or "")
                    if node.mark
                    and para is node.first
                    and node.heading
                    and len(para.text) > node.mark.end + len(node.heading) + 1
                    else 0
                )
                if para is node.first and begin == 0 and node.heading:
                    continue
                rows += _rows(para, begin, grade, up, down)
            else:
                rows += _inline_rows(para, up, down)
    return rows


def _inclusion(nodes: list[Node]) -> tuple[bool, bool]:
    for node in nodes:
        for para in node.paras:
            found = _NOTE.search(para.text) if "含本" in para.text or "括本" in para.text else None
            if found is not None:
                if found.group("both"):
                    yes = "不" not in found.group("both")
                    return yes, yes
                return "不" not in found.group("up"), "不" not in found.group("down")
    return True, False


def _grade(node: Node) -> str | None:
    heading = node.heading or ""
    if re.search(r"\d", heading):
        return None
    if not 2 <= len(heading) <= 24 or _GRADE.match(re.sub(r"^[（\s]+", "", heading)) is None:
        return None
    return (
        heading.strip("：: 。")
        if re.search(r"事件|事故|级|预警|响应|灾害|等次|等级|优秀|良好|合格|险情|灾情", heading)
        else None
    )


_NAMES = (
    "特别重大|特大|重大|较大|一般|轻微|[ⅠⅡⅢⅣ]级|[一二三四]级|[A-E]级|红色|橙色|黄色|蓝色"
    "|优秀|良好|基本合格|合格|不合格|基本称职|不称职|称职|先进|达标|不达标|优|良|中|差"
)
# 重大事件：…   Ⅰ级响应：…   优秀：90分以上   橙色预警是指…
_INLINE = re.compile(rf"(?P<name>(?:{_NAMES})[^，。；：、（）]{{0,14}}?)\s?(?:：|（(?=[^）]{{0,8}}\d)|是指)\s?")
# 得分90分以上，且符合率95%以上的，评为A级
_AS = re.compile(
    rf"的?，?(?:为|评为|评定为|认定为|定为|确定为|判定为|划为|属于?|列为)“?(?P<name>{_NAMES})”?(?=[，。；、）]|$|等次|等级|档次|单位|企业|事[件故])"
)
_JOIN = re.compile(r"\s?(?P<or>或者?)|\s?(?P<and>且|并且|同时)")
_CUT_WORDS = re.compile(r"^\s?(?:或者?|且|并且|和|达到|造成|在|为|其中|同时|的)+")


def _inline_rows(para: Paragraph, up: bool, down: bool) -> list[dict[str, Any]]:
    """Grades named inside a sentence, before the figures (重大：…) or after them (…的，评为A级)."""
    text = para.text
    if not ("以上" in text or "以下" in text or "分" in text) or not _RANGE.search(text):
        return []
    rows: list[dict[str, Any]] = []
    for sentence in re.finditer(r"[^。；]+", text):
        a, b = sentence.span()
        named = list(_AS.finditer(text, a, b))
        for one in named:
            rows += _rows(para, a, one.group("name"), up, down, one.start())
            a = one.end()
        if named:
            continue
        if (opened := _INLINE.search(text, a, b)) is not None:
            rows += _rows(para, opened.end(), opened.group("name").strip(), up, down, b)
    return rows


def _rows(para: Paragraph, start: int, name: str, up: bool, down: bool, end: int | None = None) -> list[dict[str, Any]]:
    rows = []
    for clause in re.compile(r"[^，。；：]+").finditer(para.text, start, len(para.text) if end is None else end):
        left, right = clause.span()
        for found in _RANGE.finditer(para.text, left, right):
            joined = _JOIN.match(para.text, left)
            low, high, low_in, high_in, unit = _ends(found, up, down)
            rows.append(
                {
                    "name": name,
                    "metric": _metric(para.text[left : found.start()], para.text[found.end() : right]) or unit,
                    "from": low,
                    "to": high,
                    "from_included": low_in,
                    "to_included": high_in,
                    "unit": unit,
                    "joined": joined.lastgroup if joined else None,
                    "span": para.span(left, right),
                }
            )
            left = found.end()
    return rows


def _metric(before: str, after: str) -> str:
    """The thing counted stands before the figure (减供负荷60%以上) or behind it (70%以上供电用户停电, 3人以上死亡)."""
    words = _CUT_WORDS.sub("", before.strip()).strip("、（）() ")
    return words if len(words) >= 2 else after.strip().lstrip("的").strip("（）() ") or words


def _ends(found: re.Match[str], up: bool, down: bool) -> tuple[Any, Any, bool, bool, str]:
    g = found.groupdict()
    if g["a"]:
        high_in = (
            True
            if g["aw"] in ("-", "至", "到") and not g["bw"]
            else down or "及" in (g["bw"] or "") or g["bw"] == "（含）"
        )
        if g["bw"] == "（不含）":
            high_in = False
        low, high, unit = _value(g["a"]), _value(g["b"]), g["u2"]
        if g["u1"] and g["u1"] != unit and g["u1"] in _SCALE and unit in _SCALE:
            high, unit = _value(str(high * _SCALE[unit] / _SCALE[g["u1"]])), g["u1"]
        return low, high, up or "及" in g["aw"], high_in, unit
    if g["one"]:
        if g["ow"].endswith("以上"):
            return _value(g["one"]), None, up or "及" in g["ow"], False, g["u3"]
        return None, _value(g["one"]), False, down or "及" in g["ow"], g["u3"]
    value, word = _value(g["c"]), g["cmp"]
    if word in ("不足", "低于", "不满", "少于"):
        return None, value, False, False, g["u4"]
    return value, None, word in ("达到", "不低于", "不少于"), False, g["u4"]


# 5000万元以上1亿元以下: both ends in the unit of the first
_SCALE = {
    "元": 1,
    "万元": 10**4,
    "亿元": 10**8,
    "人": 1,
    "万人": 10**4,
    "户": 1,
    "万户": 10**4,
    "千瓦": 1,
    "兆瓦": 10**3,
    "万千瓦": 10**4,
}


def _value(words: str) -> int | float:
    value = float(words)
    return int(value) if value.is_integer() else value
