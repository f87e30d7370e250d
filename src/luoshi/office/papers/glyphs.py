"""Which characters the packaged fonts can print. A letter missing from both would come out as an empty box."""

import struct
from functools import lru_cache

from pylopdf_fonts_zh_cn import sans_path, serif_path


@lru_cache(maxsize=1)
def printable() -> frozenset[int]:
    """Return the code points that Noto Serif SC or Noto Sans SC has a glyph for."""
    return _code_points(serif_path().read_bytes()) | _code_points(sans_path().read_bytes())


def missing(text: str) -> list[str]:
    """Return the characters of ``text`` that no packaged font has, each once, in order of appearance."""
    have = printable()
    return [c for c in dict.fromkeys(text) if ord(c) not in have and not c.isspace()]


def _code_points(font: bytes) -> frozenset[int]:
    """Read the OpenType ``cmap`` table."""
    cmap = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    found: dict[int, int] = {}
    for at in range(count):
        _, _, offset = struct.unpack_from(">HHL", font, cmap + 4 + 8 * at)
        (kind,) = struct.unpack_from(">H", font, cmap + offset)
        found[kind] = cmap + offset
    assert 12 in found, "the packaged fonts carry a full Unicode cmap"
    (groups,) = struct.unpack_from(">L", font, found[12] + 12)
    points: set[int] = set()
    for first, last, _ in struct.iter_unpack(">LLL", font[found[12] + 16 : found[12] + 16 + 12 * groups]):
        points.update(range(first, last + 1))
    return frozenset(points)


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for at in range(count):
        name, _, offset, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * at)
        if name == tag:
            return int(offset)
    raise AssertionError(f"the packaged font has no {tag!r} table")
