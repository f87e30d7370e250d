"""The demo county's meetings: the food group meets twice, its office is called together, the rest follows by itself."""

import datetime as dt
import itertools
from collections.abc import Callable, Mapping
from typing import Any

from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE, Action, Call
from luoshi.office.people.models import County, Unit
from luoshi.supervision.meetings import actions, minutes
from luoshi.supervision.meetings.models import Group, Meeting

Ask = Callable[..., bool]
GROUP, OFFICE = "food-leading-group", "food-leading-group-office"
ROOM = "县政府三楼会议室"
CALLED = {dt.date(2023, 5, 10): (GROUP, 2), dt.date(2023, 6, 27): (GROUP, 3), dt.date(2023, 6, 30): (OFFICE, 6)}
"""On which day which group is called for how many days later."""
AGENDA = {
    1: "传达创建工作方案，明确各单位任务\n研究基层监管所装备和检测能力\n研究“三小”综合治理",
    2: "通报上半年创建工作进展\n研究未完成事项和逾期事项\n部署下半年自查",
}
DECISIONS: dict[int, tuple[tuple[str, str, tuple[str, ...], dt.date], ...]] = {
    1: (
        ("摸清全县小作坊、小餐饮、小摊点底数，建立清单", "market-supervision", (), dt.date(2023, 6, 20)),
        ("编制镇级监管所装备补充方案并报财政审核", "market-supervision", ("finance",), dt.date(2023, 7, 14)),
        ("开展学校食堂食品安全专项检查", "education", ("market-supervision", "health"), dt.date(2023, 8, 31)),
    ),
    2: (("对照评价细则完成一次全面自查，形成问题清单", OFFICE, (), dt.date(2023, 8, 15)),),
}
MINUTES_AFTER = {dt.date(2023, 5, 16)}


def on_day(county: County, people: Mapping[tuple[int, str], Actor], day: dt.date) -> None:
    """Live one day; nothing happens on most. Within a day one act follows the other, as in a real meeting."""
    units = dict(Unit.objects.filter(county=county).values_list("code", "pk")) if _something(day) else {}
    actor = people.get((units.get(OFFICE, 0), "leading_office"))
    if actor is None:
        return
    ask = _asking(actor, day)
    if day in CALLED:
        _call(county, ask, day)
    for meeting in (
        Meeting.objects.filter(county=county, held_on=day, state="called").select_related("group").order_by("pk")
    ):
        rows = list(meeting.invitations.order_by("pk").values_list("pk", flat=True))
        present, deputy = rows[: len(rows) - 6], rows[len(rows) - 6 : len(rows) - 1]
        ask(actions.hold, meeting_id=meeting.pk, present=present, deputy=deputy)
        decided = DECISIONS.get(meeting.number, ()) if meeting.group.code == GROUP else ()
        for text, lead, support, due_on in decided:
            ask(
                actions.decide, meeting_id=meeting.pk, text=text, lead_id=units[lead],
                support=[units[code] for code in support], due_on=due_on,
            )  # fmt: skip
    if day in MINUTES_AFTER:
        for meeting in Meeting.objects.filter(county=county, state="held").order_by("pk"):
            ask(actions.confirm_minutes, meeting_id=meeting.pk, text=minutes.draft(meeting))


def _asking(actor: Actor, day: dt.date) -> Ask:
    minute = itertools.count(15, 10)

    def ask(act: Action[Any, Any], **given: object) -> bool:
        at = dt.datetime.combine(day, dt.time(9), COUNTY_ZONE) + dt.timedelta(minutes=next(minute))
        return bool(act(Call(actor, at, f"demo:meeting:{at:%m%d%H%M}", "web"), **given).outcome)

    return ask


def _something(day: dt.date) -> bool:
    return day in CALLED or day in MINUTES_AFTER or any(d + dt.timedelta(days=n) == day for d, (_, n) in CALLED.items())


def _call(county: County, ask: Ask, day: dt.date) -> None:
    code, later = CALLED[day]
    group = Group.objects.filter(county=county, code=code).first()
    if group is None:
        return
    agenda = AGENDA.get(group.meetings.count() + 1, AGENDA[2]) if code == GROUP else "会商逾期事项\n安排自查材料"
    held_on = day + dt.timedelta(days=later)
    ask(actions.call_meeting, group_id=group.pk, held_on=held_on, room=ROOM, agenda=agenda)
