"""Everything that can be done with a task's shares, one verb a function."""

from luoshi.supervision.actions.consultations import answer, consult, decide_question, disagree, withdraw_question
from luoshi.supervision.actions.hands import assign, hand_over
from luoshi.supervision.actions.lists import resolve_units
from luoshi.supervision.actions.milestones import drop_milestone, reach_milestone, set_milestone
from luoshi.supervision.actions.oversight import cancel, close, extend, resume, suspend
from luoshi.supervision.actions.pieces import drop_piece, finish_piece, split, unsplit
from luoshi.supervision.actions.pressing import escalate, note
from luoshi.supervision.actions.review import review_approve, review_return
from luoshi.supervision.actions.schemes import choose_scheme
from luoshi.supervision.actions.stages import pass_stage, reopen_stage, state_fact, take_back_fact
from luoshi.supervision.actions.work import accept, report_done, report_progress, start

__all__ = [
    "accept",
    "answer",
    "assign",
    "cancel",
    "choose_scheme",
    "close",
    "consult",
    "decide_question",
    "disagree",
    "drop_milestone",
    "drop_piece",
    "escalate",
    "extend",
    "finish_piece",
    "hand_over",
    "note",
    "pass_stage",
    "reach_milestone",
    "reopen_stage",
    "report_done",
    "report_progress",
    "resolve_units",
    "resume",
    "review_approve",
    "review_return",
    "set_milestone",
    "split",
    "start",
    "state_fact",
    "suspend",
    "take_back_fact",
    "unsplit",
    "withdraw_question",
]
