"""Saved views on the ledger: tabs, choice of columns, what opens first, saving, sharing, removing; rows to copy."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luoshi.core.outcome import Granted
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import Result
from luoshi.office.people.acting import call_of
from luoshi.supervision.outlook import actions, ledger_shape, view_rules
from luoshi.supervision.outlook.models import DefaultView, SavedView
from luoshi.supervision.outlook.readables import VIEW
from luoshi.supervision.pages import asking, ledger_shown
from luoshi.supervision.pages import ledger as ledger_page
from luoshi.supervision.pages.dressing import Dresser
from luoshi.supervision.queries import ledger
from luoshi.supervision.readables import LEDGER

WHOLE = "all"
"""The value of ``view`` that asks for the ledger without a view, also where a view opens first."""
COPIED = 1_000
TRAIL = {"words": Words("任务台账", "Ledger of tasks"), "route": "tasks"}


def of_reader(request: HttpRequest) -> list[Any]:
    """Return the views the reader may use, the own ones first; ``opens`` tells which one the ledger opens with."""
    page: Any = request
    if hasattr(page, "saved_views"):
        return list(page.saved_views)
    actor = asking.actor_of(request)
    first = DefaultView.objects.filter(view_id=OuterRef("pk"), account_id=actor.account_id or 0)
    rows = VIEW.visible(actor, SavedView.objects.all()).annotate(opens=Exists(first))
    found = list(rows.order_by("name", "pk")[:100])
    page.saved_views = sorted(found, key=lambda view: view.account_id != actor.account_id)
    return list(page.saved_views)


def address(view: SavedView) -> str:
    """Return the ledger's address for a view."""
    given = [*view.filters.items(), *(("col", key) for key in view.columns), ("view", view.pk)]
    return f"{reverse('tasks')}?{urlencode(given)}"


def instead(request: HttpRequest) -> HttpResponse | None:
    """Open the ledger with the reader's own first view, where nothing else is asked for."""
    if request.GET:
        return None
    first = next((view for view in of_reader(request) if view.opens), None)
    return asking.see_other(address(first)) if first is not None else None


def dressed(request: HttpRequest, shown: dict[str, Any]) -> dict[str, Any]:
    """Return the ledger's page with the reader's views, the chosen columns, and links that keep both."""
    asked, chosen = request.GET.get("view", ""), view_rules.columns(request.GET.getlist("col"))
    kept = [*(("col", key) for key in chosen), *([("view", asked)] if asked else [])]
    query, whole = urlencode(kept), shown["ledger"]
    views = of_reader(request)
    here = next((view for view in views if str(view.pk) == asked), None)
    now = view_rules.of_address({name: str(value) for name, value in request.GET.items()})
    changed = here is not None and (here.filters != now or here.columns != chosen)
    return shown | {
        "ledger": ledger_shape.shaped(whole, chosen, query),
        "tabs": [tab | {"url": ledger_shape.keeping(tab["url"], query)} for tab in shown["tabs"]],
        "views": {
            "tabs": _tabs(views, here),
            "kept": kept,
            "columns": [
                {"key": c.key, "words": c.words, "shown": not chosen or c.key in chosen} for c in whole.columns[1:]
            ],
            "filters": [*now.items(), *([("view", asked)] if asked else [])],
            "query": urlencode([*now.items(), *(("col", key) for key in chosen)]),
            "name": here.name if here else "",
            "changed": changed,
            "mine": here is not None and here.account_id == asking.actor_of(request).account_id,
            "copy_url": f"{reverse('tasks-copy')}?{request.GET.urlencode()}",
            "others": [
                {"words": words, "url": f"{reverse(route)}?{urlencode(now)}"}
                for route, words in (
                    ("gantt", Words("进度图", "Gantt chart")),
                    ("month", Words("日历", "Calendar")),
                )
            ],
        },
    }


DRESSER = Dresser(instead, dressed)


def _tabs(views: list[Any], here: SavedView | None) -> list[dict[str, Any]]:
    whole = {
        "words": Words("全部任务", "All tasks"), "url": f"{reverse('tasks')}?view={WHOLE}", "here": here is None,
        "count": "",
    }  # fmt: skip
    return [
        whole,
        *({"words": view.words, "url": address(view), "here": view is here, "count": ""} for view in views),
    ]


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Show the reader's views with what can be done with each; POST saves the ledger's present filters under a name."""
    if (stopped := asking.barred(request, VIEW)) is not None:
        return stopped
    if request.method == "POST":
        return _save(request)
    actor = asking.actor_of(request)
    views = of_reader(request)
    rows = [
        {
            "view": view,
            "url": address(view),
            "mine": view.account_id == actor.account_id,
            "shared": view.unit_id is not None,
            "opens": view.opens,
            "said": _said(request, view),
        }
        for view in views
    ]
    shown = {
        "title": Words("台账视图", "Views of the ledger"),
        "rows": rows,
        "trail": [{"words": TRAIL["words"], "url": f"{reverse('tasks')}?view={WHOLE}"}],
    }
    return render(request, "supervision/outlook/views.html", shown)


def _said(request: HttpRequest, view: SavedView) -> list[Words]:
    """Return the filters of a view in words; those the ledger no longer has by their own names."""
    asked = _as_asked(request, QueryDict(urlencode(view.filters)))
    try:
        wanted = ledger_page.wanted_of(asked)
        return [f.words for f in ledger_page.filters_of(asking.actor_of(request), wanted)]
    except Problem:
        return [Words(f"{name}={value}", f"{name}={value}") for name, value in view.filters.items()]


def _as_asked(request: HttpRequest, query: QueryDict) -> Any:
    class Asked:
        GET = query
        now: Any = request.now  # type: ignore[attr-defined]

    return Asked()


def _save(request: HttpRequest) -> HttpResponse:
    query = QueryDict(request.POST.get("query", ""))
    given = {name: value for name, value in query.items() if name not in view_rules.PLACES}
    ledger_page.wanted_of(_as_asked(request, QueryDict(urlencode(given))))  # a view that cannot be opened is not kept
    call = call_of(request, asking.request_id_of(request))
    result = actions.save_view(
        call, name=request.POST.get("name", ""), filters=given, columns=tuple(query.getlist("col"))
    )
    if not isinstance(result.outcome, Granted):
        _tell(request, result, Words("", ""))
        return asking.see_other(reverse("views"))
    _tell(request, result, Words("视图已保存。", "The view is saved."))
    view = SavedView.objects.filter(county_id=call.actor.county_id, pk=result.values["view"]).first()
    return asking.see_other(address(view) if view is not None else reverse("views"))


@require_POST
def act(request: HttpRequest, view_id: int, verb: str) -> HttpResponse:
    """Share, take back, set as first, unset or remove one view."""
    if (stopped := asking.barred(request, VIEW)) is not None:
        return stopped
    call = call_of(request, asking.request_id_of(request))
    if verb in ("share", "unshare"):
        result = actions.share_view(call, view_id=view_id, shared=verb == "share")
    elif verb == "first":
        result = actions.set_default_view(call, view_id=view_id)
    elif verb == "none-first":
        result = actions.set_default_view(call)
    elif verb == "remove":
        result = actions.remove_view(call, view_id=view_id)
    else:
        raise Http404
    _tell(request, result, Words("已办理。", "Done."))
    return asking.see_other(reverse("views"))


def _tell(request: HttpRequest, result: Result, done: Words) -> None:
    pick = "en" if asking.in_english(request) else "zh"
    if isinstance(result.outcome, Granted):
        messages.success(request, done.pick(pick))
        return
    reason = result.outcome.reasons[0]
    messages.error(request, reason.words.pick(pick) + (reason.remedy.pick(pick) if reason.remedy else ""))


@require_safe
def copy(request: HttpRequest) -> HttpResponse:
    """Show what is filtered as text to copy, for browsers without scripts: tabs between cells, one line a row."""
    if (stopped := asking.barred(request, LEDGER)) is not None:
        return stopped
    actor, today = asking.actor_of(request), asking.today_of(request)
    wanted = replace(ledger_page.wanted_of(request).plain, as_of=None)
    found = ledger.page(actor, wanted, today, COPIED)
    title = Words("复制台账", "Copy the ledger")
    drawn = ledger_shape.shaped(
        ledger_shown.drawn(found, title), view_rules.columns(request.GET.getlist("col")), ""
    )  # fmt: skip
    english = asking.in_english(request)

    def pick(words: Words) -> str:
        return words.en if english else words.zh

    shown = {
        "title": title,
        "text": "\n".join(ledger_shape.as_lines(drawn, pick, ledger_page.MARK_WORDS)),
        "rows": len(drawn.rows),
        "more": bool(found.after),
        "csv_url": f"{reverse('tasks-export', args=['csv'])}?{ledger_shown.parameters(wanted)}",
        "trail": [{"words": TRAIL["words"], "url": f"{reverse('tasks')}?view={WHOLE}"}],
    }
    return render(request, "supervision/outlook/copy.html", shown)
