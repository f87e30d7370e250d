"""Leading groups and their seats: loaded from a packaged plan, opened by hand, changed with dates."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from luoshi.core.outcome import Refused, refuse
from luoshi.core.words import Words
from luoshi.office import register
from luoshi.office.access import Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.people.models import County, Post, Unit
from luoshi.office.plans.models import Plan
from luoshi.office.register.records import Group as GroupData
from luoshi.office.register.records import Seat as SeatData
from luoshi.supervision.actions.inputs import Reason, told
from luoshi.supervision.meetings import seats
from luoshi.supervision.meetings.actions.inputs import (
    LEADERS,
    GroupInputs,
    SeatInputs,
    Short,
    in_force,
    load_county,
    load_group,
    load_seat,
    post_of,
    seat_in_force,
    unit_of,
    where_group,
    where_seat,
)
from luoshi.supervision.meetings.models import Group, Seat


class LoadInputs(Inputs):
    """The subject whose packaged plan names the groups."""

    subject: Annotated[str, Field(max_length=40)]


class OpenInputs(Inputs):
    """A group that no packaged plan names: its unit and its name."""

    unit_id: Annotated[int, told("单位", "Unit", ge=1)]
    name_zh: Short


class AddSeat(GroupInputs):
    """A new seat: its role in the group, the post that holds it, the unit that is invited."""

    role_zh: Annotated[str, Field(min_length=1, max_length=30)]
    post_zh: Annotated[str, Field(min_length=1, max_length=80)]
    unit_id: Annotated[int, told("单位", "Unit", ge=1)]
    post_id: int | None = None


class TieSeat(SeatInputs):
    """The post of this house that a printed post is."""

    post_id: Annotated[int, told("岗位", "Post", ge=1)]


class EndSeat(SeatInputs):
    """Why a seat ends; today is its last day."""

    reason: Reason


@action(
    "group.load", Words("装入领导小组名单", "Load leading groups"), subject="group",
    grants={"system": "county"}, inputs=LoadInputs, load=load_county, where=lambda county: Where(county.pk),
)  # fmt: skip
def load_groups(call: Call, county: County, inputs: LoadInputs) -> Done:
    """Write the groups and seats of a packaged plan. Loading again adds what is new and ties seats that were untied."""
    data = register.plan(inputs.subject)
    plan = Plan.objects.get(county=county, code=data.code)
    units = {u.code: u for u in Unit.objects.filter(county=county)}
    made = sum(_load_group(plan, one, units, data.effective_on) for one in data.groups)
    return Done(
        Words(
            f"{plan.words.zh}：领导机构{len(data.groups)}个，新席位{made}个。",
            f"{len(data.groups)} groups, {made} new seats.",
        ),
        values={"groups": len(data.groups), "seats": made},
    )


def _load_group(plan: Plan, data: GroupData, units: dict[str, Unit], from_on: dt.date) -> int:
    unit = units[data.unit]
    group = Group.objects.filter(county_id=plan.county_id, code=data.code).first()
    if group is None:
        group = _make(unit, data.code, Words(unit.name_zh, unit.name_en), from_on, plan, list(data.clauses))
    held = {s.code: s for s in group.seats.prefetch_related("units")}
    for row in held.values():
        if row.post_id is None and row.until_on is None:
            row.post = _head_post(list(row.units.all()), row.post_zh)
            row.save(update_fields=["post"])
    fresh = [one for one in data.seats if one.code not in held]
    for one in fresh:
        _make_seat(group, one, units, from_on)
    return len(fresh)


def _make(unit: Unit, code: str, name: Words, from_on: dt.date, plan: Plan | None, clauses: list[str]) -> Group:
    return Group.objects.create(
        county_id=unit.county_id, code=code, unit=unit, plan=plan, name_zh=name.zh, name_en=name.en,
        clause_ids=clauses, from_on=from_on,
    )  # fmt: skip


def _make_seat(group: Group, data: SeatData, units: dict[str, Unit], from_on: dt.date) -> None:
    own = [units[code] for code in data.units]
    row = Seat.objects.create(
        county_id=group.county_id, group=group, code=data.code, order=data.order, role_zh=data.role[:30],
        post_zh=data.post[:80], unit=own[0], post=_head_post(own, data.post), clause_id=data.clause, from_on=from_on,
    )  # fmt: skip
    row.units.set(own)


def _head_post(own: list[Unit], printed: str) -> Post | None:
    """Return the post of the head of the unit where that is what the plan prints and the unit has just one."""
    if len(own) != 1 or not seats.is_head(printed):
        return None
    found = list(Post.objects.filter(unit=own[0], role="unit_head", closed=False)[:2])
    return found[0] if len(found) == 1 else None


@action(
    "group.open", Words("设立领导小组", "Open a leading group"), subject="group",
    grants={"supervisor": "county", "county_head": "county"}, inputs=OpenInputs, load=load_county,
    where=lambda county: Where(county.pk),
)  # fmt: skip
def open_group(call: Call, county: County, inputs: OpenInputs) -> Done | Refused:
    """Make a group that no packaged plan names; seats are added one by one."""
    unit = unit_of(county.pk, inputs.unit_id)
    if Group.objects.filter(county=county, unit=unit, until_on__isnull=True).exists():
        return refuse("group_there", "这个单位已有领导小组名单。", "The unit has a roster already.")
    code = f"{unit.code}-{Group.objects.filter(county=county, unit=unit).count() + 1}"
    made = _make(unit, code, Words(inputs.name_zh, inputs.name_zh), call.today, None, [])
    return Done(
        Words(f"设立{made.words.zh}", f"Opened {made.words.en}"), after={"unit": unit.code},
        values={"group": made.pk}, subject_id=made.pk,
    )  # fmt: skip


@action(
    "seat.add", Words("增加席位", "Add a seat"), subject="group", grants=LEADERS,
    inputs=AddSeat, load=load_group, where=where_group,
)  # fmt: skip
def add_seat(call: Call, group: Group, inputs: AddSeat) -> Done | Refused:
    """Add a seat from today on."""
    unit = unit_of(group.county_id, inputs.unit_id)
    post = post_of(group.county_id, inputs.post_id) if inputs.post_id else None
    if unit.collective or (post is not None and post.unit_id != unit.pk):
        return refuse(
            "seat_of_one_unit", "席位属于一个具体单位，岗位也要在这个单位。", "A seat is of one unit; its post too.",
            Words("请选择具体单位和它的岗位。", "Choose a single unit and a post of it."),
        )  # fmt: skip
    order = (group.seats.order_by("-order").values_list("order", flat=True).first() or 0) + 1
    row = Seat.objects.create(
        county_id=group.county_id, group=group, code=f"seat-{group.seats.count() + 1}-{call.today:%Y%m%d}",
        order=order, role_zh=inputs.role_zh, post_zh=inputs.post_zh, unit=unit, post=post, from_on=call.today,
    )  # fmt: skip
    row.units.set([unit])
    return Done(
        Words(f"{group.words.zh}增加席位：{row.words.zh}", f"{group.words.en}: seat for {unit.words.en}"),
        after={"seat": row.pk, "unit": unit.code, "post": row.post_zh, "role": row.role_zh},
        values={"seat": row.pk},
    )


@action(
    "seat.tie", Words("对应岗位", "Tie a seat to a post"), subject="seat", grants=LEADERS,
    inputs=TieSeat, load=load_seat, where=where_seat, why_not=seat_in_force,
)  # fmt: skip
def tie_seat(call: Call, seat: Seat, inputs: TieSeat) -> Done | Refused:
    """Say which post of this house the printed one is. Whoever holds it holds the seat, today and later."""
    post = post_of(seat.county_id, inputs.post_id)
    if not seat.units.filter(pk=post.unit_id).exists():
        return refuse("post_elsewhere", "这个岗位不在席位的单位里。", "This post is not in the seat's unit.")
    was, seat.post = seat.post_id, post
    seat.save(update_fields=["post"])
    return Done(
        Words(f"“{seat.post_zh}”对应岗位“{post.title_zh}”", f"“{seat.post_zh}” is the post “{post.title_en}”"),
        before={"post": was}, after={"post": post.pk},
    )  # fmt: skip


@action(
    "seat.end", Words("撤销席位", "End a seat"), subject="seat", grants=LEADERS,
    inputs=EndSeat, load=load_seat, where=where_seat, why_not=seat_in_force,
)  # fmt: skip
def end_seat(call: Call, seat: Seat, inputs: EndSeat) -> Done:
    """End a seat with today. Its past stays; its unit's tasks stay where they are."""
    assert in_force(seat, call.today), "checked before"
    seat.until_on = call.today
    seat.save(update_fields=["until_on"])
    return Done(
        Words(
            f"撤销席位：{seat.unit.words.zh}{seat.post_zh}（{inputs.reason}）",
            f"Seat ended: {seat.post_zh} ({inputs.reason})",
        ),
        after={"until_on": str(call.today), "reason": inputs.reason},
    )
