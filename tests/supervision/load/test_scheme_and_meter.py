"""The pure parts: the dated scheme, weeks and caps, same things, the ladder, the limits of checks."""

import datetime as dt

import pytest

from luoshi.core.calendar import default_calendar
from luoshi.core.outcome import Granted, Refused
from luoshi.core.words import Words
from luoshi.supervision.load import check_rules, ladder, meter, scheme
from luoshi.supervision.load.ladder import Taken
from luoshi.supervision.load.meter import Asked, Room

CALENDAR = default_calendar()
DAY = dt.date(2023, 7, 3)  # a Monday
LADDER = scheme.on(DAY).ladder
LIMITS = scheme.on(DAY).check
LATE = dt.date(2023, 6, 1)


def days(n: int) -> dt.date:
    return CALENDAR.add_working_days(DAY, n)


def test_the_scheme_of_a_day_is_the_latest_that_began_by_it() -> None:
    text = "\n".join(
        line for line in (scheme.resources.files("luoshi.supervision.load") / "scheme.yaml").read_text("utf-8").splitlines()
        if not line.startswith("#")
    )  # fmt: skip
    later = text.replace("from: 2020-01-01", "from: 2024-01-01").replace("minutes: 480", "minutes: 300", 1)
    two = scheme.read(text + "\n" + later)
    assert [s.from_on.year for s in two] == [2020, 2024]
    assert [s.cap.minutes for s in two] == [480, 300]


@pytest.mark.parametrize(
    "was,becomes",
    [
        ("capped: true}", "capped: perhaps}"),
        ("  kinds:", "  kindly:"),
        ("messages: {reminder: reminder", "messages: {reminder: cake"),
    ],
)
def test_a_scheme_that_is_not_whole_is_noticed(was: str, becomes: str) -> None:
    text = (scheme.resources.files("luoshi.supervision.load") / "scheme.yaml").read_text("utf-8")
    assert was in text
    with pytest.raises(ValueError):
        scheme.read(text.replace(was, becomes, 1))


def test_two_schemes_of_one_day_are_refused() -> None:
    text = (scheme.resources.files("luoshi.supervision.load") / "scheme.yaml").read_text("utf-8")
    with pytest.raises(ValueError):
        scheme.read(text + "\n" + text)


def test_weeks_run_from_monday_to_sunday() -> None:
    assert meter.monday(DAY) == meter.monday(DAY + dt.timedelta(days=6)) == DAY
    assert meter.monday(DAY - dt.timedelta(days=1)) == DAY - dt.timedelta(days=7)


def asked(day: dt.date, minutes: int, capped: bool = True, kind: str = "ask") -> Asked:
    return Asked(1, day, kind, minutes, capped, Words("甲", "a"), ("ask", 1))


def test_a_week_sums_what_is_capped_apart_from_what_is_not() -> None:
    rows = [asked(DAY, 30), asked(DAY + dt.timedelta(days=6), 50), asked(DAY, 45, False, "report"), asked(days(5), 20)]
    weeks = meter.weeks(rows)
    assert (weeks[1, DAY].minutes, weeks[1, DAY].others, dict(weeks[1, DAY].counts)) == (
        80,
        45,
        {"ask": 2, "report": 1},
    )
    assert weeks[1, DAY + dt.timedelta(days=7)].minutes == 20


@pytest.mark.parametrize("held,added,passes", [(450, 30, False), (450, 31, True), (500, 0, False), (0, 481, True)])
def test_the_cap_is_kept_to_the_minute(held: int, added: int, passes: bool) -> None:
    room = Room(1, Words("甲", "a"), DAY, held, added, 480, Words("理由", "reason"), days(5))
    answer = meter.within_cap([room])
    assert isinstance(answer, Refused) is passes
    if passes:
        reason = answer.reasons[0]  # type: ignore[union-attr]
        assert reason.code == "load_cap" and reason.remedy is not None
        assert str(days(5)) in reason.remedy.zh and "理由" in reason.remedy.zh


def test_the_first_free_week_is_found_or_none() -> None:
    week = dt.timedelta(days=7)
    held = {DAY + week: 460, DAY + 2 * week: 100}
    assert meter.first_free(held, 30, lambda _: 480, DAY) == DAY + 2 * week
    assert meter.first_free({}, 481, lambda _: 480, DAY) is None
    assert meter.first_free({}, 481, lambda day: 480 if day < DAY + 3 * week else 500, DAY) == DAY + 3 * week


@pytest.mark.parametrize(
    "one,other,same",
    [
        ("上半年食品抽检数量统计", "上半年食品抽检数量统计表", True),
        ("上半年食品抽检数量统计", "食品抽检数量统计（上半年）", True),
        ("上半年食品抽检数量统计", "危房改造竣工户数统计", False),
        ("ＡＢＣ统计", "abc统计", True),
        ("表", "表", True),
        ("表", "单", False),
    ],
)
def test_requests_for_the_same_thing_are_recognised(one: str, other: str, same: bool) -> None:
    assert meter.same_thing(one, other, scheme.on(DAY).same_share) is same
    assert meter.same_thing(other, one, scheme.on(DAY).same_share) is same


@pytest.mark.parametrize(
    "title,spoken",
    [("逾期任务数统计", True), ("各单位逾期任务情况", True), ("任务分工表", False), ("", False)],
)
def test_a_title_speaks_of_a_figure_by_its_name(title: str, spoken: bool) -> None:
    assert meter.mentions(title, "逾期任务数", scheme.on(DAY).mention_share) is spoken


def may(step: str, taken: list[Taken], today: dt.date = DAY, unit_days: list[dt.date] | None = None, level: int = 2,
        due_on: dt.date | None = LATE) -> str:  # fmt: skip
    answer = ladder.may_take(step, taken, unit_days or [], level, due_on, today, CALENDAR, LADDER)  # type: ignore[arg-type]
    return "yes" if isinstance(answer, Granted) else answer.reasons[0].code  # type: ignore[union-attr]


def test_each_step_needs_the_one_before_it() -> None:
    assert may("remind", []) == "yes"
    assert may("chase", [], level=0) == "not_reminded"
    assert may("chase", []) == "yes", "the house itself reminded the unit"
    assert may("order", []) == "not_chased"
    assert may("talk", [Taken("chase", days(-20))]) == may("circular", [Taken("chase", days(-20))]) == "not_ordered"
    assert may("talk", [Taken("order", days(-20), days(-10))]) == "yes"


def test_the_gap_between_two_steps_is_kept_to_the_day() -> None:
    assert may("chase", [Taken("remind", days(-2))]) == "pressed_recently"
    assert may("chase", [Taken("remind", days(-3))]) == "yes"


@pytest.mark.parametrize(
    "due_on,code", [(DAY, "not_overdue"), (None, "not_overdue"), (DAY - dt.timedelta(days=1), "yes")]
)
def test_nobody_is_chased_before_the_day_is_past(due_on: dt.date | None, code: str) -> None:
    assert may("chase", [], due_on=due_on) == code


def test_a_talk_waits_until_the_time_to_mend_of_the_order_is_over() -> None:
    order = Taken("order", days(-10), DAY)
    assert may("talk", [order]) == "time_to_mend"
    assert may("talk", [order], today=days(1)) == "yes"


def test_steps_are_limited_over_a_share_and_over_a_unit() -> None:
    two = [Taken("chase", DAY - dt.timedelta(days=20)), Taken("chase", DAY - dt.timedelta(days=10))]
    assert may("chase", two) == "too_often"
    assert may("chase", two, today=DAY + dt.timedelta(days=10)) == "yes"
    order = [Taken("order", DAY - dt.timedelta(days=40), DAY - dt.timedelta(days=20))]
    assert may("talk", order, unit_days=[DAY - dt.timedelta(days=29)]) == "too_often"
    assert may("talk", order, unit_days=[DAY - dt.timedelta(days=30)]) == "yes"


@pytest.mark.parametrize(
    "step,state,mend_by,mended,today,standing",
    [
        ("remind", "open", None, None, DAY, "sent"),
        ("talk", "open", DAY, None, DAY, "mending"),
        ("talk", "open", DAY, None, days(1), "ripe"),
        ("talk", "open", DAY, DAY, days(1), "mended"),
        ("talk", "open", DAY, days(2), days(3), "mended"),
        ("talk", "effective", DAY, days(2), days(3), "effective"),
        ("order", "withdrawn", DAY, None, days(3), "withdrawn"),
    ],
)
def test_what_becomes_of_a_step(step, state, mend_by, mended, today, standing) -> None:  # type: ignore[no-untyped-def]
    assert ladder.standing(step, state, mend_by, mended, today) == standing


def fits(first: dt.date, last: dt.date) -> str:
    answer = check_rules.days_fit(first, last, DAY, CALENDAR, LIMITS)
    return "yes" if isinstance(answer, Granted) else answer.reasons[0].code  # type: ignore[union-attr]


def test_a_visit_leaves_time_to_mend_and_is_short() -> None:
    assert fits(days(5), days(5)) == "no_time_to_mend"
    assert fits(days(6), days(8)) == "yes"
    assert fits(days(6), days(9)) == "visit_too_long"
    assert fits(days(8), days(6)) == "days_out_of_order"
    assert fits(dt.date(2023, 7, 15), dt.date(2023, 7, 17)) == "visit_on_rest_day"


@pytest.mark.parametrize("gap,ground,again", [(89, "", False), (90, "", True), (-89, "", False), (10, "clue", True)])
def test_a_unit_is_not_checked_again_within_the_gap(gap: int, ground: str, again: bool) -> None:
    others = {1: [(DAY, "先前的检查")]}
    day = DAY + dt.timedelta(days=gap)
    answer = check_rules.not_too_often(others, {1: Words("甲", "a")}, day, ground, LIMITS)
    assert isinstance(answer, Granted) is again
