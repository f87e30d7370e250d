"""``luoshi tick``: what time itself changes, up to a moment."""

import argparse
import json
import sys
from typing import Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words


def add_commands(sub: Any) -> None:
    """Add ``luoshi tick``."""
    tick = sub.add_parser("tick", help="到期处理：提醒、逾期、催办、循环 move what time has made due")
    tick.add_argument("--at", metavar="MOMENT", help="时刻 moment, e.g. 2023-07-03T09:00 (default: now)")
    tick.add_argument("--json", action="store_true", help="只输出 JSON print one JSON value")
    tick.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Tick once, deliver what may go, and print the figures."""
    from luoshi.office import django_setup

    django_setup.start()
    from luoshi.office import present, rounds
    from luoshi.office.duties import tick as ticking
    from luoshi.office.notices import outbox

    now = present.now()
    if arguments.at:
        try:
            now = ticking.read_moment(arguments.at)
        except ValueError as fault:
            raise Problem(
                "--at",
                Words(f"“{arguments.at}”不是时刻。", f"{arguments.at!r} is not a moment."),
                Words("请写成 2023-07-03T09:00 的形式。", "Write it like 2023-07-03T09:00."),
            ) from fault
    done = ticking.tick(now)
    rounds.do_parts(now)
    outbox.deliver(now)
    if arguments.json:
        print(json.dumps(done.as_json(), ensure_ascii=False))
    else:
        print(
            f"临期 {done.warned}，逾期 {done.became_due}，催办 {done.escalated}，提醒 {done.reminders}，"
            f"用时 {done.took_ms:.1f} 毫秒",
            file=sys.stdout,
        )
    return 0
