"""A full disk, made for one call: pages of the database run out, or a write to a file meets ENOSPC."""

import errno
import os
import zipfile
from pathlib import Path
from typing import Any
from unittest import mock

from django.db import connection

from luoshi.core.problem import Problem
from luoshi.office import backup as backups
from luoshi.office import present
from luoshi.office import restore as restores
from luoshi.office.evidence.store import FileStore


def _full(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def backup(target: str, step: str) -> dict[str, Any]:
    """Save while the disk is full at one step."""
    place = {"table": (zipfile.ZipFile, "open"), "file": (zipfile.ZipFile, "write"), "end": (os, "fsync")}[step]
    with mock.patch.object(*place, _full):
        return _said(lambda: backups.backup(Path(target), present.now()))


def restore(source: str, step: str) -> dict[str, Any]:
    """Restore while the disk has no room for a file, or the database none for the rows."""
    if step == "file":
        with mock.patch("luoshi.office.evidence.store._write", _full):
            return _said(lambda: restores.restore(Path(source)))
    assert connection.vendor == "sqlite"
    with no_room_for_rows(0):
        return _said(lambda: restores.restore(Path(source)))


class no_room_for_rows:
    """Let the SQLite file grow by no more than some pages."""

    def __init__(self, pages: int) -> None:
        self.pages = pages

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            (count,) = cursor.fetchone()
            cursor.execute(f"PRAGMA max_page_count = {count + self.pages}")

    def __exit__(self, *_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")


def _said(call: Any) -> dict[str, Any]:
    try:
        call()
    except Problem as problem:
        return {"status": problem.status, "place": problem.place}
    return {"status": 200, "place": ""}


__all__ = ["FileStore", "backup", "no_room_for_rows", "restore"]
