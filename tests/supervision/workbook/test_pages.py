"""Pages over real requests: out, in, looked through, done; an old ledger; what is refused and how."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from luoshi.office.plans.models import Task
from luoshi.supervision.models import Report
from luoshi.supervision.workbook import export, making
from luoshi.supervision.workbook.models import Change, Export, Import, OldLedger
from tests.supervision.small_county import Small
from tests.supervision.test_pages import browser, html_of, request_id
from tests.supervision.workbook import books
from tests.supervision.workbook.test_old import MERGED, MESSY, named
from tests.supervision.workbook.test_round_trip import OFFICER, accepted

__all__ = ["named"]


@pytest.fixture(autouse=True)
def as_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LUOSHI_AS_OF", "2023-07-03")
    yield


def bytes_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def upload(client: Client, url: str, name: str, data: bytes, page: str) -> Any:
    sent = {"request_id": request_id(html_of(client, page)), "file": SimpleUploadedFile(name, data)}
    return client.post(url, sent)


def exported(client: Client, **asked: str) -> Any:
    page = html_of(client, "/workbook")
    made = client.post("/workbook/export", {"request_id": request_id(page), "layout": "unit", **asked})
    assert made.status_code == 303, made.content.decode()[:500]
    assert ">下载</a>" in html_of(client, made["Location"])
    return client.get(made["Location"] + "/file")


def test_out_and_in_by_hand(small: Small) -> None:
    share = accepted(small, heading_zh="校园食堂检查")
    client = browser(small, OFFICER)
    answer = exported(client)
    assert "attachment" in answer["Content-Disposition"]
    book = load_workbook(io.BytesIO(bytes_of(answer)))
    sheet = book.worksheets[0]
    assert sheet["A1"].value == "本单位任务清单" and book.sheetnames == ["任务清单", "说明"]
    assert sheet.freeze_panes and sheet.print_title_rows and sheet.page_setup.orientation == "landscape"
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert {rule.formula1 for rule in lists} == {'"0,10,20,30,40,50,60,70,80,90"', '"签收,开始办理,报办结"'}
    first = books.first_row(sheet)
    for code, value in (("percent", 60), ("text", "已检查三所学校"), ("note", "x")):
        sheet.cell(first, books.place(sheet, code)).value = value
    sent = upload(client, "/workbook/receive", "清单.xlsx", books.saved(book), "/workbook")
    assert sent.status_code == 303
    url = sent["Location"]
    page = html_of(client, url)
    assert "有错误" in page and "至少写两个字" in page  # the note of one letter comes first
    page = html_of(client, f"{url}?show=ready")
    assert "校园食堂检查" in page and "已检查三所学校" in page and page.count('value="take" checked') == 2
    done = client.post(f"{url}/decide", {"request_id": request_id(page), "then": "apply", "back": url})
    assert (done.status_code, done["Location"]) == (303, url)
    share.refresh_from_db()
    assert share.percent == 60 and Report.objects.get().text == "已检查三所学校"
    assert "办成2格" in html_of(client, url)
    again = client.post(f"{url}/decide", {"request_id": "another-one-0", "then": "apply"})
    assert again.status_code == 303 and Report.objects.count() == 1


def test_the_list_of_changes_as_a_file(small: Small) -> None:
    accepted(small, heading_zh="校园食堂检查")
    data = books.edited(books.exported(small, OFFICER), (1, "percent", "一半"), (1, "task", "=改名"))
    row = books.returned(small, OFFICER, data)
    client = browser(small, OFFICER)
    text = bytes_of(client.get(f"/workbook/imports/{row.pk}/changes.csv")).decode("utf-8-sig")
    assert "任务清单!" in text and "校园食堂检查" in text and "应为 0 至 100 的整数" in text
    sheet = load_workbook(
        io.BytesIO(bytes_of(client.get(f"/workbook/imports/{row.pk}/changes.xlsx?show=error")))
    ).active
    assert sheet.max_row == 2 and sheet["G2"].value == "一半"
    assert client.get(f"/workbook/imports/{row.pk}/changes.pdf").status_code == 404


def test_a_conflict_stands_side_by_side(small: Small) -> None:
    from luoshi.supervision import actions

    share = accepted(small)
    path = books.exported(small, OFFICER)
    actions.report_progress(small.call(OFFICER), assignment_id=share.pk, text="系统里的话", percent=20)
    row = books.returned(small, OFFICER, books.edited(path, (1, "text", "表里的话")))
    page = html_of(browser(small, OFFICER), f"/workbook/imports/{row.pk}")
    assert (
        "系统里的话" in page
        and "表里的话" in page
        and "（空）" in page
        and "用表中的" in page
        and " checked" not in page
    )


def test_what_cannot_be_read_is_said_beside_the_field(small: Small) -> None:
    client = browser(small, OFFICER)
    for name, data, words in (
        ("图.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 64, "图"),
        ("空.xlsx", b"", "空"),
        ("无表头.csv", "甲,乙\n1,2\n3,4\n".encode("gb18030"), "没有找到表头"),
    ):
        answer = upload(client, "/workbook/receive", name, data, "/workbook")
        assert 400 <= answer.status_code < 500, name
        assert 'role="alert"' in answer.content.decode() and words in answer.content.decode(), name
    assert Import.objects.count() == 0
    assert client.post("/workbook/receive", {"request_id": "without-a-file"}).status_code == 422


def test_filters_of_the_ledger_go_with_the_export(small: Small) -> None:
    accepted(small, heading_zh="甲任务")
    accepted(small, heading_zh="乙任务")
    client = browser(small, "office.supervisor")
    assert "含：甲任务" in html_of(client, "/workbook?q=甲任务")
    data = bytes_of(exported(client, q="甲任务", layout="supervision"))
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    codes = [row[0].value for row in sheet.iter_rows(min_row=books.first_row(sheet))]
    assert len(codes) == 1 and "含：甲任务" in sheet["A2"].value
    bad = client.post("/workbook/export", {"request_id": "bad-filter-1", "layout": "unit", "state": "nonsense"})
    assert bad.status_code == 422


def test_others_do_not_see_it(small: Small) -> None:
    accepted(small)
    path = books.exported(small, OFFICER)
    row = books.returned(small, OFFICER, path.read_bytes())
    number = books.number_of(path)
    for seat in ("police.officer", "office.supervisor"):
        client = browser(small, seat)
        for url in (f"/workbook/exports/{number}", f"/workbook/exports/{number}/file", f"/workbook/imports/{row.pk}"):
            assert client.get(url).status_code == 404, (seat, url)
    assert Client().get("/workbook").status_code == 302
    assert browser(small, "office.system_admin").get("/workbook").status_code == 403
    assert browser(small, OFFICER).get("/old-ledgers").status_code == 403


def test_an_old_ledger_by_hand(named: Small) -> None:
    client = browser(named, "lead-office.leading_office")
    data = books.sheet_of(MESSY, merged=MERGED, title="台账")
    sent = upload(client, "/old-ledgers/receive", "台账.xlsx", data, "/old-ledgers")
    assert sent.status_code == 303
    url = sent["Location"]
    page = html_of(client, url)
    assert "不认识的单位" in page and "西斗铺" in page and "须处理" in page and "台账!C10" in page
    form = dict(re.findall(r'name="(n\d+-printed)" value="([^"]+)"', page))
    field = next(name for name, printed in form.items() if printed == "西斗铺").removesuffix("-printed")
    chosen = {"request_id": request_id(page), **form, field: str(named.units["town-b"].pk)}
    assert client.post(f"{url}/names", chosen).status_code == 303
    page = html_of(client, url)
    assert "不认识的单位" not in page
    row = OldLedger.objects.get().rows.get(row=11)
    edit = html_of(client, f"{url}/rows/{row.pk}")
    assert "长效管护" in edit and "台账!C11" in edit
    mended = {
        "request_id": request_id(edit), "task": "长效管护机制", "responsible": "", "lead": "公安局", "deadline": "长期",
        "at_edit": re.search(r'name="at_edit" value="(\d+)"', edit)[1],  # type: ignore[index]
    }  # fmt: skip
    assert client.post(f"{url}/rows/{row.pk}", mended).status_code == 303
    page = html_of(client, url)
    given = {
        "request_id": request_id(page.split("迁入</h2>")[1]), "verb": "confirm", "title": "重点工作",
        "leading_unit_id": str(named.units["lead-group"].pk),
    }  # fmt: skip
    assert client.post(f"{url}/step", given).status_code == 303
    page = html_of(client, f"{url}?show=all")
    assert "已迁入任务5项" in page and Task.objects.filter(heading_zh="长效管护机制").count() == 1
    assert f"/tasks/{Task.objects.get(heading_zh='长效管护机制').pk}" in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_whole_in_both_languages(named: Small, language: str) -> None:
    accepted(named)
    path = books.exported(named, OFFICER)
    row = books.returned(named, OFFICER, books.edited(path, (1, "percent", 200), (1, "note", "一条备注")))
    client = browser(named, OFFICER)
    client.cookies["django_language"] = language
    for url in ("/workbook", f"/workbook/exports/{books.number_of(path)}", f"/workbook/imports/{row.pk}",
                f"/workbook/imports/{row.pk}?show=ready"):  # fmt: skip
        html_of(client, url)
    office = browser(named, "office.supervisor")
    office.cookies["django_language"] = language
    sent = upload(office, "/old-ledgers/receive", "旧.xlsx", books.sheet_of(MESSY), "/old-ledgers")
    for show in ("doubts", "ready", "left", "all"):
        html_of(office, f"{sent['Location']}?show={show}")
    html_of(office, "/old-ledgers")


def test_an_address_with_nonsense_breaks_nothing(small: Small) -> None:
    accepted(small)
    row = books.returned(small, OFFICER, books.edited(books.exported(small, OFFICER), (1, "note", "一条备注")))
    client = browser(small, OFFICER)
    assert client.get(f"/workbook/imports/{row.pk}?show=everything").status_code == 404
    assert client.get(f"/workbook/imports/{row.pk}?after=x").status_code == 400
    url = f"/workbook/imports/{row.pk}/decide"
    odd = {"request_id": "odd-decisions", "c99999": "take", "cx": "take", f"c{Change.objects.get().pk}": "explode"}
    assert client.post(url, {**odd, "back": "https://example.com/"})["Location"] == f"/workbook/imports/{row.pk}"
    assert Change.objects.get().decision == "take"


def test_an_export_that_could_not_be_written_says_so_and_does_not_wait_for_ever(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "write", full)
    client = browser(small, OFFICER)
    form = {"request_id": request_id(html_of(client, "/workbook")), "layout": "unit"}
    assert client.post("/workbook/export", form).status_code == 507
    again = client.post("/workbook/export", form)
    answer = client.get(again["Location"])
    assert not answer.has_header("Refresh") and making.standing(Export.objects.get()).state == "failed"
