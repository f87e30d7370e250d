"""Reading both sides of a change of version from the records: what stands, what comes, and what it touches."""

from dataclasses import dataclass, field
from typing import Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette import directory, impact, matching, shape
from luoshi.gazette.actions.enter_tasks import Desk
from luoshi.gazette.deadlines import columns
from luoshi.gazette.models import Proposal, TaskWords
from luoshi.office.people.models import County
from luoshi.office.plans import followers
from luoshi.office.plans.models import Document, Plan, Task, TaskUnit

Units = list[tuple[str, str, str]]


@dataclass
class Change:
    """A change of version, worked out and not yet made."""

    proposal: Proposal
    typed: shape.Proposal
    at: int
    old: Document
    plan: Plan | None
    desk: Desk
    tasks: dict[int, Task] = field(default_factory=dict)
    units: dict[int, Units] = field(default_factory=dict)
    unresolved: list[str] = field(default_factory=list)
    tied: dict[int, str] = field(default_factory=dict)
    comparison: impact.Comparison = field(default_factory=lambda: impact.Comparison((), (), (), ()))

    @property
    def part(self) -> shape.Document:
        """The document that comes."""
        return self.typed.documents[self.at]

    @property
    def replaced(self) -> list[Task]:
        """The old tasks that end: removed ones, and those that get a new mandate."""
        ended = [side.key for side in self.comparison.removed]
        ended += [pair.old.key for pair in self.comparison.changed if impact.renews(pair)]
        return [self.tasks[key] for key in sorted(ended)]

    @property
    def lost(self) -> list[str]:
        """Codes of packaged tasks whose clause the new version no longer has; a person decides about them."""
        paths = {c.path for c in self.part.clauses}
        told = self.part.interpretation
        paths |= {f"解读/{c.path}" for c in told.clauses} if told else set()
        return sorted(self.tasks[pk].code for pk, path in self.tied.items() if path not in paths)


def work_out(proposal: Proposal) -> Change:
    """Compare the document a proposal replaces with the one it brings; reads only."""
    old = proposal.replaces
    assert old is not None, "only a proposal that replaces a document changes a version"
    typed = shape.check(proposal.edited, proposal.text)
    county = County.objects.get(pk=proposal.county_id)
    names = directory.names_of(county)
    at = _which(typed, old)
    part = typed.documents[at]
    desk = Desk(names, directory.unit_ids(county), dict(typed.unit_names), part.issued_on)
    plan = Plan.objects.filter(county=county, document=old).first()
    change = Change(proposal, typed, at, old, plan, desk)
    _old_side(change)
    change.comparison = impact.compare(_old_sides(change), _new_sides(change, county))
    return change


def _which(typed: shape.Proposal, old: Document) -> int:
    """Return the place of the document whose title is most like the old one's."""
    scores = [(matching.held_by(old.title_zh, d.title), -i) for i, d in enumerate(typed.documents)]
    best = max(scores, default=(0.0, 0))
    if best[0] < matching.TITLE_LIKENESS:
        raise Problem(
            "replaces",
            Words(f"没有找到与《{old.title_zh}》同名的文件。", f"No document here bears the title {old.title_zh!r}."),
            Words(
                "请核对所更替的文件，或在编辑台改正标题。", "Check which document is replaced, or correct the title."
            ),
            status=409,
        )
    return -best[1]


def _old_side(change: Change) -> None:
    if change.plan is None:
        return
    rows = Task.objects.filter(plan=change.plan, replaced_on__isnull=True).order_by("order", "pk")
    change.tasks = {row.pk: row for row in rows}
    words = TaskWords.objects.filter(document=change.old, task__in=change.tasks).exclude(clause_path="")
    change.tied = dict(words.values_list("task_id", "clause_path"))


def _old_sides(change: Change) -> list[impact.Side]:
    """The tasks that stand in the old document as blocks of their own."""
    units: dict[int, set[tuple[str, str]]] = {}
    for task_id, role, code in TaskUnit.objects.filter(task__in=change.tasks).values_list(
        "task_id", "role", "unit__code"
    ):
        units.setdefault(task_id, set()).add((role, code))
    text = change.old.text
    return [
        impact.Side(
            row.pk, matching.tokens(row.number)[-1:], frozenset(units.get(row.pk, ())),
            impact.due_of(row.deadline_kind, row.due_on, row.then, row.every),
            impact.squeezed(text[row.span_from : row.span_to]), impact.squeezed(row.deadline_words),
        )
        for row in change.tasks.values()
        if row.document_id == change.old.pk and row.pk not in change.tied
    ]  # fmt: skip


def _new_sides(change: Change, county: County) -> list[impact.Side]:
    local = directory.local_names(county, change.plan.subject) if change.plan else {}
    sides = []
    for place, task in enumerate(change.part.tasks):
        units, unknown = change.desk.units(task, local)
        change.units[place] = units
        change.unresolved += unknown
        due = columns(task.deadline.model_dump(mode="json"))
        sides.append(impact.Side(
            place, matching.tokens(task.number or "")[-1:], frozenset((role, code) for role, _, code in units),
            impact.due_of(due.kind, due.due_on, due.then, due.every),
            impact.squeezed(change.proposal.text[task.span[0] : task.span[1]]), impact.squeezed(due.words),
        ))  # fmt: skip
    return sides


def listed(change: Change) -> dict[str, Any]:
    """Return the impact as the page shows it and the record keeps it."""
    compared = change.comparison
    ended = [task.pk for task in change.replaced]
    return {
        "document": change.old.code,
        "from_version": change.old.version,
        "added": [_new_line(change, side) for side in compared.added],
        "removed": [_old_line(change, side) for side in compared.removed],
        "changed": [
            _old_line(change, p.old)
            | {"what": list(p.what), "renews": impact.renews(p), "after": _new_line(change, p.new)}
            for p in compared.changed
        ],
        "same": len(compared.same),
        "lost": change.lost,
        "tied": len(change.tied),
        "unresolved": sorted(set(change.unresolved)),
        "touched": followers.touched(ended),
    }  # fmt: skip


def _old_line(change: Change, side: impact.Side) -> dict[str, Any]:
    row = change.tasks[side.key]
    return {
        "task": row.pk, "code": row.code, "number": f"{row.number}{row.sub}", "heading": row.heading_zh,
        "units": row.units_text, "due_on": row.due_on.isoformat() if row.due_on else None,
        "deadline_words": row.deadline_words, "state": row.state,
    }  # fmt: skip


def _new_line(change: Change, side: impact.Side) -> dict[str, Any]:
    task = change.part.tasks[side.key]
    return {
        "place": side.key, "number": f"{task.number or ''}{task.sub or ''}",
        "heading": " ".join((task.heading or task.text).split())[:200],
        "units": "、".join(printed for _, printed, _ in change.units[side.key]),
        "due_on": task.deadline.until.isoformat() if task.deadline.until else None,
        "deadline_words": task.deadline.words, "span": list(task.span),
    }  # fmt: skip
