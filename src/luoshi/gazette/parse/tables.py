"""Task tables that were flattened into text: one row a line with tabs or bars, or one cell a line."""

from dataclasses import dataclass, field
from typing import Any

from luoshi.gazette.parse.paragraphs import Paragraph
from luoshi.gazette.parse.rules import Rules


@dataclass
class Tables:
    """What the tables of one body gave."""

    tasks: list[dict[str, Any]] = field(default_factory=list)
    doubts: list[dict[str, Any]] = field(default_factory=list)


def read_tables(body: list[Paragraph], year: int | None, rules: Rules) -> tuple[Tables, set[int]]:
    """Return the tables' tasks and the ids of the paragraphs that belong to no table."""
    return Tables(), {id(p) for p in body}
