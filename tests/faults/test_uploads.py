"""Hostile files and bodies through the doors that take them: refused with a 4xx, nothing kept, nothing read in vain."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from django.urls import reverse

from luoshi.office.evidence.models import StoredFile
from luoshi.supervision.models import Assignment, Report
from tests.api.conftest import client_of, small  # noqa: F401 - fixtures
from tests.api.test_api import share_of
from tests.office.conftest import SmallCounty
from tests.office.evidence import pictures

ClientOf = Callable[..., Client]
MEGABYTE = 1 << 20


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.LUOSHI_FILES = tmp_path / "files"


@pytest.fixture
def share(small: SmallCounty, client_of: ClientOf) -> Assignment:  # noqa: F811
    """A share the officer works on."""
    made = share_of(small, "market")
    officer = client_of(small, "officer")
    for verb in ("accept", "start"):
        answer = officer.post(
            f"/api/v1/actions/assignment.{verb}", json.dumps({"assignment_id": made.pk}), "application/json"
        )
        assert answer.status_code == 200
    return made


def send(client: Client, share: Assignment, name: str, data: bytes) -> Any:
    """Send a report with one file through the page."""
    form = {
        "request_id": "form-12345678",
        "text": "本月进展如下",
        "percent": "40",
        "files": SimpleUploadedFile(name, data),
    }
    return client.post(reverse("share-act", args=[share.pk, "report_progress"]), form)


def bomb() -> bytes:
    """Return a docx whose one part is 200 MB of noughts."""
    return pictures.docx(word__media__image1="0" * (200 * MEGABYTE))


HOSTILE: dict[str, Callable[[], tuple[str, bytes]]] = {
    "empty": lambda: ("空.jpg", b""),
    "program": lambda: ("照片.jpg", b"MZ\x90\x00" + b"\x00" * 64),
    "svg": lambda: ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
    "html": lambda: ("a.jpg", b"<!doctype html><script>alert(1)</script>"),
    "cut jpeg": lambda: ("a.jpg", pictures.jpeg(pictures.scene(1))[:200]),
    "zip bomb": lambda: ("表.docx", bomb()),
    "macro": lambda: ("表.docx", pictures.docx(**{"word__vbaProject.bin": b"\x00"})),
    "path out": lambda: ("表.docx", pictures.zipped({"[Content_Types].xml": "<Types/>", "../../evil": "x"})),
    "cut docx": lambda: ("表.docx", pictures.docx()[:-40]),
    "entities": lambda: (
        "表.docx",
        pictures.docx(**{"word___rels__document.xml.rels": "<!DOCTYPE a [<!ENTITY b 'b'>]><a>&b;</a>"}),
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_with_its_name_and_nothing_is_kept(
    small: SmallCounty, client_of: ClientOf, share: Assignment, tmp_path: Path, what: str  # noqa: F811
) -> None:  # fmt: skip
    name, data = HOSTILE[what]()
    answer = send(client_of(small, "officer"), share, name, data)
    assert 400 <= answer.status_code < 500 and name in answer.content.decode()
    assert not StoredFile.objects.exists() and not Report.objects.exists()
    assert [p for p in (tmp_path / "files").rglob("*") if p.is_file()] == []


def test_a_file_above_the_limit_is_413_and_one_below_is_kept(
    small: SmallCounty, client_of: ClientOf, share: Assignment, settings: Any  # noqa: F811
) -> None:  # fmt: skip
    settings.LUOSHI_UPLOAD_LIMIT = 100_000
    officer = client_of(small, "officer")
    answer = send(officer, share, "大.jpg", pictures.jpeg(pictures.scene(1)) + b"\x00" * 100_000)
    assert answer.status_code == 413 and not StoredFile.objects.exists()
    assert send(officer, share, "小.jpg", pictures.jpeg(pictures.scene(1))).status_code == 303
    assert StoredFile.objects.count() == Report.objects.count() == 1


class _Endless(io.RawIOBase):
    """A request body that never ends, and counts what was read of it."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "somebody asked for all of it"
        self.taken += size
        return b"x" * size


@pytest.mark.parametrize(
    "path", ["/shares/1/report_progress", "/gazette/desk/import", "/api/v1/actions/evidence.store"]
)
@pytest.mark.parametrize("length", [str(300 * MEGABYTE), "9" * 40, "-1", "x"])
def test_a_request_above_the_limit_is_refused_before_it_is_read(db: None, path: str, length: str) -> None:
    body, said = _Endless(), []
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": path, "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "wsgi.input": body,
        "CONTENT_LENGTH": length, "CONTENT_TYPE": "multipart/form-data; boundary=b", "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(), "REMOTE_ADDR": "127.0.0.1",
    }  # fmt: skip
    WSGIHandler()(environ, lambda status, headers: said.append(status))
    assert said[0].startswith("413") and body.taken == 0


BODIES: dict[str, bytes] = {
    "deep": b"[" * 200_000 + b"]" * 200_000,
    "deep object": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "long number": b'{"assignment_id": ' + b"9" * 6000 + b"}",
    "float": b'{"assignment_id": 1e999}',
    "nan": b'{"assignment_id": NaN}',
    "lone surrogate": b'{"assignment_id": 1, "text": "\\ud800"}',
    "surrogate bytes": b'{"assignment_id": 1, "text": "\xed\xa0\x80"}',
    "twice": b'{"assignment_id": 1, "assignment_id": 2, "percent": 1, "text": "\\u0000"}',
    "gb18030": '{"text": "进展"}'.encode("gb18030"),
    "utf-16": '{"text": "进展"}'.encode("utf-16"),
    "six megabytes": b'{"assignment_id": 1, "percent": 1, "text": "' + b"x" * (6 * MEGABYTE) + b'"}',
}


@pytest.mark.parametrize("what", BODIES)
def test_a_hostile_body_of_the_api_is_a_4xx_with_a_remedy(
    small: SmallCounty, client_of: ClientOf, what: str  # noqa: F811
) -> None:  # fmt: skip
    client = client_of(small, "officer")
    client.raise_request_exception = False
    answer = client.post("/api/v1/actions/assignment.report_progress", BODIES[what], content_type="application/json")
    assert 400 <= answer.status_code < 500, answer.content[:300]
    assert answer.json()["problem"]["remedy"]["zh"]


@pytest.mark.parametrize("key", ["x" * 81, "中文", "a b", ""])
def test_an_odd_idempotency_key_is_no_fault(
    small: SmallCounty, client_of: ClientOf, share: Assignment, key: str  # noqa: F811
) -> None:  # fmt: skip
    client = client_of(small, "officer")
    client.raise_request_exception = False
    body = json.dumps({"assignment_id": share.pk, "text": "进展", "percent": 1})
    answer = client.post(
        "/api/v1/actions/assignment.report_progress", body, "application/json", HTTP_IDEMPOTENCY_KEY=key
    )
    assert answer.status_code < 500, answer.content[:300]


def _chunks(count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield b"x" * MEGABYTE


@pytest.mark.slow
def test_a_file_of_101_megabytes_is_dropped_at_the_limit(small: SmallCounty, tmp_path: Path) -> None:  # noqa: F811
    """Streamed as a client would: the pieces stop being asked for at the limit, whose size memory never holds."""
    import tracemalloc

    from luoshi.core.problem import Problem
    from luoshi.office.evidence import actions

    asked = 0

    def pieces() -> Iterator[bytes]:
        nonlocal asked
        for piece in _chunks(500):
            asked += 1
            yield piece

    tracemalloc.start()
    with pytest.raises(Problem) as said:
        actions.receive(small.call("officer"), "大.jpg", pieces())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said.value.status == 413 and asked == 101
    assert peak < 16 * MEGABYTE
    assert [p for p in (tmp_path / "files").rglob("*") if p.is_file()] == []
