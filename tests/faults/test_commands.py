"""The command line when something is wrong: a code, one line, a remedy, never a traceback."""

import argparse
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from luoshi import cli
from tests.faults import house
from tests.faults.house import House


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with an empty, migrated SQLite database."""
    with house.opened("sqlite", tmp_path_factory.mktemp("bare") / "home") as made:
        yield made


def commands(parser: argparse.ArgumentParser, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every command that runs something, as the words one types."""
    below = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not below:
        yield before
    for one in below:
        for name, inner in one.choices.items():
            yield from commands(inner, (*before, name))


COMMANDS = sorted(commands(cli.parser()))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_in_both_languages(
    command: tuple[str, ...], capsys: pytest.CaptureFixture
) -> None:
    for words in (command, command[:1]):
        with pytest.raises(SystemExit) as stopped:
            cli.main([*words, "--help"])
        said = capsys.readouterr()
        assert stopped.value.code == 0 and said.err == ""
        assert any("\u4e00" <= c <= "\u9fff" for c in said.out) and "usage" in said.out


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_arguments_that_do_not_exist_are_refused(command: tuple[str, ...], capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main([*command, "--no-such-option"])
    assert stopped.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


def one_line(code: int, stderr: str, wanted: tuple[int, ...] = (2,)) -> None:
    """Assert one line on standard error and one of the codes."""
    assert code in wanted, stderr
    assert len(stderr.strip().splitlines()) == 1 and "Traceback" not in stderr, stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("tick", "--at", "昨天"),
        ("tick", "--at", "9999-99-99"),
        ("calendar", "due", "--start", "2023-02-30", "--working-days", "5"),
        ("calendar", "due", "--start", "2023-02-03", "--working-days", "-5"),
        ("calendar", "due", "--start", "9999-12-31", "--working-days", "5"),
        ("calendar", "due", "--start", "0001-01-01", "--working-days", "999999999"),
        ("draw", "run", "--frame", "nowhere.csv", "--count", "1", "--seed", "x"),
        ("draw", "verify", "nowhere.json"),
        ("clauses", "list", "--subject", "no-such"),
        ("gazette", "parse", "nowhere.txt"),
        ("gazette", "import", "nowhere.txt"),
        ("journal", "verify", "--export", "nowhere"),
        ("journal", "export", "nowhere/there.jsonl"),
        ("account", "first-admins", "--county", "nowhere"),
        ("backup", "nowhere/there.zip"),
        ("restore", "nowhere.zip"),
        ("up", "--as-of", "2023-07-03"),
        ("up", "--port", "70000"),
        ("up", "--demo", "--host", "0.0.0.0"),
        ("up", "--demo", "--as-of", "2023-02-30", "--prepare-only"),
        ("bench", "no-such"),
    ],
    ids=" ".join,
)
def test_bad_arguments_are_one_line(bare: House, arguments: tuple[str, ...]) -> None:
    done = bare.luoshi(*arguments)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr and len(done.stderr.strip().splitlines()) <= 2


STORED = (
    ("tick",),
    ("journal", "verify"),
    ("journal", "seal"),
    ("account", "list"),
    ("backup", "x.zip"),
    ("up", "--prepare-only"),
)


@pytest.mark.parametrize("name", ["LUOSHI_SECRET_KEY", "LUOSHI_DATA_KEY"])
def test_without_its_secrets_nothing_starts(bare: House, name: str) -> None:
    done = bare.luoshi("tick", **{name: ""}, LUOSHI_AS_OF="")
    one_line(done.returncode, done.stderr)
    assert name in done.stderr


@pytest.mark.parametrize("given", ["not base64!", "c2hvcnQ="])
def test_a_wrong_data_key_is_said(bare: House, given: str) -> None:
    done = bare.luoshi("tick", LUOSHI_DATA_KEY=given)
    one_line(done.returncode, done.stderr)
    assert "LUOSHI_DATA_KEY" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", STORED, ids=" ".join)
def test_a_database_that_does_not_answer_is_one_line(bare: House, command: tuple[str, ...]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: a connection is refused
        url = f"postgresql://nobody@127.0.0.1:{taken.getsockname()[1]}/none"
        done = bare.luoshi(*command, LUOSHI_DATABASE_URL=url)
    last = [line for line in done.stderr.strip().splitlines() if not line.strip().startswith("[")]
    one_line(done.returncode, "\n".join(last), (2, 3))


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://h:port/x", "///"])
def test_a_database_address_that_is_none_is_said(bare: House, url: str) -> None:
    done = bare.luoshi("tick", LUOSHI_DATABASE_URL=url)
    one_line(done.returncode, done.stderr)
    assert "LUOSHI_DATABASE_URL" in done.stderr


@pytest.mark.parametrize(
    "command", [("tick",), ("journal", "verify"), ("account", "list"), ("backup", "x.zip")], ids=" ".join
)
def test_a_database_that_was_never_made_is_one_line(bare: House, tmp_path: Path, command: tuple[str, ...]) -> None:
    done = bare.luoshi(*command, LUOSHI_HOME=str(tmp_path / "fresh"))
    one_line(done.returncode, done.stderr, (2, 3))


def test_a_data_folder_that_cannot_be_made_is_one_line(bare: House, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for command in (("up", "--prepare-only"), ("up", "--demo", "--prepare-only"), ("restore", "x.zip"), ("tick",)):
        done = bare.luoshi(*command, LUOSHI_HOME=str(tmp_path / "file" / "home"))
        one_line(done.returncode, done.stderr, (2, 3))


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_data_folder_without_permission_is_one_line(bare: House, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = bare.luoshi("up", "--prepare-only", LUOSHI_HOME=str(tmp_path / "home"))
    one_line(done.returncode, done.stderr, (2, 3))


def test_a_port_that_is_taken_is_said_before_the_work_begins(bare: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = bare.luoshi("up", "--port", str(taken.getsockname()[1]))
    one_line(done.returncode, done.stderr)
    assert "--port" in done.stderr


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe\x00\xd8", b"\x00" * 100, bytes(range(256)) * 8, b"PK\x03\x04broken", b"%PDF-1.4 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
)  # fmt: skip
def test_a_gazette_that_cannot_be_read_is_one_line(bare: House, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "公报.txt"
    path.write_bytes(data)
    for verb in ("parse", "import"):
        done = bare.luoshi("gazette", verb, str(path))
        assert done.returncode in (0, 1, 2) and "Traceback" not in done.stderr, done.stderr
        if done.returncode == 2:
            one_line(done.returncode, done.stderr)
