"""Files on disk under their own digest: written beside, synced, renamed; only then may a row name them.

A power cut leaves a whole file or a ``.part`` that ``sweep`` removes, never half a file under a digest. The same
bytes are kept once.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.faults import as_problem

ALGORITHM = "sha256"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes that have arrived and are on disk, not yet kept. ``size`` in bytes."""

    path: Path
    digest: str
    size: int


def is_digest(text: object) -> bool:
    """Tell whether a text names bytes the way this store does."""
    return isinstance(text, str) and _DIGEST.fullmatch(text) is not None


class FileStore:
    """A folder of files, two levels deep by digest."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def receive(self, name: str, pieces: Iterable[bytes], limit: int) -> Received:
        """Write pieces to a file beside the store and sync it.

        ``Problem`` 413 above ``limit`` bytes, 507 on a full disk.

        Nothing remains of a file that was too large or could not be written.
        """
        folder = self.root / "incoming"
        part = folder / f"{secrets.token_hex(12)}.part"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with part.open("xb") as out:
                digest, size = _write(out, pieces, limit)
                out.flush()
                os.fsync(out.fileno())
        except OSError as fault:
            part.unlink(missing_ok=True)
            raise as_problem(fault) from fault
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        if size > limit:
            part.unlink(missing_ok=True)
            raise too_large(name, limit)
        return Received(part, digest, size)

    def keep(self, received: Received) -> Path:
        """Rename what was received to its place; bytes that are there already are kept once."""
        target = self.path(received.digest)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(received.path, target)
            _sync(target.parent)
        except OSError as fault:
            received.path.unlink(missing_ok=True)
            raise as_problem(fault) from fault
        return target

    def drop(self, received: Received) -> None:
        """Forget what was received and is not to be kept."""
        received.path.unlink(missing_ok=True)

    def path(self, digest: str) -> Path:
        """Return where the file with this digest stands; an assertion guards against anything that is no digest."""
        assert _DIGEST.fullmatch(digest), f"not a digest: {digest!r}"
        figures = digest.split(":")[1]
        return self.root / figures[:2] / figures[2:4] / figures

    def intact(self, digest: str) -> bool:
        """Tell whether the file is there and its bytes still have this digest."""
        path = self.path(digest)
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return f"{ALGORITHM}:{hashlib.file_digest(stream, ALGORITHM).hexdigest()}" == digest

    def sweep(self, older_than: float) -> int:
        """Remove parts last written before ``older_than`` (seconds since the epoch); return how many."""
        removed = 0
        for part in (self.root / "incoming").glob("*.part"):
            if part.stat().st_mtime < older_than:
                part.unlink(missing_ok=True)
                removed += 1
        return removed


def too_large(name: str, limit: int) -> Problem:
    """Return the problem of a file above the limit."""
    most = limit / (1 << 20)
    return Problem(
        name,
        Words(f"文件超过上限 {most:g} MB。", f"The file is above the limit of {most:g} MB."),
        Words("请压缩图片或分开上传。", "Make the picture smaller or upload it in parts."),
        status=413,
    )


def _write(out: BinaryIO, pieces: Iterable[bytes], limit: int) -> tuple[str, int]:
    hashed, size = hashlib.new(ALGORITHM), 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            break
        hashed.update(piece)
        out.write(piece)
    return f"{ALGORITHM}:{hashed.hexdigest()}", size


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
