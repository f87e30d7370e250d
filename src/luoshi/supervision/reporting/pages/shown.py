"""What several pages of forms show alike: standing, names, shares of cells."""

import datetime as dt
from typing import Any

from luoshi.core.words import Words
from luoshi.supervision.reporting import filling
from luoshi.supervision.reporting.actions.subjects import STATE_WORDS
from luoshi.supervision.reporting.models import Filing, ReportRound
from luoshi.supervision.reporting.queries import DONE, Entered
from luoshi.supervision.reporting.sheet import Sheet

NO_DAY = Words("随时", "Any time")


def standing(filing: Filing, today: dt.date, near: dt.date) -> str:
    """Return the state mark of a form: done, done_late, on_time, near or overdue."""
    due_on = filing.duty.due_on if filing.duty is not None else filing.round.due_on
    if filing.state in DONE:
        late = due_on is not None and filing.submitted_on is not None and filing.submitted_on > due_on
        return "done_late" if late else "done"
    if due_on is None or due_on > near:
        return "on_time"
    return "overdue" if due_on < today else "near"


def due_of(filing: Filing) -> dt.date | None:
    """Return the day by which the form is to be sent."""
    return filing.duty.due_on if filing.duty is not None else filing.round.due_on


def state_of(filing: Filing) -> Words:
    """Return how far the form has come, in words."""
    return STATE_WORDS[filing.state]


def period(held: ReportRound) -> Words:
    """Return the days a form is about."""
    first, last = held.from_on, held.to_on
    same = first.year == last.year
    zh_last = f"{last.month}月{last.day}日" if same else f"{last.year}年{last.month}月{last.day}日"
    return Words(
        f"{first.year}年{first.month}月{first.day}日至{zh_last}",
        f"{first.day} {first:%b %Y} to {last.day} {last:%b %Y}",
    )


def share(entered: Entered) -> str:
    """Return the share that the system filled, as text; empty where nothing has been sent."""
    return "" if entered.percent is None else f"{entered.percent:g}%"


def single(entered: Entered) -> str:
    """Return the same share outside tables of rows."""
    return "" if entered.single_percent is None else f"{entered.single_percent:g}%"


def of_sheet(sheet: Sheet) -> Entered:
    """Return the cells of a form as it stands; what nobody has given yet counts as to be typed."""
    n = sheet.counts()
    waiting = sum(c.waits for c in sheet.cells())
    typed = n["asked"] + n["missing"] + n["stale"] - waiting
    return Entered(n["required"], n["computed"] + waiting, n["kept"], typed, n["corrected"])


def title(filing: Filing) -> Words:
    """Return what the form is called."""
    return filling.title_of(filing)


def filled_words(entered: Entered) -> Words:
    """Return who filled how many cells, in one sentence."""
    typed = entered.asked + entered.corrected
    return Words(
        f"共{entered.required}格：系统填{entered.by_system}格，要填{typed}格",
        f"{entered.required} cells: {entered.by_system} filled by the system, {typed} to type",
    )


def pairs(*items: tuple[Words, Any]) -> list[dict[str, Any]]:
    """Return label and value pairs for the head of a page."""
    return [{"label": label, "value": value} for label, value in items]
