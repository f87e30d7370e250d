"""The tick, idle and with 1,000 duties due, among 10 k to 1 M (or ``--n``) that wait; on both databases.

The floor is a bare driver connection in the same process, interleaved: idle, the same indexed probe; firing, one
transaction that writes the very rows the tick wrote (duties moved, journal entries, reminders) from prepared values.
Peers (huey, APScheduler 3) hold as many timers in their own stores and look for due ones.
"""

import datetime as dt
import json
import statistics
import sys
import time
from typing import Any

import fresh

SIZES = (10_000, 100_000, 1_000_000)
FIRED = 1_000
ROUNDS = 7
IDLE_ROUNDS = 300
NOW = dt.datetime(2023, 7, 3, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def run(n: int | None = None) -> dict[str, Any]:
    """Measure on every database that answers."""
    sizes = [n] if n else list(SIZES)
    rows = [row for kind in fresh.databases() for row in fresh.in_own_process("tick.py", kind, *sizes)]
    for size in sizes:
        if size <= 1_000_000:
            found = fresh.peer("tick_peers.py", size, FIRED)
            rows += found if isinstance(found, list) else [{"name": "peers", "pending": size, "missing": found}]
    largest = max((r for r in rows if r["name"] == "sqlite idle"), key=lambda r: r["pending"])
    return {
        "name": "tick", "n": max(sizes), "median_s": largest["luoshi_us"] / 1e6, "rate_per_s": 1e6 / largest["luoshi_us"],
        "peak_mib": max(r.get("peak_mib", 0) for r in rows), "machine": fresh.machine(), "peers": rows,
    }  # fmt: skip


def measure(kind: str, sizes: list[int]) -> list[dict[str, Any]]:
    """Fill one database further and further and measure at each size."""
    connection = fresh.start(kind)
    raw = fresh.raw_connection(kind)
    county, units = people()
    rows: list[dict[str, Any]] = []
    filled = 0
    for size in sorted(sizes):
        fill(connection, kind, county, units, filled, size)
        filled = size
        rows += [idle(raw, kind, size), firing(raw, kind, county, units, size)]
    return rows


def people() -> tuple[int, list[int]]:
    """Make one county with 100 units."""
    from luoshi.office import door
    from luoshi.office.people.models import County, Unit

    with door.opened("bench"):
        county = County.objects.create(code="bench", division_code="0", name_zh="测", name_en="bench")
        made = Unit.objects.bulk_create(
            Unit(
                county=county,
                code=f"u{i}",
                name_zh=f"{i}局",
                name_en=f"Bureau {i}",
                short_zh=f"{i}局",
                kind="department",
            )
            for i in range(100)
        )
    return county.pk, [u.pk for u in made]


def fill(connection: Any, kind: str, county: int, units: list[int], start: int, stop: int) -> None:
    """Add pending duties whose time has not come, by one statement."""
    day = (
        "DATE '2024-01-01' + (i * 7919 % 3000)::integer"
        if kind == "postgresql"
        else "date('2024-01-01', '+' || (i * 7919 % 3000) || ' days')"
    )
    moment = (
        "TIMESTAMPTZ '2023-12-01' + (i * 7919 % 30000000) * interval '1 second'" if kind == "postgresql"
        else "datetime('2023-12-01', '+' || (i * 7919 % 30000000) || ' seconds')"
    )  # fmt: skip
    series = (
        f"generate_series({start + 1}::bigint, {stop}) AS s(i)" if kind == "postgresql"
        else f"(WITH RECURSIVE s(i) AS (SELECT {start + 1} UNION ALL SELECT i + 1 FROM s WHERE i < {stop}) SELECT i FROM s)"
    )  # fmt: skip
    from luoshi.office import door

    with door.opened("bench"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO duties_duty (county_id, unit_id, subject_kind, subject_id, title_zh, title_en, clause_id, state, level, "
            f"opened_on, due_on, events, next_at) SELECT {county}, {units[0]} + i % 100, 'task', i, '任务', 'task', '', 'open', 0, "
            f"'2023-01-03', {day}, '[]', {moment} FROM {series}"
        )
        cursor.execute("ANALYZE")


def idle(raw: Any, kind: str, size: int) -> dict[str, Any]:
    """Time a tick with nothing due beside the same probe on the bare connection."""
    from luoshi.office.duties.tick import tick

    moment: Any = NOW if kind == "postgresql" else NOW.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
    sql = fresh.placeholders(
        kind, "SELECT id FROM duties_duty WHERE next_at IS NOT NULL AND next_at <= %s ORDER BY next_at LIMIT 1"
    )
    ours, floor = [], []
    for _ in range(IDLE_ROUNDS):
        began = time.perf_counter()
        done = tick(NOW)
        ours.append(time.perf_counter() - began)
        assert done.warned == 0
        began = time.perf_counter()
        assert raw.execute(sql, (moment,)).fetchall() == []
        floor.append(time.perf_counter() - began)
    return row(f"{kind} idle", size, ours, floor)


def firing(raw: Any, kind: str, county: int, units: list[int], size: int) -> dict[str, Any]:
    """Time a tick with 1,000 due beside one bare transaction that writes the same rows."""
    from luoshi.office.duties.models import Duty
    from luoshi.office.duties.tick import tick
    from luoshi.office.journal.models import Entry
    from luoshi.office.notices.models import OutboxMessage

    ours, floor = [], []
    for _ in range(ROUNDS):
        make_due(county, units)
        began = time.perf_counter()
        done = tick(NOW)
        ours.append(time.perf_counter() - began)
        assert done.warned == FIRED, done
        entries = list(Entry.objects.order_by("-pk")[: FIRED + 1].values())
        messages = list(OutboxMessage.objects.order_by("-pk")[: done.reminders].values())
        moved = list(Duty.objects.filter(level=1).values_list("level", "next_at", "pk"))
        floor.append(bare(raw, kind, entries, messages, moved))
        clean()
    return row(f"{kind} {FIRED} due", size, ours, floor)


def make_due(county: int, units: list[int]) -> None:
    """Add 1,000 duties whose warning has come."""
    from luoshi.office import door
    from luoshi.office.duties.models import Duty

    with door.opened("bench"):
        Duty.objects.bulk_create(
            Duty(
                county_id=county, unit_id=units[i % 100], subject_kind="task", subject_id=str(i), title_zh="任务", title_en="task",
                opened_on=dt.date(2023, 1, 3), due_on=dt.date(2023, 7, 7), next_at=NOW - dt.timedelta(minutes=5),
            )
            for i in range(FIRED)
        )  # fmt: skip


def clean() -> None:
    """Remove the duties that were fired, so that every round starts alike."""
    from luoshi.office import door
    from luoshi.office.duties.models import Duty

    with door.opened("bench"):
        Duty.objects.filter(level=1).delete()


def bare(raw: Any, kind: str, entries: list[Any], messages: list[Any], moved: list[Any]) -> float:
    """Write the same rows once more on the bare connection, in one transaction, and return the seconds."""

    def plain(value: Any) -> Any:
        if kind == "postgresql":
            return json.dumps(value) if isinstance(value, dict) else value
        if isinstance(value, dt.datetime):
            return value.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        return json.dumps(value) if isinstance(value, dict) else value

    def rows(found: list[Any], unique: str) -> tuple[str, list[tuple[Any, ...]]]:
        columns = [c for c in found[0] if c != "id"]
        values = [tuple(plain(r[c] + ":bare" if c == unique else r[c]) for c in columns) for r in found]
        return f"({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})", values

    entry_sql, entry_rows = rows(entries, "request_id")
    message_sql, message_rows = rows(messages, "key")
    moves = [(level, plain(at), pk) for level, at, pk in moved]
    began = time.perf_counter()
    cursor = raw.cursor()
    cursor.execute("BEGIN" if kind == "postgresql" else "BEGIN IMMEDIATE")
    cursor.executemany(fresh.placeholders(kind, "UPDATE duties_duty SET level = %s, next_at = %s WHERE id = %s"), moves)
    cursor.executemany(fresh.placeholders(kind, f"INSERT INTO journal_entry {entry_sql}"), entry_rows)
    cursor.executemany(fresh.placeholders(kind, f"INSERT INTO notices_outboxmessage {message_sql}"), message_rows)
    cursor.execute("COMMIT")
    return time.perf_counter() - began


def row(name: str, size: int, ours: list[float], floor: list[float]) -> dict[str, Any]:
    """Return one line of the result; times in microseconds, medians."""
    a, b = statistics.median(ours) * 1e6, statistics.median(floor) * 1e6
    return {
        "name": name, "pending": size, "luoshi_us": round(a, 1), "floor_us": round(b, 1), "times_floor": round(a / b, 2),
        "peak_mib": round(fresh.peak_mib(), 1),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], [int(a) for a in sys.argv[2:]])))
