"""A citizen's photo on its way in: drawn anew, so that nothing of the sender's camera, place or time is left in it."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from luoshi.core.problem import Problem
from luoshi.core.words import Words

LONGEST_SIDE = 2_560
MOST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")


def redrawn(data: bytes, most_mb: int) -> bytes:
    """Return the picture as a plain JPEG; ``Problem`` for what is too large or no picture."""
    if len(data) > most_mb << 20:
        raise Problem(
            "photo",
            Words(f"照片超过 {most_mb} MB。", f"The photo is above {most_mb} MB."),
            Words("请压缩后再传，或不带照片提交。", "Make it smaller, or send without it."),
            status=413,
        )
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _unreadable()
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise _unreadable() from fault
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    bare.save(out, "JPEG", quality=85)
    return out.getvalue()


def _unreadable() -> Problem:
    return Problem(
        "photo",
        Words("这个文件不是能打开的照片。", "This file is no picture that can be opened."),
        Words("请传 JPG、PNG 或 WebP 照片，或不带照片提交。", "Send a JPG, PNG or WebP, or send without it."),
        status=422,
    )
