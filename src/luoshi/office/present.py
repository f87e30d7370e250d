"""The only place where shells read the clock. Everything below a shell is handed ``now``.

A demo county lives in a day of its own: ``LUOSHI_AS_OF=2023-07-03`` makes ``now`` that day at the present time of
day, and the days go on from there while the process runs.
"""

import datetime as dt
import os
import time
from functools import lru_cache

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import COUNTY_ZONE


def now() -> dt.datetime:
    """Return the present moment in the county's zone."""
    return dt.datetime.now(COUNTY_ZONE) + _shift(os.environ.get("LUOSHI_AS_OF", ""))


def today() -> dt.date:
    """Return the county's present date."""
    return now().date()


def in_real_time(moment: dt.datetime) -> dt.datetime:
    """Return a moment of ``now`` as the clock on the wall has it; they differ only in a demo with a day of its own."""
    return moment - _shift(os.environ.get("LUOSHI_AS_OF", ""))


@lru_cache(maxsize=4)
def _shift(as_of: str) -> dt.timedelta:
    if not as_of:
        return dt.timedelta(0)
    started = dt.datetime.fromtimestamp(time.time(), COUNTY_ZONE).date()
    return read_day("LUOSHI_AS_OF", as_of) - started


def read_day(place: str, text: str) -> dt.date:
    """Read an ISO day given by a person; the problem names where it stood."""
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as fault:
        raise Problem(
            place,
            Words(f"“{text}”不是日期。", f"{text!r} is not a day."),
            Words("请写成 2023-07-03 的形式。", "Write it like 2023-07-03."),
        ) from fault
