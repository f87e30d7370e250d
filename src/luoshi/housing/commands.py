"""``luoshi housing decide, facts-schema, screen``: the plan's rules on one household or on a list. No database."""

import argparse
import datetime as dt
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words


def add_commands(sub: "argparse._SubParsersAction[Any]") -> None:
    """Add ``housing`` and its verbs."""
    about = "危房改造 Rural house renovation"
    verbs = sub.add_parser("housing", help=about, description=about).add_subparsers(
        dest="verb", metavar="操作 VERB", required=True
    )
    about = "判断一户并逐条说明理由 Decide one household and say why"
    one = verbs.add_parser("decide", help=about, description=about)
    one.add_argument("facts", metavar="FACTS.json", help="事实，格式见 facts-schema the facts; see facts-schema")
    one.add_argument("--json", action="store_true", help="输出 JSON print JSON")
    one.set_defaults(run=run_decide)
    about = "输出事实的 JSON Schema Print the JSON Schema of the facts"
    verbs.add_parser("facts-schema", help=about, description=about).set_defaults(run=run_schema)
    about = "成批筛查，每户一个结果和理由代码 Screen a list: one outcome and reason code a row"
    many = verbs.add_parser("screen", help=about, description=about)
    many.add_argument("source", metavar="IN", help="名单 the list: csv, xlsx, parquet")
    many.add_argument("target", metavar="OUT", help="结果 the result: csv, xlsx, parquet")
    many.set_defaults(run=run_screen)
    for parser in (one, many):
        parser.add_argument("--as-of", metavar="DAY", help="按哪一天的规定，默认今天 rules of which day; default today")


def run_schema(arguments: argparse.Namespace) -> int:
    """Print the schema."""
    from luoshi.housing import facts

    print(json.dumps(facts.schema(), ensure_ascii=False, indent=2))
    return 0


def run_decide(arguments: argparse.Namespace) -> int:
    """Print the answer; exit 1 when it is no."""
    from luoshi.housing import decide, facts, rules

    known = facts.read(_json(arguments.facts), arguments.facts)
    answer = decide.decide(known, rules.packaged(_day(arguments.as_of)))
    if arguments.json:
        print(json.dumps(answer.as_json(), ensure_ascii=False, default=str))
    else:
        print(
            {"granted": "可以补助 granted", "refused": "不能补助 refused", "needs": "尚缺事实 needs"}[
                answer.outcome.verdict
            ]
        )
        for reason in answer.outcome.reasons:
            told = [reason.words, *([reason.remedy] if reason.remedy else [])]
            print(f"  {''.join(w.zh for w in told)} {' '.join(w.en for w in told)} [{', '.join(reason.clauses)}]")
    return 1 if answer.outcome.verdict == "refused" else 0


def _json(path: str) -> object:
    try:
        return json.loads(sys.stdin.read() if path == "-" else Path(path).read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as fault:
        raise Problem(
            path,
            Words("读不出 JSON。", "No JSON can be read."),
            Words("请给出 UTF-8 的 JSON 文件。", "Give a JSON file in UTF-8."),
        ) from fault


def _day(text: str | None) -> dt.date:
    from luoshi.office import present

    return present.today() if text is None else present.read_day("--as-of", text)


def run_screen(arguments: argparse.Namespace) -> int:
    """Screen a list; the counts go to standard error."""
    from luoshi.housing import lists, rules
    from luoshi.housing.screen import VERDICTS, screen

    source, target = Path(arguments.source), Path(arguments.target)
    in_force = rules.packaged(_day(arguments.as_of))
    counts = [0, 0, 0]
    coming = lists.parts(source)
    first = next(coming)

    def made() -> Iterator[list[list[Any]]]:
        row = 2
        part: lists.Part | None = first
        while part is not None:
            cells = part[1]
            n = len(cells[0]) if cells else 0
            found = screen(lists.columns(part, row, source.name), n, in_force)
            for verdict in range(len(VERDICTS)):
                counts[verdict] += int((found.verdict == verdict).sum())
            yield [*cells, [VERDICTS[v] for v in found.verdict], [found.codes[c] for c in found.code]]
            row += n
            part = next(coming, None)

    heads = [*first[0], "outcome", "reason"]
    if len(set(heads)) != len(heads):
        raise Problem(
            source.name,
            Words(
                "有两列同名，或已有 outcome、reason 列。",
                "Two columns have one name, or outcome and reason stand already.",
            ),
            Words("请改名后再筛查。", "Rename them first."),
        )
    rows = lists.write(target, heads, made(), lambda done: print(f"  {done:,} 户 households", file=sys.stderr))
    told = ", ".join(f"{verdict} {count:,}" for verdict, count in zip(VERDICTS, counts, strict=True))
    print(f"已筛查 screened {rows:,}: {told}", file=sys.stderr)
    return 0
