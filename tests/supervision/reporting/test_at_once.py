"""Two people at one form at the same moment, and a year whose holidays are not announced."""

import pytest
from django.db import connection

from luoshi.core.outcome import Granted
from luoshi.office import door
from luoshi.supervision.reporting import actions
from luoshi.supervision.reporting.models import FilingVersion, ReportRound
from tests.supervision import small_county
from tests.supervision.reporting.conftest import Desk, at, desk_of
from tests.supervision.test_at_once import together


def test_a_year_without_a_calendar_opens_and_sends_back_all_the_same(desk: Desk):
    with door.opened("fixture"):
        desk.plan.until_on = None
        desk.plan.save()
    desk.open("2031-05-08")
    filing = desk.filing("town-a", "2031-05-11")
    desk.send(filing, "town-a.town_clerk", "2031-05-09")
    desk.do(actions.send_back, "lead-office.leading_office", "2031-05-12", filing_id=filing.pk, reason="请核对")
    filing.refresh_from_db()
    assert str(filing.duty.due_on) == "2031-05-15"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Threads against PostgreSQL."""

    @pytest.fixture(autouse=True)
    def _needs_postgresql(self, db: None) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("threads share no in-memory SQLite; one writer at a time there")

    def test_of_two_confirmations_one_stands(self) -> None:
        desk = desk_of(small_county.make())
        desk.open("2023-05-08")
        filing = desk.filing("town-a", "2023-05-11")
        answers = desk.answers(filing, "2023-05-09")
        desk.do(actions.answer, "town-a.town_clerk", "2023-05-09", filing_id=filing.pk, answers=answers)
        calls = [desk.small.call("town-a.town_clerk", now=at("2023-05-09")) for _ in range(2)]
        results = together(*[lambda c=c: actions.confirm(c, filing_id=filing.pk) for c in calls])  # type: ignore[misc]
        assert sum(isinstance(r.outcome, Granted) for r in results) == 1
        assert next(r.outcome for r in results if not r.outcome).reasons[0].code == "form_state"
        assert FilingVersion.objects.filter(filing=filing).count() == 1

    def test_two_servers_open_a_round_once(self) -> None:
        from luoshi.office.access import Actor
        from luoshi.office.actions import Call

        desk = desk_of(small_county.make())
        calls = [Call(Actor(desk.small.county.pk, "system"), at("2023-05-08"), f"server-{n}") for n in range(2)]
        results = together(*[lambda c=c: actions.open_rounds(c) for c in calls])  # type: ignore[misc]
        assert sorted(r.values["rounds"] for r in results) == [0, 1]
        assert ReportRound.objects.count() == 1
