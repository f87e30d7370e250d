"""Printed unit names of an old ledger → units: exactly, by another name, or nearly, which stays a doubt. Pure."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

NEAR = 0.5  # likeness from which a name is offered as what may have been meant
OFFERED = 5
_APART = re.compile(r"[、，,；;/\n\r]+|(?<=[局委办院镇会社部所司队区木心厅])[\s和及与]+(?=\S)")
_PART = re.compile(r"^(?P<role>牵头|主办|责任|主责|配合|协办|协同)(?:单位|部门)?[:：]\s*")
_ROLE = {"牵头": "lead", "主办": "lead", "主责": "lead", "责任": "responsible"}
_TAIL = re.compile(r"(?:[（(](?:牵头|主办|配合|协办|责任)[）)]|等(?:单位|部门)?|按(?:职责)?分工负责|分别负责|负责)$")
_KIND = re.compile(r"[县旗区市]$")


class Named(NamedTuple):
    """A unit as a ledger names it: its part in the task and the words."""

    role: str
    printed: str


class Answer(NamedTuple):
    """What a printed name means: one unit, or none with the ids of those that may have been meant, likeliest first."""

    unit: int | None
    near: tuple[int, ...] = ()


def plain(name: str) -> str:
    """Return a name as names are compared: one width, no blanks, no brackets."""
    return re.sub(r"[()《》“”\"'·.]", "", "".join(unicodedata.normalize("NFKC", name).split()))


def split(text: str, role: str) -> list[Named]:
    """Return the units that a cell names, each once; a part said in the cell (牵头：…；配合：…) beats the column's."""
    found: dict[str, Named] = {}
    for piece in re.split(r"[；;\n\r]+|(?<=[^:：])(?=(?:牵头|主办|配合|协办)(?:单位|部门)?[:：])", text):
        said = _PART.match(piece.strip())
        part = _ROLE.get(said["role"], "support") if said else role
        for name in _APART.split(piece.strip()[said.end() :] if said else piece):
            own = re.search(r"[（(](牵头|主办|配合|协办)[）)]$", name.strip())
            cleaned = _TAIL.sub("", _TAIL.sub("", name.strip())).strip("：:。. ")
            if cleaned:
                is_of = _ROLE.get(own[1], "support") if own else part
                found.setdefault(plain(cleaned), Named(is_of, cleaned))
    return list(found.values())


@dataclass(frozen=True)
class Directory:
    """The names of a county's units, ready to be asked. ``names`` maps each name to the units that bear it."""

    county: str
    names: Mapping[str, frozenset[int]]
    _whole: dict[str, set[int]] = field(default_factory=dict, compare=False, repr=False)
    _index: dict[str, set[int]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for name, units in self.names.items():
            self._whole.setdefault(plain(name), set()).update(units)
            for form in self._forms(name):
                self._index.setdefault(form, set()).update(units)

    def find(self, printed: str, chosen: Mapping[str, int] | None = None) -> Answer:
        """Return what a name means; what a person ``chosen`` for it goes first (0: no unit at all)."""
        own = {plain(name): unit for name, unit in (chosen or {}).items()}
        if plain(printed) in own:
            return Answer(own[plain(printed)])
        forms = self._forms(printed)
        for form, names in [*((form, self._whole) for form in forms), *((form, self._index) for form in forms)]:
            units = names.get(form, set())
            if len(units) == 1:
                return Answer(next(iter(units)))
            if units:
                return Answer(None, tuple(sorted(units))[:OFFERED])
        return Answer(None, self._near(printed))

    def _forms(self, name: str) -> tuple[str, ...]:
        """A name as printed, without the county before it, and without 人民政府 behind a town."""
        whole = plain(name)
        county = plain(self.county)
        bare = whole.removeprefix(county) if whole != county else whole
        if bare == whole and len(whole) > 3 and county and whole[0] == county[-1] and _KIND.match(whole[0]):
            bare = whole[1:]  # 县住建局; 市住建局 is another office
        short = bare.removesuffix("人民政府") if bare.endswith(("镇人民政府", "木人民政府", "乡人民政府")) else bare
        return tuple(dict.fromkeys(form for form in (whole, bare, short) if form))

    def _near(self, printed: str) -> tuple[int, ...]:
        wanted = self._forms(printed)[-1]
        scored: dict[int, float] = {}
        for form, units in self._index.items():
            matcher = difflib.SequenceMatcher(None, wanted, form, autojunk=False)
            if matcher.real_quick_ratio() < NEAR or matcher.quick_ratio() < NEAR:
                continue
            likeness = max(matcher.ratio(), 0.9 * _within(wanted, form))
            for unit in units:
                scored[unit] = max(scored.get(unit, 0.0), likeness)
        ranked = sorted(scored.items(), key=lambda one: (-one[1], one[0]))
        return tuple(unit for unit, likeness in ranked[:OFFERED] if likeness >= NEAR)


def _within(one: str, other: str) -> float:
    """Return 1 where all letters of the shorter stand in the longer in order (市监局 in 市场监督管理局)."""
    short, long = sorted((one, other), key=len)
    letters = iter(long)
    return float(len(short) > 1 and all(letter in letters for letter in short))


def directory(county: str, rows: Iterable[tuple[str, int]]) -> Directory:
    """Return the directory of (name, unit id) rows."""
    names: dict[str, set[int]] = {}
    for name, unit in rows:
        names.setdefault(name, set()).add(unit)
    return Directory(county, {name: frozenset(units) for name, units in names.items()})
