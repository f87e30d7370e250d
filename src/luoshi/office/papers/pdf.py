"""A paper as pdf: typst sets it with fonts from a package; nothing is fetched and no system font is used.

The paper goes to the template as JSON, never as typst source, so no text of it can act as markup.
"""

import json
from datetime import UTC, datetime
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

import typst
from pylopdf_fonts_zh_cn import serif_path

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.papers import layout
from luoshi.office.papers.glyphs import missing
from luoshi.office.papers.model import (
    Annex,
    AttachmentList,
    Block,
    Heading,
    Paper,
    Paragraph,
    Signature,
    Table,
    chinese_date,
    document_number,
    flow,
    keeps_with_next,
    texts,
)
from luoshi.office.papers.text import clean, one_line, title_lines

GETA = "〓"  # what Chinese printing sets for a letter it does not have


@lru_cache(maxsize=1)
def _fonts() -> Any:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(serif_path().parent)])


@lru_cache(maxsize=1)
def _template() -> bytes:
    return resources.files(__package__).joinpath("paper.typ").read_bytes()


def render(paper: Paper, *, unknown_letters: Literal["refuse", "geta"] = "refuse") -> bytes:
    """Return the paper as one pdf with embedded fonts and tags; the same paper gives the same bytes.

    A dated paper is PDF/A-2a, the form archives take; the standard asks for a date, so an undated one is plain pdf.

    A letter that no packaged font has (some rare names, Mongolian) raises ``Problem`` naming it; with ``"geta"`` it is
    printed as 〓 instead.
    """
    data = json.dumps(as_data(paper), ensure_ascii=False)
    unknown = missing("".join(texts(paper)))
    if unknown and unknown_letters == "refuse":
        raise _unknown_letters(unknown)
    for letter in unknown:
        data = data.replace(letter, GETA)
    day = paper.day
    result = typst.compile(
        _template(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"paper": data},
        # Without a stamp typst writes the moment of compiling; a paper is dated by its own day.
        timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC) if day else 0,
        pdf_standards="a-2a" if day else [],
    )
    assert isinstance(result, bytes), "a pdf is one file"
    return result


def _unknown_letters(letters: list[str]) -> Problem:
    shown = " ".join(f"{c} (U+{ord(c):04X})" for c in letters[:8])
    return Problem(
        "paper",
        Words(f"PDF 字体里没有这些字：{shown}。", f"The pdf fonts lack these letters: {shown}."),
        Words(
            "请改用 docx，由本机字体显示，或换用同音通用字并注明。",
            "Use docx, which takes the fonts of the reader's machine, or write the letters another way.",
        ),
        status=422,
    )


def as_data(paper: Paper) -> dict[str, Any]:
    """Return the paper as the JSON values that the template reads."""
    return {
        "author": one_line(paper.imprint.office) if paper.imprint else "",
        "dated": paper.day is not None,
        "mark": one_line(paper.mark),
        "number": document_number(paper.number),
        "title": paper.printed_title,
        "recipients": paper.printed_recipients,
        "blocks": _blocks(list(flow(paper))),
        "copies": paper.printed_copies,
        "imprint": paper.imprint and [one_line(paper.imprint.office), chinese_date(paper.imprint.day) + "印发"],
        "numbers": paper.page_numbers,
        "measures": {name.lower(): value for name, value in vars(layout).items() if name.isupper()},
    }


def _blocks(blocks: list[Block | str]) -> list[dict[str, Any]]:
    return [_block(block) | {"keep": keeps_with_next(blocks, at)} for at, block in enumerate(blocks)]


def _block(block: Block | str) -> dict[str, Any]:
    match block:
        case str():
            return {"kind": "note", "text": block}
        case Heading():
            return {"kind": "heading", "text": block.printed, "level": block.level}
        case Paragraph():
            return {"kind": "paragraph", "lines": clean(block.text).split("\n"), "indent": block.indent}
        case Table():
            return _table(block)
        case AttachmentList():
            return {"kind": "attachments", "lines": block.printed()}
        case Signature():
            free = block.right_indents()
            return {
                "kind": "signature",
                "issuer": one_line(block.issuer),
                "day": chinese_date(block.day),
                "free": free,
                "note": block.note,
                "blank": 2 if block.sealed else 1,
            }
        case Annex():
            return {
                "kind": "annex",
                "label": one_line(block.label),
                "title": title_lines(block.title),
                "blocks": _blocks(list(block.blocks)),
            }


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": one_line(table.caption or ""),
        "shares": table.shares(),
        "left": table.long_columns(),
        "columns": [clean(name) for name in table.columns],
        "rows": [[clean(cell) for cell in row] for row in table.rows],
    }
