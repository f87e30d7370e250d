"""Everything in one file while it serves, and back into an empty place: all of it or nothing, on both databases."""

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults import house
from tests.faults.content import PHONE
from tests.faults.house import House


@dataclass
class Saved:
    """A filled house, its backup, and what was noted of it."""

    house: House
    file: Path
    noted: dict[str, Any]

    def manifest(self) -> dict[str, Any]:
        return manifest_of(self.file)


def manifest_of(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        found: dict[str, Any] = json.loads(archive.read("manifest.json"))
        return found


def tables_of(path: Path) -> list[dict[str, Any]]:
    return manifest_of(path)["tables"]


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Saved]]:
    """Give a filled house of a kind with its backup, made once."""
    made: dict[str, Saved] = {}
    with ExitStack() as stack:

        def of(kind: str) -> Saved:
            if kind not in made:
                home = tmp_path_factory.mktemp(f"saved-{kind}")
                one = stack.enter_context(house.opened(kind, home / "home"))
                noted = one.run("tests.faults.content:fill")
                answer = one.luoshi("backup", str(home / "all.zip"))
                assert answer.returncode == 0, answer.stderr
                made[kind] = Saved(one, home / "all.zip", noted)
            return made[kind]

        yield of


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An empty, migrated SQLite house that every refused restore must leave empty."""
    with house.opened("sqlite", tmp_path_factory.mktemp("blank") / "home") as made:
        yield made


def refused(target: House, path: Path, place: str, **environment: str) -> None:
    """Assert that a restore says one line that names the place and leaves nothing."""
    answer = target.luoshi("restore", str(path), **environment)
    lines = answer.stderr.strip().splitlines()
    assert answer.returncode == 2, answer.stderr
    assert len(lines) == 1 and place in lines[0], answer.stderr
    assert target.run("tests.faults.content:empty") == {}


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("sqlite", "sqlite"),
        pytest.param("sqlite", "postgresql", marks=pytest.mark.slow),
        pytest.param("postgresql", "sqlite", marks=pytest.mark.slow),
        pytest.param("postgresql", "postgresql", marks=pytest.mark.slow),
    ],
)
def test_all_comes_back_on_either_database(
    saved: Callable[[str], Saved], tmp_path: Path, source: str, target: str
) -> None:
    one = saved(source)
    with house.opened(target, tmp_path / "home", migrate=source != target) as other:
        answer = other.luoshi("restore", str(one.file))
        assert answer.returncode == 0, answer.stderr
        before = one.house.run("tests.faults.content:facts", **one.noted)
        after = other.run("tests.faults.content:facts", **one.noted)
        names = ("altered", "seals", "entries", "phone", "files", "intact", "search", "nothing")
        assert {n: after[n] for n in names} == {n: before[n] for n in names}
        assert after["altered"] is None and after["phone"] == PHONE and after["intact"]
        assert len(after["search"]) > 1 and after["nothing"] == []
        if source == target:
            assert other.run("tests.faults.content:rows") == one.house.run("tests.faults.content:rows")
            assert after["triggers"] == before["triggers"] and after["triggers"]
        assert other.luoshi("backup", str(tmp_path / "again.zip")).returncode == 0
        assert tables_of(tmp_path / "again.zip") == one.manifest()["tables"]
        went_on = other.run("tests.faults.content:goes_on", code="county")
        assert went_on["outcome"] == "granted" and went_on["newer"] and went_on["refused"]


def test_two_backups_of_equal_data_have_equal_tables(saved: Callable[[str], Saved], tmp_path: Path) -> None:
    one = saved("sqlite")
    assert one.house.luoshi("backup", str(tmp_path / "again.zip")).returncode == 0
    assert tables_of(tmp_path / "again.zip") == one.manifest()["tables"]


@pytest.mark.parametrize("kind", house.KINDS)
def test_personal_data_stays_ciphertext(saved: Callable[[str], Saved], kind: str) -> None:
    one = saved(kind)
    with zipfile.ZipFile(one.file) as archive:
        people = archive.read("tables/people_person.jsonl").decode()
        everything = b"".join(archive.read(name) for name in archive.namelist() if not name.startswith("files/"))
    assert "aesgcm1:" in people
    for secret in (PHONE, "演一", house.DATA_KEY):
        assert secret.encode() not in everything


@pytest.mark.slow
@pytest.mark.parametrize("kind", house.KINDS)
def test_a_backup_taken_while_others_write_is_one_moment(tmp_path: Path, kind: str) -> None:
    with house.opened(kind, tmp_path / "home") as busy, house.opened("sqlite", tmp_path / "other") as other:
        busy.run("tests.faults.work:fill", code="busy")
        ledgers = [tmp_path / f"{n}.jsonl" for n in range(2)]
        workers = [
            busy.launch("tests.faults.work:work", code="busy", life=f"w{n}", ledger=str(ledger), seed=n)
            for n, ledger in enumerate(ledgers)
        ]
        while not all(ledger.exists() and b"answered" in ledger.read_bytes() for ledger in ledgers):
            assert all(worker.alive() for worker in workers)
        known = [a for ledger in ledgers for a in _answered(ledger)]
        answer = busy.luoshi("backup", str(tmp_path / "all.zip"))
        assert all(worker.alive() for worker in workers)
        for worker in workers:
            worker.kill()
        assert answer.returncode == 0, answer.stderr
        answer = other.luoshi("restore", str(tmp_path / "all.zip"))
        assert answer.returncode == 0, answer.stderr
        # The outbox's delivered files are not part of a backup: what stands in its table is checked without them.
        if (busy.home / "outbox").exists():
            shutil.copytree(busy.home / "outbox", other.home / "outbox", dirs_exist_ok=True)
        found = other.run("tests.faults.work:check", code="busy")
        assert set(known) <= set(other.run("tests.faults.content:request_ids")) and found["entries"] >= len(known)


def _answered(ledger: Path) -> list[str]:
    lines = [json.loads(line) for line in ledger.read_text("utf-8").splitlines() if line.endswith("}")]
    return [line["answered"] for line in lines if "answered" in line]


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """Copy a backup part by part; a part that ``change`` answers with None is left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return target


def _flip(data: bytes) -> bytes:
    return data[:-3] + bytes([data[-3] ^ 1]) + data[-2:]


def _manifest(**more: Any) -> Callable[[str, bytes], bytes]:
    def change(name: str, data: bytes) -> bytes:
        return json.dumps({**json.loads(data), **more}).encode() if name == "manifest.json" else data

    return change


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda n, d: _flip(d) if n == "tables/people_account.jsonl" else d, "tables/people_account.jsonl"),
        (lambda n, d: d + d[-20:] if n == "tables/journal_entry.jsonl" else d, "tables/journal_entry.jsonl"),
        (lambda n, d: _flip(d) if n.startswith("files/") else d, "files/"),
        (lambda n, d: None if n.startswith("files/") else d, "files/"),
        (lambda n, d: None if n == "tables/people_unit.jsonl" else d, "altered.zip"),
        (lambda n, d: None if n == "manifest.json" else d, "altered.zip"),
        (lambda n, d: b"[]" if n == "manifest.json" else d, "altered.zip"),
        (_manifest(format="luoshi-backup-2"), "altered.zip"),
        (_manifest(tables=[]), "altered.zip"),
        (_manifest(files=["sha256:../../x"]), "altered.zip"),
        (_manifest(files=None), "altered.zip"),
        (_manifest(data_key="00000000"), "LUOSHI_DATA_KEY"),
        (_manifest(migrations=["people.9999_from_the_future"]), "manifest.json"),
        (_manifest(migrations=[]), "manifest.json"),
    ],
)  # fmt: skip
def test_an_altered_backup_is_refused_and_nothing_is_restored(
    saved: Callable[[str], Saved],
    blank: House,
    tmp_path: Path,
    change: Callable[[str, bytes], bytes | None],
    place: str,
) -> None:
    refused(blank, rewritten(saved("sqlite").file, tmp_path / "altered.zip", change), place)


def test_rows_that_contradict_each_other_are_refused_though_their_digests_fit(
    saved: Callable[[str], Saved], blank: House, tmp_path: Path
) -> None:
    """A forger who also rewrites the digest meets the database's own constraints, and still nothing stays."""
    import hashlib

    source = saved("sqlite").file
    tables = tables_of(source)
    with zipfile.ZipFile(source) as archive:
        lines = archive.read("tables/people_place.jsonl").splitlines(keepends=True)
    forged = b"".join([lines[0], *lines[2:]])  # the county's own place is gone, others point to it
    for table in tables:
        if table["name"] == "people_place":
            table["sha256"] = hashlib.sha256(forged).hexdigest()

    def change(name: str, data: bytes) -> bytes:
        return _manifest(tables=tables)(name, forged if name == "tables/people_place.jsonl" else data)

    refused(blank, rewritten(source, tmp_path / "altered.zip", change), "database")


@pytest.mark.parametrize("kept", [0.0, 0.02, 0.5, 0.95, 0.9999])
def test_a_truncated_backup_is_refused(
    saved: Callable[[str], Saved], blank: House, tmp_path: Path, kept: float
) -> None:
    data = saved("sqlite").file.read_bytes()
    path = tmp_path / "short.zip"
    path.write_bytes(data[: int(len(data) * kept)])
    refused(blank, path, "short.zip")


def test_a_damaged_byte_anywhere_is_noticed(saved: Callable[[str], Saved], blank: House, tmp_path: Path) -> None:
    data = bytearray(saved("sqlite").file.read_bytes())
    at = data.index(b"tables/people_account.jsonl") + 400
    data[at] ^= 0xFF
    path = tmp_path / "damaged.zip"
    path.write_bytes(data)
    refused(blank, path, "")


@pytest.mark.parametrize("what", ["no such file", "a folder", "a text", "another zip"])
def test_what_is_no_backup_is_said_to_be_none(blank: House, tmp_path: Path, what: str) -> None:
    path = tmp_path / "given.zip"
    if what == "a folder":
        path.mkdir()
    elif what == "a text":
        path.write_text("备份")
    elif what == "another zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.txt", "x")
    refused(blank, path, "given.zip")


def test_another_data_key_is_refused(saved: Callable[[str], Saved], blank: House) -> None:
    other = house.base64.b64encode(bytes(range(1, 33))).decode()
    refused(blank, saved("sqlite").file, "LUOSHI_DATA_KEY", LUOSHI_DATA_KEY=other)


@pytest.mark.parametrize("kind", house.KINDS)
def test_a_place_with_data_is_not_overwritten(saved: Callable[[str], Saved], kind: str) -> None:
    one = saved(kind)
    before = one.house.run("tests.faults.content:rows")
    answer = one.house.luoshi("restore", str(one.file))
    assert answer.returncode == 2 and answer.stderr.count("\n") == 1 and "LUOSHI_HOME" in answer.stderr
    assert one.house.run("tests.faults.content:rows") == before


def test_a_damaged_evidence_file_stops_the_backup_and_leaves_the_earlier_one(
    saved: Callable[[str], Saved], tmp_path: Path
) -> None:
    one = saved("sqlite")
    figures = one.noted["file"].split(":")[1]
    path = one.house.home / "files" / figures[:2] / figures[2:4] / figures
    whole = path.read_bytes()
    target = tmp_path / "all.zip"
    target.write_text("the earlier one")
    path.write_bytes(whole[:-1])
    try:
        answer = one.house.luoshi("backup", str(target))
    finally:
        path.write_bytes(whole)
    assert answer.returncode == 2 and one.noted["file"] in answer.stderr and answer.stderr.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["all.zip"] and target.read_text() == "the earlier one"


def test_a_folder_that_is_not_there_is_named(saved: Callable[[str], Saved], tmp_path: Path) -> None:
    answer = saved("sqlite").house.luoshi("backup", str(tmp_path / "nowhere" / "all.zip"))
    assert answer.returncode == 2 and "nowhere" in answer.stderr and answer.stderr.count("\n") == 1


@pytest.mark.parametrize("step", ["table", "file", "end"])
def test_a_full_disk_while_saving_is_said_and_leaves_the_earlier_backup(
    saved: Callable[[str], Saved], tmp_path: Path, step: str
) -> None:
    target = tmp_path / "all.zip"
    target.write_text("the earlier one")
    said = saved("sqlite").house.run("tests.faults.full:backup", target=str(target), step=step)
    assert said == {"status": 507, "place": "disk"}
    assert [p.name for p in tmp_path.iterdir()] == ["all.zip"] and target.read_text() == "the earlier one"


@pytest.mark.parametrize("step", ["file", "rows"])
def test_a_full_disk_while_restoring_leaves_nothing(saved: Callable[[str], Saved], blank: House, step: str) -> None:
    said = blank.run("tests.faults.full:restore", source=str(saved("sqlite").file), step=step)
    assert said == {"status": 507, "place": "disk"}
    assert blank.run("tests.faults.content:empty") == {}
