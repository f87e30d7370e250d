"""What a unit does with its share: accept, start, report progress, report done."""

from typing import Annotated, Any

from luoshi.core.outcome import Granted, Needs, Outcome, Refused
from luoshi.core.words import Words
from luoshi.office.access import Grants
from luoshi.office.actions import Call, Decision, action
from luoshi.office.evidence import attach
from luoshi.office.prepared import insert, update
from luoshi.supervision.actions import moves
from luoshi.supervision.actions.inputs import Files, ShareInputs, Text, told
from luoshi.supervision.actions.pieces import outstanding
from luoshi.supervision.actions.subjects import load_worked, where_worked
from luoshi.supervision.models import Assignment, Consultation, Report
from luoshi.supervision.readables import WORKERS
from luoshi.supervision.stages import LIST
from luoshi.supervision.work_rules import parts_done

WORK: Grants = WORKERS


class ReportInputs(ShareInputs):
    """A report of a unit on its share."""

    text: Text
    files: Files = ()


class ProgressInputs(ReportInputs):
    """A report of progress."""

    percent: Annotated[int, told("完成比例（%）", "Done (%)", "0 至 99", "0 to 99", ge=0, le=99)]


def _could(verb: str) -> object:
    def why_not(call: Call, share: Assignment) -> Outcome:
        answer = moves.allowed(call.actor, share, verb, report_text="…")
        return parts_done(outstanding(share)) if answer and verb == "report_done" else answer

    return why_not


@action(
    "assignment.accept",
    Words("签收", "Accept"),
    subject="assignment",
    grants=WORK,
    inputs=ShareInputs,
    load=load_worked,
    where=where_worked,
    why_not=_could("accept"),  # type: ignore[arg-type]
    clauses=(LIST,),
)
def accept(call: Call, share: Assignment, inputs: ShareInputs) -> Decision:
    """Sign for a share: the unit has seen it and answers for it."""
    return _move(call, share, "accept", Words("签收", "accepted"))


@action(
    "assignment.start",
    Words("开始办理", "Start"),
    subject="assignment",
    grants=WORK,
    inputs=ShareInputs,
    load=load_worked,
    where=where_worked,
    why_not=_could("start"),  # type: ignore[arg-type]
    clauses=(LIST,),
)
def start(call: Call, share: Assignment, inputs: ShareInputs) -> Decision:
    """Say that work has begun."""
    return _move(call, share, "start", Words("开始办理", "started"))


@action(
    "assignment.report_progress",
    Words("报进展", "Report progress"),
    subject="assignment",
    grants=WORK,
    inputs=ProgressInputs,
    load=load_worked,
    where=where_worked,
    why_not=_could("report_progress"),  # type: ignore[arg-type]
    clauses=(LIST,),
)
def report_progress(call: Call, share: Assignment, inputs: ProgressInputs) -> Decision:
    """Report how far a share has come, with evidence."""
    return _report(call, share, "report_progress", inputs, inputs.percent)


@action(
    "assignment.report_done",
    Words("报办结", "Report done"),
    subject="assignment",
    grants=WORK,
    inputs=ReportInputs,
    load=load_worked,
    where=where_worked,
    why_not=_could("report_done"),  # type: ignore[arg-type]
    clauses=(LIST,),
)
def report_done(call: Call, share: Assignment, inputs: ReportInputs) -> Decision:
    """Report a share as done; it waits for review."""
    return _report(call, share, "report_done", inputs, 100)


def _move(call: Call, share: Assignment, verb: str, words: Words) -> Decision:
    before = share.state
    answer = moves.step(call, share, verb)
    if not isinstance(answer, Granted):
        return answer
    told: dict[str, Any] = {}
    if verb == "accept":
        share.accepted_on = call.today
        told = {"before": {"accepted_on": None}, "after": {"accepted_on": str(call.today)}}
    update(share, "state", "accepted_on")
    return moves.told(share, before, words, **told)


def asked_of(share: Assignment) -> list[dict[str, Any]]:
    """Return what other units had been asked, and what had come; a report keeps it as it stood."""
    rows = Consultation.objects.filter(share_id=share.pk).exclude(state="withdrawn").select_related("unit")
    return [
        {
            "number": row.number, "unit": row.unit.words.as_json(), "words": row.words, "due_on": str(row.due_on),
            "state": row.state, "answer": row.answer, "objection": row.objection, "decision": row.decision,
        }
        for row in rows.order_by("number")
    ]  # fmt: skip


def _report(call: Call, share: Assignment, verb: str, inputs: ReportInputs, percent: int) -> Decision:
    assert call.actor.account_id is not None, "a report has somebody who reported it"
    before = {"percent": share.percent}
    was = share.state
    answer = moves.step(call, share, verb, report_text=inputs.text)
    if isinstance(answer, Refused | Needs):
        return answer
    if verb == "report_done" and isinstance(parts := parts_done(outstanding(share)), Refused):
        return parts
    assert call.actor.account_id is not None, "reports are made by people"
    # Counted in the locked row itself: whoever waited for the lock reads its columns anew, but not a subquery.
    share.reports_made += 1
    report = insert(Report(
        county_id=share.county_id, assignment=share, number=share.reports_made, text=inputs.text,
        percent=percent, kind="done" if verb == "report_done" else "progress",
        reported_on=call.today, reported_by_id=call.actor.account_id, asked=asked_of(share),
    ))  # fmt: skip
    attached = attach.to(call, inputs.files, "report", report.pk)
    share.percent = percent
    update(share, "state", "percent", "reports_made")
    kind = Words("报办结", "reported as done") if verb == "report_done" else Words("报进展", "reported progress on")
    return moves.told(
        share, was, kind, Words(f"，完成{percent}%，材料{len(attached)}件", f", {percent}%, {len(attached)} files"),
        before=before,
        after={"percent": percent, "report": report.number, "text": inputs.text, "files": attached},
        values={"report": report.pk, "number": report.number, "files": len(attached)},
    )  # fmt: skip
