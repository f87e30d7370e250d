"""What a forwarding notice says before its enclosure: who approved, what it carries out, how it forwards, what it asks.

Pure. Answers are spans of the stored text, which is never changed; what the grammar does not know stays empty.
GAZ-N-5, GAZ-N-6, GAZ-N-7.
"""

import re
from dataclasses import dataclass

from luoshi.gazette.publication.citations import Citation, citations
from luoshi.gazette.publication.squeezed import Squeezed, Stated, squeezed

_HAN = "\u4e00-\u9fff"
_VERB = "(?:印发|转发|批转|发布|公布)"
_APPROVED = re.compile(
    rf"(?:^|[，,。；;：:）)》])(?:现|业)?(?:已)?经(?P<body>[{_HAN}]{{2,24}}?)(?:同意|(?:研究|审议|审核|讨论|审定)(?:同意|批准|通过)|批准)"
)
_FORWARDS = re.compile(
    rf"现(?:将[^。；;]{{2,200}}?(?P<verb>{_VERB})|予?以?(?P<verb2>{_VERB}))(?:给你们|如下)?(?=[，,。；;]|$)"
)
_ASKS = re.compile(
    rf"请(?:各[{_HAN}、]{{1,20}})?(?:你们)?(?:[，,]?(?:结合|按照|根据)[^。；;，,]{{1,30}}[，,]?)?"
    rf"[{_HAN}]{{0,4}}(?:贯彻|执行|落实|实施|遵照|抓好)[{_HAN}]{{0,8}}"
)
_BASIS = re.compile(
    rf"(?:^|[，,。；;：:])(?:为了?|按照|根据|依据|遵照)?[{_HAN}]{{0,6}}?(?:贯彻|落实|执行|根据|按照|依据|遵照)[{_HAN}、]{{0,10}}?(?=《)"
)
_JOINED = re.compile(r"[、和及与以]{1,2}|(?:精神|要求|规定|文件)*[，,](?:根据|按照|依据)")


@dataclass(frozen=True, slots=True)
class Approval:
    """The approving body, if one is named, and the superior documents carried out, each with its place."""

    body: Stated | None
    superior: tuple[Citation, ...]


def approval(text: str, start: int = 0, end: int | None = None) -> Approval:
    """Return who approved the enclosure and what it carries out, read in the notice from ``start`` to ``end``."""
    notice = squeezed(text, start, end)
    match = _APPROVED.search(notice.bare)
    return Approval(notice.group(match, "body") if match else None, _carried_out(notice))


def _carried_out(notice: Squeezed) -> tuple[Citation, ...]:
    """Citations right after words of basis, before the formula; those joined to one of them count too."""
    formula = _FORWARDS.search(notice.bare)
    before = notice.bare[: formula.start()] if formula else ""
    heads = {match.end() for match in _BASIS.finditer(before)}
    found: list[Citation] = []
    ended = -1
    for cited in citations(before):
        joined = ended >= 0 and _JOINED.fullmatch(before[ended : cited.start]) is not None
        if cited.start in heads or joined:
            place = notice.stated(cited.start, cited.end)
            found.append(Citation(place.start, place.end, cited.title, cited.number, cited.printed))
            ended = cited.end
    return tuple(found)


def forwards(text: str, start: int = 0, end: int | None = None) -> Stated | None:
    """Return the formula that forwards the enclosure as it is printed, or None (GAZ-N-6)."""
    notice = squeezed(text, start, end)
    match = _FORWARDS.search(notice.bare)
    return notice.group(match) if match else None


def formula(title: str, edition: str = "", *, approved_by: str = "", verb: str = "印发") -> str:
    """Return the formula for a notice that is being written: 经X同意，现将《T》（试行）印发给你们 (GAZ-N-6).

    Titles within the title take single marks. Imported text is never rewritten with it.
    """
    inner = title.translate(str.maketrans("《》", "〈〉"))
    if inner.startswith("〈") and inner.find("〉") == len(inner) - 1:
        inner = inner[1:-1]
    approved = f"经{approved_by}同意，" if approved_by else ""
    return f"{approved}现将《{inner}》{edition}{verb}给你们"


def execution_request(text: str, start: int = 0, end: int | None = None) -> Stated | None:
    """Return the words that ask the recipients to carry it out, after the formula, or None (GAZ-N-7)."""
    notice = squeezed(text, start, end)
    begun = _FORWARDS.search(notice.bare)
    match = _ASKS.search(notice.bare, begun.end()) if begun else None
    if begun is None or match is None or "。" in notice.bare[begun.end() : match.start()].rstrip("。"):
        return None
    stop = re.search(r"[。；;]", notice.bare[match.start() :])
    return notice.stated(match.start(), match.start() + stop.start() if stop else match.end())
