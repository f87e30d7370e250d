"""What the reviewer does with a report: approve it, or return it with a reason. A returned report stays as it was."""

from dataclasses import dataclass
from typing import Any

from luoshi.core.outcome import Granted, Needs, Outcome, Refused, refuse
from luoshi.core.words import Words
from luoshi.office.access import Grants, Where
from luoshi.office.actions import Call, Decision, Inputs, action
from luoshi.supervision.actions import moves
from luoshi.supervision.actions.inputs import Reason, ReportId
from luoshi.supervision.actions.subjects import load_report, where_reviewed
from luoshi.supervision.models import Assignment, Report
from luoshi.supervision.stages import REVIEW

REVIEWERS: Grants = {"supervisor": "county", "leading_office": "unit"}


class ApproveInputs(Inputs):
    """Which report is approved."""

    report_id: ReportId


class ReturnInputs(ApproveInputs):
    """Which report is returned, and why."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class UnderReview:
    """A report with the share it belongs to; the journal keeps reviews under the share."""

    report: Report
    share: Assignment

    @property
    def pk(self) -> int:
        """The share's id."""
        return self.share.pk


def load(call: Call, inputs: Any) -> UnderReview:
    """Return the locked report with its share."""
    report = load_report(call, inputs)
    return UnderReview(report, report.assignment)


def where(case: UnderReview) -> Where:
    """A review belongs to the unit that leads the plan."""
    return where_reviewed(case.report)


def _decided(report: Report) -> Refused:
    done = {"approved": Words("通过", "approved"), "returned": Words("退回", "returned")}[report.decision]
    return refuse(
        "already_decided",
        f"这份报告已于{report.decided_on}{done.zh}。",
        f"This report was {done.en} on {report.decided_on}.",
        Words("请刷新页面查看现状。", "Reload the page to see the present state."),
        (REVIEW,),
        report=report.pk,
        decision=report.decision,
    )


def _answer(call: Call, case: UnderReview, verb: str, reason: str) -> Outcome:
    report, share = case.report, case.share
    if report.decision:
        return _decided(report)
    facts = {"reported_by": report.reported_by_id, "reviewed_by": call.actor.account_id, "reason": reason}
    if report.kind == "done":
        return moves.allowed(call.actor, share, verb, **facts)
    # A progress report is looked at without moving the share: the table is asked as if it stood under review.
    seen = Assignment(state="reported")
    return moves.allowed(call.actor, seen, verb, **facts)


def why_not_approve(call: Call, case: UnderReview) -> Outcome:
    """Answer whether this person may approve this report now."""
    return _answer(call, case, "approve", "…")


def why_not_return(call: Call, case: UnderReview) -> Outcome:
    """Answer whether this person may return this report now."""
    return _answer(call, case, "return_report", "…")


@action(
    "assignment.review_approve",
    Words("审核通过", "Approve"),
    subject="assignment",
    grants=REVIEWERS,
    inputs=ApproveInputs,
    load=load,
    where=where,
    why_not=why_not_approve,
    clauses=(REVIEW,),
)
def review_approve(call: Call, case: UnderReview, inputs: ApproveInputs) -> Decision:
    """Approve a report. A report of completion makes the share done and closes its duty."""
    answer = _answer(call, case, "approve", "")
    if not isinstance(answer, Granted):
        return _not(answer)
    before, percent, promised = case.share.state, case.share.percent, case.share.task.due_on
    told: dict[str, Any] = {}
    _decide(call, case.report, "approved", "")
    values: dict[str, Any] = {"report": case.report.pk}
    if case.report.kind == "done":
        following = moves.finish(case.share, call.today)
        values["next_due_on"] = str(following.due_on) if following else None
        moves.move_day_on(case.share.task)
        settled = moves.settle_task(case.share.task, call.today)
        values["task_state"], told = settled.state, settled.told()
    moved = moves.day_moved(case.share.task, promised)
    return moves.told(
        case.share, before, Words("的报告通过审核：", "report approved for"),
        Words(f"（第{case.report.number}次报告）", f" (report {case.report.number})"),
        before={"percent": percent, **moved["before"]},
        after={
            "report": case.report.number, "decision": "approved", "percent": case.share.percent, **told,
            **moved["after"],
        },
        values=values,
    )  # fmt: skip


@action(
    "assignment.review_return",
    Words("退回报告", "Return"),
    subject="assignment",
    grants=REVIEWERS,
    inputs=ReturnInputs,
    load=load,
    where=where,
    why_not=why_not_return,
    clauses=(REVIEW,),
)
def review_return(call: Call, case: UnderReview, inputs: ReturnInputs) -> Decision:
    """Return a report with the reason; the report stays, and the unit reports again."""
    answer = _answer(call, case, "return_report", inputs.reason)
    if not isinstance(answer, Granted):
        return _not(answer)
    before = case.share.state
    _decide(call, case.report, "returned", inputs.reason)
    if case.report.kind == "done":
        case.share.state = "returned"
        case.share.save(update_fields=["state"])
    return moves.told(
        case.share, before, Words("的报告被退回：", "report returned for"),
        Words(f"（第{case.report.number}次报告）：{inputs.reason}", f" (report {case.report.number}): {inputs.reason}"),
        after={"report": case.report.number, "decision": "returned", "reason": inputs.reason},
        values={"report": case.report.pk},
    )  # fmt: skip


def _not(answer: Outcome) -> Refused | Needs:
    assert isinstance(answer, Refused | Needs), "a granted answer goes on"
    return answer


def _decide(call: Call, report: Report, decision: str, reason: str) -> None:
    report.decision, report.reason = decision, reason
    report.decided_on, report.decided_by_id = call.today, call.actor.account_id
    report.save(update_fields=["decision", "reason", "decided_on", "decided_by"])
