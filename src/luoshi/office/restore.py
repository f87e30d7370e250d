"""Putting a backup into an empty installation: all of it or nothing."""

import datetime as dt
import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import door, vault
from luoshi.office.backup import AFTER_RESTORE, BATCH, FORMAT, migrations, tables
from luoshi.office.evidence.store import FileStore, is_digest
from luoshi.office.faults import as_problem
from luoshi.office.people.models import County

_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, AttributeError, RecursionError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
"""What reading a file that is no whole backup can raise."""


def restore(source: Path) -> dict[str, Any]:
    """Put a backup into this empty, migrated installation, all or nothing, and return its manifest.

    Everything in the file is read and checked before the first row is written.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _checked_manifest(archive, source)
            for table in manifest["tables"]:
                _check_table(archive, table)
            _put_back(archive, manifest)
    except (FileNotFoundError, IsADirectoryError) as fault:
        raise _not_a_backup(source) from fault
    except (DatabaseError, OSError) as fault:
        raise as_problem(fault) from fault
    except _BROKEN as fault:
        raise _not_a_backup(source) from fault
    return manifest


def _put_back(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """Write files first and rows after them; files that came are taken away again when the rows do not stand."""
    came: list[Path] = []
    try:
        with door.opened("restore"), transaction.atomic():
            _check_target()
            _read_files(archive, manifest["files"], came)
            with _without_triggers():
                for table in manifest["tables"]:
                    _read_table(archive, table)
                _reset_sequences()
            for rebuild in AFTER_RESTORE:
                rebuild()
    except BaseException:
        for path in came:
            path.unlink(missing_ok=True)
        raise


def _not_a_backup(source: Path) -> Problem:
    return Problem(
        str(source),
        Words("不是完整的备份文件。", "This is not a whole backup file."),
        Words("请选用 luoshi backup 生成的文件。", "Choose a file made by luoshi backup."),
    )


def _checked_manifest(archive: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    if manifest.get("format") != FORMAT:
        raise _not_a_backup(source)
    if manifest["data_key"] != vault.key_id():
        raise Problem(
            "LUOSHI_DATA_KEY",
            Words("备份是用另一把数据密钥加密的。", "The backup was encrypted with another data key."),
            Words("请设置备份时使用的密钥后再恢复。", "Set the key that was in use when the backup was made."),
        )
    _check_version(manifest)
    if [t["name"] for t in manifest["tables"]] != [m._meta.db_table for m in tables()]:
        raise _not_a_backup(source)
    if not all(is_digest(digest) for digest in manifest["files"]):
        raise _not_a_backup(source)
    return manifest


def _check_version(manifest: dict[str, Any]) -> None:
    """Rows fit the tables they were read from; another version may lack a column or mean another thing by it."""
    ours, theirs = set(migrations()), set(manifest["migrations"])
    if theirs - ours:
        raise Problem(
            "manifest.json",
            Words("备份来自更新的版本。", "The backup comes from a newer version."),
            Words("请先升级本系统再恢复。", "Upgrade this installation first."),
        )
    if ours - theirs:
        version = manifest["version"]
        raise Problem(
            "manifest.json",
            Words(f"备份来自较早的版本 {version}。", f"The backup comes from the earlier version {version}."),
            Words("请先用那个版本恢复，再升级。", "Restore it with that version, then upgrade."),
        )


def _check_table(archive: zipfile.ZipFile, table: dict[str, Any]) -> None:
    digest = hashlib.sha256()
    try:
        with archive.open(f"tables/{table['name']}.jsonl") as lines:
            while piece := lines.read(1 << 20):
                digest.update(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError) as fault:
        raise _altered(f"tables/{table['name']}.jsonl") from fault
    if digest.hexdigest() != table["sha256"]:
        raise _altered(f"tables/{table['name']}.jsonl")


def _altered(place: str) -> Problem:
    return Problem(
        place,
        Words("备份中的这一部分已被改动或损坏。", "This part of the backup was altered or damaged."),
        Words("请换用另一份备份。", "Use another backup."),
    )


def _check_target() -> None:
    if County.objects.exists():
        raise Problem(
            "LUOSHI_HOME",
            Words("这里已有数据，不能覆盖。", "There is data here already; it is not overwritten."),
            Words("请指定一个空的数据目录或数据库。", "Point to an empty data folder or database."),
        )


@contextmanager
def _without_triggers() -> Iterator[None]:
    """Let rows come back exactly as they were: triggers that work something out stand aside."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = [m._meta.db_table for m in tables()]
            for name in names:
                cursor.execute(f'ALTER TABLE "{name}" DISABLE TRIGGER USER')
            yield
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for name in names:
                cursor.execute(f'ALTER TABLE "{name}" ENABLE TRIGGER USER')
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        yield
        for _, sql in triggers:
            cursor.execute(sql)


def _read_table(archive: zipfile.ZipFile, table: dict[str, Any]) -> None:
    model = next(m for m in tables() if m._meta.db_table == table["name"])
    columns = {c.column: c for c in model._meta.concrete_fields}
    with archive.open(f"tables/{table['name']}.jsonl") as lines, connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{table["name"]}"')  # noqa: S608 - what migrating put there
        names = json.loads(lines.readline())
        if set(names) != set(columns):
            raise _altered(f"tables/{table['name']}.jsonl")
        marks = ", ".join(["%s"] * len(names))
        quoted = ", ".join(f'"{n}"' for n in names)
        sql = f'INSERT INTO "{table["name"]}" ({quoted}) VALUES ({marks})'  # noqa: S608
        batch: list[list[Any]] = []
        for line in lines:
            batch.append([_stored(columns[n], v) for n, v in zip(names, json.loads(line), strict=True)])
            if len(batch) == BATCH:
                cursor.executemany(sql, batch)
                batch = []
        if batch:
            cursor.executemany(sql, batch)


def _stored(column: Any, value: Any) -> Any:
    """Return a portable value as this database takes it."""
    if isinstance(column, models.JSONField):
        return None if value is None and column.null else column.get_db_prep_value(value, connection)
    if value is None:
        return None
    if isinstance(column, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value(dt.datetime.fromisoformat(value))
    if isinstance(column, models.DecimalField):
        return connection.ops.adapt_decimalfield_value(Decimal(value), column.max_digits, column.decimal_places)
    if isinstance(column, models.DateField):
        return connection.ops.adapt_datefield_value(dt.date.fromisoformat(value))
    if isinstance(column, models.BinaryField):
        return bytes.fromhex(value)
    return value


def _reset_sequences() -> None:
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(sql)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(1 << 20):
        yield piece


def _read_files(archive: zipfile.ZipFile, digests: list[str], came: list[Path]) -> None:
    """Keep each file that is not here yet, and note in ``came`` which did."""
    store = FileStore(settings.LUOSHI_FILES)
    for digest in digests:
        if store.intact(digest):
            continue
        place = f"files/{digest.split(':')[1]}"
        try:
            with archive.open(place) as stream:
                received = store.receive(place, _pieces(stream), 1 << 40)
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as fault:
            raise _altered(place) from fault
        if received.digest != digest:
            store.drop(received)
            raise _altered(place)
        came.append(store.keep(received))
