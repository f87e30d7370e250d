"""A confirmed form as a paper: docx and pdf in the layout of official papers, xlsx for those who go on counting."""

import datetime as dt
import io
from collections.abc import Iterator

from luoshi.core.words import Words
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.papers import xlsx
from luoshi.office.papers.model import Block, Heading, Paper, Paragraph, Signature, Table, chinese_date
from luoshi.office.people.models import Unit
from luoshi.supervision.reporting import filling
from luoshi.supervision.reporting.models import Filing, FilingVersion
from luoshi.supervision.reporting.sheet import FilledBlock, Sheet, thaw

ROW_HEAD = {"shares": "任务", "targets": "目标"}
ORIGINS = {
    "computed": "系统算出", "kept": "沿用答复", "asked": "单位填写", "corrected": "单位更正",
}  # fmt: skip


def paper(filing: Filing, version: FilingVersion) -> Paper:
    """Return the form as an official paper, from what was frozen; nothing is worked out anew."""
    sheet, held = thaw(version.sheet), filing.round
    day = (version.submitted_at or version.as_of).astimezone(COUNTY_ZONE).date()
    period = f"{chinese_date(held.from_on)}至{chinese_date(held.to_on)}"
    as_of = version.as_of.astimezone(COUNTY_ZONE)
    clock = f"{chinese_date(as_of.date())}{as_of:%H:%M}"
    opening = Paragraph(f"现将{period}有关情况报告如下。数字截至{clock}，取自县落实平台的办理记录。")
    signature = Signature(filing.unit.name_zh, day, sealed=False)
    return Paper(
        f"{filing.unit.short_zh}{filling.title_of(filing).zh}",
        [opening, *_blocks(sheet), *_notes(sheet), signature],
        recipients=(filing.recipient.name_zh,),
        copies_to=_copies(filing),
    )


def _copies(filing: Filing) -> list[str]:
    """Return the units the form is copied to, in the order the form names them."""
    codes = filling.form_of(filing).copies
    named = dict(Unit.objects.filter(county_id=filing.county_id, code__in=codes).values_list("code", "name_zh"))
    return [named[code] for code in codes if code in named]


def _blocks(sheet: Sheet) -> Iterator[Block]:
    for number, block in enumerate((b for b in sheet.blocks if b.rows), 1):
        yield Heading(block.heading.zh, 1, number)
        if block.of:
            yield _table(block)
            continue
        short = [row for row in block.rows if row.cells[0].kind != "text"]
        if short:
            yield Table(("项目", "数值"), [(row.label.zh, row.cells[0].shown.zh) for row in short])
        for row in block.rows:
            if row not in short:
                yield Paragraph(f"{row.label.zh}：{row.cells[0].shown.zh}")


def _table(block: FilledBlock) -> Table:
    heads = (ROW_HEAD[block.of], *(c.zh for c in block.columns))
    return Table(heads, [(row.label.zh, *(c.shown.zh for c in row.cells)) for row in block.rows])


def _notes(sheet: Sheet) -> Iterator[Block]:
    """A corrected figure never leaves without the one it differs from."""
    corrected = [c for c in sheet.cells() if c.origin == "corrected"]
    if corrected:
        said = "；".join(
            f"“{c.words.zh}”系统记录为{c.computed_shown.zh or '无'}，"
            f"本单位更正为{c.shown.zh}，理由：{c.reason.rstrip('。')}"
            for c in corrected
        )
        yield Paragraph(f"与系统记录不一致的数字{len(corrected)}个：{said}。")


def workbook(filing: Filing, version: FilingVersion) -> bytes:
    """Return the form as xlsx: one row a cell, with where it comes from, and a sheet for each table of rows."""
    sheet = thaw(version.sheet)
    title = f"{filing.unit.short_zh} {filling.title_of(filing).zh}"
    heads = (("部分", 14), ("行", 34), ("项目", 18), ("内容", 48), ("来源", 12), ("更正理由", 24))
    columns = [xlsx.Column(head, wide=wide) for head, wide in heads]
    sheets = [xlsx.SheetOut("全部格", columns, _cell_rows(sheet), title=title)]
    for block in sheet.blocks:
        if block.of and block.rows:
            named = [xlsx.Column(ROW_HEAD[block.of], wide=34), *(xlsx.Column(c.zh, wide=24) for c in block.columns)]
            rows = [(r.label.zh, *(c.shown.zh for c in r.cells)) for r in block.rows]
            sheets.append(xlsx.SheetOut(block.heading.zh, named, rows, title=block.heading.zh))
    out = io.BytesIO()
    xlsx.write(out, sheets)
    return out.getvalue()


def _cell_rows(sheet: Sheet) -> Iterator[tuple[str, str, str, str, str, str]]:
    for block in sheet.blocks:
        for row in block.rows:
            for cell in row.cells:
                label = row.label.zh if block.of else ""
                yield block.heading.zh, label, cell.words.zh, cell.shown.zh, ORIGINS[cell.origin], cell.reason


def file_name(filing: Filing, kind: str) -> Words:
    """Return what the file is called."""
    on: dt.date = filing.round.to_on
    return Words(
        f"{filing.unit.short_zh}-{filling.title_of(filing).zh}-{on:%Y%m%d}.{kind}",
        f"{filing.round.form}-{on:%Y%m%d}.{kind}",
    )
