"""Who looks into a clue: never the unit it complains of, nor one that takes orders from it. Pure.

政府督查工作条例 wants those who report protected; a unit is no judge of itself, nor is an office below it. A unit above
may look into one below.
"""

from collections.abc import Iterable, Mapping, Sequence


def concerned(
    complained: Iterable[int], parents: Mapping[int, int | None], members: Mapping[int, Iterable[int]]
) -> frozenset[int]:
    """Return every unit that must not look into a clue about ``complained``.

    Those units, the ones a collective unit (各镇) stands for, and all units below any of them. ``parents`` maps each
    unit to the one above it; a circle in it ends where it began.
    """
    below: dict[int, list[int]] = {}
    for unit, parent in parents.items():
        if parent is not None:
            below.setdefault(parent, []).append(unit)
    found: set[int] = set()
    wave = list(complained)
    while wave:
        unit = wave.pop()
        if unit not in found:
            found.add(unit)
            wave += [*below.get(unit, ()), *members.get(unit, ())]
    return frozenset(found)


def desk(candidates: Sequence[int], shut: frozenset[int]) -> int | None:
    """Return the first of the supervising units, in their order, that the clue does not concern; None where none is."""
    return next((unit for unit in candidates if unit not in shut), None)
