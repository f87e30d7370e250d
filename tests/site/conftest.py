"""Every template variable must be there, and every page is looked at as HTML."""

from collections.abc import Iterator

import pytest
from django.template import engines


class UndefinedVariable(AssertionError):
    """A template printed a variable that nobody gave it."""


class _Undefined(str):
    """Stands where Django would print nothing. The engine asks for ``%s`` in it, then fills in the name: that raises."""

    def __contains__(self, part: object) -> bool:
        return True

    def __mod__(self, name: object) -> str:
        raise UndefinedVariable(f"undefined template variable: {name}")


@pytest.fixture(autouse=True)
def no_undefined_variables() -> Iterator[None]:
    engine = engines["django"].engine
    before = engine.string_if_invalid
    engine.string_if_invalid = _Undefined("?")
    yield
    engine.string_if_invalid = before
