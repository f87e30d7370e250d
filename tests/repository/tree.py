"""The repository as its own tests read it: tracked files, modules with their syntax trees."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "luoshi"


@cache
def tracked() -> tuple[str, ...]:
    """Every tracked path. Skip where this is no checkout: a source archive cannot say what is tracked."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return tuple(name for name in listed.split("\0") if name and (ROOT / name).is_file())


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the product but migrations, by its path from ``src/luoshi``."""
    return {
        path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in sorted(SOURCE.rglob("*.py"))
        if "migrations" not in path.parts
    }


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call in a syntax tree."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def table_rows(text: str) -> Iterator[list[str]]:
    """The rows of every Markdown table in a page, without heads and rules."""
    before = ""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and before.startswith("|") and not set(line) <= set("|-: "):
            yield cells
        before = line if line.startswith("|") else ""
