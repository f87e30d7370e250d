"""Who took part in an event of the chronicle, by post and unit in four groups and never by name. Pure. CHRON-0-8.

Names are masked first; then only words that are a unit or a post by their grammar are taken. A post counts where a
name stood beside it, a unit where the sentence says it hosts or attends. Everything else is left out, so that a name
the mask has missed cannot come through as a unit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from luoshi.core.words import Words
from luoshi.gazette.publication.masking import masked
from luoshi.gazette.publication.squeezed import Squeezed, squeezed

HOSTS, ABOVE, COUNTY, UNITS = "主办", "上级领导", "县领导", "参加单位"
GROUPS = (HOSTS, ABOVE, COUNTY, UNITS)
IN_ENGLISH = {HOSTS: "Hosts", ABOVE: "Leaders of higher levels", COUNTY: "County leaders", UNITS: "Units taking part"}

_HAN = "\u4e00-\u9fff"
_POST = (
    "(?:(?:第一|常务)?副?(?:书记|秘书长|县长|市长|旗长|区长|盟长|省长|镇长|乡长|主席|主任|部长|厅长|局长|处长|科长|行长|校长|院长|"
    "会长|站长|队长|检察长|董事长|总经理)|党委委员|党组成员|常委|委员|政委|总指挥|县领导|市领导|旗领导|区领导)"
)
_UNIT_ENDS = (
    "(?:人民政府|政府|委员会|管委会|红十字会|联合会|协会|党委|县委|市委|旗委|区委|盟委|纪委|监委|人大|政协|"
    "[办部局厅处院社团校]|办公室|文联|总工会|中心|分行|支行|银行|公司|集团|学院|大学|中学|小学|医院|园区|工商联)"
)
_UNIT = re.compile(rf"[{_HAN}（）()]{{0,20}}{_UNIT_ENDS}")
_PLACE = re.compile(rf"[{_HAN}]{{2,6}}(?:自治区|省|市|县|旗|盟|区|镇)")
_EACH = re.compile(rf"(?:各|全县|全市)[{_HAN}]{{1,8}}?(?:镇|部门|单位|园区)|各镇")
_PIECE = re.compile(rf"(?P<unit>[{_HAN}]{{0,20}}?)(?P<post>{_POST})")
_BEFORE_NAME = re.compile(rf"(?P<said>[{_HAN}、]{{1,60}})(?=×)")
_AFTER_NAME = re.compile(rf"×(?P<post>副?(?:县长|市长|旗长|区长|盟长|省长|镇长|主席|书记))(?![{_HAN}]?×)")
_SENTENCE = "[的了与及在由]|陪同|主持|出席|参加|参与|邀请|会议|活动|同志"
_BY = re.compile(rf"由(?P<units>[{_HAN}、]{{3,80}}?)(?:联合|共同)?(?:主办|承办|举办)")
_AFTER_DAY = re.compile(
    rf"(?:日|[，,。△●]|^)(?:受[^，,。]{{2,20}}委托[，,])?(?P<units>[{_HAN}、]{{2,40}}?)(?:在[{_HAN}]{{2,10}})?"
    rf"(?:\d{{4}}年)?(?:举办|举行|召开|组织|开展)"
)
_ATTENDED = re.compile(
    rf"(?P<units>[{_HAN}、]{{2,160}}?)(?:等(?:单位|部门)?)?(?:的?(?:主要|相关|有关|分管)*(?:领导|负责人|负责同志|干部职工|代表))?"
    rf"(?:等)?(?:共?\d+余?人)?(?:和[^，,。；;、]{{0,30}}?)?(?:参加|出席|参与)"
)


@dataclass(frozen=True, slots=True)
class Participant:
    """One that took part: ``unit`` and ``post`` as printed, either may be empty, and where it stands in the text."""

    unit: str
    post: str
    start: int
    end: int

    @property
    def words(self) -> str:
        """Unit and post in one."""
        return f"{self.unit}{self.post}"


@dataclass(frozen=True, slots=True)
class Group:
    """One of the four groups with those in it, in the order of the text; never empty."""

    name: str
    members: tuple[Participant, ...]

    @property
    def words(self) -> Words:
        """The group's name."""
        return Words(self.name, IN_ENGLISH[self.name])


def participants(text: str, county: str = "") -> tuple[Group, ...]:
    """Return who took part, by group; groups that nobody is known of are left out. ``county``: its printed name."""
    line = squeezed(masked(text))
    found: dict[str, dict[str, Participant]] = {name: {} for name in GROUPS}
    for group, one in (*_hosts(line), *_leaders(line, county), *_attending(line)):
        found[group].setdefault(one.words, one)
    for words in found[HOSTS]:
        found[UNITS].pop(words, None)
    return tuple(Group(name, tuple(members.values())) for name, members in found.items() if members)


def _hosts(line: Squeezed) -> Iterator[tuple[str, Participant]]:
    for match in _BY.finditer(line.bare):
        for words, at in _split(match["units"], match.start("units")):
            if _is_unit(words):
                yield HOSTS, _at(line, words, "", at)
    for match in _AFTER_DAY.finditer(line.bare):
        for words, at in _split(match["units"], match.start("units")):
            if _is_unit(words) or _PLACE.fullmatch(words):
                yield HOSTS, _at(line, words, "", at)


def _leaders(line: Squeezed, county: str) -> Iterator[tuple[str, Participant]]:
    for match in _BEFORE_NAME.finditer(line.bare):
        posts = [p for words, at in _split(match["said"], match.start()) if (p := _post(line, words, at, county))]
        group = _level([p.words for p in posts], county)
        yield from ((group or UNITS, p) for p in posts if group or p.unit)
    for match in _AFTER_NAME.finditer(line.bare):
        group = _level([match["post"]], county)
        if group:
            yield group, _at(line, "", match["post"], match.start("post"))


def _post(line: Squeezed, words: str, at: int, county: str) -> Participant | None:
    """Return a unit and post from one piece of a designation; what stands before a known unit is not taken."""
    match = _PIECE.fullmatch(words)
    if match is None:
        return None
    unit = match["unit"]
    place = unit.removeprefix(county) if county else unit
    whole = not place or place in "县市旗区盟省" or _is_unit(unit)
    return _at(line, unit, match["post"], at) if whole else None


def _level(said: list[str], county: str) -> str:
    """Return the group of a person with these posts; empty where the words do not tell."""
    own = county[-1:] if county[-1:] in "县旗区市" and county else "县"
    higher = "".join({"市", "盟", "省"} - {own})
    for words in said:
        at_home = rf"{own}(?:委|政府|人民政府|人大|政协|纪委|监委|领导|红十字会)|(?:政府)?副?{own}长"
        if (county and words.startswith(county)) or re.match(at_home, words):
            return COUNTY
    for words in said:
        if re.match(rf"[{_HAN}]{{0,5}}(?:自治区|[{higher}])(?!长?$)|副?[{higher}]长$|自治区|国家", words):
            return ABOVE
    return ""


def _attending(line: Squeezed) -> Iterator[tuple[str, Participant]]:
    for match in _ATTENDED.finditer(line.bare):
        for words, at in _split(match["units"], match.start("units")):
            if _is_unit(words) or _EACH.fullmatch(words):
                yield UNITS, _at(line, words, "", at)


def _is_unit(words: str) -> bool:
    """Tell whether words are a unit's name and nothing else: no post in it, no word of a sentence."""
    if re.fullmatch("[县市旗区盟纪监]委|政府|人大|政协", words):
        return True
    stem = words.replace("委员会", "")
    return len(words) >= 3 and _UNIT.fullmatch(words) is not None and not re.search(rf"{_POST}|{_SENTENCE}", stem)


def _split(words: str, at: int) -> Iterator[tuple[str, int]]:
    for match in re.finditer(r"[^、]+", words):
        yield match[0], at + match.start()


def _at(line: Squeezed, unit: str, post: str, at: int) -> Participant:
    place = line.stated(at, at + len(unit) + len(post))
    return Participant(unit, post, place.start, place.end)
