"""Files on disk under their digest, and the way a file takes until a row names it."""

import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.core.problem import Problem
from luoshi.office import door
from luoshi.office.evidence import actions, attach, intake
from luoshi.office.evidence.models import Attachment, FingerprintBand, StoredFile
from luoshi.office.evidence.store import FileStore
from tests.supervision import small_county
from tests.supervision.small_county import NOW, Small
from tests.supervision.test_actions import picture


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture
def small(db: None, settings, tmp_path: Path) -> Small:  # type: ignore[no-untyped-def]
    settings.LUOSHI_FILES = tmp_path / "files"
    return small_county.make()


def everything(root: Path) -> list[Path]:
    return sorted(p for p in root.rglob("*") if p.is_file())


@given(st.lists(st.binary(max_size=200), max_size=8))
@settings(max_examples=40)
def test_what_goes_in_comes_out_under_its_digest(tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]) -> None:
    store = FileStore(tmp_path_factory.mktemp("files"))
    received = store.receive("a.txt", pieces, 10_000)
    whole = b"".join(pieces)
    assert (received.size, received.digest) == (len(whole), f"sha256:{hashlib.sha256(whole).hexdigest()}")
    path = store.keep(received)
    assert path.read_bytes() == whole
    assert store.intact(received.digest)
    assert everything(store.root) == [path]


@pytest.mark.parametrize(("size", "taken"), [(10, True), (11, False)])
def test_the_limit_counts_to_the_byte_and_leaves_nothing_behind(store: FileStore, size: int, taken: bool) -> None:
    if taken:
        store.receive("a", [b"x" * size], 10)
        return
    with pytest.raises(Problem) as large:
        store.receive("大文件.jpg", [b"x" * 5, b"x" * (size - 5)], 10)
    assert (large.value.status, large.value.place) == (413, "大文件.jpg")
    assert everything(store.root) == []


def test_above_the_limit_it_stops_reading(store: FileStore) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1000
            yield b"x" * 1000

    with pytest.raises(Problem):
        store.receive("endless", endless(), 10_000)
    assert read <= 11_000


def test_the_same_bytes_are_kept_once(store: FileStore) -> None:
    for _ in range(3):
        store.keep(store.receive("a", [b"same"], 10))
    assert len(everything(store.root)) == 1


def test_a_sender_that_breaks_off_leaves_nothing(store: FileStore) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError("gone")

    with pytest.raises(Problem):
        store.receive("a", broken(), 100)
    assert everything(store.root) == []


def test_a_full_disk_is_said_and_leaves_nothing(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Problem) as said:
        store.receive("a", [b"x"], 100)
    assert said.value.status == 507
    assert everything(store.root) == []


def test_bytes_are_synced_before_they_have_their_name(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    sync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda h: (steps.append("sync"), sync(h))[1])
    monkeypatch.setattr(os, "replace", lambda a, b: (steps.append("rename"), replace(a, b))[1])
    store.keep(store.receive("a", [b"x"], 100))
    assert steps == ["sync", "rename", "sync"]


def test_an_altered_file_is_not_intact_and_a_missing_one_neither(store: FileStore) -> None:
    received = store.receive("a", [b"original"], 100)
    path = store.keep(received)
    path.write_bytes(b"altered!")
    assert not store.intact(received.digest)
    path.unlink()
    assert not store.intact(received.digest)


@pytest.mark.parametrize("digest", ["../../etc/passwd", "sha256:..", "sha256:" + "g" * 64, "md5:" + "0" * 64, ""])
def test_only_a_digest_leads_to_a_path(store: FileStore, digest: str) -> None:
    with pytest.raises(AssertionError):
        store.path(digest)


def test_parts_of_a_power_cut_are_swept_and_kept_files_are_not(store: FileStore) -> None:
    kept = store.keep(store.receive("a", [b"x"], 100))
    left = store.receive("b", [b"y"], 100).path
    os.utime(left, (1_000, 1_000))
    fresh = store.receive("c", [b"z"], 100).path
    assert store.sweep(2_000) == 1
    assert everything(store.root) == sorted([kept, fresh])


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../a.jpg", "a.jpg"),
        ("C:\\照片\\现场.jpg", "现场.jpg"),
        ("a\r\nb\x00.jpg", "ab.jpg"),
        ("..", "未命名"),
        ("", "未命名"),
        (".htaccess", "htaccess"),
    ],
)
def test_a_name_is_only_a_name(name: str, clean: str) -> None:
    assert intake.clean_name(name) == clean


def test_a_very_long_name_keeps_its_ending() -> None:
    assert intake.clean_name("长" * 500 + ".jpeg").endswith(".jpeg")
    assert len(intake.clean_name("长" * 500 + ".jpeg")) <= intake.NAME_LENGTH


def test_a_file_has_its_row_its_findings_and_its_bands(small: Small) -> None:
    result = actions.receive(small.call("market.officer"), "现场.jpg", [picture()])
    file = StoredFile.objects.get(pk=result.values["file"])
    assert (file.media_type, file.name, file.size) == ("image/jpeg", "现场.jpg", len(picture()))
    assert {f["code"] for f in file.findings} >= {"kind", "exif_missing"}
    assert FingerprintBand.objects.filter(file=file).count() == 15


def test_the_same_upload_sent_twice_is_one_row_and_one_entry(small: Small) -> None:
    call = small.call("market.officer", "upload-1")
    first = actions.receive(call, "现场.jpg", [picture()])
    second = actions.receive(call, "现场.jpg", [picture()])
    assert second.replayed and first.values["file"] == second.values["file"]
    assert StoredFile.objects.count() == 1


def test_a_receipt_is_good_for_its_sender_only_and_cannot_be_written(small: Small) -> None:
    receipt = intake.take_in(small.actor("market.officer"), NOW, "现场.jpg", [picture()])
    with pytest.raises(Problem) as stolen:
        actions.store_file(small.call("health.officer"), receipt=receipt)
    assert stolen.value.place == "receipt"
    with pytest.raises(Problem):
        actions.store_file(small.call("market.officer"), receipt=receipt[:-2] + "xx")
    other = small_county.make("elsewhere")
    with pytest.raises(Problem):
        actions.store_file(other.call("market.officer"), receipt=receipt)
    assert not StoredFile.objects.exists()


def test_a_receipt_without_its_bytes_makes_no_row(small: Small) -> None:
    receipt = intake.take_in(small.actor("market.officer"), NOW, "现场.jpg", [picture()])
    for path in everything(intake.store().root):
        path.unlink()
    with pytest.raises(Problem):
        actions.store_file(small.call("market.officer"), receipt=receipt)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    "data", [b"", b"MZ\x90\x00" + b"\x00" * 60, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff\xe0broken"]
)
def test_what_is_dangerous_or_broken_is_refused_and_not_kept(small: Small, data: bytes) -> None:
    with pytest.raises(Problem) as refused:
        actions.receive(small.call("market.officer"), "照片.jpg", [data])
    assert (refused.value.status, refused.value.place) == (422, "照片.jpg")
    assert everything(intake.store().root) == []


def test_nearly_the_same_picture_in_another_record_is_marked(small: Small) -> None:
    import io

    from PIL import Image

    from tests.office.evidence import pictures  # noqa: F401 - its folder has the pictures of the checks

    base = Image.effect_noise((200, 150), 90).convert("RGB").resize((800, 600))
    files = []
    for quality in (95, 60):
        out = io.BytesIO()
        base.save(out, "JPEG", quality=quality)
        files.append(actions.receive(small.call("market.officer"), f"{quality}.jpg", [out.getvalue()]).values["file"])
    assert files[0] != files[1]
    with door.opened("fixture"):
        attach.to(small.call("market.officer"), [files[0]], "report", 1)
        attach.to(small.call("market.officer"), [files[1]], "report", 2)
    codes = {a.subject_id: [f["code"] for f in a.findings] for a in Attachment.objects.all()}
    assert codes == {"1": [], "2": ["duplicate_near"]}
