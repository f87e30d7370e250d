"""An old ledger comes into the house: read as a proposal, mended by a person, confirmed into plans and tasks."""

from typing import Annotated, Any

from luoshi.core.outcome import Granted, Outcome, Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.evidence import attach, intake
from luoshi.office.evidence.models import StoredFile
from luoshi.office.people.models import Unit
from luoshi.office.plans import followers
from luoshi.office.plans.models import Plan, Task, TaskUnit
from luoshi.supervision.actions.inputs import told
from luoshi.supervision.workbook import old_proposal, old_queries, old_reading
from luoshi.supervision.workbook.intake import open_file
from luoshi.supervision.workbook.models import OldLedger, OldRow
from luoshi.supervision.workbook.names import plain
from luoshi.supervision.workbook.old_proposal import COLUMNS
from luoshi.supervision.workbook.old_queries import Line
from luoshi.supervision.workbook.readables import KEEPERS

SUBJECT = "general"
"""The subject of a plan that has no packaged data."""
MOST_ROWS = 20_000
_BATCH = 500


class ReceiveOld(Inputs):
    """The uploaded workbook."""

    file_id: Annotated[int, told("文件", "File", "已上传的旧台账", "the uploaded workbook", ge=1)]


class OfOld(Inputs):
    """An old ledger, and how often it had been edited when the person looked (none: whatever stands)."""

    ledger_id: Annotated[int, told("旧台账编号", "Old ledger", ge=1)]
    at_edit: Annotated[int | None, told("修改次数", "Edits seen", ge=0)] = None


class CorrectRow(OfOld):
    """What one row should have said; columns that are not named stay."""

    row_id: Annotated[int, told("行编号", "Row", ge=1)]
    cells: Annotated[dict[str, str], told("更正", "Corrections", "栏目与文字", "column to text", max_length=12)] = {}
    left_out: Annotated[bool | None, told("不迁入", "Leave out")] = None


class NameUnits(OfOld):
    """Which unit a printed name means, for the whole ledger; 0: it names no unit."""

    units: Annotated[dict[str, int], told("单位", "Units", "原文与单位编号", "printed name to unit id", max_length=500)]


class ConfirmOld(OfOld):
    """What the plan is called, which unit leads it, and the year of days printed without one."""

    title: Annotated[str, told("方案名称", "Plan", min_length=2, max_length=200)]
    leading_unit_id: Annotated[int, told("牵头单位", "Leading unit", "负责审核和延期", "reviews and extends", ge=1)]


class _Sender:
    """Whoever brings an old ledger, with its file."""

    pk = ""

    def __init__(self, where: Where, file: StoredFile) -> None:
        self.where, self.file = where, file


def _sender(call: Call, inputs: ReceiveOld) -> _Sender:
    file = StoredFile.objects.filter(pk=inputs.file_id, county_id=call.actor.county_id).first()
    if file is None or not attach.handed_in_by(call.actor, file):
        raise Problem(
            "file_id", Words("没有这个文件，或不是由本人上传。", "There is no such file of yours."),
            Words("请重新上传。", "Upload it again."), status=404,
        )  # fmt: skip
    return _Sender(Where(call.actor.county_id), file)


@action(
    "old_ledger.receive",
    Words("导入旧台账", "Read an old ledger"),
    subject="old_ledger",
    grants=KEEPERS,
    inputs=ReceiveOld,
    load=_sender,
    where=lambda sender: sender.where,
)
def receive_old(call: Call, sender: _Sender, inputs: ReceiveOld) -> Done:
    """Read a ledger that was kept by hand; only the proposal is written, and the workbook stays as evidence."""
    file = sender.file
    above: list[list[Any]] = []

    def heads(first: Any) -> Any:
        found = old_reading.find_heads(first)
        if found is not None:
            above[:] = [list(row) for row in first[: found.below - 1]]
        return found

    grid = open_file(file.name, intake.store().path(file.digest).read_bytes(), heads, old_reading.SOUGHT)
    table = old_reading.read(grid, above, file.name)
    if not table.lines or len(table.lines) > MOST_ROWS:
        many = len(table.lines)
        raise Problem(
            file.name, Words(f"读到{many}项任务，应为 1–{MOST_ROWS} 项。", f"{many} tasks found, not 1–{MOST_ROWS}."),
            Words("请检查表头和内容后重新上传。", "Check heads and rows and upload it again."), status=422,
        )  # fmt: skip
    assert call.actor.account_id is not None, "a ledger is brought by a person"
    ledger = OldLedger.objects.create(
        county_id=call.actor.county_id, account_id=call.actor.account_id, file=file, name=file.name,
        sheet=grid.sheet[:60], title=table.title[:200], year=table.year or call.today.year, received_at=call.now,
        heads={code: grid.heads.printed[code] for code in grid.heads.columns},
        warnings=[words.as_json() for words in table.warnings],
    )  # fmt: skip
    OldRow.objects.bulk_create(
        (
            OldRow(
                ledger=ledger, row=line.row, cell=line.cell[:40], left_out=line.finished,
                given={**line.given, **({"_finished": "1"} if line.finished else {})},
            )
            for line in table.lines
        ),
        batch_size=_BATCH,
    )  # fmt: skip
    attach.to(call, [file.pk], "old_ledger", ledger.pk)
    return Done(
        Words(f"导入旧台账“{ledger.name}”：{len(table.lines)}项。", f"Read {ledger.name!r}: {len(table.lines)} tasks."),
        after={"digest": file.digest, "tasks": len(table.lines), "heads": ledger.heads},
        values={"ledger": ledger.pk, "tasks": len(table.lines)}, subject_id=ledger.pk,
    )  # fmt: skip


def load(call: Call, inputs: Any) -> OldLedger:
    """Return the old ledger, locked; ``Problem`` 409 where it was edited since the person looked."""
    mine = OldLedger.objects.select_for_update(of=("self",)).filter(pk=inputs.ledger_id)
    ledger = mine.filter(county_id=call.actor.county_id).first()
    if ledger is None:
        raise Problem(
            "ledger_id", Words("没有这份旧台账。", "There is no such old ledger."),
            Words("请从列表打开。", "Open it from the list."), status=404,
        )  # fmt: skip
    if inputs.at_edit is not None and inputs.at_edit != ledger.edits:
        raise Problem(
            "at_edit", Words("其他人刚改过这份台账。", "Somebody else has just edited this ledger."),
            Words("请刷新后再改。", "Reload it and try again."), status=409,
        )  # fmt: skip
    return ledger


def where(ledger: OldLedger) -> Where:
    """An old ledger belongs to the county: it gives work to all its units."""
    return Where(ledger.county_id)


def still_open(call: Call, ledger: OldLedger) -> Outcome:
    """What was brought in or put aside is edited no more."""
    if ledger.state == "open":
        return Granted()
    zh, en = ("已经迁入", "brought in") if ledger.state == "confirmed" else ("已经作废", "discarded")
    return refuse(
        "old_ledger_settled", f"这份旧台账{zh}。", f"This ledger was {en}.", Words("可重新上传。", "Upload it again.")
    )


@action(
    "old_ledger.correct", Words("更正一行", "Correct a row"), subject="old_ledger", grants=KEEPERS, inputs=CorrectRow,
    load=load, where=where, why_not=still_open,
)  # fmt: skip
def correct(call: Call, ledger: OldLedger, inputs: CorrectRow) -> Done:
    """Write beside a row what it should have said; what was printed stays."""
    row = OldRow.objects.filter(ledger=ledger, pk=inputs.row_id).first()
    if row is None or set(inputs.cells) - set(COLUMNS):
        raise Problem(
            "row_id", Words("没有这一行或这一栏。", "There is no such row or column."),
            Words("请从页面上选择。", "Choose it on the page."), status=404,
        )  # fmt: skip
    before = {"mended": dict(row.mended), "left_out": row.left_out}
    row.mended = {**row.mended, **{code: text[:5_000] for code, text in inputs.cells.items()}}
    row.mended = {code: text for code, text in row.mended.items() if text != row.given.get(code, "")}
    row.left_out = row.left_out if inputs.left_out is None else inputs.left_out
    row.save(update_fields=["mended", "left_out"])
    _edited(ledger)
    return Done(
        Words(f"更正“{ledger.title}”第{row.row}行。", f"Corrected row {row.row} of {ledger.title!r}."),
        before=before, after={"row": row.row, "mended": row.mended, "left_out": row.left_out}, subject_id=ledger.pk,
    )  # fmt: skip


@action(
    "old_ledger.name", Words("指明单位", "Say which unit"), subject="old_ledger", grants=KEEPERS, inputs=NameUnits,
    load=load, where=where, why_not=still_open,
)  # fmt: skip
def name(call: Call, ledger: OldLedger, inputs: NameUnits) -> Done:
    """Say which unit a printed name means everywhere in this ledger."""
    wanted = {pk for pk in inputs.units.values() if pk}
    known = set(Unit.objects.filter(county_id=ledger.county_id, pk__in=wanted).values_list("pk", flat=True))
    if wanted - known:
        raise Problem(
            "units", Words("没有这个单位。", "There is no such unit."), Words("请从列表选择。", "Choose from it."),
            status=404,
        )  # fmt: skip
    before = dict(ledger.names)
    ledger.names = {**ledger.names, **{plain(printed)[:120]: pk for printed, pk in inputs.units.items()}}
    ledger.save(update_fields=["names"])
    _edited(ledger)
    return Done(
        Words(f"指明“{ledger.title}”中{len(inputs.units)}个单位。", f"{len(inputs.units)} names of {ledger.title!r}."),
        before={"names": before}, after={"names": ledger.names}, subject_id=ledger.pk,
    )  # fmt: skip


@action(
    "old_ledger.discard", Words("作废旧台账", "Discard an old ledger"), subject="old_ledger", grants=KEEPERS,
    inputs=OfOld, load=load, where=where, why_not=still_open,
)  # fmt: skip
def discard_old(call: Call, ledger: OldLedger, inputs: OfOld) -> Done:
    """Put an old ledger aside; its file stays."""
    ledger.state = "discarded"
    ledger.save(update_fields=["state"])
    return Done(
        Words(f"作废旧台账“{ledger.title}”。", f"Discarded {ledger.title!r}."), before={"state": "open"},
        after={"state": "discarded"}, subject_id=ledger.pk,
    )  # fmt: skip


@action(
    "old_ledger.confirm", Words("确认迁入", "Bring it in"), subject="old_ledger", grants=KEEPERS, inputs=ConfirmOld,
    load=load, where=where, why_not=still_open,
)  # fmt: skip
def confirm(call: Call, ledger: OldLedger, inputs: ConfirmOld) -> Done | Refused:
    """Make plans, tasks, shares and duties of the rows that are not left out; all of them or none."""
    leading = Unit.objects.filter(pk=inputs.leading_unit_id, county_id=ledger.county_id, collective=False).first()
    if leading is None:
        raise Problem(
            "leading_unit_id", Words("没有这个单位，或是集合单位。", "There is no such single unit."),
            Words("请另选牵头单位。", "Choose another unit."), status=422,
        )  # fmt: skip
    wanted = [line for line in old_queries.lines(ledger) if not line.row.left_out]
    stopped = [line for line in wanted if line.judged.stopped]
    if stopped or not wanted:
        return _not_yet(wanted, stopped)
    ledger.title = inputs.title
    plans = _plans(ledger, leading, wanted)
    tasks = _tasks(ledger, plans, wanted)
    assigned = followers.confirmed(ledger.county_id, tasks, call.today)
    ledger.state = "confirmed"
    ledger.save(update_fields=["state", "title"])
    return Done(
        Words(
            f"旧台账“{ledger.title}”迁入：方案{len(plans)}个，任务{len(tasks)}项，分工{assigned}份。",
            f"{ledger.title!r} brought in: {len(plans)} plans, {len(tasks)} tasks, {assigned} shares.",
        ),
        before={"state": "open"},
        after={"state": "confirmed", "tasks": {line.row.cell: line.row.task_id for line in wanted}},
        facts={"file": ledger.file.digest, "left_out": OldRow.objects.filter(ledger=ledger, left_out=True).count()},
        values={"plans": [plan.pk for plan in plans.values()], "tasks": len(tasks), "assigned": assigned},
        subject_id=ledger.pk,
    )  # fmt: skip


def _not_yet(wanted: list[Line], stopped: list[Line]) -> Refused:
    if not wanted:
        return refuse(
            "nothing_to_bring", "没有要迁入的行。", "No row is to be brought in.",
            Words("请至少迁入一行，或作废这份台账。", "Take at least one row, or discard the ledger."),
        )  # fmt: skip
    rows = "、".join(str(line.row.row) for line in stopped[:20]) + ("…" if len(stopped) > 20 else "")
    return refuse(
        "doubts_stop", f"还有{len(stopped)}行的疑点没有解决：第{rows}行。", f"{len(stopped)} rows not settled: {rows}.",
        Words("请更正、指明单位，或标为不迁入。", "Correct them, name the units, or leave them out."),
    )  # fmt: skip


def _plans(ledger: OldLedger, leading: Unit, wanted: list[Line]) -> dict[str, Plan]:
    """Make one plan for each plan that the ledger names; rows without one belong to the ledger's own."""
    names = list(dict.fromkeys(line.judged.cells.get("plan", "") for line in wanted))
    made = {}
    for number, printed in enumerate(names, 1):
        title = (printed or ledger.title)[:200]
        made[printed] = Plan.objects.create(
            county_id=ledger.county_id, code=f"old-{ledger.pk}-{number}", subject=SUBJECT, name_zh=title, name_en=title,
            leading_unit=leading,
        )  # fmt: skip
    return made


def _tasks(ledger: OldLedger, plans: dict[str, Plan], wanted: list[Line]) -> list[Task]:
    rows = Task.objects.bulk_create([_task(plans, line) for line in wanted], batch_size=_BATCH)
    parts = [
        TaskUnit(county_id=ledger.county_id, task=task, unit_id=part.unit, role=part.role, printed=part.printed[:120])
        for task, line in zip(rows, wanted, strict=True)
        for part in line.judged.parts
        if part.unit is not None
    ]
    TaskUnit.objects.bulk_create(parts, batch_size=_BATCH)
    for task, line in zip(rows, wanted, strict=True):
        line.row.task, line.row.plan = task, task.plan
    OldRow.objects.bulk_update([line.row for line in wanted], ["task", "plan"], batch_size=_BATCH)
    return rows


def _task(plans: dict[str, Plan], line: Line) -> Task:
    cells, parts = line.judged.cells, line.judged.parts
    plan = plans[cells.get("plan", "")]
    lead = next((part.unit for part in parts if part.role != "support"), parts[0].unit)
    return Task(
        county_id=plan.county_id, plan=plan, code=f"R{line.row.row:05d}", order=line.row.row,
        number=cells.get("number", "")[:40], heading_zh=" ".join(cells["task"].split())[: old_proposal.LONGEST_TASK],
        mode=line.judged.mode, lead_unit_id=lead, units_text="、".join(part.printed for part in parts)[:600],
        **old_proposal.due_columns(line.judged.due, cells.get("deadline", "")),
    )  # fmt: skip


def _edited(ledger: OldLedger) -> None:
    ledger.edits += 1
    ledger.save(update_fields=["edits"])
