"""Grades with figures: 减供负荷40%以上60%以下，或50%以上70%以下用户停电; and whether 以上 holds its figure."""

import re
from typing import Any

from luoshi.gazette.parse.bands import find_bands
from luoshi.gazette.parse.clauses import Node
from luoshi.gazette.parse.paragraphs import Paragraph

_GRADE = re.compile(
    r"特别重大|特大|重大|较大|一般|轻微|特别严重|严重|轻度|中度|重度|轻旱|中旱|重旱|特旱|[ⅠⅡⅢⅣIV]{1,3}级|[一二三四1-4]级|红色|橙色|黄色|蓝色|优秀|良好|合格|不合格|基本合格|优|良|中|差"
)
_GRADED = re.compile(r"事件|事故|级|预警|响应|灾害|等次|等级|优秀|良好|合格|险情|灾情")
_DIGIT = re.compile(r"\d")
_SENTENCE = re.compile(r"[^。；]+")
_NOTE = re.compile(
    r"以上[”」]?\s*(?P<up>(?:均|都)?不?(?:均)?(?:包?含|包括)本(?:数|级)?)[^。]{0,12}?以下[”」]?\s*(?P<down>(?:均|都)?不?(?:均)?(?:包?含|包括)本(?:数|级)?)|以上[”」]?[、，和与]\s*[“「]?以下[”」]?\s*(?P<both>(?:均|都)?不?(?:均|都)?(?:包?含|包括)本(?:数|级)?)"
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
    if not 2 <= len(heading) <= 24 or _GRADE.match(heading.lstrip("（ \t\u3000")) is None:
        return None
    if _DIGIT.search(heading) or _GRADED.search(heading) is None:
        return None
    return heading.strip("：: 。")


_NAMES = (
    "特别重大|特大|重大|较大|一般|轻微|特别严重|严重|轻度|中度|重度|轻旱|中旱|重旱|特旱|[甲乙丙丁]级|[一二三四五]星级?|[ⅠⅡⅢⅣ]级|I{1,3}V?级|[一二三四]级|[A-E]{1,3}[级类]|红色|橙色|黄色|蓝色"
    "|优秀|良好|基本合格|合格|不合格|基本称职|不称职|称职|先进|达标|不达标|优|良|中|差"
)
# 重大事件：…   Ⅰ级响应：…   优秀：90分以上   橙色预警是指…   较大（Ⅲ级）：…
_INLINE = re.compile(
    rf"(?<![\u4e00-\u9fff])(?P<name>(?:{_NAMES})[^，。；：、（）]{{0,14}}?(?:（[^（）\d]{{1,6}}）)?)"
    r"\s?(?:：|（(?=[^）]{0,8}\d)|是指)\s?"
)
# 得分90分以上，且符合率95%以上的，评为A级
_AS = re.compile(
    rf"的?，?(?:为|评为|评定为|认定为|定为|确定为|判定为|划为|属于?|列为)“?(?P<name>{_NAMES})”?"
    r"(?=[，。；、）]|$|等次|等级|档次|单位|企业|[^，。；、（）]{0,6}(?:事[件故]|灾害|火灾|疫情|险情|灾情|预警|响应|污染))"
)
_JOIN = re.compile(r"\s?(?P<or>或者?)|\s?(?P<and>且|并且|同时)")
_CLAUSE = re.compile(r"[^，。；：]+")
_FIGURE = re.compile(r"\d[^，。；]{0,14}以[上下]|\d\s?分|[≥≤<>超足满达于]\s?\d|\d[^，。；\d]{0,4}[-至到]\s?\d")
# 个, 起, 级 count what stands behind them: 3个以上乡镇, 6.0级以上地震
_COUNTERS = frozenset(
    ("个", "家", "起", "例", "名", "项", "处", "所", "座", "件", "宗", "场", "次", "批", "级", "只", "头")
)
_CUT_BEHIND = re.compile(r"或者?|且|并|同时")
_CUT_WORDS = re.compile(r"^\s?(?:或者?|且|并且|和|达到|造成|在|为|其中|同时|的)+")


def _inline_rows(para: Paragraph, up: bool, down: bool) -> list[dict[str, Any]]:
    """Grades named inside a sentence, before the figures (重大：…) or after them (…的，评为A级)."""
    text = para.text
    if _FIGURE.search(text) is None:
        return []
    rows: list[dict[str, Any]] = []
    for sentence in _SENTENCE.finditer(text):
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
    rows: list[dict[str, Any]] = []
    for clause in _CLAUSE.finditer(para.text, start, len(para.text) if end is None else end):
        left, right = clause.span()
        bands = list(find_bands(para.text, left, right, up, down))
        for n, band in enumerate(bands):
            joined = _JOIN.match(para.text, left)
            behind = para.text[band.end : bands[n + 1].start if n + 1 < len(bands) else right]
            metric = band.metric or _metric(para.text[left : band.start], behind, band.unit)
            row: dict[str, Any] = {
                "name": name,
                "metric": metric or band.unit,
                "from": _value(band.low),
                "to": _value(band.high),
                "from_included": band.low_in,
                "to_included": band.high_in,
                "unit": band.unit,
                "joined": joined.lastgroup if joined else None,
                "span": para.span(left, right),
            }
            if rows and _other_end(rows[-1], row, metric):
                rows[-1] = _closed(rows[-1], row)
            else:
                rows.append(row)
            left = band.end
    return rows


def _other_end(low: dict[str, Any], high: dict[str, Any], metric: str) -> bool:
    """大于150毫米，小于200毫米: the second clause names no thing of its own and closes the band of the first."""
    return (
        low["to"] is None
        and high["from"] is None
        and low["unit"] == high["unit"]
        and high["joined"] != "or"
        and (not metric or low["metric"] == low["unit"])
        and low["from"] < high["to"]
    )


def _closed(low: dict[str, Any], high: dict[str, Any]) -> dict[str, Any]:
    metric = high["metric"] if low["metric"] == low["unit"] else low["metric"]
    span = [low["span"][0], high["span"][1]]
    return low | {"to": high["to"], "to_included": high["to_included"], "metric": metric, "span": span}


def _metric(before: str, after: str, unit: str) -> str:
    """The thing counted stands before the figure (减供负荷60%以上) or behind it (70%以上供电用户停电, 3个以上乡镇).

    Behind 个, 起, 级 it stands behind the figure whenever there is anything.
    """
    words = _CUT_WORDS.sub("", before.strip()).strip("、（）() ")
    behind = _CUT_BEHIND.split(after.strip().lstrip("的"))[0].strip("、（）() ")
    if unit in _COUNTERS and len(behind) >= 2:
        return behind
    return words if len(words) >= 2 else behind or words


def _value(figure: float | None) -> int | float | None:
    return int(figure) if figure is not None and figure.is_integer() else figure
