"""The main job in a real browser: an officer reports with evidence, the supervisor returns and approves, the journal shows it.

With and without JavaScript, by keyboard alone, in English and large type, and as somebody without an account sees it.
"""

import io
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
GAZETTE = ROOT / "tests" / "cases" / "second_county" / "gazette.txt"
SUPERVISOR, EDITOR = "督查室督查员", "公报编辑"
OFFICE = {True: "县工信和科技局 承办人", False: "县市场监管局 承办人"}
WORKED_ON = re.compile("办理中")
RESTRICTED = ["/inbox", "/cockpit", "/tasks", "/gazette/desk", "/requests", "/journal", "/persons"]


def picture() -> dict[str, object]:
    """A photo nobody has sent before: the house knows a picture again."""
    made = io.BytesIO()
    Image.frombytes("RGB", (320, 240), secrets.token_bytes(320 * 240 * 3)).save(made, "JPEG", quality=80)
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


def open_worked_on(page) -> str:
    """Open the first duty of the inbox that is being worked on, and return its address."""
    row = page.locator("main tbody tr", has_text=WORKED_ON).first
    row.locator("a[href^='/duties/']").click()
    page.wait_for_url("**/duties/*")
    return page.url


def report_done(page, text: str) -> None:
    page.get_by_role("link", name="报办结", exact=True).click()
    page.get_by_label("情况说明").fill(text)
    page.get_by_label(re.compile("^材料")).set_input_files([picture()])
    page.get_by_role("button", name="报办结").click()
    page.wait_for_url("**/duties/*")


def open_for_review(page, title: str) -> None:
    page.goto("/inbox?tab=review")
    page.locator("main tbody tr", has_text=title).first.locator("a[href^='/duties/']").click()
    page.wait_for_url("**/duties/*")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_from_the_inbox_to_the_journal(enter: Callable, looks_clean: Callable, javascript: bool) -> None:
    # The officer opens a duty and reads the words of its clause.
    officer = enter(OFFICE[javascript], "/inbox", javascript=javascript)
    duty = open_worked_on(officer)
    title = officer.locator("h1").inner_text()
    chip = officer.locator("details.cite >> visible=true").last
    chip.locator("summary").click()
    assert len(chip.locator("p").first.inner_text()) > 3, "the words of the clause, in place"
    chip.get_by_role("link", name="看这一条").first.click()
    assert "/clauses/" in officer.url and officer.locator("h1").inner_text()
    officer.goto(duty)

    # An empty report is refused beside its field, and nothing has happened.
    officer.get_by_role("link", name="报办结", exact=True).click()
    officer.get_by_role("button", name="报办结").click()
    assert officer.locator("[role=alert]").first.is_visible()
    if javascript:
        looks_clean(officer)
    officer.goto(duty)
    assert officer.get_by_role("link", name="报办结", exact=True).count() == 1

    # A report with evidence goes up.
    first = f"已完成第一轮检查 {secrets.token_hex(3)}"
    report_done(officer, first)
    assert officer.locator("#reports").get_by_text(first).is_visible()
    assert officer.locator("#reports").get_by_role("link", name="现场.jpg").first.is_visible()
    assert officer.get_by_role("link", name="报办结", exact=True).count() == 0, (
        "what waits for review is not sent again"
    )

    # The supervisor sends it back, with a reason.
    supervisor = enter(SUPERVISOR, "/", javascript=javascript)
    open_for_review(supervisor, title)
    report = supervisor.locator("article", has_text=first).first
    assert report.get_by_role("link", name="现场.jpg").is_visible()
    report.get_by_role("link", name="退回报告").click()
    reason = f"缺少现场台账 {secrets.token_hex(3)}"
    supervisor.get_by_label("理由").fill(reason)
    supervisor.get_by_role("button", name="退回报告").click()
    supervisor.wait_for_url(re.compile(r"/(duties|tasks)/"))

    # The officer reads why, and reports again.
    officer.goto(duty)
    assert officer.get_by_text(reason).first.is_visible()
    second = f"已补充台账 {secrets.token_hex(3)}"
    report_done(officer, second)

    # The supervisor approves.
    open_for_review(supervisor, title)
    with supervisor.expect_navigation():
        supervisor.locator("article", has_text=second).first.get_by_role("button", name="审核通过").click()

    # The journal of the task shows both decisions and both reports, newest first.
    supervisor.goto(duty)
    supervisor.get_by_role("link", name=re.compile("看整项任务")).click()
    supervisor.get_by_role("link", name="看全部留痕").click()
    told = supervisor.locator("ol.journal").inner_text()
    assert told.index("通过审核") < told.index("被退回")
    assert reason in told
    assert told.count("报办结") >= 2
    if javascript:
        looks_clean(supervisor)


def test_a_report_sent_twice_is_one_report(enter: Callable) -> None:
    """Going back and sending the same form again does not act again."""
    officer = enter("县教育局 承办人", "/inbox")
    duty = open_worked_on(officer)
    before = officer.locator("#reports article").count()
    officer.get_by_role("link", name="报进展", exact=True).click()
    form = officer.url
    officer.get_by_label("情况说明").fill("已召开部署会")
    request_id = officer.locator("main form input[name=request_id]").input_value()
    officer.get_by_role("button", name="报进展").click()
    officer.wait_for_url("**/duties/*")
    assert officer.locator("#reports article").count() == before + 1
    officer.goto(form)
    officer.locator("main form input[name=request_id]").evaluate("(field, id) => { field.value = id }", request_id)
    officer.get_by_label("情况说明").fill("已召开部署会")
    officer.get_by_role("button", name="报进展").click()
    officer.wait_for_url("**/duties/*")
    assert officer.get_by_text("没有重复办理").is_visible()
    officer.goto(duty)
    assert officer.locator("#reports article").count() == before + 1


def test_the_ledger_by_keyboard_alone(enter: Callable) -> None:
    """Tab to the ledger, arrow down, Enter opens the task; / goes back to the filter of words."""
    page = enter(SUPERVISOR, "/tasks")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("Boolean(document.activeElement.closest('[data-ledger] .scroll'))"):
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    rows = page.locator("tbody tr")
    assert rows.nth(1).get_attribute("aria-selected") == "true"
    title = rows.nth(1).locator("a").first.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/*")
    assert page.locator("h1").inner_text() == title
    page.go_back()
    page.locator("main").focus()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("食品")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks?*")
    titles = page.locator("tbody tr").all_inner_texts()
    assert titles and all("食品" in text for text in titles)


def test_english_and_large_type_keep_the_page_and_its_filter(enter: Callable) -> None:
    page = enter(SUPERVISOR, "/tasks?state=open")
    address, rows = page.url, page.locator("tbody tr").count()
    page.get_by_role("button", name="English").click()
    assert page.url == address
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").inner_text().startswith("Ledger")
    page.get_by_role("button", name="Large type").click()
    assert page.url == address
    assert page.locator("html").get_attribute("class") == "large"
    assert page.locator("tbody tr").count() == rows
    page.get_by_role("button", name="中文").click()
    assert page.url == address and page.locator("html").get_attribute("lang") == "zh-Hans"


def test_a_visitor_sees_public_pages_only(visit: Callable) -> None:
    page = visit("/", width=360)
    shown = {a.get_attribute("href") for a in page.locator("nav a, main a").all()}
    assert not {href for href in shown if href and href.split("?")[0] in RESTRICTED}
    for path in ("/g/", "/search", "/g/chronicle", "/notices", "/readings", "/ask"):
        assert page.goto(path).status == 200, path
    for path in [*RESTRICTED, "/duties/1", "/tasks/1", "/units/1", "/shares/1/accept", "/files/1", "/cockpit/duties"]:
        answer = page.goto(path)
        assert answer.status in (401, 403, 404) or "/account/sign-in" in page.url, f"{path}: {answer.status}"
        assert page.locator("tbody tr").count() == 0, path


def test_a_gazette_from_the_desk_to_the_reader(house, enter: Callable, visit: Callable) -> None:
    """The editor uploads a gazette, reads what is in doubt, and confirms; anybody reads the document, and finds it."""
    desk = enter(EDITOR, "/gazette/desk")
    desk.get_by_role("link", name="导入公报").click()
    desk.get_by_label("公报或文件").set_input_files(GAZETTE)
    desk.get_by_role("button", name="导入公报").click()
    desk.wait_for_url(re.compile(r"/gazette/desk/\d+"))
    assert desk.get_by_text("柳汀县农产品集市提升方案").first.is_visible()
    assert visit("/g/").get_by_text("柳汀县").count() == 0, "a proposal is not public"
    desk.get_by_role("button", name="确认公报").click()
    desk.wait_for_load_state("networkidle")
    reader = visit("/g/", width=360)
    reader.locator("main a[href^='/g/2']").first.click()
    reader.locator("main a[href^='/d/']", has_text="集市").first.click()
    assert "遮雨棚" in reader.locator("main").inner_text()
    reader.goto("/search?q=遮雨")
    assert reader.locator("main").get_by_text("集市").count() > 0


def test_the_real_gazette_by_command_stands_in_the_house(house, enter: Callable) -> None:
    """``luoshi gazette import … --confirm`` beside the running server; the page shows it without a restart."""
    real = ROOT.parent / "shared" / "gazette" / "guyang-2023-issue-2.txt"
    if not real.exists():
        pytest.skip("the real gazette is not on this machine")
    if house.database != "sqlite":
        pytest.skip("the command needs the house's own folder")
    done = subprocess.run(
        [sys.executable, "-m", "luoshi.cli", "gazette", "import", str(real), "--confirm"],
        env={k: v for k, v in os.environ.items() if not k.startswith("LUOSHI_")} | {"LUOSHI_HOME": str(house.home)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    page = enter(SUPERVISOR, "/g/")
    page.locator("main a[href^='/g/2023/']").first.click()
    assert page.locator("main a[href^='/d/guyang-']").count() >= 4
