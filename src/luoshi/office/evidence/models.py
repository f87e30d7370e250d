"""Files with their hash, origin and checks, and what they are attached to."""

from django.db import models

from luoshi.office.people.models import Account, County


class StoredFile(models.Model):
    """One file, kept under its own digest. The bytes are written and synced before this row is."""

    county = models.ForeignKey(County, models.PROTECT)
    digest = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True)
    findings = models.JSONField(default=list)
    captured_at = models.DateTimeField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    fingerprint = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "digest"], name="file_digest_once")]

    def __str__(self) -> str:
        return self.name


class Attachment(models.Model):
    """A file's use in one record, with the label it carries there."""

    county = models.ForeignKey(County, models.PROTECT)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="uses")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=60)
    label = models.CharField(max_length=120, blank=True)
    findings = models.JSONField(default=list, help_text="the same picture or file in other records")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "subject_kind", "subject_id"], name="attached_once")]
        indexes = [models.Index(fields=["county", "subject_kind", "subject_id"], name="attachment_subject")]


class FingerprintBand(models.Model):
    """One key of a picture's fingerprint; near copies share at least one key (``checks.duplicates.bands``)."""

    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="bands")
    band = models.CharField(max_length=16)

    class Meta:
        indexes = [models.Index(fields=["county", "band"], name="fingerprint_band")]
