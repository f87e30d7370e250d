"""Looks at a page as HTML and lists what is wrong with it. Used by every test that renders a page."""

import re
from itertools import pairwise
from typing import Any

from lxml import html

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
PUBLIC_LIMIT, OFFICER_LIMIT = 60_000, 150_000
_BLOCKS = [
    "address",
    "article",
    "aside",
    "blockquote",
    "details",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "header",
    "main",
    "nav",
    "ol",
    "p",
    "section",
    "table",
    "ul",
]


def faults(page: bytes) -> list[str]:
    """Return every fault found: ids, labels, headings, references, inline code, language, blocks inside a paragraph."""
    text = page.decode()
    tree = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    found = [*_ids(tree), *_labels(tree), *_headings(tree), *_inline(tree), *_names(tree), *_nesting(text)]
    if tree.get("lang") not in ("zh-Hans", "en"):
        found.append(f"page language {tree.get('lang')!r}")
    if not (tree.findtext(".//title") or "").strip(" ·"):
        found.append("no title")
    return found


def _ids(tree: Any) -> list[str]:
    ids = [e.get("id") for e in tree.iter() if isinstance(e.tag, str) and e.get("id")]
    twice = [f"id twice: {i}" for i in set(ids) if ids.count(i) > 1]
    for attribute in ("aria-describedby", "aria-labelledby", "for"):
        for element in tree.xpath(f"//*[@{attribute}]"):
            twice += [f"{attribute} leads nowhere: {i}" for i in element.get(attribute).split() if i not in ids]
    twice += [
        f"link leads nowhere: {a.get('href')}"
        for a in tree.xpath("//a[starts-with(@href, '#')]")
        if a.get("href")[1:] not in ids
    ]
    return twice


def _labels(tree: Any) -> list[str]:
    named = {e.get("for") for e in tree.xpath("//label[@for]")}
    found = []
    for field in tree.xpath("//input | //select | //textarea"):
        if field.get("type") in ("hidden", "submit"):
            continue
        inside = any(a.tag == "label" for a in field.iterancestors())
        if not (inside or field.get("id") in named or field.get("aria-label")):
            found.append(f"no label: {field.get('name')}")
    return found


def _headings(tree: Any) -> list[str]:
    levels = [int(e.tag[1]) for e in tree.iter() if e.tag in HEADINGS]
    main = [int(e.tag[1]) for e in tree.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    found = [] if levels.count(1) == 1 else [f"{levels.count(1)} headings of level 1"]
    found += [f"heading {b} after {a}" for a, b in pairwise(main) if b > a + 1]
    return found + [f"empty heading {e.tag}" for e in tree.iter() if e.tag in HEADINGS and not e.text_content().strip()]


def _inline(tree: Any) -> list[str]:
    found = [f"inline style on {e.tag}" for e in tree.xpath("//*[@style]")]
    found += ["style element" for _ in tree.xpath("//style")]
    found += ["inline script" for e in tree.xpath("//script") if not e.get("src")]
    for element in tree.iter():
        if isinstance(element.tag, str):
            found += [f"{name} on {element.tag}" for name in element.attrib if re.fullmatch(r"on[a-z]+", name)]
    return found + [
        f"javascript address: {e.get('href')}" for e in tree.xpath("//a[starts-with(@href, 'javascript:')]")
    ]


def _names(tree: Any) -> list[str]:
    """Links and buttons say something; pictures that are shown have words."""
    found = []
    for element in tree.xpath("//a[@href] | //button"):
        if not (element.text_content().strip() or element.get("aria-label")):
            found.append(f"{element.tag} without words")
    return found + ["picture without words" for e in tree.xpath("//img[not(@alt)]")]


def _nesting(text: str) -> list[str]:
    """A browser closes a paragraph before any block; what was meant to stand inside then stands outside."""
    blocks = "|".join(_BLOCKS)
    return [
        f"block in a paragraph: {m[0][-60:]}"
        for m in re.finditer(rf"<p\b[^>]*>(?:(?!</p>).)*?<(?:{blocks})\b", text, re.S)
    ]
