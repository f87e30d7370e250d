"""A full disk and a database that is away: said with a remedy, nothing half-written, and it goes on afterwards."""

import pytest

from tests.faults.house import House


def test_a_full_database_is_507_and_nothing_is_half_written(own: House) -> None:
    if own.kind == "postgresql":
        pytest.skip("a full disk of a PostgreSQL server cannot be made here without harming others on it")
    found = own.run("tests.faults.away:full_database")
    assert set(found["reports"] + found["upload"]) == {200, 507}
    granted = {name: found[name].count(200) for name in ("reports", "upload")}
    grown = {name: found["stands"][name] - found["before"][name] for name in ("reports", "files", "entries")}
    assert grown == {"reports": granted["reports"], "files": granted["upload"], "entries": sum(granted.values())}
    assert found["again"] == found["replayed"] == [200]
    assert found["after"]["reports"] == found["before"]["reports"] + 40
    assert found["after"]["files"] == found["before"]["files"] + 40


def test_pages_and_api_say_that_the_database_is_away(own: House) -> None:
    found = own.run("tests.faults.away:pages")
    assert {address: status for address, status in found.items() if status != 503} == {}
