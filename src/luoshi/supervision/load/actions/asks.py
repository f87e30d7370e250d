"""Asking units for something the plans do not: sending, joining what was asked already, answering, calling off."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

from luoshi.core.calendar import default_calendar
from luoshi.core.outcome import Granted, Outcome, Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Where
from luoshi.office.actions import Call, Decision, Done, Inputs, action
from luoshi.office.duties import verbs
from luoshi.office.duties.models import Duty
from luoshi.office.evidence import attach
from luoshi.office.notices import outbox
from luoshi.office.people.models import Unit
from luoshi.office.plans.models import Task
from luoshi.supervision import assignments
from luoshi.supervision.actions.inputs import Files, Reason, Text, told
from luoshi.supervision.actions.subjects import missing
from luoshi.supervision.load import counted, known, meter, scheme, taking
from luoshi.supervision.load.actions.inputs import ANSWERING, SENDERS, DueOn, LongText, Title, Units
from luoshi.supervision.load.models import Ask, AskedUnit

Same = Literal["", "join", "again"]


class SendInputs(Inputs):
    """What is asked of which units by which day, and how much work it is."""

    title: Title
    wanted: LongText
    units: Units
    due_on: DueOn
    cells: Annotated[int, told("需填写的格数", "Cells to fill", ge=0, le=5000)] = 0
    papers: Annotated[int, told("需提交的材料份数", "Papers to hand in", ge=0, le=500)] = 0
    task_id: Annotated[int | None, told("相关任务", "Task", "可不填", "optional", ge=1)] = None
    same: Annotated[
        Same,
        told(
            "已经要求过的", "Asked already", "join 并入已有要求、again 再次要求（须写理由）",
            "join the earlier request, or ask again with a reason",
        ),
    ] = ""  # fmt: skip
    reason: Annotated[str, told("再次要求的理由", "Why ask again", max_length=1000)] = ""


class AskedInputs(Inputs):
    """A unit's part of a request."""

    asked_id: Annotated[int, told("要求编号", "Unit's part of a request", ge=1)]


class RespondInputs(AskedInputs):
    """A unit's answer."""

    text: Text
    files: Files = ()


class CallOffInputs(Inputs):
    """A request that is not needed any more, and why."""

    ask_id: Annotated[int, told("要求编号", "Request", ge=1)]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Asking:
    """The asker's unit and the units asked, locked and resolved."""

    by_unit_id: int
    county_id: int
    units: dict[int, Unit]
    task: Task | None


class Cost(NamedTuple):
    """What a request would cost before it is sent: minutes a unit, rooms by week, and what was asked already."""

    minutes: int
    rooms: list[meter.Room]
    same: dict[int, AskedUnit]


def resolve(county_id: int, unit_ids: Sequence[int]) -> list[int]:
    """Return the ids of the units meant, collective ones by their members; ``Problem`` 404 for an unknown one."""
    there = set(Unit.objects.filter(county_id=county_id, pk__in=unit_ids).values_list("pk", flat=True))
    if set(unit_ids) - there:
        raise missing("units", "单位", "unit")
    members = assignments.members_of(there)
    return sorted({one for unit_id in there for one in members.get(unit_id, frozenset({unit_id}))})


def _load(call: Call, inputs: SendInputs) -> Asking:
    task = None
    if inputs.task_id is not None:
        task = Task.objects.filter(pk=inputs.task_id, county_id=call.actor.county_id).first()
        if task is None:
            raise missing("task_id", "任务", "task")
    units = taking.lock_units(resolve(call.actor.county_id, inputs.units))
    if not units:
        raise missing("units", "单位", "unit")
    return Asking(call.actor.unit_id or 0, call.actor.county_id, units, task)


def _where(asking: Asking) -> Where:
    return Where(asking.county_id, frozenset({asking.by_unit_id}))


def cost_of(
    county_id: int, unit_ids: Sequence[int], title: str, due_on: dt.date, cells: int, papers: int, today: dt.date
) -> Cost:  # fmt: skip
    """Return what a request would cost; nothing is written. Units that were asked the same already cost nothing."""
    weight = scheme.on(today).kinds["ask"]
    minutes = weight.cost(cells=cells, papers=papers)
    same = known.asked_already(county_id, unit_ids, title, today)
    rooms = counted.rooms(county_id, [(unit_id, due_on, minutes) for unit_id in unit_ids if unit_id not in same], today)
    return Cost(minutes, rooms, same)


@action(
    "request.send",
    Words("向单位提出要求", "Send a request to units"),
    subject="ask",
    grants=SENDERS,
    inputs=SendInputs,
    load=_load,
    where=_where,
)
def send(call: Call, asking: Asking, inputs: SendInputs) -> Decision:
    """Ask units for something by one day, where their week has room; what was asked already is joined, not repeated."""
    stands = day_fits(inputs.due_on, call.today)
    if not isinstance(stands, Granted):
        assert isinstance(stands, Refused), "a day fits or is refused"
        return stands
    ids = list(asking.units)
    cost = cost_of(asking.county_id, ids, inputs.title, inputs.due_on, inputs.cells, inputs.papers, call.today)
    if cost.same and (answer := _repeats(cost.same, asking, inputs)) is not None:
        return answer
    joined = cost.same if inputs.same == "join" else {}
    fresh = [unit_id for unit_id in ids if unit_id not in joined]
    room = meter.within_cap(
        counted.rooms(asking.county_id, [(u, inputs.due_on, cost.minutes) for u in fresh], call.today)
    )
    if isinstance(room, Refused):
        return room
    ask = Ask.objects.create(
        county_id=asking.county_id, by_unit_id=asking.by_unit_id, by_id=call.actor.account_id, task=asking.task,
        title=inputs.title, wanted=inputs.wanted, cells=inputs.cells, papers=inputs.papers, sent_on=call.today,
        due_on=inputs.due_on, reason=inputs.reason,
    )  # fmt: skip
    AskedUnit.objects.bulk_create(
        AskedUnit(county_id=ask.county_id, ask=ask, unit_id=unit_id, joined=joined.get(unit_id)) for unit_id in ids
    )
    _tell(call, ask, fresh)
    minutes = cost.minutes * len(fresh)
    return Done(
        Words(
            f"向{len(fresh)}个单位要求“{ask.title}”，{ask.due_on}前报送，共{minutes}分钟；并入已有要求{len(joined)}个。",
            f"Asked {len(fresh)} units for “{ask.title}” by {ask.due_on}, {minutes} minutes; joined {len(joined)}.",
        ),
        after={"units": ids, "joined": sorted(joined), "minutes": minutes, "due_on": str(ask.due_on)},
        facts={"cells": ask.cells, "papers": ask.papers},
        values={"ask": ask.pk, "minutes": minutes, "joined": len(joined)},
        subject_id=ask.pk,
    )


def day_fits(due_on: dt.date, today: dt.date) -> Outcome:
    """Answer whether a request may be due on that day: a working day that leaves the units time."""
    calendar, least = default_calendar(), scheme.on(today).notice_working_days
    first = calendar.add_working_days(today, least)
    if due_on < first:
        return refuse(
            "too_little_time", f"至少要给单位{least}个工作日。", f"A unit is given at least {least} working days.",
            Words(f"最早可定在{first}。", f"The earliest day is {first}."), due_on=str(due_on),
        )  # fmt: skip
    if not calendar.is_working(due_on):
        later = calendar.add_working_days(due_on, 1)
        return refuse(
            "due_on_rest_day", f"{due_on}是休息日，不能作为报送期限。", f"{due_on} is a day of rest.",
            Words(f"可改为{later}。", f"Take {later}."), due_on=str(due_on),
        )  # fmt: skip
    return Granted()


def _repeats(same: dict[int, AskedUnit], asking: Asking, inputs: SendInputs) -> Refused | None:
    """Offer to join where the same was asked already; asking again needs a reason."""
    names = "、".join(asking.units[unit_id].short_zh for unit_id in list(same)[:8])
    if inputs.same == "join" or (inputs.same == "again" and inputs.reason):
        return None
    if inputs.same == "again":
        raise Problem(
            "reason",
            Words("再次要求同样的内容须写明理由。", "Asking for the same again needs a reason."),
            Words("请填写理由，或并入已有要求。", "Give the reason, or join the earlier request."),
            status=422,
        )
    earlier = next(iter(same.values())).ask
    return refuse(
        "asked_already",
        f"{names}已被要求过同样的内容：“{earlier.title}”，期限{earlier.due_on}。",
        f"{names}: asked for the same already: “{earlier.title}”, due {earlier.due_on}.",
        Words(
            "可并入已有要求，答复由双方共用；确需再次要求的，请写明理由。",
            "Join the earlier request and share its answer, or ask again and say why.",
        ),
        units=sorted(same), asks=sorted({a.ask_id for a in same.values()}),
    )  # fmt: skip


def _tell(call: Call, ask: Ask, unit_ids: Sequence[int], due_on: dt.date | None = None) -> None:
    """Open each unit's duty and put the request into its one message of the day."""
    due_on = due_on or ask.due_on
    openings = [
        verbs.Opening(ask.county_id, unit_id, ask.words, "ask", ask.pk, due_on, task_id=None) for unit_id in unit_ids
    ]
    duties = verbs.open_duties(openings, call.today)
    items = {
        duty.unit_id: [
            {"duty": duty.pk, "zh": f"要求：{ask.title}", "en": f"Request: {ask.title}", "due_on": str(due_on)}
        ]
        for duty in duties
    }
    outbox.remind(call, items, default_calendar())


def _load_asked(call: Call, inputs: AskedInputs) -> AskedUnit:
    mine = AskedUnit.objects.filter(pk=inputs.asked_id, county_id=call.actor.county_id)
    ask_id = mine.values_list("ask_id", flat=True).first()
    if ask_id is None:
        raise missing("asked_id", "要求", "request")
    Ask.objects.select_for_update(no_key=True).get(pk=ask_id)  # first, as calling off does
    return mine.select_for_update(of=("self",)).select_related("ask", "unit__place").get()


def where_asked(row: AskedUnit) -> Where:
    """A unit's part of a request stands at the unit and its place."""
    place = row.unit.place
    return Where(row.county_id, frozenset({row.unit_id}), place.path if place else None)


def may_respond(call: Call, row: AskedUnit) -> Outcome:
    """Answer whether a unit may still answer."""
    if row.ask.called_off_on is not None:
        return refuse("called_off", "这项要求已经撤回，不必答复。", "The request was called off; no answer is needed.")
    if row.joined_id is not None:
        return refuse(
            "joined", "这项要求已并入先前的要求，答复那一件即可。", "It joined an earlier request; answer that one.",
            Words("请从待办打开先前的要求。", "Open the earlier request from the inbox."),
        )  # fmt: skip
    if row.answered_on is not None:
        return refuse("answered", f"已于{row.answered_on}答复。", f"It was answered on {row.answered_on}.")
    return Granted()


@action(
    "request.respond",
    Words("答复要求", "Answer a request"),
    subject="asked_unit",
    grants=ANSWERING,
    inputs=RespondInputs,
    load=_load_asked,
    where=where_asked,
    why_not=may_respond,
)
def respond(call: Call, row: AskedUnit, inputs: RespondInputs) -> Decision:
    """Answer for the unit; its duty is closed."""
    row.answer, row.answered_on, row.answered_by_id = inputs.text, call.today, call.actor.account_id
    row.save(update_fields=["answer", "answered_on", "answered_by"])
    files = attach.to(call, inputs.files, "asked_unit", row.pk)
    _close(call, row.ask, [row.unit_id], "closed")
    unit = row.unit.words
    return Done(
        Words(f"{unit.zh}答复“{row.ask.title}”。", f"{unit.en} answered “{row.ask.title}”."),
        after={"text": inputs.text, "files": files}, facts={"due_on": str(row.ask.due_on)},
    )  # fmt: skip


def _load_ask(call: Call, inputs: CallOffInputs) -> Ask:
    rows = Ask.objects.select_for_update(of=("self",)).select_related("by_unit")
    found = rows.filter(pk=inputs.ask_id, county_id=call.actor.county_id).first()
    if found is None:
        raise missing("ask_id", "要求", "request")
    return found


def may_call_off(call: Call, ask: Ask) -> Outcome:
    """A request can be called off once."""
    if ask.called_off_on is None:
        return Granted()
    return refuse("called_off", f"已于{ask.called_off_on}撤回。", f"It was called off on {ask.called_off_on}.")


@action(
    "request.call_off",
    Words("撤回要求", "Call a request off"),
    subject="ask",
    grants=SENDERS,
    inputs=CallOffInputs,
    load=_load_ask,
    where=lambda ask: Where(ask.county_id, frozenset({ask.by_unit_id})),
    why_not=may_call_off,
)
def call_off(call: Call, ask: Ask, inputs: CallOffInputs) -> Decision:
    """Take a request back; its open duties end and it no longer counts. What others had joined to it stands alone."""
    before = {"reason": ask.reason}
    ask.called_off_on, ask.reason = call.today, inputs.reason
    ask.save(update_fields=["called_off_on", "reason"])
    rows = list(ask.units.select_for_update().filter(answered_on__isnull=True).order_by("pk"))
    waiting = [row.unit_id for row in rows]
    _close(call, ask, waiting, "cancelled")
    taken_over = sum(_taken_over(call, row) for row in rows)
    return Done(
        Words(f"撤回要求“{ask.title}”：{inputs.reason}。", f"Called off “{ask.title}”: {inputs.reason}."),
        before=before, after={"reason": inputs.reason, "units": waiting}, values={"taken_over": taken_over},
    )  # fmt: skip


def _taken_over(call: Call, row: AskedUnit) -> bool:
    """Let the first request that was joined to this one be answered itself, and carry the others; tell whether one was.

    Its own day holds, where that still leaves the unit the time a new request leaves.
    """
    joined = row.joiners.select_for_update(of=("self",)).select_related("ask").filter(ask__called_off_on__isnull=True)
    found = list(joined.order_by("pk"))
    if not found:
        return False
    heir, *others = found
    AskedUnit.objects.filter(pk=heir.pk).update(joined=None)
    AskedUnit.objects.filter(pk__in=[one.pk for one in others]).update(joined=heir)
    least = default_calendar().add_working_days(call.today, scheme.on(call.today).notice_working_days)
    _tell(call, heir.ask, [heir.unit_id], max(heir.ask.due_on, least))
    return True


def _close(call: Call, ask: Ask, unit_ids: Sequence[int], state: str) -> None:
    duties = Duty.objects.select_for_update().filter(
        county_id=ask.county_id, subject_kind="ask", subject_id=str(ask.pk), unit_id__in=unit_ids,
        state__in=("open", "suspended"),
    )  # fmt: skip
    for duty in duties.order_by("pk"):
        verbs.close(duty, call.today, state)
