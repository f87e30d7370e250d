"""Clause ids and citations.

An id is a register prefix and a path (``FOOD-3.1.7-2``); the prefix names the subject. The registers are the
``clauses.yaml`` files of the subjects.
"""

import re
from dataclasses import dataclass

SUBJECT_OF_PREFIX = {
    "FOOD": "foodsafety",
    "PARK": "park",
    "HOUSE": "housing",
    "OUT": "outage",
    "GAZ": "gazette",
    "CHRON": "gazette",
}
_ID = re.compile(r"^(?P<prefix>[A-Z]+)-(?P<path>[0-9A-Za-z.#()\-]+)$")


@dataclass(frozen=True, slots=True, order=True)
class ClauseId:
    """The id of one clause of a register."""

    prefix: str
    path: str

    @classmethod
    def parse(cls, text: str) -> "ClauseId":
        """Read ``FOOD-3.1.7-2``; raise ``ValueError`` with the text when it is no clause id."""
        match = _ID.match(text)
        if match is None:
            raise ValueError(f"not a clause id: {text!r}")
        return cls(match["prefix"], match["path"])

    def __str__(self) -> str:
        return f"{self.prefix}-{self.path}"
