"""我的报表: what my unit has to confirm and send, what it has sent, what waits to be taken in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from luoshi.core.outcome import Granted
from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.access import Actor
from luoshi.office.ledger import Column, Ledger, Pager, Row
from luoshi.office.people.acting import call_of
from luoshi.office.people.models import Unit
from luoshi.office.plans.models import Plan
from luoshi.supervision.pages import asking
from luoshi.supervision.queries.ledger import near_limit
from luoshi.supervision.reporting import actions, filling, forms, opening, queries
from luoshi.supervision.reporting.actions.subjects import RECIPIENTS, SENDERS
from luoshi.supervision.reporting.models import Filing
from luoshi.supervision.reporting.pages import shown
from luoshi.supervision.reporting.readables import FILING

rail.add(
    "desk", "filings", Words("我的报表", "My forms"), reads="filing", roles=frozenset({*SENDERS, *RECIPIENTS}), order=4
)
TABS = {
    "open": Words("待确认", "To confirm"),
    "sent": Words("已报送", "Sent"),
    "received": Words("待接收", "To take in"),
}


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show one tab of my forms."""
    if (stopped := asking.barred(request, FILING)) is not None:
        return stopped
    actor = asking.actor_of(request)
    offered = [
        t for t, roles in (("open", SENDERS), ("sent", SENDERS), ("received", RECIPIENTS)) if actor.role in roles
    ]
    tab = request.GET.get("tab", "")
    if tab not in offered:
        tab = offered[0] if offered else "open"
    after = asking.whole("after", request.GET.get("after")) or 0
    rows = queries.received(actor, after, queries.PAGE + 1) if tab == "received" else queries.mine(
        actor, tab, after, queries.PAGE + 1
    )  # fmt: skip
    url = reverse("filings")
    context = {
        "title": Words("我的报表", "My forms"),
        "tabs": [{"words": TABS[t], "url": f"{url}?tab={t}", "here": t == tab, "count": ""} for t in offered],
        "ledger": _ledger(request, rows, tab),
        "own": _own(actor, request) if tab == "open" else [],
    }
    return render(request, "reporting/mine.html", context)


def _ledger(request: HttpRequest, found: list[Filing], tab: str) -> Ledger:
    more, rows = len(found) > queries.PAGE, found[: queries.PAGE]
    columns = (
        Column("title", Words("报表", "Form")),
        Column("period", Words("期间", "Period")),
        *((Column("unit", Words("报送单位", "Sender")),) if tab == "received" else ()),
        Column("standing", Words("状态", "State"), "state"),
        Column("stage", Words("办理", "Stage")),
        Column("due", Words("期限", "Due"), "day"),
        Column("cells", Words("共几格", "Cells"), "figure"),
        Column("filled", Words("系统填", "By the system"), "figure"),
        Column("typed", Words("要填", "To type"), "figure"),
    )
    return Ledger(
        "filings", TABS[tab], columns, tuple(_row(request, f, tab) for f in rows),
        pager=Pager(
            Words(f"本页{len(rows)}份", f"{len(rows)} on this page"),
            older_url=f"?tab={tab}&after={rows[-1].pk}" if more else "",
        ),
        empty=Words("这里没有报表。", "There are no forms here."),
        empty_hint=Words(
            "到了填报时间，报表会自动出现，系统知道的都已填好。",
            "Forms appear here when their time comes, with everything the system knows filled in.",
        ),
    )  # fmt: skip


def _row(request: HttpRequest, filing: Filing, tab: str) -> Row:
    page: Any = request
    today = asking.today_of(request)
    drafted = filing.state in filling.DRAFTS
    cells = shown.of_sheet(filling.draft(filing, page.now)) if drafted else queries.Entered(
        filing.cells_required, filing.cells_computed, filing.cells_kept, filing.cells_asked, filing.cells_corrected
    )  # fmt: skip
    unit = (filing.unit.words,) if tab == "received" else ()
    return Row(
        str(filing.pk),
        (
            shown.title(filing), shown.period(filing.round), *unit, shown.standing(filing, today, near_limit(today)),
            shown.state_of(filing), shown.due_of(filing),
            cells.required, cells.by_system, cells.asked + cells.corrected,
        ),
        href=reverse("filing", args=[filing.pk]),
    )  # fmt: skip


def _own(actor: Actor, request: HttpRequest) -> list[dict[str, Any]]:
    """Return the forms without a fixed day that the actor's unit sends, each with its button."""
    unit = Unit.objects.filter(pk=actor.unit_id or 0, county_id=actor.county_id).first()
    today = asking.today_of(request)
    found = []
    for plan in Plan.objects.filter(county_id=actor.county_id).select_related("leading_unit").order_by("pk"):
        for form in forms.in_force(today, plan.subject):
            if form.on_request and unit is not None and unit in opening.senders_of(plan, form, today):
                found.append({"words": form.title, "form": form.code, "clauses": form.clauses, "plan": plan.words})
    return found


@require_POST
def open_own(request: HttpRequest) -> HttpResponse:
    """Open a form without a fixed day and go to it."""
    if (stopped := asking.barred(request, FILING)) is not None:
        return stopped
    call = call_of(request, asking.request_id_of(request))
    result = actions.open_own(call, form=request.POST.get("form", ""))
    if not isinstance(result.outcome, Granted):
        context: dict[str, Any] = {
            "title": actions.open_own.words, "kind": TABS["open"], "outcome": result.outcome, "granted": False,
            "form": None, "back_url": reverse("filings"), "trail": [],
        }  # fmt: skip
        return render(request, "supervision/act.html", context, status=403)
    return asking.see_other(reverse("filing", args=[result.values["filing"]]))
