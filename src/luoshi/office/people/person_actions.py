"""Recording, looking up, showing and correcting personal data. Each is an action, and no value enters the journal.

Sources: PIPL 6 (least necessary), 45 and 46 (see, copy, correct after checking); DOMAIN 12 and 13.
"""

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import Field, SecretStr

from luoshi.core import identity
from luoshi.core.outcome import Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.people import persons
from luoshi.office.people.actions import missing
from luoshi.office.people.models import County, Person, Place, Unit
from luoshi.office.people.readables import PEOPLE_WORKERS
from luoshi.office.people.secret import Secret, empty
from luoshi.office.vault import blind_index

Purpose = Annotated[str, Field(min_length=4, max_length=200)]
FieldName = Literal["name", "id_number", "phone", "address"]
_LONG_NUMBER = re.compile(r"\d{7,}")


class Record(Inputs):
    """A person: name, numbers, where the person lives, and for what the county needs to know."""

    name: Secret
    place: Annotated[str, Field(max_length=60)]
    purpose: Purpose
    id_number: Secret = empty()
    phone: Secret = empty()
    address: Secret = empty()


class LookUp(Inputs):
    """An ID number or a telephone number."""

    number: Secret


class Reveal(Inputs):
    """One field of one person, and what it is needed for."""

    person: int
    field: FieldName
    purpose: Purpose


class Correct(Inputs):
    """One field of one person, what is right, and on which document it was checked."""

    person: int
    field: FieldName
    value: Secret
    checked_against: Purpose


class Share(Inputs):
    """A unit that has to do with the person from now on, and for what."""

    person: int
    unit: Annotated[str, Field(max_length=60)]
    purpose: Purpose


def _place(call: Call, inputs: Record) -> Place:
    place = Place.objects.filter(county_id=call.actor.county_id, code=inputs.place).first()
    if place is None:
        raise missing("place", f"地名“{inputs.place}”", f"place {inputs.place!r}")
    return place


def _place_where(place: Place) -> Where:
    # A department without a place of its own records a person anywhere in the county; it then has to do with them.
    return Where(place.county_id, place_path=place.path)


def _person(call: Call, inputs: Reveal | Correct | Share) -> Person:
    rows = Person.objects.select_for_update(of=("self",)).select_related("place")
    person = rows.filter(county_id=call.actor.county_id, pk=inputs.person).first()
    if person is None:
        raise missing("person", "这个人", "person")
    return person


@action(
    "person.record", Words("登记个人信息", "Record a person"),
    subject="person",
    grants={"village_clerk": "place", "town_clerk": "place", "officer": "county", "leading_office": "county"},
    inputs=Record, load=_place, where=_place_where,
)  # fmt: skip
def record(call: Call, place: Place, inputs: Record) -> Done | Refused:
    """Write a person down, checked and encrypted. A unit that records one outside its place has to do with them."""
    values = {name: _checked(name, getattr(inputs, name), call.today) for name in persons.FIELDS if name != "name"} | {
        "name": _checked("name", inputs.name, call.today)
    }
    _require_clean(inputs.purpose, "purpose", values.values())
    person = Person(county_id=place.county_id, place=place, **values, **_indexes(values))
    if person.id_index and Person.objects.filter(county_id=place.county_id, id_index=person.id_index).exists():
        return refuse("person_exists", "这个公民身份号码已登记过。", "This ID number is recorded already.",
                      Words("请用号码查找；查不到说明不在您的范围内，请联系村、镇。",
                            "Look it up; one not found is outside your scope: ask village or town."))  # fmt: skip
    person.save()
    if call.actor.unit_id and not _covers(call.actor.place_path, place):
        persons.concern(person, call.actor.unit_id, inputs.purpose, call.today)
    after = {"fields": sorted(k for k, v in values.items() if v), "place": place.code}
    return Done(
        Words(f"登记个人信息（编号{person.pk}）", f"Recorded person {person.pk}"),
        after=after, facts={"purpose": inputs.purpose}, values={"person": person.pk}, subject_id=person.pk,
    )  # fmt: skip


def _covers(path: str | None, place: Place) -> bool:
    return bool(path) and (place.path == path or place.path.startswith(f"{path}/"))


def _indexes(values: dict[str, str]) -> dict[str, str]:
    return {index: blind_index(values[f], f"person.{f}") for f, index in persons.INDEXED.items() if f in values}


def _checked(field: str, secret: SecretStr, today: dt.date) -> str:
    """Return the value in its one spelling; a ``Problem`` names the field and never repeats the value."""
    text = secret.get_secret_value().strip()
    try:
        if field == "id_number" and text:
            return identity.check_resident_id(text, as_of=today).value
        if field == "phone" and text:
            return identity.check_phone(text).value
    except Problem as fault:
        raise Problem(field, fault.words, fault.remedy, status=422) from None
    longest = {"name": 50, "address": 200}.get(field, 40)
    if len(text) > longest or (field == "name" and not text):
        raise Problem(
            field,
            Words(f"请填写，不超过{longest}个字。", f"Fill it in, with at most {longest} characters."),
            Words("请改正后重新提交。", "Correct it and send it again."),
            status=422,
        )
    return text


def _require_clean(text: str, place: str, values: object = ()) -> None:
    """Refuse personal data in a text that goes into the journal as it stands."""
    said = any(len(str(v)) > 1 and str(v) in text for v in values)  # type: ignore[attr-defined]
    if said or identity.find_identity_numbers(text) or _LONG_NUMBER.search(text):
        raise Problem(
            place,
            Words(
                "用途和依据会留痕，不要写姓名、号码。", "This text is kept in the journal; leave names and numbers out."
            ),
            Words("请只写用来做什么。", "Say only what it is for."),
            status=422,
        )


@action(
    "person.look_up", Words("按号码查找", "Look a person up"),
    subject="person", grants={role: "county" for role in PEOPLE_WORKERS}, inputs=LookUp,
    load=lambda call, inputs: County.objects.get(pk=call.actor.county_id), where=lambda county: Where(county.pk),
)  # fmt: skip
def look_up(call: Call, county: County, inputs: LookUp) -> Done:
    """Find a person by number among those the actor may see. Others are answered like none at all."""
    found = persons.find(call.actor, inputs.number.get_secret_value())
    person_id = found.pk if found else None
    zh, en = (f"查到编号{person_id}", f"found person {person_id}") if found else ("没有查到", "nobody found")
    return Done(
        Words(f"按号码查找：{zh}", f"Look-up by number: {en}"), values={"person": person_id}, subject_id=person_id or ""
    )


@action(
    "person.reveal", Words("显示个人信息", "Show a person's data"),
    subject="person", grants=PEOPLE_WORKERS, inputs=Reveal, load=_person, where=persons.where,
)  # fmt: skip
def reveal(call: Call, person: Person, inputs: Reveal) -> Done:
    """Grant a look at one field for a stated purpose. The value itself is fetched with ``persons.revealed``."""
    _require_clean(inputs.purpose, "purpose", [getattr(person, f) for f in persons.FIELDS])
    field = persons.FIELDS[inputs.field]
    return Done(
        Words(f"显示编号{person.pk}的{field.zh}", f"Showed person {person.pk}: {field.en}"),
        facts={"purpose": inputs.purpose}, values={"field": inputs.field},
    )  # fmt: skip


@action(
    "person.correct", Words("更正个人信息", "Correct a person's data"),
    subject="person", grants=PEOPLE_WORKERS, inputs=Correct, load=_person, where=persons.where,
)  # fmt: skip
def correct(call: Call, person: Person, inputs: Correct) -> Done | Refused:
    """Put a field right after checking it against a document (PIPL 46)."""
    value = _checked(inputs.field, inputs.value, call.today)
    _require_clean(inputs.checked_against, "checked_against", [value, *(getattr(person, f) for f in persons.FIELDS)])
    if value == getattr(person, inputs.field):
        return refuse("same", "与现有内容一样。", "It is the same as before.")
    indexes = _indexes({inputs.field: value})
    taken = Person.objects.filter(county_id=person.county_id, id_index=indexes.get("id_index", "-")).exclude(
        pk=person.pk
    )
    if indexes.get("id_index") and taken.exists():
        return refuse("person_exists", "这个公民身份号码已登记过。", "This ID number is recorded already.")
    for name, new in ({inputs.field: value} | indexes).items():
        setattr(person, name, new)
    person.save(update_fields=[inputs.field, *indexes])
    field = persons.FIELDS[inputs.field]
    return Done(
        Words(f"更正编号{person.pk}的{field.zh}", f"Corrected person {person.pk}: {field.en}"),
        facts={"checked_against": inputs.checked_against}, after={"field": inputs.field},
    )  # fmt: skip


@action(
    "person.share", Words("告知相关单位", "Share a person's record"),
    subject="person", grants=PEOPLE_WORKERS, inputs=Share, load=_person, where=persons.where,
)  # fmt: skip
def share(call: Call, person: Person, inputs: Share) -> Done | Refused:
    """Let another unit see the masked record because it has to do with the person from now on."""
    _require_clean(inputs.purpose, "purpose", [getattr(person, f) for f in persons.FIELDS])
    unit = Unit.objects.filter(county_id=person.county_id, code=inputs.unit, collective=False).first()
    if unit is None:
        raise missing("unit", f"单位“{inputs.unit}”", f"unit {inputs.unit!r}")
    if not persons.concern(person, unit.pk, inputs.purpose, call.today):
        return refuse("shared", "这个单位已经可以看到。", "This unit can see it already.")
    return Done(
        Words(f"编号{person.pk}告知{unit.short_zh}", f"Shared person {person.pk} with {unit.name_en}"),
        facts={"purpose": inputs.purpose}, after={"unit": unit.code},
    )  # fmt: skip
