"""The tags behind the components: each hands one template of ``site/components`` exactly what it needs."""

import datetime as dt
import uuid
from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from luoshi.core.calendar import default_calendar
from luoshi.core.clause import SUBJECT_OF_PREFIX
from luoshi.core.outcome import Outcome
from luoshi.core.stages import Stages
from luoshi.core.words import Words
from luoshi.office import rail as rails
from luoshi.office import register as clauses
from luoshi.office.actions import COUNTY_ZONE, Action
from luoshi.office.ledger import Cell, Column, Ledger, Linked, Marked, Row
from luoshi.site.templatetags.luoshi import day, language, words

register = template.Library()

STATES = {
    "on_time": Words("按期", "On time"),
    "near": Words("临期", "Due soon"),
    "behind": Words("节点逾期", "Milestone missed"),
    "overdue": Words("逾期", "Overdue"),
    "suspended": Words("暂停", "Suspended"),
    "done": Words("办结", "Done"),
    "done_late": Words("逾期办结", "Done late"),
    "cancelled": Words("撤销", "Cancelled"),
}
SHORT_TEXTS = {
    "FOOD": Words("食安方案", "Food plan"),
    "PARK": Words("园区方案", "Park plan"),
    "HOUSE": Words("危房方案", "Housing plan"),
    "OUT": Words("停电预案", "Outage plan"),
    "GAZ": Words("公报", "Gazette"),
    "CHRON": Words("大事记", "Chronicle"),
}


@register.simple_tag(name="lang")
def lang() -> str:
    """Return the page's language as HTML names it."""
    return "en" if language() == "en" else "zh-Hans"


@register.simple_tag(name="new_request_id")
def new_request_id() -> str:
    """Return a fresh request id for a hand-written form."""
    return uuid.uuid4().hex


@register.simple_tag(name="state_mark")
def state_mark(code: str, text: Any = None) -> str:
    """Return a state with its shape and word: ``{% state_mark "overdue" %}``; unknown codes need their ``text``."""
    said = text if text is not None else STATES[code]
    return format_html('<span class="state {}">{}</span>', code, words(said))


@register.filter
def standing(duty: Any) -> str:
    """Return the state code of a duty: ``{% state_mark duty|standing %}``."""
    if duty.state == "suspended" or duty.state == "cancelled":
        return str(duty.state)
    if duty.state == "closed":
        return "done_late" if duty.due_on and duty.closed_on and duty.closed_on > duty.due_on else "done"
    return ("on_time", "near")[duty.level] if duty.level < 2 else "overdue"


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Return a moment in county time: 2023年7月3日（周一）14:05."""
    if value is None:
        return ""
    local = value.astimezone(COUNTY_ZONE)
    return f"{day(local)}{' ' if language() == 'en' else ''}{local:%H:%M}"


@register.simple_tag(name="days_left")
def days_left(due_on: dt.date | None, today: dt.date) -> str:
    """Return what is left in working days, with the day itself."""
    if due_on is None:
        return words(Words("没有期限", "No due day"))
    left = default_calendar().working_days_between(min(today, due_on), max(today, due_on))
    on = day(due_on)
    en = "1 working day" if left == 1 else f"{left} working days"
    if due_on < today:
        return words(Words(f"已逾期{left}个工作日，原定{on}", f"{en} late, was due {on}"))
    if due_on == today:
        return words(Words("今天到期", "Due today"))
    return words(Words(f"还剩{left}个工作日，{on}", f"{en} left, {on}"))


def clause_label(clause_id: str) -> str:
    """Return a clause the way a reader names it: 食安方案 三(一)7, or its id in English."""
    short = SHORT_TEXTS.get(clause_id.partition("-")[0])
    found = _clause(clause_id)
    if found is None or short is None or language() == "en":
        return clause_id
    return f"{short.zh} {found.section}"


def _clause(clause_id: str) -> Any:
    if clause_id.partition("-")[0] not in SUBJECT_OF_PREFIX:
        return None
    try:
        return clauses.clause(clause_id)
    except KeyError:
        return None


@register.inclusion_tag("site/components/cite.html")
def cite(clause_id: str) -> dict[str, Any]:
    """Show a clause as a chip that opens in place and has its own address."""
    found = _clause(clause_id)
    return {
        "id": clause_id,
        "label": clause_label(clause_id),
        "clause": found,
        "text_name": SHORT_TEXTS.get(clause_id.partition("-")[0]),
        "english": language() == "en",
    }


@register.inclusion_tag("site/components/cites.html")
def cites(clause_ids: Any) -> dict[str, Any]:
    """Show several clauses as chips; those of the same place of the same text share one, with their number."""
    places: dict[tuple[str, str], list[str]] = {}
    for clause_id in dict.fromkeys(str(one) for one in clause_ids):
        found = _clause(clause_id)
        place = (clause_id.partition("-")[0], found.section) if found is not None else ("", clause_id)
        places.setdefault(place, []).append(clause_id)
    groups = [
        {"id": ids[0], "label": clause_label(ids[0]), "more": len(ids) - 1, "clauses": [_clause(i) for i in ids]}
        for ids in places.values()
    ]
    return {"groups": groups, "english": language() == "en"}


@register.simple_tag(name="cite_link")
def cite_link(clause_id: str) -> str:
    """Return a clause as a short link, for rows where a chip that opens would not fit."""
    if not clause_id:
        return ""
    if _clause(clause_id) is None:
        return format_html('<span class="chip">{}</span>', clause_id)
    return format_html('<a class="cite" href="{}">{}</a>', reverse("clause", args=[clause_id]), clause_label(clause_id))


@register.inclusion_tag("site/components/act.html")
def act(
    action: Action[Any, Any] | Words,
    outcome: Outcome,
    url: str,
    *,
    post: bool = True,
    primary: bool = True,
    **given: Any,
) -> dict[str, Any]:
    """Show what may be done: a button, or the same button off with reason, remedy and clauses beside it.

    ``post`` sends at once under a fresh request id; without it the button is a link to the form page. Further
    inputs go along hidden: ``{% act action outcome url task=task.pk %}``. One ``primary`` act per page.
    """
    verdict = getattr(action, "words", action)
    return {
        "words": verdict,
        "outcome": outcome,
        "url": url,
        "post": post,
        "look": "act" if primary else "plain",
        "given": given,
        "request_id": uuid.uuid4().hex,
        "key": uuid.uuid4().hex[:8],
    }


@register.simple_tag(name="ledger_row")
def ledger_row(ledger: Ledger, row: Row) -> str:
    """Return one row. Built here and not in a template, because a ledger page has hundreds of cells."""
    body = [_cell(c, v, row, head=i == 0) for i, (c, v) in enumerate(zip(ledger.columns, row.cells, strict=True))]
    chosen = SafeString(' aria-selected="true"') if row.selected else ""
    return format_html('<tr id="{}-{}"{}>{}</tr>', ledger.key, row.id, chosen, SafeString("".join(body)))


@register.simple_tag(name="ledger_total")
def ledger_total(ledger: Ledger) -> str:
    """Return the row of totals, always visible at the foot of the ledger."""
    row = Row("total", ledger.totals)
    cells = [_cell(c, v, row, head=i == 0) for i, (c, v) in enumerate(zip(ledger.columns, row.cells, strict=True))]
    return SafeString("".join(cells))


def _cell(column: Column, value: Cell, row: Row, *, head: bool) -> str:
    shown = shown_value(column, value)
    if head and row.href:
        shown = format_html('<a href="{}">{}</a>', row.href, shown)
    if head:
        return format_html('<th scope="row">{}</th>', shown)
    if column.kind == "cut" and shown:
        return format_html('<td class="cut" title="{}">{}</td>', shown, shown)
    if column.kind in ("figure", "day"):
        return format_html('<td class="{}">{}</td>', "num" if column.kind == "figure" else "day", shown)
    return format_html("<td>{}</td>", shown)


def shown_value(column: Column, value: Cell) -> str:
    """Return one cell's contents as its column's kind shows it."""
    if isinstance(value, Linked):
        return format_html('<a class="n" href="{}">{}</a>', value.href, shown_value(column, value.value))
    if value is None or value == "":
        return ""
    if isinstance(value, Marked):
        return state_mark(value.code, value.words)
    if column.kind == "state":
        return state_mark(str(value)) if value in STATES else conditional_escape(words(value))
    if column.kind == "day" and isinstance(value, dt.date):
        date, bracket, weekday = day(value).partition("（" if language() == "zh" else "(")
        date = date.replace("年", "年<wbr>")  # where even the date is too wide: a phone in large type
        return SafeString(f'<span class="nowrap">{date}</span><span class="nowrap">{bracket}{weekday}</span>')
    if column.kind == "clause":
        return cite_link(str(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return SafeString(f"{value:,}") if value else SafeString('<span class="zero">0</span>')
    return conditional_escape(words(value))


@register.inclusion_tag("site/components/rail.html", takes_context=True)
def rail(context: Context) -> dict[str, Any]:
    """Show the left rail: what this actor may open, by subject."""
    request: Any = context.get("request")
    actor = getattr(request, "actor", None)
    groups = []
    for title, mine in rails.entries(actor) if actor else []:
        links = [(e, url) for e in mine if (url := address(e.route))]
        if links:
            groups.append({"title": title, "links": [_link(e, url, request.path) for e, url in links]})
    return {"groups": groups}


def address(route: str) -> str:
    """Return the address of a route without arguments, or an empty text where this installation has none."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def _link(entry: rails.Entry, url: str, path: str) -> dict[str, Any]:
    return {"words": entry.words, "url": url, "here": path == url}


@register.simple_tag(takes_context=True)
def posts_held(context: Context) -> list[Any]:
    """Return the appointments the signed-in account holds today, for the switch of posts."""
    request: Any = context.get("request")
    return getattr(request, "posts", [])


@register.simple_tag(takes_context=True)
def can_open(context: Context, route: str) -> bool:
    """Tell whether a route exists in this installation."""
    return bool(address(route))


@register.simple_tag(takes_context=True)
def here(context: Context) -> str:
    """Return the address of this page, for coming back to it."""
    request: Any = context.get("request")
    return request.get_full_path() if request is not None and request.method == "GET" else "/"


@register.simple_tag
def progress(value: int, whole: int = 100) -> str:
    """Return a bar with its figure: ``{% progress 45 %}``. The figure carries the meaning, the bar only repeats it."""
    share = 0 if whole <= 0 else max(0, min(100, round(100 * value / whole)))
    said = f"{share}%" if whole == 100 else f"{value:,} / {whole:,}"
    return format_html(
        '<span class="bar"><svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="6"/><rect class="fill" width="{}" height="6"/></svg>{}</span>',
        share,
        said,
    )


@register.simple_tag
def joined(items: Any, separator_zh: str = "、", separator_en: str = ", ") -> str:
    """Return several words as one line, with the separator of the page's language."""
    return format_html_join(words(Words(separator_zh, separator_en)), "{}", ((words(i),) for i in items))


@register.filter
def as_figure(value: Any) -> str:
    """Return a number with its thousands marked."""
    return mark_safe(f"{value:,}") if isinstance(value, int | float) else conditional_escape(words(value))  # noqa: S308


@register.simple_tag
def stages_svg(stages: Stages, current: str | None = None) -> str:
    """Draw a table of stages with the current state marked; words and lines come from the table itself."""
    return SafeString(stages.svg(current, language()))
