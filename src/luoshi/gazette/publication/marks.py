"""Marks of a search row beside its grams: county, kind, class, year, issuer, code, block of days. Pure.

A mark is a number no gram can be: its upper half is a control character, which no folded text contains.
"""

import datetime as dt
import zlib

COUNTY, KIND, CLASS, YEAR, ISSUER, CODE, BLOCK = range(1, 8)
BLOCK_DAYS = 32
KINDS = ("document", "interpretation", "chronicle")
CLASSES = ("", "proactive", "on_request", "withheld")
_SOURCES = 1 << 22


def mark(tag: int, value: int) -> int:
    """Return the number of a mark; values are cut to 16 bits, and rows are checked where that may confuse two."""
    return tag << 16 | value & 0xFFFF


def text_mark(tag: int, words: str) -> int:
    """Return the mark of a text such as an issuer's name."""
    return mark(tag, zlib.crc32(words.encode()))


def block_of(row_id: int) -> int:
    """Return the block of days a row's key falls in."""
    return (row_id >> 24) // BLOCK_DAYS


def row_key(kind: str, source_id: int, day: dt.date | None) -> int:
    """Return the key of a search row: later days have higher keys; the same source on the same day has the same."""
    assert 0 <= source_id < _SOURCES, "a search key holds 22 bits of the source's number"
    return (day.toordinal() if day else 0) << 24 | KINDS.index(kind) << 22 | source_id


def marks_of(
    county_id: int, kind: str, disclosure: str, day: dt.date | None, issuer: str, code: str, row_id: int
) -> list[int]:
    """Return every mark of a row."""
    return [
        mark(COUNTY, county_id),
        mark(KIND, KINDS.index(kind)),
        mark(CLASS, CLASSES.index(disclosure)),
        mark(YEAR, day.year if day else 0),
        text_mark(ISSUER, issuer),
        text_mark(CODE, code),
        mark(BLOCK, block_of(row_id)),
    ]


def token(number: int) -> str:
    """Return a mark as FTS5 reads it."""
    return f"{number:08x}"
