"""Colours as data: every case decided once, the ledger's bands say what the rules say, the county chooses by day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.core.calendar import default_calendar
from luoshi.core.problem import Problem
from luoshi.office.duties import schedule
from luoshi.office.journal.models import Entry
from luoshi.supervision import actions, colour_schemes, colours
from luoshi.supervision.models import LedgerLine
from luoshi.supervision.queries import ledger
from luoshi.supervision.queries.ledger import Wanted
from tests.supervision import small_county
from tests.supervision.small_county import TODAY, Small
from tests.supervision.test_pages import as_of, browser, html_of, request_id  # noqa: F401 - a fixture among them

CALENDAR = default_calendar()
SCHEMES = colour_schemes.packaged()
days = st.none() | st.dates(TODAY - dt.timedelta(days=60), TODAY + dt.timedelta(days=60))


@given(st.sampled_from(SCHEMES), days, days, st.dates(dt.date(2022, 1, 1), dt.date(2024, 12, 31)))
def test_the_bands_of_a_scheme_share_out_every_case_as_its_rules_decide(
    scheme: colours.Scheme, due: dt.date | None, missed: dt.date | None, today: dt.date
) -> None:
    near = colours.near_until(scheme, today, CALENDAR)
    decided = colours.decide(scheme, today, near, due, missed)
    day, was_missed = due or LedgerLine.NO_DAY, missed is not None and missed < today
    held = []
    for standing in colours.STANDING.values():
        band = colours.band(scheme, standing, today, near, LedgerLine.NO_DAY)
        if band is not None and band.first <= day <= band.last and band.missed in (None, was_missed):
            held.append(standing)
    assert held == [decided.standing]


@given(st.sampled_from(SCHEMES), days, days)
def test_a_task_never_gets_a_milder_colour_by_being_nearer_or_by_missing_a_milestone(
    scheme: colours.Scheme, due: dt.date | None, missed: dt.date | None
) -> None:
    near = colours.near_until(scheme, TODAY, CALENDAR)
    order = [rule.when for rule in scheme.rules]

    def weight(due_on: dt.date | None, missed_on: dt.date | None) -> int:
        return order.index(colours.decide(scheme, TODAY, near, due_on, missed_on).when)

    assert weight(due, missed) <= weight(due, None)
    if due is not None:
        assert weight(due - dt.timedelta(days=1), missed) <= weight(due, missed)
        assert weight(due, missed) <= weight(None, missed)


@given(st.dates(dt.date(2022, 1, 1), dt.date(2024, 12, 31)), st.integers(0, 40))
def test_near_by_the_default_is_the_day_from_which_the_duty_warns(today: dt.date, ahead: int) -> None:
    due = today + dt.timedelta(days=ahead)
    near = colours.near_until(SCHEMES[0], today, CALENDAR)
    assert (due <= near) == (schedule.warn_on(due, schedule.Scheme(), CALENDAR) <= today)


def test_the_five_schemes_say_where_they_come_from_and_the_default_is_green_yellow_red() -> None:
    assert [s.code for s in SCHEMES] == ["luoshi", "sanming", "guangyuan", "longchang", "suqian"]
    assert [r.colour for r in SCHEMES[0].rules] == ["red", "yellow", "yellow", "green"]
    assert all(s.source.zh and s.source.en for s in SCHEMES)


BROKEN = [
    ([{"when": "otherwise", "colour": "green"}], "以逾期开头"),
    ([{"when": "overdue", "colour": "red"}], "以其余结尾"),
    ([{"when": "overdue", "colour": "red"}, {"when": "late", "colour": "red"}, {"when": "otherwise", "colour": "green"}], "late"),
    ([{"when": "overdue", "colour": "pink"}, {"when": "otherwise", "colour": "green"}], "pink"),
    ([{"when": "overdue", "colour": "red"}, {"when": "days_left", "colour": "red"}, {"when": "otherwise", "colour": "green"}], "天数"),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "said"), BROKEN)
def test_a_scheme_that_leaves_a_case_open_is_refused_when_read(rules: list[dict[str, str]], said: str) -> None:
    words = {"zh": "名", "en": "name"}
    entry = {
        "code": "x",
        "from": TODAY,
        "name": words,
        "source": words,
        "rules": [{**r, "words": words} for r in rules],
    }
    with pytest.raises(Problem, match=said):
        colours.read([entry])


def choose(small: Small, scheme: str, from_on: dt.date, seat: str = "office.supervisor"):
    return actions.choose_scheme(small.call(seat), scheme=scheme, from_on=from_on, reason="按市里要求")


def test_a_county_chooses_from_a_day_on_and_the_days_before_keep_theirs(small: Small) -> None:
    task = small.task(due_on=TODAY + dt.timedelta(days=4))
    other = small_county.make("elsewhere")
    assert choose(small, "longchang", TODAY + dt.timedelta(days=2)).outcome
    supervisor = small.actor("office.supervisor")
    seen = {}
    for ahead in (0, 1, 2, 3):
        day = TODAY + dt.timedelta(days=ahead)
        row = ledger.page(supervisor, Wanted(), day).rows[0]
        assert row.task_id == task.pk and row.mark is not None
        seen[ahead] = (row.standing, row.mark.words.zh)
        totals = ledger.totals(supervisor, Wanted(), day)
        assert (totals.near, totals.on_time) == ((1, 0) if ahead < 2 else (0, 1))
        assert [r.task_id for r in ledger.page(supervisor, Wanted(standing="near"), day).rows] == [task.pk][: ahead < 2]
    assert seen == {0: ("near", "临期"), 1: ("near", "临期"), 2: ("on_time", "绿色·按期"), 3: ("on_time", "绿色·按期")}
    assert colour_schemes.chosen(other.county.pk, TODAY + dt.timedelta(days=9)).scheme.code == "luoshi"
    entry = Entry.objects.get(action="supervision.choose_scheme", outcome="granted")
    assert "按市里要求" in entry.content


def test_a_scheme_does_not_begin_in_the_past_nor_twice_on_a_day_nor_by_everybody(small: Small) -> None:
    for scheme, day, seat, code in (
        ("sanming", TODAY - dt.timedelta(days=1), "office.supervisor", "scheme_in_the_past"),
        ("sanming", TODAY, "market.officer", "role_may_not"),
    ):
        assert choose(small, scheme, day, seat).outcome.reasons[0].code == code  # type: ignore[union-attr]
    assert choose(small, "sanming", TODAY).outcome
    assert choose(small, "suqian", TODAY).outcome.reasons[0].code == "day_taken"  # type: ignore[union-attr]
    with pytest.raises(Problem):
        choose(small, "purple", TODAY + dt.timedelta(days=3))


def test_the_pages_show_the_scheme_and_a_supervisor_changes_it_there(small: Small) -> None:
    share = small.share(small.task(due_on=TODAY + dt.timedelta(days=3)), "market")
    supervisor, officer = browser(small, "office.supervisor"), browser(small, "market.officer")
    assert "换一个方案" not in html_of(officer, "/tasks/colours")
    form = html_of(supervisor, "/tasks/colours")
    given = {"request_id": request_id(form), "scheme": "sanming", "from_on": str(TODAY), "reason": "按市里要求"}
    assert supervisor.post("/tasks/colours", given).status_code == 303
    for client in (supervisor, officer):
        for url in ("/tasks", f"/tasks/{share.task_id}", f"/duties/{share.duty_id}", "/tasks/colours"):
            assert "蓝单·提醒" in html_of(client, url), url
    assert "蓝单·提醒" in html_of(officer, "/inbox")
    assert officer.post("/tasks/colours", given | {"request_id": "another-one"}).status_code == 403
    again = supervisor.post("/tasks/colours", given | {"request_id": "a-third-one"})
    assert again.status_code == 409 and "已经选定" in again.content.decode()
