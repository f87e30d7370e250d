"""A program with a token acts as one person in one post, and no further; a token that is not taken opens nothing."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client

from luoshi.office import door, present
from luoshi.office.journal.models import Entry
from luoshi.office.people import bearer
from luoshi.office.people.models import Account, ApiToken, Appointment, Post
from tests.office.conftest import NOW, SmallCounty
from tests.site.looked_at import faults

pytestmark = pytest.mark.django_db
INBOX = "/api/v1/duties"


def make(small: SmallCounty, client_of: Callable[..., Client], name: str = "officer", days: int = 30) -> str:
    account = small.accounts[name]
    held = Appointment.objects.get(account=account)
    given = {"name": "台账程序", "appointment": held.pk, "days": days, "request_id": f"make-{name}-{days}"}
    client = client_of(small, name)
    page = client.post("/account/tokens/new", given)
    found = re.search(r'id="token">([^<]+)<', page.content.decode())
    assert page.status_code == 200 and found and faults(page.content) == []
    again = client.post("/account/tokens/new", given).content.decode()
    assert found[1] not in again and ApiToken.objects.filter(account=account).count() == 1, "sent twice, made once"
    return found[1]


def program(token: str) -> Client:
    return Client(headers={"authorization": f"Bearer {token}"}, SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)


def test_a_program_reads_and_acts_as_its_person(small: SmallCounty, client_of: Callable[..., Client]) -> None:
    token = make(small, client_of)
    assert Client().get(INBOX).status_code == 401
    assert program(token).get(INBOX).status_code == 200
    assert program(token).get("/account/me").status_code == 302, "the pages are for people"
    answer = program(token).post(
        "/api/v1/actions/assignment.note", {"assignment_id": 999_999, "text": "看过现场"}, "application/json"
    )
    assert answer.status_code == 404, "past the guard of forms, stopped by the record that is not there"
    entry = Entry.objects.filter(action="account.make_token").get()
    assert token not in entry.content and ApiToken.objects.get().digest.startswith("sha256:")


@pytest.mark.parametrize("what", ["ended", "run out", "left the post", "post closed", "disabled", "reset", "wrong"])
def test_a_token_that_is_not_taken_opens_nothing(
    small: SmallCounty, client_of: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    token = make(small, client_of)
    account = small.accounts["officer"]
    if what == "ended":
        client_of(small, "officer").post(
            "/account/tokens/end", {"token": ApiToken.objects.get().pk, "request_id": "end"}
        )
    elif what == "run out":
        monkeypatch.setattr(present, "now", lambda: dt.datetime.now(dt.UTC) + dt.timedelta(days=800))
    elif what == "wrong":
        token = token[:-1] + ("a" if token[-1] != "a" else "b")
    else:
        with door.opened("fixture"):
            if what == "left the post":
                Appointment.objects.filter(account=account).update(
                    from_on=dt.date(2019, 1, 1), to_on=dt.date(2020, 1, 1)
                )
            elif what == "post closed":
                Post.objects.update(closed=True)
            elif what == "disabled":
                Account.objects.filter(pk=account.pk).update(is_active=False)
            else:
                from luoshi.office.people import token_actions

                token_actions.end_all(account, NOW)
    answer = program(token).get(INBOX)
    assert answer.status_code == 401 and answer.json()["problem"]["place"] == "Authorization"


def test_nobody_makes_a_token_for_a_post_of_others_or_too_many(
    small: SmallCounty, client_of: Callable[..., Client]
) -> None:
    client = client_of(small, "officer")
    other = Appointment.objects.exclude(account=small.accounts["officer"]).filter(county=small.county)[0]
    page = client.post("/account/tokens/new", {"name": "x", "appointment": other.pk, "days": 3, "request_id": "other"})
    assert "不在这个岗位" in page.content.decode() and not ApiToken.objects.exists()
    held = Appointment.objects.get(account=small.accounts["officer"])
    for n in range(11):
        given = {"name": f"程序{n}", "appointment": held.pk, "days": 3, "request_id": f"many-{n}"}
        page = client.post("/account/tokens/new", given)
    assert ApiToken.objects.count() == 10 and "停用" in page.content.decode()


def test_a_program_does_nothing_with_the_account_itself(small: SmallCounty, client_of: Callable[..., Client]) -> None:
    token = make(small, client_of)
    held = Appointment.objects.get(account=small.accounts["officer"])
    given = {"name": "另一程序", "appointment": held.pk, "days": 366, "token": bearer.made()}
    answer = program(token).post("/api/v1/actions/account.make_token", given, "application/json")
    assert answer.status_code == 403 and answer.json()["problem"]["place"] == "Authorization"
    assert ApiToken.objects.count() == 1, "a token makes no other, for this post or another, and so runs out"
    assert program(token).post("/api/v1/actions/account.begin_second_factor", {}, "application/json").status_code == 403
