"""``luoshi clauses``: the register, and how much of it holds."""

import argparse
import json
import sys
from datetime import date
from typing import Any


def add_commands(sub: "argparse._SubParsersAction[Any]") -> None:
    """Add ``clauses`` and its verbs to the command line."""
    about = "条款登记册 The register of clauses"
    verbs = sub.add_parser("clauses", help=about, description=about).add_subparsers(
        dest="verb", metavar="操作 VERB", required=True
    )
    for name, run, about in (
        ("list", run_list, "列出条款及其状态 List the clauses and their status"),
        ("coverage", run_coverage, "统计已落实的条款 Count the clauses that are covered"),
    ):
        parser = verbs.add_parser(name, help=about, description=about)
        parser.add_argument("--subject", metavar="S", help="只看一个主题 one subject only: foodsafety, park, housing…")
        parser.add_argument("--json", action="store_true", help="输出 JSON print JSON")
        parser.set_defaults(run=run)


def run_list(arguments: argparse.Namespace) -> int:
    """Print the clauses, each with its status and where it is covered (``missing`` where it is not)."""
    rows = [row for subject in _subjects(arguments.subject) for row in _rows(subject)]
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, default=_plain))
    else:
        for row in rows:
            print(f"{row['id']}\t{row['status']}\t{row['section']}\t{row['zh']}")
    return 0


def run_coverage(arguments: argparse.Namespace) -> int:
    """Print the summary; exit 1 while a clause is missing. What does not hold is told on standard error."""
    from luoshi.office.register import check

    subjects = _subjects(arguments.subject)
    for subject in subjects:
        for fault in check.faults(subject):
            print(f"{subject}/coverage.yaml: {fault.clause}: {fault.words.zh} {fault.words.en}", file=sys.stderr)
    found = check.summary(subjects)
    if arguments.json:
        print(
            json.dumps(
                {
                    "total": found.total,
                    "covered": found.covered,
                    "by_status": dict(found.by_status),
                    "missing": list(found.missing),
                }
            )
        )
    else:
        print(f"共 {found.total} 条，已落实 {found.covered} 条。 {found.covered} of {found.total} clauses are covered.")
        for status, count in found.by_status.items():
            print(f"{status}\t{count}")
        for code in found.missing:
            print(f"missing\t{code}")
    return 1 if found.missing else 0


def _subjects(given: str | None) -> tuple[str, ...]:
    from luoshi.office import register

    if given is None:
        return register.SUBJECTS
    register.register(given)  # an unknown subject is a Problem that names the known ones
    return (given,)


def _rows(subject: str) -> list[dict[str, Any]]:
    from luoshi.office import register
    from luoshi.office.register import check

    covers = register.coverage(subject)
    wrong = {fault.clause for fault in check.faults(subject)}
    rows = []
    for one in register.register(subject).clauses.values():
        cover = None if one.id in wrong else covers.get(one.id)
        rows.append(
            {
                "id": one.id,
                "subject": subject,
                "section": one.section,
                "kind": one.kind,
                "zh": one.zh,
                "says": one.says,
                "actor": list(one.actor),
                "lead": list(one.lead),
                "support": list(one.support),
                "values": one.values,
                "depends": list(one.depends),
                "status": cover.status if cover else "missing",
                "where": list(cover.where) if cover else [],
            }
        )
    return rows


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"not a plain value: {value!r}")
