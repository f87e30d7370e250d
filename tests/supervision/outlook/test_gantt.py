"""Bars stand where their days are; the chart is paged by key; what it shows is what the reader may read."""

import datetime as dt
import re
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luoshi.core.calendar import default_calendar
from luoshi.supervision import actions
from luoshi.supervision.outlook import gantt_drawn
from luoshi.supervision.outlook.gantt_drawn import Axis, Worked
from luoshi.supervision.outlook.queries import bars
from luoshi.supervision.queries.ledger import Wanted
from tests.supervision.small_county import NOW, TODAY, Small
from tests.supervision.test_pages import browser, html_of

AXIS = Axis(dt.date(2023, 6, 1), dt.date(2023, 9, 8))  # a hundred days


def day(n: int) -> dt.date:
    return AXIS.first + dt.timedelta(days=n)


def kinds(one: Worked, today: dt.date) -> dict[str, tuple[float, float]]:
    return {span.kind: (span.left, span.width) for span in gantt_drawn.bar(one, AXIS, today)}


def test_a_bar_runs_from_given_to_the_end_of_its_due_day() -> None:
    assert kinds(Worked(day(10), day(19), None, 0), day(5)) == {"promised": (10, 10)}


def test_on_the_due_day_nothing_is_overdue_and_on_the_day_after_one_day_is() -> None:
    assert "late" not in kinds(Worked(day(10), day(19), None, 0), day(19))
    assert kinds(Worked(day(10), day(19), None, 0), day(20))["late"] == (20, 1)


def test_what_was_done_in_time_is_filled_up_to_that_day() -> None:
    assert kinds(Worked(day(0), day(49), day(9), 100), day(60)) == {"promised": (0, 50), "finished": (0, 10)}


def test_what_was_done_late_shows_how_late_whatever_today_is() -> None:
    found = kinds(Worked(day(0), day(9), day(14), 100), day(80))
    assert found == {"promised": (0, 10), "finished": (0, 10), "late-done": (10, 5)}


def test_progress_fills_its_share_of_the_bar() -> None:
    assert kinds(Worked(day(0), day(40), None, 50), day(20))["finished"] == (0, 21)


def test_without_a_due_day_the_bar_stays_open() -> None:
    assert kinds(Worked(day(90), None, None, 30), day(95)) == {"open-ended": (90, 10)}


def test_a_stop_that_lasts_runs_until_today() -> None:
    events = [
        {"kind": "start", "on": "2023-06-01"}, {"kind": "suspend", "on": "2023-06-11"},
        {"kind": "resume", "on": "2023-06-15"}, {"kind": "suspend", "on": "2023-07-01"},
    ]  # fmt: skip
    stops = gantt_drawn.stops_of(events)
    assert stops == [(day(10), day(14)), (day(30), None)]
    found = gantt_drawn.bar(Worked(day(0), day(60), None, 0, tuple(stops)), AXIS, day(39))
    assert [(s.left, s.width) for s in found if s.kind == "stopped"] == [(10, 5), (30, 10)]


def test_rest_days_follow_the_calendar_with_its_make_up_days() -> None:
    axis = Axis(dt.date(2023, 6, 19), dt.date(2023, 6, 28))  # 22 to 24 June off, Sunday the 25th worked
    assert [(s.left, s.width) for s in axis.rests(default_calendar())] == [(30, 30)]
    assert Axis(dt.date(2020, 1, 1), dt.date(2023, 1, 1)).rests(default_calendar()) == []


def test_labels_never_stand_on_one_another_and_begin_with_the_year() -> None:
    for first in range(0, 60, 7):
        for length in (20, 90, 200, 400, 800):
            axis = Axis(
                dt.date(2023, 1, 15) + dt.timedelta(days=first), dt.date(2023, 1, 15) + dt.timedelta(first + length)
            )
            labels = axis.labels()
            gaps = [b.left - a.left for a, b in pairwise(labels)]
            assert labels and "年" in labels[0].words.zh and all(gap >= gantt_drawn.NARROW_LABEL for gap in gaps)


def test_the_axis_holds_today_and_every_bar_but_no_more_than_a_year_each_way() -> None:
    axis = gantt_drawn.axis_of([Worked(dt.date(2001, 1, 1), dt.date(2090, 1, 1), None, 0)], TODAY)
    assert axis.days <= 2 * gantt_drawn.FARTHEST + 2 * gantt_drawn.MARGIN + 1
    assert axis.at(dt.date(2001, 1, 1)) == 0 and axis.at(dt.date(2090, 1, 1)) == 100
    assert gantt_drawn.axis_of([], TODAY).days == 2 * gantt_drawn.MARGIN + 1


def test_beyond_sixty_the_chart_is_paged_and_every_task_comes_once(small: Small) -> None:
    ids = {small.task(due_on=TODAY + dt.timedelta(days=n % 7)).pk for n in range(65)}
    client, seen, url = browser(small, "office.supervisor"), list[str](), "/gantt"
    while url:
        html = html_of(client, url)
        seen += re.findall(r'href="/tasks/(\d+)"', html)
        found = re.search(r'rel="next" href="([^"]+)"', html)
        url = "/gantt" + found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == 65 and {int(pk) for pk in seen} == ids


def test_from_and_until_keep_the_days_on_every_page(small: Small) -> None:
    small.task(heading_zh="早的", due_on=TODAY)
    small.task(heading_zh="中的", due_on=TODAY + dt.timedelta(days=10))
    small.task(heading_zh="晚的", due_on=TODAY + dt.timedelta(days=20))
    html = html_of(browser(small, "office.supervisor"), "/gantt?from=2023-07-04&until=2023-07-13")
    assert "中的" in html and "早的" not in html and "晚的" not in html


def test_a_chart_costs_the_same_however_many_rows_it_has(small: Small) -> None:
    actor = small.actor("office.supervisor")
    asked = []
    for _ in range(2):
        for _ in range(8):
            small.task()
        with CaptureQueriesContext(connection) as found:
            assert bars.page(actor, Wanted(), TODAY, None, None)[1]
        asked.append(len(found))
    assert asked[0] == asked[1] <= 6


def test_bars_come_from_what_happened(small: Small) -> None:
    task = small.task(units=(("market", "lead"),), mode="single", due_on=TODAY + dt.timedelta(days=30))
    share = small.share(task, "market")
    for act in (actions.accept, actions.start):
        assert act(small.call("market.officer"), assignment_id=share.pk).outcome
    assert actions.report_progress(
        small.call("market.officer"), assignment_id=share.pk, text="一半", percent=50
    ).outcome
    assert actions.suspend(
        small.call("lead-office.leading_office"), assignment_id=share.pk, reason="等上级文件"
    ).outcome
    [one] = bars.page(small.actor("market.officer"), Wanted(), TODAY, None, None)[1]
    assert (one.worked.given_on, one.worked.percent, one.worked.stops) == (TODAY, 50, ((TODAY, None),))


@pytest.mark.parametrize("query", ["as_of=2023-07-01", "from=soon", "after=nowhere", "plan=x"])
def test_what_makes_no_sense_is_said(small: Small, query: str) -> None:
    assert browser(small, "office.supervisor").get(f"/gantt?{query}").status_code == 400


def test_another_unit_is_not_drawn(small: Small) -> None:
    small.task(heading_zh="卫健的", units=(("health", "responsible"),))
    assert "卫健的" not in html_of(browser(small, "market.officer"), "/gantt")
    assert NOW.date() == TODAY
