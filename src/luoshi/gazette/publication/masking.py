"""Contact data and personal names in a text, so that the public sees a masked form. Pure; the text is not changed.

A mask has the length of what it hides, so that every span into the text stays true. What counts as a name is a
matter of grammar, not of lists of people: a cell of a roster before a post (组长：… 县长), a name after 联系人, a name
between a post and what that person does, a name before a title. GAZ-X-4, GAZ-X-5, DOMAIN 12.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["phone", "mail", "id_number", "name"]
_HAN = "\u4e00-\u9fff"
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦"
    "戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练"
    "廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由"
)
_POST = (
    "(?:书记|县长|市长|旗长|区长|镇长|乡长|主任|局长|部长|厅长|处长|科长|股长|所长|站长|队长|院长|校长|行长|经理|董事长|会长|主席|"
    "政委|秘书长|委员|常委|科员|调研员|检察长|法官|参谋长|园长|总工程师|组长|总指挥|指挥长|助理|党组成员)"
)
_UNIT_END = re.compile(
    r"(?:[局办部镇县院站室司科所处厅区乡村市省组旗厂校]|中心|委员会|管委会|党委|政委|成员|组长|大队|中队|支队|公司|主任|局长|书记|委员|单位|人员|通知|方案)$"
)
_LABEL = "(?:联系人|联 系 人|联络员|联络人|经办人|负责人|举报人|投诉人)"
_DOES = (
    "(?=等|兼任|担任|任|主持|出席|参加|讲话|致辞|为|赴|率|带|一行|同志|陪同|作|指出|强调|要求|审定|审批|审核|批准|签发|签字"
    "|汇报|介绍|调研|检查|督导|分管|负责|牵头|参与|慰问|表示|和|与|及|在|到|对|就|[、，,。；;）)]|$)"
)
_RULES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("mail", re.compile(r"[A-Za-z0-9._%+\-]+[ ]?@[ ]?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")),
    ("id_number", re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{9}[0-9Xx](?![0-9A-Za-z])")),
    ("id_number", re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}(?![0-9A-Za-z])")),
    ("phone", re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")),
    ("phone", re.compile(r"(?<!\d)[(（]?0\d{2,3}[)）]?[ \-－—]{0,2}[1-9]\d{6,7}(?!\d)")),
    (
        "phone",
        re.compile(r"(?:电话|热线|传真|手机|值班室|微信|QQ)[^\d\n。；;]{0,6}(?P<hit>\d[\d\- ]{2,18}\d)(?!\d|年|月|日)"),
    ),
)
_CONTACT = re.compile(rf"{_LABEL}[ 　]*[:：为][ 　]*(?P<hit>[{_HAN}](?:[ 　]?[{_HAN}·]){{1,3}})(?![{_HAN}])")
_CELL = re.compile(
    rf"(?<![{_HAN}]) ?(?P<hit>[{_HAN}][ 　][{_HAN}]|[{_HAN}·]{{2,7}})"
    rf"(?=[ \t　]+[^\s，,。；;]{{0,28}}?{_POST}(?:[（(、，,\s]|$))"
)
_AFTER_POST = re.compile(rf"(?:{_POST}|领导)(?P<hit>[{_HAN}]{{2,6}}?){_DOES}")
_LISTED = re.compile(rf"[、，,](?P<hit>[{_HAN}]{{2,3}}){_DOES}")
_BEFORE_POST = re.compile(rf"(?<![{_HAN}])(?P<hit>[{_HAN}]{{2,3}}?)(?=(?:副)?{_POST})")
_MONGOLIAN = re.compile(
    "巴特|巴图|其其格|图雅|高娃|格日|毕力|朝鲁|斯琴|乌兰|那仁|苏和|呼斯|额尔|特古|孟和|宝音|布和|达来|吉日|敖特|牧仁|其木格|娜仁|萨仁|苏日|哈斯|阿拉腾"
)
_NOT_NAMES = re.compile(
    r"纪委|[的了由为与及在对和]|包头|金山|全体|各级|安全|高级|有关|部门|分管|主要|成员|同志|单位|常务|应急|公安|农牧|卫生"
)


@dataclass(frozen=True, slots=True)
class Mask:
    """What is hidden: characters ``start`` to ``end`` of the text, and why."""

    start: int
    end: int
    kind: Kind


def masks(text: str) -> tuple[Mask, ...]:
    """Return what must not be public in a text, in order and without overlap."""
    return _in_order(_found(text))


def masked(text: str) -> str:
    """Return the text with everything hidden that must not be public; its length is unchanged."""
    pieces, at = [], 0
    for mask in masks(text):
        pieces += [text[at : mask.start], _cover(text[mask.start : mask.end], mask.kind)]
        at = mask.end
    return "".join([*pieces, text[at:]])


def _cover(words: str, kind: Kind) -> str:
    sign = "×" if kind == "name" else "*"
    return "".join(c if c.isspace() else sign for c in words)


def _found(text: str) -> Iterable[Mask]:
    for kind, rule in _RULES:
        for match in rule.finditer(text):
            yield _mask(match, kind)
    for match in _CONTACT.finditer(text):
        yield _mask(match, "name")
    for match in _CELL.finditer(text):
        if _is_roster_name(match["hit"]):
            yield _mask(match, "name")
    for match in _BEFORE_POST.finditer(text):
        if _is_name(match["hit"]):
            yield _mask(match, "name")
    for match in _AFTER_POST.finditer(text):
        if _is_name(match["hit"]):
            yield _mask(match, "name")
            yield from _listed_after(text, match.end())


def _listed_after(text: str, at: int) -> Iterable[Mask]:
    """Yield the names of a plain list that goes on after a name (县领导张三、李四出席)."""
    while (match := _LISTED.match(text, at)) is not None and _is_name(match["hit"]):
        yield _mask(match, "name")
        at = match.end()


def _mask(match: re.Match[str], kind: Kind) -> Mask:
    group = "hit" if "hit" in match.re.groupindex else 0
    return Mask(match.start(group), match.end(group), kind)


def _is_name(words: str) -> bool:
    if 4 <= len(words) <= 6:
        return bool(_MONGOLIAN.search(words)) and not _UNIT_END.search(words)
    return len(words) <= 3 and words[0] in SURNAMES and not _UNIT_END.search(words) and not _NOT_NAMES.search(words)


def _is_roster_name(words: str) -> bool:
    bare = "".join(words.split())
    if 4 <= len(bare) <= 7 and _MONGOLIAN.search(bare) and not _UNIT_END.search(bare):
        return True
    if _UNIT_END.search(bare) or _NOT_NAMES.search(bare):
        return False
    return len(bare) <= 3 and bare[0] in SURNAMES


def _in_order(found: Iterable[Mask]) -> tuple[Mask, ...]:
    kept: list[Mask] = []
    for mask in sorted(found, key=lambda m: (m.start, -m.end)):
        if kept and mask.start < kept[-1].end:
            if mask.end > kept[-1].end:
                kept[-1] = Mask(kept[-1].start, mask.end, kept[-1].kind)
            continue
        kept.append(mask)
    return tuple(kept)
