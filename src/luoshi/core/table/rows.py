"""The rows of a table and the results they lead to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from luoshi.core.words import Words


class _Any:
    """The condition that holds for every answer."""

    def __repr__(self) -> str:
        return "ANY"


ANY: Final = _Any()


@dataclass(frozen=True, slots=True)
class Result:
    """One answer a table can give. A refusal states its remedy, even if that is "nothing can be done"."""

    code: str
    verdict: Literal["granted", "refused"]
    words: Words
    remedy: Words | None = None
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """When the conditions hold, the result of that code.

    ``when`` maps an input's name to one answer (a boolean, a code, a band's name), a set of them, or ``ANY``.
    An input not named is ``ANY``.
    """

    result: str
    when: Mapping[str, Any] = field(default_factory=dict)
    clauses: tuple[str, ...] = ()
