"""The API: what a page can do, once a key, in the actor's reach, with a clear answer to every bad request."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from luoshi.office import door
from luoshi.office.actions import ACTIONS
from luoshi.office.plans.models import Plan, Task, TaskUnit
from luoshi.site.api.build import RESOURCES
from luoshi.supervision import assignments
from luoshi.supervision.models import Assignment, Report
from tests.office.conftest import SmallCounty

ClientOf = Callable[..., Client]
TEXT = "本月已检查三十家，问题均已整改。"


def share_of(small: SmallCounty, unit: str) -> Assignment:
    with door.opened("fixture"):
        plan, _ = Plan.objects.get_or_create(county=small.county, code="p", subject="x", name_zh="方案", name_en="plan")
        task = Task.objects.create(
            county=small.county,
            plan=plan,
            code=f"t-{unit}",
            heading_zh=f"{small.county.code}-{unit}任务",
            mode="single",
            due_on=dt.date(2023, 9, 1),
        )
        TaskUnit.objects.create(county=small.county, task=task, unit=small.units[unit], role="responsible")
        assignments.open_for(small.county.pk, [task], dt.date(2023, 7, 3))
    return Assignment.objects.get(task=task)


def post(client: Client, action: str, body: Any, **headers: str) -> tuple[int, Any]:
    answer = client.post(
        f"/api/v1/actions/{action}", json.dumps(body), content_type="application/json", headers=headers
    )
    return answer.status_code, answer.json()


def test_the_document_names_every_action_a_person_may_ask_and_every_list(client: Client, db: None) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    asked = {name for name, act in ACTIONS.items() if set(act.grants) != {"system"}}
    assert {p.rsplit("/", 1)[1] for p in paths if "/actions/" in p} == asked
    assert {r.name for r in RESOURCES} <= {p.rsplit("/", 1)[1] for p in paths}
    ids = [op["operationId"] for path in paths.values() for op in path.values()]
    assert len(ids) == len(set(ids))


def test_an_officer_works_a_share_through(small: SmallCounty, client_of: ClientOf) -> None:
    share = share_of(small, "market")
    officer = client_of(small, "officer")
    for verb in ("accept", "start"):
        assert post(officer, f"assignment.{verb}", {"assignment_id": share.pk})[0] == 200
    status, answer = post(
        officer, "assignment.report_progress", {"assignment_id": share.pk, "text": TEXT, "percent": 40}
    )
    assert status == 200 and answer["outcome"] == "granted" and answer["entry"]
    listed = officer.get("/api/v1/assignments").json()["items"]
    assert [(r["id"], r["state"], r["percent"]) for r in listed] == [(share.pk, "in_progress", 40)]
    assert officer.get(f"/api/v1/reports?assignment={share.pk}").json()["items"][0]["text"] == TEXT


def test_one_key_acts_once(small: SmallCounty, client_of: ClientOf) -> None:
    share = share_of(small, "market")
    officer = client_of(small, "officer")
    for verb in ("accept", "start"):
        post(officer, f"assignment.{verb}", {"assignment_id": share.pk})
    body = {"assignment_id": share.pk, "text": TEXT, "percent": 40}
    headers = {"Idempotency-Key": "again"}
    first, second = (post(officer, "assignment.report_progress", body, **headers) for _ in range(2))
    assert first[0] == second[0] == 200 and second[1]["replayed"] and second[1]["entry"] == first[1]["entry"]
    assert Report.objects.count() == 1
    status, answer = post(officer, "assignment.report_progress", {**body, "percent": 50}, **headers)
    assert status == 409 and answer["problem"]["place"] == "request_id"


def test_another_units_share_is_refused_and_not_listed(small: SmallCounty, client_of: ClientOf) -> None:
    share = share_of(small, "farming")
    officer = client_of(small, "officer")
    status, answer = post(officer, "assignment.accept", {"assignment_id": share.pk})
    assert status == 403 and answer["outcome"] == "refused" and answer["reasons"][0]["code"] == "outside_scope"
    for name in ("tasks", "assignments", "duties", "reports"):
        assert officer.get(f"/api/v1/{name}").json()["items"] == []
    assert officer.get(f"/api/v1/assignments/{share.pk}").status_code == 404


def test_another_county_is_not_there(small: SmallCounty, neighbour: SmallCounty, client_of: ClientOf) -> None:
    foreign = share_of(neighbour, "market")
    supervisor = client_of(small, "supervisor")
    for resource in RESOURCES:
        body = supervisor.get(f"/api/v1/{resource.name}").content.decode()
        assert "neighbour" not in body
    assert supervisor.get(f"/api/v1/assignments/{foreign.pk}").status_code == 404
    assert post(client_of(small, "officer"), "assignment.accept", {"assignment_id": foreign.pk})[0] == 404


def test_without_a_session_nothing_but_the_public_opens(small: SmallCounty, client: Client) -> None:
    share_of(small, "market")
    for resource in RESOURCES:
        status = client.get(f"/api/v1/{resource.name}").status_code
        assert status == (200 if "public" in resource.readable.grants else 401)
    for name, act in ACTIONS.items():
        if "public" not in act.grants and set(act.grants) != {"system"}:
            assert post(client, name, {})[0] == 401, name


def test_a_session_without_its_token_changes_nothing(small: SmallCounty, client_of: ClientOf) -> None:
    share = share_of(small, "market")
    status, answer = post(client_of(small, "officer", checks=True), "assignment.accept", {"assignment_id": share.pk})
    assert status == 403 and answer["problem"]["place"] == "X-CSRFToken"
    share.refresh_from_db()
    assert share.state == "assigned"


def test_evidence_is_uploaded_and_named_in_a_report(small: SmallCounty, client_of: ClientOf) -> None:
    share = share_of(small, "market")
    officer = client_of(small, "officer")
    for verb in ("accept", "start"):
        post(officer, f"assignment.{verb}", {"assignment_id": share.pk})
    answer = officer.post("/api/v1/files", {"file": SimpleUploadedFile("台账.txt", "检查三十家".encode())})
    assert answer.status_code == 200, answer.content
    file = answer.json()["values"]["file"]
    body = {"assignment_id": share.pk, "text": TEXT, "percent": 40, "files": [file]}
    assert post(officer, "assignment.report_progress", body)[0] == 200
    assert post(client_of(small, "other_officer"), "evidence.store", {"receipt": "made up"})[0] == 422
    refused = officer.post("/api/v1/files", {"file": SimpleUploadedFile("a.pdf", b"MZ\x90\x00" + bytes(200))})
    assert 400 <= refused.status_code < 500 and refused.json()["problem"]["remedy"]["zh"]


@pytest.mark.parametrize(
    ("path", "status", "place"),
    [
        ("/api/v1/tasks?after=x", 422, "after"),
        ("/api/v1/tasks?limit=0", 422, "limit"),
        ("/api/v1/tasks?limit=100000", 422, "limit"),
        ("/api/v1/tasks?nonsense=1", 400, "nonsense"),
        ("/api/v1/assignments?task=abc", 400, "task"),
        ("/api/v1/duties?due_before=yesterday", 400, "due_before"),
        ("/api/v1/tasks/999999", 404, "tasks/999999"),
    ],
)
def test_bad_queries_name_their_place(
    small: SmallCounty, client_of: ClientOf, path: str, status: int, place: str
) -> None:
    answer = client_of(small, "supervisor").get(path)
    assert answer.status_code == status
    assert answer.json()["problem"]["place"] == place and answer.json()["problem"]["remedy"]["zh"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[]", b'{"assignment_id": "x"}', b'{"assignment_id": 1, "more": 2}', b"null"]
)
def test_bad_bodies_get_a_4xx_with_a_remedy(small: SmallCounty, client_of: ClientOf, body: bytes) -> None:
    answer = client_of(small, "officer").post(
        "/api/v1/actions/assignment.accept", body, content_type="application/json"
    )
    assert 400 <= answer.status_code < 500 and answer.json()["problem"]["remedy"]["en"]


def test_pages_follow_one_another_without_gap_or_repeat(small: SmallCounty, client_of: ClientOf) -> None:
    for unit in ("market", "farming", "east", "west", "office"):
        share_of(small, unit)
    supervisor = client_of(small, "supervisor")
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        page = supervisor.get(f"/api/v1/tasks?limit=2&after={after}").json()
        seen += [row["id"] for row in page["items"]]
        after = page["next"]
    assert seen == sorted(Task.objects.values_list("pk", flat=True))
