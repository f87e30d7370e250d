"""Everything of an installation in one file, taken while it serves, and put back into an empty one.

The file is a zip: ``manifest.json`` last, one ``tables/NAME.jsonl`` per table (columns first, then one row a line, in a
form both databases read), and the evidence under ``files/``. Rows are read in one snapshot. Personal data stays
ciphertext; the data key is not in the file, only its id, and a restore with another key is refused.
"""

import datetime as dt
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, models, transaction

from luoshi import __version__
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import door, vault
from luoshi.office.evidence.store import FileStore
from luoshi.office.faults import as_problem
from luoshi.office.people.models import County

FORMAT = "luoshi-backup-1"
SKIPPED = frozenset(
    {"django_session", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}
)
BATCH = 1_000
AFTER_RESTORE: list[Callable[[], None]] = []
"""Subjects add what rebuilds their search indexes and other things worked out from rows."""


def tables() -> list[type[models.Model]]:
    """Return every table of the house, in an order in which no row comes before what it points to."""
    wanted = [
        m for m in apps.get_models(include_auto_created=True) if m._meta.db_table not in SKIPPED and m._meta.managed
    ]
    ordered: list[type[models.Model]] = []

    def place(model: type[models.Model], above: tuple[type[models.Model], ...] = ()) -> None:
        if model in ordered or model in above:
            return
        for column in model._meta.concrete_fields:
            target = column.related_model
            if isinstance(target, type) and target in wanted:
                place(target, (*above, model))
        ordered.append(model)

    for model in sorted(wanted, key=lambda m: m._meta.db_table):
        place(model)
    return ordered


def backup(target: Path, now: dt.datetime) -> dict[str, Any]:
    """Write all to ``target`` and return the manifest; an earlier file stays until the new one is whole."""
    part = target.with_name(target.name + ".part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive, _snapshot():
            manifest = {
                "format": FORMAT, "version": __version__, "made_at": now.isoformat(), "data_key": vault.key_id(),
                "migrations": _migrations(), "tables": [_write_table(archive, m) for m in tables()],
            }  # fmt: skip
            manifest["files"] = _write_files(archive)
            archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as fault:
        part.unlink(missing_ok=True)
        raise as_problem(fault) from fault
    return manifest


@contextmanager
def _snapshot() -> Iterator[None]:
    """Hold one consistent view of all tables; writers go on meanwhile."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    connection.ensure_connection()
    raw = connection.connection
    raw.execute("BEGIN DEFERRED")
    try:
        raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield
    finally:
        raw.execute("ROLLBACK")


def _migrations() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return [f"{app}.{name}" for app, name in cursor.fetchall()]


def _write_table(archive: zipfile.ZipFile, model: type[models.Model]) -> dict[str, Any]:
    columns = list(model._meta.concrete_fields)
    name, count, digest = model._meta.db_table, 0, hashlib.sha256()
    with archive.open(f"tables/{name}.jsonl", "w", force_zip64=True) as out:
        for line in _lines(model, columns):
            out.write(line)
            digest.update(line)
            count += 1
    return {"name": name, "rows": count - 1, "sha256": digest.hexdigest()}


def _lines(model: type[models.Model], columns: list[Any]) -> Iterator[bytes]:
    yield _line([c.column for c in columns])
    picked = ", ".join(f'"{c.column}"' for c in columns)
    key = model._meta.pk.column
    sql = f'SELECT {picked} FROM "{model._meta.db_table}" WHERE "{key}" > %s ORDER BY "{key}" LIMIT {BATCH}'  # noqa: S608
    at = next(i for i, c in enumerate(columns) if c.primary_key)
    last: Any = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, (last,))
            rows = cursor.fetchall()
        for row in rows:
            yield _line([_portable(c, v) for c, v in zip(columns, row, strict=True)])
        if len(rows) < BATCH:
            return
        last = rows[-1][at]


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=str).encode() + b"\n"


def _portable(column: Any, value: Any) -> Any:
    """Return a stored value in the one form that both databases read back."""
    if value is None:
        return None
    if isinstance(column, models.DateTimeField):
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC).isoformat()
    if isinstance(column, models.BooleanField):
        return bool(value)
    if isinstance(column, models.JSONField):
        return json.loads(value) if isinstance(value, str) else value
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value.isoformat() if isinstance(value, dt.date) else value


def _write_files(archive: zipfile.ZipFile) -> list[str]:
    """Add every kept file once; a file whose bytes no longer fit its digest stops the backup rather than hide in it."""
    from luoshi.office.evidence.models import StoredFile

    store = FileStore(settings.LUOSHI_FILES)
    digests = sorted(set(StoredFile.objects.values_list("digest", flat=True)))
    for digest in digests:
        if not store.intact(digest):
            raise Problem(
                digest,
                Words("这个材料文件缺失或已损坏。", "This evidence file is missing or damaged."),
                Words("请先从较早的备份找回它。", "Bring it back from an earlier backup first."),
            )
        archive.write(store.path(digest), f"files/{digest.split(':')[1]}", zipfile.ZIP_STORED)
    return digests


def restore(source: Path) -> dict[str, Any]:
    """Put a backup into this empty, migrated installation, all or nothing, and return its manifest."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _checked_manifest(archive, source)
            _check_target(manifest)
            with door.opened("restore"), transaction.atomic(), _without_triggers():
                for table in manifest["tables"]:
                    _read_table(archive, table)
                _reset_sequences()
            _read_files(archive, manifest["files"])
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise _not_a_backup(source) from fault
    except OSError as fault:
        raise (
            _not_a_backup(source) if isinstance(fault, FileNotFoundError | IsADirectoryError) else as_problem(fault)
        ) from fault
    for rebuild in AFTER_RESTORE:
        with door.opened("restore"):
            rebuild()
    return manifest


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
    return manifest


def _check_target(manifest: dict[str, Any]) -> None:
    if County.objects.exists():
        raise Problem(
            "LUOSHI_HOME",
            Words("这里已有数据，不能覆盖。", "There is data here already; it is not overwritten."),
            Words("请指定一个空的数据目录或数据库。", "Point to an empty data folder or database."),
        )
    ours, theirs = set(_migrations()), set(manifest["migrations"])
    if theirs - ours:
        raise Problem(
            "manifest.json",
            Words("备份来自更新的版本。", "The backup comes from a newer version."),
            Words("请先升级本系统再恢复。", "Upgrade this installation first."),
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
    model = next((m for m in tables() if m._meta.db_table == table["name"]), None)
    if model is None:
        raise _not_a_backup(Path(table["name"]))
    columns = {c.column: c for c in model._meta.concrete_fields}
    digest = hashlib.sha256()
    with archive.open(f"tables/{table['name']}.jsonl") as lines, connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{table["name"]}"')  # noqa: S608 - what migrating put there
        first = lines.readline()
        digest.update(first)
        names = json.loads(first)
        marks = ", ".join(["%s"] * len(names))
        quoted = ", ".join(f'"{n}"' for n in names)
        sql = f'INSERT INTO "{table["name"]}" ({quoted}) VALUES ({marks})'  # noqa: S608
        batch: list[list[Any]] = []
        for line in lines:
            digest.update(line)
            batch.append([_stored(columns[n], v) for n, v in zip(names, json.loads(line), strict=True)])
            if len(batch) == BATCH:
                cursor.executemany(sql, batch)
                batch = []
        if batch:
            cursor.executemany(sql, batch)
    if digest.hexdigest() != table["sha256"]:
        raise Problem(
            f"tables/{table['name']}.jsonl",
            Words("备份中的这张表已被改动或损坏。", "This table in the backup was altered or damaged."),
            Words("请换用另一份备份。", "Use another backup."),
        )


def _stored(column: Any, value: Any) -> Any:
    """Return a portable value as this database takes it."""
    if isinstance(column, models.JSONField):
        return None if value is None and column.null else column.get_db_prep_value(value, connection)
    if value is None:
        return None
    if isinstance(column, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value(dt.datetime.fromisoformat(value))
    if isinstance(column, models.DateField):
        return connection.ops.adapt_datefield_value(dt.date.fromisoformat(value))
    if isinstance(column, models.BinaryField):
        return bytes.fromhex(value)
    return value


def _reset_sequences() -> None:
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(sql)


def _read_files(archive: zipfile.ZipFile, digests: list[str]) -> None:
    store = FileStore(settings.LUOSHI_FILES)
    for digest in digests:
        if store.intact(digest):
            continue
        with archive.open(f"files/{digest.split(':')[1]}") as stream:
            received = store.receive(digest, iter(lambda s=stream: s.read(1 << 20), b""), 1 << 40)
        if received.digest != digest:
            store.drop(received)
            raise Problem(
                digest,
                Words("备份中的这个材料已被改动。", "This file in the backup was altered."),
                Words("请换用另一份备份。", "Use another backup."),
            )
        store.keep(received)
