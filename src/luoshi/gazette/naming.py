"""Printed unit names → units. Pure: the directory's names come in as rows, an unknown or ambiguous name stays a doubt.

A document's own names go first (``县局`` means another office in each plan), then the county's names that were in use
on the document's day; a name is also tried with and without the county's prefix (县住建局, 固阳县住建局, 住建局).
"""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_PREFIX_ENDS = "县旗区市"


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a unit and the days on which it was in use (open where nothing is known)."""

    name: str
    unit: str
    from_on: dt.date | None = None
    until_on: dt.date | None = None


def plain(name: str) -> str:
    """Return a name as names are compared: one width, no blanks."""
    return "".join(unicodedata.normalize("NFKC", name).split())


@dataclass(frozen=True)
class Names:
    """The names of one county, ready to be asked. ``county`` is the county's printed name, e.g. 固阳县."""

    county: str
    rows: tuple[Name, ...]
    _index: dict[str, list[Name]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for row in self.rows:
            self._index.setdefault(plain(row.name), []).append(row)

    def resolve(self, printed: str, day: dt.date | None = None, local: Mapping[str, str] | None = None) -> str | None:
        """Return the unit code a printed name means on a day; None when nobody or more than one bears it."""
        own = {plain(k): v for k, v in local.items()} if local else {}
        for form in self.forms(printed) if own else ():
            if form in own:
                return own[form]
        for form in self.forms(printed):
            units = {row.unit for row in self._index.get(form, ()) if _in_use(row, day)}
            if units:
                return units.pop() if len(units) == 1 else None
        return None

    def forms(self, printed: str) -> tuple[str, ...]:
        """Return the forms under which a name is looked up, the printed one first."""
        name = plain(printed)
        county = plain(self.county)
        kind = county[-1:] if county[-1:] in _PREFIX_ENDS else ""
        bare = name.removeprefix(county) if county and name != county else name
        bare = bare.removeprefix(kind) if kind and bare == name else bare
        found = (name, bare, f"{kind}{bare}", f"{county}{bare}")
        return tuple(dict.fromkeys(form for form in found if form))

    def near(self, printed: str, limit: int = 5) -> tuple[str, ...]:
        """Return unit codes whose names look most like a printed one, for a person to choose from."""
        wanted = set(plain(printed))
        scored: dict[str, float] = {}
        for form, rows in self._index.items():
            together = len(wanted & set(form))
            likeness = 2 * together / (len(wanted) + len(set(form)) or 1)
            for row in rows:
                scored[row.unit] = max(scored.get(row.unit, 0.0), likeness)
        ranked = sorted(scored.items(), key=lambda item: (-item[1], item[0]))
        return tuple(unit for unit, likeness in ranked[:limit] if likeness >= 0.34)


def _in_use(row: Name, day: dt.date | None) -> bool:
    if day is None:
        return True
    return (row.from_on is None or row.from_on <= day) and (row.until_on is None or day <= row.until_on)


def printed_units(task: Mapping[str, list[str]]) -> Iterable[tuple[str, str]]:
    """Yield (role, printed name) of a parsed task, leads first."""
    for role in ("lead", "responsible", "support"):
        for name in task[role]:
            yield role, name
