"""The ledger of tasks: filters as removable words, totals, pages by key, export of exactly what is filtered."""

import csv
import datetime as dt
import tempfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.access import Actor
from luoshi.office.ledger import Cell, FilterWord
from luoshi.office.papers import xlsx
from luoshi.office.people.models import Place, Unit
from luoshi.office.plans.models import Plan
from luoshi.supervision.pages import asking, choices, dressing
from luoshi.supervision.pages.choices import STANDING_WORDS, STATE_WORDS
from luoshi.supervision.pages.ledger_shown import drawn, parameters
from luoshi.supervision.queries import ledger, ledger_as_of
from luoshi.supervision.queries.ledger import Page, Totals, Wanted
from luoshi.supervision.readables import LEDGER

rail.add("supervision", "tasks", Words("任务台账", "Ledger of tasks"), reads="ledger", order=1)
HEADS = (
    Words("序号", "No."), Words("任务", "Task"), Words("方案", "Plan"), Words("责任单位", "Units"),
    Words("期限", "Due"),
    Words("期限原文", "As printed"), Words("状态", "State"), Words("办结日期", "Done on"),
)  # fmt: skip
MARK_WORDS = {
    **STANDING_WORDS, "suspended": Words("暂停", "Suspended"), "done": Words("办结", "Done"),
    "done_late": Words("逾期办结", "Done late"), "cancelled": Words("撤销", "Cancelled"),
}  # fmt: skip
TEXT_LIMIT = 60


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show one page of the ledger."""
    if (stopped := asking.barred(request, LEDGER)) is not None:
        return stopped
    if (other := dressing.instead(request)) is not None:
        return other
    actor, today = asking.actor_of(request), asking.today_of(request)
    wanted = wanted_of(request)
    found, totals = _found(actor, wanted, today)
    title = Words("任务台账", "Ledger of tasks")
    shown = {
        "title": title,
        "ledger": drawn(
            found,
            title,
            wanted,
            filters_of(actor, wanted),
            _foot(totals, wanted),
            _shown(totals, wanted, len(found.rows)),
            past=wanted.as_of,
        ),
        "tabs": _tabs(wanted, totals),
        "wanted": wanted,
        "choices": choices.selects(actor.county_id, today, wanted, english=asking.in_english(request)),
        "export_query": parameters(wanted),
        "views": None,
        **asking.banner(request, wanted.as_of),
    }
    return render(request, "supervision/ledger.html", dressing.dressed(request, shown))


def _found(actor: Actor, wanted: Wanted, today: dt.date) -> tuple[Page, Totals]:
    if wanted.as_of is None:
        return ledger.page(actor, wanted, today), ledger.totals(actor, wanted, today)
    then = ledger_as_of.look(actor, wanted, wanted.as_of)
    return ledger_as_of.page(then, wanted), ledger_as_of.totals(then, wanted)


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Return everything that is filtered and visible as csv or xlsx, a few rows at a time."""
    if (stopped := asking.barred(request, LEDGER)) is not None:
        return stopped
    wanted, english = wanted_of(request), asking.in_english(request)
    name = f"{'tasks' if english else '任务台账'}-{wanted.as_of or asking.today_of(request):%Y%m%d}.{kind}"
    rows = _cells(request, wanted, english)
    if kind == "csv":
        answer: Any = StreamingHttpResponse(_csv(rows, english), content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        answer = _xlsx(rows, english)
    else:
        raise Http404
    answer["Content-Disposition"] = f"attachment; filename=\"tasks.{kind}\"; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer


def wanted_of(request: HttpRequest) -> Wanted:
    """Read the filters from the address; what makes no sense is a ``Problem`` that names the parameter."""
    given = request.GET
    state, standing, sort = given.get("state", ""), given.get("standing", ""), given.get("sort", "") or "due"
    for name, value, allowed in (
        ("state", state, ("", *ledger.STATES)),
        ("standing", standing, ("", *ledger.STANDINGS)),
        ("sort", sort, ledger.SORTS),
    ):
        if value not in allowed:
            raise Problem(
                name,
                Words(f"没有“{value[:40]}”这一项。", f"There is no {value[:40]!r}."),
                Words("请从页面上选择。", "Choose it on the page."),
            )
    before = given.get("before", "")
    return Wanted(
        asking.whole("plan", given.get("plan")), asking.whole("unit", given.get("unit")),
        asking.whole("town", given.get("town")), state, standing, given.get("q", "").strip()[:TEXT_LIMIT], sort,
        before or given.get("after", ""), bool(before), asking.past_day(request),
    )  # fmt: skip


def filters_of(actor: Actor, wanted: Wanted) -> tuple[FilterWord, ...]:
    """Return the filters in force as words that a click takes away."""
    said: list[tuple[str, Words]] = []
    if wanted.plan_id is not None:
        plan = Plan.objects.filter(county_id=actor.county_id, pk=wanted.plan_id).first()
        said.append(("plan", _labelled(Words("方案", "Plan"), plan.words if plan else None)))
    if wanted.unit_id is not None:
        unit = Unit.objects.filter(county_id=actor.county_id, pk=wanted.unit_id).first()
        said.append(("unit", _labelled(Words("单位", "Unit"), unit.words if unit else None)))
    if wanted.town_id is not None:
        town = Place.objects.filter(county_id=actor.county_id, pk=wanted.town_id).first()
        said.append(("town", _labelled(Words("镇", "Town"), Words(town.name_zh, town.name_en) if town else None)))
    if wanted.state:
        said.append(("state", STATE_WORDS[wanted.state]))
    if wanted.standing:
        said.append(("standing", STANDING_WORDS[wanted.standing]))
    if wanted.text:
        said.append(("q", _labelled(Words("含", "Contains"), Words(wanted.text, wanted.text))))
    return tuple(FilterWord(words, f"?{parameters(wanted, **{name: ''})}") for name, words in said)


def _labelled(label: Words, value: Words | None) -> Words:
    shown = value or Words("（无）", "(none)")
    return Words(f"{label.zh}：{shown.zh}", f"{label.en}: {shown.en}")


def _tabs(wanted: Wanted, totals: Totals) -> list[dict[str, Any]]:
    url = reverse("tasks")
    tabs = [("state", "", Words("全部", "All"), totals.total)]
    tabs += [("standing", code, words, getattr(totals, code)) for code, words in STANDING_WORDS.items()]
    tabs += [
        ("state", code, STATE_WORDS[code], getattr(totals, code))
        for code in ("suspended", "done", "closed", "cancelled")
    ]
    counted = not totals.filtered
    return [
        {
            "words": words,
            "url": f"{url}?{parameters(wanted, **{'standing': '', 'state': '', name: code})}",
            "here": (wanted.standing, wanted.state)
            == (code if name == "standing" else "", code if name == "state" else ""),
            "count": count if counted else "",
        }
        for name, code, words, count in tabs
    ]


def _foot(totals: Totals, wanted: Wanted) -> tuple[Cell, ...]:
    if totals.filtered or wanted.state or wanted.standing:
        return (_total_words(totals, wanted), "", "", "", "", "", "")
    late = Words(f"逾期{totals.overdue}项，临期{totals.near}项", f"{totals.overdue} overdue, {totals.near} due soon")
    return (_total_words(totals, wanted), "", "", late, "", "", "")


def _total_words(totals: Totals, wanted: Wanted) -> Words:
    if totals.capped:
        return Words(f"至少{totals.total:,}项", f"at least {totals.total:,}")
    count = totals.matching(wanted)
    return Words(f"共{count:,}项", f"{count:,} in all")


def _shown(totals: Totals, wanted: Wanted, count: int) -> Words:
    whole = _total_words(totals, wanted)
    return Words(f"本页{count}项，{whole.zh}", f"{count} on this page, {whole.en}")


def _cells(request: HttpRequest, wanted: Wanted, english: bool) -> Iterator[list[Any]]:
    pick = "en" if english else "zh"
    actor = asking.actor_of(request)
    if wanted.as_of is None:
        found = ledger.every(actor, wanted, asking.today_of(request))
    else:
        found = ledger_as_of.every(ledger_as_of.look(actor, wanted, wanted.as_of), wanted)
    for row in found:
        yield [
            row.number, row.heading.pick(pick), row.plan.pick(pick), row.units, row.due_on, row.deadline_words,
            (row.mark.words if row.mark else MARK_WORDS[row.standing]).pick(pick), row.done_on,
        ]  # fmt: skip


class _Line:
    """A file that hands back what was written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterator[list[Any]], english: bool) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff"
    yield writer.writerow([w.en if english else w.zh for w in HEADS])
    for row in rows:
        yield writer.writerow([_harmless(cell) for cell in row])


def _harmless(cell: Any) -> Any:
    """Keep spreadsheet programs from running a text as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _xlsx(rows: Iterator[list[Any]], english: bool) -> FileResponse:
    kinds = ("text", "text", "text", "text", "date", "text", "text", "date")
    wide = (8, 44, 30, 30, None, 22, None, None)
    columns = [
        xlsx.Column(words.en if english else words.zh, kind, width)  # type: ignore[arg-type]
        for words, kind, width in zip(HEADS, kinds, wide, strict=True)
    ]
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it when it is sent
    xlsx.write(out, [xlsx.SheetOut("tasks" if english else "任务台账", columns, rows)])
    out.seek(0)
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(out, content_type=media)
