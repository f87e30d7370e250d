"""``luoshi bench NAME``: one benchmark of the checkout's ``bench`` folder, measured beside its peers in one run."""

import argparse
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words

FOLDER = Path(__file__).resolve().parents[3] / "bench"


def add_commands(sub: Any) -> None:
    """Add ``luoshi bench``."""
    bench = sub.add_parser("bench", help="性能测量 measure one job beside its peers")
    bench.add_argument("name", metavar="NAME", help="项目 job, or 'all': " + " ".join(names()))
    bench.add_argument("--n", type=int, help="规模 size (default: the job's own)")
    bench.add_argument("--json", action="store_true", help="只输出 JSON print one JSON value")
    bench.add_argument(
        "--write", action="store_true", help="写入 docs/reference/performance.md write the figures there"
    )
    bench.set_defaults(run=run)


def names() -> list[str]:
    """Return the jobs that can be measured here."""
    if not FOLDER.is_dir():
        return []
    return sorted(p.stem for p in FOLDER.glob("*.py") if "def run(" in p.read_text("utf-8"))


def run(arguments: argparse.Namespace) -> int:
    """Measure and print; ``all`` measures one job after the other."""
    known = names()
    wanted = known if arguments.name == "all" else [arguments.name]
    if not known or set(wanted) - set(known):
        raise Problem(
            arguments.name,
            Words("没有这项测量。", "There is no such benchmark here."),
            Words(
                f"可选：{'、'.join(known) or '请在源码目录运行'}。",
                f"Choose from: {', '.join(known) or 'run it in a checkout'}.",
            ),
        )
    if arguments.n is not None and arguments.n < 1:
        raise Problem(
            "--n", Words("规模应为正整数。", "The size must be positive."), Words("例如 1000000。", "E.g. 1000000.")
        )
    results = []
    for name in wanted:
        print(f"  {name} …", file=sys.stderr, flush=True)
        found = load(name).run(arguments.n)
        results += found if isinstance(found, list) else [found]
    if arguments.write:
        write(results)
    if arguments.json:
        print(json.dumps(results if arguments.name == "all" or len(results) > 1 else results[0], ensure_ascii=False))
    else:
        for result in results:
            print(as_text(result))
    return 0


def load(name: str) -> ModuleType:
    """Import one job by file, so that the folder needs not be a package."""
    sys.path.insert(0, str(FOLDER))
    spec = importlib.util.spec_from_file_location(f"bench_{name}", FOLDER / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def as_text(result: dict[str, Any]) -> str:
    """Return a result as a short table: ours first, then each peer with its ratio."""
    head = f"{result['name']}  n={result['n']:,}  median {result['median_s'] * 1e3:,.3f} ms"
    lines = [head + f"  rate {result['rate_per_s']:,.0f}/s  peak {result['peak_mib']:.0f} MiB"]
    for peer in result.get("peers", []):
        lines.append("    " + "  ".join(f"{k} {_figure(v)}" for k, v in peer.items()))
    return "\n".join(lines)


def _figure(value: object) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else str(value)


def write(results: list[dict[str, Any]]) -> None:
    """Replace each job's section in the performance page with what was just measured."""
    path = FOLDER.parent / "docs" / "reference" / "performance.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = (
        path.read_text("utf-8")
        if path.exists()
        else "# Performance\n\nWritten by `luoshi bench NAME --write`; ratios within one run are what counts.\n"
    )
    for result in results:
        title = f"## {result['name']} (n={result['n']:,})"
        body = f"{title}\n\n```\n{as_text(result)}\n{result['machine']}\n```\n"
        parts = text.split(f"{title}\n", 1)
        if len(parts) == 2:
            rest = parts[1].split("\n## ", 1)
            text = parts[0] + body + ("\n## " + rest[1] if len(rest) == 2 else "")
        else:
            text = text.rstrip() + "\n\n" + body
    path.write_text(text, "utf-8")
