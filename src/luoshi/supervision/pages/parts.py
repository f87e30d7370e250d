"""Pieces that several pages show: reports with files, and what a task rests on."""

from typing import Any

from django.urls import reverse

from luoshi.core.words import Words
from luoshi.office.evidence.models import Attachment
from luoshi.office.ledger import Marked
from luoshi.office.plans.models import Task
from luoshi.supervision.pages import asking
from luoshi.supervision.queries import shares
from luoshi.supervision.queries.shares import ReportSeen

DECISIONS = {
    "": Words("待审核", "waits for review"),
    "approved": Words("已通过", "approved"),
    "returned": Words("已退回", "returned"),
}
ON_RECORD = Words("进展，已记录", "progress, on record")
"""A report of progress waits for nobody; a reviewer may still decide on it."""
KINDS = {"progress": Words("进展", "Progress"), "done": Words("办结", "Completion")}
MARKS = {"ok": "ok", "ask": "doubt", "warn": "bad", "refuse": "bad"}


def report_seen(seen: ReportSeen, acts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one report for the template, with its files and the acts of review on it."""
    report = seen.report
    return {
        "report": report,
        "kind": KINDS[report.kind],
        "decision": DECISIONS[report.decision] if report.decision or report.kind == "done" else ON_RECORD,
        "on_record": report.kind == "progress" and not report.decision,
        "by": seen.by,
        "files": [file_seen(a) for a in seen.files],
        "acts": acts,
    }


def file_seen(attachment: Attachment) -> dict[str, Any]:
    """Return one attached file with what its checks found."""
    file = attachment.file
    findings = [
        {"mark": MARKS[f["level"]], "words": Words(**f["words"])} for f in [*attachment.findings, *file.findings]
    ]
    return {
        "name": file.name,
        "url": reverse("file", args=[file.pk]),
        "size": size_words(file.size),
        "note": "",
        "findings": findings,
    }


def marked(mark: Marked | None, standing: str) -> dict[str, Any]:
    """Return ``state`` and ``state_text`` for the head of a page: the scheme's mark, or the house's own."""
    return {"state": mark.code, "state_text": mark.words} if mark else {"state": standing, "state_text": None}


def size_words(size: int) -> str:
    """Return a size in bytes as people read it."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"


def grounds(task: Task | None, clause_id: str) -> dict[str, Any]:
    """Return what a task or duty rests on: clauses of the register, the exact words, the document's address."""
    ids = [str(c) for c in task.clause_ids] if task else []
    found = shares.excerpt(task) if task else None
    url = ""
    if found is not None:
        url = asking.address("document", found.document.code) or asking.address("document", found.document.pk)
    return {
        "clause_ids": list(dict.fromkeys([clause_id, *ids] if clause_id else ids)),
        "excerpt": found,
        "document_url": url,
    }
