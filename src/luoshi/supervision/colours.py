"""Which colour an open task has against its promised day, under one scheme. Pure: facts and a calendar in, a rule out.

A scheme is data (``colours.yaml``): rules in order, of which the first that fits decides.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from luoshi.core.calendar import Calendar
from luoshi.core.problem import Problem
from luoshi.core.words import Words

When = Literal["overdue", "milestone_missed", "days_left", "otherwise"]
Colour = Literal["green", "blue", "yellow", "orange", "red", "none"]
Standing = Literal["overdue", "behind", "near", "on_time"]
STANDING: dict[When, Standing] = {
    "overdue": "overdue",
    "milestone_missed": "behind",
    "days_left": "near",
    "otherwise": "on_time",
}
COLOURS: dict[Colour, Words] = {
    "green": Words("绿", "green"),
    "blue": Words("蓝", "blue"),
    "yellow": Words("黄", "yellow"),
    "orange": Words("橙", "orange"),
    "red": Words("红", "red"),
    "none": Words("无色", "no colour"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """When a colour is shown, and under which words. ``at_most``: working days, of ``days_left`` only."""

    when: When
    colour: Colour
    words: Words
    at_most: int = 0

    @property
    def standing(self) -> Standing:
        """The code under which the ledger filters and counts it."""
        return STANDING[self.when]


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way of colouring, from a day on."""

    code: str
    from_on: dt.date
    name: Words
    source: Words
    rules: tuple[Rule, ...]

    def rule(self, when: When) -> Rule | None:
        """Return the rule of one kind, if the scheme has it."""
        return next((rule for rule in self.rules if rule.when == when), None)

    def words(self, standing: str) -> Rule | None:
        """Return the rule behind a standing."""
        return next((rule for rule in self.rules if rule.standing == standing), None)

    @property
    def milestone_first(self) -> bool:
        """Tell whether a missed milestone weighs more than a near day."""
        whens = [rule.when for rule in self.rules]
        missed, near = "milestone_missed", "days_left"
        return missed in whens and (near not in whens or whens.index(missed) < whens.index(near))


@dataclass(frozen=True, slots=True)
class Band:
    """The due days of one standing, both ends included, and whether a milestone must (or must not) have been missed."""

    first: dt.date
    last: dt.date
    missed: bool | None = None


def near_until(scheme: Scheme, today: dt.date, calendar: Calendar) -> dt.date:
    """Return the last due day with at most the scheme's working days left; yesterday where it knows no such colour.

    The working days after today are counted, the due day among them, as ``office.duties.schedule.warn_on`` counts.
    """
    rule = scheme.rule("days_left")
    if rule is None:
        return today - dt.timedelta(days=1)
    day, left = today, 0
    while left < rule.at_most:
        day += dt.timedelta(days=1)
        left += calendar.is_working(day)
    while not calendar.is_working(day + dt.timedelta(days=1)):
        day += dt.timedelta(days=1)
    return day


def decide(
    scheme: Scheme, today: dt.date, near: dt.date, due_on: dt.date | None, missed_on: dt.date | None
) -> Rule:  # fmt: skip
    """Return the rule that fits an open task today.

    ``near`` is ``near_until`` of today; ``missed_on`` the day of its earliest milestone that is not reached.
    """
    fits = {
        "overdue": due_on is not None and due_on < today,
        "milestone_missed": missed_on is not None and missed_on < today,
        "days_left": due_on is not None and today <= due_on <= near,
        "otherwise": True,
    }
    return next(rule for rule in scheme.rules if fits[rule.when])


def band(scheme: Scheme, standing: str, today: dt.date, near: dt.date, no_day: dt.date) -> Band | None:
    """Return which open tasks have a standing, as days and missed milestones; None where the scheme has no such one.

    ``no_day`` is the day that stands for "no due day". What a band holds is what ``decide`` says of it.
    """
    if scheme.words(standing) is None:
        return None
    day = dt.timedelta(days=1)
    watched = scheme.rule("milestone_missed") is not None
    after = max(near, today - day) + day
    if standing == "overdue":
        return Band(dt.date.min, today - day)
    if standing == "near":
        return Band(today, near, False if scheme.milestone_first else None)
    if standing == "behind":
        return Band(today if scheme.milestone_first else after, no_day, True)
    return Band(after, no_day, False if watched else None)


def read(entries: Iterable[Mapping[str, Any]]) -> tuple[Scheme, ...]:
    """Return the schemes of a file in its order; ``Problem`` for one that would leave a case undecided."""
    found = tuple(_scheme(entry) for entry in entries)
    keys = [(scheme.code, scheme.from_on) for scheme in found]
    if len(set(keys)) != len(keys):
        raise _wrong(str(keys), "同一方案同一天有两条。", "A scheme has two entries from one day.")
    return found


def _scheme(entry: Mapping[str, Any]) -> Scheme:
    code = str(entry.get("code"))
    try:
        rules = tuple(
            Rule(rule["when"], rule["colour"], Words(**rule["words"]), int(rule.get("at_most", 0)))
            for rule in entry["rules"]
        )
        scheme = Scheme(code, entry["from"], Words(**entry["name"]), Words(**entry["source"]), rules)
    except (KeyError, TypeError, ValueError) as fault:
        raise _wrong(code, f"写法不对：{fault}。", f"Not understood: {fault}.") from fault
    whens = [rule.when for rule in rules]
    if len(set(whens)) != len(whens) or whens[:1] != ["overdue"] or whens[-1:] != ["otherwise"]:
        raise _wrong(
            code,
            "规则应以逾期开头、以其余结尾，每种一条。",
            "Rules begin with overdue, end with otherwise, one of each.",
        )
    for rule in rules:
        if rule.when not in get_args(When) or rule.colour not in get_args(Colour):
            raise _wrong(
                code, f"没有这种规则或颜色：{rule.when}、{rule.colour}。", f"Unknown: {rule.when}, {rule.colour}."
            )
        if (rule.when == "days_left") != (rule.at_most > 0):
            raise _wrong(code, "只有临期规则写天数，且至少1天。", "Only days_left has days, at least one.")
    return scheme


def _wrong(place: str, zh: str, en: str) -> Problem:
    return Problem(place, Words(zh, en), Words("请改正颜色方案文件。", "Mend the file of colour schemes."))
