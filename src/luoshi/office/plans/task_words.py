"""Which tasks contain some words, among a million as among ten, on SQLite and on PostgreSQL.

The words of a task are its heading in both languages and its units, in lower case. An index over neighbouring pairs of
characters answers for every word of two characters and more; triggers keep it, whoever writes tasks. What stands in
few tasks is fetched from the index; what stands in many is met soon by whoever walks the ledger in its order, so there
each line is looked at instead.
"""

# ruff: noqa: S608, S611 - the statements are put together from constants of this file only

import itertools
import json
from typing import Any, TypeVar

from django.db import connection
from django.db.models import BooleanField, Model, Q, QuerySet
from django.db.models.expressions import RawSQL

FEW = 5_000
M = TypeVar("M", bound=Model)
_PARTS = ("heading_zh", "units_text", "heading_en")


def _pairs(row: str) -> str:
    """Return the SQLite expression for a task's pairs: each two characters as twelve hex digits, in order."""
    text = " || char(10) || ".join(row + part for part in _PARTS)
    pair = "printf('%06x%06x', unicode(substr(x, i, 1)), unicode(substr(x, i + 1, 1)))"
    return (
        f"(WITH RECURSIVE t(x) AS (SELECT lower({text})), "
        "s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s, t WHERE i < length(x) - 1) "
        f"SELECT 'c' || {row}county_id || ' ' || group_concat({pair}, ' ') FROM s, t)"
    )


def _sqlite() -> list[str]:
    add = f"INSERT INTO plans_taskpair (rowid, pairs) VALUES (NEW.id, {_pairs('NEW.')})"
    drop = f"INSERT INTO plans_taskpair (plans_taskpair, rowid, pairs) VALUES ('delete', OLD.id, {_pairs('OLD.')})"
    changed = " OR ".join(f"OLD.{part} <> NEW.{part}" for part in (*_PARTS, "county_id"))
    fires = {"added": ("INSERT", add), "changed": (f"UPDATE|{changed}", f"{drop}; {add}"), "gone": ("DELETE", drop)}
    kept = "fts5(pairs, content='', columnsize=0, tokenize='ascii')"
    made = [f"CREATE VIRTUAL TABLE IF NOT EXISTS plans_taskpair USING {kept}"]
    for name, (event, body) in fires.items():
        event, _, when = event.partition("|")
        when = f" WHEN {when}" if when else ""
        made.append(
            f"CREATE TRIGGER IF NOT EXISTS plans_words_{name} AFTER {event} ON plans_task{when} BEGIN {body}; END"
        )
    return made


def _put(tasks: str) -> str:
    """Return the PostgreSQL statement that writes the words of some tasks ``t``."""
    text = " || chr(10) || ".join(f"t.{part}" for part in _PARTS)
    return (
        "INSERT INTO plans_taskpair (task_id, words, pairs) SELECT t.id, w.words, ARRAY['c' || t.county_id] || "
        "ARRAY(SELECT DISTINCT substr(w.words, i, 2) FROM generate_series(1, length(w.words) - 1) i) "
        f'FROM {tasks} CROSS JOIN LATERAL (SELECT lower(({text}) COLLATE "C") AS words) w '
        "ON CONFLICT (task_id) DO UPDATE SET words = EXCLUDED.words, pairs = EXCLUDED.pairs"
    )


def _postgresql() -> list[str]:
    mine, theirs = (", ".join(f"{row}.{part}" for part in (*_PARTS, "county_id")) for row in "to")
    changed = f"(SELECT t.* FROM came t JOIN went o ON o.id = t.id WHERE ({mine}) IS DISTINCT FROM ({theirs})) t"
    fires = {
        "added": ("INSERT", "NEW TABLE AS came", _put("came t")),
        "changed": ("UPDATE", "OLD TABLE AS went NEW TABLE AS came", _put(changed)),
        "gone": ("DELETE", "OLD TABLE AS went", "DELETE FROM plans_taskpair WHERE task_id IN (SELECT id FROM went)"),
        "emptied": ("TRUNCATE", "", "TRUNCATE plans_taskpair"),
    }
    made = [
        # Words stand in a table of their own, so that a task that changes its state does not touch the index.
        "CREATE TABLE IF NOT EXISTS plans_taskpair "
        "(task_id bigint PRIMARY KEY, words text NOT NULL, pairs text[] NOT NULL)",
        "CREATE INDEX IF NOT EXISTS plans_taskpair_pairs ON plans_taskpair USING gin (pairs) WITH (fastupdate = off)",
    ]
    for name, (event, tables, body) in fires.items():
        function, told = f"plans_words_{name}()", f"REFERENCING {tables} " if tables else ""
        made += [
            f"CREATE OR REPLACE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body}; RETURN NULL; END $$",
            f"CREATE OR REPLACE TRIGGER plans_words_{name} AFTER {event} ON plans_task {told}"
            f"FOR EACH STATEMENT EXECUTE FUNCTION {function}",
        ]
    return made


def install(connection: Any) -> None:
    """Create what is missing of the index and its triggers; SQLite drops triggers when it rebuilds a table."""
    with connection.cursor() as cursor:
        for sql in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(sql)


def remove(connection: Any) -> None:
    """Drop the index and its triggers."""
    with connection.cursor() as cursor:
        for name in ("added", "changed", "gone", "emptied"):
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP FUNCTION IF EXISTS plans_words_{name}() CASCADE")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS plans_words_{name}")
        cursor.execute("DROP TABLE plans_taskpair")


def index_again() -> None:
    """Write the index anew from the tasks there are; runs within an open door."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE plans_taskpair")
            cursor.execute(_put("plans_task t"))
        else:
            cursor.execute("INSERT INTO plans_taskpair (plans_taskpair) VALUES ('delete-all')")
            cursor.execute(
                f"INSERT INTO plans_taskpair (rowid, pairs) SELECT id, {_pairs('plans_task.')} FROM plans_task"
            )


def few(county_id: int, text: str) -> list[int] | None:
    """Return the ids of the county's tasks that contain the text, or None where they are more than ``FEW``.

    A single character is in too many tasks to be worth an index: None.
    """
    text = _lower(text)
    if len(text) < 2:
        return None
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            pairs = [f"c{county_id}", *{text[i : i + 2] for i in range(len(text) - 1)}]
            cursor.execute(
                "SELECT task_id FROM plans_taskpair WHERE pairs @> %s::text[] AND position(%s IN words) > 0 LIMIT %s",
                [pairs, text, FEW + 1],
            )
        else:
            phrase = " ".join(f"{ord(a):06x}{ord(b):06x}" for a, b in itertools.pairwise(text))
            cursor.execute(
                "SELECT rowid FROM plans_taskpair WHERE plans_taskpair MATCH %s LIMIT %s",
                [f'"c{county_id}" AND "{phrase}"', FEW + 1],
            )
        found = [row[0] for row in cursor.fetchall()]
    return None if len(found) > FEW else found


def containing(rows: QuerySet[M], text: str, found: list[int] | None) -> QuerySet[M]:
    """Narrow rows that have a ``task`` to those whose task contains the text; ``found`` is what ``few`` said."""
    on_postgresql = connection.vendor == "postgresql"
    if found is not None:
        if on_postgresql:
            return rows.filter(task_id__in=RawSQL("SELECT unnest(%s::bigint[])", [found]))
        return rows.filter(task_id__in=RawSQL("SELECT value FROM json_each(%s)", [json.dumps(found)]))
    if on_postgresql:
        # One value a line, so that the ledger is walked in its order until the page is full.
        own = f'"{rows.model._meta.db_table}"."task_id"'
        sql = f"(SELECT position(%s IN p.words) > 0 FROM plans_taskpair p WHERE p.task_id = {own})"
        return rows.filter(RawSQL(sql, [_lower(text)], output_field=BooleanField()))
    anywhere = Q(task__heading_zh__contains=text) | Q(task__units_text__contains=text)
    return rows.filter(anywhere | Q(task__heading_en__contains=text) if text.isascii() else anywhere)


def _lower(text: str) -> str:
    """Fold the case of ASCII letters, as both databases do."""
    return "".join(c.lower() if c.isascii() else c for c in text)
