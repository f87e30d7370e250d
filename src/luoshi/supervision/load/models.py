"""Requests to units, steps of pressing, checks with findings, and the papers of all of them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from luoshi.core.words import Words
from luoshi.office.duties.models import Duty
from luoshi.office.people.models import Account, County, Unit
from luoshi.office.plans.models import Task
from luoshi.supervision.models import Assignment


class LoadCap(models.Model):
    """The county's own cap on what may be asked of one unit in one week, from a day on, with who set it and why."""

    county = models.ForeignKey(County, models.PROTECT)
    from_on = models.DateField()
    minutes = models.PositiveIntegerField()
    reason = models.TextField()
    set_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "from_on"], name="load_cap_day_once"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="load_cap_positive"),
        ]


class Ask(models.Model):
    """What a supervisor asks of units beyond the plans: cells to fill, papers to hand in, by one day."""

    county = models.ForeignKey(County, models.PROTECT)
    by_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=200)
    wanted = models.TextField()
    cells = models.PositiveSmallIntegerField(default=0)
    papers = models.PositiveSmallIntegerField(default=0)
    sent_on = models.DateField()
    due_on = models.DateField()
    called_off_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text="why it was asked again, or called off")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(due_on__gte=F("sent_on")), name="ask_due_after_sent")]
        indexes = [models.Index(fields=["county", "due_on"], name="ask_due")]

    def __str__(self) -> str:
        return self.title

    @property
    def words(self) -> Words:
        """What the request is called."""
        return Words(self.title, self.title)


class AskedUnit(models.Model):
    """A unit of a request, and its answer. ``joined`` where the same thing had been asked of it already."""

    county = models.ForeignKey(County, models.PROTECT)
    ask = models.ForeignKey(Ask, models.PROTECT, related_name="units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="asked")
    joined = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="joiners")
    answer = models.TextField(blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ask", "unit"], name="asked_unit_once")]
        indexes = [models.Index(fields=["county", "unit", "ask"], name="asked_of_unit")]


class Press(models.Model):
    """One step of pressing over one share: 提醒, 催办, 督办单, 约谈, 通报, or praise for work done.

    ``sent_on`` is the working day on which it reaches the unit; ``mend_by`` the day it is given to mend. ``duty`` is
    the round it was taken over: recurring work begins each round at the foot of the ladder.
    """

    STEPS: ClassVar = [
        ("remind", "提醒"), ("chase", "催办"), ("order", "督办单"), ("talk", "约谈"), ("circular", "通报批评"),
        ("praise", "通报表扬"),
    ]  # fmt: skip
    STATES: ClassVar = [("open", "已发出"), ("effective", "已生效"), ("withdrawn", "已撤回")]
    county = models.ForeignKey(County, models.PROTECT)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="presses")
    duty = models.ForeignKey(Duty, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="presses")
    by_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    step = models.CharField(max_length=10, choices=STEPS)
    state = models.CharField(max_length=10, choices=STATES, default="open")
    taken_on = models.DateField()
    sent_on = models.DateField()
    due_on = models.DateField(null=True, blank=True, help_text="the share's promised day when it was pressed")
    mend_by = models.DateField(null=True, blank=True)
    reason = models.TextField()
    wanted = models.TextField(blank=True)
    ended_on = models.DateField(null=True, blank=True, help_text="day it took effect or was withdrawn")
    end_note = models.TextField(blank=True)
    public = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state="open") | Q(ended_on__isnull=False), name="press_ended_has_day"),
            models.CheckConstraint(
                condition=Q(public=False) | Q(state="effective", step__in=["circular", "praise"]),
                name="press_public_circulars_only",
            ),
        ]
        indexes = [
            models.Index(fields=["assignment", "id"], name="press_of_share"),
            models.Index(fields=["county", "unit", "sent_on"], name="press_of_unit"),
            models.Index(fields=["county", "sent_on"], name="press_day"),
            models.Index(fields=["county", "ended_on"], condition=Q(public=True), name="press_public"),
        ]
        verbose_name_plural = "presses"


class PressAnswer(models.Model):
    """What the unit says to a step, and what the office answers to an objection."""

    KINDS: ClassVar = [("answer", "答复"), ("object", "异议")]
    DECISIONS: ClassVar = [("", "待答复"), ("kept", "维持"), ("withdrawn", "撤回")]
    county = models.ForeignKey(County, models.PROTECT)
    press = models.ForeignKey(Press, models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=10, choices=KINDS)
    text = models.TextField()
    said_on = models.DateField()
    said_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=10, choices=DECISIONS, blank=True, default="")
    decided_on = models.DateField(null=True, blank=True)
    decision_text = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["press", "id"], name="press_answers")]


class Check(models.Model):
    """A check (督查检查): what is looked at, within which scope, on which days, on which lawful ground."""

    STATES: ClassVar = [
        ("planned", "待批准"), ("approved", "已批准"), ("concluded", "已作结论"), ("cancelled", "已取消"),
    ]  # fmt: skip
    county = models.ForeignKey(County, models.PROTECT)
    by_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)
    content = models.TextField()
    scope = models.TextField()
    basis = models.CharField(max_length=300, help_text="order or clause it rests on")
    ground = models.CharField(max_length=20, blank=True, help_text="lawful ground that lifts the limit of frequency")
    ground_text = models.CharField(max_length=500, blank=True)
    visit_from = models.DateField()
    visit_to = models.DateField()
    state = models.CharField(max_length=10, choices=STATES, default="planned")
    planned_on = models.DateField()
    approved_on = models.DateField(null=True, blank=True)
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    mend_by = models.DateField(null=True, blank=True, help_text="until when the units may correct themselves")
    conclusion = models.TextField(blank=True)
    concluded_on = models.DateField(null=True, blank=True)
    end_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(visit_to__gte=F("visit_from")), name="check_days_in_order"),
            models.CheckConstraint(
                condition=~Q(state="concluded") | Q(concluded_on__isnull=False), name="check_concluded_has_day"
            ),
        ]
        indexes = [models.Index(fields=["county", "visit_from"], name="check_day")]

    def __str__(self) -> str:
        return self.title

    @property
    def words(self) -> Words:
        """What the check is called."""
        return Words(self.title, self.title)


class CheckedUnit(models.Model):
    """A unit that a check visits: what it corrected by itself before, its objection, and the office's reply to that."""

    county = models.ForeignKey(County, models.PROTECT)
    check_of = models.ForeignKey(Check, models.PROTECT, related_name="units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="checked")
    self_corrected = models.TextField(blank=True)
    self_corrected_on = models.DateField(null=True, blank=True)
    objection = models.TextField(blank=True)
    objected_on = models.DateField(null=True, blank=True)
    reply = models.TextField(blank=True)
    replied_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["check_of", "unit"], name="checked_unit_once")]
        indexes = [models.Index(fields=["county", "unit"], name="checked_by_unit")]


class Finding(models.Model):
    """What a check found at a unit: clause, evidence, the day by which it is mended, and how it was."""

    county = models.ForeignKey(County, models.PROTECT)
    checked = models.ForeignKey(CheckedUnit, models.PROTECT, related_name="findings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    text = models.TextField()
    clause_id = models.CharField(max_length=60)
    evidence = models.TextField(help_text="where it was seen, on which record")
    mend_by = models.DateField()
    found_on = models.DateField()
    mended = models.TextField(blank=True)
    mended_on = models.DateField(null=True, blank=True)


class PaperSeries(models.Model):
    """The last number used of one series of papers in one year; the row is locked while a number is taken."""

    county = models.ForeignKey(County, models.PROTECT)
    letters = models.CharField(max_length=40, help_text="机关代字")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "letters", "year"], name="paper_series_once")]
        verbose_name_plural = "paper series"


class OfficePaper(models.Model):
    """A paper that left for a unit, frozen as it was issued. ``body`` are its blocks: [{"heading" or "text": …}]."""

    county = models.ForeignKey(County, models.PROTECT)
    kind = models.CharField(max_length=20)
    letters = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="office_papers")
    press = models.ForeignKey(Press, models.PROTECT, null=True, blank=True, related_name="papers")
    checked = models.ForeignKey(CheckedUnit, models.PROTECT, null=True, blank=True, related_name="papers")
    issuer = models.CharField(max_length=120)
    recipient = models.CharField(max_length=120)
    title = models.CharField(max_length=400)
    body = models.JSONField(default=list)
    issued_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "letters", "year", "number"], name="paper_number_once"),
        ]
        indexes = [models.Index(fields=["county", "unit", "id"], name="paper_of_unit")]

    def __str__(self) -> str:
        return self.document_number

    @property
    def document_number(self) -> str:
        """The paper's number: letters, year in 〔〕, number."""
        return f"{self.letters}〔{self.year}〕{self.number}号"
