"""A scoring of one period, a sheet for each unit with its frozen facts, and what units contested."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from luoshi.core.words import Words
from luoshi.office.people.models import Account, County, Unit
from luoshi.office.plans.models import Plan


class Scoring(models.Model):
    """One run over one period and scope. A re-run is a new version; the one before stays as it was."""

    STATES: ClassVar = [("computed", "已计算"), ("published", "已公布"), ("replaced", "已被重算取代")]
    county = models.ForeignKey(County, models.PROTECT)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="+")
    scope = models.CharField(max_length=60, help_text="the plan's code; 'county' over all plans")
    from_on = models.DateField()
    to_on = models.DateField()
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    scheme = models.JSONField(help_text="the scheme as it was, whole")
    state = models.CharField(max_length=10, choices=STATES, default="computed")
    run_on = models.DateField()
    run_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    office = models.ForeignKey(Unit, models.PROTECT, related_name="+", help_text="the office that answers for it")
    reason = models.TextField(blank=True, help_text="why it was run again")
    published_on = models.DateField(null=True, blank=True)
    contest_until = models.DateField(null=True, blank=True)
    public = models.BooleanField(default=False)
    units = models.PositiveIntegerField(default=0)
    items = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=80, blank=True, help_text="over the digests of its sheets")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "scope", "from_on", "to_on", "version"], name="scoring_version"),
            models.UniqueConstraint(
                fields=["county", "scope", "from_on", "to_on"], condition=Q(state="published"),
                name="scoring_published_once",
            ),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="scoring_days_in_order"),
            models.CheckConstraint(
                condition=Q(state="computed") | Q(published_on__isnull=False, contest_until__isnull=False),
                name="scoring_published_has_days",
            ),
            models.CheckConstraint(condition=Q(public=False) | ~Q(state="computed"), name="scoring_public_published"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.scope} {self.from_on}–{self.to_on} v{self.version}"


class Scoresheet(models.Model):
    """What one unit's score rests on: facts and lines as JSON text, never written again."""

    county = models.ForeignKey(County, models.PROTECT)
    scoring = models.ForeignKey(Scoring, models.PROTECT, related_name="sheets")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="scoresheets")
    group = models.CharField(max_length=30)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    due = models.PositiveIntegerField()
    place = models.PositiveSmallIntegerField(null=True, help_text="rank in its group; empty below the minimum")
    result = models.JSONField()
    facts = models.TextField()
    lines = models.TextField()
    digest = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scoring", "unit"], name="scoresheet_once"),
            models.CheckConstraint(condition=Q(score__isnull=True) | Q(score__range=(0, 100)), name="scoresheet_range"),
        ]
        indexes = [models.Index(fields=["county", "unit", "scoring"], name="scoresheet_of_unit")]


class Contest(models.Model):
    """A unit's objection to one item of its sheet, and what the office decided."""

    STATES: ClassVar = [("filed", "待复核"), ("upheld", "成立"), ("rejected", "不成立")]
    county = models.ForeignKey(County, models.PROTECT)
    scoresheet = models.ForeignKey(Scoresheet, models.PROTECT, related_name="contests")
    item = models.CharField(max_length=40)
    item_zh = models.CharField(max_length=300)
    item_en = models.CharField(max_length=400, blank=True)
    reason = models.TextField()
    filed_on = models.DateField()
    filed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    due_on = models.DateField(help_text="day by which the office decides")
    state = models.CharField(max_length=10, choices=STATES, default="filed")
    answer = models.TextField(blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    correction = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scoresheet", "item"], name="contest_item_once"),
            models.CheckConstraint(
                condition=Q(state="filed") | Q(decided_on__isnull=False, decided_by__isnull=False),
                name="contest_decided_has_day",
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("filed_by")), name="contest_decided_by_another"),
        ]
        indexes = [models.Index(fields=["county", "state", "due_on"], name="contest_to_decide")]

    @property
    def words(self) -> Words:
        """What the contested item is called."""
        return Words(self.item_zh, self.item_en or self.item_zh)
