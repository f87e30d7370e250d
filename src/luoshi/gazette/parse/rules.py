"""What a document states once for many tasks: 第一个单位为牵头单位，下同; 以下任务均需于…前完成; 以下工作由…负责."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from luoshi.gazette.parse.deadlines import read_deadline
from luoshi.gazette.parse.enumerators import read_mark
from luoshi.gazette.parse.paragraphs import Paragraph

_FIRST_LEADS = re.compile(
    r"(?:第一个|首个|第一位|首位|第一家|排名第一|排第一|列(?:在)?第一|列首位|排(?:在)?首位|排(?:在)?(?:最)?前|首列|第一责任)[^。；）\n]{0,14}牵头|牵头(?:单位|部门)?(?:均)?(?:为|是|由)[^。；）\n]{0,10}(?:第一|首)(?:个|位|家)|第一(?:个)?(?:责任)?单位牵头"
)
# 以下任务均需于2023年12月底前完成   上述工作完成时限均为…   本方案各项任务统一于…前完成
_ALL_BY = re.compile(
    r"(?:以下|下列|上述|以上|本方案|各项)[^。；]{0,24}?(?:均|全部|统一|一律|都|(?:任务|工作|事项|问题|建议|提案|项目|措施|整改|内容)(?:应|须|要|需|请|务必|于))[^。；]{0,8}?(?P<when>(?:[^。；，]{0,3}(?:19|20)\d\d年|\d{1,2}月|年底|长期|持续)[^。；，）]{0,18})"
)
_ALL_UNITS = re.compile(
    r"(?:以下|下列|上述|以上|本方案)[^。；，]{0,24}?(?:均|全部|统一|一律|都)由(?P<who>[^。；]{2,80}?(?:牵头|负责)[^。；]{0,60})"
)
# 以下任务牵头单位均为…   下列事项责任单位均为…
_ALL_LABELLED = re.compile(
    r"(?:以下|下列|上述|以上|本方案|各项)[^。；，]{0,24}?(?P<role>牵头|责任|配合)(?:单位|部门)(?:均|全部|统一|都)?(?:为|是)(?P<who>[^。；]{2,80})"
)
_ALL = re.compile("以下|下列|上述|以上|本方案|各项")
_ROLES = {"牵头": "lead", "责任": "responsible", "配合": "support"}

# Rules looked at around a place; a document states two or three in all
_NEAR = 8


@dataclass
class Rules:
    """The stated rules with the place each begins to hold from (0: the whole document)."""

    leads_from: int | None = None
    by: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    units: list[tuple[int, str, int, int, str]] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def first_leads(self, at: int) -> bool:
        return self.leads_from is not None and at >= self.leads_from

    def deadline_at(self, at: int) -> dict[str, Any] | None:
        near = self.by[max(0, bisect_right(self.by, at, key=lambda r: r[0]) - _NEAR) :][: 2 * _NEAR]
        return next((d.copy() for place, d in reversed(near) if self._holds(place, at)), None)

    def _holds(self, place: int, at: int) -> bool:
        """From its place to the next heading of the top level; before the first one, or at place 0, everywhere."""
        if place == 0:
            return True
        ends = bisect_right(self.ends, place)
        return place <= at and (ends in (0, len(self.ends)) or self.ends[ends] > at)

    def units_at(self, at: int) -> tuple[str, int, int, str] | None:
        near = self.units[max(0, bisect_right(self.units, at, key=lambda r: r[0]) - _NEAR) :][: 2 * _NEAR]
        return next(((t, a, b, role) for place, t, a, b, role in reversed(near) if self._holds(place, at)), None)


# （列第一位的为牵头单位，下同）   ，第一个单位为牵头单位，下同
_RULE_BRACKET = re.compile(r"（[^（）]{0,20}(?:下同|第一个|首个|排名第一|第一位|首位)[^（）]{0,24}）")
_RULE_WORDS = re.compile(
    r"[，；。]\s?[^，。；（）、]{0,16}(?:第一个|首个|第一位|排名第一|首位|排在前|第一责任)[^，。；（）]{0,14}牵头[^，。；（）]{0,12}|[，；]\s?(?:以)?下同"
)


def without_rules(text: str) -> str:
    """Return the text, of the same length, without the words of such a rule, so that they are not read as units."""
    if not ("下同" in text or "第一" in text or "首" in text):
        return text
    for rule in (_RULE_BRACKET, _RULE_WORDS):
        text = rule.sub(lambda m: "，" * len(m.group()), text)
    return text


def read_rules(paras: list[Paragraph], year: int | None) -> Rules:
    """Collect the rules of one document."""
    rules = Rules()
    for para in paras:
        text = para.text
        mark = read_mark(text)
        if mark is not None and mark.style in ("cn", "chapter", "annex"):
            rules.ends.append(para.start)
        if rules.leads_from is None and "牵头" in text and (found := _FIRST_LEADS.search(text)) is not None:
            later = "下同" in text[found.start() : found.end() + 12] or "以下" in text[: found.start()]
            rules.leads_from = para.start if later else 0
        if _ALL.search(text) is not None:
            if (found := _ALL_BY.search(text)) is not None:
                deadline, _ = read_deadline(
                    found.group("when"), para.raw[found.start("when") : found.end("when")], year
                )
                if deadline["kind"] != "none":
                    back = found.group().startswith(("上述", "以上", "本方案", "各项"))
                    rules.by.append((0 if back else para.start, deadline))
            found = _ALL_LABELLED.search(text) or _ALL_UNITS.search(text)
            if found is not None:
                back = found.group().startswith(("上述", "以上", "本方案"))
                role = _ROLES.get(found.groupdict().get("role") or "", "responsible")
                rules.units.append((0 if back else para.start, text, *found.span("who"), role))
    rules.by.sort(key=lambda r: r[0])
    rules.units.sort(key=lambda r: r[0])
    return rules
