"""One proposal: the source beside its elements, a window at a time, the doubts first."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from luoshi.core.words import Words
from luoshi.gazette import queries, source
from luoshi.gazette.actions import confirm, edit, receive, remember, versions
from luoshi.gazette.models import Proposal
from luoshi.gazette.pages import asking, desk, elements
from luoshi.gazette.readables import PROPOSAL
from luoshi.office.people.acting import call_of
from luoshi.office.people.models import County


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one window of one part (a document, the chronicle, or everything) with its elements and what can be done."""
    if (stopped := asking.barred(request, PROPOSAL)) is not None:
        return stopped
    row = asking.proposal_or_404(request, pk)
    part = request.GET.get("part", "0" if row.edited["documents"] else "text")
    listed, start, end = _part(row, part)
    cut = source.windows(row.text, start, end)
    window = min(asking.number(request, "window"), len(cut) - 1)
    if request.GET.get("offset", "").isdigit():
        window = source.window_at(cut, asking.number(request, "offset"))
    here, there = cut[window]
    inside = [e for e in listed if here <= e.start < there or (e.start <= here < e.end and e.kind != "clauses")]
    shown = {
        "pk": pk,
        "checked_words": Words("已核对", "Checked"),
        "title": elements.title_of(row),
        "kind": Words(row.name, row.name),
        "state": "other",
        "state_text": desk.STATES[row.state],
        "since": row.confirmed_on or row.received_on,
        "pieces": _pieces(row, here, there, inside),
        "elements": inside,
        "here": here,
        "there": there,
        "meta": _meta(row, part),
        "tabs": _tabs(row, part),
        "tabs_label": Words("部分", "Parts"),
        "windows": _windows(pk, part, window, len(cut)),
        "doubts": _doubts(row) if window == 0 else [],
        "names": _names(row, request),
        "part": part,
        "window": window,
        "step_url": reverse("gazette-step", args=[pk]),
        "edits": row.edits_made,
        "add_url": _add_url(pk, part, row, here),
        "trail": [{"words": Words("编辑台", "Desk"), "url": reverse("gazette-desk")}],
        **_acts(request, row),
    }
    return render(request, "gazette/desk_proposal.html", shown)


def _part(row: Proposal, part: str) -> tuple[tuple[elements.Element, ...], int, int]:
    """Return the elements of a part and the stretch of text it stands in."""
    known = part in ("text", "chronicle") or (part.isdigit() and int(part) < len(row.edited["documents"]))
    if not known or (part == "chronicle" and not row.edited["chronicle"]):
        raise Http404
    return _listed(queries.key_of(row), part)


@lru_cache(maxsize=8)
def _listed(key: tuple[int, int, str], part: str) -> tuple[tuple[elements.Element, ...], int, int]:
    edited, text = queries.contents(*key)
    if part == "chronicle":
        entries = tuple(elements.of_list(edited["chronicle"], "chronicle"))
        return entries, min(e.start for e in entries), max(e.end for e in entries)
    if part == "text":
        everything = [e for i, d in enumerate(edited["documents"]) for e in elements.of_document(d, i)]
        return (*everything, *elements.of_list(edited["chronicle"], "chronicle")), 0, len(text)
    return tuple(elements.of_document(edited["documents"][int(part)], int(part))), *elements.stretch(edited, int(part))


def _meta(row: Proposal, part: str) -> elements.Element | None:
    """Return the line of the document itself."""
    if not part.isdigit():
        return None
    return elements.element(row.edited["documents"][int(part)], "documents", f"documents.{part}")


def _pieces(row: Proposal, here: int, there: int, listed: list[elements.Element]) -> list[dict[str, Any]]:
    by_at = {e.at: e for e in listed}
    return [
        {"text": p.text, "element": by_at[p.mark.at] if p.mark else None, "first": p.first}
        for p in source.pieces(row.text, here, there, elements.marks_of(listed))
    ]


def _tabs(row: Proposal, part: str) -> list[dict[str, Any]]:
    tabs = [
        {
            "words": Words(elements.tab_title(d["title"]), elements.tab_title(d["title"])),
            "url": f"?part={i}",
            "here": part == str(i),
            "count": len(d["tasks"]),
        }
        for i, d in enumerate(row.edited["documents"])
    ]
    if row.edited["chronicle"]:
        count = len(row.edited["chronicle"])
        tabs.append(
            {
                "words": Words("大事记", "Chronicle"),
                "url": "?part=chronicle",
                "here": part == "chronicle",
                "count": count,
            }
        )
    return [*tabs, {"words": Words("全文", "Whole text"), "url": "?part=text", "here": part == "text", "count": ""}]


def _windows(pk: int, part: str, window: int, count: int) -> dict[str, Any]:
    def at(n: int) -> str:
        return f"?{urlencode({'part': part, 'window': n})}"

    return {
        "now": window + 1,
        "of": count,
        "before": at(window - 1) if window else "",
        "after": at(window + 1) if window + 1 < count else "",
    }


def _doubts(row: Proposal) -> list[dict[str, Any]]:
    """Return every open doubt with the place it is about, at most fifty."""
    open_ones = [e for e in elements.of_list(row.edited["doubts"], "doubts") if not e.checked]
    return [
        {
            "element": e,
            "kind": elements.DOUBTS.get(e.more, Words(e.more, e.more)),
            "quote": elements.short(row.text[e.start : e.end], 40),
            "url": f"?part=text&offset={e.start}",
        }
        for e in open_ones[:50]
    ]


def _names(row: Proposal, request: HttpRequest) -> list[str]:
    if row.state not in ("open", "partly"):
        return []
    page: Any = request
    county: County = page.county
    return queries.unknown_names(county, row)[0][:20]


def _add_url(pk: int, part: str, row: Proposal, here: int) -> str:
    if part == "chronicle":
        at = f"chronicle.{len(row.edited['chronicle'])}"
    elif part == "text":
        at = f"documents.{len(row.edited['documents'])}"
    else:
        at = f"documents.{part}.tasks.{len(row.edited['documents'][int(part)]['tasks'])}"
    return f"{reverse('gazette-element', args=[pk])}?{urlencode({'at': at, 'add': 1, 'from': here})}"


def _offered(verb: str, row: Proposal) -> bool:
    """What can no longer be done is said once, by the first act; steps back only where there are steps."""
    if verb in ("undo", "remember") and not row.edits_made:
        return False
    return verb in ("confirm", "remember") or row.state == "open"


def _acts(request: HttpRequest, row: Proposal) -> dict[str, Any]:
    call = call_of(request, "look")
    step = reverse("gazette-step", args=[row.pk])
    acts = [(edit.undo, "undo"), (remember.remember_case, "remember"), (receive.discard, "discard")]
    if row.replaces_id is None:
        acts.insert(0, (confirm.confirm, "confirm"))
    shown = [
        {"words": act.words, "verb": verb, "outcome": act.check(call, row), "primary": i == 0 and verb == "confirm"}
        for i, (act, verb) in enumerate(acts)
        if _offered(verb, row)
    ]
    may_edit = bool(edit.check.check(call, row))
    return {
        "acts": shown,
        "act_url": step,
        "may_edit": may_edit,
        "names_url": reverse("gazette-names", args=[row.pk]),
        "impact_url": reverse("gazette-impact", args=[row.pk]) if row.replaces_id else "",
        "impact_words": versions.apply_version.words,
    }
