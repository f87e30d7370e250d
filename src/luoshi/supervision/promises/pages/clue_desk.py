"""Clues at their desk: the list of the unit, one clue with what may be done. No other unit finds them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.actions import Action
from luoshi.office.evidence import attach
from luoshi.office.fields import Field, Form, Option
from luoshi.office.people.acting import call_of
from luoshi.office.people.models import Unit
from luoshi.supervision.pages import asking, parts
from luoshi.supervision.pages.sending import send
from luoshi.supervision.promises import clue_actions as acts
from luoshi.supervision.promises.models import Clue
from luoshi.supervision.promises.pages.clues import STATES, clock, private
from luoshi.supervision.promises.readables import CLUE

rail.add("supervision", "clues-desk", Words("问题线索办理", "Clues"), reads="clue", order=61)
PAGE = 100
VERBS: dict[str, Action[Any, Any]] = {
    "answer": acts.answer,
    "hand_over": acts.hand_over,
    "publish": acts.publish,
    "show_contact": acts.show_contact,
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the clues of the reader's unit: open ones by their day, then those that are answered."""
    if (stopped := asking.barred(request, CLUE)) is not None:
        return stopped
    today = asking.today_of(request)
    rows = CLUE.visible(asking.actor_of(request), Clue.objects.select_related("unit", "task__plan", "place"))
    found = [*rows.filter(state="received").order_by("due_on", "pk")[:PAGE]]
    found += rows.exclude(state="received").order_by("-answered_on", "-pk")[:PAGE]
    lines = [{"clue": c, "said": STATES[c.state], **clock(c, today)} for c in found]
    title = Words("问题线索办理", "Clues")
    return private(render(request, "promises/clue_desk.html", {"title": title, "lines": lines}))


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, clue_id: int) -> HttpResponse:
    """Show one clue to its desk; do what is sent."""
    if (stopped := asking.barred(request, CLUE)) is not None:
        return stopped
    row = _found(request, clue_id)
    if row is None:
        raise Http404
    forms, status, revealed = _forms(row), 200, False
    verb = request.POST.get("verb", "")
    if request.method == "POST" and verb in VERBS:
        names = [n for n in VERBS[verb].inputs.model_fields if n != "clue" and n in request.POST]
        form = forms.get(verb) or Form.fresh("", VERBS[verb].words)
        sent = send(request, VERBS[verb], form, {"clue": row.pk, **{n: request.POST[n] for n in names}})
        if sent.result is not None and verb != "show_contact":
            gone = _found(request, clue_id) is None
            return asking.see_other(reverse("clues-desk") if gone else reverse("clue", args=[clue_id]))
        revealed, status = sent.result is not None, 200 if sent.result is not None else sent.status
        forms[verb] = sent.form
    call = call_of(request, "look")
    shown = {
        "row": row,
        "said": STATES[row.state],
        "title": Words(f"线索 {row.number}", f"Clue {row.number}"),
        "forms": forms,
        "checks": {name: act.check(call, row) for name, act in VERBS.items()},
        "revealed": revealed,
        "show": acts.show_contact,
        "has_contact": bool(row.contact),
        "complained": list(row.complained.all()),
        "files": [parts.file_seen(a) for a in attach.of(row.county_id, "clue", [row.pk]).get(str(row.pk), ())],
        **clock(row, asking.today_of(request)),
    }
    return private(render(request, "promises/clue.html", shown, status=status))


def _found(request: HttpRequest, clue_id: int) -> Clue | None:
    rows = CLUE.visible(asking.actor_of(request), Clue.objects.select_related("unit", "task__plan", "place"))
    return rows.filter(pk=clue_id).first()


def _forms(row: Clue) -> dict[str, Form]:
    url = reverse("clue", args=[row.pk])

    def verb(name: str) -> Field:
        return Field("verb", Words("", ""), "hidden", name)

    reads = Words(
        "反映人会看到这段话。写清查了什么、结果如何。", "The sender reads this: what was looked into, what came of it."
    )
    everybody = Words(
        "所有人都能看到。不写任何人的姓名、号码、住址。", "Everybody reads this. No names, numbers, addresses."
    )
    shut = acts.shut_to(row.county_id, list(row.complained.values_list("pk", flat=True)))
    free = [u for u in acts.desks(row.county_id) if u not in shut and u != row.unit_id]
    units = tuple(Option(str(u.pk), u.words) for u in Unit.objects.filter(pk__in=free).order_by("short_zh"))
    return {
        "answer": Form.fresh(
            url,
            Words("答复", "Answer"),
            Field(
                "outcome",
                Words("结果", "Outcome"),
                "radio",
                "answered",
                options=(
                    Option("answered", Words("已查办，答复如下", "looked into, with this answer")),
                    Option("dismissed", Words("不予受理，原因如下", "not taken up, for this reason")),
                ),
            ),
            Field("answer", Words("答复内容", "Answer"), "textarea", rows=7, hint=reads),
            verb("answer"),
            draft=f"clue-{row.pk}",
        ),
        "publish": Form.fresh(
            url,
            Words("公开", "Publish"),
            Field(
                "public_text",
                Words("反映的事（公开用语）", "The clue, for everybody"),
                "textarea",
                row.public_text,
                everybody,
            ),
            Field(
                "public_answer",
                Words("答复（公开用语）", "The answer, for everybody"),
                "textarea",
                row.public_answer,
                everybody,
            ),
            verb("publish"),
        ),
        **(
            {
                "hand_over": Form.fresh(
                    url,
                    Words("转办", "Hand over"),
                    Field("unit_id", Words("转给", "To"), "select", options=units),
                    verb("hand_over"),
                )
            }
            if units
            else {}
        ),
    }
