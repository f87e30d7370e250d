"""The months before the demo's day, lived through with the same actions that officers use.

Each working day the tick runs, units sign for what came, report, and the supervision desk reviews. Who is quick and who
is slow is drawn from one fixed seed; nothing is written past the one door.
"""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from luoshi.core.calendar import default_calendar
from luoshi.office import register
from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE, Action, Call
from luoshi.office.duties.tick import tick
from luoshi.office.people.acting import actor_of
from luoshi.office.people.models import Appointment, County
from luoshi.site import loading
from luoshi.site.demo import SEED
from luoshi.supervision import actions
from luoshi.supervision import demo as inside_demo
from luoshi.supervision.load import demo as load_demo
from luoshi.supervision.meetings import demo as meetings_demo
from luoshi.supervision.models import Assignment, Report
from luoshi.supervision.outlook import demo as outlook_demo
from luoshi.supervision.promises import demo as promises_demo
from luoshi.supervision.reporting import demo as reporting_demo
from luoshi.supervision.scores import demo as scores_demo

PROGRESS = (
    "已研究部署，明确了分管领导和具体承办人。",
    "已完成摸底，形成问题清单，正在逐项整改。",
    "按计划推进，本月已开展检查并建立台账。",
    "已会同配合单位召开协调会，形成会议纪要。",
)
DONE = ("已按要求完成，佐证材料齐全，请审核。", "任务已办结，台账和照片已归档。")
RETURN = ("缺少佐证材料，请补充后重新上报。", "完成情况与台账数字不一致，请核对。")


@dataclass
class Story:
    """One seeded run through the days."""

    county: County
    chance: random.Random
    asked: int = 0
    people: dict[tuple[int, str], Actor] = field(default_factory=dict)
    pace: dict[int, float] = field(default_factory=dict)

    def ask(self, actor: Actor, day: dt.date, act: Action, **given: object) -> bool:
        """Ask one action in working hours of a day and tell whether it was granted."""
        self.asked += 1
        at = dt.time(self.chance.choice((9, 10, 11, 14, 15, 16)), self.chance.randrange(60))
        moment = dt.datetime.combine(day, at, COUNTY_ZONE)
        return bool(act(Call(actor, moment, f"demo:story:{self.asked}", "web"), **given).outcome)

    def worker(self, unit_id: int) -> Actor | None:
        """Return who works for a unit."""
        return self.people.get((unit_id, "officer")) or self.people.get((unit_id, "town_clerk"))


def live_through(county: County, now: dt.datetime) -> int:
    """Load each plan on the day it came into force, then live day by day until ``now``; return the actions asked."""
    story = begin(county)
    for day in working_days(county, now.date()):
        with transaction.atomic():  # one day, one write to disk
            one_day(story, day, now.date())
    return story.asked


def begin(county: County) -> Story:
    """Return the story of a county before its first day."""
    story = Story(county, random.Random(SEED))  # noqa: S311 - a demo, not a secret
    for row in (
        Appointment.objects.filter(county=county).select_related("post__unit__place", "post__place").order_by("pk")
    ):
        story.people.setdefault((row.post.unit_id, row.post.role), actor_of(row))
    return story


def one_day(story: Story, day: dt.date, today: dt.date) -> None:
    """Live one day; of the last one, ``today``, only the morning."""
    county = story.county
    morning = dt.datetime.combine(day, dt.time(8, 30), COUNTY_ZONE)
    _one_morning(county, register.plans(county.code), day, morning, today)
    reporting_demo.one_day(county, story.people, day, at_work=day < today)
    outlook_demo.live_morning(county.pk, story.people, morning)
    if day < today:
        _units_work(story, day)
        inside_demo.on_day(county, story.people, day)
        promises_demo.on_day(county, story.people, story.ask, day)
        meetings_demo.on_day(county, story.people, day)
        scores_demo.on_day(county, story.people, story.ask, day)
        load_demo.on_day(county, story.people, story.ask, day)


def _one_morning(
    county: County, plans: Sequence[register.PlanData], day: dt.date, morning: dt.datetime, today: dt.date
) -> None:
    for plan in plans:
        if plan.effective_on == day or (day == today and plan.effective_on > day):
            loading.load_plan_on(county, plan, morning)
    tick(morning)


def working_days(county: County, last: dt.date) -> Iterator[dt.date]:
    """Yield the working days from the day the first plan came into force; that day and the last one always."""
    calendar = default_calendar()
    day = first = min(plan.effective_on for plan in register.plans(county.code))
    while day <= last:
        if calendar.is_working(day) or day in (first, last):
            yield day
        day += dt.timedelta(days=1)


def _units_work(story: Story, day: dt.date) -> None:
    open_states = ("assigned", "accepted", "in_progress", "returned", "reported")
    rows = Assignment.objects.filter(county=story.county, state__in=open_states, assigned_on__lt=day)
    for share in rows.select_related("task", "duty").order_by("pk"):
        pace = story.pace.setdefault(share.unit_id, story.chance.choice((0.5, 1.0, 1.0, 1.6)))
        if share.state == "reported":
            if story.chance.random() < 0.5:
                _review(story, day, share)
        elif story.chance.random() < pace * _eagerness(share, day):
            _work(story, day, share)


def _eagerness(share: Assignment, day: dt.date) -> float:
    """How likely a unit is to act on a share today. Work that comes round every week or month is seldom let slip."""
    due_on = share.duty.due_on if share.duty else None
    left = (due_on - day).days if due_on else 999
    recurring = bool(share.task.every)
    if share.state == "assigned":
        return 0.6 if left <= 5 else 0.3
    if share.state == "accepted":
        return 0.6 if left <= 5 else 0.2
    if due_on is None:
        return 0.008
    if left <= 5:
        return 0.6 if recurring else 0.25
    return 0.08 if left <= 20 else 0.012


def _work(story: Story, day: dt.date, share: Assignment) -> None:
    actor = story.worker(share.unit_id)
    if actor is None:
        return
    due_on = share.duty.due_on if share.duty else None
    if share.state == "assigned":
        story.ask(actor, day, actions.accept, assignment_id=share.pk)
    elif share.state == "accepted":
        story.ask(actor, day, actions.start, assignment_id=share.pk)
    elif share.state == "returned" or (due_on is not None and (due_on - day).days <= 12):
        story.ask(actor, day, actions.report_done, assignment_id=share.pk, text=story.chance.choice(DONE))
    else:
        percent = min(95, share.percent + story.chance.randrange(5, 30))
        text = story.chance.choice(PROGRESS)
        story.ask(actor, day, actions.report_progress, assignment_id=share.pk, text=text, percent=percent)


def _review(story: Story, day: dt.date, share: Assignment) -> None:
    report = Report.objects.filter(assignment=share, kind="done", decision="").order_by("-number").first()
    supervisor = next((a for (_, role), a in story.people.items() if role == "supervisor"), None)
    if report is None or supervisor is None:
        return
    if story.chance.random() < 0.85:
        story.ask(supervisor, day, actions.review_approve, report_id=report.pk)
    else:
        story.ask(supervisor, day, actions.review_return, report_id=report.pk, reason=story.chance.choice(RETURN))
