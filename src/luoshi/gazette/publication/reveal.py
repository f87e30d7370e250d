"""Looking at masked contact data and names is an action: it is asked for with a reason and stands in the journal."""

from typing import Annotated

from pydantic import Field

from luoshi.core.outcome import Refused, refuse
from luoshi.core.words import Words
from luoshi.office import access
from luoshi.office.access import Actor, Grants, Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.people.actions import missing
from luoshi.office.plans.models import Document

GRANTS: Grants = {"disclosure_officer": "county", "editor": "county", "supervisor": "county", "auditor": "county"}


class ShowContacts(Inputs):
    """Which document, and what for."""

    document: int
    reason: Annotated[str, Field(max_length=300)]


def _document(call: Call, inputs: ShowContacts) -> Document:
    row = Document.objects.filter(county_id=call.actor.county_id, pk=inputs.document).first()
    if row is None:
        raise missing("document", "这份文件", "document")
    return row


@action(
    "document.show_contacts",
    Words("查看文中联系方式与姓名", "Look at contact data and names in a document"),
    subject="document",
    grants=GRANTS,
    inputs=ShowContacts,
    load=_document,
    where=lambda document: Where(document.county_id),
    clauses=("GAZ-X-4", "GAZ-X-5"),
)
def show_contacts(call: Call, document: Document, inputs: ShowContacts) -> Done | Refused:
    """Let one look be taken. Nothing of what is seen enters the journal, only who looked, when and what for."""
    if len(inputs.reason) < 2:
        return refuse(
            "reason_needed",
            "请写明查看原因。",
            "Say what for.",
            Words("填写原因后再查看。", "Give a reason and try again."),
            clauses=("GAZ-X-4",),
        )
    return Done(
        Words(f"查看《{document.title_zh}》中的联系方式与姓名", f"Looked at contact data in {document.code}"),
        facts={"reason": inputs.reason, "version": document.version},
        values={"document": document.pk},
    )


def may(actor: Actor, document: Document) -> bool:
    """Tell whether the page offers the look."""
    return bool(access.may(actor, GRANTS, Where(document.county_id)))
