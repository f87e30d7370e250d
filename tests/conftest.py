"""What every test that uses the database needs."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from luoshi.office import door

# pytest-django's switch: a template that prints a variable nobody gave it fails the test.
os.environ["FAIL_INVALID_TEMPLATE_VARS"] = "true"
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


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_guards() -> Iterator[None]:
    """Let Django empty the tables after a test with real transactions: the journal's triggers stand aside for that."""
    from importlib import import_module

    from django.core.management.commands import flush
    from django.db import connection

    from luoshi.supervision import ledger_triggers

    guards = import_module("luoshi.office.journal.migrations.0002_append_only")
    handle = flush.Command.handle

    def emptied(self: flush.Command, **options: object) -> None:
        with door.opened("empty the test database"):
            with connection.schema_editor() as editor:
                guards.allow(None, editor)
            ledger_triggers.remove(connection)  # they would count down lines whose county is gone already
            try:
                handle(self, **options)
            finally:
                ledger_triggers.install(connection)
                with connection.schema_editor() as editor:
                    guards.forbid(None, editor)

    flush.Command.handle = emptied  # type: ignore[method-assign]
    yield
    flush.Command.handle = handle  # type: ignore[method-assign]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: a packed file holds the time it was made, and two workers must name tests alike."""
    return argname if isinstance(val, bytes) else None
