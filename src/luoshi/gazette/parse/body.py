"""One part (a document or an interpretation) → its head fields, clauses, tasks, thresholds and doubts.

Reads a ``Part``; writes a ``Read``.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from luoshi.gazette.parse import heads
from luoshi.gazette.parse.clauses import Node, Tree
from luoshi.gazette.parse.days import year_of
from luoshi.gazette.parse.documents import Part
from luoshi.gazette.parse.enumerators import read_mark
from luoshi.gazette.parse.missing import find_missing
from luoshi.gazette.parse.numbering import check_numbering
from luoshi.gazette.parse.owners import give_to_wholes, share_leads
from luoshi.gazette.parse.paragraphs import Paragraph
from luoshi.gazette.parse.rules import read_rules
from luoshi.gazette.parse.scores import check_scores
from luoshi.gazette.parse.spans import block, doubt
from luoshi.gazette.parse.tables import read_tables
from luoshi.gazette.parse.tasks import TaskReader, mark_bare_blocks
from luoshi.gazette.parse.thresholds import find_thresholds
from luoshi.gazette.parse.titles import is_issuer, issuer_of_title

_BLANKS = re.compile(r"\s+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_IN_TEXT = re.compile(r"((?:19|20)\d\d)年")
_NO_SERIAL = re.compile(r"[〕）】]\s?(?:第\s?)?号")


@dataclass
class Read:
    """A part that has been read: its JSON, blocks and doubts."""

    part: Part
    document: dict[str, Any]
    blocks: list[dict[str, Any]] = field(default_factory=list)
    doubts: list[dict[str, Any]] = field(default_factory=list)


def read_part(part: Part, base_year: int | None) -> Read:
    """Read one document or interpretation. ``base_year`` is the issue's year, for documents without a date."""
    fields: dict[str, Any] = {
        "number": None,
        "issuer": part.issuer,
        "issued_on": None,
        "disclosure": None,
        "recipients": [],
    }
    read = Read(part, {"title": _title(part), **fields})
    body = _take_head(part, read)
    read.document["issuer"] = read.document["issuer"] or issuer_of_title(part.title)
    tree = Tree()
    nodes = [tree.add(para) for para in body]
    if not read.document["title"] and tree.nodes and tree.nodes[0].style == "annex":
        read.document["title"] = tree.nodes[0].heading or ""
    read.document |= {
        "interpretation": None,
        "clauses": [n.as_json() for n in tree.nodes],
        "tasks": [],
        "thresholds": [],
    }
    if part.kind == "document":
        _read_tasks(read, body, nodes, tree, _year(read.document, part, base_year))
        read.document["thresholds"] = find_thresholds(tree.nodes)
        read.doubts += [*find_missing(body), *check_scores(tree.nodes), *check_numbering(tree.nodes)]
    return read


def _read_tasks(read: Read, body: list[Paragraph], nodes: list[Node], tree: Tree, year: int | None) -> None:
    """Tables first, then the blocks between them; an interpretation has neither."""
    rules = read_rules(body, year)
    mark_bare_blocks(body, year)
    reader = TaskReader(year, rules)
    tables, outside = read_tables(body, read.part.title, year, rules)
    for para, node in zip(body, nodes, strict=True):
        if id(para) in outside:
            reader.add(para, node)
        else:
            reader.flush()
    reader.close()
    give_to_wholes(reader.owned, tree.nodes)
    own = [o.task for o in share_leads(reader.owned)]
    read.document["tasks"] = sorted([*own, *tables.tasks], key=lambda t: t["span"][0])
    read.doubts += [*reader.doubts, *tables.doubts]


def _title(part: Part) -> str:
    return _BLANKS.sub(" ", part.title).strip()


def _year(document: dict[str, Any], part: Part, base_year: int | None) -> int | None:
    if document["issued_on"]:
        return year_of(document["issued_on"])
    for words in (part.title, document["number"] or ""):
        found = _YEAR.search(words)
        if found:
            return int(found.group())
    if base_year:
        return base_year
    for para in part.body[:40]:
        found = _YEAR_IN_TEXT.search(para.text)
        if found:
            return int(found.group(1))
    return None


def _take_head(part: Part, read: Read) -> list[Paragraph]:
    """Take the lines of the head and of the signature out of the body; what they say goes into the document."""
    for title in part.titles:
        titles = [p for p in title if not heads.is_number(p.text)]
        for para in title:
            if heads.is_number(para.text):
                _number(para, read)
        if titles:
            read.blocks.append(block("title", [titles[0].start, titles[-1].end]))
    body: list[Paragraph] = []
    seen_clause = False
    paras = [*part.head, *part.body]
    for n, para in enumerate(paras):
        following = [p.text for p in paras[n + 1 : n + 5]] if is_issuer(para.text) else []
        if para.kind == "cell" or len(para.text) > 220 or not _head_line(para, following, seen_clause, read):
            body.append(para)
            mark = read_mark(para.text)
            seen_clause = seen_clause or (
                mark is not None and mark.style in ("cn", "chapter", "decimal", "arabic", "cn_paren")
            )
    return body


def _head_line(para: Paragraph, following: list[str], seen_clause: bool, read: Read) -> bool:
    document = read.document
    words = para.text
    if heads.is_number(words):
        _number(para, read)
    elif (disclosure := heads.disclosure_class(words)) is not None:
        if document["disclosure"] not in (None, disclosure):
            read.doubts.append(doubt("disclosure_conflict", [para.start, para.end], "两处公开属性不一致，请核对。"))
        document["disclosure"] = document["disclosure"] or disclosure
        read.blocks.append(block("disclosure", [para.start, para.end]))
    elif heads.is_date(words) and (day := heads.read_date(words)) is not None:
        document["issued_on"] = document["issued_on"] or day.isoformat()
        read.blocks.append(block("date", [para.start, para.end]))
    elif heads.is_signature(words, following):
        document["issuer"] = (
            para.raw.strip()
            if document["issuer"] is None or len(words) >= len(document["issuer"])
            else document["issuer"]
        )
        read.blocks.append(block("signature", [para.start, para.end]))
    elif not seen_clause and not document["recipients"] and heads.is_recipients(words):
        document["recipients"] = heads.split_recipients(para.raw)
        read.blocks.append(block("recipients", [para.start, para.end]))
    else:
        return False
    return True


def _number(para: Paragraph, read: Read) -> None:
    read.document["number"] = read.document["number"] or _BLANKS.sub("", para.raw)
    read.blocks.append(block("number", [para.start, para.end]))
    if _NO_SERIAL.search(para.text):
        read.doubts.append(doubt("incomplete_number", [para.start, para.end], "文号没有序号，请向制发机关核实。"))
