"""Packaged data into a county's rows: its directory of units and places, and its plans. Both are actions.

Loading the same data again changes nothing; loading changed data updates names and adds what is new.
"""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

from django.db import transaction
from pydantic import Field

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import door, register
from luoshi.office.access import Actor, Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.people.models import County, Place, Unit, UnitName
from luoshi.office.plans.models import Plan, Stage, Target, Task, TaskUnit
from luoshi.office.register import records

SYSTEM_WORDS = {"foodsafety": "食品安全", "park": "园区", "housing": "农房", "outage": "停电应急", "gazette": "公报"}


def found(source: str | Path) -> County:
    """Return the county's row, made on first use from its packaged folder or a folder of its own."""
    data = register.county(source)
    code = data.code
    with door.opened("county.found"), transaction.atomic():
        row, _ = County.objects.get_or_create(
            code=code,
            defaults={"division_code": data.official_code or "", "name_zh": data.name.zh, "name_en": data.name.en},
        )
    return row


def system_call(county: County, now: dt.datetime, request_id: str) -> Call:
    """Return a call of the system itself, for imports at start."""
    return Call(Actor(county.pk, "system"), now, request_id, "import")


class DirectoryInputs(Inputs):
    """The county folder whose units and places are loaded."""

    folder: Annotated[str, Field(max_length=1000)]


class PlanInputs(Inputs):
    """The subject whose packaged plan is loaded."""

    subject: Annotated[str, Field(max_length=40)]


def _source(call: Call, folder: str) -> str | Path:
    """Return the packaged folder's name, or a path, which only a command on this machine may give."""
    if call.channel == "import" and Path(folder).is_absolute():
        return Path(folder)
    return folder


def _own_county(call: Call, inputs: Inputs) -> County:
    return County.objects.select_for_update().get(pk=call.actor.county_id)


@action(
    "county.load_directory",
    Words("装入机构与地名", "Load units and places"),
    subject="county",
    grants={"system": "county", "system_admin": "county"},
    inputs=DirectoryInputs,
    load=_own_county,
    where=lambda county: Where(county.pk),
)
def load_directory(call: Call, county: County, inputs: DirectoryInputs) -> Done:
    """Write places and units with their names; parents and members are linked by code."""
    data = register.county(_source(call, inputs.folder))
    if data.code != county.code:
        raise Problem(
            "folder",
            Words(f"这是“{data.code}”的资料，不是本县的。", f"This is the data of {data.code!r}, not of this county."),
            Words("请选择本县的资料夹。", "Choose the folder of this county."),
            status=409,
        )
    places = _load_places(county, data.places.values())
    units = _load_units(county, data.units.values(), {p.unit: places[p.code] for p in data.places.values() if p.unit})
    summary = Words(f"机构{len(units)}个，地名{len(places)}个。", f"{len(units)} units, {len(places)} places.")
    return Done(summary, values={"units": len(units), "places": len(places)}, subject_id=county.pk)


def _load_places(county: County, data: Iterable[records.Place]) -> dict[str, Place]:
    rows: dict[str, Place] = {}
    for item in sorted(data, key=lambda p: ("county", "town", "village").index(p.kind)):
        parent = rows.get(item.parent or "")
        path = f"{parent.path}/{item.code}" if parent else item.code
        rows[item.code], _ = Place.objects.update_or_create(
            county=county,
            code=item.code,
            defaults={
                "kind": item.kind,
                "name_zh": item.name.zh,
                "name_en": item.name.en,
                "parent": parent,
                "path": path,
            },
        )
    return rows


def _load_units(county: County, data: Iterable[records.Unit], places: dict[str | None, Place]) -> dict[str, Unit]:
    items = list(data)
    rows: dict[str, Unit] = {}
    for item in items:
        rows[item.code], _ = Unit.objects.update_or_create(
            county=county,
            code=item.code,
            defaults={
                "name_zh": item.name.zh, "name_en": item.name.en, "short_zh": item.short, "kind": item.kind,
                "collective": bool(item.members) or item.open, "place": places.get(item.code),
            },
        )  # fmt: skip
    names: list[UnitName] = []
    for item in items:
        row = rows[item.code]
        if item.parent and row.parent_id != rows[item.parent].pk:
            row.parent = rows[item.parent]
            row.save(update_fields=["parent"])
        row.members.set(rows[m] for m in item.members)
        plain = dict.fromkeys(
            (item.short, item.name.zh, *item.aliases, *(a for al in item.local_aliases.values() for a in al))
        )
        dated = {n.zh: (n.from_on, n.until_on) for n in item.names}
        for name in dict.fromkeys((*plain, *dated)):
            valid_from, valid_to = dated.get(name, (None, None))
            names.append(UnitName(county=county, unit=row, name=name, valid_from=valid_from, valid_to=valid_to))
    UnitName.objects.bulk_create(names, ignore_conflicts=True)
    return rows


@action(
    "plan.load",
    Words("装入方案数据", "Load a packaged plan"),
    subject="plan",
    grants={"system": "county"},
    inputs=PlanInputs,
    load=_own_county,
    where=lambda county: Where(county.pk),
)
def load_plan(call: Call, county: County, inputs: PlanInputs) -> Done:
    """Write a plan with its stages, tasks, parts and targets from the subject's ``plan.yaml``."""
    data = register.plan(inputs.subject)
    units = {u.code: u for u in Unit.objects.filter(county=county)}
    plan, _ = Plan.objects.update_or_create(
        county=county,
        code=data.code,
        defaults={
            "subject": data.subject, "name_zh": data.title.zh, "name_en": data.title.en, "from_on": data.effective_on,
            "until_on": max((s.until_on for s in data.stages if s.until_on), default=None),
            "leading_unit": units[data.leading or (data.groups[0].unit if data.groups else data.issuer)],
        },
    )  # fmt: skip
    _load_stages(plan, data.stages)
    made = _load_tasks(plan, data.tasks, units)
    summary = Words(f"{data.title.zh}：新任务{made}项。", f"{data.title.en}: {made} new tasks.")
    return Done(summary, values={"tasks": made, "plan": plan.pk}, clauses=data.clauses, subject_id=plan.pk)


def _load_stages(plan: Plan, data: Iterable[records.Stage]) -> None:
    for item in data:
        Stage.objects.update_or_create(
            plan=plan,
            code=item.code,
            defaults={
                "county_id": plan.county_id, "order": item.order,
                "name_zh": item.heading.zh, "name_en": item.heading.en,
                "from_on": item.from_on, "until_on": item.until_on, "clause_ids": list(item.clauses),
                "gate": {"conditions": [g.as_json() for g in item.gates], "line": item.line},
            },
        )  # fmt: skip


def _load_tasks(plan: Plan, data: Iterable[records.Task], units: dict[str, Unit]) -> int:
    held = set(Task.objects.filter(plan=plan).values_list("code", flat=True))
    fresh = [(order, item) for order, item in enumerate(data, 1) if item.code not in held]
    rows = Task.objects.bulk_create([_task_row(plan, item, order, units) for order, item in fresh], batch_size=200)
    parts: list[TaskUnit] = []
    targets: list[Target] = []
    for row, (_, item) in zip(rows, fresh, strict=True):
        parts += [
            TaskUnit(county_id=plan.county_id, task=row, unit=units[code], role=role, printed=units[code].short_zh)
            for role, code in _roles(item)
        ]
        targets += [_target_row(row, t) for t in item.targets]
    TaskUnit.objects.bulk_create(parts, ignore_conflicts=True, batch_size=500)
    Target.objects.bulk_create(targets, batch_size=500)
    return len(rows)


def _roles(item: records.Task) -> list[tuple[str, str]]:
    """Return (role, unit code) of a task, each unit once in its strongest role."""
    found: dict[str, str] = {}
    for role, codes in (("lead", item.lead), ("responsible", item.responsible), ("support", item.support)):
        for code in codes:
            found.setdefault(code, role)
    return [(role, code) for code, role in found.items()]


def _task_row(plan: Plan, item: records.Task, order: int, units: dict[str, Unit]) -> Task:
    roles = _roles(item)
    first = (item.lead or item.responsible or item.support or (None,))[0]
    names = "、".join(units[code].short_zh for _, code in roles)
    return Task(
        county_id=plan.county_id, plan=plan, code=item.code, order=order, number=item.number or "", sub=item.sub or "",
        heading_zh=item.heading.zh, heading_en=item.heading.en, mode=item.mode, open_ended=item.open_ended,
        deadline_kind=item.deadline.kind, due_on=item.deadline.until, then=item.deadline.then or "",
        every=every_of(item.deadline), deadline_words=(item.deadline.words or "")[:200], clause_ids=list(item.clauses),
        lead_unit=units[first] if first else None, units_text=names[:600],
    )  # fmt: skip


def every_of(deadline: records.Deadline) -> dict[str, Any] | None:
    """Return a deadline's recurrence in the form ``duties.schedule.next_occurrence`` reads, or None."""
    if deadline.kind != "recurring":
        return None
    if deadline.days:
        return {"day_of_month": list(deadline.days)}
    known: dict[str, dict[str, Any]] = {
        "month": {"month_end": True}, "quarter": {"quarter_end": True}, "year": {"year_end": True},
        "half_year": {"month_day": ["06-30", "12-31"]}, "week": {"days": 7}, "ten_days": {"day_of_month": [10, 20, 31]},
    }  # fmt: skip
    return known.get(deadline.every or "", {"words": deadline.every})


def _target_row(task: Task, item: records.Target) -> Target:
    number = item.value if isinstance(item.value, int | float) and not isinstance(item.value, bool) else None
    return Target(
        county_id=task.county_id, task=task, words_zh=item.words.zh[:300], words_en=item.words.en[:400], op=item.op[:4],
        value=number, unit=(item.unit or "")[:30], clause_id=item.clause,
    )  # fmt: skip


def started_tasks(county: County) -> list[Task]:
    """Return tasks that are due by the calendar and have no assignment yet; event-driven ones wait for their event."""
    rows = Task.objects.filter(county=county, state="open", assignments__isnull=True).exclude(deadline_kind="relative")
    return list(rows.prefetch_related("parts__unit__members").order_by("plan", "order"))
