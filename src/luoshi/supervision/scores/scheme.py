"""The dated scheme of scoring, read from ``scheme.yaml`` and checked on load. No framework, no clock.

What a score may be made of is the closed list ``RESULTS``: what became of the work, never how busy somebody looked.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.register import files

FILE = Path(__file__).with_name("scheme.yaml")
DUE_RESULTS = ("done_on_time", "done_late", "overdue_now")
RESULTS: dict[str, Words] = {
    "done_on_time": Words("按期办结", "Done on time"),
    "done_late": Words("逾期办结", "Done late"),
    "overdue_now": Words("期末仍逾期", "Overdue at the end"),
    "report_approved": Words("办结报告通过", "Report of completion approved"),
    "report_returned": Words("办结报告退回", "Report of completion returned"),
    "target_reached": Words("指标或节点达到", "Target or milestone reached"),
    "target_missed": Words("指标或节点未达到", "Target or milestone missed"),
    "check_sound": Words("核查合格", "Found sound by a check"),
    "check_faulty": Words("核查不合格", "Found faulty by a check"),
}
_NUMBERS = ("minimum_due", "sign_for_days", "contest_days", "decide_days", "longest_days")
_KEYS = {"code", "from", "words", "components", "groups", *_NUMBERS}


@dataclass(frozen=True, slots=True)
class Step:
    """What one item done late earns when at most ``up_to_days`` working days late; None: however late."""

    up_to_days: int | None
    credit: Fraction


@dataclass(frozen=True, slots=True)
class Component:
    """One part of the score: which results it counts and what one of each earns (0 to 1)."""

    code: str
    words: Words
    formula: Words
    weight: Fraction
    credits: Mapping[str, Fraction]
    late: tuple[Step, ...] = ()

    def credit(self, result: str, late_days: int) -> Fraction:
        """Return what one item earns."""
        if result != "done_late" or not self.late:
            return self.credits[result]
        return next(s.credit for s in self.late if s.up_to_days is None or late_days <= s.up_to_days)

    def counts(self, result: str) -> bool:
        """Tell whether items with this result belong here."""
        return result in self.credits or (result == "done_late" and bool(self.late))


@dataclass(frozen=True, slots=True)
class Group:
    """Units that are ranked among each other; the last group of a scheme takes every other kind."""

    code: str
    words: Words
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme in force from a day on. ``data`` is the block as it stands in the file, frozen with every run."""

    code: str
    from_on: dt.date
    words: Words
    components: tuple[Component, ...]
    groups: tuple[Group, ...]
    minimum_due: int
    sign_for_days: int
    contest_days: int
    decide_days: int
    longest_days: int
    data: Mapping[str, Any]

    def group_of(self, kind: str) -> Group:
        """Return the group a kind of unit is ranked in."""
        return next((g for g in self.groups if kind in g.kinds), self.groups[-1])


@cache
def packaged() -> tuple[Scheme, ...]:
    """Return the packaged schemes, the earliest first."""
    return read(files.read(FILE), str(FILE.name))


def in_force(on: dt.date, schemes: Sequence[Scheme] | None = None) -> Scheme:
    """Return the scheme in force on a day; ``Problem`` before the first: units must know the rules beforehand."""
    known = [s for s in (schemes or packaged()) if s.from_on <= on]
    if known:
        return known[-1]
    first = (schemes or packaged())[0].from_on
    raise Problem(
        "from_on",
        Words(f"{on}还没有生效的评分办法。", f"No scheme of scoring was in force on {on}."),
        Words(f"请选择{first}及以后开始的期间。", f"Choose a period that begins on or after {first}."),
        status=422,
    )


def read(loaded: Any, place: str) -> tuple[Scheme, ...]:
    """Check a loaded file; ``Problem`` names the scheme and what is wrong in it."""
    blocks = loaded.get("schemes") if isinstance(loaded, dict) else None
    if not isinstance(blocks, list) or not blocks:
        raise _wrong(place, "没有评分办法。", "It holds no scheme.")
    found = tuple(of(block, f"{place}[{n}]") for n, block in enumerate(blocks))
    days = [s.from_on for s in found]
    if days != sorted(set(days)):
        raise _wrong(place, "各办法的生效日应由早到晚、互不相同。", "The days from which schemes hold must rise.")
    if len({s.code for s in found}) != len(found):
        raise _wrong(place, "办法代码重复。", "Two schemes share a code.")
    return found


def of(block: Any, place: str = "scheme") -> Scheme:
    """Read one block, as it stands in the file or frozen in a run."""
    if not isinstance(block, dict) or set(block) != _KEYS:
        keys = sorted(set(block) ^ _KEYS) if isinstance(block, dict) else []
        raise _wrong(place, f"字段不符：{keys}。", f"Its fields differ: {keys}.")
    for name in _NUMBERS:
        if not isinstance(block[name], int) or isinstance(block[name], bool) or block[name] < 1:
            raise _wrong(f"{place}.{name}", "应为正整数。", "It must be a positive whole number.")
    from_on = block["from"] if isinstance(block["from"], dt.date) else dt.date.fromisoformat(str(block["from"]))
    components = tuple(_component(c, f"{place}.components[{n}]") for n, c in enumerate(block["components"]))
    if not components or len({c.code for c in components}) != len(components):
        raise _wrong(place, "缺少组成或代码重复。", "Components are missing or share a code.")
    groups = tuple(Group(g["code"], Words(**g["words"]), frozenset(g["kinds"])) for g in block["groups"])
    kinds = [k for g in groups for k in g.kinds]
    if not groups or len(set(kinds)) != len(kinds) or groups[-1].kinds:
        raise _wrong(place, "一类单位只属一组，最后一组收其余。", "A kind is in one group; the last takes the rest.")
    data = {**block, "from": from_on.isoformat()}
    numbers = {name: block[name] for name in _NUMBERS}
    return Scheme(block["code"], from_on, Words(**block["words"]), components, groups, data=data, **numbers)


def _component(given: Any, place: str) -> Component:
    plain, late = dict[str, Fraction](), tuple[Step, ...]()
    for result, credit in given["credits"].items():
        if result not in RESULTS:
            raise _wrong(
                f"{place}.{result}",
                "评分只能依据工作结果，不得计入登录、签到、点击、上传或消息。",
                "A score counts results only, never sign-ins, presence, clicks, uploads or messages.",
            )
        if result == "done_late" and isinstance(credit, list):
            late = tuple(Step(s.get("up_to_days"), Fraction(s["credit"])) for s in credit)
        else:
            plain[result] = Fraction(credit)
    weight = Fraction(given["weight"])
    if weight <= 0:
        raise _wrong(place, "权重应为正数。", "A weight is positive.")
    _check_credits(plain, late, place)
    return Component(given["code"], Words(**given["words"]), Words(**given["formula"]), weight, plain, late)


def _check_credits(plain: Mapping[str, Fraction], late: Sequence[Step], place: str) -> None:
    if not plain or any(not 0 <= c <= 1 for c in (*plain.values(), *(s.credit for s in late))):
        raise _wrong(place, "折算应在0与1之间。", "A credit lies between 0 and 1.")
    if late and (late[-1].up_to_days is not None or any(s.up_to_days is None for s in late[:-1])):
        raise _wrong(place, "最后一档应不限天数。", "The last step holds however late.")
    days = [s.up_to_days for s in late[:-1] if s.up_to_days is not None]
    if days != sorted(set(days)):
        raise _wrong(place, "各档天数应由小到大。", "The steps must rise by days.")
    counted = [r for r in DUE_RESULTS if r in plain or (r == "done_late" and late)]
    if counted and len(counted) != len(DUE_RESULTS):
        raise _wrong(place, "应办事项的三种结果应同时计入。", "The three results of what was due are counted together.")
    # Finishing earlier must never cost anything.
    falling = [plain.get("done_on_time"), *(s.credit for s in late), plain.get("done_late"), plain.get("overdue_now")]
    given = [c for c in falling if c is not None]
    if given != sorted(given, reverse=True):
        raise _wrong(place, "越晚办结，折算不得越高。", "Finishing later must not earn more.")


def _wrong(place: str, zh: str, en: str) -> Problem:
    return Problem(place, Words(zh, en), Words("请改正评分办法。", "Mend the scheme."))
