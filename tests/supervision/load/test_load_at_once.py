"""Two supervisors at once, for real: the cap holds, numbers have no gap and no double, a day has one message."""

import datetime as dt

import pytest
from django.db import connection

from luoshi.office.actions import Result
from luoshi.office.duties.models import Duty
from luoshi.office.notices.models import OutboxMessage
from luoshi.supervision import actions as work
from luoshi.supervision.load import actions
from luoshi.supervision.load.models import AskedUnit, OfficePaper
from tests.supervision import small_county
from tests.supervision.test_at_once import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SEATS = ("office.supervisor", "office.county_head", "lead-office.leading_office")
TITLES = ("食品抽检批次", "危房竣工户数", "园区帮办清单")


@pytest.fixture(autouse=True)
def _needs_postgresql(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads share no in-memory SQLite; one writer at a time there")


def test_of_three_requests_that_fill_a_week_two_are_refused() -> None:
    small = small_county.make()
    units = [small.units["market"].pk, small.units["health"].pk]
    for round_ in range(3):
        due_on = dt.date(2023, 7, 12) + dt.timedelta(days=7 * round_)
        calls = [small.call(seat) for seat in SEATS]

        def send(n: int, day: dt.date = due_on, made: list = calls, week: int = round_) -> Result:  # type: ignore[type-arg]
            # The units are named in turns, so that each waits for the other where the locks are not in order.
            given = units if n % 2 else units[::-1]
            return actions.send(
                made[n], title=f"{TITLES[n]}第{'一二三'[week]}次", wanted="请报送", units=given, due_on=day, cells=180,
                same="again", reason="各报各的",
            )  # fmt: skip

        answers = together(lambda: send(0), lambda: send(1), lambda: send(2))
        assert sum(bool(a.outcome) for a in answers) == 1, [a.outcome for a in answers]
        assert AskedUnit.objects.filter(ask__due_on=due_on).count() == 2
        refused = [a.outcome.reasons[0].code for a in answers if not a.outcome]
        assert refused == ["load_cap", "load_cap"]


def test_papers_issued_at_once_have_numbers_without_gap_or_double() -> None:
    small = small_county.make()
    shares = [
        small.share(small.task(units=((unit, "responsible"),), due_on=dt.date(2023, 6, 20)), unit)
        for unit in ("market", "health", "police", "town-a")
    ]
    calls = [small.call("office.supervisor") for _ in shares]

    def press(n: int) -> Result:
        return work.escalate(calls[n], assignment_id=shares[n].pk, step="chase", reason="逾期未报")

    answers = together(*(lambda n=n: press(n) for n in range(4)))  # type: ignore[misc]
    assert all(a.outcome for a in answers)
    assert sorted(OfficePaper.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_reminders_written_at_once_stand_in_one_message() -> None:
    small = small_county.make()
    shares = [small.share(small.task(due_on=dt.date(2023, 6, 20)), "market") for _ in range(4)]
    calls = [small.call("office.supervisor") for _ in shares]

    def press(n: int) -> Result:
        return work.escalate(calls[n], assignment_id=shares[n].pk, step="remind", reason="请抓紧")

    answers = together(*(lambda n=n: press(n) for n in range(4)))  # type: ignore[misc]
    assert all(a.outcome for a in answers)
    message = OutboxMessage.objects.get(unit=small.units["market"], kind="reminder")
    assert {item["duty"] for item in message.payload["duties"]} == {s.duty_id for s in shares}


def test_nobody_answers_what_is_called_off_at_the_same_moment() -> None:
    small = small_county.make()
    for title in TITLES:
        asked = actions.send(
            small.call("office.supervisor"), title=title, wanted="请报送", units=[small.units["market"].pk],
            due_on=dt.date(2023, 7, 14),
        ).values["ask"]  # fmt: skip
        row, calls = (
            AskedUnit.objects.get(ask_id=asked),
            [small.call("market.officer"), small.call("office.supervisor")],
        )

        def respond(pk: int = row.pk, made: list = calls) -> Result:  # type: ignore[type-arg]
            return actions.respond(made[0], asked_id=pk, text="共六十批次")

        def call_off(pk: int = asked, made: list = calls) -> Result:  # type: ignore[type-arg]
            return actions.call_off(made[1], ask_id=pk, reason="不再需要")

        answered, off = together(respond, call_off)
        assert off.outcome
        state = Duty.objects.get(subject_kind="ask", subject_id=str(asked)).state
        assert state == ("closed" if answered.outcome else "cancelled")
