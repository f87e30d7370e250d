"""A year of the demo county over all packaged plans, and a second reading of its records in plain SQL and Python.

What is counted here shares no code with what the product counts: rows are read as they are stored, the colours' limits,
the scheme's weights and the calendar of working days are read from their files.
"""

import datetime as dt
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from chinese_calendar import is_workday
from django.db import connection

from luoshi.office.access import Actor
from luoshi.office.people.models import County
from luoshi.site import demo, demo_story, loading
from luoshi.supervision import actions, load
from luoshi.supervision.models import Assignment
from luoshi.supervision.queries import ledger
from luoshi.supervision.queries.ledger import Wanted

FIRST, LAST = dt.date(2023, 4, 13), dt.date(2024, 4, 12)
COUNTY = ZoneInfo("Asia/Shanghai")
NEAR_WORKING_DAYS = 7
WHY = "上级安排调整，经研究同意。"


@dataclass
class Year:
    """The county at the end of its year; what each month's last evening showed beside what its records say."""

    county: County
    asked: int = 0
    shown: dict[dt.date, Counter[str]] = field(default_factory=dict)
    counted: dict[dt.date, Counter[str]] = field(default_factory=dict)


def live() -> Year:
    """Live a year through with the real actions."""
    now = dt.datetime.combine(LAST, dt.time(8, 30), COUNTY)
    county = loading.load_directory("guyang", now)
    demo.fill(county, now)
    story, office, year = demo_story.begin(county), _Office(), Year(county)
    for day in demo_story.working_days(county, LAST):
        demo_story.one_day(story, day, LAST + dt.timedelta(days=1))
        office.on_day(story, day)
        if (day + dt.timedelta(days=4)).month != day.month or day == LAST:
            year.shown[day], year.counted[day] = _shown(county, day), marks(county.pk, day)
    year.asked = story.asked
    return year


def _shown(county: County, day: dt.date) -> Counter[str]:
    """Return the totals that the ledger shows a supervisor on a day."""
    totals = ledger.totals(Actor(county.pk, "supervisor"), Wanted(), day)
    names = ("overdue", "near", "on_time", "suspended", "done", "closed", "cancelled")
    found = Counter({name: getattr(totals, name) for name in names})
    found["near"] += getattr(totals, "behind", 0)
    return +found


class _Office:
    """What leading-group offices and the supervision desk do besides: stop, resume, extend, press."""

    def __init__(self) -> None:
        self.chance = random.Random(LAST.toordinal())

    def on_day(self, story: demo_story.Story, day: dt.date) -> None:
        """One working day of the offices."""
        offices = [actor for (_, role), actor in story.people.items() if role == "leading_office"]
        desk = next(actor for (_, role), actor in story.people.items() if role == "supervisor")
        shares = list(Assignment.objects.filter(county=story.county).select_related("duty").order_by("pk"))
        for share in self.chance.sample(shares, 3):
            due_on = share.duty.due_on if share.duty else None
            office = self.chance.choice(offices)
            if share.state == "suspended":
                story.ask(office, day, actions.resume, assignment_id=share.pk)
            elif self.chance.random() < 0.2:
                story.ask(office, day, actions.suspend, assignment_id=share.pk, reason=WHY)
            elif due_on is not None:
                later = due_on + dt.timedelta(days=self.chance.randrange(5, 40))
                story.ask(office, day, actions.extend, assignment_id=share.pk, reason=WHY, due_on=later)
            step = self.chance.choice(("remind", "chase", "order"))
            story.ask(desk, day, actions.escalate, assignment_id=share.pk, step=step, reason="临近或已过期限，请抓紧。")


def rows(sql: str, *given: object) -> list[dict[str, Any]]:
    """Read rows as they are stored; days as dates."""
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        names = [column[0] for column in cursor.description]
        found = cursor.fetchall()
    return [{n: _day(v) if n.endswith("_on") else v for n, v in zip(names, row, strict=True)} for row in found]


def _day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value  # SQLite gives worked-out days as text


def marks(county_id: int, today: dt.date) -> Counter[str]:
    """Count tasks by what their colour says today."""
    near = today
    left = 0
    while left < NEAR_WORKING_DAYS:
        near += dt.timedelta(days=1)
        left += is_workday(near)
    while not is_workday(near + dt.timedelta(days=1)):
        near += dt.timedelta(days=1)
    missed = {row["task_id"] for row in rows(
        "SELECT task_id FROM supervision_milestone WHERE county_id = %s AND state = 'open' AND due_on < %s", county_id, today
    )}  # fmt: skip
    found: Counter[str] = Counter()
    for task in rows("SELECT id, state, due_on FROM plans_task WHERE county_id = %s", county_id):
        due_on = task["due_on"]
        if task["state"] != "open":
            found[task["state"]] += 1
        elif due_on is not None and due_on < today:
            found["overdue"] += 1
        elif (due_on is not None and due_on <= near) or task["id"] in missed:
            found["near"] += 1
        else:
            found["on_time"] += 1
    return +found


def of_units(county_id: int, first: dt.date, today: dt.date) -> dict[int, Counter[str]]:
    """Count what the reports of each unit state: shares, done, late, fell due, on time, reports, returned."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for share in rows(
        "SELECT a.unit_id, a.state, COALESCE(d.due_on, t.due_on) AS due_on, d.id AS duty FROM supervision_assignment a "
        "JOIN plans_task t ON t.id = a.task_id LEFT JOIN duties_duty d ON d.id = a.duty_id "
        "WHERE a.county_id = %s AND a.state <> 'cancelled' AND t.replaced_on IS NULL", county_id,
    ):  # fmt: skip
        unit = found[share["unit_id"]]
        unit["tasks"] += 1
        unit["tasks_done"] += share["state"] in ("done", "closed")
        running = share["state"] not in ("done", "closed", "suspended")
        unit["tasks_overdue"] += running and share["due_on"] is not None and share["due_on"] < today
    for duty in rows(
        "SELECT unit_id, due_on, closed_on FROM duties_duty WHERE county_id = %s AND subject_kind = 'assignment' "
        "AND state <> 'cancelled' AND due_on >= %s AND due_on <= %s", county_id, first, today,
    ):  # fmt: skip
        unit = found[duty["unit_id"]]
        unit["duties_due"] += 1
        unit["duties_on_time"] += duty["closed_on"] is not None and duty["closed_on"] <= duty["due_on"]
    for report in rows(
        "SELECT a.unit_id, r.decision FROM supervision_report r JOIN supervision_assignment a ON a.id = r.assignment_id "
        "WHERE r.county_id = %s AND a.state <> 'cancelled' AND r.reported_on >= %s AND r.reported_on <= %s",
        county_id, first, today,
    ):  # fmt: skip
        found[report["unit_id"]]["reports"] += 1
        found[report["unit_id"]]["reports_returned"] += report["decision"] == "returned"
    return found


def minutes(county_id: int, first: dt.date, last: dt.date) -> dict[tuple[int, dt.date], int]:
    """Add up what supervision cost each unit in each week, capped kinds and others together."""
    scheme = yaml.safe_load((Path(load.__file__).parent / "scheme.yaml").read_text("utf-8"))[0]
    weight = {kind: given.get("minutes", 0) for kind, given in scheme["kinds"].items()}
    found: dict[tuple[int, dt.date], int] = defaultdict(int)

    def add(unit_id: int, day: dt.date, cost: int) -> None:
        if first <= day <= last:
            found[unit_id, day - dt.timedelta(days=day.weekday())] += cost

    for sent in rows(
        "SELECT unit_id, kind, not_before FROM notices_outboxmessage WHERE county_id = %s AND unit_id IS NOT NULL",
        county_id,
    ):
        if sent["kind"] in scheme["messages"]:
            day = sent["not_before"].astimezone(COUNTY).date()
            add(sent["unit_id"], day, weight[scheme["messages"][sent["kind"]]])
    for duty in rows(
        "SELECT unit_id, subject_kind, due_on FROM duties_duty WHERE county_id = %s AND state <> 'cancelled' "
        "AND due_on IS NOT NULL", county_id,
    ):  # fmt: skip
        if duty["subject_kind"] in scheme["duties"]:
            add(duty["unit_id"], duty["due_on"], weight[scheme["duties"][duty["subject_kind"]]])
    for press in rows(
        "SELECT unit_id, step, sent_on FROM load_press WHERE county_id = %s AND state <> 'withdrawn'", county_id
    ):
        add(press["unit_id"], press["sent_on"], weight[press["step"]])
    for seat in rows(
        "SELECT DISTINCT unit_id, meeting_id, day AS held_on FROM meetings_invitation WHERE county_id = %s AND counts",
        county_id,
    ):
        add(seat["unit_id"], seat["held_on"], weight["meeting"])
    kind = scheme["kinds"]["ask"]
    for ask in rows(
        "SELECT u.unit_id, a.due_on, a.cells, a.papers FROM load_askedunit u JOIN load_ask a ON a.id = u.ask_id "
        "WHERE u.county_id = %s AND u.joined_id IS NULL AND a.called_off_on IS NULL", county_id,
    ):  # fmt: skip
        cost = kind["minutes"] + kind["per_cell"] * ask["cells"] + kind["per_paper"] * ask["papers"]
        add(ask["unit_id"], ask["due_on"], cost)
    for unit_id, day in visits(county_id):
        add(unit_id, day, scheme["kinds"]["check"]["per_day"])
    return {key: cost for key, cost in found.items() if cost}


def visits(county_id: int) -> list[tuple[int, dt.date]]:
    """Return each working day of each check at each unit."""
    found = []
    for visit in rows(
        "SELECT u.unit_id, c.visit_from AS first_on, c.visit_to AS last_on FROM load_checkedunit u "
        "JOIN load_check c ON c.id = u.check_of_id WHERE u.county_id = %s AND c.state <> 'cancelled'", county_id,
    ):  # fmt: skip
        for n in range((visit["last_on"] - visit["first_on"]).days + 1):
            if is_workday(day := visit["first_on"] + dt.timedelta(days=n)):
                found.append((visit["unit_id"], day))
    return found
