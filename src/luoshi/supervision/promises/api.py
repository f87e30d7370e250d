"""The promises in the API: the columns of the open data, for everybody."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from luoshi.office.access import Actor
from luoshi.office.people.models import County
from luoshi.office.plans.models import Task
from luoshi.office.resources import PAGE_LIMIT, Resource
from luoshi.supervision.promises import opendata, publicity, queries
from luoshi.supervision.promises.readables import PROMISE


@dataclass(frozen=True, slots=True)
class Promises(Resource):
    """Tasks that the public is shown on a day, each with exactly the columns of the open data."""

    today: dt.date | None = None

    def on(self, today: dt.date) -> "Promises":
        """Return the promises as they stand on a day."""
        return replace(self, today=today)

    @property
    def day(self) -> dt.date:
        """The day on which they are read."""
        assert self.today is not None, "promises are read on a day"
        return self.today

    def visible(self, actor: Actor) -> QuerySet[Any]:
        """Return the tasks of the actor's county that are shown today."""
        county = County.objects.filter(pk=actor.county_id).first()
        if county is None:
            return Task.objects.none()
        plans = publicity.shown_plans(county, self.day)
        return self.readable.visible(actor, publicity.tasks(county, plans))

    def page(self, actor: Actor, after: int, limit: int, given: Mapping[str, str]) -> dict[str, Any]:
        """Return one keyset page, its rows read together."""
        rows = self.visible(actor).filter(pk__gt=after)
        for name, text in given.items():
            rows = self._filtered(rows, name, text)
        size = min(limit, PAGE_LIMIT)
        found = list(rows.order_by("pk")[: size + 1])
        return {"items": _records(found[:size], self.day), "next": found[size - 1].pk if len(found) > size else None}

    def as_json(self, row: Any) -> dict[str, Any]:
        """Return the columns of the open data of one task."""
        return _records([row], self.day)[0]


def _records(tasks: Sequence[Task], today: dt.date) -> list[dict[str, Any]]:
    if not tasks:
        return []
    seen = queries.view(tasks[0].county, today)
    return [{"id": p.task_id, **opendata.record(seen, p)} for p in queries.of(seen, tasks)]


RESOURCES = (
    Promises(
        "promises", PROMISE, lambda: Task.objects.select_related("county"), tuple(opendata.COLUMNS),
        {"plan": "plan__code", "state": "state", "due_before": "due_on__lt", "unit": "assignments__unit__code"},
    ),
)  # fmt: skip
