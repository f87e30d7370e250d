"""Names of units and lists of them: a general grammar of how Chinese bodies are called, no list of any county's bodies."""

import re
from typing import NamedTuple

# How the name of a body ends. Longest first within an ending letter; single letters only where they are safe in a list.
_ENDS = (
    "人民政府|政府|管理委员会|管委会|委员会|办事处|办公室|领导小组|指挥部|工作组|专班|人民法院|法院|检察院|监委|纪委监委|纪委|政法委|县委|市委|区委|旗委|党委|党工委|"
    "宣传部|组织部|统战部|武装部|社会工作部|工作部|社工部|党校|编办|网信办|信访局|分局|局|总局|厅|署|税务所|派出所|司法所|卫生院|所|"
    "中心|大队|中队|支队|总队|救援队|消防队|森林公安|队|总站|站|馆|园区|产业园|工业园|开发区|新区|示范区|保税区|园|"
    "供销社|供销联社|联社|供销合作社|合作社|残联|妇联|团委|团县委|团市委|团区委|工会|总工会|科协|文联|侨联|工商联|社科联|计生协|红十字会|慈善总会|协会|商会|学会|联合会|"
    "公司|集团|银行|支行|分行|人行|银监|证监|联通|电信|移动|铁塔|邮政|烟草|电网|供电|水务|燃气|热力|石油|石化|企业|运营商|机构|"
    "学校|中学|小学|大学|学院|幼儿园|医院|疾控|卫健|电视台|报社|融媒体|气象台|台|林场|农场|牧场|"
    "镇|乡|苏木|嘎查|街道|乡镇|镇街|镇村|村|社区|居委会|村委会|村（居）委会|部门|单位|成员单位|各方|县|市|区|旗|州|盟|办|委|部|院|会|社|处|科|股|室|组|司|厂|矿|库|校|园|基地|平台|小组"
)
_END = re.compile(rf"(?:{_ENDS})(?:（[^（）]{{1,30}}）|“[^”]{{1,10}}”)?$")
# Single letters that close ordinary words as well; they count only for names of this least length
_SHORT_END = re.compile(r"[局委办部院会社处科股室组司厂矿库校园站所队馆台镇乡村县市区旗州盟厅署]$")
# 等部门   等有关单位   等相关审批部门   等
_OPEN = re.compile(
    r"\s?等(?:[\u4e00-\u9fff]{0,8}?(?:部门|单位|部门单位|机构|企业|乡镇|镇|局)(?:和单位|、单位|及单位|单位)?|\d{1,2}[个家]?(?:部门|单位)|地|多部门)?$"
)
_OPEN_PART = re.compile(
    r"\s?等(?:[\u4e00-\u9fff]{0,8}?(?:部门|单位|企业|机构)(?:和单位|、单位|及单位|单位)?|\d{1,2}[个家]?(?:部门|单位))?(?=[，、；。及和与]|$)"
)
# 各有关部门   有关单位   相关部门: a collective that leaves the list open
_COLLECTIVE_OPEN = re.compile(
    r"(?:县直|市直|区直|旗直|省直|驻[县市区]|其他|其它|县级|市级|各级|市县|县|市|区|旗)?各?(?:有关|相关)[\u4e00-\u9fff]{0,6}(?:部门|单位|企业|机构|镇|乡镇|方面|成员单位|责任单位|科室)(?:单位)?$"
)
_SPLIT = re.compile(
    r"[、，；;,。/|]|\s{2,}|\t|(?<=[局委办部厅院会社处室站所队馆台镇乡村府心司团道区县旗校行村）])(?:\s?(?:以及|及其|及|和|与|会同|并|\s)\s?)(?=[\u4e00-\u9fff])"
)
# Bare stems of departments that a list may shorten: 教育、公安、民政等部门
STEMS = frozenset(
    [
        "教育",
        "公安",
        "民政",
        "财政",
        "发改",
        "工信",
        "司法",
        "人社",
        "自然资源",
        "生态环境",
        "住建",
        "交通",
        "交通运输",
        "水利",
        "水务",
        "农业农村",
        "农牧",
        "商务",
        "文旅",
        "卫健",
        "卫生健康",
        "应急",
        "应急管理",
        "审计",
        "市场监管",
        "统计",
        "林草",
        "林业",
        "医保",
        "气象",
        "税务",
        "消防",
        "城管",
        "信访",
        "科技",
        "民宗",
        "退役军人",
        "宣传",
        "网信",
        "金融",
        "乡村振兴",
        "粮食",
        "能源",
        "供电",
        "通信",
        "电力",
        "环保",
        "国土",
        "规划",
        "畜牧",
        "农业",
        "统战",
        "团委",
        "妇联",
        "残联",
        "工会",
        "文化",
        "体育",
        "旅游",
        "广电",
        "政务服务",
        "银行",
        "保险",
        "海关",
        "检察",
        "法院",
        "政法",
        "组织",
        "编制",
        "住房城乡建设",
        "人力资源社会保障",
    ]
)


# 各乡（镇）党委、政府   各街道党工委、办事处   县直各部门、单位: the second word is no body by itself
_TAILS = frozenset(
    [
        "政府",
        "人民政府",
        "办事处",
        "单位",
        "直属单位",
        "直属机构",
        "企业",
        "事业单位",
        "机构",
        "社会团体",
        "管委会",
        "委员会",
    ]
)


_ANDS = frozenset(["和", "及", "与", "以及", "及其", "会同", "并"])
_STRONG = re.compile(
    r"(?:局|委|委员会|办|室|科|股|校|部|厅|院|会|中心|政府|公司|集团|大队|支队|队|站|所|馆|银行|支行|学校|部门|单位|党委|园区|企业|社|团|处|司|镇|乡|街道|区|县|市|旗|府)(?:（[^（）]{1,30}）)?$"
)


def _whole(words: str) -> bool:
    """Whether the words before 和 are a whole name. Places count only as 各镇, 全部乡镇: 农业农村和… goes on."""
    text = words.strip(" 、，；")
    if text.startswith(("各", "全县", "全市", "其他", "有关", "相关", "县直", "市直", "区直")):
        return True
    found = _STRONG.search(text)
    return found is not None and len(text) >= 3


_PLACES = frozenset(["乡镇", "镇街", "镇村", "村镇", "旗县", "区县", "县区", "街镇", "街道", "社区"])


class Names(NamedTuple):
    """Names with their places in the text they were read from; ``open_ended``; the pieces that are no clear unit."""

    names: list[str]
    places: list[tuple[int, int]]
    open_ended: bool
    unclear: list[tuple[int, int]]


def is_unit(words: str) -> bool:
    """Whether the words read like the name of one body (or a collective such as 各镇)."""
    text = words.strip()
    if not 2 <= len(text) <= 40 or _END.search(text) is None:
        return False
    if any(c in text for c in "，。；：？！《》%") or text[0] in "的了在将对把为是并与和及或等、":
        return False
    if len(text) == 2 and not (text[0] == "各" or text[1] in "局委办" or text in STEMS or text in _PLACES):
        return False
    return not re.search(
        r"(?:进行|开展|完成|推进|加强|确保|做好|不得|应当|以上|以下|根据|按照|通过|用于|建立|提高)", text
    )


def read_names(text: str, start: int, end: int) -> Names:
    """Split ``text[start:end]`` into names of units as printed."""
    whole = text
    if "（" in text[start:end]:
        text = _mask(text, start, end)
    open_ended = False
    pieces: list[tuple[int, int]] = []
    at = start
    for cut in [*_SPLIT.finditer(text, start, end), None]:
        if cut is not None and cut.group().strip() in _ANDS and not _whole(text[at : cut.start()]):
            continue  # 农业农村和水利局: 和 stands inside the name
        stop = cut.start() if cut else end
        pieces.append((at, stop))
        at = cut.end() if cut else end
    names, places, unclear = [], [], []
    pending: int | None = None
    for n, (a, b) in enumerate(pieces):
        a, b = _trim(text, a if pending is None else pending, b)
        if a >= b:
            continue
        opened = _OPEN.search(text[a:b])
        if opened is not None:
            open_ended = open_ended or n >= len(pieces) - 2
            b = a + opened.start()
            if a >= b:
                continue
        words = text[a:b].strip()
        last = n == len(pieces) - 1
        if is_unit(words) or words in STEMS:
            pending = None
        elif not last and len(words) <= 12 and _joins(text, a, pieces[n + 1]):
            pending = a
            continue
        else:
            if words not in _TAILS:
                unclear.append((a, b))
            pending = None
        if words in _TAILS and places and text[places[-1][1] : a].strip() in "、和":
            places[-1] = (places[-1][0], b)
            names[-1] = whole[places[-1][0] : b].strip()
            continue
        names.append(whole[a:b].strip())
        places.append((a, b))
        if _COLLECTIVE_OPEN.match(words):
            open_ended = open_ended or last or n >= len(pieces) - 1
    return Names(names, places, open_ended, unclear)


_INNER = re.compile(r"（[^（）]{0,40}）")


def _mask(text: str, start: int, end: int) -> str:
    """各县（市、区）人民政府: the marks inside brackets part nothing."""
    inner = _INNER.sub(lambda m: "（" + re.sub(r"[、，；/|\s]", "某", m.group()[1:-1]) + "）", text[start:end])
    return text[:start] + inner + text[end:]


def _joins(text: str, a: int, following: tuple[int, int]) -> bool:
    """县食品、药品监督管理局: the first piece is no body, the two together are one name."""
    if text[following[0] - 1] != "、":
        return False
    words = text[a : following[1]].strip()
    return is_unit(words) and len(words) <= 20 and bool(re.match(r"[县市区旗省州盟]|自治区", text[a:]))


_LEADING = re.compile(r"[\s、，；。：:·]*(?:由|以及|及|和|与|并由|再由|其中)?\s*(?:\d{1,2}[.、]\s?)?")
_TRAILING = re.compile(r"[\s、，；。：:）】]+$")


def _trim(text: str, a: int, b: int) -> tuple[int, int]:
    lead = _LEADING.match(text, a, b)
    if lead is not None:
        a = lead.end()
    while a < b and (text[b - 1] in " 、，；。：\t." or (text[b - 1] in "）】" and not _balanced(text[a:b]))):
        b -= 1
    while a < b and text[a] in "（【" and not _balanced(text[a:b]):
        a += 1
    return a, b


def _balanced(words: str) -> bool:
    return words.count("（") == words.count("）") and words.count("【") == words.count("】")
