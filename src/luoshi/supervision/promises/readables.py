"""Who may read what of this part. What is promised to the public is open to all; a clue is read at its desk only."""

from django.db.models import QuerySet

from luoshi.core.words import Words
from luoshi.office.access import Actor, Grants, Readable
from luoshi.office.evidence import attach
from luoshi.office.people.models import Appointment
from luoshi.supervision.promises.models import Clue

DECIDERS: Grants = {"disclosure_officer": "county", "county_head": "county"}
"""Who decides what of the plans the public sees."""
NOTERS: Grants = {"disclosure_officer": "county", "supervisor": "county", "leading_office": "unit"}
DESK: Grants = {"supervisor": "unit", "auditor": "unit", "county_head": "unit"}
"""Who looks into clues: only those that came to the unit they sit in."""

PROMISE = Readable("promise", Words("公开承诺", "Public promise"), {"public": "public"})
PUBLICITY = Readable(
    "publicity",
    Words("承诺公开情况", "What is shown to the public"),
    {**DECIDERS, **dict.fromkeys(NOTERS, "county"), "auditor": "county"},
)


class ClueReadable(Readable):
    """Clues are read within the unit they came to, and by nobody who holds a post in a unit they are about."""

    def visible(self, actor: Actor, rows: QuerySet[Clue]) -> QuerySet[Clue]:  # type: ignore[override]
        """Return the clues this actor may read."""
        mine = super().visible(actor, rows)
        return mine.exclude(complained__in=units_of(actor))


def units_of(actor: Actor) -> set[int]:
    """Return every unit in which the actor's account holds, held or will hold a post; the acting one among them."""
    held = Appointment.objects.filter(account_id=actor.account_id or 0).values_list("post__unit_id", flat=True)
    return {*held, *([actor.unit_id] if actor.unit_id else [])}


CLUE = ClueReadable("clue", Words("问题线索", "Clue"), DESK, lookups={"unit": "unit_id"})
attach.hold("clue", CLUE, Clue.objects.all, closed=True)
