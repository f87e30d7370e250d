"""Many senders at once, for real: threads against PostgreSQL. SQLite has one writer at a time by its nature."""

import pytest
from django.db import connection

from luoshi.supervision.promises import clue_actions
from luoshi.supervision.promises.models import Clue
from tests.supervision import small_county
from tests.supervision.promises.test_clues import send
from tests.supervision.test_at_once import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _needs_postgresql(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads share no in-memory SQLite; one writer at a time there")


def test_senders_at_once_get_numbers_of_their_own_and_one_text_is_taken_once() -> None:
    small = small_county.make()
    answers = together(*[lambda n=n: send(small, f"s{n}") for n in range(4)])  # type: ignore[misc]
    assert all(a.outcome for a in answers)
    assert sorted(Clue.objects.values_list("number", flat=True)) == [f"X2023-0000{n}" for n in range(1, 5)]
    same = together(*[lambda n=n: send(small, f"t{n}", text="同一段话同时交了两次。") for n in range(2)])  # type: ignore[misc]
    assert sorted(bool(a.outcome) for a in same) == [False, True]


def test_of_two_answers_at_once_one_is_given() -> None:
    small = small_county.make()
    row = send(small).values["clue"]
    given = {"clue": row, "outcome": "answered", "answer": "已经到现场核实，本周开工。"}
    calls = [small.call("office.supervisor"), small.call("office.county_head")]
    answers = together(*[lambda c=c: clue_actions.answer(c, **given) for c in calls])  # type: ignore[misc]
    assert sorted(bool(a.outcome) for a in answers) == [False, True]
