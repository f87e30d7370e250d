"""Scoring a quarter of a county with 100,000 shares: the whole action, from records to frozen sheets, on both databases.

Beside it the open export as a zip, and the stand-alone script that recomputes every unit from it. A third of the tasks
is led by one unit with another in support; every fourth share was late, every tenth report was returned first, every
twentieth clock was stopped, every hundredth share was handed over. ``--n`` is the number of shares.
"""

import datetime as dt
import io
import json
import subprocess
import sys
import tempfile
import time
from typing import Any

import fresh

UNITS = 60
GIVEN, FIRST, LAST = dt.date(2023, 1, 9), dt.date(2023, 4, 1), dt.date(2023, 6, 30)
NOW = dt.datetime(2023, 7, 3, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def run(n: int | None = None) -> dict[str, Any]:
    """Measure on every database that answers."""
    size = n or 100_000
    rows = [row for kind in fresh.databases() for row in fresh.in_own_process("scores.py", kind, size)]
    whole = next(r for r in rows if r["database"] == "sqlite" and r["job"] == "run")
    return {
        "name": "scores", "n": size, "median_s": whole["seconds"], "rate_per_s": size / whole["seconds"],
        "peak_mib": max(r["peak_mib"] for r in rows), "machine": fresh.machine(), "peers": rows,
    }  # fmt: skip


def measure(kind: str, sizes: list[int]) -> list[dict[str, Any]]:
    """Fill a database, run the action, write the export, recompute it."""
    connection = fresh.start(kind)
    (size,) = sizes
    actor = fill(size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    from luoshi.office.actions import Call
    from luoshi.supervision.scores import actions, package
    from luoshi.supervision.scores.models import Scoring

    began = time.perf_counter()
    made = actions.run(Call(actor, NOW, "bench-scores"), from_on=FIRST, to_on=LAST)
    found = [row(kind, "run", time.perf_counter() - began)]
    assert made.outcome, made.outcome
    scoring = Scoring.objects.get(pk=made.values["scoring"])
    sheets = list(scoring.sheets.select_related("unit").order_by("unit_id"))
    # A stop moves some days out of the quarter; the rest is all there.
    assert 0.95 * size < scoring.items <= size and sheets, scoring.items
    out = io.BytesIO()
    began = time.perf_counter()
    package.write(out, scoring, sheets, whole=True)
    found.append(row(kind, "export", time.perf_counter() - began))
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        file.write(out.getvalue())
        file.flush()
        began = time.perf_counter()
        told = subprocess.run(
            [sys.executable, "-I", "-S", str(package.SCRIPT), file.name], capture_output=True, text=True
        )
        found.append(row(kind, "script recomputes all units", time.perf_counter() - began))
        assert told.returncode == 0, told.stdout[-500:] + told.stderr[-500:]
    return found


def row(kind: str, job: str, seconds: float) -> dict[str, Any]:
    """Return one measured line."""
    return {
        "name": f"{kind}: {job}", "database": kind, "job": job, "seconds": round(seconds, 3),
        "median_s": seconds, "peak_mib": round(fresh.peak_mib(), 1),
    }  # fmt: skip


def fill(size: int) -> Any:
    """Write the county with its shares as they stand after a quarter; return who runs the scores."""
    from django.utils import timezone

    from luoshi.core.calendar import default_calendar
    from luoshi.office import door
    from luoshi.office.access import Actor
    from luoshi.office.people.models import Account, County, Post, Unit
    from luoshi.office.plans.models import Plan

    with door.opened("bench"):
        county = County.objects.create(code="bench", division_code="0", name_zh="测县", name_en="bench")
        units = Unit.objects.bulk_create(
            Unit(county=county, code=f"u{i}", name_zh=f"{i}局", name_en=f"Bureau {i}", short_zh=f"{i}局",
                 kind="town" if i % 5 == 0 else "department")
            for i in range(UNITS)
        )  # fmt: skip
        plan = Plan.objects.create(county=county, code="p", subject="bench", name_zh="方案", name_en="Plan")
        account = Account.objects.create(
            county=county, username="s", display_name="s", must_change_password=False,
            password_changed_at=timezone.now(),
        )  # fmt: skip
        post = Post.objects.create(county=county, unit=units[0], role="supervisor", title_zh="督查", title_en="S")
        _shares(county, plan, units, account, size, default_calendar())
    return Actor(county.pk, "supervisor", account.pk, post.pk, units[0].pk)


def _shares(county: Any, plan: Any, units: list[Any], account: Any, size: int, calendar: Any) -> None:
    from luoshi.office.duties.models import Duty
    from luoshi.office.plans.models import Task
    from luoshi.supervision.models import Assignment, Report

    # Two of three shares stand alone; of every three tasks' shares one task has a lead and a support.
    roles = [(i // 3 * 2 + (1 if i % 3 else 0), ("responsible", "lead", "support")[i % 3]) for i in range(size)]
    days = [FIRST + dt.timedelta(days=t * 7919 % 91) for t in range(roles[-1][0] + 1)]
    tasks = Task.objects.bulk_create(
        (Task(county=county, plan=plan, code=f"t{t}", order=t, heading_zh=f"食品安全任务{t}", heading_en=f"Task {t}",
              mode="lead_support" if t % 2 else "single", due_on=day, deadline_kind="until")
         for t, day in enumerate(days)), batch_size=2000,
    )  # fmt: skip
    shares = Assignment.objects.bulk_create(
        (Assignment(county=county, task=tasks[t], unit=units[(i * 31) % UNITS if role != "support" else (i * 31 + 7) % UNITS],
                    role=role, state="done", assigned_on=GIVEN, accepted_on=GIVEN, reports_made=2)
         for i, (t, role) in enumerate(roles)), batch_size=2000,
    )  # fmt: skip
    duties, reports, entries = [], [], []
    for i, share in enumerate(shares):
        due = promised = days[roles[i][0]]
        events = [{"kind": "start", "on": str(GIVEN)}]
        if i % 20 == 0:
            due = calendar.add_working_days(promised, 5)
            events += [
                {"kind": "suspend", "on": "2023-03-06"},
                {"kind": "resume", "on": "2023-03-13", "from": str(promised), "to": str(due)},
            ]
        done = due + dt.timedelta(days=i % 30 if i % 4 == 0 else -1)
        closed = done + dt.timedelta(days=3)
        duties.append(Duty(
            county=county, unit=share.unit, task=share.task, subject_kind="assignment", subject_id=str(share.pk), opened_on=GIVEN,
            title_zh=share.task.heading_zh, state="closed", due_on=due, events=events, closed_on=closed, level=0,
        ))  # fmt: skip
        if i % 10 == 0:
            back = done - dt.timedelta(days=6)
            reports.append(_report(Report, county, share, account, 1, back, "returned", back + dt.timedelta(days=2)))
        reports.append(_report(Report, county, share, account, 2, done, "approved", closed))
    duties = Duty.objects.bulk_create(duties, batch_size=2000)
    Report.objects.bulk_create(reports, batch_size=2000)
    for i in range(0, len(duties), 100):
        entries.append((duties[i].pk, shares[i].pk, units[(i + 1) % UNITS].pk))
    _handed_over(county.pk, entries)


def _report(
    model: Any, county: Any, share: Any, account: Any, number: int, on: dt.date, decision: str, decided: dt.date
) -> Any:
    return model(county=county, assignment=share, number=number, kind="done", text="已办结", percent=100, reported_on=on,
                 reported_by=account, decision=decision, decided_on=decided)  # fmt: skip


def _handed_over(county: int, entries: list[tuple[int, int, int]]) -> None:
    from luoshi.office.journal import append

    at = dt.datetime(2023, 6, 1, 10, tzinfo=NOW.tzinfo)
    actor = {"account": None, "post": None, "unit": None, "role": "supervisor"}
    append.append_many([
        append.Line(county, at, "assignment.hand_over", None, None, actor, "assignment", str(share), "granted", f"h{duty}", "",
                    {"summary": {"zh": "移交", "en": "handed over"}, "before": {"unit": before}, "after": {"duty": duty, "unit": 0}})
        for duty, share, before in entries
    ])  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in ("sqlite", "postgresql"):
        print(json.dumps(measure(sys.argv[1], [int(n) for n in sys.argv[2:]])))
    else:
        print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else None), ensure_ascii=False, indent=1))
