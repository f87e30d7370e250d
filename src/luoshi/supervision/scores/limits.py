"""Which periods can be scored, and who may still contest or decide. Pure."""

import datetime as dt

from luoshi.core.outcome import Granted, Outcome, refuse
from luoshi.core.words import Words
from luoshi.supervision.scores.scheme import Scheme
from luoshi.supervision.stages import REVIEW


def period_stands(from_on: dt.date, to_on: dt.date, today: dt.date, scheme: Scheme) -> Outcome:
    """Answer whether a period can be scored: in order, over, not too long."""
    said = {"from_on": str(from_on), "to_on": str(to_on), "today": str(today)}
    if to_on < from_on:
        return refuse(
            "days_reversed", "结束日早于开始日。", "The period ends before it begins.",
            Words("请改正日期。", "Mend the days."), (REVIEW,), **said,
        )  # fmt: skip
    if to_on >= today:
        return refuse(
            "not_over", f"期间到{to_on}才结束，不能提前评分。", f"The period is not over until {to_on}.",
            Words("请选择已经结束的期间。", "Choose a period that is over."), (REVIEW,), **said,
        )  # fmt: skip
    if (to_on - from_on).days + 1 > scheme.longest_days:
        return refuse(
            "too_long", f"期间超过{scheme.longest_days}天。", f"The period is longer than {scheme.longest_days} days.",
            Words("请分期评分。", "Score shorter periods."), (REVIEW,), **said,
        )  # fmt: skip
    return Granted()


def contest_stands(state: str, until: dt.date | None, today: dt.date) -> Outcome:
    """Answer whether a published scoring can still be contested."""
    if state != "published" or until is None:
        return refuse(
            "not_published", "只能对现行公布的评分提出申诉。", "Only the scoring now published can be contested.",
            Words("请打开最新一版。", "Open the latest version."), (REVIEW,), state=state,
        )  # fmt: skip
    if today > until:
        return refuse(
            "contest_over", f"申诉期限为{until}，已经过了。", f"Contests were possible until {until}.",
            Words("请向督查室说明，由其决定是否重算。", "Tell the supervision office, which may run it again."),
            (REVIEW,), until=str(until), today=str(today),
        )  # fmt: skip
    return Granted()


def decision_stands(state: str, by: int | None, ran_by: int, filed_by: int) -> Outcome:
    """Answer whether this person decides this contest: still open, and neither who ran the scoring nor who filed."""
    if state != "filed":
        return refuse(
            "already_decided", "这项申诉已有决定。", "This contest has been decided.",
            Words("请刷新页面查看。", "Reload the page to see it."), (REVIEW,), state=state,
        )  # fmt: skip
    if by in (ran_by, filed_by):
        return refuse(
            "own_scoring", "运行评分或提出申诉的人不能决定这项申诉。",
            "Who ran the scoring or filed the contest does not decide it.",
            Words("请由另一名督查人员决定。", "Let another supervisor decide it."), (REVIEW,), by=by,
        )  # fmt: skip
    return Granted()
