"""A small county for tests: two towns, three departments, a collective unit, people in posts, one plan."""

import datetime as dt
import itertools
from dataclasses import dataclass, field
from typing import Any

from luoshi.office import door
from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE, Call
from luoshi.office.people.acting import actor_of
from luoshi.office.people.models import Account, Appointment, County, Place, Post, Unit
from luoshi.office.plans.models import Plan, Task, TaskUnit
from luoshi.supervision import assignments
from luoshi.supervision.models import Assignment

TODAY = dt.date(2023, 7, 3)
NOW = dt.datetime(2023, 7, 3, 9, 0, tzinfo=COUNTY_ZONE)
_numbers = itertools.count(1)
SEATS = (
    ("market", "officer"), ("market", "unit_head"), ("health", "officer"), ("police", "officer"),
    ("town-a", "town_clerk"), ("town-b", "town_clerk"), ("village-a1", "village_clerk"), ("office", "supervisor"),
    ("office", "county_head"), ("office", "editor"), ("office", "disclosure_officer"), ("office", "auditor"),
    ("lead-office", "leading_office"), ("other-lead", "leading_office"), ("office", "system_admin"),
    ("office", "security_admin"), ("office", "audit_admin"),
)  # fmt: skip


@dataclass
class Small:
    """What the tests reach for by name."""

    county: County
    units: dict[str, Unit] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    seats: dict[str, Appointment] = field(default_factory=dict)
    plan: Plan = None  # type: ignore[assignment]

    def actor(self, seat: str) -> Actor:
        """Return who sits at ``unit.role``."""
        return actor_of(self.seats[seat])

    def call(self, seat: str, request_id: str = "", now: dt.datetime = NOW) -> Call:
        """Return a call from a seat; each gets its own request id unless one is given."""
        return Call(self.actor(seat), now, request_id or f"test-{next(_numbers)}")

    def task(self, mode: str = "single", units: Any = (("market", "responsible"),), **more: Any) -> Task:
        """Make one confirmed task with its parts, assignments and duties."""
        number = next(_numbers)
        plan = more.pop("plan", self.plan)
        row: dict[str, Any] = {
            "county": self.county, "plan": plan, "code": f"T{number}", "order": number, "number": f"{number}.",
            "heading_zh": f"任务{number}", "heading_en": f"Task {number}", "mode": mode, "due_on": dt.date(2023, 9, 28),
        }  # fmt: skip
        today = more.pop("today", TODAY)
        row.update(more)
        with door.opened("fixture"):
            task = Task.objects.create(**row)
            TaskUnit.objects.bulk_create(
                TaskUnit(county=self.county, task=task, unit=self.units[u], role=role) for u, role in units
            )
            assignments.open_for(self.county.pk, [task], today)
        task.refresh_from_db()
        return task

    def inner(self, unit: str) -> Unit:
        """Return a unit inside another one, made on first use."""
        code = f"{unit}-inner"
        with door.opened("fixture"):
            made, _ = Unit.objects.get_or_create(
                county=self.county, code=code,
                defaults={
                    "name_zh": f"{code}单位", "name_en": code, "short_zh": code, "kind": "department",
                    "parent": self.units[unit],
                },
            )  # fmt: skip
        self.units[code] = made
        return made

    def share(self, task: Task, unit: str) -> Assignment:
        """Return a unit's assignment in a task, fresh from the database."""
        return Assignment.objects.select_related("duty", "task", "unit").get(task=task, unit=self.units[unit])


def make(code: str = "test") -> Small:
    """Build the county; call inside ``django_db``."""
    with door.opened("fixture"):
        return _make(code)


def _make(code: str) -> Small:
    small = Small(County.objects.create(code=code, division_code="150222", name_zh="试验县", name_en="Test County"))
    _places(small)
    _units(small)
    for unit, role in SEATS:
        _seat(small, unit, role)
    small.plan = Plan.objects.create(
        county=small.county, code="food", subject="foodsafety", name_zh="创建方案", name_en="Creation plan",
        leading_unit=small.units["lead-group"],
    )  # fmt: skip
    return small


def _places(small: Small) -> None:
    def place(code: str, kind: str, parent: Place | None) -> Place:
        path = f"{parent.path}/{code}" if parent else code
        made = Place.objects.create(
            county=small.county, code=code, kind=kind, name_zh=code, name_en=code, parent=parent, path=path
        )
        small.places[code] = made
        return made

    top = place(small.county.code, "county", None)
    for town in ("a", "b"):
        made = place(f"town-{town}", "town", top)
        place(f"village-{town}1", "village", made)


def _units(small: Small) -> None:
    def unit(code: str, collective: bool = False, place: str = "") -> Unit:
        made = Unit.objects.create(
            county=small.county, code=code, name_zh=f"{code}单位", name_en=code, short_zh=code, kind="department",
            collective=collective, place=small.places.get(place),
        )  # fmt: skip
        small.units[code] = made
        return made

    for code in ("market", "health", "police", "office", "lead-office", "lead-group", "other-lead"):
        unit(code)
    for code in ("town-a", "town-b", "village-a1"):
        unit(code, place=code)
    small.units["lead-office"].parent = small.units["lead-group"]
    small.units["lead-office"].save()
    unit("towns", collective=True).members.set([small.units["town-a"], small.units["town-b"]])


def _seat(small: Small, unit: str, role: str) -> None:
    number = next(_numbers)
    account = Account.objects.create(
        county=small.county, username=f"{small.county.code}-{number}", display_name=f"演{number}",
        must_change_password=False, password="!",
    )  # fmt: skip
    post = Post.objects.create(
        county=small.county, unit=small.units[unit], role=role, title_zh=role, title_en=role,
        place=small.units[unit].place,
    )  # fmt: skip
    small.seats[f"{unit}.{role}"] = Appointment.objects.create(
        county=small.county, account=account, post=post, from_on=dt.date(2023, 1, 1)
    )
