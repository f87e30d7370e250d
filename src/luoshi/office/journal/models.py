"""Journal entries and seals. Rows are written by ``journal.append`` and never changed: triggers refuse it."""

from django.db import models

from luoshi.office.people.models import County


class Entry(models.Model):
    """One action and its outcome.

    ``content`` is the canonical JSON that ``digest`` was computed over; the other columns are copied out of it so
    that pages can search, and ``journal verify`` checks that they still agree with it.
    """

    county = models.ForeignKey(County, models.PROTECT, null=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    account_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10)
    request_id = models.CharField(max_length=80)
    inputs_digest = models.CharField(max_length=80)
    content = models.TextField()
    digest = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "request_id"], name="entry_request_once")]
        indexes = [
            models.Index(fields=["county", "subject_kind", "subject_id", "id"], name="entry_subject"),
            models.Index(fields=["county", "unit_id", "id"], name="entry_unit"),
            models.Index(fields=["county", "account_id", "id"], name="entry_account"),
        ]
        verbose_name_plural = "entries"


class Seal(models.Model):
    """A Merkle root over a run of entries, chained to the seal before it."""

    first_entry = models.BigIntegerField(unique=True)
    last_entry = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    algorithm = models.CharField(max_length=10)
    root = models.CharField(max_length=80)
    previous = models.CharField(max_length=80, blank=True)
    chained = models.CharField(max_length=80)
    sealed_at = models.CharField(max_length=40, help_text="ISO moment exactly as hashed")
