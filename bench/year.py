"""A year of the demo county over all packaged plans, lived through with the real actions; on both databases.

``--n`` is the number of days to live (default 365 from 2023-04-13). There is no peer: the figure says how long a whole
county's year of work takes, ticks, reports, reviews, forms, forecasts and scores with it.
"""

import datetime as dt
import json
import sys
import time
from typing import Any

import fresh

DAYS = 365
FIRST = dt.date(2023, 4, 13)


def run(n: int | None = None) -> dict[str, Any]:
    """Measure on every database that answers."""
    days = n or DAYS
    rows = [fresh.in_own_process("year.py", kind, days) for kind in fresh.databases()]
    first = rows[0]
    return {
        "name": "year", "n": days, "median_s": first["seconds"], "rate_per_s": first["actions_per_s"],
        "peak_mib": max(r["peak_mib"] for r in rows), "machine": fresh.machine(), "peers": rows,
    }  # fmt: skip


def measure(kind: str, days: int) -> dict[str, Any]:
    """Live the days and count what was asked."""
    fresh.start(kind)
    from luoshi.office.actions import COUNTY_ZONE
    from luoshi.office.journal.models import Entry
    from luoshi.site import demo, demo_story, loading

    now = dt.datetime.combine(FIRST + dt.timedelta(days=days - 1), dt.time(8, 30), COUNTY_ZONE)
    county = loading.load_directory("guyang", now)
    demo.fill(county, now)
    began = time.perf_counter()
    asked = demo_story.live_through(county, now)
    took = time.perf_counter() - began
    return {
        "name": kind, "days": days, "asked": asked, "entries": Entry.objects.filter(county=county).count(),
        "seconds": round(took, 2), "actions_per_s": round(asked / took, 1), "days_per_s": round(days / took, 2),
        "peak_mib": round(fresh.peak_mib(), 1),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
