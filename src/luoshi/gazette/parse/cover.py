"""What no stage has claimed: the colophon of the issue, and else a doubt. Nothing of the text is passed over.

Reads everything with a span; writes ``colophon`` blocks and the last ``doubts``.
"""

from typing import Any

from luoshi.gazette.parse.paragraphs import Line
from luoshi.gazette.parse.spans import block, doubt

_COLOPHON = (
    "邮政编码",
    "邮编",
    "地址",
    "主办",
    "电话",
    "传真",
    "网址",
    "印数",
    "准印",
    "承印",
    "编辑",
    "出版",
    "公报",
    "发行",
    "主管",
    "刊号",
    "印刷",
)


def check_cover(
    text: str, lines: list[Line], documents: list[Any], chronicle: list[Any], blocks: list[Any], doubts: list[Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the colophon and a doubt for every stretch of lines that nothing covers."""
    spans = [c["span"] for d in documents for c in d["clauses"]]
    spans += [d["interpretation"]["span"] for d in documents if d["interpretation"]]
    spans += [t["span"] for d in documents for t in d["tasks"]]
    spans += [x["span"] for x in (*chronicle, *blocks, *doubts)]
    merged = _merge(spans)
    colophon: list[dict[str, Any]] = []
    rest: list[dict[str, Any]] = []
    at = 0
    end_of_body = max((s[1] for s in spans if s), default=0)
    for line in lines:
        while at < len(merged) and merged[at][1] <= line.start:
            at += 1
        free = _free(text, merged, at, line)
        if not free:
            continue
        if (
            any(word in line.text for word in _COLOPHON)
            and len(line.text) <= 60
            and (line.start >= end_of_body or colophon)
        ):
            colophon.append(block("colophon", [line.start, line.end]))
        elif rest and text[rest[-1]["span"][1] : free[0]].strip() == "":
            rest[-1]["span"][1] = free[1]
        else:
            rest.append(doubt("unread", list(free), "这一段没有读懂，原文保留，请人工处理。"))
    return colophon, rest


def _merge(spans: list[list[int]]) -> list[list[int]]:
    merged: list[list[int]] = []
    for a, b in sorted((s[0], s[1]) for s in spans):
        if merged and a <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], b)
        else:
            merged.append([a, b])
    return merged


def _free(text: str, merged: list[list[int]], at: int, line: Line) -> tuple[int, int] | None:
    """The part of the line that no span covers, from its first to its last free character."""
    start, first, last = line.start, None, line.start
    n = at
    while start < line.end:
        stop = merged[n][0] if n < len(merged) else line.end
        if start < stop and text[start : min(stop, line.end)].strip(" \t*\u3000"):
            first = start if first is None else first
            last = min(stop, line.end)
        if n >= len(merged):
            break
        start = max(start, merged[n][1])
        n += 1
    return None if first is None else (first, last)
