"""Two at the same moment: each side runs in a process of its own and waits for the same instant."""

import datetime as dt
import time
from typing import Any

from luoshi.core.problem import Problem
from luoshi.office.journal import seals
from luoshi.office.journal.models import Entry, Seal
from luoshi.office.people.models import County
from luoshi.office.plans.models import Task
from luoshi.site import loading
from luoshi.supervision.models import Assignment, Report
from tests.faults import work
from tests.supervision.small_county import NOW


def _wait(moment: float) -> None:
    time.sleep(max(0.0, moment - time.time()))


def act(moment: float, code: str, action: str, seat: str, request_id: str, given: dict[str, Any]) -> dict[str, Any]:
    """Ask one action at a moment and say what became of it."""
    small = work.found(code)
    Entry.objects.count()
    _wait(moment)
    try:
        answer = work.ask(small, action, seat, request_id, given)
    except Problem as problem:
        return {"outcome": "problem", "status": problem.status, "remedy": problem.remedy.zh, "place": problem.place}
    return {"outcome": answer["outcome"], "code": answer["reasons"][0]["code"] if answer["reasons"] else ""}


def tick(moment: float, days: int) -> dict[str, Any]:
    """Tick at a moment."""
    Entry.objects.count()
    _wait(moment)
    return work.tick(NOW + dt.timedelta(days=days)).as_json()


def seal(moment: float) -> list[int]:
    """Seal at a moment; return which entries."""
    Entry.objects.count()
    _wait(moment)
    made = seals.seal_now(NOW)
    return [made.first_entry, made.last_entry] if made else []


def load(moment: float, nth: int) -> dict[str, Any]:
    """Load the packaged county at a moment, as the ``nth`` request."""
    County.objects.count()
    _wait(moment)
    try:
        county, made = loading.load_county("guyang", NOW + dt.timedelta(seconds=nth))
    except Problem as problem:
        return {"problem": problem.status, "remedy": problem.remedy.zh, "words": problem.words.zh}
    return {"county": county.pk, "made": made}


def started(code: str) -> dict[str, int]:
    """Fill a county with one share that is being worked on; return what is needed to act on it."""
    work.fill(code, shares=1, due=3)
    small = work.found(code)
    share = Assignment.objects.get(county=small.county)
    for verb in ("accept", "start"):
        work.ask(small, f"assignment.{verb}", "market.officer", verb, {"assignment_id": share.pk})
    return {"share": share.pk, "health": small.units["health"].pk}


def reported(code: str) -> dict[str, int]:
    """Fill a county with one share whose report waits for review."""
    about = started(code)
    given = {"assignment_id": about["share"], "text": "已经办结"}
    answer = work.ask(work.found(code), "assignment.report_done", "market.officer", "done", given)
    return {**about, "report": answer["values"]["report"]}


def counts(code: str) -> dict[str, Any]:
    """Return what stands in a county."""
    county = County.objects.get(code=code)
    return {
        "reports": sorted(Report.objects.filter(county=county).values_list("number", flat=True)),
        "decisions": list(Report.objects.filter(county=county).values_list("decision", flat=True)),
        "states": list(Assignment.objects.filter(county=county).values_list("state", "unit__code")),
        "tasks": Task.objects.filter(county=county).count(),
        "task_codes": Task.objects.filter(county=county).values("plan", "code").distinct().count(),
        "seals": Seal.objects.count(), "altered": seals.verify().altered,
    }  # fmt: skip
