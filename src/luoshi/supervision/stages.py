"""The life of a task under supervision: 交办 → 签收 → 办理 → 上报 → 审核 → 办结 or 退回 → 销号.

Steps after the practice of 督查督办 (立项、交办、催办、反馈、审核、办结或退回、归档). The plans ask that major work be
followed up on a list (FOOD-3.1.1d), checked and assessed (FOOD-2d), reminded (FOOD-3.1.11-4e) and kept open until
closed with evidence (PARK-3.2d); who does which step they leave to the county, so the roles here are the house's.

Facts the gates read: ``report_text``, ``reason`` (text); ``reported_by``, ``reviewed_by`` (ids of persons);
``due_on``, ``new_due_on`` (days); ``evidence_count`` (files).
"""

from collections.abc import Mapping
from typing import Any

from luoshi.core.outcome import Granted, Needs, Outcome, Reason, Refused
from luoshi.core.stages import Move, Stages, State
from luoshi.core.words import Words

LIST, REVIEW, REMIND, CLOSE = "FOOD-3.1.1d", "FOOD-2d", "FOOD-3.1.11-4e", "PARK-3.2d"

ROLES = {
    "officer": Words("承办人", "Officer in charge"),
    "unit_head": Words("单位负责人", "Head of unit"),
    "supervisor": Words("督查员", "Supervisor"),
    "leading_office": Words("牵头办公室", "Leading-group office"),
}
UNIT = frozenset({"officer", "unit_head"})
REVIEWERS = frozenset({"supervisor", "leading_office"})
OFFICE = frozenset({"leading_office"})
OPEN = ("assigned", "accepted", "in_progress", "returned")


def _missing(fact: str, zh: str, en: str, clause: str) -> Needs:
    words = Words(f"尚缺：{zh}。", f"Missing: {en}.")
    return Needs((Reason(f"needs_{fact}", words, Words(f"请填写{zh}。", f"Give the {en}."), (clause,), {fact: None}),))


def _text_given(fact: str, zh: str, en: str, clause: str, facts: Mapping[str, Any]) -> Outcome:
    return Granted() if str(facts.get(fact) or "").strip() else _missing(fact, zh, en, clause)


def has_report(facts: Mapping[str, Any]) -> Outcome:
    """A report says what was done."""
    return _text_given("report_text", "报告内容", "text of the report", LIST, facts)


def has_reason(facts: Mapping[str, Any]) -> Outcome:
    """Whoever sends back, stops or ends a task says why: the unit acts on the words."""
    return _text_given("reason", "理由", "reason", REVIEW, facts)


def reviewed_by_another(facts: Mapping[str, Any]) -> Outcome:
    """Nobody approves a report of their own."""
    for fact, zh, en in (("reported_by", "报告人", "person reporting"), ("reviewed_by", "审核人", "person reviewing")):
        if facts.get(fact) is None:
            return _missing(fact, zh, en, REVIEW)
    if facts["reported_by"] != facts["reviewed_by"]:
        return Granted()
    words = Words("报告人不能审核自己的报告。", "Nobody approves a report of their own.")
    remedy = Words("请由另一名督查员审核。", "Let another supervisor review it.")
    used = {"reported_by": facts["reported_by"], "reviewed_by": facts["reviewed_by"]}
    return Refused((Reason("own_report", words, remedy, (REVIEW,), used),))


def later_day(facts: Mapping[str, Any]) -> Outcome:
    """An extension names a reason and a day after the present one; a task without a day has nothing to extend."""
    reasoned = has_reason(facts)
    if not reasoned:
        return reasoned
    due_on, new_due_on = facts.get("due_on"), facts.get("new_due_on")
    if new_due_on is None:
        return _missing("new_due_on", "新的期限", "new due day", LIST)
    used = {"due_on": due_on, "new_due_on": new_due_on}
    if due_on is None:
        words, remedy = Words("该事项没有期限，无从延期。", "The task has no due day to extend."), Words(
            "请先确定期限。", "Set a due day first."
        )  # fmt: skip
        return Refused((Reason("no_due_day", words, remedy, (LIST,), used),))
    if new_due_on > due_on:
        return Granted(values={"due_on": new_due_on})
    words = Words("新的期限不晚于原期限。", "The new due day is not after the present one.")
    remedy = Words(f"请选择 {due_on} 之后的日期。", f"Choose a day after {due_on}.")
    return Refused((Reason("not_later", words, remedy, (LIST,), used),))


def has_evidence(facts: Mapping[str, Any]) -> Outcome:
    """A task is struck off the list only with evidence."""
    count = facts.get("evidence_count")
    if count is None:
        return _missing("evidence_count", "证明材料数", "number of files of evidence", CLOSE)
    if count:
        return Granted()
    words = Words("没有证明材料，不能销号。", "Without evidence the task stays on the list.")
    remedy = Words("请承办单位补充证明材料。", "Ask the unit for evidence.")
    return Refused((Reason("no_evidence", words, remedy, (CLOSE,), {"evidence_count": count}),))


STAGES = Stages(
    "supervision",
    roles=ROLES,
    states=[
        State("assigned", Words("已交办", "Assigned"), "officer", clause=LIST),
        State("accepted", Words("已签收", "Accepted"), "officer", clause=LIST),
        State("in_progress", Words("办理中", "In progress"), "officer", clause=LIST),
        State("reported", Words("已上报", "Reported"), "supervisor", clause=REVIEW),
        State("done", Words("已办结", "Done"), "leading_office", clause=CLOSE),
        State("closed", Words("已销号", "Closed"), terminal=True, clause=CLOSE),
        State("returned", Words("已退回", "Returned"), "officer", clause=REVIEW),
        State("suspended", Words("已中止", "Suspended"), "leading_office", clause=LIST),
        State("cancelled", Words("已撤销", "Cancelled"), terminal=True, clause=LIST),
    ],
    moves=[
        Move("accept", Words("签收", "Accept"), ("assigned",), "accepted", UNIT, (LIST,)),
        Move("start", Words("开始办理", "Start"), ("accepted",), "in_progress", UNIT, (LIST,)),
        Move(
            "report_progress", Words("报进展", "Report progress"), ("accepted", "in_progress", "returned"),
            "in_progress", UNIT, (LIST,), has_report,
        ),
        Move(
            "report_done", Words("报办结", "Report done"), ("in_progress", "returned"),
            "reported", UNIT, (LIST,), has_report,
        ),
        Move("approve", Words("通过", "Approve"), ("reported",), "done", REVIEWERS, (REVIEW,), reviewed_by_another),
        Move("return_report", Words("退回", "Return"), ("reported",), "returned", REVIEWERS, (REVIEW,), has_reason),
        Move("close", Words("销号", "Close"), ("done",), "closed", OFFICE, (CLOSE,), has_evidence),
        Move(
            "suspend", Words("中止", "Suspend"), ("accepted", "in_progress", "returned"),
            "suspended", OFFICE, (LIST,), has_reason,
        ),
        Move("resume", Words("恢复", "Resume"), ("suspended",), "in_progress", OFFICE, (LIST,)),
        Move("extend", Words("延期", "Extend"), OPEN, None, OFFICE, (LIST,), later_day),
        Move("escalate", Words("催办", "Escalate"), OPEN, None, REVIEWERS, (REMIND,)),
        Move("cancel", Words("撤销", "Cancel"), (*OPEN, "suspended"), "cancelled", OFFICE, (LIST,), has_reason),
    ],
)  # fmt: skip
