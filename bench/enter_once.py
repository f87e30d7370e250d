"""Enter once: of the cells that reports require in a year, how many nobody had to type.

A demo county lives a year (13 April 2023 to 13 April 2024) through the same actions officers use: units sign for tasks
and report on them, forms open on their days, units answer what is asked, confirm and send, offices take in or send
back. Afterwards the frozen forms are read cell by cell, apart from the counts the product keeps, and both must agree.

Every cell a form requires counts, texts included; names of tasks and targets, which are printed anyway, do not. Filled
by the system are cells computed from records and cells filled by an answer that still stood. Typed and corrected cells
are not. Tables of tasks are where the system has it easiest, so the figure without them stands beside.

Run: ``python bench/enter_once.py [DAYS]``; ``--n`` is the number of days.
"""

import datetime as dt
import json
import statistics
import sys
import time
from collections import Counter
from typing import Any

import fresh

FIRST = dt.date(2023, 4, 13)
DAYS = 366
SYSTEM = ("computed", "kept")


def run(n: int | None = None) -> dict[str, Any]:
    """Live the year in a process of its own and return the figures; ``median_s`` is the time of one draft."""
    found = fresh.in_own_process("enter_once.py", n or DAYS)
    return {
        "name": "enter once", "n": found["cells"], "median_s": found["draft_s"], "rate_per_s": 1 / found["draft_s"],
        "peak_mib": found["peak_mib"], "machine": fresh.machine(), "peers": found["rows"],
    }  # fmt: skip


def measure(days: int) -> dict[str, Any]:
    """Live through the days on a fresh SQLite county and count."""
    fresh.start("sqlite")
    from luoshi.office.actions import COUNTY_ZONE
    from luoshi.office.plans import loading
    from luoshi.site import demo, demo_story
    from luoshi.site import loading as packaged

    first = dt.datetime.combine(FIRST, dt.time(8), COUNTY_ZONE)
    now = dt.datetime.combine(FIRST + dt.timedelta(days=days), dt.time(8), COUNTY_ZONE)
    began = time.perf_counter()
    county = packaged.load_directory("guyang", first)
    demo.fill(county, now)
    demo_story.live_through(loading.found("guyang"), now)
    lived = time.perf_counter() - began
    rows = counted(county.pk)
    return {
        "cells": rows[0]["cells"], "rows": rows, "draft_s": draft_seconds(now), "peak_mib": fresh.peak_mib(),
        "lived_s": round(lived, 1),
    }  # fmt: skip


def counted(county_id: int) -> list[dict[str, Any]]:
    """Read every sent form cell by cell; the first row is the towns, the second the whole county, then each form."""
    from luoshi.supervision.reporting.models import Filing, FilingVersion

    towns, county, forms = Tally(), Tally(), {}
    sent = Filing.objects.filter(county_id=county_id, state__in=("submitted", "received")).select_related(
        "unit", "round"
    )
    for filing in sent.order_by("pk"):
        sheet = FilingVersion.objects.get(filing=filing, number=filing.version).sheet
        one = Tally.of(sheet)
        kept = (
            filing.cells_required,
            filing.cells_computed,
            filing.cells_kept,
            filing.cells_asked,
            filing.cells_corrected,
        )
        assert kept == one.as_counts(), f"form {filing.pk}: the product counts {kept}, its cells say {one.as_counts()}"
        for tally in (
            county,
            forms.setdefault(filing.round.form, Tally()),
            *([towns] if filing.unit.kind == "town" else []),
        ):
            tally.add(one)
    assert_nothing_asked_twice(county_id)
    return [
        towns.row("the six towns"),
        county.row("the whole county"),
        *(t.row(code) for code, t in sorted(forms.items())),
    ]


class Tally:
    """Cells by where they came from, and the same outside tables of rows."""

    def __init__(self) -> None:
        self.all: Counter[str] = Counter()
        self.single: Counter[str] = Counter()
        self.forms = 0

    @classmethod
    def of(cls, sheet: dict[str, Any]) -> "Tally":
        """Count one frozen form."""
        made = cls()
        made.forms = 1
        for block in sheet["blocks"]:
            for row in block["rows"]:
                for cell in row["cells"]:
                    made.all[cell["origin"]] += 1
                    if not block["of"]:
                        made.single[cell["origin"]] += 1
        return made

    def add(self, other: "Tally") -> None:
        """Add another count to this one."""
        self.all += other.all
        self.single += other.single
        self.forms += other.forms

    def as_counts(self) -> tuple[int, ...]:
        """Return required, computed, kept, asked, corrected."""
        return (self.all.total(), *(self.all[k] for k in ("computed", "kept", "asked", "corrected")))

    def row(self, name: str) -> dict[str, Any]:
        """Return the count as one row of the result."""
        filled, single = (sum(c[k] for k in SYSTEM) for c in (self.all, self.single))
        return {
            "name": name, "forms": self.forms, "cells": self.all.total(), "computed": self.all["computed"],
            "kept": self.all["kept"], "typed": self.all["asked"], "corrected": self.all["corrected"],
            "by_system_percent": round(100 * filled / max(1, self.all.total()), 1),
            "without_tables_percent": round(100 * single / max(1, self.single.total()), 1),
        }  # fmt: skip


def assert_nothing_asked_twice(county_id: int) -> None:
    """No answer was typed while an earlier one to the same question of the same unit still stood.

    A form that was sent back is asked again about what was wrong; that is one form, so its own answers do not count.
    """
    from luoshi.supervision.reporting.models import Answer

    last: dict[tuple[int, str, str], tuple[dt.date, int]] = {}
    rows = Answer.objects.filter(county_id=county_id).order_by("pk")
    for unit, question, about, on, until, filing in rows.values_list(
        "unit_id", "question", "about", "answered_on", "valid_until", "filing_id"
    ):
        held = last.get((unit, question, about))
        assert held is None or held[0] < on or held[1] == filing, f"asked twice: unit {unit}, {question}, {on}"
        last[unit, question, about] = until, filing


def draft_seconds(now: dt.datetime) -> float:
    """Return the median time to fill one form from records, over the last forms."""
    from luoshi.supervision.reporting import filling

    times = []
    for filing in filling.rows().order_by("-pk")[:50]:
        began = time.perf_counter()
        filling.draft(filing, now)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1])), ensure_ascii=False))
