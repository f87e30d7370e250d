"""Whether a correction fits the item it is for. Pure."""

import datetime as dt
from typing import Any

from luoshi.core.outcome import Granted, Outcome, refuse
from luoshi.core.words import Words
from luoshi.supervision.scores.facts import Correction, DutyFact, Fact
from luoshi.supervision.stages import REVIEW


def fits(fact: Fact, given: Correction, today: dt.date) -> Outcome:
    """Answer whether this correction can be made to this item; what does not belong to its kind is refused."""
    if given.kind == "leave_out":
        return Granted()
    if not isinstance(fact, DutyFact):
        return _no(
            "only_left_out", "指标和核查只能改为“不计”。", "Targets and checks can only be left out.",
            Words("请选择“此项不计”。", "Choose to leave it out."), kind=given.kind,
        )  # fmt: skip
    if given.kind == "excuse_days":
        return Granted() if given.days > 0 else _no(
            "days_missing", "请填写核减的工作日数。", "Say how many working days are excused.",
            Words("至少1个工作日。", "At least one."), days=given.days,
        )  # fmt: skip
    if given.kind == "done_on":
        if given.on is not None and fact.opened_on <= given.on <= today:
            return Granted()
        return _no(
            "day_wrong", "更正的办结日应在交办之后、今天以前。", "The day lies between the assignment and today.",
            Words(f"请填写{fact.opened_on}至{today}之间的日期。", f"Give a day from {fact.opened_on} to {today}."),
            on=str(given.on), opened_on=str(fact.opened_on),
        )  # fmt: skip
    returned = [r.number for r in fact.reports if r.decision == "returned"]
    if given.report in returned:
        return Granted()
    return _no(
        "not_returned", "该事项没有这次退回的报告。", "The item has no such returned report.",
        Words(
            f"退回的报告编号：{'、'.join(map(str, returned)) or '无'}。",
            f"Returned reports: {', '.join(map(str, returned)) or 'none'}.",
        ),
        report=given.report,
    )  # fmt: skip


def _no(code: str, zh: str, en: str, remedy: Words, **facts: Any) -> Outcome:
    return refuse(code, zh, en, remedy, (REVIEW,), **facts)
