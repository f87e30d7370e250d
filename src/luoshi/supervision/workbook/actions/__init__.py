"""What can be done with ledgers that leave and come back, one verb a function."""

from luoshi.supervision.workbook.actions.exports import export, finish_export
from luoshi.supervision.workbook.actions.imports import decide, discard, receive, settle
from luoshi.supervision.workbook.actions.old import confirm, correct, discard_old, name, receive_old

__all__ = [
    "confirm",
    "correct",
    "decide",
    "discard",
    "discard_old",
    "export",
    "finish_export",
    "name",
    "receive",
    "receive_old",
    "settle",
]
