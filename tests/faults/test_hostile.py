"""Hostile values through the one door, on both databases."""

import pytest

from tests.faults.house import House


@pytest.mark.slow
def test_no_value_in_any_field_of_any_action_is_a_fault(own: House) -> None:
    found = own.run("tests.faults.hostile:values")
    print(own.kind, {k: v for k, v in found.items() if k != "faults"})
    assert found["faults"] == [] and found["too_wide"] == []
    assert found["left_to_database"] == []  # what only PostgreSQL refuses, SQLite would have kept
    assert found["sent"] > 5_000 and found["granted"] > 100
