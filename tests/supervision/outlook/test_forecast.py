"""Forecasts: the arithmetic, what a night writes, what comes of it, and how right it was, against a plain recount."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.core.calendar import default_calendar
from luoshi.office import door, rounds
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.duties.models import Duty
from luoshi.supervision import actions as acts
from luoshi.supervision.outlook import forecast, night, values
from luoshi.supervision.outlook.forecast import PastCase
from luoshi.supervision.outlook.models import Forecast, ForecastRun
from luoshi.supervision.outlook.queries import cases, forecasts
from tests.supervision.outlook import samples
from tests.supervision.small_county import TODAY, Small
from tests.supervision.test_pages import browser, html_of

VALUES = values.forecast_on(TODAY)
NIGHT = dt.datetime.combine(TODAY, dt.time(0, 5), COUNTY_ZONE)


def case(n: int, *, late: bool, unit: int = 1, kind: str = "once", reported: int | None = None) -> PastCase:
    return PastCase(n, unit, kind, 30, None if late else 0, reported)


def past_of(*found: PastCase, left: int = 5) -> forecast.Past:
    return forecast.count(found, [left], VALUES)


def test_the_units_share_is_drawn_to_the_countys_mean_by_the_formula() -> None:
    county = [case(n, late=n < 4, unit=2) for n in range(16)]
    own = [case(100 + n, late=True) for n in range(2)]
    found = past_of(*county, *own).estimate(1, "once", 5, False)
    mean = (6 + 1) / (18 + 2)
    assert (found.unit.cases, found.unit.late, found.county.cases, found.county.late) == (2, 2, 18, 6)
    assert found.probability == pytest.approx((2 + VALUES.prior_weight * mean) / (2 + VALUES.prior_weight))


def test_a_unit_without_a_past_gets_the_countys_mean() -> None:
    found = past_of(*[case(n, late=n < 9, unit=2) for n in range(18)]).estimate(7, "once", 5, False)
    assert found.probability == pytest.approx(10 / 20) and found.called_late


@pytest.mark.parametrize("cases_there,known", [(VALUES.least_cases - 1, False), (VALUES.least_cases, True)])
def test_with_too_little_past_there_is_no_forecast(cases_there: int, known: bool) -> None:
    found = past_of(*[case(n, late=True) for n in range(cases_there)]).estimate(1, "once", 5, False)
    assert (found.probability is not None) is known and found.county.cases == cases_there
    assert known or not found.called_late


def test_too_few_cases_alike_in_reports_are_counted_with_the_others_and_it_says_so() -> None:
    rows = [case(n, late=False) for n in range(VALUES.least_cases)] + [case(99, late=True, reported=10)]
    past = past_of(*rows)
    assert past.estimate(1, "once", 5, False).split
    found = past.estimate(1, "once", 5, True)
    assert not found.split and found.county.cases == VALUES.least_cases + 1


def test_other_kinds_and_cases_finished_before_do_not_count() -> None:
    rows = [case(n, late=True, kind="recurring") for n in range(30)]
    rows += [PastCase(100 + n, 1, "once", 30, 9, None) for n in range(30)]  # finished with nine days left
    assert past_of(*rows).estimate(1, "once", 5, False).county.cases == 0
    assert past_of(*rows, left=9).estimate(1, "once", 9, False).county.cases == 0
    assert past_of(*rows, left=10).estimate(1, "once", 10, False).county.cases == 30


def test_a_case_given_too_late_to_have_stood_there_does_not_count() -> None:
    assert not PastCase(1, 1, "once", 4, None, None).stood(5) and PastCase(1, 1, "once", 5, None, None).stood(5)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 200), st.integers(0, 200))
def test_a_forecast_lies_between_the_units_share_and_the_countys_mean(
    late: int, fine: int, more: int, good: int
) -> None:
    rows = [case(n, late=n < late) for n in range(late + fine)]
    rows += [case(1000 + n, late=n < more, unit=2) for n in range(more + good)]
    found = past_of(*rows).estimate(1, "once", 5, False)
    if found.probability is None:
        assert len(rows) < VALUES.least_cases
        return
    ends = [found.county.mean, *([late / (late + fine)] if late + fine else [])]
    assert min(ends) - 1e-9 <= found.probability <= max(ends) + 1e-9
    assert 0 < found.probability < 1


@pytest.mark.parametrize("left,mark", [(25, None), (20, 20), (16, 20), (15, 15), (4, 5), (1, 1), (0, 0)])
def test_a_mark_is_reached_on_its_day(left: int, mark: int | None) -> None:
    assert forecast.mark_of(left, (20, 15, 10, 7, 5, 3, 2, 1, 0)) == mark


def test_values_that_would_decide_nothing_are_refused() -> None:
    with pytest.raises(AssertionError):
        values.parse("forecast: []\nviews: []\nfeeds: []\nweek: []")
    with pytest.raises(AssertionError):
        values.ForecastValues(TODAY, (1, 5), 10, 10, 0.5, 700)


# --- the night ------------------------------------------------------------------------------------------------------


def lived_past(small: Small, late: int, in_time: int, unit: str = "market") -> list[int]:
    """Make duties of the past that ended late or in time, each due a month ago."""
    made = []
    for n in range(late + in_time):
        task = small.task(
            units=((unit, "responsible"),), due_on=TODAY - dt.timedelta(days=30), today=dt.date(2023, 4, 3)
        )
        ended = TODAY - dt.timedelta(days=28 if n < late else 31)
        share = small.share(task, unit)
        with door.opened("fixture"):
            Duty.objects.filter(pk=share.duty_id).update(state="closed", closed_on=ended, next_at=None)
        made.append(share.duty_id)
    return made


def due_in(small: Small, working_days: int, unit: str = "market", **more: Any) -> Duty:
    due_on = default_calendar().add_working_days(TODAY, working_days)
    task = small.task(units=((unit, "responsible"),), due_on=due_on, today=dt.date(2023, 4, 3), **more)
    return Duty.objects.get(pk=small.share(task, unit).duty_id)


def test_a_night_forecasts_what_is_due_within_the_first_mark(small: Small) -> None:
    lived_past(small, 9, 6)
    soon, far = due_in(small, 5), due_in(small, 21)
    assert night.record(small.county.pk, NIGHT).values == {"made": 1, "unknown": 0, "settled": 0}
    [row] = Forecast.objects.all()
    assert (row.duty_id, row.mark, row.days_left, row.unit_cases, row.unit_late) == (soon.pk, 5, 5, 15, 9)
    assert far.pk not in Forecast.objects.values_list("duty_id", flat=True)
    mean = (9 + 1) / (15 + 2)
    assert row.probability == pytest.approx((9 + 10 * mean) / 25) and row.called_late and row.base_rate == 9 / 15


def test_a_night_is_recorded_once_and_a_mark_only_once(small: Small) -> None:
    lived_past(small, 9, 6)
    due_in(small, 5)
    assert night.record(small.county.pk, NIGHT).outcome
    again = night.record(small.county.pk, NIGHT)
    assert not again.outcome and again.outcome.reasons[0].code == "forecast_made"
    night.record(small.county.pk, NIGHT + dt.timedelta(days=1))  # four days left: the mark of five is written already
    assert Forecast.objects.count() == 1 and ForecastRun.objects.count() == 2
    night.record(small.county.pk, NIGHT + dt.timedelta(days=2))  # three left
    assert [(row.mark, row.current) for row in Forecast.objects.order_by("pk")] == [(5, False), (3, True)]


def test_without_enough_past_a_row_says_so(small: Small) -> None:
    due_in(small, 5)
    assert night.record(small.county.pk, NIGHT).values["unknown"] == 1
    [row] = Forecast.objects.all()
    assert row.probability is None and not row.called_late
    html = html_of(browser(small, "office.supervisor"), f"/forecasts/{row.pk}")
    assert "过去的事例不够，不作预测" in html


def test_the_forecast_knows_nothing_of_the_day_itself_and_after(small: Small) -> None:
    ids = lived_past(small, 12, 0)
    with door.opened("fixture"):
        Duty.objects.filter(pk__in=ids).update(due_on=TODAY, closed_on=TODAY)
    assert list(cases.past(small.county.pk, TODAY, VALUES, default_calendar())) == []
    assert len(list(cases.past(small.county.pk, TODAY + dt.timedelta(days=1), VALUES, default_calendar()))) == 12


def test_a_case_still_open_after_its_day_is_late_and_a_cancelled_one_is_none(small: Small) -> None:
    first, second, third = lived_past(small, 3, 0)
    with door.opened("fixture"):
        Duty.objects.filter(pk=first).update(state="open", closed_on=None)
        Duty.objects.filter(pk=second).update(state="cancelled")
        Duty.objects.filter(pk=third).update(closed_on=TODAY)  # known as late today, finished only today
    found = {one.id: one for one in cases.past(small.county.pk, TODAY, VALUES, default_calendar())}
    assert set(found) == {first, third} and all(one.late and one.finished_left is None for one in found.values())


def test_a_day_late_over_a_weekend_is_late(small: Small) -> None:
    [only] = lived_past(small, 1, 0)
    with door.opened("fixture"):
        Duty.objects.filter(pk=only).update(due_on=dt.date(2023, 6, 9), closed_on=dt.date(2023, 6, 10))  # Fri, Sat
    [one] = cases.past(small.county.pk, TODAY, VALUES, default_calendar())
    assert one.finished_left == -1 and one.late


def test_a_report_in_the_round_counts_as_progress_and_an_older_one_does_not(small: Small) -> None:
    duty = due_in(small, 5)
    share = small.share(duty.task, "market")
    then = dt.datetime.combine(TODAY - dt.timedelta(days=10), dt.time(9), COUNTY_ZONE)
    for act in (acts.accept, acts.start):
        assert act(small.call("market.officer", now=then), assignment_id=share.pk).outcome
    call = small.call("market.officer", now=then)
    assert acts.report_progress(call, assignment_id=share.pk, text="一半", percent=50).outcome
    assert [one.reported for one in cases.standing(small.county.pk, TODAY, VALUES, default_calendar())] == [True]
    with door.opened("fixture"):
        Duty.objects.filter(pk=duty.pk).update(opened_on=TODAY - dt.timedelta(days=5))
    assert [one.reported for one in cases.standing(small.county.pk, TODAY, VALUES, default_calendar())] == [False]


@pytest.mark.parametrize(
    "change,outcome",
    [
        ({"state": "closed", "closed_on": "due", "next_at": None}, "in_time"),
        ({"state": "closed", "closed_on": "after", "next_at": None}, "late"),
        ({}, "late"),
        ({"state": "cancelled", "closed_on": "due", "next_at": None}, "void"),
        ({"state": "suspended", "next_at": None}, "void"),
        ({"due_on": "after"}, "void"),
    ],
)
def test_what_came_of_it_is_written_down(small: Small, change: dict[str, Any], outcome: str) -> None:
    row = samples.forecast(small, "market", "x", due_on=dt.date(2023, 9, 28))
    days = {"due": row.due_on, "after": row.due_on + dt.timedelta(days=1)}
    with door.opened("fixture"):
        Duty.objects.filter(pk=row.duty_id).update(**{k: days.get(v, v) for k, v in change.items()})
    night.record(small.county.pk, dt.datetime(2023, 9, 29, 0, 5, tzinfo=COUNTY_ZONE))
    row.refresh_from_db()
    assert (row.outcome, row.current) == (outcome, False) and row.settled_on == dt.date(2023, 9, 29)


def test_on_the_due_day_itself_nothing_open_is_settled(small: Small) -> None:
    row = samples.forecast(small, "market", "x", due_on=dt.date(2023, 9, 28))
    night.record(small.county.pk, dt.datetime(2023, 9, 28, 0, 5, tzinfo=COUNTY_ZONE))
    row.refresh_from_db()
    assert row.outcome == ""


def test_the_servers_round_records_every_county_once_a_day(small: Small) -> None:
    rounds.do_parts(NIGHT)
    rounds.do_parts(NIGHT + dt.timedelta(hours=3))
    assert [run.made_on for run in ForecastRun.objects.filter(county=small.county)] == [TODAY]


# --- how right ------------------------------------------------------------------------------------------------------


def settled(small: Small) -> list[Forecast]:
    """Forecasts with outcomes over two units and two marks."""
    made = []
    for n in range(24):
        p, late = (n % 11) / 10, n % 3 == 0
        row = samples.forecast(
            small, ("market", "health")[n % 2], f"f{n}", probability=p, called_late=p >= 0.5, mark=(5, 1)[n % 2],
            outcome="late" if late else "in_time", settled_on=TODAY, current=False, base_rate=0.25,
        )  # fmt: skip
        made.append(row)
    samples.forecast(small, "market", "void", outcome="void", settled_on=TODAY, current=False)
    samples.forecast(small, "market", "unknown", probability=None, called_late=False)
    samples.forecast(small, "market", "open")
    return made


def test_accuracy_equals_a_plain_recount(small: Small) -> None:
    rows = settled(small)
    found = forecasts.accuracy(small.actor("office.supervisor"), TODAY - dt.timedelta(days=365))
    was = [row.outcome == "late" for row in rows]
    squares = [(row.probability - w) ** 2 for row, w in zip(rows, was, strict=True)]
    called = [w for row, w in zip(rows, was, strict=True) if row.called_late]
    assert found.whole.n == 24 and found.whole.late == sum(was)
    assert found.whole.brier == pytest.approx(sum(squares) / 24)
    assert found.whole.base_brier == pytest.approx(sum((0.25 - w) ** 2 for w in was) / 24)
    assert found.whole.hits == pytest.approx(sum(called) / len(called))
    assert found.whole.found == pytest.approx(sum(called) / sum(was))
    assert (found.open, found.void, found.unknown) == (1, 1, 1)
    for band, score in found.bands.items():
        mine = [row for row in rows if min(int(row.probability * 10 + 1e-9), 9) == band]
        assert score.n == len(mine) and score.likelihood == pytest.approx(sum(row.probability for row in mine))
    assert {pk: s.n for pk, s in found.units.items()} == {small.units[u].pk: 12 for u in ("market", "health")}
    assert {mark: s.n for mark, s in found.marks.items()} == {5: 12, 1: 12}


def test_a_unit_sees_its_own_accuracy_only(small: Small) -> None:
    settled(small)
    found = forecasts.accuracy(small.actor("health.officer"), TODAY - dt.timedelta(days=365))
    assert found.whole.n == 12 and set(found.units) == {small.units["health"].pk}


def test_the_accuracy_page_says_it_when_the_forecasts_are_no_use(small: Small) -> None:
    samples.forecast(small, "market", "x", outcome="in_time", settled_on=TODAY, current=False, probability=0.9)
    html = html_of(browser(small, "office.supervisor"), "/forecasts/accuracy")
    assert "预测不比基准率好" in html and "不用于考核" in html
    assert "还没有见结果的预测" in html_of(browser(small, "health.officer"), "/forecasts/accuracy")


# --- pages ----------------------------------------------------------------------------------------------------------


def test_the_list_begins_with_the_likeliest_and_is_paged_by_key(small: Small) -> None:
    ids = [samples.forecast(small, "market", f"n{n}", probability=n % 7 / 10).pk for n in range(53)]
    client, seen, url = browser(small, "office.supervisor"), list[int](), "/forecasts"
    import re

    while url:
        html = html_of(client, url)
        seen += [int(pk) for pk in re.findall(r'href="/forecasts/(\d+)"', html)]
        found = re.search(r'rel="next" href="([^"]+)"', html)
        url = "/forecasts" + found[1] if found else ""
    assert sorted(seen) == ids
    shown = [Forecast.objects.get(pk=pk).probability for pk in seen]
    assert shown == sorted(shown, reverse=True)


def test_one_forecast_shows_its_arithmetic_and_its_cases(small: Small) -> None:
    ids = lived_past(small, 9, 6)
    due_in(small, 5, heading_zh="要预测的")
    night.record(small.county.pk, NIGHT)
    row = Forecast.objects.get()
    html = html_of(browser(small, "market.officer"), f"/forecasts/{row.pk}")
    assert "(9 + 10 × 0.588) ÷ (15 + 10) = 0.595" in html
    assert all(f'href="/duties/{pk}"' in html for pk in ids) and "15件" in html
    assert browser(small, "health.officer").get(f"/forecasts/{row.pk}").status_code == 404


@pytest.mark.parametrize("query", ["after=x", "after=2.0_1", "after=nan_1", "unit=x", "after=0.5_" + "9" * 30])
def test_no_place_in_the_list_is_a_problem(small: Small, query: str) -> None:
    assert browser(small, "office.supervisor").get(f"/forecasts?{query}").status_code == 400
