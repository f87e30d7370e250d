"""Clues: sent without an account, kept from whom they are about, answered in their days, published only if agreed."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from luoshi.core.problem import Problem
from luoshi.office import door, present
from luoshi.office.access import Actor
from luoshi.office.actions import Call, Result
from luoshi.office.duties.models import Duty
from luoshi.office.evidence import actions as evidence
from luoshi.office.evidence import attach, intake
from luoshi.office.evidence.models import Attachment, StoredFile
from luoshi.office.journal.models import Entry
from luoshi.office.people.models import Appointment, Post
from luoshi.office.plans.models import DatedValue
from luoshi.supervision.promises import actions, clue_actions, photo, terms
from luoshi.supervision.promises.models import Clue
from luoshi.supervision.promises.readables import CLUE
from tests.office.people.test_persons import made_id
from tests.supervision import small_county
from tests.supervision.small_county import NOW, TODAY, Small

TEXT = "集市东头的排水沟一直没有修，下雨就淹。"
CONTACT = "赵某 13800000000"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(present, "now", lambda: NOW)


def send(small: Small, name: str = "a", now: dt.datetime = NOW, **more: Any) -> Result:
    call = Call(Actor(small.county.pk, "public"), now, f"clue-form-{name}")
    given = {"text": TEXT + name, "code": clue_actions.code_of(call.request_id), "contact": CONTACT, **more}
    return clue_actions.file_clue(call, **given)


def sent(small: Small, name: str = "a", **more: Any) -> Clue:
    result = send(small, name, **more)
    assert result.outcome, result.outcome
    return Clue.objects.get(pk=result.values["clue"])


def auditors(small: Small, unit: str = "police") -> None:
    with door.opened("fixture"):
        Post.objects.create(
            county=small.county, unit=small.units[unit], role="auditor", title_zh="审计", title_en="audit"
        )


def test_a_clue_gets_a_number_its_day_and_a_duty_of_the_supervision_office(small: Small) -> None:
    row = sent(small)
    assert (row.number, row.state) == ("X2023-00001", "received")
    assert row.due_on == dt.date(2023, 7, 24), "15 working days after Monday 3 July 2023"
    duty = Duty.objects.get(subject_kind="clue")
    assert (duty.unit, duty.due_on, duty.account) == (small.units["office"], row.due_on, None)
    assert sent(small, "b").number == "X2023-00002"


def test_the_county_may_set_another_term_from_a_day(small: Small) -> None:
    with door.opened("fixture"):
        DatedValue.objects.create(
            county=small.county, subject=terms.SUBJECT, key=terms.ANSWER, value=5, from_on=TODAY, reason="县定",
            decided_by="督查室",
        )  # fmt: skip
    assert sent(small).due_on == dt.date(2023, 7, 10)
    assert sent(small, "b", now=NOW - dt.timedelta(days=3)).due_on == dt.date(2023, 7, 21), "the day before it began"


def test_nothing_of_it_is_readable_at_rest_or_in_the_journal(small: Small) -> None:
    row = sent(small, unit_id=small.units["market"].pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, contact FROM promises_clue")
        stored = " ".join(map(str, cursor.fetchone()))
    journal = " ".join(e.content for e in Entry.objects.all())
    for secret in ("排水沟", "赵某", "13800000000", "market"):
        assert secret not in stored and secret not in journal, secret
    assert Clue.objects.get(pk=row.pk).text == TEXT + "a"


def test_the_page_keeps_no_address_of_the_sender(small: Small) -> None:
    client = Client(REMOTE_ADDR="203.0.113.77")
    answer = client.post("/clues/new", {"text": TEXT, "request_id": "clue-page-1"})
    assert answer.status_code == 302 and answer["Cache-Control"] == "no-store"
    assert "203.0.113.77" not in " ".join(e.content for e in Entry.objects.filter(action="clue.file"))
    signed_in = Client()
    signed_in.force_login(small.seats["market.officer"].account)
    assert signed_in.post("/clues/new", {"text": TEXT + "另", "request_id": "clue-page-2"}).status_code == 302
    entries = Entry.objects.filter(action="clue.file")
    assert {e.account_id for e in entries} == {None}, "not even an officer who is signed in is written down"


def test_the_sender_comes_back_with_number_and_code_only(small: Small) -> None:
    answer = Client().post("/clues/new", {"text": TEXT, "request_id": "clue-page-1", "contact": CONTACT})
    page = Client().get(answer["Location"])
    assert page.status_code == 200 and "排水沟" in page.content.decode() and "赵某" not in page.content.decode()
    number = Clue.objects.get().number
    for query in ("", "?code=", "?code=AAAAAAAAAAAA"):
        assert "排水沟" not in Client().get(f"/clues/{number}{query}").content.decode()
    assert Client().get(f"/clues/{number}?code=AAAAAAAAAAAA").status_code == 404


def test_the_unit_complained_of_and_its_people_never_read_it(small: Small) -> None:
    auditors(small)
    row = sent(small, unit_id=small.units["office"].pk)
    assert row.unit == small.units["police"], "not the supervision office, which it is about"
    for seat in small.seats:
        assert not CLUE.visible(small.actor(seat), Clue.objects.all()).exists(), seat
    about_market = sent(small, "b", unit_id=small.units["market"].pk)
    supervisor = small.actor("office.supervisor")
    assert CLUE.visible(supervisor, Clue.objects.all()).get() == about_market
    with door.opened("fixture"):  # the supervisor also sits in the market unit
        Appointment.objects.create(
            county=small.county, account_id=supervisor.account_id, post=small.seats["market.unit_head"].post,
            from_on=TODAY,
        )  # fmt: skip
    assert not CLUE.visible(supervisor, Clue.objects.all()).exists()
    with pytest.raises(Problem):
        clue_actions.answer(small.call("office.supervisor"), clue=about_market.pk, outcome="answered", answer="x" * 20)


def test_a_promise_brings_all_units_that_work_on_it(small: Small) -> None:
    task = small.task("lead_support", (("market", "lead"), ("towns", "support")))
    with pytest.raises(Problem):
        send(small, task_id=task.pk)
    assert actions.publish(small.call("office.county_head"), task_id=task.pk, reason="县里决定公开").outcome
    row = sent(small, "b", task_id=task.pk)
    units = {small.units[u] for u in ("market", "towns", "town-a", "town-b")}
    assert set(row.complained.all()) == units and row.unit == small.units["office"]


def test_where_every_desk_is_concerned_one_is_told_to_go_higher(small: Small) -> None:
    answer = send(small, unit_id=small.units["office"].pk)
    assert answer.outcome.reasons[0].code == "no_free_desk" and not Clue.objects.exists()


def test_it_is_handed_over_only_to_a_desk_that_is_not_concerned(small: Small) -> None:
    auditors(small)
    row = sent(small, unit_id=small.units["police"].pk)
    call = small.call
    for unit in ("police", "market", "office"):
        given = {"clue": row.pk, "unit_id": small.units[unit].pk}
        refused = clue_actions.hand_over(call("office.supervisor"), **given)
        assert refused.outcome.reasons[0].code == "may_not_take", unit
    free = sent(small, "b", unit_id=small.units["market"].pk)
    moved = clue_actions.hand_over(call("office.supervisor"), clue=free.pk, unit_id=small.units["police"].pk)
    assert moved.outcome and Duty.objects.get(subject_id=str(free.pk)).unit == small.units["police"]


def test_it_is_answered_once_and_its_duty_closes(small: Small) -> None:
    row = sent(small)
    given = {"clue": row.pk, "outcome": "answered", "answer": "已经到现场核实，排水沟本周开工。"}
    assert clue_actions.answer(small.call("office.supervisor"), **given).outcome
    assert Duty.objects.get(subject_kind="clue").state == "closed"
    again = clue_actions.answer(small.call("office.supervisor"), **given)
    assert again.outcome.reasons[0].code == "clue_closed"
    assert "开工" not in " ".join(e.content for e in Entry.objects.all())


@pytest.mark.parametrize("seat", ["market.officer", "lead-office.leading_office", "office.editor", "town-a.town_clerk"])
def test_others_may_not_answer(small: Small, seat: str) -> None:
    row = sent(small)
    answer = clue_actions.answer(small.call(seat), clue=row.pk, outcome="answered", answer="已经到现场核实完毕。")
    assert answer.outcome.reasons[0].code == "role_may_not"


def test_published_only_if_agreed_answered_and_clean(small: Small) -> None:
    closed, agreed = sent(small), sent(small, "b", may_publish=True)
    words = {"public_text": "有人反映排水沟未修。", "public_answer": "本周开工。"}
    desk = small.call
    early = clue_actions.publish(desk("office.supervisor"), clue=agreed.pk, **words)
    assert early.outcome.reasons[0].code == "not_answered"
    for row in (closed, agreed):
        done = {"clue": row.pk, "outcome": "answered", "answer": "已经到现场核实，本周开工。"}
        assert clue_actions.answer(desk("office.supervisor"), **done).outcome
    refused = clue_actions.publish(desk("office.supervisor"), clue=closed.pk, **words)
    assert refused.outcome.reasons[0].code == "not_agreed"
    for bad in (f"户主{made_id(1)}反映", "赵某反映排水沟", "请打0472-8123456"):
        with pytest.raises(Problem):
            clue_actions.publish(desk("office.supervisor"), clue=agreed.pk, **{**words, "public_text": bad})
    assert clue_actions.publish(desk("office.supervisor"), clue=agreed.pk, **words).outcome
    page = Client().get("/clues").content.decode()
    assert "有人反映排水沟未修" in page and "集市东头" not in page


def test_every_look_at_the_contact_is_journalled_and_shows_nothing_there(small: Small) -> None:
    row = sent(small)
    client = Client()
    client.force_login(small.seats["office.supervisor"].account)
    url = f"/clues/desk/{row.pk}"
    assert CONTACT not in client.get(url).content.decode()
    shown = client.post(url, {"verb": "show_contact", "request_id": "look-0001"})
    assert CONTACT in shown.content.decode()
    (entry,) = Entry.objects.filter(action="clue.show_contact")
    assert entry.account_id == small.seats["office.supervisor"].account_id and "赵某" not in entry.content
    assert CONTACT not in client.get(url).content.decode(), "the next page hides it again"


def test_the_same_text_is_not_taken_twice_while_open(small: Small) -> None:
    sent(small)
    again = send(small, "a2", text="  " + TEXT + " a")
    assert again.outcome.reasons[0].code == "same_text"


def test_a_flood_is_stopped_and_the_next_day_begins_anew(small: Small) -> None:
    with door.opened("fixture"):
        DatedValue.objects.create(
            county=small.county, subject=terms.SUBJECT, key=terms.PER_DAY, value=2, from_on=TODAY, reason="县定",
            decided_by="督查室",
        )  # fmt: skip
    sent(small, "1"), sent(small, "2")
    assert send(small, "3").outcome.reasons[0].code == "box_full"
    assert sent(small, "4", now=NOW + dt.timedelta(days=1)).number == "X2023-00003"


def test_one_address_is_slowed_down(small: Small, settings: Any) -> None:
    settings.LUOSHI_ANONYMOUS_POSTS_PER_MINUTE = 2
    answers = [
        Client(REMOTE_ADDR="203.0.113.5").post("/clues/new", {"text": f"{TEXT}{n}", "request_id": f"flood-{n:04d}"})
        for n in range(3)
    ]
    assert [a.status_code for a in answers] == [302, 302, 429]


def test_what_a_machine_fills_in_is_not_taken(small: Small) -> None:
    answer = Client().post("/clues/new", {"text": TEXT, "website": "http://x", "request_id": "trap-0001"})
    assert answer.status_code == 422 and not Clue.objects.exists()


@pytest.mark.parametrize("text", ["太短", "长" * 3001, ""])
def test_a_text_too_short_or_long_is_told_and_kept(small: Small, text: str) -> None:
    answer = Client().post("/clues/new", {"text": text, "request_id": "short-0001"})
    assert answer.status_code == 422 and text in answer.content.decode() and not Clue.objects.exists()


def test_sent_twice_is_one_clue(small: Small) -> None:
    form = {"text": TEXT, "request_id": "twice-0001"}
    first, second = (Client().post("/clues/new", form) for _ in range(2))
    assert first["Location"] == second["Location"] and Clue.objects.count() == 1


# --- the photo ---------------------------------------------------------------------------------------------------------


def telling_picture() -> bytes:
    picture = Image.new("RGB", (320, 200), "green")
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "PhoneMaker", "2023:07:01 08:00:00"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (41.0, 2.0, 0.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_photo_is_drawn_anew_without_place_time_and_camera(small: Small) -> None:
    data = telling_picture()
    assert b"PhoneMaker" in data
    file = SimpleUploadedFile("a.jpg", data, "image/jpeg")
    answer = Client().post("/clues/new", {"text": TEXT, "request_id": "photo-0001", "photo": file})
    assert answer.status_code == 302
    kept = StoredFile.objects.get()
    assert (kept.latitude, kept.captured_at, kept.stored_by) == (None, None, None)
    stored = intake.store().path(kept.digest).read_bytes()
    assert b"PhoneMaker" not in stored and not Image.open(io.BytesIO(stored)).getexif()
    assert Attachment.objects.get().subject_kind == "clue"


def test_only_the_desk_opens_the_photo(small: Small) -> None:
    file = SimpleUploadedFile("a.jpg", telling_picture(), "image/jpeg")
    Client().post(
        "/clues/new",
        {"text": TEXT, "request_id": "photo-0001", "photo": file, "unit_id": small.units["market"].pk},
    )
    url = f"/files/{StoredFile.objects.get().pk}"
    wanted = {
        "office.auditor": 200, "market.officer": 404, "market.unit_head": 404, "health.officer": 404,
        "lead-office.leading_office": 404,
    }  # fmt: skip
    for seat, status in wanted.items():
        client = Client()
        client.force_login(small.seats[seat].account)
        assert client.get(url).status_code == status, seat
    assert Client().get(url).status_code in (302, 404)


@pytest.mark.parametrize("data", [b"no picture", b"", b"\xff\xd8\xff\xe0" + b"0" * 50, b"GIF89a" + b"0" * 50])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Problem) as fault:
        photo.redrawn(data, 8)
    assert fault.value.status == 422


def test_a_photo_above_the_limit_is_refused() -> None:
    with pytest.raises(Problem) as fault:
        photo.redrawn(b"\0" * ((1 << 20) + 1), 1)
    assert fault.value.status == 413


def test_another_countys_clue_is_not_found(small: Small) -> None:
    foreign = small_county.make("foreign")
    row = sent(foreign)
    client = Client()
    client.force_login(small.seats["office.supervisor"].account)
    assert client.get(f"/clues/desk/{row.pk}").status_code == 404
    code = clue_actions.code_of("clue-form-a")
    assert Client().get(f"/clues/{row.number}?code={code}").status_code == 404


def test_over_the_api_too_nobody_writes_down_who_sends_a_clue(small: Small) -> None:
    seat = small.call("market.officer").actor
    call = Call(seat, NOW, "clue-api", "api", "198.51.100.7")
    result = clue_actions.file_clue(call, text=TEXT, code="abcd efgh2345")
    assert result.outcome, result.outcome
    entry = Entry.objects.get(action="clue.file")
    assert entry.account_id is None and entry.unit_id is None and "198.51.100.7" not in entry.content
    assert '"role":"public"' in entry.content.replace(" ", "")
    assert clue_actions.own(small.county.pk, result.values["number"], "abcd efgh2345"), "found under the code it has"


def test_no_finding_tells_a_unit_that_a_clue_shows_the_same_picture(small: Small) -> None:
    file = SimpleUploadedFile("a.jpg", telling_picture(), "image/jpeg")
    Client().post("/clues/new", {"text": TEXT, "request_id": "photo-0001", "photo": file})
    call = small.call("market.officer")
    own = evidence.receive(call, "现场.jpg", [intake.store().path(StoredFile.objects.get().digest).read_bytes()])
    with door.opened("fixture"):
        attach.to(call, [own.values["file"]], "report", 1)
        attach.to(call, [own.values["file"]], "report", 2)
    first, second = Attachment.objects.filter(subject_kind="report").order_by("pk")
    assert first.findings == [] and "1" in second.findings[0]["words"]["zh"], "that of another report is told"
