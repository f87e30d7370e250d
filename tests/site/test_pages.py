"""Every page of the shell, in both languages, for the public and for officers: whole, valid, small, without inline code."""

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from luoshi.site.middleware import POLICY
from tests.office.conftest import SmallCounty
from tests.site.conftest import english
from tests.site.looked_at import OFFICER_LIMIT, PUBLIC_LIMIT, faults

PUBLIC = [
    "/",
    "/gallery",
    "/gallery?bad=1",
    "/clauses/FOOD-0d",
    "/clauses/HOUSE-0.1a",
    "/nowhere",
    "/clauses/FOOD-none",
    "/clauses/x",
]
OFFICERS = [
    "/",
    "/gallery",
    "/cockpit",
    "/cockpit/duties",
    "/cockpit/duties?state=overdue&plan=food&unit=market",
    "/clauses/FOOD-0d",
]
SHARED_FILES = ["luoshi/luoshi.css", "luoshi/luoshi.js"]


def weight(client: Client, names: list[str]) -> int:
    return sum(len(b"".join(client.get(f"/static/{name}").streaming_content)) for name in names)  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_public_page_is_whole_valid_and_small(small: SmallCounty, client: Client, path: str, language: str) -> None:
    page = (english(client) if language == "en" else client).get(path)
    assert page.status_code == (404 if path in ("/nowhere", "/clauses/FOOD-none", "/clauses/x") else 200)
    assert faults(page.content) == []
    assert page["Content-Security-Policy"] == POLICY
    assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in page.content.decode()
    assert b"htmx" not in page.content
    assert len(page.content) + weight(client, SHARED_FILES) <= PUBLIC_LIMIT


@pytest.mark.parametrize("path", OFFICERS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_officer_page_is_whole_valid_and_small(busy: SmallCounty, signed_in, path: str, language: str) -> None:
    client = signed_in(busy, "supervisor")
    page = (english(client) if language == "en" else client).get(path)
    assert page.status_code == 200
    assert faults(page.content) == []
    assert page["Content-Security-Policy"] == POLICY
    assert len(page.content) + weight(client, [*SHARED_FILES, "django_htmx/htmx-2.min.js"]) <= OFFICER_LIMIT


def test_public_pages_set_no_cookie(small: SmallCounty, client: Client, settings) -> None:
    settings.LUOSHI_DEMO = False
    for path in ("/", "/clauses/FOOD-0d", "/nowhere"):
        assert not client.get(path).cookies


def test_large_type_and_theme_stand_in_the_page(small: SmallCounty, client: Client) -> None:
    client.cookies["luoshi_large"], client.cookies["luoshi_theme"] = "1", "dark"
    assert 'data-theme="dark" class="large"' in client.get("/").content.decode()


def test_a_theme_nobody_offers_cannot_break_out_of_the_attribute(small: SmallCounty, client: Client) -> None:
    client.cookies["luoshi_theme"] = "'><b>"
    assert faults(client.get("/").content) == []


def test_an_undefined_variable_fails(db: None) -> None:
    with pytest.raises(pytest.fail.Exception, match="nobody_gave_this"):
        Template("{{ nobody_gave_this }}").render(Context())


def test_the_looker_sees_what_is_wrong() -> None:
    bad = (
        b"<html lang=zh-Hans><title>x</title><main><h1>a</h1><h3 id=i>b</h3><p id=i style='color:red'>c<div>d</div></p>"
        b"<input name=n><a href='#gone'>e</a><a href=/></a><script>1</script><b onclick=x>f</b></main></html>"
    )
    told = " / ".join(faults(bad))
    for word in (
        "id twice",
        "heading 3 after 1",
        "inline style",
        "no label: n",
        "#gone",
        "a without words",
        "inline script",
        "onclick",
        "block in a paragraph",
    ):
        assert word in told


def test_the_style_sheet_stays_small_and_asks_for_nothing_outside(client: Client) -> None:
    css = b"".join(client.get("/static/luoshi/luoshi.css").streaming_content).decode()  # type: ignore[attr-defined]
    assert len(css.encode()) <= 30_000
    assert "url(" not in css and "@import" not in css and "italic" not in css


def test_every_shell_route_is_there() -> None:
    for name in (
        "front",
        "gallery",
        "cockpit",
        "cockpit-duties",
        "healthz",
        "metrics",
        "language",
        "appearance",
        "demo-sign-in",
        "act-as",
    ):
        assert reverse(name)
