"""The week's sheet: its days, its reasons, the decisions it asks for; this week, a past week, on paper."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from luoshi.core.calendar import Calendar
from luoshi.core.words import Words
from luoshi.office.actions import COUNTY_ZONE
from luoshi.supervision import actions
from luoshi.supervision.outlook import values, week_rules
from luoshi.supervision.outlook.queries import week as weeks
from luoshi.supervision.outlook.week_rules import Grounds, Late, Said, ShareNow
from tests.supervision.outlook import samples
from tests.supervision.small_county import TODAY, Small
from tests.supervision.test_pages import browser, html_of

UNIT = Words("某局", "A bureau")
VALUES = values.week_on(TODAY)


def day(n: int) -> dt.date:
    return TODAY + dt.timedelta(days=n)


@pytest.mark.parametrize("asked", [dt.date(2023, 6, 26), dt.date(2023, 6, 29), dt.date(2023, 7, 2)])
def test_a_week_runs_from_monday_to_sunday_and_is_shown_at_its_end(asked: dt.date) -> None:
    days = week_rules.days_of(asked, TODAY)
    assert (days.first, days.last, days.shown_on) == (dt.date(2023, 6, 26), dt.date(2023, 7, 2), dt.date(2023, 7, 2))
    assert (days.next_first, days.next_last) == (dt.date(2023, 7, 3), dt.date(2023, 7, 9))


def test_the_running_week_is_shown_as_of_today() -> None:
    assert week_rules.days_of(TODAY, TODAY).shown_on == TODAY


@pytest.mark.parametrize(
    "share,said",
    [
        (ShareNow(UNIT, "assigned", TODAY), "某局7月3日交办后未签收"),
        (ShareNow(UNIT, "accepted", TODAY), "某局签收后未报过进展"),
        (ShareNow(UNIT, "in_progress", TODAY, Said(TODAY, "干了\n一半。", 50)), "某局7月3日报进展50%：干了 一半"),
        (ShareNow(UNIT, "reported", TODAY, Said(TODAY, "好了", 100)), "某局7月3日已上报，待审核"),
        (
            ShareNow(UNIT, "returned", TODAY, Said(TODAY, "好了", 100, "returned", "缺照片。")),
            "某局的报告被退回：缺照片",
        ),
        (ShareNow(UNIT, "suspended", TODAY, None, day(-3), "等文件"), "6月30日起中止：等文件"),
        (
            ShareNow(UNIT, "accepted", TODAY, Said(TODAY, "x", 100, "approved", "", True)),
            "某局上一期7月3日报的已通过，这一期未报",
        ),
    ],
)
def test_why_a_task_is_late_is_told_by_its_share(share: ShareNow, said: str) -> None:
    assert week_rules.why([share]).zh == said and week_rules.why([share]).en


def test_the_share_that_holds_up_most_is_told_with_how_many_others() -> None:
    shares = [
        ShareNow(Words("甲", "A"), "reported", TODAY, Said(TODAY, "", 100)), ShareNow(Words("乙", "B"), "assigned", TODAY),
        ShareNow(Words("丙", "C"), "done", TODAY),
    ]  # fmt: skip
    assert week_rules.why(shares).zh == "乙7月3日交办后未签收；另有1个单位未办完"
    assert week_rules.why([]).zh == "没有单位承担" and week_rules.why(shares[2:]).zh == "各单位已办完"


def late(n: int, days: int) -> Late:
    return Late(n, Words(f"任务{n}", f"Task {n}"), day(-days), Words("没报", "silent"))


def test_three_decisions_at_most_the_most_pressing_first() -> None:
    found = Grounds(
        [late(1, 60)], (2, 7, Words("停的", "stopped"), day(-20)), (4, day(-20)), (3, UNIT, 5), (3, UNIT, 2), Calendar()
    )
    kinds = [one.kind for one in week_rules.decisions(found, TODAY, VALUES)]
    assert kinds == ["task", "review", "task"]


def test_what_is_late_by_a_working_day_less_than_the_bound_wants_no_decision() -> None:
    calendar = Calendar()
    bound = calendar.add_working_days(TODAY, -VALUES.order_after)
    for due_on, wanted in ((bound, 1), (calendar.add_working_days(bound, 1), 0)):
        one = Late(1, Words("任务", "Task"), due_on, Words("", ""))
        assert len(week_rules.decisions(Grounds([one], calendar=calendar), TODAY, VALUES)) == wanted, due_on


def test_nothing_pressing_wants_no_decision() -> None:
    assert week_rules.decisions(Grounds(worst=(1, UNIT, 1)), TODAY, VALUES) == []


@pytest.fixture
def lived(small: Small) -> Small:
    """A week behind and a week ahead, with one of everything."""
    june = day(-40)
    kept = small.task(heading_zh="按期办完", due_on=day(-4), today=june)
    late_one = small.task(heading_zh="一直拖着", due_on=day(-30), today=june)
    small.task(heading_zh="上周没办", due_on=day(-3), today=june)
    small.task(heading_zh="本周要办", due_on=day(2), today=june)
    small.task(heading_zh="下周要办", due_on=day(9), today=june)
    stopped = small.task(heading_zh="停下来的", due_on=day(3), today=june)
    for task in (kept, late_one, stopped):
        share = small.share(task, "market")
        then = dt.datetime.combine(day(-6), dt.time(10), COUNTY_ZONE)
        assert actions.accept(small.call("market.officer", now=then), assignment_id=share.pk).outcome
        assert actions.start(small.call("market.officer", now=then), assignment_id=share.pk).outcome
    then = dt.datetime.combine(day(-5), dt.time(10), COUNTY_ZONE)
    share = small.share(kept, "market")
    report = actions.report_done(small.call("market.officer", now=then), assignment_id=share.pk, text="都办完了")
    assert actions.review_approve(small.call("office.supervisor", now=then), report_id=report.values["report"]).outcome
    share = small.share(stopped, "market")
    call = small.call("lead-office.leading_office", now=then)
    assert actions.suspend(call, assignment_id=share.pk, reason="等上级文件").outcome
    share = small.share(late_one, "market")  # finished today: last week's sheet must not know it
    now = dt.datetime.combine(TODAY, dt.time(8), COUNTY_ZONE)
    report = actions.report_done(small.call("market.officer", now=now), assignment_id=share.pk, text="终于办完")
    assert actions.review_approve(small.call("office.supervisor", now=now), report_id=report.values["report"]).outcome
    return small


def sheet(small: Small, asked: dt.date) -> weeks.Week:
    return weeks.sheet(small.actor("office.county_head"), week_rules.days_of(asked, TODAY), TODAY, VALUES)


def test_this_week_is_told_from_today(lived: Small) -> None:
    found = sheet(lived, TODAY)
    assert dict(found.promised) == {"open": 1, "stopped": 1}
    assert [i.row.heading.zh for i in found.late] == ["上周没办"] and found.late_total == 1
    assert [row.heading.zh for row in found.coming] == ["下周要办"] and found.coming_total == 1
    assert {i.row.heading.zh for i in found.unkept} == {"本周要办", "停下来的"}
    assert next(i.why.zh for i in found.unkept if i.row.heading.zh == "停下来的").endswith("起中止：等上级文件")
    assert any("停下来的" in one.question.zh for one in found.decisions)


def test_last_week_is_told_as_it_stood_at_its_end(lived: Small) -> None:
    found = sheet(lived, day(-7))
    assert dict(found.promised) == {"kept": 1, "open": 1}
    assert [i.row.heading.zh for i in found.late] == ["一直拖着", "上周没办"]
    assert found.late[0].why.zh == "market签收后未报过进展"
    assert {row.heading.zh for row in found.coming} == {"本周要办", "停下来的"}
    assert found.waits is not None and {w.state for w in found.waits} == {"assigned", "suspended"}
    assert "一直拖着" in found.decisions[0].question.zh


def test_a_week_before_anything_was_given_is_empty(lived: Small) -> None:
    found = sheet(lived, day(-100))
    assert found.promised.total() == found.late_total == found.coming_total == 0 and found.decisions == []


def test_who_waits_for_whom_counts_reports_from_the_day_they_were_sent(small: Small) -> None:
    share = small.share(small.task(due_on=day(20), today=day(-30)), "market")
    then = dt.datetime.combine(day(-3), dt.time(10), COUNTY_ZONE)
    for act in (actions.accept, actions.start):
        assert act(small.call("market.officer", now=then), assignment_id=share.pk).outcome
    assert actions.report_done(small.call("market.officer", now=then), assignment_id=share.pk, text="办完了").outcome
    [wait] = sheet(small, TODAY).waits or []
    assert (wait.state, wait.shares, wait.since) == ("reported", 1, day(-3))


def test_what_is_called_likely_late_for_the_coming_week_is_put_forward(small: Small) -> None:
    samples.forecast(small, "market", "x", due_on=day(8))
    samples.forecast(small, "market", "y", due_on=day(8), called_late=False, probability=0.1)
    [one] = sheet(small, TODAY).decisions
    assert one.kind == "forecast" and "1项" in one.question.zh and "market" in one.ground.zh


@pytest.mark.parametrize("of", ["", "?of=2023-06-28"])
def test_each_figure_of_the_page_leads_to_as_many_tasks(lived: Small, of: str) -> None:
    client = browser(lived, "office.county_head")
    html_of(client, f"/week{of}")
    for what in weeks.LISTS:
        html = html_of(client, f"/week/{what}{of}")
        found = sheet(lived, TODAY if not of else day(-5))
        count = {
            "late": found.late_total, "coming": found.coming_total, "promised": found.promised.total(),
        }.get(what, found.promised[what])  # fmt: skip
        if what != "stopped":  # the list holds whatever stands still, due in the week or not
            assert html.count("<tr id=") == count, what


@pytest.mark.parametrize("of", ["", "?of=2023-06-28"])
def test_the_paper_is_one_page_with_the_figures(lived: Small, of: str) -> None:
    for n in range(12):
        lived.task(heading_zh=f"标题很长很长的一项任务第{n}号" * 3, due_on=day(-20), today=day(-40))
    answer = browser(lived, "office.supervisor").get(f"/week.pdf{of}")
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert answer["Content-Type"] == "application/pdf" and len(pages) == 1
    text = pages[0].extract_text().replace("\n", "")
    assert "督查周报" in text and "截至当日逾期" in text and "请定1" in text


@pytest.mark.parametrize("seat", ["market.officer", "town-a.town_clerk", "office.editor", "office.system_admin"])
def test_the_sheet_is_for_those_who_answer_for_the_whole(small: Small, seat: str) -> None:
    client = browser(small, seat)
    assert {client.get(url).status_code for url in ("/week", "/week.pdf", "/week/late")} == {403}


@pytest.mark.parametrize("query", ["of=2023-07-10", "of=soon", "of=0001-01-01"])
def test_a_week_to_come_or_no_day_is_a_problem(small: Small, query: str) -> None:
    assert browser(small, "office.county_head").get(f"/week?{query}").status_code == 400


def test_the_sheet_of_this_week_costs_the_same_however_much_is_due(small: Small) -> None:
    asked = []
    for _ in range(2):
        for n in range(8):
            small.task(due_on=day(n - 4))
        with CaptureQueriesContext(connection) as found:
            sheet(small, TODAY)
        asked.append(len(found))
    assert asked[0] == asked[1] <= 30
