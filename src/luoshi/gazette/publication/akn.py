"""Akoma Ntoso 3.0 (OASIS LegalDocML): a document as XML, and read back to the same clauses.

A notice is a ``doc``; its clauses stand in ``mainBody`` as nested part, section, paragraph, point, indent by their
level; the interpretation is an attachment. Number, heading and words are cut so that together they are exactly the
printed words; path, level and span, which the standard has no place for, are attributes of our own namespace. Pure but
for ``document_xml``.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from luoshi.gazette.publication import documents
from luoshi.gazette.publication.masking import masked
from luoshi.gazette.publication.tree import Node, Outline, Section, nested
from luoshi.gazette.publication.uris import Uris, uris
from luoshi.office.plans.models import Document

AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
OWN = "urn:luoshi:gazette"
_LEVELS = ("part", "section", "paragraph", "point", "indent")
_NUM = re.compile(
    r"(?:第?[一二三四五六七八九十百]+(?:章|节|条|部分|是|、|\.)?[、.．]?|[（(][一二三四五六七八九十百]+[）)]"
    r"|\d+(?:\.\d+)*[.、．]?|[（(]\d+[）)]|[①-⑳]|附件\d*[:：]?|[●■\-—])[ 　]*"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PIECES = re.compile(rf"({_CONTROL.pattern})")


@dataclass(frozen=True, slots=True)
class Text:
    """What the XML carries of a document: its record and its words."""

    title: str
    number: str
    issuer: str
    issued_on: dt.date | None
    in_force_from: dt.date | None
    version: int
    outline: Outline
    interpretation_title: str = ""
    interpretation: Outline | None = None


def eid(path: str) -> str:
    """Return the id of a clause in the XML: its path, readable and unique within the document."""
    return "cl_" + re.sub(r"\s", "_", path).replace("/", "__")


def document_xml(document: Document, names: Uris, county: str) -> bytes:
    """Return a stored document as XML, contact data and names masked."""
    whole = documents.outline_of(document)
    told = documents.interpretation_of(document)
    return to_xml(
        Text(
            document.title_zh,
            document.number or document.number_printed,
            document.issuer_zh or county,
            document.issued_on,
            document.in_force_from,
            document.version,
            covered(whole),
            document.interpretation_title,
            covered(told) if told else None,
        ),
        names,
    )


def covered(outline: Outline) -> Outline:
    """Return an outline with everything masked that must not be public; the masks see the words in one piece."""
    words = [outline.front, *(s.words for s in outline.sections), outline.tail]
    shown = masked("\n\n".join(words))
    cut, at = list[str](), 0
    for part in words:
        cut.append(shown[at : at + len(part)])
        at += len(part) + 2
    made = tuple(
        Section(s.path, s.level, masked(s.heading), s.start, s.end, w)
        for s, w in zip(outline.sections, cut[1:-1], strict=True)
    )
    return Outline(cut[0], made, cut[-1], outline.front_at, outline.tail_at)


def to_xml(text: Text, names: Uris) -> bytes:
    """Return the document as an Akoma Ntoso file in UTF-8."""
    root = etree.Element(_akn("akomaNtoso"), nsmap={None: AKN, "l": OWN})
    doc = _add(root, "doc", name="notice")
    _meta(doc, text, names, text.title)
    _body(doc, text.outline, "")
    if text.interpretation is not None:
        attachment = _add(_add(doc, "attachments"), "attachment", eId="att_1")
        inner = _add(attachment, "doc", name="interpretation")
        _meta(inner, text, names, text.interpretation_title, "att_1__")
        _body(inner, text.interpretation, "att_1__")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=False)


def _body(doc: etree._Element, outline: Outline, prefix: str) -> None:
    preface = _add(doc, "preface")
    preface.set(_own("at"), str(outline.front_at))
    _lines(preface, outline.front)
    body = _add(doc, "mainBody")
    for node in nested(outline.sections):
        _section(body, node, prefix)
    if not outline.sections:
        _add(body, "p")
    conclusions = _add(doc, "conclusions")
    conclusions.set(_own("at"), str(outline.tail_at))
    _lines(conclusions, outline.tail)
    attachments = doc.find(_akn("attachments"))
    if attachments is not None:
        doc.append(attachments)


def _section(parent: etree._Element, node: Node, prefix: str) -> None:
    section = node.section
    deep = section.level > len(_LEVELS)
    element = _add(parent, "hcontainer" if deep else _LEVELS[section.level - 1], eId=prefix + eid(section.path))
    if deep:
        element.set("name", f"level{section.level}")
    for name, value in (("path", section.path), ("level", section.level), ("from", section.start), ("to", section.end)):
        element.set(_own(name), _escaped(str(value)))
    number, heading, rest = cut(section.words, section.heading)
    if heading != section.heading:
        element.set(_own("heading"), _escaped(section.heading))
    if number:
        _words(_add(element, "num"), number)
    if heading:
        _words(_add(element, "heading"), heading)
    _lines(_add(element, "intro" if node.children else "content"), rest)
    for child in node.children:
        _section(element, child, prefix)


def cut(words: str, heading: str) -> tuple[str, str, str]:
    """Cut the words of a clause into printed number, heading and rest, which together are the words."""
    match = _NUM.match(words)
    number = match[0] if match else ""
    if heading and words.startswith(heading, len(number)):
        return number, heading, words[len(number) + len(heading) :]
    return number, "", words[len(number) :]


def _lines(parent: etree._Element, words: str) -> None:
    for line in words.split("\n"):
        _words(_add(parent, "p"), line)


def _words(element: etree._Element, words: str) -> None:
    """Put words into an element; characters that XML cannot hold become ``inline`` elements that name their code."""
    last: etree._Element | None = None
    for piece in _PIECES.split(words):
        if _CONTROL.fullmatch(piece):
            last = _add(element, "inline", name="control")
            last.set(_own("code"), f"{ord(piece):04x}")
        elif last is None:
            element.text = (element.text or "") + piece
        else:
            last.tail = (last.tail or "") + piece


def _meta(doc: etree._Element, text: Text, names: Uris, title: str, prefix: str = "") -> None:
    component = "!interpretation" if prefix else "!main"
    meta = _add(doc, "meta")
    identification = _add(meta, "identification", source=f"#{prefix}luoshi")
    written = text.issued_on.isoformat() if text.issued_on else "1900-01-01"
    held = text.in_force_from.isoformat() if text.in_force_from else written
    for kind, uri in (
        ("FRBRWork", names.work),
        ("FRBRExpression", names.expression),
        ("FRBRManifestation", names.manifestation),
    ):
        level = _add(identification, kind)
        _add(level, "FRBRthis", value=f"{uri}/{component}")
        _add(level, "FRBRuri", value=uri)
        if kind == "FRBRWork":
            _add(level, "FRBRalias", name="title", value=_attribute(title))
        _add(
            level,
            "FRBRdate",
            date=written if kind == "FRBRWork" else held,
            name="written" if text.issued_on else "unknown",
        )
        _add(level, "FRBRauthor", href=f"#{prefix}{'luoshi' if kind == 'FRBRManifestation' else 'issuer'}")
        if kind == "FRBRWork":
            _add(level, "FRBRcountry", value="cn")
            if text.number:
                _add(level, "FRBRnumber", value=_attribute(text.number))
        elif kind == "FRBRExpression":
            _add(level, "FRBRversionNumber", value=str(text.version))
            _add(level, "FRBRlanguage", language="zho")
        else:
            _add(level, "FRBRformat", value="application/akn+xml")
    references = _add(meta, "references", source=f"#{prefix}luoshi")
    _add(
        references, "TLCOrganization", eId=f"{prefix}luoshi", href="/ontology/organization/luoshi", showAs="落实 Luoshi"
    )
    _add(
        references,
        "TLCOrganization",
        eId=f"{prefix}issuer",
        href="/ontology/organization/issuer",
        showAs=_attribute(text.issuer) or "-",
    )


def _attribute(words: str) -> str:
    return " ".join(_CONTROL.sub("", words).split())


_ODD = re.compile(r"[\\\x00-\x1f\x7f\ufffe\uffff]")


def _escaped(words: str) -> str:
    """Return words as an attribute of ours carries them exactly: what XML would lose or normalise is spelled out."""
    return _ODD.sub(lambda m: f"\\u{ord(m[0]):04x}", words)


def _plain(words: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), words)


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, _akn(tag), attributes)


def _akn(tag: str) -> str:
    return f"{{{AKN}}}{tag}"


def _own(name: str) -> str:
    return f"{{{OWN}}}{name}"


def from_xml(data: bytes) -> Text:
    """Read a file made by ``to_xml`` back. Entities and external files are not followed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    doc = _child(etree.fromstring(data, parser), "doc")
    work = next(doc.iter(_akn("FRBRWork")))
    expression = next(doc.iter(_akn("FRBRExpression")))
    inner = doc.find(f"{_akn('attachments')}/{_akn('attachment')}/{_akn('doc')}")
    issuer = next(e for e in doc.iter(_akn("TLCOrganization")) if e.get("eId") == "issuer").get("showAs") or ""
    number = work.find(_akn("FRBRnumber"))
    return Text(
        _child(work, "FRBRalias").get("value") or "",
        number.get("value") or "" if number is not None else "",
        issuer,
        _day(work),
        _day(expression),
        int(_child(expression, "FRBRversionNumber").get("value") or 1),
        _read(doc),
        _child(next(inner.iter(_akn("FRBRWork"))), "FRBRalias").get("value") or "" if inner is not None else "",
        _read(inner) if inner is not None else None,
    )


def _day(level: etree._Element) -> dt.date | None:
    found = _child(level, "FRBRdate")
    return None if found.get("name") == "unknown" else dt.date.fromisoformat(found.get("date") or "")


def _read(doc: etree._Element) -> Outline:
    preface, conclusions = _child(doc, "preface"), _child(doc, "conclusions")
    found: list[Section] = []
    for element in _child(doc, "mainBody"):
        _read_section(element, found)
    return Outline(
        _read_lines(preface),
        tuple(found),
        _read_lines(conclusions),
        int(preface.get(_own("at")) or 0),
        int(conclusions.get(_own("at")) or 0),
    )


def _read_section(element: etree._Element, found: list[Section]) -> None:
    path = element.get(_own("path"))
    if path is None:
        return
    number = element.find(_akn("num"))
    heading = element.find(_akn("heading"))
    text = element.find(_akn("intro"))
    text = text if text is not None else element.find(_akn("content"))
    printed = _read_words(heading) if heading is not None else ""
    words = (
        (_read_words(number) if number is not None else "") + printed + (_read_lines(text) if text is not None else "")
    )
    own = element.get(_own("heading"))
    found.append(
        Section(
            _plain(path),
            int(element.get(_own("level")) or 1),
            printed if own is None else _plain(own),
            int(element.get(_own("from")) or 0),
            int(element.get(_own("to")) or 0),
            words,
        )
    )
    for child in element:
        _read_section(child, found)


def _read_lines(parent: etree._Element) -> str:
    return "\n".join(_read_words(p) for p in parent.findall(_akn("p")))


def _read_words(element: etree._Element) -> str:
    return "".join([element.text or "", *_inline(element)])


def _inline(element: etree._Element) -> Iterable[str]:
    for child in element:
        code = child.get(_own("code"))
        yield chr(int(code, 16)) if code else ""
        yield child.tail or ""


def _child(parent: etree._Element, tag: str) -> etree._Element:
    found = parent.find(_akn(tag))
    if found is None:
        raise ValueError(f"no {tag} in the file")
    return found


__all__ = ["Text", "covered", "cut", "document_xml", "eid", "from_xml", "to_xml", "uris"]
