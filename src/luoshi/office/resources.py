"""What the API lets be read: a readable kind of record, its rows, and the columns that are given out.

Columns are an allow-list: a column that is not named never leaves, so a new personal field cannot leak by being added.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Actor, Readable

PAGE = 50
PAGE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Resource:
    """One readable list: ``fields`` are attribute paths (``plan.code``), ``filters`` query names to field look-ups."""

    name: str
    readable: Readable
    rows: Callable[[], QuerySet[Any]]
    fields: tuple[str, ...]
    filters: Mapping[str, str] = field(default_factory=dict)

    def on(self, today: dt.date) -> "Resource":
        """Return the resource as it is read on a day; what most resources give does not depend on it."""
        return self

    def visible(self, actor: Actor) -> QuerySet[Any]:
        """Return the rows this actor may read."""
        return self.readable.visible(actor, self.rows())

    def page(self, actor: Actor, after: int, limit: int, given: Mapping[str, str]) -> dict[str, Any]:
        """Return one keyset page ``{"items", "next"}``: rows with an id above ``after``, at most ``limit``."""
        rows = self.visible(actor).filter(pk__gt=after)
        for name, text in given.items():
            rows = self._filtered(rows, name, text)
        found = list(rows.order_by("pk")[: min(limit, PAGE_LIMIT) + 1])
        more = len(found) > min(limit, PAGE_LIMIT)
        found = found[: min(limit, PAGE_LIMIT)]
        return {"items": [self.as_json(row) for row in found], "next": found[-1].pk if more else None}

    def one(self, actor: Actor, pk: int) -> dict[str, Any]:
        """Return one row; ``Problem`` 404 where it is not there or not this actor's to read."""
        row = self.visible(actor).filter(pk=pk).first()
        if row is None:
            raise Problem(
                f"{self.name}/{pk}",
                Words("没有这条记录，或者无权查看。", "There is no such record, or it is not yours to read."),
                Words("请从列表中打开。", "Open it from the list."),
                status=404,
            )
        return self.as_json(row)

    def as_json(self, row: Model) -> dict[str, Any]:
        """Return the allowed columns of one row as JSON values."""
        return {"id": row.pk, **{path.replace(".", "_"): plain(_reach(row, path)) for path in self.fields}}

    def _filtered(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        lookup = self.filters.get(name)
        try:
            if lookup is None:
                raise ValueError
            return rows.filter(**{lookup: text})
        except (ValueError, TypeError, OverflowError, ValidationError) as fault:
            known = ", ".join(self.filters) or "-"
            raise Problem(
                name,
                Words(f"筛选条件“{name}”不能用“{text[:40]}”。", f"The filter {name!r} cannot take {text[:40]!r}."),
                Words(f"可用的筛选：{known}。", f"Filters here: {known}."),
            ) from fault


def plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Words):
        return value.as_json()
    return value


def _reach(row: Any, path: str) -> Any:
    for step in path.split("."):
        if row is None:
            return None
        row = getattr(row, step)
    return row
