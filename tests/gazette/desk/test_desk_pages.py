"""The desk in a browser without JavaScript: what is shown, what may be done, and by whom."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.gazette.desk.conftest import MARKET, TEXT, Desk
from tests.gazette.desk.test_versions import NEW

from luoshi.gazette.actions import versions
from luoshi.gazette.models import Proposal
from luoshi.office.plans.models import Document, Task

Enter = Callable[[Desk, str], Client]


@pytest.fixture(autouse=True)
def _no_old_answers() -> None:
    cache.clear()


def request_id(html: str) -> str:
    found = re.search(r'name="request_id" value="([0-9a-f]{32})"', html)
    assert found
    return found[1]


def send(browser: Client, proposal: Proposal, verb: str, **given: object) -> tuple[int, str]:
    data = {"request_id": f"{verb}-{len(str(given))}-{proposal.edits_made:08d}", "verb": verb, **given}
    answer = browser.post(reverse("gazette-step", args=[proposal.pk]), data)
    proposal.refresh_from_db()
    return answer.status_code, answer.content.decode()


PAGES = ("gazette-desk", "gazette-upload", "gazette-changes", "gazette-conflicts")
OF_PROPOSAL = ("gazette-proposal", "gazette-names", "gazette-impact")


def test_every_page_opens_in_both_languages(desk: Desk, signed_in: Enter) -> None:
    desk.confirmed()
    proposal = desk.receive(NEW, replaces=desk.document().pk)
    browser = signed_in(desk, "editor")
    for language in ("zh-hans", "en"):
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for url in [reverse(n) for n in PAGES] + [reverse(n, args=[proposal.pk]) for n in OF_PROPOSAL]:
            answer = browser.get(url)
            assert answer.status_code == 200, url
            assert len(answer.content) < 150_000
            assert not re.search(r"<button[^>]*>\s*</button>", answer.content.decode()), url
    for at in ("documents.0", "documents.0.tasks.0", "documents.0.clauses.0"):
        answer = browser.get(reverse("gazette-element", args=[proposal.pk]) + f"?at={at}")
        assert answer.status_code == 200
        assert not re.search(r"<button[^>]*>\s*</button>", answer.content.decode()), at


def test_every_kind_of_doubt_has_its_words() -> None:
    from pathlib import Path

    from luoshi.gazette import parse
    from luoshi.gazette.pages.elements import DOUBTS

    folder = Path(parse.__file__).parent
    said = {k for f in folder.glob("*.py") for k in re.findall(r'doubt\(\s*"([a-z_]+)"', f.read_text(encoding="utf-8"))}
    assert said and said <= set(DOUBTS)


def test_the_source_stands_whole_beside_its_elements(desk: Desk, signed_in: Enter) -> None:
    proposal = desk.receive()
    html = (
        signed_in(desk, "editor").get(reverse("gazette-proposal", args=[proposal.pk]) + "?part=text").content.decode()
    )
    shown = re.search(r'<div class="text">(.*?)</div>', html, re.S)
    assert shown
    assert re.sub(r"<[^>]+>", "", shown[1]) == TEXT
    ids = set(re.findall(r'id="([^"]+)"', html))
    for target in re.findall(r'href="#(e-[^"]+|t-[^"]+)"', html):
        assert target in ids, target


def test_doubts_and_unknown_names_come_first(desk: Desk, signed_in: Enter) -> None:
    proposal = desk.receive(TEXT.replace("2023年8月31日前", "2O23年8月31日前"))
    html = signed_in(desk, "editor").get(reverse("gazette-proposal", args=[proposal.pk])).content.decode()
    assert html.index("县疾控站") < html.index('class="doubts"') < html.index('class="text"')


def test_a_large_document_is_shown_a_window_at_a_time(desk: Desk, signed_in: Enter) -> None:
    items = "".join(f"（{i}）第{i}项。责任单位：县商务局，完成时限：2023年9月底前。\n" for i in range(3_000))
    proposal = desk.receive("柳汀县大方案\n\n一、任务\n" + items)
    browser = signed_in(desk, "editor")
    url = reverse("gazette-proposal", args=[proposal.pk])
    first, last = browser.get(f"{url}?part=text"), browser.get(f"{url}?part=text&window=99999")
    for answer in (first, last):
        assert len(answer.content) < 150_000
    assert "第2999项" in last.content.decode()
    assert "第2999项" not in first.content.decode()


def test_an_upload_becomes_a_proposal_and_the_same_again_opens_it(desk: Desk, signed_in: Enter) -> None:
    browser = signed_in(desk, "editor")
    for number in (1, 2):
        file = SimpleUploadedFile("../公报 第1期.txt", TEXT.encode())
        answer = browser.post(
            reverse("gazette-upload"), {"request_id": f"upload-{number:08d}", "file": file, "replaces": ""}
        )
        assert answer.status_code == 303
    assert [p.name for p in Proposal.objects.all()] == ["公报 第1期.txt"]


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.4 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, b"PK\x03\x04 broken"]
)
def test_a_file_that_cannot_be_read_is_told_beside_its_field(desk: Desk, signed_in: Enter, content: bytes) -> None:
    answer = signed_in(desk, "editor").post(
        reverse("gazette-upload"), {"request_id": "upload-00000009", "file": SimpleUploadedFile("x.pdf", content)}
    )
    html = answer.content.decode()
    assert answer.status_code in (400, 413, 415, 422)
    assert 'href="#f-file"' in html
    assert Proposal.objects.count() == 0


def test_correcting_adding_cutting_and_undoing_through_forms(desk: Desk, signed_in: Enter) -> None:
    proposal = desk.receive()
    browser = signed_in(desk, "editor")
    page = browser.get(reverse("gazette-element", args=[proposal.pk]) + "?at=documents.0.tasks.0").content.decode()
    assert "县住建局、县财政局" in page
    request_id(page)
    first = {"at": "documents.0.tasks.0"}
    assert (
        send(
            browser,
            proposal,
            "correct",
            **first,
            lead="县商务局",
            support="县财政局",
            open_ended="true",
            deadline_every="",
            value="",
        )[0]
        == 303
    )
    task = proposal.edited["documents"][0]["tasks"][0]
    assert (task["support"], task["open_ended"], task["deadline"]["until"]) == (["县财政局"], True, "2023-09-30")
    start = TEXT.index("公示摊位费标准")
    assert (
        browser.get(
            reverse("gazette-element", args=[proposal.pk]) + "?at=documents.0.tasks.4&add=1&from=300"
        ).status_code
        == 200
    )
    added = {
        "at": "documents.0.tasks.4",
        "span_from": start,
        "span_to": start + 7,
        "responsible": "县商务局",
        "mode": "single",
    }
    assert send(browser, proposal, "add", **added)[0] == 303
    assert send(browser, proposal, "split", **first, offset=TEXT.index("硬化地面"))[0] == 303
    assert send(browser, proposal, "merge", **first)[0] == 303
    assert send(browser, proposal, "check", **first)[0] == 303
    assert send(browser, proposal, "remove", **first)[0] == 303
    assert proposal.edits_made == 6
    for left in range(5, -1, -1):
        assert send(browser, proposal, "undo")[0] == 303
        assert proposal.edits_made == left
    assert proposal.edited == proposal.parsed


def test_the_page_shows_the_newest_edit_also_after_a_step_back_and_another(desk: Desk, signed_in: Enter) -> None:
    proposal = desk.receive()
    browser = signed_in(desk, "editor")
    url = reverse("gazette-proposal", args=[proposal.pk])
    for heading in ("甲标题", "另一个标题"):
        assert send(browser, proposal, "correct", at="documents.0.tasks.0", heading=heading)[0] == 303
        assert heading in browser.get(url).content.decode()
        browser.post(
            reverse("gazette-step", args=[proposal.pk]),
            {"request_id": f"undo-{heading!a}"[:20] + "0000", "verb": "undo"},
        )
        assert heading not in browser.get(url).content.decode()
        proposal.refresh_from_db()


def test_what_was_typed_is_kept_beside_the_reason(desk: Desk, signed_in: Enter) -> None:
    proposal = desk.receive()
    browser = signed_in(desk, "editor")
    status, html = send(
        browser,
        proposal,
        "correct",
        at="documents.0.tasks.0",
        heading="新的标题",
        deadline_kind="until",
        deadline_until="",
    )
    assert (status, "新的标题" in html, "有截止日的任务要写明日期" in html) == (422, True, True)
    send(browser, proposal, "remove", at="documents.0.tasks.1")
    status, html = send(browser, proposal, "correct", at="documents.0.tasks.0", heading="又一标题", at_edit=0)
    assert (status, "又一标题" in html, "已被他人改过" in html) == (409, True, True)


def test_the_same_form_sent_twice_acts_once(desk: Desk, signed_in: Enter) -> None:
    proposal = desk.receive()
    browser = signed_in(desk, "editor")
    data = {"request_id": "twice-00000001", "verb": "remove", "at": "documents.0.tasks.0"}
    url = reverse("gazette-step", args=[proposal.pk])
    assert [browser.post(url, data).status_code for _ in range(2)] == [303, 303]
    proposal.refresh_from_db()
    assert (proposal.edits_made, len(proposal.edited["documents"][0]["tasks"])) == (1, 3)


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "已办：去掉一项。"), ("en", "Done: Remove an element.")])
def test_what_was_done_is_said_in_the_readers_language(desk: Desk, signed_in: Enter, language: str, said: str) -> None:
    proposal = desk.receive()
    browser = signed_in(desk, "editor")
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert send(browser, proposal, "remove", at="documents.0.tasks.0")[0] == 303
    html = browser.get(reverse("gazette-proposal", args=[proposal.pk])).content.decode()
    assert said in html and "Words(" not in html


def test_names_are_resolved_and_units_made_on_their_page(desk: Desk, signed_in: Enter) -> None:
    proposal = desk.receive()
    browser = signed_in(desk, "editor")
    url = reverse("gazette-names", args=[proposal.pk])
    assert "县疾控站" in browser.get(url).content.decode()
    assert browser.get(f"{url}?new=县疾控站").status_code == 200
    made = {"name": "县疾控站", "code": "cdc", "name_en": "Disease control", "kind": "institution", "members": ""}
    assert send(browser, proposal, "create_unit", **made)[0] == 303
    assert "单位名称都已认定" in browser.get(url).content.decode()
    assert send(browser, proposal, "confirm")[0] == 303
    assert proposal.state == "confirmed"


def test_the_impact_is_read_and_then_takes_effect(desk: Desk, signed_in: Enter) -> None:
    desk.confirmed()
    proposal = desk.receive(NEW, replaces=desk.document().pk)
    browser = signed_in(desk, "editor")
    html = browser.get(reverse("gazette-impact", args=[proposal.pk])).content.decode()
    for words in ("设置公平秤", "每月报送进展", "保障用水", "2023年9月15日", "办件与评分尚未接入"):
        assert words in html
    assert send(browser, proposal, "apply", from_on="2023-05-01")[0] == 303
    assert str(Document.objects.get(version=2).in_force_from) == "2023-05-01"
    html = browser.get(reverse("gazette-changes")).content.decode()
    undo = re.search(r'action="(/gazette/changes/\d+/undo)"', html)
    assert undo
    assert browser.post(undo[1], {"request_id": request_id(html[html.index(undo[1]) :])}).status_code == 303
    assert not Document.objects.filter(version=2).exists()


@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("auditor", 200), ("supervisor", 200)])
def test_who_may_look_and_who_may_act(desk: Desk, signed_in: Enter, who: str, status: int) -> None:
    proposal = desk.receive()
    browser = signed_in(desk, who)
    for name in OF_PROPOSAL[:2]:
        assert browser.get(reverse(name, args=[proposal.pk])).status_code == status
    assert browser.get(reverse("gazette-desk")).status_code == status
    assert send(browser, proposal, "remove", at="documents.0.tasks.0")[0] == 403
    assert send(browser, proposal, "confirm")[0] == 403
    file = SimpleUploadedFile("x.txt", b"text")
    assert browser.post(reverse("gazette-upload"), {"request_id": "upload-00000002", "file": file}).status_code == 403
    assert (Proposal.objects.count(), proposal.edits_made, Task.objects.count()) == (1, 0, 0)


def test_the_public_is_sent_to_the_sign_in(desk: Desk, client: Client) -> None:
    proposal = desk.receive()
    for url in [reverse(n) for n in PAGES] + [reverse(n, args=[proposal.pk]) for n in OF_PROPOSAL]:
        assert client.get(url).status_code == 302, url
    assert send(client, proposal, "confirm")[0] == 302
    assert Document.objects.count() == 0


def test_another_county_sees_and_touches_nothing(desk: Desk, neighbour: Desk, signed_in: Enter) -> None:
    desk.confirmed()
    proposal = desk.receive(NEW, replaces=desk.document(MARKET).pk)
    change = versions.apply_version(desk.call(), proposal=proposal.pk).values["change"]
    browser = signed_in(neighbour, "editor")
    for name in OF_PROPOSAL:
        assert browser.get(reverse(name, args=[proposal.pk])).status_code == 404
    assert browser.get(reverse("gazette-element", args=[proposal.pk]) + "?at=documents.0.tasks.0").status_code == 404
    assert send(browser, proposal, "confirm")[0] == 404
    assert (
        browser.post(reverse("gazette-undo-version", args=[change]), {"request_id": "undo-00000001"}).status_code == 404
    )
    for name in ("gazette-desk", "gazette-changes", "gazette-conflicts", "gazette-upload"):
        html = browser.get(reverse(name)).content.decode()
        assert "集市" not in html, name


@pytest.mark.parametrize(
    "query", ["at=documents.99", "at=documents.0.tasks.99", "at=../etc", "at=source.0", "at=", "at=documents.0.tasks.x"]
)
def test_an_address_that_leads_nowhere_is_not_found(desk: Desk, signed_in: Enter, query: str) -> None:
    proposal = desk.receive()
    assert (
        signed_in(desk, "editor").get(reverse("gazette-element", args=[proposal.pk]) + f"?{query}").status_code == 404
    )


@pytest.mark.parametrize("there", ["https://elsewhere.example/", "//elsewhere.example", "/gazette/desk/1\r\nX: y"])
def test_the_way_back_leads_nowhere_else(desk: Desk, signed_in: Enter, there: str) -> None:
    proposal = desk.receive()
    data = {"request_id": "back-00000001", "verb": "check", "at": "documents.0.tasks.0", "next": there}
    answer = signed_in(desk, "editor").post(reverse("gazette-step", args=[proposal.pk]), data)
    assert answer.headers["Location"] == reverse("gazette-proposal", args=[proposal.pk])
