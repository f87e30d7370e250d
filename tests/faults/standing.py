"""What must hold of a county at any moment, whatever died in the middle of writing."""

import json
from typing import Any

from django.conf import settings
from django.db.models import Count

from luoshi.core.calendar import default_calendar
from luoshi.office.duties import schedule
from luoshi.office.duties.models import Duty
from luoshi.office.evidence import intake
from luoshi.office.evidence.models import Attachment, StoredFile
from luoshi.office.journal import seals
from luoshi.office.journal.models import Entry
from luoshi.office.notices.models import OutboxMessage
from luoshi.supervision.models import Assignment, Report
from tests.supervision.small_county import TODAY, Small


def check(small: Small) -> dict[str, Any]:
    """Assert everything and return how much there was to check."""
    county = small.county
    entries = [
        json.loads(c) for c in Entry.objects.filter(county=county).order_by("pk").values_list("content", flat=True)
    ]
    granted = [e for e in entries if e["outcome"] == "granted"]
    assert len({e["request_id"] for e in entries}) == len(entries)
    _reports(small, granted)
    _shares(small, granted)
    _duties(small, granted)
    _files(small, granted)
    delivered = _outbox(small)
    found = seals.verify()
    assert found.altered is None, found.altered
    return {
        "entries": len(entries), "granted": len(granted), "seals": found.seals, "delivered": delivered,
        "reports": Report.objects.filter(county=county).count(), "actions": sorted({e["action"] for e in granted}),
        "files": StoredFile.objects.filter(county=county).count(),
    }  # fmt: skip


def _reports(small: Small, granted: list[dict[str, Any]]) -> None:
    """Each report has its entry and each entry its report; no text came in twice."""
    said = [e["values"]["report"] for e in granted if e["action"].startswith("assignment.report_")]
    held = list(Report.objects.filter(county=small.county).values_list("pk", flat=True))
    assert sorted(said) == sorted(held)
    doubled = Report.objects.filter(county=small.county).values("text").annotate(n=Count("pk")).filter(n__gt=1)
    assert not doubled, list(doubled)
    numbers = Report.objects.filter(county=small.county).values("assignment", "number").annotate(n=Count("pk"))
    assert not numbers.filter(n__gt=1)
    returned = [e["action"] for e in granted if e["action"] == "assignment.review_return"]
    assert Report.objects.filter(county=small.county, decision="returned").count() == len(returned)


def _shares(small: Small, granted: list[dict[str, Any]]) -> None:
    """Each share stands where its last granted action left it."""
    last: dict[str, dict[str, Any]] = {}
    for entry in granted:
        if entry["subject"][0] == "assignment":
            last.setdefault(entry["subject"][1], {}).update(entry["after"])
    for share in Assignment.objects.filter(county=small.county):
        said = last.get(str(share.pk), {})
        for name, value in (("state", share.state), ("unit", share.unit_id), ("percent", share.percent)):
            assert said.get(name, value) == value, f"share {share.pk}: {name} is {value}, the journal says {said}"


def _duties(small: Small, granted: list[dict[str, Any]]) -> None:
    """Each duty has the level its last tick gave it, and no step was taken twice."""
    steps: dict[str, list[tuple[int, int]]] = {}
    for entry in granted:
        if entry["action"] == "duty.time":
            steps.setdefault(entry["subject"][1], []).append((entry["before"]["level"], entry["after"]["level"]))
    for duty in Duty.objects.filter(county=small.county, title_zh__startswith="事项"):
        taken = steps.get(str(duty.pk), [])
        assert len(taken) == len(set(taken)), f"duty {duty.pk}: {taken}"
        first = schedule.level_on(TODAY, duty.due_on, schedule.Scheme(), default_calendar())
        assert duty.level == (taken[-1][1] if taken else first)


def _files(small: Small, granted: list[dict[str, Any]]) -> None:
    """Each row names whole bytes; each journalled upload has its row; each attachment its file."""
    store = intake.store()
    held = set(StoredFile.objects.filter(county=small.county).values_list("digest", flat=True))
    assert {e["after"]["digest"] for e in granted if e["action"] == "evidence.store"} == held
    for digest in held:
        assert store.intact(digest), digest
    said = {f["file"] for e in granted if e["action"].startswith("assignment.report_") for f in e["after"]["files"]}
    assert set(Attachment.objects.filter(county=small.county).values_list("file_id", flat=True)) == said


def _outbox(small: Small) -> int:
    """Each message marked as sent is whole in the folder."""
    sent = OutboxMessage.objects.filter(county=small.county, sent_at__isnull=False)
    for message in sent:
        path = settings.LUOSHI_OUTBOX / f"{message.pk:010d}-{message.kind}.json"
        assert json.loads(path.read_text("utf-8"))["key"] == message.key
    return sent.count()
