"""Confirming freezes a form; sending hands it over; the recipient takes it or sends it back with a reason."""

from typing import Any

from luoshi.core import seal
from luoshi.core.calendar import default_calendar
from luoshi.core.outcome import Granted, Needs, Outcome, Reason, refuse
from luoshi.core.words import Words
from luoshi.office.actions import Call, Decision, Done, action
from luoshi.office.duties import verbs
from luoshi.office.duties.models import Duty
from luoshi.office.journal.append import ALGORITHM
from luoshi.office.notices import outbox
from luoshi.office.prepared import insert, update
from luoshi.supervision.actions.inputs import Reason as Why
from luoshi.supervision.reporting import filling, forms, opening
from luoshi.supervision.reporting.actions.subjects import (
    RECIPIENTS,
    SENDERS,
    FilingInputs,
    load,
    said,
    stands,
    where_received,
    where_sent,
)
from luoshi.supervision.reporting.filling import DRAFTS
from luoshi.supervision.reporting.models import Filing, FilingVersion
from luoshi.supervision.reporting.sheet import Sheet

NAMED = 8
"""How many missing cells a refusal names before it only counts them."""


class SendBackInputs(FilingInputs):
    """Why a form is sent back."""

    reason: Why


def can_confirm(call: Call, filing: Filing) -> Outcome:
    """Answer whether the form is open and every cell is filled."""
    open_now = stands(filing, *DRAFTS)
    return open_now if not open_now else complete(filling.draft(filing, call.now))


def complete(sheet: Sheet) -> Outcome:
    """Answer whether every cell is filled, naming those that are not. A share worked out from others is not named."""
    lacking = [c for c in sheet.cells() if c.origin in ("missing", "stale")]
    if not lacking:
        return Granted()
    rows = {c.key: row.label for b in sheet.blocks if b.of for row in b.rows for c in row.cells}
    reasons = []
    for cell in lacking[:NAMED]:
        row = rows.get(cell.key)
        name = Words(f"{row.zh}·{cell.words.zh}", f"{row.en}, {cell.words.en}") if row else cell.words
        if cell.origin == "stale":
            words = Words(f"“{name.zh}”更正之后系统数字又变了。", f"“{name.en}” has changed since it was corrected.")
            remedy = Words("请重新更正，或撤销更正。", "Correct it again, or take the correction back.")
        elif cell.question:
            words = Words(f"“{name.zh}”还没有填写。", f"“{name.en}” is not filled in yet.")
            remedy = Words("请填写后保存。", "Fill it in and save.")
        else:
            words = Words(f"“{name.zh}”还不知道：{cell.why.zh}", f"“{name.en}” is not known: {cell.why.en}")
            remedy = Words(
                "补齐后自动算出；也可以用“更正”填写并说明理由。", "It is worked out then; or give it as a correction."
            )
        reasons.append(Reason(f"cell_{cell.origin}", words, remedy, tuple(sheet.clauses[:1]), {"cell": cell.key}))
    if len(lacking) > NAMED:
        n = len(lacking) - NAMED
        reasons.append(Reason("more_cells", Words(f"另有{n}格未填。", f"{n} more cells are not filled.")))
    return Needs(tuple(reasons))


@action(
    "filing.confirm",
    Words("确认报表", "Confirm"),
    subject="filing",
    grants=SENDERS,
    inputs=FilingInputs,
    load=load,
    where=where_sent,
    why_not=lambda call, filing: stands(filing, *DRAFTS),
)
def confirm(call: Call, filing: Filing, inputs: FilingInputs) -> Decision:
    """Freeze the form as it is now: its figures, their sources, the moment."""
    sheet = filling.draft(filing, call.now)
    answer = complete(sheet)
    if isinstance(answer, Needs):
        return answer
    assert call.actor.account_id is not None, "forms are confirmed by people"
    counts, frozen = sheet.counts(), sheet.as_json()
    was = filing.state
    filing.version += 1
    filing.state = "confirmed"
    filing.cells_required, filing.cells_computed = counts["required"], counts["computed"]
    filing.cells_kept, filing.cells_asked, filing.cells_corrected = counts["kept"], counts["asked"], counts["corrected"]
    filing.single_required, filing.single_by_system = sheet.single()
    update(
        filing, "version", "state", "cells_required", "cells_computed", "cells_kept", "cells_asked", "cells_corrected",
        "single_required", "single_by_system",
    )  # fmt: skip
    digest = seal.digest(seal.canonical(frozen), ALGORITHM)
    insert(FilingVersion(
        county_id=filing.county_id, filing=filing, number=filing.version, sheet=frozen, digest=digest, as_of=call.now,
        confirmed_by_id=call.actor.account_id,
    ))  # fmt: skip
    by_system = counts["computed"] + counts["kept"]
    more = Words(
        f"，共{counts['required']}格，系统填{by_system}格",
        f", {counts['required']} cells, {by_system} filled by the system",
    )
    return Done(
        said(filing, Words("确认", "confirmed"), more), before={"state": was},
        after={"state": "confirmed", "version": filing.version, "digest": digest, "cells": counts},
        values={"version": filing.version, **counts}, clauses=filling.form_of(filing).clauses[:1],
    )  # fmt: skip


@action(
    "filing.reopen",
    Words("撤回修改", "Take back to change"),
    subject="filing",
    grants=SENDERS,
    inputs=FilingInputs,
    load=load,
    where=where_sent,
    why_not=lambda call, filing: stands(filing, "confirmed"),
)
def reopen(call: Call, filing: Filing, inputs: FilingInputs) -> Decision:
    """Take a confirmed form back before it has left the unit; the frozen version stays on record."""
    _close_version(call, filing, "withdrawn")
    filing.state = "drafting"
    update(filing, "state")
    return Done(
        said(filing, Words("撤回修改", "took back")), before={"state": "confirmed"}, after={"state": "drafting"},
        clauses=filling.form_of(filing).clauses[:1],
    )  # fmt: skip


@action(
    "filing.submit",
    Words("报送", "Send"),
    subject="filing",
    grants=SENDERS,
    inputs=FilingInputs,
    load=load,
    where=where_sent,
    why_not=lambda call, filing: stands(filing, "confirmed"),
)
def submit(call: Call, filing: Filing, inputs: FilingInputs) -> Decision:
    """Send the confirmed form to its recipient; the duty to send it is done."""
    version = filling.version_of(filing)
    version.fate, version.submitted_at = "submitted", call.now
    update(version, "fate", "submitted_at")
    filing.state, filing.submitted_on = "submitted", call.today
    update(filing, "state", "submitted_on")
    duty = _duty(filing)
    if duty is not None and duty.state in ("open", "suspended"):
        verbs.close(duty, call.today)
    differing = _tell_differences(call, filing, filling.sheet.thaw(version.sheet))
    recipient = filing.recipient.words
    return Done(
        said(filing, Words("报送", "sent"), Words(f"，报给{recipient.zh}", f" to {recipient.en}")),
        before={"state": "confirmed"}, after={"state": "submitted", "version": filing.version},
        facts={"due_on": str(filing.round.due_on), "corrected": differing},
        clauses=filling.form_of(filing).clauses[:1],
    )  # fmt: skip


def _duty(filing: Filing) -> Duty | None:
    if filing.duty_id is None:
        return None
    return Duty.objects.select_for_update().get(pk=filing.duty_id)


def _tell_differences(call: Call, filing: Filing, sheet: Sheet) -> list[str]:
    """Tell the recipient and the unit that leads the plan which figures differ from the records, and why."""
    differing = [c for c in sheet.cells() if c.origin == "corrected"]
    if differing:
        payload: dict[str, Any] = {
            "filing": filing.pk, "unit": filing.unit.short_zh, "form": filling.title_of(filing).zh,
            "corrected": [
                {"cell": c.words.zh, "computed": c.computed_shown.zh, "value": c.shown.zh, "reason": c.reason}
                for c in differing
            ],
        }  # fmt: skip
        when = outbox.quiet_until(call.now, default_calendar())
        for unit_id in {filing.recipient_id, filing.round.plan.leading_unit_id or filing.recipient_id}:
            key = f"filing:{filing.pk}:{filing.version}:{unit_id}"
            outbox.enqueue(call, key, "correction", payload, unit_id, not_before=when)
    return [c.key for c in differing]


def _not_own(call: Call, filing: Filing) -> Outcome:
    """Nobody takes what they confirmed themselves."""
    sent = stands(filing, "submitted")
    if not sent or filling.version_of(filing).confirmed_by_id != call.actor.account_id:
        return sent
    return refuse(
        "own_form", "确认人不能接收自己的报表。", "Nobody takes in a form they confirmed themselves.",
        Words("请由另一人办理。", "Let somebody else do it."), ("FOOD-2d",),
    )  # fmt: skip


@action(
    "filing.receive",
    Words("接收报表", "Take in"),
    subject="filing",
    grants=RECIPIENTS,
    inputs=FilingInputs,
    load=load,
    where=where_received,
    why_not=_not_own,
)
def receive(call: Call, filing: Filing, inputs: FilingInputs) -> Decision:
    """Take the form in; it stays as it was sent."""
    _close_version(call, filing, "received")
    filing.state, filing.received_on = "received", call.today
    update(filing, "state", "received_on")
    return Done(
        said(filing, Words("的报表已接收：", "was taken in:")),
        before={"state": "submitted"}, after={"state": "received"},
        clauses=filling.form_of(filing).clauses[:1],
    )  # fmt: skip


@action(
    "filing.send_back",
    Words("退回报表", "Send back"),
    subject="filing",
    grants=RECIPIENTS,
    inputs=SendBackInputs,
    load=load,
    where=where_received,
    why_not=lambda call, filing: stands(filing, "submitted"),
)
def send_back(call: Call, filing: Filing, inputs: SendBackInputs) -> Decision:
    """Send the form back with the reason; the version that was sent stays, and the unit has a new duty."""
    why = inputs.reason.rstrip("。.")
    _close_version(call, filing, "sent_back", inputs.reason)
    filing.state, filing.submitted_on = "sent_back", None
    update(filing, "state", "submitted_on")
    if filing.round.due_on is not None:
        mend_by = default_calendar().add_working_days(call.today, forms.return_working_days())
        due_on = max(filing.round.due_on, mend_by)
        filing.duty = verbs.open_duties(
            [opening.duty_of(filing, filling.form_of(filing), filing.round, due_on)], call.today
        )[0]
        update(filing, "duty")
    return Done(
        said(filing, Words("的报表被退回：", "was sent back:"), Words(f"：{why}", f": {why}")),
        before={"state": "submitted"}, after={"state": "sent_back", "reason": inputs.reason},
        clauses=filling.form_of(filing).clauses[:1],
    )  # fmt: skip


def _close_version(call: Call, filing: Filing, fate: str, reason: str = "") -> None:
    version = filling.version_of(filing)
    version.fate, version.reason = fate, reason
    version.decided_at, version.decided_by_id = call.now, call.actor.account_id
    update(version, "fate", "reason", "decided_at", "decided_by")
