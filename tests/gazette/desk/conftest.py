"""The invented county of tests/cases/second_county, loaded from its folder, with an editor and a few others."""

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from luoshi.gazette import queries
from luoshi.gazette.actions import confirm, receive
from luoshi.gazette.models import Proposal
from luoshi.gazette.pages import proposal
from luoshi.office import door, present
from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE, Call, Result
from luoshi.office.people import acting
from luoshi.office.people.models import Account, Appointment, County, Post, Unit
from luoshi.office.plans import loading
from luoshi.office.plans.models import Document, Task

FOLDER = Path(__file__).resolve().parents[2] / "cases" / "second_county"
TEXT = (FOLDER / "gazette.txt").read_text(encoding="utf-8")
GUYANG = Path(__file__).resolve().parents[4] / "shared" / "gazette" / "guyang-2023-issue-2.txt"
NOW = dt.datetime(2023, 4, 10, 9, 0, tzinfo=COUNTY_ZONE)
MARKET, SCHOOL = "农产品集市", "学校供水"
_numbers = itertools.count(1)


@dataclass
class Desk:
    """A county and the ways its tests act in it."""

    county: County
    posts: dict[str, Post] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def actor(self, name: str = "editor") -> Actor:
        if name in ("system", "public"):
            return Actor(self.county.pk, name)
        post = self.posts[name]
        return Actor(self.county.pk, post.role, self.accounts[name].pk, post.pk, post.unit_id)

    def call(self, name: str = "editor", now: dt.datetime = NOW) -> Call:
        return Call(self.actor(name), now, f"desk-test:{next(_numbers)}", "web", "127.0.0.1")

    def receive(self, text: str = TEXT, name: str = "gazette.txt", **more: Any) -> Proposal:
        result = receive.receive(self.call(), name=name, text=text, **more)
        assert result.outcome, result.outcome
        return Proposal.objects.get(pk=result.values["proposal"])

    def confirm(self, proposal: Proposal, **more: Any) -> Result:
        return confirm.confirm(self.call(), proposal=proposal.pk, **more)

    def confirmed(self, text: str = TEXT) -> Proposal:
        proposal = self.receive(text)
        result = self.confirm(proposal)
        assert result.outcome, result.outcome
        proposal.refresh_from_db()
        return proposal

    def document(self, title: str = MARKET) -> Document:
        return Document.objects.get(county=self.county, title_zh__contains=title, replaced_on__isnull=True)

    def tasks(self, title: str = MARKET) -> list[Task]:
        rows = Task.objects.filter(county=self.county, plan__name_zh__contains=title, replaced_on__isnull=True)
        return list(rows.order_by("order", "code"))


SEATS = {
    "editor": ("county-office", "editor"),
    "supervisor": ("county-office", "supervisor"),
    "officer": ("commerce", "officer"),
    "auditor": ("county-office", "auditor"),
}


def make(folder: Path | str) -> Desk:
    """Load a county and give it the people of the tests."""
    county = loading.found(folder)
    now = loading.system_call(county, NOW, f"load:{next(_numbers)}")
    assert loading.load_directory(now, folder=str(folder)).outcome
    desk = Desk(county)
    codes = dict(Unit.objects.filter(county=county).values_list("code", "pk"))
    with door.opened("fixture"):
        for name, (unit, role) in SEATS.items():
            unit_id = codes.get(unit) or codes["county-government-office"]
            post = Post.objects.create(county=county, unit_id=unit_id, role=role, title_zh=name, title_en=name)
            account = Account.objects.create(
                county=county, username=f"{county.code}-{name}", display_name=f"演{name}", must_change_password=False
            )
            Appointment.objects.create(county=county, account=account, post=post, from_on=dt.date(2023, 1, 3))
            desk.posts[name], desk.accounts[name] = post, account
    return desk


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Numbers come back after a test's rows are rolled back; what pages keep by number must not."""
    cache.clear()
    for kept in (queries.contents, queries._printed, proposal._listed):
        kept.cache_clear()


@pytest.fixture(autouse=True)
def _in_april(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(present, "now", lambda: NOW)


@pytest.fixture
def desk(db: None) -> Desk:
    """The invented county."""
    return make(FOLDER)


@pytest.fixture
def neighbour(db: None) -> Desk:
    """Guyang's directory beside it."""
    return make("guyang")


@pytest.fixture
def signed_in(client: Client) -> Callable[[Desk, str], Client]:
    """Return a browser signed in as one of a county's people."""

    def enter(desk: Desk, name: str) -> Client:
        with door.opened("fixture"):
            client.force_login(desk.accounts[name])
        session = client.session
        session[acting.POST_KEY] = desk.posts[name].pk
        session.save()
        return client

    return enter
