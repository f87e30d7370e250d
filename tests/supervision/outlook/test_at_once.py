"""Two at once, for real: threads against PostgreSQL."""

import datetime as dt

import pytest
from django.db import connection

from luoshi.core.outcome import Granted
from luoshi.office.actions import COUNTY_ZONE
from luoshi.supervision.outlook import actions, night, values
from luoshi.supervision.outlook.models import DefaultView, Forecast, ForecastRun, SavedView
from tests.supervision import small_county
from tests.supervision.outlook.test_forecast import due_in, lived_past
from tests.supervision.small_county import TODAY
from tests.supervision.test_at_once import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _needs_postgresql(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads share no in-memory SQLite; one writer at a time there")


def test_two_servers_record_one_night_once() -> None:
    small = small_county.make()
    lived_past(small, 9, 6)
    due_in(small, 5)
    at = dt.datetime.combine(TODAY, dt.time(0, 5), COUNTY_ZONE)
    answers = together(lambda: night.record(small.county.pk, at), lambda: night.record(small.county.pk, at))
    assert sum(isinstance(a.outcome, Granted) for a in answers) == 1
    assert ForecastRun.objects.count() == Forecast.objects.count() == 1


def test_the_bound_of_views_holds_for_two_savings_at_once() -> None:
    small = small_county.make()
    most = values.views_on(TODAY).most
    for n in range(most - 1):
        assert actions.save_view(small.call("market.officer"), name=f"视图{n}").outcome
    calls = [small.call("market.officer"), small.call("market.officer")]
    answers = together(*[lambda c=c, n=n: actions.save_view(c, name=f"新{n}") for n, c in enumerate(calls)])  # type: ignore[misc]
    assert sum(isinstance(a.outcome, Granted) for a in answers) == 1 and SavedView.objects.count() == most


def test_saving_one_name_twice_at_once_keeps_one_view() -> None:
    small = small_county.make()
    calls = [small.call("market.officer"), small.call("market.officer")]
    answers = together(*[lambda c=c: actions.save_view(c, name="同名") for c in calls])  # type: ignore[misc]
    assert all(isinstance(a.outcome, Granted) for a in answers) and SavedView.objects.count() == 1


def test_removing_and_choosing_a_view_at_once_leaves_nothing_half_done() -> None:
    small = small_county.make()
    for _ in range(5):
        view = actions.save_view(small.call("market.officer"), name="要删的").values["view"]
        first, second = small.call("market.officer"), small.call("market.officer")

        def choose(c=second, v=view):  # type: ignore[no-untyped-def]
            from luoshi.core.problem import Problem

            try:
                return actions.set_default_view(c, view_id=v)
            except Problem as told:
                assert told.status == 404
                return None

        together(lambda c=first, v=view: actions.remove_view(c, view_id=v), choose)  # type: ignore[misc]
        assert not SavedView.objects.exists() and not DefaultView.objects.exists()
