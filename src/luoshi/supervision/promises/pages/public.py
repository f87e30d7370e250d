"""The promises for everybody: the list with its filters and totals, one promise, the open data and its columns."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.ledger import FilterWord, Pager
from luoshi.office.people.models import County, Place, Unit
from luoshi.office.plans.models import Plan
from luoshi.supervision.models import LedgerLine
from luoshi.supervision.pages import asking
from luoshi.supervision.promises import history, opendata, queries
from luoshi.supervision.promises.models import Clue, Publicity
from luoshi.supervision.promises.queries import Promise, View, Wanted
from luoshi.supervision.promises.readables import PUBLICITY

rail.add("public", "promises", Words("公开承诺", "What was promised"), public=True, order=5)

SHOW_WORDS: dict[str, Words] = {
    "open": Words("未办结", "Open"),
    "overdue": Words("逾期", "Overdue"),
    "near": Words("临期", "Due soon"),
    "on_time": Words("按期", "On time"),
    "done": Words("办结", "Done"),
    "suspended": Words("中止", "Suspended"),
    "cancelled": Words("撤销", "Cancelled"),
    "all": Words("全部", "All"),
}
MARKS = {"suspended": Words("中止", "Suspended")}
ROLES = {
    "lead": Words("牵头", "lead"),
    "responsible": Words("责任", "responsible"),
    "support": Words("配合", "support"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A promise as the templates show it; ``mark`` are the words of its state where they are not the usual ones."""

    promise: Promise
    url: str
    mark: Words | None


def county_of(request: HttpRequest) -> County:
    """Return the county whose pages these are; 404 in an installation without one."""
    page: Any = request
    county: County | None = page.county
    if county is None:
        raise Http404
    return county


def view_of(request: HttpRequest) -> View:
    """Return what the public is shown today."""
    return queries.view(county_of(request), asking.today_of(request))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show one page of the promises."""
    seen, wanted = view_of(request), wanted_of(request)
    rows, after = queries.page(seen, wanted)
    totals = queries.totals(seen, wanted)
    count = Words(f"本页{len(rows)}项，共{totals[wanted.show]}项", f"{len(rows)} here, {totals[wanted.show]} in all")
    first = f"?{parameters(wanted)}" if wanted.after else ""
    shown = {
        "title": Words("公开承诺", "What was promised"),
        "county": seen.county,
        "today": seen.today,
        "lines": [line_of(p) for p in rows],
        "tabs": _tabs(wanted, totals),
        "totals": totals,
        "choices": _choices(request, seen, wanted),
        "filters": _filters(seen, wanted),
        "show": wanted.show,
        "pager": Pager(count, newer_url=first, older_url=f"?{parameters(wanted, after=after)}" if after else ""),
        "query": parameters(wanted, show="" if wanted.show == "all" else wanted.show),
        "licence": opendata.LICENCE,
        "any": bool(seen.plans) or totals["all"] > 0,
        "may_decide": asking.actor_of(request).role in PUBLICITY.grants,
    }
    return render(request, "promises/index.html", shown)


def line_of(promise: Promise) -> Line:
    """Return a promise with its address and, where it is late, by how much."""
    late = None
    if promise.days_overdue:
        n = promise.days_overdue
        late = Words(f"已逾期{n}天", f"{n} day{'s' if n > 1 else ''} overdue")
    return Line(promise, promise.address, late or MARKS.get(promise.standing))


def wanted_of(request: HttpRequest) -> Wanted:
    """Read the filters from the address; what makes no sense is a ``Problem`` that names the parameter."""
    given = request.GET
    show, after = given.get("show", "") or "open", given.get("after", "")
    if show not in queries.SHOWN:
        raise _unknown("show", show)
    if after:
        day, _, task = after.rpartition("-")
        if not (task.isascii() and task.isdigit() and len(task) < 19):
            raise _unknown("after", after)
        try:
            dt.date.fromisoformat(day)
        except ValueError as fault:
            raise _unknown("after", after) from fault
    return Wanted(
        asking.whole("plan", given.get("plan")),
        asking.whole("unit", given.get("unit")),
        asking.whole("town", given.get("town")),
        show,
        after,
    )


def _unknown(name: str, value: str) -> Problem:
    return Problem(
        name,
        Words(f"没有“{value[:40]}”这一项。", f"There is no {value[:40]!r}."),
        Words("请从页面上选择。", "Choose it on the page."),
    )


def parameters(wanted: Wanted, **changed: object) -> str:
    """Return the address parameters of what is asked for, with changes; what is empty is left out."""
    given: dict[str, object] = {
        "plan": wanted.plan_id,
        "unit": wanted.unit_id,
        "town": wanted.town_id,
        "show": "" if wanted.show == "open" else wanted.show,
    }
    given.update(changed)
    return urlencode({name: str(value) for name, value in given.items() if value not in (None, "")})


def _tabs(wanted: Wanted, totals: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "words": words,
            "count": totals[code],
            "here": wanted.show == code,
            "url": f"{reverse('promises')}?{parameters(wanted, show='' if code == 'open' else code)}",
        }
        for code, words in SHOW_WORDS.items()
        if totals[code] or code in ("open", "overdue", "done", "all") or wanted.show == code
    ]


def _choices(request: HttpRequest, seen: View, wanted: Wanted) -> list[dict[str, Any]]:
    english = asking.in_english(request)
    apart = Publicity.objects.filter(county=seen.county, task__isnull=False, shown=True)
    plans = Plan.objects.filter(county=seen.county, pk__in=seen.plans)
    plans |= Plan.objects.filter(pk__in=apart.values("plan_id"))
    seen_lines = Q(plan_id__in=list(seen.plans)) | Q(task_id__in=apart.values("task_id"))
    lines = LedgerLine.objects.filter(seen_lines, county=seen.county)  # of a hidden plan only who has a shown task
    units = Unit.objects.filter(pk__in=lines.filter(scope=LedgerLine.UNIT).values("scope_id")).order_by("short_zh")
    towns = Place.objects.filter(pk__in=lines.filter(scope=LedgerLine.TOWN).values("scope_id")).order_by("pk")
    lists: list[tuple[str, Words, list[tuple[int, Words]], int | None]] = [
        ("plan", Words("方案", "Plan"), [(p.pk, p.words) for p in plans.distinct().order_by("pk")], wanted.plan_id),
        ("unit", Words("单位", "Unit"), [(u.pk, u.words) for u in units], wanted.unit_id),
        ("town", Words("镇", "Town"), [(t.pk, Words(t.name_zh, t.name_en)) for t in towns], wanted.town_id),
    ]
    pick = "en" if english else "zh"
    return [
        {
            "name": name,
            "label": label,
            "options": [{"value": pk, "text": w.pick(pick), "chosen": pk == chosen} for pk, w in rows],
        }
        for name, label, rows, chosen in lists
        if rows
    ]


def _filters(seen: View, wanted: Wanted) -> list[FilterWord]:
    found: list[tuple[str, Words | None]] = []
    if wanted.plan_id is not None:
        plan = Plan.objects.filter(county=seen.county, pk=wanted.plan_id).first()
        found.append(("plan", plan.words if plan else None))
    if wanted.unit_id is not None:
        unit = Unit.objects.filter(county=seen.county, pk=wanted.unit_id).first()
        found.append(("unit", unit.words if unit else None))
    if wanted.town_id is not None:
        town = Place.objects.filter(county=seen.county, pk=wanted.town_id).first()
        found.append(("town", Words(town.name_zh, town.name_en) if town else None))
    nothing = Words("（没有这一项）", "(no such)")
    return [FilterWord(words or nothing, f"?{parameters(wanted, **{name: ''})}") for name, words in found]


@require_safe
def one(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    """Show one promise at its stable address."""
    seen = view_of(request)
    promise = queries.one(seen, plan, code)
    if promise is None:
        raise Http404
    told = Clue.objects.filter(county=seen.county, task_id=promise.task_id, published_on__isnull=False)
    shown = {
        "title": promise.heading,
        "line": line_of(promise),
        "promise": promise,
        "today": seen.today,
        "units": [{"unit": u.unit, "role": ROLES[u.role]} for u in promise.units],
        "shares": [{"share": s, "role": ROLES[s.role]} for s in history.shares(promise)],
        "history": history.history(seen, promise),
        "clues": told.order_by("-published_on", "-pk")[:10],
        "address": request.build_absolute_uri(promise.address),
        "desk": reverse("promise-desk", args=[promise.task_id])
        if asking.actor_of(request).role in PUBLICITY.grants
        else "",
    }
    return render(request, "promises/one.html", shown)


@require_safe
def data(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Stream what the page shows under the same filters, as CSV or JSON; without ``show`` it is everything."""
    makers = {"csv": (opendata.as_csv, "text/csv"), "json": (opendata.as_json, "application/json")}
    if kind not in makers:
        raise Http404
    seen, wanted = view_of(request), wanted_of(request)
    if not request.GET.get("show"):
        wanted = Wanted(wanted.plan_id, wanted.unit_id, wanted.town_id, "all")
    make, media = makers[kind]
    answer = StreamingHttpResponse(make(seen, queries.every(seen, wanted)), content_type=f"{media}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="promises-{seen.today:%Y%m%d}.{kind}"'
    answer["Link"] = f'<{request.build_absolute_uri(reverse("promises-columns"))}>; rel="license describedby"'
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
def columns(request: HttpRequest) -> HttpResponse:
    """Show what each column of the open data means and under which terms it may be used."""
    shown = {
        "title": Words("公开承诺：开放数据说明", "The promises as open data"),
        "columns": [{"name": name, "words": words} for name, words in opendata.COLUMNS.items()],
        "licence": opendata.LICENCE,
        "county": county_of(request),
    }
    return render(request, "promises/columns.html", shown)
