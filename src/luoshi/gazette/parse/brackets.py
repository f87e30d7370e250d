"""Responsibility inside running text: （县X局牵头，县Y局配合，2023年6月底前完成）.

A bracket counts when it holds a label, a role word with a unit, or nothing but units at the end of a sentence.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from luoshi.gazette.parse.labels import ROLES, Field, read_fields
from luoshi.gazette.parse.names import read_names
from luoshi.gazette.parse.roles import Roles, looks_like_roles, read_roles
from luoshi.gazette.parse.units import is_unit

_BRACKET = re.compile(r"[（【〔]([^（）【】〔〕]*(?:[（][^（）]{0,30}[）][^（）【】〔〕]*){0,12})(?:[）】〕]|$)")
_ROLE_WORD = re.compile(r"牵头|配合|负责|责任|协助|参与|会同|主办|协办|督导|指导|落实")
_DATE_WORD = re.compile(
    r"\d\s?月|[\d一二两三四五六七八九十]\s?个?\s?(?:日|天|小时|周|月|年)(?:之|以)?内|年底|季度|上半年|长期|持续|工作日|坚持"
    r"|每[两二三四五六半\d]?\s?个?(?:半?年|月|季|周|旬|日|天|学期)|年度|常态|(?:19|20)\d\d\s?[-./年]|[按逐]月|按(?:季|周|年)"
    r"|全年|年内|年末|下半年|即日起|立行立改|即知即改|随时|立即完成|\d{1,2}\.\d{1,2}前"
)
_AFTER = re.compile(r"\s*(?:$|[。；，、（【〔\s]|(?=[（(]?[一二三四五六七八九十\d①-⑳]))")


# A piece ends at a comma, or at the blank after a role word: 基教股牵头 各校配合
_PIECE_END = re.compile(r"[，；。]|(?<=牵头|配合|负责|参与|协助|参加)\s+|$")


_RULE = re.compile(r"下同|第一[个位]|首位|首个|为牵头|其余")
_SHORT = 1000
_OF_UNITS = re.compile(r"局|委员会|办公室|牵头|政府|负责")


class Inline(NamedTuple):
    """A bracket or statement: its whole place, the place of its words, its labelled fields (or none)."""

    start: int
    end: int
    inner: tuple[int, int]
    fields: list[Field]


def find_inline(text: str) -> tuple[Inline, ...]:
    """Return the responsibility brackets of a paragraph in order."""
    if "（" not in text and "【" not in text and "〔" not in text:
        return ()
    return _remembered(text) if len(text) <= _SHORT else _find_inline(text)


def _find_inline(text: str) -> tuple[Inline, ...]:
    found: list[Inline] = []
    waiting: list[Inline] = []
    for bracket in _BRACKET.finditer(text):
        a, b = bracket.span(1)
        if b - a < 3 or b - a > 400:
            continue
        inner = _read(text, a, b, bracket.end())
        if inner is not None:
            found += [*waiting, Inline(bracket.start(), bracket.end(), (a, b), inner)]
            waiting.clear()
        elif text[bracket.end() : bracket.end() + 1] == "，" and _named(text, a, b):
            waiting.append(Inline(bracket.start(), bracket.end(), (a, b), []))
    return tuple(found)


# The tree asks for the brackets of a heading before the task reader does
_remembered = lru_cache(maxsize=512)(_find_inline)


def _named(text: str, a: int, b: int) -> bool:
    """…发布信息（州气象局），…（州应急局牵头…）: units alone before a comma count when a sure bracket follows them.

    Behind the name of a body the bracket only glosses it: 县住建局（县人防办）.
    """
    if is_unit(text[max(0, a - 5) : a - 1].rpartition("，")[2]):
        return False
    units = split_pieces(text, a, b)
    good = all(kind == "units" and looks_like_roles(text, x, y) for x, y, kind in units)
    return good and bool(units) and _plain_list(text, units)


def _read(text: str, a: int, b: int, after: int) -> list[Field] | None:
    fields = read_fields(text, a, b)
    if any(f.kind in ROLES or f.kind == "deadline" for f in fields) and fields[0].label <= a + 2:
        return fields
    words = text[a:b]
    if _ROLE_WORD.search(words) is not None and "。" not in words:
        pieces = split_pieces(text, a, b)
        units = [p for p in pieces if p[2] == "units"]
        return [] if units and _has_unit(text, units) and all(p[2] != "prose" for p in pieces) else None
    square = text[a - 1] in "【〔"  # nobody glosses a word in square brackets: they may stand anywhere in the sentence
    if (_AFTER.match(text, after) is None and not square) or text[max(0, after - (b - a) - 3) : 1] == "（":
        return None
    sentence_end = (
        square
        or text[: a - 1].rstrip()[-1:] in "。；"
        or after >= len(text.rstrip())
        or text[after : after + 1] in "。；"
    )
    units = [p for p in split_pieces(text, a, b) if p[2] == "units"]
    if not sentence_end or not units:
        return None
    return [] if all(looks_like_roles(text, x, y) for x, y, _ in units) and _plain_list(text, units) else None


def _plain_list(text: str, units: list[tuple[int, int, str]]) -> bool:
    """Without any role word the list must begin like the name of a body: 县…, 各…, 市… or end as one."""
    names = [n for x, y, _ in units for n in read_names(text, x, y).names]
    return all(is_unit(n) and (len(n) >= 3 or n[0] == "各") for n in names)


def _has_unit(text: str, units: list[tuple[int, int, str]]) -> bool:
    for a, b, _ in units:
        trial = Roles()
        read_roles(text, a, b, "responsible", trial)
        if any(is_unit(n) for n in trial.names):
            return True
    return False


def split_pieces(text: str, a: int, b: int) -> list[tuple[int, int, str]]:
    """Part a bracket into the stretch of units, the stretch of the time limit, and the rest."""
    pieces: list[tuple[int, int, str]] = []
    at = a
    for cut in _PIECE_END.finditer(text[a:b]):
        stop = a + cut.start()
        if stop > at:
            words = text[at:stop]
            if is_time(words):
                pieces.append((at, stop, "deadline"))
            elif _RULE.search(words):
                pieces.append((at, stop, "rule"))
            else:
                pieces.append((at, stop, "units"))
        at = a + cut.end()
    merged: list[tuple[int, int, str]] = []
    for piece in pieces:
        if merged and merged[-1][2] == piece[2]:
            merged[-1] = (merged[-1][0], piece[1], piece[2])
        else:
            merged.append(piece)
    return merged


def is_time(words: str) -> bool:
    """Whether the words are a time limit and no list of units."""
    if _OF_UNITS.search(words):
        return False
    return _DATE_WORD.search(words) is not None or (
        words.endswith(("期间", "时", "前", "后", "内")) and not is_unit(words)
    )
