"""A file → its text: txt in the usual Chinese encodings, docx, pdf with text, html.

What cannot be read (a scanned or encrypted pdf, an old doc, a zip bomb, something binary or huge) is a ``Problem`` that
says what to do. For anything but txt the spans of a parse count in the text this returns.
"""

import re
from pathlib import Path

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette.parse.encodings import decode
from luoshi.gazette.parse.formats import docx_text, html_text, pdf_text

LARGEST_BYTES = 64 * 1024 * 1024
LARGEST_CHARACTERS = 20_000_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


def read_file(path: str | Path) -> str:
    """Return the text of a file. Raises ``Problem`` naming the file, with a remedy."""
    return read_format(path)[0]


def read_format(path: str | Path) -> tuple[str, str]:
    """Return the text and the format it was read as: text, docx, pdf or html."""
    place = Path(path)
    data = _bytes(place)
    name = place.name
    if data[:8] == _OLD_OFFICE:
        raise Problem(
            name,
            Words(
                "这是旧版 doc 文件，或是加了密码的 Office 文件。",
                "This is an old .doc file, or an Office file with a password.",
            ),
            Words("请去掉密码，另存为 docx 后再导入。", "Remove the password and save it as docx."),
        )
    if data[:4] == b"PK\x03\x04":
        text, kind = docx_text(data, name), "docx"
    elif b"%PDF-" in data[:1024]:
        text, kind = pdf_text(data, name), "pdf"
    elif _HTML.match(data[:4096]) or place.suffix.lower() in (".html", ".htm"):
        text, kind = html_text(data, name), "html"
    else:
        text, kind = decode(data, name), "text"
    if not text.strip():
        raise Problem(
            name,
            Words("文件里没有文字。", "The file holds no text."),
            Words("请换一个有文字的文件。", "Choose a file with text."),
        )
    if len(text) > LARGEST_CHARACTERS:
        raise _too_large(name)
    return text, kind


def _bytes(place: Path) -> bytes:
    try:
        if place.stat().st_size > LARGEST_BYTES:
            raise _too_large(place.name)
        return place.read_bytes()
    except OSError as error:
        raise Problem(
            place.name or str(place),
            Words("打不开这个文件。", f"The file cannot be opened ({type(error).__name__})."),
            Words("请检查文件名和读取权限。", "Check the name and the permission to read it."),
            status=404,
        ) from error


def _too_large(name: str) -> Problem:
    return Problem(
        name,
        Words("文件太大。", "The file is too large."),
        Words("请按期或按文件拆开，每个不超过 64 MB。", "Split it by issue or document, 64 MB at most each."),
        status=413,
    )
