"""The inbox of a post: what is due from the unit, what waits for review, what has been finished."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.access import Actor
from luoshi.office.ledger import Column, Ledger, Pager, Row
from luoshi.supervision.pages import asking
from luoshi.supervision.pages.parts import DECISIONS
from luoshi.supervision.queries import shares
from luoshi.supervision.queries.shares import DutyRow, ReportRow
from luoshi.supervision.readables import DUTY

rail.add("desk", "inbox", Words("待办", "Inbox"), reads="duty", order=2)
TABS = {
    "open": Words("待办", "To do"),
    "mine": Words("指定给我的", "Given to me"),
    "villages": Words("含各村", "With villages"),
    "review": Words("待审核", "To review"),
    "decided": Words("我已审核", "Decided by me"),
    "closed": Words("已办结", "Finished"),
}
REVIEWS = ("review", "decided")
REVIEWERS = frozenset({"supervisor", "leading_office"})


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show one tab of the inbox."""
    if (stopped := asking.barred(request, DUTY)) is not None:
        return stopped
    actor, today = asking.actor_of(request), asking.today_of(request)
    offered = _offered(actor)
    tab = request.GET.get("tab", "review" if actor.role in REVIEWERS and shares.to_review_count(actor) else "open")
    if tab not in offered:
        tab = "open"
    after = request.GET.get("after", "")
    shown = {
        "title": TABS["open"],
        "tabs": _tabs(actor, offered, tab),
        "ledger": _reviews(actor, tab, after) if tab in REVIEWS else _duties(actor, tab, after, today),
        "tab": tab,
        "today": today,
    }
    return render(request, "supervision/inbox.html", shown)


def _offered(actor: Actor) -> tuple[str, ...]:
    tabs = ["open", "mine"]
    if actor.role == "town_clerk":
        tabs.append("villages")
    if actor.role in REVIEWERS:
        tabs += REVIEWS
    return (*tabs, "closed")


def _tabs(actor: Actor, offered: tuple[str, ...], tab: str) -> list[dict[str, Any]]:
    counts = {"open": shares.inbox_count(actor)}
    if "review" in offered:
        counts["review"] = shares.to_review_count(actor)
    url = reverse("inbox")
    return [
        {"words": TABS[code], "url": f"{url}?tab={code}", "here": code == tab, "count": counts.get(code, "")}
        for code in offered
    ]


def _duties(actor: Actor, tab: str, after: str, today: dt.date) -> Ledger:
    place, size = _place(after), shares.PAGE + 1
    if tab == "closed":
        rows = shares.finished(actor, today, place, size)
    else:
        rows = shares.inbox(actor, today, mine=tab == "mine", villages=tab == "villages", after=place, size=size)
    more, rows = len(rows) > shares.PAGE, rows[: shares.PAGE]
    with_unit = tab == "villages"  # elsewhere every row is the own unit's, and a phone has no room to say so
    columns = (
        Column("title", Words("事项", "What is due")),
        *((Column("unit", Words("单位", "Unit")),) if with_unit else ()),
        Column("standing", Words("状态", "State"), "state"),
        Column("due", Words("期限", "Due"), "day"),
        Column("progress", Words("办理", "Stage")),
        Column("percent", Words("完成（%）", "Done (%)"), "figure"),
        Column("clause", Words("依据", "Clause"), "clause"),
    )
    last = rows[-1] if rows else None
    key = (last.closed_on if tab == "closed" else last.due_on) if last else None
    older = f"?tab={tab}&after={key or ''}_{last.duty_id}" if more and last else ""
    return Ledger(
        "inbox",
        TABS[tab],
        columns,
        tuple(_duty_row(r, with_unit=with_unit) for r in rows),
        pager=Pager(Words(f"本页{len(rows)}项", f"{len(rows)} on this page"), older_url=older),
        empty=Words("这里没有事项。", "Nothing is here."),
        empty_hint=Words(
            "交办给本单位的任务会自动出现在这里，按期限排列。",
            "Tasks given to your unit appear here by themselves, by day.",
        ),
    )


def _duty_row(row: DutyRow, *, with_unit: bool) -> Row:
    unit = (row.unit,) if with_unit else ()
    cells = (_title(row), *unit, row.mark or row.standing, row.due_on, row.progress, row.percent, row.clause_id)
    return Row(str(row.duty_id), cells, href=reverse("duty", args=[row.duty_id]))


def _title(row: DutyRow) -> Words:
    """Return what is due; where one line stands for several rounds it says so."""
    zh, en = list[str](), list[str]()
    if row.rounds_due > 1:
        zh.append(f"共{row.rounds_due}期未{'办结' if row.reported else '报'}")
        en.append(f"{row.rounds_due} rounds {'not finished' if row.reported else 'not reported'}")
    if row.rounds_to_come > (row.rounds_due == 0):
        more = row.rounds_to_come - (row.rounds_due == 0)
        zh.append(f"另有{more}期未到期")
        en.append(f"{more} more to come")
    if not zh:
        return row.title
    return Words(f"{row.title.zh}（{'，'.join(zh)}）", f"{row.title.en} ({', '.join(en)})")


def _reviews(actor: Actor, tab: str, after: str) -> Ledger:
    """Return the reports that wait for this reviewer, or those it has decided on."""
    past = tab == "decided"
    if past:
        rows = shares.decided(actor, shares.PAGE + 1, _place(after))
    else:
        rows = shares.to_review(actor, shares.PAGE + 1, asking.whole("after", after) or 0)
    more, rows = len(rows) > shares.PAGE, rows[: shares.PAGE]
    columns = (
        Column("title", Words("任务", "Task")),
        Column("unit", Words("报告单位", "Reported by")),
        Column("number", Words("第几次", "Report no."), "figure"),
        Column("reported", Words("报告日期", "Reported on"), "day"),
        *((Column("decision", Words("审核", "Review")),) if past else ()),
        *((Column("decided", Words("审核日期", "Decided on"), "day"),) if past else ()),
    )
    last = rows[-1] if rows else None
    key = (f"{last.decided_on}_{last.report_id}" if past else str(last.report_id)) if last else ""
    return Ledger(
        tab,
        TABS[tab],
        columns,
        tuple(_review_row(r, past=past) for r in rows),
        pager=Pager(
            Words(f"本页{len(rows)}项", f"{len(rows)} on this page"),
            older_url=f"?tab={tab}&after={key}" if more else "",
        ),
        empty=Words("还没有审核过报告。", "You have decided on no report yet.")
        if past
        else Words("没有待审核的报告。", "No report waits for review."),
        empty_hint=Words("单位报办结后会出现在这里。", "Reports of completion appear here when units send them."),
    )


def _review_row(row: ReportRow, *, past: bool) -> Row:
    decision = (DECISIONS[row.decision], row.decided_on) if past else ()
    cells = (row.title, row.unit, row.number, row.reported_on, *decision)
    return Row(str(row.report_id), cells, href=reverse("duty", args=[row.duty_id]))


def _place(after: str) -> tuple[str, int] | None:
    if not after:
        return None
    day, _, pk = after.partition("_")
    try:
        return (dt.date.fromisoformat(day).isoformat() if day else ""), int(pk)
    except ValueError as fault:
        raise Problem(
            "after",
            Words("翻页位置不对。", "This is no place in the inbox."),
            Words("请从第一页看起。", "Start from the first page."),
        ) from fault
