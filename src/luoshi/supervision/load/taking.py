"""Taking one step of pressing over a share: the limits, the record, the paper, the message. Called inside actions."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from luoshi.core.calendar import default_calendar
from luoshi.core.outcome import Granted, Outcome, Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import door
from luoshi.office.actions import COUNTY_ZONE, Call
from luoshi.office.notices import outbox
from luoshi.office.people.models import Unit
from luoshi.supervision import rules
from luoshi.supervision.load import counted, ladder, meter, papers, scheme
from luoshi.supervision.load.models import OfficePaper, Press, PressAnswer
from luoshi.supervision.models import Assignment, Report
from luoshi.supervision.rules import Step
from luoshi.supervision.stages import REMIND

TITLES = {
    "chase": "关于催办“{task}”的通知",
    "order": "关于“{task}”的督办单",
    "talk": "关于就“{task}”进行约谈的整改告知书",
    "circular": "关于就“{task}”拟予通报的整改告知书",
}
NOTICE_OF: dict[str, scheme.PaperKind] = {
    "chase": "chase", "order": "order", "talk": "talk_notice", "circular": "circular_notice",
}  # fmt: skip


class Wanted(NamedTuple):
    """What one step says beside its name: why, by which day, what is asked."""

    step: Step
    reason: str
    due_on: dt.date | None = None
    wanted: str = ""


class Made(NamedTuple):
    """A step that was taken, with its paper (a reminder has none)."""

    press: Press
    paper: OfficePaper | None


def taken(share: Assignment) -> list[Press]:
    """Return the steps taken over the present round of a share that were not withdrawn, oldest first."""
    rows = share.presses.filter(duty_id=share.duty_id or 0).exclude(state="withdrawn").exclude(step="praise")
    return list(rows.order_by("pk"))


def mended_on(share: Assignment, since: dt.date) -> dt.date | None:
    """Return the day of the unit's first report of completion since a day that was not sent back."""
    rows = Report.objects.filter(assignment=share, kind="done", reported_on__gte=since).exclude(decision="returned")
    return rows.order_by("pk").values_list("reported_on", flat=True).first()


def open_objections(share: Assignment) -> list[int]:
    """Return the steps over a share against which an objection waits for its answer."""
    rows = PressAnswer.objects.filter(
        press__assignment=share, press__duty_id=share.duty_id or 0, kind="object", decision=""
    )
    return list(rows.exclude(press__state="withdrawn").order_by("press_id").values_list("press_id", flat=True))


def may_take(call: Call, share: Assignment, step: Step) -> Outcome:
    """Answer whether this step may be taken over a share now: order, gaps, limits, and the unit's week."""
    assert share.duty is not None, "every share has its duty"
    steps, calendar, found = taken(share), default_calendar(), scheme.on(call.today)
    of_unit = Press.objects.filter(county_id=share.county_id, unit_id=share.unit_id, step=step)
    days = list(of_unit.exclude(state="withdrawn").values_list("taken_on", flat=True))
    answer = ladder.may_take(
        step, [ladder.Taken(p.step, p.taken_on, p.mend_by) for p in steps], days, share.duty.level, share.duty.due_on,
        call.today, calendar, found.ladder,
    )  # fmt: skip
    if not isinstance(answer, Granted):
        return answer
    if step != "remind" and (waiting := open_objections(share)):
        return refuse(
            "objection_waits", "单位对前面的步骤提出了异议，还没有答复。",
            "An objection of the unit waits for its answer.",
            Words("请先答复异议，再办下一步。", "Decide it first."), (REMIND,), presses=waiting,
        )  # fmt: skip
    weight = found.kinds[step]
    minutes = weight.cost() if weight.capped else 0
    return meter.within_cap(counted.rooms(share.county_id, [(share.unit_id, sent_on(call), minutes)], call.today))


def sent_on(call: Call) -> dt.date:
    """Return the working day on which what is sent now reaches the unit."""
    return outbox.quiet_until(call.now, default_calendar()).astimezone(COUNTY_ZONE).date()


def lock_units(unit_ids: Sequence[int]) -> dict[int, Unit]:
    """Lock units in the order of their ids, so that two people fill no unit's week past its cap."""
    rows = Unit.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=unit_ids).order_by("pk")
    return {u.pk: u for u in rows}


def take(call: Call, share: Assignment, asked: Wanted) -> Made | Refused:
    """Take a step over a share: record, paper, message; refused where the ladder or the unit's week forbids it."""
    assert door.inside(), "steps are taken by an action"
    assert share.duty is not None, "every share has its duty"
    unit = lock_units([share.unit_id])[share.unit_id]
    answer = may_take(call, share, asked.step)
    if not isinstance(answer, Granted):
        assert isinstance(answer, Refused), "the ladder refuses or lets through"
        return answer
    reaches, found = sent_on(call), scheme.on(call.today)
    press = Press.objects.create(
        county_id=share.county_id, assignment=share, duty_id=share.duty_id, unit=unit, by_unit_id=call.actor.unit_id,
        by_id=call.actor.account_id,
        step=asked.step, taken_on=call.today, sent_on=reaches, due_on=share.duty.due_on, reason=asked.reason,
        mend_by=_mend_by(asked, reaches, found), wanted=asked.wanted,
    )  # fmt: skip
    paper = _paper(call, share, unit, press) if asked.step in ladder.FORMAL else None
    _send(call, share, press, paper)
    return Made(press, paper)


def _mend_by(asked: Wanted, reaches: dt.date, found: scheme.Scheme) -> dt.date | None:
    """Return the day the unit is given: the one asked for, where it leaves at least the scheme's time, else that."""
    least = ladder.mend_by(asked.step, reaches, default_calendar(), found.ladder)
    if asked.due_on is None or least is None:
        return least
    if asked.due_on < least:
        raise Problem(
            "due_on",
            Words(f"给单位的时间太短，最早为{least}。", f"That leaves too little time; the earliest is {least}."),
            Words(f"请选择{least}或以后的日期，或留空。", f"Choose {least} or later, or leave it empty."),
            status=422,
        )
    return asked.due_on


def _send(call: Call, share: Assignment, press: Press, paper: OfficePaper | None) -> None:
    duty = share.duty
    assert duty is not None, "every share has its duty"
    item = {
        "duty": duty.pk, "zh": duty.title_zh, "en": duty.words.en, "reason": press.reason, "due_on": str(duty.due_on),
    }  # fmt: skip
    calendar = default_calendar()
    if press.step == "remind":
        outbox.remind(call, {share.unit_id: [item]}, calendar)
        return
    assert paper is not None, "a formal step has its paper"
    outbox.enqueue(
        call, f"press:{press.pk}", press.step,
        {**item, "press": press.pk, "number": paper.document_number, "mend_by": str(press.mend_by)},
        unit_id=share.unit_id, not_before=outbox.quiet_until(call.now, calendar),
    )  # fmt: skip


def _paper(call: Call, share: Assignment, unit: Unit, press: Press) -> OfficePaper:
    """Issue the paper that tells the unit of a step."""
    task = share.task
    title = TITLES[press.step].format(task=task.heading_zh[:60])
    body = papers.numbered([
        ("基本事实", [facts(call, share), f"本次事由：{press.reason}"]),
        ("依据", [papers.clause_line(task.plan.name_zh, [str(c) for c in task.clause_ids])]),
        ("工作要求", [press.wanted or _asked(press), _warning(press)]),
        ("答复和异议", [objecting(call)]),
    ])  # fmt: skip
    return papers.issue(call, NOTICE_OF[press.step], unit, title, body, press=press)


def facts(call: Call, share: Assignment) -> str:
    """Return the facts of a share as its papers state them: task, day, days late, progress, earlier steps."""
    assert share.duty is not None, "every share has its duty"
    due_on = share.duty.due_on
    late = default_calendar().working_days_between(due_on, call.today) if due_on and due_on < call.today else 0
    earlier = [
        f"{press.taken_on.month}月{press.taken_on.day}日{rules.STEPS[press.step].zh}"
        for press in taken(share)
        if press.step in rules.STEPS and press.taken_on < call.today
    ]
    said = f"{share.task.plan.name_zh}中“{share.task.heading_zh}”由你单位承办，期限为{papers.day(due_on)}。"
    said += f"截至{papers.day(call.today)}，已逾期{late}个工作日，" if late else f"截至{papers.day(call.today)}，"
    said += f"上报的完成比例为{share.percent}%，尚未报办结。"
    return said + (f"此前已于{'、'.join(earlier)}。" if earlier else "")


def _asked(press: Press) -> str:
    asked = {
        "chase": "请抓紧办理，按期上报办理情况。",
        "order": "请立即整改，明确承办人和完成措施，按期上报办结情况和佐证材料。",
        "talk": "请在整改期内自行整改并上报办结情况。",
        "circular": "请在整改期内自行整改并上报办结情况。",
    }
    return asked[press.step]


def _warning(press: Press) -> str:
    day = papers.day(press.mend_by)
    if press.step in ladder.ANNOUNCED:
        act = "约谈你单位负责人" if press.step == "talk" else "在全县范围内通报批评"
        return f"整改期至{day}。在此之前或实施前报办结的，本告知自行撤销；逾期未改的，将{act}。"
    return f"请于{day}前办结或书面说明。"


def objecting(call: Call) -> str:
    """Return where and until when a unit may object to a paper that leaves now."""
    days = scheme.on(call.today).object_working_days
    last = default_calendar().add_working_days(sent_on(call), days)
    issuer = Unit.objects.get(pk=call.actor.unit_id or 0).name_zh
    return (
        f"对本文书所列事实或要求有异议的，请于{papers.day(last)}前在本系统该事项页面填写“提出异议”，"
        f"或书面送{issuer}。异议答复之前，不实施后续步骤。"
    )
