"""Recorded readings: everybody sees them, the named role rules by a dated value, a later value takes it back."""

import datetime as dt

import pytest
from django.test import Client
from tests.gazette.publication.conftest import SECRET, Published, give_post
from tests.office.conftest import SmallCounty

from luoshi.gazette.publication import rulings
from luoshi.gazette.publication.visibility import ONLINE, public_reader
from luoshi.office import register
from luoshi.office.journal.models import Entry
from luoshi.office.plans.models import DatedValue
from luoshi.office.plans.values import value_on

RULE = {"reading": "GAZ-R-03", "key": ONLINE, "value": "是", "from_on": "2023-08-01", "reason": "办公室审核同意公开"}


@pytest.fixture
def ruled(published: Published) -> SmallCounty:
    give_post(published.small, "disclosure", "office", "disclosure_officer")
    return published.small


def test_every_reading_of_every_register_is_shown(published: Published) -> None:
    total = sum(len(register.readings(s)) for s in register.SUBJECTS)
    assert total >= 300
    seen: set[str] = set()
    for start in range(0, total, 25):
        words = published.get(f"/readings?from={start}").content.decode()
        seen |= {r for s in register.SUBJECTS for r in register.readings(s) if f'id="{r}"' in words}
    assert len(seen) == total


def test_a_ruling_holds_from_its_day_and_a_later_one_takes_it_back(ruled: SmallCounty) -> None:
    county = ruled.county
    assert value_on(county, "gazette", ONLINE, dt.date(2023, 7, 31)).own is False
    assert rulings.rule(ruled.call("disclosure"), **RULE).outcome.verdict == "granted"
    assert value_on(county, "gazette", ONLINE, dt.date(2023, 7, 31)).value is False
    now = value_on(county, "gazette", ONLINE, dt.date(2023, 8, 1))
    assert (now.value, now.own, now.reason) == (True, True, RULE["reason"])
    back = {**RULE, "value": "否", "from_on": "2023-09-01", "reason": "收回公开"}
    assert rulings.rule(ruled.call("disclosure"), **back).outcome.verdict == "granted"
    assert value_on(county, "gazette", ONLINE, dt.date(2023, 8, 31)).value is True
    assert value_on(county, "gazette", ONLINE, dt.date(2023, 9, 1)).value is False
    entry = Entry.objects.filter(action="reading.rule").order_by("pk").first()
    assert entry is not None and RULE["reason"] in str(entry.content)
    assert rulings.rule(ruled.call("disclosure"), **RULE).outcome.reasons[0].code == "day_taken"


def test_a_ruling_of_one_county_is_not_anothers(ruled: SmallCounty, neighbour: SmallCounty) -> None:
    rulings.rule(ruled.call("disclosure"), **RULE)
    assert value_on(neighbour.county, "gazette", ONLINE, dt.date(2023, 8, 2)).value is False
    assert not public_reader(neighbour.county.pk, dt.date(2023, 8, 2)).all_on_request


@pytest.mark.parametrize("who", ["public", "officer", "supervisor", "system_admin", "audit_admin", "town_clerk"])
def test_nobody_else_rules(ruled: SmallCounty, who: str) -> None:
    assert rulings.rule(ruled.call(who), **RULE).outcome.verdict == "refused"
    assert not DatedValue.objects.exists()


def test_an_editor_rules_on_the_editors_readings_only(ruled: SmallCounty) -> None:
    give_post(ruled, "editor", "office", "editor")
    assert rulings.rule(ruled.call("editor"), **RULE).outcome.reasons[0].code == "not_the_judge"


def test_only_the_readings_own_values_can_be_set(ruled: SmallCounty) -> None:
    for key in ("proactive_publication_working_days", f"{ONLINE}.no-such-document"):
        answer = rulings.rule(ruled.call("disclosure"), **{**RULE, "key": key})
        assert answer.outcome.verdict == "refused", key
    with pytest.raises(rulings.Problem):
        rulings.rule(ruled.call("disclosure"), **{**RULE, "value": "也许"})
    with pytest.raises(rulings.Problem):
        rulings.rule(ruled.call("disclosure"), **{**RULE, "reading": "NO-R-1"})


@pytest.mark.clause("GAZ-X-2")
def test_a_document_on_request_shows_its_words_only_after_a_decision(published: Published, ruled: SmallCounty) -> None:
    assert SECRET["on_request"] not in published.get("/d/small-asked/").content.decode()
    one = {**RULE, "key": f"{ONLINE}.small-asked", "from_on": "2023-07-01"}
    assert rulings.rule(ruled.call("disclosure"), **one).outcome.verdict == "granted"
    assert SECRET["on_request"] in published.get("/d/small-asked/").content.decode()
    assert SECRET["withheld"] not in published.get("/search?q=方案").content.decode()


def test_values_are_read_in_the_kind_of_the_present_one() -> None:
    assert rulings.read_value(" 是 ", False) is True
    assert rulings.read_value("12", 3) == 12
    assert rulings.read_value("1.5", 3) == 1.5
    assert rulings.read_value("甲、乙，丙", ["x"]) == ["甲", "乙", "丙"]
    for text, like in (("也许", True), ("三", 3), (" ", "x")):
        with pytest.raises(rulings.Problem):
            rulings.read_value(text, like)


def test_the_page_offers_the_form_to_the_judge_and_keeps_what_was_typed(ruled: SmallCounty, client: Client) -> None:
    assert "<textarea" not in client.get("/readings/GAZ-R-03").content.decode()
    client.force_login(ruled.accounts["disclosure"])
    assert "<textarea" in client.get("/readings/GAZ-R-03").content.decode()
    given = {k: v for k, v in RULE.items() if k != "reading"}
    bad = client.post("/readings/GAZ-R-03", {**given, "value": "也许", "request_id": "rule-it-badly"})
    assert bad.status_code == 422 and RULE["reason"] in bad.content.decode()
    assert client.post("/readings/GAZ-R-03", {**given, "request_id": "rule-it-well"}).status_code == 302
    assert RULE["reason"] in client.get("/readings/GAZ-R-03").content.decode()
    assert client.get("/readings/NO-R-1").status_code == 404
