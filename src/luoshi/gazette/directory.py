"""The county's directory as naming and matching want it: one query each, for one import."""

import datetime as dt
from collections.abc import Mapping, Sequence

from luoshi.gazette.matching import PlanKey
from luoshi.gazette.naming import Name, Names
from luoshi.office import register
from luoshi.office.people.models import County, Unit, UnitName
from luoshi.office.plans.models import Plan

GENERAL = "general"
"""The subject of a plan that was made from a gazette and has no packaged data."""


def names_of(county: County) -> Names:
    """Return every name of the county's units, dated."""
    rows = UnitName.objects.filter(county=county).values_list("name", "unit__code", "valid_from", "valid_to")
    named = [Name(*row) for row in rows]
    own = Unit.objects.filter(county=county).values_list("name_zh", "short_zh", "code")
    named += [Name(name, code) for zh, short, code in own for name in {zh, short}]
    return Names(county.name_zh, tuple(named))


def unit_ids(county: County) -> dict[str, int]:
    """Return the id of every unit by code."""
    return dict(Unit.objects.filter(county=county).values_list("code", "pk"))


def is_packaged(county: County, subject: str) -> bool:
    """Tell whether a subject's register belongs to this county."""
    return (
        county.code in register.counties()
        and subject in register.SUBJECTS
        and register.plan(subject).county == county.code
    )


def local_names(county: County, subject: str) -> Mapping[str, str]:
    """Return the names that mean a unit in this subject's text only."""
    return register.names(subject) if is_packaged(county, subject) else {}


def plans_of(county: County) -> list[Plan]:
    """Return the county's plans; the gazette's own series is no document."""
    return list(Plan.objects.filter(county=county).exclude(subject="gazette").order_by("pk"))


def plan_keys(county: County, names: Names, plans: Sequence[Plan] | None = None) -> list[PlanKey]:
    """Return what tells the county's plans from each other."""
    keys = []
    for plan in plans_of(county) if plans is None else plans:
        issuers: frozenset[str] = frozenset()
        day: dt.date | None = plan.from_on
        if is_packaged(county, plan.subject):
            data = register.plan(plan.subject)
            day = data.issued_on
            issuers = frozenset(row.name for row in names.rows if row.unit == data.issuer)
        keys.append(PlanKey(plan.code, plan.name_zh, issuers, day))
    return keys
