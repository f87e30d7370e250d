"""The marks that open a clause: 一、（一）1.（1）① 一是 4.2.1 第一章 附件1 and the bullets."""

import re
from functools import lru_cache
from typing import NamedTuple

from luoshi.gazette.parse.marks import bare, chinese_number


class Mark(NamedTuple):
    """``style`` of the mark, its ``number`` (0 for a bullet), the ``label`` for paths, and where the words begin."""

    style: str
    number: int
    label: str
    end: int
    parts: tuple[int, ...] = ()


_N = "[一二三四五六七八九十百]"
# One rule a line, tried in this order; each is anchored and bounded, so that reading a mark is constant work.
_RULES = {
    # 附件 1：   附件2   附：
    "annex": re.compile(
        r"附\s{0,4}[件表录](?:\s{0,3}(?P<n>\d{1,2}|[一二三四五六七八九十]{1,2}))?\s{0,3}(?:[：.、]\s{0,8}|$|(?=\s))"
    ),
    # 第一章 总则   第三部分 主要任务   第十二条
    "chapter": re.compile(rf"第\s?(?P<n>{_N}{{1,4}}|\d{{1,3}})\s?(?P<u>章|节|编|部分|条)\s{{0,4}}[：、]?\s{{0,4}}"),
    # 4.2.1 预警信息发布   1.1编制目的   1.2 6月底前
    "decimal": re.compile(
        r"(?P<n>\d{1,2}(?:\s?\.\s?\d{1,2}){1,4})(?:(?=\s{1,3}\d{1,4}\s?[年月])|(?!\s?[\d%‰倍亿万个米元年月日小天℃]))"
        r"[.、]?\s{0,4}(?=\S)"
    ),
    # 1 总则   5  附则: the top level of decimal numbering
    "decimal_top": re.compile(r"(?P<n>\d{1,2})\s{1,4}(?=[\u4e00-\u9fff、]{2,20}$)"),
    # 一是加强领导   二要压实责任   第一，统一思想
    "first": re.compile(r"(?P<n>[一二三四五六七八九十]{1,3})\s?(?:是|要)(?!否|否则)\s{0,3}[，：]?\s{0,2}"),
    "ordinal": re.compile(r"第(?P<n>[一二三四五六七八九十]{1,3})\s?[，、：]\s{0,2}"),
    # 一、总体要求   二 .工作目标   三，实施步骤
    "cn": re.compile(rf"(?P<n>{_N}{{1,4}})\s{{0,2}}(?:[、.]|，(?=[^，。；]{{2,20}}$))\s{{0,4}}"),
    # （一）加强组织领导   ( 十二 )   （二 、   （三 with the bracket lost   （-）with the 一 printed as a dash
    "cn_paren": re.compile(
        rf"（\s?(?P<n>{_N}{{1,4}}|-)\s?[）、]\s{{0,4}}|(?P<m>{_N}{{1,3}})\s?）\s{{0,4}}"
        rf"|（(?P<k>{_N}{{1,3}})\s{{1,3}}(?=[\u4e00-\u9fff])"
    ),
    # 任务一：征地拆迁   问题3：…   项目二 …
    "item": re.compile(
        r"(?:任务|项目|问题|事项|专项|专题|行动|工程|举措|措施|案件|议题|指标)\s?"
        r"(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})\s{0,2}[：、.]\s{0,4}(?=\S)"
    ),
    # 1.改造方式   2、施工标准   3 ．验收
    "arabic": re.compile(r"(?P<n>\d{1,3})\s{0,2}[.、](?!\d)\s{0,4}"),
    # （1）基础   1）基础
    "arabic_paren": re.compile(r"（\s?(?P<n>\d{1,3})\s?）[、.]?\s{0,4}|(?P<m>\d{1,3})\s?）\s{0,4}"),
    # ①户主申请
    "circled": re.compile(r"(?P<c>[①-⑳⑴-⒇])\s{0,4}"),
    # ——审批服务功能   ●身份证复印件   - 农户申请
    "bullet": re.compile(r"(?:-{1,2}|[●■◆△▲•·○□★※])\s{0,4}(?=\S)"),
}
_FIRST = frozenset(
    "附第（-●■◆△▲•·○□★※0123456789一二三四五六七八九十百任项问事专行工举措案议指①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
)
_ORDER = tuple(_RULES.items())
# No rule looks further than this; every stage asks for the marks of the same lines, so that they are remembered
_LONGEST = 64


def read_mark(text: str) -> Mark | None:
    """Return the mark at the beginning of ``text``, or None."""
    if not text or text[0] not in _FIRST:
        return None
    return _read_mark(text[:_LONGEST])


@lru_cache(maxsize=4096)
def _read_mark(text: str) -> Mark | None:
    for style, rule in _ORDER:
        found = rule.match(text)
        if found and found.end() > 0:
            return _mark(style, found)
    return None


def _mark(style: str, found: re.Match[str]) -> Mark:
    groups = found.groupdict()
    words = bare(groups.get("n") or groups.get("m") or groups.get("k") or "").replace("-", "一")
    end = found.end()
    if style in ("decimal", "decimal_top"):
        parts = tuple(int(p) for p in words.split("."))
        return Mark("decimal", parts[-1], ".".join(map(str, parts)), end, parts)
    if style == "circled":
        char = groups["c"]
        number = ord(char) - 0x245F if char <= "⑳" else ord(char) - 0x2473
        return Mark(style, number, char, end)
    if style == "bullet":
        return Mark(style, 0, found.group().strip(), end)
    number = chinese_number(words) or 0
    label = {
        "annex": f"附件{words}",
        "chapter": f"第{words}{groups.get('u')}",
        "first": bare(found.group()).rstrip("，："),
        "ordinal": f"第{words}",
        "item": re.split(r"[：、.]", bare(found.group()))[0],
        "cn_paren": f"（{words}）",
        "arabic_paren": f"（{words}）",
    }.get(style, words)
    return Mark(style, number, label, end)
