"""Loading and locking what the actions of supervision act on, and where it stands.

The order of locks is task, assignment, duty, report: two actions on one task wait for each other and never cross.
"""

from typing import Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Where
from luoshi.office.actions import Call
from luoshi.office.duties.models import Duty
from luoshi.office.people.models import Post
from luoshi.office.plans.models import Plan, Task
from luoshi.office.prepared import Prepared
from luoshi.supervision.models import Assignment, Report

_SHARE = Prepared(
    lambda pk, county: (
        Assignment.objects.select_related("task__plan", "unit__place")
        .select_for_update(of=("task", "self"))
        .filter(pk=pk, county_id=county)
    )
)
_DUTY = Prepared(lambda pk: Duty.objects.select_for_update().filter(pk=pk))
_OFFICES = Post.objects.filter(role="leading_office", closed=False)
REPORTS = Report.objects.select_related("assignment__task__plan", "assignment__unit__place", "assignment__duty")


def load_worked(call: Call, inputs: Any) -> Assignment:
    """Return the assignment, locked with its task; for moves that leave its duty as it is."""
    return _locked(call, inputs.assignment_id)


def load_share(call: Call, inputs: Any) -> Assignment:
    """Return the assignment, locked with its task and duty."""
    return lock_share(call, inputs.assignment_id)


def lock_share(call: Call, assignment_id: int) -> Assignment:
    """Lock task, assignment and duty and return the assignment; ``Problem`` 404 when there is none."""
    share = _locked(call, assignment_id)
    if share.duty_id is not None:
        share.duty = _DUTY.first(share.duty_id)
    return share


def _locked(call: Call, assignment_id: int) -> Assignment:
    share = _SHARE.first(assignment_id, call.actor.county_id)
    if share is None:
        # Handed over while we waited for its lock, it no longer joins the unit it had; now it does.
        share = _SHARE.first(assignment_id, call.actor.county_id)
    if share is None:
        raise missing("assignment_id", "任务分工", "assignment")
    return share


def load_report(call: Call, inputs: Any) -> Report:
    """Return the report, locked with its task, assignment and duty."""
    mine = Report.objects.filter(pk=inputs.report_id, county_id=call.actor.county_id)
    assignment_id = mine.values_list("assignment_id", flat=True).first()
    if assignment_id is None:
        raise missing("report_id", "报告", "report")
    share = lock_share(call, assignment_id)
    report = REPORTS.select_for_update(of=("self",)).get(pk=inputs.report_id)
    report.assignment = share
    return report


def load_task(call: Call, inputs: Any) -> Task:
    """Return the task, locked."""
    mine = Task.objects.select_for_update(of=("self",)).select_related("plan")
    task = mine.filter(pk=inputs.task_id, county_id=call.actor.county_id).first()
    if task is None:
        raise missing("task_id", "任务", "task")
    return task


def missing(place: str, zh: str, en: str) -> Problem:
    """Return the problem of a number that leads to nothing in this county."""
    return Problem(
        place,
        Words(f"没有这个{zh}。", f"There is no such {en}."),
        Words("请从台账或待办重新打开。", "Open it again from the ledger or the inbox."),
        status=404,
    )


def where_worked(share: Assignment) -> Where:
    """Where the work stands: the unit that carries the share, and its place."""
    place = share.unit.place
    return Where(share.county_id, frozenset({share.unit_id}), place.path if place else None)


def where_overseen(share: Assignment) -> Where:
    """Where oversight stands: the unit that leads the plan."""
    return where_led(share.task)


def where_led(task: Task) -> Where:
    """The unit that leads the task's plan, and the office that works for a leading group below it."""
    return where_plan(task.plan)


def where_plan(plan: Plan) -> Where:
    """The unit that leads a plan, and the office that works for a leading group below it."""
    leading = plan.leading_unit_id
    if leading is None:
        return Where(plan.county_id)
    return Where(plan.county_id, frozenset({leading, *offices_of(leading)}))


def offices_of(unit_id: int) -> list[int]:
    """Return the units right below a leading group in which a leading-office post sits."""
    return list(_OFFICES.filter(unit__parent_id=unit_id).values_list("unit_id", flat=True))


def where_reviewed(report: Report) -> Where:
    """The unit that leads the plan of the reported task."""
    return where_led(report.assignment.task)


def where_known(share: Assignment) -> Where:
    """Both sides of a share: the unit that carries it and the unit that leads the plan."""
    worked, led = where_worked(share), where_overseen(share)
    return Where(share.county_id, worked.unit_ids | led.unit_ids, worked.place_path)
