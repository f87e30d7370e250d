"""Tables that publication keeps for itself: the rows that search reads, and the register of cited documents."""

from typing import ClassVar

from django.db import models

from luoshi.office.people.models import County
from luoshi.office.plans.models import Document


class SearchRow(models.Model):
    """One thing that search finds: a document's text, its interpretation, or an entry of the chronicle.

    The key orders rows by day (``day ordinal << 24 | number``), so that newest first is the order of the key. Texts
    are masked and folded. On PostgreSQL two further columns hold the grams; on SQLite an FTS5 table does.
    """

    KINDS: ClassVar = [("document", "文件"), ("interpretation", "解读"), ("chronicle", "大事记")]
    id = models.BigIntegerField(primary_key=True)
    county = models.ForeignKey(County, models.CASCADE)
    kind = models.CharField(max_length=16, choices=KINDS)
    source_id = models.BigIntegerField(help_text="the document or the chronicle entry")
    code = models.CharField(max_length=80, help_text="the document's code, or year/number of the issue")
    title = models.CharField(max_length=400)
    number = models.CharField(max_length=80, blank=True)
    issuer = models.CharField(max_length=120, blank=True)
    day = models.DateField(null=True, blank=True)
    disclosure = models.CharField(max_length=12, blank=True)
    head = models.TextField(help_text="title and number, folded")
    body = models.TextField(help_text="the words, masked and folded")
    words = models.TextField(help_text="the words as printed, masked; character by character beside ``body``")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "kind", "source_id"], name="search_source_once")]


class CitedDocument(models.Model):
    """One document that our documents cite: ours where it is here, else a line of the register of grounds."""

    county = models.ForeignKey(County, models.CASCADE)
    citing = models.ForeignKey(Document, models.CASCADE, related_name="cites")
    title = models.CharField(max_length=300, blank=True)
    number = models.CharField(max_length=80, blank=True)
    printed = models.CharField(max_length=400)
    span_from = models.PositiveIntegerField()
    span_to = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["citing", "span_from"], name="cited_once_a_place")]
        indexes = [models.Index(fields=["county", "number", "title"], name="cited_by_number")]
