"""Milestones of shares, as pages need them."""

import datetime as dt

from django.db.models import Q

from luoshi.office.plans.models import Task
from luoshi.supervision import rules
from luoshi.supervision.models import Milestone


def open_since(task: Task, today: dt.date) -> dt.date | None:
    """Return the day of the earliest milestone of a task's shares that was open at the end of a day."""
    rows = Milestone.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=today), task_id=task.pk)
    working = rows.filter(made_on__lte=today).exclude(share__state__in=(*rules.SETTLED, "suspended"))
    return working.order_by("due_on").values_list("due_on", flat=True).first()
