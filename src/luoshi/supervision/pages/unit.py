"""The page of one unit: its totals, what is next, and the way to its ledger."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.office.people.models import Unit
from luoshi.supervision.pages import asking, ledger_shown
from luoshi.supervision.queries import ledger, ledger_as_of
from luoshi.supervision.queries.ledger import STANDINGS, Totals, Wanted
from luoshi.supervision.readables import LEDGER

FIGURES = (
    ("overdue", Words("逾期", "Overdue")),
    ("near", Words("临期", "Due soon")),
    ("behind", Words("节点逾期", "Milestone missed")),
    ("on_time", Words("按期", "On time")),
    ("suspended", Words("暂停", "Suspended")),
    ("done", Words("办结", "Done")),
    ("closed", Words("销号", "Closed")),
)
MARKS = {"closed": "done"}


@require_safe
def page(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show one unit to whoever may read its ledger."""
    if (stopped := asking.barred(request, LEDGER)) is not None:
        return stopped
    actor, today = asking.actor_of(request), asking.today_of(request)
    unit = Unit.objects.select_related("place").filter(pk=unit_id, county_id=actor.county_id).first()
    if unit is None or not may_see(actor, unit):
        raise Http404
    wanted = Wanted(unit_id=unit.pk)
    opened, past = Wanted(unit_id=unit.pk, state="open"), asking.past_day(request)
    if past is None:
        totals, rows = ledger.totals(actor, wanted, today), ledger.page(actor, opened, today, 30)
    else:
        then = ledger_as_of.look(actor, wanted, past)
        totals, rows = ledger_as_of.totals(then, wanted), ledger_as_of.page(then, opened, 30)
    url = f"{reverse('tasks')}?unit={unit.pk}{f'&as_of={past}' if past else ''}"
    shown = {
        "title": unit.words,
        "kind": unit.place.name_zh if unit.place else None,
        "figures": _figures(totals, url) if not totals.filtered else [],
        "ledger": ledger_shown.drawn(rows, Words("未办结的任务，按期限", "Open tasks by day"), past=past),
        "ledger_url": url,
        "total": totals.total,
        "at_least": totals.capped,
        "trail": [{"words": Words("台账", "Ledger"), "url": asking.at(reverse("tasks"), past)}],
        **asking.banner(request, past),
    }
    return render(request, "supervision/unit.html", shown)


def may_see(actor: Actor, unit: Unit) -> bool:
    """Tell whether the actor reads this unit's ledger: its own, one below its place, or any by office."""
    grant = LEDGER.grants.get(actor.role)
    if grant == "county" or unit.pk == actor.unit_id:
        return grant is not None
    inside = unit.place is not None and actor.place_path is not None
    return grant == "place" and inside and f"{unit.place.path}/".startswith(f"{actor.place_path}/")  # type: ignore[union-attr]


def _figures(totals: Totals, url: str) -> list[dict[str, object]]:
    found = []
    for code, words in FIGURES:
        param = "standing" if code in STANDINGS else "state"
        found.append(
            {
                "label": words,
                "value": getattr(totals, code),
                "url": f"{url}&{param}={code}",
                "state": MARKS.get(code, code),
                "of": "",
            }
        )
    return found
