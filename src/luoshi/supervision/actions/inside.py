"""What hangs on a share: its milestones, the pieces given to units inside, the questions to other units.

Each has a duty of its own. They live and end with the share: when it stops their clocks stop, when it ends they fall
away.
"""

import datetime as dt
from collections.abc import Iterator

from luoshi.core.words import Words
from luoshi.office.duties import verbs
from luoshi.supervision.models import Assignment, Consultation, Milestone, Piece

Hanging = Milestone | Piece | Consultation
KINDS: tuple[tuple[type[Hanging], str, str], ...] = (
    (Milestone, "milestone", "dropped"),
    (Piece, "piece", "dropped"),
    (Consultation, "consultation", "withdrawn"),
)
"""Model, the kind its duty leads to, and the state in which it ends with its share."""
CLOCKED = ("open", "disputed")


def of(share: Assignment, *kinds: type[Hanging]) -> Iterator[tuple[Hanging, str]]:
    """Yield what is still open on a share with the state it would fall into; all kinds unless some are named."""
    for model, _, ending in KINDS:
        if not kinds or model in kinds:
            rows = model._default_manager.filter(share_id=share.pk, state__in=CLOCKED)
            for row in rows.select_related("duty").select_for_update(of=("self",)).order_by("pk"):
                yield row, ending


def open_duty(row: Hanging, kind: str, unit_id: int, title: Words, today: dt.date) -> None:
    """Give a new row its duty, in the inbox of the unit that owes it."""
    share = row.share
    duty = verbs.open_duties(
        [
            verbs.Opening(
                share.county_id, unit_id, title, kind, row.pk, row.due_on, share.task_id,
                clause_id=str(share.task.clause_ids[0]) if share.task.clause_ids else "",
            )
        ],
        today,
    )[0]  # fmt: skip
    row.duty = duty
    row.save(update_fields=["duty"])


def end(row: Hanging, state: str, today: dt.date, *, done: bool) -> None:
    """Bring a row to its end and close its duty, or cancel it where nothing was done."""
    row.state, row.ended_on = state, today
    row.save()
    if row.duty is not None and row.duty.state in ("open", "suspended"):
        verbs.close(row.duty, today, "closed" if done else "cancelled")


def end_all(share: Assignment, today: dt.date, *kinds: type[Hanging]) -> None:
    """Let everything still open on a share fall away."""
    for row, ending in of(share, *kinds):
        end(row, ending, today, done=False)


def suspend_all(share: Assignment, today: dt.date, reason: Words) -> None:
    """Stop the clocks of everything still open on a share."""
    for row, _ in of(share):
        if row.duty is not None and row.duty.state == "open":
            verbs.suspend(row.duty, today, reason)


def resume_all(share: Assignment, today: dt.date) -> None:
    """Start the clocks again; each day moves by the working days the share stood still."""
    for row, _ in of(share):
        if row.duty is not None and row.duty.state == "suspended":
            due_on = verbs.resume(row.duty, today)
            if due_on is not None:
                row.due_on = due_on
                row.save(update_fields=["due_on"])


def hand_over(share: Assignment, unit_id: int, today: dt.date) -> None:
    """Milestones go along to the new unit; pieces were for units inside the old one and fall away."""
    end_all(share, today, Piece)
    for row, _ in of(share, Milestone):
        if row.duty is not None:
            verbs.move(row.duty, unit_id)


def next_number(share: Assignment, model: type[Hanging]) -> int:
    """Return the number of the next row; the share is locked, so nobody else takes it."""
    last = model._default_manager.filter(share_id=share.pk).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1
