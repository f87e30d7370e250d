"""huey and APScheduler 3 with as many timers as Luoshi has duties: looking for due ones, and firing 1,000.

Usage: tick_peers.py PENDING FIRED, in an environment made from requirements/peers.txt.
"""

import datetime as dt
import json
import logging
import pickle
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

PENDING, FIRED = int(sys.argv[1]), int(sys.argv[2])
FAR = dt.datetime(2050, 1, 1)
fired = 0


def on_time(number: int) -> None:
    """What a timer does: count."""
    global fired
    fired += 1


def median_us(call, rounds: int) -> float:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return round(statistics.median(times) * 1e6, 1)


def with_huey(folder: Path) -> list[dict]:
    from huey import SqliteHuey

    store = SqliteHuey("bench", filename=str(folder / "huey.sqlite"))
    task = store.task()(on_time)
    task.schedule(args=(0,), eta=FAR)
    store.execute(store.dequeue())
    raw = sqlite3.connect(folder / "huey.sqlite")
    queue, data, stamp = raw.execute("SELECT queue, data, timestamp FROM schedule").fetchone()
    raw.executemany(
        "INSERT INTO schedule (queue, data, timestamp) VALUES (?, ?, ?)",
        ((queue, data, stamp + i) for i in range(PENDING)),
    )
    raw.commit()
    idle = median_us(lambda: store.read_schedule(dt.datetime(2023, 7, 3)), 200)
    for i in range(FIRED):
        store.add_schedule(task.s(i, eta=dt.datetime(2023, 7, 1)))
    began = time.perf_counter()
    for due in store.read_schedule(dt.datetime(2023, 7, 3)):
        store.enqueue(due)
    while (found := store.dequeue()) is not None:
        store.execute(found, dt.datetime(2050, 1, 1))
    took = time.perf_counter() - began
    return [
        {"name": "huey/SQLite idle", "pending": PENDING, "us": idle},
        {"name": f"huey/SQLite {FIRED} due", "pending": PENDING, "us": round(took * 1e6, 1), "fired": fired},
    ]


def with_apscheduler(folder: Path) -> list[dict]:
    from apscheduler.job import Job
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler
    from sqlalchemy import text

    logging.disable(logging.CRITICAL)
    store = SQLAlchemyJobStore(url=f"sqlite:///{folder / 'aps.sqlite'}")
    scheduler = BackgroundScheduler(jobstores={"default": store}, timezone=dt.timezone.utc)
    scheduler.start(paused=True)
    scheduler.add_job("operator:neg", "date", run_date=FAR, args=(1,))
    with store.engine.begin() as connection:
        state, at = connection.execute(text("SELECT job_state, next_run_time FROM apscheduler_jobs")).one()
        assert isinstance(pickle.loads(state), dict) and Job
        connection.execute(
            text("INSERT INTO apscheduler_jobs (id, next_run_time, job_state) VALUES (:id, :at, :state)"),
            [{"id": f"x{i}", "at": at + i, "state": state} for i in range(PENDING)],
        )
    now = dt.datetime.now(dt.timezone.utc)
    return [
        {"name": "APScheduler 3/SQLite idle", "pending": PENDING, "us": median_us(lambda: store.get_due_jobs(now), 200)}
    ]


def main() -> None:
    found: list[dict] = []
    with tempfile.TemporaryDirectory() as name:
        for measure in (with_huey, with_apscheduler):
            try:
                found += measure(Path(name))
            except Exception as fault:
                found.append(
                    {"name": measure.__name__, "pending": PENDING, "missing": f"{type(fault).__name__}: {fault}"[:160]}
                )
    print(json.dumps(found))


main()
