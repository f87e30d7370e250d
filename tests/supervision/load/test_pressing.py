"""The ladder through the one door: order, papers, self-correction, objections, circulars without names."""

import datetime as dt
from typing import Any

import pytest

from luoshi.core.calendar import default_calendar
from luoshi.office import door
from luoshi.office.notices.models import OutboxMessage
from luoshi.office.papers.model import texts
from luoshi.office.people.models import County
from luoshi.supervision import actions as work
from luoshi.supervision.load import actions, naming, papers
from luoshi.supervision.load.models import OfficePaper, PaperSeries, Press
from luoshi.supervision.models import Assignment
from tests.supervision.small_county import NOW, Small, make
from tests.supervision.test_actions import code

CALENDAR = default_calendar()
OFFICE, UNIT = "office.supervisor", "market.officer"


def at(n: int) -> dt.datetime:
    """Return nine o'clock of the n-th working day after today."""
    return NOW + (CALENDAR.add_working_days(NOW.date(), n) - NOW.date()) if n else NOW


def late_share(small: Small, unit: str = "market") -> Assignment:
    return small.share(small.task(units=((unit, "responsible"),), due_on=dt.date(2023, 6, 20)), unit)


def press(small: Small, share: Assignment, step: str, n: int, **more: Any) -> Any:
    call = small.call(OFFICE, now=at(n))
    return work.escalate(call, assignment_id=share.pk, step=step, reason="逾期未报，多次提醒无果", **more)


def to_order(small: Small, share: Assignment) -> int:
    """Chase and order; return the working day after the order's time to mend."""
    assert press(small, share, "chase", 0).outcome
    ordered = press(small, share, "order", 3)
    assert ordered.outcome, ordered.outcome
    return 14


def announced(small: Small, share: Assignment, step: str = "talk") -> Press:
    made = press(small, share, step, to_order(small, share))
    assert made.outcome, made.outcome
    return Press.objects.get(pk=made.values["press"])


def report_done(small: Small, share: Assignment, n: int) -> int:
    for verb in (work.accept, work.start):
        assert verb(small.call(UNIT, now=at(n)), assignment_id=share.pk).outcome
    made = work.report_done(small.call(UNIT, now=at(n)), assignment_id=share.pk, text="已经整改完毕")
    assert made.outcome
    return int(made.values["report"])


def test_every_formal_step_leaves_a_paper_with_the_next_number_of_its_series(small: Small) -> None:
    share, other = late_share(small), late_share(small, "health")
    to_order(small, share)
    press(small, other, "chase", 4)
    numbers = list(OfficePaper.objects.order_by("pk").values_list("letters", "year", "number"))
    assert numbers == [("督催", 2023, 1), ("督办", 2023, 1), ("督催", 2023, 2)]


def test_a_refused_step_takes_no_number(small: Small) -> None:
    share = late_share(small)
    assert press(small, share, "chase", 0).outcome
    assert code(press(small, share, "chase", 1)) == "pressed_recently"
    with pytest.raises(Exception, match="最早为"):
        press(small, share, "order", 3, due_on=at(4).date())
    assert press(small, share, "order", 3).outcome
    assert PaperSeries.objects.get(letters="督办").last == 1
    assert OfficePaper.objects.count() == 2


def test_the_numbers_begin_anew_each_year(small: Small) -> None:
    share, other = late_share(small), late_share(small, "health")
    press(small, share, "chase", 0)
    call = small.call(OFFICE, now=dt.datetime(2024, 1, 3, 10, tzinfo=NOW.tzinfo))
    assert work.escalate(call, assignment_id=other.pk, step="chase", reason="跨年仍未办理").outcome
    assert [str(p) for p in OfficePaper.objects.order_by("pk")] == ["督催〔2023〕1号", "督催〔2024〕1号"]


def test_an_order_says_whom_facts_clause_day_and_where_to_object(small: Small) -> None:
    share = late_share(small)
    to_order(small, share)
    row = OfficePaper.objects.get(kind="order")
    said = "".join(texts(papers.model_of(row)))
    deadline = CALENDAR.add_working_days(at(3).date(), 10)
    for part in (
        "market单位：", "督办〔2023〕1号", "2023年6月20日", "已逾期11个工作日", "7月3日催办", "《创建方案》", "逾期未报，多次提醒无果",
        f"请于{deadline.year}年{deadline.month}月{deadline.day}日前", "提出异议", "office单位", "2023年7月6日",
    ):  # fmt: skip
        assert part in said, part


def test_both_files_of_a_paper_are_whole_and_stay_the_same(small: Small) -> None:
    share = late_share(small)
    press(small, share, "chase", 0)
    row = OfficePaper.objects.get()
    assert papers.set_as(row, "docx")[:2] == b"PK" and papers.set_as(row, "docx") == papers.set_as(row, "docx")
    assert papers.set_as(row, "pdf")[:5] == b"%PDF-"
    with door.opened("fixture"):
        small.units["market"].name_zh = "改名后的单位"
        small.units["market"].save()
    assert "market单位：" in "".join(texts(papers.model_of(OfficePaper.objects.get())))


def test_hand_made_reminders_of_a_day_and_unit_leave_in_one_message(small: Small) -> None:
    shares = [late_share(small) for _ in range(3)]
    for share in shares:
        assert press(small, share, "remind", 0).outcome
    message = OutboxMessage.objects.get(unit=small.units["market"], kind="reminder")
    assert [item["duty"] for item in message.payload["duties"]] == [s.duty_id for s in shares]
    assert all(item["reason"] for item in message.payload["duties"])
    assert OfficePaper.objects.count() == 0


def test_what_comes_after_the_days_message_left_waits_for_the_next_working_day(small: Small) -> None:
    friday = dt.datetime(2023, 7, 7, 10, tzinfo=NOW.tzinfo)
    first, second = late_share(small), late_share(small)
    assert work.escalate(small.call(OFFICE, now=friday), assignment_id=first.pk, step="remind", reason="请抓紧").outcome
    with door.opened("fixture"):
        OutboxMessage.objects.update(sent_at=friday)
    later = friday + dt.timedelta(hours=2)
    assert work.escalate(small.call(OFFICE, now=later), assignment_id=second.pk, step="remind", reason="请抓紧").outcome
    waiting = OutboxMessage.objects.get(sent_at__isnull=True)
    assert waiting.not_before == dt.datetime(2023, 7, 10, 9, tzinfo=NOW.tzinfo)
    assert [item["duty"] for item in waiting.payload["duties"]] == [second.duty_id]


def test_a_talk_needs_an_order_and_the_end_of_its_time_to_mend(small: Small) -> None:
    share = late_share(small)
    assert press(small, share, "chase", 0).outcome
    assert code(press(small, share, "talk", 3)) == "not_ordered"
    assert press(small, share, "order", 3).outcome
    assert code(press(small, share, "talk", 13)) == "time_to_mend"
    assert press(small, share, "talk", 14).outcome


def test_an_announced_talk_falls_away_when_the_unit_mends(small: Small) -> None:
    share = late_share(small)
    talk = announced(small, share)
    report_done(small, share, 16)
    answer = actions.effect(small.call(OFFICE, now=at(25)), press_id=talk.pk, text="约谈了单位负责人")
    assert code(answer) == "mended"
    assert Press.objects.get(pk=talk.pk).state == "open"
    assert not OfficePaper.objects.filter(kind="talk").exists()


def test_a_report_that_is_sent_back_has_mended_nothing(small: Small) -> None:
    share = late_share(small)
    talk = announced(small, share)
    report = report_done(small, share, 16)
    assert work.review_return(small.call(OFFICE, now=at(17)), report_id=report, reason="没有佐证材料").outcome
    assert actions.effect(small.call(OFFICE, now=at(25)), press_id=talk.pk, text="约谈了单位负责人").outcome


def test_a_talk_takes_effect_only_after_the_day_it_gives(small: Small) -> None:
    share = late_share(small)
    talk = announced(small, share)
    assert talk.mend_by == CALENDAR.add_working_days(at(14).date(), 5)
    assert code(actions.effect(small.call(OFFICE, now=at(19)), press_id=talk.pk, text="约谈")) == "time_to_mend"
    done = actions.effect(small.call(OFFICE, now=at(20)), press_id=talk.pk, text="约谈了单位负责人，限期整改")
    assert done.outcome and done.values["number"] == "督谈〔2023〕1号"
    assert code(actions.effect(small.call(OFFICE, now=at(21)), press_id=talk.pk, text="再谈")) == "press_ended"
    said = "".join(texts(papers.model_of(OfficePaper.objects.get(kind="talk"))))
    assert "约谈了单位负责人" in said and "你单位" not in said


def test_an_objection_stops_what_follows_until_it_is_decided(small: Small) -> None:
    share = late_share(small)
    talk = announced(small, share)
    objection = actions.answer(small.call(UNIT, now=at(15)), press_id=talk.pk, kind="object", text="材料不由我单位提供")
    assert objection.outcome
    again = actions.answer(small.call(UNIT, now=at(15)), press_id=talk.pk, kind="object", text="再说一次")
    assert code(again) == "objection_waits"
    assert actions.answer(small.call(UNIT, now=at(15)), press_id=talk.pk, text="正在办理").outcome
    assert code(actions.effect(small.call(OFFICE, now=at(20)), press_id=talk.pk, text="约谈")) == "objection_waits"
    assert actions.keep(small.call(OFFICE, now=at(20)), press_id=talk.pk, reason="分工明确由你单位承办").outcome
    assert code(actions.keep(small.call(OFFICE, now=at(20)), press_id=talk.pk, reason="再维持")) == "no_objection"
    assert actions.effect(small.call(OFFICE, now=at(20)), press_id=talk.pk, text="约谈了负责人").outcome


def test_each_round_of_recurring_work_begins_at_the_foot_of_the_ladder(small: Small) -> None:
    task = small.task(due_on=dt.date(2023, 6, 20), every={"day_of_month": [20]})
    share = small.share(task, "market")
    to_order(small, share)
    report = report_done(small, share, 4)
    assert work.review_approve(small.call(OFFICE, now=at(4)), report_id=report).outcome
    share = small.share(task, "market")
    assert share.state == "accepted" and share.duty is not None and share.duty.due_on == dt.date(2023, 7, 20)
    later = NOW + dt.timedelta(days=30)
    call = small.call(OFFICE, now=later)
    assert code(work.escalate(call, assignment_id=share.pk, step="talk", reason="新一期又逾期")) == "not_ordered"
    call = small.call(OFFICE, now=later)
    assert code(work.escalate(call, assignment_id=share.pk, step="order", reason="新一期又逾期")) == "not_chased"


def test_an_objection_to_a_chasing_stops_the_order_and_not_a_reminder(small: Small) -> None:
    share = late_share(small)
    chase = press(small, share, "chase", 0).values["press"]
    assert actions.answer(small.call(UNIT), press_id=chase, kind="object", text="期限已获准延期").outcome
    assert code(press(small, share, "order", 3)) == "objection_waits"
    assert press(small, share, "remind", 3).outcome
    assert actions.keep(small.call(OFFICE, now=at(3)), press_id=chase, reason="未见延期批准").outcome
    assert press(small, share, "order", 6).outcome


def test_a_withdrawn_step_counts_no_more_and_keeps_its_number(small: Small) -> None:
    share = late_share(small)
    chase = press(small, share, "chase", 0)
    taken_back = actions.withdraw(small.call(OFFICE), press_id=chase.values["press"], reason="发错了单位")
    assert taken_back.outcome
    assert code(press(small, share, "order", 3)) == "not_chased"
    assert press(small, share, "chase", 0).outcome
    assert [p.number for p in OfficePaper.objects.order_by("pk")] == [1, 2]


def test_only_the_own_unit_answers_and_only_the_office_decides(small: Small) -> None:
    share = late_share(small)
    chase = press(small, share, "chase", 0).values["press"]
    assert code(actions.answer(small.call("health.officer"), press_id=chase, text="与我无关")) == "outside_scope"
    assert code(actions.withdraw(small.call(UNIT), press_id=chase, reason="不想办")) == "role_may_not"
    assert (
        code(actions.withdraw(small.call("other-lead.leading_office"), press_id=chase, reason="试试"))
        == "outside_scope"
    )


def test_a_public_circular_names_no_person(small: Small) -> None:
    share = late_share(small)
    circular = announced(small, share, "circular")
    person = small.seats[UNIT].account.display_name
    call = small.call(OFFICE, now=at(20))
    named = actions.effect(call, press_id=circular.pk, text=f"承办人{person}办理不力", public=True)
    assert code(named) == "person_named" and person not in str(named.outcome)
    number = actions.effect(
        small.call(OFFICE, now=at(20)), press_id=circular.pk, text="联系电话13800000000", public=True
    )
    assert code(number) == "number_in_text"
    assert not OfficePaper.objects.filter(kind="circular").exists()
    done = actions.effect(small.call(OFFICE, now=at(20)), press_id=circular.pk, text="该单位逾期未办", public=True)
    assert done.outcome and Press.objects.get(pk=circular.pk).public


def test_names_of_another_county_do_not_matter(small: Small) -> None:
    other = make("other")
    name = other.seats[UNIT].account.display_name
    assert naming.public_refused(small.county.pk, f"承办人{name}") is None
    assert naming.public_refused(other.county.pk, f"承办人{name}") is not None


def test_praise_needs_work_that_was_done_and_comes_once(small: Small) -> None:
    share, late = small.share(small.task(due_on=NOW.date()), "market"), late_share(small)
    assert code(actions.praise(small.call(OFFICE), assignment_id=share.pk, text="提前完成")) == "not_done"
    for one in (share, late):
        assert work.review_approve(small.call(OFFICE), report_id=report_done(small, one, 0)).outcome
    assert code(actions.praise(small.call(OFFICE), assignment_id=late.pk, text="迟到的表扬")) == "done_late"
    praised = actions.praise(small.call(OFFICE), assignment_id=share.pk, text="材料齐全，办理及时", public=True)
    assert praised.outcome and praised.values["number"] == "督表〔2023〕1号"
    assert code(actions.praise(small.call(OFFICE), assignment_id=share.pk, text="再表扬")) == "praised"


def test_guyang_has_letters_of_its_own(small: Small) -> None:
    with door.opened("fixture"):
        County.objects.filter(pk=small.county.pk).update(code="guyang")
    press(small, late_share(small), "chase", 0)
    assert OfficePaper.objects.get().document_number == "固政督催〔2023〕1号"


def test_a_step_of_another_county_is_not_there(small: Small) -> None:
    other = make("other")
    chase = press(small, late_share(small), "chase", 0).values["press"]
    with pytest.raises(Exception, match="没有这个催督步骤"):
        actions.withdraw(other.call(OFFICE), press_id=chase, reason="外县试探")
