"""Who may read which records of people. Personal records of residents: only those who have to do with them."""

from luoshi.core.words import Words
from luoshi.office.access import Grants, Readable

ADMINISTRATORS: Grants = {"system_admin": "county", "security_admin": "county", "audit_admin": "county"}

UNIT = Readable("unit", Words("单位", "Unit"), ADMINISTRATORS)
POST = Readable("post", Words("岗位", "Post"), ADMINISTRATORS)
APPOINTMENT = Readable(
    "appointment", Words("任职", "Appointment"), {**ADMINISTRATORS, "public": "own"}, lookups={"own": "account_id"}
)
ACCOUNT = Readable("account", Words("账号", "Account"), {**ADMINISTRATORS, "public": "own"}, lookups={"own": "pk"})
SESSION = Readable(
    "session", Words("登录处", "Session"), {"public": "own"}, county_lookup="account__county_id",
    lookups={"own": "account_id"},
)  # fmt: skip
PEOPLE_WORKERS: Grants = {
    "village_clerk": "place",
    "town_clerk": "place",
    "officer": "unit",
    "unit_head": "unit",
    "leading_office": "unit",
}
"""A village and a town know their residents; a department knows those it has to do with (``PersonConcern``)."""
PERSON = Readable(
    "person",
    Words("自然人", "Person"),
    PEOPLE_WORKERS,
    lookups={"unit": "concerns__unit_id", "place": "place__path"},
)
