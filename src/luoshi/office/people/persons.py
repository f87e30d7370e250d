"""Natural persons as pages and the API may show them: masked. The whole value of one field needs ``person.reveal``."""

import contextlib
import datetime as dt
import json

from django.conf import settings

from luoshi.core import identity
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Actor, Where
from luoshi.office.journal.models import Entry
from luoshi.office.people.models import Person, PersonConcern
from luoshi.office.people.readables import PERSON
from luoshi.office.vault import blind_index

FIELDS: dict[str, Words] = {
    "name": Words("姓名", "Name"),
    "id_number": Words("公民身份号码", "ID number"),
    "phone": Words("手机号", "Telephone"),
    "address": Words("住址", "Address"),
}
INDEXED = {"id_number": "id_index", "phone": "phone_index"}


def seen_by(actor: Actor, person_id: int) -> Person | None:
    """Return the person if this actor may see the masked record, else None."""
    return PERSON.visible(actor, Person.objects.select_related("place")).filter(pk=person_id).first()


def find(actor: Actor, number: str) -> Person | None:
    """Look a person up by ID number or telephone through the blind index, among those the actor may see."""
    rows = PERSON.visible(actor, Person.objects.select_related("place"))
    for field, value in _readings(number).items():
        found = rows.filter(**{INDEXED[field]: blind_index(value, f"person.{field}")}).order_by("pk").first()
        if found is not None:
            return found
    return None


def _readings(number: str) -> dict[str, str]:
    """Return what a number may be, by field: an ID number as typed, and a telephone number in its one spelling."""
    found = {"id_number": number}
    with contextlib.suppress(Problem):
        found["phone"] = identity.check_phone(number).value
    return found if identity.normalise(number) else {}


def where(person: Person) -> Where:
    """Return where a person stands: the units that have to do with the person, and the place of residence."""
    units = frozenset(person.concerns.values_list("unit_id", flat=True))
    return Where(person.county_id, units, person.place.path if person.place else None)


def concern(person: Person, unit_id: int, purpose: str, since_on: dt.date) -> bool:
    """Let a unit's people see a person's masked record, for a purpose. Call inside an action; True when it is new."""
    _, made = PersonConcern.objects.get_or_create(
        person=person, unit_id=unit_id,
        defaults={"county_id": person.county_id, "purpose": purpose, "since_on": since_on},
    )  # fmt: skip
    return made


def revealed(actor: Actor, person_id: int, entry_id: int, now: dt.datetime) -> tuple[str, str] | None:
    """Return (field, whole value) that the journal entry ``entry_id`` let this account see, for some minutes.

    The value is read from the record, never from the journal. None for another account's entry, another person's, an
    old one, or when the actor may no longer see the person.
    """
    entry = Entry.objects.filter(
        pk=entry_id, county_id=actor.county_id, action="person.reveal", outcome="granted",
        account_id=actor.account_id, subject_id=str(person_id),
    ).first()  # fmt: skip
    if (
        entry is None
        or actor.account_id is None
        or not dt.timedelta(0) <= now - entry.at <= settings.LUOSHI_REVEALED_FOR
    ):
        return None
    person = seen_by(actor, person_id)
    field = str(json.loads(entry.content)["values"]["field"])
    return None if person is None or field not in FIELDS else (field, getattr(person, field))
