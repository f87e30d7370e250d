"""A county with a bit of everything a backup must bring back, and what is compared before and after."""

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import connection
from django.db.models import JSONField

from luoshi.gazette.publication.search import Query, matching
from luoshi.gazette.publication.visibility import Reader
from luoshi.office import backup, door
from luoshi.office.duties.models import Duty
from luoshi.office.evidence import intake
from luoshi.office.evidence.models import StoredFile
from luoshi.office.journal import seals
from luoshi.office.journal.models import Entry
from luoshi.office.people.models import Account, Person
from luoshi.office.plans.models import Target, Task
from tests.faults import work
from tests.supervision.small_county import NOW

PHONE = "13900001234"


def fill() -> dict[str, Any]:
    """Fill two counties: one with published documents, one with work, evidence, people, values of every type."""
    from tests.gazette.publication.conftest import publish
    from tests.office.conftest import make_county

    publish(make_county("public"))
    work.fill("county", shares=4, due=6)
    small = work.found("county")
    person = {"name": "演一", "phone": PHONE, "place": "village-a1", "purpose": "核实住房情况"}
    answers = [work.ask(small, "person.record", "village-a1.village_clerk", "person", person)]
    share = small.share(Task.objects.filter(county=small.county).order_by("pk")[0], "market")
    for verb in ("accept", "start"):
        answers.append(work.ask(small, f"assignment.{verb}", "market.officer", verb, {"assignment_id": share.pk}))
    stored = work.ask(small, "evidence.store", "market.officer", "file", {"seed": 1})
    report = {"assignment_id": share.pk, "text": "已报", "percent": 40, "files": [stored["values"]["file"]]}
    answers += [stored, work.ask(small, "assignment.report_progress", "market.officer", "report", report)]
    assert all(a["outcome"] == "granted" for a in answers), answers
    work.tick(NOW + dt.timedelta(days=9))
    seals.seal_now(NOW)
    with door.opened("fixture"):
        task = share.task
        for value in ("0.5", "12", "99999999.1250", None):
            Target.objects.create(county=small.county, task=task, words_zh="达到", op=">=", value=value, unit="%")
        Duty.objects.filter(county=small.county).update(
            every={"day_of_month": [31, 1], "a": {"z": 1.0, "b": '引号"\\'}}
        )
        Account.objects.filter(county=small.county).update(locked_until=NOW + dt.timedelta(microseconds=1))
    return {"person": answers[0]["values"]["person"], "file": stored["values"]["digest"]}


def rows() -> dict[str, str]:
    """Return a digest of every table as the database holds it; of JSON the order of keys does not count."""
    found = {}
    with connection.cursor() as cursor:
        for model in backup.tables():
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY id')
            names = [column[0] for column in cursor.description]
            as_json = {f.column for f in model._meta.concrete_fields if isinstance(f, JSONField)}
            held = [
                [_sorted(v) if n in as_json else v for n, v in zip(names, row, strict=True)]
                for row in cursor.fetchall()
            ]
            found[model._meta.db_table] = hashlib.sha256(repr(held).encode()).hexdigest()
    return found


def _sorted(value: Any) -> Any:
    return None if value is None else json.dumps(json.loads(value), sort_keys=True)


def facts(person: int, file: str) -> dict[str, Any]:
    """Return what a person would look for after a restore."""
    found = seals.verify()
    triggers = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O' ORDER BY 1"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(triggers)
        names = [row[0] for row in cursor.fetchall()]
    return {
        "altered": found.altered, "seals": found.seals, "entries": found.entries, "triggers": names,
        "phone": Person.objects.get(pk=person).phone, "files": StoredFile.objects.count(),
        "intact": intake.store().intact(file), "search": _search("巡查"), "nothing": _search("无此词语"),
    }  # fmt: skip


def _search(word: str) -> list[int]:
    from luoshi.office.people.models import County

    county = County.objects.get(code="public")
    return matching(Query(word), Reader(county.pk, True), 20)


def goes_on(code: str) -> dict[str, Any]:
    """Act once in a restored county: new rows get numbers of their own and the guards stand again."""
    small = work.found(code)
    before = Entry.objects.order_by("-pk")[0].pk
    answer = work.ask(small, "evidence.store", "market.officer", "after-restore", {"seed": 2})
    with door.opened("fixture"):
        try:
            Entry.objects.filter(pk=before).update(action="forged")
        except Exception as refused:
            return {"outcome": answer["outcome"], "newer": answer["entry"] > before, "refused": str(refused)}
    return {"outcome": answer["outcome"], "newer": answer["entry"] > before, "refused": ""}


def empty() -> dict[str, int]:
    """Count what a restore that failed may not have left: rows of any table, files, parts."""
    from pathlib import Path

    from django.conf import settings

    counts = {m._meta.db_table: m.objects.count() for m in backup.tables()}  # type: ignore[attr-defined]
    files = [p for p in Path(settings.LUOSHI_FILES).rglob("*") if p.is_file()]
    return {name: n for name, n in {**counts, "files": len(files)}.items() if n}


def request_ids() -> list[str]:
    """Return every request id in the journal."""
    return list(Entry.objects.values_list("request_id", flat=True))
