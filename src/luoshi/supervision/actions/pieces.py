"""Splitting a share into pieces for units inside it; the share is done when all of them are."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from django.db.models import Q, QuerySet

from luoshi.core.outcome import Outcome, Refused, refuse
from luoshi.core.words import Words
from luoshi.office.access import Grants, Where
from luoshi.office.actions import Call, Decision, Inputs, action
from luoshi.office.evidence import attach
from luoshi.office.people.models import Unit
from luoshi.supervision import work_rules
from luoshi.supervision.actions import inside, moves
from luoshi.supervision.actions.inputs import Files, Reason, ReasonedInputs, ShareInputs, Text, told
from luoshi.supervision.actions.subjects import load_share, lock_share, missing, where_worked
from luoshi.supervision.models import Assignment, Piece
from luoshi.supervision.readables import WORKERS
from luoshi.supervision.stages import LIST

SPLITTERS: Grants = {"officer": "unit", "unit_head": "unit", "town_clerk": "unit"}
PieceId = Annotated[int, told("分解事项编号", "Piece", ge=1)]


class SplitInputs(ShareInputs):
    """Which units inside do what by when."""

    unit_ids: Annotated[
        tuple[int, ...],
        told("承办的下属单位", "Units inside", "每个单位各得一项", "each gets one piece", min_length=1, max_length=60),
    ]
    words: Annotated[
        str, told("分解事项", "Piece", "每个单位各做什么", "what each of them does", min_length=2, max_length=200)
    ]
    due_on: Annotated[dt.date | None, told("期限", "By", "留空同本分工的期限", "empty: the share's day")] = None


class DoneInputs(Inputs):
    """Which piece is done, and what shows it."""

    piece_id: PieceId
    text: Text
    files: Files = ()


class DropInputs(Inputs):
    """Which piece falls away, and why."""

    piece_id: PieceId
    reason: Reason


@dataclass(frozen=True, slots=True)
class Part:
    """A piece with its locked share; the journal keeps it under the share."""

    piece: Piece
    share: Assignment

    @property
    def pk(self) -> int:
        """The share's id."""
        return self.share.pk


def load(call: Call, inputs: Any) -> Part:
    """Return the piece with its share, both locked."""
    mine = Piece.objects.filter(pk=inputs.piece_id, county_id=call.actor.county_id)
    share_id = mine.values_list("share_id", flat=True).first()
    if share_id is None:
        raise missing("piece_id", "分解事项", "piece")
    share = lock_share(call, share_id)
    rows = Piece.objects.select_related("duty", "unit__place").select_for_update(of=("self",))
    piece = rows.get(pk=inputs.piece_id)
    piece.share = share
    return Part(piece, share)


def where_done(part: Part) -> Where:
    """Where the piece is worked on."""
    place = part.piece.unit.place
    return Where(part.share.county_id, frozenset({part.piece.unit_id}), place.path if place else None)


def where_split(part: Part) -> Where:
    """Where the share is."""
    return where_worked(part.share)


def units_inside(unit: Unit) -> QuerySet[Unit]:
    """Return the units inside a unit: those below it in the directory, and those in places below a town's."""
    below = Q(parent_id=unit.pk)
    if unit.place is not None and unit.place.kind == "town":
        below |= Q(place__path__startswith=f"{unit.place.path}/")
    rows = Unit.objects.filter(below, county_id=unit.county_id, collective=False)
    return rows.exclude(pk=unit.pk).order_by("short_zh", "pk")


def outstanding(share: Assignment) -> list[Words]:
    """Return the units whose pieces of a share are not done."""
    rows = Piece.objects.filter(share_id=share.pk, state="open").select_related("unit").order_by("number")
    return [row.unit.words for row in rows]


def may_split(call: Call, share: Assignment) -> Outcome:
    """A share at work is split where its unit has units inside."""
    works = work_rules.at_work(share.state)
    if not works or units_inside(share.unit).exists():
        return works
    return refuse(
        "no_units_inside",
        "本单位没有下属单位。",
        "There are no units inside this one.",
        Words("可指定承办人。", "Assign it to a person."),
        (LIST,),
    )


def may_unsplit(call: Call, share: Assignment) -> Outcome:
    """A split is taken back while nothing was done."""
    states = list(Piece.objects.filter(share_id=share.pk).values_list("state", flat=True))
    return work_rules.may_undo_split(states.count("done"), states.count("open"))


def still_open(call: Call, part: Part) -> Outcome:
    """A piece ends once."""
    if part.piece.state == "open":
        return work_rules.at_work(part.share.state)
    return refuse(
        "piece_ended",
        f"这一项已于{part.piece.ended_on}了结。",
        f"This piece ended on {part.piece.ended_on}.",
        Words("请刷新页面查看现状。", "Reload the page to see the present state."),
        (LIST,),
        state=part.piece.state,
    )


@action(
    "assignment.split",
    Words("分解给下属单位", "Split among units inside"),
    subject="assignment",
    grants=SPLITTERS,
    inputs=SplitInputs,
    load=load_share,
    where=where_worked,
    why_not=may_split,
    clauses=(LIST,),
)
def split(call: Call, share: Assignment, inputs: SplitInputs) -> Decision:
    """Give pieces of a share to units inside; it is done when all of them are."""
    day = share.duty.due_on if share.duty else None
    fits = work_rules.day_within(inputs.due_on, call.today, day)
    if isinstance(fits, Refused):
        return fits
    inner = {unit.pk: unit for unit in units_inside(share.unit)}
    strange = [unit_id for unit_id in inputs.unit_ids if unit_id not in inner]
    if strange:
        return refuse(
            "not_inside",
            "所选单位不是本单位的下属单位。",
            "A chosen unit is not inside this one.",
            Words("请从下属单位中选择。", "Choose among the units inside."),
            (LIST,),
            units=strange,
        )
    chosen = [inner[unit_id] for unit_id in dict.fromkeys(inputs.unit_ids)]
    made = [_give(call, share, unit, inputs.words, inputs.due_on or day) for unit in chosen]
    before = {"percent": share.percent}
    share.percent = _percent(share)
    share.save(update_fields=["percent"])
    names = Words("、".join(u.words.zh for u in chosen), ", ".join(u.words.en for u in chosen))
    return moves.told(
        share,
        share.state,
        Words("分解", "split"),
        Words(f"：{names.zh}各承办“{inputs.words}”", f": “{inputs.words}” for {names.en}"),
        before=before,
        after={"percent": share.percent, "pieces": [p.number for p in made], "units": [u.pk for u in chosen]},
        values={"pieces": [p.pk for p in made]},
    )


@action(
    "assignment.unsplit",
    Words("撤回分解", "Take the split back"),
    subject="assignment",
    grants=SPLITTERS,
    inputs=ReasonedInputs,
    load=load_share,
    where=where_worked,
    why_not=may_unsplit,
    clauses=(LIST,),
)
def unsplit(call: Call, share: Assignment, inputs: ReasonedInputs) -> Decision:
    """Take a split back while nothing in it was done; the units see it leave their inbox."""
    count = Piece.objects.filter(share_id=share.pk, state="open").count()
    Piece.objects.filter(share_id=share.pk, state="open").update(said=inputs.reason)
    inside.end_all(share, call.today, Piece)
    return moves.told(
        share,
        share.state,
        Words("撤回分解", "took the split back of"),
        Words(f"：{inputs.reason}", f": {inputs.reason}"),
        after={"reason": inputs.reason, "dropped_pieces": count},
        values={"dropped": count},
    )


@action(
    "assignment.finish_piece",
    Words("分解事项办结", "Piece done"),
    subject="assignment",
    grants=WORKERS,
    inputs=DoneInputs,
    load=load,
    where=where_done,
    why_not=still_open,
    clauses=(LIST,),
)
def finish_piece(call: Call, part: Part, inputs: DoneInputs) -> Decision:
    """Say that a piece is done, with what shows it; the share's percentage follows from its pieces."""
    row, share = part.piece, part.share
    files = attach.to(call, inputs.files, "piece", row.pk)
    row.said = inputs.text
    inside.end(row, "done", call.today, done=True)
    before, was = {"percent": share.percent}, share.state
    share.percent = _percent(share)
    if share.state in ("assigned", "accepted"):
        share.state = "in_progress"
    share.save(update_fields=["percent", "state"])
    return moves.told(
        share,
        was,
        Words("：分解事项办结，", "piece done of"),
        Words(
            f"，{row.unit.words.zh}“{row.words}”，材料{len(files)}件",
            f": {row.unit.words.en}, “{row.words}”, {len(files)} files",
        ),
        before=before,
        after={"percent": share.percent, "piece": row.number, "text": inputs.text, "files": files},
        values={"piece": row.pk, "percent": share.percent},
    )


@action(
    "assignment.drop_piece",
    Words("取消分解事项", "Drop the piece"),
    subject="assignment",
    grants=SPLITTERS,
    inputs=DropInputs,
    load=load,
    where=where_split,
    why_not=still_open,
    clauses=(LIST,),
)
def drop_piece(call: Call, part: Part, inputs: DropInputs) -> Decision:
    """Take one piece back that is not done, with the reason."""
    row, share = part.piece, part.share
    row.said = inputs.reason
    inside.end(row, "dropped", call.today, done=False)
    before = {"percent": share.percent}
    share.percent = _percent(share)
    share.save(update_fields=["percent"])
    return moves.told(
        share,
        share.state,
        Words("取消分解事项，", "dropped a piece of"),
        Words(
            f"，{row.unit.words.zh}“{row.words}”：{inputs.reason}",
            f": {row.unit.words.en}, “{row.words}”: {inputs.reason}",
        ),
        before=before,
        after={"percent": share.percent, "piece": row.number, "reason": inputs.reason},
        values={"piece": row.pk},
    )


def _give(call: Call, share: Assignment, unit: Unit, words: str, due_on: dt.date | None) -> Piece:
    row = Piece.objects.create(
        county_id=share.county_id,
        share=share,
        unit=unit,
        number=inside.next_number(share, Piece),
        words=words,
        due_on=due_on,
        made_on=call.today,
    )
    title = Words(f"{words}（{share.task.words.zh}）", f"{words} ({share.task.words.en})")
    inside.open_duty(row, "piece", unit.pk, title, call.today)
    return row


def _percent(share: Assignment) -> int:
    states: Sequence[str] = list(Piece.objects.filter(share_id=share.pk).values_list("state", flat=True))
    done, counted = states.count("done"), states.count("done") + states.count("open")
    # The last percent comes with the unit's own report: pieces done are not yet the share approved.
    return min(99, done * 100 // counted) if counted else share.percent
