"""The cockpit counts what the duties say, only what the actor may read, and each figure leads to just those duties."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils.html import strip_tags

from luoshi.core.calendar import default_calendar
from luoshi.core.clock import standing
from luoshi.office import door
from luoshi.office.access import Actor
from luoshi.office.duties import verbs
from luoshi.office.duties.models import Duty
from luoshi.site.pages import cockpit_duties
from luoshi.site.pages import cockpit_figures as figures
from luoshi.site.pages.cockpit_figures import Counts, Days
from tests.office.conftest import SmallCounty, make_county
from tests.site.conftest import TODAY, _opening
from tests.site.looked_at import faults

DAYS = Days.of(TODAY)


def counted(actor: Actor) -> Counts:
    return sum((c.counts for c in figures.cells(actor, DAYS)), Counts())


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("supervisor", Counts(open=13, overdue=5, near=5, week=4, suspended=1)),
        ("officer", Counts(open=7, overdue=3, near=3, week=2, suspended=1)),
        ("other_officer", Counts(open=3, overdue=1, near=1, week=1, suspended=0)),
        ("town_clerk", Counts(open=2, overdue=1, near=1, week=1, suspended=0)),
    ],
)
def test_each_reader_counts_their_own(busy: SmallCounty, who: str, expected: Counts) -> None:
    assert counted(busy.actor(who)) == expected


def test_near_and_late_agree_with_the_clock(busy: SmallCounty) -> None:
    """The set-based conditions give what the clock says of each duty alone."""
    for days in range(-5, 20):
        with door.opened("fixture"):
            verbs.open_duties([_opening(busy, "office", Duty.objects.first().task_id, days)], TODAY)
    for duty in Duty.objects.filter(state="open"):
        said = standing(duty.due_on, TODAY, default_calendar())
        for state in ("overdue", "near"):
            found = Duty.objects.filter(DAYS.condition(state), pk=duty.pk).exists()
            assert found is (said == state), (duty.due_on, state, said)


def test_folding_loses_nothing(busy: SmallCounty) -> None:
    found = figures.cells(busy.actor("supervisor"), DAYS)
    whole = sum((c.counts for c in found), Counts())
    for lines in (figures.by_plan(found), figures.by_unit(found)):
        assert sum((line.counts for line in lines), Counts()) == whole
    towns = {line.subject.code: line.counts.open for line in figures.by_town(found)}
    assert towns == {"east": 2, "west": 1}


def test_the_worst_unit_stands_first(busy: SmallCounty) -> None:
    lines = figures.by_unit(figures.cells(busy.actor("supervisor"), DAYS))
    assert [line.subject.code for line in lines] == ["market", "farming", "east", "west"]


def test_another_county_never_counts(busy: SmallCounty) -> None:
    other = make_county("neighbour")
    with door.opened("fixture"):
        verbs.open_duties(
            [
                verbs.Opening(
                    other.county.pk, other.units["market"].pk, _opening(busy, "market", 1, 0).title, "plan", 1, TODAY
                )
            ],
            TODAY,
        )
    assert counted(busy.actor("supervisor")).open == 13
    assert counted(other.actor("supervisor")) == Counts(open=1, near=1, week=1)


@pytest.mark.parametrize("who", ["supervisor", "officer", "town_clerk"])
def test_every_figure_leads_to_just_the_duties_it_counts(busy: SmallCounty, signed_in, who: str) -> None:
    client = signed_in(busy, who)
    page = client.get("/cockpit").content.decode()
    links = re.findall(r'href="(/cockpit/duties\?[^"]*state=[^"]*)">([\d,]+)<', page)
    assert len(links) > 5
    for href, figure in links:
        listed = client.get(href.replace("&amp;", "&"))
        assert listed.status_code == 200
        assert f"共 {figure} 项" in strip_tags(listed.content.decode()), href


@pytest.mark.parametrize(
    ("who", "expected"), [("supervisor", {"market": 1, "farming": 1}), ("officer", {"market": 1}), ("town_clerk", {})]
)
def test_what_waits_leads_to_just_those_duties(
    busy: SmallCounty, signed_in, who: str, expected: dict[str, int]
) -> None:
    client = signed_in(busy, who)
    page = client.get("/cockpit").content.decode()
    links = re.findall(r'href="(/cockpit/duties\?unit=(\w+)&amp;waits=\w+)"', page)
    assert {unit for _, unit in links} == set(expected)
    for href, unit in links:
        assert f"共 {expected[unit]} 项" in strip_tags(client.get(href.replace("&amp;", "&")).content.decode())


def test_filter_words_can_be_taken_away(busy: SmallCounty, signed_in) -> None:
    page = signed_in(busy, "supervisor").get("/cockpit/duties?state=overdue&unit=market").content.decode()
    assert 'href="/cockpit/duties?unit=market"' in page and 'href="/cockpit/duties?state=overdue"' in page


@pytest.mark.parametrize(
    "query",
    ["state=late", "plan=none", "unit=none", "town=none", "town=pine", "waits=none", "after=x", "after=2023-07-01.x"],
)
def test_an_unknown_filter_word_is_told(busy: SmallCounty, signed_in, query: str) -> None:
    answer = signed_in(busy, "supervisor").get(f"/cockpit/duties?{query}")
    assert answer.status_code == 404 and faults(answer.content) == []


def test_an_officer_cannot_filter_into_another_unit(busy: SmallCounty, signed_in) -> None:
    page = signed_in(busy, "officer").get("/cockpit/duties?unit=farming").content.decode()
    assert "farming 3" not in page and "没有符合条件的记录" in page


def test_pages_follow_one_another_without_gap_or_repeat(
    busy: SmallCounty, signed_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cockpit_duties, "PAGE", 3)
    client, href, seen = signed_in(busy, "supervisor"), "/cockpit/duties?state=open", []
    while href:
        page = client.get(href).content.decode()
        seen += re.findall(r'<tr id="duties-(\d+)"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        href = following[1].replace("&amp;", "&") if following else ""
    wanted = (
        Duty.objects.filter(state="open", due_on__isnull=False).order_by("due_on", "pk").values_list("pk", flat=True)
    )
    last = Duty.objects.filter(state="open", due_on__isnull=True).values_list("pk", flat=True)
    assert seen == [str(pk) for pk in [*wanted, *last]] and len(seen) == 13


def test_late_duties_of_one_kind_are_one_line(busy: SmallCounty, signed_in) -> None:
    with door.opened("fixture"):
        Duty.objects.filter(unit=busy.units["market"], due_on__lt=TODAY).update(title_zh="每周一课")
    page = signed_in(busy, "supervisor").get("/cockpit").content.decode()
    assert page.count("每周一课") == 1 and "共 3 项" in strip_tags(page)


@pytest.mark.parametrize("where", ["/cockpit", "/cockpit/duties"])
def test_the_cockpit_is_closed_to_the_public_and_to_administrators(
    busy: SmallCounty, client: Client, signed_in, where: str
) -> None:
    assert client.get(where).status_code in (302, 403)
    for who in ("system_admin", "security_admin", "audit_admin"):
        assert signed_in(busy, who).get(where).status_code == 403


def test_an_empty_county_says_what_will_appear(small: SmallCounty, signed_in) -> None:
    page = signed_in(small, "supervisor").get("/cockpit")
    assert faults(page.content) == []
    assert "没有逾期的待办" in page.content.decode() and "任务交办后出现在这里" in page.content.decode()


def test_the_number_of_queries_does_not_follow_the_number_of_duties(
    busy: SmallCounty, signed_in, django_assert_max_num_queries
) -> None:
    client = signed_in(busy, "supervisor")
    client.get("/cockpit")
    with door.opened("fixture"):
        task_id = Duty.objects.first().task_id
        verbs.open_duties([_opening(busy, "market", task_id, -n % 90) for n in range(400)], TODAY)
    with django_assert_max_num_queries(20):
        assert client.get("/cockpit").status_code == 200


def test_seven_days_include_today_and_not_the_eighth() -> None:
    assert DAYS.week_until - DAYS.today == dt.timedelta(days=6)
