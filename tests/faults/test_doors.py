"""Hostile requests through pages and forms, on both databases: never a fault of ours."""

import pytest

from tests.faults.house import House


@pytest.mark.slow
def test_no_request_to_any_page_meets_a_fault(own: House) -> None:
    found = own.run("tests.faults.doors:walk")
    print(own.kind, {k: v for k, v in found.items() if k != "faults"})
    assert found["faults"] == []
    assert found["asked"] > 5_000
