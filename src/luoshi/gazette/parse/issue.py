"""Cover and contents of an issue: title, year, number, serial number, printing day, and the titles it lists.

Reads ``paragraphs``; writes ``issue``, ``listed``, ``body_from``, ``blocks``.
"""

import re
from typing import Any

from luoshi.gazette.parse.days import find_days
from luoshi.gazette.parse.documents import core
from luoshi.gazette.parse.marks import bare, chinese_number
from luoshi.gazette.parse.paragraphs import Paragraph
from luoshi.gazette.parse.spans import block
from luoshi.gazette.parse.titles import is_about, is_interpretation, is_issuer

# 2023年第2期（总第15期·季刊）   二〇二三年第四期   2024 年第 1 号
_NUMBER = re.compile(
    r"(?P<y>(?:19|20)\d\d|[一二][零○一二三四五六七八九]{3})年(?:第(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})[期号])?"
)
_ISSUE = re.compile(r"第(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})[期号]")
_SERIAL = re.compile(r"总\s?第?(?P<s>\d{1,4}|[一二三四五六七八九十百]{1,5})期")
_PRINTED = re.compile(r"(?:刊印|出版|印发|编印|印刷|出刊)")
_TITLE = re.compile(r"[\u4e00-\u9fff]{2,20}(?:公报|政报)")
# 1 关于…   关于……………12   《…》（21）   - 14 《…》政策解读
_ENTRY = re.compile(
    r"(?:[-·•]\s?)?\d{1,3}\s?\D.*|.*(?:[….·]{2,}|\s|（|/|\t)\s?\d{1,3}\s?）?$|.*[\u4e00-\u9fff》）]\d{1,3}$"
)


def read_issue(
    paras: list[Paragraph], furniture_titles: list[str]
) -> tuple[dict[str, Any] | None, set[str], int, list[dict[str, Any]]]:
    """Return the issue's fields (None when the text has no cover), the listed titles and where the body begins."""
    contents = next(
        (n for n, p in enumerate(paras[:40]) if bare(p.text) in ("目录", "目次", "本期目录", "目录CONTENTS")), None
    )
    fields = _cover_fields(paras[: contents if contents is not None else 12], furniture_titles)
    listed: list[str] = []
    at = 0
    blocks: list[dict[str, Any]] = []
    if contents is not None:
        listed, at = _read_contents(paras, contents + 1)
        blocks.append(block("contents", [paras[contents].start, paras[at - 1].end]))
        if contents and fields:
            blocks.append(block("cover", [paras[0].start, paras[contents - 1].end]))
        elif contents:
            at, listed, blocks = 0, listed, []
    elif fields:
        at = _cover_end(paras)
        blocks.append(block("cover", [paras[0].start, paras[at - 1].end])) if at else None
    return fields, {core(t) for t in listed if t}, at, blocks


def _cover_fields(paras: list[Paragraph], furniture_titles: list[str]) -> dict[str, Any] | None:
    words = [bare(p.text) for p in paras]
    title = next((w for w in words + furniture_titles if _TITLE.fullmatch(w)), None)
    joined = " ".join(words)
    number = _ISSUE.search(joined.replace("总第", "总"))
    if title is None or (number is None and _SERIAL.search(joined) is None):
        return None
    year = _NUMBER.search(joined)
    serial = _SERIAL.search(joined)
    printed = next((w for w in words if _PRINTED.search(w) and find_days(w, None)), None)
    day = find_days(printed, None)[-1].last if printed else None
    return {
        "title": title,
        "year": chinese_number(year.group("y")) if year else None,
        "number": chinese_number(number.group("n")) if number else None,
        "serial": chinese_number(serial.group("s")) if serial else None,
        "printed_on": day.isoformat() if day else None,
    }


def _read_contents(paras: list[Paragraph], at: int) -> tuple[list[str], int]:
    titles: list[str] = []
    n = at
    while n < len(paras):
        words = paras[n].text
        entry = _ENTRY.match(words) is not None and len(words) < 160
        heading = (
            len(bare(words)) <= 14
            and (not is_issuer(words) or words.endswith("文件"))
            and not is_about(words)
            and not is_interpretation(words)
        )
        if not entry and not heading:
            break
        if entry:
            titles.append(_entry_title(words))
        n += 1
    while n > at and _ENTRY.match(paras[n - 1].text) is None:
        n -= 1
    return titles, n


def _entry_title(words: str) -> str:
    words = re.sub(r"^(?:[-·•]\s?)?\d{1,3}\s?", "", words)
    return re.sub(r"(?:[….·\s（/]*)\d{1,3}\s?）?$", "", words) if re.search(r"\d{1,3}\s?）?$", words) else words


def _cover_end(paras: list[Paragraph]) -> int:
    n = 0
    while n < min(len(paras), 10) and len(paras[n].text) <= 40 and not is_about(paras[n].text):
        w = bare(paras[n].text)
        if not (
            _TITLE.fullmatch(w) or _ISSUE.search(w) or _SERIAL.search(w) or _PRINTED.search(w) or _NUMBER.search(w)
        ):
            break
        n += 1
    return n
