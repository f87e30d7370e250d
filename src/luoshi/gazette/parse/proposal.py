"""The stages from text to proposal, and the shape of the proposal (CONTRACTS.md)."""

from hashlib import sha256
from typing import Any

from luoshi.gazette.parse.body import read_part
from luoshi.gazette.parse.chronicle import read_chronicle
from luoshi.gazette.parse.columns import give_back
from luoshi.gazette.parse.cover import check_cover
from luoshi.gazette.parse.documents import Divider, Part
from luoshi.gazette.parse.issue import read_issue
from luoshi.gazette.parse.layout import join_lines, mark_furniture, read_lines
from luoshi.gazette.parse.marks import bare, uniform
from luoshi.gazette.parse.pairing import pair
from luoshi.gazette.parse.paragraphs import Line, Paragraph
from luoshi.gazette.parse.pipeline import Draft, Stage, run
from luoshi.gazette.parse.spans import block, doubt


def _uniform(text: str) -> Draft:
    return {"plain": uniform(text)}


def _layout(text: str, plain: str) -> Draft:
    lines = read_lines(text, plain)
    mark_furniture(lines)
    furniture = [block(line.kind, [line.start, line.end]) for line in lines if line.kind not in ("text", "cell")]
    heads = [bare(line.text) for line in lines if line.kind == "running_head"]
    return {"lines": lines, "furniture": furniture, "heads": heads, "paragraphs": join_lines(lines, text)}


def _issue(paragraphs: list[Paragraph], heads: list[str]) -> Draft:
    issue, listed, body_from, blocks = read_issue(paragraphs, heads)
    return {"issue": issue, "listed": listed, "body_from": body_from, "issue_blocks": blocks}


def _divide(paragraphs: list[Paragraph], listed: set[str], body_from: int) -> Draft:
    divider = Divider(paragraphs, listed)
    parts = divider.run(body_from)
    if not parts and divider.lead:
        parts, divider.lead = [Part("document", "", "", body=divider.lead)], []
    doubts = [
        doubt("title_twice", [b[0].start, b[-1].end], "标题在这里重复印了一次，按同一份文件处理。")
        for b in divider.duplicates
    ]
    if parts and parts[0].kind == "document" and divider.lead:
        parts[0].head, divider.lead = divider.lead, []
    return {"parts": parts, "loose": divider.lead, "division_doubts": doubts}


def _columns(text: str, parts: list[Part]) -> Draft:
    return {"column_doubts": give_back(parts, text), "ordered": parts}


def _read(ordered: list[Part], issue: dict[str, Any] | None) -> Draft:
    base = issue["year"] if issue else None
    documents, chronicle, doubts, blocks = [], [], [], []
    for part in ordered:
        if part.kind == "chronicle":
            entries, more = read_chronicle(part.body, part.title, base)
            chronicle += entries
            doubts += more
            blocks += [block("title", [t[0].start, t[-1].end]) for t in part.titles]
            if part.body and part.body[0].text.startswith("（") and len(part.body[0].text) <= 45:
                blocks.append(block("period", [part.body[0].start, part.body[0].end]))
        else:
            documents.append(read_part(part, base))
    return {"read": documents, "chronicle": chronicle, "read_doubts": doubts, "read_blocks": blocks}


def _pair(read: list[Any], chronicle: list[Any]) -> Draft:
    documents, doubts, blocks = pair(read)
    return {"documents": documents, "pair_doubts": doubts, "pair_blocks": blocks}


def _finish(
    text: str, plain: str, lines: list[Line], documents: list[Any], chronicle: list[Any], **found: list[dict[str, Any]]
) -> Draft:
    blocks = [*found["furniture"], *found["issue_blocks"], *found["read_blocks"], *found["pair_blocks"]]
    doubts = [*found["division_doubts"], *found["column_doubts"], *found["read_doubts"], *found["pair_doubts"]]
    colophon, rest = check_cover(text, lines, documents, chronicle, blocks, doubts)
    order = sorted([*doubts, *rest], key=lambda d: (d["span"][0], d["span"][1]))
    return {"blocks": sorted([*blocks, *colophon], key=lambda b: b["span"][0]), "doubts": order}


STAGES = (
    Stage("uniform", ("text",), ("plain",), _uniform),
    Stage("layout", ("text", "plain"), ("lines", "furniture", "heads", "paragraphs"), _layout),
    Stage("issue", ("paragraphs", "heads"), ("issue", "listed", "body_from", "issue_blocks"), _issue),
    Stage("divide", ("paragraphs", "listed", "body_from"), ("parts", "loose", "division_doubts"), _divide),
    Stage("columns", ("text", "parts"), ("column_doubts", "ordered"), _columns),
    Stage("read", ("ordered", "issue"), ("read", "chronicle", "read_doubts", "read_blocks"), _read),
    Stage("pair", ("read", "chronicle"), ("documents", "pair_doubts", "pair_blocks"), _pair),
    Stage(
        "finish",
        ("text", "plain", "lines", "documents", "chronicle", "furniture", "issue_blocks", "read_blocks", "pair_blocks",
         "division_doubts", "column_doubts", "read_doubts", "pair_doubts"),
        ("blocks", "doubts"),
        _finish,
    ),
)  # fmt: skip


def propose(text: str) -> dict[str, Any]:
    """Return the proposal for a text, without ``source``."""
    draft = run(STAGES, {"text": text})
    return {key: draft[key] for key in ("issue", "documents", "chronicle", "doubts", "blocks")}


def parse(text: str) -> dict[str, Any]:
    """Return the whole proposal. ``source`` names the text that the spans count in: its SHA-256 (UTF-8) and length."""
    proposal = propose(text)
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    proposal["source"] = {"sha256": digest, "characters": len(text), "format": "text"}
    return proposal
