"""``luoshi journal verify|export|seal``: is the record whole, and a copy that anyone can check."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words

EXPORT = "导出并附独立核验程序 export, with the stand-alone verifier beside it"


def add_commands(sub: Any) -> None:
    """Add ``luoshi journal``."""
    journal = sub.add_parser("journal", help="留痕：核验、导出、封存 verify, export and seal the journal")
    verbs = journal.add_subparsers(dest="verb", required=True, metavar="动作 VERB")
    verify = verbs.add_parser("verify", help="核验封存 check the seals of the store or of an export")
    verify.add_argument("--export", metavar="FILE", help="核验导出文件 check an exported file instead of the store")
    verify.add_argument("--json", action="store_true", help="只输出 JSON print one JSON value")
    verify.set_defaults(run=run_verify)
    export = verbs.add_parser("export", help=EXPORT, description=EXPORT)
    export.add_argument("file", metavar="FILE")
    export.set_defaults(run=run_export)
    seal = verbs.add_parser("seal", help="立即封存 seal now")
    seal.add_argument("--algorithm", choices=("sha256", "sm3"), default="sha256", help="算法 hash algorithm")
    seal.set_defaults(run=run_seal)


def run_verify(arguments: argparse.Namespace) -> int:
    """Check and name the first altered entry; 1 when there is one."""
    found = _of_export(arguments.export) if arguments.export else _of_store()
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
    elif found["altered"]:
        print(f"已被改动 altered: {found['altered']}")
    else:
        print(f"完好 intact: {found['entries']} 条 entries, {found['seals']} 次封存 seals")
    return 0 if found["intact"] else 1


def _of_store() -> dict[str, Any]:
    from luoshi.office import django_setup

    django_setup.start()
    from luoshi.office.journal import seals

    return seals.verify().as_json()


def _of_export(name: str) -> dict[str, Any]:
    from luoshi.office.journal import verifier

    try:
        with Path(name).open(encoding="utf-8") as file:
            head = json.loads(file.readline())
            if head.get("format") != "luoshi-journal-1":
                raise ValueError("unknown format")
            entries, sealed, fault = verifier.check(file)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Problem(
            name,
            Words("不是留痕导出文件。", "This is not a journal export."),
            Words("请用 luoshi journal export 生成。", "Make one with luoshi journal export."),
        ) from error
    return {"intact": fault is None, "entries": entries, "seals": sealed, "altered": fault}


def run_export(arguments: argparse.Namespace) -> int:
    """Write the journal and the verifier beside it."""
    from luoshi.office import django_setup

    django_setup.start()
    from luoshi.office.journal import seals

    path = Path(arguments.file)
    try:
        with path.open("w", encoding="utf-8") as file:
            count = seals.export(file)
        path.with_name("verifier.py").write_text(seals.verifier_source(), "utf-8")
    except OSError as fault:
        raise Problem(
            str(path),
            Words(f"写不进去：{fault.strerror}。", f"It cannot be written: {fault.strerror}."),
            Words("请换一个有空间、可写的位置。", "Choose a place that exists, is writable and has room."),
        ) from fault
    print(f"已导出 exported: {count} -> {path}", file=sys.stderr)
    return 0


def run_seal(arguments: argparse.Namespace) -> int:
    """Seal what is not sealed yet."""
    from luoshi.office import django_setup

    django_setup.start()
    from luoshi.office import present
    from luoshi.office.journal import seals

    made = seals.seal_now(present.now(), arguments.algorithm)
    print(made.chained if made else "没有新记录 nothing new", file=sys.stdout)
    return 0
