"""The index follows the documents: whoever writes or removes one, the rows of search change in the same transaction."""

from typing import Any

from django.db.models.signals import post_delete, post_save

from luoshi.gazette.publication import indexing
from luoshi.office.plans.models import Document


def connect() -> None:
    """Start following; called once when the app is ready."""
    from luoshi.gazette.models import Proposal

    post_save.connect(_document_changed, Document, dispatch_uid="gazette-index-document")
    post_delete.connect(_document_gone, Document, dispatch_uid="gazette-index-document-gone")
    post_save.connect(_proposal_changed, Proposal, dispatch_uid="gazette-index-proposal")


def _document_changed(instance: Document, **_: Any) -> None:
    indexing.refresh_document(instance.county_id, instance.code)


def _document_gone(instance: Document, **_: Any) -> None:
    indexing.drop(instance.county_id, ("document", "interpretation"), [instance.pk])
    indexing.refresh_document(instance.county_id, instance.code)


def _proposal_changed(instance: Any, **_: Any) -> None:
    if instance.state in ("partly", "confirmed"):
        for issue in instance.issue_set.all():
            indexing.refresh_issue(issue)
