"""What a file is, by its content. Its name is a claim and is compared later."""

import re
from dataclasses import dataclass
from pathlib import Path

import puremagic

from luoshi.office.evidence.checks import archive
from luoshi.office.evidence.checks.archive import Limits, Source, Unreadable

HEAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file: short name, media type, name endings that fit it, Chinese name. ``dangerous`` kinds can run or
    carry script and are never taken."""

    kind: str
    media_type: str
    endings: tuple[str, ...]
    zh: str
    dangerous: bool = False


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
KINDS = {
    one.kind: one
    for one in (
        FileType("jpg", "image/jpeg", (".jpg", ".jpeg", ".jpe"), "JPEG 图片"),
        FileType("png", "image/png", (".png",), "PNG 图片"),
        FileType("webp", "image/webp", (".webp",), "WebP 图片"),
        FileType("heic", "image/heic", (".heic", ".heif"), "HEIC 图片"),
        FileType("gif", "image/gif", (".gif",), "GIF 图片"),
        FileType("pdf", "application/pdf", (".pdf",), "PDF 文件"),
        FileType("docx", _WORD, (".docx",), "Word 文档"),
        FileType("xlsx", _EXCEL, (".xlsx",), "Excel 表格"),
        FileType("pptx", _SLIDES, (".pptx",), "演示文稿"),
        FileType("zip", "application/zip", (".zip",), "ZIP 压缩包"),
        FileType("archive", "application/octet-stream", (".rar", ".7z", ".gz", ".xz", ".bz2", ".tar"), "压缩包"),
        FileType("ole", "application/x-ole-storage", (".doc", ".xls", ".ppt", ".wps", ".et"), "旧版 Office 文件"),
        FileType("txt", "text/plain", (".txt", ".md", ".log"), "文本"),
        FileType("csv", "text/csv", (".csv", ".tsv"), "CSV 表格"),
        FileType("xml", "application/xml", (".xml",), "XML"),
        FileType("rtf", "application/rtf", (".rtf",), "RTF 文档", dangerous=True),
        FileType("svg", "image/svg+xml", (".svg",), "SVG 图形", dangerous=True),
        FileType("html", "text/html", (".html", ".htm", ".xhtml", ".mht"), "网页", dangerous=True),
        FileType("program", "application/x-executable", (".exe", ".dll", ".so", ".msi"), "程序", dangerous=True),
        FileType(
            "script", "text/x-script", (".sh", ".bat", ".ps1", ".py", ".js", ".vbs", ".php"), "脚本", dangerous=True
        ),
        FileType("shortcut", "application/x-ms-shortcut", (".lnk", ".url"), "快捷方式", dangerous=True),
    )
}
ALLOWED = frozenset({"jpg", "png", "webp", "pdf", "docx", "xlsx", "txt", "csv"})

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"%PDF-", "pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xfe\xed\xfa\xce", "program"),
    (b"\xfe\xed\xfa\xcf", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\x00asm", "program"),
    (b"\x4c\x00\x00\x00\x01\x14\x02\x00", "shortcut"),
    (b"[InternetShortcut]", "shortcut"),
    (b"#!", "script"),
    (b"<?php", "script"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_COMMENT = re.compile(rb"\s*(?:<!--.*?-->|<\?xml[^>]*\?>|<!DOCTYPE\s+svg[^>]*>)\s*", re.DOTALL | re.IGNORECASE)
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|object|embed|meta|title|table|div|img|a|link|style|form|svg)\b",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def sniff(source: Source) -> FileType | None:
    """Return the kind of a file by its content, or ``None`` when it is none that is known."""
    with archive.opened(source) as stream:
        head = stream.read(HEAD)
    kind = _by_magic(head) or _by_text(head)
    if kind == "zip":
        kind = _zip_kind(source)
    return KINDS[kind] if kind else None


def guess(source: Source) -> str:
    """Return puremagic's name for an unknown file, for a message only; empty when it has none."""
    with archive.opened(source) as stream:
        head = stream.read(HEAD)
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError, IndexError):
        return ""
    return f"{found[0].name} ({found[0].extension})" if found and found[0].confidence >= 0.4 else ""


def _by_magic(head: bytes) -> str | None:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "heic"
    if head[257:262] == b"ustar":
        return "archive"
    return "zip" if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) else None


def _by_text(head: bytes) -> str | None:
    encoding = encoding_of(head, cut=len(head) == HEAD)
    if encoding is None:
        return None
    text = head.decode(encoding, errors="ignore").lstrip("\ufeff").lstrip()
    start = _COMMENT.sub(b"", text[:4096].encode())
    if re.match(rb"<svg\b", start, re.IGNORECASE):
        return "svg"
    if start[:1] == b"<" and _HTML.match(start):
        return "html"
    if text.startswith("<?xml"):
        return "xml"
    return "csv" if _looks_like_csv(text) else "txt"


def encoding_of(data: bytes, *, cut: bool = False) -> str | None:
    """Return the encoding of text (``utf-8``, ``utf-16``, ``gb18030``), ``None`` for bytes that are no text.

    ``cut`` allows a letter to be broken at the end. GB 18030 fits almost any bytes, so it is only believed when nearly
    all its letters are ones that Chinese text uses.
    """
    if data.startswith(_BOMS[0]):
        return "utf-8-sig" if _decodes(data, "utf-8-sig", cut) else None
    if data.startswith(_BOMS[1:]):
        return "utf-16" if _decodes(data, "utf-16", cut) else None
    if _decodes(data, "utf-8", cut):
        return "utf-8"
    return "gb18030" if _decodes(data, "gb18030", cut) and _chinese(data) else None


def _decodes(data: bytes, encoding: str, cut: bool) -> bool:
    for back in range(4 if cut else 1):
        try:
            text = data[: len(data) - back].decode(encoding)
        except UnicodeDecodeError:
            continue
        return not _CONTROL.search(text)
    return False


def _chinese(data: bytes) -> bool:
    letters = [c for c in data.decode("gb18030", errors="ignore") if ord(c) > 127]
    usual = sum("\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" for c in letters)
    return usual >= 0.9 * len(letters)


def _looks_like_csv(text: str) -> bool:
    lines = [line for line in text.splitlines()[:20] if line.strip()][:10]
    for mark in (",", "\t", ";"):
        counts = {line.count(mark) for line in lines}
        if len(lines) >= 2 and len(counts) == 1 and counts != {0}:
            return True
    return False


def _zip_kind(source: Source) -> str:
    try:
        with archive.opened(source) as stream:
            names = set(archive.directory(stream, Limits()).namelist())
    except Unreadable:
        return "zip"
    for part, kind in (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx")):
        if part in names and "[Content_Types].xml" in names:
            return kind
    return "zip"


def ending(name: str) -> str:
    """Return a file name's ending in lower case, with its dot."""
    return Path(name.strip().rstrip(".")).suffix.lower()
