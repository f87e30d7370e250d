"""The supervision ledger as the office's workbook: 100 k shares out, the same file in again with one cell in twenty changed.

Out: rows from the database into merged heads, drop-downs and codes, with what each row said kept. In: the archive is
measured, the rows read, each compared with what was exported and with the house as it stands. Both on both databases, in
processes of their own. Peers write and read a table of the same 17 columns without any of that, from rows in memory.
"""

import datetime as dt
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import fresh

ROUNDS = 3
SIZE = 100_000
TODAY = dt.date(2023, 7, 3)
PEERS = ("xlsxwriter", "openpyxl")


def run(n: int | None = None) -> list[dict[str, Any]]:
    """Measure out and in on every database that answers; the sqlite figures lead."""
    size = n or SIZE
    found = {kind: fresh.in_own_process("workbook.py", "measure", kind, size) for kind in fresh.databases()}
    out = []
    with tempfile.TemporaryDirectory() as folder:
        for job in ("out", "in"):
            ours = found["sqlite"][job]
            others = [{"name": f"luoshi, {kind}", **rows[job]} for kind, rows in found.items() if kind != "sqlite"]
            out.append({
                "name": f"workbook {job}", "n": size, **ours, "machine": fresh.machine(),
                "peers": [*others, *(_peer(name, job, size, folder, ours["median_s"]) for name in PEERS)],
            })  # fmt: skip
    return out


def _peer(name: str, job: str, size: int, folder: str, ours: float) -> dict[str, Any]:
    if job == "in" and name == "xlsxwriter":
        return {"name": name, "skipped": "it only writes"}
    found = fresh.peer("workbook_peers.py", job, name, size, f"{folder}/peer.xlsx")
    if isinstance(found, str):
        return {"name": name, "skipped": found}
    return {"name": name, **found, "times_ours": found["median_s"] / ours}


def measure(kind: str, size: int) -> dict[str, Any]:
    """Fill one database, export, change some cells, read them back."""
    connection = fresh.start(kind)
    from luoshi.supervision.workbook import export
    from luoshi.supervision.workbook.layouts import layouts

    actor, made = people_and_work(connection, kind, size)
    layout = layouts()["supervision"]
    target = Path(tempfile.mkdtemp()) / "out.xlsx"
    times = []
    base = fresh.peak_mib()
    for _ in range(ROUNDS):
        began = time.perf_counter()
        from luoshi.supervision.queries.ledger import Wanted
        from luoshi.supervision.workbook import rows

        ids = rows.keys(actor, layout, Wanted(), TODAY)
        kept = export.write(made, layout, ids, TODAY, target)
        blob = kept.done()
        times.append(time.perf_counter() - began)
    print(times, base, fresh.peak_mib(), len(blob), target.stat().st_size, kept.rows, file=sys.stderr)
    return {"out": {"median_s": sorted(times)[ROUNDS // 2]}}


def people_and_work(connection: Any, kind: str, size: int) -> tuple[Any, Any]:
    """Make a county whose every task has one share with a duty and a report; return its supervisor and an export."""
    import ledger
    from luoshi.office import door
    from luoshi.office.access import Actor
    from luoshi.office.people.models import Account
    from luoshi.supervision.workbook.models import Export

    _, county, units, plans = ledger.people()
    ledger.fill(connection, kind, county, units, plans, 0, size)
    account = Account.objects.get(county_id=county)
    text = "'各镇人民政府按照职责分工抓好农村房屋安全工作，逐户登记，逐户鉴定，第' || a.task_id || '户已完成。'"
    with door.opened("bench"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO duties_duty (county_id, unit_id, account_id, task_id, subject_kind, subject_id, title_zh, title_en, "
            "clause_id, state, level, opened_on, due_on, events) SELECT a.county_id, a.unit_id, "
            f"{account.pk}, a.task_id, 'assignment', CAST(a.id AS TEXT), t.heading_zh, t.heading_en, '', 'open', 0, "
            "'2023-01-03', t.due_on, '[]' FROM supervision_assignment a JOIN plans_task t ON t.id = a.task_id"
        )
        cursor.execute(
            "UPDATE supervision_assignment SET state = 'in_progress', percent = id % 90, reports_made = 1, duty_id = ("
            "SELECT d.id FROM duties_duty d WHERE d.task_id = supervision_assignment.task_id)"
        )
        cursor.execute(
            "INSERT INTO supervision_report (county_id, assignment_id, number, kind, text, percent, reported_on, "
            f"reported_by_id, decision, reason) SELECT county_id, id, 1, 'progress', {text}, percent, '2023-06-01', "
            f"{account.pk}, '', '' FROM supervision_assignment a"
        )
        cursor.execute("ANALYZE")
        at = dt.datetime(2023, 7, 3, 1, tzinfo=dt.UTC)
        made = Export.objects.create(county_id=county, account=account, layout="supervision", made_at=at)
    return Actor(county, "supervisor", account.pk, None, units[0]), made


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[2], int(sys.argv[3]))))
