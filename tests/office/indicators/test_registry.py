"""Providers by name: registered once, asked by name, unknown where nobody registered; facts read once a form."""

import datetime as dt

import pytest

from luoshi.core.words import Words
from luoshi.office.indicators import registry
from luoshi.office.indicators.registry import Asked, Figure, Source, Unknown

DAY = dt.date(2023, 7, 3)
ASKED = Asked(1, 2, DAY, DAY, dt.datetime(2023, 7, 3, tzinfo=dt.UTC))
NAME = Words("数", "Number")


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "INDICATORS", {})


def test_a_name_nobody_registered_is_not_known_and_is_no_nought(empty: None):
    found = registry.compute("housing.households_started", ASKED)
    assert isinstance(found, Unknown) and found.why.zh


def test_a_registered_provider_is_asked_with_unit_period_and_row(empty: None):
    seen = []

    @registry.register("test.n", "test", NAME, "count", NAME, ("FOOD-2d",))
    def counted(asked: Asked) -> Figure:
        seen.append(asked)
        return Figure(3, (Source(NAME, 3, "/x"),))

    assert registry.compute("test.n", ASKED.of_row(9)) == Figure(3, (Source(NAME, 3, "/x"),))
    assert (seen[0].unit_id, seen[0].row_id, seen[0].known is ASKED.known) == (2, 9, True)
    assert counted.clauses == ("FOOD-2d",)


def test_a_name_is_registered_once(empty: None):
    registry.register("test.n", "test", NAME, "count", NAME)(lambda asked: Unknown(NAME))
    with pytest.raises(AssertionError):
        registry.register("test.n", "other", NAME, "count", NAME)(lambda asked: Unknown(NAME))


def test_what_a_form_needs_twice_is_read_once():
    reads = []
    asked = Asked(1, 2, DAY, DAY, ASKED.now)
    for row in (1, 2, 3):
        assert asked.of_row(row).once("facts", lambda: reads.append(1) or "read") == "read"
    assert reads == [1]
