"""``luoshi account first-admins | list``: the first administrators of an empty installation, and who has an account."""

import argparse
import json
import sys
from typing import Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words

ROLES = ("system_admin", "security_admin", "audit_admin")


def add_commands(sub: Any) -> None:
    """Add ``luoshi account``."""
    account = sub.add_parser("account", help="账号 accounts")
    verbs = account.add_subparsers(dest="verb", required=True, metavar="动作 VERB")
    first = verbs.add_parser(
        "first-admins", help="为空系统设立三员 make the three administrators of an empty installation"
    )
    first.add_argument("--county", default="guyang", help="县代码 code of the county (default guyang)")
    first.add_argument("--unit", default="county-government-office", help="所在单位代码 code of their unit")
    for role in ROLES:
        option = role.removesuffix("_admin")
        first.add_argument(f"--{option}", dest=role, default="", metavar="NAME", help=f"用户名 user name of {role}")
    first.add_argument("--json", action="store_true", help="只输出 JSON print one JSON value")
    first.set_defaults(run=run_first)
    listed = verbs.add_parser("list", help="列出账号 list the accounts, without personal data")
    listed.add_argument("--json", action="store_true", help="只输出 JSON print one JSON value")
    listed.set_defaults(run=run_list)


def run_first(arguments: argparse.Namespace) -> int:
    """Make them and print the passwords once."""
    from luoshi.office import django_setup

    django_setup.start()
    from luoshi.office import present
    from luoshi.office.people import first_admins
    from luoshi.office.people.models import County

    county = County.objects.filter(code=arguments.county).first()
    if county is None:
        raise Problem(
            "--county",
            Words(f"没有县“{arguments.county}”。", f"No such county: {arguments.county!r}."),
            Words("请先运行 luoshi up --prepare-only 装入数据。", "Run luoshi up --prepare-only first."),
        )
    names = {role: getattr(arguments, role) for role in ROLES}
    made = first_admins.make(county, arguments.unit, names, present.now())
    if arguments.json:
        print(json.dumps([{"role": m.role, "username": m.username, "password": m.password} for m in made]))
        return 0
    for one in made:
        print(f"{one.role:16} {one.username:24} {one.password}")
    print("密码只显示这一次，首次登录必须修改。 Shown once; to be changed at first sign-in.", file=sys.stderr)
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """Print user name, roles held today, whether active, and the last sign-in."""
    from luoshi.office import django_setup

    django_setup.start()
    from luoshi.office import present
    from luoshi.office.people import acting
    from luoshi.office.people.models import Account

    rows: list[dict[str, Any]] = [
        {
            "county": a.county.code, "username": a.username, "active": a.is_active,
            "roles": sorted({held.post.role for held in acting.held(a, present.today())}),
            "last_sign_in": a.last_login.isoformat() if a.last_login else None,
        }
        for a in Account.objects.select_related("county").order_by("pk")
    ]  # fmt: skip
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for row in rows:
        state = "" if row["active"] else " 停用 disabled"
        print(f"{row['username']:24} {','.join(row['roles']) or '—':30} {row['last_sign_in'] or '—'}{state}")
    return 0
