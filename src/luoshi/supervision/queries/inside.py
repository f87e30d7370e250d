"""Milestones, pieces and questions of shares, as pages need them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from luoshi.core.words import Words
from luoshi.office.access import Actor, Readable
from luoshi.office.duties.models import Duty
from luoshi.office.evidence import attach
from luoshi.office.evidence.models import Attachment
from luoshi.office.ledger import Marked
from luoshi.supervision import colour_schemes
from luoshi.supervision.actions.consultations import Asked
from luoshi.supervision.actions.milestones import Marked as MarkedMilestone
from luoshi.supervision.actions.pieces import Part
from luoshi.supervision.models import Assignment, Consultation, Milestone, Piece
from luoshi.supervision.readables import CONSULTATION, DUTY, MILESTONE, PIECE

Hanging = Milestone | Piece | Consultation
Case = MarkedMilestone | Part | Asked
_KINDS: dict[str, tuple[type[Hanging], Readable, type[Any]]] = {
    "milestone": (Milestone, MILESTONE, MarkedMilestone),
    "piece": (Piece, PIECE, Part),
    "consultation": (Consultation, CONSULTATION, Asked),
}
ENDED: dict[str, tuple[str, Words]] = {
    "reached": ("done", Words("已达到", "Reached")),
    "done": ("done", Words("已办结", "Done")),
    "answered": ("done", Words("已回复", "Answered")),
    "decided": ("done", Words("已裁定，以回复为准", "Decided: the answer stands")),
    "dropped": ("cancelled", Words("已取消", "Dropped")),
    "withdrawn": ("cancelled", Words("已撤回", "Taken back")),
    "disputed": ("behind", Words("有分歧，待裁定", "Disagreement, to be decided")),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One line inside a share: what, whose, by when, how it stands, what was said, with which files."""

    kind: str
    row: Any
    unit: Words | None
    mark: Marked
    said: tuple[tuple[Words, str], ...]
    files: tuple[Attachment, ...]


def case(actor: Actor, kind: str, pk: int) -> Case | None:
    """Return one milestone, piece or question the actor may read, itself or as its duty, with its share."""
    model, readable, made = _KINDS[kind]
    rows = model._default_manager.select_related("share__task__plan", "share__unit__place", "share__duty", "duty")
    rows = rows.filter(pk=pk, county_id=actor.county_id)
    row: Any = readable.visible(actor, rows).first()
    if row is None and (own := rows.first()) is not None and own.duty_id is not None:
        row = own if DUTY.visible(actor, Duty.objects.filter(pk=own.duty_id)).exists() else None
    found: Case | None = made(row, row.share) if row is not None else None
    return found


def of_share(actor: Actor, share: Assignment, today: dt.date) -> list[Seen]:
    """Return what hangs on a share of that which the actor may read, as it stood at the end of a day."""
    return [
        one
        for kind, (model, readable, _) in _KINDS.items()
        for one in seen(
            list(readable.visible(actor, model._default_manager.filter(share_id=share.pk, made_on__lte=today))),
            kind,
            today,
        )
    ]


def seen(rows: Sequence[Any], kind: str, today: dt.date) -> list[Seen]:
    """Return rows of one kind as lines, by number."""
    if not rows:
        return []
    files = attach.of(rows[0].county_id, kind, [row.pk for row in rows])
    day = colour_schemes.day_of(rows[0].county_id, today)
    return [_seen(row, kind, day, files) for row in sorted(rows, key=lambda row: row.number)]


def _seen(row: Any, kind: str, day: colour_schemes.Day, files: dict[str, list[Attachment]]) -> Seen:
    state = _state_on(row, day.today)
    if state in ENDED:
        mark = Marked(*ENDED[state])
    elif row.share.state == "suspended":
        mark = Marked("suspended", Words("暂停", "Suspended"))
    else:
        standing = day.standing("open", row.due_on, None)
        mark = day.mark(standing) or Marked(standing, Words("未办结", "Open"))
    said = tuple((label, text) for label, text, on in _said(row) if text and (on is None or on <= day.today))
    unit = row.unit.words if kind != "milestone" else None
    return Seen(kind, row, unit, mark, said, tuple(files.get(str(row.pk), ())) if state != "open" else ())


def _state_on(row: Any, today: dt.date) -> str:
    """Return a row's state at the end of a day: what ended later was open then."""
    answered = getattr(row, "answered_on", None)
    if row.ended_on is not None and row.ended_on > today:
        return "answered" if answered is not None and answered <= today else "open"
    if row.state in ("answered", "disputed") and answered is not None and answered > today:
        return "open"
    return str(row.state)


def _said(row: Any) -> list[tuple[Words, str, dt.date | None]]:
    if isinstance(row, Consultation):
        return [
            (Words("回复", "Answer"), row.answer, row.answered_on),
            (Words("分歧", "Disagreement"), row.objection, None),
            (Words("裁定", "Ruling"), row.decision, row.ended_on),
        ]
    return [(Words("情况", "Said"), row.said, row.ended_on)]
