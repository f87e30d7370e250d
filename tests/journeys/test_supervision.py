"""Supervision in a real browser: a unit, the supervision desk, the county head and the public each do their work."""

import csv
import io
import re
import secrets
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

DESK, HEAD, TOWN = "督查室督查员", "分管副县长", "金山镇 镇经办人"
PAGES = {
    DESK: ("/overview", "/gantt", "/month", "/filings/rounds", "/week", "/forecasts", "/meetings", "/scores", "/load",
           "/promises/desk", "/clues/desk", "/presses", "/asks", "/checks", "/workbook"),
    HEAD: ("/week", "/overview", "/scores", "/load"),
    TOWN: ("/filings", "/load/mine", "/scores", "/workbook"),
}  # fmt: skip
PUBLIC = ("/promises", "/clues/new", "/clues/state", "/scores/public", "/circulars")


@pytest.mark.parametrize("post", PAGES, ids=["desk", "head", "town"])
def test_the_pages_of_each_post_are_clean(enter: Callable, looks_clean: Callable, post: str) -> None:
    page = enter(post)
    for path in PAGES[post]:
        page.goto(path)
        assert page.locator("h1").first.inner_text()
        looks_clean(page)


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_fit_a_telephone(visit: Callable, looks_clean: Callable, path: str) -> None:
    page = visit(path, width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert len(page.content().encode()) < 60 * 1024
    looks_clean(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_town_confirms_a_report_that_the_system_drafted(enter: Callable, javascript: bool) -> None:
    town = enter(TOWN if javascript else "兴顺西镇 镇经办人", "/filings", javascript=javascript)
    town.locator("main tbody tr a[href^='/filings/']").first.click()
    figures = [int(n) for n in re.findall(r"(\d+)格", town.locator("main").inner_text())]
    assert figures and max(figures) > 20, "the sheet says how many cells the system filled"
    assert town.locator("main form").count() >= 1


def test_the_desk_sees_the_cost_before_it_asks(enter: Callable) -> None:
    title = f"报送台账样表 {secrets.token_hex(3)}"
    desk = enter(DESK, "/asks/new")
    desk.locator("[name=title]").fill(title)
    desk.locator("[name=wanted]").fill("请按样表报送本月检查台账。")
    desk.locator("[name=due_on]").fill("2023-07-12")
    desk.locator("[name=cells]").fill("12")
    box = desk.locator("label", has_text="县市场监管局").first
    box.evaluate("b => { for (let d = b.closest('details'); d; d = d.parentElement.closest('details')) d.open = true }")
    box.click()
    desk.get_by_role("button", name="先看会增加多少负担").click()
    seen = desk.locator("main").inner_text()
    assert "54" in seen and "480" in seen, "30 minutes and two for each of 12 cells, against the week's cap"
    desk.locator("main form button", has_text=re.compile("发出|提出")).last.click()
    officer = enter("县市场监管局 承办人", "/asks")
    assert officer.get_by_text(title).first.is_visible()
    officer.goto("/load/mine?week=2023-07-10")
    assert title in officer.locator("main").inner_text()


def test_the_county_head_has_one_sheet_for_the_week(enter: Callable) -> None:
    head = enter(HEAD, "/week")
    link = head.locator("a[href^='/week.pdf']").get_attribute("href")
    answer = head.request.get(link)
    assert answer.headers["content-type"] == "application/pdf" and answer.body()[:5] == b"%PDF-"
    late = head.locator("a[href^='/week/late']").first
    told = int(late.inner_text())
    late.click()
    assert head.locator("main tbody tr").count() == told


def test_a_unit_recomputes_its_score_and_contests_an_item(enter: Callable) -> None:
    town = enter("怀朔镇 镇经办人", "/scores")
    export = town.request.get("/scores/2/export.zip")
    packed = zipfile.ZipFile(io.BytesIO(export.body()))
    assert {"recompute.py", "facts.json", "scheme.json", "results.json"} <= set(packed.namelist())
    town.locator("main a[href^='/scores/sheets/']").first.click()
    assert "四舍五入到两位小数" in town.locator("main").inner_text()
    contest = town.locator("main a[href*='/contest/']")
    assert contest.count() >= 1
    contest.first.click()
    town.get_by_role("button", name=re.compile("申诉|提交")).last.click()
    assert town.locator("[role=alert]").first.is_visible(), "without a reason nothing is filed"


def test_the_ledger_goes_out_as_a_workbook_and_comes_back_unchanged(enter: Callable) -> None:
    desk = enter(DESK, "/workbook")
    desk.get_by_role("button", name="导出台账").click()
    desk.wait_for_url("**/workbook/exports/*")
    written = desk.request.get(desk.locator("main a[href$='/file']").get_attribute("href")).body()
    sheet = openpyxl.load_workbook(io.BytesIO(written)).worksheets[0]
    assert sheet.merged_cells.ranges and sheet.freeze_panes and sheet.data_validations.dataValidation
    desk.goto("/workbook")
    back = {"name": "台账.xlsx", "mimeType": "application/octet-stream", "buffer": written}
    desk.locator("input[type=file]").set_input_files([back])
    desk.get_by_role("button", name="回传台账").click()
    desk.wait_for_url("**/workbook/imports/*")
    assert "表里没有改动" in desk.locator("main").inner_text()


def test_a_citizen_reads_a_promise_and_sends_a_clue(visit: Callable, enter: Callable) -> None:
    words = f"公示栏没有张贴名单 {secrets.token_hex(3)}"
    citizen = visit("/promises", width=360, javascript=False)
    citizen.locator("main a[href^='/promises/']").first.click()
    assert "期限" in citizen.locator("main").inner_text()
    citizen.goto("/clues/new")
    citizen.locator("[name=text]").fill(words)
    citizen.get_by_role("button", name="提交线索").click()
    told = citizen.locator("main").inner_text()
    number = re.search(r"编号\D{0,12}([0-9A-Z-]{6,})", told)
    assert number, told
    desk = enter(DESK, "/clues/desk")
    assert desk.get_by_text(number[1]).first.is_visible()


def test_the_open_data_says_what_the_page_says(visit: Callable) -> None:
    page = visit("/promises?state=all")
    link = page.locator("a[href*='.csv']").first.get_attribute("href")
    rows = list(csv.reader(io.StringIO(page.request.get(link).text().lstrip("\ufeff"))))
    assert len(rows) > 100 and all(len(row) == len(rows[0]) for row in rows if row)
