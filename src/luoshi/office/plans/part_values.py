"""Figures in force of a part of the house that is no subject of a plan: packaged beside it, and the county's own above.

The part keeps a ``values.yaml`` in its folder, in the form of the subjects'; a county sets its own by a dated value
under the part's name.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from luoshi.office import register
from luoshi.office.plans.models import DatedValue


@dataclass(frozen=True, slots=True)
class PartValues:
    """The figures of one part: ``PartValues("meetings", Path(__file__).parent)``."""

    subject: str
    folder: Path

    def figure(self, county_id: int, key: str, day: dt.date) -> int:
        """Return a whole figure in force on a day; ``KeyError`` for an unknown key or a day before the first value."""
        own = DatedValue.objects.filter(county_id=county_id, subject=self.subject, key=key, from_on__lte=day)
        found = own.order_by("-from_on", "-pk").values_list("value", flat=True).first()
        return int(found if found is not None else register.value_on(self.folder, key, day).value)

    def ground(self, key: str, day: dt.date) -> str:
        """Return the law or practice the packaged figure rests on."""
        return register.value_on(self.folder, key, day).law or ""
