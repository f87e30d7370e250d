"""Ledgers that left the house as workbooks, workbooks that came back, and old ledgers kept elsewhere until now."""

from typing import ClassVar

from django.db import models

from luoshi.office.evidence.models import StoredFile
from luoshi.office.people.models import Account, County, Unit
from luoshi.office.plans.models import Plan, Task
from luoshi.supervision.models import Assignment


class Export(models.Model):
    """A ledger that left the house. ``known`` holds what each row said (``known.py``), so that it can come back."""

    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    layout = models.CharField(max_length=20)
    asked = models.JSONField(default=dict, help_text="the filters it was made with")
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    known = models.BinaryField(default=b"")

    class Meta:
        indexes = [models.Index(fields=["county", "account", "id"], name="export_by_account")]

    def __str__(self) -> str:
        return f"E{self.pk}"


class Import(models.Model):
    """A workbook that came back: a proposal of changes, cell by cell, until somebody applies or discards it."""

    STATES: ClassVar = [("open", "待核对"), ("applied", "已办理"), ("discarded", "已作废")]
    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=STATES, default="open")
    received_at = models.DateTimeField()
    warnings = models.JSONField(default=list, help_text="what was found about the file as a whole, in words")
    rows_read = models.PositiveIntegerField(default=0)
    rounds = models.PositiveSmallIntegerField(default=0, help_text="how often its changes were applied")

    class Meta:
        indexes = [models.Index(fields=["county", "account", "id"], name="import_by_account")]

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """One cell that says something else than when it was exported, or cannot be taken; and what became of it."""

    VERDICTS: ClassVar = [
        ("ready", "可办理"),
        ("ask", "需确认"),
        ("conflict", "有冲突"),
        ("refused", "不能改"),
        ("error", "有错误"),
    ]
    DECISIONS: ClassVar = [("", "未定"), ("take", "用表中的"), ("keep", "不改")]
    RESULTS: ClassVar = [("", "未办"), ("done", "已办"), ("refused", "未准"), ("moved", "情况已变")]
    imported = models.ForeignKey(Import, models.CASCADE, related_name="changes")
    share = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="+")
    row = models.PositiveIntegerField()
    cell = models.CharField(max_length=40)
    column = models.CharField(max_length=20, blank=True)
    was = models.TextField(blank=True)
    now = models.TextField(blank=True)
    wanted = models.TextField(blank=True)
    verdict = models.CharField(max_length=10, choices=VERDICTS)
    decision = models.CharField(max_length=6, choices=DECISIONS, blank=True, default="")
    words_zh = models.CharField(max_length=400, blank=True)
    words_en = models.CharField(max_length=400, blank=True)
    result = models.CharField(max_length=10, choices=RESULTS, blank=True, default="")
    result_zh = models.CharField(max_length=400, blank=True, default="")
    result_en = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["imported", "verdict", "id"], name="change_by_verdict")]


class OldLedger(models.Model):
    """A ledger that was kept in a workbook until now: read as a proposal, confirmed into a plan with its tasks."""

    STATES: ClassVar = [("open", "待核对"), ("confirmed", "已迁入"), ("discarded", "已作废")]
    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    sheet = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField(help_text="the year of days printed without one")
    state = models.CharField(max_length=10, choices=STATES, default="open")
    received_at = models.DateTimeField()
    heads = models.JSONField(default=dict, help_text="column of the house → head as printed, with its column letter")
    names = models.JSONField(default=dict, help_text="a printed name → id of the unit a person says it means; 0: none")
    warnings = models.JSONField(default=list)
    edits = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["county", "id"], name="old_ledger_by_county")]

    def __str__(self) -> str:
        return self.title


class OldRow(models.Model):
    """One row of an old ledger: its cells as printed, what a person corrected, and the task it became.

    ``given`` and ``mended`` map a column of the house to text; ``row`` and ``cell`` are where the task stands in the
    workbook that is kept as evidence.
    """

    ledger = models.ForeignKey(OldLedger, models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField()
    cell = models.CharField(max_length=40)
    given = models.JSONField(default=dict)
    mended = models.JSONField(default=dict)
    left_out = models.BooleanField(default=False)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="+")
    task = models.OneToOneField(Task, models.PROTECT, null=True, blank=True, related_name="old_row")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ledger", "row"], name="old_row_once")]
