"""The pages of views, calendars, the week and forecasts, whole, in a county of 100,000 tasks; and a night of forecasts.

One duty and one share a task, half of them reported on, a third finished around their day; four settled forecasts for
each duty that was due before the measured day. ``--n`` is the number of tasks.
"""

import datetime as dt
import json
import os
import sys
import time
from typing import Any

import fresh
import ledger

ROUNDS = 20
DAY = dt.date(2023, 12, 15)
ZONE = dt.timezone(dt.timedelta(hours=8))


def run(n: int | None = None) -> dict[str, Any]:
    """Measure on every database that answers."""
    size = n or 100_000
    rows = [row for kind in fresh.databases() for row in fresh.in_own_process("outlook.py", kind, size)]
    week = next(r for r in rows if r["page"] == "week" and r["database"] == "sqlite")
    return {
        "name": "outlook", "n": size, "median_s": week["p50_ms"] / 1e3, "rate_per_s": 1e3 / week["p50_ms"],
        "peak_mib": max(r["peak_mib"] for r in rows), "machine": fresh.machine(), "peers": rows,
    }  # fmt: skip


def measure(kind: str, sizes: list[int]) -> list[dict[str, Any]]:
    """Fill one database, live a night, ask for every page."""
    connection = fresh.start(kind)
    (size,) = sizes
    client, county, units, plans = ledger.people()
    ledger.fill(connection, kind, county, units, plans, 0, size)
    add_duties(connection, kind)
    os.environ["LUOSHI_AS_OF"] = DAY.isoformat()
    from luoshi.supervision.outlook import night

    found = []
    for name, days in (("first night", 0), ("night three days later", 3)):
        at = dt.datetime.combine(DAY + dt.timedelta(days=days), dt.time(0, 5), ZONE)
        began = time.perf_counter()
        made = night.record(county, at)
        found.append(ledger.row(kind, size, name, [time.perf_counter() - began]))
        assert made.outcome and made.values["made"], made
    add_settled(connection, kind)
    for name, address in addresses(county, units, plans).items():
        fetch(client, address)
        found.append(ledger.row(kind, size, name, ledger.timed(lambda a=address: fetch(client, a), ROUNDS)))
        if address.startswith("/calendar/"):
            tag = client.get(address)["ETag"]
            times = ledger.timed(lambda a=address, t=tag: fetch(client, a, 304, {"If-None-Match": t}), ROUNDS)
            found.append(ledger.row(kind, size, f"{name}, unchanged", times))
    return found


def days(kind: str, expression: str, count: str) -> str:
    """Return SQL for a day so many days later."""
    return (
        f"({expression}) + ({count})::integer" if kind == "postgresql" else f"date({expression}, ({count}) || ' days')"
    )


def add_duties(connection: Any, kind: str) -> None:
    """Give every share its duty, half of them a report."""
    from luoshi.office import door

    text = "a.id::text" if kind == "postgresql" else "CAST(a.id AS TEXT)"
    due = "(SELECT t.due_on FROM plans_task t WHERE t.id = a.task_id)"
    with door.opened("bench"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO duties_duty (county_id, unit_id, task_id, subject_kind, subject_id, title_zh, title_en, clause_id, "
            "state, level, opened_on, due_on, events, closed_on) SELECT a.county_id, a.unit_id, a.task_id, 'assignment', "
            f"{text}, '任务' || a.task_id, 'Task', '', CASE WHEN a.task_id % 3 = 0 THEN 'closed' ELSE 'open' END, 0, "
            f"""{days(kind, due, "-40")}, {due}, '[{{"kind": "start", "on": "2023-01-01"}}]', """
            f"CASE WHEN a.task_id % 3 = 0 THEN {days(kind, due, 'a.task_id % 9 - 6')} END FROM supervision_assignment a"
        )
        cursor.execute("SELECT id FROM people_account")
        account = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO supervision_report (county_id, assignment_id, number, kind, text, percent, reported_on, "
            "reported_by_id, decision, reason, asked) SELECT a.county_id, a.id, 1, CASE WHEN a.task_id % 50 = 0 THEN 'done' "
            f"ELSE 'progress' END, '报告', 50, {days(kind, due, '-12')}, {account}, '', '', '[]' "
            "FROM supervision_assignment a WHERE a.task_id % 2 = 0"
        )
        cursor.execute("ANALYZE")


def add_settled(connection: Any, kind: str) -> None:
    """Write four forecasts with their outcome for each duty due before the day."""
    from luoshi.office import door

    yes, no = ("true", "false") if kind == "postgresql" else ("1", "0")
    with door.opened("bench"), connection.cursor() as cursor:
        for mark in (90, 91, 92, 93):  # marks that no night of this benchmark writes
            cursor.execute(
                "INSERT INTO outlook_forecast (county_id, duty_id, unit_id, made_on, due_on, mark, days_left, kind, "
                "reported, split, probability, called_late, unit_cases, unit_late, county_cases, county_late, base_rate, "
                f"current, outcome, settled_on) SELECT county_id, id, unit_id, '2023-01-01', due_on, {mark}, 5, 'once', "
                f"{no}, {yes}, (id % 100) / 100.0, id % 100 >= 50, 5, 2, 50, 20, 0.4, {no}, "
                f"CASE WHEN id % 3 = 0 THEN 'late' ELSE 'in_time' END, '{DAY}' FROM duties_duty WHERE due_on < '{DAY}'"
            )
        cursor.execute("ANALYZE")


def addresses(county: int, units: list[int], plans: list[int]) -> dict[str, str]:
    """Return the pages that are measured."""
    from luoshi.office import door
    from luoshi.office.people import bearer
    from luoshi.office.people.models import Account
    from luoshi.supervision.outlook.models import CalendarFeed, Forecast

    token = bearer.made()
    with door.opened("bench"):
        CalendarFeed.objects.create(
            county_id=county, unit_id=units[0], digest=bearer.digest_of(token), made_on=DAY,
            made_by_id=Account.objects.values_list("pk", flat=True)[0],
        )  # fmt: skip
    forecast = Forecast.objects.filter(current=True, probability__isnull=False).values_list("pk", flat=True)[0]
    return {
        "ledger with its views": "/tasks?view=all", "overview by unit": "/overview/unit",
        "overview by plan": "/overview/plan", "gantt": "/gantt", "gantt of a plan": f"/gantt?plan={plans[3]}",
        "gantt of three days": "/gantt?from=2023-12-20&until=2023-12-22", "month": "/month",
        "month of a unit": f"/month?unit={units[5]}", "feed of a unit": f"/calendar/{token}.ics", "week": "/week",
        "week as pdf": "/week.pdf", "week past": "/week?of=2023-12-04", "forecasts": "/forecasts",
        "one forecast": f"/forecasts/{forecast}", "accuracy": "/forecasts/accuracy", "copy": "/tasks/copy",
    }  # fmt: skip


def fetch(client: Any, address: str, status: int = 200, headers: dict[str, str] | None = None) -> None:
    """Ask for one page and look that it came."""
    answer = client.get(address, headers=headers)
    assert answer.status_code == status, (address, answer.status_code)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], [int(a) for a in sys.argv[2:]])))
