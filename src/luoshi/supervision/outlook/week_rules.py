"""The week's sheet: its days, why something is late, and which decisions are wanted. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from luoshi.core.calendar import Calendar
from luoshi.core.words import Words
from luoshi.supervision.outlook.values import WeekValues

QUOTED = 36
DECISIONS = 3


@dataclass(frozen=True, slots=True)
class Days:
    """A week from Monday to Sunday, and the day at whose end it is shown: its last, or today while it runs."""

    first: dt.date
    last: dt.date
    shown_on: dt.date

    @property
    def next_first(self) -> dt.date:
        """Monday of the week after."""
        return self.last + dt.timedelta(days=1)

    @property
    def next_last(self) -> dt.date:
        """Sunday of the week after."""
        return self.last + dt.timedelta(days=7)


def days_of(asked: dt.date, today: dt.date) -> Days:
    """Return the week of a day; ``asked`` is not after this week."""
    first = asked - dt.timedelta(days=asked.weekday())
    last = first + dt.timedelta(days=6)
    return Days(first, last, min(last, today))


@dataclass(frozen=True, slots=True)
class Said:
    """The last report on a share: when, what, how far, and what the reviewer decided by then.

    ``ended``: it reported completion and was approved, so it belongs to a round of recurring work that is over.
    """

    on: dt.date
    text: str
    percent: int
    decision: str = ""
    reason: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class ShareNow:
    """One unit's share of a task as it stood."""

    unit: Words
    state: str
    assigned_on: dt.date
    said: Said | None = None
    stopped_on: dt.date | None = None
    stop_reason: str = ""


_ORDER = ("assigned", "returned", "suspended", "accepted", "in_progress", "reported")
"""Who holds a task up most: a unit that has not even signed for it first, one that has reported last."""


def why(shares: Sequence[ShareNow]) -> Words:
    """Return why a task is not finished, by the share that holds it up most; with how many others."""
    behind = sorted((s for s in shares if s.state in _ORDER), key=lambda s: _ORDER.index(s.state))
    if not behind:
        return (
            Words("没有单位承担", "no unit has a share") if not shares else Words("各单位已办完", "all units finished")
        )
    first, others = behind[0], len(behind) - 1
    told = _told(first)
    if not others:
        return told
    return Words(f"{told.zh}；另有{others}个单位未办完", f"{told.en}; {others} more not finished")


def _told(share: ShareNow) -> Words:
    zh, en, said = share.unit.zh, share.unit.en, share.said
    if share.state == "assigned":
        return Words(f"{zh}{_md(share.assigned_on)}交办后未签收", f"{en} has not accepted it since {share.assigned_on}")
    if share.state == "suspended":
        since = share.stopped_on or share.assigned_on
        return Words(f"{_md(since)}起中止：{_cut(share.stop_reason)}", f"stopped on {since}: {_cut(share.stop_reason)}")
    if share.state == "reported" and said is not None:
        return Words(f"{zh}{_md(said.on)}已上报，待审核", f"{en} reported on {said.on}; review is waiting")
    if share.state == "returned" and said is not None:
        return Words(f"{zh}的报告被退回：{_cut(said.reason)}", f"report of {en} was returned: {_cut(said.reason)}")
    if said is not None and said.ended:
        return Words(
            f"{zh}上一期{_md(said.on)}报的已通过，这一期未报",
            f"{en}: the earlier round of {said.on} was approved, this one is not reported",
        )
    if said is None:
        return Words(f"{zh}签收后未报过进展", f"{en} has reported nothing yet")
    return Words(
        f"{zh}{_md(said.on)}报进展{said.percent}%：{_cut(said.text)}",
        f"{en} reported {said.percent}% on {said.on}: {_cut(said.text)}",
    )


def _md(day: dt.date) -> str:
    return f"{day.month}月{day.day}日"


def _cut(text: str) -> str:
    line = " ".join(text.split()).rstrip("。．.；;，,")
    return line if len(line) <= QUOTED else line[: QUOTED - 1] + "…"


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing only the county head can settle: the question, on what it rests, and where to look."""

    question: Words
    ground: Words
    kind: str
    subject: int | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """An overdue task: how many working days, and why."""

    task_id: int
    heading: Words
    due_on: dt.date
    why: Words


@dataclass(slots=True)
class Grounds:
    """What the decisions are picked from, all as it stood on the day shown."""

    late: Sequence[Late] = ()
    stopped: tuple[int, int, Words, dt.date] | None = None
    """How many tasks stand still, and of the longest: id, heading, since when."""
    waiting: tuple[int, dt.date] | None = None
    """How many reports wait for review, and since when at the earliest."""
    worst: tuple[int, Words, int] | None = None
    """The unit with most overdue tasks: id, name, how many."""
    likely: tuple[int, Words, int] | None = None
    """Duties of the coming week that are called likely late: how many; a unit with most of them and its id."""
    calendar: Calendar = field(default_factory=Calendar)


def decisions(found: Grounds, day: dt.date, values: WeekValues) -> list[Decision]:
    """Return up to three decisions wanted, the most pressing first."""
    return [one for one in _candidates(found, day, values) if one is not None][:DECISIONS]


def _candidates(found: Grounds, day: dt.date, values: WeekValues) -> Iterable[Decision | None]:
    yield _order(found, day, values)
    yield _review(found, day, values)
    yield _stop(found, day)
    yield _talk(found)
    yield _likely(found)


def _order(found: Grounds, day: dt.date, values: WeekValues) -> Decision | None:
    for one in found.late:
        days = found.calendar.working_days_between(one.due_on, day)
        if days >= values.order_after:
            return Decision(
                Words(f"“{one.heading.zh}”是督办，还是延期？", f"“{one.heading.en}”: order it, or extend it?"),
                Words(f"已逾期{days}个工作日。{one.why.zh}。", f"{days} working days late. {one.why.en}."),
                "task", one.task_id,
            )  # fmt: skip
    return None


def _review(found: Grounds, day: dt.date, values: WeekValues) -> Decision | None:
    if found.waiting is None:
        return None
    count, since = found.waiting
    days = found.calendar.working_days_between(since, day)
    if days < values.review_after:
        return None
    return Decision(
        Words(f"{count}份办结报告由谁、在哪天前审完？", f"Who reviews the {count} waiting reports, and by when?"),
        Words(
            f"最早一份已等{days}个工作日（{_md(since)}上报）。",
            f"The first has waited {days} working days.",
        ),
        "review",
    )


def _stop(found: Grounds, day: dt.date) -> Decision | None:
    if found.stopped is None:
        return None
    count, task_id, heading, since = found.stopped
    days = found.calendar.working_days_between(since, day)
    return Decision(
        Words(f"中止的“{heading.zh}”恢复，还是撤销？", f"“{heading.en}” stands still: resume or cancel it?"),
        Words(f"已中止{days}个工作日；全县中止{count}项。", f"Stopped for {days} working days; {count} in all."),
        "task", task_id,
    )  # fmt: skip


def _talk(found: Grounds) -> Decision | None:
    if found.worst is None or found.worst[2] < 2:
        return None
    unit_id, unit, count = found.worst
    return Decision(
        Words(f"{unit.zh}是否需要协调或约谈？", f"Does {unit.en} need help, or a talk?"),
        Words(f"逾期{count}项，全县最多。", f"{count} overdue, the most in the county."), "unit", unit_id,
    )  # fmt: skip


def _likely(found: Grounds) -> Decision | None:
    if found.likely is None:
        return None
    unit_id, unit, count = found.likely
    return Decision(
        Words(f"下周可能逾期的{count}项，是否现在调度？", f"{count} due next week are likely late: step in now?"),
        Words(f"按过去同类事项推算，其中{unit.zh}最多。", f"By what came of like ones in the past, most at {unit.en}."),
        "forecast", unit_id,
    )  # fmt: skip
