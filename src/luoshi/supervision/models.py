"""A unit's share of a task as it is worked on, the reports it makes, and the ledgers kept over all tasks."""

import datetime as dt
from typing import ClassVar

from django.db import models

from luoshi.office.duties.models import Duty
from luoshi.office.people.models import Account, County, Unit
from luoshi.office.plans.models import Plan, Stage, Task


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
    reports_made = models.PositiveSmallIntegerField(default=0, help_text="the number of its last report")

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
    asked = models.JSONField(
        default=list, help_text="what other units had been asked, and what had come, when it was made"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "number"], name="report_number_once")]
        indexes = [
            models.Index(fields=["county", "kind", "id"], condition=models.Q(decision=""), name="report_to_review"),
        ]


class Milestone(models.Model):
    """A step on the way of a share with a day of its own, warned of by a duty like every other day."""

    STATES: ClassVar = [("open", "未达到"), ("reached", "已达到"), ("dropped", "已取消")]
    county = models.ForeignKey(County, models.PROTECT)
    share = models.ForeignKey(Assignment, models.PROTECT, related_name="milestones")
    task = models.ForeignKey(Task, models.PROTECT, related_name="milestones")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=200)
    due_on = models.DateField()
    duty = models.OneToOneField(Duty, models.PROTECT, null=True, related_name="milestone")
    state = models.CharField(max_length=8, choices=STATES, default="open")
    made_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    said = models.TextField(blank=True, help_text="what the unit said when it was reached, or why it was dropped")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["share", "number"], name="milestone_number_once"),
            models.CheckConstraint(
                condition=models.Q(state="open", ended_on__isnull=True) | ~models.Q(state="open"),
                name="milestone_ended_on_means_ended",
            ),
        ]
        indexes = [models.Index(fields=["task", "state", "due_on"], name="milestone_of_task")]


class Piece(models.Model):
    """A part of a share, given by its unit to a unit inside it; the share is done when all its pieces are."""

    STATES: ClassVar = [("open", "未办结"), ("done", "已办结"), ("dropped", "已取消")]
    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    share = models.ForeignKey(Assignment, models.PROTECT, related_name="pieces")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="pieces")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=200)
    due_on = models.DateField(null=True, blank=True)
    duty = models.OneToOneField(Duty, models.PROTECT, null=True, related_name="piece")
    state = models.CharField(max_length=8, choices=STATES, default="open")
    made_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    said = models.TextField(blank=True, help_text="what the unit said when it was done, or why it was dropped")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["share", "number"], name="piece_number_once"),
            models.CheckConstraint(
                condition=models.Q(state="open", ended_on__isnull=True) | ~models.Q(state="open"),
                name="piece_ended_on_means_ended",
            ),
        ]


class Consultation(models.Model):
    """What the unit that leads a task asks of another unit with a share in it (主办 asks 协办), and what came of it."""

    STATES: ClassVar = [
        ("open", "待回复"), ("answered", "已回复"), ("disputed", "有分歧"), ("decided", "已裁定"),
        ("withdrawn", "已撤回"),
    ]  # fmt: skip
    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    share = models.ForeignKey(Assignment, models.PROTECT, related_name="consultations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="consultations")
    number = models.PositiveSmallIntegerField()
    words = models.TextField()
    due_on = models.DateField()
    duty = models.OneToOneField(Duty, models.PROTECT, null=True, related_name="consultation")
    state = models.CharField(max_length=10, choices=STATES, default="open")
    made_on = models.DateField()
    answer = models.TextField(blank=True)
    answered_on = models.DateField(null=True, blank=True)
    objection = models.TextField(blank=True, help_text="why one of the two units disagrees")
    objector = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.TextField(blank=True, help_text="the leading office's reason")
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["share", "number"], name="consultation_number_once")]


class ListResolution(models.Model):
    """Who is meant by an open list of units (等部门), as the leading office resolved it."""

    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    task = models.OneToOneField(Task, models.PROTECT, related_name="list_resolution")
    resolved_on = models.DateField()
    units = models.JSONField(default=list, help_text="ids of the units added")
    reason = models.TextField()


class StageFact(models.Model):
    """A fact a stage's gate asks for, stated by a person with evidence."""

    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="stage_facts")
    code = models.SlugField(max_length=60)
    stood_on = models.DateField(help_text="the day on which it came true")
    said = models.TextField()
    stated_on = models.DateField()
    stated_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "code"], name="stage_fact_once")]


class StagePass(models.Model):
    """A stage that has been passed, with the facts its gate stood on."""

    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    stage = models.OneToOneField(Stage, models.PROTECT, related_name="stage_pass")
    passed_on = models.DateField()
    facts = models.JSONField(default=list)
    said = models.TextField(blank=True)


class LedgerLine(models.Model):
    """A task as one reader's ledger holds it: the whole county's, one unit's, one town's.

    Lines are kept by database triggers on tasks and assignments (migration 0002), never by Python, so that a page
    of any ledger is one run along one index. ``due_on`` is ``NO_DAY`` where the task has none.
    """

    COUNTY, UNIT, TOWN = 0, 1, 2
    NO_DAY: ClassVar = dt.date(9999, 12, 31)
    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    scope = models.PositiveSmallIntegerField(help_text="0 the county, 1 a unit, 2 a town")
    scope_id = models.BigIntegerField(help_text="id of the unit or town; 0 for the county")
    task = models.ForeignKey(Task, models.CASCADE, related_name="lines")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(help_text="the task's place in its plan")
    state = models.CharField(max_length=10)
    due_on = models.DateField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    place_path = models.CharField(max_length=160, blank=True, default="")
    missed_on = models.DateField(
        null=True, help_text="day of its earliest open milestone; it is missed once that day has passed"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "scope", "scope_id"], name="ledger_line_once")]
        indexes = [
            models.Index(fields=["county", "scope", "scope_id", "due_on", "task"], name="ledger_due"),
            models.Index(fields=["county", "scope", "scope_id", "state", "due_on", "task"], name="ledger_state"),
            models.Index(fields=["county", "scope", "scope_id", "plan", "due_on", "task"], name="ledger_plan"),
            models.Index(
                fields=["county", "scope", "scope_id", "plan", "state", "due_on", "task"], name="ledger_plan_state"
            ),
            models.Index(fields=["county", "scope", "scope_id", "plan", "number", "task"], name="ledger_number"),
            models.Index(
                fields=["county", "scope", "scope_id", "state", "due_on", "task"],
                condition=models.Q(missed_on__isnull=False),
                name="ledger_milestone",
            ),
        ]


class Tally(models.Model):
    """How many lines one ledger has of one plan, state and (while open) due day; kept by triggers on the lines.

    Its size follows plans and days, not tasks, so totals cost the same in a small and in a large county.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    scope = models.PositiveSmallIntegerField()
    scope_id = models.BigIntegerField()
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10)
    due_on = models.DateField(help_text="NO_DAY for states in which the day no longer matters")
    lines = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "scope", "scope_id", "plan", "state", "due_on"], name="tally_cell_once"
            )
        ]
        verbose_name_plural = "tallies"
