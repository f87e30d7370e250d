"""Recorded readings as the county sees them, and ruling on one: a dated value over the packaged one."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from luoshi.core.outcome import Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette.publication.visibility import ONLINE
from luoshi.office import access, register
from luoshi.office.access import Actor, Grants, Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.people.models import County, Post, Unit
from luoshi.office.plans.models import DatedValue, Document
from luoshi.office.plans.values import ValueInForce, value_on
from luoshi.office.register.records import Reading

# Which posts of the house stand for the roles that the readings name as those who may overrule.
ROLES_OF: dict[str, frozenset[str]] = {
    "plan_owner": frozenset({"leading_office", "unit_head"}),
    "gazette_editor": frozenset({"editor"}),
    "directory_keeper": frozenset({"editor", "leading_office"}),
    "disclosure_reviewer": frozenset({"disclosure_officer"}),
}
ROLE_WORDS: dict[str, Words] = {
    "plan_owner": Words("方案主管", "Owner of the plan"),
    "gazette_editor": Words("公报编辑", "Gazette editor"),
    "directory_keeper": Words("机构名录管理员", "Keeper of the directory"),
    "disclosure_reviewer": Words("信息公开审核人", "Disclosure reviewer"),
}
_GRANTS: Grants = {
    "leading_office": "county",
    "unit_head": "county",
    "editor": "county",
    "disclosure_officer": "county",
}


def extra_keys(reading: Reading) -> tuple[str, ...]:
    """Return the keys a ruling on this reading may set: its own, and the publication it bears on."""
    if reading.role == "disclosure_reviewer" and ONLINE not in reading.values and reading.id == "FOOD-R-002":
        return (*reading.values, ONLINE)
    return reading.values


@dataclass(frozen=True, slots=True)
class ValueNow:
    """A value a reading bears on: in force now, and what the package says."""

    key: str
    subject: str
    now: ValueInForce | None
    packaged: Any
    words: Words | None


def find(reading_id: str) -> Reading | None:
    """Return a reading of any register, or None."""
    return next((r for s in register.SUBJECTS if (r := register.readings(s).get(reading_id)) is not None), None)


def values_of(county_id: int, reading: Reading, day: dt.date) -> list[ValueNow]:
    """Return the values a reading bears on, as they stand in the county on a day."""
    found = []
    for key in extra_keys(reading):
        subject = subject_of(reading, key)
        packaged = register.values(subject).get(key)
        try:
            now: ValueInForce | None = value_on(county_id, subject, key, day)
        except KeyError:
            now = None
        found.append(
            ValueNow(
                key, subject, now, packaged[-1].value if packaged else None, packaged[-1].words if packaged else None
            )
        )
    return found


def subject_of(reading: Reading, key: str) -> str:
    """Return the subject whose values hold a key."""
    return "gazette" if key == ONLINE or key.startswith(f"{ONLINE}.") else reading.subject


class Rule(Inputs):
    """Which reading, which of its values, from which day, and why. ``value`` is in the form of the present one."""

    reading: str = Field(max_length=40)
    key: str = Field(max_length=120)
    value: str = Field(max_length=400)
    from_on: dt.date
    reason: str = Field(min_length=4, max_length=2000)


@dataclass(frozen=True, slots=True)
class Ruled:
    """The reading a ruling is about, in a county."""

    county: County
    reading: Reading
    units: frozenset[int]
    pk: str


def _load(call: Call, inputs: Rule) -> Ruled:
    reading = find(inputs.reading)
    if reading is None:
        raise Problem(
            "reading",
            Words("没有这条裁定。", "There is no such reading."),
            Words("请从列表选择。", "Choose it from the list."),
            status=404,
        )
    county = County.objects.select_for_update().get(pk=call.actor.county_id)
    return Ruled(county, reading, unit_ids(county.pk, reading), reading.id)


def unit_ids(county_id: int, reading: Reading) -> frozenset[int]:
    """Return the unit that may overrule a reading, with the units above it in the directory."""
    row = Unit.objects.filter(county_id=county_id, code=reading.unit).first()
    found: set[int] = set()
    while row is not None and row.pk not in found:
        found.add(row.pk)
        row = row.parent
    return frozenset(found)


def may_rule(actor: Actor, reading: Reading) -> bool:
    """Tell whether this actor holds the post that may overrule this reading."""
    if not access.may(actor, _GRANTS, Where(actor.county_id)):
        return False
    if actor.role not in ROLES_OF[reading.role]:
        return False
    units = unit_ids(actor.county_id, reading)
    seats = Post.objects.filter(
        county_id=actor.county_id, unit_id__in=units, role__in=ROLES_OF[reading.role], closed=False
    )
    # Where nobody sits in the named unit the role decides alone, so that a reading never has no judge.
    return actor.unit_id in units or not seats.exists()


@action(
    "reading.rule",
    Words("裁定疑点", "Rule on a reading"),
    subject="reading",
    grants=_GRANTS,
    inputs=Rule,
    load=_load,
    where=lambda ruled: Where(ruled.county.pk, ruled.units),
)
def rule(call: Call, ruled: Ruled, inputs: Rule) -> Done | Refused:
    """Set a value of a reading from a day on. What was before stays; a later value takes this one back."""
    reading = ruled.reading
    if not may_rule(call.actor, reading):
        who = ROLE_WORDS[reading.role]
        return refuse(
            "not_the_judge",
            f"这条疑点由{who.zh}裁定。",
            f"This reading is ruled on by: {who.en}.",
            Words(f"请由{reading.unit}的{who.zh}办理。", f"Ask {who.en} of {reading.unit}."),
            reading.clauses,
        )
    document = inputs.key.removeprefix(f"{ONLINE}.") if inputs.key.startswith(f"{ONLINE}.") else ""
    if document:
        if (
            reading.role != "disclosure_reviewer"
            or not Document.objects.filter(county=ruled.county, code=document).exists()
        ):
            return refuse("no_such_value", "这条疑点不涉及这份文件。", "The reading does not bear on this document.")
    elif inputs.key not in extra_keys(reading):
        return refuse("no_such_value", "这条疑点没有这个取值。", "The reading has no such value.")
    subject = subject_of(reading, inputs.key)
    shape_key = ONLINE if document else inputs.key
    value = read_value(inputs.value, register.values(subject)[shape_key][-1].value)
    held = DatedValue.objects.filter(
        county=ruled.county, subject=subject, key=inputs.key, from_on=inputs.from_on
    ).first()
    if held is not None:
        return refuse(
            "day_taken",
            "同一天已经有一项裁定。",
            "There is a ruling from this day already.",
            Words("请换一个生效日。", "Choose another day."),
        )
    before = _before(ruled.county.pk, subject, inputs.key, inputs.from_on)
    row = DatedValue.objects.create(
        county=ruled.county,
        subject=subject,
        key=inputs.key,
        value=value,
        from_on=inputs.from_on,
        reason=inputs.reason,
        clause_id=reading.clauses[0] if reading.clauses else "",
        decided_by=f"post:{call.actor.post_id}",
    )
    return Done(
        Words(
            f"裁定{reading.id}：{inputs.key}自{inputs.from_on}起为{value}",
            f"{reading.id}: {inputs.key} is {value} from {inputs.from_on}",
        ),
        before={"value": before},
        after={"value": value, "from": str(inputs.from_on)},
        facts={"reason": inputs.reason},
        values={"dated_value": row.pk},
        clauses=reading.clauses,
        subject_id=reading.id,
    )


def _before(county_id: int, subject: str, key: str, day: dt.date) -> Any:
    try:
        return value_on(county_id, subject, key, day).value
    except KeyError:
        return None


def read_value(text: str, like: Any) -> Any:
    """Read a typed value in the kind of the present one: yes or no, number, list, text."""
    bare = text.strip()
    if isinstance(like, bool):
        known = {"true": True, "是": True, "yes": True, "false": False, "否": False, "no": False}
        if bare.lower() in known:
            return known[bare.lower()]
        raise _unread(text, "“是”或“否”", "yes or no")
    if isinstance(like, int | float):
        try:
            return int(bare) if bare.lstrip("+-").isdigit() else float(bare)
        except ValueError:
            raise _unread(text, "数字", "a number") from None
    if isinstance(like, list | tuple):
        parts = [p.strip() for p in bare.replace("，", "、").replace(",", "、").split("、") if p.strip()]
        return [read_value(p, like[0]) if like else p for p in parts]
    if not bare:
        raise _unread(text, "内容", "a text")
    return bare


def _unread(text: str, zh: str, en: str) -> Problem:
    return Problem(
        "value",
        Words(f"“{text}”读不成{zh}。", f"{text!r} is not {en}."),
        Words(f"请填写{zh}。", f"Give {en}."),
        status=422,
    )
