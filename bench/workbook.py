"""The supervision ledger as the office's workbook: 100 k shares out, the same file in again with one cell in twenty changed.

Out: rows from the database into merged heads, drop-downs and codes, with what each row said kept. In: the archive is
measured, the rows read, each compared with what was exported and with the house as it stands. Both on both databases, in
processes of their own. Peers write and read a table of the same 17 columns without any of that, from rows in memory.
"""

import datetime as dt
import io
import json
import os
import re
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import fresh

ROUNDS = 3
SIZE = 100_000
TODAY = dt.date(2023, 7, 3)
TEXT = "各镇人民政府按照职责分工抓好农村房屋安全工作，逐户登记，逐户鉴定，第{}户已完成。"
PEERS = ("xlsxwriter", "openpyxl")


def run(n: int | None = None) -> list[dict[str, Any]]:
    """Measure out and in on every database that answers; the sqlite figures lead."""
    size = n or SIZE
    found = {kind: fresh.in_own_process("workbook.py", "measure", kind, size) for kind in fresh.databases()}
    told = []
    with tempfile.TemporaryDirectory() as folder:
        for job in ("out", "in"):
            ours = found["sqlite"][job]
            others = [{"name": f"luoshi, {kind}", **rows[job]} for kind, rows in found.items() if kind != "sqlite"]
            told.append({
                "name": f"workbook {job}", "n": size, **ours, "rate_per_s": size / ours["median_s"], "machine": fresh.machine(),
                "peers": [*others, *(_peer(name, job, size, folder, ours["median_s"]) for name in PEERS)],
            })  # fmt: skip
    return told


def _peer(name: str, job: str, size: int, folder: str, ours: float) -> dict[str, Any]:
    if job == "in" and name == "xlsxwriter":
        return {"name": name, "skipped": "it only writes"}
    found = fresh.peer("workbook_peers.py", job, name, size, f"{folder}/peer.xlsx")
    if isinstance(found, str):
        return {"name": name, "skipped": found}
    return {"name": name, **found, "times_ours": found["median_s"] / ours}


def measure(kind: str, size: int) -> dict[str, Any]:
    """Fill one database, then export and bring back in processes that did not hold the filling."""
    connection = fresh.start(kind)
    actor, made = people_and_work(connection, kind, size)
    connection.close()
    jobs: dict[str, Any] = {}
    for job in ("out", "in"):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            jobs[job] = pool.submit(JOBS[job], kind, actor, made).result()
    return jobs


def start_again() -> None:
    """Start Django in a new process on the database that the parent's environment names."""
    import django

    django.setup()


def out(kind: str, actor: Any, made: int) -> dict[str, float]:
    """Write the workbook some times and keep the last, with what its rows said."""
    start_again()
    from luoshi.office import door
    from luoshi.supervision.queries.ledger import Wanted
    from luoshi.supervision.workbook import export, rows
    from luoshi.supervision.workbook.layouts import layouts
    from luoshi.supervision.workbook.models import Export

    row, layout, before = Export.objects.get(pk=made), layouts()["supervision"], held_mib()

    def once() -> None:
        kept = export.write(row, layout, rows.keys(actor, layout, Wanted(), TODAY), TODAY, target())
        row.known, row.rows = kept.done(), kept.rows

    spent = timed(once, before)
    with door.opened("bench"):
        row.save()
    return spent


def back(kind: str, actor: Any, made: int) -> dict[str, float]:
    """Read the workbook back, its last column of percentages changed in one row of twenty, and compare every row."""
    start_again()
    from luoshi.office.actions import Call
    from luoshi.supervision.workbook import proposing

    data = changed(target().read_bytes())
    call, before = Call(actor, dt.datetime(2023, 7, 3, 1, tzinfo=dt.UTC), "bench"), held_mib()

    def once() -> None:
        found = proposing.propose(call, proposing.open_returned("台账.xlsx", data))
        assert len(found.changes) >= found.rows // 25, (len(found.changes), found.rows)

    return timed(once, before)


def target() -> Path:
    """Return where the workbook stands between the two jobs."""
    return Path(os.environ["LUOSHI_HOME"]) / "out.xlsx"


def changed(data: bytes) -> bytes:
    """Return the workbook with every twentieth percentage set to 95, in its XML, without a library's memory."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                part = re.sub(rb'(<c r="L\d*[02468]0"[^>]*><v>)[\d.]+', rb"\g<1>95", part)
            new.writestr(name, part)
    return out.getvalue()


def timed(once: Callable[[], None], before: float) -> dict[str, float]:
    """Return the median seconds of some rounds and the most memory held, in all and by the job itself."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        once()
        times.append(time.perf_counter() - began)
    peak = held_mib()
    return {
        "median_s": round(statistics.median(times), 2), "peak_mib": round(peak, 1), "own_mib": round(peak - before, 1),
    }  # fmt: skip


def held_mib() -> float:
    """Return the most memory this process has held since it was started; what its parent held does not count."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024


JOBS: dict[str, Callable[[str, Any, int], dict[str, float]]] = {"out": out, "in": back}


def people_and_work(connection: Any, kind: str, size: int) -> tuple[Any, int]:
    """Make a county whose every task has one share with a duty and a report; return its supervisor and an export."""
    import ledger
    from django.db.models import F

    from luoshi.office import door
    from luoshi.office.access import Actor
    from luoshi.office.duties.models import Duty
    from luoshi.office.people.models import Account
    from luoshi.office.plans.models import Task
    from luoshi.supervision.models import Assignment, Report
    from luoshi.supervision.workbook.models import Export

    _, county, units, plans = ledger.people()
    ledger.fill(connection, kind, county, units, plans, 0, size)
    account = Account.objects.get(county_id=county)
    tasks = Task.objects.filter(county_id=county).order_by("pk")
    shares = list(Assignment.objects.filter(county_id=county).order_by("task_id").values_list("pk", "unit_id"))
    with door.opened("bench"):
        duties = Duty.objects.bulk_create(
            (
                Duty(
                    county_id=county, unit_id=unit, account=account, task=task, subject_kind="assignment",
                    subject_id=str(share), title_zh=task.heading_zh, opened_on=TODAY, due_on=task.due_on,
                )
                for task, (share, unit) in zip(tasks.iterator(), shares, strict=True)
            ),
            batch_size=500,
        )  # fmt: skip
        Report.objects.bulk_create(
            (
                Report(
                    county_id=county, assignment_id=share, number=1, kind="progress", text=TEXT.format(number),
                    percent=number % 90, reported_on=TODAY, reported_by=account,
                )
                for number, (share, _) in enumerate(shares)
            ),
            batch_size=500,
        )  # fmt: skip
        first = duties[0].pk - shares[0][0]
        Assignment.objects.filter(county_id=county).update(
            state="in_progress", percent=F("pk") % 90, reports_made=1, duty_id=F("pk") + first
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        at = dt.datetime(2023, 7, 3, 1, tzinfo=dt.UTC)
        made = Export.objects.create(county_id=county, account=account, layout="supervision", made_at=at)
    return Actor(county, "supervisor", account.pk, None, units[0]), made.pk


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[2], int(sys.argv[3]))))
