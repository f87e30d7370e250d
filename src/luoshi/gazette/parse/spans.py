"""Small shapes shared by the stages: a doubt, and a block of the layout."""

from typing import Any


def doubt(kind: str, span: list[int], words: str) -> dict[str, Any]:
    """Return one doubt: ``kind`` is a code, ``words`` says in Chinese what a person should check."""
    return {"span": span, "kind": kind, "words": words}


def block(kind: str, span: list[int], document: int | None = None) -> dict[str, Any]:
    """Return one recognised part that is not a clause: cover, contents, running head, title, recipients, signature …"""
    return {"kind": kind, "span": span, "document": document}
