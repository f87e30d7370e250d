"""疑点与裁定: every recorded reading of every register, how it is read, who may overrule it, and the ruling."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette.publication import rulings
from luoshi.gazette.publication.pages.asking import Asking, asking
from luoshi.gazette.publication.visibility import ONLINE
from luoshi.office import rail, register
from luoshi.office.fields import Field, Form, Option
from luoshi.office.ledger import FilterWord
from luoshi.office.people.acting import call_of
from luoshi.office.people.models import Unit
from luoshi.office.plans.models import DatedValue, Document
from luoshi.office.register.records import Reading

rail.add("gazette", "readings", Words("疑点与裁定", "Doubts and rulings"), public=True, order=40)
SUBJECTS = {
    "foodsafety": Words("食品安全", "Food safety"),
    "park": Words("园区", "Park"),
    "housing": Words("危房改造", "Housing"),
    "outage": Words("停电预案", "Outage"),
    "gazette": Words("公报", "Gazette"),
}
_PAGE = 25


def all_readings(request: HttpRequest) -> HttpResponse:
    """Show the readings, by subject and by the unit that may overrule."""
    ask = asking(request)
    subject, unit = request.GET.get("subject", ""), request.GET.get("unit", "")
    rows = [r for s in register.SUBJECTS for r in register.readings(s).values()]
    units = {u.code: u for u in Unit.objects.filter(county=ask.county, code__in={r.unit for r in rows})}
    picked = [r for r in rows if (not subject or r.subject == subject) and (not unit or r.unit == unit)]
    if request.GET.get("values") == "1":
        picked = [r for r in picked if rulings.extra_keys(r)]
    at = int(request.GET.get("from", "0")) if request.GET.get("from", "0").isdigit() else 0
    at = min(at, max(0, len(picked) - 1))
    shown: dict[str, Any] = {
        "rows": [_row(ask, r, units) for r in picked[at : at + _PAGE]],
        "total": len(picked),
        "at": at + 1,
        "back": _url(request, **{"from": str(max(0, at - _PAGE))}) if at else "",
        "next": _url(request, **{"from": str(at + _PAGE)}) if at + _PAGE < len(picked) else "",
        "subjects": [
            (s, w, sum(r.subject == s for r in rows), _url(request, subject=s, **{"from": ""}))
            for s, w in SUBJECTS.items()
        ],
        "units": [(u.code, u, _url(request, unit=u.code, **{"from": ""})) for u in units.values()],
        "filters": _filters(request, subject, unit, units),
        "title": Words("疑点与裁定", "Doubts and rulings"),
        "only_values": _url(request, values="1", **{"from": ""}),
    }
    return render(request, "gazette/public/readings.html", shown)


def _row(ask: Asking, reading: Reading, units: dict[str, Unit]) -> dict[str, Any]:
    return {
        "reading": reading,
        "who": rulings.ROLE_WORDS[reading.role],
        "unit": units.get(reading.unit),
        "unit_code": reading.unit,
        "values": rulings.values_of(ask.county.pk, reading, ask.today),
        "subject": SUBJECTS[reading.subject],
        "may_rule": rulings.may_rule(ask.actor, reading) if rulings.extra_keys(reading) else False,
    }


def _url(request: HttpRequest, **changed: str) -> str:
    from urllib.parse import urlencode

    kept = {k: v for k, v in request.GET.items() if k in ("subject", "unit", "values", "from") and v}
    query = {k: v for k, v in {**kept, **changed}.items() if v}
    return "/readings" + (f"?{urlencode(query)}" if query else "")


def _filters(request: HttpRequest, subject: str, unit: str, units: dict[str, Unit]) -> list[FilterWord]:
    found = []
    if subject in SUBJECTS:
        found.append(FilterWord(SUBJECTS[subject], _url(request, subject="", **{"from": ""})))
    if unit in units:
        found.append(FilterWord(units[unit].words, _url(request, unit="", **{"from": ""})))
    if request.GET.get("values") == "1":
        found.append(FilterWord(Words("可以裁定的", "with a value to set"), _url(request, values="", **{"from": ""})))
    return found


def one_reading(request: HttpRequest, reading_id: str) -> HttpResponse:
    """Show one reading with its rulings so far; who may overrule it finds the form here."""
    ask = asking(request)
    reading = rulings.find(reading_id)
    if reading is None:
        raise Http404
    form = _form(ask, reading)
    if request.method == "POST":
        try:
            result = rulings.rule(
                call_of(request, request.POST.get("request_id", "")),
                reading=reading.id,
                **{k: request.POST.get(k, "") for k in ("key", "value", "from_on", "reason")},
            )
            if result.outcome.verdict == "granted":
                return redirect("reading", reading_id=reading.id)
            reason = result.outcome.reasons[0]
            raise Problem(
                reason.code,
                reason.words,
                reason.remedy or Words("请核对后再提交。", "Check it and send again."),
                status=403,
            )
        except Problem as fault:
            if form is None:
                raise
            form = form.filled(request.POST.dict()).with_problem(fault)
            return render(request, "gazette/public/reading.html", _one(ask, reading, form), status=fault.status)
    return render(request, "gazette/public/reading.html", _one(ask, reading, form))


def _one(ask: Asking, reading: Reading, form: Form | None) -> dict[str, Any]:
    keys = rulings.extra_keys(reading)
    subjects = {rulings.subject_of(reading, k) for k in keys}
    rows = DatedValue.objects.filter(county=ask.county, subject__in=subjects)
    history = [
        r for r in rows.order_by("-from_on", "-pk") if r.key in keys or r.key.startswith(tuple(f"{k}." for k in keys))
    ]
    units = {u.code: u for u in Unit.objects.filter(county=ask.county, code=reading.unit)}
    return {
        **_row(ask, reading, units),
        "form": form,
        "history": history if keys else [],
        "title": Words(f"疑点 {reading.id}", f"Reading {reading.id}"),
        "today": ask.today,
    }


def _form(ask: Asking, reading: Reading) -> Form | None:
    keys = rulings.extra_keys(reading)
    if not keys or not rulings.may_rule(ask.actor, reading):
        return None
    options = [Option(k, Words(k, k)) for k in keys]
    if ONLINE in keys:
        asked = Document.objects.filter(county=ask.county, disclosure="on_request", replaced_on__isnull=True)
        options += [
            Option(f"{ONLINE}.{code}", Words(f"仅《{title}》", f"only {code}"))
            for code, title in asked.values_list("code", "title_zh")[:40]
        ]
    now = rulings.values_of(ask.county.pk, reading, ask.today)[0]
    current = now.now.value if now.now else now.packaged
    return Form.fresh(
        f"/readings/{reading.id}",
        Words("裁定", "Rule"),
        Field("key", Words("取值", "Value"), "select", options=tuple(options), value=keys[0]),
        Field(
            "value",
            Words("定为", "Set to"),
            value=_typed(current),
            hint=Words("是/否、数字或文字，与现值同一形式。", "Yes or no, a number or text, like the present value."),
        ),
        Field("from_on", Words("自哪天起", "From which day"), "date", value=ask.today.isoformat()),
        Field("reason", Words("理由", "Reason"), "textarea", hint=Words("会公开显示。", "Shown to the public.")),
    )


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(str(v) for v in value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)
