import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.core.problem import Problem
from luoshi.office.papers import xlsx
from luoshi.office.papers.xlsx import Column, SheetOut

COLUMNS = [
    Column("序号", "integer"),
    Column("事项"),
    Column("金额（元）", "amount"),
    Column("期限", "date"),
    Column("登记时间", "moment"),
]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROW = (1, "核查", 22616.5, date(2023, 6, 30), datetime(2023, 6, 30, 8, 15))


def written(rows: object, **more: object) -> bytes:
    out = io.BytesIO()
    xlsx.write(out, [SheetOut("台账", COLUMNS, rows, **more)])  # type: ignore[arg-type]
    return out.getvalue()


def sheet_xml(data: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()


def changed(data: bytes, part: str, change: object) -> bytes:
    """Return the workbook with one part replaced by ``change(old text)`` or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        for name in names:
            text = old.read(name)
            new.writestr(name, change(text.decode()) if name == part else text)  # type: ignore[operator]
        if part not in names:
            new.writestr(part, change(""))  # type: ignore[operator]
    return out.getvalue()


# -- out


def test_what_is_written_is_read_back_with_its_types() -> None:
    book = xlsx.read(written([ROW, (2, None, None, None, None)]))
    rows = list(book.sheet().rows())
    assert rows[0] == (1, [column.head for column in COLUMNS])
    assert rows[1] == (2, [1.0, "核查", 22616.5, date(2023, 6, 30), datetime(2023, 6, 30, 8, 15)])
    assert rows[2] == (3, [2.0, "", "", "", ""])


def test_formats_widths_frozen_head_and_title_are_in_the_file() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written([ROW], title="台账（2023年）"))).worksheets[0]
    assert sheet["A1"].value == "台账（2023年）" and [str(r) for r in sheet.merged_cells.ranges] == ["A1:E1"]
    assert sheet["B2"].value == "事项" and sheet["B2"].font.b
    assert sheet.freeze_panes == "A3"
    assert [sheet.cell(3, n).number_format for n in range(1, 6)] == [
        "0",
        "@",
        "#,##0.00",
        "yyyy-mm-dd",
        "yyyy-mm-dd hh:mm",
    ]
    assert sheet.column_dimensions["E"].width > sheet.column_dimensions["A"].width


@pytest.mark.parametrize(
    "text", ["=1+1", "+86 1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1", "\t=1", '=HYPERLINK("http://x")']
)
def test_text_that_looks_like_a_formula_stays_text_even_when_edited(text: str) -> None:
    data = written([(1, text, 1, None, None)])
    assert "<f" not in sheet_xml(data)
    cell = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]["B2"]
    assert cell.data_type == "s" and cell.value == text.replace("\t", " ")
    assert cell.number_format == "@"


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=50))
def test_any_text_goes_out_and_comes_back(text: str) -> None:
    from luoshi.office.papers.text import clean

    rows = list(xlsx.read(written([(1, text, 1, None, None)])).sheet().rows())
    assert rows[1][1][1] == clean(text)


def test_a_moment_with_an_offset_is_shown_in_china_time() -> None:
    rows = list(xlsx.read(written([(1, "甲", 1, None, datetime(2023, 6, 30, 16, 0, tzinfo=UTC))])).sheet().rows())
    assert rows[1][1][4] == date(2023, 7, 1) or rows[1][1][4] == datetime(2023, 7, 1, 0, 0)


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ((1, "甲", "12", None, None), "台账!2/金额（元）"),
        ((1, "甲", 1, "2023-06-30", None), "台账!2/期限"),
        ((1, "甲" * 40_000, 1, None, None), "台账!2/事项"),
        ((1, "甲", True, None, None), "台账!2/金额（元）"),
        ((1, "甲"), "台账!2"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_its_cell_named(row: tuple[object, ...], place: str) -> None:
    with pytest.raises(Problem) as caught:
        written([row])
    assert caught.value.place == place


def test_names_that_collide_or_are_no_names_are_refused() -> None:
    for sheets in (
        [SheetOut("甲", [Column("一"), Column("一")], [])],
        [SheetOut("甲/乙", [Column("一")], [])],
        [SheetOut("甲", [Column("一")], []), SheetOut("甲", [Column("一")], [])],
        [SheetOut("甲", [], [])],
    ):
        with pytest.raises(Problem):
            xlsx.write(io.BytesIO(), sheets)


def test_an_empty_table_keeps_its_head() -> None:
    assert next(iter(xlsx.read(written([])).sheet().rows()))[1] == [column.head for column in COLUMNS]


def test_progress_is_told_and_rows_are_taken_one_by_one() -> None:
    told: list[int] = []
    taken = 0

    def rows() -> Iterator[tuple[object, ...]]:
        nonlocal taken
        for n in range(2_500):
            taken += 1
            yield (n, "甲", 1, None, None)

    count = xlsx.write(
        io.BytesIO(), [SheetOut("台账", COLUMNS, rows())], progress=lambda n: told.append(n - taken), every=1_000
    )
    assert count == 2_500
    assert told == [0, 0]  # no row was fetched ahead of the one just written


def test_python_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        xlsx.write(
            tmp_path / "a.xlsx", [SheetOut("台账", COLUMNS, ((n, f"甲{n}", 1.0, None, None) for n in range(count)))]
        )
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(10)
    assert peak(20_000) < 2 * peak(200) + 100_000


def test_a_failure_in_the_middle_leaves_the_old_file_and_no_scrap(tmp_path: Path) -> None:
    target = tmp_path / "台账.xlsx"
    target.write_bytes(b"old")

    def rows() -> Iterator[tuple[object, ...]]:
        yield ROW
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="the source broke"):
        xlsx.write(target, [SheetOut("台账", COLUMNS, rows())])
    assert target.read_bytes() == b"old" and list(tmp_path.iterdir()) == [target]
    xlsx.write(target, [SheetOut("台账", COLUMNS, [ROW])])
    assert xlsx.read(target).sheet().name == "台账"


# -- in


def staff_book() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名单"
    sheet.merge_cells("A1:C1")
    sheet["A1"], sheet["A2"], sheet["B2"], sheet["C2"] = "汇总表", "姓名", "人口", "合计"
    sheet["A3"], sheet["B3"], sheet["C3"] = "甲", 3, "=B3*2"
    sheet["B4"] = "#REF!"
    sheet["B4"].data_type = "e"
    hidden, very = book.create_sheet("底表"), book.create_sheet("暗表")
    hidden.sheet_state, very.sheet_state = "hidden", "veryHidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_hidden_sheets_errors_and_uncomputed_formulas_are_reported_by_address() -> None:
    book = xlsx.read(staff_book(), name="名单.xlsx")
    assert book.hidden == ("底表", "暗表")
    assert [sheet.state for sheet in book.sheets] == ["visible", "hidden", "very_hidden"]
    sheet = book.sheet()
    assert sheet.errors == ("B4",) and sheet.formulas == 1 and sheet.uncomputed == ("C3",)
    assert sheet.address(3, 1) == "名单.xlsx!名单!B3"
    assert dict(sheet.rows())[3] == ["甲", 3.0, ""]


def test_a_stored_formula_value_is_read_and_the_formula_is_not() -> None:
    data = changed(staff_book(), "xl/worksheets/sheet1.xml", lambda text: text.replace("<f>B3*2</f><v></v>", "<f>B3*2</f><v>6</v>").replace("<f>B3*2</f><v />", "<f>B3*2</f><v>6</v>"))  # fmt: skip
    sheet = xlsx.read(data).sheet()
    assert dict(sheet.rows())[3] == ["甲", 3.0, 6.0] and sheet.uncomputed == ()


@pytest.mark.parametrize(
    ("value", "text"),
    [(150222.0, "150222"), (1.5, "1.5"), (" 甲 ", "甲"), (True, "是"), (date(2023, 6, 30), "2023-06-30"), ("", "")],
)
def test_a_cell_as_a_person_reads_it(value: object, text: str) -> None:
    assert xlsx.text_of(value) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "column", "place"), [(1, 0, "A1"), (7, 25, "Z7"), (10, 26, "AA10"), (1, 16383, "XFD1")]
)
def test_addresses(row: int, column: int, place: str) -> None:
    assert xlsx.address(row, column) == place


def test_an_unknown_sheet_is_named_with_those_there_are() -> None:
    with pytest.raises(Problem, match="名单、底表、暗表"):
        xlsx.read(staff_book()).sheet("台账")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"hello", "不是 .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧格式"),
        (b"PK\x03\x04" + b"\0" * 100, "损坏"),
        (staff_book()[:3000], "损坏"),
    ],
)
def test_what_is_no_workbook_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(Problem, match=words) as caught:
        xlsx.read(data, name="名单.xlsx")
    assert caught.value.place.startswith("名单.xlsx")


def test_a_cell_in_the_last_corner_is_refused_before_the_grid_is_laid_out() -> None:
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = 1
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Problem, match="XFD1048576"):
        xlsx.read(out.getvalue())


@pytest.mark.parametrize(
    "cell",
    [
        '<row r="1"><c r="A1048576"><v>1</v></c></row>',
        '<row r="999999"></row>',
        "<row r='1'><c s='0' r='XFD1048576'><v>1</v></c></row>",
        '<row r="1"><c\n r="XFD1048576"><v>1</v></c></row>',
        '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="1"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    ],
)
def test_no_way_of_writing_a_far_cell_gets_past_the_measuring(cell: str) -> None:
    data = changed(
        staff_book(), "xl/worksheets/sheet1.xml", lambda text: text.replace("</sheetData>", cell + "</sheetData>")
    )
    with pytest.raises(Problem, match=r"最远|超过"):
        xlsx.read(data)


def test_one_long_text_shown_by_many_cells_is_refused() -> None:
    long = "长" * 30_000
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(10, 6_000))
    data = changed(
        staff_book(), "xl/worksheets/sheet1.xml", lambda text: text.replace("</sheetData>", cells + "</sheetData>")
    )
    data = changed(data, "xl/SharedStrings.xml", lambda _: f'<sst xmlns="{MAIN}"><si><t>{long}</t></si></sst>')
    assert len(data) < 100_000
    with pytest.raises(Problem, match="过大"):
        xlsx.read(data)


def test_a_second_part_of_the_same_name_does_not_hide_behind_the_first() -> None:
    out = io.BytesIO(staff_book())
    far = (
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/worksheets/SHEET1.xml", far)
    with pytest.raises(Problem, match="XFD1048576"):
        xlsx.read(out.getvalue())


def test_a_bomb_is_refused_and_costs_no_more_than_its_limit() -> None:
    spaces = " " * (30 << 20)
    data = changed(
        staff_book(), "xl/worksheets/sheet1.xml", lambda text: text.replace("<sheetData>", spaces + "<sheetData>")
    )
    assert len(data) < 100_000
    with pytest.raises(Problem, match="炸弹") as caught:
        xlsx.read(data)
    assert caught.value.status == 413


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    spaces = " " * (30 << 20)
    data = bytearray(changed(staff_book(), "xl/worksheets/sheet1.xml", lambda text: text + spaces))
    real = len(spaces).to_bytes(4, "little")[3:]
    directory = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/worksheets/sheet1.xml"))
    assert real in data[directory + 24 : directory + 28]
    data[directory + 24 : directory + 28] = (100).to_bytes(4, "little")
    with pytest.raises(Problem, match="炸弹"):
        xlsx.read(bytes(data))


def test_macros_entities_passwords_and_size_are_refused() -> None:
    base = staff_book()
    with pytest.raises(Problem, match="宏"):
        xlsx.read(changed(base, "xl/vbaProject.bin", lambda _: "x"))
    entity = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    with pytest.raises(Problem, match="实体"):
        xlsx.read(changed(base, "xl/worksheets/sheet1.xml", lambda text: entity + text))
    with pytest.raises(Problem, match=r"实体|编码"):
        xlsx.read(changed(base, "xl/worksheets/sheet1.xml", lambda text: text.encode("utf-16")))
    with pytest.raises(Problem, match="超过 0 MB"):
        xlsx.read(base, limits=xlsx.Limits(packed=1000))
    with pytest.raises(Problem, match="最多 2 行"):
        xlsx.read(base, limits=xlsx.Limits(rows=2))


def test_a_sheet_that_breaks_in_the_middle_is_named() -> None:
    data = changed(staff_book(), "xl/worksheets/sheet1.xml", lambda text: text[: text.index("</row>") - 3] + "<c r=")
    with pytest.raises(Problem) as caught:
        list(xlsx.read(data, name="名单.xlsx").sheet().rows())
    assert caught.value.place == "名单.xlsx!名单"


def test_links_to_other_files_are_reported() -> None:
    relation = (
        '<Relationship Id="rX" TargetMode="External" Type="http://x/externalLinkPath" Target="file:///other.xlsx"/>'
    )
    data = changed(
        staff_book(),
        "xl/_rels/workbook.xml.rels",
        lambda text: text.replace("</Relationships>", relation + "</Relationships>"),
    )
    assert xlsx.read(data).links == ("file:///other.xlsx",)


# -- templates


def test_a_template_is_filled_and_keeps_its_merged_head_and_looks() -> None:
    book = openpyxl.load_workbook(io.BytesIO(staff_book()))
    book["名单"]["A3"].font = openpyxl.styles.Font(bold=True)
    out = io.BytesIO()
    book.save(out)
    filled = xlsx.fill(
        out.getvalue(), {"B1": "甲镇汇总表", "名单!C2": "=1+1"}, rows=[xlsx.Rows("A3", [["乙", 2], ["丙", 4]])]
    )
    sheet = openpyxl.load_workbook(io.BytesIO(filled))["名单"]
    assert sheet["A1"].value == "甲镇汇总表"  # B1 lies in the merged head
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:C1"]
    assert sheet["C2"].data_type == "s" and sheet["C2"].value == "=1+1"
    assert [sheet["A3"].value, sheet["A4"].value, sheet["B4"].value] == ["乙", "丙", 4]
    assert sheet["A4"].font.b


@pytest.mark.parametrize(
    ("cells", "place"), [({"没有!A1": 1}, "没有!A1"), ({"A0": 1}, "A0"), ({"汇总": 1}, "汇总"), ({"A1": [1]}, "A1")]
)
def test_a_cell_that_cannot_be_filled_is_named(cells: dict[str, object], place: str) -> None:
    with pytest.raises(Problem) as caught:
        xlsx.fill(staff_book(), cells)  # type: ignore[arg-type]
    assert caught.value.place == place


def test_a_template_with_macros_is_refused() -> None:
    with pytest.raises(Problem, match="宏"):
        xlsx.fill(changed(staff_book(), "xl/vbaProject.bin", lambda _: "x"), {"A1": 1})
