"""The value in force in a county on a day: the county's own dated value over the packaged one.

Subjects and pages ask here, so that a ruling of the county (``reading.rule``) is honoured wherever the value is used.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from luoshi.office import register
from luoshi.office.people.models import County
from luoshi.office.plans.models import DatedValue


@dataclass(frozen=True, slots=True)
class ValueInForce:
    """A value with its ground. ``own``: the county set it; ``reason`` and ``decided_by`` say why, by whom."""

    key: str
    value: Any
    unit: str | None
    from_on: dt.date
    own: bool
    clause: str = ""
    reading: str = ""
    law: str = ""
    reason: str = ""
    decided_by: str = ""


def value_on(county: County | int, subject: str, key: str, day: dt.date) -> ValueInForce:
    """Return the value of ``key`` in force in a county on ``day``.

    A county's value holds from its day until the county sets a later one; a packaged value that begins after it does
    not displace it. ``KeyError`` where neither the county nor the package has a value on that day.
    """
    county_id = county.pk if isinstance(county, County) else county
    row = (
        DatedValue.objects.filter(county_id=county_id, subject=subject, key=key, from_on__lte=day)
        .order_by("-from_on", "-pk")
        .first()
    )
    if row is not None:
        unit = _packaged_unit(subject, key)
        return ValueInForce(
            key, row.value, unit, row.from_on, True, clause=row.clause_id, reason=row.reason, decided_by=row.decided_by
        )
    found = register.value_on(subject, key, day)
    return ValueInForce(
        key, found.value, found.unit, found.from_on, False,
        clause=found.clause or "", reading=found.reading or "", law=found.law or "",
    )  # fmt: skip


def _packaged_unit(subject: str, key: str) -> str | None:
    try:
        return register.values(subject)[key][-1].unit
    except KeyError:
        return None
