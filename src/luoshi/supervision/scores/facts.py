"""What a score is worked out from, frozen with the run: duties with their reports and waits, targets, checks. Pure.

Every row has a JSON form that the open export holds as it is; days stand in it as ISO text.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from luoshi.core.words import Words

WAITS: dict[str, Words] = {
    "review": Words("报告在审核人处", "A report lay with the reviewer"),
    "support": Words("等待配合单位交付", "Waited for a supporting unit"),
    "asked": Words("等待协办单位答复", "Waited for the answer of a unit that was consulted"),
    "lead": Words("等待牵头单位签收", "Waited for the lead unit to sign for it"),
    "holder": Words("移交前已逾期", "Overdue before it was handed over"),
    "granted": Words("申诉核减", "Granted on a contest"),
    "stop": Words("中止", "Suspended"),
}
CorrectionKind = Literal["leave_out", "excuse_days", "done_on", "pardon_return"]
CORRECTIONS: dict[str, Words] = {
    "leave_out": Words("此项不计", "The item does not count"),
    "excuse_days": Words("核减若干工作日", "Working days are excused"),
    "done_on": Words("更正办结日", "The day it was done is corrected"),
    "pardon_return": Words("一次退回不计", "A returned report does not count"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """Days after ``from_on`` up to and with ``until_on`` (None: still so); ``unit`` is who was waited for."""

    kind: str
    from_on: dt.date
    until_on: dt.date | None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """A report of completion: its number, the day it was handed in, what was decided when ('' while undecided)."""

    number: int
    on: dt.date
    decision: str
    decided_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Correction:
    """What the office granted on a contest: ``days`` working days, another day ``on``, or the ``report`` meant."""

    contest: int
    kind: CorrectionKind
    days: int = 0
    on: dt.date | None = None
    report: int = 0


@dataclass(frozen=True, slots=True)
class DutyFact:
    """One thing a unit owed by one day: a duty, or (``kind``) a milestone on the way of its share.

    ``moves`` are what happened to its day: (suspend | resume | extend, day, day before, day after), as ISO text.
    ``waits`` hold what kept the unit waiting.
    """

    id: int
    task: int
    words: Words
    plan: str
    role: str
    opened_on: dt.date
    promised_on: dt.date | None
    due_on: dt.date | None
    state: str
    closed_on: dt.date | None
    moves: tuple[tuple[str, str, str, str], ...] = ()
    reports: tuple[Handed, ...] = ()
    waits: tuple[Span, ...] = ()
    corrections: tuple[Correction, ...] = ()
    kind: str = "duty"

    @property
    def item(self) -> str:
        """The name under which it stands in a sheet and can be contested."""
        return f"{self.kind}-{self.id}"

    @property
    def stops(self) -> list[Span]:
        """When its clock stood still; the last span is open while it still does."""
        found: list[Span] = []
        for kind, on, _, _ in self.moves:
            if kind == "suspend":
                found.append(Span("stop", _must(on), None))
            elif kind == "resume" and found:
                found[-1] = Span("stop", found[-1].from_on, _must(on))
        return found


@dataclass(frozen=True, slots=True)
class TargetFact:
    """A figure a unit had to reach by a day; ``reached`` None: nothing is on record."""

    id: int
    task: int
    words: Words
    op: str
    value: str
    reached: str | None
    reached_on: dt.date | None
    due_on: dt.date
    corrections: tuple[Correction, ...] = ()
    kind: str = "target"

    @property
    def item(self) -> str:
        """The name under which it stands in a sheet and can be contested."""
        return f"target-{self.id}"


@dataclass(frozen=True, slots=True)
class CheckFact:
    """What a concluded check said of a unit: for each fault, by which day it was to be mended, and when it was."""

    id: int
    words: Words
    concluded_on: dt.date
    faults: tuple[tuple[dt.date, dt.date | None], ...] = ()
    corrections: tuple[Correction, ...] = ()
    kind: str = "check"

    @property
    def item(self) -> str:
        """The name under which it stands in a sheet and can be contested."""
        return f"check-{self.id}"


Fact = DutyFact | TargetFact | CheckFact


def as_json(fact: Fact) -> dict[str, Any]:
    """Return the row as it is frozen and exported."""
    if isinstance(fact, CheckFact):
        faults = [[str(by), _text(on)] for by, on in fact.faults]
        row: dict[str, Any] = {"concluded_on": str(fact.concluded_on), "faults": faults}
    elif isinstance(fact, TargetFact):
        row = {
            "task": fact.task, "op": fact.op, "value": fact.value, "reached": fact.reached,
            "reached_on": _text(fact.reached_on), "due_on": str(fact.due_on),
        }  # fmt: skip
    else:
        row = _duty_json(fact)
    return {
        "item": fact.item, "zh": fact.words.zh, "en": fact.words.en, **row,
        "corrections": [_correction_json(c) for c in fact.corrections],
    }  # fmt: skip


def _duty_json(fact: DutyFact) -> dict[str, Any]:
    return {
        "task": fact.task, "plan": fact.plan, "role": fact.role, "opened_on": str(fact.opened_on),
        "promised_on": _text(fact.promised_on), "due_on": _text(fact.due_on), "state": fact.state,
        "closed_on": _text(fact.closed_on), "moves": [list(m) for m in fact.moves],
        "reports": [[r.number, str(r.on), r.decision, _text(r.decided_on)] for r in fact.reports],
        "waits": [[w.kind, str(w.from_on), _text(w.until_on), w.unit] for w in fact.waits],
    }  # fmt: skip


def _correction_json(c: Correction) -> dict[str, Any]:
    return {"contest": c.contest, "kind": c.kind, "days": c.days, "on": _text(c.on), "report": c.report}


def from_json(row: Mapping[str, Any]) -> Fact:
    """Return the row that ``as_json`` froze."""
    kind, number = row["item"].split("-")
    words = Words(row["zh"], row["en"])
    corrections = tuple(
        Correction(c["contest"], c["kind"], c["days"], _day(c["on"]), c["report"]) for c in row["corrections"]
    )
    if kind == "check":
        faults = tuple((_must(by), _day(on)) for by, on in row["faults"])
        return CheckFact(int(number), words, _must(row["concluded_on"]), faults, corrections)
    if kind == "target":
        return TargetFact(
            int(number), row["task"], words, row["op"], row["value"], row["reached"], _day(row["reached_on"]),
            _must(row["due_on"]), corrections,
        )  # fmt: skip
    return DutyFact(
        int(number), row["task"], words, row["plan"], row["role"], _must(row["opened_on"]), _day(row["promised_on"]),
        _day(row["due_on"]), row["state"], _day(row["closed_on"]), tuple(tuple(m) for m in row["moves"]),
        tuple(Handed(n, _must(on), decision, _day(at)) for n, on, decision, at in row["reports"]),
        tuple(Span(k, _must(a), _day(b), u) for k, a, b, u in row["waits"]), corrections, kind,
    )  # fmt: skip


def _text(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _must(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
