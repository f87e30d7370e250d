"""Who has sent what: the rounds, one round by unit, and the share of cells nobody had to type."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.ledger import Cell, Column, FilterWord, Ledger, Linked, Pager, Row
from luoshi.supervision.pages import asking
from luoshi.supervision.queries.ledger import near_limit
from luoshi.supervision.readables import WATCHERS
from luoshi.supervision.reporting import forms, queries
from luoshi.supervision.reporting.models import Filing, ReportRound
from luoshi.supervision.reporting.pages import shown
from luoshi.supervision.reporting.queries import Entered, RoundRow
from luoshi.supervision.reporting.readables import FILING

rail.add(
    "supervision", "filing-rounds", Words("报表与一次填报", "Forms, entered once"), roles=frozenset(WATCHERS), order=6
)
CELL_COLUMNS = (
    Column("forms", Words("报表（份）", "Forms"), "figure"),
    Column("cells", Words("应填格数", "Cells required"), "figure"),
    Column("computed", Words("系统算出", "Computed"), "figure"),
    Column("kept", Words("沿用答复", "Kept answers"), "figure"),
    Column("asked", Words("人工填写", "Typed"), "figure"),
    Column("corrected", Words("人工更正", "Corrected"), "figure"),
    Column("share", Words("系统填报率", "Filled by the system"), "figure"),
    Column("single", Words("不计任务表", "Without tables"), "figure"),
)


def _watching(request: HttpRequest) -> HttpResponse | None:
    if (stopped := asking.barred(request, FILING)) is not None:
        return stopped
    if asking.actor_of(request).role not in WATCHERS:
        raise PermissionDenied
    return None


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show all rounds, newest first, with the figures of the whole county."""
    if (stopped := _watching(request)) is not None:
        return stopped
    actor, today = asking.actor_of(request), asking.today_of(request)
    form = request.GET.get("form", "")
    if form and form not in {f.code for f in forms.forms()}:
        raise Http404
    after = asking.whole("after", request.GET.get("after")) or 0
    found = queries.rounds(actor, today, form, after, queries.PAGE + 1)
    sent = queries.sent(actor)
    total = queries.entered(sent)
    context = {
        "title": Words("报表与一次填报", "Forms, entered once"),
        "figures": _figures(total, sent.count()),
        "rounds": _rounds(found, form),
        "units": _counted("units", Words("各单位", "By unit"), Column("unit", Words("单位", "Unit")),
                          [(name, n, e) for _, name, n, e in queries.by_unit(sent)]),
        "months": _counted("months", Words("各月", "By month"), Column("month", Words("月份", "Month")),
                           [(_month(m), n, e) for m, n, e in queries.by_month(sent)]),
        "forms": _counted("forms", Words("各种报表", "By form"), Column("form", Words("报表", "Form")),
                          [(title_of(code), n, e) for code, n, e in queries.by_form(sent)]),
    }  # fmt: skip
    return render(request, "reporting/rounds.html", context)


def _month(first: dt.date) -> Words:
    return Words(f"{first.year}年{first.month}月", f"{first:%B %Y}")


def title_of(code: str) -> Words:
    """Return what a form is called, by its code."""
    return next((f.title for f in forms.forms() if f.code == code), Words(code, code))


def _figures(total: Entered, sent: int) -> list[dict[str, Any]]:
    rate = Words("系统填报率", "Filled by the system")
    typed = Words(f"人工填写{total.asked}格，更正{total.corrected}格",
                  f"{total.asked} typed, {total.corrected} corrected")  # fmt: skip
    filled = Words(f"系统算出{total.computed}，沿用答复{total.kept}",
                   f"{total.computed} computed, {total.kept} kept")  # fmt: skip
    return [
        {"label": rate, "value": shown.share(total) or "—", "url": "", "state": "", "of": typed},
        {"label": Words("应填格数", "Cells required"), "value": total.required, "url": "", "state": "",
         "of": filled},
        {"label": Words("不计逐项任务表", "Without tables of tasks"), "url": "", "state": "",
         "value": "—" if total.single_percent is None else f"{total.single_percent:g}%",
         "of": Words(f"{total.single}格中系统填{total.single_by_system}格",
                     f"{total.single_by_system} of {total.single} cells by the system")},
        {"label": Words("已报送报表", "Forms sent"), "value": sent, "url": "", "state": "", "of": ""},
    ]  # fmt: skip


def _rounds(found: list[RoundRow], form: str) -> Ledger:
    more, rows = len(found) > queries.PAGE, found[: queries.PAGE]
    columns = (
        Column("form", Words("报表", "Form")),
        Column("period", Words("期间", "Period")),
        Column("due", Words("期限", "Due"), "day"),
        Column("units", Words("应报单位", "Senders"), "figure"),
        Column("sent", Words("已报", "Sent"), "figure"),
        Column("late", Words("其中迟报", "Of these late"), "figure"),
        Column("missing", Words("过期未报", "Overdue"), "figure"),
        Column("back", Words("退回修改", "Sent back"), "figure"),
    )
    kept = f"form={form}&" if form else ""
    words = (FilterWord(title_of(form), reverse("filing-rounds")),) if form else ()
    return Ledger(
        "rounds", Words("各期报表", "Rounds"), columns, tuple(_round_row(r) for r in rows), filters=words,
        pager=Pager(
            Words(f"本页{len(rows)}期", f"{len(rows)} on this page"),
            older_url=f"?{kept}after={rows[-1].round.pk}" if more else "",
        ),
        empty=Words("还没有开启的报表。", "No form has been opened yet."),
        empty_hint=Words("到了填报时间会自动开启。", "They open by themselves when their time comes."),
    )  # fmt: skip


def _round_row(row: RoundRow) -> Row:
    title, held = title_of(row.round.form), row.round
    name = Words(f"{title.zh}（{held.stage_zh}）", f"{title.en} ({held.stage_en})") if held.stage_zh else title
    cells: tuple[Cell, ...] = (
        name, shown.period(held), held.due_on, row.filings, row.sent, row.late, row.missing, row.back
    )  # fmt: skip
    return Row(str(held.pk), cells, href=reverse("filing-round", args=[held.pk]))


def _counted(key: str, caption: Words, first: Column, rows: list[tuple[Words, int, Entered]]) -> Ledger:
    return Ledger(
        key, caption, (first, *CELL_COLUMNS),
        tuple(
            Row(str(n), (
                words, sent, e.required, e.computed, e.kept, e.asked, e.corrected, shown.share(e), shown.single(e)
            ))
            for n, (words, sent, e) in enumerate(rows)
        ),
        empty=Words("还没有报送的报表。", "No form has been sent yet."),
        empty_hint=Words("报送后在这里统计。", "Forms are counted here once they are sent."),
    )  # fmt: skip


@require_safe
def one(request: HttpRequest, round_id: int) -> HttpResponse:
    """Show one round: each unit's form and how far it has come."""
    if (stopped := _watching(request)) is not None:
        return stopped
    actor = asking.actor_of(request)
    held = ReportRound.objects.select_related("plan").filter(pk=round_id, county_id=actor.county_id).first()
    if held is None:
        raise Http404
    title = title_of(held.form)
    context = {
        "title": title,
        "kind": held.plan.words,
        "more": shown.pairs(
            (Words("统计期间", "Period"), shown.period(held)),
        ),
        "clauses": forms.form(held.form, held.form_on).clauses,
        "next_on": held.due_on,
        "today": asking.today_of(request),
        "ledger": _senders(request, list(queries.of_round(actor, held.pk))),
        "trail": [{"words": Words("报表与一次填报", "Forms, entered once"), "url": reverse("filing-rounds")}],
    }
    return render(request, "reporting/round.html", context)


def _senders(request: HttpRequest, rows: list[Filing]) -> Ledger:
    columns = (
        Column("unit", Words("报送单位", "Sender")),
        Column("standing", Words("状态", "State"), "state"),
        Column("stage", Words("办理", "Stage")),
        Column("sent", Words("报送日期", "Sent on"), "day"),
        Column("cells", Words("应填格数", "Cells required"), "figure"),
        Column("filled", Words("系统填", "By the system"), "figure"),
        Column("typed", Words("人工填写", "Typed"), "figure"),
        Column("corrected", Words("更正", "Corrected"), "figure"),
    )
    today = asking.today_of(request)
    near = near_limit(today)

    def row(f: Filing) -> Row:
        cells: tuple[Cell, ...] = (
            f.unit.words, shown.standing(f, today, near), shown.state_of(f), f.submitted_on, f.cells_required,
            f.cells_computed + f.cells_kept, f.cells_asked,
            Linked(f.cells_corrected, reverse("filing", args=[f.pk])) if f.cells_corrected else 0,
        )  # fmt: skip
        return Row(str(f.pk), cells, href=reverse("filing", args=[f.pk]))

    return Ledger("senders", Words("各单位", "By unit"), columns, tuple(row(f) for f in rows))
