"""The frame of a picture file, read without decoding a pixel: its size, where it ends, and what stands behind."""

import struct
from dataclasses import dataclass

_NO_LENGTH = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})
_SIZE_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Frame:
    """Width and height in pixels, the offset behind the picture's end, or ``None`` when its end is missing."""

    width: int
    height: int
    end: int | None


def frame(kind: str, data: bytes) -> Frame | None:
    """Return the frame of a jpg, png or webp, or ``None`` when its structure is broken before the size is known."""
    try:
        return {"jpg": _jpeg, "png": _png, "webp": _webp}[kind](data)
    except (struct.error, IndexError):
        return None


def _jpeg(data: bytes) -> Frame | None:
    width = height = 0
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            return Frame(width, height, at + 2) if width else None
        if marker in _NO_LENGTH:
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if marker in _SIZE_MARKERS and not width:
            height, width = struct.unpack_from(">HH", data, at + 5)
        at += 2 + length
        if marker == 0xDA:
            at = _scan_end(data, at)
    if data[at : at + 2] == b"\xff\xd9" and width:
        return Frame(width, height, at + 2)
    return Frame(width, height, None) if width else None


def _scan_end(data: bytes, at: int) -> int:
    """Return the offset of the first marker behind the entropy-coded data that starts at ``at``."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        following = data[at + 1]
        if following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        elif following == 0xFF:
            at += 1
        else:
            return at


def _png(data: bytes) -> Frame | None:
    if data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", data, 16)
    at = 8
    while at + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        at += 12 + length
        if name == b"IEND":
            return Frame(width, height, at if at <= len(data) else None)
    return Frame(width, height, None)


def _webp(data: bytes) -> Frame | None:
    (size,) = struct.unpack_from("<I", data, 4)
    end = 8 + size if 8 + size <= len(data) else None
    chunk = data[12:16]
    if chunk == b"VP8X":
        width = 1 + int.from_bytes(data[24:27], "little")
        height = 1 + int.from_bytes(data[27:30], "little")
    elif chunk == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif chunk == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
    else:
        return None
    return Frame(width, height, end)
