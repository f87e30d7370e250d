"""Rosters by post, meetings, decisions that become tasks, minutes from the journal."""

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from django.test import Client

from luoshi.core.problem import Problem
from luoshi.office import door, present, register
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.duties.models import Duty
from luoshi.office.notices import outbox
from luoshi.office.notices.models import OutboxMessage
from luoshi.office.people.models import Account, Appointment, Unit
from luoshi.office.plans.models import DatedValue, Task
from luoshi.supervision.load import actions as load
from luoshi.supervision.meetings import actions, minutes, queries, seats, terms
from luoshi.supervision.meetings.models import Group, Invitation, Meeting, Resolution, Seat
from luoshi.supervision.models import Assignment
from tests.supervision import small_county
from tests.supervision.small_county import NOW, TODAY, Small

LEAD = "lead-office.leading_office"
FRIDAY, SATURDAY = dt.date(2023, 7, 7), dt.date(2023, 7, 8)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(present, "now", lambda: NOW)


@pytest.fixture
def group(small: Small) -> Group:
    """The leading group of the food plan with three seats, one of them tied to the head of the market unit."""
    made = actions.open_group(
        small.call("office.supervisor"), unit_id=small.units["lead-group"].pk, name_zh="创建领导小组"
    ).values["group"]
    post = small.seats["market.unit_head"].post_id
    for role, title, unit, tied in (
        ("组长", "局长", "market", post), ("成员", "局长", "health", None), ("成员", "镇长", "town-a", None)
    ):  # fmt: skip
        given = {"group_id": made, "role_zh": role, "post_zh": title, "unit_id": small.units[unit].pk, "post_id": tied}
        assert actions.add_seat(small.call(LEAD), **given).outcome
    return Group.objects.get(pk=made)


def called(small: Small, group: Group, seat: str = LEAD, **more: Any) -> Any:
    given = {"group_id": group.pk, "held_on": FRIDAY, "room": "三楼会议室", "agenda": "议题甲\n\n议题乙", **more}
    return actions.call_meeting(small.call(seat), **given)


def at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(15), COUNTY_ZONE)


def held(small: Small, group: Group, day: dt.date = FRIDAY, **more: Any) -> Meeting:
    meeting = Meeting.objects.get(pk=called(small, group, held_on=day, **more).values["meeting"])
    rows = list(meeting.invitations.order_by("pk").values_list("pk", flat=True))
    call = small.call(LEAD, now=at(day))
    assert actions.hold(call, meeting_id=meeting.pk, present=rows[:1], deputy=rows[1:2]).outcome
    meeting.refresh_from_db()
    return meeting


def decided(small: Small, meeting: Meeting, **more: Any) -> Any:
    given = {
        "meeting_id": meeting.pk, "text": "完成摸底并建立清单", "lead_id": small.units["market"].pk,
        "support": [small.units["health"].pk], "due_on": "2023-08-31", **more,
    }  # fmt: skip
    return actions.decide(small.call(LEAD, now=at(meeting.held_on)), **given)


# --- rosters -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "printed,head",
    [
        ("局长", True), ("主任", True), ("党委副书记、镇长", True), ("大队长", True), ("副局长", False), ("常务副部长", False),
        ("二级主任科员", False), ("分管负责同志", False), ("县委副书记（挂职）", False), ("党组成员", False),
    ],
)  # fmt: skip
def test_which_printed_post_is_the_head_of_its_unit(printed: str, head: bool) -> None:
    assert seats.is_head(printed) is head


def test_the_packaged_groups_come_with_their_plan(db: None) -> None:
    from luoshi.site import loading

    county = loading.load_directory("guyang", NOW)
    plan = register.plan("foodsafety")
    loading.load_plan_on(county, plan, NOW)
    group = Group.objects.get(county=county, code="food-leading-group")
    assert group.seats.count() == 41 and group.plan is not None and group.plan.subject == "foodsafety"
    first = group.seats.get(code="food-seat-01")
    assert {u.code for u in first.units.all()} == {"county-party-committee", "county-government"}
    assert first.clause_id == "FOOD-2-P01" and first.post is None
    loading.load_plan_on(county, plan, NOW + dt.timedelta(days=1))
    assert Group.objects.filter(county=county).count() == 2 and group.seats.count() == 41


def test_a_change_of_holder_changes_no_seat_and_no_task(small: Small, group: Group) -> None:
    task = Task.objects.get(pk=decided(small, held(small, group)).values["task"])
    before = list(Assignment.objects.filter(task=task).values_list())
    post = small.seats["market.unit_head"].post
    with door.opened("fixture"):
        small.seats["market.unit_head"].to_on = dt.date(2023, 7, 9)
        small.seats["market.unit_head"].save()
        account = Account.objects.create(county=small.county, username="new", display_name="新任", password="!")
        Appointment.objects.create(county=small.county, account=account, post=post, from_on=dt.date(2023, 7, 12))
    old = small.seats["market.unit_head"].account.display_name
    days = {dt.date(2023, 7, 9): old, dt.date(2023, 7, 10): "", dt.date(2023, 7, 12): "新任"}
    for day, name in days.items():
        row = queries.roster(group, day)[0]
        assert (row.holder, row.tied) == (name, True), day
    assert list(Assignment.objects.filter(task=task).values_list()) == before


def test_a_seat_that_ends_stays_on_the_roster_of_its_days(small: Small, group: Group) -> None:
    seat = group.seats.get(unit=small.units["health"])
    assert actions.end_seat(small.call(LEAD), seat_id=seat.pk, reason="机构调整").outcome
    assert len(queries.roster(group, TODAY)) == 3 and len(queries.roster(group, TODAY + dt.timedelta(days=1))) == 2
    again = actions.end_seat(small.call(LEAD, now=at(FRIDAY)), seat_id=seat.pk, reason="再来一次")
    assert again.outcome.reasons[0].code == "seat_ended"


def test_a_seat_is_tied_only_to_a_post_of_its_unit(small: Small, group: Group) -> None:
    seat = group.seats.get(unit=small.units["health"])
    wrong = actions.tie_seat(small.call(LEAD), seat_id=seat.pk, post_id=small.seats["police.officer"].post_id)
    assert wrong.outcome.reasons[0].code == "post_elsewhere"
    assert actions.tie_seat(small.call(LEAD), seat_id=seat.pk, post_id=small.seats["health.officer"].post_id).outcome


# --- calling -----------------------------------------------------------------------------------------------------------


def test_a_meeting_asks_each_seat_tells_each_unit_once_and_opens_the_duty_of_its_minutes(
    small: Small, group: Group
) -> None:
    given = {"group_id": group.pk, "role_zh": "成员", "post_zh": "副局长", "unit_id": small.units["market"].pk}
    assert actions.add_seat(small.call(LEAD), **given).outcome
    result = called(small, group)
    meeting = Meeting.objects.get(pk=result.values["meeting"])
    assert (meeting.number, [a.text for a in meeting.agenda.all()]) == (1, ["议题甲", "议题乙"])
    load = Invitation.objects.filter(county=small.county, unit=small.units["market"], day=FRIDAY, counts=True)
    assert load.count() == 2 and result.values["units"] == 3
    assert OutboxMessage.objects.filter(kind="meeting").count() == 3
    duty = Duty.objects.get(subject_kind="meeting", subject_id=str(meeting.pk))
    assert (duty.unit, duty.due_on) == (small.units["lead-office"], FRIDAY + dt.timedelta(days=20))


def test_the_county_may_set_another_limit_for_minutes(small: Small, group: Group) -> None:
    with door.opened("fixture"):
        DatedValue.objects.create(
            county=small.county, subject=terms.SUBJECT, key=terms.MINUTES, value=7, from_on=TODAY, reason="县定",
            decided_by="县府办",
        )  # fmt: skip
    called(small, group)
    assert Duty.objects.get(subject_kind="meeting").due_on == FRIDAY + dt.timedelta(days=7)


@pytest.mark.parametrize(
    "day,code", [(SATURDAY, "rest_day"), (TODAY, "short_notice"), (dt.date(2023, 7, 4), ""), (FRIDAY, "")]
)
def test_no_meeting_on_a_day_of_rest_or_without_notice(small: Small, group: Group, day: dt.date, code: str) -> None:
    outcome = called(small, group, held_on=day).outcome
    assert (outcome.reasons[0].code if outcome.reasons else "") == code
    assert called(small, group, held_on=day, urgent=True).outcome, "an emergency waits for no day"


def test_bad_input_is_told_with_its_place(small: Small, group: Group) -> None:
    other = small_county.make("foreign")
    cases: list[tuple[str, dict[str, Any]]] = [
        ("held_on", {"held_on": TODAY - dt.timedelta(days=1)}),
        ("seats", {"seats": [999999]}),
        ("agenda", {"agenda": "项\n" * 21}),
        ("starts_at", {"starts_at": "25:00"}),
        ("group_id", {"group_id": 999999}),
    ]
    for place, given in cases:
        with pytest.raises(Problem) as fault:
            called(small, group, **given)
        assert fault.value.place == place
    assert other.county.pk != small.county.pk and not Meeting.objects.exists()


def test_a_cancelled_meeting_asks_nothing_any_more(small: Small, group: Group) -> None:
    meeting = called(small, group).values["meeting"]
    assert actions.cancel(small.call(LEAD), meeting_id=meeting, reason="改期另行通知").outcome
    assert not Invitation.objects.filter(counts=True).exists()
    assert Duty.objects.get(subject_kind="meeting").state == "cancelled"
    assert OutboxMessage.objects.filter(kind="meeting_cancelled").count() == 3
    again = actions.cancel(small.call(LEAD), meeting_id=meeting, reason="再取消一次")
    assert again.outcome.reasons[0].code == "not_in_this_state"


# --- who may -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "seat,code",
    [
        (LEAD, ""), ("office.supervisor", ""), ("office.county_head", ""), ("other-lead.leading_office", "outside_scope"),
        ("market.officer", "role_may_not"), ("town-a.town_clerk", "role_may_not"), ("office.auditor", "role_may_not"),
    ],
)  # fmt: skip
def test_who_calls_a_meeting(small: Small, group: Group, seat: str, code: str) -> None:
    outcome = called(small, group, seat).outcome
    assert (outcome.reasons[0].code if outcome.reasons else "") == code


def test_a_group_and_its_meetings_are_read_by_who_has_a_seat(small: Small, group: Group) -> None:
    meeting = held(small, group)
    may = {"market.officer": True, "health.officer": True, "police.officer": False, "town-a.town_clerk": True,
           "town-b.town_clerk": False, "office.supervisor": True, "office.editor": False}  # fmt: skip
    for seat, expected in may.items():
        actor = small.actor(seat)
        assert queries.groups(actor).filter(pk=group.pk).exists() is expected, seat
        assert queries.meetings(actor).filter(pk=meeting.pk).exists() is expected, seat
    foreign = small_county.make("foreign")
    assert not queries.groups(foreign.actor("office.supervisor")).exists()
    with pytest.raises(Problem):
        actions.decide(
            foreign.call("office.supervisor"), meeting_id=meeting.pk, text="越县办理", lead_id=1, due_on="2023-09-01"
        )


# --- holding and deciding ----------------------------------------------------------------------------------------------


def test_attendance_is_by_seat_and_can_be_corrected(small: Small, group: Group) -> None:
    early = actions.hold(small.call(LEAD), meeting_id=called(small, group).values["meeting"])
    assert early.outcome.reasons[0].code == "not_yet"
    meeting = Meeting.objects.get()
    rows = list(meeting.invitations.order_by("pk").values_list("pk", flat=True))
    for present_ones in (rows[:1], rows):
        call = small.call(LEAD, now=at(FRIDAY))
        assert actions.hold(call, meeting_id=meeting.pk, present=present_ones).outcome
        assert meeting.invitations.filter(presence="present").count() == len(present_ones)
    for given in ({"present": [999999]}, {"present": rows[:1], "deputy": rows[:1]}):
        with pytest.raises(Problem):
            actions.hold(small.call(LEAD, now=at(FRIDAY)), meeting_id=meeting.pk, **given)


def test_a_decision_is_a_task_like_every_other(small: Small, group: Group) -> None:
    result = decided(small, held(small, group))
    task = Task.objects.get(pk=result.values["task"])
    assert (task.mode, task.due_on, task.plan.subject) == ("lead_support", dt.date(2023, 8, 31), "meetings")
    shares = {(a.unit.code, a.role, a.duty.due_on if a.duty else None) for a in task.assignments.all()}
    assert shares == {("market", "lead", task.due_on), ("health", "support", task.due_on)}
    assert Resolution.objects.get().task == task and result.values["opened"] == 2
    assert task.number == "第1次会议 1" and "第1次会议议定" in task.deadline_words


def test_a_collective_unit_is_given_out_to_its_members(small: Small, group: Group) -> None:
    result = decided(small, held(small, group), lead_id=small.units["towns"].pk, support=[])
    task = Task.objects.get(pk=result.values["task"])
    assert {a.unit.code for a in task.assignments.all()} == {"town-a", "town-b"}


def test_nothing_is_decided_before_the_meeting_or_after_its_minutes(small: Small, group: Group) -> None:
    meeting = Meeting.objects.get(pk=called(small, group).values["meeting"])
    assert decided(small, meeting).outcome.reasons[0].code == "not_in_this_state"
    with door.opened("fixture"):
        Meeting.objects.all().delete()
    meeting = held(small, group)
    assert decided(small, meeting).outcome
    call = small.call(LEAD, now=at(FRIDAY))
    assert actions.confirm_minutes(call, meeting_id=meeting.pk, text=minutes.draft(meeting)).outcome
    assert decided(small, meeting).outcome.reasons[0].code == "not_in_this_state"
    with pytest.raises(Problem):
        decided(small, held(small, group, dt.date(2023, 7, 10)), due_on="2023-07-09")


def test_a_decision_asked_twice_is_one_task(small: Small, group: Group) -> None:
    meeting = held(small, group)
    call = small.call(LEAD, "same-request", at(FRIDAY))
    given = {"meeting_id": meeting.pk, "text": "只办一次", "lead_id": small.units["market"].pk, "due_on": "2023-08-31"}
    first, second = actions.decide(call, **given), actions.decide(call, **given)
    assert first.values == second.values and second.replayed and Resolution.objects.count() == 1


def test_the_next_meeting_shows_what_became_of_earlier_decisions(small: Small, group: Group) -> None:
    first = held(small, group)
    done = Task.objects.get(pk=decided(small, first).values["task"])
    late = Task.objects.get(pk=decided(small, first, text="很快要办的事项", due_on="2023-07-07").values["task"])
    with door.opened("fixture"):
        Task.objects.filter(pk=done.pk).update(state="done", done_on=dt.date(2023, 7, 12))
    second = Meeting.objects.get(pk=called(small, group, held_on=dt.date(2023, 7, 14)).values["meeting"])
    shown = {o.resolution.task_id: o.standing for o in queries.earlier(second, dt.date(2023, 7, 13))}
    assert shown == {done.pk: "done", late.pk: "overdue"}
    third = Meeting.objects.get(pk=called(small, group, held_on=dt.date(2023, 7, 21)).values["meeting"])
    assert {o.resolution.task_id for o in queries.earlier(third, TODAY)} == {done.pk, late.pk}
    held_second = held(small, group, dt.date(2023, 7, 24))
    decided(small, held_second, text="第二批事项办理")
    fourth = Meeting.objects.get(pk=called(small, group, held_on=dt.date(2023, 7, 28)).values["meeting"])
    texts = {o.resolution.text for o in queries.earlier(fourth, TODAY)}
    assert texts == {"很快要办的事项", "第二批事项办理"}, "settled ones of older meetings are not asked again"


# --- minutes -----------------------------------------------------------------------------------------------------------


def test_the_minutes_are_drafted_from_the_journal(small: Small, group: Group) -> None:
    meeting = held(small, group)
    decided(small, meeting)
    text = minutes.draft(meeting)
    assert text.splitlines() == [
        "2023年7月7日09:00，创建领导小组第1次会议在三楼会议室召开。现将会议情况纪要如下。",
        "一、会议议题", "（一）议题甲。", "（二）议题乙。",
        "二、议定事项", "（一）完成摸底并建立清单。责任单位：market；配合单位：health；完成时限：2023年8月31日。",
        "三、出席情况", "出席：market局长。", "派员代会：health局长。", "缺席：town-a镇长。",
    ]  # fmt: skip
    with door.opened("fixture"):
        Resolution.objects.all().delete()
    assert minutes.draft(meeting) == text, "the journal tells it, whatever became of the rows"


def test_confirmed_minutes_close_the_duty_and_leave_as_papers(small: Small, group: Group) -> None:
    meeting = held(small, group)
    decided(small, meeting)
    with pytest.raises(Problem) as fault:
        minutes.paper(meeting, [])
    assert fault.value.status == 409
    text = minutes.draft(meeting)
    call = small.call(LEAD, now=at(FRIDAY + dt.timedelta(days=20)))
    assert actions.confirm_minutes(call, meeting_id=meeting.pk, text=text).outcome
    assert Duty.objects.get(subject_kind="meeting").state == "closed"
    client = signed_in(small, "market.officer")
    docx = client.get(f"/meetings/{meeting.pk}/minutes.docx")
    with zipfile.ZipFile(io.BytesIO(docx.content)) as packed:
        words = packed.read("word/document.xml").decode()
    assert "完成摸底并建立清单" in words and "会议议题" in words
    assert client.get(f"/meetings/{meeting.pk}/minutes.pdf").content.startswith(b"%PDF")


def test_the_limit_for_minutes_goes_by_the_day_of_the_meeting(small: Small, group: Group) -> None:
    meeting = held(small, group)
    duty = Duty.objects.get(subject_kind="meeting", subject_id=str(meeting.pk))
    assert duty.due_on == dt.date(2023, 7, 27)


# --- pages -------------------------------------------------------------------------------------------------------------


def signed_in(small: Small, seat: str) -> Client:
    client = Client()
    client.force_login(small.seats[seat].account)
    return client


def test_the_whole_way_through_the_pages(small: Small, group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(small, LEAD)
    url = f"/groups/{group.pk}/call"
    assert "3个席位" in client.get(url).content.decode(), "the cost is told before it is asked"
    form = {
        "held_on": "2023-07-07",
        "starts_at": "09:00",
        "room": "三楼",
        "agenda": "议题甲",
        "request_id": "page-0001",
    }
    chosen = [str(pk) for pk in group.seats.values_list("pk", flat=True)[:2]]
    bad = client.post(url, {**form, "held_on": "2023-07-08", "seats": chosen})
    assert bad.status_code == 409 and bad.content.decode().count(" selected") >= 2, "what was chosen is kept"
    sent = client.post(url, {**form, "request_id": "page-0002", "seats": chosen})
    assert sent.status_code == 303
    meeting = Meeting.objects.get()
    assert meeting.invitations.count() == 2 and sent["Location"] == f"/meetings/{meeting.pk}"
    monkeypatch.setattr(present, "now", lambda: at(FRIDAY))
    client = signed_in(small, LEAD)
    presence = {f"p{i.pk}": "present" for i in meeting.invitations.all()}
    page = f"/meetings/{meeting.pk}"
    assert client.post(f"{page}/hold", {**presence, "request_id": "page-0003"}).status_code == 303
    decision = {
        "text": "建立清单",
        "lead_id": small.units["market"].pk,
        "due_on": "2023-08-01",
        "request_id": "page-0004",
    }
    assert client.post(f"{page}/decide", decision).status_code == 303
    draft = client.get(f"{page}/minutes").context["form"].fields[0].value
    assert "建立清单" in draft
    assert client.post(f"{page}/minutes", {"text": draft, "request_id": "page-0005"}).status_code == 303
    shown = client.get(page).content.decode()
    assert "纪要已印发" in shown and "建立清单" in shown and "minutes.docx" in shown
    assert "建立清单" in client.get(f"/groups/{group.pk}").content.decode()


@pytest.mark.parametrize("address", ["/meetings", "/groups/{group}", "/groups/{group}?as_of=2023-07-01"])
def test_pages_open_to_who_may_read_and_to_nobody_else(small: Small, group: Group, address: str) -> None:
    url = address.format(group=group.pk)
    assert signed_in(small, "office.auditor").get(url).status_code == 200
    assert Client().get(url).status_code == 302
    assert signed_in(small, "office.editor").get(url).status_code == 403
    hidden = signed_in(small, "police.officer").get(url)
    assert hidden.status_code == (200 if url == "/meetings" else 404)
    assert "创建领导小组" not in hidden.content.decode()


def test_seat_of_every_row_is_a_post_and_never_a_person(small: Small, group: Group) -> None:
    assert {f.name for f in Seat._meta.get_fields()} & {"account", "person", "holder", "name"} == set()
    assert Unit.objects.filter(seats__group=group).count() == 3


def test_an_hour_of_another_zone_is_no_hour_of_the_county(small: Small, group: Group) -> None:
    with pytest.raises(Problem) as fault:
        called(small, group, starts_at="09:00Z")
    assert fault.value.place == "starts_at" and fault.value.status == 422


def test_a_meeting_fits_into_the_weeks_of_its_units_like_everything_else_that_is_asked(
    small: Small, group: Group
) -> None:
    asked = {"title": "上半年统计", "wanted": "请报送统计数字", "units": [small.units["health"].pk], "due_on": FRIDAY}
    assert load.send(small.call("office.supervisor"), **asked, cells=181).outcome  # 392 of 480 minutes
    refused = called(small, group)
    assert refused.outcome.reasons[0].code == "load_cap" and not Meeting.objects.exists()
    rows = group.seats.exclude(unit=small.units["health"])
    assert called(small, group, seats=[s.pk for s in rows]).outcome, "those who have room can meet"
    assert called(small, group, urgent=True).outcome, "an emergency asks for no room"


def test_an_emergency_is_told_before_it_begins_and_everything_else_in_working_time(small: Small, group: Group) -> None:
    evening = dt.datetime.combine(FRIDAY, dt.time(20), COUNTY_ZONE)
    given = {"group_id": group.pk, "room": "三楼会议室", "agenda": "防汛", "urgent": True}
    call = small.call(LEAD, now=evening)
    meeting = actions.call_meeting(call, held_on=SATURDAY, **given).values["meeting"]
    told = OutboxMessage.objects.filter(payload__meeting=meeting)
    assert {m.not_before for m in told} == {evening} and {m.kind for m in told} == {"meeting_urgent"}
    later = actions.call_meeting(small.call(LEAD, now=evening), held_on=dt.date(2023, 7, 12), **given).values["meeting"]
    sunday = dt.datetime.combine(dt.date(2023, 7, 16), dt.time(10), COUNTY_ZONE)
    outbox.deliver(sunday)  # late, as after a stop of the house
    assert not told.filter(sent_at__isnull=True).exists()
    assert not OutboxMessage.objects.filter(payload__meeting=later, sent_at__isnull=False).exists(), "a day of rest"
