"""``luoshi …``: one command for everything an installation needs.

Exit codes: 0 done, 1 the answer is "no", 2 bad input (one line on standard error), 3 a fault of ours.
"""

import argparse
import importlib
import os
import sys
import traceback
from collections.abc import Sequence

from luoshi.core.problem import Problem
from luoshi.core.words import Words

# Each module has ``add_commands(subparsers)`` and is imported only to fill the parser: keep their top level light.
COMMAND_MODULES = (
    "luoshi.office.commands.calendar",
    "luoshi.office.commands.clauses",
    "luoshi.office.commands.draw",
    "luoshi.office.commands.tick",
    "luoshi.office.commands.access",
    "luoshi.office.commands.account",
    "luoshi.office.commands.journal",
    "luoshi.office.commands.backup",
    "luoshi.gazette.commands",
    "luoshi.housing.commands",
    "luoshi.site.bench_command",
    "luoshi.site.county_command",
    "luoshi.site.commands",
)


def parser() -> argparse.ArgumentParser:
    """Return the whole command line, with help in Chinese and English."""
    top = argparse.ArgumentParser(
        prog="luoshi",
        description="落实：公报里的每一条都有人办、看得见。 Every clause of a plan becomes work that shows.",
    )
    sub = top.add_subparsers(dest="command", metavar="命令 COMMAND", required=True)
    for name in COMMAND_MODULES:
        importlib.import_module(name).add_commands(sub)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.site.settings")
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(arguments) or 0)
    except Problem as problem:
        print(problem.line(os.environ.get("LUOSHI_LANGUAGE", "zh")), file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        print(Words("已停止。", "Stopped.").zh, file=sys.stderr)
        return 3
    except Exception as fault:
        return _fault(fault)


def _fault(fault: Exception) -> int:
    """Say what failed: one line for a database or disk that does not serve, the whole trace for a defect of ours."""
    from django.db import Error

    from luoshi.office.faults import as_problem

    if isinstance(fault, Error | OSError):
        print(as_problem(fault).line(os.environ.get("LUOSHI_LANGUAGE", "zh")), file=sys.stderr)
    else:
        traceback.print_exception(fault)
    return 3


if __name__ == "__main__":
    sys.exit(main())
