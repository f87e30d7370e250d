"""What may stand in a saved view: names and values of the ledger's address, and keys of columns. Pure."""

import re
from collections.abc import Iterable, Mapping

from luoshi.core.problem import Problem
from luoshi.core.words import Words

PLACES = frozenset({"after", "before", "as_of", "view", "col"})
"""Names of the address that say where one is, or are kept apart; no view keeps them."""
LONGEST = 200
MOST = 20
_NAME = re.compile(r"[a-z][a-z_]{0,29}")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")


def filters(given: Mapping[str, str]) -> dict[str, str]:
    """Return the filters to keep: what is empty or says where one is left out; a name that is none is a ``Problem``."""
    kept = {name: value.strip() for name, value in given.items() if name not in PLACES and value.strip()}
    for name, value in kept.items():
        if not _NAME.fullmatch(name) or len(value) > LONGEST:
            raise Problem(
                "filters",
                Words(
                    f"“{name[:40]}”不是台账的筛选条件，或者太长。",
                    f"{name[:40]!r} is no filter of the ledger, or too long.",
                ),
                Words("请在台账上筛选好再保存。", "Filter the ledger first, then save."),
                status=422,
            )  # fmt: skip
    if len(kept) > MOST:
        raise _too_many("filters")
    return dict(sorted(kept.items()))


def of_address(given: Mapping[str, str]) -> dict[str, str]:
    """Return what of an address a view could keep; what it could not is no fault of the reader and left out."""
    return filters({name: value for name, value in given.items() if _NAME.fullmatch(name) and len(value) <= LONGEST})


def columns(given: Iterable[str]) -> list[str]:
    """Return the keys of the columns to keep, each once, in the order given."""
    kept = list(dict.fromkeys(key for key in given if key))
    if len(kept) > MOST or not all(_KEY.fullmatch(key) for key in kept):
        raise _too_many("columns")
    return kept


def _too_many(place: str) -> Problem:
    return Problem(
        place,
        Words("不是台账的列或筛选条件。", "These are no columns or filters of the ledger."),
        Words("请在台账上选择。", "Choose them on the ledger."),
        status=422,
    )
