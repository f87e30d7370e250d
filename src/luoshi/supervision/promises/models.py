"""What the county decided to show of its tasks, the notes it gives to the public, and the clues that citizens give."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from luoshi.office.people.models import Account, County, Place, Unit
from luoshi.office.plans.models import Plan, Task
from luoshi.office.vault import EncryptedText


class Publicity(models.Model):
    """The county's decision to show or hide the tasks of a plan, or one task, with its reason.

    It stands above the class printed on the document; the decision on a task stands above the one on its plan.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, models.CASCADE, null=True, blank=True, related_name="publicity")
    shown = models.BooleanField()
    reason = models.TextField()
    decided_on = models.DateField()
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=Q(task__isnull=True), name="publicity_plan_once"),
            models.UniqueConstraint(fields=["task"], condition=Q(task__isnull=False), name="publicity_task_once"),
        ]
        indexes = [models.Index(fields=["county", "plan", "task"], name="publicity_plan")]
        verbose_name_plural = "publicity"


class PublicNote(models.Model):
    """What the county tells the public of a task: written for them, checked for personal data, never taken back."""

    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, models.CASCADE, related_name="public_notes")
    text = models.TextField()
    noted_on = models.DateField()
    noted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["county", "task", "id"], name="note_of_task")]


class Clue(models.Model):
    """What a citizen tells of a task or of a unit. Text, contact and answer are ciphertext at rest.

    ``contact`` stands here and not in the register of persons, so that no unit finds it there. ``complained`` are the
    units it is about: none of them, and nobody who holds a post in one of them, ever reads it.
    """

    STATES: ClassVar = [("received", "已收到"), ("answered", "已答复"), ("dismissed", "不予受理")]
    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    code_index = models.CharField(max_length=64)
    text_index = models.CharField(max_length=64, help_text="blind index of the text: the same one is not taken twice")
    task = models.ForeignKey(Task, models.SET_NULL, null=True, blank=True, related_name="clues")
    complained = models.ManyToManyField(Unit, blank=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    text = EncryptedText(purpose="clue.text")
    contact = EncryptedText(purpose="clue.contact", blank=True, default="")
    may_publish = models.BooleanField(default=False, help_text="the sender agreed to a masked publication")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", help_text="the unit that looks into it")
    state = models.CharField(max_length=10, choices=STATES, default="received")
    received_on = models.DateField()
    due_on = models.DateField()
    answer = EncryptedText(purpose="clue.answer", blank=True, default="")
    answered_on = models.DateField(null=True, blank=True)
    public_text = models.TextField(blank=True, default="")
    public_answer = models.TextField(blank=True, default="")
    published_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="clue_number_once"),
            models.CheckConstraint(
                condition=Q(published_on__isnull=True) | Q(may_publish=True), name="clue_published_only_if_agreed"
            ),
        ]
        indexes = [
            models.Index(fields=["county", "unit", "state", "due_on", "id"], name="clue_desk"),
            models.Index(fields=["county", "text_index"], name="clue_text"),
            models.Index(fields=["county", "published_on", "id"], name="clue_public"),
        ]

    def __str__(self) -> str:
        return self.number
