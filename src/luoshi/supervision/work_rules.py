"""What may be done inside a share: milestones, pieces for units inside, questions to other units. Pure."""

import datetime as dt
from collections.abc import Sequence

from luoshi.core.outcome import Granted, Outcome, refuse
from luoshi.core.words import Words
from luoshi.supervision.stages import LIST

AT_WORK = ("assigned", "accepted", "in_progress", "returned")


def at_work(state: str) -> Outcome:
    """A share under review, stopped or ended takes no new work."""
    if state in AT_WORK:
        return Granted()
    return refuse(
        "share_not_at_work",
        "该分工正在审核、已中止或已结束。",
        "The share is under review, stopped or ended.",
        Words("退回或恢复办理后再办。", "Do it once the report is returned or the work resumed."),
        (LIST,),
        state=state,
    )


def day_within(day: dt.date | None, today: dt.date, share_due_on: dt.date | None) -> Outcome:
    """A day inside a share is not past, and not after the share's own."""
    if day is None:
        return Granted()
    if day < today:
        return refuse(
            "day_past",
            f"{day}已经过去。",
            f"{day} has passed.",
            Words("请选择今天或以后的日期。", "Choose today or a later day."),
            (LIST,),
            day=str(day),
        )
    if share_due_on is not None and share_due_on >= today and day > share_due_on:
        return refuse(
            "day_after_share",
            f"{day}晚于这项分工的期限{share_due_on}。",
            f"{day} is after the share's day {share_due_on}.",
            Words(
                f"请选择{share_due_on}或以前的日期，或先申请延期。",
                f"Choose {share_due_on} or earlier, or ask to extend.",
            ),
            (LIST,),
            day=str(day),
            due_on=str(share_due_on),
        )
    return Granted()


def parts_done(outstanding: Sequence[Words]) -> Outcome:
    """The whole is done when all its parts are."""
    if not outstanding:
        return Granted()
    zh, en = "、".join(w.zh for w in outstanding[:3]), ", ".join(w.en for w in outstanding[:3])
    more = len(outstanding) - 3
    return refuse(
        "parts_outstanding",
        f"分给下属单位的事项还有{len(outstanding)}项没有办结：{zh}{f'等{len(outstanding)}项' if more > 0 else ''}。",
        f"{len(outstanding)} parts given to units inside are not done: {en}{f' and {more} more' if more > 0 else ''}.",
        Words("请等各部分办结，或撤回分解。", "Wait until they are done, or take the split back."),
        (LIST,),
        outstanding=len(outstanding),
    )


def may_undo_split(done: int, outstanding: int) -> Outcome:
    """A split is taken back while nothing in it has been done."""
    if done:
        return refuse(
            "parts_done",
            f"已有{done}项办结，不能撤回分解。",
            f"{done} parts are done; the split cannot be taken back.",
            Words("可以单独取消没有办结的部分。", "Parts that are not done can be dropped one by one."),
            (LIST,),
            done=done,
        )
    if not outstanding:
        return refuse(
            "not_split",
            "这项分工没有分解。",
            "This share is not split.",
            Words("无需撤回。", "Nothing to take back."),
            (LIST,),
        )
    return Granted()


def may_ask(role: str, mode: str) -> Outcome:
    """The unit that leads asks; where nobody leads, each unit may."""
    if role != "support":
        return Granted()
    return refuse(
        "support_does_not_ask",
        "配合单位不向其他单位征集，由牵头单位办理。",
        "A supporting unit does not ask others; the lead does.",
        Words("请与牵头单位联系。", "Turn to the lead."),
        (LIST,),
        role=role,
        mode=mode,
    )
