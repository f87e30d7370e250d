"""Whether a stage of a plan may be passed: every fact of its gate stands, each after the one it follows. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from luoshi.core.outcome import Granted, Needs, Outcome, Reason, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words

SOURCES = ("stage", "tasks", "notice", "stated")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a gate. ``source`` is where it comes from and ``of`` what it is looked up by there.

    ``after`` names the fact of the same gate whose day it must not come before.
    """

    code: str
    words: Words
    clause: str
    source: str
    of: str = ""
    after: str = ""

    @property
    def can_be_stated(self) -> bool:
        """Tell whether a person can state it; what the house itself knows cannot be stated."""
        return self.source in ("stated", "notice")


def missing(facts: Sequence[Fact], stood: Mapping[str, dt.date], today: dt.date) -> list[Reason]:
    """Return why a gate is shut, a reason a fact: it does not stand, or it came before the one it must follow.

    ``stood`` has the day on which each known fact came true.
    """
    by_code = {fact.code: fact for fact in facts}
    found = []
    for fact in facts:
        day, first = stood.get(fact.code), stood.get(fact.after)
        if day is None or day > today:
            found.append(_reason("fact_missing", f"尚缺：{fact.words.zh}。", f"Missing: {fact.words.en}.", fact, None))
        elif fact.after and first is not None and day < first:
            before = by_code[fact.after]
            found.append(
                _reason(
                    "fact_out_of_order",
                    f"“{fact.words.zh}”（{day}）早于“{before.words.zh}”（{first}）。",
                    f"“{fact.words.en}” ({day}) came before “{before.words.en}” ({first}).",
                    fact,
                    day,
                )
            )
    return found


def may_pass(
    facts: Sequence[Fact],
    stood: Mapping[str, dt.date],
    from_on: dt.date | None,
    passed_on: dt.date | None,
    today: dt.date,
) -> Outcome:
    """Answer whether a stage may be passed today. A stage without a recorded gate may, once it has begun."""
    if passed_on is not None:
        return refuse(
            "already_passed",
            f"这一阶段已于{passed_on}通过。",
            f"This stage was passed on {passed_on}.",
            Words("无需再办。", "Nothing is left to do."),
            tuple(f.clause for f in facts[:1]),
        )
    if from_on is not None and today < from_on:
        return refuse(
            "not_begun",
            f"这一阶段{from_on}才开始。",
            f"This stage begins on {from_on}.",
            Words(f"请在{from_on}以后办理。", f"Do it from {from_on} on."),
            tuple(f.clause for f in facts[:1]),
        )
    reasons = missing(facts, stood, today)
    return Needs(tuple(reasons)) if reasons else Granted()


def _reason(code: str, zh: str, en: str, fact: Fact, day: dt.date | None) -> Reason:
    ways = {
        "stage": Words("请先通过前一阶段。", "Pass the earlier stage first."),
        "tasks": Words("请先办结对应的任务。", "Finish the tasks under this clause first."),
        "notice": Words(
            "请发布公示，或登记公示情况并附证明。", "Post the notice, or state where it was published, with evidence."
        ),
        "stated": Words("请登记这一事实并附证明材料。", "State it with evidence."),
    }
    return Reason(code, Words(zh, en), ways[fact.source], (fact.clause,), {fact.code: str(day) if day else None})


def read(entries: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Fact, ...]]:
    """Return the facts of each stage by its code; ``Problem`` for a fact without a source or after one unknown."""
    found: dict[str, tuple[Fact, ...]] = {}
    for entry in entries:
        stage = str(entry["stage"])
        facts: list[Fact] = []
        for one in entry["facts"]:
            sources = [name for name in SOURCES if one.get(name)]
            if len(sources) != 1:
                raise _wrong(stage, f"{one['code']}应有一个来源。", f"{one['code']} needs one source.")
            of = "" if sources[0] == "stated" else str(one[sources[0]])
            after = str(one.get("after", ""))
            if after and after not in {fact.code for fact in facts}:
                raise _wrong(stage, f"{one['code']}之前没有{after}。", f"{one['code']} follows no {after}.")
            facts.append(Fact(str(one["code"]), Words(**one["words"]), str(one["clause"]), sources[0], of, after))
        if stage in found or len({fact.code for fact in facts}) != len(facts):
            raise _wrong(stage, "阶段或事实重复。", "A stage or a fact stands twice.")
        found[stage] = tuple(facts)
    return found


def _wrong(place: str, zh: str, en: str) -> Problem:
    return Problem(place, Words(zh, en), Words("请改正关口文件。", "Mend the file of gates."))
