"""Who follows a plan: subjects that keep work for its tasks say here what to do when tasks come, go or come back.

The gazette confirms tasks and supervision gives them out; neither imports the other. Supervision registers its
follower when its app is ready, and the actions that make or replace tasks call ``confirmed``, ``withdrawn`` and
``forgotten`` inside their own transaction.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from luoshi.office import door
from luoshi.office.plans.models import Task

Row = dict[str, Any]
"""A row as it was: ``model`` (app.Model), ``pk``, ``fields`` (attname → value as JSON carries it)."""


@dataclass(frozen=True, slots=True)
class Follower:
    """One subject's answers, each called inside an action.

    ``confirmed(county_id, tasks, today)`` makes the work of confirmed tasks and returns how much was made; asking
    again makes nothing twice. ``touched(task_ids)`` counts by kind what hangs on tasks. ``withdrawn(task_ids,
    today)`` ends what is open on replaced tasks and returns the rows as they were. ``worked_on(task_ids)`` tells
    whether anybody has worked on them; ``forgotten(task_ids)`` removes work nobody has touched.
    """

    name: str
    confirmed: Callable[[int, Sequence[Task], dt.date], int]
    touched: Callable[[Sequence[int]], Mapping[str, int]]
    withdrawn: Callable[[Sequence[int], dt.date], list[Row]]
    worked_on: Callable[[Sequence[int]], bool]
    forgotten: Callable[[Sequence[int]], None]


_FOLLOWERS: dict[str, Follower] = {}


def follow(follower: Follower) -> None:
    """Register a follower; the same name again takes its place."""
    _FOLLOWERS[follower.name] = follower


def confirmed(county_id: int, tasks: Sequence[Task], today: dt.date) -> int:
    """Tell the followers that these tasks stand; return how many pieces of work were opened."""
    assert door.inside(), "tasks are confirmed by an action"
    return sum(f.confirmed(county_id, tasks, today) for f in _FOLLOWERS.values()) if tasks else 0


def touched(task_ids: Sequence[int]) -> dict[str, int]:
    """Count what hangs on these tasks, by kind; reads only."""
    counts: dict[str, int] = {}
    for follower in _FOLLOWERS.values():
        for kind, number in follower.touched(task_ids).items():
            counts[kind] = counts.get(kind, 0) + number
    return counts


def withdrawn(task_ids: Sequence[int], today: dt.date) -> list[Row]:
    """End what is open on replaced tasks; return every changed row as it was."""
    assert door.inside(), "tasks are replaced by an action"
    return [row for f in _FOLLOWERS.values() for row in f.withdrawn(task_ids, today)]


def worked_on(task_ids: Sequence[int]) -> bool:
    """Tell whether anybody has worked on these tasks."""
    return any(f.worked_on(task_ids) for f in _FOLLOWERS.values())


def forgotten(task_ids: Sequence[int]) -> None:
    """Remove the untouched work of tasks that are about to be taken back."""
    assert door.inside(), "tasks are taken back by an action"
    for follower in _FOLLOWERS.values():
        follower.forgotten(task_ids)
