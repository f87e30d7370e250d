"""What can be done with ledgers that leave and come back, one verb a function."""

from luoshi.supervision.workbook.actions.exports import export, finish_export
from luoshi.supervision.workbook.actions.imports import decide, discard, receive, settle

__all__ = ["decide", "discard", "export", "finish_export", "receive", "settle"]
