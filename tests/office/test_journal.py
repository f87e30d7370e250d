"""The journal: append-only by the database, sealed, and checkable on a bare machine."""

import datetime as dt
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from luoshi.office import door
from luoshi.office.journal import append, seals, verifier
from luoshi.office.journal.models import Entry, Seal
from tests.office.conftest import NOW, SmallCounty


def write(small: SmallCounty, count: int, start: int = 0) -> None:
    with door.opened("fixture"), transaction.atomic():
        append.append_many(
            append.Line(
                small.county.pk, NOW + dt.timedelta(seconds=n), "test.note", None, small.units["market"].pk,
                {"account": None, "post": None, "unit": small.units["market"].pk, "role": "system"},
                "task", str(n), "granted", f"note:{n}", "", {"summary": {"zh": f"第{n}条", "en": f"No. {n}"}},
            )
            for n in range(start, start + count)
        )  # fmt: skip


@pytest.mark.parametrize("table", ["journal_entry", "journal_seal"])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_change_what_was_written(small: SmallCounty, table: str, verb: str) -> None:
    write(small, 2)
    seals.seal_now(NOW)
    sql = f"UPDATE {table} SET id = id + 1000" if verb == "update" else f"DELETE FROM {table}"
    with (
        pytest.raises(DatabaseError, match="append-only"),
        door.opened("attack"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert Entry.objects.count() == 2 and Seal.objects.count() == 1


def test_seals_cover_every_entry_once_and_chain(small: SmallCounty) -> None:
    write(small, 5)
    first = seals.seal_now(NOW)
    assert seals.seal_now(NOW) is None
    write(small, 3, start=5)
    second = seals.seal_now(NOW, "sm3")
    assert first and second and second.previous == first.chained
    assert (first.count, second.count, second.algorithm) == (5, 3, "sm3")
    assert seals.verify() == seals.Verified(8, 2, 0, None)


@pytest.fixture
def unguarded(small: SmallCounty) -> Iterator[None]:
    """The journal as somebody with the database's own key could alter it."""
    from importlib import import_module

    guards = import_module("luoshi.office.journal.migrations.0002_append_only")
    write(small, 6)
    seals.seal_now(NOW)
    write(small, 2, start=6)
    with connection.schema_editor() as editor:
        guards.allow(None, editor)
    with door.opened("attack"):
        yield
    with connection.schema_editor() as editor:
        guards.forbid(None, editor)


ALTERATIONS = {
    "content": "UPDATE journal_entry SET content = replace(content, '第3条', '第9条') WHERE request_id = 'note:3'",
    "digest too": "UPDATE journal_entry SET digest = (SELECT digest FROM journal_entry WHERE request_id = 'note:1') WHERE request_id = 'note:3'",
    "column": "UPDATE journal_entry SET action = 'other' WHERE request_id = 'note:3'",
    "unsealed column": "UPDATE journal_entry SET outcome = 'refused' WHERE request_id = 'note:7'",
    "deleted": "DELETE FROM journal_entry WHERE request_id = 'note:3'",
    "deleted last": "DELETE FROM journal_entry WHERE request_id = 'note:5'",
    "seal root": "UPDATE journal_seal SET root = chained",
    "seal time": "UPDATE journal_seal SET sealed_at = '2020-01-01T00:00:00+00:00'",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_every_alteration_is_found(unguarded: None, alteration: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ALTERATIONS[alteration])
    assert seals.verify().altered is not None


def exported(path: Path) -> list[str]:
    with path.open("w", encoding="utf-8") as file:
        seals.export(file)
    return path.read_text("utf-8").splitlines()


def test_the_stand_alone_verifier_agrees_without_the_system(small: SmallCounty, tmp_path: Path) -> None:
    write(small, 7)
    seals.seal_now(NOW)
    write(small, 4, start=7)
    seals.seal_now(NOW, "sm3")
    path = tmp_path / "journal.jsonl"
    exported(path)
    script = tmp_path / "verifier.py"
    script.write_text(seals.verifier_source(), "utf-8")
    run = subprocess.run([sys.executable, "-I", str(script), str(path)], capture_output=True, text=True, check=False)
    assert run.returncode == 0 and "11 entries, 2 seals" in run.stdout


@pytest.mark.parametrize("line", range(1, 8))
def test_the_stand_alone_verifier_finds_one_changed_character_anywhere(
    small: SmallCounty, tmp_path: Path, line: int
) -> None:
    write(small, 6)
    seals.seal_now(NOW)
    lines = exported(tmp_path / "journal.jsonl")
    row = json.loads(lines[line])
    if "entry" in row:
        row["content"] = row["content"].replace("task", "tasK")
    else:
        row["sealed_at"] = row["sealed_at"].replace("2023", "2022")
    lines[line] = json.dumps(row, ensure_ascii=False)
    assert verifier.check(lines[1:])[2] is not None


def test_the_stand_alone_verifier_refuses_what_is_no_journal(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"\xff\xfe nothing")
    run = subprocess.run(
        [sys.executable, str(Path(verifier.__file__)), str(path)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 2 and "Traceback" not in run.stderr


def test_export_counts_what_it_wrote(small: SmallCounty) -> None:
    write(small, 3)
    assert seals.export(io.StringIO()) == 3
