"""``luoshi backup FILE`` and ``luoshi restore FILE``."""

import argparse
import sys
from pathlib import Path
from typing import Any

SAVE = "备份全部数据，服务不停 everything in one file, while serving"
PUT_BACK = "恢复到空的数据目录 put a backup into an empty data folder"


def add_commands(sub: Any) -> None:
    """Add both commands."""
    backup = sub.add_parser("backup", help=SAVE, description=SAVE)
    backup.add_argument("file", metavar="FILE")
    backup.set_defaults(run=run_backup)
    restore = sub.add_parser("restore", help=PUT_BACK, description=PUT_BACK)
    restore.add_argument("file", metavar="FILE")
    restore.set_defaults(run=run_restore)


def run_backup(arguments: argparse.Namespace) -> int:
    """Write the backup and say what is in it."""
    from luoshi.office import django_setup

    django_setup.start()
    from luoshi.office import backup, present

    manifest = backup.backup(Path(arguments.file), present.now())
    rows = sum(t["rows"] for t in manifest["tables"])
    print(f"已备份 saved: {rows} 行 rows, {len(manifest['files'])} 个材料 files -> {arguments.file}", file=sys.stderr)
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    """Migrate the empty place, put the backup in, and check the journal's seals; 1 when they do not verify."""
    from luoshi.office import django_setup

    django_setup.start()
    from django.conf import settings
    from django.core.management import call_command

    from luoshi.office import door, restore
    from luoshi.office.journal import seals

    settings.LUOSHI_HOME.mkdir(parents=True, exist_ok=True)
    with door.opened("migrate"):
        call_command("migrate", verbosity=0, interactive=False)
    manifest = restore.restore(Path(arguments.file))
    found = seals.verify()
    rows = sum(t["rows"] for t in manifest["tables"])
    print(f"已恢复 restored: {rows} 行 rows; 留痕 journal: {found.altered or '完好 intact'}", file=sys.stderr)
    return 1 if found.altered else 0
