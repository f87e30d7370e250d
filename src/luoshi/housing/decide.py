"""The whole answer about one household: every condition that fails, what is still unknown, area, methods, amount."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from luoshi.core.outcome import Granted, Needs, Outcome, Reason, Refused
from luoshi.housing import decide_area, decide_eligibility, decide_method
from luoshi.housing.rules import Rules


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome with all its reasons; ``amount_yuan`` only where help is granted."""

    outcome: Outcome
    area: decide_area.Bounds | None
    methods: tuple[str, ...]
    amount_yuan: int | None

    def as_json(self) -> dict[str, Any]:
        """Return what ``luoshi housing decide --json`` prints."""
        return {
            "outcome": self.outcome.verdict,
            "reasons": [reason.as_json() for reason in self.outcome.reasons],
            "area_m2": {"min": self.area.least, "max": self.area.most} if self.area else None,
            "methods": list(self.methods),
            "amount_yuan": self.amount_yuan,
        }


def decide(facts: Mapping[str, Any], rules: Rules) -> Answer:
    """Decide one household under the rules of a day; refusals name all conditions that fail, not the first only."""
    parts: list[Outcome] = [table.explain(facts) for table in decide_eligibility.tables(rules)]
    if facts.get("method") is not None:
        parts.append(decide_method.table(rules).explain(facts))
    parts.append(decide_area.decide_area(facts, rules))
    refused, needed, granted = (_reasons(parts, kind) for kind in (Refused, Needs, Granted))
    outcome: Outcome = Refused(refused) if refused else Needs(needed) if needed else Granted(granted)
    persons = facts.get("persons")
    area = decide_area.bounds(persons, rules) if persons is not None else None
    amount = int(rules.subsidy_yuan.value) if outcome else None
    return Answer(outcome, area, decide_method.methods(facts, rules), amount)


def _reasons(parts: list[Outcome], kind: type[Outcome]) -> tuple[Reason, ...]:
    found: dict[str, Reason] = {}
    for part in parts:
        if isinstance(part, kind):
            for reason in part.reasons:
                found.setdefault(reason.code, reason)
    return tuple(found.values())
