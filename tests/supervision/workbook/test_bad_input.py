"""Workbooks as they come back in bad shape: each is named in one clear line, by file or by cell, and nothing is done."""

import csv
import io
import random
import re
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook

from luoshi.core.problem import Problem
from luoshi.office.papers import xlsx
from luoshi.supervision.models import Report
from luoshi.supervision.workbook import intake, proposing
from luoshi.supervision.workbook.codes import write
from luoshi.supervision.workbook.models import Change, Import
from tests.supervision.small_county import Small
from tests.supervision.workbook import books
from tests.supervision.workbook.test_round_trip import OFFICER, accepted


def as_csv(path: Any, encoding: str, *, mark: str = ",", **cells: str) -> bytes:
    """Return an exported sheet as a spreadsheet program saves it as CSV, with cells of the first row changed."""
    sheet = load_workbook(path).worksheets[0]
    for code, value in cells.items():
        sheet.cell(books.first_row(sheet), books.place(sheet, code)).value = value
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark)
    for row in sheet.iter_rows(values_only=True):
        writer.writerow(["" if v is None else f"{v:%Y/%m/%d}" if hasattr(v, "year") else v for v in row])
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8", ","), ("utf-8-sig", ","), ("gb18030", ","), ("gb18030", "\t"), ("utf-16", "\t")]
)
def test_csv_in_any_of_the_usual_encodings(small: Small, encoding: str, mark: str) -> None:
    accepted(small, heading_zh="各镇人民政府按照职责分工抓好农村房屋安全工作")
    path = books.exported(small, OFFICER)
    data = as_csv(path, encoding, mark=mark, percent="35", text="已经开展排查工作，发现问题三处")
    row = books.returned(small, OFFICER, data, "清单.csv")
    assert {c: x.verdict for c, x in books.by_column(row).items()} == {"percent": "ready", "text": "ready"}
    assert (encoding == "gb18030") == any("GB18030" in w["zh"] for w in row.warnings)


def test_columns_moved_renamed_and_taken_away_are_found_by_their_heads(small: Small) -> None:
    accepted(small)
    accepted(small)
    book = load_workbook(books.exported(small, OFFICER))
    sheet = book.worksheets[0]
    rows = [
        [sheet.cell(n, books.place(sheet, code)).value for code in ("text", "note", "percent", "code")]
        for n in range(books.first_row(sheet), sheet.max_row + 1)
    ]
    rows[1][0], rows[1][2] = "只动了第二行", 45
    data = books.sheet_of([["某某局填报"], ["最新 进展", "备注", "完成比例", "台账编码", "自己加的一列"], *rows])
    row = books.returned(small, OFFICER, data)
    assert {(c.cell, c.column, c.verdict) for c in Change.objects.filter(imported=row)} == {
        ("Sheet1!A4", "text", "ready"), ("Sheet1!C4", "percent", "ready"),
    }  # fmt: skip
    assert any("自己加的一列" in words["zh"] for words in row.warnings)


def test_a_column_that_stands_twice_is_named(small: Small) -> None:
    accepted(small)
    path = books.exported(small, OFFICER)
    code = load_workbook(path).worksheets[0].cell(8, 1).value
    data = books.sheet_of([["台账编码", "进展情况", "进展"], [code, "第一列的进展", "第二列的进展"]])
    row = books.returned(small, OFFICER, data)
    assert books.by_column(row)["text"].wanted == "第一列的进展"
    assert any("有几列（B、C）" in words["zh"] for words in row.warnings)


def test_formulas_hidden_and_merged_cells_wait_for_a_person(small: Small) -> None:
    for _ in range(4):
        accepted(small)

    def more(sheet: Any) -> None:
        first = books.first_row(sheet)
        at = books.place(sheet, "percent")
        sheet.row_dimensions[first + 1].hidden = True
        sheet.merge_cells(start_row=first + 2, start_column=at, end_row=first + 3, end_column=at)

    text = {n: f"第{n}行的进展" for n in (1, 2, 3, 4)}
    data = books.edited(
        books.exported(small, OFFICER),
        (2, "percent", 20), (3, "percent", 30), *((n, "text", words) for n, words in text.items()), more=more,
    )  # fmt: skip
    row = books.returned(small, OFFICER, data)
    first = 8
    found = {(c.row - first + 1, c.column): c for c in Change.objects.filter(imported=row)}
    assert {key: c.verdict for key, c in found.items()} == {
        (1, "text"): "ready", (2, "percent"): "ask", (2, "text"): "ask", (3, "percent"): "error", (3, "text"): "ready",
        (4, "percent"): "error", (4, "text"): "ready",
    }  # fmt: skip
    assert "隐藏" in found[2, "text"].words_zh and "合并" in found[3, "percent"].words_zh
    assert any("第9行" in words["zh"] and "隐藏的行" in words["zh"] for words in row.warnings)
    books.applied(small, OFFICER, row)
    assert Report.objects.count() == 3  # what waits is not done


def test_a_formula_gives_its_value_with_a_warning_and_without_one_an_error(small: Small) -> None:
    for _ in range(2):
        accepted(small)
    data = books.edited(
        books.exported(small, OFFICER),
        (1, "percent", "=10+20"),
        (1, "text", "行一有字"),
        (2, "percent", "=1/0"),
        (2, "text", "行二有字"),
    )
    # openpyxl writes formulas without results; a spreadsheet program stores one beside the first of them.
    parts = {}
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for name in packed.namelist():
            parts[name] = packed.read(name)
    name = next(n for n in parts if n.endswith("sheet1.xml"))
    parts[name] = re.sub(rb"<f>10\+20</f><v\s*(?:/>|></v>)", b"<f>10+20</f><v>30</v>", parts[name])
    assert b"<v>30</v>" in parts[name]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for part, content in parts.items():
            packed.writestr(part, content)
    row = books.returned(small, OFFICER, out.getvalue())
    found = {(c.row - 7, c.column): c for c in Change.objects.filter(imported=row)}
    assert (found[1, "percent"].verdict, found[1, "percent"].wanted) == ("ask", "30")
    assert found[2, "percent"].verdict == "error" and "公式" in found[2, "percent"].words_zh


def test_hidden_sheets_are_named_and_not_read(small: Small) -> None:
    accepted(small)
    book = load_workbook(books.exported(small, OFFICER))
    book.create_sheet("暗表").sheet_state = "hidden"
    book.create_sheet("深藏").sheet_state = "veryHidden"
    row = books.returned(small, OFFICER, books.saved(book))
    assert any("暗表" in w["zh"] and "深藏" in w["zh"] for w in row.warnings)


@pytest.mark.parametrize(
    ("value", "verdict", "wanted"),
    [
        ("35%", "ready", "35"), ("３５", "ready", "35"), (" 35 ", "ready", "35"), ("35", "ready", "35"),
        (35.0, "ready", "35"), (0.35, "ask", "35"), ("35.5", "error", "35.5"), (-1, "error", "-1"),
        (101, "error", "101"), (100, "error", "100"), ("一半", "error", "一半"), (True, "error", "是"),
        (None, "refused", ""),
    ],
)  # fmt: skip
def test_percentages_as_people_write_them(small: Small, value: object, verdict: str, wanted: str) -> None:
    share = accepted(small)
    from luoshi.supervision import actions

    actions.report_progress(small.call(OFFICER), assignment_id=share.pk, text="先前的进展", percent=10)
    row = books.returned(small, OFFICER, books.edited(books.exported(small, OFFICER), (1, "percent", value)))
    found = books.by_column(row)["percent"]
    assert (found.verdict, found.wanted) == (verdict, wanted)


@pytest.mark.parametrize(
    ("value", "verdict", "wanted"),
    [
        ("2023-12-31", "ready", "2023-12-31"), ("2023.12.31", "ready", "2023-12-31"), ("2023年12月31日", "ready", "2023-12-31"),
        (45291, "ask", "2023-12-31"), ("23.12.31", "ask", "2023-12-31"), ("12月31日", "ask", "2023-12-31"),
        ("2023-13-01", "error", "2023-13-01"), ("长期", "error", "长期"), ("改天再说", "error", "改天再说"),
    ],
)  # fmt: skip
def test_days_as_people_write_them(small: Small, value: object, verdict: str, wanted: str) -> None:
    accepted(small)
    data = books.edited(books.exported(small, OFFICER), (1, "extend_to", value), (1, "extend_why", "雨季延误"))
    found = books.by_column(books.returned(small, OFFICER, data))["extend_to"]
    assert (found.verdict, found.wanted) == (verdict, wanted)


def test_cells_that_need_each_other(small: Small) -> None:
    for _ in range(4):
        accepted(small)
    data = books.edited(
        books.exported(small, OFFICER),
        (1, "extend_to", "2023-12-31"), (2, "extend_why", "只有理由"), (3, "percent", 20), (4, "move", "做完了"),
    )  # fmt: skip
    found = {(c.row - 7, c.column): c for c in Change.objects.filter(imported=books.returned(small, OFFICER, data))}
    assert {c.verdict for c in found.values()} == {"error"} and len(found) == 4
    assert "不在可选之列" in found[4, "move"].words_zh and "同时填写进展情况" in found[3, "percent"].words_zh


def test_codes_mistyped_copied_and_made_up(small: Small) -> None:
    for _ in range(4):
        accepted(small)
    path = books.exported(small, OFFICER)
    sheet = load_workbook(path).worksheets[0]
    code = str(sheet.cell(8, 1).value)
    data = books.edited(
        path, (1, "note", "第一行的备注"), (2, "code", code), (3, "code", code[:-1] + "?"), (4, "code", write(99, 1))
    )
    found = {(c.row, c.column): c for c in Change.objects.filter(imported=books.returned(small, OFFICER, data))}
    assert {key: c.verdict for key, c in found.items()} == {
        (8, "note"): "ready", (9, "code"): "error", (10, "code"): "error", (11, "code"): "refused",
    }  # fmt: skip
    assert "第8行" in found[9, "code"].words_zh


def test_ten_thousand_errors_are_all_named_by_cell(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    share = accepted(small)
    number = books.number_of(books.exported(small, OFFICER))
    heads = ["台账编码", "完成比例（%）", "进展情况"]
    rows = [[write(number, share.pk) + "坏", 500, "x"] for _ in range(10_000)]
    out = io.BytesIO()
    xlsx.write(out, [xlsx.SheetOut("表", [xlsx.Column(head) for head in heads], rows)])
    row = books.returned(small, OFFICER, out.getvalue())
    cells = set(Change.objects.filter(imported=row, verdict="error").values_list("cell", flat=True))
    assert cells == {f"表!A{n}" for n in range(2, 10_002)}
    assert books.applied(small, OFFICER, row) == {"done": 0, "refused": 0, "moved": 0} and Report.objects.count() == 0


def ole() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000


def with_macro() -> bytes:
    data = io.BytesIO(books.sheet_of([["台账编码", "进展情况"]]))
    with zipfile.ZipFile(data, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"macro")
    return data.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", b"<Types/>")
        packed.writestr("xl/workbook.xml", b" " * 300_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("旧格式.xls", ole(), "旧版"),
        ("有宏.xlsm", with_macro(), "宏"),
        ("炸弹.xlsx", bomb(), ""),
        ("照片.xlsx", b"\xff\xd8\xff\xe0" + b"0" * 500, ""),
        ("断的.xlsx", books.sheet_of([["台账编码", "进展情况"]])[:900], ""),
        ("空.csv", b"", "空"),
        ("随机.csv", random.Random(1).randbytes(4_000), ""),
        ("无头.csv", "甲,乙\n丙,丁\n".encode(), "没有找到表头"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_one_clear_line(small: Small, name: str, data: bytes, words: str) -> None:
    with pytest.raises(Problem) as seen:
        books.sent(small, OFFICER, data, name)
    line = seen.value.line()
    assert "\n" not in line and words in line and len(line) < 300 and 400 <= seen.value.status < 500
    assert Import.objects.count() == 0


def test_a_password_and_a_million_rows_are_refused_by_the_reader_itself(small: Small) -> None:
    with pytest.raises(Problem) as seen:
        proposing.open_returned("加密.xlsx", ole())
    assert "密码" in seen.value.words.zh
    text = "台账编码,进展情况\n" + "E1-1-AA,进展\n" * 1_000_000
    with pytest.raises(Problem) as seen:
        proposing.open_returned("百万.csv", text.encode())
    assert str(intake.LIMITS.rows) in seen.value.words.zh and seen.value.status == 413


@pytest.mark.slow
def test_a_workbook_of_a_million_rows_is_one_clear_line(small: Small) -> None:
    out = io.BytesIO()
    rows = (["E1-1-AA", "进展"] for _ in range(1_000_000))
    xlsx.write(out, [xlsx.SheetOut("表", [xlsx.Column("台账编码"), xlsx.Column("进展情况")], rows)])
    with pytest.raises(Problem) as seen:
        proposing.open_returned("百万.xlsx", out.getvalue())
    assert "1000001" in seen.value.words.zh and seen.value.status == 413
