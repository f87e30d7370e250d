"""Everything that can be done with a task's shares, one verb a function."""

from luoshi.supervision.actions.hands import assign, hand_over
from luoshi.supervision.actions.oversight import cancel, close, extend, resume, suspend
from luoshi.supervision.actions.pressing import escalate, note
from luoshi.supervision.actions.review import review_approve, review_return
from luoshi.supervision.actions.schemes import choose_scheme
from luoshi.supervision.actions.work import accept, report_done, report_progress, start

__all__ = [
    "accept",
    "assign",
    "cancel",
    "choose_scheme",
    "close",
    "escalate",
    "extend",
    "hand_over",
    "note",
    "report_done",
    "report_progress",
    "resume",
    "review_approve",
    "review_return",
    "start",
    "suspend",
]
