"""The same picture in two files, found among many without comparing all pairs."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from luoshi.core.words import Words
from luoshi.office.evidence.checks.finding import Finding

BITS = 128
NEAR = 14  # of 128 bits; see tests for how far copies and different pictures lie apart

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Known:
    """A picture already kept: where it belongs (a case, a file), its digest and fingerprint."""

    place: str
    digest: str
    fingerprint: str


def distance(first: str, second: str) -> int:
    """Return in how many of 128 bits two fingerprints differ; 0 is the same picture."""
    return (int(first, 16) ^ int(second, 16)).bit_count()


def bands(fingerprint: str, *, near: int = NEAR) -> list[str]:
    """Return ``near + 1`` keys; two fingerprints at most ``near`` bits apart share at least one (pigeonhole), so an
    index over the keys misses no near duplicate."""
    value, count = int(fingerprint, 16), near + 1
    edges = [BITS * at // count for at in range(count + 1)]
    return [f"{at}:{value >> edges[at] & (1 << edges[at + 1] - edges[at]) - 1:x}" for at in range(count)]


def near_pairs(fingerprints: Mapping[Key, str], *, near: int = NEAR) -> list[tuple[Key, Key, int]]:
    """Return every pair at most ``near`` bits apart with its distance, nearest first."""
    order = {key: at for at, key in enumerate(fingerprints)}
    values = {key: int(text, 16) for key, text in fingerprints.items()}
    shelves: dict[str, list[Key]] = defaultdict(list)
    for key, text in fingerprints.items():
        for band in bands(text, near=near):
            shelves[band].append(key)
    found: dict[tuple[Key, Key], int] = {}
    for shelf in shelves.values():
        _pairs_on(shelf, values, near, found)
    return sorted(
        ((a, b, apart) for (a, b), apart in found.items()), key=lambda row: (row[2], order[row[0]], order[row[1]])
    )


def _pairs_on(shelf: Sequence[Key], values: Mapping[Key, int], near: int, found: dict[tuple[Key, Key], int]) -> None:
    for at, first in enumerate(shelf):
        for second in shelf[at + 1 :]:
            apart = (values[first] ^ values[second]).bit_count()
            if apart <= near:
                found[first, second] = apart


def check_duplicates(digest: str, fingerprint: str, known: Iterable[Known], *, near: int = NEAR) -> list[Finding]:
    """Return what is known of the same picture elsewhere: the same bytes ``warn``, a near copy ``ask``."""
    findings = []
    for other in known:
        apart = distance(fingerprint, other.fingerprint)
        facts = {"place": other.place, "distance": apart, "bits": BITS}
        if digest == other.digest:
            words = Words(f"与“{other.place}”的照片是同一个文件。", f"This is the same file as in “{other.place}”.")
            findings.append(Finding("duplicate_exact", "warn", words, facts, _EXPLAIN))
        elif apart <= near:
            words = Words(
                f"与“{other.place}”的照片几乎相同（{BITS} 位中差 {apart} 位）。",
                f"This is nearly the same picture as in “{other.place}” ({apart} of {BITS} bits differ).",
            )
            findings.append(Finding("duplicate_near", "ask", words, facts, _EXPLAIN))
    return findings


_EXPLAIN = Words(
    "请核对是否重复使用；确属同一现场的，说明理由后可以保留。",
    "Check whether it is used twice; if both show the same place rightly, say so and keep it.",
)
