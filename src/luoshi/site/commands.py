"""``luoshi up`` and ``luoshi migrate``: from an empty folder to a county that works, in one process."""

import argparse
import datetime as dt
import os
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.site import environment

TICK_EVERY_SECONDS = 30.0


def add_commands(sub: Any) -> None:
    """Add the commands of the site."""
    up = sub.add_parser("up", help="准备数据并提供服务 prepare the data folder and serve")
    up.add_argument("--demo", action="store_true", help="生成演示县 fill a generated demo county (loopback only)")
    up.add_argument("--as-of", metavar="DAY", help="演示日期 the day the demo county lives in, e.g. 2023-07-03")
    up.add_argument("--port", type=int, default=8000, help="端口 port (default 8000)")
    up.add_argument("--host", default="127.0.0.1", help="地址 address (default 127.0.0.1)")
    up.add_argument("--workers", type=int, default=2, help="进程数 worker processes (default 2)")
    up.add_argument("--prepare-only", action="store_true", help="只准备不服务 prepare and stop")
    up.set_defaults(run=run_up)


def run_up(arguments: argparse.Namespace) -> int:
    """Prepare and serve until stopped."""
    if arguments.as_of:
        if not arguments.demo:
            raise Problem(
                "--as-of",
                Words("只有演示县可以指定日期。", "Only a demo county lives in a chosen day."),
                Words("请加 --demo，或去掉 --as-of。", "Add --demo, or leave --as-of out."),
            )
        os.environ["LUOSHI_AS_OF"] = arguments.as_of
    if arguments.demo:
        os.environ["LUOSHI_DEMO"] = "1"
        if arguments.host not in ("127.0.0.1", "localhost", "::1"):
            raise Problem(
                "--host",
                Words("演示县只在本机提供服务。", "The demo county is served on loopback only."),
                Words("请用 127.0.0.1。", "Use 127.0.0.1."),
            )
    if not 0 < arguments.port < 65536:
        raise Problem("--port", Words("端口不合理。", "No such port."), Words("请用 1 到 65535。", "Use 1 to 65535."))
    if not arguments.prepare_only:
        check_port(arguments.host, arguments.port)
    if arguments.as_of:
        present_day(arguments.as_of)
    prepare(demo=arguments.demo)
    if arguments.prepare_only:
        return 0
    return serve(arguments.host, arguments.port, arguments.workers)


def present_day(as_of: str) -> None:
    """Keep the demo's day in its folder, so that every later command on it lives in the same day."""

    try:
        dt.date.fromisoformat(as_of)
    except ValueError as fault:
        raise Problem(
            "--as-of",
            Words(f"“{as_of}”不是日期。", f"{as_of!r} is not a day."),
            Words("请写成 2023-07-03 的形式。", "Write it like 2023-07-03."),
        ) from fault
    environment.remember_day(as_of)


def check_port(host: str, port: int) -> None:
    """Say before the work begins that the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise Problem(
                "--port",
                Words(
                    f"{host}:{port} 不能使用：{fault.strerror}。", f"{host}:{port} cannot be used: {fault.strerror}."
                ),
                Words("请换一个端口，例如 --port 8001。", "Choose another port, e.g. --port 8001."),
            ) from fault


def say(zh: str, en: str) -> None:
    """Print one line of progress on standard error."""
    print(f"  {zh}  {en}", file=sys.stderr, flush=True)


def prepare(*, demo: bool) -> None:
    """Make the folder, migrate, load directory and plans, and in demo mode fill the county. Safe to run again."""
    from luoshi.office import django_setup

    django_setup.start()
    from django.core.management import call_command

    from luoshi.office import door, present

    environment.home().mkdir(parents=True, exist_ok=True)
    say("[1/4] 建立数据库", "preparing the database")
    with door.opened("migrate"):
        call_command("migrate", verbosity=0, interactive=False)
    from luoshi.office.plans.models import Task
    from luoshi.site import loading

    say("[2/4] 装入机构与地名", "loading units and places")
    if demo and not Task.objects.exists():
        from luoshi.site import demo as demo_county
        from luoshi.site import demo_story

        county = loading.load_directory("guyang", present.now())
        say(
            "[3/4] 生成演示县：装入方案，并把此前的日子过一遍",
            "filling the demo county: plans, and the months before today",
        )
        demo_county.fill(county, present.now())
        asked = demo_story.live_through(county, present.now())
        say(f"      办理 {asked} 次", f"{asked} actions")
    else:
        county, made = loading.load_county("guyang", present.now())
        say(f"[3/4] 方案：新任务 {made} 项", f"plans: {made} new tasks")
    say("[4/4] 就绪", "ready")


def serve(host: str, port: int, workers: int) -> int:
    """Serve pages and API with granian and run the tick beside it.

    The workers are forked. What the tick imports is therefore imported before its thread begins: a fork in the midst of
    an import leaves the worker with a lock on that module that nobody gives back, and pages that need it never answer.
    """
    from granian.constants import Interfaces
    from granian.server import Server

    from luoshi.office import rounds  # noqa: F401 - before the thread and the forks, see above

    stop = threading.Event()
    threading.Thread(target=_tick_loop, args=(stop,), daemon=True, name="tick").start()
    print(f"\n  落实 Luoshi: http://{host}:{port}/   (Ctrl-C 停止 to stop)\n", file=sys.stderr, flush=True)
    server = Server(
        "luoshi.site.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
        blocking_threads=4, log_access=False, respawn_failed_workers=True,
    )  # fmt: skip
    try:
        server.serve()
    finally:
        stop.set()
    return 0


def _tick_loop(stop: threading.Event) -> None:
    """Tick, deliver the outbox and seal, again and again; a failure is logged and the next round tries again."""
    import structlog
    from django.db import close_old_connections

    from luoshi.office import present, rounds

    log = structlog.get_logger("luoshi.tick")
    while not stop.wait(TICK_EVERY_SECONDS):
        close_old_connections()
        try:
            rounds.run(present.now())
        except Exception:
            log.exception("round failed")


def data_file(name: str) -> Path:
    """Return a path in the data folder."""

    return environment.home() / name
