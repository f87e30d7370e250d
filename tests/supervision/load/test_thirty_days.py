"""Thirty days of a supervision desk that asks too much: the cap holds, duplicates merge, days of rest stay silent.

The days hold a holiday (22 to 24 June) and a Sunday on which offices work (25 June). Every figure of the meter is worked
out a second time here, from the rows and the YAML, without the meter's code.
"""

import datetime as dt
import random
from collections import Counter, defaultdict
from importlib import resources

import pytest
import yaml

from luoshi.core.calendar import default_calendar
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.duties.models import Duty
from luoshi.office.duties.tick import tick
from luoshi.office.notices import outbox
from luoshi.office.notices.models import OutboxMessage
from luoshi.supervision import actions as work
from luoshi.supervision.load import actions, counted, meter
from luoshi.supervision.load.models import AskedUnit, CheckedUnit, Press
from tests.supervision import small_county
from tests.supervision.small_county import Small

FIRST, DAYS = dt.date(2023, 6, 19), 30
UNITS = ("market", "health", "police", "town-a", "town-b")
TITLES = (
    "上半年抽检批次统计",
    "上半年抽检批次统计表",
    "危房改造竣工户数",
    "危房改造竣工户数（截至本周）",
    "园区帮办事项清单",
    "安全隐患排查台账",
)
CALENDAR = default_calendar()
pytestmark = pytest.mark.slow


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), COUNTY_ZONE)


def live(small: Small) -> Counter[str]:
    """Live thirty days, day and night, days of rest too; return how often each answer was given."""
    chance = random.Random(20230619)
    shares = []
    for unit in UNITS:
        for n in range(8):
            due_on = FIRST + dt.timedelta(days=n * 4 - 6)
            shares.append(small.share(small.task(units=((unit, "responsible"),), due_on=due_on, today=FIRST), unit))
    answers: Counter[str] = Counter()

    def note(result: object) -> None:
        outcome = result.outcome  # type: ignore[attr-defined]
        answers["granted" if outcome else outcome.reasons[0].code] += 1

    for n in range(DAYS):
        day = FIRST + dt.timedelta(days=n)
        tick(at(day, 0, 5))
        tick(at(day, 7, 30))
        for hour in (8, 9, 11, 15, 17, 20):
            outbox.deliver(at(day, hour))
            for _ in range(3):
                unit = chance.choice(UNITS)
                _ask(small, chance, day, hour, unit, note)
            for share in chance.sample(shares, 4):
                step = chance.choice(("remind", "chase", "order", "talk"))
                call = small.call("office.supervisor", now=at(day, hour, chance.randrange(60)))
                note(work.escalate(call, assignment_id=share.pk, step=step, reason="逾期未报，请说明"))
        _check(small, chance, day, note)
        outbox.deliver(at(day, 23))
    return answers


def _ask(small: Small, chance: random.Random, day: dt.date, hour: int, unit: str, note: object) -> None:
    call = small.call("office.supervisor", now=at(day, hour, chance.randrange(60)))
    given = {
        "title": chance.choice(TITLES), "wanted": "请报送", "units": [small.units[unit].pk], "cells": chance.randrange(60),
        "papers": chance.randrange(3), "due_on": day + dt.timedelta(days=chance.randrange(2, 12)),
    }  # fmt: skip
    result = actions.send(call, **given)
    note(result)  # type: ignore[operator]
    if not result.outcome and result.outcome.reasons[0].code == "asked_already":
        again = small.call("office.supervisor", now=call.now)
        note(actions.send(again, **given, same="join"))  # type: ignore[operator]


def _check(small: Small, chance: random.Random, day: dt.date, note: object) -> None:
    first = day + dt.timedelta(days=chance.randrange(8, 20))
    call = small.call("office.supervisor", now=at(day, 10))
    result = actions.plan(
        call, title="专项督查", content="内容", scope="范围", basis="计划", units=[small.units[chance.choice(UNITS)].pk],
        visit_from=first, visit_to=first + dt.timedelta(days=chance.randrange(3)),
    )  # fmt: skip
    note(result)  # type: ignore[operator]
    if result.outcome:
        note(actions.approve(small.call("office.county_head", now=at(day, 11)), check_id=result.values["check"]))  # type: ignore[operator]


@pytest.fixture
def lived(db: None) -> tuple[Small, Counter[str]]:
    small = small_county.make()
    return small, live(small)


def recomputed(small: Small) -> tuple[dict[tuple[int, str], int], dict[tuple[int, str], int]]:
    """Work out the minutes of each unit and ISO week, those under the cap and the others, from rows and YAML alone."""
    text = resources.files("luoshi.supervision.load").joinpath("scheme.yaml").read_text("utf-8")
    (scheme,) = yaml.safe_load(text)
    kinds = scheme["kinds"]
    capped: dict[tuple[int, str], int] = defaultdict(int)
    others: dict[tuple[int, str], int] = defaultdict(int)

    def add(unit_id: int, day: dt.date, kind: str, minutes: int) -> None:
        year, week, _ = day.isocalendar()
        (capped if kinds[kind]["capped"] else others)[unit_id, f"{year}-{week}"] += minutes

    for message in OutboxMessage.objects.filter(county=small.county, kind="reminder"):
        assert message.unit_id is not None
        add(
            message.unit_id, message.not_before.astimezone(COUNTY_ZONE).date(), "reminder", kinds["reminder"]["minutes"]
        )
    for duty in Duty.objects.filter(county=small.county, subject_kind="assignment", due_on__isnull=False):
        if duty.state != "cancelled":
            add(duty.unit_id, duty.due_on, "report", kinds["report"]["minutes"])
    for row in AskedUnit.objects.filter(county=small.county).select_related("ask"):
        if row.joined_id is None and row.ask.called_off_on is None:
            weight = kinds["ask"]
            minutes = weight["minutes"] + weight["per_cell"] * row.ask.cells + weight["per_paper"] * row.ask.papers
            add(row.unit_id, row.ask.due_on, "ask", minutes)
    for press in Press.objects.filter(county=small.county).exclude(state="withdrawn"):
        add(press.unit_id, press.sent_on, press.step, kinds[press.step]["minutes"])
    for checked in CheckedUnit.objects.filter(county=small.county).select_related("check_of"):
        day = checked.check_of.visit_from
        while day <= checked.check_of.visit_to and checked.check_of.state != "cancelled":
            if CALENDAR.is_working(day):
                add(checked.unit_id, day, "check", kinds["check"]["per_day"])
            day += dt.timedelta(days=1)
    return capped, others


def test_thirty_days(lived: tuple[Small, Counter[str]]) -> None:
    small, answers = lived
    # The desk did run into everything that is to be held here; else this would show nothing.
    for code in ("granted", "load_cap", "asked_already", "due_on_rest_day", "pressed_recently", "checked_recently"):
        assert answers[code] >= 3, answers
    capped, others = recomputed(small)
    _the_cap_held(capped)
    _the_figures_agree(small, capped, others)
    _nothing_was_sent_at_rest(small)
    _duplicates_were_merged(small)


def _the_cap_held(capped: dict[tuple[int, str], int]) -> None:
    assert max(capped.values()) <= 480
    assert sum(1 for minutes in capped.values() if minutes > 400) >= 3, "the weeks were nearly full"


def _the_figures_agree(small: Small, capped: dict[tuple[int, str], int], others: dict[tuple[int, str], int]) -> None:
    first, last = FIRST - dt.timedelta(days=28), FIRST + dt.timedelta(days=90)
    weeks = meter.weeks(counted.asked(small.county.pk, first, last))
    named = {(unit, "{}-{}".format(*monday.isocalendar()[:2])): week for (unit, monday), week in weeks.items()}
    assert {key: w.minutes for key, w in named.items() if w.minutes} == {k: v for k, v in capped.items() if v}
    assert {key: w.others for key, w in named.items() if w.others} == {k: v for k, v in others.items() if v}


def _nothing_was_sent_at_rest(small: Small) -> None:
    sent = [m.sent_at.astimezone(COUNTY_ZONE) for m in OutboxMessage.objects.filter(sent_at__isnull=False) if m.sent_at]
    assert len(sent) > 100
    outside = [m for m in sent if not CALENDAR.is_working(m.date()) or not dt.time(9) <= m.time() <= dt.time(18)]
    assert outside == []
    assert dt.date(2023, 6, 25) in {m.date() for m in sent}, "a Sunday on which offices work"
    assert not {dt.date(2023, 6, 22), dt.date(2023, 6, 23), dt.date(2023, 6, 24)} & {m.date() for m in sent}


def _duplicates_were_merged(small: Small) -> None:
    rows = OutboxMessage.objects.filter(county=small.county, kind="reminder")
    days = Counter((m.unit_id, m.not_before.astimezone(COUNTY_ZONE).date()) for m in rows)
    assert set(days.values()) == {1}, "one message of reminders a unit and day"
    assert max(len(m.payload["duties"]) for m in rows) >= 3, "several things stood in one message"
    asked: dict[int, list[AskedUnit]] = defaultdict(list)
    for row in AskedUnit.objects.filter(county=small.county, joined__isnull=True).select_related("ask").order_by("pk"):
        asked[row.unit_id].append(row)
    for mine in asked.values():
        for n, one in enumerate(mine):
            for other in mine[n + 1 :]:
                fresh = one.ask.due_on >= other.ask.sent_on - dt.timedelta(days=31)
                assert not (fresh and _same(one.ask.title, other.ask.title)), (one.ask.title, other.ask.title)


def _same(one: str, other: str) -> bool:
    """Two titles of the list above ask for the same thing where they begin alike."""
    return one[:6] == other[:6]
