"""A ledger leaves the house as a workbook in the office's own layout; what each row said is kept for its return."""

import datetime as dt
import os
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from luoshi.core.words import Words
from luoshi.office.papers import xlsx
from luoshi.supervision.workbook import codes, known, rows
from luoshi.supervision.workbook.intake import HELP_SHEET
from luoshi.supervision.workbook.layouts import Column, Layout
from luoshi.supervision.workbook.models import Export

Progress = Callable[[int], None]


def write(
    export: Export, layout: Layout, ids: Sequence[int], today: dt.date, target: str | os.PathLike[str], *,
    about: Sequence[str] = (), progress: Progress | None = None,
) -> known.Packer:  # fmt: skip
    """Write the workbook of an export to a file, a chunk of rows at a time, and return what each row said."""
    kept = known.Packer()
    lead = (
        f"导出编号 E{export.pk}　{today:%Y-%m-%d}　{'　'.join(about)}",
        "只填黄色的格；台账编码一列请勿改动或删除。",
    )
    sheet = xlsx.SheetOut(
        layout.sheet, [_column(one) for one in layout.columns], _lines(export.pk, layout, ids, today, kept),
        title=layout.words.zh, lead=lead, frozen=layout.frozen, landscape=True,
    )  # fmt: skip
    columns = [xlsx.Column("栏目", wide=16), xlsx.Column("填写", wide=12), xlsx.Column("怎样填", wide=80)]
    told = xlsx.SheetOut(HELP_SHEET, columns, help_rows(layout), landscape=True)
    xlsx.write(Path(target), [sheet, told], progress=progress, every=2_000)
    return kept


def help_rows(layout: Layout) -> list[list[str]]:
    """Return the lines of the sheet that says how to fill the table in."""
    lines = [
        ["怎样使用", "", "在黄色的格里修改，保存为 .xlsx，再到“台账导出与回传”上传；系统逐格列出改动，核对后才办理。"],
        ["台账编码", "不改", "系统凭它认出每一行。行可以删减、排序、筛选，列可以移动，编码不能改。"],
        ["新增的行", "不收", "没有台账编码的行会列出来，不会变成任务；新任务请由方案或旧台账迁入。"],
    ]
    for column in layout.columns[1:]:
        fill = "可填" if column.fills else "只读"
        choices = f"可选：{'、'.join(column.choices)}。" if column.choices and column.strict else ""
        hint = column.hint or "由系统带出，在表中改动不起作用，会列出来。"
        lines.append([column.head, fill, choices + hint])
    return lines


def _column(one: Column) -> xlsx.Column:
    kind: Any = one.kind
    return xlsx.Column(
        one.head, kind, one.width, group=one.group, choices=one.choices, strict=one.strict, hint=one.hint,
        to_fill=bool(one.fills),
    )  # fmt: skip


def _lines(number: int, layout: Layout, ids: Sequence[int], today: dt.date, kept: known.Packer) -> Iterator[list[Any]]:
    shown = itemgetter(*(rows.FIELDS.index(column.code) for column in layout.columns[1:]))
    fixed = itemgetter(*(rows.FIELDS.index(column.code) for column in fixed_columns(layout)))
    for row in rows.read(ids, today):
        kept.add(row.share, row.account, row.report, row.percent, known.fixed_sum(fixed(row.values)))
        yield [codes.write(number, row.share), *shown(row.values)]


def fixed_columns(layout: Layout) -> list[Column]:
    """Return the columns that are only read, the code left out."""
    return [column for column in layout.columns[1:] if not column.fills]


def about(filters: Sequence[Words], unit: Words | None) -> list[str]:
    """Return what the line under the title says of the selection."""
    said = [unit.zh] if unit else []
    return [*said, *(words.zh for words in filters)]
