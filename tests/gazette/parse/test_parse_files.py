"""Files: every usual encoding and format is read to the same text; what cannot be read says what to do."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
import typst
from pypdf import PdfReader, PdfWriter

from luoshi.core.problem import Problem
from luoshi.gazette.parse import files, parse, read_file
from luoshi.gazette.parse.docx_numbers import print_number

TEXT = "青禾县养老服务工作方案\n\n一、主要任务\n1. 新建社区食堂20个。\n责任单位：县民政局、县财政局\n完成时限：2023年10月底前\n"


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_encodings_of_the_mainland(tmp_path: Path, encoding: str) -> None:
    assert read_file(put(tmp_path, "a.txt", TEXT.encode(encoding))).lstrip("\ufeff") == TEXT


def test_traditional_characters_in_big5(tmp_path: Path) -> None:
    text = "某縣人民政府關於加強道路安全工作的通知\n各鎮人民政府：請認真執行。\n" * 3
    assert read_file(put(tmp_path, "a.txt", text.encode("big5hkscs"))) == text


def one_task(path: Path) -> dict[str, object]:
    (document,) = parse(read_file(path))["documents"]
    (task,) = document["tasks"]
    return {"units": task["responsible"], "until": task["deadline"]["until"], "title": document["title"]}


WANTED = {"units": ["县民政局", "县财政局"], "until": "2023-10-31", "title": "青禾县养老服务工作方案"}


def test_docx(tmp_path: Path) -> None:
    document = docx.Document()
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    document.save(str(tmp_path / "a.docx"))
    assert one_task(tmp_path / "a.docx") == WANTED


def test_docx_table_rows_become_lines_of_cells(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("某县任务分工表")
    table = document.add_table(rows=0, cols=4)
    for row in (("序号", "任务", "责任单位", "完成时限"), ("1", "修路", "县交通局、县财政局", "2023年6月底")):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.save(str(tmp_path / "a.docx"))
    (task,) = parse(read_file(tmp_path / "a.docx"))["documents"][0]["tasks"]
    assert (task["number"], task["responsible"], task["deadline"]["until"]) == (
        "1",
        ["县交通局", "县财政局"],
        "2023-06-30",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
def test_html(tmp_path: Path, encoding: str) -> None:
    lines = "".join(f"<p>{line}</p>" for line in TEXT.splitlines())
    page = f"<!DOCTYPE html><html><head><meta charset={encoding}><style>p {{}}</style></head><body><script>var a=1</script>{lines}</body></html>"
    path = put(tmp_path, "a.html", page.encode(encoding))
    assert "var a" not in read_file(path)
    assert one_task(path) == WANTED


def text_pdf() -> bytes:
    lines = "\n\n".join(line.replace("#", "") for line in TEXT.splitlines() if line)
    source = '#set text(font: "Noto Sans SC", size: 12pt)\n' + lines.replace("1. 新", "1\\. 新")
    fonts = Path(pytest.importorskip("pylopdf_fonts_zh_cn").__file__).parent
    return bytes(typst.compile(source.encode(), font_paths=[str(fonts)]))


def test_pdf_with_text(tmp_path: Path) -> None:
    assert one_task(put(tmp_path, "a.pdf", text_pdf())) == WANTED


def test_scanned_pdf_is_refused_with_advice(tmp_path: Path) -> None:
    writer = PdfWriter()
    for _ in range(3):
        writer.add_blank_page(width=595, height=842)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(Problem, match="扫描件") as caught:
        read_file(put(tmp_path, "scan.pdf", out.getvalue()))
    assert "OCR" in caught.value.remedy.zh and caught.value.place == "scan.pdf"


def test_pdf_with_a_password_is_refused(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(text_pdf())))
    writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(Problem, match="密码"):
        read_file(put(tmp_path, "a.pdf", out.getvalue()))


@pytest.mark.parametrize("keep", [9, 60, 400, 2000])
def test_a_pdf_cut_short_is_a_problem_not_a_crash(tmp_path: Path, keep: int) -> None:
    with pytest.raises(Problem):
        read_file(put(tmp_path, "a.pdf", text_pdf()[:keep]))


def packed(xml: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("word/document.xml", xml)
    return out.getvalue()


def test_a_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    bomb = packed(b"<a>" + b" " * 30_000_000 + b"</a>")
    assert len(bomb) < 100_000
    with pytest.raises(Problem, match="展开后大得不正常"):
        read_file(put(tmp_path, "a.docx", bomb))


def test_a_docx_whose_stated_size_lies_is_a_problem(tmp_path: Path) -> None:
    data = bytearray(packed(b"<a>" + b"x" * 5000 + b"</a>"))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    with pytest.raises(Problem):
        read_file(put(tmp_path, "a.docx", bytes(data)))


def test_xml_entities_are_not_expanded(tmp_path: Path) -> None:
    secret = put(tmp_path, "secret.txt", b"TOP SECRET")
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    xml = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]><w:document xmlns:w="{w}"><w:body><w:p><w:r><w:t>甲&x;</w:t></w:r></w:p></w:body></w:document>'
    assert "SECRET" not in read_file(put(tmp_path, "a.docx", packed(xml.encode())))


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", bytes(range(256)) * 20, "编码无法识别"),
        ("a.txt", b"", "没有文字"),
        ("a.txt", b" \n\t\n", "没有文字"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 doc"),
        ("a.docx", b"PK\x03\x04 broken", "已损坏"),
        ("a.docx", packed(b"<a/>")[:40], "已损坏"),
        ("a.docx", packed(b"no xml"), "已损坏"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0\1\2\3" * 50, "编码无法识别"),
    ],
)
def test_what_is_no_document_is_refused(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    with pytest.raises(Problem, match=words) as caught:
        read_file(put(tmp_path, name, data))
    assert caught.value.place == name and caught.value.remedy.zh and caught.value.remedy.en
    assert "\n" not in caught.value.line()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(Problem):
            read_file(path)


def test_a_huge_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_BYTES", 100)
    put(tmp_path, "fits.txt", ("甲乙" * 16).encode())
    assert read_file(tmp_path / "fits.txt") == "甲乙" * 16
    with pytest.raises(Problem, match="太大"):
        read_file(put(tmp_path, "a.txt", ("甲乙" * 17).encode()))
    monkeypatch.setattr(files, "LARGEST_CHARACTERS", 30)
    with pytest.raises(Problem, match="太大"):
        read_file(tmp_path / "fits.txt")


def numbered(levels: list[tuple[str, str]], paragraphs: list[tuple[int | None, str]]) -> bytes:
    """A docx whose numbers are written by Word itself."""
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    lvls = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{words}"/></w:lvl>'
        for n, (kind, words) in enumerate(levels)
    )
    numbering = f'<w:numbering xmlns:w="{w}"><w:abstractNum w:abstractNumId="7">{lvls}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    mark = '<w:pPr><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    body = "".join(
        f"<w:p>{'' if level is None else mark.format(level)}<w:r><w:t>{words}</w:t></w:r></w:p>"
        for level, words in paragraphs
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed_up:
        packed_up.writestr("word/document.xml", f'<w:document xmlns:w="{w}"><w:body>{body}</w:body></w:document>')
        packed_up.writestr("word/numbering.xml", numbering)
    return out.getvalue()


def test_numbers_that_word_writes_by_itself_are_counted(tmp_path: Path) -> None:
    data = numbered(
        [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")],
        [
            (None, "某县方案"),
            (0, "总体要求"),
            (1, "目标"),
            (1, "原则"),
            (0, "任务"),
            (1, "修路"),
            (2, "甲"),
            (2, "乙"),
            (1, "架桥"),
            (2, "丙"),
        ],
    )
    text = read_file(put(tmp_path, "a.docx", data))
    assert text.split() == [
        "某县方案",
        "一、总体要求",
        "（一）目标",
        "（二）原则",
        "二、任务",
        "（一）修路",
        "1.甲",
        "2.乙",
        "（二）架桥",
        "1.丙",
    ]


@pytest.mark.parametrize(
    ("number", "printed"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (36, "三十六"), (99, "九十九"), (100, "100")],
)
def test_chinese_numbers_as_word_prints_them(number: int, printed: str) -> None:
    assert print_number(number, "chineseCounting") == printed
