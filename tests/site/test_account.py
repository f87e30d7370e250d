"""Signing in and the own account in a browser: forced changes, codes, sessions, and what a stranger learns."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from luoshi.office import present
from luoshi.office.journal.models import Entry
from luoshi.office.people import sign_in as signing
from luoshi.office.people.models import Account, AccountSession
from tests.office.conftest import NOW, SmallCounty
from tests.office.people.conftest import PASSWORD, code_at, give_password
from tests.site.looked_at import faults

NEW = "Another-9-river"


@pytest.fixture
def doors(small: SmallCounty) -> SmallCounty:
    for account in small.accounts.values():
        give_password(account)
    return small


def sign_in(client: Client, name: str = "officer", password: str = PASSWORD, **more: str):
    return client.post(reverse("sign-in"), {"username": f"small-{name}", "password": password, **more})


def later(monkeypatch: pytest.MonkeyPatch, **shift: float) -> None:
    monkeypatch.setattr(present, "now", lambda: NOW + dt.timedelta(**shift))


def post_form(client: Client, url: str, **given: str):
    """Send a form under a request id of its own, as a page does."""
    return client.post(url, {"request_id": f"r{Entry.objects.count()}-{len(given)}-{given!r}"[:80], **given})


def test_the_page_is_whole_and_says_that_everything_is_recorded(small: SmallCounty, client: Client) -> None:
    page = client.get(reverse("sign-in"))
    assert page.status_code == 200 and faults(page.content) == []
    assert "留痕" in page.content.decode() and "no-store" in page["Cache-Control"]


def test_signing_in_opens_the_page_one_came_for(doors: SmallCounty, client: Client) -> None:
    page = client.get(reverse("account"))
    assert page.status_code == 302 and page.url.startswith(reverse("sign-in"))
    page = sign_in(client, next=reverse("account"))
    assert page.status_code == 302 and page.url == reverse("account")
    shown = client.get(reverse("account")).content.decode()
    assert "第一次登录" in shown and "small-officer" in shown


def test_an_address_elsewhere_is_not_followed(doors: SmallCounty, client: Client) -> None:
    assert sign_in(client, next="https://elsewhere.example/").url == "/"
    assert sign_in(Client(), next="//elsewhere.example/").url == "/"


def test_wrong_unknown_disabled_and_locked_get_the_same_answer(doors: SmallCounty, client: Client) -> None:
    def answer(name: str, password: str) -> tuple[int, str]:
        page = sign_in(client, name, password)
        text = re.sub(r'value="[^"]*"', "", page.content.decode())
        return page.status_code, text

    from luoshi.office.people import recovery

    recovery.disable(doors.call("system_admin"), account=doors.accounts["supervisor"].pk)
    wrong = answer("officer", "wrong")
    assert answer("no-such-name", "wrong") == wrong
    assert answer("supervisor", PASSWORD) == wrong
    for _ in range(5):
        answer("officer", "wrong")
    assert answer("officer", PASSWORD) == wrong
    assert wrong[0] == 401 and PASSWORD not in wrong[1]


def test_the_session_key_changes_at_sign_in(doors: SmallCounty, client: Client) -> None:
    session = client.session
    session["kept"] = 1
    session.save()
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    sign_in(client)
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert before != after and "kept" not in client.session
    sign_in(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != after


def test_the_cookie_is_for_the_browser_only_and_ends_with_it(doors: SmallCounty, client: Client) -> None:
    sign_in(client)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["max-age"]


def test_last_time_and_failures_since_are_told(doors: SmallCounty, client: Client) -> None:
    sign_in(client)
    for _ in range(2):
        sign_in(Client(), password="wrong")  # pragma: allowlist secret
    browser = Client()
    sign_in(browser)
    shown = browser.get("/account/me").content.decode()
    assert "上次登录：2023年7月3日（周一）10:00（127.0.0.1）" in shown and "失败2次" in shown


def test_a_made_password_is_changed_before_anything_else(doors: SmallCounty, client: Client) -> None:
    from luoshi.office.people import recovery

    made = "Made-once-4-all"
    recovery.reset_password(doors.call("security_admin"), account=doors.accounts["officer"].pk, password=made)
    sign_in(client, password=made)
    for path in ("/", reverse("account"), reverse("cockpit"), reverse("second-factor")):
        page = client.get(path)
        assert page.status_code == 302 and page.url == reverse("password-change"), path
    assert client.get("/api/v1/tasks").status_code == 403
    page = client.get(reverse("password-change"))
    assert page.status_code == 200 and faults(page.content) == []
    bad = post_form(client, reverse("password-change"), old=made, new="short", again="short")
    assert bad.status_code == 200 and "至少" in bad.content.decode() and faults(bad.content) == []
    done = post_form(client, reverse("password-change"), old=made, new=NEW, again=NEW)
    assert done.status_code == 302
    assert client.get("/").status_code == 200


def test_a_password_too_old_is_changed_first(
    doors: SmallCounty, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, days=91)
    sign_in(client)
    assert client.get("/").url == reverse("password-change")


@pytest.mark.parametrize("name", ["system_admin", "security_admin", "audit_admin"])
def test_an_administrator_sets_up_codes_before_anything_else(
    doors: SmallCounty, client: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    sign_in(client, name)
    for path in ("/", reverse("admin-accounts"), reverse("admin-journal"), reverse("account")):
        assert client.get(path).url == reverse("second-factor"), path
    page = client.get(reverse("second-factor"))
    assert page.status_code == 200 and faults(page.content) == []
    assert client.post(reverse("second-factor"), {"begin": "1"}).status_code == 302
    page = client.get(reverse("second-factor"))
    assert b"data:image/svg+xml" in page.content and faults(page.content) == []
    secret = Account.objects.get(pk=doors.accounts[name].pk).second_factor
    wrong = post_form(client, reverse("second-factor"), code="000000")
    assert wrong.status_code == 200 and client.get("/").status_code == 302
    assert post_form(client, reverse("second-factor"), code=code_at(secret, NOW)).status_code == 302
    assert client.get("/").status_code == 200
    assert secret not in client.get(reverse("second-factor")).content.decode()
    later(monkeypatch, minutes=2)
    browser = Client()
    page = sign_in(browser, name)
    assert page.url == reverse("sign-in-code") and browser.get("/").wsgi_request.user.is_anonymous
    assert browser.post(reverse("sign-in-code"), {"code": "000000"}).status_code == 401
    code = code_at(secret, NOW + dt.timedelta(minutes=2))
    assert browser.post(reverse("sign-in-code"), {"code": code}).status_code == 302
    assert browser.get(reverse("account")).status_code == 200
    thief = Client()
    sign_in(thief, name)
    assert thief.post(reverse("sign-in-code"), {"code": code}).status_code == 401


def test_the_code_is_asked_for_only_some_minutes(
    doors: SmallCounty, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.office.people.test_sign_in import set_up

    secret = set_up(doors, "officer")
    later(monkeypatch, minutes=2)
    sign_in(client)
    later(monkeypatch, minutes=8)
    page = client.post(reverse("sign-in-code"), {"code": code_at(secret, NOW + dt.timedelta(minutes=8))})
    assert page.url == reverse("sign-in")
    assert Client().get(reverse("sign-in-code")).url == reverse("sign-in")


def test_wrong_codes_lock_the_account_like_wrong_passwords(
    doors: SmallCounty, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.office.people.test_sign_in import set_up

    secret = set_up(doors, "officer")
    later(monkeypatch, minutes=2)
    sign_in(client)
    for _ in range(settings.LUOSHI_LOCK_AFTER_FAILURES):
        client.post(reverse("sign-in-code"), {"code": "000000"})
    right = code_at(secret, NOW + dt.timedelta(minutes=2))
    assert client.post(reverse("sign-in-code"), {"code": right}).status_code == 401


def test_idle_for_half_an_hour_signs_out_and_says_why(
    doors: SmallCounty, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client)
    later(monkeypatch, minutes=29)
    assert client.get(reverse("account")).status_code == 200
    later(monkeypatch, minutes=59)
    assert client.get(reverse("account")).status_code == 200  # counted from the last request, not from sign-in
    later(monkeypatch, minutes=90)
    page = client.get(reverse("account"), follow=True)
    assert page.redirect_chain[0][0].startswith(reverse("sign-in")) and "自动退出" in page.content.decode()
    assert client.get(reverse("account")).status_code == 302


def test_a_fourth_browser_ends_the_first_and_it_is_told(doors: SmallCounty) -> None:
    browsers = [Client() for _ in range(settings.LUOSHI_SESSIONS_PER_ACCOUNT + 1)]
    for browser in browsers:
        sign_in(browser)
    page = browsers[0].get(reverse("account"), follow=True)
    assert "别处登录" in page.content.decode() and page.wsgi_request.user.is_anonymous
    assert all(b.get(reverse("account")).status_code == 200 for b in browsers[1:])
    assert browsers[0].get("/").status_code == 200  # told once, then a stranger like others


def test_own_sessions_are_listed_and_ended_and_others_are_not(doors: SmallCounty) -> None:
    first, second, other = Client(), Client(), Client()
    sign_in(first)
    sign_in(second)
    sign_in(other, "supervisor")
    page = first.get(reverse("account"))
    assert faults(page.content) == []
    theirs = AccountSession.objects.get(account=doors.accounts["supervisor"]).pk
    mine = AccountSession.objects.filter(account=doors.accounts["officer"]).order_by("-pk").first()
    shown = page.content.decode()
    assert f'value="{mine.pk}"' in shown and f'name="session" value="{theirs}"' not in shown
    post_form(first, reverse("session-end"), session=str(theirs))
    assert other.get(reverse("account")).status_code == 200
    post_form(first, reverse("session-end"), session=str(mine.pk))
    assert second.get(reverse("account")).status_code == 302
    assert first.get(reverse("account")).status_code == 200


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(doors: SmallCounty) -> None:
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    key = here.cookies[settings.SESSION_COOKIE_NAME].value
    assert post_form(here, reverse("password-change"), old=PASSWORD, new=NEW, again=NEW).status_code == 302
    assert here.cookies[settings.SESSION_COOKIE_NAME].value != key
    assert here.get(reverse("account")).status_code == 200
    page = there.get(reverse("account"), follow=True)
    assert "密码已修改" in page.content.decode() and page.wsgi_request.user.is_anonymous


def test_guessing_the_old_password_in_a_found_browser_locks_and_signs_out(doors: SmallCounty, client: Client) -> None:
    sign_in(client)
    for n in range(settings.LUOSHI_LOCK_AFTER_FAILURES):
        post_form(client, reverse("password-change"), old=f"wrong{n}", new=NEW, again=NEW)
    assert client.get(reverse("account")).status_code == 302
    account = Account.objects.get(pk=doors.accounts["officer"].pk)
    assert signing.is_locked(account, NOW)


def test_signing_out_ends_the_session_in_the_database(doors: SmallCounty, client: Client) -> None:
    sign_in(client)
    stolen = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.post(reverse("sign-out")).status_code == 302
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = stolen
    assert thief.get(reverse("account")).status_code == 302
    assert Entry.objects.filter(action="account.sign_out", outcome="granted").count() == 1


def test_a_disabled_account_is_out_at_its_next_request(doors: SmallCounty, client: Client) -> None:
    from luoshi.office.people import recovery

    sign_in(client)
    recovery.disable(doors.call("system_admin"), account=doors.accounts["officer"].pk)
    assert client.get(reverse("account")).status_code == 302


def test_sign_in_asks_for_its_token(doors: SmallCounty) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict).status_code == 403


def test_too_many_posts_without_an_account_are_told_to_wait(
    doors: SmallCounty, client: Client, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LUOSHI_ANONYMOUS_POSTS_PER_MINUTE = 3
    assert [sign_in(client, "nobody").status_code for _ in range(4)] == [401, 401, 401, 429]
    page = sign_in(client)
    assert page.status_code == 429 and "稍等" in page.content.decode()
    assert client.get(reverse("sign-in")).status_code == 200  # reading is not counted
    assert client.post(reverse("language"), {"to": "en"}).status_code == 302  # nor are preferences
    elsewhere = client.post(reverse("sign-in"), {"username": "x", "password": "y"}, REMOTE_ADDR="192.0.2.77")
    assert elsewhere.status_code == 401
    forged = client.post(
        reverse("sign-in"), {"username": "x"}, HTTP_X_FORWARDED_FOR="192.0.2.78"
    )  # fmt: skip
    assert forged.status_code == 429, "a forged header gives no fresh count"
    later(monkeypatch, minutes=1)
    assert sign_in(client).status_code == 302


def test_behind_our_own_proxy_each_browser_is_counted_by_itself(doors: SmallCounty, client: Client, settings) -> None:
    from ipaddress import ip_network

    settings.LUOSHI_TRUSTED_PROXIES = (ip_network("127.0.0.0/8"),)
    settings.LUOSHI_ANONYMOUS_POSTS_PER_MINUTE = 1
    for address in ("192.0.2.1", "192.0.2.2"):
        page = client.post(reverse("sign-in"), {"username": "x"}, HTTP_X_FORWARDED_FOR=f"6.6.6.6, {address}")
        assert page.status_code == 401
    page = client.post(reverse("sign-in"), {"username": "x"}, HTTP_X_FORWARDED_FOR="7.7.7.7, 192.0.2.2")
    assert page.status_code == 429, "only the hop our proxy saw is believed"


def test_neighbours_in_one_ipv6_network_are_one_sender() -> None:
    from luoshi.office.people import addresses

    assert addresses.group_of("2001:db8:1:2::1") == addresses.group_of("2001:db8:1:2:ffff::9")
    assert addresses.group_of("2001:db8:1:3::1") != addresses.group_of("2001:db8:1:2::1")
    assert addresses.group_of("192.0.2.1") != addresses.group_of("192.0.2.2")


def test_no_page_shows_another_post_than_the_ones_held(doors: SmallCounty, client: Client) -> None:
    sign_in(client)
    refused = client.post(reverse("act-as"), {"post": doors.posts["supervisor"].pk})
    assert refused.status_code == 403
    session = client.session
    session["acting_post"] = doors.posts["supervisor"].pk  # even a forged session acts only in a post held today
    session.save()
    assert client.get("/").wsgi_request.actor.role == "officer"
