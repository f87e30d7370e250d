"""Places within a group: by score, equal scores share a place, too few items give none. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

Row = tuple[int, str, Decimal | None, bool]


def places(rows: Iterable[Row]) -> Mapping[int, int]:
    """Return the place of each unit that has one; ``rows`` are (unit id, group, score, has enough items)."""
    found: dict[int, int] = {}
    by_group: dict[str, list[tuple[Decimal, int]]] = {}
    for unit, group, score, enough in rows:
        if enough and score is not None:
            by_group.setdefault(group, []).append((score, unit))
    for members in by_group.values():
        scores = sorted((score for score, _ in members), reverse=True)
        first = {score: scores.index(score) + 1 for score in set(scores)}
        found.update({unit: first[score] for score, unit in members})
    return found
