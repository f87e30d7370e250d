"""One document and one of its clauses at their stable addresses."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette.publication import akn, documents, reveal, sections, stating, tree
from luoshi.gazette.publication.pages.asking import Asking, absolute, asking, day_asked, number_asked
from luoshi.gazette.publication.uris import Uris, uris
from luoshi.office import register
from luoshi.office.actions import Call
from luoshi.office.people.acting import call_of
from luoshi.office.plans.models import Document, Plan, Task

FLAG_GAZETTED = Words(
    "此件印有“依申请公开”，却登在公开发行的公报上。按印发的公开属性处理：只列标题、字号和日期，"
    "正文不对外显示。这一疑点已记录，可由信息公开员裁定。",
    "Printed as disclosure on request, yet in a public gazette. The printed class is honoured: title, number and day "
    "only. The doubt is recorded and may be ruled on.",
)
FLAG_UNMARKED = Words("此件没有印公开属性，待补标。", "No disclosure mark is printed; it is to be supplied.")


def page(request: HttpRequest, code: str) -> HttpResponse:
    """Show a document: its index fields, its words in parts with the interpretation beside them."""
    ask = asking(request)
    document = found(ask, request, code)
    return render(request, "gazette/public/document.html", shown(ask, request, document))


def found(ask: Asking, request: HttpRequest, code: str) -> Document:
    """Return the document the address asks for; 404 where it is not listed for this reader."""
    document = documents.find(ask.reader, code, day_asked(request), number_asked(request, "version"))
    if document is None:
        raise Http404
    return document


def shown(ask: Asking, request: HttpRequest, document: Document, *, revealed: bool = False) -> dict[str, Any]:
    """Return everything the page shows of a document."""
    readable = ask.reader.reads_text(document)
    base = {
        "document": document,
        "readable": readable,
        "pairs": pairs(ask, document),
        "uris": names(ask, document),
        "flags": flags(document),
        "validity": documents.validity(document, ask.today),
        "revealed": revealed,
        "versions": documents.versions(ask.reader, document.code),
        "as_of": request.GET.get("as_of", ""),
        "keep": _kept(request),
        "officer": ask.reader.officer,
        "canonical": absolute(request, f"/d/{document.code}/"),
        "may_reveal": reveal.may(ask.actor, document),
    }
    return {**base, **(_words(ask, request, document, revealed) if readable else {})}


def _words(ask: Asking, request: HttpRequest, document: Document, revealed: bool) -> dict[str, Any]:
    query = request.GET.get("q", "")[:100]
    links = documents.links_for(ask.reader, document)
    sheet = documents.words_of(document, reveal=revealed, query=query, links=links)
    whole = documents.outline_of(document)
    told = documents.interpretation_of(document)
    cut = documents.parts(whole)
    at = min(_part(request, cut, sheet), len(cut)) - 1
    every = request.GET.get("whole") == "1"
    tasks = documents.tasks_by_clause(document, whole.sections)
    picked = whole.sections if every else cut[at] if cut else ()
    return {
        "stated": stating.stated(document, links, whole.sections, officer=ask.reader.officer),
        "front": documents.shown_paragraphs(sheet, whole.front_at, whole.front_at + len(whole.front))
        if every or at <= 0
        else (),
        "sections": documents.shown_sections(sheet, picked, tasks),
        "tail": documents.shown_paragraphs(sheet, whole.tail_at, whole.tail_at + len(whole.tail))
        if every or at == len(cut) - 1
        else (),
        "toc": [
            (documents.anchor(s.path), s.number, s.heading, n + 1) for n, p in enumerate(cut) for s in p if s.level == 1
        ][:60],
        "part": at + 1,
        "parts": range(1, len(cut) + 1),
        "every": every,
        "query": query,
        "told": documents.shown_sections(sheet, told.sections, {}) if told else (),
        "told_front": documents.shown_paragraphs(sheet, told.front_at, told.front_at + len(told.front)) if told else (),
        "told_tail": documents.shown_paragraphs(sheet, told.tail_at, told.tail_at + len(told.tail)) if told else (),
        "show": "interpretation" if told and request.GET.get("show") == "interpretation" else "text",
    }


def _part(request: HttpRequest, cut: tuple[tuple[tree.Section, ...], ...], sheet: documents.Sheet) -> int:
    asked = number_asked(request, "part")
    if asked is not None:
        return max(1, asked)
    hit = next((start for start, _, kind, _ in sheet.marks if kind == "hit"), None)
    if hit is None:
        return 1
    return next((n for n, part in enumerate(cut, 1) if part and hit < part[-1].end), 1)


def _kept(request: HttpRequest) -> str:
    """Return the part of the query that links within the page must keep."""
    kept = [(k, request.GET[k]) for k in ("as_of", "version") if request.GET.get(k)]
    from urllib.parse import urlencode

    return f"&{urlencode(kept)}" if kept else ""


def pairs(ask: Asking, document: Document) -> list[dict[str, Any]]:
    """Return the index fields of 政府信息公开."""
    issue = getattr(getattr(document, "issue_item", None), "issue", None)
    printed = issue.printed_on if issue else None
    rows: list[tuple[Words, Any, str]] = [
        (Words("索引号", "Index number"), documents.index_number(document, ask.county.division_code), ""),
        (Words("发文字号", "Document number"), _number(document), ""),
        (Words("发文机关", "Issuer"), document.issuer_zh or Words("未印", "not printed"), ""),
        (Words("成文日期", "Written on"), document.issued_on, ""),
        (Words("发布日期", "Published on"), printed or document.issued_on, ""),
        (Words("公开属性", "Disclosure"), document.get_disclosure_display(), ""),
        (Words("有效性", "Validity"), documents.validity(document, ask.today), ""),
    ]
    if issue:
        rows.append(
            (
                Words("所在公报", "Gazette"),
                f"{issue.title} {issue.year}年第{issue.number}期",
                f"/g/{issue.year}/{issue.number}/",
            )
        )
    return [{"label": label, "value": value, "url": url} for label, value, url in rows]


def _number(document: Document) -> Any:
    if document.number:
        return document.number
    if document.number_printed:
        return Words(
            f"{document.number_printed}（照印，缺序号）", f"{document.number_printed} (as printed, serial missing)"
        )
    return Words("未印", "not printed")


def names(ask: Asking, document: Document) -> Uris:
    """Return the document's stable names."""
    return uris(ask.county.division_code, document.code, document.issued_on, document.in_force_from, document.version)


def flags(document: Document) -> list[Words]:
    """Return what the reader must know about the class of a document."""
    in_gazette = getattr(document, "issue_item", None) is not None
    if document.disclosure == "on_request" and in_gazette:
        return [FLAG_GAZETTED]
    return [FLAG_UNMARKED] if document.disclosure == "" else []


def clause(request: HttpRequest, code: str, path: str) -> HttpResponse:
    """Show one clause: its words, what stands around it, its tasks, its clauses of the register, the readings of it."""
    ask = asking(request)
    document = found(ask, request, code)
    if not ask.reader.reads_text(document):
        return render(request, "gazette/public/document.html", shown(ask, request, document), status=403)
    row = documents.clause_of(document, path)
    if row is None:
        raise Http404
    whole = documents.outline_of(document)
    if path.startswith(documents.INTERPRETATION):
        whole = documents.interpretation_of(document) or whole
    at = next((n for n, s in enumerate(whole.sections) if s.path == path), None)
    if at is None:
        raise Http404
    section = whole.sections[at]
    sheet = documents.words_of(document, links=documents.links_for(ask.reader, document))
    tasks = documents.tasks_by_clause(document, whole.sections)
    registered = _registered(document, [s.path for s in whole.sections], section.path, tasks.get(path, []))
    context = {
        "document": document,
        "section": section,
        "above": above(whole.sections, at),
        "keep": _kept(request),
        "paragraphs": documents.shown_paragraphs(sheet, section.start, section.end),
        "below": [s for s in whole.sections[at + 1 : at + 40] if s.path.startswith(f"{path}/")],
        "before": whole.sections[at - 1] if at else None,
        "after": whole.sections[at + 1] if at + 1 < len(whole.sections) else None,
        "tasks": tasks.get(path, []),
        "registered": registered,
        "readings": _readings(registered),
        "canonical": absolute(request, f"/d/{code}/c/{path}"),
        "uris": names(ask, document),
        "flags": flags(document),
        "validity": documents.validity(document, ask.today),
        "eid": akn.eid(section.path),
    }
    return render(request, "gazette/public/clause.html", context)


def above(all_: tuple[tree.Section, ...], at: int) -> list[tree.Section]:
    """Return the sections a section hangs on, outermost first."""
    found, level = list[tree.Section](), all_[at].level
    for section in reversed(all_[:at]):
        if section.level < level:
            found.append(section)
            level = section.level
    return found[::-1]


def subject_of(document: Document) -> str:
    """Return the subject whose register this document belongs to, or an empty text."""
    plan = Plan.objects.filter(county_id=document.county_id, document__code=document.code).first()
    return plan.subject if plan and plan.subject in register.SUBJECTS else ""


def _registered(document: Document, paths: list[str], path: str, tasks: list[Task]) -> list[Any]:
    subject = subject_of(document)
    if not subject:
        return []
    clauses = register.register(subject).clauses
    here = list(sections.by_path(paths, clauses.values()).get(path, ()))
    named = [clauses[i] for task in tasks for i in task.clause_ids if i in clauses]
    return list({c.id: c for c in (*here, *named)}.values())[:40]


def _readings(registered: list[Any]) -> list[Any]:
    wanted = {c.id for c in registered}
    subjects = {c.subject for c in registered}
    return [r for s in subjects for r in register.readings(s).values() if wanted & set(r.clauses)]


@require_POST
def reveal_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show the document once with its contact data and names; the look is written to the journal."""
    ask = asking(request)
    document = found(ask, request, code)
    call: Call = call_of(request, request.POST.get("request_id", ""))
    result = reveal.show_contacts(call, document=document.pk, reason=request.POST.get("reason", ""))
    if result.outcome.verdict != "granted":
        reason = result.outcome.reasons[0]
        raise Problem(
            "reveal",
            reason.words,
            reason.remedy or Words("请联系信息公开员。", "Ask the disclosure officer."),
            status=403,
        )
    return render(request, "gazette/public/document.html", shown(ask, request, document, revealed=True))


def xml(request: HttpRequest, code: str) -> HttpResponse:
    """Give the document as Akoma Ntoso 3.0, masked as on the page."""
    ask = asking(request)
    document = found(ask, request, code)
    if not ask.reader.reads_text(document):
        raise Problem(
            "disclosure",
            Words("此件的正文不对外公开。", "The text of this document is not public."),
            Words("可以提出信息公开申请。", "You may file a request for information."),
            status=403,
        )
    body = akn.document_xml(document, names(ask, document), ask.county.name_zh)
    response = HttpResponse(body, content_type="application/akn+xml; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{document.code}.xml"'
    return response
