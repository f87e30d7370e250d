"""A meeting: called with its agenda, held, its decisions given out as tasks, its minutes confirmed."""

import datetime as dt
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from luoshi.core.calendar import default_calendar
from luoshi.core.outcome import Outcome, Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import COUNTY_ZONE, Call, Done, action
from luoshi.office.duties import verbs
from luoshi.office.notices import outbox
from luoshi.office.people.models import Unit
from luoshi.office.plans import followers
from luoshi.office.plans.models import Plan, Task, TaskUnit
from luoshi.supervision.actions.inputs import told
from luoshi.supervision.actions.subjects import offices_of
from luoshi.supervision.load import counted, meter, scheme, taking
from luoshi.supervision.meetings import terms
from luoshi.supervision.meetings.actions.inputs import (
    LEADERS,
    GroupInputs,
    MeetingInputs,
    ReasonedMeeting,
    Short,
    in_force,
    load_group,
    load_meeting,
    state_is,
    unit_of,
    where_group,
    where_meeting,
)
from luoshi.supervision.meetings.models import AgendaItem, Group, Invitation, Meeting, Resolution, Seat

MOST_ITEMS = 20
WORK = "meetings"
"""The subject of the plans that hold what meetings decided."""
SETTLED = ("done", "closed", "cancelled")


def _of_the_county(hour: dt.time) -> dt.time:
    if hour.tzinfo is not None:
        raise ValueError("不写时区 / without a time zone")
    return hour


class CallInputs(GroupInputs):
    """Day, hour and room, the agenda one item a line, and which seats; none named means all that stand that day."""

    held_on: Annotated[dt.date, told("会议日期", "Day")]
    starts_at: Annotated[dt.time, told("开始时间", "Hour"), AfterValidator(_of_the_county)] = dt.time(9)
    room: Short
    agenda: Annotated[str, told("议题", "Agenda", "一行一项", "one item a line", min_length=2, max_length=5000)]
    seats: tuple[int, ...] = ()
    urgent: bool = False


class HoldInputs(MeetingInputs):
    """Which invitations were kept by the post itself and which by a deputy; the others were absent."""

    present: tuple[int, ...] = ()
    deputy: tuple[int, ...] = ()


class DecideInputs(MeetingInputs):
    """What is to be done, by which unit, with whose support, by which day."""

    text: Annotated[str, told("议定事项", "Decision", min_length=4, max_length=400)]
    lead_id: Annotated[int, told("牵头或责任单位", "Unit that answers for it", ge=1)]
    support: tuple[int, ...] = ()
    due_on: Annotated[dt.date, told("完成时限", "Until")]


class MinutesInputs(MeetingInputs):
    """The minutes as a person confirms them."""

    text: Annotated[str, Field(title="纪要 Minutes", min_length=20, max_length=20_000)]


@action(
    "meeting.call", Words("召集会议", "Call a meeting"), subject="meeting", grants=LEADERS,
    inputs=CallInputs, load=load_group, where=where_group,
)  # fmt: skip
def call_meeting(call: Call, group: Group, inputs: CallInputs) -> Done | Refused:
    """Call a meeting: number it, invite the seats, tell each unit once, open the duty to confirm its minutes."""
    if (refused := _too_soon(call, group, inputs)) is not None:
        return refused
    items = [line.strip()[:300] for line in inputs.agenda.splitlines() if line.strip()]
    if len(items) > MOST_ITEMS:
        raise _problem("agenda", f"议题超过{MOST_ITEMS}项。", f"More than {MOST_ITEMS} items.")
    invited = _invited(group, inputs)
    if not invited:
        return refuse(
            "nobody_invited", "没有可以通知的席位。", "There is no seat to invite.",
            Words("请先增加席位，或选择现行席位。", "Add a seat first, or choose one in force."),
        )  # fmt: skip
    if not inputs.urgent and (full := _no_room(call, group, inputs.held_on, invited)) is not None:
        return full
    number = (group.meetings.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    meeting = Meeting.objects.create(
        county_id=group.county_id, group=group, number=number, title_zh=f"{group.name_zh}第{number}次会议",
        held_on=inputs.held_on, starts_at=inputs.starts_at, room=inputs.room, called_on=call.today,
    )  # fmt: skip
    AgendaItem.objects.bulk_create(
        AgendaItem(county_id=group.county_id, meeting=meeting, order=n, text=text) for n, text in enumerate(items, 1)
    )
    Invitation.objects.bulk_create(
        Invitation(county_id=group.county_id, meeting=meeting, seat=s, unit=s.unit, day=inputs.held_on) for s in invited
    )
    meeting.duty = _minutes_duty(call, meeting)
    meeting.save(update_fields=["duty"])
    units = _tell(call, meeting, "meeting", invited, {"agenda": items, "room": inputs.room})
    return Done(
        Words(f"召集{meeting.title_zh}，通知{units}个单位", f"Called {meeting.title_zh}, {units} units"),
        after={
            "state": "called", "number": number, "held_on": str(inputs.held_on), "room": inputs.room,
            "starts_at": f"{inputs.starts_at:%H:%M}", "agenda": items, "seats": [_seat_words(s) for s in invited],
        },
        clauses=tuple(group.clause_ids[:1]), values={"meeting": meeting.pk, "units": units}, subject_id=meeting.pk,
    )  # fmt: skip


def _too_soon(call: Call, group: Group, inputs: CallInputs) -> Refused | None:
    calendar = default_calendar()
    least = terms.figure(group.county_id, terms.NOTICE, call.today)
    if inputs.held_on < call.today:
        raise _problem("held_on", "会议日期已经过去。", "The day has passed.")
    if not in_force(group, inputs.held_on):
        return refuse("group_ended", "这个领导小组那时已撤销。", "The group has ended by then.")
    if inputs.urgent:
        return None
    if not calendar.is_working(inputs.held_on):
        return refuse(
            "rest_day", "这一天不是工作日，休息日不通知开会。", "That is a day of rest.",
            Words("请改在工作日；应急情况请勾选“紧急”。", "Choose a working day, or mark it urgent."),
        )  # fmt: skip
    if calendar.working_days_between(call.today, inputs.held_on) < least:
        return refuse(
            "short_notice", f"会议通知至少提前{least}个工作日。", f"A meeting is called {least} working days ahead.",
            Words("请改日期；应急情况请勾选“紧急”。", "Choose a later day, or mark it urgent."),
        )  # fmt: skip
    return None


def _no_room(call: Call, group: Group, held_on: dt.date, invited: list[Seat]) -> Refused | None:
    """Refuse where a unit's week would pass the cap; a meeting costs a unit once, however many of its seats come."""
    units = sorted({seat.unit_id for seat in invited})
    taking.lock_units(units)
    cost = scheme.on(held_on).kinds["meeting"]
    minutes = cost.cost() if cost.capped else 0
    room = meter.within_cap(counted.rooms(group.county_id, [(pk, held_on, minutes) for pk in units], call.today))
    return room if isinstance(room, Refused) else None


def _invited(group: Group, inputs: CallInputs) -> list[Seat]:
    rows = [s for s in group.seats.select_related("unit") if in_force(s, inputs.held_on)]
    if not inputs.seats:
        return rows
    chosen = set(inputs.seats)
    if unknown := chosen - {s.pk for s in rows}:
        raise _problem("seats", f"席位{min(unknown)}当天不在名单上。", f"Seat {min(unknown)} is not on the roster.")
    return [s for s in rows if s.pk in chosen]


def _minutes_duty(call: Call, meeting: Meeting) -> Any:
    group = meeting.group
    days = terms.figure(group.county_id, terms.MINUTES, call.today)
    unit = next(iter(offices_of(group.unit_id)), group.unit_id)
    title = Words(f"印发{meeting.title_zh}纪要", f"Minutes of {meeting.title_zh}")
    opening = verbs.Opening(
        group.county_id, unit, title, "meeting", meeting.pk, meeting.held_on + dt.timedelta(days=days)
    )
    return verbs.open_duties([opening], call.today)[0]


def _tell(call: Call, meeting: Meeting, kind: str, invited: list[Seat], more: dict[str, Any]) -> int:
    """Put one message for each unit into the outbox, however many of its seats are asked; what cannot wait for working
    time, because the meeting comes before, leaves at once."""
    units = list(dict.fromkeys(s.unit_id for s in invited))
    when = outbox.quiet_until(call.now, default_calendar())
    begins = dt.datetime.combine(meeting.held_on, meeting.starts_at, COUNTY_ZONE)
    if call.now < begins <= when:  # an emergency: told in working time, nobody would come
        kind, when = f"{kind}_urgent", call.now
    payload = {
        "meeting": meeting.pk, "zh": meeting.title_zh, "held_on": str(meeting.held_on),
        "starts_at": f"{meeting.starts_at:%H:%M}", "address": f"/meetings/{meeting.pk}", **more,
    }  # fmt: skip
    for unit_id in units:
        outbox.enqueue(call, f"{kind}:{meeting.pk}:{unit_id}", kind, payload, unit_id=unit_id, not_before=when)
    return len(units)


def _seat_words(seat: Seat) -> str:
    return seat.words.zh


@action(
    "meeting.cancel", Words("取消会议", "Cancel a meeting"), subject="meeting", grants=LEADERS,
    inputs=ReasonedMeeting, load=load_meeting, where=where_meeting, why_not=state_is("called"),
)  # fmt: skip
def cancel(call: Call, meeting: Meeting, inputs: ReasonedMeeting) -> Done:
    """Cancel a meeting that was called; it asks nothing of the units any more, and each is told once."""
    meeting.state = "cancelled"
    meeting.save(update_fields=["state"])
    invited = [i.seat for i in meeting.invitations.select_related("seat__unit")]
    meeting.invitations.update(counts=False)
    if meeting.duty is not None:
        verbs.close(meeting.duty, call.today, "cancelled")
    _tell(call, meeting, "meeting_cancelled", invited, {"reason": inputs.reason})
    return Done(
        Words(f"取消{meeting.title_zh}（{inputs.reason}）", f"Cancelled {meeting.title_zh} ({inputs.reason})"),
        before={"state": "called"}, after={"state": "cancelled", "reason": inputs.reason},
    )  # fmt: skip


def may_hold(call: Call, meeting: Meeting) -> Outcome:
    """Who came is recorded from the day of the meeting on, until its minutes are confirmed."""
    if meeting.held_on <= call.today:
        return state_is("called", "held")(call, meeting)
    return refuse(
        "not_yet",
        f"会议{meeting.held_on}才召开。",
        f"The meeting is on {meeting.held_on}.",
        Words("请在会后登记。", "Record it after the meeting."),
    )


@action(
    "meeting.hold", Words("登记出席", "Record who came"), subject="meeting", grants=LEADERS,
    inputs=HoldInputs, load=load_meeting, where=where_meeting, why_not=may_hold,
)  # fmt: skip
def hold(call: Call, meeting: Meeting, inputs: HoldInputs) -> Done:
    """Record by seat who was there. Sent again it corrects what was recorded."""
    rows = {i.pk: i for i in meeting.invitations.select_related("seat__unit")}
    asked = {*inputs.present, *inputs.deputy}
    if unknown := asked - set(rows):
        raise _problem("present", f"编号{min(unknown)}不在通知名单上。", f"{min(unknown)} was not invited.")
    if both := {*inputs.present} & {*inputs.deputy}:
        raise _problem("deputy", f"编号{min(both)}不能既是出席又是代会。", f"{min(both)} is both present and deputy.")
    said: dict[str, list[str]] = {"present": [], "deputy": [], "absent": []}
    for pk, row in rows.items():
        row.presence = "present" if pk in inputs.present else "deputy" if pk in inputs.deputy else "absent"
        said[row.presence].append(_seat_words(row.seat))
    Invitation.objects.bulk_update(rows.values(), ["presence"])
    before, meeting.state = meeting.state, "held"
    meeting.save(update_fields=["state"])
    counts = {k: len(v) for k, v in said.items()}
    return Done(
        Words(
            f"{meeting.title_zh}：出席{counts['present']}，代会{counts['deputy']}，缺席{counts['absent']}",
            f"{meeting.title_zh}: {counts['present']} present, {counts['deputy']} deputies, {counts['absent']} absent",
        ),
        before={"state": before}, after={"state": "held", **said},
    )  # fmt: skip


@action(
    "meeting.decide", Words("记录议定事项", "Record a decision"), subject="meeting", grants=LEADERS,
    inputs=DecideInputs, load=load_meeting, where=where_meeting, why_not=state_is("held"),
)  # fmt: skip
def decide(call: Call, meeting: Meeting, inputs: DecideInputs) -> Done:
    """Record what was decided and give it out at once: a task with its unit and its day, like every other."""
    if inputs.due_on < call.today:
        raise _problem("due_on", "完成时限已经过去。", "The day has passed.")
    lead = unit_of(meeting.county_id, inputs.lead_id, "lead_id")
    wanted = [u for u in dict.fromkeys(inputs.support) if u != lead.pk]
    support = [unit_of(meeting.county_id, pk, "support") for pk in wanted]
    number = meeting.decisions_made + 1
    task = _task(meeting, number, inputs, lead, support)
    row = Resolution.objects.create(
        county_id=meeting.county_id, meeting=meeting, number=number, text=inputs.text, task=task
    )
    meeting.decisions_made = number
    meeting.save(update_fields=["decisions_made"])
    opened = followers.confirmed(meeting.county_id, [task], call.today)
    return Done(
        Words(f"{meeting.title_zh}议定：{inputs.text}", f"{meeting.title_zh} decided: {inputs.text}"),
        after={
            "resolution": number, "text": inputs.text, "lead": lead.short_zh, "support": [u.short_zh for u in support],
            "due_on": str(inputs.due_on), "task": task.pk,
        },
        clauses=tuple(task.clause_ids), values={"resolution": row.pk, "task": task.pk, "opened": opened},
    )  # fmt: skip


def _work(group: Group) -> Plan:
    """Return the plan that holds a group's decisions; the first decision makes it."""
    if group.work is None:
        group.work, _ = Plan.objects.get_or_create(
            county_id=group.county_id,
            code=f"meetings-{group.code}"[:60],
            defaults={
                "subject": WORK,
                "name_zh": f"{group.name_zh}会议议定事项",
                "name_en": f"Decisions: {group.name_en}",
                "leading_unit": group.unit,
                "from_on": group.from_on,
            },
        )
        group.save(update_fields=["work"])
    return group.work


def _task(meeting: Meeting, number: int, inputs: DecideInputs, lead: Unit, support: list[Unit]) -> Task:
    group, due = meeting.group, inputs.due_on
    mode = "lead_support" if support else "joint" if lead.collective else "single"
    task = Task.objects.create(
        county_id=meeting.county_id, plan=_work(group), code=f"m{meeting.number}-{number}",
        order=meeting.number * 1000 + number, number=f"第{meeting.number}次会议 {number}",
        heading_zh=inputs.text, heading_en=inputs.text, mode=mode, deadline_kind="until", due_on=due,
        deadline_words=f"{meeting.title_zh}议定：{due.year}年{due.month}月{due.day}日前",
        clause_ids=list(group.clause_ids[:1]), lead_unit=lead,
        units_text="、".join(u.short_zh for u in (lead, *support))[:600],
    )  # fmt: skip
    first = "lead" if support else "responsible"
    TaskUnit.objects.bulk_create(
        TaskUnit(county_id=meeting.county_id, task=task, unit=u, role=role, printed=u.short_zh)
        for u, role in ((lead, first), *((u, "support") for u in support))
    )
    return task


@action(
    "meeting.confirm_minutes", Words("印发纪要", "Confirm the minutes"), subject="meeting", grants=LEADERS,
    inputs=MinutesInputs, load=load_meeting, where=where_meeting, why_not=state_is("held"),
)  # fmt: skip
def confirm_minutes(call: Call, meeting: Meeting, inputs: MinutesInputs) -> Done:
    """Confirm the minutes, drafted from the journal and read by a person; the duty closes, nothing is decided later."""
    meeting.state, meeting.minutes = "closed", inputs.text
    meeting.minutes_on, meeting.minutes_by_id = call.today, call.actor.account_id
    meeting.save(update_fields=["state", "minutes", "minutes_on", "minutes_by"])
    late = bool(meeting.duty and meeting.duty.due_on and call.today > meeting.duty.due_on)
    if meeting.duty is not None:
        verbs.close(meeting.duty, call.today)
    invited = [i.seat for i in meeting.invitations.select_related("seat__unit")]
    _tell(call, meeting, "minutes", invited, {})
    return Done(
        Words(f"印发{meeting.title_zh}纪要", f"Minutes of {meeting.title_zh} confirmed"),
        before={"state": "held"}, after={"state": "closed", "text": inputs.text}, facts={"late": late},
    )  # fmt: skip


def _problem(place: str, zh: str, en: str) -> Problem:
    return Problem(place, Words(zh, en), Words("请改正后再提交。", "Correct it and send again."), status=422)
