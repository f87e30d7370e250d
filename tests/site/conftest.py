"""A small county with duties of every state, and browsers signed in as its people."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from luoshi.core.words import Words
from luoshi.office import door, present
from luoshi.office.duties import verbs
from luoshi.office.duties.models import Duty
from luoshi.office.duties.verbs import Opening
from luoshi.office.people import acting
from luoshi.office.plans.models import Plan
from luoshi.supervision.models import Assignment
from tests.office.conftest import NOW, SmallCounty, make_county

TODAY = NOW.date()
OPENED = {
    # unit → days from today on which something of it is due (None: no day)
    "market": (-30, -7, -1, 0, 6, 7, 60),
    "farming": (-1, 3, None),
    "east": (-2, 1),
    "west": (20,),
}


@pytest.fixture(autouse=True)
def _third_of_july(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(present, "now", lambda: NOW)


@pytest.fixture
def small(db: None) -> SmallCounty:
    return make_county("small")


@pytest.fixture
def busy(small: SmallCounty) -> SmallCounty:
    """The county with one plan and duties around today; the market unit has one more that is suspended."""
    with door.opened("fixture"):
        plan = Plan.objects.create(
            county=small.county, code="food", subject="foodsafety", name_zh="食安方案", name_en="Food"
        )
        task = plan.tasks.create(county=small.county, code="t1", heading_zh="建档", heading_en="Files", mode="single")
        for unit, days in OPENED.items():
            verbs.open_duties([_opening(small, unit, task.pk, n) for n in days], TODAY)
        (stopped,) = verbs.open_duties([_opening(small, "market", task.pk, 30)], TODAY)
        verbs.suspend(stopped, TODAY, Words("等待上级批复", "Waiting for approval"))
        for unit, state in (("market", "reported"), ("farming", "assigned"), ("east", "in_progress")):
            duty = Duty.objects.filter(unit=small.units[unit]).first()
            Assignment.objects.create(
                county=small.county,
                task=task,
                unit=small.units[unit],
                role="lead",
                duty=duty,
                state=state,
                assigned_on=TODAY,
            )
    return small


def _opening(small: SmallCounty, unit: str, task_id: int, days: int | None) -> Opening:
    due_on = None if days is None else TODAY + dt.timedelta(days=days)
    words = Words(f"{unit} {days}", f"{unit} {days}")
    return Opening(small.county.pk, small.units[unit].pk, words, "task", task_id, due_on, task_id, clause_id="FOOD-0d")


@pytest.fixture
def signed_in(client: Client) -> Callable[[SmallCounty, str], Client]:
    """Return a browser signed in as one of the county's people, without the sign-in page."""

    def enter(county: SmallCounty, name: str) -> Client:
        with door.opened("fixture"):
            client.force_login(county.accounts[name])
        session = client.session
        session[acting.POST_KEY] = county.posts[name].pk
        session.save()
        return client

    return enter


def english(client: Client) -> Client:
    """Let the browser ask for English."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client
