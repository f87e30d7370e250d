"""A whole Luoshi in a process of its own: prepared, filled with the demo county and served, as ``make up`` does it."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

AS_OF = "2023-07-03"
READY_SECONDS = 240.0


@dataclass(frozen=True)
class House:
    """Where it answers and where its data lies."""

    url: str
    home: Path
    database: str

    def log(self) -> str:
        return (self.home / "log.txt").read_text("utf-8", "replace")


@contextmanager
def running(home: Path) -> Iterator[House]:
    """Serve a demo county from an empty folder; on PostgreSQL when LUOSHI_DATABASE_URL names one, in a database of its own."""
    with _database(os.environ.get("LUOSHI_DATABASE_URL", "")) as database:
        port = _free_port()
        house = House(f"http://127.0.0.1:{port}", home, database or "sqlite")
        drop = ("LUOSHI_SECRET_KEY", "LUOSHI_DATA_KEY", "LUOSHI_DATABASE_URL", "DJANGO_SETTINGS_MODULE", "LUOSHI_AS_OF")
        environment = {k: v for k, v in os.environ.items() if k not in drop}
        environment |= {"LUOSHI_HOME": str(home), **({"LUOSHI_DATABASE_URL": database} if database else {})}
        command = [
            sys.executable,
            "-m",
            "luoshi.cli",
            "up",
            "--demo",
            "--as-of",
            AS_OF,
            "--port",
            str(port),
            "--workers",
            "1",
        ]
        with (home / "log.txt").open("wb") as log:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait(house, process)
            yield house
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(house: House, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the house did not come up:\n{house.log()[-4000:]}")
        try:
            with urllib.request.urlopen(f"{house.url}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    raise RuntimeError(f"the house was not ready after {READY_SECONDS:.0f} s:\n{house.log()[-4000:]}")


@contextmanager
def _database(url: str) -> Iterator[str]:
    """Make a PostgreSQL database beside the one the address names, and drop it afterwards; nothing for SQLite."""
    if not url.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"journeys_{secrets.token_hex(4)}"
    parts = urlsplit(url)
    admin = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
