"""The open rounds of recurring work: a share that is behind owes several duties, and a list shows one line for them."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from luoshi.office.access import Actor
from luoshi.office.duties.models import Duty
from luoshi.supervision.readables import DUTY

OPEN = ("open", "suspended")


def others(actor: Actor, duty_row: Duty) -> list[Duty]:
    """Return the other open rounds of the recurring share a duty belongs to, by day; none for any other duty."""
    if duty_row.subject_kind != "assignment":
        return []
    rows = DUTY.visible(actor, Duty.objects.filter(subject_kind="assignment", subject_id=duty_row.subject_id))
    return list(rows.filter(unit_id=duty_row.unit_id, state__in=OPEN).exclude(pk=duty_row.pk).order_by("due_on", "pk"))


def earliest(rows: QuerySet[Duty], also: dict[str, int]) -> QuerySet[Duty]:
    """Leave out the rounds of a share that have an earlier open one in the same list."""
    earlier = Duty.objects.filter(
        Q(due_on__lt=OuterRef("due_on")) | Q(due_on=OuterRef("due_on"), pk__lt=OuterRef("pk")),
        county_id=OuterRef("county_id"), subject_kind="assignment", subject_id=OuterRef("subject_id"),
        unit_id=OuterRef("unit_id"), state__in=OPEN, **also,
    )  # fmt: skip
    return rows.filter(~Q(subject_kind="assignment") | ~Exists(earlier))


def counted(found: Sequence[Duty], today: dt.date) -> dict[tuple[int, str], tuple[int, int]]:
    """Return how many open rounds the shares among these duties have: those whose day has come, and later ones."""
    shares = [d for d in found if d.subject_kind == "assignment" and d.state in OPEN]
    if not shares:
        return {}
    rows = Duty.objects.filter(
        county_id__in={d.county_id for d in shares}, subject_kind="assignment",
        subject_id__in=[d.subject_id for d in shares], state__in=OPEN,
    )  # fmt: skip
    found_rows = rows.values("unit_id", "subject_id").annotate(
        n=Count("pk"), due=Count("pk", filter=Q(due_on__lt=today))
    )
    return {(r["unit_id"], r["subject_id"]): (r["due"], r["n"] - r["due"]) for r in found_rows if r["n"] > 1}
