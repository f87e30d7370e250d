"""The dated scheme of the load meter: weights, cap, ladder, limits of checks. Read once, checked on load. Pure."""

import datetime as dt
from functools import lru_cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from luoshi.core.words import Words

KIND_NAMES = (
    "reminder", "remind", "chase", "order", "talk", "circular", "praise", "ask", "check", "meeting", "report",
)  # fmt: skip
PaperKind = Literal[
    "chase", "order", "talk", "circular", "talk_notice", "circular_notice", "praise", "check_notice", "check_conclusion"
]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Said(_Entry):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @property
    def words(self) -> Words:
        """The text as pages print it."""
        return Words(self.zh, self.en)


class Kind(Said):
    """What one thing of this kind costs a unit, in minutes. ``capped``: it counts against the week's cap."""

    minutes: int = Field(0, ge=0)
    per_cell: int = Field(0, ge=0)
    per_paper: int = Field(0, ge=0)
    per_day: int = Field(0, ge=0)
    capped: bool

    def cost(self, cells: int = 0, papers: int = 0, days: int = 0) -> int:
        """Return the minutes of one thing with so many cells to fill, papers to hand in and days of visit."""
        return self.minutes + self.per_cell * cells + self.per_paper * papers + self.per_day * days


class Cap(_Entry):
    """The most that may be asked of one unit in one week, in minutes, and why."""

    minutes: int = Field(gt=0)
    reason: Said


class Step(_Entry):
    """When one step of the ladder may be taken.

    ``after``: one of these steps came before, at least ``after_working_days`` ago. At most ``most`` within
    ``within_days`` over one share, ``unit_most`` within ``unit_within_days`` over one unit; 0 is no limit.
    ``mend_working_days``: the time the unit is given to mend.
    """

    after: tuple[str, ...] = ()
    after_working_days: int = Field(0, ge=0)
    most: int = Field(0, ge=0)
    within_days: int = Field(0, ge=0)
    unit_most: int = Field(0, ge=0)
    unit_within_days: int = Field(0, ge=0)
    mend_working_days: int = Field(0, ge=0)


class Ladder(_Entry):
    """The steps of pressing, and the working days between any two of them over one share."""

    gap_working_days: int = Field(ge=0)
    steps: dict[str, Step]


class CheckLimits(_Entry):
    """How long a check may take, how seldom a unit is checked, and what lawful ground lifts that."""

    most_working_days: int = Field(gt=0)
    gap_days: int = Field(gt=0)
    mend_working_days: int = Field(gt=0)
    grounds: dict[str, Said]


class Scheme(_Entry):
    """Everything in force from one day."""

    from_on: dt.date = Field(alias="from")
    source: Said
    cap: Cap
    near_share: int = Field(ge=1, le=100)
    same_share: int = Field(ge=1, le=100)
    mention_share: int = Field(ge=1, le=100)
    fresh_days: int = Field(ge=1)
    notice_working_days: int = Field(ge=0)
    kinds: dict[str, Kind]
    messages: dict[str, str]
    duties: dict[str, str]
    ladder: Ladder
    object_working_days: int = Field(gt=0)
    check: CheckLimits
    letters: dict[str, str | dict[str, str]]

    @model_validator(mode="after")
    def _whole(self) -> "Scheme":
        if set(self.kinds) != set(KIND_NAMES):
            raise ValueError(f"kinds must be exactly {', '.join(KIND_NAMES)}")
        unknown = {*self.messages.values(), *self.duties.values()} - set(self.kinds)
        if unknown:
            raise ValueError(f"no such kind of load: {', '.join(sorted(unknown))}")
        if set(self.ladder.steps) != {"remind", "chase", "order", "talk", "circular"}:
            raise ValueError("the ladder has the steps remind, chase, order, talk, circular")
        if {name for step in self.ladder.steps.values() for name in step.after} - set(self.ladder.steps):
            raise ValueError("a step follows steps of the ladder")
        return self

    def letter(self, county: str, kind: PaperKind) -> str:
        """Return the 机关代字 of a paper of this kind in a county."""
        own = self.letters["counties"]
        assert isinstance(own, dict), "counties map to their letters"
        return f"{own.get(county, self.letters['other'])}{self.letters[kind]}"


def read(text: str) -> tuple[Scheme, ...]:
    """Read schemes from YAML, oldest first; raise ``ValueError`` where one is not whole or two begin on one day."""
    found = sorted((Scheme.model_validate(one) for one in yaml.safe_load(text)), key=lambda s: s.from_on)
    if not found or len({s.from_on for s in found}) != len(found):
        raise ValueError("schemes begin on different days, and there is at least one")
    return tuple(found)


@lru_cache(maxsize=1)
def schemes() -> tuple[Scheme, ...]:
    """Return the packaged schemes, oldest first."""
    return read(resources.files(__package__).joinpath("scheme.yaml").read_text("utf-8"))


def on(day: dt.date) -> Scheme:
    """Return the scheme in force on a day; before the first one the first holds."""
    return next((s for s in reversed(schemes()) if s.from_on <= day), schemes()[0])
