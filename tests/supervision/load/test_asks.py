"""Requests to units: cost, cap, joining, days of rest, answers, the county's own cap."""

import datetime as dt
from typing import Any

import pytest

from luoshi.office.duties.models import Duty
from luoshi.office.journal.models import Entry
from luoshi.office.notices.models import OutboxMessage
from luoshi.supervision.load import actions, counted
from luoshi.supervision.load.models import Ask, AskedUnit
from tests.supervision.small_county import NOW, TODAY, Small, make
from tests.supervision.test_actions import code

OFFICE, HEAD, UNIT = "office.supervisor", "office.county_head", "market.officer"
FRIDAY = dt.date(2023, 7, 14)


def send(
    small: Small, title: str = "上半年抽检批次统计", units: Any = ("market",), due_on: dt.date = FRIDAY, **more: Any
) -> Any:
    seat, now = more.pop("seat", OFFICE), more.pop("now", NOW)
    return actions.send(
        small.call(seat, now=now), title=title, wanted="请报送统计数字", units=[small.units[u].pk for u in units], due_on=due_on,
        **more,
    )  # fmt: skip


def test_a_request_opens_a_duty_and_stands_in_the_days_one_message(small: Small) -> None:
    assert send(small, cells=10, papers=1).values["minutes"] == 30 + 10 * 2 + 20
    assert send(small, "危房改造竣工户数").outcome
    duties = Duty.objects.filter(subject_kind="ask", unit=small.units["market"], state="open")
    assert sorted(d.due_on for d in duties) == [FRIDAY, FRIDAY]
    message = OutboxMessage.objects.get(unit=small.units["market"])
    assert [item["zh"] for item in message.payload["duties"]] == ["要求：上半年抽检批次统计", "要求：危房改造竣工户数"]


def test_collective_units_stand_for_their_members(small: Small) -> None:
    made = send(small, units=("towns",))
    assert made.outcome
    asked = AskedUnit.objects.filter(ask_id=made.values["ask"]).values_list("unit__code", flat=True)
    assert set(asked) == {"town-a", "town-b"}


@pytest.mark.parametrize(
    "due_on,expected", [(dt.date(2023, 7, 4), "too_little_time"), (dt.date(2023, 7, 15), "due_on_rest_day")]
)
def test_a_request_is_due_on_a_working_day_that_leaves_time(small: Small, due_on: dt.date, expected: str) -> None:
    refused = send(small, due_on=due_on)
    assert code(refused) == expected and refused.outcome.reasons[0].remedy is not None
    assert send(small, due_on=dt.date(2023, 7, 5)).outcome


def test_the_cap_of_a_week_is_held_to_the_minute_and_the_next_week_is_offered(small: Small) -> None:
    assert send(small, "甲项统计", cells=225).outcome  # 30 + 450 = 480
    refused = send(small, "乙类报表")
    assert code(refused) == "load_cap"
    assert "2023-07-17" in refused.outcome.reasons[0].remedy.zh
    assert Ask.objects.count() == 1
    assert send(small, "乙类报表", due_on=dt.date(2023, 7, 17)).outcome
    assert send(small, "丙类材料", units=("health",)).outcome, "another unit's week is its own"


def test_what_was_asked_already_is_offered_as_one(small: Small) -> None:
    first = send(small)
    refused = send(small, "上半年抽检批次统计表", units=("market", "health"))
    assert code(refused) == "asked_already" and "并入" in refused.outcome.reasons[0].remedy.zh
    joined = send(small, "上半年抽检批次统计表", units=("market", "health"), same="join")
    assert joined.outcome and joined.values["joined"] == 1
    row = AskedUnit.objects.get(ask_id=joined.values["ask"], unit=small.units["market"])
    assert row.joined is not None and row.joined.ask_id == first.values["ask"]
    assert Duty.objects.filter(subject_kind="ask", unit=small.units["market"]).count() == 1
    load = counted.asked(small.county.pk, TODAY, FRIDAY, [small.units["market"].pk])
    assert [a.ref for a in load if a.kind == "ask"] == [("ask", first.values["ask"])]


def test_asking_again_needs_a_reason(small: Small) -> None:
    send(small)
    with pytest.raises(Exception, match="须写明理由"):
        send(small, same="again")
    assert send(small, same="again", reason="口径已变，按新口径报").outcome


def test_a_fresh_answer_need_not_be_asked_again_and_an_old_one_may(small: Small) -> None:
    first = send(small)
    asked = AskedUnit.objects.get(ask_id=first.values["ask"])
    assert actions.respond(small.call(UNIT), asked_id=asked.pk, text="抽检120批次").outcome
    soon, late = NOW + dt.timedelta(days=20), NOW + dt.timedelta(days=60)
    assert code(send(small, now=soon, due_on=dt.date(2023, 8, 1))) == "asked_already"
    assert send(small, now=late, due_on=dt.date(2023, 9, 15)).outcome


def test_an_answer_closes_the_duty_once(small: Small) -> None:
    asked = AskedUnit.objects.get(ask_id=send(small).values["ask"])
    assert code(actions.respond(small.call("health.officer"), asked_id=asked.pk, text="不是我")) == "outside_scope"
    assert actions.respond(small.call(UNIT), asked_id=asked.pk, text="抽检120批次").outcome
    assert code(actions.respond(small.call(UNIT), asked_id=asked.pk, text="再报一次")) == "answered"
    assert Duty.objects.get(subject_kind="ask").state == "closed"


def test_a_request_called_off_is_owed_and_counted_no_more(small: Small) -> None:
    ask = send(small).values["ask"]
    assert code(actions.call_off(small.call("other-lead.leading_office"), ask_id=ask, reason="试试")) == "outside_scope"
    assert actions.call_off(small.call(OFFICE), ask_id=ask, reason="数据已从系统取得").outcome
    assert Duty.objects.get(subject_kind="ask").state == "cancelled"
    assert [a for a in counted.asked(small.county.pk, TODAY, FRIDAY) if a.kind == "ask"] == []
    assert code(actions.call_off(small.call(OFFICE), ask_id=ask, reason="再撤")) == "called_off"
    assert code(actions.respond(small.call(UNIT), asked_id=AskedUnit.objects.get().pk, text="答复")) == "called_off"


def test_the_county_sets_its_own_cap_from_a_day_on(small: Small) -> None:
    head = small.call(HEAD)
    assert actions.set_cap(head, minutes=60, from_on=TODAY + dt.timedelta(days=7), reason="年中减负").outcome
    assert (
        code(actions.set_cap(small.call(HEAD), minutes=90, from_on=TODAY + dt.timedelta(days=7), reason="再改"))
        == "cap_set"
    )
    past = actions.set_cap(small.call(HEAD), minutes=90, from_on=TODAY - dt.timedelta(days=1), reason="倒签")
    assert code(past) == "day_past"
    assert code(actions.set_cap(small.call(OFFICE), minutes=90, from_on=TODAY, reason="放宽")) == "role_may_not"
    assert send(small, cells=100, due_on=dt.date(2023, 7, 7)).outcome, "this week has the old cap"
    refused = send(small, "乙类报表", cells=20)
    assert code(refused) == "load_cap" and "年中减负" in refused.outcome.reasons[0].remedy.zh


def test_who_may_ask_and_of_whom(small: Small) -> None:
    assert code(send(small, seat=UNIT)) == "role_may_not"
    assert send(small, seat="lead-office.leading_office").outcome
    other = make("other")
    with pytest.raises(Exception, match="没有这个单位"):
        actions.send(
            small.call(OFFICE), title="越县", wanted="越县要数", units=[other.units["market"].pk], due_on=FRIDAY
        )
    assert Entry.objects.filter(action="request.send", outcome="granted").count() == 1


def test_sent_twice_it_is_asked_once(small: Small) -> None:
    given = {"title": "统计数字", "wanted": "请报", "units": [small.units["market"].pk], "due_on": FRIDAY}
    first = actions.send(small.call(OFFICE, "the-same-request"), **given)
    again = actions.send(small.call(OFFICE, "the-same-request"), **given)
    assert again.replayed and again.values == first.values and Ask.objects.count() == 1


def test_a_year_without_a_calendar_still_finds_its_weeks(small: Small) -> None:
    now = dt.datetime(2031, 3, 3, 10, tzinfo=NOW.tzinfo)
    assert send(small, now=now, due_on=dt.date(2031, 3, 10)).outcome
    assert code(send(small, "另一件", now=now, due_on=dt.date(2031, 3, 9))) == "due_on_rest_day"


def test_calling_off_what_others_joined_leaves_the_unit_to_answer_them(small: Small) -> None:
    first = send(small)
    joined = [send(small, "上半年抽检批次统计表", same="join", cells=n).values["ask"] for n in (3, 4)]
    off = actions.call_off(small.call(OFFICE), ask_id=first.values["ask"], reason="不再需要")
    assert off.outcome and off.values["taken_over"] == 1
    rows = {row.ask_id: row for row in AskedUnit.objects.filter(ask_id__in=joined)}
    heir = rows[joined[0]]
    assert heir.joined is None and rows[joined[1]].joined_id == heir.pk, "one answer still serves both"
    waiting = Duty.objects.filter(subject_kind="ask", unit=small.units["market"], state="open")
    assert [duty.subject_id for duty in waiting] == [str(joined[0])]
    assert actions.respond(small.call(UNIT), asked_id=heir.pk, text="共六十批次").outcome


def test_why_it_was_asked_again_is_kept_when_it_is_called_off(small: Small) -> None:
    send(small)
    again = send(small, same="again", reason="上次口径有误").values["ask"]
    actions.call_off(small.call(OFFICE), ask_id=again, reason="不再需要")
    assert "上次口径有误" in Entry.objects.filter(action="request.call_off").get().content
