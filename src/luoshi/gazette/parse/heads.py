"""The lines around the body of a document: number, recipients, issuing body, date, disclosure class.

Reads ``documents``; writes the fields of each document and the blocks of its head.
"""

import re
from datetime import date

from luoshi.gazette.parse.days import find_days
from luoshi.gazette.parse.marks import bare
from luoshi.gazette.parse.names import SHARED
from luoshi.gazette.parse.titles import is_issuer

# 固政发〔2023〕12号   某政办函（2024）第 5 号   固政发〔2023〕号   〔2024〕第19号
NUMBER = re.compile(
    r"(?:[\u4e00-\u9fff]{2,14}\s?)?[〔（【]\s?(?:19|20)\d\d\s?[〕）】]\s?(?:第\s?)?\d{0,4}\s?号|[\u4e00-\u9fff]{2,12}(?:19|20)\d\d年第\s?\d{1,4}\s?号"
)
# 2023年4月13日   二〇二三年四月十三日
_DATE = re.compile(
    r"(?:成文日期|发布日期|印发日期|日期)?[：]?\s?(?:(?:19|20)\s?\d\s?\d|[一二][零○一二三四五六七八九]{3})\s?年\s?\S{1,3}\s?月\s?\S{1,3}\s?日(?:印发|发布)?"
)
# （此件公开发布）   公开方式：主动公开   （此件不公开）
_DISCLOSURE = re.compile(
    r"（?(?:此件|本件|该件)[^（）。]{0,3}?(?P<a>(?:主动|依申请|不予|不)?公开(?:发布)?|删减后公开)[^（）。]{0,4}）?"
    r"|(?:信息)?公开(?:方式|属性|选项|类别|形式)\s?[：]\s?(?P<b>主动公开|依申请公开|不予公开|不公开)"
)
_CALL = re.compile(r"[^。；！]{2,200}：")

_NO_CALL = re.compile(r"如下|以下|要求$|通知$|现将|包括|内容$|事项$|方面$|标准$|方式$|程序$|对象$")
_CALLED = re.compile(
    r"(?:政府|单位|部门|办事处|局|委员会|管委会|街道|乡镇|镇|企业|公司|各有关方面|县|区|市|办|院|校|会|机构|中心|科室|室|科|站|所|队|同志|居民|群众|社会各界)$"
)
_WHOLE = re.compile(
    r"(?:政府|办事处|局|委|会|部门|单位|公司|院|中心|镇|乡|办公室|办|大队|分局|校|幼儿园|[科股处]室|社区|街道)$"
)


def is_number(words: str) -> bool:
    return "号" in words and len(words) <= 40 and NUMBER.fullmatch(words.strip()) is not None


def is_date(words: str) -> bool:
    return 6 <= len(words) <= 24 and "年" in words and _DATE.fullmatch(words.strip()) is not None


def read_date(words: str) -> date | None:
    moments = find_days(words, None)
    return moments[0].last if moments and moments[0].grain == "day" else None


def disclosure_class(words: str) -> str | None:
    """Return 主动公开, 依申请公开 … of a disclosure line, None when the line is none."""
    if len(words) > 30 or "公开" not in words:
        return None
    found = _DISCLOSURE.fullmatch(words.strip())
    if found is None:
        return None
    value = found.group("a") or found.group("b")
    return {"公开": "公开发布", "不公开": "不予公开", "主动公开发布": "主动公开"}.get(value, value)


def is_recipients(words: str) -> bool:
    """Whether the line calls its readers: 各镇人民政府，县直各有关部门、单位："""
    if not words.endswith("：") or len(words) > 220 or _CALL.fullmatch(words) is None:
        return False
    body = words[:-1]
    return _NO_CALL.search(body) is None and _CALLED.search(body) is not None


def split_recipients(words: str) -> list[str]:
    """Split the call into its groups: the comma parts them, and 、 where both sides are whole bodies."""
    groups: list[str] = []
    for piece in re.split(r"[，；]", SHARED.sub(lambda m: m.group().replace("、", "\0"), bare(words).rstrip("："))):
        groups.extend(g.replace("\0", "、") for g in _split_bodies(piece))
    return [g for g in groups if g]


def _split_bodies(piece: str) -> list[str]:
    parts = piece.split("、")
    groups = [parts[0]]
    for part in parts[1:]:
        shared_tail = (
            part
            in ("单位", "各单位", "直属机构", "企业", "有关单位", "事业单位", "直属单位", "委", "办", "局", "镇", "乡")
            or len(part) <= 2
        )
        whole = _WHOLE.search(groups[-1])
        if shared_tail or whole is None:
            groups[-1] += "、" + part
        else:
            groups.append(part)
    return groups


def is_signature(words: str, following: list[str]) -> bool:
    """An issuing body with a date below it, or below the bodies that sign with it. Looks at four lines."""
    if not is_issuer(words):
        return False
    for line in following[:4]:
        if is_date(line):
            return True
        if not is_issuer(line):
            return False
    return False
