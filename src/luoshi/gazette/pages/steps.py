"""Doing from the desk: one address takes every verb of a proposal; the forms of one element."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from luoshi.core.outcome import Granted, Outcome
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette import edits
from luoshi.gazette.actions import confirm, edit, receive, remember, units, versions
from luoshi.gazette.models import Proposal
from luoshi.gazette.pages import asking, elements, forms
from luoshi.gazette.readables import PROPOSAL
from luoshi.office.actions import Action
from luoshi.office.people.acting import call_of

VERBS: dict[str, Action[Any, Any]] = {
    **edit.STEPS,
    "confirm": confirm.confirm,
    "discard": receive.discard,
    "apply": versions.apply_version,
    "resolve_unit": units.resolve_unit,
    "create_unit": units.create_unit,
    "remember": remember.remember_case,
}
_MAY_BE_EMPTIED = frozenset(
    {
        "number",
        "issuer",
        "issued_on",
        "disclosure",
        "recipients",
        "heading",
        "sub",
        "lead",
        "support",
        "responsible",
        "deadline_until",
        "deadline_then",
        "deadline_every",
        "deadline_days",
        "unit",
        "from_on",
        "to_on",
    }
)
_OWN = frozenset({"request_id", "csrfmiddlewaretoken", "verb", "next"})


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Do one verb; what is refused comes back with its reason, what was typed is kept."""
    if (stopped := asking.barred(request, PROPOSAL)) is not None:
        return stopped
    row = asking.proposal_or_404(request, pk)
    act = VERBS.get(request.POST.get("verb", ""))
    if act is None:
        raise Http404
    given = {k: str(v) for k, v in request.POST.items() if k not in _OWN}
    if act.inputs.model_fields.get("open_ended") is not None and "lead" in given:
        given.setdefault("open_ended", "false")  # a box left empty is not sent
    try:
        result = act(call_of(request, asking.request_id_of(request)), proposal=pk, **_meant(act, given))
    except Problem as problem:
        return _again(request, row, given, act, problem=problem)
    if not isinstance(result.outcome, Granted):
        return _again(request, row, given, act, outcome=result.outcome)
    asking.tell(request, Words(f"已办：{act.words.zh}。", f"Done: {act.words.en}."))
    return asking.see_other(_back(request, pk))


def _meant(act: Action[Any, Any], given: dict[str, str]) -> dict[str, Any]:
    """Leave out numbers and choices that were left empty: an empty field changes nothing."""
    kept = _MAY_BE_EMPTIED if act in (edit.correct, edit.add) else frozenset()
    return {k: v for k, v in given.items() if v != "" or k in kept}


def _back(request: HttpRequest, pk: int) -> str:
    """Return to the window one came from."""
    wanted = request.POST.get("next", "")
    base = reverse("gazette-proposal", args=[pk])
    return wanted if wanted.startswith(f"{base}") and "\n" not in wanted and "\\" not in wanted else base


def _again(
    request: HttpRequest,
    row: Proposal,
    given: dict[str, Any],
    act: Action[Any, Any],
    *,
    problem: Problem | None = None,
    outcome: Outcome | None = None,
) -> HttpResponse:
    status = problem.status if problem else 409
    if outcome is not None and outcome.reasons[0].code == "role_may_not":
        status = 403
    form = forms.empty(row, request.POST.get("verb", ""), str(given.get("at", "")), act.words).filled(
        request.POST.dict()
    )
    if problem is not None:
        form = form.with_problem(problem)
    return render(
        request,
        "gazette/desk_form.html",
        {
            "title": act.words,
            "form": form,
            "outcome": Granted() if outcome is None else outcome,
            "granted": outcome is None,
            "trail": _trail(row),
            "back_url": _back(request, row.pk),
        },
        status=status,
    )


def _trail(row: Proposal) -> list[dict[str, Any]]:
    return [
        {"words": Words("编辑台", "Desk"), "url": reverse("gazette-desk")},
        {"words": elements.title_of(row), "url": reverse("gazette-proposal", args=[row.pk])},
    ]


@require_GET
def element(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one element with its source and the forms to correct, split, merge or remove it, or to add one."""
    if (stopped := asking.barred(request, PROPOSAL)) is not None:
        return stopped
    row = asking.proposal_or_404(request, pk)
    at = request.GET.get("at", "")[:80]
    adding = request.GET.get("add") == "1"
    where = edits.place(at)
    kind = str(where[-2]) if len(where) > 1 else ""
    if kind not in elements.KINDS:
        raise Http404
    held = None if adding else _held(row, where)
    line = elements.element(held, kind, at) if held else None
    back = _back_url(row, line, asking.number(request, "from"))
    form = (
        forms.add(row, at, kind, asking.number(request, "from")) if adding else forms.correct(row, at, kind, held or {})
    )
    shown = {
        "title": edit.add.words
        if adding
        else Words(
            f"{elements.KINDS[kind].zh}：{line.title if line else ''}",
            f"{elements.KINDS[kind].en}: {line.title if line else ''}",
        ),
        "form": form,
        "outcome": edit.correct.check(call_of(request, "look"), row),
        "line": line,
        "trail": _trail(row),
        "source": _around(row, line, asking.number(request, "from")),
        "back_url": back,
        "cuts": kind in elements.CUT and not adding,
        "split": forms.split(row, at, line) if line and kind in elements.CUT else None,
        "at": at,
        "kind_doubt": kind == "doubts",
        "step_url": reverse("gazette-step", args=[pk]),
        "merge": edit.merge.words,
        "remove": edit.remove.words,
        "check": edit.check.words,
        "edits": row.edits_made,
        "adding": adding,
        "correctable": form is not None,
    }
    return render(request, "gazette/desk_element.html", shown)


def _held(row: Proposal, where: tuple[edits.Step, ...]) -> dict[str, Any]:
    try:
        held = edits.reach(row.edited, where)
    except Problem as problem:
        raise Http404 from problem
    if not isinstance(held, dict):
        raise Http404
    return held


def _around(row: Proposal, line: elements.Element | None, here: int) -> list[dict[str, Any]]:
    """Return the element's words with some of the text before and after, and the offset at which each line begins."""
    start, end = (line.start, line.end) if line and line.end > line.start else (here, here)
    first = row.text.rfind("\n", 0, max(start - 200, 0)) + 1
    last = row.text.find("\n", min(end + (200 if line else 1_500), len(row.text)))
    stop = min(last if last >= 0 else len(row.text), first + 6_000)
    found, offset = [], first
    for text in row.text[first:stop].split("\n"):
        inside = offset < end and offset + len(text) > start
        found.append({"offset": offset, "text": text, "inside": inside})
        offset += len(text) + 1
    return found


def _back_url(row: Proposal, line: elements.Element | None, here: int) -> str:
    at = line.at.split(".") if line else []
    part = at[1] if at[:1] == ["documents"] and len(at) > 2 else at[0] if at[:1] == ["chronicle"] else "text"
    query = urlencode({"part": part, "offset": line.start if line else here})
    return f"{reverse('gazette-proposal', args=[row.pk])}?{query}" + (f"#{line.anchor}" if line else "")
