"""What the desk's pages read: proposals, their parts, conflicts of plans. Every list goes through its readable."""

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet

from luoshi.gazette import conflicts, directory, matching
from luoshi.gazette.conflicts import Conflict, Row
from luoshi.gazette.models import Proposal, VersionChange
from luoshi.gazette.naming import Names, printed_units
from luoshi.gazette.readables import PROPOSAL, VERSION_CHANGE
from luoshi.office.access import Actor
from luoshi.office.journal.models import Entry
from luoshi.office.people.models import County
from luoshi.office.plans import as_of, values
from luoshi.office.plans.models import Document, Stage, Target, Task, TaskUnit
from luoshi.office.register.files import entries, read

MOST_A_WEEK = "conflict.tasks_a_week"


def proposals(actor: Actor) -> QuerySet[Proposal]:
    """Return the proposals an actor may read, newest first, without their texts."""
    rows = PROPOSAL.visible(actor, Proposal.objects.all())
    return rows.defer("text", "parsed", "edited").select_related("replaces").order_by("-pk")


def proposal(actor: Actor, pk: int) -> Proposal | None:
    """Return one proposal with its text, or None where this actor has none of that number.

    Text and structure come from what this process read last, as long as the revision is the same; pages only read them.
    """
    rows = PROPOSAL.visible(actor, Proposal.objects.defer("parsed", "edited", "text")).select_related("replaces")
    row = rows.filter(pk=pk).first()
    if row is not None:
        row.edited, row.text = contents(*key_of(row))
    return row


def key_of(row: Proposal) -> tuple[int, int, str]:
    """Return what names the state of a proposal's contents."""
    return row.pk, row.revision, row.digest


@lru_cache(maxsize=4)
def contents(pk: int, revision: int, digest: str) -> tuple[dict[str, Any], str]:
    """Return structure and text of a proposal at a revision; not to be changed by the caller."""
    return Proposal.objects.values_list("edited", "text").get(pk=pk)


@lru_cache(maxsize=8)
def _printed(pk: int, revision: int, digest: str) -> tuple[tuple[str, str, dt.date | None, tuple[str, ...]], ...]:
    """Return each document's title, issuer, day and the distinct unit names its tasks print."""
    return tuple(
        (
            document["title"],
            document.get("issuer") or "",
            dt.date.fromisoformat(document["issued_on"]) if document.get("issued_on") else None,
            tuple(dict.fromkeys(name for task in document["tasks"] for _, name in printed_units(task))),
        )
        for document in contents(pk, revision, digest)[0]["documents"]
    )


def changes(actor: Actor, document: Document | None = None) -> QuerySet[VersionChange]:
    """Return the changes of version an actor may read, newest first."""
    rows = VERSION_CHANGE.visible(actor, VersionChange.objects.all()).select_related("old", "new", "proposal")
    if document is not None:
        rows = rows.filter(old__code=document.code)
    return rows.defer("before", "proposal__text", "proposal__parsed", "proposal__edited").order_by("-pk")


def document_on(county_id: int, code: str, day: dt.date) -> Document | None:
    """Return the version of a document that was in force on a day."""
    rows = as_of.documents(Document.objects.filter(county_id=county_id, code=code), day)
    return rows.order_by("-version").first()


def unknown_names(county: County, row: Proposal) -> tuple[list[str], Names]:
    """Return the printed unit names of a proposal that mean no unit yet, and the county's names to look near them."""
    names = directory.names_of(county)
    by_hand = row.edited.get("unit_names", {})
    plans = directory.plans_of(county)
    keys = directory.plan_keys(county, names, plans)
    subjects = {plan.code: plan.subject for plan in plans}
    found: dict[str, None] = {}
    for title, issuer, day, printed in _printed(*key_of(row)):
        key = matching.match_plan(title, issuer, day, keys)
        own = {**(directory.local_names(county, subjects[key.code]) if key else {}), **by_hand}
        found |= dict.fromkeys(name for name in printed if names.resolve(name, day, own) is None)
    return list(found), names


@lru_cache(maxsize=4)
def house_value(key: str, day: dt.date) -> Any:
    """Return a value the house decided for itself, in force on a day; ``KeyError`` where there is none."""
    path = Path(__file__).resolve().parent / "house.yaml"
    held = [e for e in entries(path, read(path)) if e.text("key") == key and e.day("from") <= day]
    if not held:
        raise KeyError(key)
    return max(held, key=lambda e: e.day("from")).data["value"]


def most_a_week(county_id: int, day: dt.date) -> int:
    """Return how many tasks of one unit may end in one week: the county's own value over the house's."""
    try:
        return int(values.value_on(county_id, "gazette", MOST_A_WEEK, day).value)
    except KeyError:
        return int(house_value(MOST_A_WEEK, day))


def plan_conflicts(county_id: int, day: dt.date) -> tuple[list[Conflict], dict[str, Row], int]:
    """Return the conflicts of a county's open tasks, the rows they speak of, and the limit of a week.

    Kept until the next action of the county: the key holds its newest journal entry.
    """
    newest = Entry.objects.filter(county_id=county_id).order_by("-pk").values_list("pk", flat=True).first()
    limit = most_a_week(county_id, day)
    key = f"gazette:conflicts:{county_id}:{newest}:{limit}:{day}"
    held = cache.get(key)
    if held is None:
        rows = _rows(county_id, day)
        found = conflicts.find(rows, limit)
        told = {key for conflict in found for key in conflict.rows}
        held = (found, {row.key: row for row in rows if row.key in told})
        cache.set(key, held, 600)
    return held[0], held[1], limit


def _rows(county_id: int, day: dt.date) -> list[Row]:
    units: dict[int, list[str]] = {}
    open_tasks = as_of.tasks(Task.objects.filter(county_id=county_id, state="open"), day)
    for task_id, name in TaskUnit.objects.filter(task__in=open_tasks).values_list("task_id", "unit__short_zh"):
        units.setdefault(task_id, []).append(name)
    figures: dict[int, list[tuple[str, bool, str]]] = {}
    listed = Target.objects.filter(task__in=open_tasks).values_list("task_id", "words_zh", "value", "unit")
    for task_id, words, value, unit in listed:
        figures.setdefault(task_id, []).append((words, value is not None, unit))
    columns = ("pk", "plan__name_zh", "heading_zh", "deadline_kind", "due_on")
    rows = [
        Row(f"task:{pk}", plan, heading, tuple(units.get(pk, ())), kind, due_on, (), tuple(figures.get(pk, ())))
        for pk, plan, heading, kind, due_on in open_tasks.order_by("pk").values_list(*columns)
    ]
    return rows + _stage_rows(county_id)


def _stage_rows(county_id: int) -> list[Row]:
    """Stages of one line follow each other in their order."""
    rows: list[Row] = []
    before: dict[tuple[int, str], str] = {}
    stages = Stage.objects.filter(county_id=county_id).select_related("plan").order_by("plan", "order", "pk")
    for stage in stages:
        line = (stage.plan_id, str(stage.gate.get("line", "")))
        after = (before[line],) if line in before else ()
        rows.append(Row(f"stage:{stage.pk}", stage.plan.name_zh, stage.name_zh, (), "stage", stage.until_on, after))
        before[line] = rows[-1].key
    return rows
