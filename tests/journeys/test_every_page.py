"""Every kind of page a post can reach by following links: valid, clean for axe, no wider than a phone.

A kind of page is its address with numbers and values left out, so that one task stands for all tasks.
"""

import re
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest

from tests.site.looked_at import OFFICER_LIMIT, faults

POSTS = [
    "督查室督查员",
    "承办人",
    "镇经办人",
    "创建办专员",
    "公报编辑",
    "信息公开员",
    "审计联络员",
    "系统管理员",
    "安全管理员",
]
MOST_KINDS = 40
FILES = ("/static/", "/api/", "/metrics", "/healthz")
DOWNLOAD = re.compile(r"export|\.(xlsx|csv|docx|pdf|zip)\b|/files/")


def kind_of(address: str) -> str:
    parts = urlsplit(address)
    path = re.sub(r"/(\d+|[A-Z]+-[^/]+)", "/N", parts.path)
    return f"{path}?{'&'.join(sorted(name for name, _ in parse_qsl(parts.query)))}"


def links(page) -> list[str]:
    found = page.eval_on_selector_all("a[href]", "as => as.map(a => a.getAttribute('href'))")
    here = [urljoin(page.url, href).split("#")[0] for href in found if not href.startswith(("#", "mailto:", "tel:"))]
    ours = [a for a in here if urlsplit(a).netloc == urlsplit(page.url).netloc]
    return [a for a in ours if not urlsplit(a).path.startswith(FILES) and not DOWNLOAD.search(a)]


@pytest.mark.slow
@pytest.mark.parametrize("post", POSTS)
def test_every_kind_of_page_of_a_post(enter, looks_clean, post: str) -> None:
    page = enter(post, "/", width=360)
    waiting, met, told = [page.url], set(), []
    while waiting and len(met) < MOST_KINDS:
        address = waiting.pop(0)
        if kind_of(address) in met:
            continue
        met.add(kind_of(address))
        answer = page.goto(address)
        if answer.status >= 400:
            told.append(f"{answer.status} {address}")
            continue
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        body = answer.body()
        told += [f"{address}: {fault}" for fault in faults(body)]
        if len(body) > OFFICER_LIMIT - 80_000:  # what the shared files weigh is kept free
            told.append(f"{address}: {len(body)} bytes")
        width = page.evaluate("document.documentElement.scrollWidth")
        told += [f"{address}: {width} px wide"] if width > 360 else []
        try:
            looks_clean(page)
        except AssertionError as found:
            told.append(f"{address}: {found}")
        waiting += links(page)
    assert told == []
    assert len(met) > 2
