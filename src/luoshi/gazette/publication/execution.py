"""Scope of execution (执行范围) and start of implementation (实施时间), of a document and its interpretation.

Pure. Both are optional: what is not stated in a known form stays empty. GAZ-P-5.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from luoshi.core.words import Words
from luoshi.gazette.publication.squeezed import Stated

_ORDINAL = r"[一二三四五六七八九十\d]{1,3}"
_DOTTED = r"\d{1,2}(?:\.\d{1,2})+"
_NUMBERED = rf"(?:[（(]?{_ORDINAL}[）)]?[、.．]?|第{_ORDINAL}[条章部分]{{1,2}}|{_DOTTED})?"
_SCOPE = re.compile(rf"{_NUMBERED}(?:执行|适用|实施)范围[:：。]?(?P<rest>.*)")
_START = re.compile(rf"{_NUMBERED}[\u4e00-\u9fff]{{0,4}}?(?:实施|施行|执行|生效)(?:时间|日期)[:：。]?(?P<rest>.*)")
_HEAD = re.compile(rf"(?:[（(]?{_ORDINAL}[）)]|{_ORDINAL}[、.．](?!\d)|{_DOTTED})")
_FROM = re.compile(
    r"自(?:(?P<year>(?:19|20)\d{2})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日|(?:印发|发布|公布|下发)之日)起(?:开始|正式)?(?:实施|施行|执行|生效)"
)
_FRAME = re.compile(r"^(?:本[\u4e00-\u9fff]{1,6}?(?=适用))?(?:适用于|适用)?|[。.；;]$")


@dataclass(frozen=True, slots=True)
class Start:
    """A stated start: ``on`` is its day, None where it is the day of issue and that is not known."""

    stated: Stated
    on: dt.date | None


@dataclass(frozen=True, slots=True)
class Execution:
    """What one text states of its execution."""

    scope: Stated | None
    start: Start | None


def execution(text: str, issued_on: dt.date | None = None, start: int = 0, end: int | None = None) -> Execution:
    """Return the scope and the start that the text between two places states."""
    lines = list(_lines(text, start, len(text) if end is None else end))
    scope = _under(lines, _SCOPE)
    named = _under(lines, _START)
    begun = _start_in(named, issued_on) if named else None
    if begun is None:
        found = [one for line in lines if line.words.startswith(("本", "自")) and (one := _start_in(line, issued_on))]
        begun = found[-1] if found else None
    return Execution(scope, begun)


def compare(document: Execution, told: Execution) -> tuple[Words, ...]:
    """Return where an interpretation states another scope or start than its document; one may also be silent."""
    found = []
    if document.start and told.start and document.start.on and told.start.on and document.start.on != told.start.on:
        own, other = document.start.on.isoformat(), told.start.on.isoformat()
        found.append(
            Words(
                f"解读的实施时间是{other}，文件是{own}。",
                f"The interpretation starts on {other}, the document on {own}.",
            )
        )
    if document.scope and told.scope and not _agree(document.scope.words, told.scope.words):
        found.append(
            Words(
                f"解读的执行范围“{told.scope.words}”与文件的“{document.scope.words}”不同。",
                f"The interpretation's scope {told.scope.words!r} is not the document's {document.scope.words!r}.",
            )
        )
    return tuple(found)


def _agree(one: str, two: str) -> bool:
    own, other = (_FRAME.sub("", unicodedata.normalize("NFKC", words)) for words in (one, two))
    return bool(own) and bool(other) and (own in other or other in own)


def _lines(text: str, start: int, end: int) -> Iterator[Stated]:
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        bare = "".join(text[at:stop].split())
        if bare:
            line = text[at:stop]
            yield Stated(at + len(line) - len(line.lstrip()), at + len(line.rstrip()), bare)
        at = stop + 1


def _under(lines: list[Stated], heading: re.Pattern[str]) -> Stated | None:
    """Return what stands behind a heading on its line, else the line below it unless that is a heading itself."""
    for n, line in enumerate(lines):
        match = heading.fullmatch(line.words)
        if match is None:
            continue
        rest = match["rest"]
        if rest and line.words[match.start("rest") - 1] in ":：。":
            return Stated(line.start, line.end, rest)
        if not rest and n + 1 < len(lines) and not _HEAD.match(lines[n + 1].words):
            return lines[n + 1]
    return None


def _start_in(line: Stated, issued_on: dt.date | None) -> Start | None:
    match = _FROM.search(line.words)
    if match is None:
        return None
    if match["year"] is None:
        return Start(line, issued_on)
    try:
        return Start(line, dt.date(int(match["year"]), int(match["month"]), int(match["day"])))
    except ValueError:
        return None
