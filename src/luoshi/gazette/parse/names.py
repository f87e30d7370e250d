"""Lists of units: 县教育局、公安局和各镇人民政府等有关部门 → the names as printed, and whether the list is open."""

import re
from typing import NamedTuple

from luoshi.gazette.parse.units import STEMS, is_unit, is_whole

_KINDS = "部门|单位|机构|企业|乡镇|镇|局"
# 等   等部门   等有关单位   等相关审批部门   等12个部门   等地
_OPEN = re.compile(
    rf"\s?等(?:[\u4e00-\u9fff]{{0,8}}?(?:{_KINDS})(?:[和、及]?单位)?|\d{{1,2}}[个家]?(?:部门|单位)|地|多部门)?$"
)
# 各有关部门   有关单位   县直相关部门: a collective that leaves the list open
_COLLECTIVE = re.compile(
    r"(?:[县市区旗省]直|驻[县市区]|其[他它]|[县市各]级|市县|[县市区旗])?各?(?:有关|相关)[\u4e00-\u9fff]{0,6}"
    r"(?:部门|单位|企业|机构|镇|乡镇|方面|科室)(?:单位)?$"
)
# 、 ， ； and blanks always part; 和, 及, 与 and one blank only after the end of a name
_SPLIT = re.compile(
    r"[，；;]\s?(?:以及|及其|及|和|与)?|、(?:以及|及其|及(?=[各县市区旗]))?|[,。/|]|\s{2,}|\t"
    r"|(?<=[局委办部厅院会社处室站所队馆台镇乡村府心司团道区县旗校行村科股）])"
    r"(?:\s?(?:以及|及其|及|和|与|会同|并|\s)\s?)(?=[\u4e00-\u9fff])"
)
_ANDS = frozenset(["和", "及", "与", "以及", "及其", "会同", "并"])
# 各乡（镇）党委、政府   各街道党工委、办事处   县直各部门、单位: the second word is no body by itself
_TAILS = frozenset(
    re.findall(r"\S+", "政府 人民政府 办事处 单位 直属单位 直属机构 企业 事业单位 机构 社会团体 管委会 委员会")
)
# 各市、县人民政府   各镇、街道普查办: one collective, its ending said once; 各镇、县商务局 are two bodies
SHARED = re.compile(
    r"(?<![\u4e00-\u9fff])各(?:[市州盟县区旗](?:、[市州盟县区旗]){1,2}(?=(?:人民)?政府|党委)"
    r"|[镇乡]、(?:街道|[镇乡])(?=[\u4e00-\u9fff])(?!和|及|与|等|办|党))"
)
_PARTING = re.compile(r"[、，；/|\s]")
_LANDS = ("县", "市", "区", "旗", "省", "州", "盟", "自治区")
_INNER = re.compile(r"（[^（）]{0,40}）")
# 县 水 利 局: one name that scanning has spread out
_SPREAD = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff](?: [\u4e00-\u9fff]){2,24}(?![\u4e00-\u9fff])")
_GLUE = "\u2060"
_LEADING = re.compile(r"[\s、，；。：:·]*(?:由|以及|并由|再由|其中)?\s*(?:\d{1,2}[.、]\s?)?")

_LEADS = frozenset(" \t、，；。：:·由以并再其0123456789")


class Names(NamedTuple):
    """Names with their places in the text they were read from; ``open_ended``; the pieces that are no clear unit."""

    names: list[str]
    places: list[tuple[int, int]]
    open_ended: bool
    unclear: list[tuple[int, int]]


def read_names(text: str, start: int, end: int) -> Names:
    """Split ``text[start:end]`` into names of units as printed."""
    masked = _mask(text, start, end) if "（" in text[start:end] else text
    if "各" in text[start:end]:
        shared = SHARED.sub(lambda m: m.group().replace("、", "某"), masked[start:end])
        masked = masked[:start] + shared + masked[end:]
    if " " in masked[start:end]:
        glued = _SPREAD.sub(lambda m: m.group().replace(" ", _GLUE), masked[start:end])
        masked = masked[:start] + glued + masked[end:]
    names: list[str] = []
    places: list[tuple[int, int]] = []
    unclear: list[tuple[int, int]] = []
    open_ended = False
    pending: int | None = None
    pieces = _pieces(masked, start, end)
    for n, (begin, stop) in enumerate(pieces):
        a, b = _trim(masked, begin if pending is None else pending, stop)
        opened = _OPEN.search(masked, a, b) if masked.find("等", a, b) >= 0 else None
        if opened is not None and a < b:
            open_ended, b = open_ended or n >= len(pieces) - 2, opened.start()
        words, pending = masked[a:b].strip().replace(_GLUE, ""), None
        if not words:
            continue
        if words in _TAILS and places and masked[places[-1][1] : a].strip() in "、和":
            places[-1] = (places[-1][0], b)
            names[-1] = text[places[-1][0] : b].strip()
            continue
        if not is_unit(words) and words not in STEMS:
            if n + 1 < len(pieces) and len(words) <= 12 and _joins(masked, a, pieces[n + 1]):
                pending = a
                continue
            unclear += [(a, b)] if words not in _TAILS else []
        names.append(text[a:b].strip())
        places.append((a, b))
        open_ended = open_ended or (n >= len(pieces) - 1 and _COLLECTIVE.match(words) is not None)
    return Names(names, places, open_ended, unclear)


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    pieces, at = [], start
    for cut in _SPLIT.finditer(text, start, end):
        if cut.group().strip() in _ANDS and not is_whole(text[max(at, cut.start() - 60) : cut.start()]):
            continue  # 农业农村和水利局: 和 stands inside the name
        if cut.group() == " " and len(text[at : cut.start()].strip()) < 2:
            continue  # 县 水利局: the blank stands inside the name
        pieces.append((at, cut.start()))
        at = cut.end()
    return [*pieces, (at, end)]


def _mask(text: str, start: int, end: int) -> str:
    """各县（市、区）人民政府: the marks inside brackets part nothing."""
    inner = _INNER.sub(lambda m: "（" + _PARTING.sub("某", m.group()[1:-1]) + "）", text[start:end])
    return text[:start] + inner + text[end:]


def _joins(text: str, a: int, following: tuple[int, int]) -> bool:
    """县食品、药品监督管理局: the first piece is no body, the two together are one name."""
    if text[following[0] - 1] != "、":
        return False
    words = text[a : following[1]].strip()
    return is_unit(words) and len(words) <= 20 and text.startswith(_LANDS, a)


def _trim(text: str, a: int, b: int) -> tuple[int, int]:
    """Leave off the marks around a name, and a bracket that has no partner. At most eight at each end."""
    if a < b and text[a] in _LEADS and (lead := _LEADING.match(text, a, b)) is not None:
        a = lead.end()
    for _ in range(8):
        if a < b and (text[b - 1] in " 、，；。：\t." or (text[b - 1] in "）】" and not _balanced(text, a, b))):
            b -= 1
        elif a < b and text[a] in "（【" and not _balanced(text, a, b):
            a += 1
        else:
            break
    return a, b


def _balanced(text: str, a: int, b: int) -> bool:
    return text.count("（", a, b) == text.count("）", a, b) and text.count("【", a, b) == text.count("】", a, b)
