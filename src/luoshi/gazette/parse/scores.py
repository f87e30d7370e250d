"""Scores printed in headings: 一、基础设施（30分） must be the sum of its parts 1.…（10分）2.…（20分）.

Reads the clauses; writes doubts.
"""

import re
from typing import Any

from luoshi.gazette.parse.clauses import Node
from luoshi.gazette.parse.spans import doubt

_SCORE = re.compile(r"[（【]\s?(?:共|满分|计|总分)?\s?(\d{1,3}(?:\.\d)?)\s?分\s?[）】]")


def check_scores(nodes: list[Node]) -> list[dict[str, Any]]:
    """Return a doubt for each heading whose score is not the sum of the scores of all its parts."""
    parts: dict[int, list[Node]] = {}
    for node in nodes:
        if node.parent is not None:
            parts.setdefault(id(node.parent), []).append(node)
    doubts = []
    for node in nodes:
        whole = _score(node)
        scores = [_score(part) for part in parts.get(id(node), [])]
        known = [s for s in scores if s is not None]
        if whole is None or len(known) < 2 or len(known) < len(scores) or abs(sum(known) - whole) < 1e-6:
            continue
        words = f"各分项合计 {sum(known):g} 分，与标题所写 {whole:g} 分不符，请核对。"
        doubts.append(doubt("score_sum", [node.paras[0].start, node.paras[0].end], words))
    return doubts


def _score(node: Node) -> float | None:
    if node.first is None or "分" not in node.first.text:
        return None
    found = _SCORE.search(node.first.text[:160])
    return float(found.group(1)) if found else None
