"""Interpretations to the documents they explain.

Reads ``read``; writes ``documents``, ``doubts``, ``blocks``.
"""

from typing import Any

from luoshi.gazette.parse.body import Read
from luoshi.gazette.parse.documents import core, name_of
from luoshi.gazette.parse.spans import doubt


def pair(read: list[Read]) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the documents with their interpretations; one that explains no printed document stands alone."""
    documents: list[dict[str, Any]] = []
    doubts: list[dict[str, Any]] = []
    blocks: list[dict[str, Any]] = []
    by_name = {name: r for r in read if r.part.kind == "document" for name in _names(r)}
    for n, item in enumerate(read):
        doubts += item.doubts
        if item.part.kind == "document":
            documents.append(item.document)
            blocks += [b | {"document": len(documents) - 1} for b in item.blocks]
            continue
        span = _span(item)
        near = _near(read, n)
        named = by_name.get(core(name_of(item.part.title)))
        owner = (named, True) if named is not None else _owner(item, near, read[n - 1] if n else None)
        inner = {"title": item.document["title"], "span": span, "clauses": item.document["clauses"]}
        if owner is not None and owner[0].document["interpretation"] is None:
            owner[0].document["interpretation"] = inner
            if not owner[1]:
                doubts.append(
                    doubt("title_mismatch", _title_span(item), "解读的标题与文件标题不一致，按位置配对，请核对。")
                )
            blocks += item.blocks
        else:
            documents.append(
                item.document | {"interpretation": inner, "clauses": [], "title": name_of(item.document["title"])}
            )
            doubts.append(
                doubt(
                    "unpaired_interpretation",
                    _title_span(item),
                    "只有解读，没有刊印所解读的文件。",
                )
            )
            blocks += [b | {"document": len(documents) - 1} for b in item.blocks]
    return documents, doubts, blocks


def _title_span(item: Read) -> list[int]:
    paras = item.part.titles[0]
    return [paras[0].start, paras[-1].end]


def _span(item: Read) -> list[int]:
    paras = [p for t in item.part.titles for p in t] + item.part.body
    return [min(p.start for p in paras), max(p.end for p in paras)]


def _near(read: list[Read], n: int) -> list[Read]:
    """The documents printed around the interpretation: it may stand a few documents away, not a hundred."""
    return [r for r in read[max(0, n - 24) : n + 12] if r.part.kind == "document"]


def _owner(item: Read, plans: list[Read], before: Read | None) -> tuple[Read, bool] | None:
    name = core(name_of(item.part.title))
    for plan in plans:
        if any(name and other and (name in other or other in name) for other in _names(plan)):
            return plan, True
    close = [(max((_likeness(name, other) for other in _names(plan)), default=0.0), plan) for plan in plans]
    best = max(close, key=lambda c: c[0], default=(0.0, None))
    if best[1] is not None and best[0] >= (0.6 if best[1] is before else 0.75):
        return best[1], False
    return None


def _names(plan: Read) -> list[str]:
    return [c for c in {core(plan.part.name), core(plan.part.enclosure or ""), core(plan.part.title)} if len(c) >= 4]


def _likeness(a: str, b: str) -> float:
    """Share of common two-character words, from 0 to 1."""
    x, y = {a[n : n + 2] for n in range(len(a) - 1)}, {b[n : n + 2] for n in range(len(b) - 1)}
    return 2 * len(x & y) / (len(x) + len(y)) if x and y else 0.0
