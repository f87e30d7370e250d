import pytest

from tests.supervision import small_county


@pytest.fixture
def small(db: None) -> small_county.Small:
    """A small county in the test database."""
    return small_county.make()
