"""``luoshi calendar due``: when a period in working days ends, and why then."""

import argparse
import json
from datetime import datetime
from typing import Any

from luoshi.core.calendar import default_calendar
from luoshi.core.clock import Allowance, Due, Event, county_time, due
from luoshi.core.problem import Problem
from luoshi.core.words import Words


def add_commands(sub: "argparse._SubParsersAction[Any]") -> None:
    """Add ``calendar`` and its verbs to the command line."""
    about = "工作日与期限 Working days and due days"
    verbs = sub.add_parser("calendar", help=about, description=about).add_subparsers(
        dest="verb", metavar="操作 VERB", required=True
    )
    about = "算出到期日并说明理由 Work out a due day and say why"
    parser = verbs.add_parser("due", help=about, description=about)
    parser.add_argument(
        "--start",
        required=True,
        metavar="MOMENT",
        help="起算时间，当日不计 start, its day not counted: 2023-09-28T10:00",
    )
    parser.add_argument("--working-days", required=True, metavar="N", help="工作日数 number of working days")
    parser.add_argument(
        "--stopped",
        action="append",
        default=[],
        metavar="FROM/TO",
        help="暂停的起止，可重复；仍在暂停写“FROM/” a stop, may be repeated; still lasting: 'FROM/'",
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON print JSON")
    parser.set_defaults(run=run_due)


def run_due(arguments: argparse.Namespace) -> int:
    """Print the due day of the arguments; raise ``Problem`` for what cannot be read."""
    answer = worked_out(arguments.start, arguments.working_days, arguments.stopped)
    if arguments.json:
        on = answer.on.isoformat() if answer.on else None
        print(
            json.dumps(
                {"due_on": on, "provisional": answer.provisional, "sentence": answer.sentence.zh}, ensure_ascii=False
            )
        )
    else:
        print(answer.sentence.zh, answer.sentence.en, sep="\n")
    return 0


def worked_out(start: str, working_days: str, stopped: list[str]) -> Due:
    """Return the due day for texts as a person types them."""
    begin = _moment("--start", start)
    events = [Event("start", begin)]
    for suspended_at, resumed_at in sorted((_stop(text, begin) for text in stopped), key=lambda stop: stop[0]):
        events.append(Event("suspend", suspended_at))
        if resumed_at is not None:
            events.append(Event("resume", resumed_at))
    return due(events, Allowance(_whole_number("--working-days", working_days), "working_days"), default_calendar())


def _stop(text: str, begin: datetime) -> tuple[datetime, datetime | None]:
    first, slash, last = text.partition("/")
    if not slash:
        words = Words(f"看不懂暂停起止 {text!r}。", f"Not a stop: {text!r}.")
        raise Problem("--stopped", words, Words("请写成 2023-07-05/2023-07-07。", "Write 2023-07-05/2023-07-07."))
    suspended_at = _moment("--stopped", first)
    if "T" not in first and suspended_at.date() == begin.date():
        suspended_at = begin  # a day without an hour, and the clock did not run before it started
    resumed_at = _moment("--stopped", last) if last else None
    if resumed_at is not None and "T" not in last and resumed_at.date() == suspended_at.date():
        resumed_at = suspended_at
    if resumed_at is not None and resumed_at < suspended_at:
        words = Words(f"暂停的结束早于开始：{text}。", f"The stop ends before it begins: {text}.")
        raise Problem("--stopped", words, Words("请对调两端。", "Swap its ends."))
    return suspended_at, resumed_at


def _moment(place: str, text: str) -> datetime:
    try:
        return county_time(datetime.fromisoformat(text.strip()))
    except ValueError as error:
        words = Words(f"看不懂时间 {text!r}。", f"Not a day or moment: {text!r}.")
        remedy = Words("请写成 2023-09-28 或 2023-09-28T10:00。", "Write 2023-09-28 or 2023-09-28T10:00.")
        raise Problem(place, words, remedy) from error


def _whole_number(place: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        words = Words(f"不是有效的天数：{text!r}。", f"Not a number of days: {text!r}.")
        raise Problem(place, words, Words("请填写零或正整数。", "Give zero or a positive whole number."))
    return int(text)
