"""What a task's state is, given its shares; the steps of pressing by name. Pure."""

from collections.abc import Iterable
from typing import Literal

from luoshi.core.words import Words

SETTLED = frozenset({"done", "closed", "cancelled"})
STAGE_ROLE = {"town_clerk": "officer", "village_clerk": "officer", "county_head": "leading_office"}
"""In which role of the stages table a post of the house acts; a post not named here acts as itself."""

Step = Literal["remind", "chase", "order", "talk", "circular"]
STEPS: dict[Step, Words] = {
    "remind": Words("提醒", "Reminder"),
    "chase": Words("催办", "Chasing"),
    "order": Words("督办", "Supervision order"),
    "talk": Words("约谈", "Talk"),
    "circular": Words("通报批评", "Circular of criticism"),
}
LEVEL_AFTER: dict[Step, int] = {"chase": 3, "order": 4}


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
