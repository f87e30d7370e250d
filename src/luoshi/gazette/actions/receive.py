"""Text comes in: parsed once, kept as a proposal. The same text again is the same proposal."""

from hashlib import sha256
from typing import Annotated

from pydantic import ConfigDict, Field

from luoshi.core.outcome import Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette import edits, shape
from luoshi.gazette.actions import subjects
from luoshi.gazette.models import Proposal
from luoshi.gazette.parse import parse
from luoshi.gazette.parse.files import LARGEST_CHARACTERS
from luoshi.office.access import Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.people.models import County
from luoshi.office.plans.models import Document

_UNSTORABLE = {0: "\ufffd", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}


class Receive(Inputs):
    """A text and the name it came under; blanks at its ends are kept, because spans count them."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False, frozen=True)
    takes_any_text = True
    name: Annotated[str, Field(min_length=1, max_length=400)]
    text: Annotated[str, Field(min_length=1, max_length=LARGEST_CHARACTERS)]
    replaces: int | None = None


class OfProposal(subjects.OfProposal):
    """The proposal to put aside."""


def storable(text: str) -> str:
    """Return the text with what no database keeps (NUL, lone surrogates) as U+FFFD; no offset moves."""
    return text.translate(_UNSTORABLE)


def digest(text: str) -> str:
    """Return the name under which a text is the same text."""
    return "sha256:" + sha256(text.encode()).hexdigest()


def base_name(name: str) -> str:
    """Return a file's name without its folders and without control characters, at most 200 characters."""
    last = name.replace("\\", "/").rstrip("/").split("/")[-1]
    return "".join(c for c in last if c.isprintable())[:200].strip() or "未命名"


@action(
    "proposal.receive",
    Words("导入公报", "Import a gazette"),
    subject="proposal",
    grants=subjects.EDITORS,
    inputs=Receive,
    load=lambda call, inputs: County.objects.select_for_update().get(pk=call.actor.county_id),
    where=lambda county: Where(county.pk),
)
def receive(call: Call, county: County, inputs: Receive) -> Done | Refused:
    """Parse a text and keep the proposal; a text that was discarded comes back open."""
    text = storable(inputs.text)
    if not text.strip():
        raise Problem(
            "text",
            Words("没有文字。", "There is no text."),
            Words("请选择有文字的文件。", "Choose a file with text."),
            status=422,
        )
    replaces = _replaced(county, inputs.replaces)
    key = digest(text)
    row = Proposal.objects.filter(county=county, digest=key).first()
    known = row is not None
    if row is None:
        parsed = parse(text)
        shape.check(parsed, text)
        row = Proposal.objects.create(
            county=county, name=base_name(inputs.name), digest=key, text=text, parsed=parsed, edited=parsed,
            received_on=call.today, replaces=replaces, counts=edits.counts(parsed),
        )  # fmt: skip
    elif replaces is not None and row.state in ("partly", "confirmed"):
        return refuse(
            "text_stands", "同一份文本已经确认在册，不能再用来更替文件。", "This text is confirmed already.",
            Words("请导入改动后的文本。", "Import the changed text."), proposal=row.pk,
        )  # fmt: skip
    elif row.state in ("open", "discarded"):
        row.state, row.replaces = "open", replaces or row.replaces
        row.save(update_fields=["state", "replaces"])
    documents = len(row.edited["documents"])
    return Done(
        Words(f"导入“{row.name}”：文件{documents}份。", f"Imported {row.name!r}: {documents} documents."),
        after={"digest": key, "state": row.state, "replaces": row.replaces_id},
        values={"proposal": row.pk, "known": known, "state": row.state, "doubts": len(row.edited["doubts"])},
        subject_id=row.pk,
    )  # fmt: skip


def _replaced(county: County, document_id: int | None) -> Document | None:
    if document_id is None:
        return None
    row = Document.objects.filter(county=county, pk=document_id).first()
    if row is None:
        raise Problem(
            "replaces", Words("没有要更替的文件。", "There is no such document to replace."),
            Words("请从文件列表选择。", "Choose it from the list of documents."), status=404,
        )  # fmt: skip
    return row


@action(
    "proposal.discard",
    Words("作废这份建议", "Discard a proposal"),
    subject="proposal",
    grants=subjects.EDITORS,
    inputs=OfProposal,
    load=subjects.load,
    where=subjects.where,
    why_not=subjects.still_open,
)
def discard(call: Call, proposal: Proposal, inputs: OfProposal) -> Done | Refused:
    """Put an unconfirmed proposal aside; its text stays."""
    refused = subjects.stale(proposal, inputs.at_edit)
    if refused is not None:
        return refused
    proposal.state = "discarded"
    proposal.save(update_fields=["state"])
    return Done(
        Words(f"作废“{proposal.name}”。", f"Discarded {proposal.name!r}."),
        before={"state": "open"}, after={"state": "discarded"}, subject_id=proposal.pk,
    )  # fmt: skip
