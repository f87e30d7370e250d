"""Which step of pressing may follow which, and what becomes of a step: 提醒 → 催办 → 督办单 → 约谈 or 通报. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from luoshi.core.calendar import Calendar
from luoshi.core.outcome import Granted, Outcome, refuse
from luoshi.core.words import Words
from luoshi.supervision.load.scheme import Ladder
from luoshi.supervision.rules import STEPS, Step
from luoshi.supervision.stages import REMIND

FORMAL = ("chase", "order", "talk", "circular")
"""The steps that leave the house on paper and give the unit a day to mend by."""
ANNOUNCED = ("talk", "circular")
"""The steps that are announced first and take effect only if the unit has not mended by its day."""
STANDINGS: dict[str, Words] = {
    "sent": Words("已送达", "Sent"),
    "mending": Words("整改期内", "Time to mend"),
    "ripe": Words("到期未改", "Not mended in time"),
    "mended": Words("已自行整改，此步撤销", "Mended by the unit: the step falls away"),
    "reported": Words("单位已报办结", "Reported done by the unit"),
    "effective": Words("已生效", "In effect"),
    "withdrawn": Words("已撤回", "Withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken over a share and not withdrawn. ``mend_by`` the day the unit was given."""

    step: str
    on: dt.date
    mend_by: dt.date | None = None


def may_take(
    step: Step, taken: Sequence[Taken], unit_days: Sequence[dt.date], level: int, due_on: dt.date | None,
    today: dt.date, calendar: Calendar, ladder: Ladder,
) -> Outcome:  # fmt: skip
    """Answer whether a share may be pressed by this step today.

    ``taken``: the steps over this share; ``unit_days``: on which days this step was taken over any share of the unit.
    ``level`` is the duty's: from 1 on the house itself has reminded the unit.
    """
    rule = ladder.steps[step]
    facts: dict[str, Any] = {
        "step": step, "taken": [[t.step, str(t.on)] for t in taken], "level": level, "due_on": str(due_on),
        "today": str(today),
    }  # fmt: skip
    last = max((t.on for t in taken), default=None)
    if last is not None and calendar.working_days_between(last, today) < ladder.gap_working_days:
        gap, again = ladder.gap_working_days, calendar.add_working_days(last, ladder.gap_working_days)
        return refuse(
            "pressed_recently", f"{last}已催过，{gap}个工作日内不重复。",
            f"Pressed on {last}; not again within {gap} working days.",
            Words(f"{again}起可再次办理。", f"It can be done again from {again}."), (REMIND,), **facts,
        )  # fmt: skip
    if step != "remind" and (due_on is None or today <= due_on):
        return refuse(
            "not_overdue", "尚未逾期，不能催办或督办。", "It is not overdue; it cannot be chased or ordered yet.",
            Words("可先提醒。", "A reminder can be sent."), (REMIND,), **facts,
        )  # fmt: skip
    before = [t for t in taken if t.step in rule.after]
    if rule.after and not before and not ("remind" in rule.after and level):
        return _not_before(rule.after[0], step, facts)
    waits = _waits(step, before, today, calendar, ladder, facts)
    if waits is not None:
        return waits
    return _not_too_often(step, taken, unit_days, today, ladder, facts)


def _not_before(needed: str, step: Step, facts: dict[str, Any]) -> Outcome:
    codes = {"remind": "not_reminded", "chase": "not_chased", "order": "not_ordered"}
    first, then = STEPS[needed], STEPS[step]  # type: ignore[index]
    return refuse(
        codes[needed], f"{then.zh}之前应先{first.zh}。", f"{first.en} comes before {then.en.lower()}.",
        Words(f"请先{first.zh}。", f"Take this step first: {first.en.lower()}."), (REMIND,), **facts,
    )  # fmt: skip


def _waits(
    step: Step, before: Sequence[Taken], today: dt.date, calendar: Calendar, ladder: Ladder, facts: dict[str, Any]
) -> Outcome | None:
    """Let the step before have its time, and the unit the time it was given to mend."""
    if not before:
        return None
    last, rule = max(before, key=lambda t: t.on), ladder.steps[step]
    if calendar.working_days_between(last.on, today) < rule.after_working_days:
        again = calendar.add_working_days(last.on, rule.after_working_days)
        return refuse(
            "too_soon_after", f"{last.on}刚{STEPS[last.step].zh}，至少隔{rule.after_working_days}个工作日。",  # type: ignore[index]
            f"{last.on} is less than {rule.after_working_days} working days ago.",
            Words(f"{again}起可办。", f"It can be done from {again}."), (REMIND,), **facts,
        )  # fmt: skip
    if step in ANNOUNCED and last.mend_by is not None and today <= last.mend_by:
        return refuse(
            "time_to_mend", f"督办单给单位的整改期到{last.mend_by}，尚未届满。",
            f"The order gives the unit until {last.mend_by} to mend.",
            Words("请等整改期满。", "Wait until that day is past."), (REMIND,), **facts,
        )  # fmt: skip
    return None


def _not_too_often(
    step: Step, taken: Sequence[Taken], unit_days: Sequence[dt.date], today: dt.date, ladder: Ladder,
    facts: dict[str, Any],
) -> Outcome:  # fmt: skip
    rule, name = ladder.steps[step], STEPS[step]
    mine = [t.on for t in taken if t.step == step]
    for most, within, days, zh, en in (
        (rule.most, rule.within_days, mine, "同一事项", "over one share"),
        (rule.unit_most, rule.unit_within_days, list(unit_days), "同一单位", "over one unit"),
    ):
        recent = sorted(day for day in days if day > today - dt.timedelta(days=within))
        if most and len(recent) >= most:
            again = recent[-most] + dt.timedelta(days=within)
            return refuse(
                "too_often", f"{zh}{within}日内{name.zh}不超过{most}次，最近一次在{recent[-1]}。",
                f"At most {most} in {within} days {en}; the last was on {recent[-1]}.",
                Words(f"{again}起可办。", f"It can be done from {again}."), (REMIND,), **facts,
            )  # fmt: skip
    return Granted()


def mend_by(step: str, sent_on: dt.date, calendar: Calendar, ladder: Ladder) -> dt.date | None:
    """Return the day by which the unit may mend a step that reaches it on ``sent_on``; None for a reminder."""
    rule = ladder.steps.get(step)
    return calendar.add_working_days(sent_on, rule.mend_working_days) if rule and rule.mend_working_days else None


def standing(step: str, state: str, mend_by_day: dt.date | None, mended_on: dt.date | None, today: dt.date) -> str:
    """Return what has become of a step, as a key of ``STANDINGS``.

    ``state`` is open, effective or withdrawn; ``mended_on`` the day of the unit's report of completion that was not
    sent back. A step that took effect stays so; before that, mending makes it fall away, however late.
    """
    if state in ("effective", "withdrawn"):
        return state
    if mended_on is not None:
        return "mended" if step in ANNOUNCED else "reported"
    if mend_by_day is None or step not in FORMAL:
        return "sent"
    return "mending" if today <= mend_by_day else "ripe"
