"""The figures of this part in force on a day: the county's own dated value over the packaged one (``values.yaml``)."""

import datetime as dt
from pathlib import Path

from luoshi.office import register
from luoshi.office.plans.models import DatedValue

SUBJECT = "promises"
ANSWER, PER_DAY, PHOTO_MB = "clue_answer_working_days", "clues_per_day", "clue_photo_mb"
_HERE = Path(__file__).parent


def figure(county_id: int, key: str, day: dt.date) -> int:
    """Return a whole figure; ``KeyError`` for an unknown key or a day before the first value."""
    own = DatedValue.objects.filter(county_id=county_id, subject=SUBJECT, key=key, from_on__lte=day)
    found = own.order_by("-from_on", "-pk").values_list("value", flat=True).first()
    return int(found if found is not None else register.value_on(_HERE, key, day).value)


def ground(key: str, day: dt.date) -> str:
    """Return the law or practice the packaged figure rests on."""
    return register.value_on(_HERE, key, day).law or ""
