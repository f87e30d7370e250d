"""The administrators' pages: each shows its own, made passwords once, the journal as far as one may read it."""

import json
from importlib import import_module
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from luoshi.office import door
from luoshi.office.journal import seals
from luoshi.office.journal.models import Entry
from luoshi.office.people import recovery
from luoshi.office.people.models import Account, Appointment, Person, Post, Unit
from luoshi.office.people.roles import ROLES
from luoshi.site.pages.admin_controls import CONTROLS, value_of
from tests.office.conftest import NOW, SmallCounty, make_county
from tests.office.people.test_persons import ADDRESS, GIVEN, NAME, PHONE, recorded
from tests.site.conftest import english
from tests.site.looked_at import faults
from tests.site.test_account import post_form

PAGES = {
    "admin-units": {"system_admin", "security_admin", "audit_admin"},
    "admin-posts": {"system_admin", "security_admin", "audit_admin"},
    "admin-accounts": {"system_admin", "security_admin", "audit_admin"},
    "admin-access": {"security_admin", "audit_admin"},
    "admin-security": {"security_admin", "audit_admin"},
    "admin-journal": {"audit_admin", "supervisor", "officer", "other_officer", "town_clerk", "village_clerk"},
    "admin-seals": {"audit_admin"},
    "admin-verifier": {"audit_admin"},
    "persons": {"officer", "other_officer", "town_clerk", "village_clerk"},
    "person-new": {"officer", "other_officer", "town_clerk", "village_clerk"},
}


@pytest.mark.parametrize("route", PAGES)
def test_each_page_opens_to_its_roles_and_to_nobody_else(small: SmallCounty, signed_in, route: str) -> None:
    for name in small.accounts:
        page = signed_in(small, name).get(reverse(route))
        assert page.status_code == (200 if name in PAGES[route] else 403), (route, name)
    stranger = Client().get(reverse(route))
    assert stranger.status_code == 302 and stranger.url.startswith(reverse("sign-in"))


@pytest.mark.parametrize("route", [r for r in PAGES if r != "admin-verifier"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_page_is_whole(small: SmallCounty, signed_in, route: str, language: str) -> None:
    recorded(small)
    client = signed_in(small, sorted(PAGES[route])[-1])
    page = (english(client) if language == "en" else client).get(reverse(route))
    assert page.status_code == 200 and faults(page.content) == []


def test_the_system_administrator_opens_an_account_and_sees_its_password_once(small: SmallCounty, signed_in) -> None:
    client = signed_in(small, "system_admin")
    given = {"username": "new.person", "display_name": "演新人", "request_id": "open-1"}
    first = client.post(reverse("admin-accounts"), given)
    account = Account.objects.get(username="new.person")
    made = first.content.decode().split('<strong class="mono">')[1].split("<")[0]
    assert account.check_password(made) and account.must_change_password and "no-store" in first["Cache-Control"]
    again = client.post(reverse("admin-accounts"), given)
    assert again.status_code == 200 and '<strong class="mono">' not in again.content.decode()
    assert Account.objects.get(username="new.person").password == account.password
    assert made not in client.get(reverse("admin-account", args=[account.pk])).content.decode()
    taken = client.post(reverse("admin-accounts"), {**given, "request_id": "open-2"})
    assert "已被使用" in taken.content.decode() and faults(taken.content) == []


def test_accounts_of_another_county_are_not_there(small: SmallCounty, signed_in) -> None:
    other = make_county("neighbour")
    theirs = other.accounts["officer"].pk
    for name in ("system_admin", "security_admin", "audit_admin"):
        client = signed_in(small, name)
        assert client.get(reverse("admin-account", args=[theirs])).status_code == 404
        assert "neighbour-" not in client.get(reverse("admin-accounts")).content.decode()
    client = signed_in(small, "security_admin")
    assert client.post(reverse("admin-account-reset", args=[theirs])).status_code == 404
    row = Appointment.objects.filter(county=other.county).first()
    assert client.post(reverse("admin-appointment-end", args=[row.pk]), {"to_on": "2023-07-03"}).status_code == 404


def test_the_security_administrator_resets_a_password_and_shows_it_once(small: SmallCounty, signed_in) -> None:
    client = signed_in(small, "security_admin")
    url = reverse("admin-account-reset", args=[small.accounts["officer"].pk])
    page = client.post(url, {"request_id": "reset-1"})
    made = page.content.decode().split('<strong class="mono">')[1].split("<")[0]
    assert Account.objects.get(pk=small.accounts["officer"].pk).check_password(made)
    assert '<strong class="mono">' not in client.post(url, {"request_id": "reset-1"}).content.decode()
    own = client.post(reverse("admin-account-reset", args=[small.accounts["security_admin"].pk]), follow=True)
    assert "不能对自己的账号办理" in own.content.decode()


@pytest.mark.parametrize("name", ["system_admin", "audit_admin", "officer"])
def test_nobody_else_resets(small: SmallCounty, signed_in, name: str) -> None:
    before = Account.objects.get(pk=small.accounts["supervisor"].pk).password
    client = signed_in(small, name)
    assert client.post(reverse("admin-account-reset", args=[small.accounts["supervisor"].pk])).status_code == 403
    assert Account.objects.get(pk=small.accounts["supervisor"].pk).password == before


def test_the_buttons_of_an_account_follow_its_state(small: SmallCounty, signed_in) -> None:
    pk = small.accounts["officer"].pk
    page = reverse("admin-account", args=[pk])
    client = signed_in(small, "system_admin")
    shown = client.get(page)
    assert faults(shown.content) == [] and "账号没有停用" in shown.content.decode()
    done = post_form(client, reverse("admin-account-act", args=[pk, "account.disable"]))
    assert done.status_code == 302 and not Account.objects.get(pk=pk).is_active
    assert "账号已停用" in client.get(page).content.decode()
    strange = client.post(reverse("admin-account-act", args=[pk, "account.reset_password"]))
    assert strange.status_code == 403


def test_appointing_from_the_page_and_ending_it(small: SmallCounty, signed_in) -> None:
    with door.opened("fixture"):
        newcomer = Account.objects.create(county=small.county, username="n.n", display_name="演新")
    client = signed_in(small, "security_admin")
    page = reverse("admin-account", args=[newcomer.pk])
    given = {"post": str(small.posts["officer"].pk), "from_on": "2023-07-03"}
    assert post_form(client, page, **given).status_code == 302
    again = post_form(client, page, **given, more="1")
    assert again.status_code == 200 and "已经登记过" in again.content.decode()
    row = Appointment.objects.get(account=newcomer)
    post_form(client, reverse("admin-appointment-end", args=[row.pk]), to_on="2023-07-09")
    row.refresh_from_db()
    assert str(row.to_on) == "2023-07-09"
    shown = client.get(page)
    assert faults(shown.content) == []


def test_units_and_posts_are_opened_and_closed_from_their_pages(small: SmallCounty, signed_in) -> None:
    client = signed_in(small, "system_admin")
    names = {"name_zh": "新局", "short_zh": "新", "name_en": "New office"}
    assert post_form(client, reverse("admin-units"), code="new-office", **names).status_code == 302
    unit = Unit.objects.get(code="new-office")
    seat = {"unit": "new-office", "role": "officer", "title_zh": "承办人", "title_en": "Officer"}
    assert post_form(client, reverse("admin-posts"), **seat).status_code == 302
    page = client.get(reverse("admin-unit", args=[unit.pk]))
    assert page.status_code == 200 and faults(page.content) == []
    renamed = post_form(
        client,
        reverse("admin-unit", args=[unit.pk]),
        what="rename",
        from_on="2023-07-03",
        **{**names, "short_zh": "更新"},
    )
    assert renamed.status_code == 302
    post = Post.objects.get(unit=unit)
    post_form(client, reverse("admin-posts"), post=str(post.pk))
    post.refresh_from_db()
    assert post.closed
    closed = post_form(client, reverse("admin-unit", args=[unit.pk]), what="close", to_on="2023-07-03")
    assert closed.status_code == 302
    unit.refresh_from_db()
    assert unit.short_zh == "更新" and str(unit.valid_to) == "2023-07-03"
    bad = post_form(client, reverse("admin-units"), code="BAD CODE", **names)
    assert bad.status_code == 200 and faults(bad.content) == []


@pytest.fixture
def acted(small: SmallCounty) -> SmallCounty:
    """Some entries: two of the system administrator, one refused, one of the neighbour."""
    recovery.disable(small.call("system_admin"), account=small.accounts["other_officer"].pk)
    recovery.enable(small.call("system_admin"), account=small.accounts["other_officer"].pk)
    recovery.unlock(small.call("security_admin"), account=small.accounts["officer"].pk)
    other = make_county("neighbour")
    recovery.disable(other.call("system_admin"), account=other.accounts["officer"].pk)
    return small


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("outcome=refused", 1),
        ("action=account.disable", 1),
        ("actor=small-system_admin", 2),
        ("actor=neighbour-system_admin", 0),
        ("subject=account", 3),
        ("from=2023-07-03&to=2023-07-03", 3),
        ("from=2023-07-04", 0),
        ("to=2023-07-02", 0),
        ("actor=nobody", 0),
    ],
)
def test_the_journal_is_searched_within_the_county(acted: SmallCounty, signed_in, query: str, count: int) -> None:
    client = signed_in(acted, "audit_admin")
    page = client.get(f"{reverse('admin-journal')}?{query}")
    assert page.status_code == 200 and faults(page.content) == []
    assert page.content.decode().count('href="/admin/journal/') == count


def test_a_subject_is_found_by_kind_and_number(acted: SmallCounty, signed_in) -> None:
    subject = quote(f"account:{acted.accounts['officer'].pk}")
    page = signed_in(acted, "audit_admin").get(f"{reverse('admin-journal')}?subject={subject}")
    assert page.content.decode().count('href="/admin/journal/') == 1


@pytest.mark.parametrize("query", ["from=x", "from=0001-01-01", "to=2023-13-40"])
def test_a_wrong_day_is_told(acted: SmallCounty, signed_in, query: str) -> None:
    assert signed_in(acted, "audit_admin").get(f"{reverse('admin-journal')}?{query}").status_code == 400


def test_the_journal_turns_pages_without_missing_or_doubling(small: SmallCounty, signed_in) -> None:
    for n in range(60):
        recovery.unlock(small.call("security_admin", f"u{n}"), account=small.accounts["officer"].pk)
    client = signed_in(small, "audit_admin")
    seen: list[str] = []
    address = reverse("admin-journal") + "?outcome=refused"
    while address:
        text = client.get(address).content.decode()
        seen += [part.split('"')[0] for part in text.split('href="/admin/journal/')[1:]]
        older = text.split('rel="next" href="')
        address = reverse("admin-journal") + older[1].split('"')[0].replace("&amp;", "&") if len(older) > 1 else ""
    assert len(seen) == len(set(seen)) == 60 and seen == sorted(seen, key=int, reverse=True)


def test_an_officer_reads_only_the_own_entries(acted: SmallCounty, signed_in) -> None:
    theirs = Entry.objects.filter(county=acted.county).first()
    client = signed_in(acted, "officer")
    assert 'href="/admin/journal/' not in client.get(reverse("admin-journal")).content.decode()
    assert client.get(reverse("admin-journal-entry", args=[theirs.pk])).status_code == 404


def test_an_entry_shows_its_digest_and_its_seal_and_not_the_neighbours(acted: SmallCounty, signed_in) -> None:
    seals.seal_now(NOW)
    client = signed_in(acted, "audit_admin")
    mine = Entry.objects.filter(county=acted.county).first()
    page = client.get(reverse("admin-journal-entry", args=[mine.pk]))
    assert faults(page.content) == [] and mine.digest in page.content.decode() and "sha256:" in page.content.decode()
    theirs = Entry.objects.exclude(county=acted.county).first()
    assert client.get(reverse("admin-journal-entry", args=[theirs.pk])).status_code == 404


def test_the_export_holds_the_countys_entries_with_right_digests_and_is_written_down(
    acted: SmallCounty, signed_in
) -> None:
    from luoshi.core import seal

    client = signed_in(acted, "audit_admin")
    page = client.post(reverse("admin-journal-export"), {"query": "outcome=granted", "request_id": "x1"})
    rows = [json.loads(line) for line in b"".join(page.streaming_content).splitlines()]
    assert len(rows) == 2 and all(json.loads(r["content"])["county"] == acted.county.pk for r in rows)
    assert all(seal.digest(r["content"].encode(), "sha256") == r["digest"] for r in rows)
    assert Entry.objects.get(action="journal.export").outcome == "granted"
    assert signed_in(acted, "supervisor").post(reverse("admin-journal-export"), {"query": ""}).status_code == 403


def test_checking_the_journal_is_written_down_with_what_it_found(acted: SmallCounty, signed_in) -> None:
    seals.seal_now(NOW)
    client = signed_in(acted, "audit_admin")
    page = client.post(reverse("admin-seals-verify"), {"request_id": "v1"}, follow=True)
    assert page.status_code == 200 and faults(page.content) == [] and "完好" in page.content.decode()
    assert json.loads(Entry.objects.get(action="journal.verify").content)["values"]["intact"] is True


def test_an_altered_entry_is_named(acted: SmallCounty, signed_in) -> None:
    from django.db import connection

    guards = import_module("luoshi.office.journal.migrations.0002_append_only")
    seals.seal_now(NOW)
    altered = Entry.objects.filter(county=acted.county).first()
    with door.opened("fixture"):
        with connection.schema_editor() if connection.vendor == "postgresql" else _Plain() as editor:
            guards.allow(None, editor)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE journal_entry SET content = content || ' ' WHERE id = %s", [altered.pk])
        with connection.schema_editor() if connection.vendor == "postgresql" else _Plain() as editor:
            guards.forbid(None, editor)
    client = signed_in(acted, "audit_admin")
    page = client.post(reverse("admin-seals-verify"), {"request_id": "v2"}, follow=True).content.decode()
    assert f"entry {altered.pk}" in page and "已被改动" in page
    shown = client.get(reverse("admin-journal-entry", args=[altered.pk])).content.decode()
    assert "does not match its digest" in shown


class _Plain:
    """A schema editor for SQLite inside a running transaction: only runs statements."""

    def __enter__(self) -> "_Plain":
        from django.db import connection

        self.connection = connection
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def execute(self, sql: str, params: object = ()) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda c: c.words.en)
def test_each_control_names_settings_and_code_that_exist(control) -> None:
    for name in control.settings:
        assert hasattr(settings, name) and value_of(name)
    assert control.enforced
    for dotted in control.enforced:
        parts = dotted.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            try:
                found = import_module(".".join(parts[:cut]))
            except ModuleNotFoundError:
                continue
            break
        for part in parts[cut:]:
            found = getattr(found, part)


def test_the_security_page_shows_every_control_with_its_value(small: SmallCounty, signed_in) -> None:
    shown = signed_in(small, "security_admin").get(reverse("admin-security")).content.decode()
    for control in CONTROLS:
        assert control.words.zh in shown
    assert "15 min" in shown and "90 d" in shown and "LUOSHI_LOCK_FOR" in shown
    assert settings.SECRET_KEY not in shown


def test_the_matrix_page_has_a_column_for_each_role_and_gives_json(small: SmallCounty, signed_in) -> None:
    client = signed_in(small, "security_admin")
    shown = client.get(reverse("admin-access")).content.decode()
    assert all(role.words.zh in shown for role in ROLES.values())
    rows = json.loads(client.get(reverse("admin-access") + "?format=json").content)
    assert {"role", "action", "subject", "scope", "allowed"} == set(rows[0])


def test_a_person_is_shown_masked_until_a_purpose_is_given(small: SmallCounty, signed_in) -> None:
    person = recorded(small)
    client = signed_in(small, "village_clerk")
    page = client.get(reverse("person", args=[person.pk]))
    secrets = [NAME, PHONE, ADDRESS, GIVEN["id_number"]]
    assert faults(page.content) == [] and not [s for s in secrets if s in page.content.decode()]
    given = {"what": "show", "field": "phone", "purpose": "通知补正材料"}
    opened = post_form(client, reverse("person", args=[person.pk]), **given)
    shown = client.get(opened.url).content.decode()
    assert PHONE in shown and not [s for s in secrets if s != PHONE and s in shown]
    assert PHONE not in opened.url
    clerk = signed_in(small, "town_clerk")
    assert PHONE not in clerk.get(opened.url).content.decode()
    refused = post_form(client, reverse("person", args=[person.pk]), what="show", field="phone", purpose="")
    assert refused.status_code in (200, 302) and PHONE not in refused.content.decode()


def test_persons_are_recorded_found_corrected_and_shared_from_pages(small: SmallCounty, signed_in) -> None:
    client = signed_in(small, "village_clerk")
    made = post_form(client, reverse("person-new"), **GIVEN)
    person = Person.objects.get()
    assert made.url == reverse("person", args=[person.pk])
    assert post_form(client, reverse("persons"), number=PHONE).url == reverse("person", args=[person.pk])
    nobody = client.post(reverse("persons"), {"number": "13900000000"}, follow=True)
    assert "没有查到" in nobody.content.decode()
    here = reverse("person", args=[person.pk])
    right = {"what": "correct", "field": "name", "value": "演另一名", "checked_against": "居民身份证原件"}
    assert post_form(client, here, **right).status_code == 302
    assert Person.objects.get().name == "演另一名"
    assert post_form(client, here, what="share", unit="market", purpose="办理经营登记").status_code == 302
    for do in ("show", "correct", "share", "nonsense"):
        assert faults(client.get(f"{here}?do={do}").content) == []
    bad = post_form(client, reverse("person-new"), **(GIVEN | {"id_number": "123"}))
    assert bad.status_code == 200 and faults(bad.content) == []
    outside = signed_in(small, "other_officer")
    assert outside.get(here).status_code == 404
