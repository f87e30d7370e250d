"""Tasks of a confirmed document: linked to the packaged plan's tasks where there is one, else made."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from luoshi.core.problem import Problem
from luoshi.gazette import directory, matching, shape
from luoshi.gazette.deadlines import columns
from luoshi.gazette.models import TaskWords
from luoshi.gazette.naming import Names, printed_units
from luoshi.office import register
from luoshi.office.plans.models import Clause, Document, Plan, Target, Task, TaskUnit

_BATCH = 500


@dataclass
class Outcome:
    """What became of one document's tasks, for the summary and for the followers."""

    tasks: list[Task] = field(default_factory=list)
    linked: int = 0
    made: int = 0
    by_clause: int = 0
    unlinked: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    unresolved: Counter[str] = field(default_factory=Counter)
    blocked: int = 0


@dataclass(frozen=True)
class Desk:
    """What entering tasks looks things up in: names, unit ids, what an editor resolved by hand."""

    names: Names
    ids: Mapping[str, int]
    by_hand: Mapping[str, str]
    day: dt.date | None = None

    def units(self, task: shape.Task, local: Mapping[str, str]) -> tuple[list[tuple[str, str, str]], list[str]]:
        """Return (role, printed, unit code) of a task, each unit once in its weightiest role, and unknown names."""
        found: dict[str, tuple[str, str, str]] = {}
        unknown: list[str] = []
        own = {**local, **self.by_hand}
        for role, printed in printed_units(task.model_dump(include={"lead", "support", "responsible"})):
            code = self.names.resolve(printed, self.day, own)
            if code is None or code not in self.ids:
                unknown.append(printed)
            else:
                found.setdefault(code, (role, printed, code))
        return list(found.values()), unknown


def link_or_make(desk: Desk, plan: Plan, document: Document, part: shape.Document) -> Outcome:
    """Give the document's tasks their place: link to a packaged plan, or make what the plan lacks."""
    outcome = Outcome()
    local = directory.local_names(document.county, plan.subject)
    resolved = [desk.units(task, local) for task in part.tasks]
    for _, unknown in resolved:
        outcome.unresolved.update(unknown)
        outcome.blocked += bool(unknown)
    if plan.subject == directory.GENERAL:
        _make(desk, plan, document, part, resolved, outcome)
    else:
        _link_blocks(plan, document, part, resolved, outcome)
        _link_clauses(plan, document, outcome)
    return outcome


def _link_blocks(
    plan: Plan, document: Document, part: shape.Document, resolved: list[tuple[list[tuple[str, str, str]], list[str]]],
    outcome: Outcome,
) -> None:  # fmt: skip
    rows = list(Task.objects.filter(plan=plan, replaced_on__isnull=True).order_by("order", "pk"))
    parsed = [_parsed_key(i, task, resolved[i]) for i, task in enumerate(part.tasks)]
    links = {link.parsed: link for link in matching.match_tasks(parsed, packaged_keys(rows))}
    by_id = {row.pk: row for row in rows}
    linked: list[tuple[Task, shape.Task]] = []
    for i, task in enumerate(part.tasks):
        link = links.get(i)
        if link is None:
            outcome.unmatched.append(f"{task.path} {(task.heading or task.text)[:30]}")
            continue
        row = by_id[int(str(link.key))]
        linked.append((row, task))
        if link.differs:
            outcome.differs.append(f"{row.code}: {', '.join(link.differs)}")
    _point(document, linked)
    outcome.linked = len(linked)
    outcome.tasks = rows


def packaged_keys(rows: Sequence[Task]) -> list[matching.BlockKey]:
    """Return the keys of stored tasks, in their order."""
    units: dict[int, set[str]] = {}
    leads: dict[int, set[str]] = {}
    for task_id, code, role in TaskUnit.objects.filter(task__in=rows).values_list("task_id", "unit__code", "role"):
        units.setdefault(task_id, set()).add(code)
        if role == "lead":
            leads.setdefault(task_id, set()).add(code)
    return [
        matching.BlockKey(
            row.pk, matching.tokens(row.number), row.sub, frozenset(units.get(row.pk, ())), row.due_on,
            frozenset(leads.get(row.pk, ())),
        )
        for row in rows
    ]  # fmt: skip


def _parsed_key(i: int, task: shape.Task, resolved: tuple[list[tuple[str, str, str]], list[str]]) -> matching.BlockKey:
    units = frozenset(code for _, _, code in resolved[0]) if not resolved[1] else frozenset()
    leads = frozenset(code for role, _, code in resolved[0] if role == "lead")
    number = matching.tokens(task.path or task.number or "")
    return matching.BlockKey(i, number, task.sub or "", units, task.deadline.until, leads)


def _point(document: Document, pairs: Sequence[tuple[Task, shape.Task]]) -> None:
    """Write where each task stands in this document's text."""
    for row, task in pairs:
        row.document = document
        row.span_from, row.span_to = task.span
        row.deadline_words = row.deadline_words or task.deadline.words[:200]
    rows = [row for row, _ in pairs]
    Task.objects.bulk_update(rows, ["document", "span_from", "span_to", "deadline_words"], batch_size=_BATCH)
    note_words(document, rows)


def note_words(document: Document, rows: Sequence[Task], paths: Mapping[int, str] | None = None) -> None:
    """Keep the place of tasks in this version of the document."""
    TaskWords.objects.bulk_create(
        [
            TaskWords(
                county_id=document.county_id, task=row, document=document, span_from=row.span_from,
                span_to=row.span_to, clause_path=(paths or {}).get(row.pk, ""),
            )
            for row in rows
            if row.span_from is not None and row.span_to is not None
        ],
        batch_size=_BATCH,
        ignore_conflicts=True,
    )  # fmt: skip


def _link_clauses(plan: Plan, document: Document, outcome: Outcome) -> None:
    """Link tasks that stand outside responsibility blocks to the clause their register section names."""
    rest = [row for row in outcome.tasks if row.document_id is None]
    if not rest or not directory.is_packaged(document.county, plan.subject):
        outcome.unlinked = [row.code for row in rest]
        return
    clauses = {c.path: c for c in Clause.objects.filter(document=document)}
    paths: dict[tuple[str, ...], str] = {}
    for path in clauses:
        if "~" not in path:
            paths.setdefault(matching.tokens(path), path)
    found: list[Task] = []
    tied: dict[int, str] = {}
    for row in rest:
        clause = _clause_of(row, paths, clauses)
        if clause is None or clause.span_to <= clause.span_from:
            outcome.unlinked.append(row.code)
            continue
        row.document, row.span_from, row.span_to = document, clause.span_from, clause.span_to
        tied[row.pk] = clause.path
        found.append(row)
    Task.objects.bulk_update(found, ["document", "span_from", "span_to"], batch_size=_BATCH)
    note_words(document, found, tied)
    outcome.by_clause = len(found)


def _clause_of(row: Task, paths: Mapping[tuple[str, ...], str], clauses: Mapping[str, Clause]) -> Clause | None:
    for clause_id in row.clause_ids:
        try:
            section = register.clause(clause_id).section
        except (KeyError, Problem):
            continue
        path = matching.clause_of_section(section, paths)
        if path is not None:
            return clauses[path]
    return None


def _make(
    desk: Desk, plan: Plan, document: Document, part: shape.Document,
    resolved: list[tuple[list[tuple[str, str, str]], list[str]]], outcome: Outcome,
) -> None:  # fmt: skip
    """Make the tasks whose units are all known and that do not stand yet."""
    held = set(Task.objects.filter(plan=plan).values_list("code", flat=True))
    fresh = [
        (order, task, units)
        for order, (task, (units, unknown)) in enumerate(zip(part.tasks, resolved, strict=True), 1)
        if not unknown and task_code(order) not in held and task.span[1] > task.span[0]
    ]
    rows = make_tasks(desk, plan, document, [(task_code(order), order, task, units) for order, task, units in fresh])
    outcome.made = len(rows)
    outcome.tasks = rows


def task_code(order: int) -> str:
    """Return the code of the task at a place of the document."""
    return f"T{order:03d}"


def make_tasks(
    desk: Desk,
    plan: Plan,
    document: Document,
    wanted: Sequence[tuple[str, int, shape.Task, list[tuple[str, str, str]]]],
) -> list[Task]:
    """Write tasks with their parts and targets; each as (code, order, parsed task, units)."""
    rows = Task.objects.bulk_create(
        [_row(desk, plan, document, code, order, task, units) for code, order, task, units in wanted], batch_size=_BATCH
    )
    parts, targets = [], []
    for row, (_, _, task, units) in zip(rows, wanted, strict=True):
        parts += [
            TaskUnit(county_id=plan.county_id, task=row, unit_id=desk.ids[code], role=role, printed=printed[:120])
            for role, printed, code in units
        ]
        targets += [_target(row, target) for target in task.targets]
    TaskUnit.objects.bulk_create(parts, batch_size=_BATCH)
    Target.objects.bulk_create(targets, batch_size=_BATCH)
    note_words(document, rows)
    return rows


def _row(
    desk: Desk,
    plan: Plan,
    document: Document,
    code: str,
    order: int,
    task: shape.Task,
    units: list[tuple[str, str, str]],
) -> Task:
    due = columns(task.deadline.model_dump(mode="json"))
    heading = " ".join((task.heading or task.text).split())
    return Task(
        county_id=plan.county_id, plan=plan, code=code, order=order, number=(task.number or "")[:40],
        sub=(task.sub or "")[:20], heading_zh=heading[:400], mode=task.mode, open_ended=task.open_ended,
        deadline_kind=due.kind, due_on=due.due_on, then=due.then, every=due.every, deadline_words=due.words,
        document=document, span_from=task.span[0], span_to=task.span[1],
        lead_unit_id=desk.ids[units[0][2]] if units else None,
        units_text="、".join(printed for _, printed, _ in units)[:600],
    )  # fmt: skip


def _target(row: Task, target: shape.Target) -> Target:
    number = target.value if isinstance(target.value, int | float) and abs(target.value) < 10**11 else None
    return Target(
        county_id=row.county_id, task=row, words_zh=target.words[:300], words_en="", op=target.op[:4], value=number,
        unit=target.unit[:30],
    )  # fmt: skip
