"""Reports as forms: a round opens, each unit has its form to confirm, and what was answered once stays known."""

from typing import ClassVar

from django.db import models

from luoshi.office.duties.models import Duty
from luoshi.office.people.models import Account, County, Unit
from luoshi.office.plans.models import Plan


class ReportRound(models.Model):
    """One occurrence of a form: the period it is about and the day it is due.

    ``form_on`` is the day from which the version of the form that was used is in force; ``mark`` tells apart forms that
    open on request (its own for each opening) and stages of a plan (the stage's code).
    """

    county = models.ForeignKey(County, models.PROTECT)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="report_rounds")
    form = models.SlugField(max_length=60)
    form_on = models.DateField()
    mark = models.CharField(max_length=80, blank=True, default="")
    stage_zh = models.CharField(max_length=120, blank=True, default="")
    stage_en = models.CharField(max_length=160, blank=True, default="")
    from_on = models.DateField()
    to_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    opened_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "plan", "form", "to_on", "mark"], name="report_round_once"),
            models.CheckConstraint(
                condition=models.Q(to_on__gte=models.F("from_on")), name="report_round_days_in_order"
            ),
        ]
        indexes = [models.Index(fields=["county", "to_on", "id"], name="report_round_day")]


class Filing(models.Model):
    """What one unit sends in one round. While it is a draft its figures are worked out anew whenever it is looked at;
    confirming freezes them into a version. The counts are those of the last version."""

    STATES: ClassVar = [
        ("drafting", "待确认"),
        ("confirmed", "已确认"),
        ("submitted", "已报送"),
        ("received", "已接收"),
        ("sent_back", "已退回"),
    ]
    county = models.ForeignKey(County, models.PROTECT)
    round = models.ForeignKey(ReportRound, models.PROTECT, related_name="filings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="filings")
    recipient = models.ForeignKey(Unit, models.PROTECT, related_name="received_filings")
    duty = models.ForeignKey(Duty, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=STATES, default="drafting")
    version = models.PositiveSmallIntegerField(default=0)
    submitted_on = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    cells_required = models.PositiveIntegerField(default=0)
    cells_computed = models.PositiveIntegerField(default=0)
    cells_kept = models.PositiveIntegerField(default=0)
    cells_asked = models.PositiveIntegerField(default=0)
    cells_corrected = models.PositiveIntegerField(default=0)
    single_required = models.PositiveIntegerField(default=0, help_text="of all cells, those outside tables of rows")
    single_by_system = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="filing_once"),
            models.CheckConstraint(
                condition=models.Q(
                    cells_required=models.F("cells_computed")
                    + models.F("cells_kept")
                    + models.F("cells_asked")
                    + models.F("cells_corrected")
                ),
                name="filing_cells_add_up",
            ),
        ]
        indexes = [models.Index(fields=["county", "unit", "state", "id"], name="filing_unit")]


class FilingVersion(models.Model):
    """A confirmed form, frozen: its cells with values and sources as of a moment. It is never changed; what became of
    it is added beside it."""

    FATES: ClassVar = [
        ("confirmed", "已确认"),
        ("withdrawn", "已撤回"),
        ("submitted", "已报送"),
        ("received", "已接收"),
        ("sent_back", "已退回"),
    ]
    county = models.ForeignKey(County, models.PROTECT)
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    sheet = models.JSONField()
    digest = models.CharField(max_length=80)
    as_of = models.DateTimeField()
    confirmed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    fate = models.CharField(max_length=10, choices=FATES, default="confirmed")
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "number"], name="filing_version_once")]


class Answer(models.Model):
    """What a unit answered to one question, and until which day it stands. The last one counts; earlier ones stay."""

    county = models.ForeignKey(County, models.PROTECT)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    question = models.SlugField(max_length=60)
    about = models.CharField(max_length=60, blank=True, default="", help_text="what it is about: plan:3, row:7")
    value = models.JSONField()
    answered_on = models.DateField()
    valid_until = models.DateField()
    answered_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="answers")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("answered_on")), name="answer_days_in_order"
            )
        ]
        indexes = [models.Index(fields=["county", "unit", "question", "about", "id"], name="answer_last")]


class Correction(models.Model):
    """A computed figure that the unit says is wrong: what stood there, what should, and why."""

    county = models.ForeignKey(County, models.PROTECT)
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="corrections")
    cell = models.CharField(max_length=120)
    computed = models.JSONField(null=True, help_text="empty where the figure was not known")
    value = models.JSONField()
    reason = models.TextField()
    corrected_on = models.DateField()
    corrected_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "cell"], name="correction_once")]
