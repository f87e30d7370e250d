"""Pictures: opened only within a pixel limit, checked for truncation and hidden content, shown without metadata."""

import hashlib
import io
from typing import Any

import imagehash
from PIL import Image, ImageOps, ImageStat

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.evidence.checks.finding import Finding
from luoshi.office.evidence.checks.kinds import sniff
from luoshi.office.evidence.checks.pictures import frame

MAX_PIXELS = 80_000_000  # decoded at 3 bytes a pixel; a phone's 12 to 50 million pass
_BLANK = 3.0  # standard deviation of grey levels below which a picture shows nothing
_EMPTY = 0.7  # the same for the lowest quarter alone
_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
_SHRINK = Words("请降低分辨率后上传。", "Upload it at a lower resolution.")
_RETAKE = Words("请从手机或相机里重新上传原图。", "Upload the original again from the phone or camera.")
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, Image.DecompressionBombError)
# What may stand behind a picture's end without harm: a second picture (MPF) or the film of a motion photo.
_FILM_START = 64  # within it an MP4 names itself
_HARMLESS_TAILS = (b"\xff\xd8\xff",)
_HARMFUL = (b"PK\x03\x04", b"MZ", b"\x7fELF", b"%PDF-", b"<?php", b"<script", b"<html", b"<svg", b"Rar!", b"7z\xbc\xaf")


def check_image(kind: str, data: bytes, *, max_pixels: int = MAX_PIXELS) -> list[Finding]:
    """Return the findings on a jpg, png or webp: too many pixels, truncated, broken, data behind its end, blank."""
    shape = frame(kind, data)
    if shape is None or shape.width == 0 or shape.height == 0:
        return [_refused("broken", "图片结构损坏。", "The picture's structure is broken.", _RETAKE)]
    facts = {"width": shape.width, "height": shape.height}
    if shape.width * shape.height > max_pixels:
        zh, en = "图片像素过多，不予解码。", "The picture has too many pixels to be decoded."
        return [_refused("image_bomb", zh, en, _SHRINK, **facts)]
    if shape.end is None:
        return [_refused("truncated", "图片不完整，后半截缺失。", "The picture is cut off.", _RETAKE, **facts)]
    try:
        grey = _grey(data, kind)
    except _BROKEN as error:
        return [
            _refused("broken", "图片无法解码。", "The picture cannot be decoded.", _RETAKE, reason=str(error)[:120])
        ]
    findings = _tail(data[shape.end :])
    if ImageStat.Stat(grey).stddev[0] < _BLANK:
        words = Words("画面几乎是一种颜色，看不出内容。", "The picture is nearly one colour and shows nothing.")
        findings.append(Finding("blank", "ask", words, facts, _RETAKE))
    elif ImageStat.Stat(grey.crop((0, 48, 64, 64))).stddev[0] < _EMPTY:
        # A decoder fills what a cut-off file with a forged end lacks with one tone.
        words = Words("画面下部是一种颜色，文件可能缺了一截。", "The lower part is one tone; the file may be cut off.")
        findings.append(Finding("lower_part_empty", "ask", words, facts, _RETAKE))
    words = Words(f"图片 {shape.width}×{shape.height} 像素。", f"The picture is {shape.width}×{shape.height} pixels.")
    return [*findings, Finding("picture", "ok", words, facts)]


def _refused(code: str, zh: str, en: str, remedy: Words, **facts: Any) -> Finding:
    return Finding(code, "refuse", Words(zh, en), facts, remedy)


def _grey(data: bytes, kind: str) -> Image.Image:
    """Decode the whole picture, small where the format allows: a cut-off or damaged one raises."""
    with Image.open(io.BytesIO(data), formats=[_FORMATS[kind]]) as picture:
        picture.draft("L", (max(picture.width // 8, 64), max(picture.height // 8, 64)))
        picture.load()
        small = picture.convert("RGB") if picture.mode in ("P", "PA", "I;16") else picture
        return small.convert("L").resize((64, 64))


def _tail(tail: bytes) -> list[Finding]:
    rest = tail.strip(b"\0\r\n\t ")
    if not rest or rest.startswith(_HARMLESS_TAILS) or b"ftyp" in tail[:_FILM_START]:
        return []
    facts = {"bytes": len(tail)}
    start = rest[:64].lower()
    if b"PK\x03\x04" in rest or any(start.startswith(mark.lower()) for mark in _HARMFUL):
        zh, en = "图片后面藏有其他文件。", "Another file is hidden behind the picture."
        return [_refused("polyglot", zh, en, _RETAKE, **facts)]
    words = Words("图片结尾之后还有数据。", "There is data behind the picture's end.")
    return [Finding("hidden_data", "warn", words, facts, _RETAKE)]


def opened(data: bytes, *, at_least: int | None = None, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Return a picture as RGB on white, turned upright; raise ``Problem`` for one that cannot be decoded safely.

    ``at_least`` allows a jpeg to be decoded smaller, both sides staying at least that many pixels where it has them.
    """
    found = sniff(data)
    kind = found.kind if found else ""
    shape = frame(kind, data) if kind in _FORMATS else None
    if shape is None or shape.width * shape.height > max_pixels:
        raise _unusable(
            "不是可以解码的图片，或像素过多。", "This is no picture that can be decoded, or it has too many pixels."
        )
    try:
        with Image.open(io.BytesIO(data), formats=[_FORMATS[kind]]) as picture:
            if at_least:
                picture.draft("RGB", (at_least, at_least))
            return _on_white(ImageOps.exif_transpose(picture))
    except _BROKEN as error:
        raise _unusable("图片无法解码。", "The picture cannot be decoded.") from error


def _unusable(zh: str, en: str) -> Problem:
    return Problem("picture", Words(zh, en), _RETAKE, status=422)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    return picture.convert("RGB")


def thumbnail(data: bytes, px: int, *, quality: int = 82) -> bytes:
    """Return the picture as a jpeg of at most ``px`` pixels a side, upright, without any metadata."""
    picture = opened(data, at_least=2 * px)
    picture.thumbnail((px, px))
    # A fresh picture carries no EXIF, GPS, comment or colour profile over.
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def digest(data: bytes) -> str:
    """Return ``sha256:…`` of a file, equal only for the same bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def fingerprint(data: bytes) -> str:
    """Return 32 hex digits that stay nearly the same when a picture is resized, recompressed or slightly toned.

    The first half is the perceptual hash (low frequencies), the second the difference hash (light to the right), both
    of 64 bits and of the upright picture.
    """
    picture = opened(data, at_least=512)
    picture.thumbnail((256, 256))
    return f"{imagehash.phash(picture)}{imagehash.dhash(picture)}"
