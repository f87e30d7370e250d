"""Installations of the tests' own, one of each kind for all tests of a module."""

from collections.abc import Iterator

import pytest

from tests.faults import house
from tests.faults.house import House


@pytest.fixture(scope="session", params=house.KINDS)
def own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An empty installation on each database in turn."""
    with house.opened(request.param, tmp_path_factory.mktemp(request.param)) as made:
        yield made
