"""What the documents say is so: written pages are up to date, links lead somewhere, commands exist, pictures are used."""

import argparse
import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from luoshi import cli
from luoshi.core.problem import Problem
from tests.repository.tree import ROOT

IMAGES = ROOT / "docs" / "images"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"^```[a-z]*\n(.*?)^```", re.M | re.S)


def documents() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


@pytest.fixture(scope="module")
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_build", ROOT / "docs" / "build.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_written_pages_are_up_to_date(build):
    assert build.stale() == [], "run: python docs/build.py"


def test_a_changed_page_is_noticed(build, monkeypatch, tmp_path):
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "pages", lambda: {Path("a.md"): "new", Path("b.md"): "same", Path("c.md"): "absent"})
    (tmp_path / "a.md").write_text("old", "utf-8")
    (tmp_path / "b.md").write_text("same", "utf-8")
    assert build.stale() == ["a.md", "c.md"]


def test_every_link_between_documents_leads_somewhere():
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in documents()
        for target in LINK.findall(page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


def test_no_picture_is_missing_or_unused():
    shown = {
        (page.parent / target).resolve()
        for page in documents()
        for target in LINK.findall(page.read_text("utf-8"))
        if target.endswith(".png")
    }
    there = {path.resolve() for path in IMAGES.glob("*.png")}
    assert shown == there


def test_pictures_are_of_modest_size():
    sizes = {path.name: path.stat().st_size for path in IMAGES.glob("*.png")}
    assert sizes
    assert {name: size for name, size in sizes.items() if size > 200 * 1024} == {}


def test_both_readmes_show_the_same():
    """Equal pictures, equal commands, equal settings: what one language shows the other does not hide."""
    english, chinese = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
    for pattern in (r"docs/images/[\w-]+\.png", r"`(LUOSHI_\w+)`", r"^luoshi [^#\n]*|^make \w+", r"^\| `[^`]+`"):
        one, other = (re.findall(pattern, text, re.M) for text in (english, chinese))
        assert [w.strip() for w in one] == [w.strip() for w in other] and one
    assert english.count("\n## ") == chinese.count("\n## ")


def commands_in(text: str) -> Iterator[str]:
    """Every ``luoshi …`` in the fenced blocks of a page, without comments, variables and prompts."""
    for block in FENCE.findall(text):
        for line in re.sub(r"\\\n\s*", " ", block).splitlines():
            line = line.split(" #")[0].strip()
            found = re.match(r"(?:sudo -u \S+ )?(?:\w+=\S+ )*(?:\S*/)?(luoshi .*)", line)
            if found and not line.startswith(("usage", "#")):
                yield found[1]


def hand_written() -> list[Path]:
    return [page for page in documents() if "reference" not in page.parts]


def test_every_command_in_a_document_is_understood():
    top = cli.parser()
    wrong, seen = [], 0
    for page in hand_written():
        for command in commands_in(page.read_text("utf-8")):
            seen += 1
            try:
                top.parse_args(shlex.split(command)[1:])
            except (SystemExit, argparse.ArgumentError, Problem):
                wrong.append(f"{page.relative_to(ROOT)}: {command}")
    assert seen > 10
    assert wrong == []


def test_make_targets_in_a_document_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = {
        target
        for page in hand_written()
        for block in FENCE.findall(page.read_text("utf-8"))
        for target in re.findall(r"^make ([a-z]+)", block, re.M)
    }
    assert named and named - targets == set()


def test_settings_of_the_environment_in_a_document_are_read_by_the_source():
    read = {
        name for path in (ROOT / "src").rglob("*.py") for name in re.findall(r"LUOSHI_\w+", path.read_text("utf-8"))
    }
    named = {name for page in hand_written() for name in re.findall(r"LUOSHI_\w+", page.read_text("utf-8"))}
    assert named - read == set()


def test_every_variable_of_the_environment_is_in_the_readme():
    source = (ROOT / "src/luoshi/site/environment.py").read_text("utf-8")
    wanted = set(re.findall(r"\"(LUOSHI_[A-Z_]+)\"", source))
    readme = (ROOT / "README.md").read_text("utf-8")
    assert {name for name in wanted if f"`{name}`" not in readme} == set()


def test_decisions_are_numbered_without_gaps():
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) >= 8
