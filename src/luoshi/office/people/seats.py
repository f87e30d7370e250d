"""Actions on units and the seats in them: open, rename and close, with the days from which it holds."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from luoshi.core.outcome import Refused, refuse
from luoshi.core.words import Words
from luoshi.office.access import Grants, Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.people.actions import missing
from luoshi.office.people.models import Appointment, County, Place, Post, Unit, UnitName

SYSTEM: Grants = {"system_admin": "county"}
Text = Annotated[str, Field(min_length=1, max_length=60)]


class OpenUnit(Inputs):
    """A unit's short code, names, kind and place."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
    name_zh: Annotated[str, Field(min_length=1, max_length=120)]
    short_zh: Text
    name_en: Annotated[str, Field(min_length=1, max_length=160)]
    kind: Annotated[str, Field(min_length=1, max_length=40)] = "department"
    place: Annotated[str, Field(max_length=60)] = ""


class RenameUnit(Inputs):
    """The unit's new names and the first day on which they hold."""

    unit: int
    name_zh: Annotated[str, Field(min_length=1, max_length=120)]
    short_zh: Text
    name_en: Annotated[str, Field(min_length=1, max_length=160)]
    from_on: dt.date


class CloseUnit(Inputs):
    """The unit and its last day."""

    unit: int
    to_on: dt.date


class ClosePost(Inputs):
    """The seat."""

    post: int


def _county(call: Call, inputs: Inputs) -> County:
    return County.objects.select_for_update().get(pk=call.actor.county_id)


def _unit(call: Call, inputs: RenameUnit | CloseUnit) -> Unit:
    unit = Unit.objects.select_for_update().filter(county_id=call.actor.county_id, pk=inputs.unit).first()
    if unit is None:
        raise missing("unit", "这个单位", "unit")
    return unit


def _post(call: Call, inputs: ClosePost) -> Post:
    rows = Post.objects.select_for_update(of=("self",)).select_related("unit")
    post = rows.filter(county_id=call.actor.county_id, pk=inputs.post).first()
    if post is None:
        raise missing("post", "这个岗位", "post")
    return post


@action(
    "unit.open", Words("设立单位", "Open a unit"),
    subject="unit", grants=SYSTEM, inputs=OpenUnit, load=_county, where=lambda county: Where(county.pk),
)  # fmt: skip
def open_unit(call: Call, county: County, inputs: OpenUnit) -> Done | Refused:
    """Make a unit whose name is found in texts from today on."""
    place = Place.objects.filter(county=county, code=inputs.place).first() if inputs.place else None
    if inputs.place and place is None:
        raise missing("place", f"地名“{inputs.place}”", f"place {inputs.place!r}")
    if Unit.objects.filter(county=county, code=inputs.code).exists():
        return refuse("code_taken", "这个代码已被使用。", "This code is taken.")
    unit = Unit.objects.create(
        county=county, code=inputs.code, name_zh=inputs.name_zh, short_zh=inputs.short_zh, name_en=inputs.name_en,
        kind=inputs.kind, place=place, valid_from=call.today,
    )  # fmt: skip
    _name(unit, inputs.name_zh, call.today)
    _name(unit, inputs.short_zh, call.today)
    after = {"code": unit.code, "name": unit.name_zh}
    return Done(_said(unit, "设立单位", "Opened the unit"), after=after, values={"unit": unit.pk}, subject_id=unit.pk)


@action(
    "unit.rename", Words("单位更名", "Rename a unit"),
    subject="unit", grants=SYSTEM, inputs=RenameUnit, load=_unit, where=lambda unit: Where(unit.county_id),
)  # fmt: skip
def rename_unit(call: Call, unit: Unit, inputs: RenameUnit) -> Done:
    """Give a unit new names; the old ones stay, with the day before as their last, so that old texts still resolve."""
    before = {"name": unit.name_zh, "short": unit.short_zh}
    old = UnitName.objects.filter(unit=unit, name__in=[unit.name_zh, unit.short_zh], valid_to=None)
    old.exclude(name__in=[inputs.name_zh, inputs.short_zh]).update(valid_to=inputs.from_on - dt.timedelta(days=1))
    unit.name_zh, unit.short_zh, unit.name_en = inputs.name_zh, inputs.short_zh, inputs.name_en
    unit.save(update_fields=["name_zh", "short_zh", "name_en"])
    _name(unit, inputs.name_zh, inputs.from_on)
    _name(unit, inputs.short_zh, inputs.from_on)
    after = {"name": unit.name_zh, "short": unit.short_zh, "from": str(inputs.from_on)}
    return Done(_said(unit, "单位更名", "Renamed the unit"), before=before, after=after)


@action(
    "unit.close", Words("撤销单位", "Close a unit"),
    subject="unit", grants=SYSTEM, inputs=CloseUnit, load=_unit, where=lambda unit: Where(unit.county_id),
)  # fmt: skip
def close_unit(call: Call, unit: Unit, inputs: CloseUnit) -> Done | Refused:
    """End a unit on a day; not while somebody still holds a seat in it or duties wait there."""
    from luoshi.office.duties.models import Duty  # it imports this app's models

    if unit.valid_from is not None and inputs.to_on < unit.valid_from:
        return refuse("ends_before_start", "撤销日早于设立日。", "It would end before it began.")
    if Appointment.objects.filter(post__unit=unit).exclude(to_on__lte=inputs.to_on).exists():
        return refuse(
            "still_held", "还有人在这个单位任职。", "Somebody still holds a post in it.",
            Words("请安全管理员先免职。", "Ask the security administrator to end the appointments first."),
        )  # fmt: skip
    if Duty.objects.filter(unit=unit, state__in=("open", "suspended")).exists():
        return refuse(
            "still_at_work", "这个单位还有未办结的待办。", "Duties still wait at this unit.",
            Words("请先办结，或由督查转交其他单位。", "Finish them, or have supervision move them to another unit."),
        )  # fmt: skip
    unit.valid_to = inputs.to_on
    unit.save(update_fields=["valid_to"])
    return Done(_said(unit, "撤销单位", "Closed the unit"), after={"to": str(inputs.to_on)})


@action(
    "post.close", Words("撤销岗位", "Close a post"),
    subject="post", grants=SYSTEM, inputs=ClosePost, load=_post, where=lambda post: Where(post.county_id),
)  # fmt: skip
def close_post(call: Call, post: Post, inputs: ClosePost) -> Done | Refused:
    """Close a seat that nobody holds or will hold."""
    if post.closed:
        return refuse("closed", "岗位已撤销。", "The post is closed already.")
    if post.appointments.exclude(to_on__lt=call.today).exists():
        return refuse(
            "still_held", "还有人担任这个岗位。", "Somebody still holds this post.",
            Words("请安全管理员先免职。", "Ask the security administrator to end the appointment first."),
        )  # fmt: skip
    post.closed = True
    post.save(update_fields=["closed"])
    return Done(Words(f"撤销岗位：{post}", f"Closed the post {post.title_en}"))


def _name(unit: Unit, name: str, from_on: dt.date) -> None:
    made, new = UnitName.objects.get_or_create(
        county_id=unit.county_id, unit=unit, name=name, defaults={"valid_from": from_on}
    )
    if not new and made.valid_to is not None:
        made.valid_to = None  # the unit takes a former name again
        made.save(update_fields=["valid_to"])


def _said(unit: Unit, zh: str, en: str) -> Words:
    return Words(f"{zh}：{unit.short_zh}", f"{en} {unit.name_en}")
