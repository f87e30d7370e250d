"""docx, pdf and html → text: one paragraph a line, table cells parted by tabs. Bombs and scans are refused."""

import io
import re
import zipfile
import zlib

import lxml.html
from lxml import etree
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette.parse.docx_numbers import Numbers
from luoshi.gazette.parse.encodings import decode

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LARGEST_PART = 80 * 1024 * 1024
_LARGEST_RATIO = 200
_MOST_PAGES = 3000
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "tr",
        "table",
        "section",
        "article",
        "header",
        "footer",
        "br",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "title",
        "blockquote",
    ]
)


def _damaged(name: str, kind: str) -> Problem:
    return Problem(
        name,
        Words(f"这个 {kind} 文件已损坏，或不是 {kind}。", f"This {kind} file is damaged or no {kind}."),
        Words("请重新导出后再试。", "Export it again."),
    )


def docx_text(data: bytes, name: str) -> str:
    """Return the text of a docx; a zip that unpacks to far more than it should is refused unread."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            body = _xml(_unpack(packed, "word/document.xml", name), name).find(f"{_W}body")
            listed = "word/numbering.xml" in packed.namelist()
            numbering = _xml(_unpack(packed, "word/numbering.xml", name), name) if listed else None
    except (KeyError, zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged(name, "docx") from error
    if body is None:
        raise _damaged(name, "docx")
    return _docx_lines(body, Numbers(numbering))


def _unpack(packed: zipfile.ZipFile, part: str, name: str) -> bytes:
    info = packed.getinfo(part)
    if info.flag_bits & 1:
        raise Problem(
            name, Words("文件有密码。", "The file has a password."), Words("请去掉密码。", "Remove the password.")
        )
    if info.file_size > _LARGEST_PART or info.file_size > _LARGEST_RATIO * max(info.compress_size, 4096):
        raise Problem(
            name,
            Words(
                "压缩包展开后大得不正常，没有打开。", "The package would unpack to an abnormal size; it was not opened."
            ),
            Words("请用 Word 或 WPS 重新另存为 docx。", "Save it again as docx with Word or WPS."),
            status=413,
        )
    with packed.open(info) as stream:
        return stream.read(_LARGEST_PART + 1)


def _xml(data: bytes, name: str) -> etree._Element:
    reader = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(data, reader)
    except etree.XMLSyntaxError as error:
        raise _damaged(name, "docx") from error


def _docx_lines(body: etree._Element, numbers: Numbers) -> str:
    lines: list[str] = []
    for child in body.iter(f"{_W}p", f"{_W}tr"):
        if child.tag == f"{_W}tr":
            cells = ["".join(_run_text(p) for p in cell.iter(f"{_W}p")) for cell in child.findall(f"{_W}tc")]
            lines.append("\t".join(" ".join(c.split()) for c in cells))
        elif not any(a.tag == f"{_W}tr" for a in child.iterancestors()):
            lines.append(numbers.of(child) + _run_text(child))
    return "\n".join(lines) + "\n"


def _run_text(paragraph: etree._Element) -> str:
    words = []
    for piece in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr"):
        words.append(piece.text or "" if piece.tag == f"{_W}t" else "\t" if piece.tag == f"{_W}tab" else "\n")
    return "".join(words)


def pdf_text(data: bytes, name: str) -> str:
    """Return the text of a pdf. A pdf of pictures and one with a password are refused with advice."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Problem(
                name,
                Words("这个 pdf 有密码。", "This pdf has a password."),
                Words("请去掉密码后再导入。", "Remove the password first."),
            )
        if len(reader.pages) > _MOST_PAGES:
            raise Problem(
                name,
                Words("pdf 页数太多。", "The pdf has too many pages."),
                Words("请按期拆开。", "Split it by issue."),
                status=413,
            )
        pages = [page.extract_text() or "" for page in reader.pages]
    except Problem:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        OSError,
        NotImplementedError,
    ) as error:
        raise _damaged(name, "pdf") from error
    letters = sum(len(re.sub(r"\s", "", page)) for page in pages)
    if letters < 20 * max(len(pages), 1):
        raise Problem(
            name,
            Words("这个 pdf 是扫描件，里面只有图片，没有文字。", "This pdf is a scan: it holds pictures and no text."),
            Words(
                "请先做文字识别（OCR），或导入 Word 原稿。",
                "Run text recognition (OCR) first, or import the Word original.",
            ),
        )
    return "\n".join(pages) + "\n"


def html_text(data: bytes, name: str) -> str:
    """Return the visible text of a page, one block a line."""
    declared = re.search(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", data[:4096])
    text = _declared(data, declared.group(1).decode("ascii") if declared else None) or decode(data, name)
    try:
        root = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (etree.ParserError, ValueError) as error:
        raise _damaged(name, "html") from error
    for element in root.xpath("//script|//style|//noscript|//template|//comment()"):
        element.drop_tree()
    words: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            words.append("\n" if tag in _BLOCKS else "")
            words.append(re.sub(r"[ \r\n]+", " ", element.text or "") if tag else "")
        else:
            words.append("\t" if tag in ("td", "th") else "\n" if tag in _BLOCKS else "")
            words.append(re.sub(r"[ \r\n]+", " ", element.tail or ""))
    return re.sub(r"[ \t]*\n[ \t\n]*", "\n", "".join(words)).strip() + "\n"


def _declared(data: bytes, encoding: str | None) -> str | None:
    if encoding is None:
        return None
    wide = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(encoding.lower(), encoding)
    try:
        return data.decode(wide)
    except (UnicodeDecodeError, LookupError):
        return None
