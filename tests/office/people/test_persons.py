"""Personal data: masked, encrypted, found without being read, shown only for a purpose, in no entry and no log."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from luoshi.core.identity_digits import id_check_character
from luoshi.core.problem import Problem
from luoshi.office.journal.models import Entry
from luoshi.office.people import person_actions, persons
from luoshi.office.people.models import Person
from luoshi.office.people.readables import PERSON
from tests.office.conftest import NOW, SmallCounty, make_county


def made_id(number: int) -> str:
    """Return a number of a made-up person: region 999999 does not exist."""
    bare = f"99999919800101{number:03d}"
    return bare + id_check_character(bare)


NAME, PHONE, ADDRESS = "演某某人", "13900001234", "松树屯东头第九户"
GIVEN = {
    "name": NAME,
    "id_number": made_id(1),
    "phone": PHONE,
    "address": ADDRESS,
    "place": "pine",
    "purpose": "危房改造申请",
}


def recorded(small: SmallCounty, who: str = "village_clerk", **more: str) -> Person:
    result = person_actions.record(small.call(who), **(GIVEN | more))
    assert result.outcome, result.outcome
    return Person.objects.get(pk=result.values["person"])


def test_a_person_is_shown_masked(small: SmallCounty) -> None:
    masked = recorded(small).masked
    assert masked.name == "演**人" and masked.phone == "139****1234"
    assert masked.id_number == GIVEN["id_number"][:6] + "*" * 8 + GIVEN["id_number"][-4:]
    assert ADDRESS not in json.dumps(masked.as_json(), ensure_ascii=False)


def test_a_person_prints_as_a_number(small: SmallCounty) -> None:
    person = recorded(small)
    assert NAME not in f"{person} {person!r}"


@pytest.mark.parametrize(
    "number", [GIVEN["id_number"], GIVEN["id_number"].lower(), PHONE, f"+86 {PHONE}", "139-0000-1234"]
)
def test_a_person_is_found_by_number_in_any_spelling(small: SmallCounty, number: str) -> None:
    person = recorded(small)
    assert person_actions.look_up(small.call("village_clerk"), number=number).values["person"] == person.pk


@pytest.mark.parametrize("number", ["13900001235", made_id(2), "x", NAME])
def test_another_number_finds_nobody(small: SmallCounty, number: str) -> None:
    recorded(small)
    assert person_actions.look_up(small.call("village_clerk"), number=number).values["person"] is None


def test_who_is_outside_ones_scope_is_answered_like_nobody(small: SmallCounty, neighbour: SmallCounty) -> None:
    recorded(small)
    for who in ("officer", "other_officer"):
        assert person_actions.look_up(small.call(who), number=PHONE).values["person"] is None
    assert person_actions.look_up(neighbour.call("village_clerk"), number=PHONE).values["person"] is None
    assert not person_actions.look_up(small.call("supervisor"), number=PHONE).outcome


@pytest.mark.parametrize(
    ("who", "sees"),
    [("village_clerk", True), ("town_clerk", True), ("officer", False), ("supervisor", False), ("system_admin", False),
     ("security_admin", False), ("audit_admin", False), ("public", False)],
)  # fmt: skip
def test_only_village_and_town_know_their_residents(small: SmallCounty, who: str, sees: bool) -> None:
    person = recorded(small)
    assert (persons.seen_by(small.actor(who), person.pk) is not None) is sees
    call = small.call(who)
    result = person_actions.reveal(call, person=person.pk, field="phone", purpose="核对申请人联系方式")
    assert bool(result.outcome) is sees


def test_a_department_sees_whom_it_was_told_of_and_the_one_it_recorded(small: SmallCounty) -> None:
    person = recorded(small)
    share = {"person": person.pk, "unit": "market", "purpose": "办理经营登记"}
    assert not person_actions.share(small.call("officer"), **share).outcome
    assert person_actions.share(small.call("village_clerk"), **share).outcome
    assert persons.seen_by(small.actor("officer"), person.pk) is not None
    assert persons.seen_by(small.actor("other_officer"), person.pk) is None
    own = recorded(small, "officer", id_number=made_id(3), phone="13900004321", place="west")
    assert persons.seen_by(small.actor("officer"), own.pk) is not None
    assert persons.seen_by(small.actor("village_clerk"), own.pk) is None


def test_a_village_does_not_record_for_another_place(small: SmallCounty) -> None:
    result = person_actions.record(small.call("village_clerk"), **(GIVEN | {"place": "west"}))
    assert result.outcome.reasons[0].code == "outside_scope"


def test_showing_a_field_is_written_down_and_the_value_is_not(small: SmallCounty) -> None:
    person = recorded(small)
    call = small.call("village_clerk")
    result = person_actions.reveal(call, person=person.pk, field="id_number", purpose="核对申请人身份")
    entry = Entry.objects.get(pk=result.entry_id)
    assert json.loads(entry.content)["facts"] == {"purpose": "核对申请人身份"} and result.values == {
        "field": "id_number"
    }
    shown = persons.revealed(call.actor, person.pk, result.entry_id, NOW)
    assert shown == ("id_number", GIVEN["id_number"])


def test_what_was_shown_is_shut_to_others_later_and_for_other_persons(small: SmallCounty) -> None:
    person, other = recorded(small), recorded(small, id_number=made_id(2), phone="13900009999")
    call = small.call("village_clerk")
    entry = person_actions.reveal(call, person=person.pk, field="phone", purpose="通知补正材料").entry_id
    late = NOW + settings.LUOSHI_REVEALED_FOR
    assert persons.revealed(call.actor, person.pk, entry, late) is not None
    assert persons.revealed(call.actor, person.pk, entry, late + dt.timedelta(seconds=1)) is None
    assert persons.revealed(call.actor, other.pk, entry, NOW) is None
    assert persons.revealed(small.actor("town_clerk"), person.pk, entry, NOW) is None
    recording = Entry.objects.filter(action="person.record").first()
    assert recording is not None and persons.revealed(call.actor, person.pk, recording.pk, NOW) is None


def test_a_refused_look_opens_nothing(small: SmallCounty) -> None:
    person = recorded(small)
    call = small.call("officer")
    entry = person_actions.reveal(call, person=person.pk, field="phone", purpose="通知补正材料").entry_id
    assert persons.revealed(call.actor, person.pk, entry, NOW) is None


@pytest.mark.parametrize("purpose", ["", "看看", f"核对{NAME}的身份", f"打电话 {PHONE}", f"号码 {GIVEN['id_number']}"])
def test_a_purpose_is_stated_and_holds_no_personal_data(small: SmallCounty, purpose: str) -> None:
    person = recorded(small)
    with pytest.raises(Problem) as caught:
        person_actions.reveal(small.call("village_clerk"), person=person.pk, field="phone", purpose=purpose)
    assert caught.value.place == "purpose" and caught.value.status == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id_number", made_id(1)[:-1] + ("0" if made_id(1)[-1] != "0" else "1")),
        ("phone", "12345"),
        ("name", " "),
        ("name", "演" * 51),
    ],
)
def test_bad_personal_data_names_the_field_and_never_repeats_it(small: SmallCounty, field: str, value: str) -> None:
    with pytest.raises(Problem) as caught:
        person_actions.record(small.call("village_clerk"), **(GIVEN | {field: value}))
    assert caught.value.place == field
    assert value.strip() == "" or value not in caught.value.words.zh + caught.value.words.en


def test_the_same_number_is_not_recorded_twice(small: SmallCounty, neighbour: SmallCounty) -> None:
    recorded(small)
    twice = person_actions.record(small.call("village_clerk"), **(GIVEN | {"phone": ""}))
    assert twice.outcome.reasons[0].code == "person_exists"
    assert recorded(neighbour)  # another county is another list


def test_a_correction_moves_the_index_and_writes_no_value(small: SmallCounty) -> None:
    person = recorded(small)
    new = "13700007777"
    given = {"person": person.pk, "field": "phone", "value": new, "checked_against": "本人来电并核对身份证原件"}
    assert person_actions.correct(small.call("town_clerk"), **given).outcome
    assert person_actions.look_up(small.call("town_clerk"), number=new).values["person"] == person.pk
    assert person_actions.look_up(small.call("town_clerk"), number=PHONE).values["person"] is None
    assert not person_actions.correct(small.call("town_clerk"), **given).outcome  # the same as before
    assert not person_actions.correct(small.call("officer"), **(given | {"value": "13700007778"})).outcome


def test_a_correction_does_not_take_anothers_number(small: SmallCounty) -> None:
    recorded(small)
    other = recorded(small, id_number=made_id(2), phone="")
    given = {"person": other.pk, "field": "id_number", "value": made_id(1), "checked_against": "居民身份证原件"}
    assert person_actions.correct(small.call("town_clerk"), **given).outcome.reasons[0].code == "person_exists"


def test_anothers_county_person_is_not_there(small: SmallCounty, neighbour: SmallCounty) -> None:
    theirs = recorded(neighbour)
    assert not PERSON.visible(small.actor("village_clerk"), Person.objects.all()).exists()
    with pytest.raises(Problem) as caught:
        person_actions.reveal(small.call("village_clerk"), person=theirs.pk, field="phone", purpose="核对申请人身份")
    assert caught.value.status == 404


@pytest.mark.django_db(transaction=True)
def test_no_plain_value_is_in_the_database_its_file_or_a_log(capfd: pytest.CaptureFixture[str]) -> None:
    small = make_county("small")
    person = recorded(small)
    new_phone = "13700007777"
    person_actions.look_up(small.call("village_clerk"), number=GIVEN["id_number"])
    person_actions.reveal(small.call("village_clerk"), person=person.pk, field="name", purpose="核对申请人身份")
    person_actions.correct(
        small.call("village_clerk"), person=person.pk, field="phone", value=new_phone, checked_against="本人来电核对"
    )
    with pytest.raises(Problem):
        person_actions.record(small.call("village_clerk"), **(GIVEN | {"id_number": GIVEN["id_number"][:-1] + "?"}))
    secrets = [NAME, GIVEN["id_number"], PHONE, ADDRESS, new_phone]
    dump = _dump()
    assert str(person.pk) in dump and "aesgcm1:" in dump, "the dump holds the rows"
    assert [s for s in secrets if s in dump] == []
    raw = _raw_files()
    assert [s for s in secrets if s.encode() in raw or s.encode("utf-16-le") in raw] == []
    assert raw == b"" or b"aesgcm1:" in raw
    said = capfd.readouterr()
    assert [s for s in secrets if s in said.out + said.err] == []


@pytest.mark.parametrize("json_lines", [False, True])
def test_a_fault_of_ours_leaves_no_personal_data_in_the_log(
    small: SmallCounty, json_lines: bool, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A traceback with local variables would print what the action was working on."""
    import logging

    from luoshi.site import logs

    def broken(*_: object) -> None:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr(Person, "save", broken)
    before = logging.getLogger().handlers
    logs.configuration(json_lines=json_lines)
    try:
        person_actions.record(small.call("village_clerk"), **GIVEN)
    except RuntimeError:
        logging.getLogger("django.request").exception("Internal Server Error: /persons/new")
    finally:
        logging.getLogger().handlers = before
        logs.configuration(json_lines=False)
        logging.getLogger().handlers = before
    said = capfd.readouterr().err
    assert "on fire" in said and "person_actions.py" in said
    assert [s for s in (NAME, GIVEN["id_number"], PHONE, ADDRESS) if s in said] == []


def _dump() -> str:
    """Return every value of every table as text."""
    said: list[str] = []
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - _views_of_an_index(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            said.extend(str(row) for row in cursor.fetchall())
    return "\n".join(said)


def _views_of_an_index(cursor: Any) -> set[str]:
    """Return virtual tables, which only show what other tables hold and cannot all be read."""
    if connection.vendor != "sqlite":
        return set()
    cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'")
    return {name for (name,) in cursor.fetchall()}


def _raw_files() -> bytes:
    """Return the bytes of the embedded database with its write-ahead log; nothing for a server."""
    if connection.vendor != "sqlite":
        return b""
    name = str(connection.settings_dict["NAME"])
    return b"".join(Path(p).read_bytes() for p in (name, f"{name}-wal") if Path(p).exists())
