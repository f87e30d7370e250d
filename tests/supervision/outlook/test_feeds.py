"""Calendar feeds: who may read what at the moment of asking, and what RFC 5545 asks of the text."""

import datetime as dt
import re

import icalendar
import pytest
from django.test import Client

from luoshi.office import door
from luoshi.office.journal.models import Entry
from luoshi.office.people import bearer
from luoshi.office.people.models import Account, Appointment, Unit
from luoshi.supervision import actions as acts
from luoshi.supervision.models import Assignment
from luoshi.supervision.outlook import actions
from luoshi.supervision.outlook.models import CalendarFeed
from tests.supervision.outlook.samples import open_feed
from tests.supervision.small_county import NOW, TODAY, Small
from tests.supervision.test_pages import browser, html_of, request_id


def items(token: str, query: str = "", kind: str = "VEVENT") -> dict[str, icalendar.Component]:
    answer = Client().get(f"/calendar/{token}.ics{query}")
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/calendar")
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
    return {str(one["UID"]): one for one in calendar.walk(kind)}


def share_of(small: Small, unit: str = "market", **more: object) -> Assignment:
    more.setdefault("due_on", TODAY + dt.timedelta(days=30))
    return small.share(small.task(units=((unit, "responsible"),), **more), unit)


def test_the_address_is_shown_once_and_kept_nowhere(small: Small) -> None:
    client = browser(small, "market.officer")
    given = {"request_id": request_id(html_of(client, "/feeds")), "whose": "unit"}
    first = client.post("/feeds", given)
    token = re.search(r"/calendar/([\w-]{43})\.ics", first.content.decode())[1]  # type: ignore[index]
    assert Client().get(f"/calendar/{token}.ics").status_code == 200
    again = client.post("/feeds", given)
    assert again.status_code == 303 and token not in html_of(client, "/feeds")
    assert CalendarFeed.objects.count() == 1 and CalendarFeed.objects.get().digest.startswith("sha256:")
    assert not Entry.objects.filter(content__contains=token).exists()
    assert token not in str(CalendarFeed.objects.values_list())


def test_the_token_does_not_come_into_the_log(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    import structlog

    token, _ = open_feed(small, "market.officer", "unit")
    with structlog.testing.capture_logs() as lines:
        Client().get(f"/calendar/{token}.ics")
    paths = [line["path"] for line in lines if line["event"] == "answered"]
    assert paths == ["/calendar/-.ics"] and token not in str(lines)


def test_a_due_day_is_a_whole_day_with_state_clause_and_address(small: Small) -> None:
    share = share_of(small, heading_zh="明厨亮灶", clause_ids=["FOOD-3.1.1"])
    token, _ = open_feed(small, "market.officer", "unit")
    [(uid, event)] = items(token).items()
    assert uid == f"luoshi-test-duty-{share.duty_id}" and event["SEQUENCE"] == 0
    assert event["DTSTART"].dt == share.duty.due_on and event["DTEND"].dt == share.duty.due_on + dt.timedelta(days=1)
    assert event["SUMMARY"] == "[按期] 明厨亮灶" and event["STATUS"] == "CONFIRMED"
    assert "FOOD-3.1.1" in event["DESCRIPTION"] and event["URL"] == f"http://testserver/duties/{share.duty_id}"


def test_as_to_dos_the_same_days_are_due_and_completed(small: Small) -> None:
    share = share_of(small)
    token, _ = open_feed(small, "market.officer", "unit")
    [todo] = items(token, "?as=todo", "VTODO").values()
    assert todo["STATUS"] == "NEEDS-ACTION" and todo["DUE"].dt == share.duty.due_on
    finish(small, share)
    [todo] = items(token, "?as=todo", "VTODO").values()
    assert todo["STATUS"] == "COMPLETED" and todo["COMPLETED"]


def finish(small: Small, share: Assignment) -> None:
    call = small.call
    assert acts.accept(call("market.officer"), assignment_id=share.pk).outcome
    assert acts.start(call("market.officer"), assignment_id=share.pk).outcome
    report = acts.report_done(call("market.officer"), assignment_id=share.pk, text="完成了")
    assert acts.review_approve(call("office.supervisor"), report_id=report.values["report"]).outcome


def test_every_change_raises_the_sequence_and_keeps_the_uid(small: Small) -> None:
    share = share_of(small)
    lead = "lead-office.leading_office"
    token, _ = open_feed(small, "market.officer", "unit")
    seen = [next(iter(items(token).items()))]
    later = TODAY + dt.timedelta(days=60)
    assert acts.extend(small.call(lead), assignment_id=share.pk, due_on=later, reason="等上级文件").outcome
    seen.append(next(iter(items(token).items())))
    acts.accept(small.call("market.officer"), assignment_id=share.pk)
    assert acts.suspend(small.call(lead), assignment_id=share.pk, reason="等上级文件").outcome
    seen.append(next(iter(items(token).items())))
    assert acts.cancel(small.call(lead), assignment_id=share.pk, reason="方案调整").outcome
    seen.append(next(iter(items(token).items())))
    assert len({uid for uid, _ in seen}) == 1
    assert [event["SEQUENCE"] for _, event in seen] == [0, 1, 2, 3]
    assert seen[1][1]["DTSTART"].dt == later and seen[-1][1]["STATUS"] == "CANCELLED"


def test_what_is_over_leaves_after_its_time(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    share = share_of(small)
    finish(small, share)
    token, _ = open_feed(small, "market.officer", "unit")
    assert len(items(token)) == 1
    monkeypatch.setenv("LUOSHI_AS_OF", "2023-09-01")
    assert len(items(token)) == 1
    monkeypatch.setenv("LUOSHI_AS_OF", "2023-09-02")
    assert items(token) == {}


def test_unchanged_is_answered_with_304_and_changed_is_not(small: Small) -> None:
    share = share_of(small)
    token, _ = open_feed(small, "market.officer", "unit")
    url = f"/calendar/{token}.ics"
    tag = Client().get(url)["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        same = Client().get(url, headers={"If-None-Match": known})
        assert (same.status_code, same.content, same["ETag"]) == (304, b"", tag)
    assert Client().get(url, headers={"If-None-Match": '"other"'}).status_code == 200
    finish(small, share)
    assert Client().get(url, headers={"If-None-Match": tag}).status_code == 200


def test_a_revoked_feed_a_made_up_token_and_a_short_one_are_answered_alike(small: Small) -> None:
    token, feed = open_feed(small, "market.officer", "unit")
    assert actions.revoke_feed(small.call("market.unit_head"), feed_id=feed.pk).outcome
    for wrong in (token, bearer.made(), "short", "a" * 43):
        assert Client().get(f"/calendar/{wrong}.ics").status_code == 404
    again = actions.revoke_feed(small.call("market.officer"), feed_id=feed.pk)
    assert not again.outcome and again.outcome.reasons[0].code == "feed_revoked"


def test_another_unit_neither_sees_nor_revokes_a_feed(small: Small) -> None:
    _, feed = open_feed(small, "market.officer", "unit")
    assert not actions.revoke_feed(small.call("health.officer"), feed_id=feed.pk).outcome
    assert f"/feeds/{feed.pk}/revoke" not in html_of(browser(small, "health.officer"), "/feeds")
    assert f"/feeds/{feed.pk}/revoke" in html_of(browser(small, "market.unit_head"), "/feeds")


def test_a_units_feed_holds_the_units_duties_only(small: Small) -> None:
    mine, other = share_of(small), share_of(small, "health")
    token, _ = open_feed(small, "market.officer", "unit")
    uids = set(items(token))
    assert uids == {f"luoshi-test-duty-{mine.duty_id}"} and f"luoshi-test-duty-{other.duty_id}" not in uids


def test_a_persons_feed_holds_what_is_given_to_them_and_to_nobody(small: Small) -> None:
    mine, open_one, colleague = share_of(small), share_of(small), share_of(small)
    officer, head = small.seats["market.officer"].account_id, small.seats["market.unit_head"].account_id
    for share, account in ((mine, officer), (colleague, head)):
        assert acts.assign(small.call("market.unit_head"), assignment_id=share.pk, account_id=account).outcome
    token, _ = open_feed(small, "market.officer", "person")
    assert set(items(token)) == {f"luoshi-test-duty-{share.duty_id}" for share in (mine, open_one)}


def test_a_persons_feed_is_seen_by_nobody_else_in_the_unit(small: Small) -> None:
    _, feed = open_feed(small, "market.officer", "person")
    assert f"/feeds/{feed.pk}/revoke" not in html_of(browser(small, "market.unit_head"), "/feeds")
    assert not actions.revoke_feed(small.call("market.unit_head"), feed_id=feed.pk).outcome


@pytest.mark.parametrize("end", ["left the post", "account closed", "post closed"])
def test_a_persons_feed_ends_with_the_post(small: Small, end: str) -> None:
    share_of(small)
    token, feed = open_feed(small, "market.officer", "person")
    seat = small.seats["market.officer"]
    with door.opened("fixture"):
        if end == "left the post":
            Appointment.objects.filter(pk=seat.pk).update(to_on=TODAY - dt.timedelta(days=1))
        elif end == "account closed":
            Account.objects.filter(pk=seat.account_id).update(is_active=False)
        else:
            type(seat.post).objects.filter(pk=seat.post_id).update(closed=True)
    assert Client().get(f"/calendar/{token}.ics").status_code == 404
    assert feed.account_id == seat.account_id


def test_a_unit_that_is_no_more_has_no_feed(small: Small) -> None:
    token, _ = open_feed(small, "market.officer", "unit")
    with door.opened("fixture"):
        Unit.objects.filter(pk=small.units["market"].pk).update(valid_to=TODAY - dt.timedelta(days=1))
    assert Client().get(f"/calendar/{token}.ics").status_code == 404


def test_no_person_is_named(small: Small) -> None:
    share = share_of(small)
    officer = small.seats["market.officer"]
    acts.assign(small.call("market.unit_head"), assignment_id=share.pk, account_id=officer.account_id)
    token, _ = open_feed(small, "market.officer", "person")
    body = Client().get(f"/calendar/{token}.ics").content.decode()
    names = [
        *Account.objects.values_list("display_name", flat=True),
        *Account.objects.values_list("username", flat=True),
    ]
    assert not [name for name in names if name in body]


def test_lines_are_folded_and_end_as_the_standard_says(small: Small) -> None:
    share_of(small, heading_zh="很长的事项名称" * 20)
    token, _ = open_feed(small, "market.officer", "unit")
    body = Client().get(f"/calendar/{token}.ics").content
    lines = body.split(b"\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"") and all(len(line) <= 75 for line in lines)
    assert "很长的事项名称" * 20 in str(next(iter(items(token).values()))["SUMMARY"])


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "no spaces here please and forty three letters"])
def test_an_easy_token_is_no_token(small: Small, token: str) -> None:
    from luoshi.core.problem import Problem

    with pytest.raises(Problem):
        actions.open_feed(small.call("market.officer"), whose="unit", token=token)


def test_an_auditor_has_no_county_wide_feed(small: Small) -> None:
    """A feed is of one unit or person, also for those who may read the whole county."""
    share_of(small)
    token, _ = open_feed(small, "office.auditor", "person")
    assert items(token) == {} and NOW.date() == TODAY
