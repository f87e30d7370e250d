"""The labels of responsibility blocks: 责任单位：… 牵头单位：… 完成时限：…, one a line or several in one line."""

import re
from functools import lru_cache
from typing import NamedTuple

from luoshi.gazette.parse.units import is_unit

_BODY = "单位|部门|科室|股室|部室|站所|机构|主体|县领导单位|处室|乡镇|镇街"
# 牵头单位：   牵头负责单位   牵头部门   主办单位   主牵头单位   发起部门
_LEAD = rf"(?:总|主)?(?:牵\s?头|主\s?办|主\s?抓|发起)(?:负责|责任|落实|实施)?(?:{_BODY})(?:及责任(?:{_BODY}))?|牵头"
# 配合单位：   协办单位   参与部门   协同配合单位   会办单位
_SUPPORT = (
    r"(?:主要)?(?:协同)?(?:配合|协办|协同|协助|参与|参加|参加配合|支持|协作|会办|联办)"
    rf"(?:责任|落实|实施)?(?:{_BODY})|配合"
)
# 责任单位：   责任部门   负责部门   主要责任单位   落实单位   承办单位   责 任 单 位
_RESPONSIBLE = (
    r"(?:主要|第一|具体|共同|直接|主体|工作)?(?:责\s?任|负\s?责|主\s?责|落\s?实|承\s?办|实\s?施|执\s?行|完成|组织实施|责任落实|监管|主管|检查|抽查|办\s?理)"
    rf"\s?(?:单\s?位|部\s?门|{_BODY})|责任分工|分工"
)
# 指导单位：   督导单位   监督部门
_GUIDE = rf"(?:业务)?(?:指\s?导|督\s?导|监\s?督|督\s?办|督\s?查)(?:{_BODY})"
# 完成时限：   时限要求   完成时间   时间节点   办理时限   整改期限   报送时间   完成节点
_DEADLINE = (
    r"(?:计划|工作|整改|任务|预计|拟|推进|落实|办理|办结|实施|要求|报送|上报|提交|反馈|开工|竣工|验收|公布|起止|起讫)?"
    r"(?:完\s?成|达标|办结|整改)?"
    r"(?:时\s?限|期\s?限|时\s?间(?:节点|要求|安排|进度|期限|表)?|日期|节点)(?:要求|安排|节点)?|进度(?:要求|安排)|时间进度|推进时序"
)
# 责任人：   分管领导：   联系人：
_PERSON = (
    r"(?:主要|第一|具体|直接|分管|包联|包保|牵头|责任|县级?|县级责任|市级?|联系|挂点|包抓)?"
    r"(?:责任|负责|牵头|分管|包联)?(?:领导|责任人|负责人|联系人|县领导|人)|联系(?:电话|方式)"
)
# 目标任务：   工作措施：   other labels that only end a unit list
_OTHER = (
    r"(?:工作|主要|具体|重点)?(?:目标|任务|措施|内容|要求|标准|步骤|成果|举措)(?:任务|要求|形式)?"
    r"|备注|完成标志|考核指标"
)


def _spaced(rule: str) -> str:
    """Allow a blank after each character: 责 任 单 位."""
    return re.sub(r"([\u4e00-\u9fff])(?![?])", r"\1\\s?", rule)


_LABELS = _spaced(
    rf"(?P<lead>{_LEAD})|(?P<support>{_SUPPORT})|(?P<responsible>{_RESPONSIBLE})|(?P<guide>{_GUIDE})"
    rf"|(?P<deadline>{_DEADLINE})|(?P<person>{_PERSON})|(?P<other>{_OTHER})"
)
LABEL = re.compile(_LABELS)
_LABEL_THEN_COLON = re.compile(rf"(?:{_LABELS})(?=\s{{0,2}}[）】]?\s{{0,2}}[：:]|[）】])")
ROLES = frozenset({"lead", "support", "responsible", "guide"})
# Where a label may stand: at the beginning or after one of these marks
_BEFORE = re.compile(
    r"(?:^|(?<=[；。，、\s（【《]))(?=[牵主配协参支责负落承实执完组指督监业计工整任预拟推办要时进期达第具共直分包联挂总县市目措内备考标重日节报上提反开竣验公发会检抽起])"
)
_COLON = re.compile(r"\s{0,2}[）】]?\s{0,2}[：:]\s{0,4}")
# （牵头单位）县财政局   【责任单位】县农牧局: the label itself in brackets
# ●责任单位：…   —完成时限：…
_OPEN = re.compile(r"[\s●■◆▲★·•-]{0,4}[【（]?\s{0,2}")


# No label begins with another character. Every stage asks for the labels of the same lines: they are remembered.
_OPENS = frozenset(
    " ●■◆▲★·•-【（起总主牵发配协参支会联作责负落承实执完组监检抽办分第具共直工指业督计整任预拟推要报上提"
    "反开竣验公达时期日节进县市包挂领人重目措内标步成举备考"
)
_SHORT = 200
_BARE_TIME = re.compile(r"\d|今|明|本|每|长期|持续|常态|年底")
_FIRST_PIECE = re.compile(r"[^、，；。\s]{2,30}")


class Field(NamedTuple):
    """A labelled value: its ``kind``, where the label begins, and the value's own place."""

    kind: str
    label: int
    start: int
    end: int


def starts_label(text: str) -> bool:
    """Whether the text begins with a label of a responsibility block, and its colon or a blank and its value."""
    if text[:1] not in _OPENS:
        return False
    return _starts_short(text) if len(text) <= _SHORT else _starts(text)


def _starts(text: str) -> bool:
    at = _begin(text, 0)
    kind = _label_at(text, at) or _bare_label(text, at)
    return kind is not None and kind[0] not in ("other",)


_starts_short = lru_cache(maxsize=4096)(_starts)


def _begin(text: str, at: int) -> int:
    found = _OPEN.match(text, at)
    return found.end() if found else at


def _bare_label(text: str, at: int) -> tuple[str, int] | None:
    """责任单位 县司法局、县公安局   完成时限 2023年10月底前: the colon is lost, a blank stands there."""
    found = LABEL.match(text, at)
    if found is None or found.end() - at < 4 or found.lastgroup not in ROLES | {"deadline"}:
        return None
    value = text[found.end() :].lstrip()
    if not value or not text[found.end() - 1 : found.end() + 1].count(" "):
        return None
    first = _FIRST_PIECE.match(value)
    if found.lastgroup == "deadline":
        good = _BARE_TIME.match(value) is not None and len(value) <= 60
    else:
        good = first is not None and is_unit(first.group())
    return (str(found.lastgroup), len(text) - len(value)) if good else None


def _label_at(text: str, at: int) -> tuple[str, int] | None:
    found = _LABEL_THEN_COLON.match(text, at)
    if found is None or found.end() == at:
        return None
    colon = _COLON.match(text, found.end())
    if colon is None:
        bracket = text[at - 1 : at] in ("【", "（") and text[found.end() : found.end() + 1] in ("】", "）")
        opens = text[at - 2 : at - 1] in ("", " ", "；", "。", "，") or at == 1
        if not bracket or not opens or found.end() - at < 4 or found.lastgroup not in ROLES | {"deadline"}:
            return None
        return str(found.lastgroup), found.end() + 1
    return str(found.lastgroup), colon.end()


def read_fields(text: str, start: int = 0, end: int | None = None) -> list[Field]:
    """Return the labelled values of ``text[start:end]`` in their order."""
    stop = len(text) if end is None else end
    heads: list[tuple[str, int, int]] = []
    at = start
    while at < stop:
        place = _BEFORE.search(text, at, stop) if at > start else _OPEN.match(text, at, stop)
        if place is None:
            break
        found = _label_at(text, place.end()) or (_bare_label(text, place.end()) if at == 0 else None)
        if found is not None and found[1] <= stop:
            heads.append((found[0], place.end(), found[1]))
            at = found[1]
        else:
            at = place.end() + 1
    fields = []
    for n, (kind, label, begin) in enumerate(heads):
        until = heads[n + 1][1] if n + 1 < len(heads) else stop
        fields.append(Field(kind, label, begin, until))
    return fields
