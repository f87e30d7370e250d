"""What a photo says about itself: when, where, with what, and what has touched it since. Claims, not proofs."""

import io
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from PIL import ExifTags, Image

_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    EOFError,
    IndexError,
    ZeroDivisionError,
    AttributeError,
)
_OFFSET = re.compile(r"^([+-])(\d{2}):(\d{2})$")
_XMP_PACKET = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
_XMP_AGENT = re.compile(r"(?:softwareAgent|CreatorTool)(?:=\"|>)([^\"<]{1,80})")
_XMP_SOURCE = re.compile(r"DigitalSourceType(?:=\"|>)[^\"<]*?(\w+)[\"<]")
_SCAN = 4 << 20


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """Facts read from a photo; ``None`` or empty means the photo does not say.

    ``taken_at`` is aware when the camera wrote its offset, else naive local time. ``position`` is (latitude, longitude)
    in degrees. ``gps_at`` is the satellites' time. ``agents`` are programs named in the XMP history, ``source`` the
    IPTC digital source type.
    """

    has_exif: bool = False
    taken_at: datetime | None = None
    changed_at: datetime | None = None
    gps_at: datetime | None = None
    position: tuple[float, float] | None = None
    camera: str = ""
    software: str = ""
    agents: tuple[str, ...] = ()
    source: str = ""
    has_history: bool = False


def read_facts(data: bytes) -> PhotoFacts:
    """Read a photo's metadata without decoding its pixels; broken metadata reads as missing."""
    xmp = _xmp(data)
    agents = tuple(dict.fromkeys(_XMP_AGENT.findall(xmp)))
    source = _XMP_SOURCE.search(xmp)
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as picture:
            exif = picture.getexif()
            inner, gps = _ifd(exif, ExifTags.IFD.Exif), _ifd(exif, ExifTags.IFD.GPSInfo)
    except (*_BROKEN, Image.DecompressionBombError):
        exif, inner, gps = Image.Exif(), {}, {}
    return PhotoFacts(
        has_exif=bool(exif) or bool(inner),
        taken_at=_moment(inner.get(ExifTags.Base.DateTimeOriginal), inner.get(ExifTags.Base.OffsetTimeOriginal)),
        changed_at=_moment(exif.get(ExifTags.Base.DateTime), inner.get(ExifTags.Base.OffsetTime)),
        gps_at=_gps_moment(gps),
        position=_position(gps),
        camera=" ".join(filter(None, (_text(exif.get(tag)) for tag in (ExifTags.Base.Make, ExifTags.Base.Model)))),
        software=_text(exif.get(ExifTags.Base.Software)),
        agents=agents,
        source=source[1] if source else "",
        has_history="xmpMM:History" in xmp,
    )


def _ifd(exif: Image.Exif, which: int) -> dict[int, Any]:
    try:
        return dict(exif.get_ifd(which))
    except _BROKEN:
        return {}


def _xmp(data: bytes) -> str:
    packet = _XMP_PACKET.search(data[:_SCAN])
    return packet[0].decode("utf-8", errors="replace") if packet else ""


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    text = value if isinstance(value, str) else ""
    # EXIF text is ASCII by its standard and UTF-8 on Chinese phones; Pillow reads it as Latin-1.
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode("utf-8")
    return " ".join(text.replace("\0", " ").split())[:80]


def _moment(value: object, offset: object) -> datetime | None:
    try:
        moment = datetime.strptime(_text(value)[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the offset, if any, follows
    except ValueError:
        return None
    match = _OFFSET.match(_text(offset))
    if match is None or int(match[2]) > 14 or int(match[3]) > 59:
        return moment
    away = timedelta(hours=int(match[2]), minutes=int(match[3])) * (-1 if match[1] == "-" else 1)
    return moment.replace(tzinfo=timezone(away))


def _gps_moment(gps: dict[int, Any]) -> datetime | None:
    try:
        hour, minute, second = (float(part) for part in gps[ExifTags.GPS.GPSTimeStamp])
        day = datetime.strptime(_text(gps[ExifTags.GPS.GPSDateStamp]), "%Y:%m:%d").replace(tzinfo=UTC)
        return day + timedelta(hours=hour, minutes=minute, seconds=second)
    except (*_BROKEN, OverflowError):
        return None


def _position(gps: dict[int, Any]) -> tuple[float, float] | None:
    try:
        latitude = _degrees(gps[ExifTags.GPS.GPSLatitude], _text(gps[ExifTags.GPS.GPSLatitudeRef]) == "S")
        longitude = _degrees(gps[ExifTags.GPS.GPSLongitude], _text(gps[ExifTags.GPS.GPSLongitudeRef]) == "W")
    except (*_BROKEN, OverflowError):
        return None
    inside = -90 <= latitude <= 90 and -180 <= longitude <= 180
    # 0, 0 is what a phone without reception writes; no county lies there.
    return (latitude, longitude) if inside and (latitude, longitude) != (0.0, 0.0) else None


def _degrees(parts: Any, negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if negative else value
