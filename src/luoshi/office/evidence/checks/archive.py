"""Zip archives, measured before anybody opens them.

The sizes a zip declares are claims. Each entry is inflated in small pieces and counted, and counting stops at the
limit, so that a bomb costs no more than the limit. Entries are read where the central directory says they are.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

Source = bytes | Path

_PIECE = 1 << 20
_STORED, _DEFLATED = 0, 8
_NESTED = re.compile(r"\.(zip|7z|rar|gz|bz2|xz|jar|tar|tgz|docx|xlsx|pptx)$", re.IGNORECASE)
_UNSAFE_NAME = re.compile(r"(^[/\\])|(^[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)|\x00")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold. Bytes after inflating; ``ratio`` is judged only above ``ratio_from`` bytes."""

    entries: int = 2_000
    uncompressed: int = 300 * 1024 * 1024
    ratio: float = 150.0
    ratio_from: int = 20 * 1024 * 1024


class Unreadable(Exception):
    """The archive is broken or beyond a limit. ``code`` is ``broken``, ``too_many``, ``too_large``, ``ratio``,
    ``encrypted`` or ``method``; ``entry`` names where, ``amount`` is the count or bytes seen so far."""

    def __init__(self, code: str, entry: str = "", amount: float = 0) -> None:
        super().__init__(code, entry, amount)
        self.code, self.entry, self.amount = code, entry, amount


@dataclass(frozen=True, slots=True)
class Survey:
    """What an archive holds: entry names in order, bytes inflated, names that are archives, names that would leave the
    folder, and whether bytes stand before the first entry."""

    names: tuple[str, ...]
    uncompressed: int
    compressed: int
    nested: tuple[str, ...]
    unsafe: tuple[str, ...]
    prefixed: bool


def opened(source: Source) -> BinaryIO:
    """Return the bytes or the file as a seekable stream; the caller closes it."""
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def survey(source: Source, limits: Limits | None = None) -> Survey:
    """Inflate the whole archive once, keeping nothing; raise ``Unreadable`` when it is broken or beyond a limit."""
    limits = limits or Limits()
    with opened(source) as stream:
        archive = directory(stream, limits)
        total = packed = 0
        for entry in archive.infolist():
            packed += entry.compress_size
            for piece in inflated(stream, entry):
                total += len(piece)
                if total > limits.uncompressed:
                    raise Unreadable("too_large", entry.filename, total)
                if total > limits.ratio_from and total > limits.ratio * max(packed, 1):
                    raise Unreadable("ratio", entry.filename, total / max(packed, 1))
        names = tuple(archive.namelist())
        first = min((entry.header_offset for entry in archive.infolist()), default=0)
    return Survey(
        names=names,
        uncompressed=total,
        compressed=packed,
        nested=tuple(name for name in names if _NESTED.search(name)),
        unsafe=tuple(name for name in names if _UNSAFE_NAME.search(name)),
        prefixed=first > 0,
    )


def directory(stream: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    """Return the central directory, its entry count checked; raise ``Unreadable``."""
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError) as error:
        raise Unreadable("broken") from error
    if len(archive.infolist()) > limits.entries:
        raise Unreadable("too_many", amount=len(archive.infolist()))
    return archive


def inflated(stream: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield an entry's real content in pieces of at most 1 MiB, whatever size it declares.

    Python's own reader stops at the declared size; readers in other languages do not, and it is them that must be
    protected.
    """
    if entry.flag_bits & 0x1:
        raise Unreadable("encrypted", entry.filename)
    if entry.compress_type not in (_STORED, _DEFLATED):
        raise Unreadable("method", entry.filename, entry.compress_type)
    stream.seek(entry.header_offset)
    head = stream.read(30)
    if len(head) < 30 or head[:4] != b"PK\x03\x04":
        raise Unreadable("broken", entry.filename)
    name, extra = struct.unpack("<HH", head[26:30])
    stream.seek(name + extra, io.SEEK_CUR)
    if entry.compress_type == _STORED:
        yield from _stored(stream, entry)
    else:
        yield from _deflated(stream, entry)


def _stored(stream: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    left = entry.compress_size
    while left:
        piece = stream.read(min(left, _PIECE))
        if not piece:
            raise Unreadable("broken", entry.filename)
        left -= len(piece)
        yield piece


def _deflated(stream: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    left, inflate = entry.compress_size, zlib.decompressobj(-15)
    waiting = b""
    while not inflate.eof:
        if not waiting:
            waiting = stream.read(min(left, _PIECE))
            left -= len(waiting)
            if not waiting:
                raise Unreadable("broken", entry.filename)
        try:
            piece = inflate.decompress(waiting, _PIECE)
        except zlib.error as error:
            raise Unreadable("broken", entry.filename) from error
        waiting = inflate.unconsumed_tail
        if piece:
            yield piece
