"""Who may read which group and meeting: those who answer for the whole, and the units that have a seat there."""

from luoshi.core.words import Words
from luoshi.office.access import Readable
from luoshi.supervision.readables import WATCHERS, WORKERS

GROUP = Readable(
    "group",
    Words("领导小组", "Leading group"),
    {**WORKERS, **WATCHERS},
    lookups={"unit": "seats__units", "place": "seats__units__place__path"},
)
MEETING = Readable(
    "meeting",
    Words("会议", "Meeting"),
    {**WORKERS, **WATCHERS},
    lookups={"unit": "invitations__unit_id", "place": "invitations__unit__place__path"},
)
