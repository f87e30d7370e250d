"""The forms of this part's acts: what each asks for."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from luoshi.core.calendar import default_calendar
from luoshi.core.words import Words
from luoshi.office.actions import Action, Call
from luoshi.office.fields import Field, Option
from luoshi.office.people.models import Post, Unit
from luoshi.supervision.meetings import actions, minutes, queries, terms
from luoshi.supervision.meetings.models import Group, Meeting, Seat


@dataclass(frozen=True, slots=True)
class Offer:
    """One act on a page: the action and the fields of its form."""

    action: Action[Any, Any]
    fields: Callable[[Call, Any], tuple[Field, ...]]


REASON = Field(
    "reason", Words("理由", "Reason"), "textarea", rows=3, hint=Words("会留痕。", "It is kept in the journal.")
)


def _units(county_id: int, *, single: bool = False) -> tuple[Option, ...]:
    rows = Unit.objects.filter(county_id=county_id).order_by("collective", "short_zh")
    return tuple(Option(str(u.pk), u.words) for u in (rows.filter(collective=False) if single else rows))


def _call(call: Call, group: Group) -> tuple[Field, ...]:
    day = default_calendar().add_working_days(call.today, terms.figure(group.county_id, terms.NOTICE, call.today))
    rows = queries.roster(group, day)
    units = len({r.seat.unit_id for r in rows})
    cost = Words(
        f"不选就是全部{len(rows)}个席位，涉及{units}个单位；每个单位只通知一次，并计入该单位的会议数。只选必须到会的。",
        f"None chosen means all {len(rows)} seats of {units} units; each unit is told once, and it counts as a meeting "
        "asked of it. Choose only who must come.",
    )
    return (
        Field("held_on", Words("会议日期", "Day"), "date", day.isoformat(), minimum=call.today.isoformat()),
        Field("starts_at", Words("开始时间", "Hour"), value="09:00"),
        Field("room", Words("地点", "Room")),
        Field("agenda", Words("议题", "Agenda"), "textarea", hint=Words("一行一项。", "One item a line.")),
        Field(
            "seats", Words("通知哪些席位", "Which seats"), "select", required=False, multiple=True, hint=cost,
            options=tuple(Option(str(r.seat.pk), r.seat.words) for r in rows),
        ),
        Field(
            "urgent", Words("紧急（应急处置，不受提前通知和休息日限制）", "Urgent (emergencies)"), "checkbox",
            required=False,
        ),
    )  # fmt: skip


def _add(call: Call, group: Group) -> tuple[Field, ...]:
    return (
        Field("role_zh", Words("组内职务", "Role in the group"), value="成员"),
        Field("post_zh", Words("岗位（照文件写，不写人名）", "Post, as printed, no name")),
        Field("unit_id", Words("单位", "Unit"), "select", options=_units(group.county_id, single=True)),
    )


def _tie(call: Call, seat: Seat) -> tuple[Field, ...]:
    posts = Post.objects.filter(unit__in=seat.units.all(), closed=False).select_related("unit").order_by("pk")
    options = tuple(Option(str(p.pk), Words(f"{p.unit.short_zh} {p.title_zh}", p.title_en)) for p in posts)
    return (Field("post_id", Words("本系统中的岗位", "Post in this house"), "select", options=options),)


def _hold(call: Call, meeting: Meeting) -> tuple[Field, ...]:
    rows = queries.invited(meeting)
    options = (
        Option("present", Words("本岗位出席", "the post itself")),
        Option("deputy", Words("派人代会", "a deputy")),
        Option("absent", Words("缺席", "absent")),
    )
    return tuple(
        Field(
            f"p{i.pk}", i.seat.words, "select",
            i.presence or "present", options=options,
        )
        for i in rows
    )  # fmt: skip


def _decide(call: Call, meeting: Meeting) -> tuple[Field, ...]:
    units = _units(meeting.county_id)
    return (
        Field(
            "text", Words("议定事项", "Decision"), "textarea", rows=3,
            hint=Words("做什么、做到什么程度。保存后立即作为任务交办。", "What, how far. It is given out at once."),
        ),
        Field("lead_id", Words("牵头或责任单位", "Unit that answers for it"), "select", options=units),
        Field("support", Words("配合单位", "Support"), "select", required=False, multiple=True, options=units),
        Field("due_on", Words("完成时限", "Until"), "date", minimum=call.today.isoformat()),
    )  # fmt: skip


def _minutes(call: Call, meeting: Meeting) -> tuple[Field, ...]:
    hint = Words(
        "草稿按会议留痕自动生成，请逐句核对、修改后印发。不写人名。",
        "Drafted from the journal of the meeting; check every sentence, then confirm. No names.",
    )
    return (Field("text", Words("纪要", "Minutes"), "textarea", minutes.draft(meeting), hint=hint, rows=22),)


def _reason(call: Call, subject: Any) -> tuple[Field, ...]:
    return (REASON,)


GROUP_OFFERS = {"call": Offer(actions.call_meeting, _call), "add-seat": Offer(actions.add_seat, _add)}
SEAT_OFFERS = {"tie": Offer(actions.tie_seat, _tie), "end": Offer(actions.end_seat, _reason)}
MEETING_OFFERS = {
    "hold": Offer(actions.hold, _hold), "decide": Offer(actions.decide, _decide),
    "minutes": Offer(actions.confirm_minutes, _minutes), "cancel": Offer(actions.cancel, _reason),
}  # fmt: skip


def given(verb: str, form_fields: tuple[Field, ...], post: Any) -> dict[str, Any]:
    """Return the inputs of an act from what a form sent; who came stands in one field for each invitation."""
    if verb == "hold":
        said = {f.name[1:]: post.get(f.name, "absent") for f in form_fields}
        return {
            "present": [int(pk) for pk, value in said.items() if value == "present"],
            "deputy": [int(pk) for pk, value in said.items() if value == "deputy"],
        }
    found: dict[str, Any] = {}
    for field in form_fields:
        if field.multiple:
            found[field.name] = [v for v in post.getlist(field.name) if v]
        elif field.kind == "checkbox":
            found[field.name] = post.get(field.name) == "true"
        elif post.get(field.name, "") or field.required:
            found[field.name] = post.get(field.name, "")
    return found


def noticed(day: dt.date, asked: dict[int, int], units: dict[int, Words]) -> Words | None:
    """Return what is said of units that have another meeting that day, or None."""
    names = [units[pk] for pk in asked if pk in units]
    if not names:
        return None
    zh, en = "、".join(n.zh for n in names[:6]), ", ".join(n.en for n in names[:6])
    return Words(f"{day}已有其他会议的单位：{zh}", f"Have another meeting on {day}: {en}")
