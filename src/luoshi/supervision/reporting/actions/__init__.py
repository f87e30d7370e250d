"""What is done with forms: opening, answering, correcting, confirming, sending, taking in, sending back."""

from luoshi.supervision.reporting.actions.answering import answer, correct, uncorrect
from luoshi.supervision.reporting.actions.rounds import open_own, open_rounds
from luoshi.supervision.reporting.actions.sending import confirm, receive, reopen, send_back, submit

__all__ = [
    "answer",
    "confirm",
    "correct",
    "open_own",
    "open_rounds",
    "receive",
    "reopen",
    "send_back",
    "submit",
    "uncorrect",
]
