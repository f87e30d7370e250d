"""Documents, plans and tasks as they stood on a day. A day is the county's date; the day of a change shows the new."""

import datetime as dt

from django.db.models import Q, QuerySet

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.plans.models import Document, Task


def tasks(rows: QuerySet[Task], day: dt.date) -> QuerySet[Task]:
    """Return the tasks in force on a day: made by then, and not yet replaced."""
    made = Q(in_force_from__isnull=True) | Q(in_force_from__lte=day)
    return rows.filter(made & (Q(replaced_on__isnull=True) | Q(replaced_on__gt=day)))


def documents(rows: QuerySet[Document], day: dt.date) -> QuerySet[Document]:
    """Return the version of each document in force on a day; a first version counts from its own day on."""
    begun = Q(in_force_from__isnull=True) | Q(in_force_from__lte=day)
    return rows.filter(begun & (Q(replaced_on__isnull=True) | Q(replaced_on__gt=day)))


def read(text: str | None) -> dt.date | None:
    """Read ``?as_of=2023-07-03``; None when it was not given, ``Problem`` when it is no day."""
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as fault:
        raise Problem(
            "as_of",
            Words(f"“{text[:20]}”不是日期。", f"{text[:20]!r} is not a day."),
            Words("请写成 2023-07-03 的形式。", "Write it like 2023-07-03."),
        ) from fault
