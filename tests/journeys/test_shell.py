"""The shell in a real browser: clean for axe in every dress, by keyboard, without JavaScript, at every width."""

import json

import pytest

from tests.journeys.conftest import WIDTHS

DRESSES = {
    "light": {},
    "dark": {"theme": "dark"},
    "large": {"large": True},
    "phone": {"width": 360},
    "large-phone": {"width": 360, "large": True},
    "print": {"media": "print"},
    "english": {"language": "en"},
    "english-dark-phone": {"language": "en", "theme": "dark", "width": 360},
}
SUPERVISOR = "督查室督查员"


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("path", ["/gallery", "/gallery?bad=1", "/", "/clauses/FOOD-0d", "/nowhere"])
def test_public_pages_are_clean(visit, looks_clean, path: str, dress: str) -> None:
    looks_clean(visit(path, **DRESSES[dress]))


@pytest.mark.parametrize("dress", ["light", "dark", "large-phone", "print", "english"])
def test_the_cockpit_is_clean_down_to_the_duties(enter, looks_clean, dress: str) -> None:
    page = enter(SUPERVISOR, "/cockpit", **DRESSES[dress])
    looks_clean(page)
    page.goto("/cockpit/duties?state=overdue")
    assert page.locator("tbody tr").count() > 0
    looks_clean(page)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("large", [False, True])
def test_no_page_is_wider_than_its_window(enter, width: int, large: bool) -> None:
    page = enter(SUPERVISOR, "/cockpit", width=width, large=large)
    for path in ("/cockpit", "/cockpit/duties", "/gallery", "/", "/clauses/FOOD-0d"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_targets_are_48_px_in_large_type(visit) -> None:
    page = visit("/gallery", width=360, large=True)
    small = page.evaluate(
        "[...document.querySelectorAll('button, select, input:not([type=hidden]):not([type=checkbox]):not([type=radio]), .tabs a, .rail a')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 47.5).map(e => e.outerHTML.slice(0, 90))"
    )
    assert small == []


def test_a_ledger_by_keyboard(enter) -> None:
    page = enter(SUPERVISOR, "/cockpit/duties?state=overdue")
    page.locator("[data-ledger] .scroll").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    rows = page.locator("tbody tr")
    assert rows.nth(1).get_attribute("aria-selected") == "true" and rows.nth(0).get_attribute("aria-selected") is None
    page.keyboard.press("End")
    assert rows.last.get_attribute("aria-selected") == "true"
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    assert rows.first.get_attribute("aria-selected") == "true"


def test_enter_opens_the_chosen_row_and_slash_goes_to_the_search(visit) -> None:
    page = visit("/gallery")
    page.locator("[data-ledger] .scroll").first.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.wait_for_url("**/gallery?row=1*")
    page.locator("main").focus()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"


def test_the_first_tab_skips_to_the_content(visit) -> None:
    page = visit("/gallery")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "work"


def test_everything_can_be_reached_by_tab_and_shows_where_one_is(enter) -> None:
    page = enter(SUPERVISOR, "/cockpit")
    seen = []
    for _ in range(25):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "[[...document.querySelectorAll('*')].indexOf(document.activeElement), getComputedStyle(document.activeElement).outlineStyle]"
            )
        )
    assert len({what for what, _ in seen}) == 25
    assert all(style == "solid" for _, style in seen)


def test_a_ledger_is_copied_as_a_table(visit) -> None:
    page = visit("/gallery", permissions=["clipboard-read", "clipboard-write"])
    page.locator("[data-copy]").first.click()
    page.get_by_text("已复制").wait_for()
    lines = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert lines[0].split("\t")[:3] == ["任务", "牵头单位", "状态"] and len(lines) == 8
    assert lines[3].split("\t")[2:4] == ["逾期", "2023年6月30日（周五）"]


def test_a_draft_is_kept_and_given_back(visit) -> None:
    page = visit("/gallery")
    page.fill("#f-text", "已经登记三十家")
    page.reload()
    assert page.input_value("#f-text") == "已经登记三十家"
    kept = json.loads(page.evaluate("localStorage.getItem('luoshi-draft:gallery')"))
    assert "request_id" not in kept and "csrfmiddlewaretoken" not in kept


ANSWERS = {
    "done": ("<p class='notice done' role='status'>已提交。</p>", None),
    "problem": ("<p class='notice error' role='alert'>有一项不合要求。</p>", "已经登记三十家"),
    "lost": (None, "已经登记三十家"),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_draft_goes_when_it_is_done_and_stays_when_it_is_not(visit, answer: str) -> None:
    body, kept = ANSWERS[answer]
    page = visit("/gallery")
    page.fill("#f-text", "已经登记三十家")
    html = f"<!doctype html><html lang=zh-Hans><body><main><div data-told>{body}</div></main><script src=/static/luoshi/luoshi.js></script>"

    def answered(route) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif body is None:
            route.abort("internetdisconnected")
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route("**/gallery", answered)
    page.locator("form[data-draft] button.act").click()
    page.wait_for_timeout(300)
    page.goto("/gallery")
    assert page.input_value("#f-text") == (kept or "")


def test_an_act_that_is_off_sends_nothing_but_can_be_read(visit) -> None:
    page = visit("/gallery")
    off = page.locator("button[aria-disabled=true]").first
    off.focus()
    assert page.evaluate("document.activeElement.getAttribute('aria-disabled')") == "true"
    off.click(force=True)
    assert page.url.endswith("/gallery")


def test_a_problem_at_the_head_takes_the_focus_and_leads_to_its_field(visit) -> None:
    page = visit("/gallery?bad=1")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#f-percent")


def test_a_clause_opens_in_place_and_at_its_own_address(visit) -> None:
    page = visit("/gallery")
    chip = page.locator("details.cite").first
    chip.locator("summary").click()
    chip.get_by_role("link", name="看这一条").click()
    assert page.url.endswith("/clauses/FOOD-0d")


def test_without_javascript_one_signs_in_reads_and_changes_the_language(enter) -> None:
    page = enter_without_script(enter)
    assert page.locator("details.menu summary").inner_text().startswith("县政府办公室")
    page.get_by_role("link", name="一屏总览").first.click()
    assert page.locator("h1").inner_text() == "哪些逾期，接下来轮到谁"
    page.locator(".figures a").first.click()
    assert page.locator("tbody tr").count() > 0
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("button", name="Large type").click()
    assert page.locator("html").get_attribute("class") == "large"


def enter_without_script(enter):
    return enter(SUPERVISOR, "/", javascript=False)


def test_the_dress_follows_the_machine_until_one_is_chosen(visit) -> None:
    page = visit("/gallery", theme="auto", color_scheme="dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="light")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark


def test_paper_is_black_on_white_and_leaves_the_frame_out(enter) -> None:
    page = enter(SUPERVISOR, "/cockpit", theme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    for part in (".strip", ".rail", ".foot"):
        assert not page.locator(part).is_visible()
