"""A ledger leaves the house: who took what with which filters, and, once it is written, what each row said."""

from typing import Annotated, Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Grants, Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.supervision.actions.inputs import told
from luoshi.supervision.readables import WATCHERS, WORKERS
from luoshi.supervision.workbook import making
from luoshi.supervision.workbook.layouts import layouts
from luoshi.supervision.workbook.models import Export

TAKERS: Grants = {**dict.fromkeys(WORKERS, "own"), **dict.fromkeys(WATCHERS, "own")}


class ExportInputs(Inputs):
    """Which table, and the filters of the ledger page (plan, unit, town, state, standing, q)."""

    layout: Annotated[str, told("表样", "Layout", "督查台账或本单位清单", "supervision or unit", max_length=20)]
    asked: Annotated[dict[str, str], told("筛选", "Filters", "任务台账页的筛选条件", "filters of the ledger page")] = {}


class FinishInputs(Inputs):
    """The export whose workbook is written."""

    export_id: Annotated[int, told("导出编号", "Export", ge=1)]


class _Asker:
    """Whoever takes a ledger out: the export is its taker's own."""

    pk = ""

    def __init__(self, where: Where) -> None:
        self.where = where


@action(
    "workbook.export",
    Words("导出台账", "Export a ledger"),
    subject="workbook_export",
    grants=TAKERS,
    inputs=ExportInputs,
    load=lambda call, inputs: _Asker(Where(call.actor.county_id, account_id=call.actor.account_id)),
    where=lambda asker: asker.where,
)
def export(call: Call, asker: _Asker, inputs: ExportInputs) -> Done:
    """Give an export its number and keep who asked for what; the workbook is written afterwards."""
    layout = layouts().get(inputs.layout)
    if layout is None:
        choices = "、".join(layouts())
        raise Problem(
            "layout", Words(f"没有“{inputs.layout}”这种表样。", f"There is no layout {inputs.layout!r}."),
            Words(f"可选：{choices}。", f"Choose from: {choices}."), status=422,
        )  # fmt: skip
    making.wanted_of(inputs.asked)
    assert call.actor.account_id is not None, "a ledger is taken by a person"
    row = Export.objects.create(
        county_id=call.actor.county_id, account_id=call.actor.account_id, unit_id=call.actor.unit_id,
        layout=layout.code, asked=inputs.asked, made_at=call.now,
    )  # fmt: skip
    return Done(
        Words(f"导出“{layout.words.zh}”E{row.pk}。", f"Exported {layout.words.en} E{row.pk}."),
        after={"layout": layout.code, "asked": inputs.asked}, values={"export": row.pk}, subject_id=row.pk,
    )  # fmt: skip


def _load(call: Call, inputs: Any) -> Export:
    mine = Export.objects.select_for_update().filter(pk=inputs.export_id, county_id=call.actor.county_id)
    row = mine.first()
    if row is None:
        raise Problem(
            "export_id", Words("没有这次导出。", "There is no such export."),
            Words("请从导出记录打开。", "Open it from the list."), status=404,
        )  # fmt: skip
    return row


@action(
    "workbook.finish_export",
    Words("完成导出", "Finish an export"),
    subject="workbook_export",
    grants=TAKERS,
    inputs=FinishInputs,
    load=_load,
    where=lambda row: Where(row.county_id, account_id=row.account_id),
)
def finish_export(call: Call, row: Export, inputs: FinishInputs) -> Done:
    """Keep what each row of a written workbook said, so that it can come back."""
    kept = making.kept_of(row)
    row.known, row.rows, row.finished_at = kept.data, kept.rows, call.now
    row.save(update_fields=["known", "rows", "finished_at"])
    return Done(
        Words(f"导出 E{row.pk} 写成，{row.rows}行。", f"Export E{row.pk} is written, {row.rows} rows."),
        after={"rows": row.rows}, values={"export": row.pk, "rows": row.rows}, subject_id=row.pk,
    )  # fmt: skip
