"""Gazette issues, proposals on the editor's desk, interpretations, chronicle."""

from typing import ClassVar

from django.db import models

from luoshi.office.people.models import Account, County, Person, Place, Unit
from luoshi.office.plans.models import Document, Task


class Proposal(models.Model):
    """A parse of one source text, waiting for a person or confirmed by one."""

    STATES: ClassVar = [
        ("open", "待确认"),
        ("partly", "部分确认"),
        ("confirmed", "已确认"),
        ("discarded", "已作废"),
    ]
    county = models.ForeignKey(County, models.PROTECT)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=80)
    text = models.TextField()
    parsed = models.JSONField(help_text="as the parser gave it")
    edited = models.JSONField(help_text="as corrected by the editor")
    state = models.CharField(max_length=10, choices=STATES, default="open")
    received_on = models.DateField()
    confirmed_on = models.DateField(null=True, blank=True)
    replaces = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=0, help_text="grows with every change of what is edited")
    counts = models.JSONField(default=dict, help_text="documents, tasks and open doubts of what is edited, for lists")
    edits_made = models.PositiveIntegerField(default=0, help_text="edits in force; a form made on fewer is stale")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "digest"], name="proposal_text_once")]

    def __str__(self) -> str:
        return self.name


class ProposalEdit(models.Model):
    """One step of an editor on a proposal, kept so that it can be taken back until the proposal is confirmed."""

    county = models.ForeignKey(County, models.PROTECT)
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="edits")
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=20)
    at = models.CharField(max_length=80)
    change = models.JSONField(help_text="what left and what came, in the form of gazette.edits.Change")
    made_on = models.DateField()
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="proposal_edit_once")]
        ordering: ClassVar = ["number"]


class TaskWords(models.Model):
    """Where a task stands in one version of its document; a task that a new version repeats has one row in each."""

    county = models.ForeignKey(County, models.PROTECT)
    task = models.ForeignKey(Task, models.CASCADE, related_name="words_in")
    document = models.ForeignKey(Document, models.CASCADE, related_name="task_words")
    span_from = models.PositiveIntegerField()
    span_to = models.PositiveIntegerField()
    clause_path = models.CharField(
        max_length=80, blank=True, default="", help_text="set where a packaged task was tied to a clause, not a block"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "task"], name="task_words_once"),
            models.CheckConstraint(
                condition=models.Q(span_to__gt=models.F("span_from")), name="task_words_span_in_order"
            ),
        ]


class VersionChange(models.Model):
    """A new version of a document taking effect as one batch, with what is needed to take it back exactly."""

    county = models.ForeignKey(County, models.PROTECT)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+")
    old = models.ForeignKey(Document, models.PROTECT, related_name="+")
    new = models.ForeignKey(Document, models.SET_NULL, null=True, related_name="+")
    impact = models.JSONField(help_text="what it touched, as shown before it took effect")
    before = models.JSONField(help_text="rows changed, as they were; rows made, by key")
    applied_on = models.DateField()
    undone_on = models.DateField(null=True, blank=True)


class Issue(models.Model):
    """One issue of a county's gazette."""

    county = models.ForeignKey(County, models.PROTECT)
    proposal = models.ForeignKey(Proposal, models.PROTECT)
    title = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    serial = models.PositiveSmallIntegerField(null=True, blank=True)
    printed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "year", "number"], name="issue_once")]


class IssueItem(models.Model):
    """A document's place in an issue."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="items")
    document = models.OneToOneField(Document, models.PROTECT, related_name="issue_item")
    order = models.PositiveSmallIntegerField()
    page = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["order"]


class ChronicleEntry(models.Model):
    """One entry of the chronicle of events (大事记)."""

    county = models.ForeignKey(County, models.PROTECT)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="chronicle")
    order = models.PositiveSmallIntegerField()
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    same_day = models.BooleanField(default=False)
    text = models.TextField()
    span_from = models.PositiveIntegerField(null=True, blank=True, help_text="in the text of the issue's proposal")
    span_to = models.PositiveIntegerField(null=True, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True)
    topic = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "order"], name="chronicle_order")]
        indexes = [models.Index(fields=["county", "from_on", "id"], name="chronicle_day")]


class DisclosureRequest(models.Model):
    """A request for information not published by itself (依申请公开), with its clock."""

    STATES: ClassVar = [
        ("received", "已收到"),
        ("asked", "已告知补正"),
        ("answered", "已答复"),
        ("withdrawn", "已撤回"),
    ]
    OUTCOMES: ClassVar = [
        ("granted", "予以公开"),
        ("partly", "部分公开"),
        ("refused", "不予公开"),
        ("not_held", "本机关不掌握"),
        ("elsewhere", "不属于本机关负责"),
    ]
    county = models.ForeignKey(County, models.PROTECT)
    number = models.CharField(max_length=40)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True)
    person = models.ForeignKey(Person, models.PROTECT)
    unit = models.ForeignKey(Unit, models.PROTECT)
    wanted = models.TextField()
    state = models.CharField(max_length=12, choices=STATES, default="received")
    received_on = models.DateField()
    code_index = models.CharField(max_length=64, blank=True, help_text="blind index of the applicant's code")
    events = models.JSONField(
        default=list, help_text="clock events as core.clock reads them, extensions in working days"
    )
    due_on = models.DateField(null=True, blank=True, help_text="a cache: worked out from the events")
    asked = models.TextField(blank=True, help_text="what the applicant is asked to correct")
    outcome = models.CharField(max_length=12, choices=OUTCOMES, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "number"], name="disclosure_number")]


from luoshi.gazette.publication.records import CitedDocument, SearchRow  # noqa: E402, F401 - tables of this app
