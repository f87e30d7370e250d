"""The access matrix, row by row, against a second reading of the declarations and against the decision itself."""

import itertools
import json
from typing import Any

import pytest

from luoshi import cli
from luoshi.office import access
from luoshi.office import declared as declared_modules
from luoshi.office.access import READABLES, Actor, Where
from luoshi.office.actions import ACTIONS
from luoshi.office.people.roles import ROLES, SCOPES

# Written again by hand, on purpose: how far each grant reaches, as the glossary says it.
REACHES = {
    "own": "own",
    "unit": "own unit",
    "place": "own unit place",
    "county": "own unit place county",
    "public": "own unit place county public",
}
COUNTY, UNIT, PLACE, ACCOUNT = 7, 11, "east", 13
# A record standing to the actor exactly in one relation and in no closer one.
RECORDS = {
    "own": Where(COUNTY, frozenset({99}), "west", ACCOUNT),
    "unit": Where(COUNTY, frozenset({UNIT, 98}), "west", 97),
    "place": Where(COUNTY, frozenset({99}), "east/pine", 97),
    "county": Where(COUNTY, frozenset({99}), "west", 97),
}
FOREIGN = [
    Where(8, frozenset({UNIT}), "east/pine", ACCOUNT),
    Where(8, frozenset(), None, None),
]


def declared() -> dict[str, dict[str, str]]:
    assert "luoshi.site.loading" in declared_modules.load_all(), "a module that no page imports is loaded too"
    found = {name: dict(act.grants) for name, act in ACTIONS.items()}
    return found | {f"read.{name}": dict(r.grants) for name, r in READABLES.items()}


def actor(role: str) -> Actor:
    return Actor(COUNTY, role, ACCOUNT, 12, UNIT, PLACE)


def reach(grants: dict[str, str], role: str) -> list[str]:
    own = grants[role] if role in grants else grants.get("public", "")
    return REACHES[own].split() if own else []


def test_the_matrix_is_complete_and_each_row_is_what_was_declared() -> None:
    rows = {(r["role"], r["action"], r["scope"]): r for r in access.matrix()}
    grants = declared()
    assert len(list(access.matrix())) == len(rows) == len(ROLES) * len(grants) * len(SCOPES)
    assert set(rows) == set(itertools.product(ROLES, grants, SCOPES))
    wrong = [key for key, row in rows.items() if row["allowed"] is not (key[2] in reach(grants[key[1]], key[0]))]
    assert wrong == []


def test_the_decision_agrees_with_every_row_of_the_matrix() -> None:
    grants = declared()
    wrong = []
    for row in access.matrix():
        if row["scope"] in RECORDS:
            said = bool(access.may(actor(row["role"]), grants[row["action"]], RECORDS[row["scope"]]))
            if said is not row["allowed"]:
                wrong.append((row, said))
    assert wrong == []


def test_public_rows_say_what_a_stranger_may() -> None:
    grants = declared()
    stranger = Actor(COUNTY, "public")
    for row in access.matrix():
        if row["role"] == "public" and row["scope"] == "public":
            assert bool(access.may(stranger, grants[row["action"]], RECORDS["county"])) is row["allowed"], row


@pytest.mark.parametrize("where", FOREIGN)
def test_no_role_reaches_another_county_with_anything(where: Where) -> None:
    allowed = [
        (role, name) for role in ROLES for name, grants in declared().items() if access.may(actor(role), grants, where)
    ]
    assert allowed == []


def test_a_stranger_owns_nothing() -> None:
    """A grant of ``own`` to the public means: whoever has an account. Nobody's record is no stranger's record."""
    for where in (*RECORDS.values(), Where(COUNTY)):
        assert access.relation(Actor(COUNTY, "public"), where) == "county"


def test_administrators_may_do_no_office_work() -> None:
    declared()
    theirs = {"account", "post", "unit", "county", "appointment", "session", "journal"}
    held = {
        (role, name): subject
        for role in ("system_admin", "security_admin", "audit_admin")
        for name, act in ACTIONS.items()
        if role in act.grants and (subject := act.subject) not in theirs
    }
    assert held == {}
    read = {r.name for r in READABLES.values() if set(r.grants) & {"system_admin", "security_admin", "audit_admin"}}
    assert read <= theirs


def test_the_three_administrators_share_no_action_but_the_own_account() -> None:
    declared()
    for one, other in itertools.combinations(("system_admin", "security_admin", "audit_admin"), 2):
        both = [n for n, act in ACTIONS.items() if one in act.grants and other in act.grants]
        assert both == [], (one, other)


def test_no_office_role_touches_accounts_posts_or_the_journal() -> None:
    declared()
    office = set(ROLES) - {"system_admin", "security_admin", "audit_admin", "system", "public", "auditor"}
    for act in ACTIONS.values():
        if act.subject in ("account", "post", "unit", "journal"):
            assert not office & set(act.grants), act.name


def test_the_command_prints_every_row_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["access", "matrix", "--json"]) == 0
    printed: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert printed == list(access.matrix())
    assert set(printed[0]) == {"role", "action", "subject", "scope", "allowed"}
