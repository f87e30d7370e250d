"""Stages of plans with their gates: which facts stand, since when, on what."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from luoshi.core.words import Words
from luoshi.office.evidence import attach
from luoshi.office.evidence.models import Attachment
from luoshi.office.notices.models import PublicNotice
from luoshi.office.plans.models import Plan, Stage, Task
from luoshi.office.register import files
from luoshi.supervision import gates
from luoshi.supervision.gates import Fact
from luoshi.supervision.models import StageFact, StagePass

_FILE = Path(gates.__file__).with_name("gates.yaml")


@dataclass(frozen=True, slots=True)
class Stood:
    """A fact that stands: since which day, on what, with which files."""

    on: dt.date
    words: Words
    files: tuple[Attachment, ...] = ()
    stated: bool = False


@lru_cache(maxsize=1)
def packaged() -> dict[str, tuple[Fact, ...]]:
    """Return the facts of every packaged gate, by the code of its stage."""
    return gates.read(files.read(_FILE))


def facts_of(stage: Stage) -> tuple[Fact, ...]:
    """Return the facts a stage's gate asks for; none where no gate is recorded."""
    return packaged().get(stage.code, ())


def stood(stage: Stage, facts: Sequence[Fact] | None = None) -> dict[str, Stood]:
    """Return the facts of a gate that stand, by code."""
    wanted = facts_of(stage) if facts is None else facts
    stated = {row.code: row for row in StageFact.objects.filter(stage_id=stage.pk)}
    attached = attach.of(stage.county_id, "stagefact", [row.pk for row in stated.values()])
    found: dict[str, Stood] = {}
    for fact in wanted:
        known = _known(stage, fact)
        row = stated.get(fact.code)
        if known is None and row is not None and fact.can_be_stated:
            known = Stood(row.stood_on, Words(row.said, row.said), tuple(attached.get(str(row.pk), ())), stated=True)
        if known is not None:
            found[fact.code] = known
    return found


def _known(stage: Stage, fact: Fact) -> Stood | None:
    if fact.source == "stage":
        row = (
            StagePass.objects.filter(stage__plan_id=stage.plan_id, stage__code=fact.of).select_related("stage").first()
        )
        name = Words(row.stage.name_zh, row.stage.name_en) if row else Words("", "")
        return Stood(row.passed_on, Words(f"{name.zh}已通过", f"{name.en} passed")) if row else None
    if fact.source == "tasks":
        return _tasks(stage, fact.of)
    if fact.source == "notice":
        rows = PublicNotice.objects.filter(county_id=stage.county_id, clause_id=fact.of, from_on__isnull=False)
        notice = rows.exclude(state="draft").order_by("from_on", "pk").first()
        if notice is not None and notice.from_on is not None:
            return Stood(notice.from_on, Words(f"公示：{notice.title_zh}", f"Notice: {notice.title_zh}"))
    return None


def _tasks(stage: Stage, clause: str) -> Stood | None:
    rows = Task.objects.filter(plan_id=stage.plan_id, replaced_on__isnull=True).exclude(state="cancelled")
    under = [
        t for t in rows.only("clause_ids", "state", "done_on", "heading_zh", "heading_en") if clause in t.clause_ids
    ]
    if not under or any(t.done_on is None for t in under):
        return None
    names = Words("、".join(t.words.zh for t in under), ", ".join(t.words.en for t in under))
    day = max(t.done_on for t in under if t.done_on is not None)
    return Stood(day, Words(f"任务已办结：{names.zh}", f"Done: {names.en}"))


def days(found: dict[str, Stood]) -> dict[str, dt.date]:
    """Return the day of each fact."""
    return {code: one.on for code, one in found.items()}


def passed_on(stage: Stage) -> dt.date | None:
    """Return the day on which a stage was passed."""
    return StagePass.objects.filter(stage_id=stage.pk).values_list("passed_on", flat=True).first()


def plans_with_stages(county_id: int) -> list[Plan]:
    """Return the county's plans that have stages."""
    return list(Plan.objects.filter(county_id=county_id, stages__isnull=False).distinct().order_by("pk"))
