"""Everything of an installation in one file, taken while it serves; ``restore`` puts it back into an empty one.

The file is a zip: ``manifest.json`` last, one ``tables/NAME.jsonl`` per table (columns first, then one row a line, in a
form both databases read), and the evidence under ``files/``. Rows are read in one snapshot. Personal data stays
ciphertext; the data key is not in the file, only its id, and a restore with another key is refused. Two backups of
equal data have equal tables: values are written in one form, JSON with sorted keys.
"""

import datetime as dt
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction

from luoshi import __version__
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import vault
from luoshi.office.evidence.store import FileStore
from luoshi.office.faults import as_problem

FORMAT = "luoshi-backup-1"
SKIPPED = frozenset(
    {"django_session", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}
)
BATCH = 1_000
AFTER_RESTORE: list[Callable[[], None]] = []
"""Subjects add what rebuilds their search indexes and other things worked out from rows; it runs within the restore."""


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
                "migrations": migrations(), "tables": [_write_table(archive, m) for m in tables()],
            }  # fmt: skip
            manifest["files"] = _write_files(archive)
            archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as fault:
        raise _no_place(target) from fault
    except (DatabaseError, OSError) as fault:
        raise as_problem(fault) from fault
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _no_place(target: Path) -> Problem:
    return Problem(
        str(target),
        Words("这里不能写文件。", "No file can be written here."),
        Words("请写到一个已有的文件夹里，并给出文件名。", "Name a file in a folder that is there."),
    )


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


def migrations() -> list[str]:
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
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return text.encode() + b"\n"


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
    if isinstance(column, models.DecimalField):
        return str(Decimal(str(value)).quantize(Decimal(1).scaleb(-column.decimal_places)))
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
