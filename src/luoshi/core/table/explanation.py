"""The sentences of a table: what is missing, and what would change the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from luoshi.core.outcome import Reason
from luoshi.core.table.inputs import Bands, Input, is_unknown
from luoshi.core.table.rows import Result
from luoshi.core.words import Words


@dataclass(frozen=True, slots=True)
class Change:
    """One input given another answer, which alone makes the case granted.

    ``answer`` is what a row would write (a boolean, a code, a band's name). ``steps`` is how many bands away it
    lies; any other answer of a yes/no fact or a category is one step.
    """

    input: str
    answer: Any
    words: Words
    steps: int
    result: str


def change(source: Input, facts: Mapping[str, Any], digit: int, other: int, result: Result) -> Change:
    """Describe the change of ``source`` from ``digit`` to ``other``."""
    if isinstance(source, Bands):
        band, steps = source.describe(other, source.edges_for(facts)), abs(other - digit)
    else:
        band, steps = source.describe(other), 1
    words = Words(
        f"若“{source.words.zh}”为{_spaced(band.zh)}，则{result.words.zh.rstrip('。')}。",
        f"If {source.words.en} were {band.en}: {result.words.en}",
    )
    return Change(source.name, source.keys[other], words, steps, result.code)


def _spaced(text: str) -> str:
    return text if text.startswith(("不", "高", "低")) else f"“{text}”"


def with_change(remedy: Words | None, changes: Sequence[Change]) -> Words | None:
    """Add the nearest change to a remedy."""
    if not changes:
        return remedy
    nearest = changes[0].words
    return Words(f"{remedy.zh}{nearest.zh}", f"{remedy.en} {nearest.en}") if remedy else nearest


def questions(source: Input, facts: Mapping[str, Any], clauses: tuple[str, ...]) -> list[Reason]:
    """Return one reason for each missing fact of an input; its code is ``needs_`` and the fact's name."""
    missing = [fact for fact in source.facts if is_unknown(facts.get(fact.name))]
    return [
        Reason(
            f"needs_{fact.name}",
            Words(f"尚不清楚：{fact.words.zh}。", f"Not known yet: {fact.words.en}."),
            fact.ask or Words(f"请补充“{fact.words.zh}”。", f"Supply: {fact.words.en}."),
            clauses,
            {fact.name: None},
        )
        for fact in missing
    ]
