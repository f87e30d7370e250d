"""What every test that uses the database needs."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from luoshi.office import door

_migrating = ExitStack()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Open the door for the migrations of the test database."""
    _migrating.enter_context(door.opened("migrate the test database"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Shut the door again once the database stands, so that every test finds it shut."""
    _migrating.close()
    yield
