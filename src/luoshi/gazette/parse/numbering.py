"""Numbers that do not follow one another: （一）（三） means a clause was lost, or its mark was spoiled in scanning.

Reads the clauses; writes doubts.
"""

from typing import Any

from luoshi.gazette.parse.clauses import Node
from luoshi.gazette.parse.spans import doubt

_COUNTED = frozenset({"cn", "cn_paren", "arabic", "arabic_paren", "circled", "decimal", "first", "ordinal"})


def check_numbering(nodes: list[Node]) -> list[dict[str, Any]]:
    """Return a doubt for each clause whose number does not follow that of the one before it under the same heading.

    Items may be counted through a whole document, over the headings between them: then 12 follows 11.
    """
    doubts = []
    before: dict[tuple[int, str], int] = {}
    through: dict[str, int] = {}
    for node in nodes:
        if node.mark is None or node.style not in _COUNTED or node.parent is None:
            continue
        place = (id(node.parent), node.style)
        last, number = before.get(place), node.mark.number
        follows = number == 1 if last is None else number == last + 1
        if not follows and number != through.get(node.style, 0) + 1 and node.first is not None:
            span = node.first.span(0, node.mark.end)
            doubts.append(
                doubt("numbering", span, f"编号“{node.mark.label}”与前面的编号不连续，请核对是否缺项或误认。")
            )
        before[place] = through[node.style] = number
    return doubts
