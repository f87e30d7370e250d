"""What the parts of supervision add to the page of the ledger; they say so themselves when their app is ready."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class Dresser:
    """One part's hand on the ledger's page.

    ``instead`` may answer in the page's place, before anything is read. ``dressed`` returns the page's contents with
    what the part adds.
    """

    instead: Callable[[HttpRequest], HttpResponse | None]
    dressed: Callable[[HttpRequest, dict[str, Any]], dict[str, Any]]


_DRESSERS: list[Dresser] = []


def add(dresser: Dresser) -> None:
    """Let a part dress the ledger; adding it again changes nothing."""
    if dresser not in _DRESSERS:
        _DRESSERS.append(dresser)


def instead(request: HttpRequest) -> HttpResponse | None:
    """Return the first answer that a part gives in place of the page."""
    return next((answer for one in _DRESSERS if (answer := one.instead(request)) is not None), None)


def dressed(request: HttpRequest, shown: dict[str, Any]) -> dict[str, Any]:
    """Return the contents of the page with what every part adds."""
    for one in _DRESSERS:
        shown = one.dressed(request, shown)
    return shown
