"""A unit's share of a task as it is worked on, and the reports it makes."""

from typing import ClassVar

from django.db import models

from luoshi.office.duties.models import Duty
from luoshi.office.people.models import Account, County, Unit
from luoshi.office.plans.models import Task


class Assignment(models.Model):
    """One unit's share of one task, moved by the table in ``supervision.stages``."""

    county = models.ForeignKey(County, models.PROTECT)
    task = models.ForeignKey(Task, models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=12)
    duty = models.OneToOneField(Duty, models.PROTECT, null=True, blank=True, related_name="assignment")
    state = models.CharField(max_length=14, default="assigned")
    assigned_on = models.DateField()
    accepted_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "unit"], name="assignment_task_unit_once"),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="assignment_percent"),
        ]
        indexes = [models.Index(fields=["county", "unit", "state", "id"], name="assignment_unit")]


class Report(models.Model):
    """What a unit reported on its share, and what the supervisor decided. A returned report stays."""

    KINDS: ClassVar = [("progress", "进展"), ("done", "办结")]
    DECISIONS: ClassVar = [("", "待审"), ("approved", "通过"), ("returned", "退回")]
    county = models.ForeignKey(County, models.PROTECT)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=KINDS)
    text = models.TextField()
    percent = models.PositiveSmallIntegerField()
    reported_on = models.DateField()
    reported_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10, choices=DECISIONS, blank=True, default="")
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "number"], name="report_number_once")]
