"""A new version of a document takes effect as one batch, and can be taken back exactly."""

import datetime as dt
from typing import Any

from django.apps import apps
from django.db.models import Model

from luoshi.core.outcome import Granted, Outcome, Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette import directory, impact, versions
from luoshi.gazette.actions import enter, enter_tasks, subjects
from luoshi.gazette.models import Proposal, TaskWords, VersionChange
from luoshi.office.access import Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.plans import followers
from luoshi.office.plans.models import Clause, Document, Target, Task

Rows = list[followers.Row]


class Apply(subjects.OfProposal):
    """The proposal that brings the new version, and the day it takes effect (today when left out)."""

    from_on: dt.date | None = None


class Undo(Inputs):
    """The change to take back."""

    change: int


def may_apply(call: Call, proposal: Proposal) -> Outcome:
    """An open proposal that replaces the newest version of a document can take effect."""
    if proposal.state != "open":
        return subjects.settled(proposal)
    if proposal.replaces is None:
        return refuse(
            "replaces_nothing",
            "这份建议没有指明更替哪份文件。",
            "This proposal replaces no document.",
            Words("请直接确认。", "Confirm it instead."),
        )
    if proposal.replaces.replaced_on is not None:
        return refuse(
            "not_the_newest",
            "所更替的不是现行版本。",
            "The version it replaces is no longer in force.",
            Words("请以现行版本为准重新导入。", "Import it against the version in force."),
        )
    return Granted()


@action(
    "version.apply",
    Words("新版本生效", "Let a new version take effect"),
    subject="proposal",
    grants=subjects.EDITORS,
    inputs=Apply,
    load=subjects.load,
    where=subjects.where,
    why_not=may_apply,
)
def apply_version(call: Call, proposal: Proposal, inputs: Apply) -> Done | Refused:
    """Replace a document: unchanged tasks move to the new text, changed mandates begin anew, gone ones end."""
    refused = subjects.stale(proposal, inputs.at_edit)
    if refused is not None:
        return refused
    day = inputs.from_on or call.today
    change = versions.work_out(proposal)
    told = versions.listed(change)
    if change.unresolved:
        return refuse(
            "names_unresolved",
            f"单位名称未认定：{'、'.join(told['unresolved'])}。",
            f"Unit names are not resolved: {', '.join(told['unresolved'])}.",
            Words("请先在编辑台认定。", "Resolve them on the desk first."),
            names=told["unresolved"],
        )
    entered = enter.enter_document(proposal, change.typed, change.at, change.old.code, replaces=change.old)
    if isinstance(entered, Refused):
        return entered
    before, made = _take_effect(call, change, entered.row, day)
    before += _kept(proposal, "state", "confirmed_on")
    proposal.state, proposal.confirmed_on = "confirmed", call.today
    proposal.save(update_fields=["state", "confirmed_on"])
    row = VersionChange.objects.create(
        county_id=proposal.county_id,
        proposal=proposal,
        old=change.old,
        new=entered.row,
        impact=told,
        before={"rows": before, "made": made},
        applied_on=day,
    )
    counts = {k: len(told[k]) for k in ("added", "removed", "changed")}
    return Done(
        Words(
            f"《{change.old.title_zh}》第{entered.row.version}版生效：新增{counts['added']}、改变{counts['changed']}、删去{counts['removed']}。",
            f"{change.old.code} version {entered.row.version} in force: {counts['added']} added, "
            f"{counts['changed']} changed, {counts['removed']} removed.",
        ),
        before={"version": change.old.version},
        after={"version": entered.row.version, **counts},
        values={
            "change": row.pk,
            "document": entered.row.pk,
            "version": entered.row.version,
            "same": told["same"],
            **counts,
        },
        subject_id=proposal.pk,
    )


def _take_effect(call: Call, change: versions.Change, new: Document, day: dt.date) -> tuple[Rows, list[int]]:
    """Write the change; return the rows as they were and the ids of tasks made."""
    ended = change.replaced
    before = [
        row
        for task in change.tasks.values()
        for row in _kept(task, "document_id", "span_from", "span_to", "state", "replaced_on")
    ]
    before += followers.withdrawn([task.pk for task in ended], call.today)
    before += _kept(change.old, "replaced_on") + (_kept(change.plan, "document_id") if change.plan else [])
    change.old.replaced_on = day
    change.old.save(update_fields=["replaced_on"])
    new.in_force_from = day
    new.save(update_fields=["in_force_from"])
    if change.plan is None:
        return before, []
    change.plan.document = new
    change.plan.save(update_fields=["document"])
    for task in ended:
        task.replaced_on = day
        task.state = task.state if task.state in ("done", "closed") else "cancelled"
    Task.objects.bulk_update(ended, ["replaced_on", "state"], batch_size=500)
    _move(change, new)
    made = _make(change, new, day)
    followers.confirmed(change.proposal.county_id, [t for t in made if t.deadline_kind != "relative"], call.today)
    return before, [task.pk for task in made]


def _move(change: versions.Change, new: Document) -> None:
    """Point tasks that go on at their words in the new text."""
    pairs = [p for p in (*change.comparison.same, *change.comparison.changed) if not impact.renews(p)]
    moved = []
    for pair in pairs:
        task = change.tasks[pair.old.key]
        task.document = new
        task.span_from, task.span_to = change.part.tasks[pair.new.key].span
        moved.append(task)
    clauses = {c.path: c for c in Clause.objects.filter(document=new)}
    tied: dict[int, str] = {}
    for pk, path in change.tied.items():
        clause = clauses.get(path)
        if clause is not None and clause.span_to > clause.span_from:
            task = change.tasks[pk]
            task.document, task.span_from, task.span_to = new, clause.span_from, clause.span_to
            tied[pk] = path
            moved.append(task)
    Task.objects.bulk_update(moved, ["document", "span_from", "span_to"], batch_size=500)
    enter_tasks.note_words(new, moved, tied)


def _make(change: versions.Change, new: Document, day: dt.date) -> list[Task]:
    """Make the added tasks, and the renewed ones with the heading and clauses of the task before."""
    assert change.plan is not None
    parsed = change.part.tasks
    suffix = f".v{new.version}"
    wanted = [
        (enter_tasks.task_code(side.key + 1) + suffix, side.key + 1, parsed[side.key], change.units[side.key])
        for side in change.comparison.added
    ]
    renewed = [p for p in change.comparison.changed if impact.renews(p)]
    for pair in renewed:
        old = change.tasks[pair.old.key]
        wanted.append((old.code.split(".v")[0] + suffix, old.order, parsed[pair.new.key], change.units[pair.new.key]))
    rows = enter_tasks.make_tasks(change.desk, change.plan, new, wanted)
    for row in rows:
        row.in_force_from = day
    for row, pair in zip(rows[len(change.comparison.added) :], renewed, strict=True):
        old = change.tasks[pair.old.key]
        row.clause_ids, row.number, row.sub = old.clause_ids, old.number, old.sub
        if change.plan.subject != directory.GENERAL:
            row.heading_zh, row.heading_en = old.heading_zh, old.heading_en
    Task.objects.bulk_update(
        rows, ["in_force_from", "clause_ids", "number", "sub", "heading_zh", "heading_en"], batch_size=500
    )
    return rows


def _kept(row: Model, *names: str) -> Rows:
    """Return one row's fields as they are, as JSON carries them."""
    fields = {name: _plain(getattr(row, name)) for name in names}
    return [{"model": row._meta.label, "pk": row.pk, "fields": fields}]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value


def _load_change(call: Call, inputs: Undo) -> VersionChange:
    row = (
        VersionChange.objects.select_for_update(of=("self",))
        .select_related("old", "new", "proposal")
        .filter(pk=inputs.change, county_id=call.actor.county_id)
        .first()
    )
    if row is None:
        raise Problem(
            "change",
            Words("没有这次换版。", "There is no such change of version."),
            Words("请从换版记录中选择。", "Choose it from the list of changes."),
            status=404,
        )
    return row


def may_undo(call: Call, change: VersionChange) -> Outcome:
    """The newest change of a document can be taken back while nobody has worked on what it made."""
    if change.undone_on is not None or change.new is None:
        return refuse(
            "undone_already",
            "这次换版已经撤回。",
            "This change was taken back.",
            Words("无需再撤。", "Nothing is left to do."),
        )
    if change.new.replaced_on is not None:
        return refuse(
            "a_newer_version_stands",
            "其后又有新版本。",
            "A newer version stands on it.",
            Words("请先撤回后来的版本。", "Take the later version back first."),
        )
    if followers.worked_on(change.before["made"]):
        return refuse(
            "worked_on",
            "新版本的任务已有单位办理。",
            "Units have begun to work on tasks of the new version.",
            Words("请以更正后的文本再发一版。", "Issue a corrected version instead."),
        )
    return Granted()


@action(
    "version.undo",
    Words("撤回换版", "Take a version back"),
    subject="version_change",
    grants=subjects.EDITORS,
    inputs=Undo,
    load=_load_change,
    where=lambda change: Where(change.county_id),
    why_not=may_undo,
)
def undo_version(call: Call, change: VersionChange, inputs: Undo) -> Done:
    """Put every row back as it was before the version took effect; the record of both acts stays."""
    new, made = change.new, change.before["made"]
    assert new is not None
    followers.forgotten(made)
    TaskWords.objects.filter(document=new).delete()
    Target.objects.filter(task_id__in=made).delete()
    change.new, change.undone_on = None, call.today
    change.save(update_fields=["new", "undone_on"])
    for kept in change.before["rows"]:
        _put_back(kept)
    Task.objects.filter(pk__in=made).delete()
    new.delete()
    return Done(
        Words(f"撤回《{change.old.title_zh}》的新版本。", f"Took back the new version of {change.old.code}."),
        before={"tasks": made},
        values={"change": change.pk, "document": change.old_id},
        subject_id=change.pk,
    )


def _put_back(kept: followers.Row) -> None:
    model = apps.get_model(kept["model"])
    columns = {field.attname: field for field in model._meta.concrete_fields}
    values = {name: columns[name].to_python(value) for name, value in kept["fields"].items()}
    model._base_manager.filter(pk=kept["pk"]).update(**values)
