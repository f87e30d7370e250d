"""Writing an exported workbook beside the request: progress that can be looked at, and a file that waits to be fetched.

Small ledgers are written at once; a large one is written by a thread of its own while its page shows how far it is. The
files stand in the house's folder for a day and are no records: what each row said is kept with the export.
"""

import datetime as dt
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import connections

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import present
from luoshi.office.access import Actor
from luoshi.office.actions import Call
from luoshi.office.faults import as_problem
from luoshi.supervision.queries.ledger import STANDINGS, STATES, Wanted
from luoshi.supervision.workbook import export, rows
from luoshi.supervision.workbook.layouts import layouts
from luoshi.supervision.workbook.models import Export

KEPT_SECONDS = 24 * 3600.0
AT_ONCE = 20_000
"""Rows up to which a request waits for its workbook (about half a second)."""
log = structlog.get_logger("luoshi.workbook")


@dataclass(frozen=True, slots=True)
class Kept:
    """What the rows of a written workbook said, packed, and how many there were."""

    data: bytes
    rows: int


def folder() -> Path:
    """Return where written workbooks wait."""
    return Path(settings.LUOSHI_HOME) / "exports"


def file_of(row: Export) -> Path:
    """Return where the workbook of an export stands, or will stand."""
    return folder() / f"{_stem(row)}.xlsx"


def _beside(row: Export, kind: str) -> Path:
    return folder() / f"{_stem(row)}.{kind}"


def _stem(row: Export) -> str:
    """Name the moment too: in a restored house the same number may stand on a file of another."""
    return f"E{row.pk}-{round(row.made_at.timestamp() * 1e6)}"


def wanted_of(asked: Mapping[str, str]) -> Wanted:
    """Return the filters of an export; ``Problem`` names one that makes no sense."""
    known = {"plan", "unit", "town", "state", "standing", "q"}
    for name, value in asked.items():
        whole = name in ("plan", "unit", "town")
        listed = {"state": STATES, "standing": STANDINGS}.get(name)
        if (
            name not in known
            or (whole and value and not (value.isascii() and value.isdigit() and len(value) < 19))
            or (listed is not None and value not in ("", *listed))
        ):
            raise Problem(
                f"asked.{name}"[:60], Words(f"筛选“{name[:20]}”不对。", f"The filter {name[:20]!r} is wrong."),
                Words("请从台账页重新导出。", "Export again from the ledger."), status=422,
            )  # fmt: skip

    def number(name: str) -> int | None:
        return int(asked[name]) if asked.get(name) else None

    return Wanted(
        number("plan"), number("unit"), number("town"), asked.get("state", ""), asked.get("standing", ""),
        asked.get("q", "")[:60],
    )  # fmt: skip


def count(actor: Actor, row: Export, today: dt.date) -> Any:
    """Return the keys of what an export will hold."""
    return rows.keys(actor, layouts()[row.layout], wanted_of(row.asked), today)


def make(call: Call, row: Export, about: list[str], finish: Callable[[], object]) -> bool:
    """Write the workbook of an export, at once or by a thread; return whether it is written already.

    ``finish`` keeps what was written (the action); it is called once the file stands.
    """
    folder().mkdir(parents=True, exist_ok=True)
    sweep(present.in_real_time(call.now).timestamp() - KEPT_SECONDS)
    ids = count(call.actor, row, call.today)

    def write() -> None:
        progress = _beside(row, "progress")
        progress.write_text(json.dumps([0, len(ids)]))

        def report(done: int) -> None:
            progress.write_text(json.dumps([done, len(ids)]))

        target = file_of(row).with_suffix(".part.xlsx")
        kept = export.write(row, layouts()[row.layout], ids, call.today, target, about=about, progress=report)
        _beside(row, "known").write_bytes(kept.done())
        _beside(row, "rows").write_text(str(kept.rows))
        finish()
        target.replace(file_of(row))
        for kind in ("known", "rows", "progress"):
            _beside(row, kind).unlink(missing_ok=True)

    if len(ids) <= AT_ONCE:
        try:
            write()
        except OSError as fault:
            _beside(row, "failed").touch()
            raise as_problem(fault) from fault
        return True
    threading.Thread(target=_alone, args=(row, write), daemon=True, name=f"export-{row.pk}").start()
    return False


def _alone(row: Export, write: Callable[[], None]) -> None:
    try:
        write()
    except Exception:
        log.exception("export failed", export=row.pk)
        _beside(row, "failed").touch()
    finally:
        connections.close_all()


def kept_of(row: Export) -> Kept:
    """Return what was written for an export; ``Problem`` 409 where nothing was."""
    try:
        return Kept(_beside(row, "known").read_bytes(), int(_beside(row, "rows").read_text()))
    except OSError as fault:
        raise Problem(
            "export_id", Words("这次导出还没有写成。", "This export is not written yet."),
            Words("请稍候或重新导出。", "Wait, or export again."), status=409,
        ) from fault  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an export is: ``ready``, ``writing``, ``failed`` or ``gone`` (fetched long ago), rows done and in all."""

    state: str
    done: int = 0
    of: int = 0

    @property
    def percent(self) -> int:
        """How far it is, from 0 to 100."""
        return 100 * self.done // self.of if self.of else 0


def standing(row: Export) -> Standing:
    """Return how far the workbook of an export is."""
    if file_of(row).is_file():
        return Standing("ready", row.rows, row.rows)
    if _beside(row, "failed").exists():
        return Standing("failed")
    if row.finished_at is not None:
        return Standing("gone", row.rows, row.rows)
    try:
        done, of = json.loads(_beside(row, "progress").read_text() or "[0, 0]")
    except (OSError, ValueError):
        return Standing("failed" if not _beside(row, "progress").exists() else "writing")
    return Standing("writing", done, of)


def sweep(older_than: float) -> None:
    """Remove what was last written before a moment (seconds since the epoch, by the machine's own clock)."""
    for old in folder().glob("E*"):
        if old.stat().st_mtime < older_than:
            old.unlink(missing_ok=True)
