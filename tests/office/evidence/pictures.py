"""Pictures and files the checks are tried on. All generated."""

import io
import zipfile
from datetime import datetime

import numpy as np
from PIL import ExifTags, Image, ImageDraw, ImageFilter
from PIL.TiffImagePlugin import IFDRational

GUYANG = (41.03, 110.06)  # latitude, longitude


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Return a picture of coarse shapes on a gradient, different for each seed."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 255, (6, 8, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(6):
        x, y = int(random.integers(0, size[0])), int(random.integers(0, size[1]))
        wide, high = (int(side) for side in random.integers(40, 200, 2))
        draw.rectangle((x, y, x + wide, y + high), fill=tuple(int(c) for c in random.integers(0, 255, 3)))
    return picture.filter(ImageFilter.GaussianBlur(1))


def jpeg(picture: Image.Image, *, quality: int = 88, exif: Image.Exif | None = None) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, **({"exif": exif} if exif else {}))
    return out.getvalue()


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def exif(
    taken: datetime | str | None = None,
    *,
    offset: str | None = "+08:00",
    position: tuple[float, float] | None = None,
    software: str = "",
    orientation: int = 1,
    changed: datetime | None = None,
    gps_at: datetime | None = None,
) -> Image.Exif:
    """Return camera metadata as a phone writes it."""
    made = Image.Exif()
    made[ExifTags.Base.Make], made[ExifTags.Base.Model] = "Maker", "Phone 1"
    made[ExifTags.Base.Orientation] = orientation
    if software:
        made[ExifTags.Base.Software] = software
    if changed:
        made[ExifTags.Base.DateTime] = f"{changed:%Y:%m:%d %H:%M:%S}"
    inner = made.get_ifd(ExifTags.IFD.Exif)
    if taken:
        inner[ExifTags.Base.DateTimeOriginal] = taken if isinstance(taken, str) else f"{taken:%Y:%m:%d %H:%M:%S}"
        if offset:
            inner[ExifTags.Base.OffsetTimeOriginal] = offset
    gps = made.get_ifd(ExifTags.IFD.GPSInfo)
    if position:
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = (
            "N" if position[0] >= 0 else "S",
            _parts(position[0]),
        )
        gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = (
            "E" if position[1] >= 0 else "W",
            _parts(position[1]),
        )
    if gps_at:
        gps[ExifTags.GPS.GPSDateStamp] = f"{gps_at:%Y:%m:%d}"
        gps[ExifTags.GPS.GPSTimeStamp] = tuple(
            IFDRational(part) for part in (gps_at.hour, gps_at.minute, gps_at.second)
        )
    return made


def _parts(degrees: float) -> tuple[IFDRational, ...]:
    whole, rest = divmod(abs(degrees), 1)
    minutes, rest = divmod(rest * 60, 1)
    return IFDRational(int(whole)), IFDRational(int(minutes)), IFDRational(round(rest * 60 * 1000), 1000)


def zipped(files: dict[str, bytes | str], prefix: bytes = b"") -> bytes:
    out = io.BytesIO()
    out.write(prefix)
    with zipfile.ZipFile(out, "a" if prefix else "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def docx(**parts: bytes | str) -> bytes:
    """Return a bare docx with extra parts by name (``__`` stands for a slash)."""
    base: dict[str, bytes | str] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "word/document.xml": "<w:document xmlns:w='http://x'><w:body/></w:document>",
    }
    return zipped(base | {name.replace("__", "/"): data for name, data in parts.items()})


def relations(*rows: str) -> str:
    names = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{names}">{"".join(rows)}</Relationships>'
