"""One engine of ``bench/papers.py`` in a process of its own: ``papers_engine.py JOB ENGINE N FILE``.

Prints ``{"s": seconds, "peak_mib": …}``. Runs in our interpreter or in the peers' one; imports only what it measures.
"""

import datetime as dt
import itertools
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

HEADS = [
    "序号",
    "编号",
    "事项",
    "乡镇",
    "村",
    "部门",
    "状态",
    "等级",
    "人口",
    "面积",
    "金额",
    "期限",
    "姓名",
    "备注",
    "登记时间",
]
KINDS = ["integer", *["text"] * 7, "integer", "number", "amount", "date", "text", "text", "moment"]
TOWNS, STATES = ["甲镇", "乙镇", "丙镇", "丁苏木"], ["办理中", "已办结", "已延期"]
SENTENCE = "各镇人民政府要按照职责分工抓好农村房屋安全工作，逐户登记，逐户鉴定，逐户建档，确保按期完成年度任务。"
WARM = 7


def rows(count: int) -> Iterator[list[Any]]:
    """Yield ledger rows of 15 columns, all texts different enough that no cache pays."""
    for n in range(count):
        yield [
            n, f"GY{n:07}", f"农房核查事项第{n}件", TOWNS[n % 4], f"第{n % 97}村", "住建局", STATES[n % 3], "ABCD"[n % 4],
            n % 6 + 1, 60.5 + n % 40, 22616.0 + n, dt.date(2023, 1 + n % 12, 1 + n % 28), f"户主{n}", "无",
            dt.datetime(2023, 1 + n % 12, 1 + n % 28, n % 24, n % 60),
        ]  # fmt: skip


def out_luoshi(count: int, path: str) -> None:
    from luoshi.office.papers import xlsx

    columns = [xlsx.Column(head, kind) for head, kind in zip(HEADS, KINDS, strict=True)]
    xlsx.write(path, [xlsx.SheetOut("台账", columns, rows(count))])


def out_openpyxl(count: int, path: str) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.append(HEADS)
    for row in rows(count):
        sheet.append(row)
    book.save(path)


def out_xlsxwriter(count: int, path: str) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("台账")
    looks = {10: book.add_format({"num_format": "#,##0.00"}), 11: book.add_format({"num_format": "yyyy-mm-dd"})}
    looks[14] = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(0, 0, HEADS)
    for at, row in enumerate(rows(count), 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(at, column, value)
            elif isinstance(value, dt.date):
                sheet.write_datetime(at, column, value, looks[column])
            else:
                sheet.write_number(at, column, value, looks.get(column))
    book.close()


def in_luoshi(count: int, path: str) -> None:
    from pathlib import Path

    from luoshi.office.papers import xlsx

    read = sum(1 for _ in xlsx.read(Path(path)).sheet().rows())
    assert read == count + 1, read


def in_calamine(count: int, path: str) -> None:
    from python_calamine import load_workbook

    assert len(load_workbook(path).get_sheet_by_index(0).to_python()) == count + 1


def in_openpyxl(count: int, path: str) -> None:
    from openpyxl import load_workbook

    sheet = load_workbook(path, read_only=True).worksheets[0]
    assert sum(1 for _ in sheet.iter_rows(values_only=True)) == count + 1


def texts(turn: int) -> Iterator[tuple[str, Any]]:
    """Yield the blocks of a paper of about 50 pages: 220 paragraphs and ten tables of 20 rows; other words each turn."""
    for part in range(10):
        for n in range(22):
            yield "p", f"第{turn}次第{part}部分第{n}段，" + SENTENCE * 2
        yield "t", [["序号", "镇", "户数", "金额（元）"], *[[str(n), "甲镇", str(turn), "22616.00"] for n in range(20)]]


def pdf_luoshi(turn: int) -> bytes:
    from luoshi.office.papers import pdf
    from luoshi.office.papers.model import Imprint, Paper, Paragraph, Signature, Table

    day = dt.date(2023, 4, 3)
    blocks = [Paragraph(body) if kind == "p" else Table(body[0], body[1:]) for kind, body in texts(turn)]
    paper = Paper("关于农村房屋安全工作的通知", [*blocks, Signature("某县人民政府", day)], imprint=Imprint("某办", day))
    return pdf.render(paper)


def pdf_reportlab(turn: int, font: str | None) -> bytes:
    import io

    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    if font:
        from reportlab.pdfbase.ttfonts import TTFont

        name = "cjk"
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, font))
    else:
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont

        name = "STSong-Light"
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    look = ParagraphStyle("p", fontName=name, fontSize=16, leading=28.95, firstLineIndent=32, wordWrap="CJK")
    rule = [("FONT", (0, 0), (-1, -1), name, 12), ("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
    flow = [
        Paragraph(b, look) if kind == "p" else Table(b, style=rule, colWidths="25%", repeatRows=1)
        for kind, b in texts(turn)
    ]
    out = io.BytesIO()
    margins = {"topMargin": 37 * mm, "bottomMargin": 35 * mm, "leftMargin": 28 * mm, "rightMargin": 26 * mm}
    SimpleDocTemplate(out, pagesize=A4, **margins).build(flow)
    return out.getvalue()


def warm(make: Callable[[int], bytes], path: str) -> float:
    """Return the median seconds of papers after the first, none like another; the last is left at ``path``."""
    turns = itertools.count(int(time.time()) % 1_000)
    make(next(turns))
    spent = []
    for _ in range(WARM):
        turn = next(turns)
        start = time.perf_counter()
        data = make(turn)
        spent.append(time.perf_counter() - start)
    with open(path, "wb") as file:
        file.write(data)
    return statistics.median(spent)


def once(do: Callable[[int, str], None], count: int, path: str) -> float:
    start = time.perf_counter()
    do(count, path)
    return time.perf_counter() - start


def main(job: str, engine: str, count: int, path: str) -> None:
    makers: dict[str, Callable[[int], bytes]] = {
        "luoshi": pdf_luoshi,
        "reportlab": lambda turn: pdf_reportlab(turn, None),
    }
    if job == "pdf":
        make = makers.get(engine) or (lambda turn: pdf_reportlab(turn, engine.removeprefix("reportlab:")))
        seconds = warm(make, path)
    else:
        seconds = once(globals()[f"{job}_{engine}"], count, path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"s": seconds, "peak_mib": peak}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
