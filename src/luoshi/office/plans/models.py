"""What a confirmed plan is made of. Rows are written by actions of gazette and supervision only."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from luoshi.core.words import Words
from luoshi.office.people.models import County, Unit


class Document(models.Model):
    """A published document. ``text`` is the whole source it stands in; spans of clauses and tasks point into it."""

    DISCLOSURE: ClassVar = [
        ("proactive", "主动公开"),
        ("on_request", "依申请公开"),
        ("withheld", "不予公开"),
        ("", "未标明"),
    ]
    county = models.ForeignKey(County, models.PROTECT)
    code = models.SlugField(max_length=80)
    title_zh = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    number = models.CharField(max_length=80, blank=True, help_text="发文字号, empty where none is printed")
    number_printed = models.CharField(max_length=80, blank=True)
    issuer_zh = models.CharField(max_length=120, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    disclosure = models.CharField(max_length=12, choices=DISCLOSURE, blank=True)
    recipients = models.JSONField(default=list)
    text = models.TextField(blank=True)
    span_from = models.PositiveIntegerField(default=0)
    span_to = models.PositiveIntegerField(default=0)
    interpretation_title = models.CharField(max_length=300, blank=True)
    interpretation_from = models.PositiveIntegerField(null=True, blank=True)
    interpretation_to = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    in_force_from = models.DateField(null=True, blank=True)
    replaced_on = models.DateField(null=True, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "code", "version"], name="document_version")]

    def __str__(self) -> str:
        return self.title_zh


class Clause(models.Model):
    """One clause of a document: its path in the clause tree, its heading, its exact words as a span."""

    county = models.ForeignKey(County, models.PROTECT)
    document = models.ForeignKey(Document, models.CASCADE, related_name="clauses")
    path = models.CharField(max_length=80)
    level = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=400, blank=True)
    span_from = models.PositiveIntegerField()
    span_to = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "path"], name="clause_path_once")]
        indexes = [models.Index(fields=["document", "span_from"], name="clause_order")]


class Plan(models.Model):
    """A plan as data: the tasks, stages and values of one document under one subject."""

    county = models.ForeignKey(County, models.PROTECT)
    code = models.SlugField(max_length=60)
    subject = models.CharField(max_length=30)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True)
    leading_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="plan_code")]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def words(self) -> Words:
        """The plan's name."""
        return Words(self.name_zh, self.name_en)


class Stage(models.Model):
    """One dated stage of a plan, with the gate that must be passed before it ends."""

    county = models.ForeignKey(County, models.PROTECT)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="stages")
    code = models.SlugField(max_length=60)
    order = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    gate = models.JSONField(default=dict)
    clause_ids = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="stage_code")]
        ordering: ClassVar = ["plan", "order"]


class Task(models.Model):
    """What a plan gives to units: with lead, support, deadline and the words it comes from."""

    STATES: ClassVar = [
        ("open", "办理中"),
        ("suspended", "已中止"),
        ("done", "已办结"),
        ("closed", "已销号"),
        ("cancelled", "已撤销"),
    ]
    MODES: ClassVar = [(m, m) for m in ("single", "lead_support", "joint", "by_duty", "none")]
    county = models.ForeignKey(County, models.PROTECT)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="tasks")
    code = models.CharField(max_length=80)
    order = models.PositiveIntegerField(default=0)
    number = models.CharField(max_length=40, blank=True)
    sub = models.CharField(max_length=20, blank=True)
    heading_zh = models.CharField(max_length=400)
    heading_en = models.CharField(max_length=600, blank=True)
    mode = models.CharField(max_length=14, choices=MODES)
    open_ended = models.BooleanField(default=False)
    deadline_kind = models.CharField(max_length=12, default="none")
    due_on = models.DateField(null=True, blank=True)
    then = models.CharField(max_length=12, blank=True)
    every = models.JSONField(null=True, blank=True)
    deadline_words = models.CharField(max_length=200, blank=True)
    clause_ids = models.JSONField(default=list)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="tasks")
    span_from = models.PositiveIntegerField(null=True, blank=True)
    span_to = models.PositiveIntegerField(null=True, blank=True)
    lead_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="led_tasks")
    units_text = models.CharField(max_length=600, blank=True, help_text="units as shown in the ledger")
    state = models.CharField(max_length=10, choices=STATES, default="open")
    done_on = models.DateField(null=True, blank=True)
    in_force_from = models.DateField(
        null=True, blank=True, help_text="day a new version made it; empty: from the first"
    )
    replaced_on = models.DateField(null=True, blank=True, help_text="day a new version of the plan took this task over")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "plan", "code"], name="task_code"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(state__in=["done", "closed"]), name="task_done_on_means_done"
            ),
            models.CheckConstraint(
                condition=Q(span_from__isnull=True, span_to__isnull=True) | Q(span_to__gt=models.F("span_from")),
                name="task_span_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "due_on", "id"], name="task_due"),
            models.Index(fields=["county", "state", "due_on", "id"], name="task_state_due"),
            models.Index(fields=["county", "plan", "state", "due_on", "id"], name="task_plan_due"),
            models.Index(fields=["county", "lead_unit", "state", "due_on", "id"], name="task_lead_due"),
        ]

    def __str__(self) -> str:
        return f"{self.number}{self.sub} {self.heading_zh}"

    @property
    def words(self) -> Words:
        """The task's heading; Chinese stands in where no English one was given."""
        return Words(self.heading_zh, self.heading_en or self.heading_zh)


class TaskUnit(models.Model):
    """A unit's part in a task: lead, support or responsible, with the name as printed."""

    ROLES: ClassVar = [("lead", "牵头"), ("support", "配合"), ("responsible", "责任")]
    county = models.ForeignKey(County, models.PROTECT)
    task = models.ForeignKey(Task, models.CASCADE, related_name="parts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="parts")
    role = models.CharField(max_length=12, choices=ROLES)
    printed = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "unit"], name="task_unit_once")]
        indexes = [models.Index(fields=["county", "unit", "task"], name="part_by_unit")]


class Target(models.Model):
    """A figure a task must reach: metric, comparator, value, unit of measure, clause."""

    county = models.ForeignKey(County, models.PROTECT)
    task = models.ForeignKey(Task, models.CASCADE, related_name="targets")
    words_zh = models.CharField(max_length=300)
    words_en = models.CharField(max_length=400, blank=True)
    op = models.CharField(max_length=4)
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=30, blank=True)
    clause_id = models.CharField(max_length=60, blank=True)
    reached = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    reached_on = models.DateField(null=True, blank=True)


class DatedValue(models.Model):
    """A value the county set for itself over the packaged one, from a day on, with who decided and why."""

    county = models.ForeignKey(County, models.PROTECT)
    subject = models.CharField(max_length=30)
    key = models.CharField(max_length=120)
    value = models.JSONField()
    from_on = models.DateField()
    clause_id = models.CharField(max_length=60, blank=True)
    reason = models.TextField()
    decided_by = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "subject", "key", "from_on"], name="value_day_once")]
