"""The demo county's supervision desk: it presses what is late, asks towns for figures, checks three units in May."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.db.models import F

from luoshi.office.access import Actor
from luoshi.office.people.models import County, Unit
from luoshi.supervision import actions as work
from luoshi.supervision.load import actions
from luoshi.supervision.load.models import AskedUnit, Check, CheckedUnit, Finding, Press, PressAnswer
from luoshi.supervision.models import Assignment

Ask = Callable[..., bool]
People = Mapping[tuple[int, str], Actor]
PRESSING_DAYS = (1, 3)  # Tuesday and Thursday
PRESSED_A_DAY = 3
A_WEEK = dt.timedelta(days=7)
TALKED = "已约谈单位负责人，要求十个工作日内办结。"
NEXT = {"": "remind", "remind": "chase", "chase": "order", "order": "talk"}
REASONS = {
    "remind": "期限已过，请尽快办理。",
    "chase": "提醒后仍未上报办理情况。",
    "order": "经提醒、催办，仍未办结，也未说明原因。",
    "talk": "督办单整改期满，仍未办结。",
}
CORRECTED = "已自查三个站所，补齐留样记录两处。"
MENDED = "已补录缺失台账，明确专人逐旬核对。"
PRAISE = "责任明确，按期办结，佐证材料齐全，予以通报表扬。"
FLOOD_SEASON = ("housing-construction", "emergency")
CHECKED = ("market-supervision", "health", "agriculture")


class Request(NamedTuple):
    """A request of the demo: when it is sent, by when it is due, what for, and how large it is."""

    on: dt.date
    due_on: dt.date
    title: str
    wanted: str
    units: str
    cells: int
    papers: int
    same: str = ""


def _on(month: int, day: int) -> dt.date:
    return dt.date(2023, month, day)


REQUESTS = (
    Request(
        _on(5, 16), _on(5, 23), "小作坊底数统计", "请报辖区食品小作坊、小餐饮、小摊点数量。", "town", cells=12, papers=0
    ),
    Request(
        _on(6, 6), _on(6, 14), "校园周边食品经营户名单", "请报学校周边200米内经营户名单。", "town", cells=20, papers=1
    ),
    Request(
        _on(6, 8), _on(6, 15), "学校周边食品经营户名单", "请报学校周边食品经营户名单。", "town", 20, 0, same="join"
    ),
    Request(
        _on(6, 29), _on(7, 6), "上半年危房改造进度", "请报上半年开工、竣工户数。", "town", cells=6, papers=0
    ),
    Request(
        _on(6, 30), _on(7, 7), "企业用电隐患排查情况", "请报排查户数和整改户数。", "department", cells=15, papers=1
    ),
)  # fmt: skip


def on_day(county: County, people: People, ask: Ask, day: dt.date) -> None:
    """Live one day."""
    by_role = {role: actor for (_, role), actor in reversed(list(people.items()))}
    supervisor, head = by_role.get("supervisor"), by_role.get("county_head")
    if supervisor is None or head is None:
        return
    _send(county, people, supervisor, ask, day)
    _respond(county, people, ask, day)
    if day.weekday() in PRESSING_DAYS:
        _press(county, people, supervisor, ask, day)
    _check(county, people, supervisor, head, ask, day)


def _send(county: County, people: People, supervisor: Actor, ask: Ask, day: dt.date) -> None:
    for request in REQUESTS:
        if request.on != day:
            continue
        role = "town_clerk" if request.units == "town" else "unit_head"
        seats = sorted(unit_id for unit_id, held in people if held == role)
        units = seats if role == "town_clerk" else seats[:5]
        ask(
            supervisor, day, actions.send, title=request.title, wanted=request.wanted, units=units,
            due_on=request.due_on, cells=request.cells, papers=request.papers, same=request.same,
        )  # fmt: skip


def _respond(county: County, people: People, ask: Ask, day: dt.date) -> None:
    """Units answer on the last days; one in five is late to do so."""
    waiting = AskedUnit.objects.filter(
        county=county, joined__isnull=True, answered_on__isnull=True, ask__called_off_on__isnull=True,
        ask__due_on__lte=day + dt.timedelta(days=1), ask__sent_on__lt=day,
    )  # fmt: skip
    for row in waiting.select_related("ask").order_by("pk"):
        actor = people.get((row.unit_id, "town_clerk")) or people.get((row.unit_id, "officer"))
        if actor is not None and (row.pk % 5 or day > row.ask.due_on):
            ask(actor, day, actions.respond, asked_id=row.pk, text="已核实填报，数字与台账一致。")


def _press(county: County, people: People, supervisor: Actor, ask: Ask, day: dt.date) -> None:
    late = Assignment.objects.filter(
        county=county, state__in=("assigned", "accepted", "in_progress", "returned"), duty__state="open",
        duty__due_on__lt=day, duty__every__isnull=True, unit_id__in={unit_id for unit_id, _ in people},
    )  # fmt: skip
    for share in late.exclude(unit_id=supervisor.unit_id or 0).order_by("duty__due_on", "pk")[:PRESSED_A_DAY]:
        last = (
            Press.objects.filter(assignment=share, duty_id=share.duty_id or 0)
            .exclude(state="withdrawn")
            .order_by("-pk")
            .first()
        )
        if last is not None and (day - last.taken_on < A_WEEK or (last.mend_by is not None and last.mend_by >= day)):
            continue
        if last is not None and last.step == "talk":
            if last.state == "open":
                ask(supervisor, day, actions.effect, press_id=last.pk, text=TALKED)
            continue
        step = NEXT[last.step if last is not None else ""]
        ask(supervisor, day, work.escalate, assignment_id=share.pk, step=step, reason=REASONS[step])
    _answer(county, people, supervisor, ask, day)


def _answer(county: County, people: People, supervisor: Actor, ask: Ask, day: dt.date) -> None:
    """A pressed unit says something once; every third one objects."""
    for waiting in PressAnswer.objects.filter(county=county, kind="object", decision="", said_on__lt=day):
        ask(supervisor, day, actions.keep, press_id=waiting.press_id, reason="配合单位已提供数据，仍请按期办结。")
    said = PressAnswer.objects.filter(county=county).values("press_id")
    rows = Press.objects.filter(county=county, step__in=("chase", "order"), taken_on__lt=day).exclude(pk__in=said)
    for press in rows.order_by("pk")[:PRESSED_A_DAY]:
        actor = people.get((press.unit_id, "officer")) or people.get((press.unit_id, "town_clerk"))
        if actor is None:
            continue
        objects = press.pk % 3 == 0
        text = "该事项须等配合单位提供数据，非我单位原因。" if objects else "已明确承办人，本周内报送办理情况。"
        ask(actor, day, actions.answer, press_id=press.pk, kind="object" if objects else "answer", text=text)


def _check(county: County, people: People, supervisor: Actor, head: Actor, ask: Ask, day: dt.date) -> None:
    if day == _on(5, 11):
        _plan(county, supervisor, head, ask, day, "食品安全示范创建专项督查", CHECKED, _on(5, 24))
    elif day == _on(6, 27):
        _plan(county, supervisor, head, ask, day, "汛期农村住房安全督查", FLOOD_SEASON, _on(7, 11))
    elif day == _on(6, 28):
        done = Assignment.objects.filter(county=county, state__in=("done", "closed"), done_on__lte=F("duty__due_on"))
        for share in done.exclude(unit_id=supervisor.unit_id or 0).order_by("pk")[:1]:
            ask(supervisor, day, actions.praise, assignment_id=share.pk, text=PRAISE, public=True)
    else:
        _visit(county, people, supervisor, ask, day)


def _visit(county: County, people: People, supervisor: Actor, ask: Ask, day: dt.date) -> None:
    checked = CheckedUnit.objects.filter(county=county).order_by("pk")
    if day == _on(5, 19):
        for row in checked[:2]:
            _by_unit(people, ask, day, row.unit_id, actions.self_correct, checked_id=row.pk, text=CORRECTED)
    elif day == _on(5, 24):
        for row in checked[:1]:
            ask(
                supervisor, day, actions.find, checked_id=row.pk, text="两个乡镇站所的日常检查台账不连续",
                clause_id="FOOD-3.1.1d", evidence="3月、4月检查台账各缺一旬", mend_by=_on(6, 9),
            )  # fmt: skip
    elif day == _on(5, 25):
        for check in Check.objects.filter(county=county, state="approved"):
            ask(supervisor, day, actions.conclude, check_id=check.pk, text="总体落实较好，台账管理需加强。")
    elif day == _on(6, 7):
        for finding in Finding.objects.filter(county=county, mended_on__isnull=True):
            _by_unit(people, ask, day, finding.unit_id, actions.mend, finding_id=finding.pk, text=MENDED)


def _plan(
    county: County, supervisor: Actor, head: Actor, ask: Ask, day: dt.date, title: str, codes: tuple[str, ...],
    first: dt.date,
) -> None:  # fmt: skip
    units = list(Unit.objects.filter(county=county, code__in=codes).order_by("pk").values_list("pk", flat=True))
    if units and ask(
        supervisor, day, actions.plan, title=title, content="台账、现场和整改情况。", scope="机关本级和所属站所。",
        basis="县政府2023年督查计划", units=units, visit_from=first, visit_to=first + dt.timedelta(days=1),
    ):  # fmt: skip
        ask(head, day, actions.approve, check_id=Check.objects.filter(county=county).latest("pk").pk)


def _by_unit(people: People, ask: Ask, day: dt.date, unit_id: int, act: Any, **given: object) -> None:
    actor = people.get((unit_id, "officer")) or people.get((unit_id, "town_clerk"))
    if actor is not None:
        ask(actor, day, act, **given)
