"""Fresh databases for a benchmark, and the machine it ran on.

A job that needs Django runs once per database in a process of its own: ``python bench/JOB.py sqlite 10000``.
"""

import atexit
import base64
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PG = os.environ.get("LUOSHI_BENCH_PG", "postgresql://postgres@127.0.0.1:5432")


def machine() -> str:
    """Return processor, cores and Python as one line."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    except OSError:
        model = ""
    return f"{model or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def peak_mib() -> float:
    """Return the most memory this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def databases() -> list[str]:
    """Return which databases can be measured here."""
    try:
        import psycopg

        psycopg.connect(f"{PG}/postgres", connect_timeout=3).close()
    except Exception:
        print("  PostgreSQL does not answer on loopback: not measured", file=sys.stderr)
        return ["sqlite"]
    return ["sqlite", "postgresql"]


def start(kind: str) -> Any:
    """Make a fresh migrated database of one kind, start Django on it, and return Django's connection."""
    home = tempfile.mkdtemp(prefix="luoshi-bench-")
    atexit.register(shutil.rmtree, home, True)
    os.environ.update(
        LUOSHI_HOME=home, LUOSHI_DEMO="1", DJANGO_SETTINGS_MODULE="luoshi.site.settings",
        LUOSHI_SECRET_KEY="b" * 50, LUOSHI_DATA_KEY=base64.b64encode(bytes(32)).decode(),
    )  # fmt: skip
    os.environ.pop("LUOSHI_AS_OF", None)
    if kind == "postgresql":
        name = f"luoshi_bench_{os.getpid()}"
        sql_once(f"CREATE DATABASE {name}")
        atexit.register(sql_once, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        os.environ["LUOSHI_DATABASE_URL"] = f"{PG}/{name}"
    else:
        os.environ["LUOSHI_DATABASE_URL"] = f"sqlite:///{home}/bench.sqlite3"
    import django

    django.setup()
    import logging

    import structlog
    from django.core.management import call_command
    from django.db import connection

    from luoshi.office import door

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with door.opened("bench"):
        call_command("migrate", verbosity=0)
    return connection


def sql_once(sql: str) -> None:
    """Run one statement on the server's own database."""
    import psycopg

    with psycopg.connect(f"{PG}/postgres", autocommit=True) as raw:
        raw.execute(sql)  # type: ignore[arg-type]


def raw_connection(kind: str) -> Any:
    """Return a second, bare driver connection to the database under test, with the same durability."""
    from django.db import connection

    if kind == "postgresql":
        import psycopg

        return psycopg.connect(os.environ["LUOSHI_DATABASE_URL"], autocommit=True)
    import sqlite3

    raw = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-32000",
        "mmap_size=268435456",
    ):
        raw.execute(f"PRAGMA {pragma}")
    return raw


def placeholders(kind: str, sql: str) -> str:
    """Return SQL written with ``%s`` in the driver's own style."""
    return sql if kind == "postgresql" else sql.replace("%s", "?")


def median_seconds(call: Callable[[], object], rounds: int) -> float:
    """Return the median wall time of one call."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def in_own_process(script: str, *arguments: object) -> Any:
    """Run a job's script in a process of its own and return the JSON it prints last."""
    command = [sys.executable, str(Path(__file__).with_name(script)), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{script} {arguments}: {done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def peer(script: str, *arguments: object) -> Any:
    """Run a peer's script with the interpreter of LUOSHI_PEERS_PYTHON; a text says why it could not be measured."""
    interpreter = os.environ.get("LUOSHI_PEERS_PYTHON")
    if not interpreter:
        return "LUOSHI_PEERS_PYTHON is not set"
    command = [interpreter, str(Path(__file__).with_name(script)), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["failed"])[-1][:200]
    return json.loads(done.stdout.strip().splitlines()[-1])
