"""What a docx or xlsx carries besides its text: macros, embedded objects, links that load something from elsewhere."""

import re

from lxml import etree

from luoshi.core.words import Words
from luoshi.office.evidence.checks import archive
from luoshi.office.evidence.checks.archive import Limits, Source, Unreadable
from luoshi.office.evidence.checks.finding import Finding

_MACRO = re.compile(r"(vbaProject\.bin|vbaData\.xml|/macrosheets/)", re.IGNORECASE)
_OBJECT = re.compile(r"(/embeddings/|/activeX/|oleObject)", re.IGNORECASE)
_PART_LIMIT = 4 << 20
# A field's code may be split over several runs, so the runs are joined before they are searched.
_CODE = re.compile(rb"<\w+:instrText[^>]*>([^<]*)|\w+:instr=\"([^\"]*)\"")
_LOADS = re.compile(
    rb"\s*(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE)\b|(?:DDEAUTO|INCLUDETEXT|INCLUDEPICTURE)\s", re.IGNORECASE
)

_RESAVE = Words(
    "请在 Word/Excel/WPS 中另存为普通文档（不含宏、对象和外部链接）后重新上传。",
    "Save it as a plain document without macros, objects and outside links, and upload that.",
)


def check_office(source: Source, limits: Limits | None = None) -> list[Finding]:
    """Return what speaks against a docx or xlsx whose archive was already measured (``archive.survey``)."""
    findings: list[Finding] = []
    with archive.opened(source) as stream:
        entries = archive.directory(stream, limits or Limits()).infolist()
        names = [entry.filename for entry in entries]
        macros = [name for name in names if _MACRO.search(name)]
        if macros:
            words = Words("文档带有宏。", "The document carries macros.")
            findings.append(Finding("office_macro", "refuse", words, {"parts": macros[:10]}, _RESAVE))
        objects = [name for name in names if _OBJECT.search(name)]
        if objects:
            words = Words("文档里嵌有其他文件或控件。", "Other files or controls are embedded in the document.")
            findings.append(Finding("office_object", "warn", words, {"parts": objects[:10]}, _RESAVE))
        links: list[str] = []
        for entry in entries:
            if entry.filename.endswith(".rels"):
                links += _external(b"".join(archive.inflated(stream, entry))[:_PART_LIMIT], entry.filename)
            elif _may_load(entry.filename) and _loads(b"".join(archive.inflated(stream, entry))):
                links.append(f"DDE/INCLUDE: {entry.filename}")
    if links:
        words = Words("文档会从外部加载内容。", "The document loads content from outside.")
        findings.append(Finding("office_external", "warn", words, {"targets": links[:10]}, _RESAVE))
    return findings


def _may_load(part: str) -> bool:
    return "externalLink" in part or (part.startswith("word/") and part.endswith(".xml"))


def _loads(xml: bytes) -> bool:
    """Say whether a part holds a field or link that runs a program or pulls a file in."""
    codes = [run + simple for run, simple in _CODE.findall(xml)]
    return b"<ddeLink" in xml or bool(_LOADS.search(b"".join(codes))) or any(_LOADS.match(code) for code in codes)


def _external(relations: bytes, part: str) -> list[str]:
    """Return outside targets of a relations part; a plain hyperlink loads nothing and is left out."""
    if b"<!DOCTYPE" in relations or b"<!ENTITY" in relations:
        raise Unreadable("markup", part)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        nodes = list(etree.fromstring(relations, parser))
    except etree.XMLSyntaxError as error:
        raise Unreadable("broken", part) from error
    outside = [node for node in nodes if node.get("TargetMode") == "External"]
    return [node.get("Target", "") for node in outside if not node.get("Type", "").endswith("/hyperlink")]
