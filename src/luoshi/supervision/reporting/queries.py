"""Lists of forms, and how much of them nobody had to type."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.supervision.reporting import filling
from luoshi.supervision.reporting.models import Filing, ReportRound
from luoshi.supervision.reporting.readables import FILING

PAGE = 50
TO_DO = ("drafting", "sent_back", "confirmed")
DONE = ("submitted", "received")
_CELLS = (
    "cells_required", "cells_computed", "cells_kept", "cells_asked", "cells_corrected", "single_required",
    "single_by_system",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entered:
    """How many cells forms required, and who filled them."""

    required: int = 0
    computed: int = 0
    kept: int = 0
    asked: int = 0
    corrected: int = 0
    single: int = 0
    single_by_system: int = 0

    @property
    def by_system(self) -> int:
        """Cells nobody had to type."""
        return self.computed + self.kept

    @property
    def percent(self) -> float | None:
        """Their share in percent, one digit; None where no form has been sent."""
        return round(100 * self.by_system / self.required, 1) if self.required else None

    @property
    def single_percent(self) -> float | None:
        """The same share outside tables of rows, where the system has it easiest."""
        return round(100 * self.single_by_system / self.single, 1) if self.single else None


def mine(actor: Actor, tab: str, after: int, size: int) -> list[Filing]:
    """Return forms of the actor's own unit: those to send, oldest first, or those sent, newest first."""
    rows = FILING.visible(actor, filling.rows()).filter(unit_id=actor.unit_id or 0)
    if tab == "sent":
        rows = rows.filter(state__in=DONE).order_by("-pk")
        return list(rows.filter(pk__lt=after)[:size] if after else rows[:size])
    rows = rows.filter(state__in=TO_DO).order_by("pk")
    return list(rows.filter(pk__gt=after)[:size])


def received(actor: Actor, after: int, size: int) -> list[Filing]:
    """Return forms that wait to be taken in by the actor's unit; by the whole county for a supervisor."""
    rows = FILING.visible(actor, filling.rows()).filter(state="submitted")
    if actor.role != "supervisor":
        rows = rows.filter(recipient_id=actor.unit_id or 0)
    return list(rows.filter(pk__gt=after).order_by("pk")[:size])


def one(actor: Actor, filing_id: int) -> Filing | None:
    """Return one form the actor may read."""
    return FILING.visible(actor, filling.rows()).filter(pk=filing_id).first()


def sent(actor: Actor) -> QuerySet[Filing]:
    """Return the forms that have been sent and that the actor may read."""
    return FILING.visible(actor, Filing.objects.all()).filter(state__in=DONE)


def entered(rows: QuerySet[Filing]) -> Entered:
    """Return the cells of these forms."""
    found = rows.aggregate(**{name: Sum(name) for name in _CELLS})
    return Entered(*(found[name] or 0 for name in _CELLS))


def by_unit(rows: QuerySet[Filing]) -> list[tuple[int, Words, int, Entered]]:
    """Return (unit id, unit, number of forms, cells) of each unit, by name order of the county."""
    found = rows.values("unit_id", "unit__short_zh", "unit__name_en").annotate(
        n=Count("pk"), **{f"sum_{name}": Sum(name) for name in _CELLS}
    )
    return [
        (r["unit_id"], Words(r["unit__short_zh"], r["unit__name_en"]), r["n"], _cells(r))
        for r in found.order_by("unit_id")
    ]


def by_month(rows: QuerySet[Filing]) -> list[tuple[dt.date, int, Entered]]:
    """Return (first of the month, number of forms, cells) by the month in which the period ended, newest first."""
    found = rows.annotate(month=TruncMonth("round__to_on")).values("month")
    summed = found.annotate(n=Count("pk"), **{f"sum_{name}": Sum(name) for name in _CELLS}).order_by("-month")
    return [(r["month"], r["n"], _cells(r)) for r in summed]


def by_form(rows: QuerySet[Filing]) -> list[tuple[str, int, Entered]]:
    """Return (form code, number of forms, cells) of each form."""
    found = rows.values("round__form").annotate(n=Count("pk"), **{f"sum_{name}": Sum(name) for name in _CELLS})
    return [(r["round__form"], r["n"], _cells(r)) for r in found.order_by("round__form")]


def _cells(row: Mapping[str, Any]) -> Entered:
    return Entered(*(row[f"sum_{name}"] or 0 for name in _CELLS))


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round with how many forms it has in which state."""

    round: ReportRound
    filings: int
    sent: int
    late: int
    missing: int
    back: int


def rounds(actor: Actor, today: dt.date, form: str, after: int, size: int) -> list[RoundRow]:
    """Return the rounds of the actor's county, newest first. The caller has made sure that they may be read."""
    rows = ReportRound.objects.filter(county_id=actor.county_id).select_related("plan")
    if form:
        rows = rows.filter(form=form)
    if after:
        rows = rows.filter(pk__lt=after)
    done = Q(filings__state__in=DONE)
    counted = rows.annotate(
        n=Count("filings"),
        n_sent=Count("filings", filter=done),
        n_late=Count("filings", filter=done & Q(filings__submitted_on__gt=F("due_on"))),
        n_missing=Count("filings", filter=~done & Q(due_on__lt=today)),
        n_back=Count("filings", filter=Q(filings__state="sent_back")),
    )
    return [RoundRow(r, r.n, r.n_sent, r.n_late, r.n_missing, r.n_back) for r in counted.order_by("-pk")[:size]]


def of_round(actor: Actor, round_id: int) -> Sequence[Filing]:
    """Return the forms of one round that the actor may read, by unit."""
    return list(FILING.visible(actor, filling.rows()).filter(round_id=round_id).order_by("unit_id"))
