"""Is what ``coverage.yaml`` says true? Names are looked up in the source text, so nothing has to be configured.

A statement that does not hold is a ``Fault``; its clause counts as not covered.
"""

import ast
import importlib.util
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from luoshi.core.words import Words
from luoshi.office.register import load
from luoshi.office.register.records import Clause, Cover, Deadline, PlanData, Report, Seat, Stage, Task

Record = Task | Stage | Report | Seat
NOBODY = "未明示"  # the register's word where a text names no actor


@dataclass(frozen=True, slots=True)
class Fault:
    """A statement of coverage that does not hold."""

    clause: str
    words: Words


@dataclass(frozen=True, slots=True)
class Summary:
    """How much of the register is covered; ``missing`` holds uncovered ids in the order of the text."""

    total: int
    covered: int
    by_status: Mapping[str, int]
    missing: tuple[str, ...]


def summary(subjects: tuple[str, ...] = load.SUBJECTS) -> Summary:
    """Count the clauses of ``subjects`` whose coverage holds."""
    by_status = dict.fromkeys(("enforced", "tracked", "recorded", "shown", "not_for_software"), 0)
    total, missing = 0, []
    for subject in subjects:
        wrong = {fault.clause for fault in faults(subject)}
        covers = load.coverage(subject)
        for code in load.register(subject).clauses:
            total += 1
            if code in covers and code not in wrong:
                by_status[covers[code].status] += 1
            else:
                missing.append(code)
    return Summary(total, total - len(missing), by_status, tuple(missing))


def faults(subject: str) -> list[Fault]:
    """Return every statement in the subject's coverage that does not hold, in file order."""
    clauses = load.register(subject).clauses
    found = []
    for code, cover in load.coverage(subject).items():
        if code not in clauses:
            found.append(Fault(code, Words("登记册中没有这一条款。", "The register has no such clause.")))
            continue
        found.extend(Fault(code, words) for words in _CHECKS[cover.status](clauses[code], cover))
    return found


def _enforced(clause: Clause, cover: Cover) -> Iterator[Words]:
    for name in cover.where:
        if not name_exists(name):
            yield Words(f"没有 {name}。", f"There is no {name}.")


def _recorded(clause: Clause, cover: Cover) -> Iterator[Words]:
    for place in cover.where:
        held = data_exists(place) if place.startswith("data:") else name_exists(place)
        if not held:
            yield Words(f"没有 {place}。", f"There is no {place}.")


def _shown(clause: Clause, cover: Cover) -> Iterator[Words]:
    known = route_names()
    for name in cover.where:
        if known is not None and name not in known:
            yield Words(f"没有页面路由 {name}。", f"There is no route {name}.")


def _not_for_software(clause: Clause, cover: Cover) -> Iterator[Words]:
    return iter(())


def _tracked(clause: Clause, cover: Cover) -> Iterator[Words]:
    made = load.plan(clause.subject)
    known = records(made)
    unknown = [code for code in cover.where if code not in known]
    for code in unknown:
        yield Words(f"方案中没有 {code}。", f"The plan has no {code}.")
    if unknown:
        return
    rows = [known[code] for code in cover.where]
    heading = clause.id in {code for area in made.areas for code in area.clauses}
    if not heading and not any(clause.id in _clauses(row) for row in rows):
        yield Words(f"{'、'.join(cover.where)} 未承接本条款。", f"{', '.join(cover.where)} does not carry the clause.")
    missing = register_units(clause) - {unit for row in rows for unit in _units(row, clause.id)}
    if missing:
        yield Words(f"缺少责任单位 {'、'.join(sorted(missing))}。", f"Units {', '.join(sorted(missing))} are missing.")
    yield from _times(clause, rows)


def register_units(clause: Clause) -> set[str]:
    """The unit codes of the actors that the register names for a clause."""
    names = load.names(clause.subject)
    return {names[name] for name in (*clause.actor, *clause.lead, *clause.support) if name != NOBODY}


def records(made: PlanData) -> dict[str, Record]:
    """Everything in a plan that can track a clause, by code."""
    rows: list[Record] = [*made.tasks, *made.stages, *made.reports]
    rows.extend(seat for group in made.groups for seat in group.seats)
    return {row.code: row for row in rows}


def _clauses(row: Record) -> tuple[str, ...]:
    return (row.clause,) if isinstance(row, Seat) else row.clauses


def _units(row: Record, code: str) -> set[str]:
    if isinstance(row, Seat):
        return set(row.units)
    if isinstance(row, Report):
        return set(row.senders)
    own = row.units if isinstance(row, Task) else row.owners
    return {*own, *(unit for part in row.parts if code in part.clauses for unit in part.units)}


@dataclass(frozen=True, slots=True)
class _Times:
    """The times that a row of the plan states for a clause."""

    untils: frozenset[Any]
    froms: frozenset[Any]
    everys: frozenset[Any]
    days: frozenset[Any]
    allowances: frozenset[Any]
    thens: frozenset[Any]


def _times(clause: Clause, rows: list[Record]) -> Iterator[Words]:
    stated = _stated(clause.id, rows)
    asked = clause.values
    inner = asked.get("deadline")
    inner = inner if isinstance(inner, dict) else {}
    recurrence = asked.get("recurrence") or {}
    every = recurrence.get("every") if recurrence.get("every") != "unspecified" else None
    pairs: list[tuple[str, Any, frozenset[Any]]] = [
        ("until", asked.get("until"), stated.untils),
        ("until", inner.get("until"), stated.untils),
        ("until", asked.get("latest"), stated.untils),
        ("from", asked.get("from") if clause.kind == "stage" else None, stated.froms),
        ("every", every or asked.get("every"), stated.everys),
        ("days", tuple(asked["days"]) if isinstance(asked.get("days"), list) else None, stated.days),
        ("day", (asked["day"],) if "day" in asked else None, stated.days),
    ]
    if clause.kind == "deadline":
        pairs.append(("then", asked.get("then"), stated.thens))
        if asked.get("duration") is not None:
            pairs.append(("duration", (asked["duration"], asked["unit"]), stated.allowances))
    for name, value, held in pairs:
        if value is not None and value not in held:
            yield Words(f"时限 {name} 应为 {value}。", f"The {name} should be {value}.")


def _stated(code: str, rows: list[Record]) -> _Times:
    deadlines: list[Deadline] = [row.deadline for row in rows if isinstance(row, Task | Report)]
    stages = [row for row in rows if isinstance(row, Stage)]
    aims = [aim for row in rows if isinstance(row, Task) for aim in row.targets if aim.clause == code]
    return _Times(
        untils=frozenset([*(d.until for d in deadlines), *(s.until_on for s in stages), *(a.until for a in aims)]),
        froms=frozenset(s.from_on for s in stages),
        everys=frozenset(d.every for d in deadlines),
        days=frozenset(d.days for d in deadlines),
        allowances=frozenset((d.allowance, d.unit) for d in deadlines),
        thens=frozenset("ongoing" if d.kind == "ongoing" else d.then for d in deadlines),
    )


def data_exists(place: str) -> bool:
    """Is there a datum at ``data:<subject>/<plan|values|readings>/<code>``, or in a county's folder at
    ``data:counties/<county>/<units|places>/<code>``?"""
    steps = place.removeprefix("data:").split("/")
    if len(steps) == 4 and steps[0] == "counties" and steps[1] in load.counties():
        county = load.county(steps[1])
        return steps[3] in {"units": county.units, "places": county.places}.get(steps[2], {})
    if len(steps) != 3 or steps[0] not in load.SUBJECTS:
        return False
    subject, kind, code = steps
    if kind == "plan":
        made = load.plan(subject)
        others = {made.code, *(area.code for area in made.areas), *(group.code for group in made.groups)}
        return code in others or code in records(made)
    tables: dict[str, Callable[[str], Mapping[str, Any]]] = {"values": load.values, "readings": load.readings}
    return kind in tables and code in tables[kind](subject)


def name_exists(dotted: str) -> bool:
    """Does a dotted name of this package lead to something defined in a source file? Nothing is executed but the
    ``__init__`` files on the way."""
    parts = dotted.split(".")
    if parts[0] != "luoshi" or not all(part.isidentifier() for part in parts):
        return False
    for cut in range(len(parts), 0, -1):
        path = _source(".".join(parts[:cut]))
        if path is not None:
            return _defines(ast.parse(path.read_text(encoding="utf-8")).body, parts[cut:])
    return False


@lru_cache(maxsize=1024)
def _source(module: str) -> Path | None:
    try:
        spec = importlib.util.find_spec(module)
    except Exception:
        # Looking below a module imports it; models refuse that without Django. The shorter name is asked next.
        return None
    return Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None


def _defines(body: list[ast.stmt], names: list[str]) -> bool:
    if not names:
        return True
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name == names[0]:
            return _defines(node.body, names[1:])
        if names[0] in _bound(node):
            return len(names) == 1
    return False


def _bound(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.split(".")[0] for alias in node.names}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def route_names() -> frozenset[str] | None:
    """Return the names of all page routes (``namespace:name``); ``None`` when Django is not configured here."""
    from django.conf import settings

    if not settings.configured:
        return None
    from django.apps import apps

    if not apps.ready:
        return None
    from django.urls import URLPattern, URLResolver, get_resolver

    def walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
        for item in resolver.url_patterns:
            if isinstance(item, URLPattern):
                if item.name:
                    yield prefix + item.name
            elif isinstance(item, URLResolver):
                yield from walk(item, f"{prefix}{item.namespace}:" if item.namespace else prefix)

    return frozenset(walk(get_resolver(), ""))


_CHECKS: Mapping[str, Callable[[Clause, Cover], Iterator[Words]]] = {
    "enforced": _enforced,
    "tracked": _tracked,
    "recorded": _recorded,
    "shown": _shown,
    "not_for_software": _not_for_software,
}
