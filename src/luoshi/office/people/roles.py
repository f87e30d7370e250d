"""The roles of the house. A role is held through a post in a unit, never by an account alone."""

from dataclasses import dataclass
from typing import Literal

from luoshi.core.words import Words

Scope = Literal["own", "unit", "place", "county", "public"]
"""How far a role reaches with one action.

``own`` the actor's own things; ``unit`` things of the actor's unit; ``place`` things inside the actor's place
(a town sees its villages); ``county`` everything of the county; ``public`` also without an account.
"""
SCOPES: tuple[Scope, ...] = ("own", "unit", "place", "county", "public")


@dataclass(frozen=True, slots=True)
class Role:
    """One role: its code and what it is called."""

    code: str
    words: Words
    administrative: bool = False


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role("officer", Words("承办人", "Officer in charge")),
        Role("unit_head", Words("单位负责人", "Head of unit")),
        Role("town_clerk", Words("镇经办人", "Town clerk")),
        Role("village_clerk", Words("村委会经办人", "Village clerk")),
        Role("supervisor", Words("督查员", "Supervisor")),
        Role("leading_office", Words("牵头办公室", "Leading-group office")),
        Role("county_head", Words("县领导", "County head")),
        Role("editor", Words("公报编辑", "Gazette editor")),
        Role("disclosure_officer", Words("信息公开员", "Disclosure officer")),
        Role("auditor", Words("审计员", "Auditor")),
        Role("system_admin", Words("系统管理员", "System administrator"), administrative=True),
        Role("security_admin", Words("安全管理员", "Security administrator"), administrative=True),
        Role("audit_admin", Words("审计管理员", "Audit administrator"), administrative=True),
        Role("system", Words("系统", "System")),
        Role("public", Words("公众", "Public")),
    )
}
ROLE_CHOICES = [(code, role.words.zh) for code, role in ROLES.items() if code not in ("system", "public")]
ADMINISTRATIVE = frozenset(code for code, role in ROLES.items() if role.administrative)
