"""One action through the one door: an officer reports progress on a share; on both databases.

The floor is a bare driver connection in the same process, interleaved, with the same durability: one transaction that
looks the request up, reads the share, and writes the very rows the action wrote (report, share, journal entry) from
prepared values. What the door adds: access, the stages table, input checks, canonical JSON and its digest.
"""

import datetime as dt
import json
import statistics
import sys
import time
from typing import Any

import fresh

ROUNDS = 400
NOW = dt.datetime(2023, 7, 3, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def run(n: int | None = None) -> dict[str, Any]:
    """Measure on every database that answers; ``n`` is the number of actions."""
    rounds = n or ROUNDS
    rows = [fresh.in_own_process("action.py", kind, rounds) for kind in fresh.databases()]
    first = rows[0]
    return {
        "name": "action", "n": rounds, "median_s": first["luoshi_us"] / 1e6, "rate_per_s": 1e6 / first["luoshi_us"],
        "peak_mib": max(r["peak_mib"] for r in rows), "machine": fresh.machine(), "peers": rows,
    }  # fmt: skip


def measure(kind: str, rounds: int) -> dict[str, Any]:
    """Time each action and the bare writing of its rows, one after the other."""
    fresh.start(kind)
    raw = fresh.raw_connection(kind)
    from luoshi.office.access import Actor
    from luoshi.office.actions import Call
    from luoshi.supervision import actions

    county, unit, account, shares = people(rounds)
    actor = Actor(county, "officer", account, None, unit)
    for number, share in enumerate(shares):
        for verb in (actions.accept, actions.start):
            assert verb(Call(actor, NOW, f"{verb.name}:{number}"), assignment_id=share).outcome
    ours, floor = [], []
    for number, share in enumerate(shares):
        call = Call(actor, NOW, f"report:{number}", "api", "127.0.0.1")
        began = time.perf_counter()
        done = actions.report_progress(call, assignment_id=share, text="本月已检查三十家，问题均已整改。", percent=40)
        ours.append(time.perf_counter() - began)
        assert done.outcome and not done.replayed
        floor.append(bare(raw, kind, share, done.entry_id, call.request_id))
    a, b = (statistics.median(t[len(t) // 10 :]) * 1e6 for t in (ours, floor))
    return {
        "name": kind, "luoshi_us": round(a, 1), "floor_us": round(b, 1), "times_floor": round(a / b, 2),
        "peak_mib": round(fresh.peak_mib(), 1),
    }  # fmt: skip


def people(count: int) -> tuple[int, int, int, list[int]]:
    """Make a county, a unit, an officer and ``count`` shares of tasks."""
    from luoshi.office import door
    from luoshi.office.people.models import Account, County, Unit
    from luoshi.office.plans.models import Plan, Task, TaskUnit
    from luoshi.supervision import assignments
    from luoshi.supervision.models import Assignment

    with door.opened("bench"):
        county = County.objects.create(code="bench", division_code="0", name_zh="测", name_en="bench")
        unit = Unit.objects.create(
            county=county, code="u", name_zh="某局", name_en="Bureau", short_zh="某局", kind="department"
        )
        account = Account.objects.create(
            county=county, username="officer", display_name="officer", must_change_password=False
        )
        plan = Plan.objects.create(county=county, code="p", subject="bench", name_zh="方案", name_en="plan")
        tasks = Task.objects.bulk_create(
            Task(
                county=county,
                plan=plan,
                code=f"t{i}",
                heading_zh=f"任务{i}",
                mode="single",
                deadline_kind="until",
                due_on=dt.date(2023, 11, 30),
            )
            for i in range(count)
        )
        TaskUnit.objects.bulk_create(TaskUnit(county=county, task=t, unit=unit, role="responsible") for t in tasks)
        rows = list(Task.objects.filter(plan=plan).prefetch_related("parts__unit__members"))
        assignments.open_for(county.pk, rows, NOW.date())
    return county.pk, unit.pk, account.pk, list(Assignment.objects.order_by("pk").values_list("pk", flat=True))


def bare(raw: Any, kind: str, share: int, entry_id: int, request_id: str) -> float:
    """Write the rows of one action again on the bare connection and return the seconds."""
    from luoshi.office.journal.models import Entry
    from luoshi.supervision.models import Assignment, Report

    report = Report.objects.filter(assignment_id=share).values().get()
    entry = Entry.objects.filter(pk=entry_id).values().get()
    state = Assignment.objects.values().get(pk=share)
    report["number"], entry["request_id"] = 99, f"{request_id}:bare"

    def insert(table: str, row: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
        columns = [c for c in row if c != "id"]
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"
        return fresh.placeholders(kind, sql), tuple(plain(kind, row[c]) for c in columns)

    report_sql, report_row = insert("supervision_report", report)
    entry_sql, entry_row = insert("journal_entry", entry)
    find = fresh.placeholders(kind, "SELECT id FROM journal_entry WHERE county_id = %s AND request_id = %s")
    lock = " FOR UPDATE" if kind == "postgresql" else ""
    read = fresh.placeholders(kind, "SELECT * FROM supervision_assignment WHERE id = %s" + lock)
    move = fresh.placeholders(kind, "UPDATE supervision_assignment SET state = %s, percent = %s WHERE id = %s")
    began = time.perf_counter()
    cursor = raw.cursor()
    cursor.execute("BEGIN" if kind == "postgresql" else "BEGIN IMMEDIATE")
    assert cursor.execute(find, (entry["county_id"], entry["request_id"])).fetchone() is None
    cursor.execute(read, (share,)).fetchone()
    cursor.execute(report_sql, report_row)
    cursor.execute(move, (state["state"], state["percent"], share))
    cursor.execute(entry_sql, entry_row)
    cursor.execute("COMMIT")
    return time.perf_counter() - began


def plain(kind: str, value: Any) -> Any:
    """Return a value as the bare driver takes it."""
    if kind == "sqlite" and isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return json.dumps(value) if isinstance(value, dict | list) else value


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
