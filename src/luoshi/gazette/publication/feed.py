"""The Atom feed of what was published (RFC 4287). Pure: entries in, XML out. Words that are not public never enter."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One published document. ``id`` never changes; ``updated`` is the day its present version was published."""

    id: str
    title: str
    href: str
    updated: dt.datetime
    published: dt.datetime
    author: str
    summary: str
    xml_href: str = ""


def feed(
    id_: str,
    title: str,
    self_href: str,
    page_href: str,
    author: str,
    entries: Sequence[FeedEntry],
    empty_at: dt.datetime,
) -> bytes:
    """Return the feed. ``empty_at`` is its moment where there is no entry."""
    root = etree.Element(_tag("feed"), nsmap={None: ATOM})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "zh-Hans")
    _put(root, "id", id_)
    _put(root, "title", title)
    _put(root, "updated", max((e.updated for e in entries), default=empty_at).isoformat())
    etree.SubElement(root, _tag("link"), rel="self", type="application/atom+xml", href=self_href)
    etree.SubElement(root, _tag("link"), rel="alternate", type="text/html", href=page_href)
    _put(etree.SubElement(root, _tag("author")), "name", author)
    for entry in entries:
        _entry(etree.SubElement(root, _tag("entry")), entry)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _entry(element: etree._Element, entry: FeedEntry) -> None:
    _put(element, "id", entry.id)
    _put(element, "title", entry.title)
    _put(element, "updated", entry.updated.isoformat())
    _put(element, "published", entry.published.isoformat())
    etree.SubElement(element, _tag("link"), rel="alternate", type="text/html", href=entry.href)
    if entry.xml_href:
        etree.SubElement(element, _tag("link"), rel="alternate", type="application/akn+xml", href=entry.xml_href)
    _put(etree.SubElement(element, _tag("author")), "name", entry.author)
    _put(element, "summary", entry.summary)


def _put(parent: etree._Element, tag: str, words: str) -> None:
    etree.SubElement(parent, _tag(tag)).text = "".join(c for c in words if c >= " " or c in "\n\t")


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"
