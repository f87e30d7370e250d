"""Loading the register files. Results are cached and must not be changed by the caller."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from luoshi.core.clause import SUBJECT_OF_PREFIX, ClauseId
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.register import parse, parse_county, parse_plan
from luoshi.office.register.files import Entry, entries, line_of, read
from luoshi.office.register.records import (
    Clause,
    County,
    Cover,
    DatedValue,
    Place,
    PlanData,
    Reading,
    Register,
    Unit,
)

SUBJECTS = ("foodsafety", "park", "housing", "outage", "gazette")
_PACKAGE = Path(__file__).resolve().parents[2]
_COUNTIES = _PACKAGE / "office" / "counties"


def _subject_folder(subject: str | Path) -> Path:
    if isinstance(subject, Path):
        return subject
    if subject not in SUBJECTS:
        raise Problem(
            subject,
            Words("没有这个主题。", "There is no such subject."),
            Words(f"可用：{'、'.join(SUBJECTS)}。", f"Use one of {', '.join(SUBJECTS)}."),
        )
    return _PACKAGE / subject


def _county_folder(county_name: str | Path) -> Path:
    if isinstance(county_name, Path):
        return county_name
    if county_name not in counties():
        raise Problem(
            county_name,
            Words("没有这个县的资料夹。", "There is no folder for this county."),
            Words(f"可用：{'、'.join(counties())}。", f"Use one of {', '.join(counties())}."),
        )
    return _COUNTIES / county_name


@lru_cache(maxsize=64)
def register(subject: str | Path, name: str | None = None) -> Register:
    """Return the clauses of one subject. With a folder, ``name`` is the subject whose clauses it holds."""
    folder = _subject_folder(subject)
    path = folder / "clauses.yaml"
    found: dict[str, Clause] = {}
    for entry in entries(path, read(path)):
        made = parse.clause(entry, name or folder.name)
        if made.id in found:
            raise entry.problem(f"条款 {made.id} 重复。", f"Clause {made.id} stands twice.", "id")
        found[made.id] = made
    return Register(name or folder.name, MappingProxyType(found))


def registers() -> Mapping[str, Register]:
    """Return the registers of all packaged subjects, by subject."""
    return {subject: register(subject) for subject in SUBJECTS}


def clause(code: str) -> Clause:
    """Return one clause by its id, e.g. ``FOOD-3.1.7-2``; ``KeyError`` when there is none."""
    try:
        prefix = ClauseId.parse(code).prefix
    except ValueError:
        raise KeyError(code) from None
    subject = SUBJECT_OF_PREFIX.get(prefix)
    if subject is None:
        raise KeyError(code)
    return register(subject).clauses[code]


@lru_cache(maxsize=64)
def plan(subject: str | Path) -> PlanData:
    """Return the plan of a subject (or of the plan file given as a path). Codes are unique within a plan."""
    path = subject if isinstance(subject, Path) and subject.suffix else _subject_folder(subject) / "plan.yaml"
    whole = Entry(path, (), read(path))
    made = parse_plan.plan(whole)
    seen: set[str] = set()
    for section in ("areas", "tasks", "stages", "groups", "reports"):
        for index, item in enumerate(getattr(made, section)):
            if item.code in seen:
                raise whole.problem(f"编码 {item.code} 重复。", f"Code {item.code} stands twice.", section, index)
            seen.add(item.code)
    return made


def plans(county_name: str | Path) -> tuple[PlanData, ...]:
    """Return every plan of a county: the packaged ones that name it, then those in its own ``plans`` folder."""
    code = county(county_name).code
    own = sorted((_county_folder(county_name) / "plans").glob("*.yaml"))
    found = [made for made in (plan(subject) for subject in SUBJECTS) if made.county == code]
    return (*found, *(plan(path) for path in own))


@lru_cache(maxsize=64)
def values(subject: str | Path) -> Mapping[str, tuple[DatedValue, ...]]:
    """Return the dated values of a subject by key, oldest first."""
    path = _subject_folder(subject) / "values.yaml"
    found: dict[str, list[DatedValue]] = {}
    for entry in entries(path, read(path)):
        made = parse.dated_value(entry)
        if any(made.from_on == other.from_on for other in found.get(made.key, ())):
            raise entry.problem(f"{made.key} 同一天有两个取值。", f"{made.key} has two values from one day.", "from")
        found.setdefault(made.key, []).append(made)
    return MappingProxyType({key: tuple(sorted(of, key=lambda one: one.from_on)) for key, of in found.items()})


def value_on(subject: str | Path, key: str, day: date) -> DatedValue:
    """Return the value of ``key`` in force on ``day``; ``KeyError`` for an unknown key or a day before its first."""
    in_force = [one for one in values(subject)[key] if one.from_on <= day]
    if not in_force:
        raise KeyError(f"{key} has no value on {day.isoformat()}")
    return in_force[-1]


@lru_cache(maxsize=64)
def readings(subject: str | Path) -> Mapping[str, Reading]:
    """Return the recorded readings of a subject by id, in the order of the text."""
    folder = _subject_folder(subject)
    path = folder / "readings.yaml"
    found: dict[str, Reading] = {}
    for entry in entries(path, read(path)):
        made = parse.reading(entry, folder.name)
        if made.id in found:
            raise entry.problem(f"裁定 {made.id} 重复。", f"Reading {made.id} stands twice.", "id")
        found[made.id] = made
    return MappingProxyType(found)


@lru_cache(maxsize=64)
def names(subject: str | Path) -> Mapping[str, str]:
    """Return, for a subject, every unit name that its text uses and the unit code it means."""
    path = _subject_folder(subject) / "units.yaml"
    data = read(path)
    if not isinstance(data, dict) or not all(isinstance(key, str) and isinstance(of, str) for key, of in data.items()):
        raise Problem(
            f"{path}:{line_of(path, ()) or 1}",
            Words("应为“名称: 单位编码”的列表。", "Expected lines of the form name: unit code."),
            Words("请改正数据文件。", "Mend the data file."),
        )
    return MappingProxyType(data)


def counties() -> tuple[str, ...]:
    """Return the names of the packaged county folders."""
    return tuple(sorted(path.parent.name for path in _COUNTIES.glob("*/places.yaml")))


@lru_cache(maxsize=64)
def county(county_name: str | Path) -> County:
    """Return a county's units and places from its folder."""
    folder = _county_folder(county_name)
    units_file, places_file = folder / "units.yaml", folder / "places.yaml"
    return parse_county.county(units_file, read(units_file), places_file, read(places_file))


def units(county_name: str | Path) -> Mapping[str, Unit]:
    """Return the units of a county by code."""
    return county(county_name).units


def places(county_name: str | Path) -> Mapping[str, Place]:
    """Return the places of a county by code; a parent comes before its children."""
    return county(county_name).places


@lru_cache(maxsize=64)
def coverage(subject: str | Path) -> Mapping[str, Cover]:
    """Return what is done for each clause of a subject, by clause id. A clause that is absent is not covered yet."""
    path = _subject_folder(subject) / "coverage.yaml"
    whole = Entry(path, (), read(path) or {})
    return MappingProxyType({code: parse.cover(code, whole.below(code)) for code in whole.data})
