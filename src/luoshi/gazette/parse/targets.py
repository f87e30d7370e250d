"""Figures that a task must reach: comparator, value and unit.

不低于25% → >=, 达到100% → =, 控制在5%以内 → <=, 3处以上 → >=, 完成改造120户 → =.
"""

import re
from typing import Any

from luoshi.gazette.parse.paragraphs import Paragraph

UNITS = (
    "个百分点|百分点|%|‰|万亩|亿元|万元|万人次|万人|万户|万吨|万平方米|万千瓦时|万千瓦|万头|万只|万株|万立方米|平方公里|平方米|立方米|人次|批次|学时|课时|小时|工作日|公里|千米|"
    "公顷|千瓦时|千瓦|兆瓦|吨|亩|元|米|厘米|毫米|微克/立方米|分钟|秒|天|日|周|个月|年|次|场次|场|期|个|家|℃|公斤|千克|克|户|人|名|项|件|条|处|所|座|台|套|辆|张|床|支|类|种|份|篇|幅|块|头|只|株|盏|宗|起|批|级|位|轮|倍|分|村|镇|度"
)
_NUM = r"(?P<v>\d{1,9}(?:\.\d{1,4})?)\s?(?P<u>" + UNITS + ")"
_BEFORE = {
    ">=": "不低于|不少于|不小于|不得低于|不得少于|至少|最少|大于等于|力争达到|达到或超过|不短于|≥",
    "<=": "不超过|不高于|不大于|不多于|不得超过|不得高于|不得多于|控制在|压减到|压降至|小于等于|最多|至多|≤|限于",
    ">": "超过|大于|高于|多于|突破|>",
    "<": "小于|低于|少于|<",
    "=": (
        "达到|达|提高到|提高至|提升到|提升至|增加到|增至|降至|降到|下降到|稳定在|"
        "保持在|保持|实现|完成|为|到|扩大到|确保|新建|建成|建设|改造|新增|培育|创建|"
        "抽检|检查|开展|打造|培训|举办|召开|组织|引进|发展|种植|修复|治理|整治|排查|"
        "新改建|改扩建|硬化|维修|推广|认定|申报|落实|发放|安装|配备|储备|帮扶|救助|"
        "巡查|扶持|建立|设立|评选|选树|命名|流转|植树|造林|整修|疏浚|清淤|铺设|更换|"
        "拆除|争取|增长|下降|降低|压减|减少|缩减|更新"
    ),
}
_OPS = {word: op for op, words in _BEFORE.items() for word in words.split("|")}
_WORDS = "|".join(sorted(map(re.escape, _OPS), key=len, reverse=True))
# 改造老旧小区26个: the thing stands between the verb and its figure
_MADE = "新建|建成|改造|新增|推出|创建|培育|新改建|改扩建|引进|更新|更换|拆除|安装|铺设|修复|新开通|开通"
_FIRSTS = re.escape("".join(sorted({word[0] for word in (*_OPS, *_MADE.split("|"))})))
# A figure with the words that compare it before or behind
_TARGET = re.compile(
    rf"(?=[\d约近共{_FIRSTS}])(?:(?P<op>{_WORDS})\s?|(?P<far>至少|最少|最多|至多)[\u4e00-\u9fff]{{1,6}}?\s?"
    rf"|(?P<made>{_MADE})(?:(?!{_WORDS})[\u4e00-\u9fff“”]){{1,10}}?\s?)?(?<![\d.第])(?:约|近|共计|共)?\s?{_NUM}(?:\s?/\s?[\u4e00-\u9fff]{{1,4}})?\s?(?P<after>及?以上|及?以下|以内|之内|左右)?"
)
_QUOTED = re.compile(r"《[^《》]{0,150}》|〔[^〕]{0,12}〕[^，。；）]{0,8}号")
_FIGURE = re.compile(r"\d")
_RATE = re.compile(r"率[^，。；]{0,6}$")
_TIME = frozenset(("日", "年", "月", "天", "工作日", "个月", "小时", "周", "分钟", "秒", "度", "期", "级", "届"))


def find_targets(para: Paragraph, start: int, end: int) -> list[dict[str, Any]]:
    """Return the targets of ``para.text[start:end]``."""
    text = para.text[start:end]
    if _FIGURE.search(text) is None:
        return []
    if "《" in text or "〔" in text:
        text = _QUOTED.sub(lambda m: " " * len(m.group()), text)
    targets = []
    for found in _TARGET.finditer(text):
        op = _operator(found, text)
        if op is None:
            continue
        value = float(found.group("v"))
        a, b = start + found.start(), start + found.end()
        targets.append(
            {
                "words": para.printed(a, b),
                "op": op,
                "value": int(value) if value.is_integer() else value,
                "unit": found.group("u"),
                "span": para.span(a, b),
            }
        )
    return targets


def _operator(found: re.Match[str], text: str) -> str | None:
    before = found.group("op") or found.group("far") or found.group("made")
    after, unit = found.group("after") or "", found.group("u")
    strict = before is not None and _OPS.get(before, "=") != "="
    if unit in _TIME and not strict and not (unit in ("学时", "小时") and after):
        return None
    if after.endswith("以上"):
        return ">="
    if after.endswith(("以下", "以内", "之内")):
        return "<="
    if strict:
        return _OPS[str(before)]
    if unit in ("%", "‰") and before is None:
        return "=" if _RATE.search(text[: found.start()]) or found.group("v") == "100" else None
    return "=" if before is not None else None
