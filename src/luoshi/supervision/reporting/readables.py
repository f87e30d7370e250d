"""Who may read which reports."""

from luoshi.core.words import Words
from luoshi.office.access import Readable
from luoshi.supervision.readables import WATCHERS, WORKERS

FILING = Readable(
    "filing",
    Words("报表", "Form report"),
    {**WORKERS, **WATCHERS},
    lookups={"unit": "unit_id", "place": "unit__place__path"},
)
