"""In the demo a lead sets a milestone and asks a supporting unit; one answers in time, one milestone is missed."""

import datetime as dt
from collections.abc import Mapping

from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE, Action, Call
from luoshi.office.people.models import County
from luoshi.supervision import actions
from luoshi.supervision.models import Assignment, Consultation, Milestone

ASKED, ANSWERED, REACHED = dt.date(2023, 5, 10), dt.date(2023, 5, 17), dt.date(2023, 6, 8)
FIRST, SECOND = dt.date(2023, 6, 9), dt.date(2023, 6, 30)
People = Mapping[tuple[int, str], Actor]


def on_day(county: County, people: People, day: dt.date) -> None:
    """Live one day; nothing happens on most."""
    if day == ASKED:
        for share in _leading(county)[:2]:
            _lead(people, day, share)
    elif day == ANSWERED:
        row = Consultation.objects.filter(county=county, state="open").order_by("pk").first()
        if row is not None and (actor := _worker(people, row.unit_id)) is not None:
            _ask(actor, day, actions.answer, consultation_id=row.pk, text="已按要求汇总，数据见本单位台账。")
    elif day == REACHED:
        step = Milestone.objects.filter(county=county, state="open", due_on=FIRST).order_by("pk").first()
        if step is not None and (actor := _worker(people, step.share.unit_id)) is not None:
            _ask(actor, day, actions.reach_milestone, milestone_id=step.pk, text="摸底表已建立，问题已逐项登记。")


def _leading(county: County) -> list[Assignment]:
    rows = Assignment.objects.filter(county=county, role="lead", state__in=("assigned", "accepted", "in_progress"))
    rows = rows.filter(task__assignments__role="support", duty__due_on__gt=SECOND, task__every__isnull=True)
    return list(rows.select_related("task").distinct().order_by("pk"))


def _lead(people: People, day: dt.date, share: Assignment) -> None:
    actor = _worker(people, share.unit_id)
    if actor is None:
        return
    given = {"assignment_id": share.pk}
    _ask(actor, day, actions.set_milestone, words="完成摸底并建立问题清单", due_on=FIRST, **given)
    _ask(actor, day, actions.set_milestone, words="完成半数问题整改", due_on=SECOND, **given)
    support = share.task.assignments.filter(role="support").order_by("pk").values_list("unit_id", flat=True).first()
    _ask(
        actor,
        day,
        actions.consult,
        unit_id=support,
        words="请提供本单位掌握的底数和问题清单。",
        due_on=dt.date(2023, 5, 24),
        **given,
    )


def _worker(people: People, unit_id: int) -> Actor | None:
    return people.get((unit_id, "officer")) or people.get((unit_id, "town_clerk"))


def _ask(actor: Actor, day: dt.date, act: Action, **given: object) -> None:
    """Ask at a fixed hour, so that the rest of the story keeps its course."""
    moment = dt.datetime.combine(day, dt.time(10, 30), COUNTY_ZONE)
    key = ":".join(str(v) for v in given.values() if isinstance(v, int | dt.date))
    act(Call(actor, moment, f"demo:inside:{act.name}:{day}:{key}", "web"), **given)
