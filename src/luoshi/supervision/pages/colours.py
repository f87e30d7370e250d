"""The page of the colours: which scheme holds since when, what each colour means, and choosing another."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from luoshi.core.outcome import Granted, Outcome
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.fields import Field, Form, Option
from luoshi.office.ledger import Marked
from luoshi.office.people.acting import call_of
from luoshi.office.people.models import County
from luoshi.office.plans.models import DatedValue
from luoshi.supervision import colour_schemes
from luoshi.supervision.actions.schemes import choose_scheme
from luoshi.supervision.colours import Rule, Scheme
from luoshi.supervision.pages import asking
from luoshi.supervision.readables import LEDGER


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Show the schemes; a supervisor may choose one from a day on."""
    if (stopped := asking.barred(request, LEDGER)) is not None:
        return stopped
    actor, today = asking.actor_of(request), asking.today_of(request)
    form = _form(today.isoformat())
    if request.method == "GET":
        return _shown(request, form)
    form = form.filled(request.POST.dict())
    given = {field.name: field.value for field in form.fields if field.value}
    try:
        result = choose_scheme(call_of(request, asking.request_id_of(request)), **given)
    except Problem as problem:
        return _shown(request, form.with_problem(problem), status=problem.status)
    if not isinstance(result.outcome, Granted):
        far = result.outcome.reasons[0].code == "role_may_not"
        return _shown(request, form, result.outcome, 403 if far else 409)
    name = colour_schemes.chosen(actor.county_id, today).scheme.name
    said = Words(f"已选定。今天使用“{name.zh}”。", f"Chosen. Today's scheme is “{name.en}”.")
    messages.success(request, said.en if asking.in_english(request) else said.zh)
    return asking.see_other(reverse("colours"))


def _form(today: str) -> Form:
    codes = dict.fromkeys(scheme.code for scheme in colour_schemes.packaged())
    names = {scheme.code: scheme.name for scheme in colour_schemes.packaged()}
    return Form.fresh(
        reverse("colours"),
        choose_scheme.words,
        Field("scheme", Words("颜色方案", "Scheme"), "select", options=tuple(Option(c, names[c]) for c in codes)),
        Field("from_on", Words("起用日期", "From"), "date", today, minimum=today),
        Field("reason", Words("理由", "Reason"), "textarea", hint=Words("会留痕。", "It is kept."), rows=2),
    )


def _shown(request: HttpRequest, form: Form, outcome: Outcome | None = None, status: int = 200) -> HttpResponse:
    actor, today = asking.actor_of(request), asking.today_of(request)
    now = colour_schemes.chosen(actor.county_id, today)
    may = choose_scheme.check(call_of(request, "look"), County.objects.get(pk=actor.county_id))
    schemes = [_scheme(one, here=one == now.scheme) for one in colour_schemes.packaged()]
    shown = {
        "title": Words("颜色方案", "Colours"),
        "in_use": now,
        "schemes": sorted(schemes, key=lambda one: not one["here"]),
        "to_come": _to_come(actor.county_id, today),
        "form": form if may else None,
        "outcome": outcome,
        "trail": [{"words": Words("台账", "Ledger"), "url": reverse("tasks")}],
    }
    return render(request, "supervision/colours.html", shown, status=status)


def _scheme(scheme: Scheme, *, here: bool) -> dict[str, Any]:
    rules = [{"mark": Marked(colour_schemes.LOOKS[r.colour], r.words), "when": _when(r)} for r in scheme.rules]
    return {"name": scheme.name, "source": scheme.source, "rules": rules, "here": here}


def _when(rule: Rule) -> Words:
    said = {
        "overdue": Words("期限已过，还没有办结", "the day has passed and it is not done"),
        "milestone_missed": Words("有节点到期没有达到", "a milestone was not reached by its day"),
        "days_left": Words(f"距期限不超过{rule.at_most}个工作日", f"at most {rule.at_most} working days are left"),
        "otherwise": Words("其余情况", "otherwise"),
    }
    return said[rule.when]


def _to_come(county_id: int, today: Any) -> list[Words]:
    """Return what has been chosen for days to come."""
    rows = DatedValue.objects.filter(
        county_id=county_id, subject=colour_schemes.SUBJECT, key=colour_schemes.KEY, from_on__gt=today
    )
    names = {scheme.code: scheme.name for scheme in colour_schemes.packaged()}
    return [
        Words(f"自{row.from_on}起：{names[row.value].zh}", f"From {row.from_on}: {names[row.value].en}")
        for row in rows.order_by("from_on")
    ]
