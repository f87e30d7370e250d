"""One peer of ``bench/workbook.py``: a table of the ledger's 17 columns out of memory, or read again cell by cell.

Runs in the peers' interpreter: ``workbook_peers.py JOB NAME N FILE``; prints seconds and peak MiB as JSON.
"""

import datetime as dt
import json
import resource
import sys
import time
from collections.abc import Iterator
from typing import Any

TEXT = "各镇人民政府按照职责分工抓好农村房屋安全工作，逐户登记，逐户鉴定，第{}户已完成。"
COLUMNS = 17
DAY = 8


def rows(count: int) -> Iterator[list[Any]]:
    """Yield rows like those of the ledger: codes, words, a day, a percentage, a report, blanks to fill in."""
    for n in range(1, count + 1):
        yield [
            f"E1-{n}-K7", str(n), f"方案{n % 10}", f"食品安全任务{n}", f"{n % 60}局", "责任", "s", "",
            dt.date(2023, 1 + n % 12, 1 + n % 28), "办理中", "按期", n % 90, TEXT.format(n), None, None, None, None,
        ]  # fmt: skip


def out_openpyxl(count: int, path: str) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    for row in rows(count):
        sheet.append(row)
    book.save(path)


def out_xlsxwriter(count: int, path: str) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("台账")
    for at, row in enumerate(rows(count)):
        sheet.write_row(at, 0, row)
    book.close()


def in_openpyxl(count: int, path: str) -> None:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    seen = sum(len(row) == COLUMNS for row in book.worksheets[0].iter_rows(values_only=True))
    assert seen >= count, f"{seen} rows came back of {count}"


def main(job: str, name: str, count: int, path: str) -> None:
    """Measure one job once."""
    if job == "in":
        out_openpyxl(count, path)
    began = time.perf_counter()
    {"out_openpyxl": out_openpyxl, "out_xlsxwriter": out_xlsxwriter, "in_openpyxl": in_openpyxl}[f"{job}_{name}"](
        count, path
    )
    spent = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"median_s": round(spent, 2), "peak_mib": round(peak, 1)}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
