"""``luoshi county load FOLDER``: another county beside the first, from data alone."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words


def add_commands(sub: Any) -> None:
    """Add ``county`` to the command line."""
    county = sub.add_parser("county", help="县 | counties", description="县的资料。 The data of counties.")
    commands = county.add_subparsers(dest="county_command", required=True, metavar="COMMAND")
    load = commands.add_parser(
        "load",
        help="装入一个县的机构与地名 | load a county's units and places",
        description="从资料夹（units.yaml、places.yaml）装入一个县，与已有的县互不可见；再次装入只作更新。 "
        "Loads a county from a folder with units.yaml and places.yaml. Loading again updates.",
    )
    load.add_argument("folder", metavar="FOLDER", help="资料夹 | the folder")
    load.add_argument("--json", action="store_true", help="输出 JSON | print JSON")
    load.set_defaults(run=run_load)


def run_load(options: argparse.Namespace) -> int:
    """Load one county. Returns 0; a folder that does not hold is a ``Problem`` naming file and line."""
    folder = Path(options.folder).resolve()
    if not folder.is_dir():
        raise Problem(
            options.folder,
            Words("没有这个资料夹。", "There is no such folder."),
            Words("请给出装有 units.yaml 和 places.yaml 的资料夹。", "Give the folder of units.yaml and places.yaml."),
        )
    from luoshi.office import django_setup

    django_setup.start()
    from django.core.management import call_command

    from luoshi.office import door, present
    from luoshi.office.plans import loading

    with door.opened("migrate"):
        call_command("migrate", verbosity=0, interactive=False)
    county = loading.found(folder)
    now = present.now()
    call = loading.system_call(county, now, f"load:directory:{now.isoformat()}")
    done = loading.load_directory(call, folder=str(folder))
    said = {"county": county.code, "name": county.name_zh, **done.values}
    if options.json:
        json.dump(said, sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        print(f"{county.name_zh}（{county.code}）：机构{said['units']}个，地名{said['places']}个。")
    return 0
