"""A corrected parse is kept as a case for the next run of the tests."""

import os
from pathlib import Path

import yaml
from django.conf import settings

from luoshi.core.outcome import Refused, refuse
from luoshi.core.words import Words
from luoshi.gazette import edits, remembered, shape
from luoshi.gazette.actions import subjects
from luoshi.gazette.models import Proposal
from luoshi.office.actions import Call, Done, action


class Remember(subjects.OfProposal):
    """The proposal whose corrections are kept."""


def folder() -> Path:
    """Return where the corrected parses of this installation lie."""
    return Path(settings.LUOSHI_HOME) / "cases" / "gazette"


@action(
    "proposal.remember",
    Words("记为案例", "Keep as a case"),
    subject="proposal",
    grants=subjects.EDITORS,
    inputs=Remember,
    load=subjects.load,
    where=subjects.where,
)
def remember_case(call: Call, proposal: Proposal, inputs: Remember) -> Done | Refused:
    """Write the text and its corrected structure as a case; the same proposal again writes the same file anew."""
    if not proposal.edits_made:
        return refuse(
            "nothing_corrected", "这份建议没有改正过。", "Nothing was corrected in this proposal.",
            Words("改正后再记为案例。", "Correct something first."),
        )  # fmt: skip
    shape.check(proposal.edited, proposal.text)
    case = remembered.case_of(proposal.name, proposal.text, edits.without_marks(proposal.edited))
    name = f"{proposal.digest.removeprefix('sha256:')[:16]}.yaml"
    folder().mkdir(parents=True, exist_ok=True)
    whole = folder() / f".{name}.new"
    whole.write_text(yaml.safe_dump(case, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8")
    os.replace(whole, folder() / name)
    return Done(
        Words(f"“{proposal.name}”记为案例。", f"Kept {proposal.name!r} as a case."),
        values={"case": name, "proposal": proposal.pk}, subject_id=proposal.pk,
    )  # fmt: skip
