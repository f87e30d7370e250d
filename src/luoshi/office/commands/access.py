"""``luoshi access matrix``: every role × action × scope with its answer."""

import argparse
import json
from typing import Any


def add_commands(sub: Any) -> None:
    """Add ``luoshi access``."""
    access = sub.add_parser("access", help="权限矩阵 the access matrix")
    verbs = access.add_subparsers(dest="verb", required=True, metavar="动作 VERB")
    matrix = verbs.add_parser("matrix", help="列出全部角色×操作×范围 print role × action × scope, complete")
    matrix.add_argument("--json", action="store_true", help="只输出 JSON print one JSON value")
    matrix.add_argument("--role", help="只看一个角色 one role only")
    matrix.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the matrix as JSON rows or as a table of roles by action."""
    from luoshi.office import django_setup

    django_setup.start()
    from luoshi.office import access, declared

    declared.load_all()
    rows = [r for r in access.matrix() if not arguments.role or r["role"] == arguments.role]
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    reach: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        reach.setdefault((row["role"], row["action"]), [])
        if row["allowed"]:
            reach[row["role"], row["action"]].append(row["scope"])
    for (role, action), scopes in reach.items():
        print(f"{role:20} {action:40} {' '.join(scopes) or '—'}")
    return 0
