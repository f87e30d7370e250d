"""Public notices and the outbox."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from luoshi.office.evidence.models import StoredFile
from luoshi.office.people.models import County, Place, Unit


class PublicNotice(models.Model):
    """A notice to the public: what, where, from when until when, and the proof that it hung.

    ``rows`` hold what was let through the allow-list, already masked; nothing else is stored here.
    """

    STATES: ClassVar = [("draft", "待发布"), ("posted", "公示中"), ("taken_down", "已撤下")]
    county = models.ForeignKey(County, models.PROTECT)
    unit = models.ForeignKey(Unit, models.PROTECT)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=60)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    columns = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    clause_id = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=STATES, default="draft")
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    taken_down_on = models.DateField(null=True, blank=True)
    proof = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=models.F("from_on")), name="notice_dates_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(state="posted") | Q(from_on__isnull=False, until_on__isnull=False),
                name="notice_posted_is_timed",
            ),
        ]
        indexes = [models.Index(fields=["county", "state", "until_on"], name="notice_running")]

    def __str__(self) -> str:
        return self.title_zh


class OutboxMessage(models.Model):
    """Something that must leave the house once, written in the action's transaction and delivered after it."""

    CHANNELS: ClassVar = [("file", "文件"), ("mail", "邮件"), ("webhook", "接口")]
    county = models.ForeignKey(County, models.PROTECT)
    key = models.CharField(max_length=160, help_text="the same key is sent once")
    kind = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True)
    channel = models.CharField(max_length=10, choices=CHANNELS, default="file")
    target = models.CharField(max_length=300, blank=True)
    payload = models.JSONField(default=dict)
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "key"], name="outbox_key_once")]
        indexes = [models.Index(fields=["not_before"], condition=Q(sent_at__isnull=True), name="outbox_pending")]
