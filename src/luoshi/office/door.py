"""The lock of the one door: writing SQL outside an action is refused by the connection itself.

``opened`` marks the running context as inside an action (or a migration, or a test's fixture). A wrapper on every
connection lets reading pass and stops INSERT, UPDATE and DELETE elsewhere, except on the tables of the session
machinery, which hold no record of the county.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_inside: ContextVar[str] = ContextVar("luoshi_inside_the_door", default="")
_FREE_TABLES = frozenset(
    {
        "django_session",
        "django_migrations",
        "django_content_type",
        "auth_permission",
        "people_accountsession",
        "people_attempt",
    }
)
_WRITE = re.compile(r'\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)"?', re.I)


class WriteOutsideTheDoor(AssertionError):
    """A record was about to be changed without an action: a defect of ours."""


@contextmanager
def opened(what: str) -> Iterator[None]:
    """Allow writes in this context; ``what`` names the action, migration or fixture."""
    token = _inside.set(what)
    try:
        yield
    finally:
        _inside.reset(token)


def inside() -> str:
    """Return the name of the action that is running, or an empty text."""
    return _inside.get()


def guard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Django execute wrapper that lets writes pass only inside the door."""
    if not _inside.get() and sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
        match = _WRITE.match(sql)
        if match is None or match[1] not in _FREE_TABLES:
            raise WriteOutsideTheDoor(f"write outside an action: {sql[:120]}")
    return execute(sql, params, many, context)


def lock_connection(connection: Any, **_: Any) -> None:
    """Put the guard on a new connection; the receiver of ``connection_created``."""
    if guard not in connection.execute_wrappers:
        connection.execute_wrappers.append(guard)
