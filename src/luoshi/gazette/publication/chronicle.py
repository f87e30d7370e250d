"""What an entry of the chronicle says beyond its words: topic, meeting, figures. Pure. CHRON-0-7, -10 to -12."""

import re
from dataclasses import dataclass

# The kinds of the register (CHRON-0-7), each with the words that make an entry one; the first that fits wins.
TOPICS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("常务会议", ("常务会议",)),
    ("演练", ("演练",)),
    ("公益活动", ("献血", "公益", "捐赠", "慰问", "志愿者", "音乐会")),
    ("荣誉", ("荣誉", "获得", "被拟定为", "入选", "被评为", "命名为", "授予")),
    ("合作启动", ("启动仪式", "签约", "共建", "揭牌", "开工仪式")),
    ("文旅活动", ("非遗", "文旅", "旅游", "文艺", "巡演", "文化")),
    ("调研", ("调研", "考察", "视察", "督导", "检查")),
    ("工作会议", ("会议", "座谈会", "动员会", "推进会", "部署会")),
)
_MEETING = re.compile(r"(?P<year>(?:19|20)\d{2})年第(?P<number>\d{1,3})次(?:县|市|区|旗)?(?:人民)?(?:政府)?常务会议")
_FIGURE = re.compile(r"\d[\d,.]*\s?(?:多|余)?\s?(?:名|人|个|家|户|亩|万元|亿元|吨|GW|MW|公里|场|项|支)(?:(?:多|余)?)")


def topic_of(text: str) -> str:
    """Return the kind of an entry, or an empty text where none of the register's kinds fits."""
    if "文艺" in text and "启动仪式" in text:
        return "文旅活动"
    return next((topic for topic, signs in TOPICS if any(sign in text for sign in signs)), "")


def meeting(text: str) -> str:
    """Return the executive meeting an entry records (``2023年第6次``), or an empty text."""
    match = _MEETING.search(text)
    return f"{match['year']}年第{int(match['number'])}次" if match else ""


def missing_meetings(texts: list[str]) -> dict[int, list[int]]:
    """Return, by year, the numbers that are missing or repeated among the meetings the entries record."""
    seen: dict[int, list[int]] = {}
    for text in texts:
        match = _MEETING.search(text)
        if match:
            seen.setdefault(int(match["year"]), []).append(int(match["number"]))
    found: dict[int, list[int]] = {}
    for year, numbers in seen.items():
        gaps = [n for n in range(min(numbers), max(numbers) + 1) if numbers.count(n) != 1]
        if gaps:
            found[year] = gaps
    return found


def figures(text: str) -> tuple[str, ...]:
    """Return the figures an entry states, with their unit and the mark of "more than" as printed."""
    return tuple(dict.fromkeys(m[0].strip() for m in _FIGURE.finditer(text)))[:6]


@dataclass(frozen=True, slots=True)
class Agenda:
    """The business of an executive meeting: who chairs by post, what was reviewed, studied and relayed."""

    year: int
    number: int
    chair_post: str
    reviewed: tuple[str, ...]
    studied: tuple[str, ...]
    relayed: tuple[str, ...]


_BUSINESS = r"(?:审议(?:通过)?了?|研究了?|传达学习了?|学习传达了?|听取了?)"


def agenda(text: str) -> Agenda | None:
    """Return the business of the executive meeting an entry records, or None."""
    match = _MEETING.search(text)
    if match is None:
        return None
    chair = re.search(r"(县长|市长|旗长|区长|副县长)(?:[\u4e00-\u9fff×]{0,4})主持", text)
    return Agenda(
        int(match["year"]),
        int(match["number"]),
        chair[1] if chair else "",
        _business(text, "审议"),
        _business(text, "研究"),
        _business(text, "传达学习"),
    )


def _business(text: str, verb: str) -> tuple[str, ...]:
    match = re.search(rf"{verb}(?:通过)?了?(.+?)(?=[,，;；]?{_BUSINESS}|[。]|[,，](?:安排|部署|会议)|$)", text)
    if match is None:
        return ()
    titles = re.findall(r"《[^《》]+》", match[1])
    rest = re.sub(r"《[^《》]+》", "", match[1])
    others = [w.strip("，,、和及等。") for w in re.split(r"[、]", rest)]
    return (*titles, *(w.removesuffix("等内容").removesuffix("等事宜") for w in others if len(w) > 1))
