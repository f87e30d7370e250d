"""The left rail: which pages each subject offers, to whom. A subject's ``pages`` module adds its own entries.

An entry is shown when its route exists and the actor may read the kind of record it leads to, or holds one of the
roles it names. Hiding is a courtesy; the page itself decides access.
"""

from dataclasses import dataclass

from luoshi.core.words import Words
from luoshi.office.access import READABLES, Actor

GROUPS: dict[str, Words] = {
    "desk": Words("办公", "Desk"),
    "supervision": Words("督查督办", "Supervision"),
    "gazette": Words("公报与方案", "Gazette and plans"),
    "housing": Words("危房改造", "Rural housing"),
    "park": Words("园区一站式", "Industrial park"),
    "foodsafety": Words("食品安全", "Food safety"),
    "outage": Words("停电应急", "Power outage"),
    "people": Words("人员与权限", "People and access"),
    "system": Words("系统", "System"),
    "public": Words("公开", "Public"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the rail. ``route`` is a route name without arguments.

    ``reads`` names a readable; ``roles`` limits to some roles; an entry with neither is for everybody who holds a
    post, and ``public`` shows it without an account as well.
    """

    group: str
    route: str
    words: Words
    reads: str = ""
    roles: frozenset[str] = frozenset()
    public: bool = False
    order: int = 50

    def open_to(self, actor: Actor) -> bool:
        """Tell whether the rail shows this entry to the actor."""
        if self.roles and actor.role not in self.roles:
            return False
        if self.reads:
            readable = READABLES.get(self.reads)
            return readable is not None and (actor.role in readable.grants or "public" in readable.grants)
        return self.public or actor.role != "public"


_ENTRIES: dict[str, Entry] = {}


def add(
    group: str,
    route: str,
    words: Words,
    *,
    reads: str = "",
    roles: frozenset[str] = frozenset(),
    public: bool = False,
    order: int = 50,
) -> Entry:
    """Add one entry; the same route added twice with other contents is a defect."""
    assert group in GROUPS, f"no such group of the rail: {group}"
    entry = Entry(group, route, words, reads, frozenset(roles), public, order)
    assert _ENTRIES.get(route, entry) == entry, f"two rail entries for one route: {route}"
    _ENTRIES[route] = entry
    return entry


def entries(actor: Actor) -> list[tuple[Words, list[Entry]]]:
    """Return the groups that have something for this actor, each with its entries in order."""
    found = []
    for code, title in GROUPS.items():
        mine = [e for e in _ENTRIES.values() if e.group == code and e.open_to(actor)]
        if mine:
            found.append((title, sorted(mine, key=lambda e: (e.order, e.route))))
    return found
