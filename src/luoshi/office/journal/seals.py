"""Sealing the journal, exporting it, and checking both.

A seal is a Merkle root over the digests of the entries since the last seal, chained to that seal. An export is JSON
lines that ``verifier.py`` — one file without any dependency — can check on a bare machine.
"""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.db import connection, transaction

from luoshi.core import seal
from luoshi.office import door
from luoshi.office.journal.append import ALGORITHM, SEAL_LOCK
from luoshi.office.journal.models import Entry, Seal

FORMAT = "luoshi-journal-1"
COPIED = ("action", "account_id", "unit_id", "subject_kind", "subject_id", "outcome", "request_id", "inputs_digest")


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of the store found. ``altered`` names the first entry or seal that does not fit, or is None."""

    entries: int
    seals: int
    unsealed: int
    altered: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the finding as ``luoshi journal verify`` prints it."""
        return {
            "intact": self.altered is None, "entries": self.entries, "seals": self.seals,
            "unsealed": self.unsealed, "altered": self.altered,
        }  # fmt: skip


def seal_now(now: dt.datetime, algorithm: str = ALGORITHM) -> Seal | None:
    """Seal all entries since the last seal; None when there are none. Waits for actions in flight."""
    with door.opened("journal.seal"), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", (SEAL_LOCK,))
        last = Seal.objects.order_by("-last_entry").first()
        rows = list(
            Entry.objects.filter(pk__gt=last.last_entry if last else 0).order_by("pk").values_list("pk", "digest")
        )
        if not rows:
            return None
        root = seal.merkle_root([digest for _, digest in rows], algorithm)
        first_id, last_id, moment = rows[0][0], rows[-1][0], now.astimezone(dt.UTC).isoformat()
        return Seal.objects.create(
            first_entry=first_id, last_entry=last_id, count=len(rows), algorithm=algorithm, root=root,
            previous=last.chained if last else "", sealed_at=moment,
            chained=seal.chain(last.chained if last else None, root, first_id, last_id, moment),
        )  # fmt: skip


def verify() -> Verified:
    """Recompute every digest, root and chain of the store, in order; stop at the first that does not fit."""
    entries = seals = 0
    previous: str | None = None
    last = 0
    for sealed in Seal.objects.order_by("first_entry").iterator():
        digests: list[str] = []
        for entry in _entries(last, sealed.last_entry):
            if fault := entry_fault(entry):
                return Verified(entries, seals, 0, f"entry {entry.pk}: {fault}")
            digests.append(entry.digest)
            entries += 1
        if fault := seal_fault(sealed, digests, previous):
            return Verified(entries, seals, 0, f"seal of entries {sealed.first_entry}–{sealed.last_entry}: {fault}")
        previous, last, seals = sealed.chained, sealed.last_entry, seals + 1
    unsealed = 0
    for entry in _entries(last, None):
        if fault := entry_fault(entry):
            return Verified(entries, seals, unsealed, f"entry {entry.pk}: {fault}")
        entries, unsealed = entries + 1, unsealed + 1
    return Verified(entries, seals, unsealed)


def _entries(after: int, until: int | None) -> Iterator[Entry]:
    rows = Entry.objects.filter(pk__gt=after)
    if until is not None:
        rows = rows.filter(pk__lte=until)
    return rows.order_by("pk").iterator(chunk_size=2000)


def entry_fault(entry: Entry) -> str | None:
    """Return what is wrong with one entry: its digest, or a column that no longer says what the content says."""
    algorithm = seal.algorithm_of(entry.digest)
    if seal.digest(entry.content.encode(), algorithm) != entry.digest:
        return "the content does not match its digest"
    said = json.loads(entry.content)
    held = {
        "action": said["action"], "subject_kind": said["subject"][0], "subject_id": said["subject"][1],
        "account_id": said["actor"].get("account"), "outcome": said["outcome"], "request_id": said["request_id"],
        "inputs_digest": said["inputs_digest"],
    }  # fmt: skip
    for column, value in held.items():
        if getattr(entry, column) != value:
            return f"the column {column} does not match the content"
    if entry.county_id != said["county"] or entry.at.astimezone(dt.UTC).isoformat() != said["at"]:
        return "county or moment does not match the content"
    return None


def seal_fault(sealed: Seal, digests: list[str], previous: str | None) -> str | None:
    """Return what is wrong with one seal over the digests found, or None."""
    if len(digests) != sealed.count:
        return f"{sealed.count} entries were sealed, {len(digests)} are there"
    if seal.merkle_root(digests, sealed.algorithm) != sealed.root:
        return "the root does not match its entries"
    if (sealed.previous or None) != previous:
        return "it is not chained to the seal before it"
    chained = seal.chain(previous, sealed.root, sealed.first_entry, sealed.last_entry, sealed.sealed_at)
    return None if chained == sealed.chained else "the chain value does not match"


def export(target: IO[str]) -> int:
    """Write the whole journal as JSON lines and return the number of entries."""
    _line(target, {"format": FORMAT, "algorithms": list(seal.ALGORITHMS)})
    count = 0
    for pk, content, digest in Entry.objects.order_by("pk").values_list("pk", "content", "digest").iterator(2000):
        _line(target, {"entry": pk, "content": content, "digest": digest})
        count += 1
    for s in Seal.objects.order_by("first_entry").iterator():
        _line(target, {
            "seal": s.pk, "first": s.first_entry, "last": s.last_entry, "count": s.count, "root": s.root,
            "previous": s.previous or None, "chained": s.chained, "sealed_at": s.sealed_at,
        })  # fmt: skip
    return count


def _line(target: IO[str], value: dict[str, Any]) -> None:
    target.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def verifier_source() -> str:
    """Return the stand-alone verifier that goes with an export."""
    return (Path(__file__).parent / "verifier.py").read_text("utf-8")
