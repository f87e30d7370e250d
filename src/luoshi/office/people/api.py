"""What the API gives out about people: accounts without personal data, and persons masked."""

from luoshi.office.people.models import Account, Appointment, Person, Unit
from luoshi.office.people.readables import ACCOUNT, APPOINTMENT, PERSON, UNIT
from luoshi.office.resources import Resource

RESOURCES = (
    Resource("units", UNIT, Unit.objects.all, ("code", "name_zh", "short_zh", "name_en", "kind", "valid_to")),
    Resource("accounts", ACCOUNT, Account.objects.all, ("username", "display_name", "is_active", "last_login")),
    Resource(
        "appointments",
        APPOINTMENT,
        lambda: Appointment.objects.select_related("post__unit"),
        ("account_id", "post_id", "post.role", "post.unit.code", "from_on", "to_on"),
        {"account": "account_id", "post": "post_id"},
    ),
    Resource(
        "persons",
        PERSON,
        lambda: Person.objects.select_related("place"),
        ("masked.name", "masked.id_number", "masked.phone", "place.code"),
    ),
)
