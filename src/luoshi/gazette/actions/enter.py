"""Writing what a confirmed proposal holds: documents with their clauses, issue, chronicle. Called inside an action."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from luoshi.core.outcome import Refused, refuse
from luoshi.core.words import Words
from luoshi.gazette import shape
from luoshi.gazette.models import ChronicleEntry, Issue, IssueItem, Proposal
from luoshi.office.people.models import Place
from luoshi.office.plans.models import Clause, Document

DISCLOSURE = {
    "主动公开": "proactive", "公开发布": "proactive", "公开": "proactive", "依申请公开": "on_request",
    "不予公开": "withheld", "不公开": "withheld",
}  # fmt: skip
INTERPRETATION = "解读"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Entered:
    """A document as it stands in the records, beside the part of the proposal it was made from."""

    row: Document
    part: shape.Document
    fresh: bool


def document_code(part: shape.Document) -> str:
    """Return a stable ASCII code of a document: its day and a digest of its title and number."""
    words = "".join(unicodedata.normalize("NFKC", f"{part.title}|{part.number or ''}").split())
    day = part.issued_on.isoformat() if part.issued_on else "undated"
    return f"{day}-{sha256(words.encode()).hexdigest()[:10]}"


def whole_span(typed: shape.Proposal, at: int) -> tuple[int, int]:
    """Return the stretch of text a document stands in, without its interpretation where that lies outside."""
    part = typed.documents[at]
    apart = part.interpretation.span if part.interpretation else [0, 0]
    spans = [c.span for c in part.clauses] + [t.span for t in part.tasks]
    spans += [b.span for b in typed.blocks if b.document == at and not apart[0] <= b.span[0] < apart[1]]
    if not spans:
        return 0, 0
    return min(s[0] for s in spans), max(s[1] for s in spans)


def standing(proposal: Proposal, code: str) -> Document | None:
    """Return the newest version of a document with this code, or None."""
    return Document.objects.filter(county_id=proposal.county_id, code=code).order_by("-version").first()


def enter_document(
    proposal: Proposal, typed: shape.Proposal, at: int, code: str, replaces: Document | None = None
) -> Entered | Refused:
    """Write one document with its clauses, or return the one this proposal has written before."""
    part = typed.documents[at]
    held = standing(proposal, code)
    if held is not None and held.text == proposal.text:
        return Entered(held, part, fresh=False)
    if held is not None and replaces is None:
        return refuse(
            "document_stands", f"《{part.title}》已在册，正文不同。", f"{part.title} stands, with another text.",
            Words("如是更正或新版本，请指明所更替的文件（--replaces）后导入。", "Import a correction with --replaces."),
            document=held.pk,
        )  # fmt: skip
    start, end = whole_span(typed, at)
    told = part.interpretation
    row = Document.objects.create(
        county_id=proposal.county_id, code=code, title_zh=part.title[:300], number=_full_number(part.number),
        number_printed=(part.number or "")[:80], issuer_zh=(part.issuer or "")[:120], issued_on=part.issued_on,
        disclosure=DISCLOSURE.get(part.disclosure or "", ""), recipients=list(part.recipients), text=proposal.text,
        span_from=start, span_to=end, interpretation_title=told.title[:300] if told else "",
        interpretation_from=told.span[0] if told else None, interpretation_to=told.span[1] if told else None,
        version=replaces.version + 1 if replaces else 1, in_force_from=part.issued_on, replaces=replaces,
    )  # fmt: skip
    Clause.objects.bulk_create(_clause_rows(row, part), batch_size=_BATCH)
    return Entered(row, part, fresh=True)


def _full_number(printed: str | None) -> str:
    """A number without its serial is printed, but is no number one can cite."""
    return printed[:80] if printed and re.search(r"\d+\s*号", printed) else ""


def _clause_rows(row: Document, part: shape.Document) -> Iterator[Clause]:
    listed = [(c.path, c) for c in part.clauses]
    if part.interpretation:
        listed += [(f"{INTERPRETATION}/{c.path}", c) for c in part.interpretation.clauses]
    for path, clause in zip(unique_paths([p for p, _ in listed]), (c for _, c in listed), strict=True):
        yield Clause(
            county_id=row.county_id, document=row, path=path, level=clause.level,
            heading=(clause.heading or "")[:400], span_from=clause.span[0], span_to=clause.span[1],
        )  # fmt: skip


def unique_paths(paths: Sequence[str]) -> list[str]:
    """Return the paths so that each stands once and fits: the second ``三/-`` becomes ``三/-~2``."""
    seen: set[str] = set()
    counts: dict[str, int] = {}
    made = []
    for path in paths:
        short = path[:72] or "-"
        name = short
        while name in seen:
            counts[short] = counts.get(short, 1) + 1
            name = f"{short}~{counts[short]}"
        seen.add(name)
        made.append(name)
    return made


def enter_issue(proposal: Proposal, typed: shape.Proposal, documents: Iterable[Document]) -> Issue | Refused | None:
    """Write the issue with its documents and chronicle; None for a single document."""
    if typed.issue is None:
        return None
    part = typed.issue
    held = Issue.objects.filter(county_id=proposal.county_id, year=part.year, number=part.number).first()
    if held is not None and held.proposal_id != proposal.pk:
        return refuse(
            "issue_stands", f"{part.year}年第{part.number}期已在册，来自另一份文本。",
            f"Issue {part.number} of {part.year} stands already, from another text.",
            Words("更正请逐份文件以 --replaces 导入。", "Import corrections document by document with --replaces."),
        )  # fmt: skip
    if held is not None:
        return held
    issue = Issue.objects.create(
        county_id=proposal.county_id, proposal=proposal, title=part.title[:120], year=part.year, number=part.number,
        serial=part.serial, printed_on=part.printed_on,
    )  # fmt: skip
    IssueItem.objects.bulk_create(
        IssueItem(issue=issue, document=row, order=order) for order, row in enumerate(documents, 1)
    )
    ChronicleEntry.objects.bulk_create(_chronicle(issue, typed.chronicle), batch_size=_BATCH)
    return issue


def _chronicle(issue: Issue, entries: Sequence[shape.Chronicle]) -> Iterator[ChronicleEntry]:
    places = list(Place.objects.filter(county_id=issue.county_id).exclude(kind="county").order_by("kind", "pk"))
    before: dt.date | None = None
    for order, entry in enumerate(entries, 1):
        same = entry.text.lstrip().startswith("△")
        yield ChronicleEntry(
            county_id=issue.county_id, issue=issue, order=order, from_on=entry.from_ or before,
            to_on=entry.to or entry.from_, same_day=same, text=entry.text, span_from=entry.span[0],
            span_to=entry.span[1], place=next((p for p in places if p.name_zh in entry.text), None),
        )  # fmt: skip
        before = entry.from_ or before
