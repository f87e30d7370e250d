"""Two people at once, for real: threads against PostgreSQL. SQLite has one writer at a time by its nature."""

import datetime as dt

import pytest
from django.db import connection

from luoshi.core.outcome import Granted
from luoshi.supervision.scores import actions as scores
from luoshi.supervision.scores.models import Contest, Scoresheet, Scoring
from tests.supervision import small_county
from tests.supervision.scores import lived
from tests.supervision.scores.lived import call, published, second_supervisor, sheet
from tests.supervision.test_at_once import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
JULY = dt.date(2023, 7, 3)


@pytest.fixture(autouse=True)
def _needs_postgresql(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads share no in-memory SQLite; one writer at a time there")


def test_of_two_deciding_at_once_one_decides_and_the_other_is_told() -> None:
    small = small_county.make()
    lived.quarter(small)
    scoring = published(small)
    mine = sheet(small, scoring, "market")
    for part in mine.facts.split('"item":"')[1:4]:
        made = scores.contest(
            call(small, "market.officer", JULY), scoresheet_id=mine.pk, item=part.split('"')[0], reason="有异议"
        )
        row = Contest.objects.get(pk=made.values["contest"])
        first, second = call(small, second_supervisor(small), JULY), call(small, "office.county_head", JULY)
        answers = together(
            lambda c=first, r=row: scores.uphold(c, contest_id=r.pk, answer="属实", kind="leave_out"),  # type: ignore[misc]
            lambda c=second, r=row: scores.reject(c, contest_id=r.pk, answer="证据不足"),  # type: ignore[misc]
        )
        assert sum(isinstance(a.outcome, Granted) for a in answers) == 1
        refused = next(a.outcome for a in answers if not a.outcome)
        assert refused.reasons[0].code == "already_decided"
        row.refresh_from_db()
        assert row.state == ("upheld" if answers[0].outcome else "rejected")


def test_of_two_contesting_one_item_at_once_one_is_taken() -> None:
    small = small_county.make()
    lived.quarter(small)
    mine = sheet(small, published(small), "market")
    item = mine.facts.split('"item":"')[1].split('"')[0]
    calls = [call(small, seat, JULY) for seat in ("market.officer", "market.unit_head")]
    answers = together(
        *[lambda c=c: scores.contest(c, scoresheet_id=mine.pk, item=item, reason="有异议") for c in calls]  # type: ignore[misc]
    )
    assert sum(isinstance(a.outcome, Granted) for a in answers) == 1 and Contest.objects.count() == 1
    assert next(a.outcome for a in answers if not a.outcome).reasons[0].code == "already_contested"


def test_of_two_running_one_period_at_once_one_runs() -> None:
    small = small_county.make()
    lived.quarter(small)
    calls = [call(small, seat, JULY) for seat in ("office.supervisor", second_supervisor(small))]
    answers = together(*[lambda c=c: scores.run(c, from_on=lived.FROM, to_on=lived.TO) for c in calls])  # type: ignore[misc]
    assert sum(isinstance(a.outcome, Granted) for a in answers) == 1
    assert next(a.outcome for a in answers if not a.outcome).reasons[0].code == "already_run"
    assert (Scoring.objects.count(), Scoresheet.objects.count()) == (1, 3)


def test_of_two_running_again_at_once_one_makes_the_next_version() -> None:
    small = small_county.make()
    lived.quarter(small)
    first = published(small)
    calls = [call(small, seat, JULY) for seat in ("office.supervisor", second_supervisor(small))]
    answers = together(*[lambda c=c: scores.rerun(c, scoring_id=first.pk, reason="重算") for c in calls])  # type: ignore[misc]
    assert sum(isinstance(a.outcome, Granted) for a in answers) == 1
    assert sorted(Scoring.objects.values_list("version", flat=True)) == [1, 2]
