"""Preferences, switching posts, the demo's sign-in, health, metrics and the pages for what goes wrong."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory
from django.urls import path

from luoshi.office import door
from luoshi.office.journal.models import Entry
from luoshi.office.people import acting
from luoshi.office.people.models import Appointment
from luoshi.site import urls as site_urls
from luoshi.site.pages import faults as fault_pages
from tests.office.conftest import SmallCounty
from tests.site.looked_at import faults


def appointment_of(county: SmallCounty, name: str) -> Appointment:
    return Appointment.objects.get(account=county.accounts[name])


def test_language_is_kept_and_the_reader_comes_back(small: SmallCounty, client: Client) -> None:
    answer = client.post("/language", {"to": "en", "next": "/clauses/FOOD-0d"})
    assert (answer.status_code, answer["Location"]) == (302, "/clauses/FOOD-0d")
    assert '<html lang="en"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "\\\\elsewhere"]
)
def test_no_preference_leads_out_of_the_house(small: SmallCounty, client: Client, wanted: str) -> None:
    assert client.post("/language", {"to": "en", "next": wanted})["Location"] == "/"
    assert client.post("/appearance", {"large": "1", "next": wanted})["Location"] == "/"


@pytest.mark.parametrize(("where", "given"), [("/language", {"to": "xx"}), ("/appearance", {"theme": "neon"})])
def test_an_unknown_choice_is_told(small: SmallCounty, client: Client, where: str, given: dict[str, str]) -> None:
    answer = client.post(where, given)
    assert answer.status_code == 400 and faults(answer.content) == []


@pytest.mark.parametrize("where", ["/language", "/appearance", "/act-as", "/demo-sign-in"])
def test_choices_are_posted(small: SmallCounty, client: Client, where: str) -> None:
    assert client.get(where).status_code == 405


def test_a_person_switches_to_a_post_of_their_own(small: SmallCounty, signed_in) -> None:
    with door.opened("fixture"):
        Appointment.objects.create(
            county=small.county, account=small.accounts["officer"], post=small.posts["supervisor"], from_on="2023-01-03"
        )
    client = signed_in(small, "officer")
    assert client.post("/act-as", {"post": small.posts["supervisor"].pk}).status_code == 302
    assert client.session[acting.POST_KEY] == small.posts["supervisor"].pk


@pytest.mark.parametrize("post", ["supervisor", "", "none"])
def test_nobody_switches_to_a_post_of_another(small: SmallCounty, signed_in, post: str) -> None:
    client = signed_in(small, "officer")
    wanted = small.posts[post].pk if post in small.posts else post
    answer = client.post("/act-as", {"post": wanted})
    assert answer.status_code == 403
    assert client.session[acting.POST_KEY] == small.posts["officer"].pk


def test_demo_sign_in_enters_in_that_post_and_is_journalled(small: SmallCounty, client: Client) -> None:
    assert "demo-sign-in" in client.get("/").content.decode()
    answer = client.post("/demo-sign-in", {"appointment": appointment_of(small, "supervisor").pk})
    assert answer.status_code == 302
    page = client.get("/")
    assert page.wsgi_request.actor.role == "supervisor"
    assert Entry.objects.filter(action="account.demo_sign_in", outcome="granted").count() == 1


def test_demo_sign_in_does_not_exist_outside_the_demo(small: SmallCounty, client: Client, settings) -> None:
    settings.LUOSHI_DEMO = False
    assert "demo-sign-in" not in client.get("/").content.decode()
    assert client.post("/demo-sign-in", {"appointment": appointment_of(small, "supervisor").pk}).status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "meta", [{"REMOTE_ADDR": "10.0.0.7"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"HTTP_FORWARDED": "for=127.0.0.1"}]
)
def test_demo_sign_in_only_from_this_machine(small: SmallCounty, client: Client, meta: dict[str, str]) -> None:
    assert "demo-sign-in" not in client.get("/", **meta).content.decode()
    answer = client.post("/demo-sign-in", {"appointment": appointment_of(small, "supervisor").pk}, **meta)
    assert answer.status_code == 404


def test_demo_sign_in_needs_the_token_of_its_form(small: SmallCounty) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/demo-sign-in", {"appointment": appointment_of(small, "supervisor").pk})
    assert answer.status_code == 403 and faults(answer.content) == []
    assert "刷新" in answer.content.decode()


@pytest.mark.parametrize("given", ["", "abc", "999999"])
def test_demo_sign_in_as_nobody(small: SmallCounty, client: Client, given: str) -> None:
    assert client.post("/demo-sign-in", {"appointment": given}).status_code in (404, 422)
    assert "_auth_user_id" not in client.session


def test_demo_sign_in_not_into_another_county(small: SmallCounty, client: Client) -> None:
    from tests.office.conftest import make_county

    other = make_county("neighbour")
    assert client.post("/demo-sign-in", {"appointment": appointment_of(other, "supervisor").pk}).status_code == 404


def test_a_post_that_ended_yesterday_is_not_entered(small: SmallCounty, client: Client) -> None:
    appointment = appointment_of(small, "supervisor")
    with door.opened("fixture"):
        Appointment.objects.filter(pk=appointment.pk).update(to_on="2023-07-02")
    assert client.post("/demo-sign-in", {"appointment": appointment.pk}).status_code == 404
    assert f'value="{appointment.pk}"' not in client.get("/").content.decode()


def test_health_says_ok_and_nothing_else(client: Client, db: None) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "database": "ok"}


def test_health_is_503_when_the_database_is_away(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi.site.pages import health

    def away() -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(health.connection, "cursor", away, raising=False)
    answer = health.healthz(RequestFactory().get("/healthz"))
    monkeypatch.undo()
    assert answer.status_code == 503 and b"gone" not in answer.content
    assert connection.cursor() is not None


def test_metrics_count_requests_by_route(small: SmallCounty, client: Client) -> None:
    client.get("/clauses/FOOD-0d")
    text = client.get("/metrics").content.decode()
    assert 'luoshi_requests_total{route="clause",status="200"}' in text
    assert "FOOD-0d" not in text


def test_metrics_are_not_for_others(small: SmallCounty, client: Client, signed_in) -> None:
    away = {"REMOTE_ADDR": "10.0.0.7"}
    assert client.get("/metrics", **away).status_code == 403
    assert signed_in(small, "supervisor").get("/metrics", **away).status_code == 403
    assert signed_in(small, "system_admin").get("/metrics", **away).status_code == 200


@pytest.mark.parametrize("status", sorted(fault_pages.PROBLEMS))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_problem_page_is_whole(
    small: SmallCounty, client: Client, monkeypatch, status: int, language: str
) -> None:
    def broken(request: object) -> None:
        raise fault_pages.problem_of(status)

    monkeypatch.setattr(site_urls, "urlpatterns", [*site_urls.urlpatterns, path(f"broken-{status}", broken)])
    from django.urls import clear_url_caches

    clear_url_caches()
    client.cookies["luoshi_language"] = language
    answer = client.get(f"/broken-{status}")
    clear_url_caches()
    assert answer.status_code == status and faults(answer.content) == []
    words, remedy = fault_pages.PROBLEMS[status]
    page = answer.content.decode().replace("&#x27;", "'")
    assert words.pick(language) in page and remedy.pick(language) in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_of_a_fault_needs_no_database(language: str) -> None:
    from django.utils import translation

    request = RequestFactory().get("/")
    request.luoshi_id = "abcdef0123456789"  # type: ignore[attr-defined]
    with translation.override(language):
        answer = fault_pages.fault(request)
    assert answer.status_code == 500 and faults(answer.content) == []
    assert b"abcdef01" in answer.content and b"abcdef012" not in answer.content
