"""Requests for information: filed without an account, on their clock, answered by the unit; the person's data stay shut."""

import datetime as dt
from urllib.parse import parse_qs, urlparse

import pytest
from django.db import connection
from django.test import Client
from tests.gazette.publication.conftest import Published, give_post
from tests.office.conftest import NOW, SmallCounty

from luoshi.gazette.models import DisclosureRequest
from luoshi.gazette.publication import request_actions as acts
from luoshi.office.duties.models import Duty
from luoshi.office.journal.models import Entry

PERSON = {"name": "赵某芳", "contact": "13800000000", "wanted": "asked方案全文"}


@pytest.fixture
def office(published: Published) -> SmallCounty:
    give_post(published.small, "disclosure", "office", "disclosure_officer")
    give_post(published.small, "elsewhere", "market", "disclosure_officer")
    return published.small


def filed(small: SmallCounty, **more: str) -> tuple[DisclosureRequest, str]:
    code = acts.code_of(f"form-{small.asked}")
    result = acts.file_request(small.call("public"), **{**PERSON, "document": "small-asked", "code": code, **more})
    assert result.outcome.verdict == "granted", result.outcome
    return DisclosureRequest.objects.get(pk=result.values["request"]), code


def later(days: int) -> dt.datetime:
    return NOW + dt.timedelta(days=days)


def test_a_request_starts_its_clock_and_a_duty_of_the_disclosure_unit(office: SmallCounty) -> None:
    row, _ = filed(office)
    assert row.number == "2023-00001"
    assert row.due_on == dt.date(2023, 7, 31), "20 working days after Monday 3 July 2023"
    duty = Duty.objects.get(subject_kind="disclosure_request")
    assert (duty.unit_id, duty.due_on) == (office.units["office"].pk, row.due_on)
    assert filed(office)[0].number == "2023-00002"


def test_name_and_contact_are_ciphertext_at_rest_and_not_in_the_journal(office: SmallCounty) -> None:
    filed(office)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM people_person")
        stored = " ".join(map(str, cursor.fetchone()))
    journal = " ".join(str(e.content) for e in Entry.objects.all())
    for secret in (PERSON["name"], PERSON["contact"]):
        assert secret not in stored and secret not in journal


def test_a_correction_stops_the_clock_and_gives_the_days_back(office: SmallCounty) -> None:
    row, code = filed(office)
    asked = acts.ask_correction(office.call("disclosure", now=later(2)), request=row.pk, words="请写明文件名称")
    assert asked.outcome.verdict == "granted"
    row.refresh_from_db()
    assert (row.state, row.due_on) == ("asked", None)
    assert Duty.objects.get().state == "suspended"
    acts.correct(office.call("public", now=later(7)), number=row.number, code=code, words="asked方案")
    row.refresh_from_db()
    assert (row.state, row.due_on) == ("received", dt.date(2023, 8, 3)), "three working days given back"
    assert Duty.objects.get().due_on == row.due_on
    again = acts.ask_correction(office.call("disclosure", now=later(8)), request=row.pk, words="还要补")
    assert again.outcome.verdict == "refused"


def test_the_time_is_extended_once_and_with_a_reason(office: SmallCounty) -> None:
    row, _ = filed(office)
    assert acts.extend(office.call("disclosure"), request=row.pk, words="需征求第三方意见").outcome.verdict == "granted"
    row.refresh_from_db()
    assert row.due_on == dt.date(2023, 8, 28)
    assert Duty.objects.get().due_on == row.due_on
    assert acts.extend(office.call("disclosure"), request=row.pk, words="再延一次").outcome.verdict == "refused"


def test_a_refusal_names_its_ground_and_an_answer_closes_the_duty(office: SmallCounty) -> None:
    row, _ = filed(office)
    bare = acts.answer(office.call("disclosure"), request=row.pk, outcome="refused", answer="不能给")
    assert bare.outcome.verdict == "refused"
    done = acts.answer(
        office.call("disclosure"),
        request=row.pk,
        outcome="refused",
        answer="依据《政府信息公开条例》第十四条，不予公开。",
    )
    assert done.outcome.verdict == "granted"
    assert Duty.objects.get().state == "closed"
    late = acts.extend(office.call("disclosure"), request=row.pk, words="再延一次")
    assert late.outcome.reasons[0].code == "request_closed"


@pytest.mark.parametrize("who", ["public", "officer", "supervisor", "system_admin", "elsewhere"])
def test_nobody_else_may_answer_or_look_at_the_applicant(office: SmallCounty, who: str) -> None:
    row, _ = filed(office)
    answer = acts.answer(office.call(who), request=row.pk, outcome="granted", answer="给您。")
    assert answer.outcome.verdict == "refused"
    assert acts.show_applicant(office.call(who), request=row.pk).outcome.verdict == "refused"


def test_a_wrong_code_opens_nothing(office: SmallCounty, neighbour: SmallCounty) -> None:
    row, code = filed(office)
    assert acts.own(office.county.pk, row.number, "WRONGCODE123") is None
    assert acts.own(office.county.pk, row.number, "") is None
    assert acts.own(neighbour.county.pk, row.number, code) is None
    assert acts.own(office.county.pk, row.number, code.lower()) == row


def test_a_county_without_the_post_says_so(published: Published) -> None:
    result = acts.file_request(published.small.call("public"), **PERSON, code="A" * 12)
    assert result.outcome.reasons[0].code == "no_disclosure_office"


def test_one_comes_back_with_number_and_code_only(office: SmallCounty, client: Client) -> None:
    form = client.get("/ask?document=small-asked").content.decode()
    assert "asked方案" in form
    sent = client.post("/ask", {**PERSON, "document": "small-asked", "request_id": "a-form-once"})
    assert sent.status_code == 302
    twice = client.post("/ask", {**PERSON, "document": "small-asked", "request_id": "a-form-once"})
    assert twice["Location"] == sent["Location"] and DisclosureRequest.objects.count() == 1
    page = client.get(sent["Location"])
    words = page.content.decode()
    assert "<svg" in words and page["Cache-Control"] == "no-store" and PERSON["name"] not in words
    code = parse_qs(urlparse(sent["Location"]).query)["code"][0]
    number = DisclosureRequest.objects.get().number
    assert client.get(f"/ask/state?number={number}&code={code}").status_code == 200
    assert client.get(f"/ask/{number}").status_code == 200
    assert "asked方案" not in client.get(f"/ask/{number}").content.decode()
    assert client.get(f"/ask/{number}?code=WRONG").status_code == 404
    done = client.post(f"/ask/{number}", {"code": code, "verb": "withdraw", "request_id": "take-it-back"})
    assert done.status_code == 302 and DisclosureRequest.objects.get().state == "withdrawn"


def test_what_was_typed_stays_when_something_is_missing(office: SmallCounty, client: Client) -> None:
    sent = client.post("/ask", {**PERSON, "name": "", "request_id": "a-form-bare"})
    assert sent.status_code == 422
    assert PERSON["wanted"] in sent.content.decode()


def test_officers_pages_are_theirs(office: SmallCounty, client: Client) -> None:
    row, _ = filed(office)
    for path in ("/requests", f"/requests/{row.number}"):
        assert client.get(path).status_code == 302
        client.force_login(office.accounts["officer"])
        assert client.get(path).status_code == 403
        client.logout()
    client.force_login(office.accounts["disclosure"])
    page = client.get(f"/requests/{row.number}").content.decode()
    assert PERSON["name"] not in page and PERSON["contact"] not in page
    shown = client.post(f"/requests/{row.number}", {"verb": "show_applicant", "request_id": "look-at-it-1"})
    assert PERSON["name"] in shown.content.decode()
    assert Entry.objects.filter(action="request.show_applicant").count() == 1
    bad = client.post(
        f"/requests/{row.number}",
        {"verb": "answer", "outcome": "refused", "answer": "不能给", "request_id": "answer-it-1"},
    )
    assert bad.status_code == 409 and "不能给" in bad.content.decode()
    good = client.post(
        f"/requests/{row.number}",
        {"verb": "answer", "outcome": "granted", "answer": "见附件。", "request_id": "answer-it-2"},
    )
    assert good.status_code == 302
    assert client.get("/requests").status_code == 200
