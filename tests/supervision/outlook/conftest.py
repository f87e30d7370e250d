"""The county lives on the third of July 2023."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def as_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LUOSHI_AS_OF", "2023-07-03")
    yield
