"""The numbers that Word writes by itself (一、 （一） 1.): they stand in no paragraph's text and must be counted again.

Source: ECMA-376 part 1, 17.9 (numbering). Formats that are no numbering of official texts are left out.
"""

import re

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FIGURES = "零一二三四五六七八九"
_CHINESE = frozenset(
    ["chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCountingThousand"]
)


class Numbers:
    """Counts the numbered paragraphs of one document in their order."""

    def __init__(self, numbering: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        if numbering is None:
            return
        abstract = {_value(a, "abstractNumId"): _read_levels(a) for a in numbering.findall(f"{_W}abstractNum")}
        for num in numbering.findall(f"{_W}num"):
            of = num.find(f"{_W}abstractNumId")
            self._levels[_value(num, "numId")] = abstract.get(_value(of, "val"), {}) if of is not None else {}

    def of(self, paragraph: etree._Element) -> str:
        """Return the number that Word prints before the paragraph, or nothing."""
        place = paragraph.find(f"{_W}pPr/{_W}numPr")
        if place is None:
            return ""
        number, level = place.find(f"{_W}numId"), place.find(f"{_W}ilvl")
        num = _value(number, "val") if number is not None else ""
        at = int(_value(level, "val") or 0) if level is not None else 0
        levels = self._levels.get(num, {})
        if at not in levels:
            return ""
        count = self._counts.get((num, at), levels[at][2] - 1) + 1
        self._counts[num, at] = count
        for key in [k for k in self._counts if k[0] == num and k[1] > at]:
            del self._counts[key]
        return re.sub(r"%(\d)", lambda m: self._printed(num, int(m.group(1)) - 1), levels[at][1])

    def _printed(self, num: str, level: int) -> str:
        kind, _, start = self._levels[num].get(level, ("decimal", "", 1))
        return print_number(self._counts.get((num, level), start), kind)


def _value(element: etree._Element, name: str) -> str:
    return str(element.get(f"{_W}{name}") or "")


def _read_levels(abstract: etree._Element) -> dict[int, tuple[str, str, int]]:
    levels = {}
    for level in abstract.findall(f"{_W}lvl"):
        parts = {n: level.find(f"{_W}{n}") for n in ("numFmt", "lvlText", "start")}
        kind, words, start = (_value(e, "val") if e is not None else "" for e in parts.values())
        at = _value(level, "ilvl")
        if at.isdecimal() and kind not in ("bullet", "none"):
            levels[int(at)] = (kind or "decimal", words[:40], int(start) if start.isdecimal() else 1)
    return levels


def print_number(number: int, kind: str) -> str:
    """Print a number as Word does: 十二 for the Chinese formats, ③ for circled ones, else 12."""
    if kind in _CHINESE and 0 < number < 100:
        tens, ones = divmod(number, 10)
        head = "" if tens == 0 else "十" if tens == 1 else _FIGURES[tens] + "十"
        return head + (_FIGURES[ones] if ones else "")
    if kind.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(0x245F + number)
    return str(number)
