"""The elements of a proposal as pages show them: what each is, where it stands, what can be done with it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from luoshi.core.words import Words
from luoshi.gazette.models import Proposal
from luoshi.gazette.source import Mark

KINDS: dict[str, Words] = {
    "documents": Words("文件", "Document"),
    "clauses": Words("条款", "Clause"),
    "tasks": Words("任务", "Task"),
    "targets": Words("目标", "Target"),
    "thresholds": Words("分级", "Grade"),
    "chronicle": Words("大事记", "Chronicle"),
    "doubts": Words("疑点", "Doubt"),
}
DOUBTS: dict[str, Words] = {
    "chronicle": Words("大事记日期", "A chronicle entry without a day"),
    "damaged_date": Words("日期残缺", "A damaged date"),
    "deadline": Words("时限读不出", "A deadline that was not understood"),
    "disclosure_conflict": Words("公开属性矛盾", "Two disclosure marks that differ"),
    "incomplete_number": Words("文号不全", "A document number without its serial"),
    "interleaved": Words("交错排印", "Printed between other text"),
    "missing_table": Words("缺表", "A table that is named and not printed"),
    "missing_year": Words("缺年份", "A date without its year"),
    "no_unit": Words("没有单位", "No unit was read"),
    "numbering": Words("编号不连", "Numbers that do not follow"),
    "policy_period": Words("政策期限", "A policy's period, no deadline"),
    "score_sum": Words("分值不合", "Scores that do not add up"),
    "several_dates": Words("多个日期", "Several dates in one deadline"),
    "title_mismatch": Words("标题不一致", "Titles that differ"),
    "title_twice": Words("标题重复", "A title printed twice"),
    "unfinished_text": Words("文字未完", "Text that breaks off"),
    "unknown_unit": Words("单位可疑", "A name that may be no unit"),
    "unpaired_interpretation": Words("解读无正文", "An interpretation without its document"),
    "unread": Words("未读懂", "Text that was not understood"),
}
"""What each kind of doubt is called; the parser's own sentence stands beside it, in Chinese."""
CUT = frozenset({"clauses", "tasks", "chronicle"})
ROLES = (("lead", "牵头"), ("support", "配合"), ("responsible", "责任"))


@dataclass(frozen=True, slots=True)
class Element:
    """One line of the list beside the text."""

    at: str
    kind: str
    words: Words
    title: str
    more: str
    start: int
    end: int
    checked: bool
    by_editor: bool

    @property
    def anchor(self) -> str:
        """The id of the line on the page; the text's mark leads to it."""
        return "e-" + self.at.replace(".", "-")

    @property
    def word(self) -> Words:
        """What kind of element it is."""
        return KINDS[self.kind]


def of_document(document: dict[str, Any], at: int) -> Iterator[Element]:
    """Yield the elements of one document: clauses, tasks with their targets, grades, in the order of the text."""
    base = f"documents.{at}"
    found: list[Element] = []
    for kind in ("clauses", "tasks", "thresholds"):
        for i, item in enumerate(document[kind]):
            found.append(element(item, kind, f"{base}.{kind}.{i}"))
            for t, target in enumerate(item.get("targets", ())):
                found.append(element(target, "targets", f"{base}.{kind}.{i}.targets.{t}"))
    return iter(sorted(found, key=lambda e: (e.start, -e.end, e.at)))


def of_list(items: list[dict[str, Any]], kind: str) -> Iterator[Element]:
    """Yield the elements of the chronicle or of the doubts."""
    return (element(item, kind, f"{kind}.{i}") for i, item in enumerate(items))


def element(item: dict[str, Any], kind: str, at: str) -> Element:
    """Return one element as a line."""
    start, end = item.get("span", (0, 0))
    title, more = _line(item, kind)
    checked = bool(item.get("checked") or item.get("settled"))
    return Element(at, kind, KINDS[kind], title, more, start, end, checked, item.get("origin") == "editor")


def _line(item: dict[str, Any], kind: str) -> tuple[str, str]:
    if kind == "tasks":
        named = [f"{word}：{'、'.join(item[role])}" for role, word in ROLES if item[role]]
        title = f"{item['number'] or ''}{item['sub'] or ''} {item['heading'] or item['text']}"
        return short(title), "；".join([*named, due_words(item["deadline"])])
    if kind == "clauses":
        return short(f"{item['path']} {item['heading'] or ''}"), ""
    if kind == "targets":
        return short(f"{item['words']}"), f"{item['op']} {item['value']} {item.get('unit') or ''}"
    if kind == "thresholds":
        return short(
            f"{item['name']} {item['metric']}"
        ), f"{item.get('from')}–{item.get('to')} {item.get('unit') or ''}"
    if kind == "doubts":
        return item["words"], item["kind"]
    if kind == "chronicle":
        until = f"–{printed_day(item['to'])}" if item["to"] != item["from"] else ""
        return short(item["text"]), f"{printed_day(item['from']) or '?'}{until}"
    said = (item.get("number"), item.get("issuer"), printed_day(item.get("issued_on")))
    return short(item["title"]), "，".join(filter(None, said))


def printed_day(day: str | dt.date | None) -> str:
    """Return a day as the gazette prints it, 2023年4月13日; what is no day as it stands, nothing as an empty text."""
    try:
        on = dt.date.fromisoformat(str(day or ""))
    except ValueError:
        return str(day or "")
    return f"{on.year}年{on.month}月{on.day}日"


def issue_words(title: str, year: int, number: int) -> Words:
    """Return what an issue of the gazette is called."""
    return Words(f"{title} {year}年第{number}期", f"{title} {year} No. {number}")


def title_of(row: Proposal) -> Words:
    """Return what a proposal is called: its issue, else its first document, else the file it came in."""
    issue, documents = row.edited.get("issue") or {}, row.edited["documents"]
    if issue.get("title") and issue.get("year") and issue.get("number"):
        return issue_words(issue["title"], issue["year"], issue["number"])
    title = documents[0]["title"] if documents and documents[0].get("title") else row.name
    return Words(title, title)


def due_words(deadline: dict[str, Any]) -> str:
    """Return a deadline as the list shows it."""
    day = printed_day(deadline.get("until"))
    return f"期限：{day or deadline.get('words') or '未写明'}"


def short(text: str, size: int = 70) -> str:
    """Return a text on one line, cut where it would run long."""
    line = " ".join(text.split())
    return line if len(line) <= size else line[: size - 1] + "…"


def marks_of(elements: list[Element]) -> list[Mark]:
    """Return the elements as marks on the text."""
    return [Mark(e.start, e.end, e.kind, e.at) for e in elements if e.end > e.start]


def tab_title(title: str) -> str:
    """Return a document's title for a tab: what stands between title marks, without the notice around it."""
    inner = title.partition("《")[2].rpartition("》")[0]
    return short(inner or title, 18)


def stretch(edited: dict[str, Any], at: int) -> tuple[int, int]:
    """Return the stretch of text one document stands in, its interpretation left out where it lies apart."""
    document = edited["documents"][at]
    told = document.get("interpretation")
    start, end = told["span"] if told else (0, 0)
    spans = [item["span"] for kind in ("clauses", "tasks") for item in document[kind]]
    own = (b["span"] for b in edited.get("blocks", ()) if b.get("document") == at)
    spans += [span for span in own if not start <= span[0] < end]
    return (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else (0, 0)
