"""A small county with a plan whose forms come round, and short ways through the actions."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

from luoshi.core.outcome import Granted
from luoshi.office import door
from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE, Action, Call, Result
from luoshi.office.plans.models import Plan, Stage
from luoshi.supervision.reporting import actions, filling
from luoshi.supervision.reporting.models import Filing
from luoshi.supervision.reporting.sheet import Sheet
from tests.supervision import small_county
from tests.supervision.small_county import Small


def at(day: str, hour: int = 9) -> dt.datetime:
    """Return a moment of a day in the county."""
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), COUNTY_ZONE)


@dataclass
class Desk:
    """The small county seen from the desk where forms are filled."""

    small: Small
    plan: Plan

    def open(self, day: str) -> Result:
        """Let the system open what is due."""
        now = at(day)
        return actions.open_rounds(Call(Actor(self.small.county.pk, "system"), now, f"open-{now.isoformat()}"))

    def ask(self, act: Action[Any, Any], seat: str, day: str, **given: Any) -> Result:
        """Ask an action from a seat on a day."""
        return act(self.small.call(seat, now=at(day)), **given)

    def do(self, act: Action[Any, Any], seat: str, day: str, **given: Any) -> Result:
        """Ask an action that must be granted."""
        result = self.ask(act, seat, day, **given)
        assert isinstance(result.outcome, Granted), result.outcome
        return result

    def filing(self, unit: str, to_on: str, form: str = "housing-ten-day") -> Filing:
        """Return a unit's form of a round."""
        return filling.rows().get(unit=self.small.units[unit], round__to_on=to_on, round__form=form)

    def sheet(self, filing: Filing, day: str) -> Sheet:
        """Return the form as it stands on a day."""
        return filling.sheet_of(filling.rows().get(pk=filing.pk), at(day))

    def answers(self, filing: Filing, day: str, **more: str) -> dict[str, str]:
        """Return an answer to everything the form still asks, by cell."""
        usual = {
            "housing-planned": "10", "housing-started": "4", "housing-completed": "2", "housing-accepted": "1",
            "housing-paid": "0",
        } | {k.replace("_", "-"): v for k, v in more.items()}  # fmt: skip
        asked = [c for c in self.sheet(filing, day).cells() if c.origin == "missing" and c.question]
        return {c.key: usual.get(c.question, "无") for c in asked}

    def send(self, filing: Filing, seat: str, day: str, **more: str) -> None:
        """Answer what is asked, confirm and send."""
        answers = self.answers(filing, day, **more)
        if answers:
            self.do(actions.answer, seat, day, filing_id=filing.pk, answers=answers)
        self.do(actions.confirm, seat, day, filing_id=filing.pk)
        self.do(actions.submit, seat, day, filing_id=filing.pk)


def desk_of(small: Small) -> Desk:
    """Give the county a housing plan in force, with its stages and two tasks of each town."""
    with door.opened("fixture"):
        plan = Plan.objects.create(
            county=small.county, code="housing", subject="housing", name_zh="危房改造方案", name_en="Housing plan",
            leading_unit=small.units["lead-group"], from_on=dt.date(2023, 4, 25), until_on=dt.date(2023, 9, 30),
        )  # fmt: skip
        Stage.objects.create(
            county=small.county, plan=plan, code="housing-stage-2", order=2, name_zh="实施阶段", name_en="Building",
            from_on=dt.date(2023, 5, 1), until_on=dt.date(2023, 8, 31),
        )  # fmt: skip
    for _ in range(2):
        small.task(
            "joint", (("towns", "responsible"),), plan=plan, due_on=dt.date(2023, 8, 31), today=dt.date(2023, 5, 1)
        )
    return Desk(small, plan)


@pytest.fixture
def desk(db: None) -> Desk:
    """The desk over a fresh small county."""
    return desk_of(small_county.make())
