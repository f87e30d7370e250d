"""A real browser against a real house. ``enter("督查室督查员")`` gives a page signed in as that post of the demo county.

Every page is watched: an error in a script, a refusal by the content-security policy, or an answer of 5xx fails the
test. ``looks_clean(page)`` runs axe. The browser is Debian's Chromium; nothing is downloaded.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.house import House, running

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTHS = (360, 1280, 1920)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One demo county for all journeys of this run; one that already runs when LUOSHI_JOURNEY_URL names it."""
    if url := os.environ.get("LUOSHI_JOURNEY_URL"):
        yield House(url, tmp_path_factory.mktemp("house"), "given")
        return
    with running(tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator["object"]:
    """One browser for all journeys, with the Chinese fonts that Luoshi ships for its papers."""
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip("no Chromium on this machine")
    os.environ["FONTCONFIG_FILE"] = str(font_file(tmp_path_factory.mktemp("fonts")))
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


def font_file(folder: Path) -> Path:
    import pylopdf_fonts_zh_cn

    fonts = Path(str(pylopdf_fonts_zh_cn.__file__)).parent
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>/usr/share/fonts</dir><dir>{fonts}</dir><cachedir>{folder / 'cache'}</cachedir>"
        '<include ignore_missing="yes">/etc/fonts/conf.d</include></fontconfig>',
        "utf-8",
    )
    return path


@pytest.fixture
def visit(house: House, chromium) -> Iterator[Callable]:
    """Return a function that opens a fresh visitor's page: ``visit("/", width=360, language="en", theme="dark", …)``."""
    contexts, told = [], []

    def opened(
        path: str = "/", *, width: int = 1280, language: str = "zh-hans", theme: str = "light",
        large: bool = False, media: str = "screen", javascript: bool = True, **more: object,
    ):  # fmt: skip
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            locale="zh-CN",
            java_script_enabled=javascript,
            base_url=house.url,
            **more,
        )
        contexts.append(context)
        chosen = {"luoshi_language": language, "luoshi_theme": theme, "luoshi_large": "1" if large else "0"}
        context.add_cookies([{"name": k, "value": v, "url": house.url} for k, v in chosen.items()])
        page = context.new_page()
        page.on("pageerror", lambda error: told.append(f"script: {error}"))
        page.on("console", lambda line: told.append(f"console: {line.text}") if _is_fault(line) else None)
        page.on(
            "response", lambda answer: told.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
        )
        page.emulate_media(media=media)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert told == []


def _is_fault(line) -> bool:
    return "Content Security Policy" in line.text or "Refused to" in line.text


@pytest.fixture
def enter(visit: Callable) -> Callable:
    """Return a function that signs in as a post of the demo by its Chinese title, and opens a page as that post."""

    def entered(post: str, path: str = "/", **how: object):
        page = visit("/", **{**how, "language": "zh-hans", "media": "screen"})
        button = page.locator("button[name=appointment]", has_text=post).first
        button.evaluate(
            "b => { for (let d = b.closest('details'); d; d = d.parentElement.closest('details')) d.open = true }"
        )
        button.click()
        if how.get("language"):
            page.context.add_cookies([{"name": "luoshi_language", "value": str(how["language"]), "url": page.url}])
        page.emulate_media(media=str(how.get("media", "screen")))
        page.goto(path)
        return page

    return entered


@pytest.fixture(scope="session")
def looks_clean() -> Callable:
    """Return a function that runs axe on a page and asserts that it finds nothing."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()

    def clean(page) -> None:
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()

    return clean
