"""Clients signed in to the small county's posts, as a browser would hold its session."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from luoshi.office.people.acting import POST_KEY
from luoshi.office.people.models import Account
from tests.office.conftest import SmallCounty, make_county


@pytest.fixture
def small(db: None) -> SmallCounty:
    """The county in which most tests happen."""
    return make_county("small")


@pytest.fixture
def neighbour(db: None) -> SmallCounty:
    """Another county in the same installation."""
    return make_county("neighbour")


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """Return a client that acts in a named post; ``checks`` makes it subject to the CSRF check."""

    def made(county: SmallCounty, name: str, *, checks: bool = False) -> Client:
        from luoshi.office import door

        client = Client(enforce_csrf_checks=checks, SERVER_NAME="127.0.0.1")
        account: Account = county.accounts[name]
        with door.opened("fixture"):
            account.password_changed_at = timezone.now()
            account.second_factor_confirmed_at = timezone.now()
            account.save()
            client.force_login(account)
        session = client.session
        session[POST_KEY] = county.posts[name].pk
        session.save()
        return client

    return made
