"""Tables and annexes that a document announces and does not contain."""

import re
from typing import Any

from luoshi.gazette.parse.documents import core
from luoshi.gazette.parse.paragraphs import Paragraph
from luoshi.gazette.parse.spans import doubt

# 《…任务分工表》   （详见附件2）   具体分工见下表
_NAMED = re.compile(
    r"《(?P<name>[^《》]{2,80}?(?:任务分工表|分工表|任务清单|责任清单|评分表|考核表|明细表|一览表|统计表|进度表|汇总表|分解表|细则表|任务表))》"
)
_BLANK = re.compile(r"\s")
_LISTED = re.compile(r"附\s?件|\d\s?[.、]\s?[^。]{2,40}$")
_ANY = re.compile(r"[附见]\s?(?:附件|附表|下表)|[表单]》")
_SEE = re.compile(r"(?:见|详见|附)\s?(?P<n>附件\s?\d{0,2}|附表\s?\d{0,2}|下表)")


def find_missing(body: list[Paragraph]) -> list[dict[str, Any]]:
    """Return a doubt for each announced table that is not there."""
    if not any(_ANY.search(p.text) for p in body):
        return []
    headings = [_BLANK.sub("", p.text) for n, p in enumerate(body) if len(p.text) <= 80 and _has_content(body, n)]
    doubts, told = [], set()
    cores = [core(h) for h in headings]
    tails: dict[int, set[str]] = {}
    for para in body:
        for found in _NAMED.finditer(para.text):
            name = core(found.group("name"))
            ends = tails.setdefault(len(name), {c[-len(name) :] for c in cores}) if name not in told else set()
            if name and name not in told and name not in ends:
                told.add(name)
                doubts.append(
                    doubt(
                        "missing_table", para.span(*found.span()), f"文中提到《{found.group('name')}》，本文没有刊印。"
                    )
                )
        for found in _SEE.finditer(para.text):
            label = _BLANK.sub("", found.group("n"))
            if label not in told and not _present(label, headings, body):
                told.add(label)
                doubts.append(doubt("missing_table", para.span(*found.span()), f"文中提到{label}，本文没有刊印。"))
    return doubts


def _has_content(body: list[Paragraph], n: int) -> bool:
    """A line of a list of annexes (附件：…分工表, at the end) names a table; the table itself has lines after it."""
    after = next((p.text for p in body[n + 1 : n + 2]), None)
    return (after is not None and not _LISTED.match(after)) or (after is not None and not body[n].text.startswith("附"))


def _present(label: str, headings: list[str], body: list[Paragraph]) -> bool:
    if label == "下表":
        return any("\t" in p.text or "|" in p.text or p.text.startswith("序号") for p in body)
    if label in ("附件", "附表"):
        return any(h.startswith(label) for h in headings)
    return any(h.startswith(label) for h in headings)
