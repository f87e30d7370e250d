"""Take the pictures of the documents: ``python docs/screenshots.py`` writes ``docs/images/*.png``.

A demo county is made in a temporary folder and served on a free loopback port; Debian's Chromium walks through it. The
gazette in them is that of an invented county (``tests/cases/second_county``): no real person or sentence is shown.
"""

import io
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.journeys.conftest import CHROMIUM, FLAGS, font_file  # noqa: E402
from tests.journeys.house import House, running  # noqa: E402

IMAGES = ROOT / "docs" / "images"
GAZETTE = ROOT / "tests" / "cases" / "second_county" / "gazette.txt"
LIMIT = 200 * 1024
WORKED_ON = re.compile("办理中|In progress")
OFFICER, SUPERVISOR, HEAD, EDITOR = "承办人", "督查室督查员", "分管副县长", "公报编辑"
TOWN = "怀朔镇 镇经办人"


class Camera:
    """One browser that enters the house as a post, dressed as asked, and keeps what it sees."""

    def __init__(self, browser: Any, house: House) -> None:
        self.browser, self.house = browser, house

    def enter(
        self, post: str = "", *, width: int = 1280, height: int = 860, language: str = "zh-hans", large: bool = False
    ) -> Any:
        """Return a page signed in as a post of the demo county, or as a visitor."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", base_url=self.house.url
        )
        self._choose(context, luoshi_theme="light", luoshi_large="1" if large else "0")
        page = context.new_page()
        page.goto("/")
        if post:
            button = page.locator("button[name=appointment]", has_text=post).first
            button.evaluate(
                "b => { for (let d = b.closest('details'); d; d = d.parentElement.closest('details')) d.open = true }"
            )
            button.click()
        self._choose(context, luoshi_language=language)
        return page

    def _choose(self, context: Any, **chosen: str) -> None:
        context.add_cookies([{"name": name, "value": value, "url": self.house.url} for name, value in chosen.items()])

    def keep(self, page: Any, name: str) -> None:
        """Write what the page shows as ``docs/images/NAME.png``."""
        page.wait_for_load_state("networkidle")
        seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        picture = seen.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        path = IMAGES / f"{name}.png"
        picture.save(path, optimize=True)
        size = path.stat().st_size
        print(f"{name}.png {picture.width}x{picture.height} {size // 1024} KiB")
        assert size <= LIMIT, f"{name}.png is larger than {LIMIT} bytes"
        page.context.close()


def luoshi(house: House, *words: str) -> dict[str, Any]:
    """Run one command on the house's data and return its JSON."""
    done = subprocess.run(  # noqa: S603 - our own command on our own temporary folder
        [sys.executable, "-m", "luoshi.cli", *words, "--json"],
        env=os.environ | {"LUOSHI_HOME": str(house.home)}, capture_output=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def take(camera: Camera, house: House) -> None:
    """Walk through the house; the order matters, because the desk is looked at before the gazette is confirmed."""
    shots: dict[str, Callable[[], Any]] = {
        "front": lambda: camera.enter(),
        "inbox": lambda: at(camera.enter(OFFICER), "/inbox"),
        "duty": lambda: first_duty(camera.enter(OFFICER)),
        "ledger": lambda: at(camera.enter(SUPERVISOR), "/tasks"),
        "cockpit": lambda: at(camera.enter(HEAD), "/cockpit"),
        "week": lambda: at(camera.enter(HEAD), "/week"),
        "chart": lambda: at(camera.enter(SUPERVISOR), "/gantt"),
        "score": lambda: first_score(camera.enter(TOWN)),
        "promises": lambda: at(camera.enter(width=360, height=740), "/promises"),
        "gallery": lambda: at(camera.enter(), "/gallery"),
        "english": lambda: first_duty(camera.enter(OFFICER, language="en")),
        "phone": lambda: at(camera.enter(OFFICER, width=360, height=740), "/inbox"),
        "large": lambda: at(camera.enter(OFFICER, large=True), "/inbox"),
    }
    for name, shot in shots.items():
        camera.keep(shot(), name)
    proposal = luoshi(house, "gazette", "import", str(GAZETTE))["received"]["proposal"]
    camera.keep(at(camera.enter(EDITOR), f"/gazette/desk/{proposal}"), "desk")
    luoshi(house, "gazette", "import", str(GAZETTE), "--confirm")
    page = at(camera.enter(), "/g/")
    for target in ("/g/2", "/d/"):
        page.locator(f"main a[href^='{target}']").first.click()
    camera.keep(page, "reader")


def at(page: Any, path: str) -> Any:
    """Go somewhere and return the page."""
    answer = page.goto(path)
    assert answer.status == 200, f"{path}: {answer.status}"
    return page


def first_duty(page: Any) -> Any:
    """Open the first duty of the inbox that is being worked on."""
    at(page, "/inbox")
    page.locator("main tbody tr", has_text=WORKED_ON).locator("a[href^='/duties/']").first.click()
    page.wait_for_url("**/duties/*")
    return page


def first_score(page: Any) -> Any:
    """Open the newest score of the unit."""
    at(page, "/scores").locator("main a[href^='/scores/sheets/']").first.click()
    page.wait_for_url("**/scores/sheets/*")
    return page


def main() -> int:
    """Take all pictures."""
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        fonts, home = Path(folder) / "fonts", Path(folder) / "house"
        fonts.mkdir()
        home.mkdir()
        os.environ["FONTCONFIG_FILE"] = str(font_file(fonts))  # before the browser's driver starts: it hands this on
        with sync_playwright() as started, running(home) as house:
            browser = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
            take(Camera(browser, house), house)
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
