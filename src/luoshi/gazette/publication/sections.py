"""Which clauses of the register stand in which clause of a document. Pure.

The register says where each clause stands (``三(一)7``, ``二 领导小组 第20席``, ``一 1.2``); a document's clause
has its path (``三/（一）/7``). A register clause belongs to the deepest path its place begins with.
"""

import unicodedata
from collections.abc import Iterable, Mapping

from luoshi.office.register.records import Clause


def by_path(paths: Iterable[str], clauses: Iterable[Clause]) -> Mapping[str, tuple[Clause, ...]]:
    """Return the register's clauses for each path that has any."""
    keys = sorted(((_key(path), path) for path in paths), key=lambda pair: -len(pair[0]))
    found: dict[str, list[Clause]] = {}
    for clause in clauses:
        place = _key(clause.section)
        path = next((p for key, p in keys if key and place.startswith(key) and not _cuts_a_number(place, key)), None)
        if path is not None:
            found.setdefault(path, []).append(clause)
    return {path: tuple(of) for path, of in found.items()}


def _key(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).replace("/", "").replace("、", "").split())


def _cuts_a_number(place: str, key: str) -> bool:
    after = place[len(key) : len(key) + 1]
    return (bool(after) and key[-1].isdigit() and (after.isdigit() or after == ".")) or (
        key[-1:] in "一二三四五六七八九十" and after in "一二三四五六七八九十" and bool(after)
    )
