"""What a task's state is, given its shares; which step of pressing may follow which. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from luoshi.core.calendar import Calendar
from luoshi.core.outcome import Granted, Outcome, refuse
from luoshi.core.words import Words
from luoshi.supervision.stages import REMIND

SETTLED = frozenset({"done", "closed", "cancelled"})
STAGE_ROLE = {"town_clerk": "officer", "village_clerk": "officer", "county_head": "leading_office"}
"""In which role of the stages table a post of the house acts; a post not named here acts as itself."""

Step = Literal["remind", "chase", "order"]
STEPS: dict[Step, Words] = {
    "remind": Words("提醒", "Reminder"),
    "chase": Words("催办", "Chasing"),
    "order": Words("督办", "Supervision order"),
}
LEVEL_AFTER: dict[Step, int] = {"chase": 3, "order": 4}
CHASED = 3


@dataclass(frozen=True, slots=True)
class Pressing:
    """How often a unit may be pressed over one share: our default, which the county may set otherwise."""

    gap_working_days: int = 3


def task_state(mode: str, shares: Iterable[tuple[str, str]]) -> str:
    """Return ``open``, ``suspended``, ``done``, ``closed`` or ``cancelled`` for a task whose shares are (role, state).

    In ``lead_support`` the lead's share decides, in every other mode all shares do; cancelled shares do not count
    unless there are no others.
    """
    everything = list(shares)
    counted = [(role, state) for role, state in everything if state != "cancelled"]
    if everything and not counted:
        return "cancelled"
    led = [state for role, state in counted if role == "lead"]
    deciding = led if mode == "lead_support" and led else [state for _, state in counted]
    if not deciding:
        return "open"
    unsettled = [state for state in deciding if state not in SETTLED]
    if not unsettled:
        return "closed" if set(deciding) == {"closed"} else "done"
    return "suspended" if all(state == "suspended" for state in unsettled) else "open"


def may_press(
    step: Step, level: int, due_on: dt.date | None, last_on: dt.date | None, today: dt.date, calendar: Calendar,
    scheme: Pressing | None = None,
) -> Outcome:  # fmt: skip
    """Answer whether a share may be pressed by this step today.

    A reminder may go any time; chasing needs an overdue day; an order needs that the unit was chased before.
    ``level`` is the duty's, ``last_on`` the day it was last pressed. Nobody is pressed twice within the gap.
    """
    gap = (scheme or Pressing()).gap_working_days
    facts: dict[str, Any] = {"level": level, "due_on": str(due_on), "last_on": str(last_on), "today": str(today)}
    if last_on is not None and calendar.working_days_between(last_on, today) < gap:
        again = calendar.add_working_days(last_on, gap)
        return refuse(
            "pressed_recently", f"{last_on}已催过，{gap}个工作日内不重复。",
            f"Pressed on {last_on}; not again within {gap} working days.",
            Words(f"{again}起可再次办理。", f"It can be done again from {again}."), (REMIND,), **facts,
        )  # fmt: skip
    if step != "remind" and (due_on is None or today <= due_on):
        return refuse(
            "not_overdue", "尚未逾期，不能催办或督办。", "It is not overdue; it cannot be chased or ordered yet.",
            Words("可先提醒。", "A reminder can be sent."), (REMIND,), **facts,
        )  # fmt: skip
    if step == "order" and level < CHASED:
        return refuse(
            "not_chased", "督办之前应先催办。", "Chasing comes before a supervision order.",
            Words("请先催办。", "Chase it first."), (REMIND,), **facts,
        )  # fmt: skip
    return Granted()
