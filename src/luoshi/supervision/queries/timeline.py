"""What happened so far: journal entries of some subjects as lines a person reads, newest first."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from luoshi.core.words import Words
from luoshi.office.journal.models import Entry
from luoshi.office.people.models import Account, Unit
from luoshi.office.people.roles import ROLES

Subject = tuple[str, object]


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as the time line shows it. ``id`` is the entry's, by which older ones are asked for."""

    id: int
    at: dt.datetime
    words: Words
    by: Words
    outcome: str
    clauses: tuple[str, ...]
    note: Words | None


def told(
    county_id: int, subjects: Iterable[Subject], before: int | None = None, limit: int = 60,
    until: dt.datetime | None = None,
) -> list[Told]:  # fmt: skip
    """Return the entries of these subjects, newest first. The caller has made sure that the subjects may be read.

    ``before`` is an entry's id, ``until`` a moment: what happened earlier than these.
    """
    wanted = Q()
    for kind, ids in _by_kind(subjects).items():
        wanted |= Q(subject_kind=kind, subject_id__in=ids)
    if not wanted:
        return []
    rows = Entry.objects.filter(wanted, county_id=county_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if until is not None:
        rows = rows.filter(at__lt=until)
    entries = list(rows.order_by("-pk")[:limit])
    accounts = dict(Account.objects.filter(pk__in={e.account_id for e in entries}).values_list("pk", "display_name"))
    units = {u.pk: u.words for u in Unit.objects.filter(pk__in={e.unit_id for e in entries})}
    return [_told(e, json.loads(e.content), accounts, units) for e in entries]


def _by_kind(subjects: Iterable[Subject]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, subject_id in subjects:
        found.setdefault(kind, []).append(str(subject_id))
    return found


def _told(entry: Entry, content: dict[str, Any], accounts: dict[int, str], units: dict[int, Words]) -> Told:
    reasons = content.get("reasons", [])
    note = None
    if reasons:
        note = Words("；".join(r["words"]["zh"] for r in reasons), "; ".join(r["words"]["en"] for r in reasons))
    role = ROLES[content["actor"]["role"]].words
    nobody = Words("", "")
    unit = nobody if content["actor"]["role"] == "system" else units.get(entry.unit_id or 0, nobody)
    name = accounts.get(entry.account_id or 0, "")
    by = Words(" ".join(filter(None, (unit.zh, role.zh, name))), " ".join(filter(None, (unit.en, role.en, name))))
    clauses = tuple(content.get("clauses", ())) or tuple(c for r in reasons for c in r["clauses"])
    shown = tuple(dict.fromkeys(clauses))
    return Told(entry.pk, entry.at, Words(**content["summary"]), by, entry.outcome, shown, note)
