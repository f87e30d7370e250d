"""The ledger page, whole: request in, HTML out, through all middleware; at 10 k, 100 k and 1 M tasks, on both databases.

Kinds of page: first, filtered by plan and state, deep (by key, halfway through), overdue only, turned round, and those
that contain words: of some hundred tasks, of all. The peer in the same process on the same rows is what Django's own
paging does: count, then OFFSET (first and halfway), and LIKE. ``--n`` measures one
size only.
"""

import datetime as dt
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import fresh

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 60
PEER_ROUNDS = 5


def run(n: int | None = None) -> dict[str, Any]:
    """Measure on every database that answers."""
    sizes = [n] if n else list(SIZES)
    rows = [row for kind in fresh.databases() for row in fresh.in_own_process("ledger.py", kind, *sizes)]
    largest = next(r for r in reversed(rows) if r["page"] == "first" and r["database"] == "sqlite")
    return {
        "name": "ledger", "n": max(sizes), "median_s": largest["p50_ms"] / 1e3, "rate_per_s": 1e3 / largest["p50_ms"],
        "peak_mib": max(r["peak_mib"] for r in rows), "machine": fresh.machine(), "peers": rows,
    }  # fmt: skip


def measure(kind: str, sizes: list[int]) -> list[dict[str, Any]]:
    """Fill one database further and further and measure at each size."""
    connection = fresh.start(kind)
    client, county, units, plans = people()
    found: list[dict[str, Any]] = []
    filled = 0
    for size in sorted(sizes):
        fill(connection, kind, county, units, plans, filled, size)
        filled = size
        for name, address in addresses(county, plans, size).items():
            times = timed(lambda a=address: fetch(client, a), ROUNDS)
            found.append(row(kind, size, name, times))
        for name, call in django_paging(county, size).items():
            found.append(row(kind, size, f"peer: Django Paginator {name}", timed(call, PEER_ROUNDS)))
    return found


def people() -> tuple[Any, int, list[int], list[int]]:
    """Make a county with 60 units, 10 plans and a signed-in supervisor."""
    from django.test import Client
    from django.utils import timezone

    from luoshi.office import door
    from luoshi.office.people.models import Account, Appointment, County, Post, Unit
    from luoshi.office.plans.models import Plan

    with door.opened("bench"):
        county = County.objects.create(code="bench", division_code="0", name_zh="测县", name_en="bench")
        units = Unit.objects.bulk_create(
            Unit(
                county=county,
                code=f"u{i}",
                name_zh=f"{i}局",
                name_en=f"Bureau {i}",
                short_zh=f"{i}局",
                kind="department",
            )
            for i in range(60)
        )
        plans = Plan.objects.bulk_create(
            Plan(county=county, code=f"p{i}", subject="bench", name_zh=f"方案{i}", name_en=f"Plan {i}")
            for i in range(10)
        )
        account = Account.objects.create(
            county=county,
            username="s",
            display_name="s",
            must_change_password=False,
            password_changed_at=timezone.now(),
        )
        post = Post.objects.create(
            county=county, unit=units[0], role="supervisor", title_zh="督查", title_en="Supervisor"
        )
        Appointment.objects.create(county=county, account=account, post=post, from_on=dt.date(2023, 1, 3))
    client = Client(SERVER_NAME="127.0.0.1")
    with door.opened("bench"):
        client.force_login(account)
    return client, county.pk, [u.pk for u in units], [p.pk for p in plans]


def fill(connection: Any, kind: str, county: int, units: list[int], plans: list[int], start: int, stop: int) -> None:
    """Add tasks with one share each; the ledger's lines and tallies follow by their triggers."""
    from luoshi.office import door

    day = (
        "DATE '2023-01-01' + (i * 7919 % 730)::integer"
        if kind == "postgresql"
        else "date('2023-01-01', '+' || (i * 7919 % 730) || ' days')"
    )
    series = (
        f"generate_series({start + 1}::bigint, {stop}) AS s(i)" if kind == "postgresql"
        else f"(WITH RECURSIVE s(i) AS (SELECT {start + 1} UNION ALL SELECT i + 1 FROM s WHERE i < {stop}) SELECT i FROM s)"
    )  # fmt: skip
    state = "CASE WHEN i % 3 = 0 THEN 'done' ELSE 'open' END"
    false = "false" if kind == "postgresql" else "0"
    with door.opened("bench"), connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO plans_task (id, county_id, plan_id, code, "order", number, sub, heading_zh, heading_en, mode, '
            'open_ended, deadline_kind, due_on, "then", deadline_words, clause_ids, lead_unit_id, units_text, state) '
            f"SELECT i, {county}, {plans[0]} + i % 10, 't' || i, i, i || '', '', '食品安全任务' || i, 'Task ' || i, 'single', "
            f"{false}, 'until', {day}, '', '', '[]', {units[0]} + i % 60, '局', {state} FROM {series}"
        )
        cursor.execute(
            "INSERT INTO supervision_assignment (county_id, task_id, unit_id, role, state, assigned_on, percent, reports_made) "
            f"SELECT {county}, i, {units[0]} + i % 60, 'responsible', 'assigned', '2023-01-03', 0, 0 FROM {series}"
        )
        cursor.execute("ANALYZE")


def addresses(county: int, plans: list[int], size: int) -> dict[str, str]:
    """Return the pages that are measured."""
    from luoshi.office.plans.models import Task

    middle = Task.objects.filter(county_id=county).order_by("due_on", "pk")[size // 2]
    return {
        "first": "/tasks",
        "plan and state": f"/tasks?plan={plans[3]}&state=open",
        "overdue": "/tasks?standing=overdue",
        "deep": f"/tasks?after={middle.due_on.isoformat()}_{middle.pk}",
        "last day first": "/tasks?sort=-due",
        "words of few": "/tasks?q=" + quote(f"安全任务{size // 200}"),
        "words of few, by number": "/tasks?sort=number&q=" + quote(f"安全任务{size // 200}"),
        "words of all": "/tasks?q=" + quote("食品安全"),
    }


def fetch(client: Any, address: str) -> None:
    """Ask for one page and look that it came whole."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    assert answer.content.count(b"<tr") > 40, f"{address}: {answer.content.count(b'<tr')} rows"


def django_paging(county: int, size: int) -> dict[str, Callable[[], object]]:
    """Return Django's own paging over the same rows: count and OFFSET, rows read as instances, nothing rendered."""
    from django.core.paginator import Paginator

    from luoshi.office.plans.models import Task

    def page(number: int) -> object:
        rows = Task.objects.filter(county_id=county).select_related("plan", "lead_unit").order_by("due_on", "pk")
        return list(Paginator(rows, 50).page(number))

    def containing() -> object:
        rows = Task.objects.filter(county_id=county, heading_zh__contains=f"安全任务{size // 200}")
        return list(Paginator(rows.select_related("plan", "lead_unit").order_by("due_on", "pk"), 50).page(1))

    return {"first": lambda: page(1), "deep": lambda: page(size // 100), "words of few": containing}


def timed(call: Callable[[], object], rounds: int) -> list[float]:
    """Return the wall times of some calls after two that are not counted."""
    call(), call()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return sorted(times)


def row(kind: str, size: int, name: str, times: list[float]) -> dict[str, Any]:
    """Return one line of the result, in milliseconds."""
    return {
        "database": kind, "tasks": size, "page": name, "p50_ms": round(statistics.median(times) * 1e3, 2),
        "p95_ms": round(times[int(len(times) * 0.95)] * 1e3, 2), "peak_mib": round(fresh.peak_mib(), 1),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], [int(a) for a in sys.argv[2:]])))
