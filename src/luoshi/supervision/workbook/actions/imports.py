"""A workbook comes back: kept as evidence, read as a proposal, decided cell by cell. Applying is ``applying.py``."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from luoshi.core.outcome import Granted, Outcome, Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Grants, Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.evidence import attach, intake
from luoshi.office.evidence.models import StoredFile
from luoshi.supervision.actions.inputs import told
from luoshi.supervision.actions.pressing import NOTE
from luoshi.supervision.workbook import proposing
from luoshi.supervision.workbook.models import Change, Import

BRINGERS: Grants = dict.fromkeys(NOTE, "own")
"""Whoever can do at least the mildest act that a cell may ask for; each act asks for its own right again."""
_BATCH = 500


class ReceiveInputs(Inputs):
    """The uploaded workbook."""

    file_id: Annotated[int, told("文件", "File", "已上传的台账", "the uploaded workbook", ge=1)]


class OfImport(Inputs):
    """A workbook that came back."""

    import_id: Annotated[int, told("回传编号", "Import", ge=1)]


class DecideInputs(OfImport):
    """What is to become of some cells: change id → take, keep, or nothing yet."""

    decisions: Annotated[
        dict[int, Literal["take", "keep", ""]],
        told("处理", "Decisions", "改动编号与处理", "change id to take or keep", max_length=1_000),
    ]
    rest: Annotated[
        Literal["", "take", "keep"], told("其余", "Rest", "其余未定的改动一并处理", "what becomes of the undecided")
    ] = ""


class Told(BaseModel):
    """What became of one cell."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    change: int
    result: Literal["done", "refused", "moved"]
    zh: Annotated[str, Field(max_length=400)] = ""
    en: Annotated[str, Field(max_length=400)] = ""
    now: Annotated[str, Field(max_length=6_000)] = ""


class SettleInputs(OfImport):
    """What became of the cells of one run. The last part of a run (``last``) closes it."""

    round: Annotated[int, told("轮次", "Round", ge=0)]
    results: Annotated[tuple[Told, ...], told("结果", "Results", max_length=1_000)]
    last: bool = False


class _Sender:
    """Whoever brings a workbook back, with the file."""

    pk = ""

    def __init__(self, where: Where, file: StoredFile) -> None:
        self.where, self.file = where, file


def _sender(call: Call, inputs: ReceiveInputs) -> _Sender:
    file = StoredFile.objects.filter(pk=inputs.file_id, county_id=call.actor.county_id).first()
    if file is None or not attach.handed_in_by(call.actor, file):
        raise Problem(
            "file_id", Words("没有这个文件，或不是由本人上传。", "There is no such file of yours."),
            Words("请重新上传。", "Upload it again."), status=404,
        )  # fmt: skip
    return _Sender(Where(call.actor.county_id, account_id=call.actor.account_id), file)


@action(
    "workbook.receive",
    Words("回传台账", "Return a ledger"),
    subject="workbook_import",
    grants=BRINGERS,
    inputs=ReceiveInputs,
    load=_sender,
    where=lambda sender: sender.where,
)
def receive(call: Call, sender: _Sender, inputs: ReceiveInputs) -> Done:
    """Read a workbook against what was exported and against the house; only the proposal is written."""
    file = sender.file
    grid = proposing.open_returned(file.name, intake.store().path(file.digest).read_bytes())
    read = proposing.propose(call, grid)
    assert call.actor.account_id is not None, "a workbook is brought by a person"
    row = Import.objects.create(
        county_id=call.actor.county_id, account_id=call.actor.account_id, unit_id=call.actor.unit_id, file=file,
        name=file.name, received_at=call.now, rows_read=read.rows,
        warnings=[words.as_json() for words in read.warnings],
    )  # fmt: skip
    for change in read.changes:
        change.imported = row
    Change.objects.bulk_create(read.changes, batch_size=_BATCH)
    attach.to(call, [file.pk], "workbook_import", row.pk)
    counts = counted(read.changes)
    return Done(
        Words(
            f"回传“{row.name}”：{read.rows}行，改动{len(read.changes)}格。",
            f"Returned {row.name!r}: {read.rows} rows, {len(read.changes)} cells.",
        ),
        after={"digest": file.digest, "rows": read.rows, **counts},
        values={"import": row.pk, **counts}, subject_id=row.pk,
    )  # fmt: skip


def counted(changes: list[Change]) -> dict[str, int]:
    """Count changes by verdict."""
    return {code: sum(one.verdict == code for one in changes) for code, _ in Change.VERDICTS}


def load(call: Call, inputs: Any) -> Import:
    """Return the import, locked."""
    mine = Import.objects.select_for_update(of=("self",)).filter(pk=inputs.import_id, county_id=call.actor.county_id)
    row = mine.first()
    if row is None:
        raise Problem(
            "import_id", Words("没有这次回传。", "There is no such import."),
            Words("请从回传记录打开。", "Open it from the list."), status=404,
        )  # fmt: skip
    return row


def where(row: Import) -> Where:
    """An import is its sender's own: its acts are done with that person's rights."""
    return Where(row.county_id, account_id=row.account_id)


def still_open(call: Call, row: Import) -> Outcome:
    """What was discarded is decided no more."""
    if row.state != "discarded":
        return Granted()
    return refuse(
        "import_discarded",
        "这次回传已经作废。",
        "This import was discarded.",
        Words("请重新上传。", "Upload it again."),
    )


@action(
    "workbook.decide",
    Words("核对改动", "Decide on changes"),
    subject="workbook_import",
    grants=BRINGERS,
    inputs=DecideInputs,
    load=load,
    where=where,
    why_not=still_open,
)
def decide(call: Call, row: Import, inputs: DecideInputs) -> Done | Refused:
    """Say of cells whether they are taken or kept as they are; nothing is done with them yet."""
    open_ones = Change.objects.filter(imported=row, result="", verdict__in=("ready", "ask", "conflict"))
    found = {c.pk: c for c in open_ones.filter(pk__in=inputs.decisions)}
    changed = []
    for pk, decision in inputs.decisions.items():
        change = found.get(pk)
        if change is not None and change.decision != decision:
            change.decision = decision
            changed.append(change)
    Change.objects.bulk_update(changed, ["decision"], batch_size=_BATCH)
    rest = open_ones.filter(decision="").update(decision=inputs.rest) if inputs.rest else 0
    taken = open_ones.filter(decision="take").count()
    return Done(
        Words(f"核对“{row.name}”：{len(changed) + rest}格。", f"{row.name!r}: {len(changed) + rest} decided."),
        after={"decisions": {str(c.pk): c.decision for c in changed}, "rest": inputs.rest, "rest_cells": rest},
        values={"taken": taken}, subject_id=row.pk,
    )  # fmt: skip


@action(
    "workbook.discard",
    Words("作废回传", "Discard an import"),
    subject="workbook_import",
    grants=BRINGERS,
    inputs=OfImport,
    load=load,
    where=where,
    why_not=still_open,
)
def discard(call: Call, row: Import, inputs: OfImport) -> Done:
    """Put an import aside; what was done stays done, and the file stays."""
    before, row.state = row.state, "discarded"
    row.save(update_fields=["state"])
    return Done(
        Words(f"作废回传“{row.name}”。", f"Discarded {row.name!r}."), before={"state": before},
        after={"state": row.state}, subject_id=row.pk,
    )  # fmt: skip


@action(
    "workbook.settle",
    Words("记录办理结果", "Record results"),
    subject="workbook_import",
    grants=BRINGERS,
    inputs=SettleInputs,
    load=load,
    where=where,
    why_not=still_open,
)
def settle(call: Call, row: Import, inputs: SettleInputs) -> Done | Refused:
    """Write beside each cell what became of it; a cell that moved meanwhile is a conflict to decide anew."""
    if inputs.round != row.rounds:
        return refuse(
            "round_over", "这一轮已经办过。", "This run is over.", Words("请刷新页面查看结果。", "Reload the page.")
        )
    told_of = {one.change: one for one in inputs.results}
    changes = list(Change.objects.filter(imported=row, pk__in=told_of, result=""))
    for change in changes:
        one = told_of[change.pk]
        change.result_zh, change.result_en = one.zh, one.en
        if one.result == "moved":
            change.now, change.verdict, change.decision = one.now, "conflict", ""
        else:
            change.result = one.result
    fields = ["result", "result_zh", "result_en", "now", "verdict", "decision"]
    Change.objects.bulk_update(changes, fields, batch_size=_BATCH)
    counts = {kind: sum(one.result == kind for one in inputs.results) for kind in ("done", "refused", "moved")}
    if inputs.last:
        row.rounds, row.state = row.rounds + 1, "applied"
        row.save(update_fields=["rounds", "state"])
    return Done(
        Words(
            f"回传“{row.name}”：办成{counts['done']}格，未准{counts['refused']}格，情况已变{counts['moved']}格。",
            f"{row.name!r}: {counts['done']} cells done, {counts['refused']} refused, {counts['moved']} moved.",
        ),
        after={"round": inputs.round, **counts}, values=counts, subject_id=row.pk,
    )  # fmt: skip
