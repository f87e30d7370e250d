"""Who may do and see what: roles, scopes, and the complete matrix of both.

Every action and every readable kind of record declares its grants (role → scope) beside itself and is listed
here when its module loads, so that the whole matrix can be printed and tested.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from luoshi.core.outcome import Granted, Outcome, Reason, Refused
from luoshi.core.words import Words
from luoshi.office.people.roles import ROLES, SCOPES, Scope

Grants = Mapping[str, Scope]
M = TypeVar("M", bound=Model)

# What a grant of one scope covers, as the relation in which a record may stand to the actor.
REACH: dict[Scope, frozenset[Scope]] = {
    "own": frozenset({"own"}),
    "unit": frozenset({"own", "unit"}),
    "place": frozenset({"own", "unit", "place"}),
    "county": frozenset({"own", "unit", "place", "county"}),
    "public": frozenset(SCOPES),
}
SCOPE_WORDS: dict[Scope, Words] = {
    "own": Words("本人", "own"),
    "unit": Words("本单位", "own unit"),
    "place": Words("本辖区", "own place"),
    "county": Words("全县", "whole county"),
    "public": Words("公开", "public"),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: one account in one post, or the system, or the public."""

    county_id: int
    role: str
    account_id: int | None = None
    post_id: int | None = None
    unit_id: int | None = None
    place_path: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the actor as the journal records it."""
        return {"account": self.account_id, "post": self.post_id, "unit": self.unit_id, "role": self.role}


@dataclass(frozen=True, slots=True)
class Where:
    """Where a record stands: its county, the units it concerns, its place, its owner."""

    county_id: int
    unit_ids: frozenset[int] = frozenset()
    place_path: str | None = None
    account_id: int | None = None


def relation(actor: Actor, where: Where) -> Scope | None:
    """Return the closest relation in which the record stands to the actor; None in another county."""
    if actor.county_id != where.county_id:
        return None
    if where.account_id is not None and where.account_id == actor.account_id:
        return "own"
    if actor.unit_id is not None and actor.unit_id in where.unit_ids:
        return "unit"
    if actor.place_path and where.place_path and _inside(where.place_path, actor.place_path):
        return "place"
    return "county"


def _inside(path: str, above: str) -> bool:
    return path == above or path.startswith(above + "/")


def may(actor: Actor, grants: Grants, where: Where) -> Outcome:
    """Answer whether the grants let this actor reach that record."""
    grant = grants.get(actor.role) or grants.get("public")
    stands = relation(actor, where)
    if grant is not None and stands is not None and stands in REACH[grant]:
        return Granted()
    role = ROLES[actor.role].words
    if grant is None or stands is None:
        others = [ROLES[r].words for r in grants]
        who = Words("、".join(w.zh for w in others) or "无", ", ".join(w.en for w in others) or "nobody")
        return Refused((Reason(
            "role_may_not",
            Words(f"“{role.zh}”没有这项权限。", f"The role “{role.en}” may not do this."),
            Words(f"可由{who.zh}办理。", f"It can be done by: {who.en}."),
        ),))  # fmt: skip
    reach = SCOPE_WORDS[grant]
    return Refused((Reason(
        "outside_scope",
        Words(f"“{role.zh}”只能办理{reach.zh}的事项。", f"The role “{role.en}” reaches only: {reach.en}."),
        Words("请由事项所属单位或上级办理。", "Ask the unit concerned or the level above."),
    ),))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Readable:
    """A kind of record that can be read, and how each scope finds its rows.

    ``lookups`` maps a scope to the field path that must match: ``unit`` to a unit id, ``place`` to a place path,
    ``own`` to an account id. A scope without a look-up finds nothing.
    """

    name: str
    words: Words
    grants: Grants
    county_lookup: str = "county_id"
    lookups: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert self.name not in READABLES, f"readable declared twice: {self.name}"
        READABLES[self.name] = self

    def visible(self, actor: Actor, rows: QuerySet[M]) -> QuerySet[M]:
        """Return the rows this actor may read. Lists, pages, searches, exports and the API all call this."""
        grant = self.grants.get(actor.role) or self.grants.get("public")
        if grant is None:
            return rows.none()
        mine = rows.filter(**{self.county_lookup: actor.county_id})
        if grant in ("county", "public"):
            return mine
        condition, many = self._condition(actor, REACH[grant])
        if condition is None:
            return rows.none()
        return mine.filter(condition).distinct() if many else mine.filter(condition)

    def _condition(self, actor: Actor, reach: frozenset[Scope]) -> tuple[Q | None, bool]:
        found: Q | None = None
        many = False
        for scope, value in (("own", actor.account_id), ("unit", actor.unit_id), ("place", actor.place_path)):
            path = self.lookups.get(scope)
            if scope not in reach or path is None or value is None:
                continue
            part = Q(**{path: value})
            if scope == "place":
                part |= Q(**{f"{path}__startswith": f"{value}/"})
            found = part if found is None else found | part
            many = many or "__" in path
        return found, many


READABLES: dict[str, Readable] = {}


def matrix() -> Iterator[dict[str, Any]]:
    """Yield every role × action or reading × scope with its answer; complete by construction."""
    from luoshi.office.actions import ACTIONS

    listed = [(a.name, a.subject, a.grants) for a in ACTIONS.values()]
    listed += [(f"read.{r.name}", r.name, r.grants) for r in READABLES.values()]
    for role in ROLES:
        for name, subject, grants in sorted(listed, key=lambda row: row[0]):
            grant = grants.get(role) or grants.get("public")
            for scope in SCOPES:
                allowed = grant is not None and (scope in REACH[grant] if scope != "public" else grant == "public")
                yield {"role": role, "action": name, "subject": subject, "scope": scope, "allowed": allowed}
