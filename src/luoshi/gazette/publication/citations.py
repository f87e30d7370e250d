"""Documents that a text cites: 《title》（number） or a bare number, with offsets. Pure. GAZ-N-16."""

import re
import unicodedata
from dataclasses import dataclass

_NUMBER = r"[\u4e00-\u9fff]{1,14}\s?[〔\[［【（(]\s?(?:19|20)\d{2}\s?[〕\]］】）)]\s?(?:第\s?)?\d*\s?号"
_CITED = re.compile(
    rf"《(?P<title>[^《》]{{2,120}}(?:《[^《》]{{2,80}}》[^《》]{{0,60}})?)》(?:\s?[（(]\s?(?P<number>{_NUMBER})[^（()）]{{0,20}}[）)])?"
)
_BARE = re.compile(_NUMBER)
_BRACKETS = str.maketrans({c: "〔" for c in "[［【（("} | {c: "〕" for c in "]］】）)"})
_EDITION = re.compile(r"[（(]\s*(?:试行|修订|暂行|\d{4}年?(?:版|修订)?)\s*[）)]$")


@dataclass(frozen=True, slots=True)
class Citation:
    """One occurrence: characters ``start`` to ``end``; ``title`` and ``number`` as compared, either empty."""

    start: int
    end: int
    title: str
    number: str
    printed: str


def citations(text: str) -> tuple[Citation, ...]:
    """Return every citation of a text in order."""
    found: list[Citation] = []
    taken: list[tuple[int, int]] = []
    for match in _CITED.finditer(text):
        number = normal_number(match["number"] or "")
        found.append(Citation(match.start(), match.end(), normal_title(match["title"]), number, _one_line(match[0])))
        taken.append(match.span())
    for match in _BARE.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            start = match.start() + _lead(match[0])
            printed = text[start : match.end()]
            found.append(Citation(start, match.end(), "", normal_number(printed), _one_line(printed)))
    return tuple(sorted(found, key=lambda c: c.start))


def normal_number(printed: str) -> str:
    """Return a document number in its one form: 机关〔年〕n号, without blanks or 第. Empty for none."""
    bare = "".join(printed.split()).translate(_BRACKETS).replace("〕第", "〕")
    bare = re.sub(r"〕0+(?=\d)", "〕", bare)
    return bare[_lead(bare) :]


def is_complete(number: str) -> bool:
    """Tell whether a document number has its serial part, and can be a key."""
    return re.fullmatch(r"[\u4e00-\u9fff]+〔\d{4}〕\d+号", number) is not None


def normal_title(printed: str) -> str:
    """Return a title as titles are compared: one width, no blanks, no 《》, without a trailing edition."""
    bare = "".join(unicodedata.normalize("NFKC", printed).split()).replace("《", "").replace("》", "")
    return _EDITION.sub("", bare)


def enclosure(title: str) -> str:
    """Return the compared title of what a notice forwards (关于印发《X》的通知 → X), or of the title itself."""
    match = re.search(
        r"关于(?:印发|转发|批转|发布|公布)《?(?P<inner>.+?)》?(?:[（(][^）)]*[）)])?的(?:通知|公告|函)$",
        "".join(printed_bare(title)),
    )
    return normal_title(match["inner"]) if match else normal_title(title)


def printed_bare(title: str) -> str:
    """Return a title in one width without blanks, with its 《》."""
    return "".join(unicodedata.normalize("NFKC", title).split())


_LEADING = re.compile(
    r"^(?:.*?(?:按照|根据|依据|贯彻|落实|执行|以及|印发|转发|文件|精神|参照|见|和|与|及|的|以|由|为))(?=[\u4e00-\u9fff]{1,12}[〔\[［【（(])"
)


def _lead(words: str) -> int:
    match = _LEADING.match(words)
    return match.end() if match else 0


def _one_line(words: str) -> str:
    return " ".join(words.split())
