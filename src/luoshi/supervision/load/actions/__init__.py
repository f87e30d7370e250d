"""What can be done with requests, steps of pressing, checks and the cap, one verb a function."""

from luoshi.supervision.load.actions.asks import call_off, respond, send
from luoshi.supervision.load.actions.cap import set_cap
from luoshi.supervision.load.actions.checks import approve, cancel, plan
from luoshi.supervision.load.actions.presses import answer, effect, keep, praise, withdraw
from luoshi.supervision.load.actions.visits import conclude, find, mend, object_to, reply, self_correct

__all__ = [
    "answer",
    "approve",
    "call_off",
    "cancel",
    "conclude",
    "effect",
    "find",
    "keep",
    "mend",
    "object_to",
    "plan",
    "praise",
    "reply",
    "respond",
    "self_correct",
    "send",
    "set_cap",
    "withdraw",
]
