"""One clause at its own address: what it asks, of whom, with which figures, and where it stands."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from luoshi.core.clause import SUBJECT_OF_PREFIX
from luoshi.office import register
from luoshi.site.templatetags.components import SHORT_TEXTS, clause_label
from luoshi.site.templatetags.luoshi import language


def page(request: HttpRequest, clause_id: str) -> HttpResponse:
    """Show one clause of the register."""
    prefix = clause_id.partition("-")[0]
    if prefix not in SUBJECT_OF_PREFIX:
        raise Http404
    try:
        found = register.clause(clause_id)
    except KeyError as fault:
        raise Http404 from fault
    facts = [{"name": k, "value": _plain(v)} for k, v in found.values.items()]
    shown: dict[str, Any] = {
        "clause": found,
        "label": clause_label(clause_id),
        "text_name": SHORT_TEXTS[prefix],
        "facts": facts,
        "english": language() == "en",
    }
    return render(request, "site/clause.html", shown)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "；".join(f"{k}: {_plain(v)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return "、".join(_plain(v) for v in value)
    return "—" if value is None else str(value)
