"""An installation of a test's own: data folder, database of either kind, and processes that may be killed."""

import atexit
import base64
import itertools
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("LUOSHI_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1/postgres")
KINDS = ("sqlite", "postgresql")
DATA_KEY = base64.b64encode(bytes(range(32))).decode()
PATIENCE = 900.0  # seconds; for a child that hangs, not for one that is slow
_templates: dict[str, Path] = {}


class Fault(Exception):
    """A call in a child ended with an exception; ``answer`` is what the child left."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__(answer["trace"])
        self.answer = answer


@dataclass
class Child:
    """A forked process at work on one call."""

    pid: int
    answer: Path

    def alive(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """Kill it as a power cut would: no handler runs; return when it is gone."""
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        while self.alive():
            time.sleep(0.002)

    def result(self) -> Any:
        """Wait for the answer and return it; ``Fault`` where the call raised."""
        until = time.monotonic() + PATIENCE
        while not self.answer.exists():
            gone = not self.alive()
            if gone and not self.answer.exists():
                raise AssertionError("the child went without an answer")
            assert time.monotonic() < until, "the child takes too long"
            time.sleep(0.005)
        answer = json.loads(self.answer.read_text("utf-8"))
        if "fault" in answer:
            raise Fault(answer)
        return answer["value"]


@dataclass
class House:
    """The installation. ``environment`` is what its processes are started with."""

    kind: str
    home: Path
    environment: dict[str, str]
    _nursery: subprocess.Popen[str] | None = None
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def launch(self, call: str, **given: Any) -> Child:
        """Start ``module:function`` in a process of its own."""
        if self._nursery is None:
            self._nursery = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.nursery"], cwd=ROOT, env=self.environment, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=(self.home / "nursery.log").open("a"),
            )  # fmt: skip
        assert self._nursery.stdin is not None and self._nursery.stdout is not None
        number = next(self._numbers)
        print(json.dumps({"id": number, "call": call, "given": given}), file=self._nursery.stdin, flush=True)
        line = self._nursery.stdout.readline()
        assert line, (self.home / "nursery.log").read_text("utf-8")
        return Child(json.loads(line)["pid"], self.home / "answers" / f"{number}.json")

    def run(self, call: str, **given: Any) -> Any:
        """Call ``module:function`` in a process of its own and return its value."""
        return self.launch(call, **given).result()

    def luoshi(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run the command line; with ``more``, which changes its environment, in a fresh process and not a fork."""
        if not more:
            done = self.run("tests.faults.work:command", arguments=arguments)
            return subprocess.CompletedProcess(arguments, done["code"], done["stdout"], done["stderr"])
        environment = {k: v for k, v in {**self.environment, **more}.items() if v != ""}
        return subprocess.run(
            [sys.executable, "-m", "luoshi.cli", *arguments], cwd=self.home, env=environment, text=True,
            capture_output=True, timeout=PATIENCE, check=False,
        )  # fmt: skip

    def close(self) -> None:
        if self._nursery is not None and self._nursery.stdin is not None:
            self._nursery.stdin.close()
            self._nursery.wait(PATIENCE)
            self._nursery = None


def postgresql_answers() -> bool:
    """Tell whether a PostgreSQL server for tests answers."""
    import psycopg

    try:
        psycopg.connect(SERVER, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def _statement(sql: str) -> None:
    import psycopg

    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(sql)  # type: ignore[call-overload]


@contextmanager
def opened(kind: str, home: Path, *, migrate: bool = True) -> Iterator[House]:
    """Give a house of a kind with an empty, migrated database; skip with a word where PostgreSQL does not answer."""
    if kind == "postgresql" and not postgresql_answers():
        pytest.skip("PostgreSQL does not answer on loopback")
    home.mkdir(parents=True, exist_ok=True)
    name = f"luoshi_faults_{os.getpid()}_{secrets.token_hex(4)}"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LUOSHI_") and k != "DJANGO_SETTINGS_MODULE"}
    environment |= {
        "LUOSHI_HOME": str(home), "LUOSHI_SECRET_KEY": "only-for-tests-" + "0" * 40, "LUOSHI_DATA_KEY": DATA_KEY,
        "PYTHONPATH": str(ROOT / "src"),
    }  # fmt: skip
    if kind == "postgresql":
        _statement(f'CREATE DATABASE "{name}"')
        environment["LUOSHI_DATABASE_URL"] = urlsplit(SERVER)._replace(path=f"/{name}").geturl()
    house = House(kind, home, environment)
    try:
        if migrate:
            _migrated(house, name)
        yield house
    finally:
        house.close()
        if kind == "postgresql":
            _statement(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _migrated(house: House, name: str) -> None:
    """Migrate once for each kind of database and copy from then on."""
    template = f"luoshi_faults_{os.getpid()}_template"
    if house.kind not in _templates:
        house.run("tests.faults.work:migrate")
        _templates[house.kind] = house.home
        if house.kind == "postgresql":
            _statement(f'CREATE DATABASE "{template}" TEMPLATE "{name}"')
            atexit.register(_statement, f'DROP DATABASE IF EXISTS "{template}" WITH (FORCE)')
        else:
            _templates[house.kind] = Path(tempfile.mkdtemp(prefix="luoshi-template-")) / "empty.sqlite3"
            shutil.copyfile(house.home / "luoshi.sqlite3", _templates[house.kind])
            atexit.register(shutil.rmtree, _templates[house.kind].parent, ignore_errors=True)
    elif house.kind == "postgresql":
        _statement(f'DROP DATABASE "{name}"')
        _statement(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    else:
        shutil.copyfile(_templates[house.kind], house.home / "luoshi.sqlite3")
