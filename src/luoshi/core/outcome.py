"""The three answers a decision can give.

Granted, Refused and Needs are values, never exceptions: a refusal is foreseen, and an unknown fact is a
question, not a "no". Bad input is a ``luoshi.core.problem.Problem``; a broken invariant is an assertion.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from luoshi.core.words import Words

Verdict = Literal["granted", "refused", "needs"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an answer is what it is.

    ``code`` is stable and machine readable (``not_lead_unit``). ``remedy`` says what would change the answer.
    ``clauses`` are ids of the register (``FOOD-3.1.1-due``). ``facts`` are the facts the answer used, by name.
    """

    code: str
    words: Words
    remedy: Words | None = None
    clauses: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the reason as plain JSON values, both languages included."""
        return {
            "code": self.code,
            "words": self.words.as_json(),
            "remedy": self.remedy.as_json() if self.remedy else None,
            "clauses": list(self.clauses),
            "facts": dict(self.facts),
        }


@dataclass(frozen=True, slots=True)
class Granted:
    """Yes. ``values`` carries what the decision worked out (a due day, an amount), by name."""

    reasons: tuple[Reason, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    verdict: Verdict = "granted"

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Refused:
    """No, foreseen by a clause or a rule of the house. At least one reason."""

    reasons: tuple[Reason, ...]
    verdict: Verdict = "refused"

    def __post_init__(self) -> None:
        assert self.reasons, "a refusal states its reason"

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Needs:
    """Not known yet: each reason names one missing fact and how to supply it."""

    reasons: tuple[Reason, ...]
    verdict: Verdict = "needs"

    def __post_init__(self) -> None:
        assert self.reasons, "a question states what is missing"

    def __bool__(self) -> bool:
        return False


Outcome = Granted | Refused | Needs


def refuse(
    code: str, zh: str, en: str, remedy: Words | None = None, clauses: tuple[str, ...] = (), **facts: Any
) -> Refused:
    """Build a refusal with a single reason."""
    return Refused((Reason(code, Words(zh, en), remedy, clauses, facts),))
