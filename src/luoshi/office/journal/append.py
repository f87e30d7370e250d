"""Writing and finding journal entries. Only the one door (``luoshi.office.actions``) and the tick append."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from luoshi.core import seal

ALGORITHM = "sha256"
_COLUMNS = (
    "county_id", "at", "action", "account_id", "unit_id", "subject_kind", "subject_id",
    "outcome", "request_id", "inputs_digest", "content", "digest",
)  # fmt: skip
_INSERT = f"INSERT INTO journal_entry ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608
_FIND = "SELECT id, action, inputs_digest, content FROM journal_entry WHERE county_id = %s AND request_id = %s"
_FIND_AND_HOLD = (
    "WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(%s)) "
    "SELECT e.id, e.action, e.inputs_digest, e.content FROM held "
    "LEFT JOIN journal_entry e ON e.county_id = %s AND e.request_id = %s"
)
SEAL_LOCK = 7_205_759


@dataclass(frozen=True, slots=True)
class Line:
    """What one entry says. ``detail`` holds reasons, clauses, facts, before, after, summary and values."""

    county_id: int
    at: dt.datetime
    action: str
    account_id: int | None
    unit_id: int | None
    actor: dict[str, Any]
    subject_kind: str
    subject_id: str
    outcome: str
    request_id: str
    inputs_digest: str
    detail: dict[str, Any]

    def row(self, at: Any) -> tuple[Any, ...]:
        """Return the column values, content and digest included; ``at`` is the moment as the database takes it."""
        content = seal.canonical(
            {
                "county": self.county_id,
                "at": self.at.astimezone(dt.UTC).isoformat(),
                "action": self.action,
                "actor": self.actor,
                "subject": [self.subject_kind, self.subject_id],
                "outcome": self.outcome,
                "request_id": self.request_id,
                "inputs_digest": self.inputs_digest,
                **self.detail,
            }
        )
        return (
            self.county_id, at, self.action, self.account_id, self.unit_id, self.subject_kind, self.subject_id,
            self.outcome, self.request_id, self.inputs_digest, content.decode(), seal.digest(content, ALGORITHM),
        )  # fmt: skip


def append(line: Line) -> int:
    """Write one entry in the running transaction and return its id."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT + " RETURNING id", line.row(connection.ops.adapt_datetimefield_value(line.at)))
        return int(cursor.fetchone()[0])


def append_many(lines: Iterable[Line]) -> None:
    """Write many entries in the running transaction with one statement."""
    moments: dict[dt.datetime, Any] = {}
    rows: list[tuple[Any, ...]] = []
    for line in lines:
        if line.at not in moments:
            moments[line.at] = connection.ops.adapt_datetimefield_value(line.at)
        rows.append(line.row(moments[line.at]))
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT, rows)


def find(county_id: int, request_id: str) -> tuple[int, str, str, dict[str, Any]] | None:
    """Return id, action, inputs digest and content of the entry that answered this request, if any.

    On PostgreSQL the same statement keeps sealing out until this transaction ends, so that a seal never skips an entry
    still in flight. SQLite has one writer at a time, which already gives this.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FIND_AND_HOLD, (SEAL_LOCK, county_id, request_id))
        else:
            cursor.execute(_FIND, (county_id, request_id))
        row = cursor.fetchone()
    return None if row is None or row[0] is None else (row[0], row[1], row[2], json.loads(row[3]))
