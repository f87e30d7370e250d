"""What supervision does when the tasks of a plan are confirmed, replaced or taken back."""

import datetime as dt
from collections.abc import Mapping, Sequence

from luoshi.office.duties.models import Duty
from luoshi.office.plans import followers
from luoshi.supervision import assignments
from luoshi.supervision.actions import inside
from luoshi.supervision.models import Assignment, ListResolution, Report

OPEN = ("assigned", "accepted", "in_progress", "reported", "returned", "suspended")


def touched(task_ids: Sequence[int]) -> Mapping[str, int]:
    """Count assignments, open duties and reports of tasks."""
    return {
        "assignments": Assignment.objects.filter(task_id__in=task_ids).count(),
        "duties": Duty.objects.filter(task_id__in=task_ids, state__in=("open", "suspended")).count(),
        "reports": Report.objects.filter(assignment__task_id__in=task_ids).count(),
    }


def withdrawn(task_ids: Sequence[int], today: dt.date) -> list[followers.Row]:
    """Cancel open assignments and their duties; what was done stays done. Return the rows as they were."""
    shares = Assignment.objects.filter(task_id__in=task_ids, state__in=OPEN)
    duties = Duty.objects.filter(task_id__in=task_ids, state__in=("open", "suspended"))
    rows: list[followers.Row] = [
        {"model": "supervision.Assignment", "pk": pk, "fields": {"state": state}}
        for pk, state in shares.order_by("pk").values_list("pk", "state")
    ]
    rows += [
        {
            "model": "duties.Duty",
            "pk": pk,
            "fields": {"state": state, "closed_on": None, "next_at": next_at.isoformat() if next_at else None},
        }
        for pk, state, next_at in duties.order_by("pk").values_list("pk", "state", "next_at")
    ]
    for model, _, ending in inside.KINDS:
        hanging = model._default_manager.filter(share__task_id__in=task_ids, state__in=inside.CLOCKED)
        label = f"supervision.{model.__name__}"
        rows += [
            {"model": label, "pk": pk, "fields": {"state": state, "ended_on": None}}
            for pk, state in hanging.order_by("pk").values_list("pk", "state")
        ]
        hanging.update(state=ending, ended_on=today)
    shares.update(state="cancelled")
    duties.update(state="cancelled", closed_on=today, next_at=None)
    return rows


def worked_on(task_ids: Sequence[int]) -> bool:
    """Tell whether anything was done with the assignments of these tasks, or something hangs on one."""
    if ListResolution.objects.filter(task_id__in=task_ids).exists():
        return True
    hanging = (model._default_manager.filter(share__task_id__in=task_ids) for model, _, _ in inside.KINDS)
    moved = Assignment.objects.filter(task_id__in=task_ids).exclude(state="assigned")
    return moved.exists() or any(rows.exists() for rows in hanging)


def forgotten(task_ids: Sequence[int]) -> None:
    """Delete untouched assignments and duties of tasks that are taken back."""
    Assignment.objects.filter(task_id__in=task_ids).delete()
    Duty.objects.filter(task_id__in=task_ids).delete()


FOLLOWER = followers.Follower("supervision", assignments.open_for, touched, withdrawn, worked_on, forgotten)
