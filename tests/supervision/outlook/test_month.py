"""The month: which days it shows, what each is to an office, what falls due on it."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luoshi.core.calendar import Calendar, default_calendar
from luoshi.core.problem import Problem
from luoshi.supervision.outlook import month
from tests.supervision.small_county import TODAY, Small
from tests.supervision.test_pages import browser, html_of


def test_a_page_has_whole_weeks_from_monday() -> None:
    days = month.days(dt.date(2023, 6, 1), default_calendar())
    assert (days[0].on, days[-1].on, len(days)) == (dt.date(2023, 5, 29), dt.date(2023, 7, 2), 35)
    assert [d.on.day for d in days if d.inside] == list(range(1, 31))


def test_holidays_and_make_up_days_bear_their_mark_and_name() -> None:
    days = {d.on.day: d for d in month.days(dt.date(2023, 6, 1), default_calendar()) if d.inside}
    assert [n for n in (21, 22, 23, 24, 25) if days[n].rests] == [22, 23, 24]
    assert days[22].mark == month.REST and days[22].why is not None and days[22].why.zh == "端午节"
    assert days[25].makeup and days[25].mark == month.WORK  # a Sunday
    assert days[17].rests and days[17].mark is None  # an ordinary Saturday


def test_a_year_without_its_notice_is_provisional() -> None:
    assert all(d.provisional for d in month.days(dt.date(2031, 5, 1), Calendar()) if d.inside)
    assert not any(d.provisional for d in month.days(dt.date(2023, 5, 1), Calendar()))


@pytest.mark.parametrize("text", ["2023", "2023-13", "2023-00", "0000-01", "9999-12", "x", "2023-7", "2023-07-01"])
def test_what_is_no_month_is_a_problem(text: str) -> None:
    with pytest.raises(Problem):
        month.read(text, TODAY)


def test_no_month_is_this_month() -> None:
    assert month.read("", TODAY) == dt.date(2023, 7, 1)
    assert month.last_of(dt.date(2024, 2, 1)) == dt.date(2024, 2, 29)


def test_each_day_shows_three_and_counts_the_rest(small: Small) -> None:
    for n in range(5):
        small.task(heading_zh=f"同日{n}", due_on=dt.date(2023, 7, 12))
    small.task(heading_zh="月底的", due_on=dt.date(2023, 7, 31))
    small.task(heading_zh="下月的", due_on=dt.date(2023, 8, 1))
    html = html_of(browser(small, "office.supervisor"), "/month")
    day = re.search(r'datetime="2023-07-12".*?</ul></li>', html, re.S)[0]  # type: ignore[index]
    assert day.count("同日") == 3 and "还有" in day and "from=2023-07-12&amp;until=2023-07-12" in day
    assert "月底的" in html and "下月的" not in html and "共6项" in re.sub("<.*?>", "", html)


def test_the_page_says_that_a_year_is_provisional_and_only_then(small: Small) -> None:
    client = browser(small, "office.supervisor")
    assert "尚未公布" in html_of(client, "/month?month=2031-05")
    assert "尚未公布" not in html_of(client, "/month?month=2023-05")


def test_a_month_costs_the_same_however_many_days_are_taken(small: Small) -> None:
    client = browser(small, "office.supervisor")
    asked = []
    for first in (1, 11):
        for n in range(10):
            small.task(due_on=dt.date(2023, 7, first + n))
        html_of(client, "/month")
        with CaptureQueriesContext(connection) as found:
            html_of(client, "/month")
        asked.append(len(found))
    assert asked[0] == asked[1]


def test_a_unit_sees_its_own_month_only(small: Small) -> None:
    small.task(heading_zh="卫健月内", units=(("health", "responsible"),), due_on=dt.date(2023, 7, 12))
    small.task(heading_zh="市场月内", units=(("market", "responsible"),), due_on=dt.date(2023, 7, 12))
    html = html_of(browser(small, "market.officer"), "/month")
    assert "市场月内" in html and "卫健月内" not in html


def test_a_month_far_from_now_is_refused_with_the_way_out(small: Small) -> None:
    assert browser(small, "office.supervisor").get("/month?month=2500-01").status_code == 400
    assert browser(small, "office.supervisor").get("/month?month=2199-12").status_code == 200
