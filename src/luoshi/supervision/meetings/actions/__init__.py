"""What is done with leading groups and meetings."""

from luoshi.supervision.meetings.actions.groups import add_seat, end_seat, load_groups, open_group, tie_seat
from luoshi.supervision.meetings.actions.meetings import call_meeting, cancel, confirm_minutes, decide, hold

__all__ = [
    "add_seat", "call_meeting", "cancel", "confirm_minutes", "decide", "end_seat", "hold", "load_groups", "open_group",
    "tie_seat",
]  # fmt: skip
