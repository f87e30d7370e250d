"""One cell of a workbook against one field of the house: the text it is compared by, and what it wants. Pure."""

import datetime as dt
from typing import Any

from luoshi.office.papers.text import clean


def printed(value: Any) -> str:
    """Return a value of the house, or a cell that was read, as the text by which cells are compared."""
    if type(value) is str:
        return value.strip() if value.isprintable() else clean(value).strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time(0) else value.isoformat(" ", "minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()
