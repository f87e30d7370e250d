"""What pages, API and actions answer while the database is away or full, and once it is back."""

import json
from typing import Any
from unittest import mock

from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client

from luoshi.core.problem import Problem
from luoshi.office import door, present
from luoshi.office.evidence.models import StoredFile
from luoshi.office.journal.models import Entry
from luoshi.supervision.models import Report
from tests.faults import doors, full, together, work
from tests.supervision.small_county import NOW


def pages() -> dict[str, int]:
    """Ask several addresses while every statement fails, and return the status of each."""
    together.started("away")
    present.now = lambda: NOW  # type: ignore[assignment]
    settings.ALLOWED_HOSTS = ["*"]
    client = doors._client(work.found("away"), "market.officer")

    def gone(*_: Any, **__: Any) -> Any:
        raise OperationalError("server closed the connection unexpectedly")

    found = {}
    with mock.patch.object(door, "guard", gone):
        connection.execute_wrappers[:] = [gone]
        for address in ("/", "/inbox", "/tasks", "/api/v1/tasks", "/healthz", "/search?q=x", "/account/sign-in"):
            for name, who in (("officer", client), ("public", Client(raise_request_exception=False))):
                answer = who.get(address, secure=True)
                found[f"{name} {address}"] = answer.status_code
                assert "Traceback" not in answer.content.decode()
    return found


def full_database() -> dict[str, Any]:
    """Report and upload while the database has no room, then again once it has."""
    about = together.started("full")
    small = work.found("full")
    words = {"assignment_id": about["share"], "text": "已" * 5000, "percent": 10}
    before = _counts()
    said = {}
    with full.no_room_for_rows(0):
        said["reports"] = [_try(small, "assignment.report_progress", f"report-{n}", words) for n in range(40)]
        said["upload"] = [_try(small, "evidence.store", f"file-{n}", {"seed": n}) for n in range(40)]
    stands = _counts()
    refused = [n for n, status in enumerate(said["reports"]) if status == 507]
    again = [_try(small, "assignment.report_progress", f"report-{n}", words) for n in range(40)]
    replayed = [_try(small, "evidence.store", f"file-{n}", {"seed": n}) for n in range(40)]
    return {
        **said, "refused": refused, "before": before, "stands": stands, "after": _counts(),
        "again": sorted(set(again)), "replayed": sorted(set(replayed)),
    }  # fmt: skip


def _counts() -> dict[str, int]:
    return {"reports": Report.objects.count(), "files": StoredFile.objects.count(), "entries": Entry.objects.count()}


def _try(small: Any, action: str, request_id: str, given: dict[str, Any]) -> int:
    try:
        answer = work.ask(small, action, "market.officer", request_id, given)
    except Problem as problem:
        assert problem.remedy.zh and problem.remedy.en
        return problem.status
    assert json.dumps(answer)
    return 200 if answer["outcome"] == "granted" else 409
