"""``luoshi gazette cases FOLDER``: corrected parses, run against the parser of today."""

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette import remembered
from luoshi.gazette.parse import parse


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``cases`` to ``luoshi gazette``."""
    one = commands.add_parser(
        "cases",
        help="用解析器重跑改正过的案例 | run corrected parses against the parser",
        description="重跑编辑台记下的案例，列出没有按改正结果读出的地方。 Runs the cases kept on the desk and "
        "lists what does not come out as corrected; needs no database.",
    )
    one.add_argument("folder", metavar="FOLDER", help="案例资料夹（数据目录下 cases/gazette）| folder of cases")
    one.add_argument("--json", action="store_true", help="输出 JSON | print JSON")
    one.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run every case. Returns 0, or 1 while something does not come out as corrected."""
    results = {name: remembered.run(case, parse) for name, case in load(Path(options.folder))}
    if options.json:
        told = {name: [dataclasses.asdict(miss) for miss in misses] for name, misses in results.items()}
        json.dump({"cases": len(results), "misses": told}, sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        for name, misses in results.items():
            print(f"{name}：{'一致' if not misses else f'{len(misses)}处不同'}")
            for miss in misses:
                print(f"   {miss.where}：应为 {miss.want}，读作 {miss.found}")
    return 1 if any(results.values()) else 0


def load(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """Return the cases of a folder by file name; ``Problem`` names a file that is no case."""
    import yaml

    if not folder.is_dir():
        raise Problem(
            str(folder),
            Words("没有这个资料夹。", "There is no such folder."),
            Words("请给出案例所在的资料夹。", "Give the folder of the cases."),
        )
    found = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            case = yaml.safe_load(path.read_text(encoding="utf-8"))
            assert isinstance(case["text"], str) and isinstance(case["expect"], dict)
        except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, AssertionError) as fault:
            raise Problem(
                str(path), Words("不是案例文件。", "This is no case."), Words("请移走这个文件。", "Take the file away.")
            ) from fault
        found.append((path.name, case))
    return found
