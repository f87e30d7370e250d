"""How a person looks to everybody who may see the record at all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from luoshi.core import identity
from luoshi.core.words import Words

_MASKS: dict[str, Callable[[str], str]] = {
    "name": identity.mask_name,
    "id_number": identity.mask_resident_id,
    "phone": identity.mask_phone,
    "address": lambda value: "*" * min(len(value), 6),
}


@dataclass(frozen=True, slots=True)
class Masked:
    """A person as everybody sees who may see the record at all."""

    pk: int
    name: str
    id_number: str
    phone: str
    address: str
    place: Words | None

    def as_json(self) -> dict[str, object]:
        """Return the masked person as the API gives it."""
        return {
            "id": self.pk, "name": self.name, "id_number": self.id_number, "phone": self.phone,
            "address": self.address, "place": self.place.as_json() if self.place else None,
        }  # fmt: skip


def masked(person: Any) -> Masked:
    """Return a person with every field masked. Give ``select_related("place")`` rows."""
    shown = {name: mask(getattr(person, name)) for name, mask in _MASKS.items()}
    place = Words(person.place.name_zh, person.place.name_en) if person.place else None
    return Masked(pk=person.pk, place=place, **shown)
