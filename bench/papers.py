"""Tables out and in as xlsx, and a paper of about 50 pages as pdf, beside the libraries a county would use instead.

Every engine runs in a process of its own (``papers_engine.py``), one after the other in each round; the median of the
rounds counts. Our times hold everything the product does: cell formats, guards and widths going out; measuring the
archive against bombs going in; PDF/A with tags and embedded fonts. The pdf is timed warm, no two papers alike.

Run: ``python bench/papers.py [ROWS]``. Peers run in the interpreter named by ``LUOSHI_PEERS_PYTHON`` (an environment
made from ``requirements/peers.txt``); without it they say so.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROUNDS = 3
ENGINE = Path(__file__).with_name("papers_engine.py")
TTF = "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf"  # one of few TrueType fonts ReportLab can embed
JOBS: dict[str, list[str]] = {
    "out": ["luoshi", "xlsxwriter", "openpyxl"],
    "in": ["luoshi", "calamine", "openpyxl"],
    "pdf": ["luoshi", "reportlab", f"reportlab:{TTF}"],
}
TITLES = {"out": "papers xlsx out", "in": "papers xlsx in", "pdf": "papers pdf"}


def run(n: int | None = None) -> list[dict[str, Any]]:
    """Measure the three jobs; ``n`` is the rows of a table (100,000), the pdf has always about 50 pages."""
    rows = n or 100_000
    with tempfile.TemporaryDirectory() as folder:
        _ours("out", rows, f"{folder}/in.xlsx")  # what every reader reads
        return [_job(job, rows, folder) for job in JOBS]


def _job(job: str, rows: int, folder: str) -> dict[str, Any]:
    spent: dict[str, list[dict[str, float]]] = {}
    silent: dict[str, str] = {}
    for _ in range(ROUNDS):
        for engine in JOBS[job]:
            path = f"{folder}/in.xlsx" if job == "in" else f"{folder}/{job}-{engine.partition(':')[0]}"
            found = _ours(job, rows, path) if engine == "luoshi" else _peer(job, engine, rows, path)
            if isinstance(found, str):
                silent[engine] = found
            else:
                spent.setdefault(engine, []).append(found)
    count = _pages(f"{folder}/pdf-luoshi") if job == "pdf" else rows
    ours = _summary("luoshi", spent["luoshi"], count)
    peers: list[dict[str, Any]] = [
        _summary(name, found, count) | {"times_ours": statistics.median(one["s"] for one in found) / ours["median_s"]}
        for name, found in spent.items()
        if name != "luoshi"
    ]
    peers += [{"name": name, "skipped": why} for name, why in silent.items()]
    return ours | {"name": TITLES[job], "n": count, "machine": _machine(), "peers": peers}


def _summary(name: str, found: list[dict[str, float]], count: int) -> dict[str, Any]:
    median = statistics.median(one["s"] for one in found)
    peak = max(one["peak_mib"] for one in found)
    shown = "reportlab, TrueType" if name.startswith("reportlab:") else name
    return {"name": shown, "median_s": median, "rate_per_s": count / median, "peak_mib": peak}


def _ours(job: str, rows: int, path: str) -> dict[str, float]:
    return _measured([sys.executable, str(ENGINE), job, "luoshi", str(rows), path])


def _peer(job: str, engine: str, rows: int, path: str) -> dict[str, float] | str:
    interpreter = os.environ.get("LUOSHI_PEERS_PYTHON")
    if not interpreter or not Path(interpreter).exists():
        return "LUOSHI_PEERS_PYTHON is not set or names no interpreter"
    if engine.startswith("reportlab:") and not Path(TTF).exists():
        return "no TrueType font with Chinese letters on this machine"
    try:
        return _measured([interpreter, str(ENGINE), job, engine, str(rows), path])
    except subprocess.CalledProcessError as error:
        return error.stderr.strip().splitlines()[-1][:120]


def _measured(command: list[str]) -> dict[str, float]:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _pages(path: str) -> int:
    from pypdf import PdfReader

    return len(PdfReader(path).pages)


def _machine() -> str:
    return f"{platform.machine()} {os.cpu_count()} cores, Python {platform.python_version()}"


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else None), ensure_ascii=False, indent=1))
