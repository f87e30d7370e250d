"""Loading and locking a proposal, where it stands, and what every action on one needs."""

from typing import Any

from luoshi.core.outcome import Granted, Outcome, Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette.models import Proposal
from luoshi.office.access import Grants, Where
from luoshi.office.actions import Call, Inputs

EDITORS: Grants = {"system": "county", "editor": "county"}


class OfProposal(Inputs):
    """Which proposal. ``at_edit``: how many edits the form was made on; a stale form is refused, not merged."""

    proposal: int
    at_edit: int | None = None


def load(call: Call, inputs: Any) -> Proposal:
    """Return the proposal, locked; ``Problem`` 404 when this county has none of that number."""
    row = Proposal.objects.select_for_update().filter(pk=inputs.proposal, county_id=call.actor.county_id).first()
    if row is None:
        raise Problem(
            "proposal",
            Words("没有这份待确认的公报。", "There is no such proposal."),
            Words("请从编辑台列表打开。", "Open it from the desk's list."),
            status=404,
        )
    return row


def where(proposal: Proposal) -> Where:
    """A proposal stands in its county."""
    return Where(proposal.county_id)


def still_open(call: Call, proposal: Proposal) -> Outcome:
    """Only an open proposal is edited."""
    if proposal.state == "open":
        return Granted()
    return settled(proposal)


def settled(proposal: Proposal) -> Refused:
    """Say why a proposal that is no longer open cannot be changed."""
    if proposal.state == "discarded":
        return refuse(
            "discarded", "这份建议已作废。", "This proposal was discarded.",
            Words("再次导入同一文件即可重新打开。", "Import the same file again to open it."),
        )  # fmt: skip
    if proposal.state == "partly":
        return refuse(
            "partly_confirmed", "这份建议已部分确认，结构不能再改。", "Part of it is confirmed; its structure stands.",
            Words("请认定余下的单位名称后再次确认。", "Resolve the names left and confirm again."),
        )  # fmt: skip
    return refuse(
        "already_confirmed", "这份建议已经确认，结果已在册。", "This proposal is confirmed; what it made stands.",
        Words("改动请以更正或新版本导入。", "Import a correction or a new version to change it."),
    )  # fmt: skip


def stale(proposal: Proposal, at_edit: int | None) -> Refused | None:
    """Refuse a form that was made before somebody else's edit."""
    if at_edit is None or at_edit == proposal.edits_made:
        return None
    return refuse(
        "changed_meanwhile", "这份建议已被他人改过。", "Somebody has changed this proposal meanwhile.",
        Words("请刷新后再改。", "Reload and make the change again."), at_edit=at_edit, edits=proposal.edits_made,
    )  # fmt: skip
