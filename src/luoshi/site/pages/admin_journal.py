"""The journal as the audit administrator reads it: search by day, actor, action, subject and outcome; export; seals.

Whoever may read the journal at all may open the search; the rows are those of the reader's scope.
"""

import datetime as dt
import io
import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import present, rail
from luoshi.office.access import READABLES
from luoshi.office.actions import ACTIONS, COUNTY_ZONE
from luoshi.office.journal import seals
from luoshi.office.journal.models import Entry, Seal
from luoshi.office.ledger import Column, Ledger, Row
from luoshi.office.people.models import Account, Unit
from luoshi.site.pages import admin_forms, admin_journal_actions, admin_lists
from luoshi.site.templatetags.components import moment

rail.add("people", "admin-journal", Words("留痕查询", "Journal"), reads="journal", order=60)
rail.add("people", "admin-seals", Words("封存与核验", "Seals"), roles=frozenset({"audit_admin", "auditor"}), order=70)
FILTERS = {
    "from": Words("自", "From"), "to": Words("至", "To"), "actor": Words("办理人", "Actor"),
    "action": Words("操作", "Action"), "subject": Words("对象", "Subject"), "outcome": Words("结果", "Outcome"),
}  # fmt: skip
OUTCOMES = {
    "granted": Words("办成", "granted"), "refused": Words("未办成", "refused"), "needs": Words("缺材料", "needs more"),
}  # fmt: skip


def found(request: HttpRequest) -> Any:
    """Return the entries this reader may see that match what the address asks for."""
    page: Any = request
    rows = READABLES["journal"].visible(page.actor, Entry.objects.all())
    if day := _day(request, "from"):
        rows = rows.filter(at__gte=dt.datetime.combine(day, dt.time(), COUNTY_ZONE))
    if day := _day(request, "to"):
        rows = rows.filter(at__lt=dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), COUNTY_ZONE))
    if actor := request.GET.get("actor", "").strip():
        named = Account.objects.filter(county_id=page.actor.county_id, username=actor).values_list("pk", flat=True)
        rows = rows.filter(account_id__in=list(named))
    if name := request.GET.get("action", "").strip():
        rows = rows.filter(action=name)
    if outcome := request.GET.get("outcome", "").strip():
        rows = rows.filter(outcome=outcome)
    kind, _, subject_id = request.GET.get("subject", "").strip().partition(":")
    if kind:
        rows = rows.filter(subject_kind=kind)
    return rows.filter(subject_id=subject_id) if subject_id else rows


def _day(request: HttpRequest, name: str) -> dt.date | None:
    text = request.GET.get(name, "").strip()
    day = present.read_day(name, text) if text else None
    if day is not None and not 2000 <= day.year <= 2200:
        raise Problem(name, Words("年份不合理。", "No such year here."), Words("请改正。", "Correct it."))
    return day


@require_safe
@admin_forms.for_readers("journal")
def search(request: HttpRequest) -> HttpResponse:
    """Search the journal, newest first."""
    rows, pager = admin_lists.page_of(request, found(request), newest_first=True)
    columns = (
        Column("at", Words("时间", "When")),
        Column("what", Words("事项", "What")),
        Column("who", Words("办理人", "By")),
        Column("unit", Words("单位", "Unit")),
        Column("subject", Words("对象", "Subject")),
        Column("outcome", Words("结果", "Outcome")),
    )
    ledger = Ledger(
        "journal", Words("留痕", "Journal"), columns, tuple(_lines(rows)), pager=pager,
        filters=admin_lists.filter_words(request, FILTERS),
    )  # fmt: skip
    given = {name: request.GET.get(name, "") for name in ("from", "to", "actor", "action", "subject", "outcome")}
    return render(request, "site/admin/journal.html", {
        "ledger": ledger, "from_on": given.pop("from"), "given": given, "outcomes": OUTCOMES,
        "actions": [{"name": a.name, "words": a.words} for _, a in sorted(ACTIONS.items())],
        "query": request.GET.urlencode(),
        "may_export": admin_journal_actions.export_entries.grants.get(_role(request)) is not None,
    })  # fmt: skip


def _role(request: HttpRequest) -> str:
    page: Any = request
    return str(page.actor.role)


def _lines(rows: list[Entry]) -> Iterator[Row]:
    accounts = {a.pk: a.display_name for a in Account.objects.filter(pk__in={r.account_id for r in rows})}
    units = {u.pk: u.words for u in Unit.objects.filter(pk__in={r.unit_id for r in rows})}
    for row in rows:
        said = json.loads(row.content)
        summary = Words(**said["summary"]) if "summary" in said else Words(row.action, row.action)
        yield Row(
            str(row.pk),
            (moment(row.at), summary, accounts.get(row.account_id or 0, ""), units.get(row.unit_id or 0, ""),
             f"{row.subject_kind}:{row.subject_id}", OUTCOMES.get(row.outcome, Words(row.outcome, row.outcome))),
            href=reverse("admin-journal-entry", args=[row.pk]),
        )  # fmt: skip


@require_safe
@admin_forms.for_readers("journal")
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Show one entry with its whole content, its digest and the seal that covers it."""
    page: Any = request
    row = get_object_or_404(READABLES["journal"].visible(page.actor, Entry.objects.all()), pk=entry_id)
    sealed = Seal.objects.filter(first_entry__lte=row.pk, last_entry__gte=row.pk).first()
    return render(request, "site/admin/entry.html", {
        "entry": row, "content": json.dumps(json.loads(row.content), ensure_ascii=False, indent=2),
        "seal": sealed, "fault": seals.entry_fault(row),
    })  # fmt: skip


@require_POST
@admin_forms.for_readers("journal")
def export(request: HttpRequest) -> HttpResponseBase:
    """Give out what the search finds as JSON lines, each entry whole with its digest; the export is itself recorded."""
    query = request.POST.get("query", "")
    asked = HttpRequest()
    asked.GET = QueryDict(query)
    asked.actor = request.actor  # type: ignore[attr-defined]
    result = admin_forms.ask(request, admin_journal_actions.export_entries, {"query": query[:500]})
    if not result.outcome:
        raise admin_forms.closed()
    rows = found(asked).filter(pk__lt=result.entry_id).order_by("pk")  # all that was there before this export
    response = StreamingHttpResponse(_exported(rows), content_type="application/x-ndjson; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="journal.jsonl"'
    return response


def _exported(rows: Any) -> Iterator[bytes]:
    for pk, content, digest in rows.values_list("pk", "content", "digest").iterator(2000):
        line = json.dumps({"entry": pk, "content": content, "digest": digest}, ensure_ascii=False)
        yield line.encode() + b"\n"


@require_safe
@admin_forms.for_roles("audit_admin", "auditor")
def seals_page(request: HttpRequest) -> HttpResponse:
    """Show the latest seals, what is not sealed yet, and what the last check found."""
    rows = list(Seal.objects.order_by("-last_entry")[:50])
    columns = (
        Column("entries", Words("条目", "Entries")), Column("count", Words("条数", "Count"), "figure"),
        Column("at", Words("封存时间", "Sealed")), Column("algorithm", Words("算法", "Algorithm")),
        Column("chained", Words("链值", "Chain value")),
    )  # fmt: skip
    lines = tuple(
        Row(str(s.pk), (f"{s.first_entry}–{s.last_entry}", s.count, moment(dt.datetime.fromisoformat(s.sealed_at)),
                        s.algorithm, s.chained[:30] + "…"))
        for s in rows
    )  # fmt: skip
    page: Any = request
    last = Entry.objects.filter(county_id=page.actor.county_id, action="journal.verify").order_by("-pk").first()
    unsealed = Entry.objects.filter(pk__gt=rows[0].last_entry if rows else 0).count()
    return render(request, "site/admin/seals.html", {
        "ledger": Ledger("seals", Words("封存", "Seals"), columns, lines), "unsealed": unsealed,
        "checked": json.loads(last.content)["values"] if last else None, "checked_at": last.at if last else None,
        "may_verify": page.actor.role in admin_journal_actions.check.grants,
    })  # fmt: skip


@require_POST
@admin_forms.for_roles("audit_admin", "auditor")
def verify(request: HttpRequest) -> HttpResponse:
    """Check the journal now and write down what was found."""
    result = admin_forms.ask(request, admin_journal_actions.check, {})
    intact = result.values.get("intact")
    done = Words("完好：与封存一致。", "Intact.") if intact else Words("已被改动！", "It was altered!")
    admin_forms.tell(request, result, done)
    return redirect("admin-seals")


@require_safe
@admin_forms.for_roles("audit_admin", "auditor")
def verifier(request: HttpRequest) -> HttpResponse:
    """Give out the stand-alone verifier."""
    response = HttpResponse(io.BytesIO(seals.verifier_source().encode()), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verifier.py"'
    return response
