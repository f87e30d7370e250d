"""A page of the ledger as the ledger component draws it."""

import datetime as dt
from urllib.parse import urlencode

from django.urls import reverse

from luoshi.core.words import Words
from luoshi.office.ledger import Cell, Column, FilterWord, Ledger, Pager, Row
from luoshi.supervision.pages import asking
from luoshi.supervision.queries.ledger import LedgerRow, Page, Wanted


def parameters(wanted: Wanted, **changed: object) -> str:
    """Return the address parameters of what is asked for, with changes; what is empty is left out."""
    given: dict[str, object] = {
        "plan": wanted.plan_id, "unit": wanted.unit_id, "town": wanted.town_id, "state": wanted.state,
        "standing": wanted.standing, "q": wanted.text, "sort": "" if wanted.sort == "due" else wanted.sort,
        "as_of": wanted.as_of,
    }  # fmt: skip
    given.update(changed)
    return urlencode({name: str(value) for name, value in given.items() if value not in (None, "")})


def drawn(
    page: Page, caption: Words, wanted: Wanted | None = None, filters: tuple[FilterWord, ...] = (),
    totals: tuple[Cell, ...] = (), shown: Words | None = None, past: dt.date | None = None,
) -> Ledger:  # fmt: skip
    """Return the component's ledger for one page; with ``wanted`` its heads sort and its pager turns.

    ``past`` is the day as of which the page is shown; its links keep to it.
    """
    return Ledger(
        "tasks",
        caption,
        _columns(wanted),
        tuple(_row(r, past) for r in page.rows),
        totals=totals if page.rows else (),
        filters=filters,
        pager=_pager(page, wanted, shown) if wanted is not None else None,
        empty=Words("没有符合条件的任务。", "No task matches.")
        if past is None
        else Words(
            "截至这一天没有符合条件的任务，或方案尚未交办。",
            "No task matches as of this day, or no plan was given out yet.",
        ),
        empty_hint=Words(
            "去掉一个筛选词再看；方案确认后任务会自动进入台账。",
            "Take a filter away; tasks enter by themselves when a plan is confirmed.",
        ),
    )  # fmt: skip


def _columns(wanted: Wanted | None) -> tuple[Column, ...]:
    def sorting(code: str) -> dict[str, str]:
        if wanted is None:
            return {}
        here, down = wanted.order == code, wanted.sort.startswith("-")
        other = f"-{code}" if here and not down else "" if code == "due" else code
        return {
            "sort_url": f"?{parameters(wanted, sort=other)}",
            "sorted": ("descending" if down else "ascending") if here else "",
        }

    return (
        Column("heading", Words("任务", "Task")),
        Column("standing", Words("状态", "State"), "state"),
        Column("due", Words("期限", "Due"), "day", **sorting("due")),  # type: ignore[arg-type]
        Column("units", Words("责任单位", "Units")),
        Column("plan", Words("方案", "Plan"), "cut"),
        Column("number", Words("序号", "No."), **sorting("number")),  # type: ignore[arg-type]
        Column("printed", Words("期限原文", "As printed")),
    )


def _row(row: LedgerRow, past: dt.date | None) -> Row:
    cells = (row.heading, row.mark or row.standing, row.due_on, row.units, row.plan, row.number, row.deadline_words)
    return Row(str(row.task_id), cells, href=asking.at(reverse("task", args=[row.task_id]), past))


def _pager(page: Page, wanted: Wanted, shown: Words | None) -> Pager:
    said = shown or Words(f"本页{len(page.rows)}项", f"{len(page.rows)} on this page")
    return Pager(
        said,
        newer_url=f"?{parameters(wanted, before=page.before)}" if page.before else "",
        older_url=f"?{parameters(wanted, after=page.after)}" if page.after else "",
    )
