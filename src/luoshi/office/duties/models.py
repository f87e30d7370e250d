"""The duty: where every clock in the county ends."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from luoshi.core.words import Words
from luoshi.office.people.models import Account, County, Unit
from luoshi.office.plans.models import Task


class Duty(models.Model):
    """One thing due from one unit by one day.

    ``next_at`` is the next moment at which time itself changes something (warn, fall due, escalate, recur); the tick
    finds it through a partial index, so that a tick costs what is due and not what exists. ``due_on`` is a cache of
    what ``clock`` works out from the events and is checked against recomputation.
    """

    STATES: ClassVar = [("open", "待办"), ("suspended", "中止"), ("closed", "办结"), ("cancelled", "撤销")]
    LEVELS: ClassVar = [(0, "按期"), (1, "临期"), (2, "逾期"), (3, "催办"), (4, "督办")]
    county = models.ForeignKey(County, models.PROTECT)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="duties")
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="duties")
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="duties")
    subject_kind = models.CharField(max_length=40, help_text="what the duty leads to: task, request, notice, plan …")
    subject_id = models.CharField(max_length=60)
    title_zh = models.CharField(max_length=300)
    title_en = models.CharField(max_length=400, blank=True)
    clause_id = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="open")
    level = models.PositiveSmallIntegerField(choices=LEVELS, default=0)
    opened_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    events = models.JSONField(default=list, help_text="clock events: start, suspend, resume, extend")
    next_at = models.DateTimeField(null=True, blank=True)
    every = models.JSONField(null=True, blank=True, help_text="recurrence, e.g. {'day_of_month': [28]}")
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(state__in=["closed", "cancelled"]),
                name="duty_closed_on_means_closed",
            ),
            models.CheckConstraint(
                condition=Q(next_at__isnull=True) | Q(state="open"), name="duty_clock_runs_only_when_open"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="duty_next"),
            models.Index(fields=["county", "unit", "state", "due_on", "id"], name="duty_inbox"),
            models.Index(fields=["county", "subject_kind", "subject_id"], name="duty_subject"),
        ]
        verbose_name_plural = "duties"

    def __str__(self) -> str:
        return self.title_zh

    @property
    def words(self) -> Words:
        """What is due."""
        return Words(self.title_zh, self.title_en or self.title_zh)
