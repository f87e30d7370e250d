"""The implementation notice: who a confirmed document is addressed to is told once that it is to be carried out.

GAZ-N-7: where the notice asks its recipients to carry it out, every recipient unit gets one message. A printed
recipient that names no unit of the county (县直各有关部门) is told to nobody and reported as not known.
"""

from dataclasses import dataclass

from luoshi.core.calendar import default_calendar
from luoshi.gazette.naming import Names
from luoshi.gazette.publication import enclosures, forwarding, stating
from luoshi.office.actions import Call
from luoshi.office.notices import outbox
from luoshi.office.people.models import Unit
from luoshi.office.plans.models import Document


@dataclass(frozen=True, slots=True)
class Told:
    """Which units are told (ids), and which printed recipients name no unit."""

    units: tuple[int, ...]
    unknown: tuple[str, ...]


def notify(call: Call, document: Document, names: Names, ids: dict[str, int]) -> Told:
    """Put one message for each recipient unit into the outbox; doing it again sends nothing twice."""
    asked = request_of(document)
    if not asked:
        return Told((), ())
    told = recipients(document, names, ids)
    when = outbox.quiet_until(call.now, default_calendar())
    payload = {
        "document": document.code, "zh": document.title_zh, "en": document.title_en or document.title_zh,
        "asked": asked, "address": f"/d/{document.code}/",
    }  # fmt: skip
    for unit_id in told.units:
        outbox.enqueue(
            call, f"implement:{document.pk}:{unit_id}", "implement", payload, unit_id=unit_id, not_before=when
        )
    return told


def request_of(document: Document) -> str:
    """Return the words that ask for it to be carried out, or an empty text."""
    start, end = stating.own_span(document)
    text = stating.shown_text(document, start, end)
    found = forwarding.execution_request(text, start, enclosures.notice_end(text, document.title_zh, start, end))
    return found.words if found else ""


def recipients(document: Document, names: Names, ids: dict[str, int]) -> Told:
    """Return the units the printed recipients mean on the document's day; a collective stands for its members."""
    codes = {printed: names.resolve(printed, document.issued_on) for printed in document.recipients}
    wanted = {printed: ids[code] for printed, code in codes.items() if code is not None and code in ids}
    rows = {u.pk: u for u in Unit.objects.filter(pk__in=set(wanted.values())).prefetch_related("members")}
    found: dict[int, None] = {}
    unknown = [printed for printed in codes if printed not in wanted]
    for printed, pk in wanted.items():
        unit = rows[pk]
        members = [m.pk for m in unit.members.all()] if unit.collective else [pk]
        found |= dict.fromkeys(members)
        if not members:
            unknown.append(printed)
    return Told(tuple(found), tuple(unknown))
